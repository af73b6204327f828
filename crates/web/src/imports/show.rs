//! One import: what it would change, group by group; confirming it or giving it up; its receipt.
//! Never shows a button that the state does not allow.

use askama::Template;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};
use domain::Term;
use ops::Refusal;
use ops::imports::{self, Counts, Group, Line, Preview, Register, Shown};
use serde::Deserialize;
use sheets::{Finding, FindingKind};

use super::list::state;
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Errors, Sent, Who, XLSX, done, download, page, shown_again};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::history::{Change, differences};
use crate::lists::{Pager, kept, request};

/// Rows of a group on one page where nobody asks for another number.
const ROWS: u64 = 50;
/// Characters of a cell that are shown.
const SHOWN_CHARS_MAX: usize = 80;
/// Columns that tell a new row apart, for each register.
const OF_SOURCE: [&str; 4] = ["控制级别", "许可证编号", "机构地址", "状态"];
const OF_INSPECTOR: [&str; 4] = ["所在单位", "执法证有效期", "执法领域", "状态"];

/// Which rows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    group: String,
    page: Option<u64>,
    size: Option<u64>,
}

/// A group by its name in the address.
const GROUPS: [(Group, &str); 5] = [
    (Group::Fresh, "new"),
    (Group::Changed, "changed"),
    (Group::Unchanged, "same"),
    (Group::Wrong, "wrong"),
    (Group::Noted, "noted"),
];

/// A group with its number, as a link.
struct Tally {
    kind: &'static str,
    icon: &'static str,
    word: &'static str,
    count: u64,
    href: String,
    current: bool,
}

/// A row that is taken.
struct Row {
    row: String,
    id: String,
    name: String,
    href: String,
    notes: Vec<String>,
    facts: Vec<String>,
    changes: Vec<Change>,
}

/// A cell that something is said of.
struct Cell {
    row: u32,
    column: String,
    value: String,
    kind: (&'static str, &'static str),
    reason: String,
    suggestion: String,
}

#[derive(Template)]
#[template(path = "imports/show.html")]
struct Show {
    frame: Frame,
    id: String,
    file: String,
    sha256: String,
    register: &'static str,
    uploaded: String,
    settled: String,
    state: (&'static str, &'static str),
    waits: bool,
    applied: bool,
    sum: String,
    summary: Vec<String>,
    counts: Counts,
    wrong_cells: u64,
    tallies: Vec<Tally>,
    title: &'static str,
    group: &'static str,
    named: (&'static str, &'static str),
    columns: [&'static str; 4],
    ask: String,
    rows: Vec<Row>,
    cells: Vec<Cell>,
    pager: Pager,
    outcome: String,
    errors: Errors,
}

async fn show_page(
    app: &App,
    who: &Who,
    id: &str,
    wanted: &Wanted,
    query: &str,
    errors: Errors,
) -> Result<Show, Fault> {
    let group = GROUPS.iter().find(|(_, key)| *key == wanted.group);
    let request = request(wanted.page, wanted.size.or(Some(ROWS)));
    let preview = imports::preview(&app.office, &who.0, id, group.map(|(group, _)| *group), request).await?;
    let path = vec![
        crumb("名录库", ""),
        crumb("导入记录", "/imports"),
        crumb(&preview.import.file_name, ""),
    ];
    let waits = preview.import.state == imports::State::Waiting;
    let title = if waits {
        "核对并确认导入"
    } else {
        "导入结果"
    };
    let frame = Frame::new(app, &who.0, title, "/imports", path).await;
    Ok(shown(frame, preview, query, errors))
}

fn shown(frame: Frame, preview: Preview, query: &str, errors: Errors) -> Show {
    let tallies = tallies(&preview);
    let import = preview.import;
    let address = format!("/imports/{}", import.id);
    let register = import.register;
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    let key = key(preview.group);
    let query = format!("group={key}&{}", kept_without_group(query));
    let pager = match preview.shown {
        Shown::Lines(page) => {
            let pager = Pager::new(&address, &query, &page);
            rows = page.rows.into_iter().map(|line| row(line, register)).collect();
            pager
        }
        Shown::Findings(page) => {
            let pager = Pager::new(&address, &query, &page);
            cells = page.rows.into_iter().map(cell).collect();
            pager
        }
    };
    let settled = if import.state == imports::State::Waiting {
        String::new()
    } else {
        format!("{} {}", import.settled_at, import.settled_by)
    };
    Show {
        frame,
        uploaded: format!("{} {}", import.uploaded_at, import.author),
        settled,
        state: state(import.state),
        waits: import.state == imports::State::Waiting,
        applied: import.state == imports::State::Applied,
        sum: sum(&preview.counts),
        summary: preview.summary,
        counts: preview.counts,
        wrong_cells: preview.wrong_cells,
        title: title(preview.group),
        group: key,
        named: named(register),
        columns: columns(register),
        ask: ask(&preview.counts),
        register: register.word(),
        id: import.id,
        file: import.file_name,
        sha256: import.sha256,
        tallies,
        rows,
        cells,
        pager,
        outcome: preview.outcome,
        errors,
    }
}

fn key(group: Group) -> &'static str {
    let own = GROUPS.iter().find(|(own, _)| *own == group);
    own.map_or("", |(_, key)| key)
}

fn title(group: Group) -> &'static str {
    match group {
        Group::Fresh => "新增的行",
        Group::Changed => "变更的行",
        Group::Unchanged => "不变的行",
        Group::Wrong => "错误的行",
        Group::Noted => "已修正和请核对的内容",
    }
}

fn columns(register: Register) -> [&'static str; 4] {
    match register {
        Register::Sources => OF_SOURCE,
        Register::Inspectors => OF_INSPECTOR,
    }
}

/// Titles of the name of a record and of what it is known by.
fn named(register: Register) -> (&'static str, &'static str) {
    match register {
        Register::Sources => ("企业名称", "代码"),
        Register::Inspectors => ("姓名", "执法证编号"),
    }
}

/// What a confirmation will do.
fn ask(counts: &Counts) -> String {
    let writes: Vec<String> = [("新增", counts.fresh), ("变更", counts.changed)]
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{word} {count} 条"))
        .collect();
    let wrong = if counts.wrong > 0 {
        format!("；{} 行有错误，不写入", counts.wrong)
    } else {
        String::new()
    };
    format!("确认后{}{wrong}。其余不动。", writes.join("、"))
}

fn kept_without_group(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.starts_with("group="));
    kept(&pairs.collect::<Vec<_>>().join("&"))
}

fn tallies(preview: &Preview) -> Vec<Tally> {
    let counts = &preview.counts;
    let groups = [
        (Group::Fresh, "info", "add", "新增", counts.fresh),
        (Group::Changed, "warn", "warn", "变更", counts.changed),
        (Group::Unchanged, "idle", "idle", "不变", counts.unchanged),
        (Group::Wrong, "bad", "bad", "错误", counts.wrong),
        (
            Group::Noted,
            "info",
            "info",
            "修正和提示（处）",
            preview.noted_cells,
        ),
    ];
    let tally = |(group, kind, icon, word, count)| Tally {
        kind,
        icon,
        word,
        count,
        href: format!("/imports/{}?group={}", preview.import.id, key(group)),
        current: group == preview.group,
    };
    groups.map(tally).into()
}

/// All rows of the file, and into what they fall.
fn sum(counts: &Counts) -> String {
    let parts = [
        ("新增", counts.fresh),
        ("变更", counts.changed),
        ("不变", counts.unchanged),
        ("错误", counts.wrong),
        ("并入同一单位的其他许可证", counts.joined),
        ("空行和说明文字", counts.skipped),
    ];
    let parts: Vec<String> = parts
        .iter()
        .enumerate()
        .filter(|(at, (_, count))| *at < 4 || *count > 0)
        .map(|(_, (word, count))| format!("{word} {count}"))
        .collect();
    format!(
        "表头以下共 {} 行：{}，一行不少。",
        counts.rows(),
        parts.join(" + ")
    )
}

fn row(line: Line, register: Register) -> Row {
    let said = |title: &&str| {
        let own = line.after.iter().find(|(own, _)| own == title);
        own.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    Row {
        row: line.row.map(|row| row.to_string()).unwrap_or_default(),
        href: format!("/{}/{}", register.key(), line.id),
        facts: columns(register).iter().map(said).collect(),
        changes: differences(&line.before, &line.after),
        id: line.id,
        name: line.name,
        notes: line.notes,
    }
}

fn cell(finding: Finding) -> Cell {
    let kind = match finding.kind {
        FindingKind::Refused => "bad",
        FindingKind::Mended => "good",
        FindingKind::Noted => "warn",
    };
    Cell {
        row: finding.row,
        column: finding.column.title,
        value: cut(&finding.value),
        kind: (kind, finding.kind.word()),
        reason: finding.reason,
        suggestion: finding.suggestion.unwrap_or_default(),
    }
}

/// A cell may hold a whole page.
fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

pub(super) async fn show(
    State(app): State<App>,
    who: Who,
    said: Said,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let mut show = show_page(&app, &who, &id, &wanted, &query, Errors::default()).await?;
    show.frame = show.frame.saying(said);
    page(&show).map(forget_said)
}

pub(super) async fn settle(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (office, actor) = (&app.office, &who.0);
    let settled = match fields.get("do") {
        "apply" => imports::apply(office, actor, &id, fields.get("outcome"))
            .await
            .map(|counts| format!("已导入：新增 {} 条，变更 {} 条。", counts.fresh, counts.changed)),
        "give-up" => imports::give_up(office, actor, &id)
            .await
            .map(|()| "已放弃，名录库没有变化。".to_owned()),
        _ => Err(Refusal::Missing("这一步操作".to_owned())),
    };
    let refusal = match settled {
        Ok(sentence) => return Ok(done(&format!("/imports/{id}"), &sentence)),
        // What somebody else did meanwhile shows in the new preview.
        Err(Refusal::Overtaken) => Refusal::Rule(Refusal::Overtaken.to_string()),
        Err(refusal) => refusal,
    };
    let errors = shown_again(refusal)?;
    let show = show_page(&app, &who, &id, &Wanted::default(), "", errors).await?;
    Ok((StatusCode::CONFLICT, Html(show.render().map_err(Fault::from)?)).into_response())
}

pub(super) async fn receipt(State(app): State<App>, Who(actor): Who, Path(id): Path<String>) -> Answer {
    let (name, bytes) = imports::receipt(&app.office, &actor, &id).await?;
    Ok(download(&name, XLSX, bytes))
}
