//! Receipts: what was not taken comes back, is mended, and is imported again.
//! Never lets a mended row take another enterprise's place.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use ops::imports::Group;
use sheets::Sources;
use testkit::{Kit, both, ordinary_source};

use super::{brigade, column, confirm, findings, import, preview, receipt_of, register, upload, workbook};

fn sample(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples"));
    fs::read(folder.join(name)).unwrap()
}

#[test]
fn r3_1_no_row_is_lost_a_register_with_mistakes_its_receipt_and_the_mended_receipt() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let register_file = upload(kit, &brigade, sample("污染源名录库.xlsx")).await;
        let shown = preview(kit, &brigade, &register_file, None).await;
        let rows = sheets::import::<Sources>(Cursor::new(sample("污染源名录库.xlsx")))
            .unwrap()
            .summary
            .rows;
        assert_eq!((shown.counts.wrong, shown.counts.rows()), (6, u64::from(rows)));
        assert_eq!(shown.group, Group::Wrong);
        let before = receipt_of(kit, &brigade, &register_file).await;
        confirm(kit, &brigade, &register_file).await.unwrap();
        let after = receipt_of(kit, &brigade, &register_file).await;
        assert_eq!(before, after);
        let receipt = sheets::import::<Sources>(Cursor::new(&after)).unwrap();
        assert_eq!((receipt.summary.is_receipt, receipt.summary.rows), (true, 6));
        let taken = register(kit, &brigade).await.len();
        let mended = upload(kit, &brigade, sample("污染源名录库-回执-已改正.xlsx")).await;
        let counts = preview(kit, &brigade, &mended, None).await.counts;
        assert_eq!((counts.fresh, counts.rows()), (6, 6));
        confirm(kit, &brigade, &mended).await.unwrap();
        assert_eq!(register(kit, &brigade).await.len(), taken + 6);
        // The whole register again: what was mended stays, and nothing else moves.
        let again = upload(kit, &brigade, sample("污染源名录库.xlsx")).await;
        let counts = preview(kit, &brigade, &again, None).await.counts;
        assert_eq!((counts.fresh, counts.changed, counts.wrong), (0, 0, 6));
    });
}

#[test]
fn r3_1_a_row_of_a_receipt_that_was_not_mended_does_not_take_anothers_place() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let register_file = import(kit, &brigade, sample("污染源名录库.xlsx")).await;
        let before = register(kit, &brigade).await;
        let receipt = receipt_of(kit, &brigade, &register_file).await;
        let again = upload(kit, &brigade, receipt).await;
        let counts = preview(kit, &brigade, &again, None).await.counts;
        assert_eq!((counts.wrong, counts.changed, counts.rows()), (6, 0, 6));
        let found = findings(kit, &brigade, &again, Group::Wrong).await;
        assert!(
            found
                .iter()
                .any(|finding| finding.reason.contains("在名录库里属于")),
            "{found:?}"
        );
        let receipt = receipt_of(kit, &brigade, &again).await;
        let third = sheets::import::<Sources>(Cursor::new(receipt)).unwrap();
        assert_eq!(third.summary.rows, 6);
        assert_eq!(register(kit, &brigade).await, before);
    });
}

#[test]
fn r3_1_what_the_register_objected_to_stays_in_the_receipt_after_the_rest_was_applied() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        import(kit, &brigade, workbook(&[ordinary_source(1)])).await;
        let mut header: Vec<&str> = <Sources as sheets::Register>::COLUMNS
            .iter()
            .map(|(_, column)| column.title)
            .collect();
        header.extend(["行号", "问题"]);
        let row = |number: u32, name: &str| {
            let mut cells = ops::sources::rows(&ordinary_source(number)).remove(0);
            cells[column("企业名称")] = name.to_owned();
            cells.extend(["9".to_owned(), String::new()]);
            cells
        };
        let rows = [row(1, "另一家示例厂"), row(2, "示例二厂")];
        let file = sheets::workbook("未导入的行", None, &header, rows.into_iter()).unwrap();
        let receipt = upload(kit, &brigade, file).await;
        let before = receipt_of(kit, &brigade, &receipt).await;
        let counts = confirm(kit, &brigade, &receipt).await.unwrap();
        assert_eq!((counts.fresh, counts.wrong), (1, 1));
        assert_eq!(receipt_of(kit, &brigade, &receipt).await, before);
        let found = findings(kit, &brigade, &receipt, Group::Wrong).await;
        assert!(found[0].reason.contains("属于“示例电镀1号厂”"), "{found:?}");
    });
}
