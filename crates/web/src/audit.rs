//! 审计 and the public half of the ledger.
//! Never shows a private entry to who may not audit.

use crate::site::Site;

pub(crate) fn site() -> Site {
    Site::default()
}
