//! A frontier as text, so that a log can go on growing without reading all its leaves again.
//! Never makes one whose number of subtrees does not fit its size.

use std::fmt;
use std::str::FromStr;

use super::{Frontier, Hash, NotAHash};

impl fmt::Display for Frontier {
    /// The size, then the roots of its subtrees, the largest first, with blanks between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)?;
        self.roots.iter().try_for_each(|root| write!(f, " {root}"))
    }
}

impl FromStr for Frontier {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let mut words = text.split(' ');
        let size: u64 = words.next().and_then(|word| word.parse().ok()).ok_or(NotAHash)?;
        let roots: Vec<Hash> = words.map(Hash::from_str).collect::<Result<_, _>>()?;
        // One complete subtree for each bit of the size.
        if roots.len() != size.count_ones() as usize {
            return Err(NotAHash);
        }
        Ok(Self { size, roots })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::leaf;

    #[test]
    fn a_frontier_goes_on_from_its_text() {
        let mut tree = Frontier::default();
        for n in 0..70_u8 {
            let mut again: Frontier = tree.to_string().parse().unwrap();
            assert_eq!(again, tree);
            tree.push(leaf(&[n]));
            again.push(leaf(&[n]));
            assert_eq!(again.root(), tree.root());
        }
        for wrong in ["", "1", "2 00", "-1", "3 x y"] {
            assert!(wrong.parse::<Frontier>().is_err(), "{wrong}");
        }
    }
}
