//! From `plan.toml` to the form.
//! Never drops a key: what the form does not show is told, so that saving the form cannot lose it.

use domain::plans::ImplementationPlan;
use toml::{Table, Value};

use super::{
    AmountKind, Item, Listed, Mandatory, Person, Recusal, Scheme, Scope, Stratum, Team, Weight, line, split,
};

/// Why a text cannot be shown as a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unshown {
    /// No TOML; the sentence is the compiler's.
    #[error("{0}")]
    NoToml(String),
    /// The form would lose something.
    #[error("方案文本里有表单不显示的内容：{}；请在“按文本编辑”里修改", keys.join("、"))]
    Beyond {
        /// What, by its key.
        keys: Vec<String>,
        /// All the rest.
        scheme: Box<Scheme>,
    },
}

impl Unshown {
    /// What can be shown of it all the same.
    #[must_use]
    pub fn shown(self) -> Option<Scheme> {
        match self {
            Self::NoToml(_) => None,
            Self::Beyond { scheme, .. } => Some(*scheme),
        }
    }
}

/// The plan that a text says.
pub(super) fn scheme(text: &str) -> Result<Scheme, Unshown> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let table: Table = text.parse().map_err(|_| Unshown::NoToml(told(text)))?;
    let mut beyond = Vec::new();
    let scheme = whole(Part::new("", table, &mut beyond));
    if beyond.is_empty() {
        return Ok(scheme);
    }
    let scheme = Box::new(scheme);
    Err(Unshown::Beyond { keys: beyond, scheme })
}

/// What the compiler says of a text that is no TOML.
fn told(text: &str) -> String {
    let first = ImplementationPlan::parse(text)
        .err()
        .and_then(|findings| findings.into_iter().next());
    first.map_or_else(|| "方案文本不符合 TOML 的写法".to_owned(), |finding| finding.text)
}

/// A table of which keys are taken one after the other; what is left at the end nobody reads.
struct Part<'a> {
    name: String,
    table: Table,
    beyond: &'a mut Vec<String>,
}

impl<'a> Part<'a> {
    fn new(name: &str, table: Table, beyond: &'a mut Vec<String>) -> Self {
        let name = name.to_owned();
        Self { name, table, beyond }
    }

    fn miss(&mut self, key: &str) {
        let name = if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}的 {key}", self.name)
        };
        self.beyond.push(name);
    }

    /// A text, number or date.
    fn word(&mut self, key: &str) -> String {
        let Some(value) = self.table.remove(key) else {
            return String::new();
        };
        let word = scalar(value).filter(|word| line(word) == *word);
        word.unwrap_or_else(|| {
            self.miss(key);
            String::new()
        })
    }

    /// One text, or a list of texts, none of which the form would cut.
    fn words(&mut self, key: &str) -> Vec<String> {
        let listed = match self.table.remove(key) {
            None => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(one) => vec![one],
        };
        let fits = |word: &String| line(word) == *word && split(word) == [word.as_str()];
        let count = listed.len();
        let words: Vec<String> = listed.into_iter().filter_map(scalar).filter(fits).collect();
        if words.len() < count.max(1) {
            self.miss(key);
        }
        words
    }

    fn is(&mut self, key: &str) -> Option<bool> {
        let value = self.table.remove(key)?;
        let is = value.as_bool();
        if is.is_none() {
            self.miss(key);
        }
        is
    }

    /// A part of its own; an empty one if it is not there.
    fn part<T>(&mut self, key: &str, read: impl FnOnce(&mut Part<'_>) -> T) -> T {
        let table = match self.table.remove(key) {
            Some(Value::Table(table)) => table,
            Some(_) => {
                self.miss(key);
                Table::new()
            }
            None => Table::new(),
        };
        let name = format!("{}[{key}] ", self.name);
        read_all(&name, table, self.beyond, read)
    }

    /// Parts of which there are several.
    fn parts<T>(&mut self, key: &str, mut read: impl FnMut(&mut Part<'_>) -> T) -> Vec<T> {
        let list = match self.table.remove(key) {
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.miss(key);
                Vec::new()
            }
            None => Vec::new(),
        };
        let mut parts = Vec::with_capacity(list.len());
        for (value, at) in list.into_iter().zip(1..) {
            let name = format!("第 {at} 个 [[{key}]] ");
            if let Value::Table(table) = value {
                parts.push(read_all(&name, table, self.beyond, &mut read));
            } else {
                self.miss(&name);
            }
        }
        parts
    }
}

/// Reads a part and tells what is left of it.
fn read_all<T>(
    name: &str,
    table: Table,
    beyond: &mut Vec<String>,
    read: impl FnOnce(&mut Part<'_>) -> T,
) -> T {
    let mut part = Part::new(name, table, beyond);
    let read = read(&mut part);
    let left: Vec<String> = part.table.keys().cloned().collect();
    left.iter().for_each(|key| part.miss(key));
    read
}

fn scalar(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Integer(number) => Some(number.to_string()),
        Value::Datetime(day) => Some(day.to_string()),
        Value::Float(_) | Value::Boolean(_) | Value::Array(_) | Value::Table(_) => None,
    }
}

fn whole(part: Part<'_>) -> Scheme {
    let Part { table, beyond, .. } = part;
    read_all("", table, beyond, |p| {
        let scheme = head(p);
        let scheme = with_people(p, scheme);
        with_rules(p, scheme)
    })
}

fn head(p: &mut Part<'_>) -> Scheme {
    let (from, until) = p.part("time", |p| (p.word("from"), p.word("until")));
    Scheme {
        bureau: p.word("bureau"),
        number: p.word("plan"),
        draw: p.word("draw"),
        title: p.word("title"),
        annual_plan: p.word("annual_plan"),
        purpose: p.word("purpose"),
        methods: p.words("method"),
        secrecy: p.word("secrecy"),
        use_of_results: p.word("use_of_results"),
        scope: p.word("scope"),
        from,
        until,
        items: p.parts("item", item),
        ..Scheme::default()
    }
}

fn with_people(p: &mut Part<'_>, scheme: Scheme) -> Scheme {
    let (slots, cap) = p.part("inspectors", |p| (p.words("slots"), p.word("cap")));
    let person = |p: &mut Part<'_>| Person {
        certificate: p.word("certificate"),
        cap: p.word("cap"),
    };
    let recusal = |p: &mut Part<'_>| Recusal {
        certificate: p.word("certificate"),
        source: p.word("source"),
        ground: p.word("ground"),
    };
    Scheme {
        slots,
        cap,
        teams: p.parts("team", team),
        persons: p.parts("person", person),
        rotation: p.part("rotation", |p| p.word("draws")),
        recusals: p.parts("recusal", recusal),
        ..scheme
    }
}

fn with_rules(p: &mut Part<'_>, scheme: Scheme) -> Scheme {
    let weight = |p: &mut Part<'_>| Weight {
        filter: p.part("where", condition),
        weight: p.word("weight"),
    };
    let mandatory = |p: &mut Part<'_>| Mandatory {
        target: p.word("target"),
        ground: p.word("ground"),
    };
    let listed = |p: &mut Part<'_>| Listed {
        reason: p.word("reason"),
        targets: p.words("targets"),
        ground: p.word("ground"),
    };
    let exclude = |p: &mut Part<'_>| Scheme {
        yearly_cap: p.word("yearly_cap"),
        yearly_cap_drawn_only: p.is("yearly_cap_drawn_only").unwrap_or_default(),
        recent_days: p.word("recent_days"),
        listed: p.parts("listed", listed),
        ..scheme
    };
    let scheme = p.part("exclude", exclude);
    let ceremony = |p: &mut Part<'_>| Scheme {
        public: p.word("public"),
        pool_disclosed: p.word("pool_disclosed"),
        release: p.word("release"),
        ..scheme
    };
    let scheme = p.part("ceremony", ceremony);
    Scheme {
        strata: p.parts("stratum", stratum),
        cycle_from: p.part("tiers", |p| p.word("cycle_from")),
        weights: p.parts("weight", weight),
        mandatory: p.parts("mandatory", mandatory),
        ..scheme
    }
}

fn item(p: &mut Part<'_>) -> Item {
    let published = match p.table.get("published") {
        Some(Value::Boolean(yes)) => {
            let yes = yes.then(|| "true".to_owned()).unwrap_or_default();
            p.table.remove("published");
            yes
        }
        _ => p.word("published"),
    };
    Item {
        code: p.word("code"),
        name: p.word("name"),
        basis: p.word("basis"),
        content: p.word("content"),
        object: p.word("object"),
        department: p.word("department"),
        published,
        fields: p.words("fields"),
    }
}

fn team(p: &mut Part<'_>) -> Team {
    let (units, fields, certificates) = p.part("where", |p| {
        (p.words("unit"), p.words("field"), p.words("certificate"))
    });
    Team {
        name: p.word("name"),
        title: p.word("title"),
        department: p.word("department"),
        units,
        fields,
        certificates,
        cap: p.word("cap"),
    }
}

fn stratum(p: &mut Part<'_>) -> Stratum {
    let said = AmountKind::ALL.map(|kind| (kind, p.table.contains_key(kind.key())));
    let kind = said
        .iter()
        .find(|(_, said)| *said)
        .map_or(AmountKind::Ratio, |(kind, _)| *kind);
    Stratum {
        name: p.word("name"),
        title: p.word("title"),
        filter: p.part("where", condition),
        kind,
        amount: p.word(kind.key()),
        items: p.words("items"),
        fields: p.words("fields"),
        units: p.words("units"),
    }
}

/// Keys of which the form writes the proper words.
const TERMS: [&str; 4] = ["control_level", "administration", "credit_class", "status"];

/// A condition; what would not come back as it is is told.
fn condition(p: &mut Part<'_>) -> Scope {
    let table = std::mem::take(&mut p.table);
    let scope = Scope::of(&table);
    let again = scope.table();
    for (key, value) in table {
        let listed = if value.is_str() {
            Value::Array(vec![value])
        } else {
            value
        };
        let same = match (again.get(&key), &listed) {
            (Some(Value::Array(after)), Value::Array(before)) if TERMS.contains(&key.as_str()) => {
                before.len() == after.len() && before.iter().all(Value::is_str)
            }
            (after, before) => after == Some(before),
        };
        if !same {
            p.miss(&key);
        }
    }
    scope
}
