//! `mingcha draw verify` on the vectors: the line and the exit status that outsiders rely on.

use std::fs;

use crate::bureau::{mingcha, repository};

#[test]
fn each_vector_has_its_line_and_exit_status() {
    let vectors = repository().join("verifiers/vectors");
    for line in fs::read_to_string(vectors.join("index.tsv")).unwrap().lines() {
        let (folder, check) = line.split_once('\t').unwrap();
        let said = mingcha(&["draw", "verify", vectors.join(folder).to_str().unwrap()]);
        let expected = match check {
            "-" => 0,
            "open" => 3,
            _ => 1,
        };
        assert_eq!(said.status, expected, "{folder}: {}", said.stdout);
        let failed = said.stdout.lines().find(|line| line.starts_with("FAIL "));
        let named = failed.map(|line| line.split([' ', ':']).nth(1).unwrap());
        assert_eq!(named, (expected == 1).then_some(check), "{folder}");
    }
}

#[test]
fn what_is_no_folder_is_said_and_exits_with_2() {
    mingcha(&["draw", "verify", "/nowhere/at/all"]).refused("打不开文件夹");
    assert_eq!(mingcha(&["draw", "verify"]).status, 2);
}
