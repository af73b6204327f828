//! From the form to `plan.toml`, in the order and with the headings of the documented example.
//! Never writes a key that says nothing: what is not there is missed by the compiler.

use jiff::civil::Date;
use toml::{Table, Value};

use super::{Item, Scheme, Scope, Stratum, Team};

/// Lines of a text that grows.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn heading(&mut self, words: &str) {
        self.line("");
        self.line(&format!("# ---------- {words} ----------"));
    }

    /// `key = value`, if there is one.
    fn put(&mut self, key: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.line(&format!("{key} = {value}"));
        }
    }

    /// A section with its keys, if any says something.
    fn section(&mut self, header: &str, keys: &[(&str, Option<Value>)]) {
        if keys.iter().any(|(_, value)| value.is_some()) {
            self.part(header, keys);
        }
    }

    /// A section with its keys, even if none says anything: one of several.
    fn part(&mut self, header: &str, keys: &[(&str, Option<Value>)]) {
        self.line("");
        self.line(header);
        keys.iter().for_each(|(key, value)| self.put(key, value.clone()));
    }
}

/// The plan as `plan.toml`.
pub(super) fn text(scheme: &Scheme) -> String {
    let mut lines = Lines::default();
    head(&mut lines, scheme);
    people(&mut lines, scheme);
    strata(&mut lines, scheme);
    rules(&mut lines, scheme);
    lines.0
}

fn head(lines: &mut Lines, scheme: &Scheme) {
    lines.line("# 实施方案。每一项的含义见 docs/plan.md；“#”后面是注释，用表单保存时会重新写成这样。");
    lines.line("");
    let keys = [
        ("bureau", word(&scheme.bureau)),
        ("plan", word(&scheme.number)),
        ("draw", word(&scheme.draw)),
        ("title", word(&scheme.title)),
        ("annual_plan", word(&scheme.annual_plan)),
    ];
    keys.into_iter().for_each(|(key, value)| lines.put(key, value));
    lines.heading("八项内容（《细则》五、1）；抽查事项、实施时间、人员数量在后面各段");
    let keys = [
        ("purpose", word(&scheme.purpose)),
        ("method", words(&scheme.methods)),
        ("secrecy", word(&scheme.secrecy)),
        ("use_of_results", word(&scheme.use_of_results)),
        ("scope", word(&scheme.scope)),
    ];
    keys.into_iter().for_each(|(key, value)| lines.put(key, value));
    lines.section(
        "[time]",
        &[("from", day(&scheme.from)), ("until", day(&scheme.until))],
    );
    lines.section(
        "[inspectors]",
        &[("slots", words(&scheme.slots)), ("cap", number(&scheme.cap))],
    );
    lines.heading("抽查事项");
    scheme
        .items
        .iter()
        .for_each(|item| lines.part("[[item]]", &item_keys(item)));
}

fn item_keys(item: &Item) -> [(&'static str, Option<Value>); 8] {
    let published = match item.published.as_str() {
        "true" => Some(Value::Boolean(true)),
        text => day(text),
    };
    [
        ("code", word(&item.code)),
        ("name", word(&item.name)),
        ("object", word(&item.object)),
        ("content", word(&item.content)),
        ("basis", word(&item.basis)),
        ("department", word(&item.department)),
        ("published", published),
        ("fields", words(&item.fields)),
    ]
}

fn people(lines: &mut Lines, scheme: &Scheme) {
    lines.heading("班组和人员");
    scheme
        .teams
        .iter()
        .for_each(|team| lines.part("[[team]]", &team_keys(team)));
    for person in &scheme.persons {
        let keys = [
            ("certificate", word(&person.certificate)),
            ("cap", number(&person.cap)),
        ];
        lines.part("[[person]]", &keys);
    }
}

fn team_keys(team: &Team) -> [(&'static str, Option<Value>); 5] {
    let filter = inline([
        ("unit", words(&team.units)),
        ("field", words(&team.fields)),
        ("certificate", words(&team.certificates)),
    ]);
    [
        ("name", word(&team.name)),
        ("title", word(&team.title)),
        ("department", word(&team.department)),
        ("where", filter),
        ("cap", number(&team.cap)),
    ]
}

fn strata(lines: &mut Lines, scheme: &Scheme) {
    lines.heading("分层：每家归入第一个符合的层");
    scheme
        .strata
        .iter()
        .for_each(|stratum| lines.part("[[stratum]]", &stratum_keys(stratum)));
}

fn stratum_keys(stratum: &Stratum) -> [(&'static str, Option<Value>); 7] {
    let amount = match stratum.kind {
        super::AmountKind::Number => number(&stratum.amount),
        super::AmountKind::Ratio | super::AmountKind::PerInspector => word(&stratum.amount),
    };
    [
        ("name", word(&stratum.name)),
        ("title", word(&stratum.title)),
        ("where", condition(&stratum.filter)),
        (stratum.kind.key(), amount),
        ("items", words(&stratum.items)),
        ("fields", words(&stratum.fields)),
        ("units", words(&stratum.units)),
    ]
}

/// A condition, if it asks for anything.
fn condition(of: &Scope) -> Option<Value> {
    let table = of.table();
    (!table.is_empty()).then_some(Value::Table(table))
}

fn rules(lines: &mut Lines, scheme: &Scheme) {
    lines.heading("先后、权重、必查、排除、轮换、回避");
    lines.section("[tiers]", &[("cycle_from", day(&scheme.cycle_from))]);
    for rule in &scheme.weights {
        let keys = [
            ("where", condition(&rule.filter)),
            ("weight", number(&rule.weight)),
        ];
        lines.part("[[weight]]", &keys);
    }
    for one in &scheme.mandatory {
        lines.part(
            "[[mandatory]]",
            &[("target", word(&one.target)), ("ground", word(&one.ground))],
        );
    }
    let drawn_only = scheme.yearly_cap_drawn_only.then_some(Value::Boolean(true));
    let keys = [
        ("yearly_cap", number(&scheme.yearly_cap)),
        ("yearly_cap_drawn_only", drawn_only),
        ("recent_days", number(&scheme.recent_days)),
    ];
    lines.section("[exclude]", &keys);
    for one in &scheme.listed {
        let keys = [
            ("reason", word(&one.reason)),
            ("targets", words(&one.targets)),
            ("ground", word(&one.ground)),
        ];
        lines.part("[[exclude.listed]]", &keys);
    }
    lines.section("[rotation]", &[("draws", number(&scheme.rotation))]);
    for one in &scheme.recusals {
        let keys = [
            ("certificate", word(&one.certificate)),
            ("source", word(&one.source)),
            ("ground", word(&one.ground)),
        ];
        lines.part("[[recusal]]", &keys);
    }
    lines.heading("抽取方式");
    let keys = [
        ("public", word(&scheme.public)),
        ("pool_disclosed", word(&scheme.pool_disclosed)),
        ("release", word(&scheme.release)),
    ];
    lines.section("[ceremony]", &keys);
}

/// `{ key = value, … }`, if any key has one.
fn inline<const N: usize>(keys: [(&str, Option<Value>); N]) -> Option<Value> {
    let table: Table = keys
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect();
    (!table.is_empty()).then_some(Value::Table(table))
}

fn word(text: &str) -> Option<Value> {
    let text = super::line(text);
    (!text.is_empty()).then_some(Value::String(text))
}

fn words(all: &[String]) -> Option<Value> {
    let words: Vec<Value> = all.iter().filter_map(|text| word(text)).collect();
    (!words.is_empty()).then_some(Value::Array(words))
}

/// A whole number; what is none stays a text, which the compiler tells.
fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    match text.parse::<u32>() {
        Ok(number) => Some(Value::Integer(number.into())),
        Err(_) => word(text),
    }
}

/// A day; in another form it stays a text, which the compiler knows too.
fn day(text: &str) -> Option<Value> {
    let text = text.trim();
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    let written = day.and_then(|_| text.parse::<toml::value::Datetime>().ok());
    written.map(Value::Datetime).or_else(|| word(text))
}
