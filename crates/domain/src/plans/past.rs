//! What the history of inspections says of each site and inspector: caps, recency, coverage, rotation.
//! Never guesses whom a row means: a site that the register does not have is counted, not matched.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Span;
use jiff::civil::Date;

use super::index::Index;
use super::plan::ImplementationPlan;
use crate::history::PastInspection;
use crate::identifiers::DrawNumber;

/// The history, by place in the registers.
pub(super) struct Past {
    /// Inspections of each site in the cycle.
    in_cycle: Vec<u32>,
    /// Last inspection of each site.
    last: Vec<Option<Date>>,
    /// Whoever was inspected on that day or later is left out.
    recent_from: Option<Date>,
    /// Inspections of an enterprise that count towards its cap, by calendar year of the window.
    of_year: HashMap<(u32, i16), u32>,
    /// Who was at a site in the draws that rotation looks at: sites ascending, people ascending.
    pub(super) rotated: BTreeMap<u32, BTreeSet<u32>>,
    /// Rows whose site the register does not have.
    pub(super) unknown: usize,
}

impl Past {
    pub(super) fn new(plan: &ImplementationPlan, index: &Index<'_>, history: &[PastInspection]) -> Self {
        let sites = index.sites().len();
        let mut past = Self {
            in_cycle: vec![0; sites],
            last: vec![None; sites],
            recent_from: plan
                .exclusions
                .recent_days
                .map(|days| days_before(plan.window.from(), days.get())),
            of_year: HashMap::new(),
            rotated: BTreeMap::new(),
            unknown: 0,
        };
        let draws = last_draws(plan, history);
        for row in history {
            past.count_for_enterprise(plan, index, row);
            match index.find_site(&row.target) {
                Some(site) => past.count_for_site(plan, index, row, site, &draws),
                None => past.unknown += 1,
            }
        }
        past
    }

    fn count_for_enterprise(&mut self, plan: &ImplementationPlan, index: &Index<'_>, row: &PastInspection) {
        let Some(cap) = plan.exclusions.yearly_cap else {
            return;
        };
        let code = row.target.as_str().split('-').next().unwrap_or_default();
        let counts = row.draw.is_some() || !cap.drawn_only;
        if let Some(enterprise) = index.enterprise(code)
            && counts
            && plan.window.touches_year(row.on.year())
        {
            *self.of_year.entry((enterprise, row.on.year())).or_default() += 1;
        }
    }

    fn count_for_site(
        &mut self,
        plan: &ImplementationPlan,
        index: &Index<'_>,
        row: &PastInspection,
        site: u32,
        draws: &BTreeSet<DrawNumber>,
    ) {
        let at = site as usize;
        self.in_cycle[at] += u32::from(plan.cycle_from.is_some_and(|from| from <= row.on));
        self.last[at] = self.last[at].max(Some(row.on));
        if row.draw.is_some_and(|draw| draws.contains(&draw)) {
            let people = row
                .inspectors
                .iter()
                .filter_map(|certificate| index.find_person(certificate));
            self.rotated.entry(site).or_default().extend(people);
        }
    }

    /// Inspections of a site in the cycle.
    pub(super) fn in_cycle(&self, site: u32) -> u32 {
        self.in_cycle[site as usize]
    }

    /// Whether a site was inspected so lately that the plan leaves it out.
    pub(super) fn is_recent(&self, site: u32) -> bool {
        self.recent_from
            .is_some_and(|first| self.last[site as usize].is_some_and(|last| first <= last))
    }

    /// Inspections of an enterprise in a calendar year of the window, the year with most of them.
    pub(super) fn of_enterprise(&self, plan: &ImplementationPlan, enterprise: u32) -> u32 {
        let years = [plan.window.from().year(), plan.window.until().year()];
        let counts = years
            .iter()
            .filter_map(|&year| self.of_year.get(&(enterprise, year)));
        counts.copied().max().unwrap_or_default()
    }
}

fn days_before(day: Date, days: u32) -> Date {
    let span = Span::new().try_days(i64::from(days)).ok();
    span.and_then(|span| day.checked_sub(span).ok())
        .unwrap_or(Date::MIN)
}

/// The draws that rotation looks at: the last of those that the history knows, before this one.
fn last_draws(plan: &ImplementationPlan, history: &[PastInspection]) -> BTreeSet<DrawNumber> {
    let Some(draws) = plan.rotation else {
        return BTreeSet::new();
    };
    let before = history
        .iter()
        .filter_map(|row| row.draw)
        .filter(|draw| *draw < plan.draw);
    let all: BTreeSet<DrawNumber> = before.collect();
    all.into_iter().rev().take(draws.get() as usize).collect()
}
