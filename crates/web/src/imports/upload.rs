//! Sending a file, and the template to fill in.
//! Never looks into the file: the importer does.

use askama::Template;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::Term;
use ops::imports::{self, Register};
use ops::{FieldError, Refusal};
use serde::Deserialize;
use sheets::limits::FILE_BYTES_MAX;

use crate::app::App;
use crate::form::{Answer, Choice, Errors, Who, XLSX, done, download, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};

/// What stands around a file in its form, in bytes at most.
const AROUND_BYTES_MAX: usize = 64 << 10;
/// Field with the file.
const FILE: &str = "file";

/// Largest form with a file, in bytes.
pub(super) fn body_bytes_max() -> usize {
    usize::try_from(FILE_BYTES_MAX).map_or(usize::MAX, |file| file.saturating_add(AROUND_BYTES_MAX))
}

/// For which register.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    register: String,
}

#[derive(Template)]
#[template(path = "imports/new.html")]
struct New {
    frame: Frame,
    registers: Vec<Choice>,
    hint: String,
    errors: Errors,
}

async fn new_page(app: &App, who: &Who, register: &str, errors: Errors) -> New {
    let chosen = Register::parse(register).unwrap_or(Register::Sources);
    let choice = |(register, _): &(Register, &[&str])| Choice {
        value: register.key().to_owned(),
        word: register.word().to_owned(),
        selected: *register == chosen,
    };
    let path = vec![
        crumb("名录库", ""),
        crumb("导入记录", "/imports"),
        crumb("导入", ""),
    ];
    New {
        frame: Frame::new(app, &who.0, "导入名录", "/imports", path).await,
        registers: Register::WORDS.iter().map(choice).collect(),
        hint: format!(
            "Excel 工作簿（.xlsx）、文本表格（.csv，UTF-8 或 GBK 都可以）或 JSON（.json），不超过 {} 兆字节；列名与模板相同或意思相同即可，列的顺序不限",
            FILE_BYTES_MAX >> 20
        ),
        errors,
    }
}

pub(super) async fn blank(State(app): State<App>, who: Who, Query(wanted): Query<Wanted>) -> Answer {
    page(&new_page(&app, &who, &wanted.register, Errors::default()).await)
}

/// What was sent.
#[derive(Default)]
struct Upload {
    register: String,
    name: String,
    file: Vec<u8>,
}

pub(super) async fn send(
    State(app): State<App>,
    who: Who,
    sent: Result<Multipart, MultipartRejection>,
) -> Answer {
    let mut upload = Upload::default();
    let done_with = match sent {
        Ok(sent) => match taken(sent, &mut upload).await {
            Ok(()) => judged(&app, &who, &mut upload).await,
            Err(refusal) => Err(refusal),
        },
        Err(_) => Err(broken()),
    };
    match done_with {
        Ok(id) => Ok(done(
            &format!("/imports/{id}"),
            "文件已读取，名录库还没有变化。请核对下面的结果，再确认导入。",
        )),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&new_page(&app, &who, &upload.register, errors).await)
        }
    }
}

async fn judged(app: &App, who: &Who, upload: &mut Upload) -> Result<String, Refusal> {
    let register = Register::parse(&upload.register);
    let register = register.map_err(|error| of_field("register", error.to_string()))?;
    if upload.file.is_empty() && upload.name.is_empty() {
        return Err(of_field(FILE, "还没有选择文件；请选择要导入的名录".to_owned()));
    }
    let file = std::mem::take(&mut upload.file);
    imports::upload(&app.office, &who.0, register, &upload.name, file).await
}

/// Takes the parts of the form as they come.
async fn taken(mut sent: Multipart, upload: &mut Upload) -> Result<(), Refusal> {
    while let Some(field) = sent.next_field().await.map_err(|error| not_taken(&error))? {
        take(field, upload).await.map_err(|error| not_taken(&error))?;
    }
    Ok(())
}

async fn take(field: Field<'_>, upload: &mut Upload) -> Result<(), MultipartError> {
    match field.name().unwrap_or_default() {
        "register" => upload.register = field.text().await?,
        FILE => {
            upload.name = field.file_name().unwrap_or_default().to_owned();
            upload.file = field.bytes().await?.into();
        }
        _ => {}
    }
    Ok(())
}

fn not_taken(error: &MultipartError) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let text = format!("文件超过{}兆字节；请拆成几个文件分别导入", FILE_BYTES_MAX >> 20);
        return of_field(FILE, text);
    }
    broken()
}

fn broken() -> Refusal {
    of_field(FILE, "文件没有传完整；请重新选择文件后再试".to_owned())
}

fn of_field(field: &str, text: String) -> Refusal {
    Refusal::Fields(vec![FieldError::new(field, text)])
}

pub(super) async fn template(Query(wanted): Query<Wanted>) -> Answer {
    let register = Register::parse(&wanted.register);
    let register = register.map_err(|_| Refusal::Missing("这种名录的模板".to_owned()))?;
    let bytes = imports::template(register).await?;
    Ok(download(&format!("{}-模板.xlsx", register.word()), XLSX, bytes))
}
