//! The office as benches need it: a database that is full, a server for it, an import that is measured.
//! Never part of the product.
//!
//! `bench-office fill DATABASE SOURCES` sets up a bureau with so many sources and prints the token of a signed-in planner;
//! `bench-office serve DATABASE ADDRESS` serves it; `bench-office workbook ROWS FILE` writes a workbook of which three rows
//! in ten are wrong; `bench-office import DATABASE FILE RECEIPT TOKEN` imports it as the browser does for whom `fill` signed in.

mod made_up;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use ops::accounts::{Person, Setup};
use ops::imports::{self, Register};
use ops::{Actor, At, Office, Outside, PageRequest};

/// The machine.
struct Machine;

impl Outside for Machine {
    #[expect(
        clippy::disallowed_methods,
        reason = "a program asks for the time at its edge"
    )]
    fn now(&self) -> At {
        At(jiff::Timestamp::now().as_microsecond())
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a program asks for randomness at its edge"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }

    fn kept(&self) -> Option<String> {
        None
    }

    fn keep(&self, _: &str) {}
}

const PASSWORD: &str = "correct-horse-42";

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["fill", database, sources] => fill(database, sources.parse()?).await,
        ["serve", database, address] => serve(database, address).await,
        ["workbook", rows, file] => Ok(std::fs::write(file, made_up::workbook(rows.parse()?)?)?),
        ["import", database, file, receipt, token] => {
            import(database, Path::new(file), Path::new(receipt), token).await
        }
        _ => bail!("bench-office fill|serve|workbook|import, see its source"),
    }
}

async fn open(database: &str) -> Result<Office> {
    Ok(Office::open(database, [7; 32], Arc::new(Machine)).await?)
}

/// The brigade's account of a bureau that is set up if it is not there yet, and the token of its session.
async fn brigade(office: &Office) -> Result<(Actor, String)> {
    if let Some(token) = ops::accounts::setup_link(office).await? {
        let setup = Setup {
            bureau_code: "410899-EEB".to_owned(),
            bureau_name: "示例县生态环境分局".to_owned(),
            login: "security".to_owned(),
            person: "安全".to_owned(),
        };
        ops::accounts::set_up(office, token.reveal(), &setup, PASSWORD, "-").await?;
        let security = sign_in(office, "security").await?.0;
        let person = Person {
            login: "brigade".to_owned(),
            person: "大队".to_owned(),
            department: "环境监察大队".to_owned(),
            certificate: String::new(),
            roles: vec!["监察大队".to_owned()],
        };
        let link = ops::accounts::add(office, &security, &person).await?;
        ops::accounts::accept(office, link.reveal(), PASSWORD, "-").await?;
    }
    sign_in(office, "brigade").await
}

async fn sign_in(office: &Office, login: &str) -> Result<(Actor, String)> {
    let token = ops::accounts::sign_in(office, login, PASSWORD, "-", "bench").await?;
    let actor = ops::sessions::actor(office, token.reveal(), "-").await?;
    Ok((actor, token.reveal().to_owned()))
}

async fn fill(database: &str, sources: u32) -> Result<()> {
    let office = open(database).await?;
    let (actor, token) = brigade(&office).await?;
    // As people would: by importing, so many at a time as a file may have.
    for first in (0..sources).step_by(100_000) {
        let last = sources.min(first + 100_000);
        let file =
            sheets::export::<sheets::Sources>(&(first..last).map(made_up::source).collect::<Vec<_>>())?;
        let id = imports::upload(&office, &actor, Register::Sources, "bench.xlsx", file).await?;
        let preview = imports::preview(&office, &actor, &id, None, PageRequest::new(1, 50)).await?;
        imports::apply(&office, &actor, &id, &preview.outcome).await?;
    }
    office.order_ledger().await?;
    println_token(&token);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what the bench reads")]
fn println_token(token: &str) {
    println!("{token}");
}

async fn serve(database: &str, address: &str) -> Result<()> {
    let office = open(database).await?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    let router = web::router(office, web::Settings::default());
    Ok(axum::serve(listener, router).await?)
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
#[expect(clippy::print_stdout, reason = "what the bench reads")]
async fn import(database: &str, file: &Path, receipt: &Path, token: &str) -> Result<()> {
    let office = open(database).await?;
    let actor = ops::sessions::actor(&office, token, "-").await?;
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let begun = Instant::now();
    let id = imports::upload(&office, &actor, Register::Sources, "bench.xlsx", bytes).await?;
    let preview = imports::preview(&office, &actor, &id, None, PageRequest::new(1, 50)).await?;
    imports::apply(&office, &actor, &id, &preview.outcome).await?;
    let (_, written) = imports::receipt(&office, &actor, &id).await?;
    let seconds = begun.elapsed().as_secs_f64();
    std::fs::write(receipt, written)?;
    println!(
        "bench seconds={seconds:.3} new={} wrong={}",
        preview.counts.fresh, preview.counts.wrong
    );
    Ok(())
}
