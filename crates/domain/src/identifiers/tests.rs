//! The known answers of the standards, and what their check digits promise.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn credit_code() -> impl Strategy<Value = CreditCode> {
    let body = ("[159ANY]", "[1-59]", "[0-9]{6}", "[0-9ABCDEFGHJKLMNPQRTUWXY]{9}");
    body.prop_map(|(a, b, c, d)| CreditCode::from_body(&format!("{a}{b}{c}{d}")).unwrap())
}

fn digits(length: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::char::range('0', '9'), length)
        .prop_map(|digits| digits.into_iter().collect())
}

fn with_char(text: &str, at: usize, c: char) -> String {
    text.chars()
        .enumerate()
        .map(|(place, own)| if place == at { c } else { own })
        .collect()
}

fn swapped(text: &str, at: usize) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    chars.swap(at, at + 1);
    chars.into_iter().collect()
}

proptest! {
    #[test]
    fn gb32100_a_completed_code_parses_and_any_other_last_character_does_not(code in credit_code()) {
        prop_assert_eq!(CreditCode::parse(code.as_str()), Ok(code.clone()));
        for c in ALPHABET.chars().filter(|&c| !code.as_str().ends_with(c)) {
            prop_assert!(CreditCode::parse(&with_char(code.as_str(), 17, c)).is_err());
        }
    }

    #[test]
    fn gb32100_any_single_wrong_character_is_refused(code in credit_code(), at in 0..18_usize, c in "[0-9A-Z]") {
        let c = c.chars().next().unwrap();
        prop_assume!(code.as_str().chars().nth(at) != Some(c));
        prop_assert!(CreditCode::parse(&with_char(code.as_str(), at, c)).is_err());
    }

    #[test]
    fn gb32100_any_two_neighbours_swapped_are_refused(code in credit_code(), at in 0..17_usize) {
        let wrong = swapped(code.as_str(), at);
        prop_assume!(wrong != code.as_str());
        prop_assert!(CreditCode::parse(&wrong).is_err());
    }

    #[test]
    fn gb32100_a_suggestion_is_itself_a_code(text in "\\PC{0,24}") {
        if let Err(CodeError { suggestion: Some(suggestion), .. }) = CreditCode::parse(&text) {
            prop_assert!(CreditCode::parse(&suggestion.code).is_ok());
        }
    }

    #[test]
    fn gb32100_letters_o_for_zeros_are_recognised(code in credit_code()) {
        prop_assume!(code.as_str().contains('0'));
        let error = CreditCode::parse(&code.as_str().replace('0', "O")).unwrap_err();
        prop_assert_eq!(error.suggestion.map(|suggestion| suggestion.code), Some(code.to_string()));
    }

    #[test]
    fn gb11714_a_wrong_digit_among_digits_is_refused(body in digits(8), at in 0..8_usize, c in "[0-9]") {
        let code = OrganisationCode::from_body(&body).unwrap();
        let c = c.chars().next().unwrap();
        prop_assume!(code.as_str().chars().nth(at) != Some(c));
        prop_assert!(OrganisationCode::parse(&with_char(code.as_str(), at, c)).is_err());
    }

    #[test]
    fn gs15_any_single_wrong_digit_is_refused(body in digits(14), at in 0..15_usize, c in "[0-9]") {
        let number = RegistrationNumber::from_body(&body).unwrap();
        let c = c.chars().next().unwrap();
        prop_assume!(number.as_str().chars().nth(at) != Some(c));
        prop_assert!(RegistrationNumber::parse(&with_char(number.as_str(), at, c)).is_err());
    }

    #[test]
    fn hj608_a_permit_code_gives_back_its_parts(code in credit_code(), site in 1..=999_u16, letter in "[A-Z]") {
        let site = SiteNumber::new(site).unwrap();
        let permit = PermitCode::of(&code, site, letter.chars().next().unwrap()).unwrap();
        prop_assert_eq!(permit.credit_code(), Some(code));
        prop_assert_eq!(permit.site(), Some(site));
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,40}") {
        let cleaned = clean_code(&text).text;
        for text in [text, cleaned] {
            let _ = (CreditCode::parse(&text).is_ok(), OrganisationCode::parse(&text).is_ok());
            let _ = (RegistrationNumber::parse(&text).is_ok(), PermitCode::parse(&text).is_ok());
            let _ = (CertificateNumber::parse(&text).is_ok(), TargetId::parse(&text).is_ok());
            let _ = (DrawNumber::parse(&text).is_ok(), Identity::parse(&text).is_ok());
        }
    }

    #[test]
    fn cleaning_is_idempotent(text in "\\PC{0,40}") {
        let once = clean_code(&text).text;
        let twice = clean_code(&once);
        prop_assert_eq!(&twice.text, &once);
        prop_assert!(twice.mends.is_empty());
    }
}

#[rstest]
#[case("91350100M000100Y4", '3')]
#[case("91130200699229617", 'X')]
#[case("91410781694896138", 'P')]
fn gb32100_known_answers(#[case] body: &str, #[case] check: char) {
    assert!(CreditCode::parse(&format!("{body}{check}")).is_ok());
}

#[test]
fn gb32100_the_printed_example_that_ends_in_z_fails() {
    let error = CreditCode::parse("91350100M000100Y4Z").unwrap_err();
    assert!(matches!(
        error.fault,
        Fault::Character {
            position: 18,
            found: 'Z',
            ..
        }
    ));
}

#[rstest]
#[case("", Fault::Empty)]
#[case("9.14108E+17", Fault::Rounded { found: "9.14108E+17".to_owned() })]
#[case("91130200699229617", Fault::Length { expected: "18位", found: 17 })]
#[case("91130200699229617P", Fault::CheckDigit { found: 'P', expected: 'X' })]
fn gb32100_says_what_is_wrong(#[case] text: &str, #[case] fault: Fault) {
    assert_eq!(CreditCode::parse(text).unwrap_err().fault, fault);
}

#[test]
fn gb32100_a_permit_code_in_its_place_suggests_the_credit_code_inside() {
    let error = CreditCode::parse("91130200699229617X001P").unwrap_err();
    let suggestion = error.suggestion.unwrap();
    assert_eq!(
        (suggestion.code.as_str(), suggestion.certainty),
        ("91130200699229617X", Certainty::Certain)
    );
}

#[test]
fn gb32100_a_wrong_check_digit_gives_no_suggestion_since_any_digit_may_be_wrong() {
    assert_eq!(
        CreditCode::parse("91130200699229617P").unwrap_err().suggestion,
        None
    );
}

#[rstest]
#[case("69922961", "699229617")]
#[case("69489613", "694896138")]
fn gb11714_known_answers(#[case] body: &str, #[case] code: &str) {
    assert_eq!(OrganisationCode::from_body(body).unwrap().as_str(), code);
    assert_eq!(
        OrganisationCode::parse(&format!("{body}-{}", &code[8..]))
            .unwrap()
            .as_str(),
        code
    );
}

#[test]
fn gb11714_stands_inside_the_credit_code() {
    let code = CreditCode::parse("91130200699229617X").unwrap();
    assert_eq!(code.organisation().unwrap().as_str(), "699229617");
}

#[test]
fn gs15_known_answer_and_legacy() {
    assert!(
        RegistrationNumber::parse("100000000044760")
            .unwrap()
            .is_verified()
    );
    assert!(!RegistrationNumber::parse("4108232000123").unwrap().is_verified());
    assert!(RegistrationNumber::parse("10000000004476").is_err());
    let error = RegistrationNumber::parse("1OOOOOO00044760").unwrap_err();
    assert_eq!(error.suggestion.unwrap().code, "100000000044760");
}

#[rstest]
#[case("91130200699229617X001P", 1)]
#[case("91130200699229617X002P", 2)]
#[case("91410781694896138P001P", 1)]
fn hj608_known_answers(#[case] text: &str, #[case] site: u16) {
    let permit = PermitCode::parse(text).unwrap();
    assert_eq!(permit.site().map(SiteNumber::get), Some(site));
    assert!(!permit.is_trial());
}

#[rstest]
#[case("91130200699229617P001P", "不是有效的统一社会信用代码")]
#[case("91130200699229617X001", "22位")]
#[case("91130200699229617X0011", "第22位")]
fn hj608_refusals(#[case] text: &str, #[case] part: &str) {
    let error = PermitCode::parse(text).unwrap_err();
    assert!(error.to_string().contains(part), "{error}");
}

#[test]
fn hj608_a_code_of_the_2016_trial_keeps_its_lower_case_and_is_not_verified() {
    let cleaned = PermitCode::clean(" H9410823ab00123xyz001a ");
    let permit = PermitCode::parse(&cleaned.text).unwrap();
    assert_eq!(permit.as_str(), "H9410823ab00123xyz001a");
    assert!(permit.is_trial());
    assert_eq!(permit.credit_code(), None);
    assert_eq!(
        PermitCode::clean("91130200699229617x001p").text,
        "91130200699229617X001P"
    );
}

#[test]
fn a_second_site_has_an_id_of_its_own() {
    let identity = Identity::parse("91130200699229617X").unwrap();
    assert_eq!(
        TargetId::of(&identity, SiteNumber::FIRST).as_str(),
        "91130200699229617X"
    );
    let second = TargetId::of(&identity, SiteNumber::new(2).unwrap());
    assert_eq!(second.as_str(), "91130200699229617X-02");
    assert_eq!(second.credit_code().as_ref(), identity.credit_code());
}

#[rstest]
#[case("91130200699229617X", true)]
#[case("69922961-7", true)]
#[case("100000000044760", true)]
#[case("4108232000123", false)]
fn r3_2_an_enterprise_is_known_by_credit_code_organisation_code_or_registration_number(
    #[case] text: &str,
    #[case] known: bool,
) {
    assert_eq!(Identity::parse(text).is_ok(), known);
}

#[rstest]
#[case("豫A-08〔2019〕123", true)]
#[case("1608075072", true)]
#[case("", false)]
#[case("无", false)]
#[case("1608,075072", false)]
fn r4_1_certificate_numbers(#[case] text: &str, #[case] sane: bool) {
    assert_eq!(CertificateNumber::parse(text).is_ok(), sane);
}

#[rstest]
#[case("2027-001", true)]
#[case("2027-000", false)]
#[case("2027-1", false)]
#[case("20270-01", false)]
fn draw_numbers(#[case] text: &str, #[case] valid: bool) {
    assert_eq!(
        DrawNumber::parse(text).is_ok_and(|number| number.to_string() == text),
        valid
    );
}

#[rstest]
#[case(" 91410823 T689320599\u{3000}", "91410823T689320599", &[Mend::Blanks])]
#[case("91410823m279036998", "91410823M279036998", &[Mend::LowerCase])]
#[case("９１４１０８２３Ｇ７７０６２６０１Ｐ", "91410823G77062601P", &[Mend::FullWidth])]
#[case("\u{FEFF}9141\u{200B}", "9141", &[Mend::Invisible])]
#[case("91\u{A0}41ａ", "9141A", &[Mend::Blanks, Mend::FullWidth, Mend::LowerCase])]
fn cleaning_says_what_it_mended(#[case] raw: &str, #[case] text: &str, #[case] mends: &[Mend]) {
    let cleaned = clean_code(raw);
    assert_eq!((cleaned.text.as_str(), cleaned.mends.as_slice()), (text, mends));
}

#[rstest]
#[case("9.14108E+17", true)]
#[case("9E17", true)]
#[case("9.1410899e+17", true)]
#[case("91410823E17", false)]
#[case("E17", false)]
fn a_rounded_number_is_recognised(#[case] text: &str, #[case] rounded: bool) {
    assert_eq!(is_rounded_number(text), rounded);
}
