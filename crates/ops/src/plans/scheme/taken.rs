//! A plan as a file for the draw at the command line (R5.1b, R5.1d): its text, and the recusals that the office has on record.
//! Never changes what was approved: what is added is what keeps people away.

use std::fmt::Write as _;

use domain::plans::{ImplementationPlan, Recusal};
use domain::rights::Permission;

use crate::plans::Kind;
use crate::plans::workflow;
use crate::{Actor, Office, Refusal};

/// `plan.toml` of the edition in force, or of the newest if none is.
///
/// # Errors
/// [`Refusal`].
pub async fn taken(office: &Office, actor: &Actor, number: &str) -> Result<String, Refusal> {
    actor.must(Permission::DraftPlans)?;
    let standing = workflow::get(office, actor, Kind::Implementation, number).await?;
    let plan = standing.in_force.unwrap_or(standing.newest);
    let recorded = crate::inspectors::recusals_now(office, actor).await?;
    Ok(with(&plan.record.body, &recorded))
}

/// The text with recusals that it does not have itself.
fn with(body: &str, recorded: &[Recusal]) -> String {
    let own = ImplementationPlan::parse(body)
        .map(|plan| plan.recusals().to_vec())
        .unwrap_or_default();
    let is_new = |recusal: &&Recusal| {
        !own.iter()
            .any(|own| own.certificate == recusal.certificate && own.source == recusal.source)
    };
    let mut text = body.trim_end().to_owned();
    text.push('\n');
    for recusal in recorded.iter().filter(is_new) {
        let value = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let (certificate, source) = (
            value(recusal.certificate.as_str()),
            value(recusal.source.as_str()),
        );
        let ground = value(recusal.ground.as_str());
        let _a_string_takes_everything = write!(
            text,
            "\n# 系统登记的回避\n[[recusal]]\ncertificate = {certificate}\nsource = {source}\nground = {ground}\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use domain::{CertificateNumber, TargetId, Text};

    use super::*;

    #[test]
    fn r5_1d_a_recusal_on_record_goes_with_the_plan_to_the_draw() {
        let body = include_str!("../../../../../samples/plan.toml");
        let recusal = |certificate: &str, source: &str| Recusal {
            certificate: CertificateNumber::parse(certificate).unwrap(),
            source: TargetId::parse(source).unwrap(),
            ground: Text::parse("配偶在“该”企业\"任职\"").unwrap(),
        };
        // The first is in the sample plan already.
        let recorded = [
            recusal("9908001037", "91410899MA1896714D"),
            recusal("9908001296", "91410899MA1896714D"),
        ];
        let taken = ImplementationPlan::parse(&with(body, &recorded)).unwrap();
        let before = ImplementationPlan::parse(body).unwrap();
        assert_eq!(taken.recusals().len(), before.recusals().len() + 1);
        assert_eq!(taken.recusals().last(), recorded.last());
    }
}
