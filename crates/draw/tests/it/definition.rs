//! Selection and assignment equal their definition (mcd1, section 5), held against [`crate::naive`] case by case.
//! Never trusts an argument for an algorithm where the definition itself can be computed.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use draw::assign::{Bottleneck, Network, Teams, assign, bottleneck};
use draw::hash::{Alg, Hash32};
use draw::plan::{Plan, Quota};
use draw::select::{Entry, First, Ticket, select};
use draw::table::{Elig, Flag, PoolLine, Staff, Status};
use proptest::prelude::*;

use crate::choices::Choices;
use crate::naive::{self, Given, Line, Place, Problem};
use crate::promises;
use crate::seeds;
use crate::strategies::{bytes, times};

fn filled(teams: &Teams, problem: &Problem) -> Given {
    (0..problem.elig.len()).map(|at| teams.of(at).to_vec()).collect()
}

/// Hands the problem to the crate as a network.
pub(crate) fn with_network<T>(problem: &Problem, ask: impl FnOnce(&Network<'_>) -> T) -> T {
    let staff = Staff {
        names: vec![""; problem.caps.len()],
        teams: problem.teams.clone(),
        caps: problem.caps.clone(),
    };
    let targets: Vec<u32> = (0..).take(problem.elig.len()).collect();
    ask(&Network {
        staff: &staff,
        elig: &Elig::from_lists(&problem.elig),
        slots: &problem.slots,
        targets: &targets,
    })
}

proptest! {
    #![proptest_config(times(6000))]
    #[test]
    fn the_assignment_equals_the_definition(bytes in bytes()) {
        let mut choices = Choices::new(&bytes);
        let problem = Problem::new(&mut choices);
        promises::assignment_equals_definition(&problem, &mut choices);
    }
}
