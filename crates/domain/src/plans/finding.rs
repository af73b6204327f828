//! Why a plan is refused, and what deserves a second look although it is not.
//! Never blames, never speaks English to a user: what happened, why, and what to do.

use std::fmt;

/// A reason why a plan cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind, for programs.
    pub code: Code,
    /// The sentence, for people.
    pub text: String,
}

impl Finding {
    pub(crate) fn new(code: Code, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Finding {}

/// What deserves a second look before the plan is approved; it does not stop a draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The kind, for programs.
    pub code: WarningCode,
    /// The sentence, for people.
    pub text: String,
}

impl Warning {
    pub(super) fn new(code: WarningCode, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// Not TOML, or a key that does not exist there.
    Syntax,
    /// A key that has to be there is not.
    Missing,
    /// One of the eight contents is empty (R5.1b).
    EmptyContent,
    /// A value does not have its form.
    WrongForm,
    /// An item that is not published (R1).
    Unpublished,
    /// Fewer than two inspectors per task (G-S1).
    TooFewInspectors,
    /// Something is named twice in the plan.
    Repeated,
    /// The plan names an item or team that it does not define.
    Undefined,
    /// Two rows of the register are one site.
    DuplicateTarget,
    /// Two rows of the register have one certificate.
    DuplicateCertificate,
    /// The plan names a source that the register does not have.
    UnknownTarget,
    /// The plan names a certificate that the register does not have.
    UnknownCertificate,
    /// A mandatory target that is excluded at the same time.
    MandatoryExcluded,
    /// A mandatory target that is in no stratum.
    MandatoryOutside,
    /// A stratum from which nothing can be drawn.
    EmptyStratum,
    /// More to draw than the stratum has.
    QuotaAboveStratum,
    /// A source for which no team of inspectors can be formed.
    NoTeam,
    /// All caps together are less than what all tasks need.
    TooFewPlaces,
    /// A committed file would be larger than mcd1 allows.
    TooLarge,
    /// The compiled files do not pass the draw's own checks: a fault of this program.
    Internal,
}

impl Code {
    /// A stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Missing => "missing",
            Self::EmptyContent => "empty-content",
            Self::WrongForm => "wrong-form",
            Self::Unpublished => "unpublished",
            Self::TooFewInspectors => "too-few-inspectors",
            Self::Repeated => "repeated",
            Self::Undefined => "undefined",
            Self::DuplicateTarget => "duplicate-target",
            Self::DuplicateCertificate => "duplicate-certificate",
            Self::UnknownTarget => "unknown-target",
            Self::UnknownCertificate => "unknown-certificate",
            Self::MandatoryExcluded => "mandatory-excluded",
            Self::MandatoryOutside => "mandatory-outside",
            Self::EmptyStratum => "empty-stratum",
            Self::QuotaAboveStratum => "quota-above-stratum",
            Self::NoTeam => "no-team",
            Self::TooFewPlaces => "too-few-places",
            Self::TooLarge => "too-large",
            Self::Internal => "internal",
        }
    }
}

/// The kinds of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WarningCode {
    /// Sources that will certainly be drawn.
    Certain,
    /// Sources that cannot be drawn.
    Impossible,
    /// More units per inspector than the stratum has; the whole stratum is drawn.
    QuotaCapped,
    /// With exclusions, less of a stratum is inspected than its ratio says.
    BelowRatio,
    /// Sources in no stratum.
    OutsideStrata,
    /// Sites of one enterprise that together could exceed its yearly cap.
    CapWithinDraw,
    /// Inspectors who cannot take part.
    InspectorsOut,
    /// A unit or certificate in a filter that the register does not have.
    MatchesNobody,
    /// A team without a slot.
    TeamUnused,
    /// An item that no stratum inspects.
    ItemUnused,
    /// Past inspections of sources that the register does not have.
    HistoryUnknown,
}

impl WarningCode {
    /// A stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Impossible => "impossible",
            Self::QuotaCapped => "quota-capped",
            Self::BelowRatio => "below-ratio",
            Self::OutsideStrata => "outside-strata",
            Self::CapWithinDraw => "cap-within-draw",
            Self::InspectorsOut => "inspectors-out",
            Self::MatchesNobody => "matches-nobody",
            Self::TeamUnused => "team-unused",
            Self::ItemUnused => "item-unused",
            Self::HistoryUnknown => "history-unknown",
        }
    }
}
