//! Reads a register from a file: what the file is, where the table is, what each row says, what the rows say together.
//! Never takes a row with a finding that refuses it, and never loses one silently.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use domain::{DateForm, Until};

use crate::columns::Role;
use crate::error::SheetError;
use crate::finding::{
    ColumnUse, FileKind, Finding, Import, JoinedRow, Objection, ReadAs, RefusedRow, Summary,
};
use crate::grid::{Row, RowSink, column_letters};
use crate::limits::{FINDINGS_MAX, REFUSED_ROWS_MAX};
use crate::read::{File, Workbook, open, read_json, read_text};
use crate::register::{Outcome, Pending, Register, Settled};
use crate::row::{RowReader, validity_of};
use crate::table::{Table, TableBuilder};

/// Reads a register from a workbook (.xlsx), delimited text (.csv) or JSON, told apart by content.
///
/// # Errors
/// [`SheetError`] if the file as a whole can't be read as that register; rows are judged one by one in [`Import`].
pub fn import<R: Register>(file: impl Read + Seek) -> Result<Import<R::Record>, SheetError> {
    import_against::<R>(file, &[])
}

/// As [`import`], and refuses the rows that whoever keeps the register objects to.
///
/// # Errors
/// As [`import`].
pub fn import_against<R: Register>(
    file: impl Read + Seek,
    objections: &[Objection],
) -> Result<Import<R::Record>, SheetError> {
    let (table, source, unread_sheets) = match open(file)? {
        File::Workbook(workbook) => table_of_workbook::<R, _>(workbook)?,
        File::Text(file) => {
            let mut builder = TableBuilder::<R>::new();
            let text = read_text(file, &mut builder)?;
            let kind = FileKind::Text {
                encoding: text.encoding,
                separator: text.separator,
            };
            (builder.finish()?, kind, Vec::new())
        }
        File::Json(file) => {
            let mut builder = TableBuilder::<R>::new();
            read_json(file, &mut builder)?;
            (builder.finish()?, FileKind::Json, Vec::new())
        }
    };
    judge::<R>(&table, source, unread_sheets, objections)
}

type Found<F> = (Table<F>, FileKind, Vec<String>);

/// The first worksheet that holds the register, visible ones first.
fn table_of_workbook<R: Register, S: Read + Seek>(
    mut workbook: Workbook<S>,
) -> Result<Found<R::Field>, SheetError> {
    let (hidden, visible): (Vec<_>, Vec<_>) =
        workbook.sheets().iter().cloned().partition(|sheet| sheet.hidden);
    let mut refusal = None;
    for (at, sheet) in visible.iter().chain(&hidden).enumerate() {
        let mut builder = TableBuilder::<R>::new();
        let read = workbook.rows(sheet, &mut builder).and_then(|()| builder.finish());
        match read {
            Ok(table) => {
                let unread = visible.iter().skip(at + 1).chain(visible.iter().take(at));
                let unread = unread
                    .filter(|other| has_rows(&mut workbook, other))
                    .map(|other| other.name.clone());
                let unread = unread.collect();
                return Ok((
                    table,
                    FileKind::Workbook {
                        sheet: sheet.name.clone(),
                    },
                    unread,
                ));
            }
            // A sheet with some of the columns tells more than one with none.
            Err(error @ SheetError::MissingColumns { .. }) => refusal = Some(error),
            Err(error @ SheetError::NoHeader { .. }) => refusal = refusal.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    Err(refusal.unwrap_or_else(|| SheetError::damaged("没有工作表")))
}

/// Stops at the first row.
struct AnyRow(bool);

impl RowSink for AnyRow {
    fn row(&mut self, _: Row) -> Result<(), SheetError> {
        self.0 = true;
        Err(SheetError::damaged("只看第一行"))
    }
}

fn has_rows<S: Read + Seek>(workbook: &mut Workbook<S>, sheet: &crate::read::Sheet) -> bool {
    let mut any = AnyRow(false);
    workbook.rows(sheet, &mut any).is_err() && any.0
}

fn judge<R: Register>(
    table: &Table<R::Field>,
    source: FileKind,
    unread_sheets: Vec<String>,
    objections: &[Objection],
) -> Result<Import<R::Record>, SheetError> {
    let forms = date_forms::<R>(table);
    let (mut pending, mut settled) = (Vec::new(), Vec::new());
    let mut findings = 0;
    for row in &table.rows {
        let mut reader = RowReader::<R>::new(row, &table.header, &forms);
        let draft = R::read(&mut reader);
        findings += reader.findings.len();
        match draft {
            Some(draft) => pending.push(Pending { reader, draft }),
            None => settled.push(Settled {
                reader,
                outcome: Outcome::Refused,
            }),
        }
        if findings > FINDINGS_MAX || settled.len() > REFUSED_ROWS_MAX {
            return Err(SheetError::TooManyFindings);
        }
    }
    settled.extend(R::settle(pending));
    object(&mut settled, objections);
    if settled
        .iter()
        .filter(|settled| settled.reader.is_refused())
        .count()
        > REFUSED_ROWS_MAX
    {
        return Err(SheetError::TooManyFindings);
    }
    let mut import = Import {
        accepted: Vec::with_capacity(settled.len()),
        findings: Vec::with_capacity(findings),
        joined: Vec::new(),
        refused: Vec::new(),
        summary: summary::<R>(table, &forms, source, unread_sheets),
    };
    settled
        .into_iter()
        .for_each(|settled| place(&mut import, settled));
    import.accepted.sort_by_key(|accepted| accepted.row);
    import.joined.sort_by_key(|joined| joined.row);
    import.refused.sort_by_key(|refused| refused.row);
    // By row, then by column: A … Z, AA …
    import.findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.row, finding.column.letter.len());
        key(a)
            .cmp(&key(b))
            .then_with(|| a.column.letter.cmp(&b.column.letter))
    });
    Ok(import)
}

/// Refuses the rows that are objected to, and the rows that were joined to them.
fn object<R: Register>(settled: &mut [Settled<'_, R>], objections: &[Objection]) {
    if objections.is_empty() {
        return;
    }
    let by_row: BTreeMap<u32, &Objection> = objections
        .iter()
        .map(|objection| (objection.row, objection))
        .collect();
    for Settled { reader, outcome } in settled {
        let row = match outcome {
            Outcome::Accepted(accepted) => accepted.row,
            Outcome::Joined(of) => *of,
            Outcome::Refused => continue,
        };
        let field = |title: &str| R::COLUMNS.iter().find(|(_, column)| column.title == title);
        let objection = by_row.get(&row);
        if let Some((objection, (field, _))) = objection.and_then(|own| Some((own, field(&own.column)?))) {
            reader.refuse(*field, objection.reason.clone(), None);
            *outcome = Outcome::Refused;
        }
    }
}

fn place<R: Register>(import: &mut Import<R::Record>, settled: Settled<'_, R>) {
    let Settled { reader, outcome } = settled;
    match outcome {
        Outcome::Accepted(accepted) => import.accepted.push(accepted),
        Outcome::Joined(of) => {
            import.summary.joined_rows += 1;
            import.joined.push(JoinedRow {
                row: reader.number(),
                of,
                answers: reader.answers(),
            });
        }
        Outcome::Refused => import.refused.push(RefusedRow {
            row: reader.number(),
            cells: reader.cells(),
            answers: reader.answers(),
        }),
    }
    import.findings.extend(reader.findings);
}

/// The form in which most cells of each date column are written.
fn date_forms<R: Register>(table: &Table<R::Field>) -> Vec<(R::Field, DateForm)> {
    let form_of = |field: R::Field| {
        let column = table.header.column(field)?.column;
        let mut counts: BTreeMap<DateForm, u32> = BTreeMap::new();
        for cell in table.rows.iter().filter_map(|row| row.cell(column)) {
            if let Ok((validity, Some(form))) = validity_of(cell)
                && matches!(validity.until(), Until::Date(_))
            {
                *counts.entry(form).or_default() += 1;
            }
        }
        let most = counts
            .iter()
            .max_by_key(|(form, count)| (**count, std::cmp::Reverse(**form)));
        most.map(|(form, _)| (field, *form))
    };
    R::DATES.iter().filter_map(|field| form_of(*field)).collect()
}

fn summary<R: Register>(
    table: &Table<R::Field>,
    forms: &[(R::Field, DateForm)],
    source: FileKind,
    unread_sheets: Vec<String>,
) -> Summary {
    let proper = |field: R::Field| {
        let own = R::COLUMNS.iter().find(|(own, _)| *own == field);
        own.map_or("", |(_, column)| column.title)
    };
    let columns = table.header.columns.iter().map(|column| ColumnUse {
        column: column.column,
        letter: column_letters(column.column.into()),
        title: column.title.clone(),
        read_as: match column.role {
            Role::Field(field) => ReadAs::Field(proper(field)),
            Role::Ignored => ReadAs::Ignored,
            Role::Unknown => ReadAs::Unknown,
        },
    });
    let title = |field: R::Field| table.header.column(field).map(|column| column.title.clone());
    Summary {
        register: R::TITLE,
        source,
        header_row: table.header.row,
        columns: columns.collect(),
        is_receipt: table.header.is_receipt(),
        date_forms: forms
            .iter()
            .filter_map(|(field, form)| Some((title(*field)?, *form)))
            .collect(),
        rows: table.total,
        blank_rows: table.blank_rows,
        has_hints: table.has_hints,
        joined_rows: 0,
        footnotes: table.footnotes.clone(),
        unread_sheets,
    }
}
