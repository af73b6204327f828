//! 发放: the present tasks, for one person and on a ground that is recorded before the look (R5.3).
//! Never writes to the screen, nor to a file that others can read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Result, bail};
use draw::ceremony::present_tasks;
use draw::form;

use super::DrawArgs;
use super::secrets::Frozen;
use super::session::Session;
use crate::disk::{self, Access};
use crate::world::Clock;

/// Who looks, and why.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) of: DrawArgs,
    /// 谁查看（姓名和执法证编号或职务），记入查看记录，也印在文件上
    #[arg(long, value_name = "查看人")]
    pub(crate) who: String,
    /// 因何查看
    #[arg(long, value_name = "事由")]
    pub(crate) ground: String,
    /// 只写某一检查对象的任务
    #[arg(long, value_name = "对象编号")]
    pub(crate) target: Option<String>,
    /// 写到哪个文件（权限 0600）
    #[arg(long, value_name = "文件")]
    pub(crate) out: PathBuf,
}

/// Records the look, then writes the tasks.
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<String> {
    for (title, text) in [("查看人", &args.who), ("事由", &args.ground)] {
        form::value(text).map_err(|wrong| anyhow::anyhow!("{title}{wrong}"))?;
    }
    disk::refuse_inside(&args.of.folder, &args.out)?;
    let session = Session::begin(&args.of)?;
    let (folder, frozen) = (session.parsed()?, &session.frozen);
    let known = session.list()?;
    let at = clock.now()?.text;
    session.secrets.record_look(&at, &args.who, &args.ground)?;
    let mut tasks = present_tasks(&session.public, known)?;
    if let Some(target) = &args.target {
        tasks.retain(|id, _| id == target);
        if tasks.is_empty() {
            bail!("“{target}”不是当前的检查任务；这次查看已经记录");
        }
    }
    let names: BTreeMap<&str, &str> = folder.pool.iter().map(|line| (line.id, line.name)).collect();
    let text = write(
        &tasks,
        &names,
        frozen,
        &format!("{at} 发给 {}，事由：{}", args.who, args.ground),
    );
    disk::write_new(&args.out, text.as_bytes(), Access::Private)?;
    let told = session.told();
    Ok(format!(
        "{told}已记录这次查看，{} 个任务写入 {}。\n",
        tasks.len(),
        args.out.display()
    ))
}

fn write(
    tasks: &BTreeMap<String, Vec<String>>,
    names: &BTreeMap<&str, &str>,
    frozen: &Frozen,
    mark: &str,
) -> String {
    let person = |pseudonym: &String| match frozen.roster.iter().find(|person| person.pseudonym == *pseudonym)
    {
        Some(person) => format!(
            "{}（{}，执法证 {}，代号 {pseudonym}）",
            person.name, person.unit, person.certificate
        ),
        None => "空缺".into(),
    };
    let mut out = format!("检查前保密。{mark}\n\n");
    for (id, team) in tasks {
        let team: Vec<String> = team.iter().map(person).collect();
        let name = names.get(id.as_str()).copied().unwrap_or_default();
        let _infallible = writeln!(out, "{id}\t{name}\t{}", team.join("、"));
    }
    out
}
