//! 抽查事项清单: what may be inspected, on what legal basis, and what to look at there (R1, G1, G2).
//! Never lets an item be without its basis, its method or its checklist.

pub mod guide;

use std::collections::BTreeSet;

use crate::plans::{Code, Finding, Method, Name, Reader, Words};
use crate::terms::Term;
use crate::text::Text;

/// 抽查事项, checked; each field is valid by itself. Whether it is published is said by its
/// [state](crate::workflow::ItemState).
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineDraft {
    /// 检查内容
    pub content: String,
    /// 操作方法与要领
    pub how: String,
    /// 依据
    pub basis: String,
}

impl ItemDraft {
    /// Reads the item.
    ///
    /// # Errors
    /// All that is wrong with it, at once.
    pub fn check(&self) -> Result<InspectionItem, Vec<Finding>> {
        let mut reader = Reader::default();
        match self.read(&mut reader) {
            Some(item) if reader.findings.is_empty() => Ok(item),
            Some(_) | None => Err(reader.findings),
        }
    }

    /// Each field, before any is missed.
    fn read(&self, r: &mut Reader) -> Option<InspectionItem> {
        let code = r.name("事项编号", typed(&self.code));
        let name = r.text("事项名称", typed(&self.name));
        let basis = r.text("检查依据", typed(&self.basis));
        let object = r.text("检查对象类别", typed(&self.object));
        let content = r.text("检查内容", typed(&self.content));
        let methods = self.read_methods(r);
        let department = r.text("责任部门", typed(&self.department));
        let kind = r.present("事项类别", typed(&self.kind));
        let kind = kind.and_then(|word| r.term("事项类别", word));
        let checklist = self.read_checklist(r);
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

    fn read_checklist(&self, r: &mut Reader) -> Option<Checklist> {
        let filled = |line: &&LineDraft| **line != LineDraft::default();
        let lines: Vec<&LineDraft> = self.checklist.iter().filter(filled).collect();
        let (count, most) = (lines.len(), Checklist::LINES_MAX);
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
        let read: Vec<ChecklistLine> = lines
            .into_iter()
            .zip(1..)
            .filter_map(|(line, at)| line.read(r, at))
            .collect();
        Checklist::new(read)
    }
}

impl LineDraft {
    fn read(&self, r: &mut Reader, at: usize) -> Option<ChecklistLine> {
        let key = |key: &str| format!("检查表第 {at} 行的{key}");
        let content = r.text(&key("检查内容"), typed(&self.content));
        let how = r.optional_text(&key("操作方法与要领"), typed(&self.how));
        let basis = r.optional_text(&key("依据"), typed(&self.basis));
        content.map(|content| ChecklistLine { content, how, basis })
    }
}

/// What was typed, unless that is nothing but blanks.
fn typed(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests;
