//! `mingcha account link`, beside a server that runs.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::bureau::mingcha;

/// A server that is stopped when the test ends, however it ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_link_needs_data_and_an_account_and_creates_neither() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data").display().to_string();
    let said = mingcha(&["account", "link", "security", "--data", &data]);
    assert_eq!(said.status, 2);
    assert!(said.stderr.contains("里没有明察的数据"), "{}", said.stderr);
    assert!(!folder.path().join("data").exists());
    let mut serve = Command::new(env!("CARGO_BIN_EXE_mingcha"));
    serve
        .args(["serve", "--data", &data, "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped());
    let mut server = Server(serve.spawn().unwrap());
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("明察已启动"));
    let said = mingcha(&["account", "link", "security", "--data", &data]);
    assert_eq!(said.status, 2);
    assert!(said.stderr.contains("没有找到账号“security”"), "{}", said.stderr);
    let said = mingcha(&[
        "account",
        "link",
        "security",
        "--data",
        &data,
        "--url",
        "mingcha.example",
    ]);
    assert!(
        said.stderr.contains("应以 http:// 或 https:// 开头"),
        "{}",
        said.stderr
    );
}
