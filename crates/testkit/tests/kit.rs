//! The kit itself: what others rely on when they test with it.
//! Never tests the application beyond that.

use domain::Role;
use testkit::{Kit, both};

#[test]
fn people_of_every_role_see_their_first_page_and_none_of_it_without_signing_in() {
    both(async |kit: &Kit| {
        for role in [
            Role::Planner,
            Role::Inspector,
            Role::JointDepartment,
            Role::AuditAdministrator,
        ] {
            let person = kit.person(role).await;
            let page = person.get("/").await;
            assert_eq!((page.status, page.h1().as_str()), (200, "待办"));
        }
        let page = kit.visitor().get("/").await;
        assert_eq!(page.location.as_deref(), Some("/sign-in?to=/"));
    });
}

#[test]
fn a_filled_register_is_listed_and_each_kit_has_its_own() {
    both(async |kit: &Kit| {
        kit.fill_sources(30).await;
        kit.fill_inspectors(12).await;
        let brigade = kit.person(Role::Brigade).await;
        let page = brigade.get("/sources").await;
        assert!(page.says("共 30 条"), "{}", page.words());
        let other = Kit::new(kit.engine).await;
        let page = other.person(Role::Brigade).await.get("/sources").await;
        assert!(!page.says("共 30 条"));
        other.close().await;
    });
}

#[test]
fn a_session_ends_with_the_working_day_and_signing_in_begins_another() {
    both(async |kit: &Kit| {
        let person = kit.person(Role::Leader).await;
        kit.clock.advance_days(1);
        assert!(person.get("/").await.location.is_some());
        person.sign_in().await;
        assert_eq!(person.get("/").await.status, 200);
        assert_eq!(kit.clock.now().to_string(), "2027-01-05 09:00:00");
    });
}
