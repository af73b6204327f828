//! What the rules say of sources, clause by clause.

use rstest::rstest;

use super::*;
use crate::dates::Until;

fn source() -> Source {
    let text = |text: &str| Text::parse(text).ok();
    let permit = PermitCode::parse("91130200699229617X002P").unwrap();
    Source {
        name: Text::parse("示例机械厂").unwrap(),
        identity: Identity::parse("91130200699229617X").unwrap(),
        site: permit.site().unwrap(),
        registration_number: None,
        organisation_code: None,
        licences: vec![Licence {
            name: text("排污许可证"),
            number: Some(LicenceNumber::Permit(permit)),
            approved_on: Some(jiff::civil::date(2024, 3, 7)),
            validity: Validity::new(None, Until::LongTerm).unwrap(),
        }],
        legal_representative: text("示例一"),
        address: text("示例县示范路1号"),
        telephone: text("0000-8000001"),
        violations: None,
        industry: Industry {
            name: text("机械加工"),
            code: IndustryCode::parse("3482").ok(),
        },
        supervision: Supervision::new(ControlLevel::Provincial, None).unwrap(),
        administration: None,
        monitoring_stations: None,
        credit_class: None,
        status: Status::InOperation,
    }
}

#[rstest]
#[case(ControlLevel::Municipal)]
#[case(ControlLevel::Provincial)]
#[case(ControlLevel::National)]
fn r2_2_municipal_and_above_is_a_key_discharger(#[case] level: ControlLevel) {
    assert!(Supervision::new(level, None).unwrap().is_key());
    assert!(Supervision::new(level, Some(true)).unwrap().is_key());
    let error = Supervision::new(level, Some(false)).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("市控及以上重点企业必须作为重点排污企业纳入")
    );
}

#[rstest]
#[case(ControlLevel::General)]
#[case(ControlLevel::County)]
fn r2_2_below_municipal_the_register_decides(#[case] level: ControlLevel) {
    assert!(!Supervision::new(level, None).unwrap().is_key());
    assert!(Supervision::new(level, Some(true)).unwrap().is_key());
    assert!(!Supervision::new(level, Some(false)).unwrap().is_key());
}

#[test]
fn r3_2_what_is_missing_is_named() {
    let whole = source();
    assert_eq!(whole.missing(), Vec::<&str>::new());
    let without = Source {
        telephone: None,
        licences: Vec::new(),
        ..whole
    };
    assert_eq!(
        without.missing(),
        ["许可证名称", "许可证编号", "批设时间", "有效期至", "联系电话"]
    );
}

#[test]
fn the_thing_drawn_is_a_site() {
    assert_eq!(source().id().as_str(), "91130200699229617X-02");
}

#[rstest]
#[case("国控", ControlLevel::National)]
#[case(" 省 控 ", ControlLevel::Provincial)]
#[case("市级", ControlLevel::Municipal)]
#[case("县(区)控", ControlLevel::County)]
#[case("一般", ControlLevel::General)]
fn words_of_registers(#[case] word: &str, #[case] level: ControlLevel) {
    assert_eq!(ControlLevel::parse(word), Ok(level));
}

#[test]
fn an_unknown_word_is_refused_with_the_words_accepted() {
    let error = ControlLevel::parse("部控").unwrap_err();
    assert_eq!(
        error.to_string(),
        "“部控”不是可以填写的控制级别，请改为：国控、省控、市控、县控、一般"
    );
}

fn every_word_means_its_own_value<T: Term + std::fmt::Debug>() {
    let mut seen = std::collections::HashSet::new();
    for (value, words) in T::WORDS {
        for word in *words {
            assert_eq!(T::parse(word).as_ref(), Ok(value), "{word}");
            assert!(seen.insert(*word), "{word} twice");
        }
        assert_eq!(T::parse(value.word()).as_ref(), Ok(value));
    }
}

#[test]
fn no_word_means_two_things() {
    every_word_means_its_own_value::<ControlLevel>();
    every_word_means_its_own_value::<Administration>();
    every_word_means_its_own_value::<CreditClass>();
    every_word_means_its_own_value::<Status>();
    every_word_means_its_own_value::<crate::terms::YesNo>();
    every_word_means_its_own_value::<crate::PostStatus>();
    every_word_means_its_own_value::<crate::Sex>();
}

#[rstest]
#[case("3021", Some("3021"))]
#[case("C3021", Some("3021"))]
#[case("0313", Some("0313"))]
#[case("30", Some("30"))]
#[case("3", None)]
#[case("水泥", None)]
fn gb4754_codes(#[case] text: &str, #[case] code: Option<&str>) {
    assert_eq!(
        IndustryCode::parse(text).ok().as_ref().map(IndustryCode::as_str),
        code
    );
}

fn licence(name: &str, number: &str, until: Option<Date>) -> Licence {
    Licence {
        name: Text::parse(name).ok(),
        number: Text::parse(number).ok().map(LicenceNumber::Other),
        approved_on: None,
        validity: until.map_or(Validity::UNKNOWN, |day| {
            Validity::new(None, Until::Date(day)).unwrap()
        }),
    }
}

#[rstest]
#[case::another_is_added(&[("危废", "1")], &[("排污", "2")], &[("危废", "1"), ("排污", "2")])]
#[case::the_same_number_is_renewed(&[("危废", "1")], &[("危险废物", "1")], &[("危险废物", "1")])]
#[case::a_number_completes_the_only_one_of_its_name(&[("危废", "")], &[("危废", "1")], &[("危废", "1")])]
#[case::without_a_number_it_is_the_only_one_of_its_name(&[("危废", "1")], &[("危废", "")], &[("危废", "1")])]
#[case::of_two_of_a_name_nobody_knows_which(
    &[("危废", "1"), ("危废", "2")], &[("危废", "")], &[("危废", ""), ("危废", "1"), ("危废", "2")]
)]
#[case::none_is_lost(&[("危废", "1"), ("排污", "2")], &[], &[("危废", "1"), ("排污", "2")])]
fn r3_2_a_later_file_adds_and_renews_licences(
    #[case] before: &[(&str, &str)],
    #[case] later: &[(&str, &str)],
    #[case] after: &[(&str, &str)],
) {
    let with = |licences: &[(&str, &str)]| Source {
        licences: licences
            .iter()
            .map(|(name, number)| licence(name, number, None))
            .collect(),
        ..source()
    };
    let (before, later) = (with(before), with(later));
    let once = before.followed_by(&later);
    assert_eq!(once.licences, with(after).licences);
    assert_eq!(once.followed_by(&later), once);
}

#[test]
fn r3_2_a_renewed_licence_has_its_new_term_and_what_is_not_repeated_stays() {
    let (old, new) = (jiff::civil::date(2027, 6, 30), jiff::civil::date(2032, 6, 30));
    let with = |licence: Licence| Source {
        licences: vec![licence],
        ..source()
    };
    let before = with(licence("危废", "1", Some(old)));
    let renewed = before.followed_by(&with(licence("", "1", Some(new))));
    assert_eq!(renewed.licences, [licence("危废", "1", Some(new))]);
    assert!(!before.is_within(&renewed));
    let silent = before.followed_by(&with(licence("危废", "1", None)));
    assert_eq!(silent, before);
    assert!(before.is_within(&silent));
}
