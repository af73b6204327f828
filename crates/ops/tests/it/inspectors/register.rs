//! Joining, changing, leaving, coming back, and the register as of any day.

use domain::PostStatus;
use domain::rights::Permission;
use jiff::civil::date;
use ops::inspectors::{self, Entry, Filter, KeptOut, Leaving, Presence, Returning, Typed};
use ops::{AsOf, At, PageRequest, Refusal, Version};
use rstest::rstest;
use testkit::{Engine, Kit, both, on};

use super::{acts, brigade, entered, fields, inspector, kept_out, person, seen};

const ONE: &str = "9908001001";

fn leaving(reason: &str, on: &str) -> Leaving {
    Leaving {
        reason: reason.to_owned(),
        on: on.to_owned(),
        ground: "人事通知〔2027〕2号".to_owned(),
    }
}

fn returning(on: &str) -> Returning {
    Returning {
        on: on.to_owned(),
        ground: "人事通知〔2027〕3号".to_owned(),
    }
}

async fn changed(kit: &Kit, certificate: &str, typed: &Typed) -> Result<(), Refusal> {
    let seen = seen(kit, certificate).await;
    inspectors::change(&kit.office, &brigade(), certificate, seen, typed).await
}

async fn on_day(kit: &Kit, day: jiff::civil::Date, left: Presence) -> Vec<Version<Entry>> {
    let filter = Filter {
        left,
        ..Filter::default()
    };
    let (as_of, page) = (AsOf::Past(At::end_of(day)), PageRequest::new(1, 100));
    let page = inspectors::list(&kit.office, &brigade(), &filter, as_of, page).await;
    let rows = page.unwrap().rows;
    rows.into_iter().map(|person| person.version).collect()
}

#[test]
fn r4_1_a_member_with_a_valid_certificate_may_be_drawn() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        entered(kit, ONE).await;
        assert_eq!(kept_out(kit, ONE).await, None);
        let drawable = inspectors::drawable(&kit.office, &brigade()).await.unwrap();
        assert_eq!(drawable.len(), 1);
        assert_eq!(drawable[0].certificate.number.as_str(), ONE);
    });
}

#[rstest]
#[case::expired("2027-01-03", "在岗", "执法证已于2027-01-03到期")]
#[case::without_term("", "在岗", "没有登记执法证有效期")]
#[case::suspended("2029-10-15", "停职", "状态为停职")]
#[case::seconded("2029-10-15", "借调", "状态为借调")]
#[case::on_leave("2029-10-15", "休假", "状态为休假")]
fn r4_1_expired_without_term_or_not_in_post_keeps_out(
    #[case] valid_until: &str,
    #[case] post: &str,
    #[case] why: &str,
) {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let typed = person(ONE, valid_until, post);
        inspectors::enter(&kit.office, &brigade(), &typed).await.unwrap();
        let told = kept_out(kit, ONE).await.unwrap();
        assert!(told.contains(why), "{told}");
    });
}

#[test]
fn r4_1_a_certificate_that_ends_keeps_out_from_the_day_after() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let typed = person(ONE, "2027-01-05", "在岗");
        inspectors::enter(&kit.office, &brigade(), &typed).await.unwrap();
        kit.clock.advance_days(1);
        assert_eq!(kept_out(kit, ONE).await, None);
        kit.clock.advance_days(1);
        assert!(kept_out(kit, ONE).await.unwrap().contains("到期"));
    });
}

#[test]
fn r4_1_without_certificate_number_or_department_nobody_is_entered() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        let nameless = inspectors::enter(office, &brigade(), &person("", "2029-10-15", "在岗")).await;
        assert_eq!(fields(nameless.unwrap_err()), ["执法证编号"]);
        for department in ["", "没有这个股"] {
            let stranger = Typed {
                department: department.to_owned(),
                ..person(ONE, "2029-10-15", "在岗")
            };
            let refused = inspectors::enter(office, &brigade(), &stranger)
                .await
                .unwrap_err();
            assert_eq!(fields(refused), ["department"]);
        }
        assert!(inspectors::drawable(office, &brigade()).await.unwrap().is_empty());
    });
}

#[test]
fn r4_2_a_change_needs_ground_and_day_and_one_number_is_one_person() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        let groundless = Typed {
            ground: " ".to_owned(),
            joined_on: "2027-01-05".to_owned(),
            ..person(ONE, "2029-10-15", "在岗")
        };
        let refused = inspectors::enter(office, &brigade(), &groundless)
            .await
            .unwrap_err();
        assert_eq!(fields(refused), ["joined_on", "ground"]);
        entered(kit, ONE).await;
        let twice = inspectors::enter(office, &brigade(), &person(ONE, "2030-01-01", "在岗")).await;
        assert_eq!(fields(twice.unwrap_err()), ["执法证编号"]);
        let other = changed(kit, ONE, &person("9908001002", "2029-10-15", "在岗")).await;
        assert_eq!(fields(other.unwrap_err()), ["执法证编号"]);
        let same = changed(kit, ONE, &person(ONE, "2029-10-15", "在岗")).await;
        assert!(matches!(same, Err(Refusal::Rule(_))));
    });
}

#[test]
fn r4_2_joining_transfer_and_retirement_show_as_of_any_day() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        kit.clock.run();
        let office = &kit.office;
        entered(kit, ONE).await;
        kit.clock.advance_days(10);
        let moved = Typed {
            department: "办公室".to_owned(),
            ..person(ONE, "2029-10-15", "在岗")
        };
        changed(kit, ONE, &moved).await.unwrap();
        kit.clock.advance_days(10);
        let retired = leaving("退休", "2027-01-22");
        inspectors::leave(office, &brigade(), ONE, seen(kit, ONE).await, &retired)
            .await
            .unwrap();

        assert!(on_day(kit, date(2027, 1, 3), Presence::Both).await.is_empty());
        let first = on_day(kit, date(2027, 1, 13), Presence::Inside).await;
        assert_eq!(first[0].record.department, "环境监察大队");
        let second = on_day(kit, date(2027, 1, 23), Presence::Inside).await;
        assert_eq!(second[0].record.department, "办公室");
        assert!(on_day(kit, date(2027, 1, 24), Presence::Inside).await.is_empty());
        let gone = on_day(kit, date(2027, 1, 24), Presence::Left).await;
        assert_eq!(gone[0].record.inspector.post, PostStatus::Retired);
        assert_eq!(gone[0].record.joined_on, Some(date(2027, 1, 4)));
        assert_eq!(gone[0].record.left_on, Some(date(2027, 1, 22)));
        assert!(inspectors::drawable(office, &brigade()).await.unwrap().is_empty());

        let versions = inspectors::history(office, &brigade(), ONE).await.unwrap();
        let told: Vec<(&str, &str)> = versions
            .iter()
            .map(|version| (version.stamp.act.as_str(), version.stamp.ground.as_str()))
            .collect();
        let expected = [
            ("inspector.leave", "人事通知〔2027〕2号"),
            ("inspector.change", "人事通知〔2027〕1号"),
            ("inspector.enter", "人事通知〔2027〕1号"),
        ];
        assert_eq!(told, expected);
        assert!(versions.iter().all(|version| version.stamp.author == "brigade"));
        let recorded: Vec<String> = acts(kit).await.into_iter().map(|(act, _)| act).collect();
        assert_eq!(
            recorded[..3],
            ["inspector.leave", "inspector.change", "inspector.enter"]
        );
    });
}

#[rstest]
#[case::transfer("调离", PostStatus::Transferred)]
#[case::resignation("离职", PostStatus::Resigned)]
#[case::retirement("退休", PostStatus::Retired)]
#[case::other("其他原因", PostStatus::InPost)]
fn r4_2_who_leaves_is_out_and_who_returns_is_in_post(#[case] reason: &str, #[case] post: PostStatus) {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        kit.clock.advance_days(5);
        for (wrong, field) in [
            (leaving("", "2027-01-06"), "reason"),
            (leaving(reason, "2027-01-10"), "on"),
            (leaving(reason, "2027-01-03"), "on"),
            (leaving(reason, ""), "on"),
        ] {
            let refused = inspectors::leave(office, &brigade(), ONE, 1, &wrong).await;
            assert_eq!(fields(refused.unwrap_err()), [field]);
        }
        inspectors::leave(office, &brigade(), ONE, 1, &leaving(reason, "2027-01-06"))
            .await
            .unwrap();
        let person = inspectors::get(office, &brigade(), ONE, AsOf::Now).await.unwrap();
        assert_eq!(person.kept_out, Some(KeptOut::Left));
        assert_eq!(person.version.record.inspector.post, post);
        let again = inspectors::leave(office, &brigade(), ONE, 2, &leaving(reason, "2027-01-06")).await;
        assert!(matches!(again, Err(Refusal::Rule(_))));

        let early = inspectors::return_to(office, &brigade(), ONE, 2, &returning("2027-01-05")).await;
        assert_eq!(fields(early.unwrap_err()), ["on"]);
        inspectors::return_to(office, &brigade(), ONE, 2, &returning("2027-01-08"))
            .await
            .unwrap();
        let person = inspectors::get(office, &brigade(), ONE, AsOf::Now).await.unwrap();
        assert_eq!(person.kept_out, None);
        assert_eq!(person.version.record.joined_on, Some(date(2027, 1, 8)));
        assert_eq!(person.version.record.left_on, None);
    });
}

#[test]
fn r4_2_of_two_who_change_the_same_person_the_second_is_told() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        let one = person(ONE, "2030-10-15", "在岗");
        inspectors::change(office, &brigade(), ONE, 1, &one)
            .await
            .unwrap();
        let two = person(ONE, "2031-10-15", "在岗");
        let late = inspectors::change(office, &brigade(), ONE, 1, &two).await;
        assert!(matches!(late, Err(Refusal::Overtaken)));
    });
}

#[test]
fn r4_2_who_may_only_read_changes_nobody() {
    on(Engine::Sqlite, async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        let reader = inspector(ONE);
        let typed = person("9908001002", "2029-10-15", "在岗");
        let forbidden = [
            inspectors::enter(office, &reader, &typed).await.err(),
            inspectors::change(office, &reader, ONE, 1, &typed).await.err(),
            inspectors::leave(office, &reader, ONE, 1, &leaving("退休", "2027-01-04"))
                .await
                .err(),
            inspectors::return_to(office, &reader, ONE, 1, &returning("2027-01-04"))
                .await
                .err(),
        ];
        for refusal in forbidden {
            assert!(matches!(
                refusal,
                Some(Refusal::Forbidden(Permission::ChangeInspectors))
            ));
        }
    });
}

#[test]
fn r4_2_an_export_reads_back_as_it_is() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        for number in 0..3 {
            entered(kit, &format!("990800100{number}")).await;
        }
        let filter = Filter {
            text: "1001".to_owned(),
            ..Filter::default()
        };
        let people = inspectors::all(&kit.office, &brigade(), &filter, AsOf::Now)
            .await
            .unwrap();
        let file = inspectors::workbook(people.clone()).await.unwrap();
        let read = sheets::import::<sheets::Inspectors>(std::io::Cursor::new(file)).unwrap();
        let back: Vec<_> = read.accepted.into_iter().map(|row| row.record).collect();
        assert_eq!(back, people);
        assert_eq!(people.len(), 1);
    });
}

#[test]
fn r6_certificates_posts_and_leaves_that_are_over_are_duties() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        for (certificate, until, post) in [
            ("9908001001", "2027-02-01", "在岗"),
            ("9908001002", "2027-01-03", "在岗"),
            ("9908001003", "", "在岗"),
            ("9908001004", "长期", "退休"),
            ("9908001005", "2029-01-01", "休假"),
        ] {
            let typed = person(certificate, until, post);
            inspectors::enter(office, &brigade(), &typed).await.unwrap();
        }
        let leave = inspectors::LeaveTyped {
            certificate: "9908001005".to_owned(),
            kind: "病假".to_owned(),
            from: "2027-01-04".to_owned(),
            until: "2027-01-05".to_owned(),
            ground: "医院证明".to_owned(),
        };
        inspectors::record_leave(office, &brigade(), &leave)
            .await
            .unwrap();
        let of = async |what: &str| {
            let duties = ops::duties::of(office, &brigade()).await.unwrap();
            let duty = duties.into_iter().find(|duty| duty.what.contains(what));
            duty.map(|duty| (duty.count, duty.late))
        };
        assert_eq!(of("执法证").await, Some((3, 2)));
        assert_eq!(of("已退休").await, Some((1, 1)));
        assert_eq!(of("假期已满").await, None);
        kit.clock.advance_days(2);
        assert_eq!(of("假期已满").await, Some((1, 1)));
        assert!(ops::duties::of(office, &inspector(ONE)).await.unwrap().is_empty());
    });
}
