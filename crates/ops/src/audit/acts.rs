//! Acts in Chinese: what the ledger calls `source.enter` is 入库 of 污染源.
//! Never the only thing that is shown of an act that is not in these tables.

/// First parts of acts and subjects.
pub const AREAS: &[(&str, &str)] = &[
    ("source", "污染源"),
    ("inspector", "执法检查人员"),
    ("leave", "请假"),
    ("recusal", "回避"),
    ("import", "导入"),
    ("item", "抽查事项"),
    ("plan", "计划和方案"),
    ("account", "账号"),
    ("department", "部门"),
    ("bureau", "机关"),
    ("office", "系统"),
];

/// Last parts of acts.
pub const VERBS: &[(&str, &str)] = &[
    ("enter", "入库"),
    ("change", "变更"),
    ("leave", "退出"),
    ("return", "重新入库"),
    ("confirm", "核实"),
    ("import", "导入"),
    ("upload", "上传"),
    ("give-up", "放弃"),
    ("discard", "作废草稿"),
    ("ship", "随系统提供"),
    ("declare", "申报"),
    ("record", "登记"),
    ("draft", "起草"),
    ("create", "起草"),
    ("edit", "修改"),
    ("submit", "提交"),
    ("withdraw", "撤回"),
    ("send-back", "退回"),
    ("approve", "批准"),
    ("publish", "公布"),
    ("amend", "修订"),
    ("retire", "停用"),
    ("supersede", "由新版本替代"),
    ("add", "增加"),
    ("close", "停用"),
    ("open", "启用"),
    ("invite", "发一次性链接"),
    ("password", "设置口令"),
    ("sign-in", "登录"),
    ("sign-out", "退出登录"),
    ("failed", "口令错误"),
    ("locked", "口令连续错误，锁定"),
    ("setup", "首次设置"),
];

fn word(table: &'static [(&str, &str)], part: &str) -> Option<&'static str> {
    table.iter().find(|(own, _)| *own == part).map(|(_, word)| *word)
}

/// The word of an act's or a subject's first part, if there is one.
#[must_use]
pub fn area(name: &str) -> Option<&'static str> {
    let end = name.find(['.', '/']).unwrap_or(name.len());
    word(AREAS, name.get(..end)?)
}

/// The word of an act's last part, if there is one.
#[must_use]
pub fn verb(act: &str) -> Option<&'static str> {
    word(VERBS, act.rsplit('.').next()?)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Texts in quotes that look like an act, in all operations.
    fn acts(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                acts(&path, found);
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            let part =
                |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            // A file's name looks like an act.
            let is_act = |text: &&str| {
                text.split_once('.')
                    .is_some_and(|(area, verb)| part(area) && part(verb) && verb != "toml")
            };
            found.extend(text.split('"').filter(is_act).map(str::to_owned));
        }
    }

    #[test]
    fn every_act_of_the_ledger_has_words() {
        let mut found = Vec::new();
        acts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert!(found.len() > 10, "{found:?}");
        for act in found {
            assert!(area(&act).is_some() && verb(&act).is_some(), "{act}");
        }
    }
}
