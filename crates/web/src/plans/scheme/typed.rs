//! The form of a plan as it was sent, and its lines added, taken away or moved.
//! Never judges what was typed, and never loses any of it.

use ops::plans::scheme::{
    AmountKind, Item, Listed, Mandatory, Person, Recusal, Scheme, Stratum, Team, Weight, line, split,
};
use ops::plans::scope::Scope;

use super::parts::SLOTS_MAX;
use crate::form::Fields;

/// Groups of one kind that a form may send.
const GROUPS_MAX: usize = 500;

/// The groups of a kind, by the numbers that their fields have.
fn groups<T>(fields: &Fields, kind: &str, read: impl Fn(&Group<'_>) -> T) -> Vec<T> {
    let number = |(name, _): &(String, String)| {
        let rest = name.strip_prefix(kind)?.strip_prefix('.')?;
        rest.split_once('.')?.0.parse::<usize>().ok()
    };
    let mut numbers: Vec<usize> = fields.0.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.truncate(GROUPS_MAX);
    let group = |at: usize| Group {
        fields,
        prefix: format!("{kind}.{at}"),
    };
    numbers.into_iter().map(|at| read(&group(at))).collect()
}

/// The fields of one group.
struct Group<'a> {
    fields: &'a Fields,
    prefix: String,
}

impl Group<'_> {
    fn one(&self, key: &str) -> String {
        line(self.fields.get(&format!("{}.{key}", self.prefix)))
    }

    /// A list that is typed on a line.
    fn list(&self, key: &str) -> Vec<String> {
        split(self.fields.get(&format!("{}.{key}", self.prefix)))
    }

    /// Boxes that are ticked.
    fn ticked(&self, key: &str) -> Vec<String> {
        let name = format!("{}.{key}", self.prefix);
        self.fields
            .all(&name)
            .map(line)
            .filter(|word| !word.is_empty())
            .collect()
    }

    fn condition(&self) -> Scope {
        Scope {
            levels: self.ticked("levels"),
            key: self.one("key"),
            administrations: self.ticked("administrations"),
            credits: self.ticked("credits"),
            stations: self.one("stations"),
            industries: self.one("industries"),
            industry_codes: self.one("industry_codes"),
            addresses: self.one("addresses"),
            names: self.one("names"),
            statuses: self.ticked("statuses"),
            violations: self.one("violations"),
            targets: self.one("targets"),
        }
    }
}

/// The plan as it was sent.
pub(super) fn scheme(fields: &Fields) -> Scheme {
    let one = |name: &str| line(fields.get(name));
    Scheme {
        bureau: String::new(),
        number: String::new(),
        draw: one("draw"),
        title: one("title"),
        annual_plan: one("annual_plan"),
        purpose: one("purpose"),
        methods: fields.all("method").map(line).collect(),
        secrecy: one("secrecy"),
        use_of_results: one("use_of_results"),
        scope: one("scope"),
        from: one("from"),
        until: one("until"),
        slots: slots(fields),
        cap: one("cap"),
        items: fields.all("item").map(|code| item(fields, code)).collect(),
        cycle_from: one("cycle_from"),
        yearly_cap: one("yearly_cap"),
        yearly_cap_drawn_only: fields.has("yearly_cap_drawn_only"),
        recent_days: one("recent_days"),
        rotation: one("rotation"),
        public: one("public"),
        pool_disclosed: one("pool_disclosed"),
        release: one("release"),
        ..several(fields)
    }
}

/// All of which a plan has several.
fn several(fields: &Fields) -> Scheme {
    Scheme {
        teams: groups(fields, "team", team),
        persons: groups(fields, "person", |group| Person {
            certificate: group.one("certificate"),
            cap: group.one("cap"),
        }),
        strata: groups(fields, "stratum", stratum),
        weights: groups(fields, "weight", |group| Weight {
            filter: group.condition(),
            weight: group.one("weight"),
        }),
        mandatory: groups(fields, "must", |group| Mandatory {
            target: group.one("target"),
            ground: group.one("ground"),
        }),
        listed: groups(fields, "listed", |group| Listed {
            reason: group.one("reason"),
            targets: group.list("targets"),
            ground: group.one("ground"),
        }),
        recusals: groups(fields, "recusal", |group| Recusal {
            certificate: group.one("certificate"),
            source: group.one("source"),
            ground: group.one("ground"),
        }),
        ..Scheme::default()
    }
}

/// The team of each slot; slots without one are no slots.
fn slots(fields: &Fields) -> Vec<String> {
    let slot = |at: usize| line(fields.get(&format!("slot.{at}")));
    (0..SLOTS_MAX).map(slot).filter(|slot| !slot.is_empty()).collect()
}

fn item(fields: &Fields, code: &str) -> Item {
    Item {
        code: line(code),
        fields: split(fields.get(&format!("item_fields.{code}"))),
        ..Item::default()
    }
}

fn team(group: &Group<'_>) -> Team {
    Team {
        name: group.one("name"),
        title: group.one("title"),
        department: group.one("department"),
        units: group.list("units"),
        fields: group.list("fields"),
        certificates: group.list("certificates"),
        cap: group.one("cap"),
    }
}

fn stratum(group: &Group<'_>) -> Stratum {
    let said = group.one("kind");
    let kind = AmountKind::ALL.into_iter().find(|kind| kind.key() == said);
    Stratum {
        name: group.one("name"),
        title: group.one("title"),
        filter: group.condition(),
        kind: kind.unwrap_or_default(),
        amount: group.one("amount"),
        items: group.ticked("items"),
        fields: group.list("fields"),
        units: group.list("units"),
    }
}

/// Adds, takes away or moves a line: `add.team`, `remove.team.2`, `up.stratum.1`.
pub(super) fn rearranged(mut scheme: Scheme, act: &str) -> Scheme {
    let mut parts = act.split('.');
    let (verb, kind) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let at = parts.next().and_then(|at| at.parse().ok());
    match kind {
        "team" => moved(&mut scheme.teams, verb, at),
        "person" => moved(&mut scheme.persons, verb, at),
        "stratum" => moved(&mut scheme.strata, verb, at),
        "weight" => moved(&mut scheme.weights, verb, at),
        "must" => moved(&mut scheme.mandatory, verb, at),
        "listed" => moved(&mut scheme.listed, verb, at),
        "recusal" => moved(&mut scheme.recusals, verb, at),
        _ => {}
    }
    scheme
}

fn moved<T: Default>(list: &mut Vec<T>, verb: &str, at: Option<usize>) {
    match (verb, at.filter(|at| *at < list.len())) {
        ("add", None) if list.len() < GROUPS_MAX => list.push(T::default()),
        ("remove", Some(at)) => {
            list.remove(at);
        }
        ("up", Some(at)) if at > 0 => list.swap(at, at - 1),
        _ => {}
    }
}
