//! R3.3: what has not been confirmed for long and what expires is told to who keeps the register.
//! Never waits: the clock is moved.

use domain::{Licence, Role, Source, Until, Validity};
use jiff::civil::{Date, date};
use ops::Actor;
use ops::duties::{CONFIRM_WITHIN_DAYS, Duty, EXPIRES_WITHIN_DAYS};
use ops::sources;
use testkit::{Kit, both, ordinary_source, typed};

use super::{enter, held, keeper};

fn licensed_until(number: u32, until: Date) -> Source {
    let ordinary = ordinary_source(number);
    let licence = Licence {
        validity: Validity::new(None, Until::Date(until)).unwrap(),
        ..ordinary.licences[0].clone()
    };
    Source {
        licences: vec![licence],
        ..ordinary
    }
}

async fn duty(kit: &Kit, actor: &Actor, what: &str) -> Option<Duty> {
    let duties = ops::duties::of(&kit.office, actor).await.unwrap();
    duties.into_iter().find(|duty| duty.what.contains(what))
}

async fn expiring(kit: &Kit, actor: &Actor) -> Option<(u64, u64)> {
    duty(kit, actor, "许可证")
        .await
        .map(|duty| (duty.count, duty.late))
}

async fn stale(kit: &Kit, actor: &Actor) -> Option<u64> {
    duty(kit, actor, "长期未核实").await.map(|duty| duty.count)
}

#[test]
fn r3_3_a_licence_is_told_sixty_days_before_its_end_and_late_after_it() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let last_day = date(2027, 4, 1);
        enter(kit, &brigade, &licensed_until(1, last_day)).await;
        let today = kit.clock.now().day();
        let ahead = i64::from(today.until(last_day).unwrap().get_days());
        kit.clock.advance_days(ahead - EXPIRES_WITHIN_DAYS - 1);
        assert_eq!(expiring(kit, &brigade).await, None);
        kit.clock.advance_days(1);
        assert_eq!(expiring(kit, &brigade).await, Some((1, 0)));
        kit.clock.advance_days(EXPIRES_WITHIN_DAYS);
        assert_eq!(kit.clock.now().day(), last_day);
        assert_eq!(
            expiring(kit, &brigade).await,
            Some((1, 0)),
            "its last day still counts"
        );
        kit.clock.advance_days(1);
        assert_eq!(expiring(kit, &brigade).await, Some((1, 1)));
        let count = sources::expiring(&kit.office, &brigade, last_day).await.unwrap();
        assert_eq!(count, 1);
    });
}

#[test]
fn r3_3_a_renewed_licence_and_a_source_that_left_are_not_told_any_more() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let soon = date(2027, 1, 20);
        let renewed = enter(kit, &brigade, &licensed_until(1, soon)).await;
        let left = enter(kit, &brigade, &licensed_until(2, soon)).await;
        assert_eq!(expiring(kit, &brigade).await, Some((2, 0)));
        let until = typed(&licensed_until(1, date(2032, 1, 20)), "换证");
        sources::change(&kit.office, &brigade, &renewed, 1, &until)
            .await
            .unwrap();
        sources::leave(&kit.office, &brigade, &left, 1, "不再排污")
            .await
            .unwrap();
        assert_eq!(expiring(kit, &brigade).await, None);
    });
}

#[test]
fn r3_3_a_source_that_nobody_confirmed_for_half_a_year_is_told_until_somebody_does() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let id = enter(kit, &brigade, &ordinary_source(1)).await;
        kit.clock.advance_days(CONFIRM_WITHIN_DAYS);
        assert_eq!(stale(kit, &brigade).await, None);
        kit.clock.advance_days(1);
        assert_eq!(stale(kit, &brigade).await, Some(1));
        sources::confirm(&kit.office, &brigade, &id, 1).await.unwrap();
        assert_eq!(stale(kit, &brigade).await, None);
        let today = kit.clock.now().day();
        assert_eq!(held(kit, &brigade, &id).await.record.confirmed_on, Some(today));
    });
}

#[test]
fn r3_3_changing_or_returning_a_source_confirms_it_too_but_leaving_does_not() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let entered = kit.clock.now().day();
        let id = enter(kit, &brigade, &ordinary_source(1)).await;
        let confirmed = async || held(kit, &brigade, &id).await.record.confirmed_on;
        kit.clock.advance_days(10);
        sources::leave(&kit.office, &brigade, &id, 1, "停产")
            .await
            .unwrap();
        assert_eq!(confirmed().await, Some(entered));
        kit.clock.advance_days(10);
        sources::return_to(&kit.office, &brigade, &id, 2, "复产")
            .await
            .unwrap();
        assert_eq!(confirmed().await, Some(kit.clock.now().day()));
        kit.clock.advance_days(10);
        let changed = typed(&licensed_until(1, date(2031, 1, 1)), "换证");
        sources::change(&kit.office, &brigade, &id, 3, &changed)
            .await
            .unwrap();
        assert_eq!(confirmed().await, Some(kit.clock.now().day()));
    });
}

#[test]
fn r3_3_each_duty_leads_to_as_many_rows_as_it_says() {
    both(async |kit: &Kit| {
        let brigade = kit.person(Role::Brigade).await;
        for number in 1..=3 {
            enter(kit, &brigade.actor, &licensed_until(number, date(2027, 7, 20))).await;
        }
        kit.clock.advance_days(CONFIRM_WITHIN_DAYS + 10);
        enter(kit, &brigade.actor, &ordinary_source(4)).await;
        brigade.sign_in().await;
        for what in ["许可证", "长期未核实"] {
            let duty = duty(kit, &brigade.actor, what).await.unwrap();
            assert_eq!(duty.count, 3, "{what}");
            let page = brigade.get(&duty.href).await;
            assert!(page.says("共 3 个"), "{what}: {}", page.words());
            assert!(brigade.get("/").await.says(duty.what));
        }
        let leader = kit.person(Role::Leader).await;
        assert_eq!(
            duty(kit, &leader.actor, "长期未核实").await,
            None,
            "not the leader's to see to"
        );
    });
}
