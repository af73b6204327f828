//! 年度计划 (R5.1a) and 实施方案 (R5.1b).
//! Never changes one without its ground and its author.

use crate::duties::Duty;
use crate::{Actor, Office, Refusal};

/// What waits for this person here.
pub(crate) async fn duties(_office: &Office, _actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    Ok(Vec::new())
}
