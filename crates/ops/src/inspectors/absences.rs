//! 请假和回避: who is away and when, and who does not go to which source.
//! Never deletes one, and never lets a person withdraw a recusal of their own.

use std::collections::BTreeSet;

use domain::rights::Permission;
use domain::{CertificateNumber, Identity, SiteNumber, TargetId, Text, clean_code, clean_name};
use jiff::civil::Date;
use store::absences::{self, Filter, Leave, Listed, Recusal, Withdrawal};
use store::inspectors::{self, Entry, Filter as PeopleFilter};
use store::sources::{self, Filter as SourceFilter};
use store::versions::{AsOf, Version};
use store::{Page, PageRequest};

use super::{bounds, found};
use crate::accounts::kept;
use crate::duties::days_from;
use crate::sources::{ground_of, stated};
use crate::{Actor, Deed, FieldError, Office, Refusal};

/// Kinds of leave.
pub const KINDS: [&str; 6] = ["年休假", "病假", "事假", "产假", "公差或培训", "其他"];
/// Who asks for a recusal; the first is the inspector's own declaration.
pub const ASKED_BY: [&str; 3] = ["本人申报", "被检查企业申请", "机关决定"];
/// Longest leave, in days: longer is a slip of the year, or a change of post.
const LEAVE_DAYS_MAX: i64 = 731;
/// Rows of a register that are looked at where a name was typed.
const ROWS_MAX: i64 = 2_000;

/// What was typed of a leave.
#[derive(Debug, Clone, Default)]
pub struct LeaveTyped {
    /// 执法证编号, or the full name of a person whom nobody else is called.
    pub certificate: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// 理由
    pub ground: String,
}

/// What was typed of a recusal.
#[derive(Debug, Clone, Default)]
pub struct RecusalTyped {
    /// 执法证编号 or full name; of no use where a person declares their own.
    pub certificate: String,
    /// Code of an enterprise, id of a site, or full name of an enterprise.
    pub source: String,
    /// One of [`ASKED_BY`]; of no use where a person declares their own.
    pub asked_by: String,
    /// 理由
    pub ground: String,
}

/// All leaves and recusals of a person.
#[derive(Debug, Clone, Default)]
pub struct Absences {
    /// 请假
    pub leaves: Vec<Listed<Leave>>,
    /// 回避
    pub recusals: Vec<Listed<Recusal>>,
}

/// A leave or a recusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// 请假
    Leave,
    /// 回避
    Recusal,
}

fn within(filter: &Filter, bounds: Option<&str>) -> Filter {
    Filter {
        department: bounds.unwrap_or(&filter.department).to_owned(),
        ..filter.clone()
    }
}

/// Grounds may tell of illness and family: they are for the person, for who keeps the register, and for who plans with it.
fn may_read_ground(actor: &Actor, certificate: &str) -> bool {
    let keeps = [
        Permission::ChangeInspectors,
        Permission::DraftPlans,
        Permission::ApprovePlans,
    ];
    actor.certificate == certificate || keeps.iter().any(|own| actor.may(*own).is_some())
}

fn silenced(ground: &mut String, withdrawn: Option<&mut Withdrawal>) {
    ground.clear();
    if let Some(withdrawal) = withdrawn {
        withdrawal.ground.clear();
    }
}

fn leaves_for(actor: &Actor, mut rows: Vec<Listed<Leave>>) -> Vec<Listed<Leave>> {
    for Listed { record, .. } in &mut rows {
        if !may_read_ground(actor, &record.certificate) {
            silenced(&mut record.ground, record.withdrawn.as_mut());
        }
    }
    rows
}

fn recusals_for(actor: &Actor, mut rows: Vec<Listed<Recusal>>) -> Vec<Listed<Recusal>> {
    for Listed { record, .. } in &mut rows {
        if !may_read_ground(actor, &record.certificate) {
            silenced(&mut record.ground, record.withdrawn.as_mut());
        }
    }
    rows
}

/// A page of leaves; grounds are empty to who may not read them.
///
/// # Errors
/// [`Refusal`].
pub async fn leaves(
    office: &Office,
    actor: &Actor,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Listed<Leave>>, Refusal> {
    let filter = within(filter, bounds(actor, Permission::ReadRegisters)?);
    let page = absences::leaves(&mut *office.db.read().await?, &actor.bureau, &filter, request).await?;
    Ok(Page {
        rows: leaves_for(actor, page.rows),
        ..page
    })
}

/// A page of recusals; grounds are empty to who may not read them.
///
/// # Errors
/// [`Refusal`].
pub async fn recusals(
    office: &Office,
    actor: &Actor,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Listed<Recusal>>, Refusal> {
    let filter = within(filter, bounds(actor, Permission::ReadRegisters)?);
    let page = absences::recusals(&mut *office.db.read().await?, &actor.bureau, &filter, request).await?;
    Ok(Page {
        rows: recusals_for(actor, page.rows),
        ..page
    })
}

/// All leaves and recusals of a person as they were known then, with those that were withdrawn.
///
/// # Errors
/// [`Refusal`].
pub async fn absences_of(
    office: &Office,
    actor: &Actor,
    certificate: &str,
    as_of: AsOf,
) -> Result<Absences, Refusal> {
    let bounds = bounds(actor, Permission::ReadRegisters)?;
    let own = Filter {
        certificate: certificate.to_owned(),
        withdrawn: true,
        as_of,
        ..Filter::default()
    };
    let (own, bureau) = (within(&own, bounds), &actor.bureau);
    let mut read = office.db.read().await?;
    Ok(Absences {
        leaves: leaves_for(actor, absences::all_leaves(&mut read, bureau, &own).await?),
        recusals: recusals_for(actor, absences::all_recusals(&mut read, bureau, &own).await?),
    })
}

/// Who is away on some day of a window: for plans, whose time it is.
///
/// # Errors
/// [`Refusal`].
pub async fn leaves_over(
    office: &Office,
    actor: &Actor,
    from: Date,
    until: Date,
) -> Result<Vec<Listed<Leave>>, Refusal> {
    let window = Filter {
        ends_from: Some(from),
        begins_until: Some(until),
        ..Filter::default()
    };
    let window = within(&window, bounds(actor, Permission::ReadRegisters)?);
    let rows = absences::all_leaves(&mut *office.db.read().await?, &actor.bureau, &window).await?;
    let bearing = rows.into_iter().filter(|leave| leave.bears).collect();
    Ok(leaves_for(actor, bearing))
}

/// The recusals that a plan has to heed now: not withdrawn, the person and the source both in the register.
///
/// # Errors
/// [`Refusal`].
pub async fn recusals_now(office: &Office, actor: &Actor) -> Result<Vec<domain::plans::Recusal>, Refusal> {
    let all = within(&Filter::default(), bounds(actor, Permission::ReadRegisters)?);
    let rows = absences::all_recusals(&mut *office.db.read().await?, &actor.bureau, &all).await?;
    let damaged = |e: String| Refusal::Store(store::StoreError::Damaged(format!("回避：{e}")));
    let recusal = |Listed { record, .. }: Listed<Recusal>| {
        Ok(domain::plans::Recusal {
            certificate: CertificateNumber::parse(&record.certificate).map_err(|e| damaged(e.to_string()))?,
            source: TargetId::parse(&record.source).map_err(|e| damaged(e.to_string()))?,
            ground: Text::parse(&record.ground).map_err(|e| damaged(e.to_string()))?,
        })
    };
    rows.into_iter().filter(|row| row.bears).map(recusal).collect()
}

/// The person of that certificate number or full name, who must be inside the register.
async fn inside(
    conn: &mut store::Conn,
    actor: &Actor,
    bounds: Option<&str>,
    typed: &str,
) -> Result<Result<Version<Entry>, String>, Refusal> {
    let (number, name) = (clean_code(typed).text, clean_name(typed).text);
    if number.is_empty() {
        return Ok(Err("没有填写人员；请填写姓名或执法证编号".to_owned()));
    }
    match found(conn, actor, bounds, &number, AsOf::Now).await {
        Ok(version) if version.record.inside => return Ok(Ok(version)),
        Ok(version) => {
            let name = version.record.inspector.name;
            return Ok(Err(format!("{name}已经离开名录库；重新入库后才能登记")));
        }
        Err(Refusal::Missing(_)) => {}
        Err(other) => return Err(other),
    }
    let filter = PeopleFilter {
        text: name.clone(),
        ..PeopleFilter::default()
    };
    let filter = super::within(&filter, bounds);
    let mut people = inspectors::after(conn, &actor.bureau, &filter, AsOf::Now, "", ROWS_MAX).await?;
    people.retain(|version| version.record.inspector.name.as_str() == name);
    let mut people = people.into_iter();
    Ok(match (people.next(), people.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(format!("名录库里不止一人叫“{name}”；请改填执法证编号")),
        (None, _) => Err(format!(
            "名录库里没有姓名或执法证编号为“{name}”的人员；请核对，或从人员档案里登记"
        )),
    })
}

/// Records a leave; tells the certificate number of who is away.
///
/// # Errors
/// [`Refusal`]; fields are `certificate`, `kind`, `from`, `until`, `ground`.
pub async fn record_leave(office: &Office, actor: &Actor, typed: &LeaveTyped) -> Result<String, Refusal> {
    let bounds = bounds(actor, Permission::ChangeInspectors)?;
    let mut errors = Vec::new();
    let day = |text: &str| domain::dates::parse_date(text).map(|(day, _)| day);
    let kind = kept(&mut errors, "kind", one_of(&KINDS, &typed.kind, "类别"));
    let from = kept(&mut errors, "from", day(&typed.from));
    let until = kept(&mut errors, "until", day(&typed.until));
    let ground = ground_of(&typed.ground, &mut errors);
    let mut tx = office.db.begin().await?;
    store::bureaus::hold(&mut tx, &actor.bureau).await?;
    let person = inside(&mut tx, actor, bounds, &typed.certificate).await?;
    let person = kept(&mut errors, "certificate", person);
    if let (Some(from), Some(until)) = (from, until) {
        errors.extend(wrong_window(from, until));
    }
    let (Some(kind), Some(from), Some(until), Some(ground), Some(person), true) =
        (kind, from, until, ground, person, errors.is_empty())
    else {
        return Err(Refusal::Fields(errors));
    };
    let leave = Leave {
        id: office.id(),
        certificate: person.record.inspector.certificate.number.to_string(),
        kind,
        from,
        until,
        ground,
        author: actor.login.clone(),
        recorded_at: office.now(),
        withdrawn: None,
    };
    refuse_overlap(&mut tx, actor, &leave).await?;
    absences::add_leave(&mut tx, &actor.bureau, &leave).await?;
    let deed = Deed::new("leave.record", format!("leave/{}", leave.id))
        .ground(&leave.ground)
        .changed(None, Some(&described_leave(&leave)));
    office.commit(tx, actor, deed).await?;
    Ok(leave.certificate)
}

fn one_of(words: &[&str], word: &str, title: &str) -> Result<String, String> {
    let known = words.contains(&word).then(|| word.to_owned());
    known.ok_or_else(|| format!("没有选择{title}；请选择：{}", words.join("、")))
}

fn wrong_window(from: Date, until: Date) -> Option<FieldError> {
    if until < from {
        return Some(FieldError::new("until", "最后一天早于第一天；请核对后改正"));
    }
    (until > days_from(from, LEAVE_DAYS_MAX)).then(|| {
        FieldError::new(
            "until",
            "请假超过两年；请核对年份，长期不在岗的请变更档案里的状态",
        )
    })
}

async fn refuse_overlap(conn: &mut store::Conn, actor: &Actor, leave: &Leave) -> Result<(), Refusal> {
    let same = Filter {
        certificate: leave.certificate.clone(),
        ends_from: Some(leave.from),
        begins_until: Some(leave.until),
        ..Filter::default()
    };
    let other = absences::all_leaves(conn, &actor.bureau, &same).await?;
    other.first().map_or(Ok(()), |other| {
        let Leave {
            kind, from, until, ..
        } = &other.record;
        let text = format!("与已登记的{kind}（{from}至{until}）重叠；请改日期，或先撤销那一条");
        Err(Refusal::field("from", text))
    })
}

/// A person declares that they do not go to a source (申报回避).
///
/// # Errors
/// [`Refusal`]; fields are `source` and `ground`.
pub async fn declare_recusal(office: &Office, actor: &Actor, typed: &RecusalTyped) -> Result<(), Refusal> {
    actor.must(Permission::DeclareRecusal)?;
    if actor.certificate.is_empty() {
        return Err(Refusal::rule(
            "你的账号没有登记执法证编号，系统找不到名录库里的本人；请联系本单位的安全管理员补上",
        ));
    }
    let own = RecusalTyped {
        certificate: actor.certificate.clone(),
        asked_by: ASKED_BY.first().copied().unwrap_or_default().to_owned(),
        ..typed.clone()
    };
    let declared = recused(office, actor, None, &own, "recusal.declare").await;
    // Who declares types no certificate number, so that there is no field to say it beside.
    declared.map(|_| ()).map_err(|refusal| match refusal {
        Refusal::Fields(errors) => Refusal::Fields(errors.into_iter().map(without_certificate).collect()),
        other @ (Refusal::SignedOut
        | Refusal::Forbidden(_)
        | Refusal::Missing(_)
        | Refusal::Rule(_)
        | Refusal::Overtaken
        | Refusal::Store(_)) => other,
    })
}

fn without_certificate(error: FieldError) -> FieldError {
    if error.field == "certificate" {
        return FieldError::new("", error.text);
    }
    error
}

/// Records a recusal of somebody: declared on paper, asked for by the enterprise, or decided by the bureau. Tells the
/// certificate number.
///
/// # Errors
/// [`Refusal`]; fields are `certificate`, `source`, `asked_by`, `ground`.
pub async fn record_recusal(office: &Office, actor: &Actor, typed: &RecusalTyped) -> Result<String, Refusal> {
    let bounds = bounds(actor, Permission::ChangeInspectors)?;
    recused(office, actor, bounds, typed, "recusal.record").await
}

async fn recused(
    office: &Office,
    actor: &Actor,
    bounds: Option<&str>,
    typed: &RecusalTyped,
    act: &'static str,
) -> Result<String, Refusal> {
    let mut errors = Vec::new();
    let asked_by = kept(
        &mut errors,
        "asked_by",
        one_of(&ASKED_BY, &typed.asked_by, "由谁提出"),
    );
    let ground = ground_of(&typed.ground, &mut errors);
    let mut tx = office.db.begin().await?;
    store::bureaus::hold(&mut tx, &actor.bureau).await?;
    let person = inside(&mut tx, actor, bounds, &typed.certificate).await?;
    let person = kept(&mut errors, "certificate", person);
    let source = resolved(&mut tx, actor, &typed.source).await?;
    let source = kept(&mut errors, "source", source);
    let (Some(asked_by), Some(ground), Some(person), Some(source)) = (asked_by, ground, person, source)
    else {
        return Err(Refusal::Fields(errors));
    };
    let recusal = Recusal {
        id: office.id(),
        certificate: person.record.inspector.certificate.number.to_string(),
        source: source.to_string(),
        asked_by,
        ground,
        author: actor.login.clone(),
        recorded_at: office.now(),
        withdrawn: None,
    };
    refuse_repeated(&mut tx, actor, &recusal).await?;
    absences::add_recusal(&mut tx, &actor.bureau, &recusal).await?;
    let deed = Deed::new(act, format!("recusal/{}", recusal.id))
        .ground(&recusal.ground)
        .changed(None, Some(&described_recusal(&recusal)));
    office.commit(tx, actor, deed).await?;
    Ok(recusal.certificate)
}

async fn refuse_repeated(conn: &mut store::Conn, actor: &Actor, recusal: &Recusal) -> Result<(), Refusal> {
    let own = Filter {
        certificate: recusal.certificate.clone(),
        ..Filter::default()
    };
    let rows = absences::all_recusals(conn, &actor.bureau, &own).await?;
    if rows.iter().any(|row| row.record.source == recusal.source) {
        return Err(Refusal::field(
            "source",
            "这个人员对这家企业的回避已经登记过，仍然有效，不用再登记",
        ));
    }
    Ok(())
}

/// The site or the enterprise that was typed, by code, id or full name; it must be inside the register.
async fn resolved(
    conn: &mut store::Conn,
    actor: &Actor,
    typed: &str,
) -> Result<Result<TargetId, String>, Refusal> {
    let (code, name) = (clean_code(typed).text, clean_name(typed).text);
    if code.is_empty() {
        return Ok(Err(
            "没有填写企业；请填写统一社会信用代码、带后缀的厂区编号或企业全称".to_owned(),
        ));
    }
    let exact = sources::find(conn, &actor.bureau, &code, AsOf::Now).await?;
    if let Some(site) = exact.filter(|site| site.record.inside) {
        return Ok(Ok(site.record.source.id()));
    }
    let mut enterprises = BTreeSet::new();
    for text in BTreeSet::from([&code, &name]) {
        let filter = SourceFilter {
            text: text.clone(),
            ..SourceFilter::default()
        };
        let some = sources::after(conn, &actor.bureau, &filter, AsOf::Now, "", ROWS_MAX).await?;
        let named = some.into_iter().map(|version| version.record.source);
        let named = named.filter(|source| source.identity.as_str() == code || source.name.as_str() == name);
        enterprises.extend(named.map(|source| TargetId::of(&source.identity, SiteNumber::FIRST)));
    }
    let mut enterprises = enterprises.into_iter();
    Ok(match (enterprises.next(), enterprises.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(format!("名录库里不止一家叫“{name}”；请改填统一社会信用代码")),
        (None, _) => Err(unknown(&code, &name)),
    })
}

/// Why nothing was found: a code that cannot be right, or one that the register does not have.
fn unknown(code: &str, name: &str) -> String {
    let looks_like_code = code
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    let enterprise = code.split_once('-').map_or(code, |(enterprise, _)| enterprise);
    let wrong = looks_like_code
        .then(|| {
            TargetId::parse(code)
                .and(Identity::parse(enterprise).map(|_| ()))
                .err()
        })
        .flatten();
    wrong.map_or_else(
        || {
            format!(
                "污染源名录库里没有“{name}”（或者已经退出）；请填写在库企业的统一社会信用代码、带后缀的厂区编号或企业全称"
            )
        },
        |error| error.to_string(),
    )
}

/// A leave or recusal that is to be withdrawn, by who it is and what it says.
#[derive(Debug, Clone)]
pub struct Withdrawable {
    /// 姓名
    pub person: String,
    /// 执法证编号
    pub certificate: String,
    /// What it says, in a few words.
    pub what: String,
    /// 理由 on which it was recorded.
    pub ground: String,
}

/// What a form asks about before it is withdrawn.
///
/// # Errors
/// [`Refusal`].
pub async fn withdrawable(
    office: &Office,
    actor: &Actor,
    absence: Absence,
    id: &str,
) -> Result<Withdrawable, Refusal> {
    let bounds = bounds(actor, Permission::ChangeInspectors)?;
    let mut read = office.db.read().await?;
    let standing = standing(&mut read, actor, bounds, absence, id).await?;
    Ok(match standing {
        Standing::Leave(Listed { record, person, .. }) => Withdrawable {
            what: format!("{}，{} 至 {}", record.kind, record.from, record.until),
            certificate: record.certificate,
            ground: record.ground,
            person,
        },
        Standing::Recusal(Listed {
            record,
            person,
            source_name,
            ..
        }) => Withdrawable {
            what: format!("回避 {source_name}（{}），{}", record.source, record.asked_by),
            certificate: record.certificate,
            ground: record.ground,
            person,
        },
    })
}

enum Standing {
    Leave(Listed<Leave>),
    Recusal(Listed<Recusal>),
}

/// The leave or recusal of that id, of a person within the bounds, if it was not withdrawn.
async fn standing(
    conn: &mut store::Conn,
    actor: &Actor,
    bounds: Option<&str>,
    absence: Absence,
    id: &str,
) -> Result<Standing, Refusal> {
    let one = Filter {
        id: id.to_owned(),
        ..Filter::default()
    };
    let (one, bureau) = (within(&one, bounds), &actor.bureau);
    let found = match absence {
        Absence::Leave => {
            let rows = absences::all_leaves(conn, bureau, &one).await?;
            rows.into_iter()
                .find(|row| row.record.id == id)
                .map(Standing::Leave)
        }
        Absence::Recusal => {
            let rows = absences::all_recusals(conn, bureau, &one).await?;
            rows.into_iter()
                .find(|row| row.record.id == id)
                .map(Standing::Recusal)
        }
    };
    let what = match absence {
        Absence::Leave => "这条请假",
        Absence::Recusal => "这条回避",
    };
    found.ok_or_else(|| Refusal::Missing(format!("{what}（可能已经撤销）")))
}

/// Withdraws a leave (also of who is back early: it held until now) or a recusal; tells the certificate number.
///
/// # Errors
/// [`Refusal`]: nobody withdraws a recusal of their own, and each is withdrawn once.
pub async fn withdraw(
    office: &Office,
    actor: &Actor,
    absence: Absence,
    id: &str,
    ground: &str,
) -> Result<String, Refusal> {
    let bounds = bounds(actor, Permission::ChangeInspectors)?;
    let withdrawal = Withdrawal {
        at: office.now(),
        by: actor.login.clone(),
        ground: stated(ground)?,
    };
    let mut tx = office.db.begin().await?;
    let bureau = &actor.bureau;
    let (deed, certificate) = match standing(&mut tx, actor, bounds, absence, id).await? {
        Standing::Leave(Listed { record, .. }) => {
            absences::withdraw_leave(&mut tx, bureau, id, &withdrawal).await?;
            let deed = Deed::new("leave.withdraw", format!("leave/{id}"));
            (
                deed.changed(Some(&described_leave(&record)), None),
                record.certificate,
            )
        }
        Standing::Recusal(Listed { record, .. }) => {
            if record.certificate == actor.certificate {
                return Err(Refusal::rule("不能撤销本人的回避；请由另一位经办人办理"));
            }
            absences::withdraw_recusal(&mut tx, bureau, id, &withdrawal).await?;
            let deed = Deed::new("recusal.withdraw", format!("recusal/{id}"));
            (
                deed.changed(Some(&described_recusal(&record)), None),
                record.certificate,
            )
        }
    };
    office.commit(tx, actor, deed.ground(&withdrawal.ground)).await?;
    Ok(certificate)
}

/// What the ledger hashes of a leave.
fn described_leave(leave: &Leave) -> String {
    let (from, until) = (leave.from.to_string(), leave.until.to_string());
    [&leave.certificate, &leave.kind, &from, &until, &leave.ground]
        .map(String::as_str)
        .join("\t")
}

/// What the ledger hashes of a recusal.
fn described_recusal(recusal: &Recusal) -> String {
    [
        &recusal.certificate,
        &recusal.source,
        &recusal.asked_by,
        &recusal.ground,
    ]
    .map(String::as_str)
    .join("\t")
}
