//! The good folders of `verifiers/vectors` come out of the ceremony byte for byte, from their inputs alone.
//! Never compares with anything that this crate has written: the vectors were made by another program.

use draw::ceremony::{self, Ground, Secrets, Terms, Texts};
use draw::folder::{
    COMMIT, DRAW, ELIG, Files, Folder, Kind, PLAN, POOL, RESULT, REVEAL, STAFF, SUBS, VOID, is_named,
    sub_name,
};
use draw::hash::Hash32;
use draw::record::Reveal;
use draw::share::Share;
use draw::substitute::Request;

use crate::vectors;

fn text(files: &Files, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

fn terms(folder: &Folder<'_>) -> Terms {
    let commit = &folder.commit;
    Terms {
        origin: commit.origin.clone(),
        alg: commit.alg,
        holders: commit
            .holders
            .iter()
            .cloned()
            .zip(commit.shares.iter().copied())
            .collect(),
        public: commit.public.clone(),
        open_by: commit.open_by.clone(),
        reveal_by: commit.reveal_by.clone(),
        at: commit.at.clone(),
    }
}

fn secrets(files: &Files, reveal: &Reveal) -> Secrets {
    let share = |(&machine, input): (&Hash32, &Vec<u8>)| Share {
        machine,
        input: input.clone(),
    };
    Secrets {
        texts: Texts {
            plan: text(files, PLAN),
            pool: text(files, POOL),
            staff: text(files, STAFF),
            elig: text(files, ELIG),
        },
        elig_salt: reveal.elig_salt,
        shares: reveal.machines.iter().zip(&reveal.inputs).map(share).collect(),
        result: String::new(),
        subs: String::new(),
    }
}

/// Takes every step again that the folder tells of.
fn again(files: &Files) -> Files {
    let folder = Folder::parse(files).unwrap();
    let reveal = &folder.unsealed.as_ref().unwrap().reveal;
    let mut secrets = secrets(files, reveal);
    let mut made = ceremony::commit(&secrets.texts, &reveal.elig_salt, terms(&folder)).unwrap();
    if let Some(draw) = &folder.draw {
        made = ceremony::open(&made, &mut secrets, &draw.public, draw.at.clone()).unwrap();
        assert_eq!(secrets.result, text(files, RESULT));
    }
    let rows = if files.contains_key(SUBS) {
        text(files, SUBS)
    } else {
        String::new()
    };
    for (row, record) in rows.lines().zip(&folder.subs) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [_, kind, target, old, _, _, reason, evidence, salt] = columns.try_into().unwrap();
        let request = match kind {
            "target" => Request::Target(target),
            _ => Request::Inspector { target, old },
        };
        let evidence = Hash32::from_hex(evidence);
        let ground = Ground { reason, evidence };
        let salt = Hash32::from_hex(salt).unwrap();
        let step = ceremony::substitute(&made, &mut secrets, request, &ground, salt, record.at.clone());
        made = step.unwrap().0;
    }
    if let Some(void) = &folder.void {
        let value = void.public.as_deref();
        made = ceremony::void(&made, value, &void.reason, &void.approved_by, void.at.clone()).unwrap();
    }
    ceremony::reveal(&made, &secrets, reveal.at.clone()).unwrap()
}

fn good_folders() -> Vec<(String, Files)> {
    let good = vectors::index()
        .into_iter()
        .filter(|(_, verdict)| verdict == "-" || verdict == "open");
    good.map(|(folder, _)| (folder.clone(), vectors::read(&vectors::root().join(folder))))
        .collect()
}

#[test]
fn every_unsealed_folder_is_made_again_byte_for_byte() {
    let (mut made, mut with_subs, mut void) = (0, 0, 0);
    for (name, files) in good_folders() {
        let folder = Folder::parse(&files).unwrap();
        if folder.unsealed.is_none() {
            continue;
        }
        let named: Files = files
            .clone()
            .into_iter()
            .filter(|(name, _)| is_named(name))
            .collect();
        let found = again(&files);
        for (file, bytes) in &named {
            assert!(found.get(file) == Some(bytes), "{name}/{file} differs");
        }
        assert!(found.keys().eq(named.keys()), "{name}");
        made += 1;
        with_subs += u32::from(!folder.subs.is_empty());
        void += u32::from(folder.kind == Kind::VoidAfter);
    }
    assert!(
        made > 30 && with_subs > 20 && void > 0,
        "{made} made, {with_subs} with substitutions, {void} void"
    );
}

/// Also those of folders that are not unsealed, from which the steps can't be taken again.
#[test]
fn every_record_is_written_as_it_was_read() {
    for (name, files) in good_folders() {
        let folder = Folder::parse(&files).unwrap();
        let mut records = vec![(COMMIT.to_owned(), folder.commit.to_text())];
        records.extend(folder.draw.iter().map(|draw| (DRAW.to_owned(), draw.to_text())));
        records.extend(
            (1..)
                .zip(&folder.subs)
                .map(|(n, sub)| (sub_name(n), sub.to_text())),
        );
        records.extend(folder.void.iter().map(|void| (VOID.to_owned(), void.to_text())));
        let reveal = folder.unsealed.iter().map(|unsealed| unsealed.reveal.to_text());
        records.extend(reveal.map(|text| (REVEAL.to_owned(), text)));
        for (file, written) in records {
            let read = text(&files, &file);
            assert!(written == read, "{name}/{file}: {written}");
        }
    }
}
