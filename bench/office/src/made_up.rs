//! Sources that do not exist, with codes whose check digits hold.
//! Never random: the same number gives the same source.

use anyhow::Result;
use domain::{
    Administration, ControlLevel, CreditClass, CreditCode, Identity, Industry, Licence, LicenceNumber,
    PermitCode, SiteNumber, Source, Status, Supervision, Text, Until, Validity,
};
use jiff::civil::date;
use sheets::{Register as _, Sources};

const TRADES: [&str; 8] = ["水泥", "化工", "造纸", "热力", "食品", "机械", "涂料", "养殖"];
const PLACES: [&str; 5] = ["东关", "西陶", "南庄", "北郭", "中站"];

/// A text, which is there for every number.
fn text(text: &str) -> Option<Text> {
    Text::parse(text).ok()
}

/// The source of that number, below 10^7.
#[expect(
    clippy::expect_used,
    reason = "made-up sources are valid, or the bench is wrong"
)]
pub(crate) fn source(number: u32) -> Source {
    let at = |of: u32| usize::try_from(number % of).unwrap_or(0);
    let code = CreditCode::from_body(&format!("91410899MA{number:07}")).expect("a body of 17");
    let name = format!("示例县{}{}第{number}有限公司", PLACES[at(5)], TRADES[at(8)]);
    let level = match number % 100 {
        0 => ControlLevel::National,
        1..=2 => ControlLevel::Provincial,
        3..=5 => ControlLevel::Municipal,
        6..=19 => ControlLevel::County,
        _ => ControlLevel::General,
    };
    let permit = PermitCode::of(&code, SiteNumber::FIRST, 'P').map(LicenceNumber::Permit);
    let until = Until::Date(date(2027 + i16::try_from(number % 5).unwrap_or(0), 6, 30));
    Source {
        name: text(&name).expect("a name"),
        identity: Identity::Credit(code),
        site: SiteNumber::FIRST,
        registration_number: None,
        organisation_code: None,
        licences: vec![Licence {
            name: text("排污许可证"),
            number: permit,
            approved_on: Some(date(2022, 7, 1)),
            validity: Validity::new(None, until).expect("a term"),
        }],
        legal_representative: text(&format!("法人{number}")),
        address: text(&format!("示例县{}镇{number}号", PLACES[at(5)])),
        telephone: text("0391-7200000"),
        violations: None,
        industry: Industry {
            name: text(TRADES[at(8)]),
            code: None,
        },
        supervision: Supervision::new(level, None).expect("a level alone"),
        administration: Some(if number.is_multiple_of(3) {
            Administration::Direct
        } else {
            Administration::Indirect
        }),
        monitoring_stations: Some(u16::try_from(number % 4 / 3).unwrap_or(0)),
        credit_class: Some(if number.is_multiple_of(9) {
            CreditClass::C
        } else {
            CreditClass::B
        }),
        status: Status::InOperation,
    }
}

/// A workbook with so many sources, of which three in ten are wrong: a check digit, a date, a level denied.
pub(crate) fn workbook(rows: u32) -> Result<Vec<u8>> {
    let titles: Vec<&str> = Sources::COLUMNS.iter().map(|(_, column)| column.title).collect();
    let column = |title: &str| titles.iter().position(|own| *own == title).unwrap_or(0);
    let (code, validity, level) = (column("统一社会信用代码"), column("有效期至"), column("控制级别"));
    let key = column("是否重点排污单位");
    let row = |number: u32| -> Vec<Vec<String>> {
        let mut rows = Sources::write(&source(number));
        for cells in &mut rows {
            match number % 10 {
                0 => {
                    let other = if cells[code].ends_with('X') { "Y" } else { "X" };
                    cells[code].replace_range(17.., other);
                }
                1 => cells[validity] = "2027-02-30".to_owned(),
                2 => {
                    cells[level] = "国控".to_owned();
                    cells[key] = "否".to_owned();
                }
                _ => {}
            }
        }
        rows
    };
    Ok(sheets::workbook(
        Sources::TITLE,
        None,
        &titles,
        (0..rows).flat_map(row),
    )?)
}
