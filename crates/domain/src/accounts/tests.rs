//! Names, passwords, codes of bureaus, and locks.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn login(name: &str) -> LoginName {
    LoginName::parse(name).unwrap()
}

fn told(typed: &str) -> Option<PasswordError> {
    NewPassword::parse(typed, &login("zhang.san-office")).err()
}

#[rstest]
#[case::shortest("abc")]
#[case::signs("zhang.san_2-b")]
#[case::longest("a2345678901234567890123456789012")]
fn a_login_name_is_taken(#[case] name: &str) {
    assert_eq!(login(name).as_str(), name);
}

#[rstest]
#[case::short("ab")]
#[case::long("a23456789012345678901234567890123")]
#[case::digit_first("1abc")]
#[case::sign_first(".abc")]
#[case::capital("Zhang")]
#[case::blank("zhang san")]
#[case::chinese("张三三")]
#[case::line_end("zhang\n")]
fn another_login_name_is_refused(#[case] name: &str) {
    assert_eq!(
        LoginName::parse(name).unwrap_err().to_string(),
        "登录名格式不对：应为3至32位小写英文字母、数字、点、下划线或连字符，以字母开头，例如 zhang.san"
    );
}

#[rstest]
#[case::words("correct horse battery", None)]
#[case::letters_and_digits("qingshan4lvshui", None)]
#[case::chinese("绿水青山就是金山银山2005", None)]
#[case::shortest("abcdefghijk1", None)]
#[case::short("abcdefghij1", Some(PasswordError::TooShort { found: 11 }))]
#[case::empty("", Some(PasswordError::TooShort { found: 0 }))]
#[case::login_name("Zhang.San-Office", Some(PasswordError::LoginName))]
#[case::repeated("!!!!!!!!!!!!!!", Some(PasswordError::Repeated))]
#[case::letters("qingshanlvshui", Some(PasswordError::OneKind))]
#[case::digits("418239471028", Some(PasswordError::OneKind))]
#[case::common("1qaz2wsx3edc", Some(PasswordError::Common))]
#[case::common_in_capitals("Password1234", Some(PasswordError::Common))]
fn a_new_password_is_judged(#[case] typed: &str, #[case] expected: Option<PasswordError>) {
    assert_eq!(told(typed), expected);
}

#[test]
fn a_password_has_a_longest_length() {
    assert_eq!(told(&"长1".repeat(64)), None);
    assert_eq!(
        told(&"长1".repeat(65)),
        Some(PasswordError::TooLong { found: 130 })
    );
}

#[test]
fn every_common_password_is_one_that_no_other_rule_refuses() {
    for common in COMMON {
        assert_eq!(told(common), Some(PasswordError::Common), "{common}");
    }
}

#[test]
fn a_refusal_does_not_repeat_the_password() {
    let refused = told("secret").unwrap();
    assert_eq!(
        refused.to_string(),
        "口令太短，容易被猜中：至少要12位，现在是6位；请加长，几个词连起来就好记"
    );
}

#[test]
fn a_bureau_is_a_region_and_a_department() {
    let bureau = BureauCode::parse("410899-EEB").unwrap();
    assert_eq!(bureau.region().as_str(), "410899");
    assert_eq!(bureau.name().as_str(), "410899-EEB");
}

#[rstest]
#[case::no_department("410899")]
#[case::empty_department("410899-")]
#[case::small_letters("410899-eeb")]
#[case::two_hyphens("410899-EEB-1")]
#[case::short_region("41089-EEB")]
#[case::no_such_part("910899-EEB")]
#[case::long_department("410899-EEBEEBEEBEEBEEBEEB")]
#[case::blank("410899-EEB ")]
fn another_code_of_a_bureau_is_refused(#[case] code: &str) {
    assert!(BureauCode::parse(code).is_err());
}

#[rstest]
#[case(0, 0)]
#[case(4, 0)]
#[case(5, 15)]
#[case(9, 15)]
#[case(10, 30)]
#[case(15, 60)]
#[case(35, 960)]
#[case(40, 24 * 60)]
#[case(500, 24 * 60)]
#[case(u32::MAX, 24 * 60)]
fn wrong_passwords_lock_for_minutes(#[case] failures: u32, #[case] minutes: u32) {
    assert_eq!(LockOut::after(failures), minutes * 60);
}

proptest! {
    #[test]
    fn one_more_failure_never_shortens_a_lock(failures in 0_u32..u32::MAX) {
        prop_assert!(LockOut::after(failures) <= LockOut::after(failures + 1));
    }

    #[test]
    fn the_code_of_a_bureau_is_kept_as_it_is(code in "[1-8][0-9]{5}-[A-Z0-9]{1,16}") {
        let bureau = BureauCode::parse(&code).unwrap();
        prop_assert_eq!(bureau.as_str(), code);
    }
}
