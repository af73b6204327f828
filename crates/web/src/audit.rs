//! 审计 and the public half of the ledger.
//! Never shows a private entry to who may not audit.

mod list;
mod public;
mod show;
mod verify;

use domain::rights::Permission::ReadAudit;
use ops::audit::Record;

use crate::form::encoded;
use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at("/audit", get(list::list).authorize(ReadAudit))
        .at("/audit/verify", get(verify::ask).authorize(ReadAudit))
        .at("/audit/verify", post(verify::verify).authorize(ReadAudit))
        .at("/audit/{id}", get(show::show).authorize(ReadAudit))
        .at("/ledger", get(public::ledger).public())
        .at("/ledger/checkpoint", get(public::checkpoint).public())
        .at("/ledger/key", get(public::key).public())
        .at("/ledger/leaves", get(public::leaves).public())
}

/// The page of a subject; empty if there is none that an auditor may see. Nobody audits and does other work too (三员),
/// so that accounts are all there is.
fn page_of_subject(subject: &str) -> String {
    let login = subject.strip_prefix("account/");
    login.map_or_else(String::new, |login| format!("/accounts/{}", encoded(login)))
}

/// An entry in words.
struct Words {
    at: String,
    who: String,
    from: String,
    act: String,
    subject: String,
    ground: String,
}

impl Words {
    fn of(record: &Record) -> Self {
        let Some(entry) = &record.entry else {
            let gone = "（读不出）".to_owned();
            let none = String::new;
            return Self {
                at: gone.clone(),
                act: gone,
                who: none(),
                from: none(),
                subject: none(),
                ground: none(),
            };
        };
        Self {
            at: ops::At(entry.at_micros).to_string(),
            who: who(&entry.actor, &record.person),
            from: from(&entry.from),
            act: act(&entry.act),
            subject: subject(&entry.subject),
            ground: entry.ground.clone(),
        }
    }
}

/// Who did it: the name and the login name.
fn who(login: &str, person: &str) -> String {
    match (login, person) {
        ("-", _) => "未登录".to_owned(),
        (login, "") => login.to_owned(),
        (login, person) => format!("{person}（{login}）"),
    }
}

/// Where it came from.
fn from(address: &str) -> String {
    match address {
        "-" => "不明".to_owned(),
        "console" => "服务器本机".to_owned(),
        address => address.to_owned(),
    }
}

/// The act in words, or as the ledger names it where there are none.
fn act(name: &str) -> String {
    match (ops::audit::area(name), ops::audit::verb(name)) {
        (Some(area), Some(verb)) => format!("{area}：{verb}"),
        _ => name.to_owned(),
    }
}

/// The subject with the word of its kind.
fn subject(name: &str) -> String {
    match (ops::audit::area(name), name.split_once('/')) {
        (Some(area), Some((_, id))) => format!("{area} {id}"),
        _ => name.to_owned(),
    }
}

/// Place in the tree.
fn place(record: &Record) -> String {
    record
        .index
        .map_or_else(|| "等待排入".to_owned(), |index| index.to_string())
}

/// What outsiders keep of the ledger: its newest checkpoint and the key that verifies it.
struct Signed {
    checkpoint: String,
    verifier: String,
    fingerprint: String,
}

impl Signed {
    async fn of(office: &ops::Office) -> Result<Self, ops::Refusal> {
        let (checkpoint, verifier) = ops::audit::checkpoint(office).await?;
        Ok(Self {
            checkpoint: checkpoint.unwrap_or_default(),
            fingerprint: verifier.split('+').nth(1).unwrap_or_default().to_owned(),
            verifier,
        })
    }
}
