//! `mingcha demo`: a whole round on the sample registers, by the same verbs that a bureau uses.
//! Never prints a list before its reveal, not even here.

mod office;

use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use draw::hash::Alg;
use draw::record::Time;

use crate::disk::{self, Access};
use crate::draws::share::HolderArgs;
use crate::draws::{DrawArgs, Verb, commit, freeze, open, release, reveal, share, substitute, verify, void};
use crate::locks::{self, LockArgs};
use crate::registers::{ImportArgs, Kind, run_import};
use crate::world::{self, Clock};
use crate::{Outcome, draws};

/// Where the samples are, and where the round is written.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// 示例名录和方案所在的文件夹
    #[arg(long, default_value = "samples", value_name = "文件夹")]
    samples: PathBuf,
    /// verify.py 和 verify.js 所在的文件夹
    #[arg(long, default_value = "verifiers", value_name = "文件夹")]
    verifiers: PathBuf,
    /// 写到哪里
    #[arg(long, default_value = "data", value_name = "文件夹")]
    data: PathBuf,
    /// 只跑一轮，不提示下一步
    #[arg(long)]
    once: bool,
}

/// The holders of the shares, and who watches.
const HOLDERS: [&str; 3] = ["环境监察大队", "办公室", "现场监督员"];
const DICE: usize = 20;
/// The data folder of the sample office.
const OFFICE: &str = "office";

/// The scripted times: the draw at the start of the quarter, the reveal after its end.
const MORNING: &str = "2027-01-04T09:00:00+08:00";
const OPEN_BY: &str = "2027-01-04T12:00:00+08:00";
const REVEAL_BY: &str = "2027-04-30T18:00:00+08:00";
const AFTER_THE_QUARTER: &str = "2027-04-12T09:00:00+08:00";

/// A round under way.
struct Round<'a, W: Write> {
    args: &'a Args,
    root: PathBuf,
    clock: Clock,
    step: usize,
    out: W,
}

/// A draw of the round: its number and folders.
#[derive(Clone, Copy)]
struct Draw<'a> {
    number: &'a str,
    folder: &'a Path,
}

/// Runs the round and says where everything is.
pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let root = fresh_folder(&args.data)?;
    let clock = Clock::Scripted(Cell::new(MORNING.parse().context("示例时间")?));
    let mut round = Round {
        args,
        root,
        clock,
        step: 0,
        out: std::io::stdout(),
    };
    let sources = round.registers()?;
    let given_up = round.root.join("2027-001");
    let first = Draw {
        number: "2027-001",
        folder: &given_up,
    };
    round.given_up(first, &sources)?;
    let folder = round.root.join("2027-002");
    let second = Draw {
        number: "2027-002",
        folder: &folder,
    };
    round.held(second, &sources)?;
    round.substitutions(second)?;
    round.reveal(second)?;
    round.heading("三个互不共用代码的核验程序")?;
    round.three_verifiers(&folder, 0)?;
    round.tampered(&folder)?;
    round.office()?;
    round.farewell(&folder)
}

/// The first folder of its kind that does not exist: what an earlier round wrote stays.
fn fresh_folder(data: &Path) -> Result<PathBuf> {
    let folder = (1..10_000)
        .map(|n| data.join(format!("示例-{n}")))
        .find(|path| !path.exists());
    let folder = folder.with_context(|| format!("{} 中的示例太多，请删去一些", data.display()))?;
    disk::make_folder(&folder)?;
    Ok(folder)
}

impl<W: Write> Round<'_, W> {
    fn heading(&mut self, text: &str) -> Result<()> {
        self.step += 1;
        Ok(writeln!(self.out, "\n【{}】{text}", self.step)?)
    }

    fn say(&mut self, text: &str) -> Result<()> {
        text.lines().try_for_each(|line| writeln!(self.out, "  {line}"))?;
        Ok(())
    }

    fn verb(&mut self, verb: Verb) -> Result<u8> {
        let Outcome { text, status } = draws::run(verb, &self.clock)?;
        self.say(&text)?;
        Ok(status)
    }

    /// A register with mistakes, its receipt, and the receipt as a clerk mended it.
    fn registers(&mut self) -> Result<Vec<PathBuf>> {
        self.heading("导入污染源名录库：错的行不收，写回执")?;
        let register = self.args.samples.join("污染源名录库.xlsx");
        let receipt = self.root.join("回执.xlsx");
        let import = |files: Vec<PathBuf>, receipt| {
            run_import(&ImportArgs {
                kind: Kind::Sources,
                files,
                receipt,
                out: None,
                dry_run: true,
            })
        };
        let first = import(vec![register.clone()], Some(receipt.clone()))?;
        let (first_text, about_receipt) = parted(&first.text, "回执已写入");
        self.say(&format!("{first_text}{about_receipt}"))?;
        self.heading("改正后的回执跟在原文件后面再导入一次")?;
        let files = vec![register, self.args.samples.join("污染源名录库-回执-已改正.xlsx")];
        let second = import(files.clone(), None)?;
        self.say(second.text.strip_prefix(first_text).unwrap_or(&second.text))?;
        if second.status != 0 {
            bail!("示例名录改正后仍有未导入的行");
        }
        Ok(files)
    }

    fn secrets(&self, draw: Draw<'_>) -> PathBuf {
        self.root.join(format!("保密-{}", draw.number))
    }

    fn key(&self, draw: Draw<'_>, whose: &str) -> PathBuf {
        self.root
            .join(format!("密钥-{}", draw.number))
            .join(format!("{whose}.key"))
    }

    fn lock(&self, draw: Draw<'_>, whose: &str) -> LockArgs {
        LockArgs {
            key_file: Some(self.key(draw, whose)),
            passphrase_file: None,
        }
    }

    fn of(&self, draw: Draw<'_>) -> DrawArgs {
        let (folder, secrets) = (draw.folder.to_owned(), self.secrets(draw));
        DrawArgs {
            folder,
            secrets,
            lock: self.lock(draw, "抽取"),
        }
    }

    fn holders(&self, draw: Draw<'_>) -> HolderArgs {
        let keys = HOLDERS
            .iter()
            .zip(1..)
            .map(|(role, number)| (number, self.key(draw, role)));
        HolderArgs {
            share_keys: keys.collect(),
            share_passphrase_files: Vec::new(),
        }
    }

    /// Freeze, shares, commitment.
    fn committed(&mut self, draw: Draw<'_>, sources: &[PathBuf]) -> Result<()> {
        disk::make_private_folder(&self.root.join(format!("密钥-{}", draw.number)))?;
        for whose in HOLDERS.iter().chain(&["抽取"]) {
            locks::make_key_file(&self.key(draw, whose))?;
        }
        let samples = &self.args.samples;
        let frozen = freeze::run(&freeze::Args {
            folder: draw.folder.to_owned(),
            secrets: self.secrets(draw),
            plan: samples.join("plan.toml"),
            sources: sources.to_vec(),
            inspectors: vec![samples.join("执法检查人员名录库.xlsx")],
            history: vec![samples.join("检查历史.csv")],
            draw: Some(draw.number.to_owned()),
            leave_out: 0,
            trials: 200,
            dry_run: false,
            lock: self.lock(draw, "抽取"),
        })?;
        // The same plan is drawn twice: its report is read once.
        let again = self.root.join("2027-001").join(draw::folder::COMMIT).exists();
        self.say(if again {
            parted(&frozen, "试抽").1
        } else {
            &frozen
        })?;
        for (role, number) in HOLDERS.iter().zip(1..) {
            self.verb(Verb::Share(share::Args {
                secrets: self.secrets(draw),
                draw: draw.number.to_owned(),
                number,
                role: (*role).to_owned(),
                input: Some(String::new()),
                alg: Alg::Sha256,
                lock: self.lock(draw, role),
            }))?;
        }
        self.verb(Verb::Commit(commit::Args {
            of: self.of(draw),
            open_by: time(OPEN_BY)?,
            reveal_by: time(REVEAL_BY)?,
            origin: "mingcha.example".into(),
        }))?;
        Ok(())
    }

    /// A draw that is given up after the dice were thrown: it must be revealed all the same.
    fn given_up(&mut self, draw: Draw<'_>, sources: &[PathBuf]) -> Result<()> {
        self.heading("第一次抽取 2027-001：冻结、份额、承诺")?;
        self.committed(draw, sources)?;
        self.heading("骰子已掷出，却有人要求重来：只能公开作废，而且仍须启封")?;
        let public = thrown()?;
        self.say(&format!("公共值 {public}"))?;
        self.verb(Verb::Void(void::Args {
            of: self.of(draw),
            reason: "一枚骰子落地后被碰动，在场监督员要求重掷".into(),
            approved_by: "局领导（示例）".into(),
            public: Some(public),
        }))?;
        self.verb(Verb::Reveal(reveal::Args {
            of: self.of(draw),
            holders: self.holders(draw),
            early: None,
        }))?;
        let report = verify::run(&verify::Args {
            folder: draw.folder.to_owned(),
        })?;
        let kind = report.facts.as_ref().map_or("", |facts| facts.kind.name());
        self.say(&format!(
            "核验：{} 项检查通过；种类 {kind}。放弃的名单已公开，谁都能看到。",
            report.passed.len()
        ))
    }

    fn held(&mut self, draw: Draw<'_>, sources: &[PathBuf]) -> Result<()> {
        self.heading("第二次抽取 2027-002：同一方案，新的编号，重新承诺")?;
        self.committed(draw, sources)?;
        self.heading("两人各自录入掷出的骰子，抽出名单并封存")?;
        let public = thrown()?;
        self.say(&format!("公共值 {public}"))?;
        self.verb(Verb::Open(open::Args {
            of: self.of(draw),
            public: Some(public.clone()),
            public_again: Some(public),
            holders: self.holders(draw),
            present: vec!["示例监督员（纪检组）".into()],
        }))?;
        let minutes = disk::read_text(&draw.folder.join(crate::papers::minutes::FILE))?;
        self.say(&minutes)
    }

    /// One enterprise has closed, one inspector has fallen ill: the draw says who comes instead.
    fn substitutions(&mut self, draw: Draw<'_>) -> Result<()> {
        self.heading("检查期间两次替换：一家企业已关闭，一名人员患病；接替者由抽取的顺序决定")?;
        let evidence = self.root.join("证明材料.txt");
        disk::replace(
            &evidence,
            "示例：现场查看照片与医院证明的扫描件\n".as_bytes(),
            Access::Private,
        )?;
        let (closed, ..) = self.some_task(draw, "核对已关闭的企业", 0)?;
        self.substitute(draw, &evidence, closed, None, "企业已关闭")?;
        let (target, inspector) = self.some_task(draw, "核对患病人员的任务", 1)?;
        self.substitute(draw, &evidence, target, Some(inspector), "患病，有医院证明")
    }

    /// A task of the list and its first inspector, as the released file has them.
    fn some_task(&mut self, draw: Draw<'_>, ground: &str, nth: usize) -> Result<(String, String)> {
        let out = self
            .root
            .join(format!("保密-{}", draw.number))
            .join(format!("发放-{nth}.txt"));
        self.verb(Verb::Release(release::Args {
            of: self.of(draw),
            who: "示例经办人".into(),
            ground: ground.into(),
            target: None,
            out: out.clone(),
        }))?;
        let text = disk::read_text(&out)?;
        let tasks: Vec<&str> = text.lines().filter(|line| line.contains('\t')).collect();
        let line = tasks.get(nth).context("示例名单太短")?;
        let id = line.split('\t').next().unwrap_or_default();
        let (_, pseudonym) = line.split_once("代号 ").context("示例任务没有人员")?;
        let pseudonym = pseudonym.split('）').next().unwrap_or_default();
        Ok((id.to_owned(), pseudonym.to_owned()))
    }

    fn substitute(
        &mut self,
        draw: Draw<'_>,
        evidence: &Path,
        target: String,
        inspector: Option<String>,
        reason: &str,
    ) -> Result<()> {
        self.verb(Verb::Substitute(substitute::Args {
            of: self.of(draw),
            target,
            inspector,
            reason: reason.into(),
            evidence: Some(evidence.to_owned()),
            asked_by: "示例经办人".into(),
            approved_by: "示例局领导".into(),
        }))?;
        Ok(())
    }

    fn reveal(&mut self, draw: Draw<'_>) -> Result<()> {
        self.heading("季度结束，启封")?;
        self.clock = Clock::Scripted(Cell::new(AFTER_THE_QUARTER.parse().context("示例时间")?));
        self.verb(Verb::Reveal(reveal::Args {
            of: self.of(draw),
            holders: self.holders(draw),
            early: None,
        }))?;
        Ok(())
    }

    /// The three verifiers must say the same; a missing interpreter is said, not hidden.
    fn three_verifiers(&mut self, folder: &Path, expected: u8) -> Result<()> {
        self.own_verifier(folder, expected)?;
        for (program, script) in [("python3", "verify.py"), ("node", "verify.js")] {
            let script = self.args.verifiers.join(script);
            let Ok(output) = Command::new(program).arg(&script).arg(folder).output() else {
                self.say(&format!("{program} 没有安装，略过 {}", script.display()))?;
                continue;
            };
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            self.verdict(
                &format!("{program} {}", script.display()),
                &text,
                output.status.code(),
                expected,
            )?;
        }
        Ok(())
    }

    fn own_verifier(&mut self, folder: &Path, expected: u8) -> Result<()> {
        let outcome = draws::run(
            Verb::Verify(verify::Args {
                folder: folder.to_owned(),
            }),
            &self.clock,
        )?;
        self.verdict(
            "mingcha draw verify",
            &outcome.text,
            Some(outcome.status.into()),
            expected,
        )
    }

    fn verdict(&mut self, who: &str, text: &str, status: Option<i32>, expected: u8) -> Result<()> {
        let passed = text.lines().filter(|line| line.starts_with("PASS ")).count();
        let failed = text
            .lines()
            .find(|line| line.starts_with("FAIL "))
            .unwrap_or("没有 FAIL");
        let status_text = status.map_or_else(|| "被中断".into(), |code| code.to_string());
        self.say(&format!(
            "{who}：{passed} 项 PASS，{failed}，退出码 {status_text}"
        ))?;
        if status != Some(expected.into()) {
            bail!("{who} 的结论与预期（退出码 {expected}）不同");
        }
        Ok(())
    }

    /// Somebody takes a friend off the published list.
    fn tampered(&mut self, folder: &Path) -> Result<()> {
        self.heading("有人把一家企业从公布的名单上划掉：三个程序都能发现")?;
        let copy = self.root.join("2027-002-被改动");
        disk::make_folder(&copy)?;
        for (name, bytes) in disk::read_draw(folder)? {
            let bytes = if name == draw::folder::RESULT {
                without_one_target(&bytes)?
            } else {
                bytes
            };
            disk::replace(&copy.join(name), &bytes, Access::Public)?;
        }
        self.three_verifiers(&copy, 1)
    }

    /// The office in the browser, with the sample registers.
    fn office(&mut self) -> Result<()> {
        self.heading("浏览器里的办公系统：示例单位、账号、名录库、抽查事项")?;
        let text = office::set_up(&self.args.data.join(OFFICE), &self.args.samples)?;
        self.say(&text)
    }

    fn farewell(&mut self, folder: &Path) -> Result<Outcome> {
        self.heading("全部文件")?;
        let root = fs::canonicalize(&self.root).unwrap_or_else(|_| self.root.clone());
        self.say(&format!("{}", root.display()))?;
        if self.args.once {
            return Ok(String::new().into());
        }
        let page = self.args.verifiers.join("index.html");
        let (page, folder) = (page.display(), folder.display());
        Ok(format!(
            "\n自己核验：\n  mingcha draw verify {folder}\n  python3 verifiers/verify.py {folder}\n  \
             node verifiers/verify.js {folder}\n  或者用浏览器打开 {page}，选择这个文件夹。\n"
        )
        .into())
    }
}

/// A text before and from a word on.
fn parted<'t>(text: &'t str, word: &str) -> (&'t str, &'t str) {
    text.split_at(text.find(word).unwrap_or(text.len()))
}

/// Dice, thrown by the operating system: a bureau throws real ones.
fn thrown() -> Result<String> {
    let mut digits = String::new();
    while digits.len() < DICE {
        // Bytes of 250 and more are thrown again, so that every digit is as likely.
        let [byte] = world::random::<1>()?;
        if byte < 250 {
            digits.push(char::from(b'0' + byte % 10));
        }
    }
    Ok(format!("dice:{digits}"))
}

fn without_one_target(result: &[u8]) -> Result<Vec<u8>> {
    let text = std::str::from_utf8(result).context("result.tsv")?;
    let mut struck = false;
    let lines = text.lines().map(|line| {
        let mut columns: Vec<&str> = line.split('\t').collect();
        if !struck && columns.get(2) == Some(&"S") {
            struck = true;
            columns[2] = "N";
            columns[3] = "-";
        }
        columns.join("\t") + "\n"
    });
    Ok(lines.collect::<String>().into_bytes())
}

fn time(text: &str) -> Result<Time> {
    Time::parse(text).context("示例时间")
}
