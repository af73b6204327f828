//! The same function over many lines, on all cores. Never changes the order.

use std::thread;

/// Below this number of items a second thread costs more than it saves.
const MIN_ITEMS_PER_THREAD: usize = 4096;

/// `items` mapped by `f`, in order.
pub fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_with(items, || (), |(), item| f(item))
}

/// [`map`] with a scratch value for each thread, such as a buffer to encode into.
pub fn map_with<T: Sync, S, R: Send>(
    items: &[T],
    scratch: impl Fn() -> S + Sync,
    f: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    // The system is asked for its cores only where there is work for two: small draws are made by the thousand.
    let wanted = items.len() / MIN_ITEMS_PER_THREAD;
    let threads = if wanted < 2 {
        1
    } else {
        thread::available_parallelism().map_or(1, usize::from).min(wanted)
    };
    let run = |part: &[T], out: &mut Vec<R>| {
        let mut s = scratch();
        out.extend(part.iter().map(|item| f(&mut s, item)));
    };
    let mut out = Vec::with_capacity(items.len());
    let (first, rest) = items.split_at(items.len().div_ceil(threads));
    thread::scope(|scope| {
        let run = &run;
        let part = |part| {
            move || {
                let mut out = Vec::with_capacity(first.len());
                run(part, &mut out);
                out
            }
        };
        let workers: Vec<_> = rest
            .chunks(first.len().max(1))
            .map(|chunk| scope.spawn(part(chunk)))
            .collect();
        // This thread works as well, and into the result itself: what another made must be copied.
        run(first, &mut out);
        for worker in workers {
            match worker.join() {
                Ok(part) => out.extend(part),
                // A worker's panic is ours: it goes on as if there had been one thread.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    out
}
