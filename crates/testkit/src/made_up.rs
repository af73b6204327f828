//! Made-up sources and inspectors, by number.
//! Never a real enterprise: names begin with 示例, codes are of the region 410899, which is nobody's.

use domain::inspectors::PostStatus;
use domain::sources::{
    Administration, ControlLevel, CreditClass, Industry, IndustryCode, Licence, LicenceNumber, Source,
    Status, Supervision,
};
use domain::{
    Certificate, CertificateNumber, CreditCode, Identity, Inspector, OrganisationCode, PermitCode, Sex,
    SiteNumber, Text, Until, Validity,
};
use jiff::civil::date;

const TRADES: [&str; 6] = ["化工", "电镀", "造纸", "建材", "食品", "热力"];

fn text(text: &str) -> Text {
    Text::parse(text).unwrap()
}

/// A source of no level, in operation, with nothing missing; its licence ends on 2029-12-31.
#[must_use]
pub fn ordinary_source(number: u32) -> Source {
    let organisation = OrganisationCode::from_body(&format!("MC{number:06}")).unwrap();
    let code = CreditCode::from_body(&format!("91410899{organisation}")).unwrap();
    let trade = TRADES[number as usize % TRADES.len()];
    let licence = Licence {
        name: Some(text("排污许可证")),
        number: PermitCode::of(&code, SiteNumber::FIRST, 'P').map(LicenceNumber::Permit),
        approved_on: Some(date(2025, 1, 1)),
        validity: Validity::new(Some(date(2025, 1, 1)), Until::Date(date(2029, 12, 31))).unwrap(),
    };
    Source {
        name: text(&format!("示例{trade}{number}号厂")),
        identity: Identity::Credit(code),
        site: SiteNumber::FIRST,
        registration_number: None,
        organisation_code: None,
        licences: vec![licence],
        legal_representative: Some(text(&format!("示例{number}"))),
        address: Some(text(&format!("示例县示例路{number}号"))),
        telephone: Some(text(&format!("0000-{number:07}"))),
        violations: None,
        industry: Industry {
            name: Some(text("化学原料和化学制品制造业")),
            code: Some(IndustryCode::parse("26").unwrap()),
        },
        supervision: Supervision::new(ControlLevel::General, Some(false)).unwrap(),
        administration: Some(Administration::Direct),
        monitoring_stations: Some(0),
        credit_class: Some(CreditClass::B),
        status: Status::InOperation,
    }
}

/// A source as a register has them: of ten, one each is of national, provincial and municipal level, two of county
/// level; some have stations, are not administered by the bureau, have stopped, lack a field.
#[must_use]
pub fn source(number: u32) -> Source {
    let level = match number % 10 {
        0 => ControlLevel::National,
        1 => ControlLevel::Provincial,
        2 => ControlLevel::Municipal,
        3 | 4 => ControlLevel::County,
        _ => ControlLevel::General,
    };
    let ordinary = ordinary_source(number);
    let telephone = ordinary.telephone.clone().filter(|_| !number.is_multiple_of(11));
    Source {
        supervision: Supervision::new(level, None).unwrap(),
        administration: Some(if number.is_multiple_of(3) {
            Administration::Indirect
        } else {
            Administration::Direct
        }),
        monitoring_stations: Some(u16::from(level >= ControlLevel::Municipal)),
        credit_class: Some(match number % 4 {
            0 => CreditClass::A,
            1 => CreditClass::B,
            2 => CreditClass::C,
            _ => CreditClass::D,
        }),
        status: if number % 17 == 5 {
            Status::Suspended
        } else {
            Status::InOperation
        },
        telephone,
        ..ordinary
    }
}

/// What somebody types to enter that source or change it to that.
#[must_use]
pub fn typed(source: &Source, ground: &str) -> ops::sources::Typed {
    ops::sources::Typed {
        rows: ops::sources::rows(source),
        ground: ground.to_owned(),
    }
}

/// Somebody in post, whose certificate ends on 2029-12-31.
#[must_use]
pub fn inspector(number: u32) -> Inspector {
    Inspector {
        name: text(&format!("示例{number}")),
        sex: Some(if number.is_multiple_of(2) {
            Sex::Female
        } else {
            Sex::Male
        }),
        unit: Some(text("环境监察大队")),
        certificate: Certificate {
            number: CertificateNumber::parse(&format!("9908{number:06}")).unwrap(),
            issued_by: Some(text("示例市人民政府")),
            valid_until: Until::Date(date(2029, 12, 31)),
        },
        telephone: Some(text(&format!("0000-{number:07}"))),
        fields: vec![text(if number.is_multiple_of(3) { "大气" } else { "水" })],
        post: PostStatus::InPost,
    }
}
