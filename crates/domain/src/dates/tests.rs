//! The forms in which registers write dates, and what is not a date.

use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

#[rstest]
#[case("2019-03-07", DateForm::Dashes)]
#[case("2019-3-7", DateForm::Dashes)]
#[case("2019.3.7", DateForm::Dots)]
#[case("2019/3/7", DateForm::Slashes)]
#[case("2019年3月7日", DateForm::Chinese)]
#[case("2019 年 03 月 07 日", DateForm::Chinese)]
#[case("2019年3月7号", DateForm::Chinese)]
#[case("20190307", DateForm::Compact)]
#[case("43531", DateForm::Serial)]
#[case("２０１９－０３－０７", DateForm::Dashes)]
#[case("2019-03-07 00:00:00", DateForm::Dashes)]
#[case("2019-03-07T08:30:00+08:00", DateForm::Dashes)]
#[case("2019/3/7 0:00", DateForm::Slashes)]
fn a_date_in_any_form(#[case] text: &str, #[case] form: DateForm) {
    assert_eq!(parse_date(text), Ok((date(2019, 3, 7), form)));
}

#[rstest]
#[case("2026-02-30", "2026年2月没有30日")]
#[case("2025.2.29", "2025年2月没有29日")]
#[case("2026-13-01", "没有13月")]
#[case("0219-03-07", "年份219不合理")]
#[case("2019", "没有写到日")]
#[case("2019.10", "没有写到日")]
#[case("2019年3月", "没有写到日")]
#[case("19-03-07", "看不出是哪一天")]
#[case("三月七日", "看不出是哪一天")]
#[case("7/3/2019", "看不出是哪一天")]
#[case("2019-03", "没有写到日")]
#[case("-", "看不出是哪一天")]
fn what_is_no_date_is_refused_with_a_sentence(#[case] text: &str, #[case] part: &str) {
    let error = parse_date(text).unwrap_err().to_string();
    assert!(error.contains(part), "{error}");
}

#[rstest]
#[case("2029-03-06", None, Until::Date(date(2029, 3, 6)))]
#[case("2019.3.7至2029.3.6", Some(date(2019, 3, 7)), Until::Date(date(2029, 3, 6)))]
#[case(
    "2019-03-07 至 2029-03-06",
    Some(date(2019, 3, 7)),
    Until::Date(date(2029, 3, 6))
)]
#[case(
    "自2019年3月7日起至2029年3月6日止",
    Some(date(2019, 3, 7)),
    Until::Date(date(2029, 3, 6))
)]
#[case("2019.3.7-2029.3.6", Some(date(2019, 3, 7)), Until::Date(date(2029, 3, 6)))]
#[case("2019/3/7—2029/3/6", Some(date(2019, 3, 7)), Until::Date(date(2029, 3, 6)))]
#[case("2019-03-07~长期", Some(date(2019, 3, 7)), Until::LongTerm)]
#[case("至2029-03-06", None, Until::Date(date(2029, 3, 6)))]
#[case("长期", None, Until::LongTerm)]
#[case("长期有效", None, Until::LongTerm)]
#[case("9999-09-09", None, Until::LongTerm)]
#[case("9999年12月31日", None, Until::LongTerm)]
#[case("", None, Until::Unknown)]
fn r3_2_a_validity_period(#[case] text: &str, #[case] from: Option<Date>, #[case] until: Until) {
    let (validity, _) = parse_validity(text).unwrap();
    assert_eq!((validity.from(), validity.until()), (from, until));
}

#[rstest]
#[case("2029-03-06至2019-03-07", "早于开始日期")]
#[case("2019-03-07至2026-02-30", "2026年2月没有30日")]
#[case("2019-02-30至2026-02-28", "2019年2月没有30日")]
fn a_term_that_cannot_be_is_refused(#[case] text: &str, #[case] part: &str) {
    let error = parse_validity(text).unwrap_err().to_string();
    assert!(error.contains(part), "{error}");
}

#[test]
fn r3_3_a_licence_is_over_the_day_after_its_last() {
    let until = Until::Date(date(2027, 1, 31));
    assert!(!until.is_over_on(date(2027, 1, 31)) && until.reaches(date(2027, 1, 31)));
    assert!(until.is_over_on(date(2027, 2, 1)) && !until.reaches(date(2027, 2, 1)));
    assert!(!Until::Unknown.is_over_on(date(2027, 2, 1)) && !Until::Unknown.reaches(date(2027, 2, 1)));
    assert!(Until::LongTerm.reaches(date(2199, 12, 31)));
}

proptest! {
    #[test]
    fn a_date_is_read_back_in_each_form(days in 20_000..73_050_i64) {
        let date = from_serial(days).unwrap();
        for form in [DateForm::Dashes, DateForm::Chinese, DateForm::Dots, DateForm::Slashes, DateForm::Compact] {
            prop_assert_eq!(parse_date(&form.write(date)), Ok((date, form)));
        }
        prop_assert_eq!(parse_date(&days.to_string()), Ok((date, DateForm::Serial)));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", digits in "[0-9年月日./至-]{0,24}") {
        let _ = (parse_date(&text).is_ok(), parse_validity(&text).is_ok());
        let _ = (parse_date(&digits).is_ok(), parse_validity(&digits).is_ok());
    }
}
