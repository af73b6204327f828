//! The same function over many lines, on all cores. Never changes the order.

use std::thread;

/// Below this number of items a second thread costs more than it saves.
const MIN_ITEMS_PER_THREAD: usize = 2048;

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
    let run = |_, part: &[T]| {
        let mut s = scratch();
        part.iter().map(|item| f(&mut s, item)).collect::<Vec<R>>()
    };
    let mut parts = parts(items, run).into_iter();
    let mut out = parts.next().unwrap_or_default();
    parts.for_each(|part| out.extend(part));
    out
}

/// [`map_with`] to plain numbers: each is written where it stays, so that millions of them are not copied.
pub fn numbers_with<T: Sync, S, N: Copy + Default + Send>(
    items: &[T],
    scratch: impl Fn() -> S + Sync,
    f: impl Fn(&mut S, &T) -> N + Sync,
) -> Vec<N> {
    // Memory that is all zeros comes untouched from the system: each thread is the first to touch its part.
    let mut out = vec![N::default(); items.len()];
    let threads = threads_for(items.len());
    let size = items.len().div_ceil(threads).max(1);
    let run = |items: &[T], out: &mut [N]| {
        let mut s = scratch();
        out.iter_mut()
            .zip(items)
            .for_each(|(n, item)| *n = f(&mut s, item));
    };
    thread::scope(|scope| {
        let mut parts = items.chunks(size).zip(out.chunks_mut(size));
        let mine = parts.next();
        for (items, out) in parts {
            let run = &run;
            scope.spawn(move || run(items, out));
        }
        if let Some((items, out)) = mine {
            run(items, out);
        }
    });
    out
}

/// `f` of as many parts of `items` as there are threads for, with the index of each part's first item, in order.
pub fn parts<T: Sync, R: Send>(items: &[T], f: impl Fn(usize, &[T]) -> R + Sync) -> Vec<R> {
    let size = items.len().div_ceil(threads_for(items.len()));
    let (mine, others) = items.split_at(size);
    thread::scope(|scope| {
        let f = &f;
        let workers: Vec<_> = (others.chunks(size.max(1)).zip(1..))
            .map(|(part, n)| scope.spawn(move || f(n * size, part)))
            .collect();
        let mut results = vec![f(0, mine)];
        for worker in workers {
            match worker.join() {
                Ok(result) => results.push(result),
                // A worker's panic is ours: it goes on as if there had been one thread.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

/// The system is asked for its cores only where there is work for two: small draws are made by the thousand.
fn threads_for(items: usize) -> usize {
    match items / MIN_ITEMS_PER_THREAD {
        0 | 1 => 1,
        wanted => thread::available_parallelism().map_or(1, usize::from).min(wanted),
    }
}
