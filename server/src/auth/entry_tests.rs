//! Promises about the ways in: invitations, new passwords, the second step, and how each of them ends.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use crate::{
    Access, NewPerson, Role, Surface, audit,
    auth::{second_factor, totp},
    table,
    testing::{Answer, As, TestApp, fill},
};

const FORM: [(&str, &str); 2] =
    [("content-type", "application/x-www-form-urlencoded"), ("origin", "http://whom.test")];
const PASSWORD: &str = "correct horse battery";

async fn sent(app: &TestApp, by: &As, path: &str, form: &str) -> Answer {
    app.send(by, Method::POST, path, &FORM, form.to_owned()).await
}

fn browser(answer: &Answer) -> As {
    As::Browser(answer.header("set-cookie").split(';').next().unwrap().to_owned())
}

async fn ana(app: &TestApp, role: Role) {
    let new = NewPerson { login: "ana@x.org".into(), name: None, role, password: Some(PASSWORD.into()) };
    app.state.add_person(new).await.unwrap();
}

async fn signs_in(app: &TestApp) -> Answer {
    sent(app, &As::Anonymous, "/login", "login=ana%40x.org&password=correct+horse+battery").await.expect(303)
}

async fn logged(app: &TestApp, what: &str) -> Vec<Value> {
    let all = app.get(&As::Local, &format!("/v1/audit?what={what}")).await.expect(200).json();
    all["items"].as_array().unwrap().clone()
}

/// Sets the second factor of whoever asks up; gives the secret and the recovery codes.
async fn second_factor_of(app: &TestApp, by: &As) -> (String, Vec<String>) {
    let begun = app.post(by, "/v1/me/second-factor", json!({})).await.expect(200).json();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let code = totp::code_at(&secret, app.state.now());
    let done = app.post(by, "/v1/me/second-factor/confirm", json!({ "code": code })).await.expect(200);
    let codes = done.json()["recovery_codes"].as_array().unwrap().clone();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

fn code_now(app: &TestApp, secret: &str) -> String {
    format!("code={}", totp::code_at(secret, app.state.now()))
}

#[tokio::test]
async fn an_invitation_lets_somebody_in_once() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    let body = json!({ "email": "New@Example.org", "role": "agent" });
    let made = app.post(&admin, "/v1/invitations", body).await.expect(201).json();
    assert_eq!((&made["login"], &made["mailed"]), (&json!("new@example.org"), &json!(false)));
    let path = made["path"].as_str().unwrap().to_owned();
    let token = path.split_once('=').unwrap().1;

    let listed = app.get(&admin, "/v1/invitations").await.expect(200).text();
    assert!(listed.contains("new@example.org") && !listed.contains(token) && !listed.contains("hash"));
    // A mail scanner that opens the link uses nothing up.
    for _ in 0..2 {
        let page = app.get(&As::Anonymous, &path).await.expect(200).text();
        assert!(page.contains("At least 10 characters"));
    }
    let short = format!("token={token}&name=N&password=short");
    let short = sent(&app, &As::Anonymous, "/invitation", &short).await.expect(422).text();
    assert!(short.contains("at least 10 characters") && short.contains("value=\"N\""), "{short}");
    let form = format!("token={token}&name=Nia&password=a+long+enough+one");
    let taken = sent(&app, &As::Anonymous, "/invitation", &form).await.expect(303);
    let me = app.get(&browser(&taken), "/v1/me").await.expect(200).json();
    assert_eq!((&me["name"], &me["role"]), (&json!("Nia"), &json!("agent")));
    sent(&app, &As::Anonymous, "/invitation", &form).await.expect(404);
    app.get(&As::Anonymous, &path).await.expect(404);
    assert_eq!(app.get(&admin, "/v1/invitations").await.json()["items"], json!([]));
}

#[tokio::test]
async fn an_invitation_ends_after_a_week_and_when_it_is_taken_back() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    let invite = || app.post(&admin, "/v1/invitations", json!({ "email": "n@x.org", "role": "agent" }));
    let first = invite().await.expect(201).json();
    let second = invite().await.expect(201).json();
    app.get(&As::Anonymous, first["path"].as_str().unwrap()).await.expect(404);
    let id = format!("/v1/invitations/{}", second["id"].as_str().unwrap());
    app.send(&admin, Method::DELETE, &id, &[], Body::empty()).await.expect(200);
    app.get(&As::Anonymous, second["path"].as_str().unwrap()).await.expect(404);
    let third = invite().await.expect(201).json();
    app.clock.advance(7 * 24 * 3_600_000);
    app.get(&As::Anonymous, third["path"].as_str().unwrap()).await.expect(404);
    assert_eq!(logged(&app, "person_invited").await.len(), 3);
}

#[tokio::test]
async fn nobody_is_invited_twice_or_above_whoever_invites() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    ana(&app, Role::Agent).await;
    let invite = |email: &str, role: &str| {
        app.post(&admin, "/v1/invitations", json!({ "email": email, "role": role }))
    };
    invite("ana@x.org", "agent").await.expect(409);
    invite("eve@x.org", "owner").await.expect(403);
    let refused = invite("no address", "agent").await.expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/login");
    let refused = invite("nowhere", "agent").await.expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/email");
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_every_other_link() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    ana(&app, Role::Agent).await;
    let session = browser(&signs_in(&app).await);
    let link = || app.post(&admin, "/v1/people/ana@x.org/reset-link", json!({}));
    let (first, second) = (link().await.expect(201).json(), link().await.expect(201).json());
    let token = first["path"].as_str().unwrap().split_once('=').unwrap().1.to_owned();
    sent(&app, &As::Anonymous, "/invitation", &format!("token={token}&password=another+long+one"))
        .await
        .expect(303);
    app.get(&session, "/v1/me").await.expect(401);
    app.get(&As::Anonymous, second["path"].as_str().unwrap()).await.expect(404);
    sent(&app, &As::Anonymous, "/login", "login=ana%40x.org&password=correct+horse+battery")
        .await
        .expect(401);
    sent(&app, &As::Anonymous, "/login", "login=ana%40x.org&password=another+long+one").await.expect(303);
}

#[tokio::test]
async fn asking_for_a_new_password_never_tells_who_is_here() {
    let app = TestApp::new();
    ana(&app, Role::Agent).await;
    let ask = |login: &str| sent_owned(&app, "/login/forgot", format!("login={login}"));
    let (somebody, nobody) = (ask("ana%40x.org").await, ask("eve%40x.org").await);
    assert_eq!(somebody.status, 200);
    assert_eq!((somebody.status, somebody.text()), (nobody.status, nobody.text()));
    for _ in 0..4 {
        ask("eve%40x.org").await.expect(200);
    }
    ask("eve%40x.org").await.expect(429);
    // What was asked for and can go nowhere is no way in for anybody.
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert_eq!(logged(&app, "reset_asked").await.len(), 1);
    assert_eq!(app.get(&As::Local, "/v1/invitations").await.json()["items"], json!([]));
}

async fn sent_owned(app: &TestApp, path: &str, form: String) -> Answer {
    sent(app, &As::Anonymous, path, &form).await
}

#[tokio::test]
async fn another_site_cannot_post_to_the_ways_in() {
    let app = TestApp::new();
    let foreign = [FORM[0], ("origin", "https://evil.example")];
    for (path, form) in [
        ("/login", "login=a&password=b"),
        ("/login/code", "code=1"),
        ("/login/forgot", "login=a"),
        ("/invitation", "token=a&password=b"),
    ] {
        let answer = app.send(&As::Anonymous, Method::POST, path, &foreign, form).await;
        assert_eq!(answer.status, 403, "{path}");
    }
}

#[tokio::test]
async fn the_second_step_takes_a_code_and_each_code_once() {
    let app = TestApp::new();
    ana(&app, Role::Agent).await;
    let session = browser(&signs_in(&app).await);
    let (secret, _) = second_factor_of(&app, &session).await;

    app.clock.advance(60_000);
    let half = signs_in(&app).await;
    assert_eq!(half.header("location"), "/login/code");
    let wrong = sent(&app, &browser(&half), "/login/code", "code=000000").await.expect(401);
    assert!(wrong.text().contains("not the code"));
    let code = code_now(&app, &secret);
    let whole = sent(&app, &browser(&half), "/login/code", &code).await.expect(303);
    app.get(&browser(&whole), "/v1/me").await.expect(200);
    // Neither the step nor the code is good again.
    sent(&app, &browser(&half), "/login/code", &code).await.expect(401);
    let again = signs_in(&app).await;
    sent(&app, &browser(&again), "/login/code", &code).await.expect(401);
    assert_eq!(logged(&app, "second_factor_failed").await.len(), 2);
}

#[tokio::test]
async fn half_open_reaches_nothing() {
    let app = TestApp::new();
    ana(&app, Role::Owner).await;
    let session = browser(&signs_in(&app).await);
    second_factor_of(&app, &session).await;
    let half = browser(&signs_in(&app).await);
    for route in table().iter().filter(|route| matches!(route.access, Access::Needs(_))) {
        let json = [("content-type", "application/json")];
        let answer = app.send(&half, route.method.clone(), &fill(route.path), &json, "{}").await;
        let refused = if route.surface == Surface::Page { 303 } else { 401 };
        assert_eq!(answer.status, refused, "{} {}", route.method, route.path);
        if route.surface == Surface::Page {
            assert!(answer.header("location").starts_with("/login"), "{}", route.path);
        }
    }
}

#[tokio::test]
async fn the_second_step_ends_after_ten_minutes_and_five_wrong_codes() {
    let app = TestApp::new();
    ana(&app, Role::Agent).await;
    let session = browser(&signs_in(&app).await);
    let (secret, _) = second_factor_of(&app, &session).await;
    app.clock.advance(60_000);
    let late = browser(&signs_in(&app).await);
    app.clock.advance(10 * 60_000);
    sent(&app, &late, "/login/code", &code_now(&app, &secret)).await.expect(401);

    let half = browser(&signs_in(&app).await);
    for _ in 0..5 {
        sent(&app, &half, "/login/code", "code=000000").await.expect(401);
    }
    let over = sent(&app, &half, "/login/code", &code_now(&app, &secret)).await.expect(401).text();
    assert!(over.contains("Sign in again"), "{over}");
    // Beginning again with the password does not give ever more tries.
    let half = browser(&signs_in(&app).await);
    for status in [401, 401, 401, 401, 429] {
        sent(&app, &half, "/login/code", "code=000000").await.expect(status);
    }
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_the_password_takes_the_second_factor_away() {
    let app = TestApp::new();
    ana(&app, Role::Agent).await;
    let session = browser(&signs_in(&app).await);
    let (_, codes) = second_factor_of(&app, &session).await;
    assert_eq!(codes.len(), 10);
    // However it is typed.
    let typed = format!("code={}", codes[3].to_uppercase().replace('-', "+"));
    let half = browser(&signs_in(&app).await);
    sent(&app, &half, "/login/code", &typed).await.expect(303);
    let half = browser(&signs_in(&app).await);
    sent(&app, &half, "/login/code", &typed).await.expect(401);
    let own = app.get(&session, "/v1/me/settings").await.expect(200);
    assert_eq!(own.json()["recovery_codes"], 9);
    assert!(!own.text().contains(&second_factor::secret_of(app.state.store(), "ana@x.org").await));

    let off = |password: &str| {
        app.json(&session, Method::DELETE, "/v1/me/second-factor", &[], json!({ "password": password }))
    };
    off("something else").await.expect(422);
    off(PASSWORD).await.expect(204);
    assert_eq!(signs_in(&app).await.header("location"), "/");
}

#[tokio::test]
async fn a_role_that_has_to_sets_the_second_factor_up_on_its_way_in() {
    let app = TestApp::new();
    let owner = app.person(Role::Owner).await;
    ana(&app, Role::Agent).await;
    let terms = json!({ "second_factor_for": ["agent"], "audit_days": 90 });
    app.json(&owner, Method::PUT, "/v1/settings/security", &[], terms).await.expect(200);
    let half = browser(&signs_in(&app).await);
    app.get(&half, "/v1/me").await.expect(401);
    let page = app.get(&half, "/login/code").await.expect(200).text();
    assert!(page.contains("class=\"squares\""), "{page}");
    sent(&app, &half, "/login/code", "code=123456").await.expect(401);
    let secret = second_factor::secret_of(app.state.store(), "ana@x.org").await;
    let kept = sent(&app, &half, "/login/code", &code_now(&app, &secret)).await.expect(200);
    assert!(kept.text().contains("recovery"));
    app.get(&browser(&kept), "/v1/me").await.expect(200);

    app.send(&owner, Method::DELETE, "/v1/people/ana@x.org/second-factor", &[], "").await.expect(204);
    app.get(&browser(&kept), "/v1/me").await.expect(401);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_whose_they_are_and_by_admins() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    ana(&app, Role::Agent).await;
    let (first, second) = (browser(&signs_in(&app).await), browser(&signs_in(&app).await));
    let listed = app.get(&first, "/v1/me/sessions").await.expect(200).json();
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.iter().filter(|session| session["is_this"] == true).count(), 1);
    assert_eq!(items.len(), 2);
    app.send(&first, Method::DELETE, "/v1/me/sessions", &[], "").await.expect(204);
    app.get(&second, "/v1/me").await.expect(401);
    app.get(&first, "/v1/me").await.expect(200);
    // Nobody ends a session of somebody else by its id.
    let of_admin = app.get(&admin, "/v1/me/sessions").await.json();
    let id = of_admin["items"][0]["id"].as_str().unwrap();
    app.send(&first, Method::DELETE, &format!("/v1/me/sessions/{id}"), &[], "").await.expect(404);
    app.send(&admin, Method::DELETE, "/v1/people/ana@x.org/sessions", &[], "").await.expect(204);
    app.get(&first, "/v1/me").await.expect(401);
}

#[tokio::test]
async fn a_new_password_of_ones_own_keeps_this_session_alone() {
    let app = TestApp::new();
    ana(&app, Role::Agent).await;
    let (first, second) = (browser(&signs_in(&app).await), browser(&signs_in(&app).await));
    let change =
        |old: &str| app.post(&first, "/v1/me/password", json!({ "old": old, "password": "a new long one" }));
    let refused = change("something else").await.expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/old");
    change(PASSWORD).await.expect(204);
    app.get(&first, "/v1/me").await.expect(200);
    app.get(&second, "/v1/me").await.expect(401);
}

#[tokio::test]
async fn the_audit_log_says_who_came_and_hides_what_was_typed_wrongly() {
    let app = TestApp::new();
    ana(&app, Role::Agent).await;
    signs_in(&app).await;
    sent(&app, &As::Anonymous, "/login", "login=MyPassw0rd&password=oops").await.expect(401);
    let good = logged(&app, "signed_in").await;
    assert_eq!((&good[0]["who"]["id"], &good[0]["surface"]), (&json!("ana@x.org"), &json!("page")));
    let failed = logged(&app, "sign_in_failed").await;
    assert_eq!(failed[0]["who"]["sort"], "unknown");
    assert!(!failed[0].to_string().to_lowercase().contains("passw0rd"), "{}", failed[0]);
    let hash = audit::hidden_login(app.state.store().id_key().as_bytes(), "mypassw0rd");
    assert_eq!(failed[0]["who"]["id"], hash);
}

#[tokio::test]
async fn disabling_somebody_ends_their_live_stream() {
    let app = TestApp::new();
    ana(&app, Role::Agent).await;
    let As::Browser(cookie) = browser(&signs_in(&app).await) else { panic!() };
    let request =
        axum::http::Request::get("/v1/events").header("cookie", cookie).body(Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(crate::router(app.state.clone()), request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let stream = tokio::spawn(axum::body::to_bytes(answer.into_body(), 100_000));
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert!(!stream.is_finished());
    let body = json!({ "disabled": true });
    app.json(&As::Local, Method::PATCH, "/v1/people/ana@x.org", &[], body).await.expect(200);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(5), stream).await;
    let said = ended.expect("the stream ends").unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&said).contains("disabled"));
}

#[tokio::test]
async fn what_admins_change_and_who_erases_is_written_down_by_id() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    let new = json!({ "properties": { "name": "Eve" }, "identifiers": [{ "kind": "email", "value": "eve@x.org" }] });
    let made = app.post(&admin, "/v1/profiles", new).await.expect(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = "/v1/profiles/eve@x.org";
    app.send(&admin, Method::DELETE, &format!("{path}?dry_run"), &[], "").await.expect(200);
    assert_eq!(logged(&app, "erased").await.len(), 0);
    app.send(&admin, Method::DELETE, path, &[("if-match", made.header("etag"))], "").await.expect(200);
    let erased = logged(&app, "erased").await;
    let on = erased[0]["on"].to_string();
    assert!(on.contains(&format!("profile:{id}")) && !on.contains("eve@x.org"), "{on}");
    assert_eq!((&erased[0]["who"]["id"], &erased[0]["surface"]), (&json!("admin"), &json!("api")));
    assert!(erased[0]["feed"].as_u64().unwrap() > 0);
    app.json(&admin, Method::PUT, "/v1/settings", &[], json!({ "own_domains": ["x.org"] })).await.expect(200);
    assert_eq!(logged(&app, "settings_changed").await.len(), 1);
}

#[tokio::test]
async fn a_secret_that_was_shown_and_never_set_up_is_drawn_anew() {
    let app = TestApp::new();
    ana(&app, Role::Agent).await;
    let session = browser(&signs_in(&app).await);
    let begin = async || {
        let begun = app.post(&session, "/v1/me/second-factor", json!({})).await.expect(200).json();
        begun["secret"].as_str().unwrap().to_owned()
    };
    let first = begin().await;
    assert_eq!(begin().await, first, "a wrong code does not change the picture");
    app.clock.advance(15 * 60_000);
    let second = begin().await;
    assert_ne!(first, second);
    // Whoever kept the first has nothing.
    let kept = json!({ "code": totp::code_at(&first, app.state.now()) });
    app.post(&session, "/v1/me/second-factor/confirm", kept).await.expect(422);
}
