//! 重点核对: what violates R2.2, and what an official list has that the register misses; 数据质量: what R3.2 misses.
//! Never changes anything.

use askama::Template;
use axum::extract::State;
use ops::sources::{Checked, Outcome, Quality};

use crate::app::App;
use crate::form::{Answer, Errors, Sent, Who, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};

/// A source that R2.2 wants in the register.
struct Row {
    id: String,
    name: String,
    level: &'static str,
    status: String,
    left: String,
}

#[derive(Template)]
#[template(path = "sources/key.html")]
struct Key {
    frame: Frame,
    left: Vec<Row>,
    pasted: String,
    checked: Vec<Checked>,
    absent: usize,
    errors: Errors,
}

async fn key_page(
    app: &App,
    who: &Who,
    pasted: String,
    checked: Vec<Checked>,
    errors: Errors,
) -> Result<Key, crate::fault::Fault> {
    use domain::Term;
    let violations = ops::sources::key_violations(&app.office, &who.0).await?;
    let row = |version: ops::Version<ops::sources::Entry>| Row {
        id: version.record.source.id().to_string(),
        name: version.record.source.name.to_string(),
        level: version.record.source.supervision.level().word(),
        status: version.record.source.status.word().to_owned(),
        left: format!("{}，{}", version.stamp.at.day(), version.stamp.ground),
    };
    let path = vec![crumb("名录库", ""), crumb("重点核对", "")];
    Ok(Key {
        frame: Frame::new(app, &who.0, "重点排污单位核对", "/sources/key", path).await,
        left: violations.left.into_iter().map(row).collect(),
        pasted,
        absent: checked
            .iter()
            .filter(|line| !matches!(line.outcome, Outcome::Listed(_)))
            .count(),
        checked,
        errors,
    })
}

pub(super) async fn key(State(app): State<App>, who: Who) -> Answer {
    page(&key_page(&app, &who, String::new(), Vec::new(), Errors::default()).await?)
}

pub(super) async fn check(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let pasted = fields.get("list").to_owned();
    match ops::sources::check_list(&app.office, &who.0, &pasted).await {
        Ok(checked) => page(&key_page(&app, &who, pasted, checked, Errors::default()).await?),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&key_page(&app, &who, pasted, Vec::new(), errors).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "sources/quality.html")]
struct QualityPage {
    frame: Frame,
    quality: Quality,
    filled: String,
}

pub(super) async fn quality(State(app): State<App>, Who(actor): Who) -> Answer {
    let quality = ops::sources::quality(&app.office, &actor).await?;
    let path = vec![crumb("名录库", ""), crumb("数据质量", "")];
    let filled = format!(
        "{}.{}",
        quality.filled_permille / 10,
        quality.filled_permille % 10
    );
    page(&QualityPage {
        frame: Frame::new(&app, &actor, "数据质量", "/sources/quality", path).await,
        quality,
        filled,
    })
}
