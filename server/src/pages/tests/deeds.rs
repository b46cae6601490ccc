//! What forms do.

use super::*;
use crate::auth::Role;

#[tokio::test]
async fn two_profiles_are_merged_and_taken_apart_by_hand() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let visitor = app.state.engine().find("anonymous_id:visitor-1").await.unwrap();
    let (here, there) = (format!("/customers/{id}"), format!("/customers/{visitor}"));
    let compared = get(&app, &agent, &format!("{here}/merge?with={visitor}")).await.expect(200).text();
    assert!(compared.contains("visitor-1") && compared.contains("ana@example.org"));
    get(&app, &agent, &format!("{here}/merge?with=ana@example.org")).await.expect(422);

    let merged =
        send(&app, &agent, &format!("{here}/merge"), &format!("from={visitor}&why=same+boots")).await;
    assert!(merged.expect(303).header("location").starts_with(&format!("{here}?done=merged&undo=p_")));
    assert_eq!(get(&app, &agent, &there).await.expect(303).header("location"), here);
    let page = get(&app, &agent, &format!("{here}?done=merged")).await.expect(200).text();
    assert!(page.contains("same boots") && page.contains("visitor-1") && page.contains("role=\"status\""));

    let undo = between(&page, &format!("{here}/undo/"), "\"");
    send(&app, &agent, &undo, "").await.expect(303);
    get(&app, &agent, &there).await.expect(200);
    // Who went away again is still called by name.
    assert!(get(&app, &agent, &here).await.text().contains("into this profile: visitor-1"));
    // Undoing it again is refused on the same page, in words.
    assert!(send(&app, &agent, &undo, "").await.expect(422).text().contains("undone already"));
}

#[tokio::test]
async fn a_note_sent_twice_is_saved_once_and_only_by_whom_may_write() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let here = format!("/customers/{id}");
    for _ in 0..2 {
        send(&app, &agent, &format!("{here}/notes"), "text=Call+before+noon&request=abc").await.expect(303);
    }
    let page = get(&app, &agent, &format!("{here}?show=note")).await.text();
    assert_eq!(page.matches("Call before noon").count(), 1);
    let reader = app.person(Role::ReadOnly).await;
    let page = get(&app, &reader, &here).await.expect(200).text();
    for form in ["/notes", "/detach/", "/undo/", "/merge"] {
        assert!(!page.contains(&format!("{here}{form}")), "{form}");
    }
    send(&app, &reader, &format!("{here}/notes"), "text=x&request=y").await.expect(403);
}

#[tokio::test]
async fn a_contact_is_detached_to_a_profile_of_its_own() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let visitor = app.state.engine().find("anonymous_id:visitor-1").await.unwrap();
    send(&app, &agent, &format!("/customers/{id}/merge"), &format!("from={visitor}")).await.expect(303);
    let page = get(&app, &agent, &format!("/customers/{id}")).await.text();
    let row = between(&page, "Detach visitor-1", ">");
    let form = page[..page.find(&row).unwrap()].rfind("action=\"").unwrap();
    let path = between(&page[form + 8..], "/customers/", "\"");
    let back = send(&app, &agent, &path, "").await.expect(303);
    let page = get(&app, &agent, back.header("location")).await.expect(200).text();
    assert!(page.contains("It has a profile of its own now") && !page.contains("Detach visitor-1"));
}

#[tokio::test]
async fn light_or_dark_is_kept_without_scripts() {
    let (app, _) = app().await;
    let agent = app.person(Role::ReadOnly).await;
    let answer = send(&app, &agent, "/theme", "theme=dark&back=%2Fcustomers%3Fq%3Dx").await.expect(303);
    assert_eq!(answer.header("location"), "/customers?q=x");
    assert!(answer.header("set-cookie").starts_with("whom_theme=dark"));
    let away = send(&app, &agent, "/theme", "theme=dark&back=%2F%2Fevil.example").await.expect(303);
    assert_eq!(away.header("location"), "/");
    let As::Browser(cookie) = agent else { panic!() };
    let both = As::Browser(format!("{cookie}; whom_theme=dark; whom_zone=Asia/Tokyo"));
    let page = get(&app, &both, "/customers").await.text();
    assert!(page.contains("data-theme=\"dark\"") && page.contains("data-zone=\"Asia/Tokyo\""));
}
