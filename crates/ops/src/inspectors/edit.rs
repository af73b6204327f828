//! Entering and changing a person, leaving the register and coming back, each with its day and ground (R4.2).
//! Never deletes a person: one who leaves gets a version that says so.

use domain::rights::Permission;
use domain::{Inspector, PostStatus, Term};
use jiff::civil::Date;
use sheets::{Inspectors, Register as _};
use store::inspectors::Entry;
use store::versions::{AsOf, Version};
use store::{At, StoreError, bureaus, inspectors};

use super::{bounds, cells, found};
use crate::accounts::kept;
use crate::sources::{accepted, ground_of, stamp};
use crate::{Actor, Deed, FieldError, Office, Refusal};

/// Why people leave the register for good, as their post says it afterwards.
pub const LEAVING: [PostStatus; 3] = [PostStatus::Transferred, PostStatus::Resigned, PostStatus::Retired];
/// Any other reason, which the ground names.
pub const OTHER: &str = "其他原因";
/// Names of fields of the forms that are no column of the register.
const DEPARTMENT: &str = "department";
const JOINED_ON: &str = "joined_on";
const ON: &str = "on";

/// What was typed of a person: cells in the order of the register's columns, and where and since when the person belongs.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The cells, in one row.
    pub rows: Vec<Vec<String>>,
    /// 部门
    pub department: String,
    /// 入库日期
    pub joined_on: String,
    /// 理由
    pub ground: String,
}

/// What was typed of somebody who leaves the register.
#[derive(Debug, Clone, Default)]
pub struct Leaving {
    /// One of [`LEAVING`] by its word, or [`OTHER`].
    pub reason: String,
    /// 离库日期
    pub on: String,
    /// 理由
    pub ground: String,
}

/// What was typed of somebody who comes back.
#[derive(Debug, Clone, Default)]
pub struct Returning {
    /// 入库日期
    pub on: String,
    /// 理由
    pub ground: String,
}

/// The register's columns as a form shows them.
#[must_use]
pub fn columns() -> Vec<sheets::Column> {
    Inspectors::COLUMNS.iter().map(|(_, column)| *column).collect()
}

/// What a form shows of a person who is there.
#[must_use]
pub fn typed(entry: &Entry) -> Typed {
    Typed {
        rows: Inspectors::write(&entry.inspector),
        department: entry.department.clone(),
        joined_on: entry.joined_on.map(|day| day.to_string()).unwrap_or_default(),
        ground: String::new(),
    }
}

/// The departments that have not been closed and whose people this account may change: those that a form offers.
///
/// # Errors
/// [`Refusal`].
pub async fn departments(office: &Office, actor: &Actor) -> Result<Vec<String>, Refusal> {
    let bounds = bounds(actor, Permission::ChangeInspectors)?;
    let departments = bureaus::departments(&mut *office.db.read().await?, &actor.bureau).await?;
    let own = departments
        .into_iter()
        .filter(|department| department.closed_at == At::default())
        .map(|department| department.name)
        .filter(|name| bounds.is_none_or(|own| name == own));
    Ok(own.collect())
}

/// A person as the forms begin with, for who may change them.
///
/// # Errors
/// [`Refusal`].
pub async fn editable(office: &Office, actor: &Actor, certificate: &str) -> Result<Version<Entry>, Refusal> {
    let bounds = bounds(actor, Permission::ChangeInspectors)?;
    found(
        &mut *office.db.read().await?,
        actor,
        bounds,
        certificate,
        AsOf::Now,
    )
    .await
}

/// Whether the account may change people of that department.
#[must_use]
pub fn may_change(actor: &Actor, department: &str) -> bool {
    bounds(actor, Permission::ChangeInspectors).is_ok_and(|own| own.is_none_or(|own| own == department))
}

struct Wanted {
    inspector: Inspector,
    department: String,
    joined_on: Date,
    ground: String,
}

/// `present` is the department that the person belongs to already; it stays even if it is closed.
async fn judged(office: &Office, actor: &Actor, typed: &Typed, present: &str) -> Result<Wanted, Refusal> {
    let departments = departments(office, actor).await?;
    let mut errors = Vec::new();
    let inspector = accepted::<Inspectors>(&typed.rows, &mut errors)?;
    let department = typed.department.trim();
    if department.is_empty() {
        errors.push(FieldError::new(
            DEPARTMENT,
            "没有选择部门；执法检查人员必须是本机关或其所属单位、联合部门的人员",
        ));
    } else if department != present && !departments.iter().any(|own| own == department) {
        errors.push(FieldError::new(
            DEPARTMENT,
            format!("不能选择部门“{department}”：没有这个部门、已经停用，或者不归你办理；请另选一个"),
        ));
    }
    let joined_on = kept(
        &mut errors,
        JOINED_ON,
        past_day(&typed.joined_on, office.now().day()),
    );
    let ground = ground_of(&typed.ground, &mut errors);
    match (inspector, joined_on, ground) {
        (Some(inspector), Some(joined_on), Some(ground)) if errors.is_empty() => Ok(Wanted {
            inspector,
            department: department.to_owned(),
            joined_on,
            ground,
        }),
        _ => Err(Refusal::Fields(errors)),
    }
}

/// A day that is not to come: the register says what is, not what will be.
fn past_day(text: &str, today: Date) -> Result<Date, String> {
    let (day, _) = domain::dates::parse_date(text).map_err(|e| e.to_string())?;
    if day > today {
        return Err(format!("{day}还没有到；请等到当日再办，或改为今天以前的日期"));
    }
    Ok(day)
}

/// Enters a person into the register (入库, R4.1, R4.2).
///
/// # Errors
/// [`Refusal`]; with [`Refusal::Fields`], fields are the titles of columns, `department`, `joined_on` and `ground`.
pub async fn enter(office: &Office, actor: &Actor, typed: &Typed) -> Result<Inspector, Refusal> {
    bounds(actor, Permission::ChangeInspectors)?;
    let wanted = judged(office, actor, typed, "").await?;
    let entry = Entry {
        inspector: wanted.inspector.clone(),
        department: wanted.department,
        inside: true,
        joined_on: Some(wanted.joined_on),
        left_on: None,
    };
    let deed = deed("inspector.enter", &entry, &wanted.ground).changed(None, Some(&described(&entry)));
    let stamp = stamp(office, actor, "inspector.enter", &wanted.ground);
    let mut tx = office.db.begin().await?;
    match inspectors::add(&mut tx, &actor.bureau, &[(1, entry)], &stamp).await {
        Err(StoreError::Exists(_)) => {
            let text =
                "名录库里已经有这个执法证编号；请核对编号，如果是曾经离开的人员，请在档案里办理“重新入库”";
            return Err(Refusal::field("执法证编号", text));
        }
        other => other?,
    }
    office.commit(tx, actor, deed).await?;
    Ok(wanted.inspector)
}

/// Changes what the register says of a person; `seen` is the version that the author saw. The certificate number stays: it
/// is what makes it the same person.
///
/// # Errors
/// [`Refusal`].
pub async fn change(
    office: &Office,
    actor: &Actor,
    certificate: &str,
    seen: i64,
    typed: &Typed,
) -> Result<(), Refusal> {
    let present = editable(office, actor, certificate).await?;
    let wanted = judged(office, actor, typed, &present.record.department).await?;
    if wanted.inspector.certificate.number.as_str() != certificate {
        let text = format!(
            "执法证编号决定是哪一个人（现在是 {certificate}），不能改成另一个；换发的证件编号不同的，请让这个编号离开名录库、新编号入库，并重新登记回避"
        );
        return Err(Refusal::field("执法证编号", text));
    }
    let step = |entry: &Entry| {
        let next = Entry {
            inspector: wanted.inspector.clone(),
            department: wanted.department.clone(),
            joined_on: Some(wanted.joined_on),
            ..entry.clone()
        };
        if next.left_on.is_some_and(|left| left < wanted.joined_on) {
            return Err(Refusal::field(JOINED_ON, "入库日期晚于离库日期；请核对后改正"));
        }
        if next == *entry {
            return Err(Refusal::rule("内容没有变化，不用保存"));
        }
        Ok(next)
    };
    let act = Act {
        name: "inspector.change",
        ground: &wanted.ground,
    };
    next(office, actor, (certificate, seen), act, step).await
}

/// Takes a person out of the register (调离, 离职, 退休 …, R4.2).
///
/// # Errors
/// [`Refusal`].
pub async fn leave(
    office: &Office,
    actor: &Actor,
    certificate: &str,
    seen: i64,
    leaving: &Leaving,
) -> Result<(), Refusal> {
    actor.must(Permission::ChangeInspectors)?;
    let mut errors = Vec::new();
    let post = kept(&mut errors, "reason", post_after(&leaving.reason));
    let on = kept(&mut errors, ON, past_day(&leaving.on, office.now().day()));
    let ground = ground_of(&leaving.ground, &mut errors);
    let (Some(post), Some(on), Some(ground)) = (post, on, ground) else {
        return Err(Refusal::Fields(errors));
    };
    let step = |entry: &Entry| {
        if !entry.inside {
            return Err(Refusal::rule("这个人员已经离开名录库了"));
        }
        if let Some(joined) = entry.joined_on.filter(|joined| on < *joined) {
            return Err(Refusal::field(
                ON,
                format!("离库日期早于入库日期{joined}；请核对后改正"),
            ));
        }
        let mut inspector = entry.inspector.clone();
        inspector.post = post.unwrap_or(inspector.post);
        Ok(Entry {
            inspector,
            inside: false,
            left_on: Some(on),
            ..entry.clone()
        })
    };
    let act = Act {
        name: "inspector.leave",
        ground: &ground,
    };
    next(office, actor, (certificate, seen), act, step).await
}

/// The post after leaving; none if it stays as it is.
fn post_after(reason: &str) -> Result<Option<PostStatus>, String> {
    if reason == OTHER {
        return Ok(None);
    }
    let post = LEAVING.into_iter().find(|post| post.word() == reason);
    post.map(Some).ok_or_else(|| {
        let words: Vec<&str> = LEAVING.iter().map(|post| post.word()).collect();
        format!("没有选择原因；请选择：{}、{OTHER}", words.join("、"))
    })
}

/// Takes a person who left back into the register (重新入库, R4.2): in post, from that day on.
///
/// # Errors
/// [`Refusal`].
pub async fn return_to(
    office: &Office,
    actor: &Actor,
    certificate: &str,
    seen: i64,
    returning: &Returning,
) -> Result<(), Refusal> {
    actor.must(Permission::ChangeInspectors)?;
    let mut errors = Vec::new();
    let on = kept(&mut errors, ON, past_day(&returning.on, office.now().day()));
    let ground = ground_of(&returning.ground, &mut errors);
    let (Some(on), Some(ground)) = (on, ground) else {
        return Err(Refusal::Fields(errors));
    };
    let step = |entry: &Entry| {
        if entry.inside {
            return Err(Refusal::rule("这个人员就在名录库里"));
        }
        if let Some(left) = entry.left_on.filter(|left| on < *left) {
            return Err(Refusal::field(
                ON,
                format!("入库日期早于上次离库的日期{left}；请核对后改正"),
            ));
        }
        let mut inspector = entry.inspector.clone();
        inspector.post = PostStatus::InPost;
        Ok(Entry {
            inspector,
            inside: true,
            joined_on: Some(on),
            left_on: None,
            ..entry.clone()
        })
    };
    let act = Act {
        name: "inspector.return",
        ground: &ground,
    };
    next(office, actor, (certificate, seen), act, step).await
}

/// An act by its name in the ledger, and its ground.
struct Act<'a> {
    name: &'static str,
    ground: &'a str,
}

async fn next(
    office: &Office,
    actor: &Actor,
    (certificate, seen): (&str, i64),
    act: Act<'_>,
    step: impl FnOnce(&Entry) -> Result<Entry, Refusal>,
) -> Result<(), Refusal> {
    let bounds = bounds(actor, Permission::ChangeInspectors)?;
    let mut tx = office.db.begin().await?;
    let holding: Version<Entry> = found(&mut tx, actor, bounds, certificate, AsOf::Now).await?;
    if holding.number != seen {
        return Err(Refusal::Overtaken);
    }
    let entry = step(&holding.record)?;
    let deed = deed(act.name, &entry, act.ground)
        .changed(Some(&described(&holding.record)), Some(&described(&entry)));
    let stamp = stamp(office, actor, act.name, act.ground);
    inspectors::replace(&mut tx, &actor.bureau, &[(seen, entry)], &stamp).await?;
    office.commit(tx, actor, deed).await
}

fn deed(act: &'static str, entry: &Entry, ground: &str) -> Deed {
    let number = &entry.inspector.certificate.number;
    Deed::new(act, format!("inspector/{number}")).ground(ground)
}

/// What the ledger hashes of a person: cells, department, days, whether inside.
fn described(entry: &Entry) -> String {
    let cells = cells(entry);
    let mut texts: Vec<&str> = cells.iter().map(|(_, text)| text.as_str()).collect();
    texts.push(if entry.inside { "在库" } else { "离库" });
    texts.join("\t")
}
