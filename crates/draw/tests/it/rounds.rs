//! A draw step by step through the ceremony, from a frozen case to whichever end the choices lead to.
//! Never steps around the ceremony: the folders are what holders of a draw would publish.

use draw::ceremony::{self, Ground, Refused, Secrets, Terms};
use draw::folder::Files;
use draw::hash::{Hash32, to_hex};
use draw::public::Rule;
use draw::record::Time;
use draw::share::{Share, committed};
use draw::substitute::Request;

use crate::cases::Case;
use crate::choices::Choices;

/// A draw under way: the public folder, and what its holders keep sealed.
#[derive(Clone)]
pub(crate) struct Round {
    pub(crate) files: Files,
    pub(crate) secrets: Secrets,
    /// A public value of the form that the commitment asks for.
    pub(crate) value: String,
    /// Days since the commitment.
    day: u32,
}

/// Offsets that are less than two days apart, so that records two days apart are in order whatever their offsets.
const OFFSETS: [&str; 5] = ["+08:00", "+00:00", "-11:30", "+14:00", "-00:00"];
const ROLES: [&str; 5] = ["环境监察大队", "办公室", "现场监督员", "纪检组", "企业代表"];
const REASONS: [&str; 3] = ["企业已关闭", "illness", "a = b, c"];

/// A time on a day after the first of April.
pub(crate) fn time(day: u32, offset: &str) -> Time {
    let (month, day) = (4 + day / 28, 1 + day % 28);
    Time::parse(&format!("2026-{month:02}-{day:02}T09:00:00{offset}")).unwrap()
}

fn rule(choices: &mut Choices<'_>) -> (Rule, String) {
    let random = choices.hash();
    match choices.below(4) {
        0 => (Rule::None, "none".into()),
        1 => {
            let count = 20 + choices.below(80);
            let digits = random.0.iter().cycle().map(|b| char::from(b'0' + b % 10));
            let thrown: String = digits.take(count).collect();
            (Rule::Dice(count), format!("dice:{thrown}"))
        }
        2 => {
            let first = 1 + choices.below(4);
            let numbers: Vec<String> = (0..20).map(|n| format!("{:02}", first + n * 4)).collect();
            (
                Rule::Kl8("2026123".into()),
                format!("kl8:2026123:{}", numbers.join(".")),
            )
        }
        _ => {
            let chain = choices.hash().to_string();
            let value = format!("drand:{chain}:4000000:{random}");
            (Rule::Drand(chain, "4000000".into()), value)
        }
    }
}

fn shares(choices: &mut Choices<'_>) -> Vec<Share> {
    let count = 2 + choices.below(4);
    let share = |_| {
        let (machine, typed) = (choices.hash(), choices.hash());
        let input = typed.0[..choices.below(33)].to_vec();
        Share { machine, input }
    };
    (0..count).map(share).collect()
}

impl Round {
    /// Commits.
    pub(crate) fn committed(choices: &mut Choices<'_>, case: &Case) -> Result<Self, Refused> {
        let texts = case.texts();
        let (rule, value) = rule(choices);
        let (shares, elig_salt) = (shares(choices), choices.hash());
        let committed =
            |(j, share): (usize, &Share)| committed(case.alg, &case.plan.draw, j, &share.secret(case.alg));
        let holders = (1..).zip(&shares).zip(ROLES);
        let terms = Terms {
            origin: "mingcha.example/410823".into(),
            alg: case.alg,
            holders: holders
                .map(|(share, role)| (role.into(), committed(share)))
                .collect(),
            public: rule,
            open_by: time(8, choices.one_of(&OFFSETS)),
            reveal_by: time(12 + u32::from(choices.byte()) % 12, choices.one_of(&OFFSETS)),
            at: time(0, choices.one_of(&OFFSETS)),
        };
        let files = ceremony::commit(&texts, &elig_salt, terms)?;
        let secrets = Secrets {
            texts,
            elig_salt,
            shares,
            result: String::new(),
            subs: String::new(),
        };
        Ok(Self {
            files,
            secrets,
            value,
            day: 0,
        })
    }

    /// The time of the next record, two days after the last.
    pub(crate) fn next_time(&mut self, choices: &mut Choices<'_>) -> Time {
        self.day += 2;
        time(self.day, choices.one_of(&OFFSETS))
    }

    /// Opens.
    pub(crate) fn open(&mut self, choices: &mut Choices<'_>) -> Result<(), Refused> {
        let at = self.next_time(choices);
        self.files = ceremony::open(&self.files, &mut self.secrets, &self.value, at)?;
        Ok(())
    }

    /// Replaces a task, an inspector or a vacancy at random, if any task is left.
    pub(crate) fn substitute(&mut self, choices: &mut Choices<'_>) -> Result<(), Refused> {
        let tasks: Vec<(String, Vec<String>)> = ceremony::present_tasks(&self.files, &self.secrets)?
            .into_iter()
            .collect();
        if tasks.is_empty() {
            return Ok(());
        }
        let (target, team) = choices.one_of(&tasks);
        let old = choices.one_of(&team);
        let request = if choices.once_in(2) {
            Request::Target(&target)
        } else {
            Request::Inspector {
                target: &target,
                old: &old,
            }
        };
        let ground = Ground {
            reason: choices.one_of(&REASONS),
            evidence: choices.once_in(2).then(|| choices.hash()),
        };
        let (salt, at): (Hash32, Time) = (choices.hash(), self.next_time(choices));
        let step = ceremony::substitute(&self.files, &mut self.secrets, request, &ground, salt, at)?;
        self.files = step.0;
        Ok(())
    }

    /// Voids, with the value if it is known.
    pub(crate) fn void(&mut self, choices: &mut Choices<'_>, known: bool) -> Result<(), Refused> {
        let at = self.next_time(choices);
        let value = known.then_some(self.value.as_str());
        let reason = choices.one_of(&REASONS);
        self.files = ceremony::void(&self.files, value, reason, "王局长", at)?;
        Ok(())
    }

    /// Reveals.
    pub(crate) fn reveal(&mut self, choices: &mut Choices<'_>) -> Result<(), Refused> {
        let at = self.next_time(choices);
        self.files = ceremony::reveal(&self.files, &self.secrets, at)?;
        Ok(())
    }

    /// Every kind of folder, from one stream of choices: mostly revealed, with some substitutions.
    pub(crate) fn play(choices: &mut Choices<'_>, most_lines: usize) -> Result<Self, Refused> {
        let case = Case::new(choices, most_lines);
        let mut round = Self::committed(choices, &case)?;
        let end = choices.below(12);
        if end == 11 {
            return Ok(round);
        }
        if end >= 9 {
            round.void(choices, end == 10)?;
            return if end == 10 { round.reveal(choices) } else { Ok(()) }.map(|()| round);
        }
        round.open(choices)?;
        for _ in 0..choices.below(7) {
            round.substitute(choices)?;
        }
        if end >= 7 {
            round.void(choices, true)?;
        }
        if end != 6 && end != 8 {
            round.reveal(choices)?;
        }
        // Files that are not named in mcd1 are ignored.
        if choices.once_in(8) {
            let note = to_hex(&choices.hash().0).into_bytes();
            round.files.insert(
                choices.one_of(&["README.md", "sub-0.txt", "sub-99.txt"]).into(),
                note,
            );
        }
        Ok(round)
    }
}
