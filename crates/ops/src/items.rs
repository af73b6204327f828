//! 抽查事项 (R1, G1, G2).
//! Never changes one without its ground and its author.

use crate::duties::Duty;
use crate::{Actor, Office, Refusal};

/// What waits for this person here.
pub(crate) async fn duties(_office: &Office, _actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    Ok(Vec::new())
}
