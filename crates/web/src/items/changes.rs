//! What is different between two texts of an item, its checklist line by line.
//! Never hides a line that came, went or changed.

use domain::InspectionItem;
use ops::items::{cells, lines};

use crate::history::{Change, differences};

/// All that is different.
pub(super) fn changes(before: &InspectionItem, after: &InspectionItem) -> Vec<Change> {
    let mut changes = differences(&cells(before), &cells(after));
    changes.extend(of_lines(&lines(before), &lines(after)));
    changes
}

/// Lines that are in one text alone; where as many went as came in one place, each pair is a line that changed.
fn of_lines(before: &[String], after: &[String]) -> Vec<Change> {
    let common = common(before, after);
    let (mut changes, mut from, mut to) = (Vec::new(), 0, 0);
    let ends = std::iter::once((before.len(), after.len()));
    for (until, till) in common.into_iter().chain(ends) {
        let gone = before.get(from..until).unwrap_or_default();
        let come = after.get(to..till).unwrap_or_default();
        for at in 0..gone.len().max(come.len()) {
            let place = if at < come.len() { to } else { from };
            changes.push(Change {
                title: format!("检查表第 {} 行", place + at + 1),
                before: gone.get(at).cloned().unwrap_or_default(),
                after: come.get(at).cloned().unwrap_or_default(),
            });
        }
        (from, to) = (until + 1, till + 1);
    }
    changes
}

/// Places of a longest common subsequence: the lines that stayed.
fn common(before: &[String], after: &[String]) -> Vec<(usize, usize)> {
    let width = after.len() + 1;
    // longest[i * width + j]: of before[i..] and after[j..]
    let mut longest = vec![0_usize; (before.len() + 1) * width];
    let at = |longest: &[usize], i: usize, j: usize| longest.get(i * width + j).copied().unwrap_or(0);
    for (i, old) in before.iter().enumerate().rev() {
        for (j, new) in after.iter().enumerate().rev() {
            let best = if old == new {
                at(&longest, i + 1, j + 1) + 1
            } else {
                at(&longest, i + 1, j).max(at(&longest, i, j + 1))
            };
            if let Some(place) = longest.get_mut(i * width + j) {
                *place = best;
            }
        }
    }
    let (mut places, mut i, mut j) = (Vec::new(), 0, 0);
    while let (Some(old), Some(new)) = (before.get(i), after.get(j)) {
        if old == new {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&longest, i + 1, j) >= at(&longest, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> Vec<String> {
        let lines = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        of_lines(&lines(before), &lines(after))
            .iter()
            .map(|change| format!("{}:{}>{}", change.title, change.before, change.after))
            .collect()
    }

    #[test]
    fn a_line_in_the_middle_comes_goes_or_changes_and_the_others_stay() {
        assert_eq!(told("a b c", "a b c"), Vec::<String>::new());
        assert_eq!(told("a b c", "a x b c"), ["检查表第 2 行:>x"]);
        assert_eq!(told("a b c", "a c"), ["检查表第 2 行:b>"]);
        assert_eq!(told("a b c", "a x c"), ["检查表第 2 行:b>x"]);
        assert_eq!(told("a b", "a b c d"), ["检查表第 3 行:>c", "检查表第 4 行:>d"]);
        assert_eq!(told("a b c", "c a b").len(), 2);
    }
}
