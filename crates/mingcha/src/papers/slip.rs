//! 承诺凭条: the commitment's hash, for everybody present to take home.
//! Without it outside of the bureau, a back-dated commitment could not be told from a true one.

use anyhow::{Context, Result};
use draw::folder::Folder;
use draw::hash::Hash32;
use qrcode::{EcLevel, QrCode};

/// Its file in the public folder; verifiers ignore it.
pub(crate) const FILE: &str = "slip.txt";

/// Writes the slip.
pub(crate) fn write(folder: &Folder<'_>, hash: &Hash32) -> Result<String> {
    let Folder { plan, commit, .. } = folder;
    let alg = commit.alg.name();
    let code = format!("mcd1:{}:{}:{alg}:{hash}", plan.bureau, plan.draw);
    let holders: Vec<String> = commit
        .holders
        .iter()
        .zip(1..)
        .map(|(role, number)| format!("  第 {number} 份  {role}"))
        .collect();
    Ok(format!(
        "双随机抽取  承诺凭条\n\n\
         {title}\n\
         抽取编号  {draw}    实施方案  {plan_number}\n\
         承诺时间  {at}\n\
         最迟开出  {open_by}\n\
         最迟启封  {reveal_by}\n\
         公共值规则  {rule}    保证等级  {assurance}\n\n\
         份额持有人\n{holders}\n\n\
         承诺的摘要（{alg}）\n{lines}\n\n{qr}\n\
         请收好这张凭条。启封以后，任何人都能核验这次抽取；核验时打印出的摘要应与上面的一字不差。\n",
        title = plan.title,
        draw = plan.draw,
        plan_number = plan.plan,
        at = commit.at.text,
        open_by = commit.open_by.text,
        reveal_by = commit.reveal_by.text,
        rule = commit.public,
        assurance = commit.public.assurance(),
        holders = holders.join("\n"),
        lines = in_groups(&hash.to_string()),
        qr = qr(&code)?,
    ))
}

/// 64 digits as four lines of four groups, which the eye can compare.
pub(crate) fn in_groups(hex: &str) -> String {
    let groups: Vec<&str> = hex
        .as_bytes()
        .chunks(4)
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups
        .chunks(4)
        .map(|line| format!("  {}", line.join(" ")))
        .collect::<Vec<_>>()
        .join("\n")
}

fn qr(text: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).context("无法生成二维码")?;
    // Half blocks, two rows of modules a line: what is dark in the code is ink on the paper.
    use qrcode::render::unicode::Dense1x2;
    Ok(code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Dark)
        .light_color(Dense1x2::Light)
        .build())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hash_is_written_so_that_the_eye_can_compare_it() {
        let lines = super::in_groups(&"0123456789abcdef".repeat(4));
        assert_eq!(lines.lines().count(), 4);
        assert!(lines.lines().all(|line| line == "  0123 4567 89ab cdef"));
    }
}
