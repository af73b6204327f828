//! A whole revealed draw over a made-up register, and the time it takes to verify.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use draw::ceremony::{Secrets, Terms, Texts, commit, open, reveal};
use draw::folder::Files;
use draw::hash::{Alg, Hash32};
use draw::plan::{Plan, Quota};
use draw::public::Rule;
use draw::record::Time;
use draw::share::{Share, committed};
use draw::verify;

use crate::ids::id;
use crate::{Numbers, report, timed};

const STRATA: usize = 10;
const STAFF: u32 = 1000;
const ELIGIBLE: usize = 32;
/// One target in twenty is drawn.
const RATIO: (u32, u32) = (1, 20);

/// Holds a draw of `lines` enterprises from the commitment to the reveal, and writes its folder.
pub(crate) fn write(folder: &Path, lines: usize, alg: Alg) -> Result<()> {
    let at = |text| Time::parse(text).context("no time");
    let shares: Vec<Share> = [1, 2, 3]
        .map(|byte| Share {
            machine: Hash32([byte; 32]),
            input: vec![byte],
        })
        .into();
    let holder = |(share, j): (&Share, usize)| {
        let secret = share.secret(alg);
        (format!("holder {j}"), committed(alg, "2026-001", j, &secret))
    };
    let mut secrets = Secrets {
        texts: texts(lines)?,
        elig_salt: Hash32([4; 32]),
        shares: shares.clone(),
        result: String::new(),
        subs: String::new(),
    };
    let terms = Terms {
        origin: "bench.example".into(),
        alg,
        holders: shares.iter().zip(1..).map(holder).collect(),
        public: Rule::Dice(20),
        open_by: at("2026-04-02T09:00:00+08:00")?,
        reveal_by: at("2026-06-01T09:00:00+08:00")?,
        at: at("2026-04-01T09:00:00+08:00")?,
    };
    let public = commit(&secrets.texts, &secrets.elig_salt, terms)?;
    let value = "dice:31415926535897932384";
    let public = open(&public, &mut secrets, value, at("2026-04-01T10:00:00+08:00")?)?;
    let files = reveal(&public, &secrets, at("2026-05-01T09:00:00+08:00")?)?;
    fs::create_dir_all(folder)?;
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

fn texts(lines: usize) -> Result<Texts> {
    let mut numbers = Numbers(3);
    let (mut pool, mut elig, mut staff) = (String::new(), String::new(), String::new());
    for place in 0..lines {
        let (id, stratum) = (id(place), place % STRATA);
        let salt = (u128::from(numbers.next()) << 64) | u128::from(numbers.next());
        writeln!(
            pool,
            "{id}\tS{stratum}\t0\t1\tR\t示例企业第{place}号\t{salt:032x}"
        )?;
        let mut inspectors: Vec<u32> = Vec::new();
        while inspectors.len() < ELIGIBLE {
            let one = numbers.below(STAFF);
            if !inspectors.contains(&one) {
                inspectors.push(one);
            }
        }
        inspectors.sort_unstable();
        let inspectors: Vec<String> = inspectors.into_iter().map(name).collect();
        writeln!(elig, "{id}\t{}", inspectors.join(","))?;
    }
    let quotas = quotas(lines)?;
    let tasks: u32 = quotas.values().map(|quota| quota.number).sum();
    // A quarter more than the slots need.
    let cap = (2 * tasks * 5).div_ceil(4 * STAFF).max(1);
    for inspector in 0..STAFF {
        writeln!(staff, "{}\tEP\t{cap}", name(inspector))?;
    }
    let plan = Plan {
        bureau: "bench".into(),
        plan: "bench".into(),
        draw: "2026-001".into(),
        title: "示例抽取".into(),
        items: vec!["A01".into()],
        window: "2026-04-01..2026-05-31".into(),
        exclusions: Vec::new(),
        slots: vec!["EP".into(), "EP".into()],
        quotas,
    };
    Ok(Texts {
        plan: plan.to_text(),
        pool,
        staff,
        elig,
    })
}

fn quotas(lines: usize) -> Result<BTreeMap<String, Quota>> {
    let quota = |stratum: usize| {
        let of_stratum = (stratum..lines).step_by(STRATA).len() as u64;
        let quota = Quota {
            number: u32::try_from(Quota::of_ratio(of_stratum, RATIO))?,
            ratio: Some(RATIO),
        };
        Ok((format!("S{stratum}"), quota))
    };
    (0..STRATA.min(lines)).map(quota).collect()
}

fn name(inspector: u32) -> String {
    format!("I{inspector:05}")
}

/// Verifies a folder that passes.
pub(crate) fn verify(folder: &Path) -> Result<()> {
    let (files, read) = timed(|| -> Result<Files> {
        let mut files = Files::new();
        for file in fs::read_dir(folder)? {
            let file = file?;
            let name = file
                .file_name()
                .into_string()
                .ok()
                .context("a name that is no text")?;
            files.insert(name, fs::read(file.path())?);
        }
        Ok(files)
    });
    let files = files?;
    let (found, seconds) = timed(|| verify::verify(&files));
    match found.verdict.exit_code() {
        0 => report(&[("read", read), ("verify", seconds)], "passes"),
        code => bail!("exit code {code}: {found}"),
    }
    Ok(())
}
