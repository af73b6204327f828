//! What an import has to know of a register: who is the same, what a row changes, how versions are kept.
//! Never lets a row undo what it does not speak of: a blank cell keeps what the register says.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Identity, Inspector, Source, Supervision};
use jiff::civil::Date;
use sheets::{Accepted, InspectorField, Inspectors, Objection, Register, SourceField, Sources};
use store::versions::{Stamp, Version};
use store::{At, Conn, Page, PageRequest, StoreError, Tx, bureaus, imports, inspectors, sources};

use super::cells;

/// Column that says which enterprise a row is about.
const CODE: &str = "统一社会信用代码";
/// Column that says which person a row is about.
const CERTIFICATE: &str = "执法证编号";

/// What the bureau has beside the register, as of this import.
pub(super) struct Setting {
    today: Date,
    /// Names of departments that are open.
    departments: BTreeSet<String>,
}

impl Setting {
    pub(super) async fn of(conn: &mut Conn, bureau: &str, today: Date) -> Result<Self, StoreError> {
        let all = bureaus::departments(conn, bureau).await?;
        let open = all
            .into_iter()
            .filter(|department| department.closed_at == At::default());
        Ok(Self {
            today,
            departments: open.map(|department| department.name).collect(),
        })
    }
}

/// Rows that the register knows by another code than their own, and rows that it must not take.
#[derive(Default)]
pub(super) struct Aliases {
    /// Row to the id under which the register has it.
    pub(super) known: BTreeMap<u32, String>,
    pub(super) objections: Vec<Objection>,
}

/// Versions that an act began, each with the one before it.
pub(super) type Begun<E> = Page<(Version<E>, Option<Version<E>>)>;

/// A register that is imported into.
pub(super) trait Book: Register<Record: Send + Sync + 'static> {
    /// Which of the registers it is.
    const KIND: imports::Register;
    /// The act, as the ledger and the versions name it.
    const ACT: &'static str;
    /// The column by which a row is known.
    const IDENTITY: &'static str;
    /// A version.
    type Entry: Send + Sync;

    fn id(record: &Self::Record) -> String;
    fn name(record: &Self::Record) -> &str;
    fn record(entry: &Self::Entry) -> &Self::Record;
    fn is_inside(entry: &Self::Entry) -> bool;

    /// What the bureau adds to a record by itself, if anything: a title and what it says.
    fn beside(entry: &Self::Entry) -> Option<(&'static str, &str)>;

    /// What an entry says, column by column.
    fn said(entry: &Self::Entry) -> Vec<(&'static str, String)> {
        let mut said = cells::<Self>(Self::record(entry));
        said.extend(Self::beside(entry).map(|(title, text)| (title, text.to_owned())));
        said
    }

    /// The record after a row about it.
    fn followed(own: &Self::Record, row: &Accepted<Self::Record>) -> Result<Self::Record, Objection>;

    /// The entry of a record that is new.
    fn first(record: Self::Record, setting: &Setting) -> Self::Entry;

    /// The entry after a change.
    fn next(entry: &Self::Entry, record: Self::Record, setting: &Setting) -> Self::Entry;

    /// Looks for rows that are not in the register under their own id.
    fn aliases(
        conn: &mut Conn,
        bureau: &str,
        rows: &[&Accepted<Self::Record>],
    ) -> impl Future<Output = Result<Aliases, StoreError>> + Send;

    /// The versions that hold, by id.
    fn those(
        conn: &mut Conn,
        bureau: &str,
        ids: &[String],
    ) -> impl Future<Output = Result<BTreeMap<String, Version<Self::Entry>>, StoreError>> + Send;

    /// Adds first versions, and puts next ones in the place of those seen.
    fn keep(
        tx: &mut Tx,
        bureau: &str,
        fresh: &[(i64, Self::Entry)],
        changed: &[(i64, Self::Entry)],
        stamp: &Stamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// What an import began: first versions, or later ones.
    fn begun(
        conn: &mut Conn,
        bureau: &str,
        at: At,
        first: bool,
        request: PageRequest,
    ) -> impl Future<Output = Result<Begun<Self::Entry>, StoreError>> + Send;
}

impl Book for Sources {
    const KIND: imports::Register = imports::Register::Sources;
    const ACT: &'static str = "source.import";
    const IDENTITY: &'static str = CODE;
    type Entry = sources::Entry;

    fn id(record: &Source) -> String {
        record.id().to_string()
    }

    fn name(record: &Source) -> &str {
        record.name.as_str()
    }

    fn record(entry: &sources::Entry) -> &Source {
        &entry.source
    }

    fn is_inside(entry: &sources::Entry) -> bool {
        entry.inside
    }

    fn beside(_: &sources::Entry) -> Option<(&'static str, &str)> {
        None
    }

    fn followed(own: &Source, row: &Accepted<Source>) -> Result<Source, Objection> {
        use SourceField as F;
        let (said, has) = (&row.record, |field| row.filled.has::<Self>(field));
        let later = Source {
            name: said.name.clone(),
            identity: own.identity.clone(),
            site: own.site,
            registration_number: said
                .registration_number
                .clone()
                .or(own.registration_number.clone()),
            organisation_code: said.organisation_code.clone().or(own.organisation_code.clone()),
            licences: said.licences.clone(),
            legal_representative: either(
                has(F::LegalRepresentative),
                &said.legal_representative,
                &own.legal_representative,
            ),
            address: either(has(F::Address), &said.address, &own.address),
            telephone: either(has(F::Telephone), &said.telephone, &own.telephone),
            violations: either(has(F::Violations), &said.violations, &own.violations),
            industry: domain::Industry {
                name: either(has(F::Industry), &said.industry.name, &own.industry.name),
                code: either(has(F::IndustryCode), &said.industry.code, &own.industry.code),
            },
            supervision: supervision(own, row)?,
            administration: either(has(F::Administration), &said.administration, &own.administration),
            monitoring_stations: either(
                has(F::Stations),
                &said.monitoring_stations,
                &own.monitoring_stations,
            ),
            credit_class: either(has(F::CreditClass), &said.credit_class, &own.credit_class),
            status: either(has(F::Status), &said.status, &own.status),
        };
        Ok(own.followed_by(&later))
    }

    fn first(source: Source, setting: &Setting) -> sources::Entry {
        sources::Entry {
            source,
            inside: true,
            confirmed_on: Some(setting.today),
        }
    }

    fn next(entry: &sources::Entry, source: Source, setting: &Setting) -> sources::Entry {
        sources::Entry {
            source,
            inside: entry.inside,
            confirmed_on: Some(setting.today),
        }
    }

    async fn aliases(
        conn: &mut Conn,
        bureau: &str,
        rows: &[&Accepted<Source>],
    ) -> Result<Aliases, StoreError> {
        let mut aliases = Aliases::default();
        known_by_credit_code(conn, bureau, rows, &mut aliases).await?;
        known_by_older_code(conn, bureau, rows, &mut aliases).await?;
        Ok(aliases)
    }

    async fn those(
        conn: &mut Conn,
        bureau: &str,
        ids: &[String],
    ) -> Result<BTreeMap<String, Version<sources::Entry>>, StoreError> {
        sources::those(conn, bureau, ids).await
    }

    async fn keep(
        tx: &mut Tx,
        bureau: &str,
        fresh: &[(i64, sources::Entry)],
        changed: &[(i64, sources::Entry)],
        stamp: &Stamp,
    ) -> Result<(), StoreError> {
        sources::add(tx, bureau, fresh, stamp).await?;
        sources::replace(tx, bureau, changed, stamp).await
    }

    async fn begun(
        conn: &mut Conn,
        bureau: &str,
        at: At,
        first: bool,
        request: PageRequest,
    ) -> Result<Begun<sources::Entry>, StoreError> {
        sources::begun(conn, bureau, (at, Self::ACT), first, request).await
    }
}

impl Book for Inspectors {
    const KIND: imports::Register = imports::Register::Inspectors;
    const ACT: &'static str = "inspector.import";
    const IDENTITY: &'static str = CERTIFICATE;
    type Entry = inspectors::Entry;

    fn id(record: &Inspector) -> String {
        record.certificate.number.to_string()
    }

    fn name(record: &Inspector) -> &str {
        record.name.as_str()
    }

    fn record(entry: &inspectors::Entry) -> &Inspector {
        &entry.inspector
    }

    fn is_inside(entry: &inspectors::Entry) -> bool {
        entry.inside
    }

    fn beside(entry: &inspectors::Entry) -> Option<(&'static str, &str)> {
        Some(("部门", &entry.department))
    }

    fn followed(own: &Inspector, row: &Accepted<Inspector>) -> Result<Inspector, Objection> {
        use InspectorField as F;
        let (said, has) = (&row.record, |field| row.filled.has::<Self>(field));
        let certificate = (&said.certificate, &own.certificate);
        Ok(Inspector {
            name: said.name.clone(),
            sex: either(has(F::Sex), &said.sex, &own.sex),
            unit: either(has(F::Unit), &said.unit, &own.unit),
            certificate: domain::Certificate {
                number: own.certificate.number.clone(),
                issued_by: either(
                    has(F::IssuedBy),
                    &certificate.0.issued_by,
                    &certificate.1.issued_by,
                ),
                valid_until: either(
                    has(F::ValidUntil),
                    &certificate.0.valid_until,
                    &certificate.1.valid_until,
                ),
            },
            telephone: either(has(F::Telephone), &said.telephone, &own.telephone),
            fields: either(has(F::Fields), &said.fields, &own.fields),
            post: either(has(F::Post), &said.post, &own.post),
        })
    }

    fn first(inspector: Inspector, setting: &Setting) -> inspectors::Entry {
        inspectors::Entry {
            department: department(&inspector, setting).unwrap_or_default(),
            inspector,
            inside: true,
            joined_on: Some(setting.today),
            left_on: None,
        }
    }

    /// A department that somebody chose stays, unless the person moved to a unit that is another one.
    fn next(entry: &inspectors::Entry, inspector: Inspector, setting: &Setting) -> inspectors::Entry {
        let moved = inspector.unit != entry.inspector.unit || entry.department.is_empty();
        let department = department(&inspector, setting).filter(|_| moved);
        inspectors::Entry {
            department: department.unwrap_or_else(|| entry.department.clone()),
            inspector,
            ..entry.clone()
        }
    }

    async fn aliases(_: &mut Conn, _: &str, _: &[&Accepted<Inspector>]) -> Result<Aliases, StoreError> {
        Ok(Aliases::default())
    }

    async fn those(
        conn: &mut Conn,
        bureau: &str,
        ids: &[String],
    ) -> Result<BTreeMap<String, Version<inspectors::Entry>>, StoreError> {
        inspectors::those(conn, bureau, ids).await
    }

    async fn keep(
        tx: &mut Tx,
        bureau: &str,
        fresh: &[(i64, inspectors::Entry)],
        changed: &[(i64, inspectors::Entry)],
        stamp: &Stamp,
    ) -> Result<(), StoreError> {
        inspectors::add(tx, bureau, fresh, stamp).await?;
        inspectors::replace(tx, bureau, changed, stamp).await
    }

    async fn begun(
        conn: &mut Conn,
        bureau: &str,
        at: At,
        first: bool,
        request: PageRequest,
    ) -> Result<Begun<inspectors::Entry>, StoreError> {
        inspectors::begun(conn, bureau, (at, Self::ACT), first, request).await
    }
}

/// What the row says if its cell is filled, else what the register says.
fn either<T: Clone>(filled: bool, row: &T, own: &T) -> T {
    if filled { row.clone() } else { own.clone() }
}

/// The department of that name, if the bureau has it.
fn department(inspector: &Inspector, setting: &Setting) -> Option<String> {
    let unit = inspector.unit.as_ref()?.as_str();
    setting.departments.get(unit).cloned()
}

/// R2.2 holds for what row and register say together, too.
fn supervision(own: &Source, row: &Accepted<Source>) -> Result<Supervision, Objection> {
    use SourceField as F;
    let (said, own) = (row.record.supervision, own.supervision);
    let level = either(row.filled.has::<Sources>(F::Level), &said.level(), &own.level());
    let key = if row.filled.has::<Sources>(F::Key) {
        Some(said.is_key())
    } else {
        (!level.is_municipal_or_above()).then(|| own.is_key())
    };
    Supervision::new(level, key).map_err(|error| Objection {
        row: row.row,
        column: "是否重点排污单位".to_owned(),
        reason: format!("名录库里的{error}"),
    })
}

fn code_of(row: &Accepted<Source>) -> &str {
    row.record.identity.as_str()
}

/// Rows without a credit code, of enterprises that the register has under theirs.
async fn known_by_credit_code(
    conn: &mut Conn,
    bureau: &str,
    rows: &[&Accepted<Source>],
    aliases: &mut Aliases,
) -> Result<(), StoreError> {
    let older: Vec<&&Accepted<Source>> = rows
        .iter()
        .filter(|row| row.record.credit_code().is_none())
        .collect();
    if older.is_empty() {
        return Ok(());
    }
    let wanted: BTreeSet<String> = older.iter().map(|row| code_of(row).to_owned()).collect();
    let found = sources::of_aliases(conn, bureau, &wanted).await?;
    let known = older
        .iter()
        .filter_map(|row| Some((row.row, found.get(code_of(row))?.clone())));
    aliases.known.extend(known);
    Ok(())
}

/// Rows with a credit code, of enterprises that the register has under an older code: as a new source it would be there
/// twice and have twice the chance to be drawn.
async fn known_by_older_code(
    conn: &mut Conn,
    bureau: &str,
    rows: &[&Accepted<Source>],
    aliases: &mut Aliases,
) -> Result<(), StoreError> {
    if rows.iter().all(|row| row.record.credit_code().is_none()) {
        return Ok(());
    }
    let held = sources::without_credit_code(conn, bureau).await?;
    for row in rows.iter().filter(|_| !held.is_empty()) {
        let Identity::Credit(code) = &row.record.identity else {
            continue;
        };
        let number = row.record.registration_number.as_ref().map(ToString::to_string);
        let organisation = row.record.organisation_code.as_ref().map(ToString::to_string);
        let inside = code.organisation().map(|code| code.to_string());
        let older = [number, organisation, inside]
            .into_iter()
            .flatten()
            .find(|code| held.contains(code));
        aliases.objections.extend(older.map(|older| Objection {
            row: row.row,
            column: CODE.to_owned(),
            reason: format!(
                "名录库里以“{older}”登记着这个单位，换成信用代码会成为另一户、重复进入抽取；请先在名录库里让“{older}”退出，再导入这一行"
            ),
        }));
    }
    Ok(())
}
