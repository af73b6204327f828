//! What waits for somebody of plans of both kinds.
//! Never shows a plan to who cannot take it further.

use crate::duties::Duty;
use crate::{Actor, Office, Refusal};

/// What waits for this person here.
pub(crate) async fn duties(_office: &Office, _actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    Ok(Vec::new())
}
