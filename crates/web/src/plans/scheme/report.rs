//! What a check found, for people: troubles with the place where they are mended, counts, people who are out.
//! Never leaves out a trouble.

use domain::Term;
use domain::plans::{Chance, Out, OutOfDraw, StratumReport};
use ops::plans::scheme::{Checked, Notice, Report, Scheme};

/// Something that has to be mended.
pub(super) struct Trouble {
    pub(super) text: String,
    pub(super) href: String,
}

/// All troubles, each with the place of the form at `form` where it is mended.
pub(super) fn troubles(checked: &Checked, form: &str) -> Vec<Trouble> {
    let trouble = |problem: &ops::plans::scheme::Problem| Trouble {
        text: problem.text.clone(),
        href: problem
            .place
            .as_ref()
            .map(|place| format!("{form}#{place}"))
            .unwrap_or_default(),
    };
    checked.problems.iter().map(trouble).collect()
}

/// What a stratum comes to.
pub(super) struct Counted {
    pub(super) lines: usize,
    pub(super) random: usize,
    pub(super) mandatory: usize,
    pub(super) left_out: usize,
    pub(super) reasons: String,
    pub(super) quota: u32,
    pub(super) chance: String,
    pub(super) certain: bool,
    pub(super) impossible: bool,
}

/// The counts of a stratum.
pub(super) fn counted(report: &StratumReport) -> Counted {
    let reasons: Vec<String> = report
        .excluded
        .iter()
        .map(|(code, count)| format!("{} {count}", reason(code)))
        .collect();
    let chances = report.chances();
    Counted {
        lines: report.lines(),
        random: report.random,
        mandatory: report.mandatory,
        left_out: report.left_out(),
        reasons: reasons.join("、"),
        quota: report.quota,
        chance: chances.map(span).unwrap_or_default(),
        certain: report.tiers.iter().any(|tier| tier.certain > 0),
        impossible: report.tiers.iter().any(|tier| tier.impossible > 0),
    }
}

/// The least and the greatest chance, or the one that all have.
fn span((min, max): (Chance, Chance)) -> String {
    if min == max {
        min.to_string()
    } else {
        format!("{min} 至 {max}")
    }
}

fn reason(code: &str) -> String {
    match code {
        "closed" => "已关闭等".to_owned(),
        "cap" => "达到年度上限".to_owned(),
        "recent" => "近期已查".to_owned(),
        own => format!("指明排除 {own}"),
    }
}

/// A person who is not in the draw.
pub(super) struct Absent {
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) certificate: String,
    pub(super) reasons: String,
}

/// Those who are not in the draw; of one on leave, also the days.
pub(super) fn absent(report: &Report) -> Vec<Absent> {
    report.out.iter().map(|out| one_absent(out, report)).collect()
}

fn one_absent(out: &OutOfDraw, report: &Report) -> Absent {
    let leaves: Vec<&str> = report
        .leaves
        .iter()
        .filter(|(certificate, _)| *certificate == out.certificate)
        .map(|(_, days)| days.as_str())
        .collect();
    let said = |why: &Out| match why {
        Out::NotInPost { post } if !leaves.is_empty() && post.word() == "休假" => {
            format!("请假：{}，在实施时间内", leaves.join("、"))
        }
        Out::NotInPost { .. }
        | Out::CertificateEnds { .. }
        | Out::CertificateWithoutTerm
        | Out::NoTeam
        | Out::NoTarget => why.to_string(),
    };
    let reasons: Vec<String> = out.reasons.iter().map(said).collect();
    Absent {
        name: out.name.to_string(),
        unit: out.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
        certificate: out.certificate.to_string(),
        reasons: reasons.join("；"),
    }
}

/// A team with less to spare than this part of what is needed deserves a second look.
const SPARE_PART: u64 = 10;

/// Whether the people of a team suffice.
pub(super) struct Places {
    pub(super) team: String,
    pub(super) needed: u64,
    pub(super) people: usize,
    pub(super) there: u64,
    pub(super) spare: u64,
    pub(super) tag: (&'static str, &'static str),
}

/// The teams with their places; the one that runs out first is marked.
pub(super) fn places(report: &Report, scheme: &Scheme) -> Vec<Places> {
    let tightest = report.places.bottleneck().map(|team| team.team.clone());
    let own = |team: &domain::plans::TeamPlaces| {
        let title = scheme.teams.iter().find(|own| own.name == team.team.as_str());
        Places {
            team: title.map_or_else(|| team.team.to_string(), super::document::team_title),
            needed: team.needed,
            people: team.people,
            there: team.there,
            spare: team.spare(),
            tag: match tightest.as_ref() == Some(&team.team) {
                true if team.spare() * SPARE_PART < team.needed => ("warn", "余量很小"),
                true => ("info", "最先用完"),
                false => ("good", "够用"),
            },
        }
    };
    report.places.teams.iter().map(own).collect()
}

/// Kind and word of the tag of a notice.
pub(super) fn tag(notice: &Notice) -> (&'static str, &'static str) {
    if notice.predictable {
        ("warn", "可以预知")
    } else {
        ("info", "请核对")
    }
}
