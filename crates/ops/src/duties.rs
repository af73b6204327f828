//! 待办 (R6): what waits for this person, and what is late.
//! Never shows a duty that the person may not see to.

use domain::rights::{Permission, Role, Roles};
use jiff::{Span, civil::Date};
use store::sources::{self, Filter};
use store::versions::AsOf;

use crate::{Actor, Office, Refusal};

/// Days before its end on which a licence or certificate is said to expire.
pub const EXPIRES_WITHIN_DAYS: i64 = 60;
/// Days after which a source counts as not confirmed (R3.3): half a year.
pub const CONFIRM_WITHIN_DAYS: i64 = 180;

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The entry of the menu that it belongs to.
    pub menu: &'static str,
    /// Where it is seen to.
    pub href: String,
    /// What it is.
    pub what: &'static str,
    /// How many.
    pub count: u64,
    /// How many of them are late.
    pub late: u64,
    /// Why it matters, and by when.
    pub note: String,
}

/// All that waits for this person, what is late first.
///
/// # Errors
/// [`Refusal`].
pub async fn of(office: &Office, actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    actor.must(Permission::SeeOwnDuties)?;
    let mut duties = Vec::new();
    duties.extend(crate::plans::duties(office, actor).await?);
    duties.extend(crate::items::duties(office, actor).await?);
    duties.extend(crate::imports::duties(office, actor).await?);
    duties.extend(of_sources(office, actor).await?);
    duties.extend(crate::inspectors::duties(office, actor).await?);
    duties.retain(|duty| duty.count > 0);
    duties.sort_by_key(|duty| std::cmp::Reverse(duty.late > 0));
    Ok(duties)
}

/// What waits in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The role that sees to it.
    pub role: Role,
    /// Its duties; none if nothing waits.
    pub duties: Vec<Duty>,
}

/// The units whose duties a leader watches (R6: 各股室、站、大队).
const UNITS: [Role; 2] = [Role::Planner, Role::Brigade];

/// What waits in each unit, for the head of the bureau; nothing for others.
///
/// # Errors
/// [`Refusal`].
pub async fn of_units(office: &Office, actor: &Actor) -> Result<Vec<Unit>, Refusal> {
    if !actor.roles.contains(Role::Leader) {
        return Ok(Vec::new());
    }
    let mut units = Vec::new();
    for role in UNITS {
        let roles = Roles::new([role]).map_err(Refusal::rule)?;
        let unit = Actor {
            roles,
            ..actor.clone()
        };
        let duties = of(office, &unit).await?;
        units.push(Unit { role, duties });
    }
    Ok(units)
}

/// That day, so many days later or earlier.
pub(crate) fn days_from(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

async fn of_sources(office: &Office, actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    if actor.may(Permission::ChangeSources).is_none() {
        return Ok(Vec::new());
    }
    let today = office.now().day();
    let (soon, long_ago) = (
        days_from(today, EXPIRES_WITHIN_DAYS),
        days_from(today, -CONFIRM_WITHIN_DAYS),
    );
    let mut read = office.db.read().await?;
    let expiring = Filter {
        licence_until: Some(soon),
        ..Filter::default()
    };
    let over = Filter {
        licence_until: Some(days_from(today, -1)),
        ..Filter::default()
    };
    let stale = Filter {
        unconfirmed_since: Some(long_ago),
        ..Filter::default()
    };
    let bureau = &actor.bureau;
    let count =
        async |conn: &mut store::Conn, filter: &Filter| sources::count(conn, bureau, filter, AsOf::Now).await;
    let late = count(&mut read, &over).await?;
    let licences = Duty {
        menu: "/sources",
        href: format!("/sources?licence_until={soon}"),
        what: "许可证即将到期或已到期",
        count: count(&mut read, &expiring).await?,
        late,
        note: format!(
            "{EXPIRES_WITHIN_DAYS}天内到期的，请核对是否换证，并更新名录库（《细则》三：有效期限、定期更新）"
        ),
    };
    let unconfirmed = Duty {
        menu: "/sources",
        href: format!("/sources?unconfirmed_since={long_ago}"),
        what: "长期未核实的污染源",
        count: count(&mut read, &stale).await?,
        late: 0,
        note: format!(
            "超过{CONFIRM_WITHIN_DAYS}天没有核实，请核对后点“核实无误”或变更（《细则》三：定期更新）"
        ),
    };
    drop(read);
    let violations = crate::sources::key_violations(office, actor).await?.left.len() as u64;
    let key = Duty {
        menu: "/sources/key",
        href: "/sources/key".to_owned(),
        what: "市控及以上企业不在名录库",
        count: violations,
        late: violations,
        note: "市控及以上重点企业必须作为重点排污企业纳入名录库（《细则》二）".to_owned(),
    };
    Ok(vec![key, licences, unconfirmed])
}
