//! Assignment of inspectors: made-up networks, given to our program in memory and to OR-tools as files.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use draw::assign::{Network, assign};
use draw::share::lot;
use draw::table::{Elig, Staff, TeamBits};

use crate::ids::id;
use crate::{Numbers, keyed, report, timed};

/// Inspectors who may serve at each target.
const ELIGIBLE: usize = 32;

/// How a network is made.
struct Shape {
    /// The teams of the inspectors, in turn.
    staff: &'static [TeamBits],
    /// The team of each slot.
    slots: &'static [TeamBits],
    caps: Caps,
}

enum Caps {
    /// A quarter more than the slots need, shared out evenly.
    Slack,
    /// Exactly as many as there are slots, the same for everyone.
    Zero,
    /// Exactly as many as there are slots, as unevenly as chance has it.
    ZeroUneven,
}

const LEAD: TeamBits = 1;
const EP: TeamBits = 2;
const SAMR: TeamBits = 4;

fn shape(kind: &str) -> Result<Shape> {
    // A quarter may lead, and serve as ordinary members as well; a quarter is of another authority.
    let mixed: &[TeamBits] = &[LEAD | EP, EP, SAMR, EP];
    let two = |caps| Shape {
        staff: &[EP],
        slots: &[EP, EP],
        caps,
    };
    let three = |caps| Shape {
        staff: mixed,
        slots: &[LEAD, EP, SAMR],
        caps,
    };
    let reversed = |caps| Shape {
        staff: mixed,
        slots: &[EP, LEAD, SAMR],
        caps,
    };
    match kind {
        "slack" => Some(two(Caps::Slack)),
        "zero" => Some(two(Caps::Zero)),
        "zero-uneven" => Some(two(Caps::ZeroUneven)),
        "teams-slack" => Some(three(Caps::Slack)),
        "teams-zero" => Some(three(Caps::Zero)),
        // Those who lead are asked for last: whoever does not look ahead has given their tasks away by then.
        "reversed-zero" => Some(reversed(Caps::Zero)),
        "teams-zero-uneven" => Some(three(Caps::ZeroUneven)),
        _ => None,
    }
    .with_context(|| format!("no kind of network: {kind}"))
}

/// A network that can be filled, since it is made around an assignment.
struct Made {
    slots: &'static [TeamBits],
    teams: Vec<TeamBits>,
    caps: Vec<u32>,
    elig: Vec<Vec<u32>>,
}

fn make(kind: &str, targets: usize, staff: usize) -> Result<Made> {
    let shape = shape(kind)?;
    let mut numbers = Numbers(2);
    let teams: Vec<TeamBits> = (0..staff).map(|i| shape.staff[i % shape.staff.len()]).collect();
    let mut planted = vec![0; staff];
    let mut elig = vec![Vec::new(); targets];
    for (at, slot) in shape.slots.iter().enumerate() {
        // Whoever is of this slot's team, and of the fewest others: so nobody is planted for two teams.
        let fewest = shape
            .staff
            .iter()
            .filter(|&t| t & slot != 0)
            .min_by_key(|t| t.count_ones());
        let fitting: Vec<u32> = (0..)
            .zip(&teams)
            .filter(|(_, t)| Some(*t) == fewest)
            .map(|(i, _)| i)
            .collect();
        let mut order = Vec::new();
        for line in &mut elig {
            let uneven = matches!(shape.caps, Caps::ZeroUneven) && at % 2 == 1;
            let chosen = loop {
                if uneven {
                    order.push(fitting[numbers.below(u32::try_from(fitting.len())?) as usize]);
                } else if order.is_empty() {
                    order = shuffled(&fitting, &mut numbers)?;
                }
                match order.pop() {
                    Some(i) if !line.contains(&i) => break i,
                    // On this target already: somebody else first, and this one for the next target.
                    Some(i) => order.insert(0, i),
                    None => {}
                }
            };
            line.push(chosen);
            planted[chosen as usize] += 1;
        }
    }
    for line in &mut elig {
        while line.len() < ELIGIBLE.min(staff) {
            let one = numbers.below(u32::try_from(staff)?);
            if !line.contains(&one) {
                line.push(one);
            }
        }
        line.sort_unstable();
    }
    let cap = |n: u32| match shape.caps {
        Caps::Slack => (n + n.div_ceil(4)).max(1),
        Caps::Zero | Caps::ZeroUneven => n.max(1),
    };
    Ok(Made {
        slots: shape.slots,
        teams,
        caps: planted.into_iter().map(cap).collect(),
        elig,
    })
}

fn shuffled(all: &[u32], numbers: &mut Numbers) -> Result<Vec<u32>> {
    let mut order = all.to_vec();
    for at in (1..order.len()).rev() {
        order.swap(at, numbers.below(u32::try_from(at + 1)?) as usize);
    }
    Ok(order)
}

/// Writes a network into a folder, each array as plain little-endian numbers.
pub(crate) fn write(kind: &str, targets: usize, staff: usize, folder: &Path) -> Result<()> {
    let made = make(kind, targets, staff)?;
    let numbers = |of: &[u32]| of.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    fs::create_dir_all(folder)?;
    fs::write(folder.join("slots.u8"), made.slots)?;
    fs::write(folder.join("teams.u8"), &made.teams)?;
    fs::write(folder.join("caps.u32"), numbers(&made.caps))?;
    fs::write(folder.join("lines.u32"), numbers(&[u32::try_from(targets)?]))?;
    fs::write(folder.join("elig.u32"), numbers(&made.elig.concat()))?;
    Ok(())
}

/// Assigns, lots included, `rounds` times; the check is the number of slots that are filled.
pub(crate) fn run(kind: &str, targets: usize, staff: usize, rounds: usize) -> Result<()> {
    let made = make(kind, targets, staff)?;
    let ids: Vec<String> = (0..targets).map(id).collect();
    let names: Vec<String> = (0..staff).map(|i| format!("I{i:05}")).collect();
    let places: Vec<u32> = (0..u32::try_from(targets)?).collect();
    let elig = Elig::from_lists(&made.elig);
    let staff = Staff {
        names: names.iter().map(String::as_str).collect(),
        teams: made.teams,
        caps: made.caps,
    };
    let network = Network {
        staff: &staff,
        elig: &elig,
        slots: made.slots,
        targets: &places,
    };
    let key = keyed();
    for _ in 0..rounds {
        let (teams, seconds) = timed(|| {
            assign(&network, |place, inspector| {
                lot(&key, "assign", [&ids[place as usize], &names[inspector as usize]])
            })
        });
        let filled = targets * made.slots.len() - teams?.vacancies();
        report(&[("assign", seconds)], &filled.to_string());
    }
    Ok(())
}
