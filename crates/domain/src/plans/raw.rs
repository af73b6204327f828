//! `plan.toml` as it is written, key by key; every key may be missing here, so that all that is missing is said at once.
//! Never lets a key pass that nobody reads: a slip in a key would silently change a draw.

use std::fmt;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Plan {
    pub(super) bureau: Option<String>,
    pub(super) plan: Option<String>,
    pub(super) draw: Option<String>,
    pub(super) title: Option<String>,
    pub(super) annual_plan: Option<String>,
    pub(super) purpose: Option<String>,
    pub(super) method: Option<Words>,
    pub(super) secrecy: Option<String>,
    pub(super) use_of_results: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) time: Option<Time>,
    pub(super) inspectors: Option<Inspectors>,
    pub(super) item: Vec<Item>,
    pub(super) stratum: Vec<Stratum>,
    pub(super) team: Vec<Team>,
    pub(super) person: Vec<Person>,
    pub(super) tiers: Option<Tiers>,
    pub(super) weight: Vec<Weight>,
    pub(super) mandatory: Vec<Mandatory>,
    pub(super) exclude: Exclude,
    pub(super) rotation: Option<Rotation>,
    pub(super) recusal: Vec<Recusal>,
    pub(super) ceremony: Option<Ceremony>,
}

/// `[time]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Time {
    pub(super) from: Option<Day>,
    pub(super) until: Option<Day>,
}

/// `[inspectors]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Inspectors {
    pub(super) slots: Option<Words>,
    pub(super) cap: Option<u32>,
}

/// `[[item]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Item {
    pub(super) code: Option<String>,
    pub(super) name: Option<String>,
    pub(super) basis: Option<String>,
    pub(super) content: Option<String>,
    pub(super) object: Option<String>,
    pub(super) department: Option<String>,
    pub(super) fields: Option<Words>,
    pub(super) published: Option<Published>,
}

/// `[[stratum]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Stratum {
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
    #[serde(rename = "where")]
    pub(super) filter: Where,
    pub(super) ratio: Option<String>,
    pub(super) number: Option<u32>,
    pub(super) inspectors_to_units: Option<String>,
    pub(super) items: Option<Words>,
    pub(super) fields: Option<Words>,
    pub(super) units: Option<Words>,
}

/// `where = { … }` over the register of sources
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Where {
    pub(crate) control_level: Option<Words>,
    pub(crate) key_discharger: Option<bool>,
    pub(crate) administration: Option<Words>,
    pub(crate) credit_class: Option<Words>,
    pub(crate) industry: Option<Words>,
    pub(crate) industry_code: Option<Words>,
    pub(crate) monitoring_stations_min: Option<u16>,
    pub(crate) address: Option<Words>,
    pub(crate) name: Option<Words>,
    pub(crate) status: Option<Words>,
    pub(crate) violations: Option<bool>,
    pub(crate) target: Option<Words>,
}

/// `[[team]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Team {
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
    pub(super) department: Option<String>,
    #[serde(rename = "where")]
    pub(super) filter: WhereInspector,
    pub(super) cap: Option<u32>,
}

/// `where = { … }` of a team
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WhereInspector {
    pub(super) unit: Option<Words>,
    pub(super) field: Option<Words>,
    pub(super) certificate: Option<Words>,
}

/// `[[person]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Person {
    pub(super) certificate: Option<String>,
    pub(super) cap: Option<u32>,
}

/// `[tiers]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Tiers {
    pub(super) cycle_from: Option<Day>,
}

/// `[[weight]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Weight {
    #[serde(rename = "where")]
    pub(super) filter: Where,
    pub(super) weight: Option<u32>,
}

/// `[[mandatory]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Mandatory {
    pub(super) target: Option<String>,
    pub(super) ground: Option<String>,
}

/// `[exclude]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Exclude {
    pub(super) yearly_cap: Option<u32>,
    pub(super) yearly_cap_drawn_only: Option<bool>,
    pub(super) recent_days: Option<u32>,
    pub(super) listed: Vec<Listed>,
}

/// `[[exclude.listed]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Listed {
    pub(super) reason: Option<String>,
    pub(super) targets: Option<Words>,
    pub(super) ground: Option<String>,
}

/// `[rotation]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rotation {
    pub(super) draws: Option<u32>,
}

/// `[[recusal]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Recusal {
    pub(super) certificate: Option<String>,
    pub(super) source: Option<String>,
    pub(super) ground: Option<String>,
}

/// `[ceremony]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Ceremony {
    pub(super) public: Option<String>,
    pub(super) pool_disclosed: Option<String>,
    pub(super) release: Option<String>,
}

/// One text, or a list of texts.
#[derive(Debug, Default)]
pub(crate) struct Words(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("文字或文字的列表，例如 [\"国控\", \"省控\"]")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Words, E> {
        Ok(Words(vec![text.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Words, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element::<String>()? {
            words.push(word);
        }
        Ok(Words(words))
    }
}

/// A day: `2027-01-04` with or without quotes, or in any form that the registers know.
#[derive(Debug)]
pub(super) struct Day(pub(super) Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DayVisitor)
    }
}

struct DayVisitor;

impl<'de> Visitor<'de> for DayVisitor {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("日期，例如 2027-01-04")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Day, E> {
        crate::dates::parse_date(text)
            .map(|(date, _)| Day(date))
            .map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Day, A::Error> {
        let written = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&written.to_string())
    }
}

/// 是否公布: yes, no, or the day.
#[derive(Debug)]
pub(super) enum Published {
    /// `true`
    Yes,
    /// `false`
    No,
    /// A day.
    On(Date),
}

impl<'de> Deserialize<'de> for Published {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PublishedVisitor)
    }
}

struct PublishedVisitor;

impl<'de> Visitor<'de> for PublishedVisitor {
    type Value = Published;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true、false 或公布的日期，例如 2026-12-18")
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Published, E> {
        Ok(if yes { Published::Yes } else { Published::No })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Published, E> {
        DayVisitor.visit_str(text).map(|Day(date)| Published::On(date))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Published, A::Error> {
        DayVisitor.visit_map(map).map(|Day(date)| Published::On(date))
    }
}
