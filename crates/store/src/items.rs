//! 抽查事项 as the database holds them.
//! Never deletes one.
