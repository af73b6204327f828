//! Beginning a plan: under which annual plan, under which numbers, when.
//! Never begins one that is under no published annual plan.

use askama::Template;
use axum::extract::State;
use ops::plans::scheme::{self, Begun};

use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Errors, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};

#[derive(Template)]
#[template(path = "plans/scheme/begin.html")]
struct Begin {
    frame: Frame,
    annual: Vec<Choice>,
    begun: Begun,
    errors: Errors,
}

async fn begin_page(
    app: &App,
    Who(actor): &Who,
    begun: Option<Begun>,
    errors: Errors,
) -> Result<Begin, Fault> {
    let choices = scheme::choices(&app.office, actor).await?;
    let begun = begun.unwrap_or(choices.begun);
    let choice = |version: &ops::Version<ops::plans::Plan>| Choice {
        value: version.record.number.clone(),
        word: format!("{}（{}）", version.record.title, version.record.number),
        selected: version.record.number == begun.under,
    };
    let path = vec![
        crumb("计划", ""),
        crumb("实施方案", "/plans"),
        crumb("拟订实施方案", ""),
    ];
    Ok(Begin {
        frame: Frame::new(app, actor, "拟订实施方案", "/plans", path).await,
        annual: choices.annual.iter().map(choice).collect(),
        begun,
        errors,
    })
}

pub(super) async fn blank(State(app): State<App>, who: Who) -> Answer {
    page(&begin_page(&app, &who, None, Errors::default()).await?)
}

pub(super) async fn begin(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let typed = |name: &str| fields.get(name).trim().to_owned();
    let begun = Begun {
        under: typed("under"),
        number: typed("number"),
        draw: typed("draw"),
        from: typed("from"),
        until: typed("until"),
    };
    match scheme::begin(&app.office, &who.0, &begun).await {
        Ok(()) => {
            let to = format!("/plans/{}/edit", begun.number);
            Ok(done(
                &to,
                "草稿已经建好，能预先写明的已经填上；请逐项核对、补全，再点“检查”。",
            ))
        }
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&begin_page(&app, &who, Some(begun), errors).await?)
        }
    }
}
