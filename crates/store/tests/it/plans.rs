//! Plans: editions, of which one is in force and one underway.
//! Never tests who may take a plan further: operations do.

use domain::{LoginName, PlanState};
use store::plans::{self, Filter, Kind, Plan};
use store::versions::{AsOf, Version};
use store::{PageRequest, StoreError};
use testkit::{BUREAU, Kit, OTHER_BUREAU, both};

fn who(name: &str) -> LoginName {
    LoginName::parse(name).unwrap()
}

fn draft(number: &str, edition: i64) -> Plan {
    Plan {
        number: number.to_owned(),
        kind: Kind::Annual,
        year: 2027,
        under: String::new(),
        edition,
        state: PlanState::drafted(&who("writer")),
        title: format!("示例县{number}计划"),
        body: format!("edition = {edition}"),
    }
}

fn published(plan: Plan) -> Plan {
    let state = plan.state.submit(&who("writer")).unwrap();
    let state = state
        .approve(&who("leader"))
        .unwrap()
        .publish(&who("writer"))
        .unwrap();
    Plan { state, ..plan }
}

async fn add(kit: &Kit, plan: &Plan) {
    kit.clock.advance_seconds(1);
    let mut tx = kit.db.begin().await.unwrap();
    plans::add(&mut tx, BUREAU, plan, &kit.stamp("plan.test"))
        .await
        .unwrap();
    kit.commit(tx).await;
}

/// Takes the place of the version that holds.
async fn replace(kit: &Kit, seen: i64, plan: &Plan) {
    kit.clock.advance_seconds(1);
    let stamp = kit.stamp("plan.test");
    let mut tx = kit.db.begin().await.unwrap();
    plans::end(&mut tx, BUREAU, &plan.number, seen, stamp.at)
        .await
        .unwrap();
    plans::add(&mut tx, BUREAU, plan, &stamp).await.unwrap();
    kit.commit(tx).await;
}

fn edition(found: Option<&Version<Plan>>) -> Option<(i64, i64)> {
    found.map(|version| (version.record.edition, version.number))
}

#[test]
fn a_draft_stands_beside_the_edition_in_force_which_is_found_as_of_any_moment() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        assert!(
            !plans::exists(&mut kit.db.read().await.unwrap(), BUREAU, "2027")
                .await
                .unwrap()
        );
        add(kit, &draft("2027", 1)).await;
        let before = kit.clock.now();
        replace(kit, 1, &published(draft("2027", 1))).await;
        let first = kit.clock.now();
        add(kit, &draft("2027", 2)).await;
        let mut read = kit.db.read().await.unwrap();
        assert!(plans::exists(&mut read, BUREAU, "2027").await.unwrap());
        assert!(!plans::exists(&mut read, OTHER_BUREAU, "2027").await.unwrap());
        let underway = plans::underway(&mut read, BUREAU, "2027").await.unwrap();
        assert_eq!(edition(underway.as_ref()), Some((2, 3)));
        let now = plans::in_force(&mut read, BUREAU, "2027", AsOf::Now)
            .await
            .unwrap();
        assert_eq!(edition(now.as_ref()), Some((1, 2)));
        assert_eq!(now.unwrap().record, published(draft("2027", 1)));
        for (moment, found) in [(before, None), (first, Some((1, 2)))] {
            let then = plans::in_force(&mut read, BUREAU, "2027", AsOf::Past(moment))
                .await
                .unwrap();
            assert_eq!(edition(then.as_ref()), found);
        }
        let all = plans::history(&mut read, BUREAU, "2027").await.unwrap();
        let numbers: Vec<i64> = all.iter().map(|version| version.number).collect();
        assert_eq!(numbers, [3, 2, 1]);
    });
}

#[test]
fn the_database_refuses_a_second_edition_underway_and_a_second_in_force() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        add(kit, &published(draft("2027", 1))).await;
        add(kit, &draft("2027", 2)).await;
        for second in [draft("2027", 3), published(draft("2027", 3))] {
            let mut tx = kit.db.begin().await.unwrap();
            let refused = plans::add(&mut tx, BUREAU, &second, &kit.stamp("plan.test")).await;
            assert!(matches!(refused, Err(StoreError::Exists(_))), "{refused:?}");
        }
        let mut tx = kit.db.begin().await.unwrap();
        let late = plans::end(&mut tx, BUREAU, "2027", 7, kit.clock.now()).await;
        assert!(matches!(late, Err(StoreError::Busy)), "{late:?}");
    });
}

/// A plan in force with an edition underway, and an implementation plan under it.
async fn filled(kit: &Kit) {
    kit.set_up().await;
    add(kit, &published(draft("2027", 1))).await;
    add(kit, &draft("2027", 2)).await;
    let scheme = Plan {
        kind: Kind::Implementation,
        under: "2027".to_owned(),
        ..published(draft("2027-Q1", 1))
    };
    add(kit, &scheme).await;
}

fn filters() -> Vec<(Filter, Vec<&'static str>)> {
    let all = Filter::default;
    let text = |text: &str| Filter {
        text: text.to_owned(),
        ..all()
    };
    let annual = Filter {
        kind: Some(Kind::Annual),
        ..all()
    };
    let under = Filter {
        under: "2027".to_owned(),
        ..all()
    };
    let of_2028 = Filter {
        year: Some(2028),
        ..all()
    };
    let published = Filter {
        state: "published".to_owned(),
        ..all()
    };
    vec![
        (all(), vec!["2027-Q1", "2027"]),
        (annual, vec!["2027"]),
        (under, vec!["2027-Q1"]),
        (of_2028, vec![]),
        (published, vec!["2027-Q1"]),
        (text("示例县 q1"), vec!["2027-Q1"]),
        (text("%"), vec![]),
    ]
}

#[test]
fn lists_show_each_plan_once_by_its_newest_edition() {
    both(async |kit: &Kit| {
        filled(kit).await;
        let mut read = kit.db.read().await.unwrap();
        for (filter, numbers) in filters() {
            let request = PageRequest::new(1, 20);
            let page = plans::list(&mut read, BUREAU, &filter, request).await.unwrap();
            let found: Vec<&str> = page.rows.iter().map(|row| row.record.number.as_str()).collect();
            assert_eq!((page.total, found), (numbers.len() as u64, numbers), "{filter:?}");
        }
    });
}

#[test]
fn what_is_in_force_and_underway_is_found_in_the_whole_bureau() {
    both(async |kit: &Kit| {
        filled(kit).await;
        let mut read = kit.db.read().await.unwrap();
        let underway = plans::all_underway(&mut read, BUREAU).await.unwrap();
        assert_eq!(underway.len(), 1);
        let in_force = plans::all_in_force(&mut read, BUREAU, Kind::Annual)
            .await
            .unwrap();
        assert_eq!(edition(in_force.first()), Some((1, 1)));
        let publishers = plans::publishers(&mut read, Kind::Implementation).await.unwrap();
        assert_eq!(publishers.len(), 1);
        let items = plans::published_items(&mut read, BUREAU).await.unwrap();
        assert!(items.is_empty());
    });
}
