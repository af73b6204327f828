//! Drafting an annual plan, line by line, without script.
//! Never loses what was typed: after a refusal or another line the form comes back as it was sent.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use domain::annual::{Period, Quarter};
use domain::{Administration, AnnualPlan, ControlLevel, CreditClass, Status, Term};
use ops::plans::annual::{self, AmountKind, Choices, Line, Typed};
use ops::plans::scope::Scope;
use ops::plans::{Act, Kind, workflow};
use serde::Deserialize;

use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Errors, Fields, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};

/// A line of the form, with what can be chosen.
struct LineForm {
    at: usize,
    items: Vec<Choice>,
    scope: String,
    keys: Vec<Choice>,
    levels: Vec<Choice>,
    administrations: Vec<Choice>,
    credits: Vec<Choice>,
    statuses: Vec<Choice>,
    violations: Vec<Choice>,
    filter: Scope,
    deep: bool,
    kinds: Vec<Choice>,
    amount: String,
    periods: Vec<Choice>,
    quarters: Vec<Choice>,
    departments: Vec<Choice>,
}

impl LineForm {
    /// The name of one of its fields.
    fn name(&self, field: &str) -> String {
        format!("line-{}-{field}", self.at)
    }
}

#[derive(Template)]
#[template(path = "plans/annual/edit.html")]
struct Edit {
    frame: Frame,
    action: String,
    back: String,
    version: i64,
    is_new: bool,
    typed: Typed,
    lines: Vec<LineForm>,
    former: String,
    errors: Errors,
}

/// Which plan the form is of: none yet, or that number in the version that was seen.
struct Of<'a>(Option<(&'a str, i64)>);

async fn form(app: &App, Who(actor): &Who, of: Of<'_>, typed: Typed, errors: Errors) -> Result<Edit, Fault> {
    let choices = annual::choices(&app.office, actor).await?;
    let title = of.0.map_or_else(
        || "起草年度计划".to_owned(),
        |(number, _)| format!("修改{number}年度计划"),
    );
    let path = vec![
        crumb("计划", ""),
        crumb("年度计划", "/annual-plans"),
        crumb(&title, ""),
    ];
    let page = of.0.map(|(number, _)| format!("/annual-plans/{number}"));
    let former = match of.0 {
        None => former(app, actor, &typed).await?,
        Some(_) => String::new(),
    };
    let lines = typed.lines.iter().enumerate();
    Ok(Edit {
        frame: Frame::new(app, actor, &title, "/annual-plans", path).await,
        action: page
            .as_ref()
            .map_or("/annual-plans/new".to_owned(), |page| format!("{page}/edit")),
        back: page.unwrap_or_else(|| "/annual-plans".to_owned()),
        version: of.0.map(|(_, version)| version).unwrap_or_default(),
        is_new: of.0.is_none(),
        lines: lines.map(|(at, line)| line_form(at, line, &choices)).collect(),
        former,
        typed,
        errors,
    })
}

/// The newest plan in force, from which a new one may begin.
async fn former(app: &App, actor: &ops::Actor, typed: &Typed) -> Result<String, Fault> {
    let in_force = workflow::in_force(&app.office, actor, Kind::Annual).await?;
    let newest = in_force.into_iter().map(|plan| plan.record.number);
    Ok(newest
        .into_iter()
        .find(|number| *number != typed.year)
        .unwrap_or_default())
}

fn line_form(at: usize, line: &Line, choices: &Choices) -> LineForm {
    let chosen = |words: &[String]| words.to_vec();
    let several = |all: Vec<&str>, words: &[String]| {
        let words = chosen(words);
        Choice::of(all, &words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let yes_or_no = |typed: &str| Choice::with_blank("不限", ["是", "否"], typed);
    let filter = &line.filter;
    LineForm {
        at,
        items: items(line, choices),
        scope: line.scope.clone(),
        keys: yes_or_no(&filter.key),
        levels: several(ControlLevel::proper_words(), &filter.levels),
        administrations: several(Administration::proper_words(), &filter.administrations),
        credits: several(CreditClass::proper_words(), &filter.credits),
        statuses: several(Status::proper_words(), &filter.statuses),
        violations: yes_or_no(&filter.violations),
        deep: filter.is_deep(),
        filter: filter.clone(),
        kinds: Choice::of(
            AmountKind::ALL.map(AmountKind::title),
            &[line.amount_kind.title()],
        ),
        amount: line.amount.clone(),
        periods: Choice::with_blank("请选择", Period::proper_words(), &line.period),
        quarters: several(Quarter::proper_words(), &line.quarters),
        departments: departments(line, choices),
    }
}

/// The published items, and those of the line that are not published any more.
fn items(line: &Line, choices: &Choices) -> Vec<Choice> {
    let choice = |code: &str, word: String| Choice {
        value: code.to_owned(),
        word,
        selected: line.items.iter().any(|own| own == code),
    };
    let published = choices
        .items
        .iter()
        .map(|(code, name)| choice(code, format!("{name}（{code}）")));
    let other = line
        .items
        .iter()
        .filter(|code| !choices.items.contains_key(*code));
    published
        .chain(other.map(|code| choice(code, format!("{code}（没有公布）"))))
        .collect()
}

/// The open departments, and those of the line that are closed.
fn departments(line: &Line, choices: &Choices) -> Vec<Choice> {
    let own: Vec<&str> = line.departments.iter().map(String::as_str).collect();
    let open: Vec<&str> = choices.departments.iter().map(String::as_str).collect();
    let closed = own.iter().copied().filter(|name| !open.contains(name));
    Choice::of(open.iter().copied().chain(closed), &own)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    year: Option<i16>,
    from: String,
}

pub(super) async fn blank(State(app): State<App>, who: Who, Query(wanted): Query<Wanted>) -> Answer {
    let year = wanted.year.unwrap_or_else(|| app.office.now().day().year());
    let title = format!("{}{year}年度污染源日常监管随机抽查工作计划", who.0.bureau_name);
    let fresh = Typed {
        year: year.to_string(),
        title: title.clone(),
        lines: vec![Line::default()],
        ..Typed::default()
    };
    let typed = if wanted.from.is_empty() {
        fresh
    } else {
        let from = workflow::get(&app.office, &who.0, Kind::Annual, &wanted.from).await?;
        Typed {
            year: fresh.year,
            title,
            ..Typed::of(&from.newest.record.body)
        }
    };
    page(&form(&app, &who, Of(None), typed, Errors::default()).await?)
}

pub(super) async fn create(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let typed = typed(&fields);
    if let Some(typed) = rearranged(&fields, &typed) {
        return page(&form(&app, &who, Of(None), typed, Errors::default()).await?);
    }
    match annual::create(&app.office, &who.0, &typed).await {
        Ok(number) => Ok(done(&format!("/annual-plans/{number}"), "草稿已保存。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&form(&app, &who, Of(None), typed, errors).await?)
        }
    }
}

pub(super) async fn edit(State(app): State<App>, who: Who, Path(number): Path<String>) -> Answer {
    let standing = workflow::get(&app.office, &who.0, Kind::Annual, &number).await?;
    standing.may(&who.0, Act::Edit)?;
    let plan = &standing.newest.record;
    let errors = Errors(workflow::faults(&app.office, &who.0, plan).await?);
    let of = Of(Some((&number, standing.newest.number)));
    page(&form(&app, &who, of, Typed::of(&plan.body), errors).await?)
}

pub(super) async fn change(
    State(app): State<App>,
    who: Who,
    Path(number): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (typed, version) = (typed(&fields), fields.number("version"));
    let of = Of(Some((&number, version)));
    if let Some(typed) = rearranged(&fields, &typed) {
        return page(&form(&app, &who, of, typed, Errors::default()).await?);
    }
    match annual::edit(&app.office, &who.0, &number, version, &typed).await {
        Ok(()) => Ok(done(&format!("/annual-plans/{number}"), "草稿已保存。").into_response()),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&form(&app, &who, of, typed, errors).await?)
        }
    }
}

/// The plan with a line more or less, if that is what the button asks for.
fn rearranged(fields: &Fields, typed: &Typed) -> Option<Typed> {
    let mut lines = typed.lines.clone();
    if fields.has("more") {
        lines.push(Line::default());
    } else {
        let at: usize = fields.get("drop").parse().ok()?;
        (at < lines.len()).then(|| lines.remove(at))?;
    }
    Some(Typed {
        lines,
        ..typed.clone()
    })
}

/// The plan that a form sends.
fn typed(fields: &Fields) -> Typed {
    let own = |name: &str| fields.get(name).to_owned();
    let number = |name: &str| name.strip_prefix("line-")?.strip_suffix("-here")?.parse().ok();
    let lines: BTreeSet<usize> = fields.0.iter().filter_map(|(name, _)| number(name)).collect();
    // One more than a plan may have is refused as too many; there is no need to read on.
    let lines = lines.into_iter().take(AnnualPlan::LINES_MAX + 1);
    Typed {
        year: own("year"),
        title: own("title"),
        purpose: own("purpose"),
        yearly_cap: own("yearly_cap"),
        cover_months: own("cover_months"),
        lines: lines.map(|at| typed_line(fields, at)).collect(),
    }
}

fn typed_line(fields: &Fields, at: usize) -> Line {
    let name = |field: &str| format!("line-{at}-{field}");
    let one = |field: &str| fields.get(&name(field)).to_owned();
    let several = |field: &str| fields.all(&name(field)).map(str::to_owned).collect();
    Line {
        items: several("items"),
        scope: one("scope"),
        filter: Scope {
            levels: several("levels"),
            key: one("key"),
            administrations: several("administrations"),
            credits: several("credits"),
            stations: one("stations"),
            industries: one("industries"),
            industry_codes: one("industry_codes"),
            addresses: one("addresses"),
            names: one("names"),
            statuses: several("statuses"),
            violations: one("violations"),
            targets: one("targets"),
        },
        amount_kind: AmountKind::of(&one("amount_kind")),
        amount: one("amount"),
        period: one("period"),
        quarters: several("quarters"),
        departments: several("departments"),
    }
}
