//! k of n, as every draw does it: the whole pool in memory, `select::tickets`, then `select::select`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use draw::plan::{Plan, Quota};
use draw::select::{Ticket, select, tickets};
use draw::table::{Flag, PoolLine};

use crate::{check_of, keyed, report, timed};

/// Draws `k` of the ids in a file (one a line, a weight behind a TAB if there is one).
pub(crate) fn run(file: &Path, k: usize) -> Result<()> {
    let (text, read) = timed(|| fs::read_to_string(file));
    let text = text?;
    let (pool, split_s) = timed(|| split(&text));
    let pool = pool.context("not a weight")?;
    let plan = plan(k)?;
    let (taken, drawn) = timed(|| {
        let tickets = tickets(&keyed(), &pool);
        let selection = select(&plan, &pool, &tickets);
        in_order(selection.targets(&tickets), &pool, &tickets)
    });
    let ids = taken.iter().map(|&place| pool[place as usize].id);
    report(
        &[("read", read), ("split", split_s), ("draw", drawn)],
        &check_of(ids),
    );
    Ok(())
}

/// Targets come in the order of their tickets; a sample is compared in the order of the draw.
fn in_order(mut taken: Vec<u32>, pool: &[PoolLine<'_>], tickets: &[Ticket]) -> Vec<u32> {
    taken.sort_by(|&a, &b| {
        let weight = |place: u32| pool[place as usize].weight;
        tickets[a as usize].compare(weight(a), tickets[b as usize], weight(b))
    });
    taken
}

/// A line of a file: an id, and a weight behind a TAB if there is one.
pub(crate) fn id_and_weight(line: &str) -> Option<(&str, u32)> {
    match line.split_once('\t') {
        Some((id, weight)) => Some((id, weight.parse().ok()?)),
        None => Some((line, 1)),
    }
}

fn split(text: &str) -> Option<Vec<PoolLine<'_>>> {
    let mut pool = Vec::with_capacity(text.bytes().filter(|&b| b == b'\n').count());
    for line in text.lines() {
        let (id, weight) = id_and_weight(line)?;
        pool.push(pool_line(id, weight));
    }
    Some(pool)
}

/// A line of the only stratum.
pub(crate) const fn pool_line(id: &str, weight: u32) -> PoolLine<'_> {
    PoolLine {
        id,
        stratum: "all",
        tier: 0,
        weight,
        flag: Flag::Random,
        name: id,
        salt: "00112233445566778899aabbccddeeff",
    }
}

/// A plan that draws `k` of the only stratum.
pub(crate) fn plan(k: usize) -> Result<Plan> {
    let quota = Quota {
        number: k.try_into()?,
        ratio: None,
    };
    Ok(Plan {
        bureau: "bench".into(),
        plan: "bench".into(),
        draw: "2026-001".into(),
        title: "bench".into(),
        items: vec!["bench".into()],
        window: "2026-01-01..2026-12-31".into(),
        exclusions: Vec::new(),
        slots: vec!["EP".into(), "EP".into()],
        quotas: BTreeMap::from([("all".into(), quota)]),
    })
}
