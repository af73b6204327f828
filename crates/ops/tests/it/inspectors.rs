//! 执法检查人员名录库, leave and recusal (R4.1, R4.2).

mod absences;
mod bounds;
mod register;

use domain::rights::{Permission, Role, Roles};
use domain::{CreditCode, PermitCode, SiteNumber};
use ops::inspectors::{self, RecusalTyped, Typed};
use ops::sources;
use ops::{Actor, Refusal};
use testkit::{BUREAU, Kit};

/// Who keeps the register for the whole bureau.
fn brigade() -> Actor {
    testkit::actor(Role::Brigade)
}

/// Who keeps that department's part of it.
fn of_department(department: &str) -> Actor {
    let mut actor = testkit::actor(Role::JointDepartment);
    actor.department = department.to_owned();
    actor
}

/// An inspector with an account.
fn inspector(certificate: &str) -> Actor {
    let mut actor = testkit::actor(Role::Inspector);
    actor.certificate = certificate.to_owned();
    actor
}

/// A person as a form sends one: 姓名, 性别, 所在单位, 执法证编号, 发证机关, 执法证有效期, 手机号, 执法领域, 状态.
fn person(certificate: &str, valid_until: &str, post: &str) -> Typed {
    let cells = [
        "示例一",
        "女",
        "环境监察大队",
        certificate,
        "某某省人民政府",
        valid_until,
        "",
        "水、大气",
        post,
    ];
    Typed {
        rows: vec![cells.map(str::to_owned).to_vec()],
        department: "环境监察大队".to_owned(),
        joined_on: "2027-01-04".to_owned(),
        ground: "人事通知〔2027〕1号".to_owned(),
    }
}

async fn entered(kit: &Kit, certificate: &str) {
    let typed = person(certificate, "2029-10-15", "在岗");
    inspectors::enter(&kit.office, &brigade(), &typed).await.unwrap();
}

/// A source of that code and site number; the rest is not of interest here.
async fn source(kit: &Kit, name: &str, code: &str, site: u16) {
    let permit = PermitCode::of(
        &CreditCode::parse(code).unwrap(),
        SiteNumber::new(site).unwrap(),
        'P',
    );
    let permit = permit.unwrap().to_string();
    let cell = |title: &str| match title {
        "企业名称" => name,
        "统一社会信用代码" => code,
        "许可证编号" => &permit,
        _ => "",
    };
    let row = sources::columns()
        .iter()
        .map(|column| cell(column.title).to_owned())
        .collect();
    let typed = sources::Typed {
        rows: vec![row],
        ground: "批复".to_owned(),
    };
    sources::enter(&kit.office, &brigade(), &typed).await.unwrap();
}

fn against(certificate: &str, source: &str) -> RecusalTyped {
    RecusalTyped {
        certificate: certificate.to_owned(),
        source: source.to_owned(),
        asked_by: "被检查企业申请".to_owned(),
        ground: "配偶在该企业任职".to_owned(),
    }
}

/// The first version of the person that holds.
async fn seen(kit: &Kit, certificate: &str) -> i64 {
    let version = inspectors::editable(&kit.office, &brigade(), certificate).await;
    version.unwrap().number
}

/// Why the person may not be drawn now, in a sentence; none if they may.
async fn kept_out(kit: &Kit, certificate: &str) -> Option<String> {
    let person = inspectors::get(&kit.office, &brigade(), certificate, ops::AsOf::Now).await;
    person.unwrap().kept_out.map(|why| why.to_string())
}

/// The fields that a refusal names; none if it is about something else.
fn fields(refusal: Refusal) -> Vec<String> {
    if let Refusal::Fields(errors) = refusal {
        return errors.into_iter().map(|error| error.field).collect();
    }
    Vec::new()
}

/// What the ledger says was done, the newest first.
async fn acts(kit: &Kit) -> Vec<(String, bool)> {
    let auditor = Actor {
        roles: Roles::new([Role::AuditAdministrator]).unwrap(),
        ..brigade()
    };
    assert_eq!(auditor.bureau, BUREAU);
    assert!(auditor.may(Permission::ReadAudit).is_some());
    let page = ops::audit::list(
        &kit.office,
        &auditor,
        &store::ledger::EntryFilter::default(),
        ops::PageRequest::new(1, 100),
    )
    .await
    .unwrap();
    let entry = |record: ops::audit::Record| {
        let entry = record.entry.unwrap();
        (entry.act, entry.visibility == ledger::entry::Visibility::Public)
    };
    page.rows.into_iter().map(entry).collect()
}
