//! 抽查事项清单: what may be inspected, on what legal basis, and what to look at there (R1, G1, G2).
//! Never lets an item be without its basis, its method or its checklist.

pub mod guide;
mod record;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use record::ItemRecord;

use crate::plans::{Code, Finding, Method, Name, Reader, Words};
use crate::terms::Term;
use crate::text::Text;

/// 抽查事项, checked; each field is valid by itself. Whether it is published is said by its
/// [state](crate::workflow::ItemState).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ItemDraft", into = "ItemDraft")]
pub struct InspectionItem {
    /// 事项编号, a name of mcd1.
    pub code: Name,
    /// 事项名称
    pub name: Text,
    /// 检查依据, with its article.
    pub basis: Text,
    /// 检查对象类别
    pub object: Text,
    /// 检查内容
    pub content: Text,
    /// 检查方式
    pub methods: Methods,
    /// 责任部门
    pub department: Text,
    /// 事项类别
    pub kind: CheckKind,
    /// 检查表
    pub checklist: Checklist,
}

impl InspectionItem {
    /// The item as it would be typed: what a change begins with.
    #[must_use]
    pub fn draft(&self) -> ItemDraft {
        let line = |line: &ChecklistLine| LineDraft {
            content: line.content.to_string(),
            how: line.how.as_ref().map(Text::to_string).unwrap_or_default(),
            basis: line.basis.as_ref().map(Text::to_string).unwrap_or_default(),
        };
        ItemDraft {
            code: self.code.to_string(),
            name: self.name.to_string(),
            basis: self.basis.to_string(),
            object: self.object.to_string(),
            content: self.content.to_string(),
            methods: self.methods.words(),
            department: self.department.to_string(),
            kind: self.kind.word().to_owned(),
            checklist: self.checklist.lines().iter().map(line).collect(),
        }
    }
}

/// 检查方式 of an item: at least one, each once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Methods(Vec<Method>);

impl Methods {
    /// Takes one or more different methods.
    #[must_use]
    pub fn new(methods: Vec<Method>) -> Option<Self> {
        let different: BTreeSet<Method> = methods.iter().copied().collect();
        (!methods.is_empty() && different.len() == methods.len()).then_some(Self(methods))
    }

    /// The methods, in the order in which they were given.
    #[must_use]
    pub fn as_slice(&self) -> &[Method] {
        &self.0
    }

    fn words(&self) -> Vec<String> {
        self.0.iter().map(|method| method.word().to_owned()).collect()
    }
}

/// 事项类别: how much depends on what is inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CheckKind {
    /// 一般检查事项
    General,
    /// 重点检查事项
    Key,
}

impl Term for CheckKind {
    const TITLE: &'static str = "事项类别";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::General, &["一般", "一般检查事项", "一般事项"]),
        (Self::Key, &["重点", "重点检查事项", "重点事项"]),
    ];
}

/// 检查表 of an item (G2): at least one line, at most [`Checklist::LINES_MAX`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Checklist(Vec<ChecklistLine>);

impl Checklist {
    /// Most lines: more than anybody fills in during a visit.
    pub const LINES_MAX: usize = 200;

    /// Takes 1 to [`Checklist::LINES_MAX`] lines.
    #[must_use]
    pub fn new(lines: Vec<ChecklistLine>) -> Option<Self> {
        (1..=Self::LINES_MAX)
            .contains(&lines.len())
            .then_some(Self(lines))
    }

    /// The lines, in their order.
    #[must_use]
    pub fn lines(&self) -> &[ChecklistLine] {
        &self.0
    }
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChecklistLine {
    /// 检查内容
    pub content: Text,
    /// 操作方法与要领
    pub how: Option<Text>,
    /// 依据, where it is narrower than the item's.
    pub basis: Option<Text>,
}

/// An item as somebody typed it, not checked yet; empty where nothing was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDraft {
    /// 事项编号
    pub code: String,
    /// 事项名称
    pub name: String,
    /// 检查依据
    pub basis: String,
    /// 检查对象类别
    pub object: String,
    /// 检查内容
    pub content: String,
    /// 检查方式, in the words of [`Method`].
    pub methods: Vec<String>,
    /// 责任部门
    pub department: String,
    /// 事项类别, in the words of [`CheckKind`].
    pub kind: String,
    /// 检查表
    pub checklist: Vec<LineDraft>,
}

/// A line of a checklist as somebody typed it; one without anything in it is no line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDraft {
    /// 检查内容
    pub content: String,
    /// 操作方法与要领
    pub how: String,
    /// 依据
    pub basis: String,
}

/// What is wrong with one field of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFault {
    /// Name of the field of [`ItemDraft`]; of a line of the checklist `line-2-content`, counted from 1.
    pub field: String,
    /// What is wrong.
    pub finding: Finding,
}

impl fmt::Display for DraftFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.finding.fmt(f)
    }
}

/// Reads fields one by one and keeps what is wrong with each under its name.
#[derive(Default)]
struct FieldReader {
    faults: Vec<DraftFault>,
}

impl FieldReader {
    fn of<T>(&mut self, field: &str, read: impl FnOnce(&mut Reader) -> Option<T>) -> Option<T> {
        let mut reader = Reader::default();
        let value = read(&mut reader);
        let fault = |finding| DraftFault {
            field: field.to_owned(),
            finding,
        };
        self.faults.extend(reader.findings.into_iter().map(fault));
        value
    }

    fn text(&mut self, field: &str, title: &str, text: &str) -> Option<Text> {
        self.of(field, |r| r.text(title, typed(text)))
    }
}

impl ItemDraft {
    /// Reads the item.
    ///
    /// # Errors
    /// All that is wrong with it, at once.
    pub fn check(&self) -> Result<InspectionItem, Vec<DraftFault>> {
        let mut fields = FieldReader::default();
        match self.read(&mut fields) {
            Some(item) if fields.faults.is_empty() => Ok(item),
            Some(_) | None => Err(fields.faults),
        }
    }

    /// Each field, before any is missed.
    fn read(&self, f: &mut FieldReader) -> Option<InspectionItem> {
        let code = f.of("code", |r| r.name("事项编号", typed(&self.code)));
        let name = f.text("name", "事项名称", &self.name);
        let basis = f.text("basis", "检查依据", &self.basis);
        let object = f.text("object", "检查对象类别", &self.object);
        let content = f.text("content", "检查内容", &self.content);
        let methods = f.of("methods", |r| self.read_methods(r));
        let department = f.text("department", "责任部门", &self.department);
        let kind = f.of("kind", |r| {
            let word = r.present("事项类别", typed(&self.kind))?;
            r.term("事项类别", word)
        });
        let checklist = self.read_checklist(f);
        Some(InspectionItem {
            code: code?,
            name: name?,
            basis: basis?,
            object: object?,
            content: content?,
            methods: methods?,
            department: department?,
            kind: kind?,
            checklist: checklist?,
        })
    }

    fn read_methods(&self, r: &mut Reader) -> Option<Methods> {
        let words: Vec<String> = self
            .methods
            .iter()
            .filter_map(|word| typed(word))
            .map(str::to_owned)
            .collect();
        let words = r.present(
            "检查方式",
            Some(Words(words)).filter(|Words(words)| !words.is_empty()),
        )?;
        let methods: Vec<Method> = r.terms("检查方式", Some(&words));
        r.different("检查方式", &methods, |method| method.word().to_owned());
        Methods::new(methods)
    }

    fn read_checklist(&self, f: &mut FieldReader) -> Option<Checklist> {
        let lines: Vec<&LineDraft> = self.checklist.iter().filter(|line| !line.is_blank()).collect();
        f.of("checklist", |r| count_lines(r, lines.len()));
        let read: Vec<ChecklistLine> = lines
            .into_iter()
            .zip(1..)
            .filter_map(|(line, at)| line.read(f, at))
            .collect();
        Checklist::new(read)
    }
}

fn count_lines(r: &mut Reader, count: usize) -> Option<()> {
    let most = Checklist::LINES_MAX;
    if count == 0 {
        r.refuse(
            Code::Missing,
            "检查表是空的，到了现场就不知道查什么；请至少写一行".to_owned(),
        );
    }
    if count > most {
        r.refuse(
            Code::WrongForm,
            format!("检查表有 {count} 行，最多 {most} 行；请合并或删减"),
        );
    }
    None
}

impl TryFrom<ItemDraft> for InspectionItem {
    type Error = String;

    fn try_from(draft: ItemDraft) -> Result<Self, String> {
        draft.check().map_err(|faults| {
            let faults: Vec<String> = faults.iter().map(DraftFault::to_string).collect();
            faults.join("；")
        })
    }
}

impl From<InspectionItem> for ItemDraft {
    fn from(item: InspectionItem) -> Self {
        item.draft()
    }
}

impl LineDraft {
    /// Whether nothing was typed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [&self.content, &self.how, &self.basis]
            .iter()
            .all(|text| typed(text).is_none())
    }

    fn read(&self, f: &mut FieldReader, at: usize) -> Option<ChecklistLine> {
        let title = |title: &str| format!("检查表第 {at} 行的{title}");
        let field = |name: &str| format!("line-{at}-{name}");
        let content = f.text(&field("content"), &title("检查内容"), &self.content);
        let how = f.of(&field("how"), |r| {
            r.optional_text(&title("操作方法与要领"), typed(&self.how))
        });
        let basis = f.of(&field("basis"), |r| {
            r.optional_text(&title("依据"), typed(&self.basis))
        });
        content.map(|content| ChecklistLine { content, how, basis })
    }
}

/// What was typed, unless that is nothing but blanks.
fn typed(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests;
