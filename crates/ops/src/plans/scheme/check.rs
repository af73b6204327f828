//! A plan held against the registers as they are now: what keeps it from being drawn, or what would be drawn from.
//! Never lets a plan pass that the compiler of the draw refuses, and never keeps what was compiled for a look.

use domain::plans::{
    Code, Finding, ImplementationPlan, OutOfDraw, Places, Registers, StratumReport, Warning, WarningCode,
    Window, compile, strata,
};
use domain::rights::Permission;
use domain::{AnnualPlan, CertificateNumber, Inspector, PostStatus, Source, TargetId, Text};
use store::versions::AsOf;
use store::{Conn, absences};

use super::{Published, Scheme, place};
use crate::plans::Plan;
use crate::{Actor, FieldError, Office, Refusal};

/// People that are read at once.
const BATCH: i64 = 2_000;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What has to be mended first, in the compiler's order; with any of them the plan can be neither submitted nor
    /// approved.
    pub problems: Vec<Problem>,
    /// Each stratum, in the order of the plan; none while the plan cannot be read.
    pub strata: Vec<StratumReport>,
    /// What would be drawn from; none while there are problems.
    pub report: Option<Report>,
    /// Sources in the register.
    pub sources: usize,
    /// Inspectors in the register.
    pub inspectors: usize,
}

/// Something that has to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind, for programs.
    pub code: &'static str,
    /// The sentence.
    pub text: String,
    /// The part of the form that it is about, by its id.
    pub place: Option<String>,
}

/// What would be drawn from, if the plan were drawn now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Tasks that the draw makes.
    pub tasks: u64,
    /// Whether the people suffice.
    pub places: Places,
    /// Inspectors in the draw.
    pub staff: usize,
    /// Inspectors who are not, with their reasons.
    pub out: Vec<OutOfDraw>,
    /// Leaves within the window, each as certificate number and days.
    pub leaves: Vec<(CertificateNumber, String)>,
    /// Sources in no stratum.
    pub outside: usize,
    /// What deserves a second look.
    pub notices: Vec<Notice>,
}

/// What deserves a second look before the plan is approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether it is about sources whose fate is known before the draw.
    pub predictable: bool,
    /// The sentence.
    pub text: String,
}

impl Checked {
    /// Whether nothing has to be mended.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.problems.is_empty()
    }
}

/// What the registers say now.
struct Ground {
    sources: Vec<Source>,
    inspectors: Vec<Inspector>,
    leaves: Vec<(CertificateNumber, String)>,
    recusals: Vec<domain::plans::Recusal>,
}

/// Holds a plan against the registers, the catalogue and its annual plan.
///
/// # Errors
/// [`Refusal`].
pub async fn check(office: &Office, actor: &Actor, plan: &Plan) -> Result<Checked, Refusal> {
    actor.must(Permission::ReadPlans)?;
    let mut checked = against_registers(office, actor, &plan.body).await?;
    let around = around(office, actor, plan).await?;
    checked.problems.extend(around.problems);
    if let Some(report) = &mut checked.report {
        report.notices.extend(around.notices);
    }
    Ok(checked)
}

/// What other plans say of a plan.
#[derive(Default)]
struct Around {
    problems: Vec<Problem>,
    notices: Vec<Notice>,
}

async fn around(office: &Office, actor: &Actor, plan: &Plan) -> Result<Around, Refusal> {
    let mut around = Around::default();
    let scheme = Scheme::from_toml(&plan.body).map_or_else(super::Unshown::shown, Some);
    let scheme = scheme.unwrap_or_default();
    let taken = super::act::draws_taken(office, actor, plan.year).await?;
    let other = taken
        .iter()
        .find(|(draw, number)| *draw == scheme.draw && *number != plan.number);
    if let Some((draw, other)) = other {
        let text =
            format!("抽取编号 {draw} 已经用在方案 {other} 里；每次抽取的编号不同，请换成下一个没有用过的");
        around.problems.push(problem("draw-taken", text, "f-draw"));
    }
    let mut read = office.db.read().await?;
    let annual = store::plans::in_force(&mut read, &actor.bureau, &plan.under, AsOf::Now).await?;
    let Some(annual) = annual else {
        let under = &plan.under;
        let text = format!(
            "所依据的年度计划“{under}”现在没有公布的版本；实施方案要在已公布的年度计划之下，请先公布它"
        );
        around
            .problems
            .push(problem("no-annual-plan", text, "f-annual_plan"));
        return Ok(around);
    };
    if let Ok(annual) = AnnualPlan::parse(&annual.record.body) {
        let planned = annual.items();
        let beyond = scheme
            .items
            .iter()
            .filter(|item| !planned.iter().any(|code| code.as_str() == item.code));
        around.notices.extend(beyond.map(|item| Notice {
            predictable: false,
            text: format!(
                "抽查事项“{}”不在年度计划里；请核对是否要先修订年度计划",
                item.name
            ),
        }));
    }
    Ok(around)
}

fn problem(code: &'static str, text: String, place: &str) -> Problem {
    let place = Some(place.to_owned());
    Problem { code, text, place }
}

async fn against_registers(office: &Office, actor: &Actor, text: &str) -> Result<Checked, Refusal> {
    let catalogue = super::catalogue(office, actor).await?;
    let parsed = ImplementationPlan::parse(text);
    let window = parsed.as_ref().ok().map(ImplementationPlan::window);
    let ground = ground(&mut *office.db.read().await?, &actor.bureau, window).await?;
    let (text, own) = (text.to_owned(), office.clone());
    crate::work::aside(move || {
        let mut salt = || own.random::<16>();
        let (sources, inspectors) = (ground.sources.len(), ground.inspectors.len());
        let Looked {
            findings,
            strata,
            report,
        } = match parsed {
            Ok(plan) => looked(plan, ground, &catalogue, &mut salt),
            Err(findings) => Looked::refused(findings, Vec::new()),
        };
        let scheme = Scheme::from_toml(&text).map_or_else(super::Unshown::shown, Some);
        let problem = |finding: Finding| Problem {
            code: finding.code.name(),
            place: place::of(&finding, scheme.as_ref()),
            text: finding.text,
        };
        Checked {
            problems: findings.into_iter().map(problem).collect(),
            strata,
            report,
            sources,
            inspectors,
        }
    })
    .await
}

/// What keeps a plan from being submitted, approved or published; nothing if it is whole (R5.1b).
pub(crate) async fn faults(office: &Office, actor: &Actor, plan: &Plan) -> Result<Vec<FieldError>, Refusal> {
    let checked = check(office, actor, plan).await?;
    let error = |problem: Problem| FieldError::new(&problem.place.unwrap_or_default(), problem.text);
    Ok(checked.problems.into_iter().map(error).collect())
}

/// What the compiler says of a plan that could be read.
struct Looked {
    findings: Vec<Finding>,
    strata: Vec<StratumReport>,
    report: Option<Report>,
}

impl Looked {
    fn refused(findings: Vec<Finding>, strata: Vec<StratumReport>) -> Self {
        Self {
            findings,
            strata,
            report: None,
        }
    }
}

fn looked(
    plan: ImplementationPlan,
    mut ground: Ground,
    catalogue: &[Published],
    salt: &mut dyn FnMut() -> [u8; 16],
) -> Looked {
    ground.send_on_leave();
    let registers = Registers {
        sources: &ground.sources,
        inspectors: &ground.inspectors,
        history: &[],
    };
    let plan = plan.with_standing(ground.recusals);
    let unpublished = not_in_catalogue(&plan, catalogue);
    if !unpublished.is_empty() {
        return Looked::refused(unpublished, strata(&plan, &registers));
    }
    match compile(&plan, &registers, salt) {
        Ok(compiled) => Looked {
            findings: Vec::new(),
            report: Some(Report {
                tasks: compiled.tasks(),
                staff: compiled.roster.entries().len(),
                places: compiled.places,
                out: compiled.out,
                leaves: ground.leaves,
                outside: compiled.outside,
                notices: compiled.warnings.into_iter().map(notice).collect(),
            }),
            strata: compiled.strata,
        },
        Err(findings) => Looked::refused(findings, strata(&plan, &registers)),
    }
}

impl Ground {
    /// Whoever is away on a day of the window is on leave for the whole of it.
    fn send_on_leave(&mut self) {
        let leaves = &self.leaves;
        let away = |person: &Inspector| {
            let number = &person.certificate.number;
            leaves.iter().any(|(certificate, _)| certificate == number)
        };
        for person in self.inspectors.iter_mut().filter(|person| away(person)) {
            if person.post == PostStatus::InPost {
                person.post = PostStatus::OnLeave;
            }
        }
    }
}

fn notice(warning: Warning) -> Notice {
    Notice {
        predictable: matches!(warning.code, WarningCode::Certain | WarningCode::Impossible),
        text: warning.text,
    }
}

/// Items that the plan has and the catalogue does not have in force: somebody may have retired one since (R1).
fn not_in_catalogue(plan: &ImplementationPlan, catalogue: &[Published]) -> Vec<Finding> {
    let known = |code: &domain::plans::Name| catalogue.iter().any(|own| own.item.code == *code);
    let unknown = plan.items().iter().filter(|item| !known(&item.code));
    unknown
        .map(|item| Finding {
            code: Code::Unpublished,
            text: format!(
                "抽查事项“{}”（{}）不在已公布的抽查事项清单里，可能没有公布或已经停用；只有列入清单的才能安排检查（《细则》一），请先公布，或从方案里去掉",
                item.name, item.code
            ),
        })
        .collect()
}

async fn ground(conn: &mut Conn, bureau: &str, window: Option<Window>) -> Result<Ground, Refusal> {
    let sources = crate::sources::whole(conn, bureau, &Default::default(), AsOf::Now).await?;
    let mut inspectors = Vec::new();
    let mut after = String::new();
    loop {
        let some =
            store::inspectors::after(conn, bureau, &Default::default(), AsOf::Now, &after, BATCH).await?;
        let Some(last) = some.last() else { break };
        after = last.record.inspector.certificate.number.to_string();
        inspectors.extend(some.into_iter().map(|version| version.record.inspector));
    }
    Ok(Ground {
        sources,
        inspectors,
        leaves: leaves(conn, bureau, window).await?,
        recusals: recusals(conn, bureau).await?,
    })
}

/// Leaves that touch the window: who is away on a day of it cannot be sent on every day of it.
async fn leaves(
    conn: &mut Conn,
    bureau: &str,
    window: Option<Window>,
) -> Result<Vec<(CertificateNumber, String)>, Refusal> {
    let Some(window) = window else {
        return Ok(Vec::new());
    };
    let filter = absences::Filter {
        ends_from: Some(window.from()),
        begins_until: Some(window.until()),
        ..absences::Filter::default()
    };
    let leaves = absences::all_leaves(conn, bureau, &filter).await?;
    let leave = |leave: absences::Leave| {
        let days = format!("{} 至 {} {}", leave.from, leave.until, leave.kind);
        Ok((
            CertificateNumber::parse(&leave.certificate).map_err(damaged)?,
            days,
        ))
    };
    leaves.into_iter().map(|listed| leave(listed.record)).collect()
}

fn damaged(what: impl std::fmt::Display) -> Refusal {
    Refusal::Store(store::StoreError::Damaged(format!("请假和回避：{what}")))
}

/// Recusals on record.
async fn recusals(conn: &mut Conn, bureau: &str) -> Result<Vec<domain::plans::Recusal>, Refusal> {
    let recusals = absences::all_recusals(conn, bureau, &absences::Filter::default()).await?;
    let recusal = |recusal: absences::Recusal| {
        Ok(domain::plans::Recusal {
            certificate: CertificateNumber::parse(&recusal.certificate).map_err(damaged)?,
            source: TargetId::parse(&recusal.source).map_err(damaged)?,
            ground: Text::parse(&recusal.ground).map_err(damaged)?,
        })
    };
    recusals
        .into_iter()
        .map(|listed| recusal(listed.record))
        .collect()
}
