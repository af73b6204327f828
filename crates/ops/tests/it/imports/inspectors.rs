//! 执法检查人员名录库 from files.
//! Never lets a file take somebody out of the department that the bureau put them in.

use domain::{Inspector, PostStatus, Until};
use jiff::civil::date;
use ops::Actor;
use ops::imports::{self, Group, Register};
use sheets::Inspectors;
use store::inspectors::Entry;
use store::versions::{AsOf, Version};
use testkit::{BUREAU, Kit, both, inspector};

use super::{brigade, changes, confirm, lines, preview, receipt_of, text};

async fn upload(kit: &Kit, actor: &Actor, people: &[Inspector]) -> String {
    let file = sheets::export::<Inspectors>(people).unwrap();
    imports::upload(&kit.office, actor, Register::Inspectors, "人员.xlsx", file)
        .await
        .unwrap()
}

async fn held(kit: &Kit, number: u32) -> Version<Entry> {
    let certificate = inspector(number).certificate.number;
    let mut read = kit.db.read().await.unwrap();
    let found = store::inspectors::find(&mut read, BUREAU, certificate.as_str(), AsOf::Now)
        .await
        .unwrap();
    found.unwrap()
}

#[test]
fn r4_2_people_enter_and_change_by_certificate_number_repeatedly() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let people: Vec<Inspector> = (1..=3).map(inspector).collect();
        let import = upload(kit, &brigade, &people).await;
        confirm(kit, &brigade, &import).await.unwrap();
        let first = held(kit, 1).await;
        assert_eq!(first.record.joined_on, Some(date(2027, 1, 4)));
        assert_eq!(
            (first.record.department.as_str(), first.stamp.act.as_str()),
            ("环境监察大队", "inspector.import")
        );
        kit.clock.advance_days(1);
        let mut changed = people.clone();
        changed[1].post = PostStatus::Retired;
        changed[2].certificate.valid_until = Until::Date(date(2031, 12, 31));
        let import = upload(kit, &brigade, &changed).await;
        let counts = preview(kit, &brigade, &import, None).await.counts;
        assert_eq!((counts.changed, counts.unchanged), (2, 1));
        confirm(kit, &brigade, &import).await.unwrap();
        let second = held(kit, 2).await;
        assert_eq!(
            (second.number, second.record.inspector.post),
            (2, PostStatus::Retired)
        );
        assert_eq!(second.record.joined_on, Some(date(2027, 1, 4)));
        let again = upload(kit, &brigade, &changed).await;
        assert_eq!(preview(kit, &brigade, &again, None).await.counts.unchanged, 3);
    });
}

#[test]
fn r4_2_the_department_is_that_of_the_unit_if_the_bureau_has_it() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let mut people: Vec<Inspector> = (1..=2).map(inspector).collect();
        people[1].unit = text("示例监测站");
        let import = upload(kit, &brigade, &people).await;
        confirm(kit, &brigade, &import).await.unwrap();
        let department = async |number| held(kit, number).await.record.department;
        assert_eq!(
            (department(1).await, department(2).await),
            ("环境监察大队".to_owned(), String::new())
        );
        kit.clock.advance_days(1);
        people[0].unit = text("办公室");
        people[1].telephone = text("0000-555");
        let import = upload(kit, &brigade, &people).await;
        let changed = lines(kit, &brigade, &import, Group::Changed).await;
        let moved = [
            ("所在单位", "环境监察大队", "办公室"),
            ("部门", "环境监察大队", "办公室"),
        ];
        assert_eq!(changes(&changed[0]), moved);
        confirm(kit, &brigade, &import).await.unwrap();
        assert_eq!(
            (department(1).await, department(2).await),
            ("办公室".to_owned(), String::new())
        );
        // To a unit that is no department: the one that the bureau put them in stays.
        people[0].unit = text("外单位");
        let import = upload(kit, &brigade, &people).await;
        confirm(kit, &brigade, &import).await.unwrap();
        assert_eq!(department(1).await, "办公室");
    });
}

#[test]
fn r4_1_somebody_without_a_certificate_is_in_the_receipt() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let file = "姓名,执法证编号,执法证有效期\n示例一,,2029-12-31\n示例二,9908000002,2029-12-31\n";
        let file = file.as_bytes().to_vec();
        let import = imports::upload(&kit.office, &brigade, Register::Inspectors, "人员.csv", file)
            .await
            .unwrap();
        let counts = confirm(kit, &brigade, &import).await.unwrap();
        assert_eq!((counts.fresh, counts.wrong), (1, 1));
        let receipt = receipt_of(kit, &brigade, &import).await;
        let receipt = sheets::import::<Inspectors>(std::io::Cursor::new(receipt)).unwrap();
        assert_eq!(receipt.refused.len(), 1);
    });
}
