//! Folders of whatever bytes get a verdict: a verifier that can be made to panic or to hang accuses nobody.
//! Never more time than the folder's size explains.

use draw::folder::Files;
use draw::hash::Alg;
use draw::verify::{Check, Verdict, verify};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::bundle::stages;
use crate::choices::Choices;
use crate::damage::damage;
use crate::reseal::resealed;
use crate::rounds::Round;
use crate::strategies::{bytes, times};

/// Bytes that have some chance to be lines, columns and keys.
fn text_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\t"),
        Just("="),
        Just(","),
        Just("-"),
        Just("0"),
        Just("1"),
        Just("A1"),
        Just("R"),
        Just("mcd1-plan"),
        Just("mcd1-commit"),
        Just("quota."),
        Just("share.1"),
        Just("public"),
        Just("\u{feff}"),
    ];
    let text = vec(piece, 0..60).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![vec(any::<u8>(), 0..200), text]
}

proptest! {
    #![proptest_config(times(800))]

    /// Nothing but the good folder itself and what the spec leaves free passes: random bytes in a file never do.
    #[test]
    fn random_bytes_for_a_file_are_refused(at in any::<prop::sample::Index>(), junk in text_like()) {
        let mut files = stages(Alg::Sha256).revealed;
        let name = files.keys().nth(at.index(files.len())).unwrap().clone();
        files.insert(name, junk);
        prop_assert!(matches!(verify(&files).verdict, Verdict::Fails(Check::Form, _)));
    }

    #[test]
    fn random_files_get_a_verdict(junk in vec((0_usize..14, text_like()), 0..14)) {
        let names: Vec<String> = stages(Alg::Sha256).revealed.keys().cloned().collect();
        let name = |at: usize| names.get(at).cloned().unwrap_or_else(|| "void.txt".into());
        let files: Files = junk.into_iter().map(|(at, bytes)| (name(at), bytes)).collect();
        prop_assert_eq!(verify(&files).verdict.exit_code(), 1);
    }

    /// A file of one draw in another: found, unless it is the same or not looked at.
    #[test]
    fn a_file_of_another_draw_gets_a_verdict(one in bytes(), other in bytes(), at in any::<prop::sample::Index>()) {
        let play = |bytes: &[u8]| Round::play(&mut Choices::new(bytes), 8).unwrap().files;
        let (mut files, other) = (play(&one), play(&other));
        let (name, bytes) = other.iter().nth(at.index(other.len())).unwrap();
        let before = files.insert(name.clone(), bytes.clone());
        let verdict = verify(&files).verdict;
        let is_core = ["plan.txt", "pool.tsv", "1-commit.txt"].contains(&name.as_str());
        prop_assert!(!is_core || before.as_ref() == Some(bytes) || matches!(verdict, Verdict::Fails(..)), "{name}");
    }

    #[test]
    fn damaged_folders_get_a_verdict(bytes in bytes(), how in vec(any::<u8>(), 0..60), redraw in any::<bool>()) {
        let mut files = Round::play(&mut Choices::new(&bytes), 8).unwrap().files;
        let mut choices = Choices::new(&how);
        for _ in 0..=choices.below(4) {
            damage(&mut files, &mut choices);
        }
        prop_assert!(verify(&files).verdict.exit_code() < 4);
        if let Some(files) = resealed(&files, redraw) {
            let verdict = verify(&files).verdict;
            prop_assert!(!matches!(verdict, Verdict::Fails(Check::Form | Check::Commitment, _)), "{verdict:?}");
        }
    }
}

/// Sizes that a form allows and a computer could stumble over.
#[test]
fn large_numbers_get_a_verdict() {
    let files = stages(Alg::Sha256).revealed;
    let edited = |file: &str, from: &str, to: &str| {
        let text = String::from_utf8(files[file].clone()).unwrap();
        assert!(text.contains(from));
        let mut files = files.clone();
        files.insert(file.to_owned(), text.replace(from, to).into_bytes());
        for files in [resealed(&files, false), resealed(&files, true), Some(files)]
            .into_iter()
            .flatten()
        {
            assert_ne!(verify(&files).verdict, Verdict::Beyond);
        }
    };
    edited("plan.txt", "quota.key=2", "quota.key=999999999");
    edited(
        "plan.txt",
        "ratio.general=2/5",
        "ratio.general=999999999/999999999",
    );
    edited("plan.txt", "ratio.general=2/5", "ratio.general=1/999999999");
    edited(
        "plan.txt",
        "slots=EP-lead,EP",
        "slots=EP-lead,EP,EP,EP,EP,EP,EP,EP",
    );
    edited(
        "plan.txt",
        "slots=EP-lead,EP",
        &format!("slots=EP-lead{}", ",EP".repeat(100_000)),
    );
    edited("pool.tsv", "\t3000000000\t", "\t4294967295\t");
    edited("staff.tsv", "\t3\n", "\t999999999\n");
    edited(
        "3-reveal.txt",
        "input.1=",
        &format!("input.1={}", "ab".repeat(100_000)),
    );
    edited(
        "1-commit.txt",
        "origin=",
        &format!("origin={}", "x".repeat(1_000_000)),
    );
    edited("1-commit.txt", "at=2026", "at=0001");
}
