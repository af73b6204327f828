//! Every route for everybody: who may use it is what the table of rights says, and nothing else.

use axum::body::Body;
use axum::http::{StatusCode, header};
use domain::Term as _;
use domain::rights::{Role, TABLE};
use testkit::account;
use web::{Access, RouteInfo};

use crate::office::{Stage, request};

/// The path with something in place of its parameters.
fn filled(route: &RouteInfo) -> String {
    let part = |part: &str| {
        if part.starts_with('{') {
            "xyz".to_owned()
        } else {
            part.to_owned()
        }
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether the table gives that role the permission of a route.
fn has(role: Role, access: Access) -> bool {
    let Access::Allowed(permission) = access else {
        return true;
    };
    let rule = TABLE.iter().find(|rule| rule.permission == permission).unwrap();
    rule.bureau.contains(&role) || rule.department.contains(&role)
}

async fn call(stage: &Stage, route: &RouteInfo, session: &str) -> crate::office::Seen {
    match route.method {
        "GET" => stage.get(&filled(route), session).await,
        "POST" => stage.post(&filled(route), session, "").await,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn who_is_not_signed_in_gets_public_pages_alone() {
    let stage = Stage::new().await;
    let routes = web::routes();
    assert!(routes.len() > 30);
    for route in &routes {
        let seen = call(&stage, route, "").await;
        let is_sent_to_sign_in = seen.to.starts_with("/sign-in");
        match (route.access, route.method) {
            (Access::Public, _) => {
                assert!(
                    !is_sent_to_sign_in && seen.status != StatusCode::UNAUTHORIZED,
                    "{route:?}"
                );
            }
            (Access::Allowed(_), "GET") => {
                assert_eq!(seen.status, StatusCode::SEE_OTHER, "{route:?}");
                assert!(is_sent_to_sign_in, "{route:?}");
            }
            (Access::Allowed(_), _) => assert_eq!(seen.status, StatusCode::UNAUTHORIZED, "{route:?}"),
        }
        // A session that nobody has is no session.
        let other = call(&stage, route, "f00f").await;
        assert_eq!((other.status, other.to), (seen.status, seen.to), "{route:?}");
    }
}

#[tokio::test]
async fn each_role_gets_exactly_what_the_table_of_rights_gives_it() {
    let stage = Stage::new().await;
    let routes = web::routes();
    for (number, (role, _)) in Role::WORDS.iter().enumerate() {
        let login = format!("somebody{number}");
        stage.add(&login, &[role.word()]).await;
        let mut session = stage.sign_in(&login).await;
        for route in &routes {
            let seen = call(&stage, route, &session).await;
            let is_forbidden = seen.status == StatusCode::FORBIDDEN;
            assert_eq!(
                is_forbidden,
                !has(*role, route.access),
                "{role:?} {route:?} {}",
                seen.status
            );
            assert!(!seen.status.is_server_error(), "{role:?} {route:?} {}", seen.text);
            if !is_forbidden && matches!(route.access, Access::Allowed(_)) {
                assert!(
                    !seen.to.starts_with("/sign-in") || route.path == "/sign-out",
                    "{role:?} {route:?}"
                );
            }
            if route.path == "/sign-out" {
                session = stage.sign_in(&login).await;
            }
        }
    }
}

#[tokio::test]
async fn a_role_taken_away_or_an_account_closed_in_mid_session_takes_effect_at_once() {
    let stage = Stage::new().await;
    stage.add("both", &["监察大队", "计划员"]).await;
    let session = stage.sign_in("both").await;
    assert_eq!(stage.get("/sources/new", &session).await.status, StatusCode::OK);
    let less = account("both", &["计划员"]);
    ops::accounts::change(&stage.office, &stage.security, &less)
        .await
        .unwrap();
    let seen = stage.get("/sources/new", &session).await;
    assert!(seen.to.starts_with("/sign-in"));
    let session = stage.sign_in("both").await;
    assert_eq!(
        stage.get("/sources/new", &session).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(stage.get("/", &session).await.status, StatusCode::OK);
    ops::accounts::close(&stage.office, &stage.security, "both", true)
        .await
        .unwrap();
    assert!(stage.get("/", &session).await.to.starts_with("/sign-in"));
    assert_eq!(
        stage.post("/sources/new", &session, "").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let stage = Stage::new().await;
    let session = stage.sign_in("security").await;
    for route in web::routes().iter().filter(|route| route.method == "POST") {
        let foreign = [
            (header::ORIGIN.as_str(), "https://elsewhere.example"),
            (header::ORIGIN.as_str(), "null"),
            ("sec-fetch-site", "cross-site"),
        ];
        for (name, value) in foreign {
            let request = request("POST", &filled(route), &session).header(name, value);
            let seen = stage.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{route:?} {name} {value}");
        }
        if route.path == "/sign-out" {
            continue;
        }
        let own = request("POST", &filled(route), &session).header(header::ORIGIN, testkit::Browser::SITE);
        let seen = stage.send(own.body(Body::empty()).unwrap()).await;
        assert!(!seen.text.contains("来历不明的提交"), "{route:?}");
    }
}
