//! What is no number where a number belongs, told beside the field before anything is saved.
//! Never judges what the number means: the compiler does.

use super::{AmountKind, Scheme};
use crate::FieldError;

impl Scheme {
    /// Fields that do not have their form; empty ones have.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Faults::default();
        faults.number("cap", &self.cap);
        faults.number("yearly_cap", &self.yearly_cap);
        faults.number("recent_days", &self.recent_days);
        faults.number("rotation", &self.rotation);
        faults.day("from", &self.from);
        faults.day("until", &self.until);
        faults.day("cycle_from", &self.cycle_from);
        for (at, team) in self.teams.iter().enumerate() {
            faults.number(&format!("team.{at}.cap"), &team.cap);
        }
        for (at, person) in self.persons.iter().enumerate() {
            faults.number(&format!("person.{at}.cap"), &person.cap);
        }
        for (at, stratum) in self.strata.iter().enumerate() {
            faults.amount(&format!("stratum.{at}.amount"), stratum.kind, &stratum.amount);
            faults.0.extend(stratum.filter.faults(&format!("stratum.{at}.")));
        }
        for (at, weight) in self.weights.iter().enumerate() {
            faults.number(&format!("weight.{at}.weight"), &weight.weight);
            faults.0.extend(weight.filter.faults(&format!("weight.{at}.")));
        }
        faults.0
    }
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn number(&mut self, field: &str, typed: &str) {
        if !typed.is_empty() && typed.parse::<u32>().is_err() {
            let text = format!("“{typed}”不是整数；请填 1 以上的整数，不带单位");
            self.0.push(FieldError::new(field, text));
        }
    }

    fn day(&mut self, field: &str, typed: &str) {
        if let Err(wrong) = domain::dates::parse_date(typed)
            && !typed.is_empty()
        {
            self.0.push(FieldError::new(field, wrong.to_string()));
        }
    }

    fn amount(&mut self, field: &str, kind: AmountKind, typed: &str) {
        let fault = kind.fault(typed).filter(|_| !typed.is_empty());
        if let Some(wrong) = fault {
            self.0
                .push(FieldError::new(field, format!("“{typed}”不对：{wrong}")));
        }
    }
}
