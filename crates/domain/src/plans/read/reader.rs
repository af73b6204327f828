//! What all keys of `plan.toml` share: there or not, empty or not, of its form or not.
//! Never returns a value without its form; what is refused is noted with its key.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::super::finding::{Code, Finding};
use super::super::numbers::{INTEGER_MAX, Name};
use super::super::raw::Words;
use crate::identifiers::{CertificateNumber, CodeError, TargetId, clean_code, clean_code_keeping_case};
use crate::terms::Term;
use crate::text::{Text, clean_text};

/// Words that fill a place without saying anything.
const PLACEHOLDERS: [&str; 10] = [
    "无",
    "略",
    "暂无",
    "待定",
    "待补充",
    "同上",
    "-",
    "/",
    "……",
    "TODO",
];

/// Takes values and notes what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) findings: Vec<Finding>,
}

impl Reader {
    pub(crate) fn refuse(&mut self, code: Code, text: String) {
        self.findings.push(Finding::new(code, text));
    }

    /// A value that has to be there.
    pub(crate) fn present<T>(&mut self, key: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.refuse(Code::Missing, format!("没有填写 {key}，请补上"));
        }
        value
    }

    /// A text that has to be there.
    pub(crate) fn text(&mut self, key: &str, value: Option<&str>) -> Option<Text> {
        let value = self.present(key, value)?;
        self.form(key, value)
    }

    /// A text that may be missing, but not empty.
    pub(crate) fn optional_text(&mut self, key: &str, value: Option<&str>) -> Option<Text> {
        value.and_then(|value| self.form(key, value))
    }

    fn form(&mut self, key: &str, value: &str) -> Option<Text> {
        let text = Text::parse(&clean_text(value).text);
        text.map_err(|wrong| self.refuse(Code::WrongForm, format!("{key}{wrong}")))
            .ok()
    }

    /// One of the eight contents (R5.1b): says something.
    pub(crate) fn content(&mut self, key: &str, value: Option<&str>) -> Option<Text> {
        let clean = clean_text(value.unwrap_or_default()).text;
        if clean.is_empty() || PLACEHOLDERS.contains(&clean.as_str()) {
            self.empty(key);
            return None;
        }
        self.form(key, &clean)
    }

    pub(crate) fn empty(&mut self, key: &str) {
        self.refuse(
            Code::EmptyContent,
            format!("{key}没有内容：《细则》要求实施方案写明抽查事项、实施时间、抽查目的、执法人员数量、检查方式、保密要求、检查结果应用和抽取范围，请补写"),
        );
    }

    /// A name of mcd1 that has to be there.
    pub(crate) fn name(&mut self, key: &str, value: Option<&str>) -> Option<Name> {
        let value = self.present(key, value)?;
        let name = Name::parse(value);
        if name.is_none() {
            self.refuse(
                Code::WrongForm,
                format!("{key}“{value}”不合规定：只能用英文字母、数字、点、下划线和连字符，以字母或数字开头，不超过 40 位"),
            );
        }
        name
    }

    /// A code that has to be there.
    pub(crate) fn code<T>(
        &mut self,
        key: &str,
        value: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, CodeError>,
    ) -> Option<T> {
        let value = self.present(key, value)?;
        let parsed = parse(value.trim());
        parsed
            .map_err(|wrong| self.refuse(Code::WrongForm, format!("{key}“{value}”：{wrong}")))
            .ok()
    }

    pub(crate) fn target(&mut self, key: &str, value: Option<&str>) -> Option<TargetId> {
        let clean = value.map(|value| clean_code(value).text);
        self.code(key, clean.as_deref(), TargetId::parse)
    }

    pub(crate) fn certificate(&mut self, key: &str, value: Option<&str>) -> Option<CertificateNumber> {
        let clean = value.map(|value| clean_code_keeping_case(value).text);
        self.code(key, clean.as_deref(), CertificateNumber::parse)
    }

    /// A whole number from 1 that has to be there.
    pub(crate) fn positive(&mut self, key: &str, value: Option<u32>) -> Option<NonZeroU32> {
        let value = self.present(key, value)?;
        self.optional_positive(key, Some(value))
    }

    /// A whole number from 1 that may be missing.
    pub(crate) fn optional_positive(&mut self, key: &str, value: Option<u32>) -> Option<NonZeroU32> {
        let value = value?;
        let number = NonZeroU32::new(value).filter(|n| n.get() <= INTEGER_MAX);
        if number.is_none() {
            self.refuse(
                Code::WrongForm,
                format!("{key}为 {value}，应在 1 至 {INTEGER_MAX} 之间"),
            );
        }
        number
    }

    /// A list that may be missing, but not empty; each word of some form.
    pub(crate) fn each<T>(
        &mut self,
        key: &str,
        words: Option<&Words>,
        mut parse: impl FnMut(&mut Self, &str) -> Option<T>,
    ) -> Vec<T> {
        let Some(Words(words)) = words else {
            return Vec::new();
        };
        if words.is_empty() {
            self.refuse(Code::WrongForm, format!("{key}是空的列表，请填写，或删去这一项"));
        }
        words.iter().filter_map(|word| parse(self, word)).collect()
    }

    pub(crate) fn texts(&mut self, key: &str, words: Option<&Words>) -> Vec<Text> {
        self.each(key, words, |r, word| r.form(key, word))
    }

    pub(crate) fn terms<T: Term>(&mut self, key: &str, words: Option<&Words>) -> Vec<T> {
        self.each(key, words, |r, word| r.term(key, word))
    }

    pub(crate) fn term<T: Term>(&mut self, key: &str, word: &str) -> Option<T> {
        T::parse(word)
            .map_err(|wrong| self.refuse(Code::WrongForm, format!("{key}：{wrong}")))
            .ok()
    }

    /// Refuses what is named twice.
    pub(crate) fn different<T: Ord>(&mut self, what: &str, all: &[T], name: impl Fn(&T) -> String) {
        let mut seen = BTreeSet::new();
        for one in all {
            if !seen.insert(one) {
                let name = name(one);
                self.refuse(Code::Repeated, format!("{what}“{name}”写了两次，请只保留一处"));
            }
        }
    }
}
