//! The catalogue for everybody, without signing in (R1).
//! Never shows a draft, an author or a button.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::items::LineDraft;
use ops::Refusal;
use ops::items::{self, Catalogue, Edition, Standing};
use serde::Deserialize;

use super::changes::changes;
use crate::app::App;
use crate::form::{Answer, download, page};
use crate::history::{Change, Fact, facts};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    bureau: String,
    edition: i64,
}

impl Wanted {
    /// What the address of another page of the same bureau ends with.
    fn suffix(&self) -> String {
        if self.bureau.is_empty() {
            String::new()
        } else {
            format!("?bureau={}", crate::form::encoded(&self.bureau))
        }
    }
}

/// An item as a row.
struct Row {
    code: String,
    name: String,
    basis: String,
    object: String,
    content: String,
    methods: String,
    kind: String,
    department: String,
    edition: i64,
    published_on: String,
}

#[derive(Template)]
#[template(path = "items/public_list.html")]
struct List {
    title: String,
    suffix: String,
    bureaus: Vec<(String, String)>,
    chosen: bool,
    rows: Vec<Row>,
}

pub(super) async fn list(State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let Catalogue {
        bureaus,
        bureau,
        items,
    } = items::catalogue(&app.office, &wanted.bureau).await?;
    let name = bureau.as_ref().map_or("", |bureau| bureau.name.as_str());
    page(&List {
        title: format!("{name}抽查事项清单"),
        suffix: wanted.suffix(),
        chosen: bureau.is_some(),
        bureaus: bureaus.into_iter().map(|own| (own.code, own.name)).collect(),
        rows: items.iter().map(row).collect(),
    })
}

fn row(edition: &Edition) -> Row {
    let draft = edition.item.draft();
    Row {
        code: draft.code,
        name: draft.name,
        basis: draft.basis,
        object: draft.object,
        content: draft.content,
        methods: draft.methods.join("、"),
        kind: draft.kind,
        department: draft.department,
        edition: edition.number,
        published_on: edition.published_on.to_string(),
    }
}

/// A published text in the list of all.
struct Past {
    number: i64,
    current: bool,
    published_on: String,
    became: String,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "items/public_item.html")]
struct Item {
    title: String,
    suffix: String,
    bureau: String,
    code: String,
    edition: i64,
    published_on: String,
    tag: (&'static str, String),
    ground: String,
    facts: Vec<Fact>,
    lines: Vec<LineDraft>,
    editions: Vec<Past>,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let (bureau, editions) = items::editions(&app.office, &wanted.bureau, &code).await?;
    let asked = |edition: &&Edition| wanted.edition == 0 || edition.number == wanted.edition;
    let missing = || Refusal::Missing(format!("“{code}”的第 {} 版", wanted.edition));
    let shown = editions.iter().find(asked).ok_or_else(missing)?;
    page(&Item {
        title: shown.item.name.to_string(),
        suffix: wanted.suffix(),
        bureau: bureau.name,
        edition: shown.number,
        published_on: shown.published_on.to_string(),
        tag: tag(&shown.standing),
        ground: match &shown.standing {
            Standing::Retired { ground, .. } => ground.clone(),
            Standing::InForce | Standing::Replaced { .. } => String::new(),
        },
        facts: facts(&items::cells(&shown.item)),
        lines: shown.item.draft().checklist,
        editions: past(&editions, shown.number),
        code,
    })
}

fn tag(standing: &Standing) -> (&'static str, String) {
    match standing {
        Standing::InForce => ("good", "现行".to_owned()),
        Standing::Replaced { on } => ("idle", format!("{on} 被新版本替代")),
        Standing::Retired { on, .. } => ("idle", format!("{on} 停用")),
    }
}

fn past(editions: &[Edition], shown: i64) -> Vec<Past> {
    let of = |(at, edition): (usize, &Edition)| Past {
        number: edition.number,
        current: edition.number == shown,
        published_on: edition.published_on.to_string(),
        became: tag(&edition.standing).1,
        changes: editions
            .get(at + 1)
            .map(|before| changes(&before.item, &edition.item))
            .unwrap_or_default(),
    };
    editions.iter().enumerate().map(of).collect()
}

pub(super) async fn open_data(State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let Catalogue { bureau, items, .. } = items::catalogue(&app.office, &wanted.bureau).await?;
    let bureau = bureau.ok_or_else(|| {
        let text = "这里有几个机关的清单；请先打开抽查事项清单选择机关，再下载它的表格";
        Refusal::Rule(text.to_owned())
    })?;
    let header = [
        "机关",
        "事项编号",
        "事项名称",
        "事项类别",
        "检查对象类别",
        "检查方式",
        "责任部门",
        "检查依据",
        "检查内容",
        "检查表",
        "版本",
        "公布日期",
    ];
    let cells = |edition: Edition| {
        let numbered = (1..).zip(items::lines(&edition.item));
        let checklist: Vec<String> = numbered.map(|(at, line)| format!("{at}. {line}")).collect();
        let mut cells = vec![bureau.name.clone()];
        cells.extend(items::cells(&edition.item).into_iter().map(|(_, text)| text));
        cells.push(checklist.join("\n"));
        cells.extend([edition.number.to_string(), edition.published_on.to_string()]);
        cells
    };
    let bytes = sheets::open_data(&header, items.into_iter().map(cells));
    let name = format!("抽查事项清单-{}.csv", app.office.now().day());
    Ok(download(&name, "text/csv; charset=utf-8", bytes))
}
