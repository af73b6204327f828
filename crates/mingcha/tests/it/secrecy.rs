//! R5.3: until the reveal the list is nowhere in the clear, and every look leaves a name.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::bureau::Bureau;

/// What only the reveal may tell: the lines of the list and of the staff, and the secrets of the holders.
fn secrets_of(bureau: &Bureau) -> Vec<String> {
    let text = |name: &str| String::from_utf8(bureau.files("public")[name].clone()).unwrap();
    let mut secrets = vec!["随手键入".to_owned()];
    secrets.extend(text("staff.tsv").lines().map(str::to_owned));
    secrets.extend(text("elig.tsv").lines().map(str::to_owned));
    // A ticket tells the key; a salt is a line of its own; a team tells who goes.
    secrets.extend(
        text("result.tsv")
            .lines()
            .flat_map(|line| line.split('\t').skip(1).filter(|c| c.len() > 4))
            .map(str::to_owned),
    );
    let reveal = text("3-reveal.txt");
    let of_holders = reveal
        .lines()
        .filter(|line| line.starts_with("machine.") || line.starts_with("elig-salt"));
    secrets.extend(of_holders.map(|line| line.split_once('=').unwrap().1.to_owned()));
    secrets
}

#[test]
fn r5_3a_nothing_secret_is_printed_or_public_before_the_reveal() {
    let mut bureau = Bureau::opened();
    let target = bureau.drawn_task("before.txt");
    let said = bureau.substitute(&target, &[]).ok();
    bureau.printed.push_str(&said);
    let mut everything = bureau.printed.clone();
    for (name, bytes) in bureau.files("public").iter().chain(&bureau.files("secrets")) {
        everything.push_str(name);
        everything.push_str(&String::from_utf8_lossy(bytes));
    }
    bureau.reveal();
    for secret in secrets_of(&bureau) {
        assert!(
            !everything.contains(&secret),
            "“{secret}” was to be seen before the reveal"
        );
    }
    // The successor's name is in the pool; that it was drawn is said nowhere.
    let subs = String::from_utf8(bureau.files("public")["subs.tsv"].clone()).unwrap();
    let successor = subs.split('\t').nth(4).unwrap();
    assert!(!bureau.printed.contains(successor));
}

#[test]
fn r5_3a_secret_files_can_be_read_by_their_owner_alone() {
    let bureau = Bureau::opened();
    bureau.tasks("released.txt");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(bureau.path("secrets")), 0o700);
    for name in bureau.files("secrets").keys() {
        assert_eq!(mode(bureau.path("secrets").join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(bureau.path("released.txt")), 0o600);
}

#[test]
fn r5_3b_every_look_is_recorded_before_it_is_granted() {
    let bureau = Bureau::opened();
    bureau.tasks("released.txt");
    let looks = String::from_utf8(bureau.files("secrets")["looks.tsv"].clone()).unwrap();
    assert!(
        looks.ends_with("\t张某\t检查当日\n") && looks.lines().count() == 1,
        "{looks}"
    );
    assert!(
        fs::read_to_string(bureau.path("released.txt"))
            .unwrap()
            .contains("发给 张某")
    );
    // A look that then fails is recorded all the same.
    let taken = bureau.text("released.txt");
    bureau
        .verb("release", &["--who", "李某", "--ground", "好奇", "--out", &taken])
        .refused("已经存在");
    assert!(
        String::from_utf8(bureau.files("secrets")["looks.tsv"].clone())
            .unwrap()
            .contains("李某\t好奇")
    );
    let out = bureau.text("none.txt");
    let nobody = [
        "--who", "王某", "--ground", "x", "--target", "NOBODY", "--out", &out,
    ];
    bureau.verb("release", &nobody).refused("不是当前的检查任务");
    // Nobody looks without a name.
    bureau
        .verb("release", &["--who", " ", "--ground", "x", "--out", "y"])
        .refused("查看人");
}

#[test]
fn the_wrong_key_opens_nothing() {
    let bureau = Bureau::opened();
    let (public, secrets, key, out) = (
        bureau.text("public"),
        bureau.text("secrets"),
        bureau.text("1.key"),
        bureau.text("out.txt"),
    );
    let arguments = [
        "draw",
        "release",
        &public,
        "--secrets",
        &secrets,
        "--key-file",
        &key,
    ];
    let more = ["--who", "张某", "--ground", "x", "--out", &out];
    crate::bureau::mingcha(&[&arguments[..], &more].concat()).refused("打不开");
    assert!(!bureau.path("out.txt").exists());
}

#[test]
fn r5_3a_the_length_of_an_envelope_does_not_tell_who_comes_next() {
    let bureau = Bureau::opened();
    let before = bureau.files("secrets")["list.sealed"].len();
    let (target, _) = bureau.tasks("tasks.txt").remove(0);
    bureau.substitute(&target, &[]).ok();
    let grown = bureau.files("secrets")["list.sealed"].len() - before;
    assert_eq!(grown % 4096, 0);
}
