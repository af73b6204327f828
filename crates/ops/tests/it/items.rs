//! The catalogue of items: what ships, who publishes, what is in force, what anybody may read.

use domain::items::{ItemDraft, LineDraft};
use domain::rights::Role;
use domain::{ItemState, Text};
use ops::items::{self, Filter, Standing};
use ops::{Actor, AsOf, Office, PageRequest, Refusal};
use rstest::rstest;
use testkit::{BUREAU, BUREAU_NAME, Engine, Kit, actor, both, on};

const GUIDE: [&str; 3] = ["FZGZD-01", "ZDJK-01", "ZGZD-01"];

fn planner() -> Actor {
    actor(Role::Planner)
}

fn typed(code: &str) -> ItemDraft {
    ItemDraft {
        code: code.to_owned(),
        name: "一般排污单位检查".to_owned(),
        basis: "《中华人民共和国环境保护法》第二十四条".to_owned(),
        object: "一般排污单位".to_owned(),
        content: "污染防治设施运行".to_owned(),
        methods: vec!["现场".to_owned()],
        department: "环境监察大队".to_owned(),
        kind: "一般".to_owned(),
        checklist: vec![LineDraft {
            content: "设施与生产同步运行".to_owned(),
            ..LineDraft::default()
        }],
    }
}

async fn offered(office: &Office) -> Vec<(String, String)> {
    let published = items::published(office, &planner()).await.unwrap();
    published
        .iter()
        .map(|(item, day)| (item.code.to_string(), day.to_string()))
        .collect()
}

async fn codes_in_public(office: &Office) -> Vec<String> {
    let catalogue = items::catalogue(office, "").await.unwrap();
    catalogue
        .items
        .iter()
        .map(|edition| edition.item.code.to_string())
        .collect()
}

#[test]
fn g1_the_three_items_of_the_guide_are_in_the_catalogue_of_a_new_bureau() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let list = items::list(
            &kit.office,
            &planner(),
            &Filter::default(),
            AsOf::Now,
            PageRequest::new(1, 20),
        )
        .await
        .unwrap();
        let codes: Vec<&str> = list
            .rows
            .iter()
            .map(|row| row.record.item.code.as_str())
            .collect();
        assert_eq!(codes, GUIDE);
        for row in &list.rows {
            assert_eq!(row.record.state, ItemState::Draft);
            assert_eq!((row.number, row.record.edition), (1, 1));
            assert_eq!(row.stamp.author, items::SHIPPED);
            assert_eq!(row.record.item.department, Text::parse("环境监察大队").unwrap());
        }
    });
}

#[test]
fn g2_what_ships_has_its_checklists_and_each_is_changed_by_itself() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let (office, planner) = (&kit.office, planner());
        let before = items::get(office, &planner, "ZGZD-01", AsOf::Now).await.unwrap();
        assert!(before.record.item.checklist.lines().len() >= 12);
        let mut draft = before.record.item.draft();
        draft.checklist.remove(0);
        draft.checklist[0].how = "先看台账，再看现场".to_owned();
        draft.checklist.push(LineDraft {
            content: "本县补充：清洁生产".to_owned(),
            ..LineDraft::default()
        });
        items::amend(office, &planner, "ZGZD-01", 1, &draft, "")
            .await
            .unwrap();
        let after = items::get(office, &planner, "ZGZD-01", AsOf::Now).await.unwrap();
        assert_eq!(after.record.item.draft().checklist, draft.checklist);
        let other = items::get(office, &planner, "FZGZD-01", AsOf::Now).await.unwrap();
        assert_eq!(other.record.item.checklist, before.record.item.checklist);
        let versions = items::history(office, &planner, "ZGZD-01").await.unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[1].record, before.record);
        assert_eq!(versions[0].stamp.author, "planner");
    });
}

#[test]
fn r1_only_a_published_item_is_offered_to_plans() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let (office, planner) = (&kit.office, planner());
        assert!(offered(office).await.is_empty());
        items::publish(office, &planner, "ZDJK-01", 1).await.unwrap();
        let published = vec![("ZDJK-01".to_owned(), "2027-01-04".to_owned())];
        assert_eq!(offered(office).await, published);
        items::discard(office, &planner, "ZGZD-01", 1, "本县没有")
            .await
            .unwrap();
        assert_eq!(offered(office).await, published);
        items::retire(office, &planner, "ZDJK-01", 2, "基站移交市局")
            .await
            .unwrap();
        assert!(offered(office).await.is_empty());
    });
}

#[test]
fn r1_an_amended_item_stays_in_force_until_the_new_version_is_published() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let (office, planner) = (&kit.office, planner());
        let code = items::draft(office, &planner, &typed("YBPW-01")).await.unwrap();
        items::publish(office, &planner, &code, 1).await.unwrap();
        kit.clock.advance_days(40);
        let mut next = typed("YBPW-01");
        next.basis = "《生态环境法典》".to_owned();
        let without = items::amend(office, &planner, &code, 2, &next, " ")
            .await
            .unwrap_err();
        assert!(
            matches!(&without, Refusal::Fields(errors) if errors.len() == 1 && errors[0].field == "ground")
        );
        items::amend(office, &planner, &code, 2, &next, "法典施行")
            .await
            .unwrap();

        let basis = async || {
            let published = items::published(office, &planner).await.unwrap();
            (published[0].0.basis.to_string(), published[0].1.to_string())
        };
        let old = (
            "《中华人民共和国环境保护法》第二十四条".to_owned(),
            "2027-01-04".to_owned(),
        );
        assert_eq!(basis().await, old);
        let (_, editions) = items::editions(office, "", &code).await.unwrap();
        assert_eq!(editions.len(), 1, "a draft is not public");

        items::publish(office, &planner, &code, 3).await.unwrap();
        assert_eq!(
            basis().await,
            ("《生态环境法典》".to_owned(), "2027-02-13".to_owned())
        );
        let (_, editions) = items::editions(office, BUREAU, &code).await.unwrap();
        assert_eq!(
            editions.iter().map(|text| text.number).collect::<Vec<_>>(),
            [2, 1]
        );
        assert_eq!(editions[0].standing, Standing::InForce);
        let on = "2027-02-13".parse().unwrap();
        assert_eq!(editions[1].standing, Standing::Replaced { on });
        assert_eq!(editions[1].item.basis.as_str(), old.0);
    });
}

#[test]
fn r1_the_catalogue_can_be_read_as_of_any_day() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let (office, planner) = (&kit.office, planner());
        items::publish(office, &planner, "ZDJK-01", 1).await.unwrap();
        kit.clock.advance_days(10);
        items::retire(office, &planner, "ZDJK-01", 2, "基站移交市局")
            .await
            .unwrap();
        let state = async |day: &str| {
            let as_of = AsOf::Past(ops::At::end_of(day.parse().unwrap()));
            let found = items::get(office, &planner, "ZDJK-01", as_of).await;
            found.ok().map(|version| version.record.state)
        };
        assert_eq!(state("2027-01-03").await, None);
        assert_eq!(state("2027-01-04").await, Some(ItemState::Published));
        assert_eq!(state("2027-01-13").await, Some(ItemState::Published));
        assert_eq!(state("2027-01-14").await, Some(ItemState::Retired));
    });
}

#[test]
fn r1_the_catalogue_is_public_and_drafts_are_not() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let (office, planner) = (&kit.office, planner());
        assert!(codes_in_public(office).await.is_empty());
        assert!(items::editions(office, "", "ZDJK-01").await.is_err());
        items::publish(office, &planner, "ZDJK-01", 1).await.unwrap();
        assert_eq!(codes_in_public(office).await, ["ZDJK-01"]);
        items::retire(office, &planner, "ZDJK-01", 2, "基站移交市局")
            .await
            .unwrap();
        assert!(codes_in_public(office).await.is_empty());
        let (bureau, editions) = items::editions(office, "", "ZDJK-01").await.unwrap();
        assert_eq!(bureau.name, BUREAU_NAME);
        let ground = "基站移交市局".to_owned();
        let on = "2027-01-04".parse().unwrap();
        assert_eq!(editions[0].standing, Standing::Retired { on, ground });
        assert!(items::catalogue(office, "999999-NO").await.is_err());
    });
}

#[rstest]
#[case::brigade(Role::Brigade)]
#[case::leader(Role::Leader)]
#[case::inspector(Role::Inspector)]
fn r1_only_the_planner_writes_publishes_and_retires(#[case] role: Role) {
    on(Engine::Sqlite, async |kit: &Kit| {
        kit.set_up().await;
        let (office, other) = (&kit.office, actor(role));
        assert!(items::get(office, &other, "ZDJK-01", AsOf::Now).await.is_ok());
        let refusals = [
            items::draft(office, &other, &typed("YBPW-01")).await.map(drop),
            items::amend(office, &other, "ZDJK-01", 1, &typed("ZDJK-01"), "").await,
            items::publish(office, &other, "ZDJK-01", 1).await,
            items::retire(office, &other, "ZDJK-01", 1, "理由").await,
            items::discard(office, &other, "ZDJK-01", 1, "理由").await,
        ];
        for refusal in refusals {
            assert!(matches!(refusal, Err(Refusal::Forbidden(_))), "{refusal:?}");
        }
    });
}

#[test]
fn who_saw_an_older_version_changes_nothing() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let (office, planner) = (&kit.office, planner());
        items::publish(office, &planner, "ZDJK-01", 1).await.unwrap();
        let late = [
            items::publish(office, &planner, "ZDJK-01", 1).await,
            items::retire(office, &planner, "ZDJK-01", 1, "理由").await,
            items::amend(office, &planner, "ZDJK-01", 1, &typed("ZDJK-01"), "理由").await,
        ];
        for refusal in late {
            assert!(matches!(refusal, Err(Refusal::Overtaken)), "{refusal:?}");
        }
        let twice = items::draft(office, &planner, &typed("ZDJK-01"))
            .await
            .unwrap_err();
        assert!(matches!(&twice, Refusal::Fields(errors) if errors[0].field == "code"));
    });
}

#[test]
fn a_draft_that_is_given_up_can_be_taken_up_again() {
    on(Engine::Sqlite, async |kit: &Kit| {
        kit.set_up().await;
        let (office, planner) = (&kit.office, planner());
        items::discard(office, &planner, "ZDJK-01", 1, "本县没有基站")
            .await
            .unwrap();
        let refused = items::publish(office, &planner, "ZDJK-01", 2).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "不能公布：这个抽查事项的草稿已经作废。仍要检查的，请先修改，修改后又是草稿"
        );
        let same = items::get(office, &planner, "ZDJK-01", AsOf::Now).await.unwrap();
        let same = same.record.item.draft();
        items::amend(office, &planner, "ZDJK-01", 2, &same, "")
            .await
            .unwrap();
        items::publish(office, &planner, "ZDJK-01", 3).await.unwrap();
        let unchanged = items::amend(office, &planner, "ZDJK-01", 4, &same, "理由")
            .await
            .unwrap_err();
        assert!(unchanged.to_string().starts_with("内容没有变化"), "{unchanged}");
        let mut changed = same;
        changed.name = "自动监控基站检查".to_owned();
        items::amend(office, &planner, "ZDJK-01", 4, &changed, "改名")
            .await
            .unwrap();
        items::discard(office, &planner, "ZDJK-01", 5, "不改了")
            .await
            .unwrap();
        let now = items::get(office, &planner, "ZDJK-01", AsOf::Now).await.unwrap();
        assert_eq!((now.record.state, now.record.edition), (ItemState::Published, 1));
    });
}

#[test]
fn what_is_wrong_is_told_field_by_field() {
    on(Engine::Sqlite, async |kit: &Kit| {
        kit.set_up().await;
        let mut draft = typed("一号");
        draft.department = "没有的科".to_owned();
        draft.checklist.push(LineDraft {
            how: "看".to_owned(),
            ..LineDraft::default()
        });
        let refusal = items::draft(&kit.office, &planner(), &draft).await.unwrap_err();
        let Refusal::Fields(errors) = refusal else {
            panic!("{refusal}")
        };
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["code", "line-2-content"]);
        let mut draft = typed("YBPW-01");
        draft.department = "没有的科".to_owned();
        let refusal = items::draft(&kit.office, &planner(), &draft).await.unwrap_err();
        assert!(matches!(&refusal, Refusal::Fields(errors) if errors[0].field == "department"));
    });
}

#[test]
fn drafts_wait_for_the_planner_alone() {
    on(Engine::Sqlite, async |kit: &Kit| {
        kit.set_up().await;
        let waiting = async |actor: &Actor| {
            let duties = ops::duties::of(&kit.office, actor).await.unwrap();
            duties
                .iter()
                .find(|duty| duty.menu == "/items")
                .map(|duty| duty.count)
        };
        assert_eq!(waiting(&planner()).await, Some(3));
        assert_eq!(waiting(&actor(Role::Leader)).await, None);
        items::publish(&kit.office, &planner(), "ZDJK-01", 1)
            .await
            .unwrap();
        assert_eq!(waiting(&planner()).await, Some(2));
    });
}

/// A number after the next, always in the same order.
fn chance(seed: &mut u64) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

async fn random_act(kit: &Kit, seed: &mut u64) -> Result<(), Refusal> {
    const ROLES: [Role; 3] = [Role::Planner, Role::Planner, Role::Leader];
    let (office, who) = (&kit.office, actor(ROLES[chance(seed) % ROLES.len()]));
    let holding = items::get(office, &who, "ZDJK-01", AsOf::Now).await?;
    let seen = holding.number - i64::from(chance(seed).is_multiple_of(8));
    match chance(seed) % 6 {
        0 | 1 => items::publish(office, &who, "ZDJK-01", seen).await,
        2 | 3 => {
            let mut draft = typed("ZDJK-01");
            draft.content = format!("第{}稿", chance(seed) % 3);
            items::amend(office, &who, "ZDJK-01", seen, &draft, "修改").await
        }
        4 => items::discard(office, &who, "ZDJK-01", seen, "不要了").await,
        _ if chance(seed).is_multiple_of(12) => items::retire(office, &who, "ZDJK-01", seen, "停用").await,
        _ => Ok(()),
    }
}

#[rstest]
fn r1_whatever_is_done_by_whom_there_is_one_version_in_force_at_most(#[values(1, 2, 3, 4, 5)] seed: u64) {
    on(Engine::Sqlite, async |kit: &Kit| {
        kit.set_up().await;
        let mut seed = seed;
        for _ in 0..60 {
            if let Err(Refusal::Store(error)) = random_act(kit, &mut seed).await {
                panic!("{error}")
            }
            kit.clock.advance_days(1);
        }
        let versions = items::history(&kit.office, &planner(), "ZDJK-01").await.unwrap();
        assert!(versions.len() > 3, "{}", versions.len());
        for pair in versions.windows(2) {
            let [after, before] = pair else { unreachable!() };
            assert_eq!(after.number, before.number + 1);
            assert_eq!(
                before.until, after.stamp.at,
                "one version ends where the next begins"
            );
            assert_eq!(after.stamp.author, "planner");
            let (was, is) = (&before.record, &after.record);
            if was.in_force().is_some() && is.in_force().is_some() && was.item != is.item {
                assert_eq!(
                    is.edition,
                    was.edition + 1,
                    "what is published changes as a new version alone"
                );
                assert_eq!(after.stamp.act, "item.publish");
            }
        }
        if let Ok((_, editions)) = items::editions(&kit.office, "", "ZDJK-01").await {
            let in_force = editions.iter().filter(|text| text.standing == Standing::InForce);
            assert_eq!(in_force.count(), offered(&kit.office).await.len());
            let numbers: Vec<i64> = editions.iter().rev().map(|text| text.number).collect();
            assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<i64>>());
        }
    });
}

#[test]
fn r1_that_an_item_was_published_or_retired_is_a_public_entry_and_other_acts_are_not() {
    on(Engine::Sqlite, async |kit: &Kit| {
        kit.set_up().await;
        let (office, planner) = (&kit.office, planner());
        items::publish(office, &planner, "ZDJK-01", 1).await.unwrap();
        items::amend(office, &planner, "ZDJK-01", 2, &typed("ZDJK-01"), "改名")
            .await
            .unwrap();
        items::retire(office, &planner, "ZDJK-01", 3, "基站移交市局")
            .await
            .unwrap();
        office.order_ledger().await.unwrap();
        let leaves = ops::audit::public_leaves(office, 0).await.unwrap();
        let bodies: Vec<String> = leaves.into_iter().filter_map(|leaf| leaf.text).collect();
        let public = |act: &str| bodies.iter().filter(|body| body.contains(act)).count();
        assert_eq!(
            ["item.publish", "item.retire", "item.amend"].map(public),
            [1, 1, 0]
        );
    });
}
