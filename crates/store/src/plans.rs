//! 年度计划 and 实施方案 as the database holds them.
//! Never deletes one.
