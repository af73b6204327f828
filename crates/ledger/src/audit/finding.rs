//! What is wrong with a log, and where.
//! Never a guess at who did it: a sentence says which entries, why that is known, and what to do.
//!
//! Entries are counted from 0 (序号); a checkpoint of `n` entries is about those with positions 0 to `n - 1`.

use std::fmt;
use std::ops::Range;

use crate::checkpoint::NoteError;
use crate::entry::EntryError;

/// Who kept a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The database that holds the log. Whoever has the log's key and the database can write both anew.
    Database,
    /// Somebody else, on paper or in a file.
    Outsider,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// An entry says something else than when it became a leaf.
    Edited {
        /// Its position.
        index: u64,
    },
    /// A leaf that is no entry as this program writes them.
    NotCanonical {
        /// Its position.
        index: u64,
        /// Why.
        why: EntryError,
    },
    /// Entries of which only the hash is left.
    TextGone {
        /// Their positions.
        positions: Range<u64>,
    },
    /// Entries of which nothing is left. No checkpoint after them can be checked.
    LeafGone {
        /// Their positions.
        positions: Range<u64>,
    },
    /// A leaf that comes twice, or after one that should follow it.
    OutOfOrder {
        /// Its position.
        index: u64,
        /// The position that should come.
        expected: u64,
    },
    /// A checkpoint that proves nothing.
    Note {
        /// Who kept it.
        holder: Holder,
        /// The size under which the database has it; of those that outsiders hold, which one, from 1.
        number: u64,
        /// Why.
        why: NoteError,
    },
    /// A checkpoint that the database has under another size than was signed.
    Misfiled {
        /// The size under which it is.
        filed: u64,
        /// The size that was signed.
        signed: u64,
    },
    /// A checkpoint that came when more leaves were fed already.
    Late {
        /// Who kept it.
        holder: Holder,
        /// Its size.
        size: u64,
        /// Number of leaves by then.
        fed: u64,
    },
    /// A signed root that is not that of the leaves.
    OtherRoot {
        /// Who kept the checkpoint.
        holder: Holder,
        /// Where the change must be: from the size of the last checkpoint that was right to that of this one.
        positions: Range<u64>,
        /// How many checkpoints after this one are not right either.
        later: u64,
    },
    /// Two roots that were signed for the same size; only one is that of the leaves.
    TwoRoots {
        /// Who kept the other one.
        holder: Holder,
        /// The size.
        size: u64,
    },
    /// A log shorter than a signed checkpoint.
    Truncated {
        /// Who kept the checkpoint.
        holder: Holder,
        /// Size of the last checkpoint that was right. Those after it may have moved up in place of what is gone.
        good: u64,
        /// Number of leaves there are.
        have: u64,
        /// Number of leaves that was signed.
        signed: u64,
    },
    /// More than [`super::MAX_FINDINGS`].
    More {
        /// How many more.
        count: u64,
    },
}

impl Finding {
    /// Positions of the entries in which the change is; none if it is about a checkpoint alone.
    #[must_use]
    pub fn positions(&self) -> Option<Range<u64>> {
        match self {
            Self::Edited { index } | Self::NotCanonical { index, .. } => {
                Some(*index..index.saturating_add(1))
            }
            Self::OutOfOrder { index, expected } => Some(*index..index.saturating_add(1).max(*expected)),
            Self::TextGone { positions }
            | Self::LeafGone { positions }
            | Self::OtherRoot { positions, .. } => Some(positions.clone()),
            Self::Truncated { good, signed, .. } => Some(*good..*signed),
            Self::Note { .. }
            | Self::Misfiled { .. }
            | Self::Late { .. }
            | Self::TwoRoots { .. }
            | Self::More { .. } => None,
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Database => "库中保存的",
            Self::Outsider => "外部持有的",
        })
    }
}

/// Positions in words.
struct Span<'a>(&'a Range<u64>);

impl fmt::Display for Span<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.0.start, self.0.end.saturating_sub(1));
        if first == last {
            return write!(f, "序号 {first}");
        }
        write!(f, "序号 {first} 至 {last}")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { index } => {
                write!(
                    f,
                    "序号 {index} 的存证内容被改动，与记入账本时的哈希不符。请从备份中找出原内容比对"
                )
            }
            Self::NotCanonical { index, why } => {
                write!(
                    f,
                    "序号 {index} 的存证不是本程序写入的样子：{why}。请查明它是怎样写入的"
                )
            }
            Self::TextGone { positions } => {
                write!(f, "{} 的存证内容缺失，只剩哈希。请从备份中找回", Span(positions))
            }
            Self::LeafGone { positions } => {
                let span = Span(positions);
                write!(
                    f,
                    "{span} 的存证整条缺失，此后的校验点都无法核对。请从备份中找回后再核对一遍"
                )
            }
            Self::OutOfOrder { index, expected } => {
                write!(
                    f,
                    "序号 {index} 的存证重复出现或次序颠倒，此处应为序号 {expected}。请与备份比对"
                )
            }
            Self::Note { holder, number, why } => write_note(f, *holder, *number, *why),
            Self::Misfiled { filed, signed } => {
                write!(
                    f,
                    "库中 {filed} 条处的校验点，签名的却是 {signed} 条时的账本，没有用它核对。请与备份比对"
                )
            }
            Self::Late { holder, size, fed } => write_late(f, *holder, *size, *fed),
            Self::OtherRoot {
                holder,
                positions,
                later,
            } => write_other_root(f, *holder, positions, *later),
            Self::TwoRoots { holder, size } => write_two_roots(f, *holder, *size),
            Self::Truncated {
                holder,
                good,
                have,
                signed,
            } => write_truncated(f, *holder, *good, *have, *signed),
            Self::More { count } => {
                write!(f, "另有 {count} 处问题没有逐一列出。请先处理以上各处，再核对一遍")
            }
        }
    }
}

fn write_note(f: &mut fmt::Formatter<'_>, holder: Holder, number: u64, why: NoteError) -> fmt::Result {
    match holder {
        Holder::Database => {
            write!(
                f,
                "库中 {number} 条处的校验点不能采信：{why}。请用外部持有的校验点或备份核对"
            )
        }
        Holder::Outsider => {
            write!(
                f,
                "外部提供的第 {number} 个校验点不能采信：{why}。请对照原件重新录入"
            )
        }
    }
}

fn write_other_root(
    f: &mut fmt::Formatter<'_>,
    holder: Holder,
    positions: &Range<u64>,
    later: u64,
) -> fmt::Result {
    let (span, good, size) = (Span(positions), positions.start, positions.end);
    write!(
        f,
        "{span} 的存证有改动、增删或调换：{holder} {size} 条时的校验点与现有内容不符"
    )?;
    if good > 0 {
        write!(f, "，而 {good} 条时的相符")?;
    }
    if later > 0 {
        write!(f, "，其后另有 {later} 个也不符")?;
    }
    f.write_str("。请用备份逐条比对")
}

fn write_late(f: &mut fmt::Formatter<'_>, holder: Holder, size: u64, fed: u64) -> fmt::Result {
    write!(
        f,
        "{holder} {size} 条时的校验点在读过 {fed} 条之后才给出，没有核对。"
    )?;
    f.write_str("请按条数从小到大重新核对")
}

fn write_two_roots(f: &mut fmt::Formatter<'_>, holder: Holder, size: u64) -> fmt::Result {
    write!(
        f,
        "{size} 条时的账本签过两个互不相同的校验点，{holder}这一个与现有内容不符。"
    )?;
    f.write_str("请查明签名密钥的使用情况")
}

fn write_truncated(
    f: &mut fmt::Formatter<'_>,
    holder: Holder,
    good: u64,
    have: u64,
    signed: u64,
) -> fmt::Result {
    let span = Span(&(good..signed));
    write!(
        f,
        "账本短少：{holder}校验点证明曾有 {signed} 条，现在只有 {have} 条，缺的在{span} 之中"
    )?;
    if good > 0 {
        write!(f, "，而 {good} 条时的校验点相符")?;
    }
    f.write_str("。请从备份中找回")
}
