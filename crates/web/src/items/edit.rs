//! Writing an item: its fields, and the lines of its checklist as a table that grows without a script.
//! Never loses what was typed: after a refusal, or with one line more, the form comes back as it was sent.

use askama::Template;
use axum::extract::{Path, State};
use domain::items::{CheckKind, ItemDraft, LineDraft};
use domain::plans::Method;
use domain::{ItemRecord, Term};
use ops::{AsOf, At, items};

use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Errors, Fields, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};

/// Blank lines of a new checklist.
const FIRST_LINES: usize = 3;

/// What was typed, and the version that it was typed over.
#[derive(Debug, Clone, Default)]
struct Typed {
    draft: ItemDraft,
    ground: String,
    version: i64,
}

/// A cell of a line.
struct Cell {
    title: &'static str,
    name: &'static str,
    id: String,
    value: String,
    error: Option<String>,
}

/// A line of the checklist.
struct Line {
    number: usize,
    cells: Vec<Cell>,
}

/// What is there already, of an item that is written anew.
struct There {
    code: String,
    notice: String,
    needs_ground: bool,
}

#[derive(Template)]
#[template(path = "items/edit.html")]
struct Edit {
    frame: Frame,
    there: Option<There>,
    action: String,
    back: String,
    typed: Typed,
    kinds: Vec<Choice>,
    methods: Vec<Choice>,
    departments: Vec<Choice>,
    lines: Vec<Line>,
    errors: Errors,
}

async fn edit_page(
    app: &App,
    who: &Who,
    there: Option<There>,
    typed: Typed,
    errors: Errors,
) -> Result<Edit, Fault> {
    let code = there.as_ref().map(|there| there.code.clone());
    let title = if there.is_some() {
        "修改抽查事项"
    } else {
        "新建抽查事项"
    };
    let path = vec![
        crumb("抽查事项", ""),
        crumb("事项清单", "/items"),
        crumb(title, ""),
    ];
    let departments = ops::organisation::departments(&app.office, &who.0).await?;
    let open = departments.iter().filter(|own| own.closed_at == At::default());
    let open = open.map(|own| own.name.as_str());
    let draft = &typed.draft;
    let chosen: Vec<&str> = draft.methods.iter().map(String::as_str).collect();
    let base = code.map_or("/items".to_owned(), |code| format!("/items/{code}"));
    Ok(Edit {
        frame: Frame::new(app, &who.0, title, "/items", path).await,
        action: if there.is_some() {
            format!("{base}/edit")
        } else {
            "/items/new".to_owned()
        },
        back: base,
        there,
        kinds: Choice::of(CheckKind::proper_words(), &[draft.kind.as_str()]),
        methods: Choice::of(Method::proper_words(), &chosen),
        departments: Choice::with_blank("请选择", open, &draft.department),
        lines: lines(&draft.checklist, &errors),
        typed,
        errors,
    })
}

fn lines(checklist: &[LineDraft], errors: &Errors) -> Vec<Line> {
    let line = |(number, line): (usize, &LineDraft)| {
        let cell = |title, name, part: &str, value: &str| {
            let field = format!("line-{number}-{part}");
            Cell {
                title,
                name,
                error: errors.of(&field).map(str::to_owned),
                id: format!("f-{field}"),
                value: value.to_owned(),
            }
        };
        Line {
            number,
            cells: vec![
                cell("检查内容", "line_content", "content", &line.content),
                cell("操作方法与要领", "line_how", "how", &line.how),
                cell("依据", "line_basis", "basis", &line.basis),
            ],
        }
    };
    (1..).zip(checklist).map(line).collect()
}

fn sent(fields: &Fields) -> Typed {
    let text = |name: &str| fields.get(name).to_owned();
    let parts = ["line_content", "line_how", "line_basis"].map(|name| fields.all(name).collect::<Vec<_>>());
    let [contents, hows, bases] = &parts;
    let count = parts.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |cells: &[&str], at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
    let line = |at| LineDraft {
        content: cell(contents, at),
        how: cell(hows, at),
        basis: cell(bases, at),
    };
    Typed {
        draft: ItemDraft {
            code: text("code"),
            name: text("name"),
            basis: text("basis"),
            object: text("object"),
            content: text("content"),
            methods: fields.all("methods").map(str::to_owned).collect(),
            department: text("department"),
            kind: text("kind"),
            checklist: (0..count).map(line).collect(),
        },
        ground: text("ground"),
        version: fields.number("version"),
    }
}

/// The form with one line more, less or moved, if that was asked for; lines count from 1.
fn rearranged(fields: &Fields, typed: &Typed) -> Option<Typed> {
    let mut typed = typed.clone();
    let lines = &mut typed.draft.checklist;
    let at = |name: &str| usize::try_from(fields.number(name)).unwrap_or(0);
    if fields.has("more") {
        lines.push(LineDraft::default());
    } else if fields.has("insert") {
        lines.insert(at("insert").min(lines.len()), LineDraft::default());
    } else if fields.has("remove") {
        let wanted = at("remove");
        let numbered = (1..).zip(std::mem::take(lines));
        lines.extend(
            numbered
                .filter(|(number, _)| *number != wanted)
                .map(|(_, line)| line),
        );
    } else if fields.has("up") {
        let wanted = at("up");
        if (2..=lines.len()).contains(&wanted) {
            lines.swap(wanted - 1, wanted - 2);
        }
    } else {
        return None;
    }
    Some(with_a_line(typed))
}

/// With one blank line at least, so that there is something to type into.
fn with_a_line(mut typed: Typed) -> Typed {
    if typed.draft.checklist.is_empty() {
        typed.draft.checklist.push(LineDraft::default());
    }
    typed
}

/// Without blank lines, as they are counted where something is wrong with one.
fn without_blanks(mut typed: Typed) -> Typed {
    typed.draft.checklist.retain(|line| !line.is_blank());
    with_a_line(typed)
}

pub(super) async fn blank(State(app): State<App>, who: Who) -> Answer {
    let draft = ItemDraft {
        kind: CheckKind::General.word().to_owned(),
        checklist: vec![LineDraft::default(); FIRST_LINES],
        ..ItemDraft::default()
    };
    let typed = Typed {
        draft,
        ..Typed::default()
    };
    page(&edit_page(&app, &who, None, typed, Errors::default()).await?)
}

pub(super) async fn draft(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let typed = sent(&fields);
    if let Some(typed) = rearranged(&fields, &typed) {
        return page(&edit_page(&app, &who, None, typed, Errors::default()).await?);
    }
    match items::draft(&app.office, &who.0, &typed.draft).await {
        Ok(code) => Ok(done(
            &format!("/items/{code}"),
            "草稿已保存；核对后公布，公布以后才能列入计划。",
        )),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&edit_page(&app, &who, None, without_blanks(typed), errors).await?)
        }
    }
}

/// What the form says of an item that is there.
async fn there(app: &App, who: &Who, code: &str) -> Result<(There, i64, ItemRecord), Fault> {
    let version = items::get(&app.office, &who.0, code, AsOf::Now).await?;
    let record = version.record;
    let needs_ground = record.in_force().is_some() && record.draft.is_none();
    let (edition, next) = (record.edition, record.edition + 1);
    let notice = if record.in_force().is_some() {
        format!(
            "第 {edition} 版正在施行，保存的是第 {next} 版的草稿；公布第 {next} 版之前，计划和公开清单仍按第 {edition} 版。"
        )
    } else {
        "保存的是草稿，公布以后才能列入计划，并对社会公开。".to_owned()
    };
    let there = There {
        code: code.to_owned(),
        notice,
        needs_ground,
    };
    Ok((there, version.number, record))
}

pub(super) async fn edit(State(app): State<App>, who: Who, Path(code): Path<String>) -> Answer {
    let (there, version, record) = there(&app, &who, &code).await?;
    let typed = Typed {
        draft: record.newest().draft(),
        ground: String::new(),
        version,
    };
    page(&edit_page(&app, &who, Some(there), typed, Errors::default()).await?)
}

pub(super) async fn amend(
    State(app): State<App>,
    who: Who,
    Path(code): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let typed = sent(&fields);
    if let Some(typed) = rearranged(&fields, &typed) {
        let (there, ..) = there(&app, &who, &code).await?;
        return page(&edit_page(&app, &who, Some(there), typed, Errors::default()).await?);
    }
    let Typed {
        draft,
        ground,
        version,
    } = &typed;
    match items::amend(&app.office, &who.0, &code, *version, draft, ground).await {
        Ok(()) => Ok(done(
            &format!("/items/{code}?show=draft"),
            "草稿已保存；核对后公布。",
        )),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            let (there, ..) = there(&app, &who, &code).await?;
            page_of_errors(&edit_page(&app, &who, Some(there), without_blanks(typed), errors).await?)
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn contents(typed: &Typed) -> Vec<&str> {
        let lines = typed.draft.checklist.iter();
        lines.map(|line| line.content.as_str()).collect()
    }

    #[rstest]
    #[case::more("more", "1", &["a", "b", "c", ""])]
    #[case::insert("insert", "1", &["a", "", "b", "c"])]
    #[case::insert_after_all("insert", "99", &["a", "b", "c", ""])]
    #[case::remove("remove", "2", &["a", "c"])]
    #[case::remove_none("remove", "9", &["a", "b", "c"])]
    #[case::up("up", "3", &["a", "c", "b"])]
    #[case::up_first("up", "1", &["a", "b", "c"])]
    fn lines_come_go_and_move_without_a_script(
        #[case] button: &str,
        #[case] value: &str,
        #[case] wanted: &[&str],
    ) {
        let mut fields = Fields::default();
        for line in ["a", "b", "c"] {
            for (name, text) in [("line_content", line), ("line_how", "看"), ("line_basis", "")] {
                fields.0.push((name.to_owned(), text.to_owned()));
            }
        }
        assert!(rearranged(&fields, &sent(&fields)).is_none());
        fields.0.push((button.to_owned(), value.to_owned()));
        let typed = rearranged(&fields, &sent(&fields)).unwrap();
        assert_eq!(contents(&typed), wanted);
        let kept = typed.draft.checklist.iter().filter(|line| !line.is_blank());
        assert!(kept.clone().all(|line| line.how == "看"));
    }

    #[test]
    fn a_form_never_loses_its_last_line() {
        let fields = Fields(vec![
            ("line_content".to_owned(), "a".to_owned()),
            ("remove".to_owned(), "1".to_owned()),
        ]);
        let typed = rearranged(&fields, &sent(&fields)).unwrap();
        assert_eq!(contents(&typed), [""]);
    }
}
