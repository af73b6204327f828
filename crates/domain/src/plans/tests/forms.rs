//! The forms of amounts and names.

use rstest::rstest;

use crate::plans::{Name, Ratio, StaffRatio};

#[rstest]
#[case("25%", Some((1, 4)), "25%")]
#[case("25 ％", Some((1, 4)), "25%")]
#[case("12.5%", Some((1, 8)), "12.5%")]
#[case("100%", Some((1, 1)), "100%")]
#[case("1/4", Some((1, 4)), "25%")]
#[case("2/6", Some((1, 3)), "1/3")]
#[case("0.01%", Some((1, 10_000)), "1/10000")]
#[case("0%", None, "")]
#[case("101%", None, "")]
#[case("5/4", None, "")]
#[case("1/0", None, "")]
#[case("0/4", None, "")]
#[case("1:4", None, "")]
#[case("0.25", None, "")]
#[case("25", None, "")]
#[case("-1/4", None, "")]
#[case("1/4%", None, "")]
#[case("四分之一", None, "")]
#[case("", None, "")]
#[case("1/9999999999", None, "")]
fn a_ratio_is_more_than_none_and_at_most_all(
    #[case] text: &str,
    #[case] parts: Option<(u32, u32)>,
    #[case] shown: &str,
) {
    let ratio = Ratio::parse(text);
    assert_eq!(ratio.map(Ratio::parts), parts);
    assert_eq!(ratio.map_or(String::new(), |ratio| ratio.to_string()), shown);
}

#[rstest]
#[case("1:5", 10, Some(50))]
#[case("1：5", 10, Some(50))]
#[case("1:2.5", 9, Some(23))]
#[case("2:1", 9, Some(5))]
#[case("0.5:1", 3, Some(6))]
#[case("1:5", 0, Some(0))]
#[case("0:5", 10, None)]
#[case("1:0", 10, None)]
#[case("1/5", 10, None)]
#[case("5", 10, None)]
#[case("1:5:1", 10, None)]
fn units_per_inspector_are_rounded_up(#[case] text: &str, #[case] in_post: u64, #[case] units: Option<u64>) {
    assert_eq!(
        StaffRatio::parse(text).map(|ratio| ratio.units_for(in_post)),
        units
    );
}

#[rstest]
#[case("1:5", "1:5")]
#[case("2:10", "1:5")]
#[case("1:2.5", "1:2.5")]
#[case("2:1", "2:1")]
#[case("3:10", "3:10")]
#[case("1:1", "1:1")]
fn units_per_inspector_are_shown_as_the_guides_write_them(#[case] text: &str, #[case] shown: &str) {
    assert_eq!(StaffRatio::parse(text).unwrap().to_string(), shown);
}

#[test]
fn a_name_is_one_of_mcd1() {
    assert!(Name::parse("EP-lead").is_some());
    for wrong in ["", "监察", "-x", "a b", &"a".repeat(41)] {
        assert!(Name::parse(wrong).is_none(), "{wrong}");
    }
}
