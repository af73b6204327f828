//! Made-up registers: ids of 18 characters, as long as a unified social credit code, ascending.
//! Never a real enterprise: the middle is a plain count.

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::Path;

use anyhow::Result;

use crate::Numbers;

/// The id of a place, for registers that are made in memory.
pub(crate) fn id(place: usize) -> String {
    format!("91{place:016}")
}

/// The ids of places 0, 1, … without formatting a number each, since 10^8 of them go through a pipe.
struct Count([u8; 18]);

impl Count {
    const fn new() -> Self {
        Self(*b"910000000000000000")
    }

    fn step(&mut self) {
        for digit in self.0.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
    }
}

/// Writes `count` ids to the standard output, one a line.
pub(crate) fn write(count: usize) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, stdout().lock());
    let mut id = Count::new();
    for _ in 0..count {
        out.write_all(&id.0)?;
        out.write_all(b"\n")?;
        id.step();
    }
    out.flush()?;
    Ok(())
}

/// Writes `count` lines `id TAB weight`, and the weights alone as 32-bit numbers into a file for numpy.
pub(crate) fn write_weighted(count: usize, weights: &Path) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, stdout().lock());
    let mut binary = BufWriter::with_capacity(1 << 20, File::create(weights)?);
    let (mut id, mut numbers) = (Count::new(), Numbers(1));
    for _ in 0..count {
        let weight = 1 + numbers.below(1000);
        out.write_all(&id.0)?;
        writeln!(out, "\t{weight}")?;
        binary.write_all(&weight.to_le_bytes())?;
        id.step();
    }
    out.flush()?;
    binary.flush()?;
    Ok(())
}
