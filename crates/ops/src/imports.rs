//! 导入 (R3.1): a file is uploaded, shown beside what the register says, and applied as a whole or given up.
//! Never writes what nobody has seen: if the register moved on since the preview, the new one is shown first.

mod book;
mod compare;
mod file;
mod shown;

use domain::rights::Permission;
use serde::{Deserialize, Serialize};
use sheets::{Inspectors, Objection, Sources};
pub use store::imports::{Counts, Import, Register, State};
use store::{At, Page, PageRequest, StoreError, Tx, imports};

use crate::duties::{Duty, days_from};
use crate::sources::stamp;
use crate::{Actor, Deed, Office, Refusal, work};
use book::Book;
use compare::{Compared, compared};
use file::File;
pub use shown::{Group, Line, Preview, Shown, preview};

/// Files that may wait in a bureau at once.
const WAITING_MAX: u64 = 20;
/// Days after which a waiting file is late.
const LATE_AFTER_DAYS: i64 = 7;
/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 120;
/// Name of the field with the file.
const FILE: &str = "file";

/// What waits for this person here.
pub(crate) async fn duties(office: &Office, actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    if actor.may(Permission::ImportRegisters).is_none() {
        return Ok(Vec::new());
    }
    let before = days_from(office.now().day(), -LATE_AFTER_DAYS);
    let mut read = office.db.read().await?;
    Ok(vec![Duty {
        menu: "/imports",
        href: "/imports".to_owned(),
        what: "上传后还没有确认的导入",
        count: imports::waiting(&mut read, &actor.bureau, At::FOREVER).await?,
        late: imports::waiting(&mut read, &actor.bureau, At::end_of(before)).await?,
        note: format!("确认之前名录库没有任何变化；超过{LATE_AFTER_DAYS}天请确认或放弃"),
    }])
}

/// The empty workbook to fill in.
///
/// # Errors
/// [`Refusal`].
pub async fn template(register: Register) -> Result<Vec<u8>, Refusal> {
    let write = move || match register {
        Register::Sources => sheets::template::<Sources>(),
        Register::Inspectors => sheets::template::<Inspectors>(),
    };
    work::aside(write).await?.map_err(Refusal::rule)
}

/// The imports of the bureau, the newest first.
///
/// # Errors
/// [`Refusal`].
pub async fn list(office: &Office, actor: &Actor, request: PageRequest) -> Result<Page<Import>, Refusal> {
    actor.must(Permission::ImportRegisters)?;
    Ok(imports::list(&mut *office.db.read().await?, &actor.bureau, request).await?)
}

/// Takes a file in, reads it and holds it against the register; gives the id under which it waits.
///
/// # Errors
/// [`Refusal::Fields`] if it cannot be read as that register.
pub async fn upload(
    office: &Office,
    actor: &Actor,
    register: Register,
    file_name: &str,
    file: Vec<u8>,
) -> Result<String, Refusal> {
    match register {
        Register::Sources => upload_as::<Sources>(office, actor, register, file_name, file).await,
        Register::Inspectors => upload_as::<Inspectors>(office, actor, register, file_name, file).await,
    }
}

async fn upload_as<B: Book>(
    office: &Office,
    actor: &Actor,
    register: Register,
    file_name: &str,
    file: Vec<u8>,
) -> Result<String, Refusal> {
    actor.must(Permission::ImportRegisters)?;
    let waiting = imports::waiting(&mut *office.db.read().await?, &actor.bureau, At::FOREVER).await?;
    if waiting >= WAITING_MAX {
        let text = format!("已有{waiting}份文件上传后没有确认；请先到导入记录里逐份确认或放弃");
        return Err(Refusal::field(FILE, text));
    }
    let (mut file, now) = (File::uploaded(file), office.now());
    let mut conn = office.db.read().await?;
    let compared = compared::<B>(&mut conn, &actor.bureau, now.day(), &mut file).await?;
    drop(conn);
    let import = Import {
        id: office.id(),
        register,
        file_name: kept_name(file_name),
        sha256: file.sha256().to_owned(),
        author: actor.login.clone(),
        uploaded_at: now,
        state: State::Waiting,
        settled_at: At::default(),
        settled_by: String::new(),
        counts: compared.counts,
        objections: String::new(),
    };
    let mut tx = office.db.begin().await?;
    imports::add(&mut tx, &actor.bureau, &import, file.into_bytes()).await?;
    office.commit(tx, actor, deed("import.upload", &import)).await?;
    Ok(import.id)
}

/// The name of a file without the folders that some browsers send with it.
fn kept_name(name: &str) -> String {
    let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned = domain::clean_text(own).text;
    let kept: String = cleaned
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_CHARS_MAX)
        .collect();
    if kept.is_empty() {
        "未命名的文件".to_owned()
    } else {
        kept
    }
}

fn deed(act: &'static str, import: &Import) -> Deed {
    Deed::new(act, format!("import/{}", import.id))
        .ground(&import.file_name)
        .changed(None, Some(&import.sha256))
}

async fn found(conn: &mut store::Conn, actor: &Actor, id: &str) -> Result<Import, Refusal> {
    actor.must(Permission::ImportRegisters)?;
    let import = imports::find(conn, &actor.bureau, id).await?;
    import.ok_or_else(|| Refusal::Missing(format!("导入“{id}”")))
}

/// Applies an import as a whole; `outcome` is what its preview said it would come to.
///
/// # Errors
/// [`Refusal::Rule`] if the register moved on since, so that something else would change: nothing was written.
pub async fn apply(office: &Office, actor: &Actor, id: &str, outcome: &str) -> Result<Counts, Refusal> {
    let import = waiting(&mut *office.db.read().await?, actor, id).await?;
    match import.register {
        Register::Sources => apply_as::<Sources>(office, actor, import, outcome).await,
        Register::Inspectors => apply_as::<Inspectors>(office, actor, import, outcome).await,
    }
}

async fn waiting(conn: &mut store::Conn, actor: &Actor, id: &str) -> Result<Import, Refusal> {
    let import = found(conn, actor, id).await?;
    match import.state {
        State::Waiting => Ok(import),
        State::Applied => Err(Refusal::rule(format!(
            "这份文件已于 {} 导入，不能再导入一次；如有新的内容，请重新上传",
            import.settled_at
        ))),
        State::GivenUp => Err(Refusal::rule(format!(
            "这份文件已于 {} 放弃；要导入请重新上传",
            import.settled_at
        ))),
    }
}

async fn apply_as<B: Book>(
    office: &Office,
    actor: &Actor,
    import: Import,
    outcome: &str,
) -> Result<Counts, Refusal> {
    let mut file = File::of(&actor.bureau, &import);
    // Before the transaction begins, so that nobody waits for the reading.
    let read = file.read::<B>(&mut *office.db.read().await?, &[]).await?;
    drop(read.map_err(Refusal::rule)?);
    let mut tx = office.db.begin().await?;
    let compared = compared::<B>(&mut tx, &actor.bureau, office.now().day(), &mut file).await?;
    if compared.outcome() != outcome {
        return Err(Refusal::rule(
            "你查看之后名录库有了变动，现在导入的结果会与刚才看到的不同，所以什么都没有导入；下面已按现在的名录库重新比对，请核对后再确认",
        ));
    }
    if compared.fresh.is_empty() && compared.changed.is_empty() {
        return Err(Refusal::rule(
            "这份文件里没有要写入名录库的内容；可以放弃它，或者改正回执里的行后再导入回执",
        ));
    }
    let stamp = stamp(office, actor, B::ACT, &import.file_name);
    let settled = Import {
        state: State::Applied,
        settled_at: stamp.at,
        settled_by: actor.login.clone(),
        counts: compared.counts,
        objections: written(&compared.objections)?,
        ..import
    };
    imports::settle(&mut tx, &actor.bureau, &settled).await?;
    write(&mut tx, actor, compared, &stamp).await?;
    office.commit(tx, actor, deed(B::ACT, &settled)).await?;
    Ok(settled.counts)
}

async fn write<B: Book>(
    tx: &mut Tx,
    actor: &Actor,
    compared: Compared<B>,
    stamp: &store::versions::Stamp,
) -> Result<(), Refusal> {
    let Compared { fresh, changed, .. } = compared;
    let fresh: Vec<_> = fresh.into_iter().map(|row| (1, row.entry)).collect();
    let changed: Vec<_> = changed
        .into_iter()
        .map(|row| (row.before.number, row.after))
        .collect();
    match B::keep(tx, &actor.bureau, &fresh, &changed, stamp).await {
        // Somebody entered the same thing a moment ago.
        Err(StoreError::Exists(_)) => Err(Refusal::Overtaken),
        other => Ok(other?),
    }
}

/// Gives an import up.
///
/// # Errors
/// [`Refusal`].
pub async fn give_up(office: &Office, actor: &Actor, id: &str) -> Result<(), Refusal> {
    let mut tx = office.db.begin().await?;
    let import = waiting(&mut tx, actor, id).await?;
    let settled = Import {
        state: State::GivenUp,
        settled_at: office.now(),
        settled_by: actor.login.clone(),
        ..import
    };
    imports::settle(&mut tx, &actor.bureau, &settled).await?;
    office.commit(tx, actor, deed("import.give-up", &settled)).await
}

/// The receipt with its name: the rows that were not taken, in the columns of the file, ready to be mended and imported
/// again.
///
/// # Errors
/// [`Refusal`].
pub async fn receipt(office: &Office, actor: &Actor, id: &str) -> Result<(String, Vec<u8>), Refusal> {
    let mut conn = office.db.read().await?;
    let import = found(&mut conn, actor, id).await?;
    let receipt = match import.register {
        Register::Sources => receipt_as::<Sources>(&mut conn, office, actor, &import).await,
        Register::Inspectors => receipt_as::<Inspectors>(&mut conn, office, actor, &import).await,
    }?;
    Ok((receipt_name(&import.file_name), receipt))
}

/// 名录.csv to 名录-回执.xlsx.
fn receipt_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}-回执.xlsx")
}

async fn receipt_as<B: Book>(
    conn: &mut store::Conn,
    office: &Office,
    actor: &Actor,
    import: &Import,
) -> Result<Vec<u8>, Refusal> {
    let said = held::<B>(conn, office, actor, import).await?.read;
    work::aside(move || sheets::receipt(&said))
        .await?
        .map_err(Refusal::rule)
}

/// What comes of an import that waits, or what its file showed when it was settled.
async fn held<B: Book>(
    conn: &mut store::Conn,
    office: &Office,
    actor: &Actor,
    import: &Import,
) -> Result<Compared<B>, Refusal> {
    let mut file = File::of(&actor.bureau, import);
    match import.state {
        State::Waiting => compared::<B>(conn, &actor.bureau, office.now().day(), &mut file).await,
        State::Applied | State::GivenUp => {
            let objections = settled_objections(import)?;
            let said = file.read::<B>(conn, &objections).await?.map_err(Refusal::rule)?;
            Ok(Compared::settled(said, import.counts))
        }
    }
}

/// [`Objection`] as the database keeps it.
#[derive(Serialize, Deserialize)]
struct Kept(u32, String, String);

fn written(objections: &[Objection]) -> Result<String, Refusal> {
    let kept: Vec<Kept> = objections
        .iter()
        .map(|own| Kept(own.row, own.column.clone(), own.reason.clone()))
        .collect();
    serde_json::to_string(&kept).map_err(|error| StoreError::Damaged(error.to_string()).into())
}

fn settled_objections(import: &Import) -> Result<Vec<Objection>, Refusal> {
    if import.objections.is_empty() {
        return Ok(Vec::new());
    }
    let kept: Result<Vec<Kept>, _> = serde_json::from_str(&import.objections);
    let kept = kept.map_err(|error| StoreError::Damaged(error.to_string()))?;
    let objection = |Kept(row, column, reason)| Objection { row, column, reason };
    Ok(kept.into_iter().map(objection).collect())
}

/// What a register says of a record, column by column; of several lines each in turn, with a semicolon between.
pub(crate) fn cells<R: sheets::Register>(record: &R::Record) -> Vec<(&'static str, String)> {
    let rows = R::write(record);
    let column = |at: usize| {
        let mut texts: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.get(at))
            .map(String::as_str)
            .collect();
        texts.dedup();
        texts.join("；")
    };
    R::COLUMNS
        .iter()
        .enumerate()
        .map(|(at, (_, own))| (own.title, column(at)))
        .collect()
}
