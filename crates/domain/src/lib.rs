//! What the regulation says: the things it names, their forms, and what may not be.
//! Does no input or output, knows no clock and no generator, so that strangers can audit it alone.

pub mod dates;
pub mod history;
pub mod identifiers;
pub mod inspectors;
pub mod plans;
pub mod sources;
pub mod terms;
pub mod text;

pub use dates::{DateError, DateForm, Until, Validity};
pub use history::PastInspection;
pub use identifiers::{
    CertificateNumber, CodeError, CreditCode, DrawNumber, Identity, OrganisationCode, PermitCode,
    RegistrationNumber, SiteNumber, TargetId, clean_code,
};
pub use inspectors::{Certificate, Inspector, PostStatus, Sex, Unfit};
pub use sources::{
    Administration, ControlLevel, CreditClass, Industry, Licence, LicenceNumber, NotKeyError, Source, Status,
    Supervision,
};
pub use terms::{Term, UnknownWord};
pub use text::{Text, TextError, clean_name, clean_text};
