//! The pages of people, oneself, keys, the audit log and of who sees what.

use super::*;
use crate::auth::{Role, totp_code};

const PAGES: [&str; 5] =
    ["/settings/people", "/settings/you", "/settings/keys", "/settings/audit", "/settings/fields"];

#[tokio::test]
async fn each_page_is_there_for_admins_and_ones_own_for_everybody() {
    let app = TestApp::new();
    let (admin, reader) = (app.person(Role::Admin).await, app.person(Role::ReadOnly).await);
    for path in PAGES {
        let page = get(&app, &admin, path).await.expect(200).text();
        assert!(page.contains("<h1>") && !page.contains(" style="), "{path}");
        let status = if path == "/settings/you" { 200 } else { 403 };
        get(&app, &reader, path).await.expect(status);
    }
    get(&app, &admin, "/settings/people/read_only").await.expect(200);
    get(&app, &admin, "/settings/people/nobody").await.expect(404);
}

#[tokio::test]
async fn an_invitation_is_shown_once_and_what_was_typed_stays() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    let wrong = send(&app, &admin, "/settings/people", "email=nowhere&role=agent&name=Nia").await.expect(422);
    assert!(wrong.text().contains("value=\"nowhere\"") && wrong.text().contains("value=\"Nia\""));
    let made = send(&app, &admin, "/settings/people", "email=nia%40x.org&role=agent").await.expect(200);
    assert!(made.text().contains("/invitation?token="));
    let page = get(&app, &admin, "/settings/people").await.text();
    assert!(page.contains("nia@x.org") && !page.contains("/invitation?token="));
    let revoke = between(&page, "action=\"/settings/people/invitations/", "/revoke");
    let path = format!("{}/revoke", revoke.trim_start_matches("action=\""));
    send(&app, &admin, &path, "").await.expect(303);
    assert!(!get(&app, &admin, "/settings/people").await.text().contains("nia@x.org"));
}

#[tokio::test]
async fn the_last_owner_stays_and_an_admin_manages_no_owner() {
    let app = TestApp::new();
    let (owner, admin) = (app.person(Role::Owner).await, app.person(Role::Admin).await);
    let refused = send(&app, &owner, "/settings/people/owner", "name=O&role=agent").await.expect(409);
    assert!(refused.text().contains("last owner"), "{}", refused.text());
    send(&app, &admin, "/settings/people/owner/disabled", "disabled=true").await.expect(403);
    send(&app, &admin, "/settings/people/owner/reset-link", "").await.expect(403);
    send(&app, &owner, "/settings/people/admin/disabled", "disabled=true").await.expect(303);
    get(&app, &admin, "/settings/you").await.expect(303);
}

#[tokio::test]
async fn the_second_step_is_set_up_by_hand() {
    let app = TestApp::new();
    let agent = app.person(Role::Agent).await;
    let begun = send(&app, &agent, "/settings/you/second-factor", "").await.expect(200).text();
    assert!(begun.contains("class=\"squares\""));
    let wrong = send(&app, &agent, "/settings/you/second-factor/confirm", "code=000000").await.expect(422);
    assert!(wrong.text().contains("class=\"squares\"") && wrong.text().contains("not the code"));
    let code = totp_code(&app.state, "agent").await;
    let kept = send(&app, &agent, "/settings/you/second-factor/confirm", &format!("code={code}")).await;
    assert_eq!(kept.expect(200).text().matches("<li><code>").count(), 10);
    assert!(get(&app, &agent, "/settings/you").await.text().contains("10 recovery codes left"));
}

#[tokio::test]
async fn a_key_is_shown_once() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    let none = send(&app, &admin, "/settings/keys", "name=shop&kind=token").await.expect(422).text();
    assert!(none.contains("at least one of") || none.contains("At least one"), "{none}");
    let made = send(&app, &admin, "/settings/keys", "name=shop&kind=token&read=1").await.expect(200).text();
    assert!(made.contains("whom_live_"));
    let page = get(&app, &admin, "/settings/keys").await.text();
    assert!(page.contains("shop") && !page.contains("whom_live_"));
}

#[tokio::test]
async fn who_sees_what_is_decided_by_role() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    let form = "read_only.phone=masked&agent.phone=full&admin.phone=full&edits.phone=admin";
    send(&app, &admin, "/settings/fields", form).await.expect(303);
    let page = get(&app, &admin, "/settings/fields").await.text();
    assert!(page.contains("decided here") && page.contains("seen-masked"));
    let wrong = send(&app, &admin, "/settings/fields", "read_only.phone=full&agent.phone=hidden").await;
    assert!(wrong.expect(422).text().contains("a stronger role sees at least as much"));
}

#[tokio::test]
async fn the_audit_log_tells_it_in_words() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    send(&app, &admin, "/settings/people", "email=nia%40x.org&role=agent").await.expect(200);
    let page = get(&app, &admin, "/settings/audit?what=person").await.expect(200).text();
    let told = between(&page, "<tbody>", "</tbody>");
    assert!(told.contains("invited") && told.contains("nia@x.org") && !told.contains("signed in"), "{told}");
    let none = get(&app, &admin, "/settings/audit?who=nobody").await.expect(200).text();
    assert!(none.contains("Nothing of this sort"));
    let wrong = get(&app, &admin, "/settings/audit?since=never").await.expect(200).text();
    assert!(wrong.contains("Write a day"));
}
