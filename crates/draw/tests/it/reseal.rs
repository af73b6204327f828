//! A folder with every hash made to fit what it says: what somebody can do who holds all shares and all records.
//! Never mends a form: what is ill-formed is found at once, and stays so.

use draw::folder::{
    COMMIT, DRAW, ELIG, Files, Folder, PLAN, POOL, RESULT, REVEAL, STAFF, SUBS, VOID, sub_name,
};
use draw::form;
use draw::hash::{Hash32, encode};
use draw::list::{Inputs, List};
use draw::merkle::root;
use draw::record::Commit;
use draw::share::{self, Share};

/// The folder resealed, if its files have their form. With `redraw`, the list is drawn anew as well.
pub(crate) fn resealed(files: &Files, redraw: bool) -> Option<Files> {
    let folder = Folder::parse(files).ok()?;
    let (alg, secrets) = (folder.commit.alg, secrets(&folder));
    let mut out = files.clone();
    let mut seal = |name: &str, record: String| {
        let hash = alg.hash(&[record.as_bytes()]);
        out.insert(name.into(), record.into_bytes());
        hash
    };
    let e = seal(COMMIT, commit(&folder, &secrets)?.to_text());
    let mut prev = e;
    if let Some(mut draw) = folder.draw.clone() {
        let drawn = if redraw {
            redrawn(&folder, &secrets, &e)
        } else {
            None
        };
        let result = drawn.unwrap_or(String::from_utf8(folder.bytes(RESULT).to_vec()).ok()?);
        draw.result = form::lines(result.as_bytes()).map_or(draw.result, |lines| root(alg, &lines));
        draw.prev = prev;
        if files.contains_key(RESULT) {
            seal(RESULT, result);
        }
        prev = seal(DRAW, draw.to_text());
    }
    let rows = folder
        .unsealed
        .as_ref()
        .map_or(&[][..], |unsealed| &unsealed.subs);
    for (n, mut sub) in (1..).zip(folder.subs.clone()) {
        sub.prev = prev;
        if let Some(row) = rows.get(n - 1) {
            sub.sub = alg.hash(&[&encode("sub", &[&row.salt.0, row.committed.as_bytes()])]);
        }
        prev = seal(&sub_name(n), sub.to_text());
    }
    if let Some(mut void) = folder.void.clone() {
        void.prev = prev;
        prev = seal(VOID, void.to_text());
    }
    if let Some(unsealed) = &folder.unsealed {
        let mut reveal = unsealed.reveal.clone();
        reveal.prev = prev;
        reveal.subs = reveal.subs.map(|_| alg.hash(&[folder.bytes(SUBS)]));
        seal(REVEAL, reveal.to_text());
    }
    Some(out)
}

/// The shares as revealed, whatever was committed; of a folder that is not unsealed, none.
fn secrets(folder: &Folder<'_>) -> Vec<Hash32> {
    let reveal = folder.unsealed.as_ref().map(|unsealed| &unsealed.reveal);
    let pairs = reveal
        .iter()
        .flat_map(|reveal| reveal.machines.iter().zip(&reveal.inputs));
    let secret = |(&machine, input): (&Hash32, &Vec<u8>)| {
        let input = input.clone();
        Share { machine, input }.secret(folder.commit.alg)
    };
    pairs.map(secret).collect()
}

fn commit(folder: &Folder<'_>, secrets: &[Hash32]) -> Option<Commit> {
    let (alg, mut commit) = (folder.commit.alg, folder.commit.clone());
    commit.plan = alg.hash(&[folder.bytes(PLAN)]);
    commit.pool = root(alg, &form::lines(folder.bytes(POOL)).ok()?);
    if let Some(unsealed) = &folder.unsealed {
        let (staff, elig) = (alg.hash(&[folder.bytes(STAFF)]), alg.hash(&[folder.bytes(ELIG)]));
        commit.elig = alg.hash(&[&encode(
            "elig",
            &[&unsealed.reveal.elig_salt.0, &staff.0, &elig.0],
        )]);
        let committed = |(j, secret)| share::committed(alg, &commit.draw, j, secret);
        commit.shares = (1..).zip(secrets).map(committed).collect();
    }
    Some(commit)
}

/// The list that the commitment with that hash draws.
fn redrawn(folder: &Folder<'_>, secrets: &[Hash32], e: &Hash32) -> Option<String> {
    let (unsealed, draw) = (folder.unsealed.as_ref()?, folder.draw.as_ref()?);
    let inputs = Inputs {
        plan: &folder.plan,
        pool: &folder.pool,
        staff: &unsealed.staff,
        elig: &unsealed.elig,
    };
    let key = share::key(folder.commit.alg, secrets, e, &draw.public);
    Some(List::draw(inputs, folder.commit.alg, &key).ok()?.to_text())
}
