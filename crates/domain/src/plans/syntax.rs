//! Reading TOML, with its errors told in Chinese, by line.
//! Never shows the parser's own words to a clerk.

use serde::de::DeserializeOwned;
use toml::de::Error;

use super::finding::{Code, Finding};

/// Largest file, in bytes: some ten thousand recusals.
const PLAN_BYTES_MAX: usize = 4 << 20;
/// Longest part of a wrong line that is repeated, in characters.
const LINE_CHARS_MAX: usize = 60;

/// What a file is called in sentences.
pub(crate) struct Document {
    /// Its own name.
    pub(crate) name: &'static str,
    /// Where its keys are explained.
    pub(crate) guide: &'static str,
}

/// Reads the keys and the types of their values.
pub(crate) fn read<T: DeserializeOwned>(text: &str, document: &Document) -> Result<T, Finding> {
    if text.len() > PLAN_BYTES_MAX {
        let name = document.name;
        return Err(Finding::new(
            Code::Syntax,
            format!("{name} 超过 4 MiB，请确认选对了文件；名单很长时请改用 where 条件"),
        ));
    }
    // Editors on Windows put a mark before the text, which TOML does not know.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    toml::from_str(text).map_err(|error| Finding::new(Code::Syntax, sentence(text, &error, document.guide)))
}

fn sentence(text: &str, error: &Error, guide: &str) -> String {
    let told = translated(error.message(), guide);
    let Some(span) = error.span() else {
        return told.unwrap_or_else(|| no_toml("", guide));
    };
    let what = told.unwrap_or_else(|| no_toml(text.get(span.start..).unwrap_or_default(), guide));
    let before = text.get(..span.start).unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    let line: String = text
        .lines()
        .nth(number - 1)
        .unwrap_or_default()
        .trim()
        .chars()
        .take(LINE_CHARS_MAX)
        .collect();
    format!("第 {number} 行（{line}）：{what}")
}

/// What serde says, in Chinese; nothing for what the parser says.
fn translated(message: &str, guide: &str) -> Option<String> {
    if let Some(key) = message.strip_prefix("unknown field ") {
        return Some(unknown_key(key));
    }
    if message.starts_with("duplicate key") {
        return Some("同一项写了两次，请只保留一处".to_owned());
    }
    let typed = ["invalid type: ", "invalid value: ", "invalid length "];
    if typed.iter().any(|start| message.starts_with(start)) {
        let (_, expected) = message.rsplit_once(", expected ")?;
        return Some(format!("值的类型不对，这里应为{}", type_name(expected, guide)));
    }
    // What the readers of single values say is Chinese already.
    message
        .starts_with(|c: char| !c.is_ascii())
        .then(|| message.to_owned())
}

/// What is wrong where the text is no TOML, by the character that stands there.
fn no_toml(there: &str, guide: &str) -> String {
    let told = match there.chars().next() {
        Some(
            '“' | '”' | '‘' | '’' | '＂' | '＝' | '，' | '：' | '［' | '］' | '【' | '】' | '｛' | '｝'
            | '　',
        ) => "用了中文标点，请改成英文（半角）标点：双引号、等号、逗号、方括号和花括号都要用英文的",
        Some(c) if !c.is_ascii() => {
            return format!("等号左边的名称要用说明（{guide}）里的英文名，等号右边的文字要加英文双引号");
        }
        Some(c) if c.is_ascii_digit() => {
            "日期或数字不对：日期要真实存在并写成 2027-01-04，比例要加英文双引号"
        }
        Some(_) | None => {
            "不符合 TOML 的写法：请检查引号、方括号和花括号是否成对，列表各项之间是否有英文逗号（也可能错在上一行）"
        }
    };
    told.to_owned()
}

fn unknown_key(rest: &str) -> String {
    let names = in_backticks(rest);
    match names.split_first() {
        Some((key, known)) if !known.is_empty() => {
            format!(
                "没有“{key}”这一项，请改正拼写或删去；这里可以写：{}",
                known.join("、")
            )
        }
        Some((key, _)) => format!("没有“{key}”这一项，请删去"),
        None => "有一项不认识，请改正拼写或删去".to_owned(),
    }
}

/// The words between backticks, in order.
fn in_backticks(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn type_name(expected: &str, guide: &str) -> String {
    let name = match expected {
        "a string" => "文字（要加英文双引号）",
        "a boolean" => "true 或 false（不加引号）",
        "u16" | "u32" => "不小于 0 的整数（不加引号）",
        "a sequence" => "列表（[[…]] 或方括号）",
        other if other.starts_with("struct ") => "一组“项 = 值”（单独成段，或写在花括号里）",
        other if other.chars().next().is_some_and(|c| !c.is_ascii()) => other,
        _ => return format!("另一种写法，请对照 {guide} 的例子"),
    };
    name.to_owned()
}
