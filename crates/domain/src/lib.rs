//! What the regulation says: the things it names, their forms, and what may not be.
//! Does no input or output, knows no clock and no generator, so that strangers can audit it alone.

pub mod accounts;
pub mod annual;
pub mod dates;
pub mod history;
pub mod identifiers;
pub mod inspectors;
pub mod items;
pub mod plans;
pub mod rights;
pub mod sources;
pub mod terms;
pub mod text;
pub mod workflow;
mod written;

pub use accounts::{BureauCode, LockOut, LoginName, NewPassword, PasswordError, RegionCode};
pub use annual::AnnualPlan;
pub use dates::{DateError, DateForm, Until, Validity};
pub use history::PastInspection;
pub use identifiers::{
    CertificateNumber, CodeError, CreditCode, DrawNumber, Identity, OrganisationCode, PermitCode,
    RegistrationNumber, SiteNumber, TargetId, clean_code,
};
pub use inspectors::{Certificate, Inspector, PostStatus, Sex, Unfit};
pub use items::{Checklist, InspectionItem, ItemDraft, ItemRecord};
pub use rights::{Permission, Role, Roles, RolesError, Scope};
pub use sources::{
    Administration, ControlLevel, CreditClass, Industry, Licence, LicenceNumber, MustStay, NotKeyError,
    Source, Status, Supervision,
};
pub use terms::{Term, UnknownWord};
pub use text::{Text, TextError, clean_name, clean_text};
pub use workflow::{ItemState, PlanState, Refusal};
