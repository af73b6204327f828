//! 实施方案 in the browser (R5.1b).
//! Never decides whether a plan is whole: `ops::plans::scheme` does.

use crate::site::Site;

pub(crate) fn site() -> Site {
    Site::default()
}
