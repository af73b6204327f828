//! R3.1: registers are filled from files, repeatedly; what changes is shown before it does; no row is lost.
//! Never reaches behind the operations, but to see what the register then says.

mod apply;
mod identity;
mod inspectors;
mod order;
mod preview;
mod receipts;

use domain::{Role, Source, Text};
use ops::imports::{self, Counts, Group, Line, Preview, Register, Shown};
use ops::sources::{Filter, Presence};
use ops::{Actor, AsOf, PageRequest, Refusal, Version};
use sheets::{Finding, Register as _, Sources};
use store::ledger::EntryFilter;
use testkit::{Kit, ordinary_source};

/// Whoever may import.
async fn brigade(kit: &Kit) -> Actor {
    kit.person(Role::Brigade).await.actor
}

fn sources(numbers: impl IntoIterator<Item = u32>) -> Vec<Source> {
    numbers.into_iter().map(ordinary_source).collect()
}

fn id(number: u32) -> String {
    ordinary_source(number).id().to_string()
}

fn text(text: &str) -> Option<Text> {
    Text::parse(text).ok()
}

fn workbook(sources: &[Source]) -> Vec<u8> {
    sheets::export::<Sources>(sources).unwrap()
}

/// A table of some columns only.
fn table(header: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let line = |cells: &[&str]| cells.join(",") + "\n";
    let rows: String = rows.iter().map(|row| line(row)).collect();
    (line(header) + &rows).into_bytes()
}

async fn upload(kit: &Kit, actor: &Actor, file: Vec<u8>) -> String {
    imports::upload(&kit.office, actor, Register::Sources, "名录.xlsx", file)
        .await
        .unwrap()
}

async fn preview(kit: &Kit, actor: &Actor, id: &str, group: Option<Group>) -> Preview {
    imports::preview(&kit.office, actor, id, group, PageRequest::new(1, 50))
        .await
        .unwrap()
}

async fn lines(kit: &Kit, actor: &Actor, id: &str, group: Group) -> Vec<Line> {
    match preview(kit, actor, id, Some(group)).await.shown {
        Shown::Lines(page) => page.rows,
        Shown::Findings(_) => Vec::new(),
    }
}

async fn findings(kit: &Kit, actor: &Actor, id: &str, group: Group) -> Vec<Finding> {
    match preview(kit, actor, id, Some(group)).await.shown {
        Shown::Findings(page) => page.rows,
        Shown::Lines(_) => Vec::new(),
    }
}

/// Applies what the preview shows.
async fn confirm(kit: &Kit, actor: &Actor, id: &str) -> Result<Counts, Refusal> {
    let outcome = preview(kit, actor, id, None).await.outcome;
    imports::apply(&kit.office, actor, id, &outcome).await
}

/// Uploads and applies; gives the id.
async fn import(kit: &Kit, actor: &Actor, file: Vec<u8>) -> String {
    let id = upload(kit, actor, file).await;
    confirm(kit, actor, &id).await.unwrap();
    id
}

async fn receipt_of(kit: &Kit, actor: &Actor, id: &str) -> Vec<u8> {
    let (name, bytes) = imports::receipt(&kit.office, actor, id).await.unwrap();
    assert!(name.ends_with("-回执.xlsx"), "{name}");
    bytes
}

/// All that the register says, by id.
async fn register(kit: &Kit, actor: &Actor) -> Vec<Source> {
    let filter = Filter {
        left: Presence::Both,
        ..Filter::default()
    };
    ops::sources::all(&kit.office, actor, &filter, AsOf::Now)
        .await
        .unwrap()
}

async fn held(kit: &Kit, actor: &Actor, id: &str) -> Version<ops::sources::Entry> {
    ops::sources::get(&kit.office, actor, id, AsOf::Now)
        .await
        .unwrap()
}

/// Before and after of the fields that differ.
fn changes(line: &Line) -> Vec<(&'static str, &str, &str)> {
    let both = line.before.iter().zip(&line.after);
    let differing = both.filter(|((_, before), (_, after))| before != after);
    differing
        .map(|((title, before), (_, after))| (*title, before.as_str(), after.as_str()))
        .collect()
}

/// The entries of the ledger about an import: act, ground, author.
async fn recorded(kit: &Kit, id: &str) -> Vec<(String, String, String)> {
    let auditor = kit.person(Role::AuditAdministrator).await.actor;
    let filter = EntryFilter {
        subject: format!("import/{id}"),
        ..EntryFilter::default()
    };
    let page = ops::audit::list(&kit.office, &auditor, &filter, PageRequest::new(1, 100))
        .await
        .unwrap();
    let mut entries: Vec<_> = page.rows.into_iter().filter_map(|record| record.entry).collect();
    entries.sort_by_key(|entry| entry.at_micros);
    entries
        .into_iter()
        .map(|entry| (entry.act, entry.ground, entry.actor))
        .collect()
}

/// The column of the register in which a field of the form stands.
fn column(title: &str) -> usize {
    Sources::COLUMNS
        .iter()
        .position(|(_, column)| column.title == title)
        .unwrap()
}
