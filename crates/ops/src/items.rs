//! 抽查事项清单 (R1, G1, G2): what may be inspected, in versions that are published, replaced and retired.
//! Never changes what is published: a changed item is a draft beside it until somebody publishes that.

mod public;

use domain::items::{ItemDraft, LineDraft, guide};
use domain::rights::Permission;
use domain::{InspectionItem, ItemRecord, Text};
use jiff::civil::Date;
pub use store::items::Filter;
use store::versions::{AsOf, Stamp, Version};
use store::{At, Conn, Page, PageRequest, StoreError, Tx, bureaus, items};

use crate::duties::Duty;
use crate::sources::{stamp, stated};
use crate::{Actor, Deed, FieldError, Office, Refusal};
pub use public::{Catalogue, Edition, Standing, catalogue, editions};

/// Who wrote what came with the program.
pub const SHIPPED: &str = "-";
/// Department that is responsible for what came with the program, until the bureau says otherwise.
const FIRST_RESPONSIBLE: &str = "环境监察大队";
/// Name of the field that asks for the ground.
const GROUND: &str = "ground";

/// A page of the catalogue.
///
/// # Errors
/// [`Refusal`].
pub async fn list(
    office: &Office,
    actor: &Actor,
    filter: &Filter,
    as_of: AsOf,
    request: PageRequest,
) -> Result<Page<Version<ItemRecord>>, Refusal> {
    actor.must(Permission::ReadItems)?;
    let mut read = office.db.read().await?;
    Ok(items::list(&mut read, &actor.bureau, filter, as_of, request).await?)
}

/// An item as of a moment.
///
/// # Errors
/// [`Refusal`].
pub async fn get(
    office: &Office,
    actor: &Actor,
    code: &str,
    as_of: AsOf,
) -> Result<Version<ItemRecord>, Refusal> {
    actor.must(Permission::ReadItems)?;
    found(&mut *office.db.read().await?, &actor.bureau, code, as_of).await
}

async fn found(
    conn: &mut Conn,
    bureau: &str,
    code: &str,
    as_of: AsOf,
) -> Result<Version<ItemRecord>, Refusal> {
    let version = items::find(conn, bureau, code, as_of).await?;
    version.ok_or_else(|| Refusal::Missing(format!("抽查事项“{code}”")))
}

/// All versions of an item, the newest first: one for each act on it.
///
/// # Errors
/// [`Refusal`].
pub async fn history(
    office: &Office,
    actor: &Actor,
    code: &str,
) -> Result<Vec<Version<ItemRecord>>, Refusal> {
    actor.must(Permission::ReadItems)?;
    Ok(items::history(&mut *office.db.read().await?, &actor.bureau, code).await?)
}

/// What a plan may name: the items in force, each with the day on which this version was published (R1).
///
/// # Errors
/// [`Refusal`].
pub async fn published(office: &Office, actor: &Actor) -> Result<Vec<(InspectionItem, Date)>, Refusal> {
    actor.must(Permission::ReadItems)?;
    Ok(items::published(&mut *office.db.read().await?, &actor.bureau).await?)
}

/// Puts the items of the guide into the catalogue of a new bureau, as drafts: to publish them is an act of a person (G1, G2).
pub(crate) async fn ship(tx: &mut Tx, bureau: &str, now: At) -> Result<(), Refusal> {
    let department = Text::parse(FIRST_RESPONSIBLE).map_err(Refusal::rule)?;
    let stamp = Stamp {
        at: now,
        act: "item.ship".to_owned(),
        ground: "《工作指引》抽查事项（一）至（三）".to_owned(),
        author: SHIPPED.to_owned(),
    };
    for item in guide::guide_items(&department) {
        items::add(tx, bureau, 1, &ItemRecord::drafted(item), &stamp).await?;
    }
    Ok(())
}

/// Drafts a new item.
///
/// # Errors
/// [`Refusal`]; with [`Refusal::Fields`], fields are those of [`ItemDraft`].
pub async fn draft(office: &Office, actor: &Actor, typed: &ItemDraft) -> Result<String, Refusal> {
    actor.must(Permission::EditItems)?;
    let mut tx = office.db.begin().await?;
    let (item, _) = judged(&mut tx, actor, typed, None).await?;
    let (code, record) = (item.code.to_string(), ItemRecord::drafted(item));
    let stamp = stamp(office, actor, "item.draft", "");
    match items::add(&mut tx, &actor.bureau, 1, &record, &stamp).await {
        Err(StoreError::Exists(_)) => {
            let text = "清单里已经有这个编号的事项（可能已停用或作废）；请换一个编号，或修改原来的事项";
            return Err(Refusal::field("code", text));
        }
        other => other?,
    }
    let deed = Deed::new("item.draft", subject(&code)).changed(None, Some(&described(&record)));
    office.commit(tx, actor, deed).await?;
    Ok(code)
}

/// Writes an item anew. A draft is changed in place; of a published item this begins the next version, for which a ground
/// is asked, and the published one stays in force. `seen` is the version that the author saw.
///
/// # Errors
/// [`Refusal`].
pub async fn amend(
    office: &Office,
    actor: &Actor,
    code: &str,
    seen: i64,
    typed: &ItemDraft,
    ground: &str,
) -> Result<(), Refusal> {
    actor.must(Permission::EditItems)?;
    let mut tx = office.db.begin().await?;
    let holding = seen_by(&mut tx, actor, code, seen).await?;
    let begins = holding.in_force().is_some() && holding.draft.is_none();
    let typed = ItemDraft {
        code: code.to_owned(),
        ..typed.clone()
    };
    let asked = (begins || !ground.trim().is_empty()).then_some(ground);
    let (item, ground) = judged(&mut tx, actor, &typed, asked).await?;
    if [holding.in_force(), holding.waiting()].contains(&Some(&item)) {
        return Err(Refusal::rule(
            "内容没有变化，不用保存；请改动后再保存，不想改了就返回，不需要的草稿可以作废",
        ));
    }
    let step = Step {
        act: if begins { "item.amend" } else { "item.edit" },
        ground,
        is_public: false,
    };
    let next = holding.amended(item).map_err(Refusal::rule)?;
    step.take(office, actor, tx, seen, &holding, &next).await
}

/// Publishes the draft of an item; from now on it is this version that plans may name (R1).
///
/// # Errors
/// [`Refusal`].
pub async fn publish(office: &Office, actor: &Actor, code: &str, seen: i64) -> Result<(), Refusal> {
    actor.must(Permission::PublishItems)?;
    let mut tx = office.db.begin().await?;
    let holding = seen_by(&mut tx, actor, code, seen).await?;
    let next = holding.published(office.now().day()).map_err(Refusal::rule)?;
    let step = Step {
        act: "item.publish",
        ground: String::new(),
        is_public: true,
    };
    step.take(office, actor, tx, seen, &holding, &next).await
}

/// Retires an item that is published: no plan may name it any more. A draft beside it goes with it.
///
/// # Errors
/// [`Refusal`].
pub async fn retire(
    office: &Office,
    actor: &Actor,
    code: &str,
    seen: i64,
    ground: &str,
) -> Result<(), Refusal> {
    actor.must(Permission::PublishItems)?;
    let ground = stated(ground)?;
    let mut tx = office.db.begin().await?;
    let holding = seen_by(&mut tx, actor, code, seen).await?;
    let next = holding.retired().map_err(Refusal::rule)?;
    let step = Step {
        act: "item.retire",
        ground,
        is_public: true,
    };
    step.take(office, actor, tx, seen, &holding, &next).await
}

/// Gives up the draft of an item; a published version beside it stays in force.
///
/// # Errors
/// [`Refusal`].
pub async fn discard(
    office: &Office,
    actor: &Actor,
    code: &str,
    seen: i64,
    ground: &str,
) -> Result<(), Refusal> {
    actor.must(Permission::EditItems)?;
    let ground = stated(ground)?;
    let mut tx = office.db.begin().await?;
    let holding = seen_by(&mut tx, actor, code, seen).await?;
    let next = holding.discarded().map_err(Refusal::rule)?;
    let step = Step {
        act: "item.discard",
        ground,
        is_public: false,
    };
    step.take(office, actor, tx, seen, &holding, &next).await
}

async fn seen_by(tx: &mut Tx, actor: &Actor, code: &str, seen: i64) -> Result<ItemRecord, Refusal> {
    let holding = found(tx, &actor.bureau, code, AsOf::Now).await?;
    if holding.number != seen {
        return Err(Refusal::Overtaken);
    }
    Ok(holding.record)
}

/// An act on an item that is there.
struct Step {
    act: &'static str,
    ground: String,
    is_public: bool,
}

impl Step {
    async fn take(
        self,
        office: &Office,
        actor: &Actor,
        mut tx: Tx,
        seen: i64,
        before: &ItemRecord,
        after: &ItemRecord,
    ) -> Result<(), Refusal> {
        let stamp = stamp(office, actor, self.act, &self.ground);
        items::replace(&mut tx, &actor.bureau, seen, after, &stamp).await?;
        let deed = Deed::new(self.act, subject(after.item.code.as_str()))
            .ground(&self.ground)
            .changed(Some(&described(before)), Some(&described(after)));
        let deed = if self.is_public { deed.public() } else { deed };
        office.commit(tx, actor, deed).await
    }
}

fn subject(code: &str) -> String {
    format!("item/{code}")
}

/// What the ledger hashes of an item: its version and state, and each field of what was written last.
fn described(record: &ItemRecord) -> String {
    let (edition, state) = (record.newest_edition(), domain::Term::word(record.newest_state()));
    let cells = cells(record.newest());
    let fields = cells.iter().map(|(title, text)| format!("{title}\t{text}"));
    let first = format!("{edition}\t{state}");
    let all = std::iter::once(first).chain(fields).chain(lines(record.newest()));
    all.collect::<Vec<_>>().join("\n")
}

/// The item that was typed, and its ground where one is asked for.
async fn judged(
    conn: &mut Conn,
    actor: &Actor,
    typed: &ItemDraft,
    ground: Option<&str>,
) -> Result<(InspectionItem, String), Refusal> {
    let mut errors = Vec::new();
    let typed = ItemDraft {
        code: typed.code.trim().to_owned(),
        ..typed.clone()
    };
    let item = typed.check().map_err(|faults| {
        let told = faults
            .iter()
            .map(|fault| FieldError::new(&fault.field, fault.to_string()));
        errors.extend(told);
    });
    if let Ok(item) = &item {
        errors.extend(no_department(conn, actor, item).await?);
    }
    let ground = ground.map(Text::parse).transpose().map_err(|wrong| {
        let text = format!("修改依据{wrong}；已公布的事项改为新版本要有依据，例如 法律修改、上级文件文号");
        errors.push(FieldError::new(GROUND, text));
    });
    match (item, ground) {
        (Ok(item), Ok(ground)) if errors.is_empty() => {
            Ok((item, ground.as_ref().map(Text::to_string).unwrap_or_default()))
        }
        _ => Err(Refusal::Fields(errors)),
    }
}

/// What is wrong with the department of an item, if anything.
async fn no_department(
    conn: &mut Conn,
    actor: &Actor,
    item: &InspectionItem,
) -> Result<Option<FieldError>, Refusal> {
    let departments = bureaus::departments(conn, &actor.bureau).await?;
    let mut open = departments.iter().filter(|own| own.closed_at == At::default());
    let text = "没有这个部门，或者它已经停用；请选择现有的部门，需要时由系统管理员在“机构与部门”里增加";
    let error = || FieldError::new("department", text);
    let is_open = open.any(|own| own.name == item.department.as_str());
    Ok((!is_open).then(error))
}

/// What an item says, field by field, but for its checklist.
#[must_use]
pub fn cells(item: &InspectionItem) -> Vec<(&'static str, String)> {
    let draft = item.draft();
    vec![
        ("事项编号", draft.code),
        ("事项名称", draft.name),
        ("事项类别", draft.kind),
        ("检查对象类别", draft.object),
        ("检查方式", draft.methods.join("、")),
        ("责任部门", draft.department),
        ("检查依据", draft.basis),
        ("检查内容", draft.content),
    ]
}

/// The lines of an item's checklist, each as one text.
#[must_use]
pub fn lines(item: &InspectionItem) -> Vec<String> {
    let line = |line: LineDraft| {
        let rest = [("方法", line.how), ("依据", line.basis)];
        let rest = rest.into_iter().filter(|(_, text)| !text.is_empty());
        let rest: String = rest.map(|(title, text)| format!("；{title}：{text}")).collect();
        format!("{}{rest}", line.content)
    };
    item.draft().checklist.into_iter().map(line).collect()
}

/// What waits for this person here: drafts that are not published.
pub(crate) async fn duties(office: &Office, actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    if actor.may(Permission::PublishItems).is_none() {
        return Ok(Vec::new());
    }
    let filter = Filter {
        state: Some(domain::ItemState::Draft),
        ..Filter::default()
    };
    let mut read = office.db.read().await?;
    let count = items::count(&mut read, &actor.bureau, &filter, AsOf::Now).await?;
    Ok(vec![Duty {
        menu: "/items",
        href: "/items?state=%E8%8D%89%E7%A8%BF".to_owned(),
        what: "抽查事项待公布",
        count,
        late: 0,
        note: "只有公布的事项才能列入计划（《细则》一）：请核对依据和检查表后公布，不需要的请作废".to_owned(),
    }])
}
