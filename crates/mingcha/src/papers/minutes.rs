//! 抽取记录: the minutes of an opened draw, for the signatures of those who were present (R5.1e).
//! Never names a target or an inspector: the list is sealed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use draw::folder::{COMMIT, DRAW, Folder};
use draw::public::Assurance;
use draw::record::Draw;
use draw::table::{Flag, PoolLine};

use super::slip::in_groups;

/// Its file in the public folder; verifiers ignore it.
pub(crate) const FILE: &str = "minutes.txt";

/// Lines of a stratum by the way they take part.
#[derive(Default)]
struct Counts {
    random: usize,
    mandatory: usize,
    excluded: usize,
}

fn counts<'a>(pool: &[PoolLine<'a>]) -> BTreeMap<&'a str, Counts> {
    let mut strata: BTreeMap<&str, Counts> = BTreeMap::new();
    for line in pool {
        let stratum = strata.entry(line.stratum).or_default();
        match line.flag {
            Flag::Random => stratum.random += 1,
            Flag::Mandatory => stratum.mandatory += 1,
            Flag::Excluded(_) => stratum.excluded += 1,
        }
    }
    strata
}

/// Writes the minutes of an opened draw.
pub(crate) fn write(folder: &Folder<'_>, present: &[String]) -> String {
    let Folder {
        plan, commit, draw, ..
    } = folder;
    let hash = commit.alg.hash(&[folder.bytes(COMMIT)]).to_string();
    let mut out = format!(
        "双随机抽取记录\n\n{}\n\n{}\n名录池\n{}",
        plan.title,
        what_and_when(folder),
        pool(folder)
    );
    let _infallible = write!(
        out,
        "\n承诺的摘要（{}）\n{}\n",
        commit.alg.name(),
        in_groups(&hash)
    );
    if let Some(draw) = draw {
        let opened = commit.alg.hash(&[folder.bytes(DRAW)]).to_string();
        let root = draw.result.to_string();
        let _infallible = write!(
            out,
            "\n封存名单的根\n{}\n\n开出记录的摘要（请在场的人一并带走）\n{}\n",
            in_groups(&root),
            in_groups(&opened)
        );
    }
    out.push_str(&signatures(&commit.holders, present));
    out.push_str("\n名单已封存，在现场检查前保密。启封后任何人都可以重算和核验这次抽取。\n");
    out
}

fn what_and_when(folder: &Folder<'_>) -> String {
    let Folder {
        plan, commit, draw, ..
    } = folder;
    let assurance = commit.public.assurance();
    let mut lines = vec![
        ("抽取单位", plan.bureau.clone()),
        ("抽取编号", plan.draw.clone()),
        ("实施方案", plan.plan.clone()),
        ("抽查事项", plan.items.join("、")),
        ("检查时间", plan.window.replace("..", " 至 ")),
        ("每组岗位", plan.slots.join("、")),
        ("承诺时间", commit.at.text.clone()),
        ("公共规则", commit.public.to_string()),
    ];
    if let Some(draw) = draw {
        lines.extend([
            ("开出时间", draw.at.text.clone()),
            ("公共值", draw.public.clone()),
        ]);
    }
    let early = |draw: &Draw| draw.at.instant.seconds_since(commit.at.instant) < 3600;
    let claimed = assurance == Assurance::A && draw.as_ref().is_some_and(early);
    let claimed = if claimed {
        "（仅为自称：抽取距承诺不足一小时）"
    } else {
        ""
    };
    lines.push(("保证等级", format!("{assurance}{claimed}")));
    if assurance == Assurance::C {
        lines.push((
            "注意",
            "没有公共值：只要有一位份额持有人不参与串通，结果才不可操纵".into(),
        ));
    }
    lines
        .iter()
        .map(|(title, text)| format!("{title:　<4}  {text}\n"))
        .collect()
}

fn pool(folder: &Folder<'_>) -> String {
    let line = |(stratum, counts): (&str, Counts)| {
        let quota = folder.plan.quotas.get(stratum).map_or(0, |quota| quota.number);
        let Counts {
            random,
            mandatory,
            excluded,
        } = counts;
        format!("  {stratum}：随机 {random}，抽取 {quota}；必查 {mandatory}；排除 {excluded}\n")
    };
    counts(&folder.pool).into_iter().map(line).collect()
}

fn signatures(holders: &[String], present: &[String]) -> String {
    const LINE: &str = "____________________";
    let holders = holders
        .iter()
        .zip(1..)
        .map(|(role, number)| format!("  {LINE}  第 {number} 份  {role}\n"));
    let present = present.iter().map(|person| format!("  {LINE}  {person}\n"));
    let present: String = if present.len() == 0 {
        "  （没有登记）\n".into()
    } else {
        present.collect()
    };
    format!(
        "\n份额持有人签字\n{}\n现场监督和见证签字\n{present}",
        holders.collect::<String>()
    )
}
