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
    let run = |chunk: &[T]| {
        let mut s = scratch();
        chunk.iter().map(|item| f(&mut s, item)).collect::<Vec<R>>()
    };
    // The system is asked for its cores only where there is work for two: small draws are made by the thousand.
    let wanted = items.len() / MIN_ITEMS_PER_THREAD;
    let threads = if wanted < 2 {
        1
    } else {
        thread::available_parallelism().map_or(1, usize::from).min(wanted)
    };
    if threads < 2 {
        return run(items);
    }
    let chunk = items.len().div_ceil(threads);
    let mut out = Vec::with_capacity(items.len());
    thread::scope(|scope| {
        let run = &run;
        let workers: Vec<_> = items
            .chunks(chunk)
            .map(|part| scope.spawn(move || run(part)))
            .collect();
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
