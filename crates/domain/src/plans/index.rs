//! The registers in the order of mcd1, with the ways to find a site, an enterprise, a person in them.
//! Never finds two for one: of rows that repeat an id the first counts, and the repetition is a finding.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::compile::Registers;
use super::finding::{Code, Finding};
use crate::identifiers::{CertificateNumber, TargetId};
use crate::inspectors::Inspector;
use crate::sources::Source;

/// Fewest digits of a pseudonym.
const PSEUDONYM_DIGITS_MIN: usize = 3;

/// The registers, ordered.
pub(super) struct Index<'a> {
    /// Sites ascending by id, each once.
    sites: Vec<Site<'a>>,
    /// Inspectors ascending by certificate number, each once.
    people: Vec<&'a Inspector>,
    /// The code that each enterprise's ids begin with.
    codes: Vec<&'a str>,
    /// Every code that an enterprise is or was known by; none where two enterprises claim it.
    enterprises: HashMap<String, Option<u32>>,
}

/// A site of the register.
pub(super) struct Site<'a> {
    pub(super) id: TargetId,
    pub(super) source: &'a Source,
    /// Number of its enterprise.
    pub(super) enterprise: u32,
}

impl<'a> Index<'a> {
    pub(super) fn new(registers: Registers<'a>, findings: &mut Vec<Finding>) -> Self {
        let (mut codes, mut enterprises) = (Vec::new(), HashMap::new());
        let site = |source| site(source, &mut codes, &mut enterprises);
        let mut sites: Vec<Site<'a>> = registers.sources.iter().map(site).collect();
        sites.sort_by(|a, b| a.id.cmp(&b.id));
        sites.dedup_by(|later, first| {
            let same = later.id == first.id;
            if same {
                findings.push(duplicate_site(first, later));
            }
            same
        });
        add_aliases(&sites, &mut enterprises);
        let people = people(registers.inspectors, findings);
        Self {
            sites,
            people,
            codes,
            enterprises,
        }
    }

    /// All sites, ascending by id.
    pub(super) fn sites(&self) -> &[Site<'a>] {
        &self.sites
    }

    /// A site by its place.
    pub(super) fn site(&self, place: u32) -> &Site<'a> {
        &self.sites[place as usize]
    }

    /// All inspectors, ascending by certificate number.
    pub(super) fn people(&self) -> &[&'a Inspector] {
        &self.people
    }

    /// The place of a site, by its id or by an older code of its enterprise.
    pub(super) fn find_site(&self, target: &TargetId) -> Option<u32> {
        let exact = |id: &str| {
            self.sites
                .binary_search_by(|site| site.id.as_str().cmp(id))
                .ok()
                .and_then(place)
        };
        exact(target.as_str()).or_else(|| {
            let (code, suffix) = parts(target);
            let enterprise = self.enterprise(code)?;
            exact(&format!("{}{suffix}", self.codes.get(enterprise as usize)?))
        })
    }

    /// An enterprise by any code that it is or was known by.
    pub(super) fn enterprise(&self, code: &str) -> Option<u32> {
        self.enterprises.get(code).copied().flatten()
    }

    /// The places of a site, or of all sites of an enterprise if the id has no suffix.
    pub(super) fn find_all(&self, target: &TargetId) -> Vec<u32> {
        let (code, suffix) = parts(target);
        if !suffix.is_empty() {
            return self.find_site(target).into_iter().collect();
        }
        self.enterprise(code)
            .map(|enterprise| self.sites_of(enterprise))
            .unwrap_or_default()
    }

    /// The places of all sites of an enterprise: their ids begin with its code.
    pub(super) fn sites_of(&self, enterprise: u32) -> Vec<u32> {
        let code = self.codes[enterprise as usize];
        let first = self.sites.partition_point(|site| site.id.as_str() < code);
        let range = self.sites.iter().enumerate().skip(first);
        let of_code = range.take_while(|(_, site)| site.id.as_str().starts_with(code));
        of_code
            .filter(|(_, site)| site.enterprise == enterprise)
            .filter_map(|(at, _)| place(at))
            .collect()
    }

    /// The place of an inspector.
    pub(super) fn find_person(&self, certificate: &CertificateNumber) -> Option<u32> {
        self.people
            .binary_search_by(|person| person.certificate.number.cmp(certificate))
            .ok()
            .and_then(place)
    }

    /// The pseudonym of a place: `I001` is the least certificate number of the whole register, so that the names do
    /// not depend on the plan; as many digits as the largest needs, so that their order is that of the numbers.
    pub(super) fn pseudonym(&self, place: u32) -> String {
        let digits = self.people.len().to_string().len().max(PSEUDONYM_DIGITS_MIN);
        format!("I{:0digits$}", place + 1)
    }
}

fn place(at: usize) -> Option<u32> {
    u32::try_from(at).ok()
}

/// Code and suffix (with its hyphen, or nothing) of an id.
fn parts(target: &TargetId) -> (&str, &str) {
    let id = target.as_str();
    id.split_at(id.find('-').unwrap_or(id.len()))
}

fn site<'a>(
    source: &'a Source,
    codes: &mut Vec<&'a str>,
    enterprises: &mut HashMap<String, Option<u32>>,
) -> Site<'a> {
    let code = source.identity.as_str();
    let next = place(codes.len()).unwrap_or(u32::MAX);
    let enterprise = enterprises.get(code).copied().flatten().unwrap_or_else(|| {
        codes.push(code);
        enterprises.insert(code.to_owned(), Some(next));
        next
    });
    Site {
        id: source.id(),
        source,
        enterprise,
    }
}

/// Registration number and organisation code, kept as aliases; a code that is somebody's own identity stays theirs.
fn add_aliases(sites: &[Site<'_>], enterprises: &mut HashMap<String, Option<u32>>) {
    let mut aliases: HashMap<String, Option<u32>> = HashMap::new();
    for site in sites {
        let source = site.source;
        let inside = source
            .credit_code()
            .and_then(|code| code.organisation())
            .map(|code| code.to_string());
        let organisation = source.organisation_code.as_ref().map(ToString::to_string);
        let registration = source.registration_number.as_ref().map(ToString::to_string);
        for code in [inside, organisation, registration].into_iter().flatten() {
            match aliases.entry(code) {
                Entry::Vacant(free) => {
                    free.insert(Some(site.enterprise));
                }
                Entry::Occupied(mut taken) if *taken.get() != Some(site.enterprise) => {
                    taken.insert(None);
                }
                Entry::Occupied(_) => {}
            }
        }
    }
    for (code, enterprise) in aliases {
        enterprises.entry(code).or_insert(enterprise);
    }
}

fn duplicate_site(first: &Site<'_>, later: &Site<'_>) -> Finding {
    let (id, one, other) = (&first.id, &first.source.name, &later.source.name);
    Finding::new(
        Code::DuplicateTarget,
        format!(
            "污染源名录库里“{one}”和“{other}”的检查对象编号都是 {id}：一个厂址只能有一条记录，请合并，或给第二个厂址填写厂址序号"
        ),
    )
}

fn people<'a>(inspectors: &'a [Inspector], findings: &mut Vec<Finding>) -> Vec<&'a Inspector> {
    let mut people: Vec<&Inspector> = inspectors.iter().collect();
    people.sort_by(|a, b| a.certificate.number.cmp(&b.certificate.number));
    people.dedup_by(|later, first| {
        let (one, other) = (&first.name, &later.name);
        let number = &first.certificate.number;
        let same = later.certificate.number == *number;
        if same {
            findings.push(Finding::new(
                Code::DuplicateCertificate,
                format!("执法检查人员名录库里“{one}”和“{other}”的执法证编号都是 {number}，请对照执法证改正或删去重复的一行"),
            ));
        }
        same
    });
    people
}
