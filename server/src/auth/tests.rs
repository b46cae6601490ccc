//! Promises about who gets in.

use axum::{
    body::Body,
    http::{Method, header},
};
use expect_test::expect;
use serde_json::json;

use crate::{
    Access, Config, NewPerson, Permission, Role, Scope, Surface, table,
    testing::{As, TestApp, fill},
};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn every_route_refuses_whoever_is_not_known() {
    let app = TestApp::new();
    for route in table() {
        let path = fill(route.path);
        let answer = app.send(&As::Anonymous, route.method.clone(), &path, &[JSON], "{}").await;
        let place = format!("{} {}", route.method, route.path);
        match (route.access, route.surface) {
            (Access::Open, _) => assert_ne!(answer.status, 403, "{place}"),
            (Access::WriteKey, _) => {
                assert_eq!(answer.status, 401, "{place}");
                assert_eq!(answer.json()["success"], false, "{place}");
            }
            (Access::Needs(_), Surface::Page) => {
                assert_eq!(answer.status, 303, "{place}");
                assert!(answer.header("location").starts_with("/login"), "{place}");
            }
            (Access::Needs(_), _) => {
                assert_eq!(answer.status, 401, "{place}");
                assert_eq!(answer.header("content-type"), "application/problem+json", "{place}");
                assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"whom\"", "{place}");
            }
        }
    }
}

#[tokio::test]
async fn every_route_refuses_whoever_may_not() {
    let app = TestApp::new();
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push((role, app.person(role).await));
    }
    for route in table() {
        let Access::Needs(needs) = route.access else { continue };
        // Signing out would leave nobody to ask with.
        if route.path == "/logout" {
            continue;
        }
        for (role, person) in people.iter().filter(|(role, _)| !role.may(needs)) {
            let answer = app.send(person, route.method.clone(), &fill(route.path), &[JSON], "{}").await;
            assert_eq!(answer.status, 403, "{} {} as {}", route.method, route.path, role.as_str());
        }
    }
}

#[tokio::test]
async fn every_route_refuses_a_token_without_its_scope() {
    let app = TestApp::new();
    let scopes = [Scope::Read, Scope::Write, Scope::Ingest, Scope::Admin];
    for scope in scopes {
        let token = app.token(&[scope]).await;
        for route in table() {
            let Access::Needs(needs) = route.access else { continue };
            if scope.may(needs) {
                continue;
            }
            let answer = app.send(&token, route.method.clone(), &fill(route.path), &[JSON], "{}").await;
            assert_eq!(answer.status, 403, "{} {} with {scope:?}", route.method, route.path);
        }
    }
}

#[test]
fn nothing_but_signing_in_and_the_health_check_is_open() {
    let open: Vec<_> = table()
        .iter()
        .filter(|route| route.access == Access::Open)
        .map(|route| format!("{} {}", route.method, route.path))
        .filter(|route| !route.starts_with("GET /assets/"))
        .collect();
    expect![[r#"
        GET /healthz
        GET /o/{token}
        GET /login
        POST /login
        GET /login/once
        GET /login/code
        POST /login/code
        GET /login/forgot
        POST /login/forgot
        GET /invitation
        POST /invitation"#]]
    .assert_eq(&open.join("\n"));
}

#[tokio::test]
async fn a_password_opens_a_session_and_signing_out_ends_it() {
    let app = TestApp::new();
    let new = NewPerson {
        login: "Ana@Example.org".into(),
        name: Some("Ana".into()),
        role: Role::Agent,
        password: Some("correct horse".into()),
    };
    app.state.add_person(new).await.unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", "http://whom.test")];
    let wrong = "login=ana%40example.org&password=correct+house";
    let answer = app.send(&As::Anonymous, Method::POST, "/login", &form, wrong).await.expect(401);
    assert!(answer.text().contains("do not go together"));

    let right = "login=ANA%40example.org&password=correct+horse";
    let answer = app.send(&As::Anonymous, Method::POST, "/login", &form, right).await.expect(303);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("whom_session=") && !cookie.contains("Secure"), "{cookie}");
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");

    let ana = As::Browser(cookie.split(';').next().unwrap().to_owned());
    assert_eq!(app.get(&ana, "/v1/me").await.expect(200).json()["login"], "ana@example.org");
    app.send(&ana, Method::POST, "/logout", &[], Body::empty()).await.expect(303);
    app.get(&ana, "/v1/me").await.expect(401);
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let app = TestApp::with(Config { public_url: Some("https://whom.test".into()), ..Config::default() });
    let As::Browser(cookie) = app.person(Role::Agent).await else { panic!() };
    assert!(cookie.starts_with("__Host-whom_session="), "{cookie}");
}

#[tokio::test]
async fn a_login_link_works_once_and_for_a_quarter_of_an_hour() {
    let app = TestApp::new();
    app.person(Role::Owner).await;
    let link = app.state.login_link("owner").await.unwrap();
    app.get(&As::Anonymous, &link.path).await.expect(303);
    app.get(&As::Anonymous, &link.path).await.expect(401);

    let link = app.state.login_link("owner").await.unwrap();
    app.clock.advance(15 * 60_000);
    app.get(&As::Anonymous, &link.path).await.expect(401);
}

#[tokio::test]
async fn a_request_forged_by_another_site_is_refused() {
    let app = TestApp::new();
    let As::Browser(cookie) = app.person(Role::Owner).await else { panic!() };
    let plain = [("cookie", cookie.as_str()), JSON];
    let path = "/v1/people";
    app.send(&As::Anonymous, Method::POST, path, &plain, "{}").await.expect(403);
    let foreign = [plain[0], plain[1], ("origin", "https://evil.example")];
    app.send(&As::Anonymous, Method::POST, path, &foreign, "{}").await.expect(403);
    let same_site = [plain[0], plain[1], ("sec-fetch-site", "same-site")];
    app.send(&As::Anonymous, Method::POST, path, &same_site, "{}").await.expect(403);
    app.send(&As::Anonymous, Method::GET, path, &foreign, Body::empty()).await.expect(200);
}

#[tokio::test]
async fn a_session_ends_when_nobody_visits_and_with_the_person() {
    let app = TestApp::new();
    let agent = app.person(Role::Agent).await;
    let owner = app.person(Role::Owner).await;
    app.get(&agent, "/v1/me").await.expect(200);
    app.json(&owner, Method::PATCH, "/v1/people/agent", &[], json!({ "disabled": true })).await.expect(200);
    app.get(&agent, "/v1/me").await.expect(401);

    app.clock.advance(8 * 24 * 3_600_000);
    app.get(&owner, "/v1/me").await.expect(401);
}

#[tokio::test]
async fn a_token_is_shown_once_and_can_be_revoked() {
    let app = TestApp::new();
    let body = json!({ "name": "warehouse", "kind": "token", "scopes": ["read"] });
    let made = app.post(&As::Local, "/v1/keys", body).await.expect(201).json();
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whom_live_"));
    let token = As::Token(secret.to_owned());
    expect![[r#"
        200 application/json
        {
          "sort": "token",
          "name": "warehouse",
          "scopes": [
            "read"
          ]
        }
    "#]]
    .assert_eq(&app.get(&token, "/v1/me").await.shown());

    let listed = app.get(&As::Local, "/v1/keys").await.text();
    assert!(!listed.contains(secret) && !listed.contains("hash"), "{listed}");
    let path = format!("/v1/keys/{}", made["id"].as_str().unwrap());
    app.send(&As::Local, Method::DELETE, &path, &[], Body::empty()).await.expect(200);
    app.get(&token, "/v1/me").await.expect(401);
}

#[tokio::test]
async fn only_an_owner_makes_an_owner_and_the_last_one_stays() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    app.person(Role::Owner).await;
    let body = json!({ "login": "eve", "role": "owner" });
    app.post(&admin, "/v1/people", body).await.expect(403);
    let body = json!({ "role": "owner" });
    app.json(&admin, Method::PATCH, "/v1/people/admin", &[], body).await.expect(403);
    let body = json!({ "role": "agent" });
    app.json(&As::Local, Method::PATCH, "/v1/people/owner", &[], body).await.expect(409);
}

#[tokio::test]
async fn too_many_tries_are_told_when_to_come_again() {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let mut config = Config::default();
    config.login_limits.per_account_and_address = 2;
    let app = TestApp::with(config);
    for status in [401, 401, 429] {
        let answer = app.send(&As::Anonymous, Method::POST, "/login", &form, "login=x&password=y").await;
        assert_eq!(answer.status, status);
    }
    let answer = app.send(&As::Anonymous, Method::POST, "/login", &form, "login=x&password=y").await;
    assert_eq!(answer.headers[header::RETRY_AFTER], "901");
}

#[test]
fn an_agent_may_not_erase_and_a_reader_may_not_write() {
    assert!(!Role::Agent.may(Permission::Erase) && Role::Admin.may(Permission::Erase));
    assert!(!Role::ReadOnly.may(Permission::Write) && Role::Agent.may(Permission::Write));
}

#[tokio::test]
async fn over_https_a_cookie_that_a_neighbour_can_set_opens_nothing() {
    let app = TestApp::with(Config { public_url: Some("https://whom.test".into()), ..Config::default() });
    let As::Browser(cookie) = app.person(Role::Agent).await else { panic!() };
    app.get(&As::Browser(cookie.clone()), "/v1/me").await.expect(200);
    let planted = cookie.replace("__Host-whom_session=", "whom_session=");
    app.get(&As::Browser(planted), "/v1/me").await.expect(401);
}

#[tokio::test]
async fn over_plain_http_on_ones_own_machine_one_signs_in_all_the_same() {
    let app = TestApp::new();
    let As::Browser(cookie) = app.person(Role::Agent).await else { panic!() };
    assert!(cookie.starts_with("whom_session="), "{cookie}");
    app.get(&As::Browser(cookie), "/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_link_made_for_an_agent_does_not_open_the_door_of_the_owner_they_became() {
    let app = TestApp::new();
    let (admin, owner) = (app.person(Role::Admin).await, app.person(Role::Owner).await);
    app.person(Role::Agent).await;
    let path = async |what: &str| {
        let made = app.post(&admin, &format!("/v1/people/agent/{what}"), json!({})).await.json();
        made["path"].as_str().unwrap().to_owned()
    };
    let (reset, link) = (path("reset-link").await, path("login-link").await);
    let promoted = json!({ "role": "owner" });
    app.json(&owner, Method::PATCH, "/v1/people/agent", &[], promoted).await.expect(200);
    app.get(&As::Anonymous, &reset).await.expect(404);
    app.get(&As::Anonymous, &link).await.expect(401);
    let token = reset.split_once('=').unwrap().1;
    let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", "http://whom.test")];
    let taken = format!("token={token}&password=mine+from+now+on");
    app.send(&As::Anonymous, Method::POST, "/invitation", &form, taken).await.expect(404);
    for what in ["reset-link", "login-link"] {
        app.post(&admin, &format!("/v1/people/agent/{what}"), json!({})).await.expect(403);
    }
}

#[tokio::test]
async fn signing_in_never_goes_on_with_a_session_that_was_there_before() {
    let app = TestApp::new();
    let As::Browser(planted) = app.person(Role::Agent).await else { panic!() };
    let new = NewPerson {
        login: "ana".into(),
        name: None,
        role: Role::Agent,
        password: Some("correct horse".into()),
    };
    app.state.add_person(new).await.unwrap();
    let form = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "http://whom.test"),
        ("cookie", planted.as_str()),
    ];
    let answer =
        app.send(&As::Anonymous, Method::POST, "/login", &form, "login=ana&password=correct+horse").await;
    let cookie = answer.expect(303).header("set-cookie").split(';').next().unwrap().to_owned();
    assert_ne!(cookie, planted);
    assert_eq!(app.get(&As::Browser(cookie), "/v1/me").await.json()["login"], "ana");
    assert_eq!(app.get(&As::Browser(planted), "/v1/me").await.json()["login"], "agent");
}

#[tokio::test]
async fn whoever_tries_their_own_password_too_often_locks_out_nobody_else() {
    let app = TestApp::new();
    let agent = app.person(Role::Agent).await;
    let owner = app.person(Role::Owner).await;
    for by in [&agent, &owner] {
        app.post(by, "/v1/me/password", json!({ "old": "", "password": "first of all" })).await.expect(204);
    }
    let wrong = json!({ "old": "guessing", "password": "mine from now on" });
    let mut last = 0;
    for _ in 0..60 {
        last = app.post(&agent, "/v1/me/password", wrong.clone()).await.status.as_u16();
    }
    assert_eq!(last, 429);
    let own = json!({ "old": "first of all", "password": "second of all" });
    app.post(&owner, "/v1/me/password", own).await.expect(204);
}

#[tokio::test]
async fn a_way_back_never_leads_to_another_site() {
    let app = TestApp::new();
    let agent = app.person(Role::Agent).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for back in
        ["//evil.example", "%2F%5Cevil.example", "%2F%09%2Fevil.example", "https%3A%2F%2Fevil.example"]
    {
        let sent = format!("theme=dark&back={back}");
        let answer = app.send(&agent, Method::POST, "/theme", &form, sent).await.expect(303);
        assert_eq!(answer.header("location"), "/", "{back}");
    }
    let answer = app.send(&agent, Method::POST, "/theme", &form, "theme=dark&back=%2Finbox%3Fq%3Da").await;
    assert_eq!(answer.header("location"), "/inbox?q=a");
}
