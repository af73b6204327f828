//! What is said when the command line itself is wrong, and how help is laid out: in Chinese, like everything else.
//! Never guesses what was meant.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

/// A command and all its subcommands with their help laid out in Chinese.
pub(crate) fn in_chinese(command: Command) -> Command {
    let command = command
        .help_template("{about}\n\n用法：{usage}\n\n{all-args}")
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help("显示用法")
                .help_heading("参数"),
        )
        .mut_args(|arg| arg.help_heading("参数"));
    command.mut_subcommands(in_chinese)
}

/// `--version`, for the command itself.
pub(crate) fn version() -> Arg {
    Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help("显示版本")
        .help_heading("参数")
}

/// The sentence for a wrong command line; none if it asked for help or the version.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "clap may add kinds; what is not named is said in general"
)]
pub(crate) fn sentence(error: &Error) -> Option<String> {
    let of = |kind| error.get(kind).map(in_words).unwrap_or_default();
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return None,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            "没有说要做什么".to_owned()
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::UnknownArgument => format!("没有 {argument} 这个参数"),
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", of(ContextKind::InvalidSubcommand)),
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能重复，也不能与 {} 同用", of(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面缺少值"),
        ErrorKind::InvalidValue => format!(
            "{argument} 的值“{value}”不对，可以写：{}",
            of(ContextKind::ValidValue)
        ),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error)
                .map(ToString::to_string)
                .unwrap_or_default();
            format!("{argument} 的值“{value}”不对：{why}")
        }
        _ => "参数不对".to_owned(),
    };
    Some(format!("{what}。用 --help 查看用法。"))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "clap may add kinds; what is not named is said in general"
)]
fn in_words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join("、"),
        ContextValue::StyledStrs(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        one => one.to_string(),
    }
}
