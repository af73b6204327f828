//! Writes random draw folders of every kind, sound and damaged, and what this crate says of each.
//! Never a test by itself: `tests/differential.py` asks the other verifiers about the same folders.

#![expect(clippy::unwrap_used, reason = "a tool of the tests may fail by panicking")]

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use draw::verify::{Verdict, verify};

#[path = "../tests/it/cases.rs"]
mod cases;
#[path = "../tests/it/choices.rs"]
mod choices;
#[path = "../tests/it/damage.rs"]
mod damage;
#[path = "../tests/it/reseal.rs"]
mod reseal;
#[path = "../tests/it/rounds.rs"]
mod rounds;
#[path = "../tests/it/seeds.rs"]
mod seeds;

use choices::Choices;
use rounds::Round;

/// Of how many bytes of choices a draw is made at most.
const BYTES: usize = 1200;
/// Of how many lines.
const LINES: usize = 40;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, count, seed] = arguments.as_slice() else {
        return Err(io::Error::other("usage: make_draws DIR COUNT SEED"));
    };
    let count: u32 = count.parse().map_err(io::Error::other)?;
    let mut verdicts = io::BufWriter::new(fs::File::create(Path::new(out).join("verdicts.tsv"))?);
    for n in 0..count {
        let folder = PathBuf::from(out).join(format!("{n:06}"));
        let bytes = seeds::bytes(&format!("draw {seed} {n}"), BYTES);
        let files = folder_of(&mut Choices::new(&bytes));
        fs::create_dir_all(&folder)?;
        for (name, bytes) in &files {
            fs::write(folder.join(name), bytes)?;
        }
        let verdict = verify(&files).verdict;
        let failed = match &verdict {
            Verdict::Fails(check, _) => check.name(),
            Verdict::Passes | Verdict::Open | Verdict::Beyond => "-",
        };
        writeln!(
            verdicts,
            "{}\t{}\t{failed}",
            folder.display(),
            verdict.exit_code()
        )?;
    }
    verdicts.flush()
}

/// A quarter sound, an eighth damaged, the rest damaged and resealed so that only the later checks can notice.
fn folder_of(choices: &mut Choices<'_>) -> draw::folder::Files {
    let (kind, lines) = (choices.below(8), [3, LINES][choices.below(2)]);
    let mut files = Round::play(choices, lines).unwrap().files;
    if kind >= 2 {
        for _ in 0..1 + choices.below(2) {
            damage::damage(&mut files, choices);
        }
    }
    if kind >= 3 {
        files = reseal::resealed(&files, kind >= 6).unwrap_or(files);
    }
    files
}
