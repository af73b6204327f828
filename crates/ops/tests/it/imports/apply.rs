//! What a confirmed import does to the register.
//! Never asks how it was shown.

use domain::sources::{Licence, LicenceNumber};
use domain::{ControlLevel, Role, Status, Supervision, Until, Validity};
use jiff::civil::date;
use ops::imports::{self, Group, State};
use ops::{AsOf, Refusal};
use testkit::{Kit, both, ordinary_source, typed};

use super::{
    brigade, changes, confirm, findings, held, id, import, lines, preview, recorded, register, sources,
    table, text, upload, workbook,
};

#[test]
fn r3_1_the_same_file_again_changes_nothing_and_adds_no_version() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        import(kit, &brigade, workbook(&sources(1..=30))).await;
        kit.clock.advance_seconds(60);
        let again = upload(kit, &brigade, workbook(&sources(1..=30))).await;
        assert_eq!(preview(kit, &brigade, &again, None).await.counts.unchanged, 30);
        let refusal = confirm(kit, &brigade, &again).await.unwrap_err();
        assert!(
            refusal.to_string().contains("没有要写入名录库的内容"),
            "{refusal}"
        );
        let history = ops::sources::history(&kit.office, &brigade, &id(7))
            .await
            .unwrap();
        assert_eq!(history.len(), 1);
    });
}

#[test]
fn r3_1_an_import_is_one_act_with_its_file_and_every_version_names_it() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        import(kit, &brigade, workbook(&sources(1..=2))).await;
        kit.clock.advance_seconds(60);
        let mut changed = sources(1..=3);
        changed[1].address = text("示例县新路2号");
        let import = import(kit, &brigade, workbook(&changed)).await;
        let acts = recorded(kit, &import).await;
        let by = |act: &str| (act.to_owned(), "名录.xlsx".to_owned(), brigade.login.clone());
        assert_eq!(acts, [by("import.upload"), by("source.import")]);
        for (number, version) in [(1, 1), (2, 2), (3, 1)] {
            let held = held(kit, &brigade, &id(number)).await;
            assert_eq!(held.number, version);
            assert_eq!(
                (held.stamp.act.as_str(), held.stamp.ground.as_str()),
                ("source.import", "名录.xlsx")
            );
            assert_eq!(held.stamp.author, brigade.login);
        }
        // What it did can be looked at afterwards.
        let shown = preview(kit, &brigade, &import, None).await;
        assert_eq!(
            (shown.import.state, shown.import.settled_by.as_str()),
            (State::Applied, brigade.login.as_str())
        );
        assert_eq!(
            (shown.counts.fresh, shown.counts.changed, shown.counts.unchanged),
            (1, 1, 1)
        );
        let changed = lines(kit, &brigade, &import, Group::Changed).await;
        assert_eq!(
            changes(&changed[0]),
            [("机构地址", "示例县示例路2号", "示例县新路2号")]
        );
        assert_eq!(lines(kit, &brigade, &import, Group::Fresh).await[0].id, id(3));
    });
}

#[test]
fn r3_1_if_the_register_moved_on_nothing_is_written_and_the_new_preview_is_shown() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        import(kit, &brigade, workbook(&sources(1..=2))).await;
        let mut changed = sources(1..=3);
        changed[0].address = text("示例县新路1号");
        let import = upload(kit, &brigade, workbook(&changed)).await;
        let seen = preview(kit, &brigade, &import, None).await.outcome;
        // Meanwhile somebody else changes one that the file changes too.
        kit.clock.advance_seconds(60);
        let mut other = ordinary_source(1);
        other.telephone = text("0000-555");
        ops::sources::change(&kit.office, &brigade, &id(1), 1, &typed(&other, "来函"))
            .await
            .unwrap();
        let refusal = imports::apply(&kit.office, &brigade, &import, &seen)
            .await
            .unwrap_err();
        assert!(refusal.to_string().contains("什么都没有导入"), "{refusal}");
        assert_eq!(register(kit, &brigade).await.len(), 2);
        let line = lines(kit, &brigade, &import, Group::Changed).await.remove(0);
        let titles: Vec<&str> = changes(&line).iter().map(|(title, _, _)| *title).collect();
        assert_eq!(titles, ["机构地址", "联系电话"]);
        confirm(kit, &brigade, &import).await.unwrap();
        assert_eq!(register(kit, &brigade).await, changed);
    });
}

#[test]
fn r3_1_of_two_who_confirm_at_once_one_does_it() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let import = upload(kit, &brigade, workbook(&sources(1..=40))).await;
        let seen = preview(kit, &brigade, &import, None).await.outcome;
        let apply = || imports::apply(&kit.office, &brigade, &import, &seen);
        let done = tokio::join!(apply(), apply(), apply());
        let good = [done.0.is_ok(), done.1.is_ok(), done.2.is_ok()];
        assert_eq!(good.iter().filter(|good| **good).count(), 1);
        assert_eq!(register(kit, &brigade).await, sources(1..=40));
        assert_eq!(recorded(kit, &import).await.len(), 2);
    });
}

#[test]
fn r3_1_two_files_with_the_same_rows_enter_them_once() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let (one, two) = (
            upload(kit, &brigade, workbook(&sources(1..=40))).await,
            upload(kit, &brigade, workbook(&sources(20..=60))).await,
        );
        let (done, other) = tokio::join!(confirm(kit, &brigade, &one), confirm(kit, &brigade, &two));
        assert!(done.is_ok() || other.is_ok());
        for import in [&one, &two] {
            if preview(kit, &brigade, import, None).await.import.state == State::Waiting {
                confirm(kit, &brigade, import).await.unwrap();
            }
        }
        assert_eq!(register(kit, &brigade).await, sources(1..=60));
    });
}

#[test]
fn r3_1_a_blank_cell_keeps_what_the_register_says_and_a_column_that_is_not_there_too() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let mut known = ordinary_source(1);
        known.supervision = Supervision::new(ControlLevel::Municipal, None).unwrap();
        known.violations = text("2026年未按证排放");
        known.status = Status::Suspended;
        import(kit, &brigade, workbook(std::slice::from_ref(&known))).await;
        let file = table(
            &[
                "企业名称",
                "统一社会信用代码",
                "机构地址",
                "联系电话",
                "违法违规情况",
                "控制级别",
            ],
            &[&[known.name.as_str(), &id(1), "示例县新路1号", "", "无", ""]],
        );
        import(kit, &brigade, file).await;
        known.address = text("示例县新路1号");
        known.violations = None;
        assert_eq!(register(kit, &brigade).await, [known]);
    });
}

#[test]
fn r2_2_what_row_and_register_say_together_is_refused_too() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let mut known = ordinary_source(1);
        known.supervision = Supervision::new(ControlLevel::Municipal, None).unwrap();
        import(kit, &brigade, workbook(std::slice::from_ref(&known))).await;
        let file = table(
            &["企业名称", "统一社会信用代码", "是否重点排污单位"],
            &[&[known.name.as_str(), &id(1), "否"]],
        );
        let import = upload(kit, &brigade, file).await;
        let found = findings(kit, &brigade, &import, Group::Wrong).await;
        assert!(
            found[0]
                .reason
                .contains("市控及以上重点企业必须作为重点排污企业纳入"),
            "{found:?}"
        );
        assert_eq!(
            (found[0].column.title.as_str(), found[0].value.as_str()),
            ("是否重点排污单位", "否")
        );
        assert_eq!(preview(kit, &brigade, &import, None).await.counts.wrong, 1);
    });
}

#[test]
fn r3_2_a_licence_that_a_file_brings_is_added_and_one_that_it_renews_is_renewed() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let mut known = ordinary_source(1);
        import(kit, &brigade, workbook(std::slice::from_ref(&known))).await;
        let permit = known.licences[0].number_text().to_owned();
        let file = table(
            &[
                "企业名称",
                "统一社会信用代码",
                "许可证名称",
                "许可证编号",
                "有效期至",
            ],
            &[
                &[known.name.as_str(), &id(1), "", &permit, "2034-12-31"],
                &[
                    known.name.as_str(),
                    &id(1),
                    "危险废物经营许可证",
                    "示危废001",
                    "长期",
                ],
            ],
        );
        import(kit, &brigade, file).await;
        known.licences[0].validity = Validity::new(None, Until::Date(date(2034, 12, 31))).unwrap();
        known.licences.push(Licence {
            name: text("危险废物经营许可证"),
            number: text("示危废001").map(LicenceNumber::Other),
            approved_on: None,
            validity: Validity::new(None, Until::LongTerm).unwrap(),
        });
        assert_eq!(register(kit, &brigade).await, [known]);
    });
}

#[test]
fn r2_1_a_source_that_left_is_kept_up_to_date_and_stays_out() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        import(kit, &brigade, workbook(&sources(1..=2))).await;
        ops::sources::leave(&kit.office, &brigade, &id(1), 1, "关停文件")
            .await
            .unwrap();
        kit.clock.advance_seconds(60);
        let mut changed = sources(1..=2);
        changed[0].address = text("示例县新路1号");
        let import = upload(kit, &brigade, workbook(&changed)).await;
        let line = lines(kit, &brigade, &import, Group::Changed).await.remove(0);
        assert!(line.notes[0].contains("导入后仍是退出"), "{:?}", line.notes);
        confirm(kit, &brigade, &import).await.unwrap();
        let held = held(kit, &brigade, &id(1)).await;
        assert_eq!(
            (held.record.inside, held.record.source.address),
            (false, text("示例县新路1号"))
        );
        let again = upload(kit, &brigade, workbook(&changed)).await;
        let unchanged = lines(kit, &brigade, &again, Group::Unchanged).await;
        assert_eq!(unchanged[0].notes.len(), 1);
    });
}

#[test]
fn r3_3_what_an_import_enters_or_changes_counts_as_confirmed_that_day_and_nothing_else() {
    both(async |kit: &Kit| {
        let person = kit.person(Role::Brigade).await;
        import(kit, &person.actor, workbook(&sources(1..=2))).await;
        kit.clock.advance_days(1);
        let mut changed = sources(1..=3);
        changed[1].address = text("示例县新路2号");
        import(kit, &person.actor, workbook(&changed)).await;
        let confirmed = async |number| held(kit, &person.actor, &id(number)).await.record.confirmed_on;
        let (first, second) = (Some(date(2027, 1, 4)), Some(date(2027, 1, 5)));
        assert_eq!(
            [confirmed(1).await, confirmed(2).await, confirmed(3).await],
            [first, second, second]
        );
        let yesterday = AsOf::Past(ops::At::end_of(date(2027, 1, 4)));
        let before = ops::sources::get(&kit.office, &person.actor, &id(2), yesterday)
            .await
            .unwrap();
        assert_eq!(before.record.source, ordinary_source(2));
    });
}

#[test]
fn an_import_that_was_applied_is_not_applied_again() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let import = upload(kit, &brigade, workbook(&sources(1..=2))).await;
        let outcome = preview(kit, &brigade, &import, None).await.outcome;
        imports::apply(&kit.office, &brigade, &import, &outcome)
            .await
            .unwrap();
        let refusal = imports::apply(&kit.office, &brigade, &import, &outcome)
            .await
            .unwrap_err();
        assert!(
            matches!(refusal, Refusal::Rule(ref text) if text.contains("已于")),
            "{refusal}"
        );
    });
}

#[test]
fn an_import_whose_file_was_altered_in_the_database_is_not_applied() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let import = upload(kit, &brigade, workbook(&sources(1..=2))).await;
        let outcome = preview(kit, &brigade, &import, None).await.outcome;
        let done = kit.database.tamper("UPDATE imports SET sha256 = 'x'").await;
        assert_eq!(done, Ok(1));
        let refusal = imports::apply(&kit.office, &brigade, &import, &outcome)
            .await
            .unwrap_err();
        assert!(matches!(refusal, Refusal::Store(_)), "{refusal}");
        assert!(register(kit, &brigade).await.is_empty());
    });
}
