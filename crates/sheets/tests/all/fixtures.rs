//! Registers of invented enterprises, and workbooks put together part by part.

use std::io::{Cursor, Write};

use domain::identifiers::{CreditCode, OrganisationCode, PermitCode, RegistrationNumber, SiteNumber};
use sheets::{Finding, FindingKind, Import, Inspectors, SheetError, Sources};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// The columns of a bureau's export.
pub(crate) const HEADER: [&str; 19] = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "工商注册号",
    "许可证名称",
    "许可证编号",
    "批设时间",
    "有效期至",
    "法定代表人",
    "机构地址",
    "联系电话",
    "违法违规情况",
    "行业类别",
    "行业代码",
    "控制级别",
    "是否重点排污单位",
    "管理方式",
    "自动监控基站数",
    "信用等级",
];

pub(crate) type Rows = Vec<Vec<String>>;

/// The credit code of the invented enterprise of that number.
pub(crate) fn code(number: usize) -> String {
    let organisation = OrganisationCode::from_body(&format!("MA{number:06}")).unwrap();
    CreditCode::from_body(&format!("91410899{organisation}"))
        .unwrap()
        .to_string()
}

/// The permit of one of its sites.
pub(crate) fn permit(number: usize, site: u16) -> String {
    let code = CreditCode::parse(&code(number)).unwrap();
    PermitCode::of(&code, SiteNumber::new(site).unwrap(), 'P')
        .unwrap()
        .to_string()
}

/// A row without a mistake.
pub(crate) fn row(number: usize) -> Vec<String> {
    let registration = RegistrationNumber::from_body(&format!("4108990{number:07}"))
        .unwrap()
        .to_string();
    let level = ["国控", "省控", "市控", "县控", "一般", ""][number % 6];
    let (day, month) = (number % 28 + 1, number % 12 + 1);
    let cells: [&str; 19] = [
        &number.to_string(),
        &format!("示例县第{number}机械厂"),
        &code(number),
        if number.is_multiple_of(3) {
            &registration
        } else {
            ""
        },
        "排污许可证",
        &permit(number, 1),
        &format!("2022年{month}月{day}日"),
        if number.is_multiple_of(5) {
            "长期"
        } else {
            "2027年6月30日"
        },
        "示例一",
        &format!("示例县示范路{number}号"),
        &format!("0000-80{number:05}"),
        if number.is_multiple_of(4) {
            "2026年未按证排放，已责令改正"
        } else {
            ""
        },
        "机械加工",
        "3482",
        level,
        if number % 6 < 3 { "是" } else { "否" },
        if number.is_multiple_of(2) {
            "直管"
        } else {
            "非直管"
        },
        &(number % 3).to_string(),
        ["A", "B", "C", "D"][number % 4],
    ];
    cells.map(str::to_owned).to_vec()
}

pub(crate) fn rows(count: usize) -> Rows {
    (1..=count).map(row).collect()
}

pub(crate) fn column(title: &str) -> usize {
    HEADER.iter().position(|own| *own == title).unwrap()
}

/// Puts a value into the cell of a row of [`rows`] (from 1) and a column.
pub(crate) fn set(rows: &mut Rows, number: usize, title: &str, value: &str) {
    rows[number - 1][column(title)] = value.to_owned();
}

pub(crate) fn get<'a>(rows: &'a Rows, number: usize, title: &str) -> &'a str {
    &rows[number - 1][column(title)]
}

/// A workbook as a bureau exports it, with a title over the header: row `n` of [`rows`] is row `n + 2` of the sheet.
pub(crate) fn workbook(rows: &Rows) -> Vec<u8> {
    sheets::workbook(
        "Sheet1",
        Some("示例县污染源名录库"),
        &HEADER,
        rows.iter().cloned(),
    )
    .unwrap()
}

pub(crate) fn import_sources(bytes: impl AsRef<[u8]>) -> Result<Import<domain::Source>, SheetError> {
    sheets::import::<Sources>(Cursor::new(bytes))
}

pub(crate) fn import_inspectors(bytes: impl AsRef<[u8]>) -> Result<Import<domain::Inspector>, SheetError> {
    sheets::import::<Inspectors>(Cursor::new(bytes))
}

/// Row, column letter, kind and suggestion of each finding.
pub(crate) fn brief(findings: &[Finding]) -> Vec<(u32, &str, FindingKind, Option<&str>)> {
    findings
        .iter()
        .map(|finding| {
            (
                finding.row,
                finding.column.letter.as_str(),
                finding.kind,
                finding.suggestion.as_deref(),
            )
        })
        .collect()
}

/// A delimited table with the columns of [`HEADER`] as text.
pub(crate) fn delimited(rows: &Rows, separator: &str, ending: &str) -> String {
    let line = |cells: &[String]| cells.join(separator) + ending;
    let header: Vec<String> = HEADER.iter().map(|title| (*title).to_owned()).collect();
    std::iter::once(&header)
        .chain(rows)
        .map(|cells| line(cells))
        .collect()
}

/// The parts of a workbook, some of them replaced or added.
pub(crate) struct Parts(Vec<(String, Vec<u8>)>);

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://r"><sheets><sheet name="表一" sheetId="1" r:id="s1"/></sheets></workbook>"#;
const WORKBOOK_RELATIONS: &str = r#"<Relationships><Relationship Id="s1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="f" Type="http://x/styles" Target="styles.xml"/></Relationships>"#;

impl Parts {
    /// A workbook whose only sheet has that XML inside `<sheetData>`.
    pub(crate) fn sheet(rows: &str) -> Self {
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let parts = [
            ("_rels/.rels", RELATIONS),
            ("xl/workbook.xml", WORKBOOK),
            ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
            ("xl/worksheets/sheet1.xml", &sheet),
        ];
        Self(
            parts
                .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
                .to_vec(),
        )
    }

    /// As [`Parts::sheet`], below a header and a row that are right.
    pub(crate) fn table(more: &str) -> Self {
        let (name, code) = ("示例县第1机械厂", code(1));
        Self::sheet(&format!(
            "{}{}{more}",
            inline_row(1, &["企业名称", "统一社会信用代码"]),
            inline_row(2, &[name, &code])
        ))
    }

    pub(crate) fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.retain(|(own, _)| own != name);
        self.0.push((name.to_owned(), bytes.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(own, _)| own != name);
        self
    }

    pub(crate) fn zip(&self) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in &self.0 {
            zip.start_file(name.as_str(), options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

/// A row of inline strings.
pub(crate) fn inline_row(number: u32, cells: &[&str]) -> String {
    let cell = |(column, text): (u8, &&str)| {
        let letter = char::from(b'A' + column);
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        format!(r#"<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#)
    };
    format!(
        r#"<row r="{number}">{}</row>"#,
        (0..).zip(cells).map(cell).collect::<String>()
    )
}
