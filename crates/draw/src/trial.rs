//! 试抽: rehearsals before the commitment. They say how likely vacant slots are and who the bottleneck is.
//! Never uses a key of a real draw: a rehearsal's key comes from a seed of its own.

use std::collections::BTreeMap;

use crate::assign::{Beyond, Network, bottleneck};
use crate::ceremony::Frozen;
use crate::hash::{Alg, Hash32, encode};
use crate::list::List;
use crate::table::slot_bits;

/// What many rehearsals showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsals {
    /// How many draws were rehearsed.
    pub draws: u32,
    /// In how many of them a slot stayed vacant.
    pub with_vacancies: u32,
    /// Vacant slots over all of them.
    pub vacant_slots: u64,
    /// The inspectors who were part of a bottleneck, and in how many draws.
    pub bottlenecks: BTreeMap<String, u32>,
}

/// Rehearses that many draws with keys that follow from a seed.
///
/// # Errors
/// [`Beyond`], if one of them is larger than can be decided in reasonable time.
pub fn rehearse(frozen: &Frozen<'_>, draws: u32, seed: &Hash32) -> Result<Rehearsals, Beyond> {
    let mut seen = Rehearsals {
        draws,
        with_vacancies: 0,
        vacant_slots: 0,
        bottlenecks: BTreeMap::new(),
    };
    let slots = slot_bits(&frozen.plan);
    for n in 0..draws {
        let key = Alg::Sha256.hash(&[&encode("trial", &[&seed.0, &n.to_be_bytes()])]);
        let list = List::draw(frozen.inputs(), Alg::Sha256, &key)?;
        if list.vacancies() == 0 {
            continue;
        }
        seen.with_vacancies += 1;
        seen.vacant_slots += list.vacancies() as u64;
        let targets = list.targets();
        let network = Network {
            staff: &frozen.staff,
            elig: &frozen.elig,
            slots: &slots,
            targets,
        };
        for inspector in bottleneck(&network)?
            .into_iter()
            .flat_map(|found| found.inspectors)
        {
            *seen
                .bottlenecks
                .entry(frozen.staff.names[inspector as usize].to_owned())
                .or_default() += 1;
        }
    }
    Ok(seen)
}
