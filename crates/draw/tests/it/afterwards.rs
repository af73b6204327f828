//! After the opening: substitution, void and reveal refuse what is out of order, and change nothing then.
//! Never a list that changes in another way: a draw given up is thrown away in public, or revealed.

use draw::ceremony::{self, Ground, Refused, Secrets};
use draw::folder::Files;
use draw::hash::Hash32;
use draw::substitute::Request;
use draw::verify::{Check, Verdict, verify};

use crate::ceremony::{
    DICE, GROUND, a_target, at, check_of, committed_round, is_out_of_order, is_unchanged, opened_round,
};
use crate::rounds::Round;

/// Asks for a substitution that is refused and changes nothing.
fn refuses_to_substitute(files: &Files, secrets: &mut Secrets, request: Request<'_>, day: u32) -> Refused {
    let before = secrets.clone();
    let outcome = ceremony::substitute(files, secrets, request, &GROUND, Hash32([3; 32]), at(day));
    assert!(is_unchanged(&before, secrets));
    outcome.unwrap_err()
}

#[test]
fn a_substitution_needs_an_open_draw() {
    let mut round = opened_round();
    let (target, _) = a_target(&round);
    let request = Request::Target(&target);
    let committed = committed_round().files;
    let revealed = ceremony::reveal(&round.files, &round.secrets, at(3)).unwrap();
    let void = ceremony::void(&round.files, None, "停电", "王局长", at(3)).unwrap();
    let void_before = ceremony::void(&committed, None, "停电", "王局长", at(3)).unwrap();
    for files in [committed, revealed, void, void_before] {
        let refused = refuses_to_substitute(&files, &mut round.secrets, request, 4);
        assert!(matches!(refused, Refused::OutOfOrder(_)));
    }
}

/// Asks in vain, and says at which check.
fn failed_check(round: &mut Round, request: Request<'_>, day: u32) -> Option<Check> {
    let files = round.files.clone();
    check_of::<()>(Err(refuses_to_substitute(
        &files,
        &mut round.secrets,
        request,
        day,
    )))
}

fn substitutes(round: &mut Round, request: Request<'_>, day: u32) {
    let salt = Hash32([4; 32]);
    let step = ceremony::substitute(&round.files, &mut round.secrets, request, &GROUND, salt, at(day));
    round.files = step.unwrap().0;
}

#[test]
fn a_substitution_needs_a_present_task_and_somebody_on_it() {
    let mut round = opened_round();
    let (target, team) = a_target(&round);
    let on = |old| Request::Inspector { target: &target, old };
    for request in [
        Request::Target("NOBODY"),
        Request::Target(""),
        on("nobody"),
        on("?"),
        on(""),
    ] {
        assert_eq!(
            failed_check(&mut round, request, 4),
            Some(Check::Substitutions),
            "{request:?}"
        );
    }
    // Who was replaced is off the task and can't be replaced again, and a task given up is no task.
    substitutes(&mut round, on(&team[0]), 4);
    assert_eq!(
        failed_check(&mut round, on(&team[0]), 5),
        Some(Check::Substitutions)
    );
    substitutes(&mut round, Request::Target(&target), 5);
    assert_eq!(
        failed_check(&mut round, Request::Target(&target), 6),
        Some(Check::Substitutions)
    );
    let revealed = ceremony::reveal(&round.files, &round.secrets, at(7)).unwrap();
    assert_eq!(verify(&revealed).verdict, Verdict::Passes);
}

#[test]
fn a_substitution_needs_a_ground_and_a_later_time() {
    let mut round = opened_round();
    let (target, _) = a_target(&round);
    let request = Request::Target(&target);
    assert_eq!(failed_check(&mut round, request, 1), Some(Check::Chain));
    for reason in ["", " ", "a\tb", "a\nb", "a\u{200b}"] {
        let (ground, before) = (
            Ground {
                reason,
                evidence: None,
            },
            round.secrets.clone(),
        );
        let salt = Hash32([3; 32]);
        let outcome = ceremony::substitute(&round.files, &mut round.secrets, request, &ground, salt, at(4));
        assert_eq!(check_of(outcome), Some(Check::Form), "“{reason}”");
        assert!(is_unchanged(&before, &round.secrets));
    }
}

#[test]
fn a_void_says_the_value_of_the_draw() {
    let (committed, drawn) = (committed_round().files, opened_round().files);
    let void = |files: &Files, value: Option<&str>, reason: &str, day: u32| {
        ceremony::void(files, value, reason, "王局长", at(day))
    };
    let other = "dice:11111111111111111111";
    assert_eq!(
        check_of(void(&drawn, Some(other), "输错公共值", 3)),
        Some(Check::Public)
    );
    assert_eq!(
        check_of(void(&committed, Some("dice:1"), "停电", 3)),
        Some(Check::Public)
    );
    assert_eq!(
        check_of(void(&committed, Some(DICE), "停\n电", 3)),
        Some(Check::Form)
    );
    assert_eq!(check_of(void(&drawn, None, "", 3)), Some(Check::Form));
    assert_eq!(check_of(void(&drawn, None, "停电", 1)), Some(Check::Chain));
    assert!(is_out_of_order(&void(&committed, Some("-"), "停电", 3)));
    // What a void leaves behind: nothing to reveal before the value was known, everything after.
    let before = void(&committed, None, "停电", 3).unwrap();
    assert_eq!(verify(&before).verdict, Verdict::Passes);
    let after = void(&drawn, Some(DICE), "停电", 3).unwrap();
    assert_eq!(after, void(&drawn, None, "停电", 3).unwrap());
    assert_eq!(verify(&after).verdict, Verdict::Open);
    for files in [before, after] {
        assert!(is_out_of_order(&void(&files, None, "停电", 4)));
    }
    let round = opened_round();
    let revealed = ceremony::reveal(&round.files, &round.secrets, at(3)).unwrap();
    assert!(is_out_of_order(&void(&revealed, None, "停电", 4)));
}

#[test]
fn a_reveal_needs_a_draw_or_a_known_value_and_happens_once() {
    let (committed, round) = (committed_round(), opened_round());
    assert_eq!(
        check_of(ceremony::reveal(&committed.files, &committed.secrets, at(3))),
        Some(Check::Form)
    );
    let void = ceremony::void(&committed.files, None, "停电", "王局长", at(2)).unwrap();
    assert_eq!(
        check_of(ceremony::reveal(&void, &committed.secrets, at(3))),
        Some(Check::Form)
    );
    let thrown_away = ceremony::void(&committed.files, Some(DICE), "停电", "王局长", at(2)).unwrap();
    let revealed = ceremony::reveal(&thrown_away, &committed.secrets, at(3)).unwrap();
    assert!(verify(&revealed).facts.unwrap().recomputed.is_some());
    let revealed = ceremony::reveal(&round.files, &round.secrets, at(90)).unwrap();
    assert!(verify(&revealed).facts.unwrap().late);
    assert!(is_out_of_order(&ceremony::reveal(
        &revealed,
        &round.secrets,
        at(91)
    )));
    assert_eq!(
        check_of(ceremony::reveal(&round.files, &round.secrets, at(1))),
        Some(Check::Chain)
    );
}

#[test]
fn a_reveal_needs_the_secrets_of_this_draw() {
    let mut round = opened_round();
    let (target, _) = a_target(&round);
    let request = Request::Target(&target);
    round.files = ceremony::substitute(
        &round.files,
        &mut round.secrets,
        request,
        &GROUND,
        Hash32([3; 32]),
        at(4),
    )
    .unwrap()
    .0;
    let refused = |change: fn(&mut Secrets)| {
        let mut secrets = round.secrets.clone();
        change(&mut secrets);
        check_of(ceremony::reveal(&round.files, &secrets, at(5)))
    };
    assert_eq!(refused(|_| ()), None);
    assert_eq!(refused(|s| s.shares[0].input.push(0)), Some(Check::Shares));
    assert_eq!(
        refused(|s| s.elig_salt = Hash32([0; 32])),
        Some(Check::Eligibility)
    );
    assert_eq!(refused(|s| s.result.clear()), Some(Check::Form));
    assert_eq!(
        refused(|s| s.result = s.result.replace("\tM\t", "\tS\t").replace("\tS\t", "\tM\t")),
        Some(Check::Draw)
    );
    assert_eq!(refused(|s| s.subs.clear()), Some(Check::Substitutions));
    assert_eq!(
        refused(|s| s.subs = s.subs.replace("企业", "公司")),
        Some(Check::Substitutions)
    );
}
