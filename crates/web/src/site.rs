//! Routes that say who may use them. A route without that cannot be added: [`Site::at`] takes [`Guarded`] alone.
//! Never the only guard: each operation checks the right again.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{self, MethodRouter};
use domain::rights::Permission;
use ops::{Actor, Refusal};

use crate::app::App;
use crate::fault::Fault;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Who has that permission.
    Allowed(Permission),
}

/// A route as tests and documents see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    /// HTTP method.
    pub method: &'static str,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// A handler with its method, not yet guarded.
pub(crate) struct Open {
    method: &'static str,
    handler: MethodRouter<App>,
}

/// A page that is read.
pub(crate) fn get<H: Handler<T, App>, T: 'static>(handler: H) -> Open {
    Open {
        method: "GET",
        handler: routing::get(handler),
    }
}

/// A form that is sent.
pub(crate) fn post<H: Handler<T, App>, T: 'static>(handler: H) -> Open {
    Open {
        method: "POST",
        handler: routing::post(handler),
    }
}

impl Open {
    /// Takes bodies of so many bytes: for files, which are larger than forms.
    pub(crate) fn up_to(self, bytes: usize) -> Self {
        Self {
            handler: self.handler.layer(DefaultBodyLimit::max(bytes)),
            ..self
        }
    }

    /// For who has that permission.
    pub(crate) fn authorize(self, permission: Permission) -> Guarded {
        let access = Access::Allowed(permission);
        let guard = from_fn(move |request: Request, next: Next| check(permission, request, next));
        Guarded {
            access,
            method: self.method,
            handler: self.handler.layer(guard),
        }
    }

    /// For anybody.
    pub(crate) fn public(self) -> Guarded {
        Guarded {
            access: Access::Public,
            method: self.method,
            handler: self.handler,
        }
    }
}

/// A handler that says who may use it.
pub(crate) struct Guarded {
    access: Access,
    method: &'static str,
    handler: MethodRouter<App>,
}

async fn check(permission: Permission, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Actor>();
    match actor {
        // Who asks for a page comes back to it after signing in.
        None if request.method() == axum::http::Method::GET => {
            let back = request.uri().path_and_query().map_or("/", |path| path.as_str());
            Redirect::to(&format!("/sign-in?to={}", crate::form::encoded(back))).into_response()
        }
        None => Fault::from(Refusal::SignedOut).into_response(),
        Some(actor) if actor.may(permission).is_none() => {
            Fault::from(Refusal::Forbidden(permission)).into_response()
        }
        Some(_) => next.run(request).await,
    }
}

/// Routes of an area, or of all.
#[derive(Default)]
pub(crate) struct Site {
    router: Router<App>,
    routes: Vec<RouteInfo>,
}

impl Site {
    /// Adds a route.
    pub(crate) fn at(mut self, path: &'static str, guarded: Guarded) -> Self {
        let Guarded {
            access,
            method,
            handler,
        } = guarded;
        self.routes.push(RouteInfo { method, path, access });
        Self {
            router: self.router.route(path, handler),
            routes: self.routes,
        }
    }

    /// Both.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.routes.extend(other.routes);
        Self {
            router: self.router.merge(other.router),
            routes: self.routes,
        }
    }

    pub(crate) fn routes(&self) -> &[RouteInfo] {
        &self.routes
    }

    pub(crate) fn into_router(self) -> Router<App> {
        self.router
    }
}
