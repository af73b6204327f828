//! 实施方案 (R5.1b, R5.4), through operations and pages, on the sample registers.

mod contents;
mod pages;
mod registers;

use std::collections::BTreeMap;
use std::io::Cursor;

use domain::rights::Role;
use domain::{Inspector, ItemDraft, Source};
use ops::plans::annual::{self, AmountKind, Line, Typed};
use ops::plans::scheme::{self, Begun, Scheme};
use ops::plans::scope::Scope;
use ops::plans::{Act, Kind, Plan, workflow};
use ops::{Actor, AsOf, Refusal};
use testkit::{BUREAU, Kit, Person};

/// Number of the plan of these tests.
const NUMBER: &str = "2027-Q1";
const SAMPLE: &str = include_str!("../../../../samples/plan.toml");

/// The registers of `samples`, as two imports leave them: the rows taken, then those of the mended receipt.
fn sources() -> Vec<Source> {
    let files: [&[u8]; 2] = [
        include_bytes!("../../../../samples/污染源名录库.xlsx"),
        include_bytes!("../../../../samples/污染源名录库-回执-已改正.xlsx"),
    ];
    let mut all = BTreeMap::new();
    for file in files {
        let read = sheets::import::<sheets::Sources>(Cursor::new(file)).unwrap();
        all.extend(
            read.accepted
                .into_iter()
                .map(|row| (row.record.id().to_string(), row.record)),
        );
    }
    all.into_values().collect()
}

fn inspectors() -> Vec<Inspector> {
    let file: &[u8] = include_bytes!("../../../../samples/执法检查人员名录库.xlsx");
    let read = sheets::import::<sheets::Inspectors>(Cursor::new(file)).unwrap();
    read.accepted.into_iter().map(|row| row.record).collect()
}

/// Puts registers into the office.
async fn fill(kit: &Kit, sources: Vec<Source>, inspectors: Vec<Inspector>) {
    kit.set_up().await;
    let day = kit.clock.now().day();
    let source = |source| store::sources::Entry {
        source,
        inside: true,
        confirmed_on: Some(day),
    };
    let inspector = |inspector: Inspector| store::inspectors::Entry {
        department: "环境监察大队".to_owned(),
        inspector,
        inside: true,
        joined_on: Some(day),
        left_on: None,
    };
    let sources: Vec<_> = sources.into_iter().map(|own| (1, source(own))).collect();
    let inspectors: Vec<_> = inspectors.into_iter().map(|own| (1, inspector(own))).collect();
    let stamp = kit.stamp("source.import");
    let mut tx = kit.db.begin().await.unwrap();
    store::sources::add(&mut tx, BUREAU, &sources, &stamp)
        .await
        .unwrap();
    store::inspectors::add(&mut tx, BUREAU, &inspectors, &stamp)
        .await
        .unwrap();
    kit.commit(tx).await;
}

/// Who drafts, and who approves.
struct People {
    planner: Person,
    leader: Person,
}

/// An office with the sample registers, published items and a published annual plan.
async fn office(kit: &Kit) -> People {
    fill(kit, sources(), inspectors()).await;
    let planner = kit.person(Role::Planner).await;
    let leader = kit.person(Role::Leader).await;
    let people = People { planner, leader };
    publish_items(kit, &people.planner.actor).await;
    publish_annual(kit, &people).await;
    people
}

/// The three items of the guide, and one for all other sources.
async fn publish_items(kit: &Kit, planner: &Actor) {
    let department = domain::Text::parse("环境监察大队").unwrap();
    let first = domain::items::guide::guide_items(&department).remove(0);
    let general = ItemDraft {
        code: "YBPW-01".to_owned(),
        name: "一般排污单位检查".to_owned(),
        object: "一般排污单位".to_owned(),
        ..first.draft()
    };
    ops::items::draft(&kit.office, planner, &general).await.unwrap();
    for code in ["ZDJK-01", "ZGZD-01", "FZGZD-01", "YBPW-01"] {
        let item = ops::items::get(&kit.office, planner, code, AsOf::Now)
            .await
            .unwrap();
        ops::items::publish(&kit.office, planner, code, item.number)
            .await
            .unwrap();
    }
}

async fn publish_annual(kit: &Kit, people: &People) {
    let key = |word: &str| Scope {
        key: "是".to_owned(),
        administrations: vec![word.to_owned()],
        ..Scope::default()
    };
    let stations = Scope {
        stations: "1".to_owned(),
        ..Scope::default()
    };
    let line = |scope: &str, filter: Scope, item: &str| Line {
        items: vec![item.to_owned()],
        scope: scope.to_owned(),
        filter,
        amount_kind: AmountKind::Ratio,
        amount: "25%".to_owned(),
        period: "每季度".to_owned(),
        quarters: vec!["一季度".to_owned(), "二季度".to_owned()],
        departments: vec!["环境监察大队".to_owned()],
    };
    let typed = Typed {
        year: "2027".to_owned(),
        title: "示例县2027年度随机抽查工作计划".to_owned(),
        purpose: "检查污染防治设施运行和排污许可制度落实情况".to_owned(),
        yearly_cap: "2".to_owned(),
        cover_months: String::new(),
        lines: vec![
            line("自动监控基站", stations, "ZDJK-01"),
            line("直管重点污染源", key("直管"), "ZGZD-01"),
            line("非直管重点污染源", key("非直管"), "FZGZD-01"),
            line("一般排污单位", Scope::default(), "YBPW-01"),
        ],
    };
    let planner = &people.planner.actor;
    let number = annual::create(&kit.office, planner, &typed).await.unwrap();
    for (actor, act) in [
        (planner, Act::Submit),
        (&people.leader.actor, Act::Approve),
        (planner, Act::Publish),
    ] {
        let seen = workflow::get(&kit.office, actor, Kind::Annual, &number)
            .await
            .unwrap()
            .newest
            .number;
        workflow::act(&kit.office, actor, Kind::Annual, (&number, seen), act, "")
            .await
            .unwrap();
    }
}

fn begun() -> Begun {
    Begun {
        under: "2027".to_owned(),
        number: NUMBER.to_owned(),
        draw: "2027-001".to_owned(),
        from: "2027-01-05".to_owned(),
        until: "2027-03-31".to_owned(),
    }
}

/// A plan begun under the annual plan.
async fn plan(kit: &Kit, people: &People) -> (Plan, i64) {
    scheme::begin(&kit.office, &people.planner.actor, &begun())
        .await
        .unwrap();
    newest(kit, &people.planner.actor).await
}

async fn newest(kit: &Kit, actor: &Actor) -> (Plan, i64) {
    let standing = workflow::get(&kit.office, actor, Kind::Implementation, NUMBER)
        .await
        .unwrap();
    (standing.newest.record, standing.newest.number)
}

/// Saves the plan with a change.
async fn change(kit: &Kit, people: &People, step: impl FnOnce(Scheme) -> Scheme) -> Result<(), Refusal> {
    let planner = &people.planner.actor;
    let (plan, seen) = newest(kit, planner).await;
    let scheme = Scheme::from_toml(&plan.body).unwrap();
    scheme::save(&kit.office, planner, NUMBER, seen, &step(scheme)).await
}

async fn act(kit: &Kit, actor: &Actor, act: Act) -> Result<(), Refusal> {
    let (_, seen) = newest(kit, actor).await;
    workflow::act(
        &kit.office,
        actor,
        Kind::Implementation,
        (NUMBER, seen),
        act,
        "退回理由",
    )
    .await
}

/// The sentences of a refusal.
fn told(refusal: Refusal) -> String {
    match refusal {
        Refusal::Fields(errors) => errors
            .into_iter()
            .map(|error| error.text)
            .collect::<Vec<_>>()
            .join("\n"),
        other @ (Refusal::SignedOut
        | Refusal::Forbidden(_)
        | Refusal::Missing(_)
        | Refusal::Rule(_)
        | Refusal::Overtaken
        | Refusal::Store(_)) => other.to_string(),
    }
}
