//! The limit: the draw can't be faster than the HMACs that define it. Ours and bare ones, by turns.

use std::thread;

use anyhow::{Result, bail};
use draw::hash::Alg;
use draw::select::{select, tickets};
use hmac::{Hmac, KeyInit as _, Mac};
use sha2::Sha256;
use sm3::Sm3;

use crate::ids::id;
use crate::sample::{plan, pool_line};
use crate::{KEY, report, timed};

/// `rounds` times: tickets and selection of one in a thousand, then as many bare HMACs on the same cores.
pub(crate) fn run(count: usize, alg: Alg, rounds: usize) -> Result<()> {
    let ids: Vec<String> = (0..count).map(id).collect();
    let pool: Vec<_> = ids.iter().map(|id| pool_line(id, 1)).collect();
    let plan = plan(count / 1000)?;
    let mac_sha256 = <Hmac<Sha256>>::new_from_slice(&KEY.0)?;
    let mac_sm3 = <Hmac<Sm3>>::new_from_slice(&KEY.0)?;
    for _ in 0..rounds {
        let (taken, tickets_s, select_s) = {
            let (tickets, tickets_s) = timed(|| tickets(&alg.keyed(&KEY), &pool));
            let (selection, select_s) = timed(|| select(&plan, &pool, &tickets));
            (selection.targets(&tickets).len(), tickets_s, select_s)
        };
        if taken != count / 1000 {
            bail!("{taken} taken");
        }
        let (folded, bare) = match alg {
            Alg::Sha256 => timed(|| bare(&mac_sha256, count)),
            Alg::Sm3 => timed(|| bare(&mac_sm3, count)),
        };
        let ours = tickets_s + select_s;
        report(
            &[
                ("ours", ours),
                ("tickets", tickets_s),
                ("select", select_s),
                ("bare", bare),
            ],
            &format!("{folded:02x}"),
        );
    }
    Ok(())
}

/// `count` HMACs of messages as long as a ticket's, shared out among the cores; all that is kept is one byte.
fn bare<M: Mac + Clone + Sync>(mac: &M, count: usize) -> u8 {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let mut message = *b"\0\0\0\x0bmcd1/ticket\0\0\0\x12910000000000000000";
                    let mut folded = 0;
                    for n in (thread..count).step_by(threads) {
                        message[29..].copy_from_slice(&n.to_be_bytes());
                        folded ^= mac.clone().chain_update(message).finalize().into_bytes()[0];
                    }
                    folded
                })
            })
            .collect();
        let folded = workers.into_iter().filter_map(|worker| worker.join().ok());
        folded.fold(0, |all, one| all ^ one)
    })
}
