//! 机构与部门, accounts of others, rights in the browser.
//! Never decides anything: operations do.

mod accounts;
mod departments;
mod edit;
mod rights;

use domain::rights::Permission::{ManageAccounts, ManageOrganisation, ReadAccounts};

use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at(
            "/departments",
            get(departments::list).authorize(ManageOrganisation),
        )
        .at(
            "/departments",
            post(departments::add).authorize(ManageOrganisation),
        )
        .at(
            "/departments/act",
            get(departments::ask).authorize(ManageOrganisation),
        )
        .at(
            "/departments/act",
            post(departments::act).authorize(ManageOrganisation),
        )
        .at("/accounts", get(accounts::list).authorize(ReadAccounts))
        .at("/accounts/new", get(edit::blank).authorize(ManageAccounts))
        .at("/accounts/new", post(edit::add).authorize(ManageAccounts))
        .at("/accounts/{login}", get(accounts::show).authorize(ReadAccounts))
        .at(
            "/accounts/{login}/edit",
            get(edit::edit).authorize(ManageAccounts),
        )
        .at(
            "/accounts/{login}/edit",
            post(edit::change).authorize(ManageAccounts),
        )
        .at(
            "/accounts/{login}/act",
            get(accounts::ask).authorize(ManageAccounts),
        )
        .at(
            "/accounts/{login}/act",
            post(accounts::act).authorize(ManageAccounts),
        )
        .at(
            "/accounts/{login}/sessions/{id}/end",
            post(accounts::end_session).authorize(ManageAccounts),
        )
        .at("/rights", get(rights::table).authorize(ReadAccounts))
}
