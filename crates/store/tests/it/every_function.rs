//! A function of the store without a test on both engines fails here.
//! Never looks further than the names: what a test asserts is for those who read it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Stem and text of each Rust file.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .map(|path| {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (stem, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Names of the public functions that touch a database.
fn functions(text: &str) -> BTreeSet<&str> {
    text.split("pub async fn ")
        .skip(1)
        .map(|rest| rest.split(['(', '<']).next().unwrap())
        .collect()
}

/// The tests that run on both engines, and what stands before the first test of their file: helpers of theirs.
fn tests_on_both() -> Vec<String> {
    let mut tests = Vec::new();
    for (_, text) in files(&folder("tests/it")) {
        let mut chunks = text.split("#[test]").map(str::to_owned);
        let helpers = chunks.next();
        let own: Vec<String> = chunks.filter(|chunk| chunk.contains("both(")).collect();
        tests.extend(helpers.filter(|_| !own.is_empty()));
        tests.extend(own);
    }
    tests
}

/// Whether a test calls it: by its module, or of a database by a value.
fn called(tests: &[String], module: &str, function: &str) -> bool {
    let calls = match module {
        "db" => [format!(".{function}("), format!("Db::{function}(")],
        "migrate" => [format!("store::{function}("), format!("migrate::{function}(")],
        module => [
            format!("{module}::{function}("),
            format!("store::{module}::{function}("),
        ],
    };
    tests
        .iter()
        .any(|test| calls.iter().any(|call| test.contains(call)))
}

#[test]
fn every_function_of_the_store_is_tested_on_both_engines() {
    let tests = tests_on_both();
    let mut found = 0;
    let mut missing = Vec::new();
    for (module, text) in files(&folder("src")) {
        for function in functions(&text) {
            found += 1;
            if !called(&tests, &module, function) {
                missing.push(format!("{module}::{function}"));
            }
        }
    }
    assert!(found > 40, "only {found} functions were found");
    assert!(missing.is_empty(), "no test on both engines calls {missing:?}");
}
