//! The records of a draw, each chained to the one before (section 3).
//! Never checks one record against another: that is for [`crate::verify`].

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::form::{self, Instant, MAX_INPUT_BYTES, MAX_SHARES, Wrong};
use crate::hash::{Alg, Hash32, from_hex, to_hex};
use crate::public::Rule;

/// The `key=value` lines of a record, taken one by one until none is left.
pub struct Fields<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Fields<'a> {
    /// Splits a record of a type.
    ///
    /// # Errors
    /// No text file, another type, a line without `=`, a key twice, or a value that is none.
    pub fn parse(bytes: &'a [u8], kind: &str) -> Result<Self, Wrong> {
        let lines = form::lines(bytes)?;
        if lines.first() != Some(&kind) {
            return Err(format!("第一行应为 {kind}"));
        }
        let mut fields = BTreeMap::new();
        for line in &lines[1..] {
            let (key, value) = line.split_once('=').ok_or_else(|| format!("“{line}”没有等号"))?;
            if !(key.starts_with("input.") && value.is_empty()) {
                form::value(value).map_err(|wrong| format!("{key}：{wrong}"))?;
            }
            if fields.insert(key, value).is_some() {
                return Err(format!("{key} 出现两次"));
            }
        }
        Ok(Self(fields))
    }

    /// Takes the value of a key.
    ///
    /// # Errors
    /// The key is not there.
    pub fn text(&mut self, key: &str) -> Result<&'a str, Wrong> {
        self.0.remove(key).ok_or_else(|| format!("缺少 {key}"))
    }

    /// Takes a value of a form.
    ///
    /// # Errors
    /// The key is not there, or its value has not that form.
    pub fn take<T>(&mut self, key: &str, read: impl FnOnce(&'a str) -> Option<T>) -> Result<T, Wrong> {
        let text = self.text(key)?;
        read(text).ok_or_else(|| format!("{key} 的形式不对：“{text}”"))
    }

    /// Takes every key with a prefix; the prefix is cut off.
    pub fn with_prefix(&mut self, prefix: &str) -> Vec<(&'a str, &'a str)> {
        let found = self.0.extract_if(.., |key, _| key.starts_with(prefix));
        found.map(|(key, value)| (&key[prefix.len()..], value)).collect()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// A key is left that the record does not have.
    pub fn finish(self) -> Result<(), Wrong> {
        self.0
            .first_key_value()
            .map_or(Ok(()), |(key, _)| Err(format!("不应有 {key}")))
    }
}

fn owned_if(is: impl Fn(&str) -> bool) -> impl FnOnce(&str) -> Option<String> {
    move |text| is(text).then(|| text.to_owned())
}

/// Takes `name.1`, `name.2` … as far as they go.
fn numbered<T>(
    fields: &mut Fields<'_>,
    name: &str,
    count: usize,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Wrong> {
    (1..=count)
        .map(|j| fields.take(&format!("{name}.{j}"), &read))
        .collect()
}

/// A time as it was written, and what it means.
#[derive(Clone, Debug)]
pub struct Time {
    /// `YYYY-MM-DDThh:mm:ss±hh:mm`.
    pub text: String,
    /// For comparing.
    pub instant: Instant,
}

impl Time {
    /// Reads a time that exists.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        form::time(text).map(|instant| Self {
            text: text.to_owned(),
            instant,
        })
    }
}

/// `1-commit.txt`: what is fixed before the public value can be known.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Name of the log.
    pub origin: String,
    /// Draw number.
    pub draw: String,
    /// The hash of this draw.
    pub alg: Alg,
    /// `H(plan.txt)`.
    pub plan: Hash32,
    /// `root(pool.tsv)`.
    pub pool: Hash32,
    /// Staff and eligibility.
    pub elig: Hash32,
    /// What each holder committed to.
    pub shares: Vec<Hash32>,
    /// Role of each holder.
    pub holders: Vec<String>,
    /// The rule of the public value.
    pub public: Rule,
    /// The draw must be opened by then.
    pub open_by: Time,
    /// And revealed by then.
    pub reveal_by: Time,
    /// When it was made.
    pub at: Time,
}

impl Commit {
    /// Reads the record.
    ///
    /// # Errors
    /// A sentence that says which form is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut f = Fields::parse(bytes, "mcd1-commit")?;
        let count = (1..)
            .take_while(|j| f.0.contains_key(format!("share.{j}").as_str()))
            .count();
        if !(1..=MAX_SHARES).contains(&count) {
            return Err(format!("份额应有 1 至 {MAX_SHARES} 份，这里有 {count} 份"));
        }
        let commit = Self {
            origin: f.text("origin")?.to_owned(),
            draw: f.take("draw", owned_if(form::is_draw_number))?,
            alg: f.take("alg", Alg::from_name)?,
            plan: f.take("plan", Hash32::from_hex)?,
            pool: f.take("pool", Hash32::from_hex)?,
            elig: f.take("elig", Hash32::from_hex)?,
            shares: numbered(&mut f, "share", count, Hash32::from_hex)?,
            holders: numbered(&mut f, "holder", count, |role| Some(role.to_owned()))?,
            public: f.take("public", Rule::parse)?,
            open_by: f.take("open-by", Time::parse)?,
            reveal_by: f.take("reveal-by", Time::parse)?,
            at: f.take("at", Time::parse)?,
        };
        f.finish()?;
        Ok(commit)
    }

    /// The record as a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let shares = self.shares.iter().zip(&self.holders).zip(1..).fold(
            String::new(),
            |mut out, ((share, holder), j)| {
                let _infallible = writeln!(out, "share.{j}={share}\nholder.{j}={holder}");
                out
            },
        );
        format!(
            "mcd1-commit\norigin={}\ndraw={}\nalg={}\nplan={}\npool={}\nelig={}\n{shares}public={}\nopen-by={}\nreveal-by={}\nat={}\n",
            self.origin,
            self.draw,
            self.alg.name(),
            self.plan,
            self.pool,
            self.elig,
            self.public,
            self.open_by.text,
            self.reveal_by.text,
            self.at.text
        )
    }
}

/// `2-draw.txt`: the public value, and the root of the sealed list.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Draw number.
    pub draw: String,
    /// `H(1-commit.txt)`.
    pub prev: Hash32,
    /// The public value.
    pub public: String,
    /// `root(result.tsv)`.
    pub result: Hash32,
    /// When the draw was opened.
    pub at: Time,
}

impl Draw {
    /// Reads the record.
    ///
    /// # Errors
    /// A sentence that says which form is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut f = Fields::parse(bytes, "mcd1-draw")?;
        let draw = Self {
            draw: f.take("draw", owned_if(form::is_draw_number))?,
            prev: f.take("prev", Hash32::from_hex)?,
            public: f.text("public")?.to_owned(),
            result: f.take("result", Hash32::from_hex)?,
            at: f.take("at", Time::parse)?,
        };
        f.finish()?;
        Ok(draw)
    }

    /// The record as a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self {
            draw,
            prev,
            public,
            result,
            at,
        } = self;
        format!(
            "mcd1-draw\ndraw={draw}\nprev={prev}\npublic={public}\nresult={result}\nat={}\n",
            at.text
        )
    }
}

/// `sub-n.txt`: a substitution whose row stays sealed until the reveal.
#[derive(Clone, Debug)]
pub struct Sub {
    /// Draw number.
    pub draw: String,
    /// Hash of the record before.
    pub prev: Hash32,
    /// Which substitution this is.
    pub n: u32,
    /// `H(E("sub", salt, row))`.
    pub sub: Hash32,
    /// When it was recorded.
    pub at: Time,
}

impl Sub {
    /// Reads the record.
    ///
    /// # Errors
    /// A sentence that says which form is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut f = Fields::parse(bytes, "mcd1-sub")?;
        let sub = Self {
            draw: f.take("draw", owned_if(form::is_draw_number))?,
            prev: f.take("prev", Hash32::from_hex)?,
            n: f.take("n", |text| form::integer(text).filter(|&n| n > 0))?,
            sub: f.take("sub", Hash32::from_hex)?,
            at: f.take("at", Time::parse)?,
        };
        f.finish()?;
        Ok(sub)
    }

    /// The record as a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self {
            draw,
            prev,
            n,
            sub,
            at,
        } = self;
        format!(
            "mcd1-sub\ndraw={draw}\nprev={prev}\nn={n}\nsub={sub}\nat={}\n",
            at.text
        )
    }
}

/// `void.txt`: the draw is given up, in public.
#[derive(Clone, Debug)]
pub struct Void {
    /// Draw number.
    pub draw: String,
    /// Hash of the last record.
    pub prev: Hash32,
    /// The public value, if it was known by then.
    pub public: Option<String>,
    /// Why.
    pub reason: String,
    /// Who approved.
    pub approved_by: String,
    /// When.
    pub at: Time,
}

impl Void {
    /// Reads the record.
    ///
    /// # Errors
    /// A sentence that says which form is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut f = Fields::parse(bytes, "mcd1-void")?;
        let void = Self {
            draw: f.take("draw", owned_if(form::is_draw_number))?,
            prev: f.take("prev", Hash32::from_hex)?,
            public: Some(f.text("public")?)
                .filter(|value| *value != "-")
                .map(str::to_owned),
            reason: f.text("reason")?.to_owned(),
            approved_by: f.text("approved-by")?.to_owned(),
            at: f.take("at", Time::parse)?,
        };
        f.finish()?;
        Ok(void)
    }

    /// The record as a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self {
            draw,
            prev,
            public,
            reason,
            approved_by,
            at,
        } = self;
        let public = public.as_deref().unwrap_or("-");
        format!(
            "mcd1-void\ndraw={draw}\nprev={prev}\npublic={public}\nreason={reason}\nat={}\napproved-by={approved_by}\n",
            at.text
        )
    }
}

/// `3-reveal.txt`: the secrets, so that anyone can recompute the draw.
#[derive(Clone, Debug)]
pub struct Reveal {
    /// Draw number.
    pub draw: String,
    /// Hash of the last record.
    pub prev: Hash32,
    /// `machine.j`: what each holder's computer added.
    pub machines: Vec<Hash32>,
    /// `input.j`: what each holder typed or rolled.
    pub inputs: Vec<Vec<u8>>,
    /// Salt of the commitment to staff and eligibility.
    pub elig_salt: Hash32,
    /// `H(subs.tsv)`, if there were substitutions.
    pub subs: Option<Hash32>,
    /// When.
    pub at: Time,
}

impl Reveal {
    /// Reads the record of a draw with that many shares.
    ///
    /// # Errors
    /// A sentence that says which form is broken.
    pub fn parse(bytes: &[u8], shares: usize) -> Result<Self, Wrong> {
        let mut f = Fields::parse(bytes, "mcd1-reveal")?;
        let input = |text: &str| from_hex(text).filter(|bytes| bytes.len() <= MAX_INPUT_BYTES);
        let reveal = Self {
            draw: f.take("draw", owned_if(form::is_draw_number))?,
            prev: f.take("prev", Hash32::from_hex)?,
            machines: numbered(&mut f, "machine", shares, Hash32::from_hex)?,
            inputs: numbered(&mut f, "input", shares, input)?,
            elig_salt: f.take("elig-salt", Hash32::from_hex)?,
            subs: f.take("subs", |text| {
                if text == "-" {
                    Some(None)
                } else {
                    Hash32::from_hex(text).map(Some)
                }
            })?,
            at: f.take("at", Time::parse)?,
        };
        f.finish()?;
        Ok(reveal)
    }

    /// The record as a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let shares = self.machines.iter().zip(&self.inputs).zip(1..).fold(
            String::new(),
            |mut out, ((m, input), j)| {
                let _infallible = writeln!(out, "machine.{j}={m}\ninput.{j}={}", to_hex(input));
                out
            },
        );
        let subs = self.subs.map_or_else(|| "-".into(), |hash| hash.to_string());
        format!(
            "mcd1-reveal\ndraw={}\nprev={}\n{shares}elig-salt={}\nsubs={subs}\nat={}\n",
            self.draw, self.prev, self.elig_salt, self.at.text
        )
    }
}
