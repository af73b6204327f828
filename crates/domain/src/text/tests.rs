//! What people type into a cell, and what may be a name.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

#[rstest]
#[case("示例县豫北机械厂")]
#[case("中外合资A+B公司")]
#[case("示例A-B公司")]
#[case("示例（集团）有限公司")]
#[case("示例@家居有限公司")]
#[case("3<5公司")]
#[case("利润=收入公司")]
#[case("喆堃淏镕𬭎有限公司")]
fn a_real_name_is_a_name(#[case] name: &str) {
    assert_eq!(Text::parse_name(name).unwrap().as_str(), name);
}

#[rstest]
#[case("<b>示例机械厂</b>=HYPERLINK(\"x\")", Some("示例机械厂"))]
#[case("<script>alert(1)</script>示例厂", Some("alert(1)示例厂"))]
#[case("示例厂=cmd.exe(1)", Some("示例厂"))]
#[case("=示例厂", Some("示例厂"))]
#[case("@SUM(A1)", Some("SUM(A1)"))]
#[case("<br/>", None)]
fn tags_and_formulas_are_no_names(#[case] name: &str, #[case] plain: Option<&str>) {
    let plain = plain.map(str::to_owned);
    assert_eq!(Text::parse_name(name), Err(TextError::NotPlain { plain }));
}

#[rstest]
#[case("锟斤拷机械厂")]
#[case("示例\u{FFFD}厂")]
#[case("示例\u{E5E5}厂")]
fn a_damaged_text_is_refused(#[case] text: &str) {
    assert!(matches!(Text::parse(text), Err(TextError::Garbled { .. })));
}

#[rstest]
#[case("示例\u{202E}厂")]
#[case("示例\u{200B}厂")]
#[case("示例\n厂")]
fn what_mcd1_cannot_carry_is_no_text(#[case] text: &str) {
    assert!(matches!(Text::parse(text), Err(TextError::Invisible { .. })));
}

#[rstest]
#[case("  示例 厂\u{3000}", "示例 厂", "示例厂")]
#[case("李  四", "李 四", "李四")]
#[case("A B 厂", "A B 厂", "A B 厂")]
#[case("示例\r\n厂", "示例 厂", "示例厂")]
#[case("示\u{200B}例", "示例", "示例")]
fn cleaning(#[case] raw: &str, #[case] text: &str, #[case] name: &str) {
    assert_eq!(clean_text(raw).text, text);
    assert_eq!(clean_name(raw).text, name);
    assert!(clean_text(text).mends.is_empty());
}

proptest! {
    #[test]
    fn what_is_cleaned_is_a_text_or_says_why_not(raw in "\\PC{0,60}") {
        let cleaned = clean_text(&raw);
        match Text::parse(&cleaned.text) {
            Ok(text) => prop_assert_eq!(text.as_str(), cleaned.text.as_str()),
            Err(TextError::Empty | TextError::Garbled { .. }) => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
        prop_assert_eq!(clean_text(&cleaned.text).text, cleaned.text);
    }

    #[test]
    fn the_plain_part_of_a_name_is_a_name(raw in "[示例=+@<>b/()A-]{1,20}") {
        if let Err(TextError::NotPlain { plain: Some(plain) }) = Text::parse_name(&raw) {
            prop_assert!(Text::parse_name(&plain).is_ok(), "{} from {}", plain, raw);
        }
    }
}
