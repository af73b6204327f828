//! What the pages of plans of both kinds share: where a plan stands, what can be done next, and the pages that ask
//! before it is done.
//! Never shows a button that the account may not press.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use domain::{LoginName, PlanState};
use ops::plans::workflow;
use ops::plans::{Act, Kind, Plan, Standing};
use ops::{Actor, At, Version};

use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Errors, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};
use crate::history::word;
use crate::site::{Site, get, post};

/// Where the pages of a kind are.
pub(super) const fn base(kind: Kind) -> &'static str {
    match kind {
        Kind::Annual => "/annual-plans",
        Kind::Implementation => "/plans",
    }
}

/// The acts that have a page which asks, with their addresses.
const ANNUAL: [(Act, &str); 6] = [
    (Act::Submit, "/annual-plans/{number}/submit"),
    (Act::Withdraw, "/annual-plans/{number}/withdraw"),
    (Act::Approve, "/annual-plans/{number}/approve"),
    (Act::SendBack, "/annual-plans/{number}/send-back"),
    (Act::Publish, "/annual-plans/{number}/publish"),
    (Act::Amend, "/annual-plans/{number}/amend"),
];
const IMPLEMENTATION: [(Act, &str); 6] = [
    (Act::Submit, "/plans/{number}/submit"),
    (Act::Withdraw, "/plans/{number}/withdraw"),
    (Act::Approve, "/plans/{number}/approve"),
    (Act::SendBack, "/plans/{number}/send-back"),
    (Act::Publish, "/plans/{number}/publish"),
    (Act::Amend, "/plans/{number}/amend"),
];

/// The pages that ask before an act, and do it.
pub(super) fn acts(kind: Kind) -> Site {
    let paths = match kind {
        Kind::Annual => ANNUAL,
        Kind::Implementation => IMPLEMENTATION,
    };
    paths.into_iter().fold(Site::default(), |site, (act, path)| {
        let ask = move |State(app): State<App>, who: Who, Path(number): Path<String>| async move {
            page(&asked(&app, &who, (kind, act), &number, "", Errors::default()).await?)
        };
        let act_on = move |State(app): State<App>, who: Who, Path(number): Path<String>, sent: Sent| {
            answered(app, who, (kind, act), number, sent)
        };
        site.at(path, get(ask).authorize(act.permission()))
            .at(path, post(act_on).authorize(act.permission()))
    })
}

/// The last part of an act's address.
fn slug(act: Act) -> &'static str {
    act.name().rsplit('.').next().unwrap_or_default()
}

/// A step of the bar.
pub(super) struct Step {
    pub(super) word: &'static str,
    pub(super) note: String,
    pub(super) state: &'static str,
}

/// A button that leads to the page which asks.
pub(super) struct Button {
    pub(super) word: &'static str,
    pub(super) href: String,
    pub(super) primary: bool,
}

/// A version of the timeline.
pub(super) struct Past {
    pub(super) at: String,
    pub(super) author: String,
    pub(super) word: &'static str,
    pub(super) edition: i64,
    pub(super) ground: String,
    pub(super) now: bool,
    /// Where its text is read, if it brought one.
    pub(super) href: String,
}

/// Names of people by login name; who has left keeps the login name.
pub(super) struct People(BTreeMap<String, String>);

impl People {
    /// Those of the actor's bureau.
    pub(super) async fn of(app: &App, actor: &Actor) -> Result<Self, Fault> {
        Ok(Self(workflow::people(&app.office, actor).await?))
    }

    /// The name of somebody.
    pub(super) fn name<'a>(&'a self, login: &'a str) -> &'a str {
        self.0.get(login).map_or(login, String::as_str)
    }

    fn names(&self, logins: &BTreeSet<LoginName>) -> String {
        let names: Vec<&str> = logins.iter().map(|login| self.name(login.as_str())).collect();
        names.join("、")
    }
}

/// Where a plan stands, what this person can do next, and how it came there.
pub(super) struct Flow {
    pub(super) steps: Vec<Step>,
    pub(super) tag: (&'static str, &'static str),
    pub(super) number: String,
    pub(super) edition: i64,
    pub(super) told: String,
    /// Where the text is edited.
    pub(super) edit: String,
    pub(super) buttons: Vec<Button>,
    pub(super) versions: Vec<Past>,
}

impl Flow {
    /// The flow of a plan, for this person.
    pub(super) async fn new(app: &App, actor: &Actor, standing: &Standing) -> Result<Self, Fault> {
        let people = People::of(app, actor).await?;
        let Plan {
            kind,
            number,
            edition,
            state,
            ..
        } = &standing.newest.record;
        let (kind, edition) = (*kind, *edition);
        let versions = workflow::history(&app.office, actor, kind, number).await?;
        let button = |act: Act| Button {
            word: act.title(),
            href: format!("{}/{number}/{}", base(kind), slug(act)),
            primary: matches!(act, Act::Submit | Act::Approve | Act::Publish)
                || act == Act::Edit && matches!(state, PlanState::Returned { .. }),
        };
        let in_force = standing.in_force.as_ref().map(|version| version.record.edition);
        let mut told = told(state, standing, actor, &people);
        if let Some(former) = in_force.filter(|own| *own != edition) {
            told.push_str(&format!("现行的是第 {former} 版，在这一版公布以前一直有效。"));
        }
        Ok(Self {
            steps: steps(state, edition, &versions, &people),
            tag: tag(state),
            number: number.clone(),
            edition,
            told,
            edit: format!("{}/{number}/edit", base(kind)),
            buttons: standing.acts(actor).into_iter().map(button).collect(),
            versions: past(kind, number, &versions, &people),
        })
    }
}

/// The kind of tag and the word of a state.
pub(super) fn tag(state: &PlanState) -> (&'static str, &'static str) {
    let kind = match state {
        PlanState::Draft { .. } | PlanState::Superseded { .. } => "idle",
        PlanState::Submitted { .. } | PlanState::Approved { .. } => "info",
        PlanState::Returned { .. } => "warn",
        PlanState::Published { .. } => "good",
    };
    (kind, state.title())
}

fn steps(state: &PlanState, edition: i64, versions: &[Version<Plan>], people: &People) -> Vec<Step> {
    let of = |acts: &[&str]| {
        let found = versions
            .iter()
            .find(|version| version.record.edition == edition && acts.contains(&slug_of(&version.stamp.act)));
        found
            .map(|version| {
                let name = people.name(&version.stamp.author);
                format!("{name} {}", version.stamp.at.day())
            })
            .unwrap_or_default()
    };
    let (drafted, submitted, approved, published) = match state {
        PlanState::Draft { .. } => ("now", "next", "next", "next"),
        PlanState::Returned { .. } => ("now", "next", "stopped", "next"),
        PlanState::Submitted { .. } => ("done", "done", "now", "next"),
        PlanState::Approved { .. } => ("done", "done", "done", "now"),
        PlanState::Published { .. } | PlanState::Superseded { .. } => ("done", "done", "done", "done"),
    };
    let drafting = match state {
        PlanState::Returned { .. } => "按退回理由修改",
        PlanState::Draft { .. }
        | PlanState::Submitted { .. }
        | PlanState::Approved { .. }
        | PlanState::Published { .. }
        | PlanState::Superseded { .. } => "等待写完提交",
    };
    let step = |word, state: &'static str, waits: &str, acts: &[&str]| Step {
        word,
        note: match state {
            "done" => of(acts),
            "now" => waits.to_owned(),
            "stopped" => "已退回".to_owned(),
            _ => String::new(),
        },
        state,
    };
    vec![
        step("起草", drafted, drafting, &["create", "amend", "edit"]),
        step("提交", submitted, "", &["submit"]),
        step("批准", approved, "等待局领导", &["approve"]),
        step("公布", published, "等待计划员", &["publish"]),
    ]
}

fn slug_of(act: &str) -> &str {
    act.rsplit('.').next().unwrap_or_default()
}

/// What the state means, and who does what next.
fn told(state: &PlanState, standing: &Standing, actor: &Actor, people: &People) -> String {
    match state {
        PlanState::Draft { .. } => "这是草稿，写完后提交，由没有参与起草的局领导批准。".to_owned(),
        PlanState::Submitted { authors, .. } if standing.may(actor, Act::Approve).is_ok() => {
            format!(
                "{} 起草，等你批准；批准前请核对下面的内容和测算。",
                people.names(authors)
            )
        }
        PlanState::Submitted { authors, .. }
            if authors.iter().any(|author| author.as_str() == actor.login) =>
        {
            "已经提交，等待批准。你起草、修改或提交过这一版，批准要由他人办理。".to_owned()
        }
        PlanState::Submitted { .. } => "已经提交，等待批准；批准以前可以撤回修改。".to_owned(),
        PlanState::Returned { by, ground, .. } => {
            let by = people.name(by.as_str());
            format!("{by} 退回，理由：{ground}。请修改后重新提交。")
        }
        PlanState::Approved { by, .. } => {
            let by = people.name(by.as_str());
            format!("{by} 已经批准，公布后生效；公布以前发现问题，可以由局领导退回。")
        }
        PlanState::Published { .. } => {
            "已经公布，内容不再改动；要调整请点“修订”，另起一版，经他人批准后公布。".to_owned()
        }
        PlanState::Superseded { .. } => "已被新版本替代，只供查阅。".to_owned(),
    }
}

fn past(kind: Kind, number: &str, versions: &[Version<Plan>], people: &People) -> Vec<Past> {
    let brought_text = |act: &str| matches!(slug_of(act), "create" | "edit" | "publish");
    let one = |version: &Version<Plan>| Past {
        at: version.stamp.at.to_string(),
        author: people.name(&version.stamp.author).to_owned(),
        word: word(&version.stamp.act),
        edition: version.record.edition,
        ground: version.stamp.ground.clone(),
        now: version.until == At::FOREVER && version.record.state.name() != "superseded",
        href: if brought_text(&version.stamp.act) {
            format!("{}/{number}?version={}", base(kind), version.number)
        } else {
            String::new()
        },
    };
    versions.iter().map(one).collect()
}

/// What a page asks before an act: what will happen, and the word of what was done.
fn question(act: Act) -> (&'static str, &'static str) {
    match act {
        Act::Edit => ("", "已保存。"),
        Act::Submit => (
            "提交后内容不再改动，等局领导批准；批准以前可以撤回。",
            "已经提交，等待批准。",
        ),
        Act::Withdraw => ("撤回后又成为草稿，可以修改后重新提交。", "已经撤回，又是草稿了。"),
        Act::Approve => (
            "批准后可以公布。你的账号会作为批准人记入账本；批准的人不能参与过起草。",
            "已经批准，等待公布。",
        ),
        Act::SendBack => (
            "退回后由起草的人按理由修改，再重新提交。",
            "已经退回，理由转给起草的人。",
        ),
        Act::Publish => (
            "公布后立即生效，任何人都能在公开页面上看到；公布的内容不能改动，只能另起一版修订。",
            "已经公布。",
        ),
        Act::Amend => (
            "修订从现行的内容另起一版草稿；新的一版批准、公布以前，现行的一版一直有效。",
            "新的一版草稿已经建好，请修改后提交。",
        ),
    }
}

#[derive(Template)]
#[template(path = "plans/act.html")]
struct Asked {
    frame: Frame,
    base: &'static str,
    slug: &'static str,
    button: String,
    ask: &'static str,
    number: String,
    version: i64,
    edition: i64,
    name: String,
    state: (&'static str, &'static str),
    needs_ground: bool,
    ground: String,
    errors: Errors,
}

async fn asked(
    app: &App,
    Who(actor): &Who,
    (kind, act): (Kind, Act),
    number: &str,
    ground: &str,
    errors: Errors,
) -> Result<Asked, Fault> {
    let standing = workflow::get(&app.office, actor, kind, number).await?;
    standing.may(actor, act)?;
    let Version {
        number: version,
        record,
        ..
    } = standing.newest;
    let title = format!("{}{}", act.title(), kind.title());
    let base = base(kind);
    let path = vec![
        crumb("计划", ""),
        crumb(kind.title(), base),
        crumb(&record.title, &format!("{base}/{number}")),
        crumb(act.title(), ""),
    ];
    Ok(Asked {
        frame: Frame::new(app, actor, &title, base, path).await,
        base,
        slug: slug(act),
        button: format!("确认{}", act.title()),
        ask: question(act).0,
        number: number.to_owned(),
        version,
        edition: record.edition,
        state: tag(&record.state),
        name: record.title,
        needs_ground: act.needs_ground(),
        ground: ground.to_owned(),
        errors,
    })
}

async fn answered(
    app: App,
    who: Who,
    (kind, act): (Kind, Act),
    number: String,
    Sent(fields): Sent,
) -> Answer {
    let (ground, version) = (fields.get("ground"), fields.number("version"));
    let at = (number.as_str(), version);
    match workflow::act(&app.office, &who.0, kind, at, act, ground).await {
        Ok(()) => Ok(done(&format!("{}/{number}", base(kind)), question(act).1)),
        Err(refusal) => {
            let errors = here(shown_again(refusal)?);
            page_of_errors(&asked(&app, &who, (kind, act), &number, ground, errors).await?)
        }
    }
}

/// Errors of the plan itself have no field on this page.
fn here(Errors(mut errors): Errors) -> Errors {
    for error in errors.iter_mut().filter(|error| error.field != "ground") {
        error.field.clear();
    }
    Errors(errors)
}
