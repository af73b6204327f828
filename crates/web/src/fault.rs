//! What could not be done, as a page that says why and how to go on.
//! Never shows more than a refusal says.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use ops::{Actor, Refusal, StoreError};

use crate::app::App;
use crate::frame::{Frame, crumb};

/// A refusal on its way to the browser.
#[derive(Debug)]
pub(crate) struct Fault(Refusal);

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<Fault> for Refusal {
    fn from(Fault(refusal): Fault) -> Self {
        refusal
    }
}

impl From<askama::Error> for Fault {
    fn from(error: askama::Error) -> Self {
        Self(Refusal::Rule(format!(
            "页面没有生成（{error}）；请把这句话告诉系统管理员"
        )))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

/// What the page of a fault says; the frame around it is put there by [`page_of_fault`], which knows who asked.
#[derive(Clone)]
struct Said {
    title: &'static str,
    text: String,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, title) = match &self.0 {
            Refusal::SignedOut => (StatusCode::UNAUTHORIZED, "请先登录"),
            Refusal::Forbidden(_) => (StatusCode::FORBIDDEN, "没有权限"),
            Refusal::Missing(_) => (StatusCode::NOT_FOUND, "没有找到"),
            Refusal::Fields(_) | Refusal::Rule(_) => (StatusCode::UNPROCESSABLE_ENTITY, "没有办成"),
            Refusal::Overtaken => (StatusCode::CONFLICT, "内容已被他人改动"),
            Refusal::Store(StoreError::Lost(_) | StoreError::Full) => {
                (StatusCode::SERVICE_UNAVAILABLE, "数据库暂时不能用")
            }
            Refusal::Store(_) => (StatusCode::INTERNAL_SERVER_ERROR, "数据库出错"),
        };
        let text = if let Refusal::Fields(errors) = &self.0 {
            let texts: Vec<&str> = errors.iter().map(|error| error.text.as_str()).collect();
            texts.join("；")
        } else {
            self.0.to_string()
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Said { title, text });
        response
    }
}

/// What is said where a part of the machinery refused by itself.
fn general(status: StatusCode) -> Option<Said> {
    let (title, text) = match status {
        StatusCode::NOT_FOUND => ("没有这个页面", "地址可能抄错了，或者内容已经移走；请从菜单进入"),
        StatusCode::METHOD_NOT_ALLOWED => (
            "不能这样打开",
            "这个地址只能由页面上的按钮提交；请回到上一页重新操作",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "提交的内容过大",
            "文件不能超过 64 兆字节，表单不能超过 2 兆字节；请拆成几份",
        ),
        StatusCode::FORBIDDEN => (
            "来历不明的提交",
            "这次提交不是从本系统的页面发出的，已拒绝；请从菜单打开页面重新操作。若经过代理服务器访问，请管理员检查它是否原样转发 Host 和 Origin",
        ),
        status if status.is_client_error() => (
            "看不懂这次提交",
            "表单不完整或被改动过；请回到上一页，刷新后重新填写",
        ),
        status if status.is_server_error() => {
            ("系统出错", "这一步没有完成；请重试，若再次出现请告诉系统管理员")
        }
        _ => return None,
    };
    let text = text.to_owned();
    Some(Said { title, text })
}

#[derive(Template)]
#[template(path = "fault.html")]
struct Framed {
    frame: Frame,
    text: String,
}

#[derive(Template)]
#[template(path = "fault_bare.html")]
struct Bare {
    title: String,
    text: String,
    signed_out: bool,
}

/// Puts a page around a response that says something went wrong and has none.
pub(crate) async fn page_of_fault(
    app: &App,
    actor: Option<&Actor>,
    path: &str,
    mut response: Response,
) -> Response {
    let status = response.status();
    let said = response.extensions_mut().remove::<Said>();
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"application/")
    });
    let Some(Said { title, text }) = said.or_else(|| general(status).filter(|_| !is_page)) else {
        return response;
    };
    let page = match actor {
        Some(actor) => {
            let frame = Frame::new(app, actor, title, path, vec![crumb("出错", "")]).await;
            Framed { frame, text }.render()
        }
        None => Bare {
            title: title.to_owned(),
            text,
            signed_out: status == StatusCode::UNAUTHORIZED,
        }
        .render(),
    };
    page.map_or_else(
        |_| status.into_response(),
        |page| (status, Html(page)).into_response(),
    )
}
