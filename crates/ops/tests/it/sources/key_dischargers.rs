//! R2.2: 市控及以上重点企业必须作为重点排污企业纳入名录库.
//! Never tests the type that holds the rule: the domain does.

use domain::{
    ControlLevel, Licence, LicenceNumber, PermitCode, Role, SiteNumber, Source, Status, Supervision,
};
use ops::Actor;
use ops::sources::{self, Outcome, Typed};
use testkit::{Kit, both, ordinary_source, typed};

use super::{enter, fields, held, keeper};

const ABOVE: [ControlLevel; 3] = [
    ControlLevel::Municipal,
    ControlLevel::Provincial,
    ControlLevel::National,
];

fn of_level(number: u32, level: ControlLevel) -> Source {
    Source {
        supervision: Supervision::new(level, None).unwrap(),
        ..ordinary_source(number)
    }
}

/// The same rows with another text in one column.
fn with(typed: Typed, column: &str, text: &str) -> Typed {
    let at = sources::columns()
        .iter()
        .position(|own| own.title == column)
        .unwrap();
    let mut rows = typed.rows;
    rows.iter_mut().for_each(|row| text.clone_into(&mut row[at]));
    Typed { rows, ..typed }
}

#[test]
fn r2_2_the_software_makes_municipal_and_above_a_key_discharger() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        for (number, level) in (1..).zip(ABOVE) {
            let source = of_level(number, level);
            let blank = with(typed(&source, "审批"), "是否重点排污单位", "");
            let entered = sources::enter(&kit.office, &brigade, &blank).await.unwrap();
            assert!(entered.supervision.is_key(), "{level:?}");
        }
        let id = enter(kit, &brigade, &ordinary_source(9)).await;
        let raised = with(typed(&ordinary_source(9), "市重点名录"), "控制级别", "市控");
        let raised = with(raised, "是否重点排污单位", "");
        sources::change(&kit.office, &brigade, &id, 1, &raised)
            .await
            .unwrap();
        assert!(held(kit, &brigade, &id).await.record.source.supervision.is_key());
    });
}

#[test]
fn r2_2_the_contrary_is_refused_with_the_clause() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        for level in ABOVE {
            let denied = with(typed(&of_level(1, level), "审批"), "是否重点排污单位", "否");
            let refused = sources::enter(&kit.office, &brigade, &denied).await.unwrap_err();
            let told = fields(refused);
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0].0, "是否重点排污单位");
            assert!(
                told[0].1.contains("市控及以上重点企业必须作为重点排污企业"),
                "{told:?}"
            );
        }
        let id = enter(kit, &brigade, &of_level(1, ControlLevel::Municipal)).await;
        let denied = with(
            typed(&of_level(1, ControlLevel::Municipal), "更正"),
            "是否重点排污单位",
            "否",
        );
        let refused = sources::change(&kit.office, &brigade, &id, 1, &denied).await;
        assert_eq!(fields(refused.unwrap_err())[0].0, "是否重点排污单位");
    });
}

#[test]
fn r2_2_municipal_and_above_cannot_leave_while_it_is_there() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let office = &kit.office;
        for (number, level) in (1..).zip(ABOVE) {
            let suspended = Source {
                status: Status::Suspended,
                ..of_level(number, level)
            };
            let id = enter(kit, &brigade, &suspended).await;
            let refused = sources::leave(office, &brigade, &id, 1, "停产")
                .await
                .unwrap_err();
            assert!(refused.to_string().contains("不能退出"), "{refused}");
            assert!(held(kit, &brigade, &id).await.record.inside);
            let closed = Source {
                status: Status::Closed,
                ..suspended
            };
            sources::change(office, &brigade, &id, 1, &typed(&closed, "关停文件"))
                .await
                .unwrap();
            sources::leave(office, &brigade, &id, 2, "关停文件")
                .await
                .unwrap();
        }
        let violations = sources::key_violations(office, &brigade).await.unwrap();
        assert!(violations.left.is_empty(), "{violations:?}");
    });
}

#[test]
fn r2_2_below_municipal_level_may_leave() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        for (number, level) in (1..).zip([ControlLevel::General, ControlLevel::County]) {
            let id = enter(kit, &brigade, &of_level(number, level)).await;
            sources::leave(&kit.office, &brigade, &id, 1, "不再排污")
                .await
                .unwrap();
        }
    });
}

/// How many key dischargers wait at the keeper's, and how many of them are late.
async fn waiting(kit: &Kit, actor: &Actor) -> Option<(u64, u64)> {
    let duties = ops::duties::of(&kit.office, actor).await.unwrap();
    let own = duties.iter().find(|duty| duty.href == "/sources/key")?;
    Some((own.count, own.late))
}

#[test]
fn r2_2_who_becomes_key_after_leaving_is_told_until_it_is_back() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let office = &kit.office;
        let id = enter(kit, &brigade, &ordinary_source(1)).await;
        sources::leave(office, &brigade, &id, 1, "不再排污")
            .await
            .unwrap();
        assert_eq!(waiting(kit, &brigade).await, None);
        let raised = typed(&of_level(1, ControlLevel::Provincial), "省重点名录");
        sources::change(office, &brigade, &id, 2, &raised).await.unwrap();
        let found = sources::key_violations(office, &brigade).await.unwrap().left;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].record.source.id().to_string(), id);
        assert!(
            !found[0].record.inside,
            "changing it does not bring it back by itself"
        );
        assert_eq!(waiting(kit, &brigade).await, Some((1, 1)));
        let leader = kit.person(Role::Leader).await.actor;
        assert_eq!(waiting(kit, &leader).await, None, "not the leader's to see to");
        sources::return_to(office, &brigade, &id, 3, "省重点名录")
            .await
            .unwrap();
        assert_eq!(waiting(kit, &brigade).await, None);
    });
}

#[test]
fn r2_2_an_official_list_is_held_against_the_register() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let key = of_level(1, ControlLevel::Municipal);
        let (ordinary, left) = (ordinary_source(2), ordinary_source(3));
        enter(kit, &brigade, &key).await;
        enter(kit, &brigade, &ordinary).await;
        let gone = enter(kit, &brigade, &left).await;
        sources::leave(&kit.office, &brigade, &gone, 1, "不再排污")
            .await
            .unwrap();
        let absent = ordinary_source(4);
        let lower = key.id().to_string().to_lowercase();
        let pasted = format!(
            "{}\r\n\n  {}  \n{lower}\n{}\n{}\n{}\n没有这一家\n",
            key.name,
            ordinary.name,
            left.identity,
            absent.name,
            key.id()
        );
        let checked = sources::check_list(&kit.office, &brigade, &pasted).await.unwrap();
        let told: Vec<String> = checked
            .iter()
            .map(|line| match &line.outcome {
                Outcome::Listed(id) => format!("listed {id}"),
                Outcome::NotKey(id) => format!("not key {id}"),
                Outcome::Absent => format!("absent {}", line.line),
            })
            .collect();
        let expected = [
            format!("listed {}", key.id()),
            format!("not key {}", ordinary.id()),
            format!("listed {}", key.id()),
            format!("not key {}", left.id()),
            format!("absent {}", absent.name),
            format!("listed {}", key.id()),
            "absent 没有这一家".to_owned(),
        ];
        assert_eq!(told, expected);
    });
}

#[test]
fn r2_2_an_enterprise_is_listed_if_any_of_its_sites_is() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let site = SiteNumber::new(2).unwrap();
        let first = ordinary_source(1);
        let permit = PermitCode::of(first.credit_code().unwrap(), site, 'P').unwrap();
        let licence = Licence {
            number: Some(LicenceNumber::Permit(permit)),
            ..first.licences[0].clone()
        };
        let second = Source {
            site,
            licences: vec![licence],
            ..of_level(1, ControlLevel::Municipal)
        };
        enter(kit, &brigade, &first).await;
        enter(kit, &brigade, &second).await;
        let pasted = second.name.to_string();
        let checked = sources::check_list(&kit.office, &brigade, &pasted).await.unwrap();
        assert!(
            matches!(&checked[0].outcome, Outcome::Listed(id) if *id == second.id().to_string()),
            "{checked:?}"
        );
    });
}

#[test]
fn r2_2_a_list_that_is_too_long_is_refused_with_what_to_do() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let refused = sources::check_list(&kit.office, &brigade, &"一家\n".repeat(5_001)).await;
        let told = fields(refused.unwrap_err());
        assert!(
            told[0].0 == "list" && told[0].1.contains("请分几次粘贴"),
            "{told:?}"
        );
        let fits = sources::check_list(&kit.office, &brigade, &"一家\n".repeat(5_000)).await;
        assert_eq!(fits.unwrap().len(), 5_000);
    });
}
