//! What an insider or an accident does to the folders: nothing is lost, nothing leaks, and nobody is fooled.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::thread;

use crate::bureau::{Bureau, mingcha};

/// Copies the files of a folder.
fn copy(bureau: &Bureau, from: &str, to: &str) {
    fs::create_dir(bureau.path(to)).unwrap();
    for (name, bytes) in bureau.files(from) {
        fs::write(bureau.path(to).join(name), bytes).unwrap();
    }
}

#[test]
fn two_commands_at_once_do_not_mix() {
    let mut bureau = Bureau::opened();
    let tasks = bureau.tasks("tasks.txt");
    let said: Vec<_> = thread::scope(|scope| {
        let run = |target: String| {
            let bureau = &bureau;
            scope.spawn(move || bureau.substitute(&target, &[]))
        };
        let both = [run(tasks[0].0.clone()), run(tasks[1].0.clone())];
        both.map(|one| one.join().unwrap()).into()
    });
    for one in said.iter().filter(|one| one.status != 0) {
        assert!(one.stderr.contains("另一个命令正在使用"), "{}", one.stderr);
    }
    let recorded = bureau
        .files("public")
        .keys()
        .filter(|name| name.starts_with("sub-"))
        .count();
    assert_eq!(recorded, said.iter().filter(|one| one.status == 0).count());
    bureau.reveal();
}

#[test]
fn an_old_copy_of_the_public_folder_catches_up_and_destroys_nothing() {
    let mut bureau = Bureau::opened();
    let tasks = bureau.tasks("tasks.txt");
    copy(&bureau, "public", "old");
    bureau.substitute(&tasks[0].0, &[]).ok();
    let (old, secrets, key) = (
        bureau.text("old"),
        bureau.text("secrets"),
        bureau.text("desk.key"),
    );
    let of = [
        "draw",
        "substitute",
        &old,
        "--secrets",
        &secrets,
        "--key-file",
        &key,
        "--target",
        &tasks[1].0,
    ];
    let why = ["--reason", "患病", "--asked-by", "甲", "--approved-by", "乙"];
    let substitute = [&of[..], &why].concat();
    mingcha(&substitute).refused("已补写：sub-1.txt");
    mingcha(&substitute).ok();
    // The real folder has not seen the second one; the next command brings it.
    bureau.reveal();
    assert!(bureau.files("public").contains_key("sub-2.txt"));
}

#[test]
fn a_record_or_a_frozen_file_that_was_edited_is_refused() {
    let mut bureau = Bureau::new();
    bureau.freeze();
    bureau.shares();
    let pool = bureau.files("public")["pool.tsv"].clone();
    let shorter: Vec<u8> = pool
        .split_inclusive(|&b| b == b'\n')
        .skip(1)
        .flatten()
        .copied()
        .collect();
    fs::write(bureau.path("public/pool.tsv"), shorter).unwrap();
    let before = bureau.state();
    bureau.try_commit().refused("不是冻结的那一份");
    assert_eq!(before, bureau.state());
    fs::write(bureau.path("public/pool.tsv"), pool).unwrap();
    bureau.try_commit().ok();
    // Again: nothing changes, the slip is printed anew and says what the record says.
    let committed = bureau.files("public")["1-commit.txt"].clone();
    fs::remove_file(bureau.path("public/slip.txt")).unwrap();
    let again = bureau.try_commit().ok();
    assert!(again.contains("凭条已重印"), "{again}");
    assert_eq!(committed, bureau.files("public")["1-commit.txt"]);
    assert!(bureau.path("public/slip.txt").exists());
}

#[test]
fn r5_3a_asking_for_a_substitution_does_not_tell_who_was_drawn() {
    let bureau = Bureau::opened();
    let (drawn, _) = bureau.tasks("tasks.txt").remove(0);
    let pool = String::from_utf8(bureau.files("public")["pool.tsv"].clone()).unwrap();
    let tasks = fs::read_to_string(bureau.path("tasks.txt")).unwrap();
    let not_drawn = pool
        .lines()
        .map(|line| line.split('\t').next().unwrap())
        .find(|id| !tasks.contains(id));
    let refusal = |target: &str| {
        let said = bureau.substitute(target, &["--inspector", "I999"]);
        assert_eq!(said.status, 2);
        said.stderr
    };
    assert_eq!(refusal(&drawn), refusal(not_drawn.unwrap()));
    let looks = String::from_utf8(bureau.files("secrets")["looks.tsv"].clone()).unwrap();
    assert_eq!(looks.matches("申请替换").count(), 2, "{looks}");
}

#[test]
fn no_holder_is_left_out_by_a_gap() {
    let mut bureau = Bureau::new();
    bureau.freeze();
    bureau.share("1").ok();
    bureau.share("3").ok();
    bureau.try_commit().refused("缺少第 2 份");
    bureau.share("2").ok();
    assert!(
        bureau
            .try_commit()
            .ok()
            .contains("第1位持有人、第2位持有人、第3位持有人")
    );
}

#[test]
fn r5_3a_secrets_do_not_go_where_the_public_looks() {
    let bureau = Bureau::opened();
    let inside = bureau.text("public/list.txt");
    bureau
        .verb("release", &["--who", "张某", "--ground", "x", "--out", &inside])
        .refused("在公开文件夹里");
    let (public, key) = (bureau.text("public"), bureau.text("desk.key"));
    let nested = bureau.text("public/secrets");
    for secrets in [&public, &nested] {
        mingcha(&[
            "draw",
            "reveal",
            &public,
            "--secrets",
            secrets,
            "--key-file",
            &key,
        ])
        .refused("不能是同一个");
    }
    // A file that lies in wait under the name that a careless program would use for its temporary one.
    let waiting = bureau.path("out.txt.writing");
    symlink(bureau.path("public/stolen.txt"), &waiting).unwrap();
    bureau.tasks("out.txt");
    assert!(!bureau.path("public/stolen.txt").exists());
    assert_eq!(
        fs::metadata(bureau.path("out.txt")).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn a_pipe_in_the_folder_is_not_waited_for() {
    let bureau = Bureau::opened();
    fs::remove_file(bureau.path("public/pool.tsv")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(bureau.path("public/pool.tsv"))
            .stdin(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    mingcha(&["draw", "verify", &bureau.text("public")]).refused("不是普通文件");
}

#[test]
fn an_interrupted_freeze_is_completed() {
    let mut bureau = Bureau::new();
    bureau.freeze();
    let frozen = bureau.state();
    fs::remove_file(bureau.path("public/pool.tsv")).unwrap();
    bureau.freeze();
    assert_eq!(frozen, bureau.state());
}

#[test]
fn what_an_interrupted_reveal_left_gives_way_to_what_is_true() {
    let mut bureau = Bureau::opened();
    let target = bureau.drawn_task("first.txt");
    bureau.substitute(&target, &[]).ok();
    copy(&bureau, "public", "before");
    bureau.reveal();
    // As if the reveal had been killed just before its record, and another substitution came.
    fs::remove_file(bureau.path("public/3-reveal.txt")).unwrap();
    let next = bureau.drawn_task("second.txt");
    bureau.substitute(&next, &[]).ok();
    fs::write(bureau.path("public/result.tsv"), "junk").unwrap();
    bureau.reveal();
    mingcha(&["draw", "verify", &bureau.text("public")]).ok();
}

#[test]
fn an_old_backup_of_the_list_is_noticed() {
    let bureau = Bureau::opened();
    let old = bureau.files("secrets")["list.sealed"].clone();
    let target = bureau.drawn_task("first.txt");
    bureau.substitute(&target, &[]).ok();
    fs::write(bureau.path("secrets/list.sealed"), old).unwrap();
    let out = bureau.text("stale.txt");
    bureau
        .verb("release", &["--who", "张某", "--ground", "x", "--out", &out])
        .refused("名单是旧的");
    assert!(!bureau.path("stale.txt").exists());
}

#[test]
fn nothing_can_be_smuggled_into_the_record_of_looks_or_the_minutes() {
    let bureau = Bureau::opened();
    let forged = "A\n2020-01-01T00:00:00+08:00\t某人\t假";
    bureau.substitute(forged, &[]).refused("写法不对");
    bureau.substitute("A", &["--inspector", ""]).refused("写法不对");
    bureau
        .verb("open", &["--present", "甲\n份额全部合格"])
        .refused("--present");
    assert!(!bureau.path("secrets/looks.tsv").exists());
}

#[test]
fn an_interrupted_share_is_completed_by_its_own_holder() {
    let mut bureau = Bureau::new();
    bureau.freeze();
    let first = bureau.share("1").ok();
    fs::remove_file(bureau.path("secrets/share-1.txt")).unwrap();
    assert_eq!(first, bureau.share("1").ok());
    bureau.share("2").ok();
    bureau.try_commit().ok();
}
