//! What goes wrong between the office and its database, in sentences that an operator understands.
//! Never shows SQL to a user.

use sqlx::error::ErrorKind;

/// A database that did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer holds the database, or took the same place first.
    #[error("数据库正忙，或者刚刚有人改动了同一内容；请稍候重试")]
    Busy,
    /// Something with the same identity is there already.
    #[error("相同的内容已经存在（{0}）；请刷新页面后查看")]
    Exists(String),
    /// The database refuses to change what may never change.
    #[error("数据库拒绝了这次改动：{0}")]
    Refused(String),
    /// No space left.
    #[error("磁盘已满，什么都没有改动；请清理磁盘（或扩大数据库所在的分区）后重试")]
    Full,
    /// The connection broke or could not be made.
    #[error(
        "连接不上数据库（{0}）；请确认数据库正在运行、地址和口令正确，恢复后重试即可，已保存的内容不受影响"
    )]
    Lost(String),
    /// The database was made by a newer version.
    #[error(
        "数据库的版本是{found}，本程序只认识到{known}；请换用不低于该版本的程序，或恢复升级前的备份。数据没有改动"
    )]
    Newer {
        /// Its version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The ledger is not the one whose checkpoint was kept outside of the database.
    #[error(
        "数据库里的账本（签名到第{have}条）接不上库外保存的校验点（第{kept}条）：数据库被换成了旧的或别的一份。为了不再签出另一份历史，没有启动。若被人动过，请保留现场并告诉审计管理员；若是有意恢复备份，请先记下原因，把数据文件夹里的 checkpoint.txt 移走存档，再启动"
    )]
    RolledBack {
        /// Entries that the database's ledger has signed.
        have: u64,
        /// Entries that the kept checkpoint signed.
        kept: u64,
    },
    /// The address of the database cannot be understood.
    #[error("看不懂数据库地址“{0}”；应为 sqlite:文件路径 或 postgres://用户:口令@主机/库名")]
    Address(String),
    /// What is stored cannot be read back.
    #[error("数据库里有读不出的内容（{0}）；可能被改动过，请运行 mingcha ledger verify 核对")]
    Damaged(String),
    /// Anything else.
    #[error("数据库出错（{0}）；请把这句话告诉系统管理员")]
    Other(String),
}

impl StoreError {
    pub(crate) fn damaged(what: impl std::fmt::Display) -> Self {
        Self::Damaged(what.to_string())
    }
}

/// SQLite: the database is locked by another writer; the low byte of its code.
const SQLITE_BUSY: i64 = 5;
/// SQLite: the disk is full.
const SQLITE_FULL: i64 = 13;
/// SQLite: a file cannot be opened.
const SQLITE_CANTOPEN: i64 = 14;
/// SQLite: a trigger raised.
const SQLITE_TRIGGER: i64 = 1811;

impl From<sqlx::Error> for StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "sqlx may add kinds; what is not named is said in general"
    )]
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => of_database(error.as_ref()),
            sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => Self::Full,
            sqlx::Error::Io(error) => Self::Lost(error.to_string()),
            sqlx::Error::PoolTimedOut => Self::Lost("等待连接超时".to_owned()),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Lost("连接已经关闭".to_owned()),
            sqlx::Error::Tls(error) => Self::Lost(error.to_string()),
            error @ (sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => Self::damaged(error),
            error => Self::Other(error.to_string()),
        }
    }
}

fn of_database(error: &dyn sqlx::error::DatabaseError) -> StoreError {
    if error.kind() == ErrorKind::UniqueViolation {
        return StoreError::Exists(
            error
                .table()
                .or(error.constraint())
                .unwrap_or("编号重复")
                .to_owned(),
        );
    }
    let code = error.code().unwrap_or_default();
    if let Ok(number) = code.parse::<i64>()
        && code.len() != 5
    {
        return match (number, number & 0xff) {
            (SQLITE_TRIGGER, _) => StoreError::Refused(error.message().to_owned()),
            (_, SQLITE_BUSY) => StoreError::Busy,
            (_, SQLITE_FULL) => StoreError::Full,
            (_, SQLITE_CANTOPEN) => StoreError::Lost("打不开数据库文件，请确认文件夹存在并且可写".to_owned()),
            _ => StoreError::Other(error.message().to_owned()),
        };
    }
    match code.as_ref() {
        "P0001" => StoreError::Refused(error.message().to_owned()),
        "53100" | "53200" => StoreError::Full,
        "40001" | "40P01" | "55P03" => StoreError::Busy,
        code if code.starts_with("08")
            || code.starts_with("28")
            || code.starts_with("3D")
            || code.starts_with("57P") =>
        {
            StoreError::Lost(error.message().to_owned())
        }
        _ => StoreError::Other(error.message().to_owned()),
    }
}
