//! 年度计划 and 实施方案 in the browser.
//! Never decides anything: operations do.

mod annual;
mod scheme;
mod workflow;

use crate::site::Site;

pub(crate) fn site() -> Site {
    annual::site().and(scheme::site())
}
