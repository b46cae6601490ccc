//! The info pane: edited in place with and without scripts, decided about, arranged by admins for each role.

use super::*;
use crate::auth::Role;

const SCRIPT: [(&str, &str); 2] =
    [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];

async fn script(app: &TestApp, by: &As, path: &str, form: &str) -> Answer {
    app.send(by, "POST".parse().unwrap(), path, &SCRIPT, form.to_owned()).await
}

fn version(page: &str, property: &str) -> String {
    let form =
        between(&page[page.find(&format!("/fields/{property}?back=")).unwrap()..], "/fields/", "</form>");
    let version = between(&form, "name=\"version\" value=\"", ">").replace("name=\"version\" value=\"", "");
    version.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_field_is_saved_in_place_and_whoever_was_slower_is_shown_both() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let (here, field) = (format!("/customers/{id}"), format!("/customers/{id}/fields/name"));
    let read = version(&get(&app, &agent, &here).await.expect(200).text(), "name");
    let saved =
        script(&app, &agent, &field, &format!("value=Ana+F.&version={read}")).await.expect(200).json();
    assert_eq!(saved["value"], "Ana F.");
    let beaten = script(&app, &agent, &field, &format!("value=Anna&version={read}")).await.expect(409).json();
    assert_eq!(beaten["current"]["value"], "Ana F.");
    // Without scripts the page comes back with what was typed, what stands there, and the way on.
    let page = send(&app, &agent, &field, &format!("value=Anna&version={read}")).await.expect(409).text();
    assert!(page.contains("value=\"Anna\"") && page.contains("it now says “Ana F.”"));
    let again = version(&page, "name");
    app.clock.advance(300_000);
    send(&app, &agent, &field, &format!("value=Anna&version={again}")).await.expect(303);
    let page = get(&app, &agent, &here).await.text();
    assert!(page.contains("<h1 class=\"unseen\">Anna</h1>"), "saving again puts it in its place");
    app.clock.advance(300_000);
    // A message that arrives in between changes the profile and not the field.
    let read = version(&page, "name");
    arrives(&app, "9", "2026-03-01T09:30:00Z", "ana@example.org", vec![], mail("New", "New")).await;
    script(&app, &agent, &field, &format!("value=Ana&version={read}")).await.expect(200);
}

#[tokio::test]
async fn one_of_many_values_is_added_changed_and_taken_away_and_what_is_wrong_stays_typed() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let field = format!("/customers/{id}/fields/website");
    script(&app, &agent, &field, "value=ana.example&was=").await.expect(200);
    let old = "https%3A%2F%2Fflores.example%2Fabout";
    script(&app, &agent, &field, &format!("value=https%3A%2F%2Fflores.example&was={old}")).await.expect(200);
    let values = |view: whom_core::view::ProfileView| -> Vec<String> {
        view.field("website").unwrap().values.iter().map(|shown| shown.value.to_string()).collect()
    };
    let view = app.state.engine().view(id, app.state.now()).await.unwrap();
    let mut now = values(view);
    now.sort();
    assert_eq!(now, ["https://ana.example", "https://flores.example"]);
    script(&app, &agent, &field, &format!("value=x&was={old}")).await.expect(409);
    let page = send(&app, &agent, &field, "value=not+a+link&was=").await.expect(422).text();
    assert!(page.contains("value=\"not a link\"") && page.contains("edit-problem"));
    let photo = format!("/customers/{id}/fields/photo");
    assert!(
        script(&app, &agent, &photo, "value=https%3A%2F%2Fx.example%2F1.png")
            .await
            .expect(422)
            .text()
            .contains("hidden")
    );
    let reader = app.person(Role::ReadOnly).await;
    script(&app, &reader, &field, "value=x").await.expect(403);
    assert!(!get(&app, &reader, &format!("/customers/{id}")).await.text().contains("data-edit"));
}

#[tokio::test]
async fn who_looks_after_somebody_is_chosen_from_the_team() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let field = format!("/customers/{id}/fields/looked_after_by");
    let control = |page: &str| between(page, "id=\"f-looked_after_by-0\"", "</select>");
    script(&app, &agent, &field, "value=agent").await.expect(200);
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    assert!(control(&page).contains("value=\"agent\" selected"), "{}", control(&page));
    // A name that an import brought stays in sight beside the team.
    script(&app, &agent, &field, "value=Bertha+of+old").await.expect(200);
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    assert!(control(&page).contains("value=\"Bertha of old\" selected"), "{}", control(&page));
    assert!(control(&page).contains("value=\"agent\""));
}

#[tokio::test]
async fn contacts_tasks_notes_and_the_trash_are_one_form_each() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let here = format!("/customers/{id}");
    send(&app, &agent, &format!("{here}/contacts"), "kind=email&value=ana%40home.example").await.expect(303);
    send(&app, &agent, &format!("{here}/contacts"), "kind=email&value=nobody").await.expect(422);
    send(&app, &agent, &format!("{here}/tasks"), "title=Send+the+tent&request=t1").await.expect(303);
    send(&app, &agent, &format!("{here}/notes"), "text=Prefers+mornings&request=n1").await.expect(303);
    let page = get(&app, &agent, &here).await.expect(200).text();
    assert!(page.contains("ana@home.example") && page.contains("Send the tent"));
    let note = between(&page, &format!("{here}/notes/e_"), "/pin\"");
    send(&app, &agent, &format!("{note}/pin"), "").await.expect(303);
    let page = get(&app, &agent, &here).await.text();
    assert!(
        between(&page, "id=\"about\"", "</section>").contains("Prefers mornings"),
        "pinned ones are in sight"
    );
    let task = between(&page, "/tasks/t_", "/done");
    send(&app, &agent, &format!("{task}/done"), "").await.expect(303);
    assert!(!get(&app, &agent, &here).await.text().contains("Send the tent"), "only open ones are in sight");
    let trashed = send(&app, &agent, &format!("{here}/trash"), "").await.expect(303);
    let page = get(&app, &agent, trashed.header("location")).await.text();
    assert!(page.contains("in the trash") && page.contains("data-toast"));
    let banner = between(&page, "id=\"profile-state\"", "id=\"profile-head\"");
    assert!(banner.contains("Agent, ") && banner.contains(&format!("{here}/restore")), "{banner}");
    send(&app, &agent, &between(&page, &format!("{here}/restore?back="), "\"").replace('"', ""), "")
        .await
        .expect(303);
    assert!(!get(&app, &agent, &here).await.text().contains("This profile is in the trash"));
}

#[tokio::test]
async fn an_admin_arranges_the_pane_for_a_role_and_others_keep_theirs() {
    let (app, id) = app().await;
    let (admin, agent) = (app.person(Role::Admin).await, app.person(Role::Agent).await);
    let settings = "/settings/info-pane";
    let here = format!("/customers/{id}");
    get(&app, &agent, settings).await.expect(403);
    get(&app, &admin, &format!("{settings}?role=agent")).await.expect(200);
    for form in [
        "deed=hide&card=tasks&role=agent",
        "deed=hide&field=website&role=agent",
        "deed=up&card=person&role=agent",
        "deed=to&place=1&card=person&role=agent",
    ] {
        send(&app, &admin, settings, form).await.expect(303);
    }
    let about = |page: String| between(&page, "id=\"about\"", "</section>");
    let seen = about(get(&app, &agent, &here).await.expect(200).text());
    assert!(!seen.contains("Tasks") && !seen.contains("Website"));
    assert!(seen.find("Who it is").unwrap() < seen.find("How to reach them").unwrap());
    assert!(about(get(&app, &admin, &here).await.text()).contains("Website"));
    send(&app, &admin, settings, "deed=reset&role=agent").await.expect(303);
    assert!(about(get(&app, &agent, &here).await.text()).contains("Website"));
}
