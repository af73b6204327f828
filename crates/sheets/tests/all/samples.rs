//! The sample registers that the project ships.

#[path = "../../examples/make_samples/samples.rs"]
mod make;

use std::fs::File;
use std::path::PathBuf;

use domain::CertificateNumber;
use sheets::FindingKind::{Mended, Refused};
use sheets::{History, Import, Inspectors, Register, Sources};

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples")).join(name)
}

fn import<R: Register>(name: &str) -> Import<R::Record> {
    sheets::import::<R>(File::open(path(name)).unwrap()).unwrap()
}

#[test]
fn the_samples_are_what_their_program_writes() {
    for (name, bytes) in make::all().unwrap() {
        let shipped = std::fs::read(path(name)).unwrap();
        assert!(
            shipped == bytes,
            "{name}: write it anew with `cargo run -p sheets --example make_samples -- samples`"
        );
    }
}

#[test]
fn the_samples_have_the_mistakes_that_they_are_meant_to_have() {
    let sources = import::<Sources>("污染源名录库.xlsx");
    assert_eq!(
        (sources.of_kind(Refused).count(), sources.of_kind(Mended).count()),
        (6, 3)
    );
    assert!(
        (225..=240).contains(&sources.accepted.len()),
        "{}",
        sources.accepted.len()
    );
    let second_sites = sources
        .accepted
        .iter()
        .filter(|accepted| accepted.record.site.get() > 1)
        .count();
    assert_eq!((second_sites, sources.summary.joined_rows), (6, 2));
    assert!(
        sources
            .accepted
            .iter()
            .any(|accepted| !accepted.record.status.is_present())
    );
}

#[test]
fn the_mended_receipt_has_the_rows_that_were_refused() {
    let mended = import::<Sources>("污染源名录库-回执-已改正.xlsx");
    assert_eq!((mended.accepted.len(), mended.findings.len()), (6, 0));
    let register = import::<Sources>("污染源名录库.xlsx");
    let answered: Vec<_> = mended.accepted.iter().map(|row| row.answers).collect();
    let refused: Vec<_> = register.refused.iter().map(|row| Some(row.row)).collect();
    assert_eq!(answered, refused);
    let taken: Vec<_> = register
        .accepted
        .iter()
        .map(|accepted| accepted.record.id())
        .collect();
    assert!(
        mended
            .accepted
            .iter()
            .all(|accepted| !taken.contains(&accepted.record.id()))
    );
}

#[test]
fn the_samples_fit_together() {
    let sources = import::<Sources>("污染源名录库.xlsx");
    let inspectors = import::<Inspectors>("执法检查人员名录库.xlsx");
    let history = import::<History>("检查历史.csv");
    assert_eq!((inspectors.findings.len(), history.findings.len()), (0, 0));
    assert_eq!((inspectors.accepted.len(), history.accepted.len()), (24, 170));
    let numbers: Vec<&CertificateNumber> = inspectors
        .accepted
        .iter()
        .map(|a| &a.record.certificate.number)
        .collect();
    let ids: Vec<_> = sources
        .accepted
        .iter()
        .map(|accepted| accepted.record.id())
        .collect();
    for inspection in history.accepted.iter().map(|accepted| &accepted.record) {
        assert!(
            inspection
                .inspectors
                .iter()
                .all(|number| numbers.contains(&number))
        );
        assert!(ids.contains(&inspection.target), "{}", inspection.target);
    }
    let first_day = jiff::civil::date(2027, 1, 4);
    let fit = inspectors
        .accepted
        .iter()
        .filter(|accepted| accepted.record.may_serve_on(first_day).is_ok())
        .count();
    assert_eq!(fit, 16);
}
