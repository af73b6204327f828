//! 执法检查人员名录库 in the browser.
//! Never decides anything: operations do.

use crate::site::Site;

pub(crate) fn site() -> Site {
    Site::default()
}
