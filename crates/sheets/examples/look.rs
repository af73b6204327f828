//! Reads a register by hand and prints what the importer says: `cargo run --example look -- sources FILE`.
//! Never writes anything.

use std::fs::File;

use sheets::{History, Import, Inspectors, Register, Sources};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (register, path) = (
        arguments.next().unwrap_or_default(),
        arguments.next().unwrap_or_default(),
    );
    match register.as_str() {
        "inspectors" => look::<Inspectors>(&path),
        "history" => look::<History>(&path),
        _ => look::<Sources>(&path),
    }
}

#[expect(clippy::print_stdout, reason = "an example to be read on a terminal")]
fn look<R: Register>(path: &str) {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return println!("{path}: {error}"),
    };
    match sheets::import::<R>(file) {
        Ok(import) => print(&import),
        Err(error) => println!("{error}"),
    }
}

#[expect(clippy::print_stdout, reason = "an example to be read on a terminal")]
fn print<T>(import: &Import<T>) {
    import.summary.lines().iter().for_each(|line| println!("{line}"));
    println!(
        "导入{}条，未导入{}行",
        import.accepted.len(),
        import.refused.len()
    );
    import.findings.iter().for_each(|finding| println!("{finding}"));
}
