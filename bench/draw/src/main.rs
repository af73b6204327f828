//! bench-draw: what the draw is measured with. `bench/draw/run` calls it beside its peers and makes the table.
//! Never asserts a time.
//!
//! Every command ends with one line `bench name=value …`: times in seconds, and a `check` that must be the same
//! for all programs that claim to compute the same.

mod assign;
mod bundle;
mod ids;
mod limit;
mod sample;
mod stream;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use draw::hash::{Alg, Hash32, Keyed};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["ids", count] => ids::write(number(count)?),
        ["weighted-ids", count, weights] => ids::write_weighted(number(count)?, Path::new(weights)),
        ["sample", file, k] => sample::run(Path::new(file), number(k)?),
        ["stream", k] => stream::run(number(k)?),
        ["limit", count, alg, rounds] => limit::run(number(count)?, alg_named(alg)?, number(rounds)?),
        ["network", kind, targets, staff, folder] => {
            assign::write(kind, number(targets)?, number(staff)?, Path::new(folder))
        }
        ["assign", kind, targets, staff, rounds] => {
            assign::run(kind, number(targets)?, number(staff)?, number(rounds)?)
        }
        ["bundle", folder, lines, alg] => bundle::write(Path::new(folder), number(lines)?, alg_named(alg)?),
        ["verify", folder] => bundle::verify(Path::new(folder)),
        _ => bail!("see bench/draw/run, which calls this program"),
    }
}

fn number(text: &str) -> Result<usize> {
    text.parse().with_context(|| format!("not a number: {text}"))
}

fn alg_named(text: &str) -> Result<Alg> {
    Alg::from_name(text).with_context(|| format!("not a hash: {text}"))
}

/// The key of every draw measured here; `peers.py` has the same.
const KEY: Hash32 = Hash32([7; 32]);

fn keyed() -> Keyed {
    Alg::Sha256.keyed(&KEY)
}

/// What `f` returns, and the seconds it took.
fn timed<T>(f: impl FnOnce() -> T) -> (T, f64) {
    #[expect(clippy::disallowed_methods, reason = "a bench measures time")]
    let start = Instant::now();
    let value = f();
    (value, start.elapsed().as_secs_f64())
}

/// The last line of a command's output.
#[expect(clippy::print_stdout, reason = "what `run` reads")]
fn report(times: &[(&str, f64)], check: &str) {
    let times: Vec<String> = times.iter().map(|(name, s)| format!("{name}={s:.6}")).collect();
    println!("bench {} check={check}", times.join(" "));
}

/// The hash of ids in the order drawn, to compare samples with.
fn check_of<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let ids: Vec<&str> = ids.collect();
    Alg::Sha256.hash(&[ids.join("\n").as_bytes()]).to_string()
}

/// A generator of numbers for made-up registers (splitmix64); the same numbers on every computer.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`; the slight bias does not matter here.
    #[expect(clippy::cast_possible_truncation, reason = "below a limit of 32 bits")]
    fn below(&mut self, limit: u32) -> u32 {
        (self.next() % u64::from(limit)) as u32
    }
}
