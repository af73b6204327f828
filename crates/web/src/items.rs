//! 抽查事项 in the browser.
//! Never decides anything: operations do.

use crate::site::Site;

pub(crate) fn site() -> Site {
    Site::default()
}
