//! 导入: uploaded files that wait for their second look.
//! Never deletes one.
