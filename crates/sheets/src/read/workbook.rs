//! A workbook: which worksheets it has, its shared strings, and which of its cell formats are dates.
//! Never reads macros, pictures, other workbooks inside, or any part that a worksheet does not need.

use std::io::{BufRead, Read, Seek};

use super::cells;
use super::package::Package;
use super::strings::SharedStrings;
use super::xml::{Node, Xml, attribute};
use crate::error::{SheetError, TooMuch};
use crate::grid::RowSink;
use crate::limits::{CELL_FORMATS_MAX, SHEETS_MAX};

/// A worksheet.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// As on its tab.
    pub(crate) name: String,
    /// Hidden ones hold lists for drop-downs and the like.
    pub(crate) hidden: bool,
    path: String,
}

/// An open workbook.
pub(crate) struct Workbook<R> {
    package: Package<R>,
    sheets: Vec<Sheet>,
    strings: SharedStrings,
    formats: Formats,
}

/// What the value of a cell depends on beside its own element.
#[derive(Debug, Default)]
pub(super) struct Formats {
    /// Whether the cell format of that number shows a date.
    pub(super) dates: Vec<bool>,
    /// Days count from 1904-01-01 (old Macintosh workbooks).
    pub(super) from_1904: bool,
}

impl<R: Read + Seek> Workbook<R> {
    pub(super) fn open(file: R, bytes: u64) -> Result<Self, SheetError> {
        let mut package = Package::open(file, bytes)?;
        let no_workbook = || SheetError::damaged("找不到工作簿的主部件");
        let path = {
            let mut root = package.part("_rels/.rels")?.ok_or_else(no_workbook)?;
            let relations = relations(&mut root)?;
            let main = relations
                .into_iter()
                .find(|relation| relation.kind == "officeDocument");
            resolved("", &main.ok_or_else(no_workbook)?.target)
        };
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = match package.part(&format!("{folder}/_rels/{name}.rels"))? {
            Some(mut part) => relations(&mut part)?,
            None => Vec::new(),
        };
        let mut main = package.part(&path)?.ok_or_else(no_workbook)?;
        let (listed, from_1904) = workbook(&mut main)?;
        drop(main);
        let of_kind = |kind: &str| relations.iter().find(|relation| relation.kind == kind);
        let strings = match of_kind("sharedStrings").map(|relation| resolved(folder, &relation.target)) {
            Some(path) => package
                .part(&path)?
                .map_or(Ok(SharedStrings::default()), |mut p| SharedStrings::read(&mut p))?,
            None => SharedStrings::default(),
        };
        let dates = match of_kind("styles").map(|relation| resolved(folder, &relation.target)) {
            Some(path) => package
                .part(&path)?
                .map_or(Ok(Vec::new()), |mut part| date_formats(&mut part))?,
            None => Vec::new(),
        };
        let sheets = sheets_of(listed, &relations, folder);
        Ok(Self {
            package,
            sheets,
            strings,
            formats: Formats { dates, from_1904 },
        })
    }

    /// The worksheets in order, charts left out.
    pub(crate) fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// Reads the rows of a worksheet.
    pub(crate) fn rows(&mut self, sheet: &Sheet, sink: &mut impl RowSink) -> Result<(), SheetError> {
        let missing = || SheetError::damaged(format!("找不到工作表“{}”的内容", sheet.name));
        let mut part = self.package.part(&sheet.path)?.ok_or_else(missing)?;
        cells::read(&mut part, &self.strings, &self.formats, sink)
    }
}

/// A reference from one part to another.
struct Relation {
    id: String,
    /// Last segment of its type: worksheet, styles …
    kind: String,
    target: String,
}

fn relations<B: BufRead>(xml: &mut Xml<'_, B>) -> Result<Vec<Relation>, SheetError> {
    let mut relations = Vec::new();
    loop {
        match xml.next()?.0 {
            Node::Start(element) if element.local_name().as_ref() == "Relationship" => {
                let get = |name| attribute(&element, name).map(Option::unwrap_or_default);
                let kind = get("Type")?.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation {
                    id: get("Id")?,
                    kind,
                    target: get("Target")?,
                });
            }
            Node::Eof => return Ok(relations),
            Node::Start(_) | Node::End | Node::Text(_) => {}
        }
    }
}

/// A worksheet as the main part lists it.
struct Listed {
    name: String,
    hidden: bool,
    /// Id of the relation that says where it is.
    id: String,
}

/// The worksheets listed, and whether days count from 1904.
fn workbook<B: BufRead>(xml: &mut Xml<'_, B>) -> Result<(Vec<Listed>, bool), SheetError> {
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    loop {
        match xml.next()?.0 {
            Node::Start(element) if element.local_name().as_ref() == "sheet" => {
                let get = |name| attribute(&element, name).map(Option::unwrap_or_default);
                let hidden = !matches!(get("state")?.as_str(), "" | "visible");
                sheets.push(Listed {
                    name: get("name")?,
                    hidden,
                    id: get("id")?,
                });
                if sheets.len() > SHEETS_MAX {
                    return Err(TooMuch::Sheets.into());
                }
            }
            Node::Start(element) if element.local_name().as_ref() == "workbookPr" => {
                let flag = attribute(&element, "date1904")?;
                from_1904 = from_1904 || matches!(flag.as_deref(), Some("1" | "true"));
            }
            Node::Eof => return Ok((sheets, from_1904)),
            Node::Start(_) | Node::End | Node::Text(_) => {}
        }
    }
}

fn sheets_of(listed: Vec<Listed>, relations: &[Relation], folder: &str) -> Vec<Sheet> {
    let sheet = |Listed { name, hidden, id }| {
        let relation = relations
            .iter()
            .find(|relation| relation.id == id && relation.kind == "worksheet")?;
        Some(Sheet {
            name,
            hidden,
            path: resolved(folder, &relation.target),
        })
    };
    listed.into_iter().filter_map(sheet).collect()
}

/// A target as a path from the root: absolute with `/`, else from the folder of the part that names it.
fn resolved(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').collect()
    };
    for step in target.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// For each cell format (`cellXfs`), whether its number format is a date.
fn date_formats<B: BufRead>(xml: &mut Xml<'_, B>) -> Result<Vec<bool>, SheetError> {
    let (mut own_dates, mut formats, mut in_cell_formats) = (Vec::new(), Vec::new(), false);
    loop {
        match xml.next()?.0 {
            Node::Start(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let (id, code) = (number(&element, "numFmtId")?, attribute(&element, "formatCode")?);
                    if code.is_some_and(|code| is_date_code(&code)) {
                        own_dates.push(id);
                    }
                }
                "cellXfs" => in_cell_formats = true,
                "cellStyles" | "dxfs" => in_cell_formats = false,
                "xf" if in_cell_formats => {
                    let id = number(&element, "numFmtId")?;
                    formats.push(is_built_in_date(id) || own_dates.contains(&id));
                }
                _ => {}
            },
            Node::Eof => return Ok(formats),
            Node::End | Node::Text(_) => {}
        }
        if formats.len() > CELL_FORMATS_MAX || own_dates.len() > CELL_FORMATS_MAX / 100 {
            return Err(TooMuch::Formats.into());
        }
    }
}

fn number(element: &quick_xml::events::BytesStart<'_>, name: &str) -> Result<u32, SheetError> {
    Ok(attribute(element, name)?
        .and_then(|id| id.parse().ok())
        .unwrap_or(0))
}

/// Number formats that every spreadsheet has without defining them: dates, and those of Chinese locales.
fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a number format shows a year or a day, outside of quotes, brackets and escapes.
fn is_date_code(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                chars.find(|&c| c == '"');
            }
            '[' => {
                chars.find(|&c| c == ']');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            'y' | 'Y' | 'd' | 'D' => return true,
            ';' => return false,
            _ => {}
        }
    }
    false
}
