//! A bureau in a temporary folder that holds draws on the shipped samples.
//! Never shares anything with another test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub(crate) const DICE: &str = "dice:01234567890123456789";
const OPEN_BY: &str = "9000-01-01T00:00:00+08:00";
const REVEAL_BY: &str = "9000-12-31T00:00:00+08:00";

/// What a command said.
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// Done; all that was printed.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.status, 0, "{}{}", self.stdout, self.stderr);
        self.stdout + &self.stderr
    }

    /// Refused with a sentence that says this.
    pub(crate) fn refused(self, sentence: &str) {
        assert_eq!(self.status, 2, "{}", self.stdout);
        assert!(self.stderr.contains(sentence), "{}", self.stderr);
    }
}

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn mingcha(arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_mingcha"))
        .args(arguments)
        .output()
        .unwrap();
    Said {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Folders of one draw, and all that was printed so far.
pub(crate) struct Bureau {
    home: TempDir,
    pub(crate) printed: String,
}

impl Bureau {
    pub(crate) fn new() -> Self {
        let bureau = Self {
            home: TempDir::new().unwrap(),
            printed: String::new(),
        };
        for (name, byte) in [("desk", "ab"), ("1", "01"), ("2", "02"), ("3", "03")] {
            fs::write(bureau.path(&format!("{name}.key")), byte.repeat(32)).unwrap();
        }
        bureau
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Runs a verb on the two folders of the draw under the desk's key.
    pub(crate) fn verb(&self, verb: &str, more: &[&str]) -> Said {
        let (public, secrets, key) = (self.text("public"), self.text("secrets"), self.text("desk.key"));
        let mut arguments = vec!["draw", verb, &public, "--secrets", &secrets, "--key-file", &key];
        arguments.extend(more);
        mingcha(&arguments)
    }

    /// Runs a verb that must succeed, and keeps what it printed.
    pub(crate) fn done(&mut self, verb: &str, more: &[&str]) {
        let printed = self.verb(verb, more).ok();
        self.printed.push_str(&printed);
    }

    pub(crate) fn freeze(&mut self) {
        let samples = repository().join("samples");
        let sample = |name: &str| samples.join(name).to_str().unwrap().to_owned();
        let more = [
            ("--plan", sample("plan.toml")),
            ("--sources", sample("污染源名录库.xlsx")),
            ("--sources", sample("污染源名录库-回执-已改正.xlsx")),
            ("--inspectors", sample("执法检查人员名录库.xlsx")),
            ("--history", sample("检查历史.csv")),
            ("--trials", "3".into()),
            ("--draw", "2027-001".into()),
        ];
        let more: Vec<&str> = more
            .iter()
            .flat_map(|(flag, value)| [*flag, value.as_str()])
            .collect();
        self.done("freeze", &more);
    }

    pub(crate) fn share(&self, number: &str) -> Said {
        let (secrets, key) = (self.text("secrets"), self.text(&format!("{number}.key")));
        let role = format!("第{number}位持有人");
        mingcha(&[
            "draw",
            "share",
            "--secrets",
            &secrets,
            "--draw",
            "2027-001",
            "--number",
            number,
            "--role",
            &role,
            "--input",
            "随手键入",
            "--key-file",
            &key,
        ])
    }

    pub(crate) fn shares(&mut self) {
        for number in ["1", "2", "3"] {
            let printed = self.share(number).ok();
            self.printed.push_str(&printed);
        }
    }

    pub(crate) fn try_commit(&self) -> Said {
        self.verb("commit", &["--open-by", OPEN_BY, "--reveal-by", REVEAL_BY])
    }

    pub(crate) fn commit(&mut self) {
        self.shares();
        let printed = self.try_commit().ok();
        self.printed.push_str(&printed);
        self.wait_for_the_next_second();
    }

    /// Two records of a chain carry whole seconds, and the opening must be later than the commitment.
    fn wait_for_the_next_second(&self) {
        let committed = fs::metadata(self.path("public/1-commit.txt"))
            .unwrap()
            .modified()
            .unwrap();
        while committed.elapsed().unwrap().as_millis() < 1100 {
            std::thread::yield_now();
        }
    }

    pub(crate) fn open_with(&self, first: &str, second: &str) -> Said {
        let keys: Vec<String> = (1..=3)
            .map(|n| format!("{n}={}", self.text(&format!("{n}.key"))))
            .collect();
        let mut more = vec!["--public", first, "--public-again", second, "--present", "监督员"];
        keys.iter().for_each(|key| more.extend(["--share-key", key]));
        self.verb("open", &more)
    }

    pub(crate) fn open(&mut self) {
        let printed = self.open_with(DICE, DICE).ok();
        self.printed.push_str(&printed);
    }

    /// Reveals before the window is over.
    pub(crate) fn reveal(&mut self) {
        self.done("reveal", &["--early", "测试"]);
    }

    /// A bureau that has opened a draw.
    pub(crate) fn opened() -> Self {
        let mut bureau = Self::new();
        bureau.freeze();
        bureau.commit();
        bureau.open();
        bureau
    }

    /// The tasks as released: target id, and pseudonyms of the team.
    pub(crate) fn tasks(&self, file: &str) -> Vec<(String, Vec<String>)> {
        let out = self.text(file);
        self.verb(
            "release",
            &["--who", "张某", "--ground", "检查当日", "--out", &out],
        )
        .ok();
        let text = fs::read_to_string(&out).unwrap();
        let lines = text.lines().filter(|line| line.contains('\t'));
        lines
            .map(|line| {
                let team = line
                    .split("代号 ")
                    .skip(1)
                    .map(|rest| rest.split('）').next().unwrap().to_owned());
                (line.split('\t').next().unwrap().to_owned(), team.collect())
            })
            .collect()
    }

    /// A task that chance has drawn: a mandatory one has no successor.
    pub(crate) fn drawn_task(&self, file: &str) -> String {
        let pool = String::from_utf8(self.files("public")["pool.tsv"].clone()).unwrap();
        let by_chance = |id: &str| {
            pool.lines()
                .any(|line| line.starts_with(id) && line.contains("\tR\t"))
        };
        self.tasks(file)
            .into_iter()
            .map(|(id, _)| id)
            .find(|id| by_chance(id))
            .unwrap()
    }

    pub(crate) fn substitute(&self, target: &str, more: &[&str]) -> Said {
        let mut all = vec![
            "--target",
            target,
            "--reason",
            "企业已关闭",
            "--asked-by",
            "甲",
            "--approved-by",
            "乙",
        ];
        all.extend(more);
        self.verb("substitute", &all)
    }

    /// What both folders hold, the record of looks apart.
    pub(crate) fn state(&self) -> [BTreeMap<String, Vec<u8>>; 2] {
        let mut state = [self.files("public"), self.files("secrets")];
        state.iter_mut().for_each(|files| drop(files.remove("looks.tsv")));
        state
    }

    /// All files of a folder.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.path(folder)).unwrap().map(Result::unwrap);
        entries
            .map(|f| (f.file_name().into_string().unwrap(), fs::read(f.path()).unwrap()))
            .collect()
    }
}
