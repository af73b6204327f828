//! What an import found: rows taken, findings as a careful clerk would list them, and a summary.
//! Never drops a row silently: each is accepted, refused with a reason, or counted as blank.

use std::fmt;

use domain::DateForm;

use crate::register::Register;

/// What came of reading a register.
#[derive(Debug, Clone)]
pub struct Import<T> {
    /// Rows taken, in the order of the file. Rows that were joined (licences of one site) count once.
    pub accepted: Vec<Accepted<T>>,
    /// What was found, in the order of rows, then columns.
    pub findings: Vec<Finding>,
    /// Rows taken as part of another row's record.
    pub joined: Vec<JoinedRow>,
    /// Rows not taken, with all their cells, for the receipt.
    pub refused: Vec<RefusedRow>,
    /// What the file is and how it was read.
    pub summary: Summary,
}

impl<T> Import<T> {
    /// Findings of one kind.
    pub fn of_kind(&self, kind: FindingKind) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.kind == kind)
    }
}

/// A row taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted<T> {
    /// Row in the file, from 1.
    pub row: u32,
    /// What it says.
    pub record: T,
    /// Which fields the row fills; that of a joined row counts too.
    pub filled: Filled,
    /// Cells of columns that the register does not know: title and text.
    pub extra: Vec<(String, String)>,
    /// In a receipt, the row of the original that it mends: the plain number in its column 行号, if there is one.
    pub answers: Option<u32>,
}

/// A row taken as part of another row's record: a second licence of one site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinedRow {
    /// Row in the file, from 1.
    pub row: u32,
    /// The row whose record it is part of.
    pub of: u32,
    /// As [`Accepted::answers`].
    pub answers: Option<u32>,
}

/// Fields of a row that hold something, be it 无: what stands in the others, nobody has said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filled(u64);

impl Filled {
    /// The fields for which `is_filled` holds, by their place in [`Register::COLUMNS`].
    pub(crate) fn of<R: Register>(is_filled: impl Fn(R::Field) -> bool) -> Self {
        let bit = |(at, (field, _)): (usize, &(R::Field, crate::Column))| u64::from(is_filled(*field)) << at;
        Self(R::COLUMNS.iter().enumerate().map(bit).sum())
    }

    /// Whether the row fills that field.
    #[must_use]
    pub fn has<R: Register>(self, field: R::Field) -> bool {
        let at = R::COLUMNS.iter().position(|(own, _)| *own == field);
        at.is_some_and(|at| self.0 >> at & 1 == 1)
    }

    /// What either fills.
    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Something that whoever keeps the register has against a row, which the file alone does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Row in the file, from 1.
    pub row: u32,
    /// Proper title of the column that it is about.
    pub column: String,
    /// What is wrong, why, and what to do, as a sentence.
    pub reason: String,
}

/// Something to tell about a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Row in the file, from 1.
    pub row: u32,
    /// Column of the cell.
    pub column: ColumnName,
    /// What the cell holds.
    pub value: String,
    /// How serious it is.
    pub kind: FindingKind,
    /// What is wrong, why, and what to do, as a sentence.
    pub reason: String,
    /// What to write instead; for a mended cell, what it was read as.
    pub suggestion: Option<String>,
}

/// Column of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnName {
    /// As spreadsheets call it.
    pub letter: String,
    /// As the file's header calls it.
    pub title: String,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// The row is not taken.
    Refused,
    /// The row is taken, with the cell read as the suggestion says.
    Mended,
    /// The row is taken as it is; somebody should look at it.
    Noted,
}

impl FindingKind {
    /// In Chinese.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Refused => "未导入",
            Self::Mended => "已修正",
            Self::Noted => "请核对",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ColumnName { letter, title } = &self.column;
        write!(
            f,
            "{}　第{}行 {letter}列（{title}）：{}",
            self.kind.word(),
            self.row,
            self.reason
        )?;
        match &self.suggestion {
            Some(text) if self.kind == FindingKind::Mended => write!(f, "（读作：{text}）"),
            Some(text) => write!(f, "（建议：{text}）"),
            None => Ok(()),
        }
    }
}

/// A row not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Row in the file, from 1.
    pub row: u32,
    /// Its cells in the order of [`Summary::columns`], as text.
    pub cells: Vec<String>,
    /// As [`Accepted::answers`]: it is still not right, and its next receipt names the same row of the original.
    pub answers: Option<u32>,
}

/// What the file is and how it was read.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Name of the register.
    pub register: &'static str,
    /// Kind of file.
    pub source: FileKind,
    /// Row of the header, from 1.
    pub header_row: u32,
    /// The columns of the file in order.
    pub columns: Vec<ColumnUse>,
    /// Whether it has the columns of a receipt: 行号, and 问题 or 建议. With 行号 alone it may number its own rows.
    pub is_receipt: bool,
    /// The form in which each date column is written.
    pub date_forms: Vec<(String, DateForm)>,
    /// Rows below the header in all: those taken, joined, refused, blank, with notes, or with the template's hints.
    pub rows: u32,
    /// Rows below the header that hold nothing.
    pub blank_rows: u32,
    /// Whether the first row below the header is that of the template's hints.
    pub has_hints: bool,
    /// Rows that were joined to others of the same site, which they give another licence.
    pub joined_rows: u32,
    /// Notes under the table (合计、填表人 …), by row.
    pub footnotes: Vec<u32>,
    /// Worksheets that hold something and were not read.
    pub unread_sheets: Vec<String>,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileKind {
    /// A workbook.
    Workbook {
        /// The worksheet that was read.
        sheet: String,
    },
    /// Delimited text.
    Text {
        /// Its encoding.
        encoding: &'static str,
        /// What separates its cells.
        separator: char,
    },
    /// An array of JSON objects; the first is row 1.
    Json,
}

/// What became of a column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnUse {
    /// Column from 0.
    pub column: u16,
    /// As spreadsheets call it.
    pub letter: String,
    /// As the file's header calls it.
    pub title: String,
    /// What it was read as.
    pub read_as: ReadAs,
}

/// What a column was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAs {
    /// A field of the register, by its proper title.
    Field(&'static str),
    /// Numbering and the like, not read.
    Ignored,
    /// Not known: kept with each row.
    Unknown,
}

impl Summary {
    /// The summary in sentences, one a line.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.source_line()];
        lines.extend(self.renamed_line());
        for (title, form) in &self.date_forms {
            lines.push(format!(
                "“{title}”列的日期多写成 {} 的样子，按此读取",
                form.example()
            ));
        }
        let unknown: Vec<&str> = self.titles(ReadAs::Unknown);
        if !unknown.is_empty() {
            lines.push(format!("名录库没有的列，原样保留：{}", unknown.join("、")));
        }
        if self.joined_rows > 0 {
            lines.push(format!("同一单位的多个许可证，合并了{}行", self.joined_rows));
        }
        if self.blank_rows > 0 {
            lines.push(format!("跳过空行{}行", self.blank_rows));
        }
        if !self.footnotes.is_empty() {
            let rows: Vec<String> = self.footnotes.iter().map(u32::to_string).collect();
            lines.push(format!("表格后的说明文字未导入：第{}行", rows.join("、")));
        }
        if !self.unread_sheets.is_empty() {
            lines.push(format!(
                "没有读取的工作表：{}；如需导入，请单独存为文件",
                self.unread_sheets.join("、")
            ));
        }
        lines
    }

    fn source_line(&self) -> String {
        let header = format!("表头在第{}行", self.header_row);
        match &self.source {
            FileKind::Workbook { sheet } => format!("工作簿，读取工作表“{sheet}”，{header}"),
            FileKind::Text { encoding, separator } => {
                let separator = match separator {
                    '\t' => "制表符",
                    ';' => "分号",
                    _ => "逗号",
                };
                format!("文本表格，编码 {encoding}，以{separator}分隔，{header}")
            }
            FileKind::Json => "JSON，行号是第几个对象".to_owned(),
        }
    }

    fn renamed_line(&self) -> Option<String> {
        let renamed = self.columns.iter().filter_map(|column| match column.read_as {
            ReadAs::Field(title) if title != column.title => Some(format!("{}→{title}", column.title)),
            ReadAs::Field(_) | ReadAs::Ignored | ReadAs::Unknown => None,
        });
        let renamed: Vec<String> = renamed.collect();
        (!renamed.is_empty()).then(|| format!("按同义列名读取：{}", renamed.join("、")))
    }

    fn titles(&self, read_as: ReadAs) -> Vec<&str> {
        self.columns
            .iter()
            .filter(|column| column.read_as == read_as)
            .map(|column| column.title.as_str())
            .collect()
    }
}
