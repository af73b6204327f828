//! 明察 Mingcha: draws that nobody can steer and anybody can check.
//! The binary parses, asks the outside (clock, generator, keyboard, disk), calls, and says what happened.

mod account;
mod demo;
mod disk;
mod draws;
mod ledger;
mod locks;
mod papers;
mod registers;
mod serve;
mod usage;
mod world;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::world::Clock;

/// 明察：双随机、一公开的抽取、封存、检查与公示
#[derive(Parser)]
#[command(name = "mingcha", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// 导入名录：检查每一行，写出回执
    Import(registers::ImportArgs),
    /// 名录模板：带填写提示和下拉选项
    Template(registers::TemplateArgs),
    /// 示例：在示例名录上走完整一轮
    Demo(demo::Args),
    /// 密钥文件：代替口令封存秘密，只有本人可读
    Key {
        /// 写到哪个文件
        #[arg(long, value_name = "文件")]
        out: PathBuf,
    },
    /// 启动服务：在浏览器里办公
    Serve(serve::Args),
    /// 账号：安全管理员忘记口令时的出路
    Account {
        #[command(subcommand)]
        verb: account::Verb,
    },
    /// 存证账本：核对
    Ledger {
        #[command(subcommand)]
        verb: ledger::Verb,
    },
    /// 抽取：冻结、承诺、开出、封存、替换、启封、核验
    Draw {
        #[command(subcommand)]
        verb: draws::Verb,
    },
}

/// What a verb has to say, and the exit status.
pub(crate) struct Outcome {
    text: String,
    status: u8,
}

impl Outcome {
    /// With an exit status of its own.
    pub(crate) fn with_status(text: String, status: u8) -> Self {
        Self { text, status }
    }
}

impl From<String> for Outcome {
    fn from(text: String) -> Self {
        Self { text, status: 0 }
    }
}

fn main() -> ExitCode {
    let Outcome { text, status } = match parsed() {
        Ok(cli) => run(cli).unwrap_or_else(|error| refused(&format!("{error:#}"))),
        Err(error) => match usage::sentence(&error) {
            Some(sentence) => refused(&sentence),
            None => error.to_string().into(),
        },
    };
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => status.into(),
        Err(_) => 2.into(),
    }
}

/// The command line, with help in Chinese.
fn parsed() -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(
        &usage::in_chinese(Cli::command().disable_version_flag(true))
            .arg(usage::version())
            .try_get_matches()?,
    )
}

/// Nothing has happened: why, on standard error, and status 2.
fn refused(why: &str) -> Outcome {
    let _nowhere_left_to_say_it = writeln!(std::io::stderr(), "mingcha：{why}");
    Outcome {
        text: String::new(),
        status: 2,
    }
}

fn run(cli: Cli) -> Result<Outcome> {
    match cli.verb {
        Verb::Import(args) => registers::run_import(&args),
        Verb::Template(args) => registers::run_template(&args),
        Verb::Key { out } => {
            locks::make_key_file(&out)?;
            Ok(format!(
                "密钥已写入 {}。请另存一份到安全的地方：丢了它，封存的内容谁也打不开。\n",
                out.display()
            )
            .into())
        }
        Verb::Serve(args) => serve::run(args),
        Verb::Account { verb } => account::run(verb),
        Verb::Ledger { verb } => ledger::run(verb),
        Verb::Demo(args) => demo::run(&args),
        Verb::Draw { verb } => draws::run(verb, &Clock::System),
    }
}
