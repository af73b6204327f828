//! What an import will change is shown before it does.
//! Never asks what a confirmed import did.

use domain::Role;
use ops::imports::{self, Counts, Group, Register, Shown, State};
use ops::{PageRequest, Refusal};
use testkit::{Kit, OTHER_BUREAU, both, ordinary_source};

use super::{
    brigade, changes, confirm, findings, import, lines, preview, recorded, register, sources, table, text,
    upload, workbook,
};

#[test]
fn r3_1_a_file_changes_nothing_before_somebody_confirms_what_it_shows() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        import(kit, &brigade, workbook(&sources(1..=3))).await;
        let mut again = sources(2..=4);
        again[0].telephone = text("0000-999");
        let id = upload(kit, &brigade, workbook(&again)).await;
        let shown = preview(kit, &brigade, &id, None).await;
        let counts = Counts {
            fresh: 1,
            changed: 1,
            unchanged: 1,
            ..Counts::default()
        };
        assert_eq!(
            (shown.counts, shown.group, shown.import.state),
            (counts, Group::Changed, State::Waiting)
        );
        let changed = lines(kit, &brigade, &id, Group::Changed).await;
        assert_eq!(changed[0].row, Some(2));
        assert_eq!(changes(&changed[0]), [("联系电话", "0000-0000002", "0000-999")]);
        let fresh = lines(kit, &brigade, &id, Group::Fresh).await;
        assert_eq!(
            (fresh[0].row, fresh[0].id.clone(), fresh[0].before.is_empty()),
            (Some(4), super::id(4), true)
        );
        let unchanged = lines(kit, &brigade, &id, Group::Unchanged).await;
        assert_eq!(
            (unchanged[0].row, unchanged[0].id.clone()),
            (Some(3), super::id(3))
        );
        assert_eq!(register(kit, &brigade).await, sources(1..=3));
        confirm(kit, &brigade, &id).await.unwrap();
        let mut after = sources(1..=4);
        after[1].telephone = text("0000-999");
        assert_eq!(register(kit, &brigade).await, after);
    });
}

#[test]
fn r3_1_groups_come_in_pages() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let id = upload(kit, &brigade, workbook(&sources(1..=120))).await;
        let page = async |page| {
            let shown = imports::preview(
                &kit.office,
                &brigade,
                &id,
                Some(Group::Fresh),
                PageRequest::new(page, 50),
            )
            .await
            .unwrap();
            let Shown::Lines(page) = shown.shown else {
                unreachable!()
            };
            (
                page.total,
                page.rows.len(),
                page.rows.first().and_then(|line| line.row),
            )
        };
        assert_eq!(page(1).await, (120, 50, Some(2)));
        assert_eq!(page(3).await, (120, 20, Some(102)));
        assert_eq!(page(9).await, (120, 0, None));
    });
}

#[test]
fn r3_1_every_row_of_the_file_is_in_one_group() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let (one, two) = (super::id(1), super::id(2));
        let wrong = format!("{}X", &two[..17]);
        let file = table(
            &["企业名称", "统一社会信用代码", "许可证名称"],
            &[
                &["示例一厂", &one, "排污许可证"],
                &["", "", ""],
                &["示例一厂", &one, "危险废物经营许可证"],
                &["示例二厂", &wrong, ""],
                &["填表人：示例", "", ""],
            ],
        );
        let id = upload(kit, &brigade, file).await;
        let shown = preview(kit, &brigade, &id, None).await;
        let counts = Counts {
            fresh: 1,
            wrong: 1,
            joined: 1,
            skipped: 2,
            ..Counts::default()
        };
        assert_eq!(
            (shown.counts, shown.counts.rows(), shown.group),
            (counts, 5, Group::Wrong)
        );
        let found = findings(kit, &brigade, &id, Group::Wrong).await;
        assert_eq!(
            (found[0].row, found[0].column.title.as_str(), &found[0].value),
            (5, "统一社会信用代码", &wrong)
        );
    });
}

#[test]
fn r3_1_a_file_that_is_no_register_is_refused_beside_its_field_and_not_kept() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let file = b"\x89PNG".to_vec();
        let refusal = imports::upload(&kit.office, &brigade, Register::Sources, "a.xlsx", file).await;
        let Err(Refusal::Fields(errors)) = refusal else {
            unreachable!()
        };
        assert_eq!(errors[0].field, "file");
        assert!(errors[0].text.contains("不是表格文件"));
        let page = imports::list(&kit.office, &brigade, PageRequest::new(1, 20))
            .await
            .unwrap();
        assert_eq!(page.total, 0);
    });
}

#[test]
fn r3_1_a_file_given_up_changes_nothing_and_is_not_applied_any_more() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let id = upload(kit, &brigade, workbook(&sources(1..=2))).await;
        let outcome = preview(kit, &brigade, &id, None).await.outcome;
        kit.clock.advance_seconds(1);
        imports::give_up(&kit.office, &brigade, &id).await.unwrap();
        let refusal = imports::apply(&kit.office, &brigade, &id, &outcome)
            .await
            .unwrap_err();
        assert!(refusal.to_string().contains("放弃"), "{refusal}");
        assert!(register(kit, &brigade).await.is_empty());
        let acts = recorded(kit, &id).await;
        let acts: Vec<&str> = acts.iter().map(|(act, _, _)| act.as_str()).collect();
        assert_eq!(acts, ["import.upload", "import.give-up"]);
    });
}

#[test]
fn r3_1_who_may_not_import_and_other_bureaus_see_nothing_of_it() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let id = upload(kit, &brigade, workbook(&sources(1..=2))).await;
        let inspector = kit.person(Role::Inspector).await.actor;
        let refusal = imports::preview(&kit.office, &inspector, &id, None, PageRequest::new(1, 50))
            .await
            .unwrap_err();
        assert!(matches!(refusal, Refusal::Forbidden(_)));
        kit.other_bureau().await;
        let stranger = ops::Actor {
            bureau: OTHER_BUREAU.to_owned(),
            ..brigade.clone()
        };
        for refusal in [
            imports::preview(&kit.office, &stranger, &id, None, PageRequest::new(1, 50))
                .await
                .unwrap_err(),
            imports::receipt(&kit.office, &stranger, &id).await.unwrap_err(),
            imports::apply(&kit.office, &stranger, &id, "").await.unwrap_err(),
            imports::give_up(&kit.office, &stranger, &id).await.unwrap_err(),
        ] {
            assert!(matches!(refusal, Refusal::Missing(_)), "{refusal}");
        }
    });
}

#[test]
fn r6_files_that_wait_are_among_the_duties_and_are_late_after_a_week() {
    both(async |kit: &Kit| {
        let person = kit.person(Role::Brigade).await;
        let id = upload(kit, &person.actor, workbook(&sources(1..=2))).await;
        let duty = async || {
            let all = ops::duties::of(&kit.office, &person.actor).await.unwrap();
            let own = all.into_iter().find(|duty| duty.menu == "/imports");
            own.map(|duty| (duty.count, duty.late))
        };
        assert_eq!(duty().await, Some((1, 0)));
        kit.clock.advance_days(8);
        assert_eq!(duty().await, Some((1, 1)));
        imports::give_up(&kit.office, &person.actor, &id).await.unwrap();
        assert_eq!(duty().await, None);
    });
}

#[test]
fn r3_1_the_name_of_a_file_is_kept_without_its_folders() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let file = workbook(&[ordinary_source(1)]);
        for (sent, kept) in [
            ("C:\\表格\\名录.xlsx", "名录.xlsx"),
            ("../../名录.csv", "名录.csv"),
            ("/", "未命名的文件"),
        ] {
            let id = imports::upload(&kit.office, &brigade, Register::Sources, sent, file.clone())
                .await
                .unwrap();
            assert_eq!(preview(kit, &brigade, &id, None).await.import.file_name, kept);
        }
    });
}

#[test]
fn so_many_files_may_wait_and_no_more() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        for number in 1..=20 {
            upload(kit, &brigade, workbook(&[ordinary_source(number)])).await;
        }
        let file = workbook(&[ordinary_source(21)]);
        let refusal = imports::upload(&kit.office, &brigade, Register::Sources, "名录.xlsx", file)
            .await
            .unwrap_err();
        let Refusal::Fields(errors) = refusal else {
            unreachable!()
        };
        assert!(errors[0].text.contains("已有20份文件"));
    });
}
