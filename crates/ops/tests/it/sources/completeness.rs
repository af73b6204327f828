//! R3.2: the register is measured against what the clause names, and its approval elements keep their history.
//! Never tests the list of fields itself: the domain does.

use domain::{
    Identity, Industry, Licence, LicenceNumber, OrganisationCode, Role, Source, Text, Until, Validity,
};
use jiff::civil::date;
use ops::sources::{self, Quality};
use ops::{Actor, AsOf};
use testkit::{Kit, both, ordinary_source, typed};

use super::{enter, fields, held, keeper};

async fn quality(kit: &Kit, actor: &Actor) -> Quality {
    sources::quality(&kit.office, actor).await.unwrap()
}

/// Nothing that R3.2 asks for but the name.
fn bare(number: u32) -> Source {
    let organisation = OrganisationCode::from_body(&format!("MD{number:06}")).unwrap();
    Source {
        identity: Identity::Organisation(organisation.clone()),
        organisation_code: Some(organisation),
        licences: Vec::new(),
        legal_representative: None,
        address: None,
        telephone: None,
        industry: Industry::default(),
        ..ordinary_source(number)
    }
}

fn another_licence(until: Until) -> Licence {
    Licence {
        name: Some(Text::parse("辐射安全许可证").unwrap()),
        number: Some(LicenceNumber::Other(Text::parse("示例辐证[00001]").unwrap())),
        approved_on: Some(date(2026, 5, 1)),
        validity: Validity::new(None, until).unwrap(),
    }
}

#[test]
fn r3_2_an_empty_register_lacks_nothing_and_has_nothing() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        assert_eq!(quality(kit, &brigade).await, Quality::default());
    });
}

#[test]
fn r3_2_completeness_is_measured_field_by_field() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        enter(kit, &brigade, &ordinary_source(1)).await;
        enter(kit, &brigade, &ordinary_source(2)).await;
        let told = quality(kit, &brigade).await;
        assert_eq!((told.sources, told.complete, told.filled_permille), (2, 2, 1000));
        let without = Source {
            telephone: None,
            ..ordinary_source(3)
        };
        enter(kit, &brigade, &without).await;
        enter(kit, &brigade, &bare(4)).await;
        let told = quality(kit, &brigade).await;
        assert_eq!((told.sources, told.complete), (4, 2));
        assert_eq!(told.missing["联系电话"], 2);
        assert_eq!(told.missing["许可证编号"], 1);
        let fields = bare(4).missing().len() as u64;
        assert_eq!(told.missing.len() as u64, fields, "the bare one lacks them all");
        let all = 4 * fields;
        assert_eq!(told.filled_permille, (all - 1 - fields) * 1000 / all);
    });
}

#[test]
fn r3_2_who_left_does_not_count() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        enter(kit, &brigade, &ordinary_source(1)).await;
        let id = enter(kit, &brigade, &bare(2)).await;
        assert_eq!(quality(kit, &brigade).await.complete, 1);
        sources::leave(&kit.office, &brigade, &id, 1, "不再排污")
            .await
            .unwrap();
        let told = quality(kit, &brigade).await;
        assert_eq!((told.sources, told.filled_permille), (1, 1000));
        let planner = kit.person(Role::Planner).await.actor;
        assert_eq!(quality(kit, &planner).await, told);
    });
}

#[test]
fn r3_2_what_is_wrong_is_told_beside_each_field_and_nothing_is_saved() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let mut wrong = typed(&ordinary_source(1), "审批");
        let at = |title: &str| {
            sources::columns()
                .iter()
                .position(|own| own.title == title)
                .unwrap()
        };
        wrong.rows[0][at("统一社会信用代码")] = "91410899MC0000011X".to_owned();
        wrong.rows[0][at("批设时间")] = "2027-02-30".to_owned();
        wrong.rows[0][at("控制级别")] = "特控".to_owned();
        wrong.rows[0][at("企业名称")] = String::new();
        let told = fields(sources::enter(&kit.office, &brigade, &wrong).await.unwrap_err());
        let mut named: Vec<&str> = told.iter().map(|(field, _)| field.as_str()).collect();
        named.sort_unstable();
        named.dedup();
        let mut expected = ["企业名称", "批设时间", "控制级别", "统一社会信用代码"];
        expected.sort_unstable();
        assert_eq!(named, expected, "{told:?}");
        assert_eq!(quality(kit, &brigade).await.sources, 0);
    });
}

#[test]
fn r3_2_changes_of_the_approval_elements_are_kept_from_version_to_version() {
    both(async |kit: &Kit| {
        let brigade = kit.person(Role::Brigade).await;
        let source = ordinary_source(1);
        let id = enter(kit, &brigade.actor, &source).await;
        let mut renewed = source.clone();
        renewed.licences[0].validity = Validity::new(None, Until::Date(date(2034, 12, 31))).unwrap();
        renewed.licences[0].approved_on = Some(date(2030, 1, 1));
        let typed = typed(&renewed, "换证〔2030〕1号");
        sources::change(&kit.office, &brigade.actor, &id, 1, &typed)
            .await
            .unwrap();
        let history = sources::history(&kit.office, &brigade.actor, &id).await.unwrap();
        let approved: Vec<_> = history
            .iter()
            .map(|own| own.record.source.licences[0].approved_on)
            .collect();
        assert_eq!(approved, [Some(date(2030, 1, 1)), Some(date(2025, 1, 1))]);
        let page = brigade.get(&format!("/sources/{id}")).await;
        let newest = &page.all("li.now")[0];
        let changes: Vec<String> = newest.all("li").iter().map(testkit::Element::text).collect();
        assert!(
            changes
                .iter()
                .any(|told| told.starts_with("批设时间") && told.contains("2025-01-01"))
        );
        assert!(newest.text().contains("换证〔2030〕1号"), "{}", newest.text());
    });
}

#[test]
fn r3_2_each_of_several_licences_keeps_its_own_term_through_the_form() {
    both(async |kit: &Kit| {
        let brigade = kit.person(Role::Brigade).await;
        let mut source = ordinary_source(1);
        source.licences[0].validity = Validity::new(None, Until::Date(date(2029, 12, 31))).unwrap();
        source
            .licences
            .push(another_licence(Until::Date(date(2031, 6, 30))));
        let id = enter(kit, &brigade.actor, &source).await;
        let path = format!("/sources/{id}/edit");
        let form = brigade.get(&path).await;
        let mut sent: Vec<(String, String)> = Vec::new();
        for column in sources::columns() {
            let controls = form.all(&format!("[name={}]", column.title));
            assert!(!controls.is_empty(), "no field {}", column.title);
            for control in controls {
                let value = match control.name() {
                    "select" => form.value_of(column.title),
                    _ => control.attribute("value").unwrap_or_default(),
                };
                sent.push((column.title.to_owned(), value));
            }
        }
        sent.push(("version".to_owned(), form.value_of("version")));
        sent.push(("ground".to_owned(), "更正电话".to_owned()));
        let telephone = sent.iter_mut().find(|(name, _)| name == "联系电话").unwrap();
        telephone.1 = "0000-7654321".to_owned();
        let pairs: Vec<(&str, &str)> = sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let page = brigade.send(&path, &pairs).await;
        assert_eq!(page.status, 200, "{}", page.words());
        let now = held(kit, &brigade.actor, &id).await.record.source;
        assert_eq!(now.licences, source.licences);
        assert_eq!(now.telephone.unwrap().as_str(), "0000-7654321");
    });
}

#[test]
fn r3_2_an_export_is_entered_again_as_it_was() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let mut source = ordinary_source(1);
        source.licences.push(another_licence(Until::LongTerm));
        let id = enter(kit, &brigade, &source).await;
        let entered = held(kit, &brigade, &id).await.record.source;
        let all = sources::all(&kit.office, &brigade, &sources::Filter::default(), AsOf::Now)
            .await
            .unwrap();
        assert_eq!(all, [entered]);
        let workbook = sources::workbook(all).await.unwrap();
        assert!(workbook.starts_with(b"PK"));
    });
}
