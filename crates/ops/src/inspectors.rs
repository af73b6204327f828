//! 执法检查人员名录库 (R4): looking, entering, changing, leaving, returning, and who may be drawn.
//! Never shows or changes a person of another department to who has the right for one department only, and never
//! changes anything without its ground and its author.

mod absences;
mod edit;

use std::collections::HashMap;

use domain::rights::{Permission, Scope};
use domain::{Inspector, PostStatus, Term, Unfit};
use jiff::civil::Date;
use sheets::{Inspectors, Register as _};
use store::absences::Leave;
pub use store::inspectors::{Entry, Filter};
pub use store::sources::Presence;
use store::versions::{AsOf, Version};
use store::{Page, PageRequest, inspectors};

pub use absences::{
    ASKED_BY, Absence, Absences, KINDS, LeaveTyped, RecusalTyped, Withdrawable, absences_of, declare_recusal,
    leaves, leaves_over, record_leave, record_recusal, recusals, recusals_now, withdraw, withdrawable,
};
pub use edit::{
    LEAVING, Leaving, OTHER, Returning, Typed, change, columns, departments, editable, enter, leave,
    may_change, return_to, typed,
};
pub use store::absences::{Filter as AbsenceFilter, Leave as LeaveRecord, Listed, Recusal, Withdrawal};

use crate::duties::{Duty, EXPIRES_WITHIN_DAYS, days_from};
use crate::{Actor, Office, Refusal};

/// Rows that are read at once where the whole register is gone through.
const BATCH: i64 = 2_000;

/// A person of the register, and what keeps them out of a draw on the day that was asked about.
#[derive(Debug, Clone)]
pub struct Person {
    /// What the register says.
    pub version: Version<Entry>,
    /// Why the person may not be drawn on that day; none if they may.
    pub kept_out: Option<KeptOut>,
}

/// Why a person of the register may not be drawn on a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeptOut {
    /// No longer in the register.
    #[error("已经离开名录库，不能参加抽取")]
    Left,
    /// Post or certificate (R4.1, R4.2).
    #[error(transparent)]
    Unfit(Unfit),
    /// On leave.
    #[error("请假（{kind}）到{until}，其间不参加抽取")]
    Away {
        /// 类别
        kind: String,
        /// Last day.
        until: Date,
    },
}

/// Whether a person may be drawn on a day, with the leave that they have then.
fn keeps_out(entry: &Entry, leave: Option<&Leave>, day: Date) -> Option<KeptOut> {
    if !entry.inside {
        return Some(KeptOut::Left);
    }
    if let Err(unfit) = entry.inspector.may_serve_on(day) {
        return Some(KeptOut::Unfit(unfit));
    }
    leave.map(|leave| KeptOut::Away {
        kind: leave.kind.clone(),
        until: leave.until,
    })
}

/// The department beyond which the person may not; none for the whole bureau.
fn bounds(actor: &Actor, permission: Permission) -> Result<Option<&str>, Refusal> {
    match actor.must(permission)? {
        Scope::Bureau => Ok(None),
        Scope::Department if actor.department.is_empty() => Err(Refusal::rule(
            "你的账号只能查看和变更本部门的人员，但还没有登记部门；请联系本单位的安全管理员补上部门",
        )),
        Scope::Department => Ok(Some(&actor.department)),
    }
}

fn within(filter: &Filter, bounds: Option<&str>) -> Filter {
    Filter {
        department: bounds.unwrap_or(&filter.department).to_owned(),
        ..filter.clone()
    }
}

fn is_within(version: &Version<Entry>, bounds: Option<&str>) -> bool {
    bounds.is_none_or(|department| version.record.department == department)
}

fn missing(certificate: &str) -> Refusal {
    Refusal::Missing(format!("执法证编号为“{certificate}”的人员"))
}

/// The day that a moment of reading means.
fn day_of(office: &Office, as_of: AsOf) -> Date {
    match as_of {
        AsOf::Now => office.now().day(),
        AsOf::Past(at) => at.day(),
    }
}

/// Leaves of a day, by certificate number.
async fn away(
    conn: &mut store::Conn,
    actor: &Actor,
    filter: &AbsenceFilter,
    day: Date,
) -> Result<HashMap<String, Leave>, Refusal> {
    let filter = AbsenceFilter {
        ends_from: Some(day),
        begins_until: Some(day),
        ..filter.clone()
    };
    let leaves = store::absences::all_leaves(conn, &actor.bureau, &filter).await?;
    Ok(leaves
        .into_iter()
        .map(|leave| (leave.record.certificate.clone(), leave.record))
        .collect())
}

/// A page of the register, with who may be drawn on that day.
///
/// # Errors
/// [`Refusal`].
pub async fn list(
    office: &Office,
    actor: &Actor,
    filter: &Filter,
    as_of: AsOf,
    request: PageRequest,
) -> Result<Page<Person>, Refusal> {
    let filter = within(filter, bounds(actor, Permission::ReadRegisters)?);
    let day = day_of(office, as_of);
    let mut read = office.db.read().await?;
    let page = inspectors::list(&mut read, &actor.bureau, &filter, as_of, request).await?;
    let of_all = AbsenceFilter {
        as_of,
        ..AbsenceFilter::default()
    };
    let away = away(&mut read, actor, &of_all, day).await?;
    let person = |version: Version<Entry>| {
        let leave = away.get(version.record.inspector.certificate.number.as_str());
        Person {
            kept_out: keeps_out(&version.record, leave, day),
            version,
        }
    };
    Ok(Page {
        rows: page.rows.into_iter().map(person).collect(),
        total: page.total,
        request: page.request,
    })
}

/// A person as of a moment.
///
/// # Errors
/// [`Refusal`].
pub async fn get(office: &Office, actor: &Actor, certificate: &str, as_of: AsOf) -> Result<Person, Refusal> {
    let bounds = bounds(actor, Permission::ReadRegisters)?;
    let mut read = office.db.read().await?;
    let version = found(&mut read, actor, bounds, certificate, as_of).await?;
    let day = day_of(office, as_of);
    let own = AbsenceFilter {
        certificate: certificate.to_owned(),
        as_of,
        ..AbsenceFilter::default()
    };
    let away = away(&mut read, actor, &own, day).await?;
    Ok(Person {
        kept_out: keeps_out(&version.record, away.get(certificate), day),
        version,
    })
}

async fn found(
    conn: &mut store::Conn,
    actor: &Actor,
    bounds: Option<&str>,
    certificate: &str,
    as_of: AsOf,
) -> Result<Version<Entry>, Refusal> {
    let version = inspectors::find(conn, &actor.bureau, certificate, as_of).await?;
    version
        .filter(|version| is_within(version, bounds))
        .ok_or_else(|| missing(certificate))
}

/// All versions of a person, the newest first (R4.2); to who has the right for one department, those in which the person
/// belonged to it.
///
/// # Errors
/// [`Refusal`].
pub async fn history(
    office: &Office,
    actor: &Actor,
    certificate: &str,
) -> Result<Vec<Version<Entry>>, Refusal> {
    let bounds = bounds(actor, Permission::ReadRegisters)?;
    let mut versions = inspectors::history(&mut *office.db.read().await?, &actor.bureau, certificate).await?;
    versions.retain(|version| is_within(version, bounds));
    Ok(versions)
}

/// All people that a filter finds, in the order of their certificate numbers: what an export writes.
///
/// # Errors
/// [`Refusal`].
pub async fn all(
    office: &Office,
    actor: &Actor,
    filter: &Filter,
    as_of: AsOf,
) -> Result<Vec<Inspector>, Refusal> {
    let filter = within(filter, bounds(actor, Permission::ReadRegisters)?);
    let mut read = office.db.read().await?;
    let (mut all, mut after): (Vec<Inspector>, String) = (Vec::new(), String::new());
    loop {
        let some = inspectors::after(&mut read, &actor.bureau, &filter, as_of, &after, BATCH).await?;
        let Some(last) = some.last() else { return Ok(all) };
        after = last.record.inspector.certificate.number.to_string();
        all.extend(some.into_iter().map(|version| version.record.inspector));
    }
}

/// All people inside the register now, for the compiler of plans, which says itself who is unfit in the plan's time.
///
/// # Errors
/// [`Refusal`].
pub async fn drawable(office: &Office, actor: &Actor) -> Result<Vec<Inspector>, Refusal> {
    all(office, actor, &Filter::default(), AsOf::Now).await
}

/// People as a workbook that an import reads back as it is.
///
/// # Errors
/// [`Refusal`].
pub async fn workbook(people: Vec<Inspector>) -> Result<Vec<u8>, Refusal> {
    crate::work::aside(move || sheets::export::<Inspectors>(&people))
        .await?
        .map_err(Refusal::rule)
}

/// What the register says of a person, field by field: its columns, then where and since when the person belongs.
#[must_use]
pub fn cells(entry: &Entry) -> Vec<(&'static str, String)> {
    let row = Inspectors::write(&entry.inspector).into_iter().flatten();
    let titles = Inspectors::COLUMNS.iter().map(|(_, column)| column.title);
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let own = [
        ("部门", entry.department.clone()),
        ("入库日期", day(entry.joined_on)),
        ("离库日期", day(entry.left_on)),
    ];
    titles.zip(row).chain(own).collect()
}

/// What waits for this person here: certificates, posts that contradict the register, leaves that are over.
pub(crate) async fn duties(office: &Office, actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    let Ok(bounds) = bounds(actor, Permission::ChangeInspectors) else {
        return Ok(Vec::new());
    };
    let today = office.now().day();
    let soon = days_from(today, EXPIRES_WITHIN_DAYS);
    let mut read = office.db.read().await?;
    let mut count = async |filter: Filter| {
        let filter = within(&filter, bounds);
        inspectors::count(&mut read, &actor.bureau, &filter, AsOf::Now).await
    };
    let until = |day: Date| Filter {
        valid_until: Some(day),
        ..Filter::default()
    };
    let mut duties = vec![Duty {
        menu: "/inspectors",
        href: format!("/inspectors?valid_until={soon}"),
        what: "执法证即将到期、已到期或没有登记有效期",
        count: count(until(soon)).await?,
        late: count(until(days_from(today, -1))).await?,
        note: format!(
            "{EXPIRES_WITHIN_DAYS}天内到期的请安排换证；已到期和没有登记有效期的人员不能参加抽取（《细则》四：具有行政执法资格证），请补全后变更"
        ),
    }];
    for (post, what) in [
        (PostStatus::Transferred, "已调离但还在名录库的人员"),
        (PostStatus::Resigned, "已离职但还在名录库的人员"),
        (PostStatus::Retired, "已退休但还在名录库的人员"),
    ] {
        let filter = Filter {
            post: post.word().to_owned(),
            ..Filter::default()
        };
        let many = count(filter).await?;
        duties.push(Duty {
            menu: "/inspectors",
            href: format!("/inspectors?post={}", post.word()),
            what,
            count: many,
            late: many,
            note: "名录库应及时变更（《细则》四）：请逐人办理“离开名录库”，写明日期和依据".to_owned(),
        });
    }
    duties.push(back_from_leave(&mut read, actor, bounds, today).await?);
    Ok(duties)
}

/// People whose post is 休假 although their last leave is over.
async fn back_from_leave(
    conn: &mut store::Conn,
    actor: &Actor,
    bounds: Option<&str>,
    today: Date,
) -> Result<Duty, Refusal> {
    let word = PostStatus::OnLeave.word();
    let on_leave = Filter {
        post: word.to_owned(),
        ..Filter::default()
    };
    let people = inspectors::after(
        conn,
        &actor.bureau,
        &within(&on_leave, bounds),
        AsOf::Now,
        "",
        BATCH,
    )
    .await?;
    let mut count = 0;
    for person in people {
        let own = AbsenceFilter {
            certificate: person.record.inspector.certificate.number.to_string(),
            ..AbsenceFilter::default()
        };
        let leaves = store::absences::all_leaves(conn, &actor.bureau, &own).await?;
        let last = leaves.iter().map(|leave| leave.record.until).max();
        count += u64::from(last.is_some_and(|last| last < today));
    }
    Ok(Duty {
        menu: "/inspectors",
        href: format!("/inspectors?post={word}"),
        what: "假期已满、状态还是休假的人员",
        count,
        late: count,
        note: "登记的假期已经结束，状态改回“在岗”之前仍不能参加抽取；请核对后变更".to_owned(),
    })
}
