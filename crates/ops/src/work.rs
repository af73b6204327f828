//! Work that would hold up other requests: hashing passwords, reading workbooks, compiling plans.
//! Never runs more of it at once than the machine can do.

use tokio::sync::Semaphore;

use crate::Refusal;

/// Pieces of heavy work at once; each may take some tens of megabytes.
const AT_ONCE: usize = 2;

static ROOM: Semaphore = Semaphore::const_new(AT_ONCE);

/// Runs heavy work aside.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    let stopped = |_| Refusal::rule("这一步没有做完；请重试，若再次出现请告诉系统管理员");
    let room = ROOM.acquire().await.map_err(stopped)?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(room);
    done.map_err(|_| Refusal::rule("这一步没有做完；请重试，若再次出现请告诉系统管理员"))
}
