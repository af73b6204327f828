//! Reading TOML, with its errors told in Chinese, by line.
//! Never shows the parser's own words to a clerk.

use toml::de::Error;

use super::finding::{Code, Finding};
use super::raw;

/// Largest `plan.toml`, in bytes: some ten thousand recusals.
const PLAN_BYTES_MAX: usize = 4 << 20;
/// Longest part of a wrong line that is repeated, in characters.
const LINE_CHARS_MAX: usize = 60;

/// Reads the keys and the types of their values.
pub(super) fn read(text: &str) -> Result<raw::Plan, Finding> {
    if text.len() > PLAN_BYTES_MAX {
        return Err(Finding::new(
            Code::Syntax,
            "plan.toml 超过 4 MiB，请确认选对了文件；名单很长时请改用 where 条件",
        ));
    }
    // Editors on Windows put a mark before the text, which TOML does not know.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    toml::from_str(text).map_err(|error| Finding::new(Code::Syntax, sentence(text, &error)))
}

fn sentence(text: &str, error: &Error) -> String {
    let what = translated(error.message());
    let Some(span) = error.span() else {
        return what;
    };
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

/// What serde and the parser say, in Chinese.
fn translated(message: &str) -> String {
    if let Some(key) = message.strip_prefix("unknown field ") {
        return unknown_key(key);
    }
    if let Some(found) = message.strip_prefix("duplicate key") {
        let key = in_backticks(found)
            .first()
            .map(|key| format!("“{key}”"))
            .unwrap_or_default();
        return format!("同一项{key}写了两次，请只保留一处");
    }
    let typed = ["invalid type: ", "invalid value: ", "invalid length "];
    if typed.iter().any(|start| message.starts_with(start))
        && let Some((_, expected)) = message.rsplit_once(", expected ")
    {
        return format!("值的类型不对，这里应为{}", type_name(expected));
    }
    if message.chars().next().is_some_and(|c| !c.is_ascii()) {
        return message.to_owned();
    }
    "不符合 TOML 的写法：请检查等号两边、引号和方括号是否成对、文字是否加了英文双引号、日期是否真实存在"
        .to_owned()
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

fn type_name(expected: &str) -> &str {
    match expected {
        "a string" => "文字（要加英文双引号）",
        "a boolean" => "true 或 false（不加引号）",
        "u16" | "u32" => "不小于 0 的整数（不加引号）",
        "a sequence" => "列表（[[…]] 或方括号）",
        other if other.starts_with("struct ") => "一组“项 = 值”（单独成段，或写在花括号里）",
        other if other.chars().next().is_some_and(|c| !c.is_ascii()) => other,
        _ => "另一种写法，请对照 docs/plan.md 的例子",
    }
}
