//! Writes the sample registers that the project ships: `cargo run -p sheets --example make_samples -- samples`.
//! Never invents anything by chance: the same program writes the same bytes.

mod samples;

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "samples".to_owned()));
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in samples::all()? {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
