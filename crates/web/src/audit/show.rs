//! One entry: what was done, its text, its place, and the proof that it is under the newest signed root.
//! Never says that a proof holds without having computed it.

use askama::Template;
use axum::extract::{Path, State};
use ops::audit::Detail;

use super::{Words, page_of_subject, place};
use crate::app::App;
use crate::form::{Answer, Who, page};
use crate::frame::{Frame, crumb};

/// A proof as a page shows it.
struct Proof {
    size: u64,
    holds: bool,
    hashes: Vec<String>,
}

#[derive(Template)]
#[template(path = "audit/show.html")]
struct Show {
    frame: Frame,
    words: Words,
    href: String,
    place: String,
    public: bool,
    before: String,
    after: String,
    text: String,
    hash: String,
    proof: Option<Proof>,
    checkpoint: String,
}

pub(super) async fn show(State(app): State<App>, Who(actor): Who, Path(id): Path<String>) -> Answer {
    let Detail {
        record,
        checkpoint,
        proof,
    } = ops::audit::get(&app.office, &actor, &id).await?;
    let (before, after, href) = record.entry.as_ref().map_or_else(Default::default, |entry| {
        let digits = |hash: Option<&_>| hash.map(ToString::to_string).unwrap_or_default();
        let href = page_of_subject(&entry.subject);
        (digits(entry.before.as_ref()), digits(entry.after.as_ref()), href)
    });
    let path = vec![crumb("系统", ""), crumb("审计", "/audit"), crumb("存证", "")];
    page(&Show {
        frame: Frame::new(&app, &actor, "存证", "/audit", path).await,
        words: Words::of(&record),
        href,
        place: place(&record),
        public: record.is_public(),
        before,
        after,
        hash: record.hash.map(|hash| hash.to_string()).unwrap_or_default(),
        text: record.text.unwrap_or_default(),
        proof: proof.map(|proof| Proof {
            size: proof.size,
            holds: proof.holds,
            hashes: proof.hashes.iter().map(ToString::to_string).collect(),
        }),
        checkpoint: checkpoint.unwrap_or_default(),
    })
}
