//! Tables for a terminal, where a Chinese character is as wide as two letters.
//! Never cuts a text: columns grow to their widest cell.

/// Columns that a text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// East Asian Wide and Fullwidth (Unicode, UAX 11), as far as Chinese texts need it.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
}

/// How the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Rows of cells under their heads, every line indented by two.
pub(super) fn table<const N: usize>(heads: [(&str, Align); N], rows: &[[String; N]]) -> String {
    let widest = |at: usize| rows.iter().map(|row| width(&row[at])).max().unwrap_or_default();
    let widths: [usize; N] = std::array::from_fn(|at| widest(at).max(width(heads[at].0)));
    let line = |cells: [&str; N]| {
        let padded: Vec<String> = (0..N).map(|at| pad(cells[at], widths[at], heads[at].1)).collect();
        format!("  {}\n", padded.join("  ").trim_end())
    };
    let mut text = line(heads.map(|(head, _)| head));
    for row in rows {
        text.push_str(&line(row.each_ref().map(String::as_str)));
    }
    text
}

fn pad(cell: &str, to: usize, align: Align) -> String {
    let blanks = " ".repeat(to.saturating_sub(width(cell)));
    match align {
        Align::Left => format!("{cell}{blanks}"),
        Align::Right => format!("{blanks}{cell}"),
    }
}
