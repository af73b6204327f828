//! A sample office: a bureau that does not exist, one account of each role, the sample registers, published items.
//! Never touches an office that somebody has set up already, and leaves no password that anybody knows.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use domain::Term;
use domain::rights::Role;
use ops::accounts::{self, Person, Setup};
use ops::imports::{self, Register};
use ops::{Actor, Office};

use crate::serve::{self, StoreArgs};
use crate::{disk, world};

/// Where the sample office is served.
const URL: &str = "http://127.0.0.1:8080";
/// Where requests come from that no browser sends.
const CONSOLE: &str = "console";

/// An account of the sample office: login name, name, department, certificate, role.
type Sample = (&'static str, &'static str, &'static str, &'static str, Role);
const PEOPLE: [Sample; 6] = [
    ("system", "示例系统管理员", "", "", Role::SystemAdministrator),
    ("audit", "示例审计管理员", "", "", Role::AuditAdministrator),
    ("planner", "示例计划员", "办公室", "", Role::Planner),
    ("brigade", "示例大队内勤", "环境监察大队", "", Role::Brigade),
    ("leader", "示例局领导", "", "", Role::Leader),
    (
        "inspector",
        "示例执法人员",
        "环境监察大队",
        "9908001037",
        Role::Inspector,
    ),
];

/// Sets up the office in a data folder, if nobody has yet, and says how each person comes in.
pub(crate) fn set_up(data: &Path, samples: &Path) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("系统没有给出运行所需的线程")?;
    runtime.block_on(async {
        let args = StoreArgs {
            data: data.to_owned(),
            database: None,
        };
        let office = serve::open(&args).await?;
        let text = furnished(&office, samples).await;
        office.order_ledger().await?;
        office.close().await;
        text
    })
}

async fn furnished(office: &Office, samples: &Path) -> Result<String> {
    let Some(token) = accounts::setup_link(office).await? else {
        return Ok(format!("示例单位已经设置过，打开 {URL} 登录。\n"));
    };
    let setup = Setup {
        bureau_code: "410899-EEB".to_owned(),
        bureau_name: "示例县生态环境分局".to_owned(),
        login: "security".to_owned(),
        person: "示例安全管理员".to_owned(),
    };
    let password = password()?;
    accounts::set_up(office, token.reveal(), &setup, &password, CONSOLE).await?;
    let security = signed_in(office, &setup.login, &password).await?;
    let mut text = String::from("示例单位已设好。每个账号用下面的一次性链接设置口令（3 天内有效）：\n");
    for sample @ (.., role) in PEOPLE {
        let actor = hired(office, &security, sample).await?;
        work(office, &actor, role, samples).await?;
        link(&mut text, office, &security, sample.0, role).await?;
    }
    link(
        &mut text,
        office,
        &security,
        &setup.login,
        Role::SecurityAdministrator,
    )
    .await?;
    Ok(text)
}

/// A password that nobody ever sees: its owner sets another by the link.
fn password() -> Result<String> {
    Ok(draw::hash::to_hex(&world::random::<16>()?) + "-x")
}

async fn signed_in(office: &Office, login: &str, password: &str) -> Result<Actor> {
    let token = accounts::sign_in(office, login, password, CONSOLE, CONSOLE).await?;
    Ok(ops::sessions::actor(office, token.reveal(), CONSOLE).await?)
}

async fn hired(office: &Office, security: &Actor, sample: Sample) -> Result<Actor> {
    let (login, person, department, certificate, role) = sample;
    let person = Person {
        login: login.to_owned(),
        person: person.to_owned(),
        department: department.to_owned(),
        certificate: certificate.to_owned(),
        roles: vec![role.word().to_owned()],
    };
    let token = accounts::add(office, security, &person).await?;
    let password = password()?;
    accounts::accept(office, token.reveal(), &password, CONSOLE).await?;
    signed_in(office, login, &password).await
}

/// What that person has done before the doors open.
async fn work(office: &Office, actor: &Actor, role: Role, samples: &Path) -> Result<()> {
    if role == Role::Brigade {
        for (register, name) in [
            (Register::Sources, "污染源名录库.xlsx"),
            (Register::Sources, "污染源名录库-回执-已改正.xlsx"),
            (Register::Inspectors, "执法检查人员名录库.xlsx"),
        ] {
            let file = disk::read_whole(&samples.join(name))?;
            let id = imports::upload(office, actor, register, name, file).await?;
            let preview = imports::preview(office, actor, &id, None, ops::PageRequest::new(1, 20)).await?;
            imports::apply(office, actor, &id, &preview.outcome).await?;
        }
    }
    if role == Role::Planner {
        let (all, page) = (ops::items::Filter::default(), ops::PageRequest::new(1, 100));
        for item in ops::items::list(office, actor, &all, ops::AsOf::Now, page)
            .await?
            .rows
        {
            ops::items::publish(office, actor, item.record.item.code.as_str(), item.number).await?;
        }
    }
    Ok(())
}

async fn link(text: &mut String, office: &Office, security: &Actor, login: &str, role: Role) -> Result<()> {
    let token = accounts::invite(office, security, login).await?;
    writeln!(
        text,
        "  {login:<10} {}　{URL}/invitation/{}",
        role.word(),
        token.reveal()
    )?;
    Ok(())
}
