//! Leave and recusal: recorded, heeded, withdrawn, never deleted.

use jiff::civil::date;
use ops::inspectors::{self, Absence, AbsenceFilter, LeaveTyped, Leaving, Listed, Recusal, RecusalTyped};
use ops::{AsOf, At, PageRequest, Refusal};
use rstest::rstest;
use testkit::{Kit, both};

use super::{acts, against, brigade, entered, fields, inspector, kept_out, source};

const ONE: &str = "9908001001";
const TWO: &str = "9908001002";
const PLANT: &str = "91410899MA0500474K";

fn away(from: &str, until: &str) -> LeaveTyped {
    LeaveTyped {
        certificate: ONE.to_owned(),
        kind: "年休假".to_owned(),
        from: from.to_owned(),
        until: until.to_owned(),
        ground: "休假审批表".to_owned(),
    }
}

async fn leave_id(kit: &Kit) -> String {
    let (all, page) = (AbsenceFilter::default(), PageRequest::new(1, 20));
    let page = inspectors::leaves(&kit.office, &brigade(), &all, page)
        .await
        .unwrap();
    page.rows[0].record.id.clone()
}

async fn first_recusal(kit: &Kit) -> Listed<Recusal> {
    let (all, page) = (AbsenceFilter::default(), PageRequest::new(1, 20));
    let page = inspectors::recusals(&kit.office, &brigade(), &all, page)
        .await
        .unwrap();
    page.rows[0].clone()
}

async fn recusals(kit: &Kit) -> Vec<(String, String)> {
    let now = inspectors::recusals_now(&kit.office, &brigade()).await.unwrap();
    now.into_iter()
        .map(|recusal| (recusal.certificate.to_string(), recusal.source.to_string()))
        .collect()
}

#[test]
fn r4_2_who_is_on_leave_is_kept_out_on_its_days_alone() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        let leave = away("2027-01-06", "2027-01-08");
        assert_eq!(
            inspectors::record_leave(office, &brigade(), &leave)
                .await
                .unwrap(),
            ONE
        );
        assert_eq!(kept_out(kit, ONE).await, None);
        kit.clock.advance_days(2);
        let why = kept_out(kit, ONE).await.unwrap();
        assert_eq!(why, "请假（年休假）到2027-01-08，其间不参加抽取");
        kit.clock.advance_days(2);
        assert!(kept_out(kit, ONE).await.is_some());
        kit.clock.advance_days(1);
        assert_eq!(kept_out(kit, ONE).await, None);
    });
}

#[test]
fn r4_2_a_withdrawn_leave_held_until_then_and_stays_on_record() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        kit.clock.run();
        let office = &kit.office;
        entered(kit, ONE).await;
        let leave = away("2027-01-04", "2027-01-15");
        inspectors::record_leave(office, &brigade(), &leave)
            .await
            .unwrap();
        kit.clock.advance_days(3);
        let id = leave_id(kit).await;
        let groundless = inspectors::withdraw(office, &brigade(), Absence::Leave, &id, "").await;
        assert_eq!(fields(groundless.unwrap_err()), ["ground"]);
        inspectors::withdraw(office, &brigade(), Absence::Leave, &id, "提前返岗")
            .await
            .unwrap();
        assert_eq!(kept_out(kit, ONE).await, None);
        let again = inspectors::withdraw(office, &brigade(), Absence::Leave, &id, "提前返岗").await;
        assert!(matches!(again, Err(Refusal::Missing(_))));

        let then = AsOf::Past(At::end_of(date(2027, 1, 5)));
        let on_tuesday = inspectors::get(office, &brigade(), ONE, then).await.unwrap();
        assert!(on_tuesday.kept_out.is_some());
        let kept = inspectors::absences_of(office, &brigade(), ONE, AsOf::Now)
            .await
            .unwrap();
        let withdrawn = kept.leaves[0].record.withdrawn.clone().unwrap();
        assert_eq!(
            (withdrawn.by.as_str(), withdrawn.ground.as_str()),
            ("brigade", "提前返岗")
        );
        let recorded = acts(kit).await;
        assert_eq!(
            recorded[..2],
            [
                ("leave.withdraw".to_owned(), false),
                ("leave.record".to_owned(), false)
            ]
        );
    });
}

#[test]
fn r4_2_a_leave_that_cannot_be_is_refused_field_by_field() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        let record = async |typed: LeaveTyped| {
            let refused = inspectors::record_leave(office, &brigade(), &typed).await;
            fields(refused.unwrap_err())
        };
        assert_eq!(record(away("2027-01-08", "2027-01-06")).await, ["until"]);
        assert_eq!(record(away("2027-01-08", "2072-01-06")).await, ["until"]);
        let blank = record(LeaveTyped::default()).await;
        assert_eq!(blank, ["kind", "from", "until", "ground", "certificate"]);
        let stranger = LeaveTyped {
            certificate: TWO.to_owned(),
            ..away("2027-01-06", "2027-01-08")
        };
        assert_eq!(record(stranger).await, ["certificate"]);
        inspectors::record_leave(office, &brigade(), &away("2027-01-06", "2027-01-08"))
            .await
            .unwrap();
        assert_eq!(record(away("2027-01-08", "2027-01-09")).await, ["from"]);
        let by_name = |name: &str, from: &str| LeaveTyped {
            certificate: name.to_owned(),
            ..away(from, from)
        };
        inspectors::record_leave(office, &brigade(), &by_name("示例一", "2027-01-10"))
            .await
            .unwrap();
        assert_eq!(record(by_name("示例", "2027-01-11")).await, ["certificate"]);
        entered(kit, TWO).await;
        assert_eq!(record(by_name("示例一", "2027-01-11")).await, ["certificate"]);
        inspectors::record_leave(office, &brigade(), &away("2027-01-09", "2027-01-09"))
            .await
            .unwrap();
    });
}

#[test]
fn r4_2_a_plan_learns_who_is_away_in_its_window() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        inspectors::record_leave(office, &brigade(), &away("2027-02-01", "2027-02-05"))
            .await
            .unwrap();
        for (from, until, count) in [
            (date(2027, 1, 20), date(2027, 1, 31), 0),
            (date(2027, 1, 20), date(2027, 2, 1), 1),
            (date(2027, 2, 2), date(2027, 2, 3), 1),
            (date(2027, 2, 5), date(2027, 3, 1), 1),
            (date(2027, 2, 6), date(2027, 3, 1), 0),
        ] {
            let away = inspectors::leaves_over(office, &brigade(), from, until)
                .await
                .unwrap();
            assert_eq!(away.len(), count, "{from} to {until}");
        }
    });
}

#[rstest]
#[case::by_code(PLANT, PLANT)]
#[case::by_code_as_typed("91410899ma0500474k ", PLANT)]
#[case::by_name("示例县水泥有限公司", PLANT)]
#[case::by_site("91410899MA0500474K-02", "91410899MA0500474K-02")]
fn r5_1f_an_inspector_declares_a_recusal_against_a_site_or_an_enterprise(
    #[case] typed: &str,
    #[case] found: &str,
) {
    both(async |kit: &Kit| {
        kit.set_up().await;
        kit.clock.run();
        entered(kit, ONE).await;
        source(kit, "示例县水泥有限公司", PLANT, 1).await;
        source(kit, "示例县水泥有限公司", PLANT, 2).await;
        let own = RecusalTyped {
            asked_by: "机关决定".to_owned(),
            ..against(TWO, typed)
        };
        inspectors::declare_recusal(&kit.office, &inspector(ONE), &own)
            .await
            .unwrap();
        assert_eq!(recusals(kit).await, [(ONE.to_owned(), found.to_owned())]);
        let row = first_recusal(kit).await;
        assert_eq!(row.record.asked_by, "本人申报");
        assert_eq!(row.source_name, "示例县水泥有限公司");
        let twice = inspectors::declare_recusal(&kit.office, &inspector(ONE), &own).await;
        assert_eq!(fields(twice.unwrap_err()), ["source"]);
        assert_eq!(acts(kit).await[0], ("recusal.declare".to_owned(), false));
    });
}

#[test]
fn r5_1f_a_recusal_names_a_source_of_the_register_and_a_person_in_it() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        source(kit, "示例县水泥有限公司", PLANT, 2).await;
        for wrong in [
            "",
            "91410899MA0500474X",
            "91410899000000001A",
            "没有这家公司",
            "水泥",
        ] {
            let refused = inspectors::record_recusal(office, &brigade(), &against(ONE, wrong)).await;
            assert_eq!(fields(refused.unwrap_err()), ["source"], "{wrong}");
        }
        let nobody = inspectors::record_recusal(office, &brigade(), &against(TWO, PLANT)).await;
        assert_eq!(fields(nobody.unwrap_err()), ["certificate"]);
        let blank = inspectors::record_recusal(office, &brigade(), &RecusalTyped::default()).await;
        assert_eq!(
            fields(blank.unwrap_err()),
            ["asked_by", "ground", "certificate", "source"]
        );
        let outsider = inspectors::declare_recusal(office, &inspector(TWO), &against("", PLANT)).await;
        assert_eq!(fields(outsider.unwrap_err()), [""]);
        let nameless = inspectors::declare_recusal(office, &inspector(""), &against("", PLANT)).await;
        assert!(matches!(nameless, Err(Refusal::Rule(_))));
        // The enterprise is known by its second site alone, and its code still means all of it.
        inspectors::record_recusal(office, &brigade(), &against(ONE, PLANT))
            .await
            .unwrap();
        assert_eq!(recusals(kit).await, [(ONE.to_owned(), PLANT.to_owned())]);
    });
}

#[test]
fn r5_1f_who_is_recused_does_not_lift_it_and_somebody_else_does_with_ground() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        source(kit, "示例县水泥有限公司", PLANT, 1).await;
        inspectors::record_recusal(office, &brigade(), &against(ONE, PLANT))
            .await
            .unwrap();
        let id = first_recusal(kit).await.record.id;
        let mut own = brigade();
        own.certificate = ONE.to_owned();
        let lifted = inspectors::withdraw(office, &own, Absence::Recusal, &id, "已离婚").await;
        assert!(matches!(lifted, Err(Refusal::Rule(_))));
        let lifted = inspectors::withdraw(office, &inspector(ONE), Absence::Recusal, &id, "已离婚").await;
        assert!(matches!(lifted, Err(Refusal::Forbidden(_))));
        inspectors::withdraw(office, &brigade(), Absence::Recusal, &id, "配偶已离职")
            .await
            .unwrap();
        assert!(recusals(kit).await.is_empty());
        let kept = inspectors::absences_of(office, &brigade(), ONE, AsOf::Now)
            .await
            .unwrap();
        assert!(kept.recusals[0].record.withdrawn.is_some());
    });
}

#[test]
fn r5_1f_a_recusal_bears_while_person_and_source_are_in_the_registers() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        source(kit, "示例县水泥有限公司", PLANT, 1).await;
        inspectors::record_recusal(office, &brigade(), &against(ONE, PLANT))
            .await
            .unwrap();
        ops::sources::leave(office, &brigade(), PLANT, 1, "关停")
            .await
            .unwrap();
        assert!(recusals(kit).await.is_empty());
        ops::sources::return_to(office, &brigade(), PLANT, 2, "复产")
            .await
            .unwrap();
        assert_eq!(recusals(kit).await.len(), 1);
        let gone = Leaving {
            reason: "调离".to_owned(),
            on: "2027-01-04".to_owned(),
            ground: "调令".to_owned(),
        };
        inspectors::leave(office, &brigade(), ONE, 1, &gone)
            .await
            .unwrap();
        assert!(recusals(kit).await.is_empty());
    });
}

#[test]
fn r5_1f_grounds_of_others_are_not_for_colleagues() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let office = &kit.office;
        entered(kit, ONE).await;
        entered(kit, TWO).await;
        source(kit, "示例县水泥有限公司", PLANT, 1).await;
        inspectors::record_recusal(office, &brigade(), &against(ONE, PLANT))
            .await
            .unwrap();
        inspectors::record_leave(office, &brigade(), &away("2027-01-04", "2027-01-05"))
            .await
            .unwrap();
        for (reader, is_told) in [(brigade(), true), (inspector(ONE), true), (inspector(TWO), false)] {
            let told = inspectors::absences_of(office, &reader, ONE, AsOf::Now)
                .await
                .unwrap();
            assert_eq!(!told.recusals[0].record.ground.is_empty(), is_told);
            assert_eq!(!told.leaves[0].record.ground.is_empty(), is_told);
        }
    });
}
