//! One row of a register being read: gives the fields as domain types, and gathers what is wrong with them.
//! Never takes a cell that it could not read: each failure is a finding, and the row is refused.

use domain::dates::{DateError, parse_date, parse_until, parse_validity};
use domain::text::{Cleaned, Mend};
use domain::{CodeError, DateForm, Term, Text, TextError, Until, Validity, clean_name, clean_text};
use jiff::civil::Date;

use crate::columns::{Header, Role};
use crate::finding::{Accepted, ColumnName, Filled, Finding, FindingKind};
use crate::grid::{Cell, Kind, Row, column_letters};
use crate::register::Register;

/// What people write into a cell that has nothing to say.
const NOTHING: [&str; 12] = [
    "无", "暂无", "/", "\\", "-", "--", "—", "——", "N/A", "NULL", "null", "None",
];

/// A row being read.
pub struct RowReader<'a, R: Register> {
    row: &'a Row,
    header: &'a Header<R::Field>,
    /// The form of each date column.
    forms: &'a [(R::Field, DateForm)],
    pub(crate) findings: Vec<Finding>,
}

impl<'a, R: Register> RowReader<'a, R> {
    pub(crate) fn new(row: &'a Row, header: &'a Header<R::Field>, forms: &'a [(R::Field, DateForm)]) -> Self {
        Self {
            row,
            header,
            forms,
            findings: Vec::new(),
        }
    }

    /// Row in the file, from 1.
    pub(crate) fn number(&self) -> u32 {
        self.row.number
    }

    /// Whether a finding refuses the row.
    pub(crate) fn is_refused(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.kind == FindingKind::Refused)
    }

    /// Whether the file has the column.
    pub(crate) fn has_column(&self, field: R::Field) -> bool {
        self.header.column(field).is_some()
    }

    /// The text of a field as it stands in the file; empty if there is none.
    pub(crate) fn value(&self, field: R::Field) -> &'a str {
        self.cell(field).map_or("", |cell| cell.text)
    }

    /// The cell of a field, unless it is blank, says 无 and the like, or holds an error (which is found here).
    pub(crate) fn filled(&mut self, field: R::Field) -> Option<Cell<'a>> {
        let cell = self.cell(field)?;
        match cell.kind {
            Kind::Error => {
                let reason = format!("单元格是公式错误值“{}”，请改为实际内容", cell.text);
                self.refuse(field, reason, None);
                return None;
            }
            Kind::Uncomputed => {
                let reason =
                    "单元格是没有计算结果的公式，请用 Excel 或 WPS 打开并保存，或改为实际内容".to_owned();
                self.refuse(field, reason, None);
                return None;
            }
            Kind::Text | Kind::Number | Kind::Date => {}
        }
        let text = cell.text.trim();
        (!clean_text(text).text.is_empty() && !NOTHING.contains(&text)).then_some(cell)
    }

    /// A name: refused if there is none, or tags or a formula in it.
    pub(crate) fn name(&mut self, field: R::Field) -> Option<Text> {
        let Some(cell) = self.filled(field) else {
            if !self.is_refused_at(field) {
                self.refuse(field, format!("没有填写{}，请补全", self.title(field)), None);
            }
            return None;
        };
        let cleaned = clean_name(cell.text);
        self.text_or_refuse(field, cleaned, Text::parse_name)
    }

    /// A name that may be missing.
    pub(crate) fn optional_name(&mut self, field: R::Field) -> Option<Text> {
        let cell = self.filled(field)?;
        self.text_or_refuse(field, clean_name(cell.text), Text::parse_name)
    }

    /// Free text that may be missing.
    pub(crate) fn text(&mut self, field: R::Field) -> Option<Text> {
        let cell = self.filled(field)?;
        self.text_or_refuse(field, clean_text(cell.text), Text::parse)
    }

    /// A word of a closed list that may be missing.
    pub(crate) fn term<T: Term>(&mut self, field: R::Field) -> Option<T> {
        let cell = self.filled(field)?;
        match T::parse(cell.text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(field, error.to_string(), None);
                None
            }
        }
    }

    /// A code that may be missing: cleaned, what was cleaned said, and refused if it does not parse.
    pub(crate) fn code<T>(
        &mut self,
        field: R::Field,
        clean: fn(&str) -> Cleaned,
        parse: impl Fn(&str) -> Result<T, CodeError>,
    ) -> Option<T> {
        let cell = self.filled(field)?;
        match self.try_code(field, cell, clean, parse) {
            Ok(code) => Some(code),
            Err(error) => {
                let suggestion = error
                    .suggestion
                    .as_ref()
                    .map(|suggestion| suggestion.code.clone());
                self.refuse(field, error.to_string(), suggestion);
                None
            }
        }
    }

    /// As [`Self::code`], but leaves the error to the caller, who may know what was meant.
    pub(crate) fn try_code<T>(
        &mut self,
        field: R::Field,
        cell: Cell<'_>,
        clean: fn(&str) -> Cleaned,
        parse: impl Fn(&str) -> Result<T, CodeError>,
    ) -> Result<T, CodeError> {
        let cleaned = clean(cell.text);
        let code = parse(&cleaned.text)?;
        self.mended(field, &cleaned);
        Ok(code)
    }

    /// A number of things that may be missing; a counter after it (2套) is dropped.
    pub(crate) fn count(&mut self, field: R::Field) -> Option<u16> {
        let cell = self.filled(field)?;
        let cleaned = domain::clean_code(cell.text);
        let digits = cleaned
            .text
            .trim_end_matches(['个', '套', '座', '台'])
            .trim_end_matches(".0");
        let count = digits.parse().ok();
        if count.is_none() {
            self.refuse(
                field,
                format!("“{}”不是数量，请填写整数，没有则填0", cell.text.trim()),
                None,
            );
        }
        count
    }

    /// A date that may be missing.
    pub(crate) fn date(&mut self, field: R::Field) -> Option<Date> {
        let cell = self.filled(field)?;
        let (date, form) = self.dated(field, date_of(cell))?;
        self.departs(field, Some(form), &[date]);
        Some(date)
    }

    /// The end of a term, which may be missing.
    pub(crate) fn until(&mut self, field: R::Field) -> Until {
        self.validity(field).until()
    }

    /// A term, which may be missing; a single date is its end.
    pub(crate) fn validity(&mut self, field: R::Field) -> Validity {
        let Some(cell) = self.filled(field) else {
            return Validity::UNKNOWN;
        };
        let read = validity_of(cell);
        let Some((validity, form)) = self.dated(field, read) else {
            return Validity::UNKNOWN;
        };
        let last = match validity.until() {
            Until::Date(date) => Some(date),
            Until::LongTerm | Until::Unknown => None,
        };
        let dates: Vec<Date> = validity.from().into_iter().chain(last).collect();
        self.departs(field, form, &dates);
        validity
    }

    /// Refuses the row.
    pub(crate) fn refuse(&mut self, field: R::Field, reason: String, suggestion: Option<String>) {
        self.find(field, FindingKind::Refused, reason, suggestion);
    }

    /// Says that a cell was read as something else than it says.
    pub(crate) fn mend(&mut self, field: R::Field, reason: String, suggestion: String) {
        self.find(field, FindingKind::Mended, reason, Some(suggestion));
    }

    /// Says that somebody should look at a cell.
    pub(crate) fn note(&mut self, field: R::Field, reason: String, suggestion: Option<String>) {
        self.find(field, FindingKind::Noted, reason, suggestion);
    }

    /// The row as taken.
    pub(crate) fn accept(&self, record: R::Record) -> Accepted<R::Record> {
        Accepted {
            row: self.row.number,
            record,
            filled: self.fills(),
            extra: self.extra(),
            answers: self.answers(),
        }
    }

    /// Which fields the row fills.
    pub(crate) fn fills(&self) -> Filled {
        Filled::of::<R>(|field| {
            self.cell(field)
                .is_some_and(|cell| !clean_text(cell.text).text.is_empty())
        })
    }

    /// The row of the original that this row of a receipt mends. Anything but digits names no row.
    pub(crate) fn answers(&self) -> Option<u32> {
        let text = self.row.cell(self.header.row_numbers()?)?.text.trim();
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_plain)
    }

    /// The cells of columns that the register does not know: title and text.
    pub(crate) fn extra(&self) -> Vec<(String, String)> {
        let unknown = self
            .header
            .columns
            .iter()
            .filter(|column| column.role == Role::Unknown);
        let filled = unknown.filter_map(|column| {
            Some((
                column.title.clone(),
                self.row.cell(column.column)?.text.to_owned(),
            ))
        });
        filled.collect()
    }

    /// All cells of the row in the order of the header.
    pub(crate) fn cells(&self) -> Vec<String> {
        let text = |column: u16| {
            self.row
                .cell(column)
                .map_or_else(String::new, |cell| cell.text.to_owned())
        };
        self.header
            .columns
            .iter()
            .map(|column| text(column.column))
            .collect()
    }

    /// Title of a field as the file has it, else its proper one.
    pub(crate) fn title(&self, field: R::Field) -> &str {
        let own = self.header.column(field).map(|column| column.title.trim());
        let proper = R::COLUMNS
            .iter()
            .find(|(own, _)| *own == field)
            .map_or("", |(_, column)| column.title);
        own.unwrap_or(proper)
    }

    fn cell(&self, field: R::Field) -> Option<Cell<'a>> {
        self.row.cell(self.header.column(field)?.column)
    }

    pub(crate) fn is_refused_at(&self, field: R::Field) -> bool {
        let letter = self.column_name(field).letter;
        self.findings
            .iter()
            .any(|finding| finding.kind == FindingKind::Refused && finding.column.letter == letter)
    }

    fn column_name(&self, field: R::Field) -> ColumnName {
        let column = self.header.column(field);
        let letter = column
            .map(|column| column_letters(column.column.into()))
            .unwrap_or_default();
        ColumnName {
            letter,
            title: self.title(field).to_owned(),
        }
    }

    fn find(&mut self, field: R::Field, kind: FindingKind, reason: String, suggestion: Option<String>) {
        let (column, value) = (self.column_name(field), self.value(field).to_owned());
        self.findings.push(Finding {
            row: self.row.number,
            column,
            value,
            kind,
            reason,
            suggestion,
        });
    }

    fn text_or_refuse(
        &mut self,
        field: R::Field,
        cleaned: Cleaned,
        parse: fn(&str) -> Result<Text, TextError>,
    ) -> Option<Text> {
        match parse(&cleaned.text) {
            Ok(text) => {
                self.mended(field, &cleaned);
                Some(text)
            }
            Err(error) => {
                let suggestion = match &error {
                    TextError::NotPlain { plain } => plain.clone(),
                    TextError::Empty
                    | TextError::TooLong { .. }
                    | TextError::Invisible { .. }
                    | TextError::Garbled { .. } => None,
                };
                self.refuse(field, format!("{}{error}", self.title(field)), suggestion);
                None
            }
        }
    }

    fn mended(&mut self, field: R::Field, cleaned: &Cleaned) {
        if cleaned.mends.is_empty() {
            return;
        }
        let mends: Vec<String> = cleaned.mends.iter().map(Mend::to_string).collect();
        self.mend(field, mends.join("，"), cleaned.text.clone());
    }

    fn dated<T>(&mut self, field: R::Field, read: Result<T, DateError>) -> Option<T> {
        read.map_err(|error| self.refuse(field, error.to_string(), None))
            .ok()
    }

    /// Says that a date is not written as the others of its column are.
    fn departs(&mut self, field: R::Field, form: Option<DateForm>, dates: &[Date]) {
        let usual = self
            .forms
            .iter()
            .find(|(own, _)| *own == field)
            .map(|(_, form)| *form);
        let (Some(form), Some(usual)) = (form, usual) else {
            return;
        };
        if form == usual {
            return;
        }
        let read: Vec<String> = dates.iter().map(|date| usual.write(*date)).collect();
        let reason = format!("日期的写法与本列其他行（{} 的样子）不同", usual.example());
        self.mend(field, reason, read.join("至"));
    }
}

/// Reads a cell as a date.
pub(crate) fn date_of(cell: Cell<'_>) -> Result<(Date, DateForm), DateError> {
    let (date, form) = parse_date(cell.text)?;
    Ok((
        date,
        if cell.kind == Kind::Date {
            DateForm::Cell
        } else {
            form
        },
    ))
}

/// Reads a cell as a term.
pub(crate) fn validity_of(cell: Cell<'_>) -> Result<(Validity, Option<DateForm>), DateError> {
    if cell.kind == Kind::Date {
        let (until, _) = parse_until(cell.text)?;
        return Ok((Validity::new(None, until)?, Some(DateForm::Cell)));
    }
    parse_validity(cell.text)
}
