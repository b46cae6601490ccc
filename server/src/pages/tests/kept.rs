//! Tasks, accounts and their notes, as a browser does them.

use super::*;
use crate::auth::Role;

fn undo_of(page: &str) -> String {
    let toast = between(page, "data-toast", "data-quick");
    let action = &toast[toast.find("action=\"").unwrap() + 8..];
    action[..action.find('"').unwrap()].replace("&amp;", "&")
}

#[tokio::test]
async fn a_task_is_added_ticked_and_brought_back_by_undo() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let form = "title=Call+back&due=2026-02-28&assignee=agent&who=ana@example.org&request=1";
    for _ in 0..2 {
        send(&app, &agent, "/tasks?back=/tasks", form).await.expect(303);
    }
    let page = get(&app, &agent, "/tasks").await.expect(200).text();
    assert_eq!(page.matches(">Call back</a>").count(), 1);
    assert!(page.contains("Overdue") && page.contains(&format!("/customers/{id}")));
    assert!(get(&app, &agent, "/tasks?view=due").await.text().contains("Call back"));

    let tick = between(&page, "/tasks/t_", "\"").replace("&amp;", "&");
    let back = send(&app, &agent, &tick, "").await.expect(303);
    assert!(back.header("location").starts_with("/tasks?done=task_done&undo=t_"));
    let page = get(&app, &agent, back.header("location")).await.expect(200).text();
    assert!(!page.contains(">Call back</a>") && page.contains("data-toast"));
    assert!(get(&app, &agent, "/tasks?view=done").await.text().contains("Call back"));
    send(&app, &agent, &undo_of(&page), "").await.expect(303);
    assert!(get(&app, &agent, "/tasks").await.text().contains("Call back"));

    let wrong = send(&app, &agent, "/tasks", "title=x&who=nobody@example.org&request=2").await;
    assert!(wrong.expect(422).text().contains("is not known here"));
    let reader = app.person(Role::ReadOnly).await;
    assert!(
        !get(&app, &reader, "/tasks?view=all")
            .await
            .expect(200)
            .text()
            .contains("method=\"post\" action=\"/tasks")
    );
    send(&app, &reader, "/tasks", form).await.expect(403);
}

#[tokio::test]
async fn a_task_is_edited_where_it_stands_and_nobody_is_overwritten() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let path = format!("/customers/{id}/tasks");
    let back =
        send(&app, &agent, &path, "title=Call&request=1").await.expect(303).header("location").to_owned();
    assert!(back.starts_with(&format!("/customers/{id}?done=task_added")));
    let here = format!("/tasks/{}", &back[back.find("t_").unwrap()..]);
    get(&app, &agent, &here).await.expect(200);
    let headers = [FORM[0], ("accept", "application/json")];
    let post = |body: &'static str| app.send(&agent, "POST".parse().unwrap(), &here, &headers, body);
    let saved = post("version=1&title=Call+her").await.expect(200).json();
    assert_eq!((&saved["version"], &saved["value"]), (&"2".into(), &"Call her".into()));
    let late = post("version=1&title=Write").await.expect(409).json();
    assert_eq!(late["current"]["value"], "Call her");
    post("version=2&assignee=ghost").await.expect(422);
    assert_eq!(post("version=2&due=2026-03-01").await.expect(200).json()["value"], "2026-03-01");
}

#[tokio::test]
async fn an_account_is_made_and_people_are_put_into_it() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    send(&app, &agent, "/accounts", "name=+&request=0").await.expect(422);
    let made = send(&app, &agent, "/accounts", "name=Acme+Tents&domain=acme.example&request=1").await;
    let here = made.expect(303).header("location").split('?').next().unwrap().to_owned();
    assert!(get(&app, &agent, "/accounts?q=tent").await.text().contains("Acme Tents"));
    assert!(get(&app, &agent, "/accounts?q=boots").await.text().contains("No account by that name"));

    let back = send(&app, &agent, &format!("{here}/members"), "who=ana@example.org").await.expect(303);
    let page = get(&app, &agent, back.header("location")).await.expect(200).text();
    assert!(page.contains("Ana María Flores") && page.contains("Where is my tent?"));
    let again = send(&app, &agent, &format!("{here}/members"), "who=ana@example.org").await;
    assert!(again.expect(422).text().contains("belong to it already"));
    send(&app, &agent, &undo_of(&page), "").await.expect(303);
    assert!(!get(&app, &agent, &here).await.text().contains("Ana María Flores"));
    let link = format!("/customers/{id}/accounts");
    send(&app, &agent, &link, "account=acme").await.expect(303);
    assert!(get(&app, &agent, &here).await.text().contains("Ana María Flores"));

    let headers = [FORM[0], ("accept", "application/json")];
    let post = |body: &'static str| app.send(&agent, "POST".parse().unwrap(), &here, &headers, body);
    assert_eq!(post("version=1&p.domain=acme.org").await.expect(200).json()["value"], "acme.org");
    assert_eq!(post("version=1&name=Other").await.expect(409).json()["current"]["value"], "Acme Tents");
    send(&app, &agent, &here, "version=2&new_field=Seat+count&new_value=12").await.expect(303);
    assert!(get(&app, &agent, &here).await.text().contains("name=\"p.seat_count\""));
}

#[tokio::test]
async fn a_note_of_an_account_is_pinned_changed_and_taken_away() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let made = send(&app, &agent, "/accounts", "name=Acme&request=1").await;
    let here = made.expect(303).header("location").split('?').next().unwrap().to_owned();
    for _ in 0..2 {
        send(&app, &agent, &format!("{here}/notes"), "text=Pays+late%0Abut+pays&request=2").await.expect(303);
    }
    let page = get(&app, &agent, &here).await.text();
    assert_eq!(page.matches("<p class=\"note-text\">Pays late\nbut pays</p>").count(), 1);
    let note = between(&page, &format!("{here}/notes/e_"), "/pin");
    send(&app, &agent, &format!("{note}/pin"), "").await.expect(303);
    assert!(get(&app, &agent, &here).await.text().contains("note-card pinned"));
    send(&app, &agent, &format!("{note}/edit"), "text=Pays&version=1").await.expect(303);
    send(&app, &agent, &format!("{note}/edit"), "text=Never+pays&version=1").await.expect(412);
    let back = send(&app, &agent, &format!("{note}/remove"), "").await.expect(303);
    let page = get(&app, &agent, back.header("location")).await.text();
    assert!(!page.contains("note-card"));
    send(&app, &agent, &undo_of(&page), "").await.expect(303);
    assert!(get(&app, &agent, &here).await.text().contains(">Pays</p>"));
    send(&app, &agent, &format!("{note}/burn"), "").await.expect(404);
}
