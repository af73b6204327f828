//! 抽取范围 as a form holds it, and as `where = { … }` of a plan writes it.
//! Never drops a condition: what a plan says is what the form shows again.

use std::fmt;

use domain::sources::IndustryCode;
use domain::{Administration, ControlLevel, CreditClass, Status, TargetId, Term, Text};
use toml::{Table, Value};

use crate::FieldError;

/// Separators between words of one field. A comma is none: 农、林、牧、渔业 is one word.
const BETWEEN: [char; 4] = ['；', ';', '\n', '\r'];
const YES: &str = "是";
const NO: &str = "否";

/// Conditions as typed; an empty field asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// 控制级别, by their words.
    pub levels: Vec<String>,
    /// 重点排污单位: 是, 否 or nothing.
    pub key: String,
    /// 管理方式
    pub administrations: Vec<String>,
    /// 信用等级
    pub credits: Vec<String>,
    /// 自动监控基站数 at least.
    pub stations: String,
    /// 行业类别 contains, several with ； between.
    pub industries: String,
    /// 行业代码 begins with.
    pub industry_codes: String,
    /// 机构地址 contains.
    pub addresses: String,
    /// 企业名称 contains.
    pub names: String,
    /// 状态
    pub statuses: Vec<String>,
    /// 违法违规情况: 是, 否 or nothing.
    pub violations: String,
    /// 检查对象编号
    pub targets: String,
}

impl Scope {
    /// What `where` of a plan says.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let several = |key: &str| joined(&words(table.get(key)));
        let flag = |key: &str| match table.get(key).and_then(Value::as_bool) {
            Some(true) => YES.to_owned(),
            Some(false) => NO.to_owned(),
            None => String::new(),
        };
        Self {
            levels: proper::<ControlLevel>(table.get("control_level")),
            key: flag("key_discharger"),
            administrations: proper::<Administration>(table.get("administration")),
            credits: proper::<CreditClass>(table.get("credit_class")),
            stations: word(table.get("monitoring_stations_min")),
            industries: several("industry"),
            industry_codes: several("industry_code"),
            addresses: several("address"),
            names: several("name"),
            statuses: proper::<Status>(table.get("status")),
            violations: flag("violations"),
            targets: several("target"),
        }
    }

    /// `where` of a plan.
    #[must_use]
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        let mut put = |key: &str, words: Vec<String>| {
            if !words.is_empty() {
                let words = words.into_iter().map(Value::String).collect();
                table.insert(key.to_owned(), Value::Array(words));
            }
        };
        put("control_level", self.levels.clone());
        put("administration", self.administrations.clone());
        put("credit_class", self.credits.clone());
        put("industry", split(&self.industries));
        put("industry_code", split(&self.industry_codes));
        put("address", split(&self.addresses));
        put("name", split(&self.names));
        put("status", self.statuses.clone());
        put("target", split(&self.targets));
        for (key, answer) in [("key_discharger", &self.key), ("violations", &self.violations)] {
            if !answer.is_empty() {
                table.insert(key.to_owned(), Value::Boolean(answer == YES));
            }
        }
        if let Ok(least) = self.stations.trim().parse::<u16>() {
            let least = Value::Integer(least.into());
            table.insert("monitoring_stations_min".to_owned(), least);
        }
        table
    }

    /// What is wrong with what was typed; `prefix` begins the names of the fields.
    #[must_use]
    pub fn faults(&self, prefix: &str) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut fault =
            |field: &str, text: String| faults.push(FieldError::new(&format!("{prefix}{field}"), text));
        let stations = self.stations.trim();
        if !stations.is_empty() && stations.parse::<u16>().is_err() {
            fault("stations", format!("自动监控基站数“{stations}”应为整数，例如 1"));
        }
        for code in split(&self.industry_codes) {
            if let Err(error) = IndustryCode::parse(&code) {
                fault("industry_codes", error.to_string());
            }
        }
        for target in split(&self.targets) {
            if let Err(error) = TargetId::parse(&target) {
                fault("targets", error.to_string());
            }
        }
        let texts = [
            ("industries", &self.industries),
            ("addresses", &self.addresses),
            ("names", &self.names),
        ];
        for (field, typed) in texts {
            for text in split(typed) {
                if let Err(error) = Text::parse(&text) {
                    fault(field, format!("“{text}”{error}"));
                }
            }
        }
        faults
    }

    /// Whether one of the rarer conditions is set, so that they are shown.
    #[must_use]
    pub fn is_deep(&self) -> bool {
        let texts = [
            &self.industries,
            &self.industry_codes,
            &self.addresses,
            &self.names,
            &self.violations,
            &self.targets,
        ];
        texts.iter().any(|text| !text.is_empty()) || !self.credits.is_empty() || !self.statuses.is_empty()
    }
}

impl fmt::Display for Scope {
    /// The conditions in words, with `；` between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |title: &str, words: &[String]| {
            (!words.is_empty()).then(|| format!("{title}{}", words.join("、")))
        };
        let answer = |typed: &str, yes: &str, no: &str| match typed {
            YES => Some(yes.to_owned()),
            NO => Some(no.to_owned()),
            _ => None,
        };
        let stations = self.stations.trim();
        let conditions = [
            answer(&self.key, "重点排污单位", "非重点排污单位"),
            listed("控制级别：", &self.levels),
            listed("管理方式：", &self.administrations),
            listed("信用等级：", &self.credits),
            (!stations.is_empty()).then(|| format!("自动监控基站 {stations} 个以上")),
            listed("行业含：", &split(&self.industries)),
            listed("行业代码开头：", &split(&self.industry_codes)),
            listed("地址含：", &split(&self.addresses)),
            listed("名称含：", &split(&self.names)),
            listed("状态：", &self.statuses),
            answer(&self.violations, "有违法违规记录", "没有违法违规记录"),
            listed("指定：", &split(&self.targets)),
        ];
        let conditions: Vec<String> = conditions.into_iter().flatten().collect();
        if conditions.is_empty() {
            return f.write_str("名录库里全部污染源");
        }
        f.write_str(&conditions.join("；"))
    }
}

/// Words as one field shows them.
#[must_use]
pub fn joined(words: &[String]) -> String {
    words.join("；")
}

/// Words of one field, as people separate them.
#[must_use]
pub fn split(typed: &str) -> Vec<String> {
    typed
        .split(BETWEEN)
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// One word or several, as a plan may write them.
pub(super) fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(values)) => values.iter().map(|value| word(Some(value))).collect(),
        Some(
            Value::String(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::Table(_),
        ) => vec![word(value)],
        None => Vec::new(),
    }
}

/// One word; nothing if there is none.
pub(super) fn word(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Integer(number)) => number.to_string(),
        Some(
            Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_),
        )
        | None => String::new(),
    }
}

/// Words of a closed list by their proper words, so that a form finds them again.
pub(super) fn proper<T: Term>(value: Option<&Value>) -> Vec<String> {
    let proper = |word: String| T::parse(&word).map_or(word, |term| term.word().to_owned());
    words(value).into_iter().map(proper).collect()
}
