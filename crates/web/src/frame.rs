//! What is around every page of the office: title, path, menu with what waits, who is signed in, what was just done.
//! Never shows an entry that the account may not use.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use domain::rights::Permission;
use ops::Actor;

use crate::app::App;
use crate::form::{FLASH, said};

/// A step of the path to a page.
pub(crate) struct Crumb {
    pub(crate) label: String,
    pub(crate) href: Option<String>,
}

/// A step of the path; without an address it is only a word.
pub(crate) fn crumb(label: &str, href: &str) -> Crumb {
    Crumb {
        label: label.to_owned(),
        href: (!href.is_empty()).then(|| href.to_owned()),
    }
}

/// A group of the menu.
pub(crate) struct MenuGroup {
    pub(crate) title: &'static str,
    pub(crate) entries: Vec<MenuEntry>,
}

/// An entry of the menu.
pub(crate) struct MenuEntry {
    pub(crate) label: &'static str,
    pub(crate) href: &'static str,
    pub(crate) current: bool,
    pub(crate) waiting: u64,
}

/// What was just done, or not.
pub(crate) struct Flash {
    pub(crate) good: bool,
    pub(crate) text: String,
}

/// See the module.
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) crumbs: Vec<Crumb>,
    pub(crate) menu: Vec<MenuGroup>,
    pub(crate) bureau: String,
    pub(crate) person: String,
    pub(crate) flash: Option<Flash>,
}

/// The menu: groups, and in each the entries with their address and the permission that shows them.
type Entries = &'static [(&'static str, &'static str, Permission)];
const MENU: &[(&str, Entries)] = &[
    ("待办", &[("待办", "/", Permission::SeeOwnDuties)]),
    (
        "名录库",
        &[
            ("污染源", "/sources", Permission::ReadRegisters),
            ("重点核对", "/sources/key", Permission::ReadRegisters),
            ("执法检查人员", "/inspectors", Permission::ReadRegisters),
            ("请假与回避", "/inspectors/absences", Permission::ReadRegisters),
            ("导入记录", "/imports", Permission::ImportRegisters),
            ("数据质量", "/sources/quality", Permission::ReadRegisters),
        ],
    ),
    ("抽查事项", &[("事项清单", "/items", Permission::ReadItems)]),
    (
        "计划",
        &[
            ("年度计划", "/annual-plans", Permission::ReadPlans),
            ("实施方案", "/plans", Permission::ReadPlans),
        ],
    ),
    (
        "系统",
        &[
            ("机构与部门", "/departments", Permission::ManageOrganisation),
            ("账号", "/accounts", Permission::ReadAccounts),
            ("权限", "/rights", Permission::ReadAccounts),
            ("审计", "/audit", Permission::ReadAudit),
        ],
    ),
];

impl Frame {
    /// The frame of a page; `path` is its address, which the menu marks.
    pub(crate) async fn new(app: &App, actor: &Actor, title: &str, path: &str, crumbs: Vec<Crumb>) -> Self {
        let counts = app.counts(actor).await;
        let current = current(path);
        let entry = |(label, href, permission): &(&'static str, &'static str, Permission)| {
            actor.may(*permission)?;
            let waiting = counts
                .iter()
                .filter(|(menu, _)| menu == href)
                .map(|(_, count)| count)
                .sum();
            Some(MenuEntry {
                label,
                href,
                current: Some(*href) == current,
                waiting,
            })
        };
        let groups = MENU.iter().map(|(title, entries)| MenuGroup {
            title,
            entries: entries.iter().filter_map(entry).collect(),
        });
        Self {
            title: title.to_owned(),
            crumbs,
            menu: groups.filter(|group| !group.entries.is_empty()).collect(),
            bureau: actor.bureau_name.clone(),
            person: actor.person.clone(),
            flash: None,
        }
    }

    /// With what was just done.
    pub(crate) fn saying(self, said: Said) -> Self {
        let flash = said.0.map(|text| Flash { good: true, text });
        Self { flash, ..self }
    }
}

/// The entry of the menu that a page belongs to: the longest address that its own begins with.
fn current(path: &str) -> Option<&'static str> {
    let all = MENU
        .iter()
        .flat_map(|(_, entries)| entries.iter().map(|(_, href, _)| *href));
    let own = all.filter(|href| path == *href || *href != "/" && path.starts_with(&format!("{href}/")));
    own.max_by_key(|href| href.len())
}

/// The sentence that the page before left for this one.
pub(crate) struct Said(Option<String>);

impl<S: Sync> FromRequestParts<S> for Said {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let jar = CookieJar::from_headers(&parts.headers);
        Ok(Self(jar.get(FLASH).and_then(|cookie| said(cookie.value()))))
    }
}

/// Takes the sentence off once it is shown.
pub(crate) fn forget_said(mut response: Response) -> Response {
    let forget = HeaderValue::from_static("mingcha-said=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    response.headers_mut().append(header::SET_COOKIE, forget);
    response
}
