//! 审计记录: what was done in the bureau, the newest first.
//! Never leaves an act out: those without a word are shown by their name.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use jiff::civil::Date;
use ops::At;
use ops::audit::{AREAS, EntryFilter, Record, VERBS};
use serde::Deserialize;

use super::{Signed, Words, page_of_subject, place};
use crate::app::App;
use crate::form::{Answer, Choice, Who, page};
use crate::frame::{Frame, crumb};
use crate::lists::{Pager, request};

/// The search row; what is not a date counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    who: String,
    area: String,
    verb: String,
    subject: String,
    from: String,
    until: String,
    page: Option<u64>,
    size: Option<u64>,
}

impl Search {
    fn filter(&self) -> EntryFilter {
        let day = |text: &str| text.parse::<Date>().ok();
        // A day begins where the one before it ends.
        let begin = |day: Date| day.yesterday().ok().map(|before| At(At::end_of(before).0 + 1));
        EntryFilter {
            who: self.who.trim().to_owned(),
            area: self.area.clone(),
            verbs: VERBS
                .iter()
                .filter(|(_, word)| *word == self.verb)
                .map(|(name, _)| (*name).to_owned())
                .collect(),
            subject: self.subject.trim().to_owned(),
            from: day(&self.from).and_then(begin),
            until: day(&self.until).map(At::end_of),
        }
    }

    fn is_deep(&self) -> bool {
        !self.subject.is_empty() || !self.from.is_empty() || !self.until.is_empty()
    }
}

/// An entry as a row.
struct Row {
    id: String,
    words: Words,
    href: String,
    place: String,
    public: bool,
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct List {
    frame: Frame,
    search: Search,
    deep: bool,
    areas: Vec<Choice>,
    verbs: Vec<Choice>,
    rows: Vec<Row>,
    pager: Pager,
    signed: Signed,
}

/// What areas a search offers.
fn areas(chosen: &str) -> Vec<Choice> {
    let mut choices = Choice::with_blank("全部", [], chosen);
    choices.extend(AREAS.iter().map(|(name, word)| Choice {
        value: (*name).to_owned(),
        word: (*word).to_owned(),
        selected: *name == chosen,
    }));
    choices
}

/// What acts a search offers: each word once, though acts of several names may have it.
fn verbs(chosen: &str) -> Vec<Choice> {
    let mut words: Vec<&str> = Vec::new();
    for (_, word) in VERBS {
        if !words.contains(word) {
            words.push(word);
        }
    }
    Choice::with_blank("全部", words, chosen)
}

pub(super) async fn list(
    State(app): State<App>,
    Who(actor): Who,
    Query(search): Query<Search>,
    RawQuery(query): RawQuery,
) -> Answer {
    let filter = search.filter();
    let list = ops::audit::list(&app.office, &actor, &filter, request(search.page, search.size)).await?;
    let pager = Pager::new("/audit", &query.unwrap_or_default(), &list);
    let row = |record: Record| Row {
        words: Words::of(&record),
        href: record
            .entry
            .as_ref()
            .map(|entry| page_of_subject(&entry.subject))
            .unwrap_or_default(),
        place: place(&record),
        public: record.is_public(),
        id: record.id,
    };
    let path = vec![crumb("系统", ""), crumb("审计", "")];
    page(&List {
        frame: Frame::new(&app, &actor, "审计", "/audit", path).await,
        deep: search.is_deep(),
        areas: areas(&search.area),
        verbs: verbs(&search.verb),
        rows: list.rows.into_iter().map(row).collect(),
        pager,
        signed: Signed::of(&app.office).await?,
        search,
    })
}
