//! k of a stream of any length: blocks of ids from the standard input, a [`First`] on each core, merged at the end.
//! Never holds more than the blocks under way, and the ids that were among the first k when they came.

use std::io::{Read, stdin};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context as _, Result, bail};
use draw::hash::Keyed;
use draw::select::{Entry, First, Ticket};

use crate::sample::id_and_weight;
use crate::{check_of, keyed, report, timed};

const BLOCK_BYTES: usize = 1 << 20;

/// Whole lines of the stream.
struct Block {
    bytes: Vec<u8>,
    /// How many lines came before.
    first: u32,
}

/// Ids by their places, ascending.
#[derive(Default)]
struct Ids {
    places: Vec<u32>,
    ends: Vec<usize>,
    text: String,
}

impl Ids {
    fn push(&mut self, place: u32, id: &str) {
        self.text.push_str(id);
        self.places.push(place);
        self.ends.push(self.text.len());
    }

    fn get(&self, place: u32) -> Option<&str> {
        let at = self.places.binary_search(&place).ok()?;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..self.ends[at]])
    }
}

/// What a core has seen of the stream.
struct Seen {
    first: First,
    /// Those that were among the first k when they came.
    ids: Ids,
    weights: u64,
    heaviest: u32,
}

/// Draws `k` of the ids that come in, one a line, a weight behind a TAB if there is one.
pub(crate) fn run(k: usize) -> Result<()> {
    let (drawn, seconds) = timed(|| draw(k));
    let (first, ids) = drawn?;
    let drawn = first.iter().map(|entry| {
        let found = ids.iter().find_map(|ids| ids.get(entry.place));
        found.context("an id that was kept is lost")
    });
    let drawn: Vec<&str> = drawn.collect::<Result<_>>()?;
    report(&[("draw", seconds)], &check_of(drawn.into_iter()));
    Ok(())
}

fn draw(k: usize) -> Result<(Vec<Entry>, Vec<Ids>)> {
    let cores = thread::available_parallelism()?.get();
    let (send, receive) = sync_channel(2 * cores);
    let (key, receive) = (keyed(), Mutex::new(receive));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| scope.spawn(|| work(&key, k, &receive)))
            .collect();
        read_blocks(|block| Ok(send.send(block)?))?;
        drop(send);
        let (mut first, mut ids) = (First::new(k), Vec::new());
        let (mut weights, mut heaviest) = (0, 0);
        for worker in workers {
            let Ok(seen) = worker.join() else {
                bail!("a worker panicked")
            };
            let seen = seen?;
            first.merge(seen.first);
            ids.push(seen.ids);
            weights += seen.weights;
            heaviest = heaviest.max(seen.heaviest);
        }
        if k as u64 * u64::from(heaviest) >= weights {
            bail!("some lines are taken for certain: that needs the whole pool (sample)");
        }
        Ok((first.finish(), ids))
    })
}

fn read_blocks(mut send: impl FnMut(Block) -> Result<()>) -> Result<()> {
    let (mut input, mut rest, mut first) = (stdin().lock(), Vec::new(), 0);
    loop {
        let mut bytes = std::mem::take(&mut rest);
        bytes.reserve_exact(BLOCK_BYTES);
        let room = (BLOCK_BYTES - bytes.len()) as u64;
        if Read::by_ref(&mut input).take(room).read_to_end(&mut bytes)? == 0 {
            return Ok(());
        }
        let end = bytes
            .iter()
            .rposition(|&b| b == b'\n')
            .context("no end of a line")?
            + 1;
        rest.extend_from_slice(&bytes[end..]);
        bytes.truncate(end);
        let lines = bytes.iter().filter(|&&b| b == b'\n').count();
        send(Block { bytes, first })?;
        first += u32::try_from(lines)?;
    }
}

/// Takes blocks until there are no more.
fn work(key: &Keyed, k: usize, blocks: &Mutex<Receiver<Block>>) -> Result<Seen> {
    let mut buffer = Vec::new();
    let mut seen = Seen {
        first: First::new(k),
        ids: Ids::default(),
        weights: 0,
        heaviest: 0,
    };
    loop {
        let next = blocks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(block) = next else {
            return Ok(seen);
        };
        for (line, place) in std::str::from_utf8(&block.bytes)?.lines().zip(block.first..) {
            let (id, weight) = id_and_weight(line).context("not a weight")?;
            let entry = Entry {
                ticket: Ticket::of(key, id, &mut buffer),
                weight,
                place,
            };
            seen.weights += u64::from(weight);
            seen.heaviest = seen.heaviest.max(weight);
            if seen.first.offer(entry) {
                seen.ids.push(place, id);
            }
        }
    }
}
