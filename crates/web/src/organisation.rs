//! 机构与部门, accounts of others, rights in the browser.
//! Never decides anything: operations do.

use crate::site::Site;

pub(crate) fn site() -> Site {
    Site::default()
}
