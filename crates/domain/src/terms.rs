//! Words of a closed list as registers write them (控制级别、管理方式、状态 …), with their synonyms.
//! Never guesses: a word that is not in the list is an error that names the words accepted.

use crate::text::{half_width, is_blank};

/// A closed list of the registers: each value with its words, the first of them the proper one.
pub trait Term: Copy + PartialEq + 'static {
    /// What the list is called in a sentence.
    const TITLE: &'static str;
    /// Every value with the words that mean it.
    const WORDS: &'static [(Self, &'static [&'static str])];

    /// The value that a word means; blanks, full-width letters and case are no difference.
    ///
    /// # Errors
    /// [`UnknownWord`], which names the proper words.
    fn parse(word: &str) -> Result<Self, UnknownWord> {
        let wanted = folded(word);
        let meant = Self::WORDS
            .iter()
            .find(|(_, words)| words.iter().any(|word| folded(word) == wanted));
        meant.map(|(value, _)| *value).ok_or_else(|| UnknownWord {
            title: Self::TITLE,
            found: word.trim().to_owned(),
            accepted: Self::proper_words(),
        })
    }

    /// The proper word of the value.
    fn word(self) -> &'static str {
        let own = Self::WORDS.iter().find(|(value, _)| *value == self);
        own.and_then(|(_, words)| words.first())
            .copied()
            .unwrap_or_default()
    }

    /// The proper words of the whole list, in its order: what a drop-down offers.
    #[must_use]
    fn proper_words() -> Vec<&'static str> {
        Self::WORDS
            .iter()
            .filter_map(|(_, words)| words.first().copied())
            .collect()
    }
}

/// A word that the list does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{found}”不是可以填写的{title}，请改为：{}", accepted.join("、"))]
pub struct UnknownWord {
    /// The list.
    pub title: &'static str,
    /// The word found.
    pub found: String,
    /// The words to choose from.
    pub accepted: Vec<&'static str>,
}

/// 是 / 否, as registers write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum YesNo {
    /// 是
    Yes,
    /// 否
    No,
}

impl Term for YesNo {
    const TITLE: &'static str = "“是”或“否”";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Yes, &["是", "√", "✓", "Y", "YES", "TRUE", "1", "重点"]),
        (Self::No, &["否", "×", "N", "NO", "FALSE", "0", "非重点", "不是"]),
    ];
}

fn folded(word: &str) -> String {
    word.chars()
        .filter(|&c| !is_blank(c))
        .map(half_width)
        .flat_map(char::to_uppercase)
        .collect()
}
