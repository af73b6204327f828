//! 年度计划 (R5.1a): what is typed, what it comes to, and what the public reads.
//! Never lets a plan pass that names an item which is not published (R1).

use domain::AnnualPlan;
use store::plans::{self, Plan};

use crate::{Actor, FieldError, Office, Refusal};

/// What keeps a plan from being submitted, approved or published; nothing if it is whole.
pub(crate) async fn faults(office: &Office, actor: &Actor, plan: &Plan) -> Result<Vec<FieldError>, Refusal> {
    let annual = match AnnualPlan::parse(&plan.body) {
        Ok(annual) => annual,
        Err(findings) => {
            let fault = |finding: domain::plans::Finding| FieldError::new("", finding.text);
            return Ok(findings.into_iter().map(fault).collect());
        }
    };
    let published = plans::published_items(&mut *office.db.read().await?, &actor.bureau).await?;
    let unpublished = annual
        .items()
        .into_iter()
        .filter(|code| !published.contains_key(code.as_str()));
    let fault = |code: &domain::plans::Name| {
        let text = format!("事项 {code} 没有公布，不能列入计划；请先公布这个事项，或者从计划里去掉它");
        FieldError::new("", text)
    };
    Ok(unpublished.map(fault).collect())
}
