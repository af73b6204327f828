//! Notes against the published ones of C2SP and Go, and against every change of them.
//! Never signs with a key that is used for anything else.

use proptest::prelude::*;

use super::*;
use crate::tree;

const ORIGIN: &str = "example.gov.cn/ledger";

fn signer() -> Signer {
    Signer::new(ORIGIN, [7; SEED_BYTES]).unwrap()
}

fn verifier() -> Verifier {
    Verifier::parse(&signer().verifier_key()).unwrap()
}

fn seed(encoded: &str) -> [u8; SEED_BYTES] {
    STANDARD.decode(encoded).unwrap()[1..].try_into().unwrap()
}

/// The example of Go's package `golang.org/x/mod/sumdb/note`.
mod go {
    pub(super) const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    pub(super) const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    pub(super) const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                                   then you don't know what your problem is.\n";
    pub(super) const SIGNATURE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    /// A second signer of the same text, as a witness would be.
    pub(super) const WITNESS: &str = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
}

#[test]
fn keys_and_signatures_are_those_that_go_makes() {
    let signer = Signer::new("PeterNeumann", seed(go::SEED)).unwrap();
    assert_eq!(signer.verifier_key(), go::KEY);
    let note = format!("{}\n{}", go::TEXT, go::SIGNATURE);
    assert_eq!(signer.sign_text(go::TEXT), note);
    let verifier = Verifier::parse(go::KEY).unwrap();
    assert_eq!(verifier.open_text(&note), Ok(go::TEXT));
    assert_eq!(verifier.open(&note), Err(NoteError::Malformed));
}

#[test]
fn signatures_of_witnesses_are_ignored() {
    let verifier = Verifier::parse(go::KEY).unwrap();
    for signatures in [[go::SIGNATURE, go::WITNESS], [go::WITNESS, go::SIGNATURE]] {
        let note = format!("{}\n{}", go::TEXT, signatures.concat());
        assert_eq!(verifier.open_text(&note), Ok(go::TEXT));
    }
    let note = format!("{}\n{}", go::TEXT, go::WITNESS);
    assert_eq!(verifier.open_text(&note), Err(NoteError::OtherOrigin));
    // A witness may have a name that a log of ours may not.
    let long_name = go::WITNESS.replace("EnochRoot", &"长".repeat(MAX_ORIGIN_BYTES));
    let note = format!("{}\n{}{long_name}", go::TEXT, go::SIGNATURE);
    assert_eq!(verifier.open_text(&note), Ok(go::TEXT));
}

/// The example of C2SP's `signed-note` in other implementations.
#[test]
fn a_published_note_opens_with_its_published_key() {
    let verifier =
        Verifier::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").unwrap();
    let note = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    assert_eq!(verifier.open_text(note), Ok("This is an example message.\n"));
}

#[test]
fn the_text_is_that_of_c2sp() {
    let checkpoint = Checkpoint {
        origin: "example.com/behind-the-sofa".into(),
        size: 20_852_163,
        root: Hash(
            STANDARD
                .decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
                .unwrap()
                .try_into()
                .unwrap(),
        ),
    };
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    assert_eq!(checkpoint.to_text(), text);
    assert_eq!(Checkpoint::parse(text), Some(checkpoint));
}

#[test]
fn what_is_signed_is_checked_line_by_line() {
    let root = STANDARD.encode([1; 32]);
    let check = |text: &str, expected: Result<u64, NoteError>| {
        let opened = verifier().open(&signer().sign_text(text));
        assert_eq!(opened.map(|checkpoint| checkpoint.size), expected, "{text:?}");
    };
    check(&format!("{ORIGIN}\n5\n{root}\n"), Ok(5));
    check(&format!("{ORIGIN}\n{}\n{root}\n", u64::MAX), Ok(u64::MAX));
    check(
        &format!("{ORIGIN}\n5\n{root}\nextension of a later version\n"),
        Ok(5),
    );
    check(
        &format!("{ORIGIN}\n5\n{root}\n\nextension\n"),
        Err(NoteError::Malformed),
    );
    check(&format!("{ORIGIN}\n5\n"), Err(NoteError::Malformed));
    for size in ["05", "+5", "-5", "", " 5", "5 ", "５", "18446744073709551616"] {
        check(&format!("{ORIGIN}\n{size}\n{root}\n"), Err(NoteError::Malformed));
    }
    for root in [
        "",
        "AA==",
        &root[1..],
        &root.replace('=', ""),
        &format!("{root} "),
    ] {
        check(&format!("{ORIGIN}\n5\n{root}\n"), Err(NoteError::Malformed));
    }
    check(&format!("another\n5\n{root}\n"), Err(NoteError::OtherOrigin));
}

#[test]
fn a_note_of_another_log_or_key_is_told_from_an_altered_one() {
    let root = tree::leaf(b"");
    let of_another_log = Signer::new("example.gov.cn/other", [7; SEED_BYTES])
        .unwrap()
        .sign(5, root);
    assert_eq!(verifier().open(&of_another_log), Err(NoteError::OtherOrigin));
    let by_another_key = Signer::new(ORIGIN, [8; SEED_BYTES]).unwrap().sign(5, root);
    assert_eq!(verifier().open(&by_another_key), Err(NoteError::Unsigned));
    let altered = signer().sign(5, root).replace("\n5\n", "\n6\n");
    assert_eq!(verifier().open(&altered), Err(NoteError::WrongSignature));
    let (text, signature) = altered.split_once("\n\n").unwrap();
    let right = signer().sign(6, root).split_once("\n\n").unwrap().1.to_owned();
    let both = format!("{text}\n\n{right}{signature}");
    assert_eq!(verifier().open(&both), Err(NoteError::WrongSignature));
}

#[test]
fn a_note_has_limits() {
    let note = signer().sign(5, tree::leaf(b""));
    let witness = go::WITNESS.repeat(MAX_SIGNATURES - 1);
    assert!(verifier().open(&format!("{note}{witness}")).is_ok());
    assert_eq!(
        verifier().open(&format!("{note}{witness}{}", go::WITNESS)),
        Err(NoteError::Malformed)
    );
    let line = format!("{}\n", "x".repeat(MAX_NOTE_BYTES));
    assert_eq!(
        verifier().open(&note.replacen("\n\n", &format!("\n{line}\n"), 1)),
        Err(NoteError::Malformed)
    );
}

#[test]
fn a_name_that_would_break_a_note_is_refused() {
    for origin in [
        "",
        " ",
        "a b",
        "a+b",
        "a\nb",
        "a\u{3000}b",
        "a\u{7}",
        &"x".repeat(MAX_ORIGIN_BYTES + 1),
    ] {
        assert_eq!(
            Signer::new(origin, [0; SEED_BYTES]).unwrap_err(),
            KeyError::Origin,
            "{origin:?}"
        );
    }
    assert!(Signer::new("示例市生态环境局/存证", [0; SEED_BYTES]).is_ok());
}

#[test]
fn a_key_that_was_copied_wrongly_is_refused() {
    let check = |text: &str, expected: KeyError| assert_eq!(Verifier::parse(text), Err(expected), "{text}");
    check("", KeyError::Malformed);
    check("PeterNeumann", KeyError::Malformed);
    check("PeterNeumann+c74f20a3", KeyError::Malformed);
    check(&go::KEY[..go::KEY.len() - 1], KeyError::Malformed);
    check(&go::KEY.replace("c74f20a3", "c74f20a4"), KeyError::OtherId);
    check(&go::KEY.replace("c74f20a3", "c74f20"), KeyError::Malformed);
    check(&go::KEY.replace("Peter", "Petra"), KeyError::OtherId);
    check(&go::KEY.replace("Peter", "Peter "), KeyError::Origin);
    check(
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        KeyError::Malformed,
    );
    check(
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        KeyError::OtherAlgorithm,
    );
}

#[test]
fn the_key_that_signs_is_not_shown() {
    assert_eq!(
        format!("{:?}", signer()),
        "Signer { origin: \"example.gov.cn/ledger\", .. }"
    );
}

proptest! {
    #[test]
    fn what_is_signed_is_what_is_opened(seed: [u8; 32], size: u64, root: [u8; 32]) {
        let signer = Signer::new(ORIGIN, seed).unwrap();
        let verifier = Verifier::parse(&signer.verifier_key()).unwrap();
        let opened = verifier.open(&signer.sign(size, Hash(root)));
        prop_assert_eq!(opened, Ok(Checkpoint { origin: ORIGIN.into(), size, root: Hash(root) }));
    }

    #[test]
    fn a_note_with_one_character_changed_does_not_open(size: u64, place in any::<prop::sample::Index>(), to: char) {
        let note = signer().sign(size, tree::leaf(b""));
        let place = place.index(note.chars().count());
        let changed: String = note.chars().enumerate().map(|(n, c)| if n == place { to } else { c }).collect();
        prop_assume!(changed != note);
        prop_assert!(verifier().open(&changed).is_err());
    }

    #[test]
    fn hostile_notes_and_keys_are_refused_without_harm(text in "(\\PC|\n|\n\n— |\\+)*") {
        prop_assert!(verifier().open(&text).is_err());
        prop_assert!(Verifier::parse(&text).is_err());
    }
}
