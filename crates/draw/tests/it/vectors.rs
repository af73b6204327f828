//! Every folder of `verifiers/vectors`: the good ones pass, the bad ones fail at the named check.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use draw::folder::Files;
use draw::verify::{Verdict, verify};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../verifiers/vectors")
}

pub(crate) fn read(folder: &Path) -> Files {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files
        .map(|f| (f.file_name().into_string().unwrap(), fs::read(f.path()).unwrap()))
        .collect()
}

/// Folder and expectation: `-` passes, `open` is not yet unsealed, otherwise the name of the check that fails.
pub(crate) fn index() -> BTreeMap<String, String> {
    let index = fs::read_to_string(root().join("index.tsv")).unwrap();
    index
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect()
}

#[test]
fn every_vector_has_its_verdict() {
    let index = index();
    assert!(index.len() > 90);
    let mut wrong = Vec::new();
    for (folder, expected) in &index {
        let report = verify(&read(&root().join(folder)));
        let found = match &report.verdict {
            Verdict::Passes => "-",
            Verdict::Open => "open",
            Verdict::Fails(check, _) => check.name(),
            Verdict::Beyond => "beyond",
        };
        if found != expected {
            wrong.push(format!(
                "{folder}: expected {expected}, found {:?}",
                report.verdict
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
