//! The register of inspectors, clause by clause.

use domain::{PostStatus, Sex, Until};
use jiff::civil::date;
use sheets::FindingKind::{Noted, Refused};

use crate::fixtures::{brief, import_inspectors};

const HEADER: &str = "姓名,性别,所在单位,执法证编号,发证机关,执法证有效期,手机号,执法领域,状态\n";

#[test]
fn r4_1_every_field_is_read() {
    let text = format!(
        "{HEADER}李　例,女,环境监察大队,9908001,示例省人民政府,2027.10.15,10000000001,\"水、大气,水\",休假\n"
    );
    let import = import_inspectors(text).unwrap();
    let inspector = &import.accepted[0].record;
    assert_eq!(
        (inspector.name.as_str(), inspector.sex, inspector.post),
        ("李例", Some(Sex::Female), PostStatus::OnLeave)
    );
    assert_eq!(inspector.certificate.number.as_str(), "9908001");
    assert_eq!(inspector.certificate.valid_until, Until::Date(date(2027, 10, 15)));
    let fields: Vec<&str> = inspector.fields.iter().map(domain::Text::as_str).collect();
    assert_eq!(fields, ["水", "大气"]);
}

#[test]
fn r4_1_without_a_certificate_nobody_is_listed() {
    let text =
        format!("{HEADER}李例,女,大队,,机关,2027.10.15,,水,在岗\n王例,男,大队,9908002,机关,,,水,在岗\n");
    let import = import_inspectors(text).unwrap();
    assert_eq!(
        brief(&import.findings),
        [(2, "D", Refused, None), (3, "F", Noted, None)]
    );
    assert!(
        import.findings[0]
            .reason
            .contains("没有执法资格证的人员不能列入名录库")
    );
}

#[test]
fn r4_1_a_certificate_belongs_to_one_person() {
    let text = format!(
        "{HEADER}李例,,,9908001,,2027.10.15,,,\n王例,,,9908001,,2027.10.15,,,\n赵例,,,9908003,,2027.10.15,,,\n赵例,,,9908003,,2027.10.15,,,\n"
    );
    let import = import_inspectors(text).unwrap();
    assert_eq!(
        brief(&import.findings),
        [
            (2, "D", Refused, None),
            (3, "D", Refused, None),
            (5, "D", Refused, None)
        ]
    );
    assert!(import.findings[0].reason.contains("第3行“王例”"));
    assert_eq!(import.accepted.len(), 1);
}

#[test]
fn r4_2_a_status_that_is_not_known_is_refused_with_the_words_accepted() {
    let text = format!("{HEADER}李例,女,大队,9908001,机关,2027.10.15,,水,出差\n");
    let import = import_inspectors(text).unwrap();
    assert_eq!(brief(&import.findings), [(2, "I", Refused, None)]);
    assert!(import.findings[0].reason.contains("在岗、休假、借调"));
}
