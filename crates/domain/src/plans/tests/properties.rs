//! What holds for every plan and register.

use draw::hash::{Alg, Hash32};
use draw::list::List;
use draw::table::Flag;
use proptest::prelude::*;

use super::fixtures::*;
use crate::dates::Until;
use crate::history::PastInspection;
use crate::inspectors::{Inspector, PostStatus};
use crate::plans::{Compiled, Finding, ImplementationPlan, Registers, compile};
use crate::sources::{ControlLevel, Source, Status};

/// Registers and what a plan says of them.
#[derive(Debug, Clone)]
struct Case {
    sources: Vec<Source>,
    inspectors: Vec<Inspector>,
    history: Vec<PastInspection>,
    ratio: (u32, u32),
    mandatory: Vec<u32>,
    excluded: Vec<u32>,
    recused: Vec<(u32, u32)>,
}

impl Case {
    fn plan(&self) -> ImplementationPlan {
        let (num, den) = self.ratio;
        let strata = format!(
            "[[stratum]]\nname = \"key\"\ntitle = \"重点\"\nwhere = {{ key_discharger = true }}\nratio = \"{num}/{den}\"\n\
             [[stratum]]\nname = \"rest\"\ntitle = \"一般\"\ninspectors_to_units = \"1:1\"\n\
             [tiers]\ncycle_from = 2026-01-01\n[rotation]\ndraws = 1\n\
             [exclude]\nyearly_cap = 3\nrecent_days = 20\n"
        );
        let mandatory = self
            .mandatory
            .iter()
            .map(|n| format!("[[mandatory]]\ntarget = \"{}\"\nground = \"督办\"\n", id(*n)));
        let excluded = self.excluded.iter().map(|n| {
            format!(
                "[[exclude.listed]]\nreason = \"moving\"\ntargets = \"{}\"\nground = \"搬迁\"\n",
                id(*n)
            )
        });
        let recused = self.recused.iter().map(|(person, source)| {
            let (person, source) = (certificate(*person), id(*source));
            format!("[[recusal]]\ncertificate = \"{person}\"\nsource = \"{source}\"\nground = \"亲属\"\n")
        });
        let tables: String = mandatory.chain(excluded).chain(recused).collect();
        with_strata(&format!("{strata}{tables}"))
    }

    fn compiled(&self) -> Result<Compiled, Vec<Finding>> {
        compiled(&self.plan(), &self.sources, &self.inspectors, &self.history)
    }
}

fn a_source(n: u32) -> impl Strategy<Value = Source> {
    let status = prop_oneof![9 => Just(Status::InOperation), 1 => Just(Status::Closed)];
    (any::<bool>(), status).prop_map(move |(key, status)| {
        let control = if key {
            ControlLevel::Municipal
        } else {
            ControlLevel::General
        };
        Source {
            supervision: level(control),
            status,
            ..source(n)
        }
    })
}

fn an_inspector(n: u32) -> impl Strategy<Value = Inspector> {
    let post = prop_oneof![9 => Just(PostStatus::InPost), 1 => Just(PostStatus::OnLeave)];
    let until = prop_oneof![8 => Just(Until::LongTerm), 1 => Just(Until::Unknown), 1 => Just(Until::Date(day("2027-02-01")))];
    (post, until).prop_map(move |(post, valid_until)| {
        let mut one = Inspector { post, ..inspector(n) };
        one.certificate.valid_until = valid_until;
        one
    })
}

fn an_inspection() -> impl Strategy<Value = PastInspection> {
    (1_u32..24, 1_u32..10, 1_i8..=28, 1_i8..=12, any::<bool>()).prop_map(|(n, person, of, month, drawn)| {
        past(
            &format!("2026-{month:02}-{of:02}"),
            n,
            &[person],
            drawn.then_some("2026-004"),
        )
    })
}

fn a_case() -> impl Strategy<Value = Case> {
    let sources: Vec<_> = (1..=20).map(a_source).collect();
    let inspectors: Vec<_> = (1..=9).map(an_inspector).collect();
    let history = prop::collection::vec(an_inspection(), 0..12);
    let ratio = (1_u32..=4, 4_u32..=9);
    let named = || prop::collection::btree_set(1_u32..=20, 0..3);
    let recused = prop::collection::vec((1_u32..=9, 1_u32..=20), 0..6);
    (sources, inspectors, history, ratio, named(), named(), recused).prop_map(
        |(sources, inspectors, history, ratio, mandatory, excluded, recused)| Case {
            sources,
            inspectors,
            history,
            ratio,
            mandatory: mandatory.difference(&excluded).copied().collect(),
            excluded: excluded.into_iter().collect(),
            recused,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_order_of_register_rows_makes_no_difference(case in a_case(), seed in any::<u64>()) {
        let mut shuffled = case.clone();
        let turn = |length: usize| usize::try_from(seed % 97).unwrap() % length.max(1);
        shuffled.sources.reverse();
        let by = turn(shuffled.sources.len());
        shuffled.sources.rotate_left(by);
        let by = turn(shuffled.inspectors.len());
        shuffled.inspectors.rotate_left(by);
        shuffled.history.reverse();
        prop_assert_eq!(case.compiled(), shuffled.compiled());
    }

    #[test]
    fn r5_1d_quotas_are_the_ratio_rounded_up(case in a_case()) {
        if let Ok(compiled) = case.compiled() {
            let (num, den) = case.ratio;
            for stratum in compiled.strata.iter().filter(|stratum| stratum.name.as_str() == "key") {
                let lines = u32::try_from(stratum.random).unwrap();
                prop_assert_eq!(stratum.quota, (lines * num).div_ceil(den));
            }
        }
    }

    #[test]
    fn mandatory_targets_are_in_and_excluded_ones_out(case in a_case()) {
        if let Ok(compiled) = case.compiled() {
            for n in &case.mandatory {
                prop_assert_eq!(flag(&compiled, *n), "M");
            }
            for n in &case.excluded {
                prop_assert!(flag(&compiled, *n).starts_with("X:"));
                prop_assert!(eligible(&compiled, &id(*n)).is_empty());
            }
        }
    }

    #[test]
    fn r5_1d_a_recused_pair_is_never_eligible(case in a_case()) {
        if let Ok(compiled) = case.compiled() {
            for (person, source) in &case.recused {
                let pseudonym = format!("I{person:03}");
                prop_assert!(!eligible(&compiled, &id(*source)).contains(&pseudonym));
            }
        }
    }

    #[test]
    fn r4_1_nobody_unfit_is_in_staff_and_everybody_is_somewhere(case in a_case()) {
        if let Ok(compiled) = case.compiled() {
            let all = compiled.roster.entries().len() + compiled.out.len();
            prop_assert_eq!(all, case.inspectors.len());
            for entry in compiled.roster.entries() {
                let person = case.inspectors.iter().find(|one| one.certificate.number == entry.certificate).unwrap();
                prop_assert_eq!(person.post, PostStatus::InPost);
                prop_assert_eq!(person.certificate.valid_until, Until::LongTerm);
            }
        }
    }

    #[test]
    fn every_compiled_plan_can_be_drawn_and_the_counts_are_those_of_the_report(case in a_case(), key in any::<[u8; 32]>()) {
        if let Ok(compiled) = case.compiled() {
            let frozen = compiled.texts.parse().unwrap();
            let list = List::draw(frozen.inputs(), Alg::Sha256, &Hash32(key)).unwrap();
            prop_assert_eq!(list.tasks() as u64, compiled.tasks());
            let random = frozen.pool.iter().filter(|line| line.flag == Flag::Random).count();
            prop_assert_eq!(random, compiled.strata.iter().map(|stratum| stratum.random).sum::<usize>());
        }
    }

    #[test]
    fn a_salt_is_asked_once_for_each_line(case in a_case()) {
        let mut asked = 0_usize;
        let registers = Registers { sources: &case.sources, inspectors: &case.inspectors, history: &case.history };
        let mut salt = || { asked += 1; [0; 16] };
        let lines = compile(&case.plan(), &registers, &mut salt).map_or(0, |compiled| compiled.texts.pool.lines().count());
        prop_assert_eq!(asked, lines);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".*") {
        let _either = ImplementationPlan::parse(&text);
        let _either = ImplementationPlan::parse(&edited("\"25%\"", &format!("{text:?}")));
    }
}
