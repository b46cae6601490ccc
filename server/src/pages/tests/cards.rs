//! The page of a customer and its cards: name, relationships, accounts, notes, topics, receipts, what is masked.

use whom_core::engine::ConversationEdit;

use super::*;
use crate::auth::Role;

const JSON: [(&str, &str); 2] = [FORM[0], ("accept", "application/json")];

async fn about(app: &TestApp, by: &As, path: &str) -> String {
    between(&get(app, by, path).await.expect(200).text(), "id=\"about\"", "</section>")
}

/// What the toast of a page would undo.
fn undo_of(page: &str) -> String {
    let toast = between(page, "data-toast", "data-quick");
    let action = &toast[toast.find("action=\"").unwrap() + 8..];
    action[..action.find('"').unwrap()].replace("&amp;", "&")
}

/// Goes where an answer leads, and gives what stands there.
async fn follow(app: &TestApp, by: &As, answer: Answer) -> String {
    let to = answer.expect(303).header("location").to_owned();
    get(app, by, &to).await.expect(200).text()
}

#[tokio::test]
async fn the_name_is_edited_in_the_head_by_whatever_it_is_made_of() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let head = async |id: ProfileId| {
        let page = get(&app, &agent, &format!("/customers/{id}")).await.expect(200).text();
        between(&page, "id=\"profile-head\"", "</header>")
    };
    let whole = head(id).await;
    assert!(whole.contains("id=\"head-name-0\"") && whole.contains("Ana María Flores</textarea>"));
    assert!(!whole.contains("head-first_name-0"));
    // Nobody has said what the visitor is called: what stands in for it is no value.
    let visitor = app.state.engine().find("anonymous_id:visitor-1").await.unwrap();
    let nobody = head(visitor).await;
    assert!(
        nobody.contains("id=\"head-name-0\" name=\"value\" rows=\"1\" placeholder=\"Visitor "),
        "{nobody}"
    );
    for (property, value) in [("first_name", "Vi"), ("last_name", "Sitor")] {
        let path = format!("/customers/{visitor}/fields/{property}");
        app.send(&agent, "POST".parse().unwrap(), &path, &JSON, format!("value={value}")).await.expect(200);
    }
    let parts = head(visitor).await;
    assert!(parts.contains("<h1 class=\"unseen\">Vi Sitor</h1>") && parts.contains("head-last_name-0"));
    let reader = app.person(Role::ReadOnly).await;
    let page = get(&app, &reader, &format!("/customers/{id}")).await.text();
    assert!(page.contains("<h1>Ana María Flores ") && !page.contains("head-name-0"));
}

#[tokio::test]
async fn customers_are_related_seen_from_both_sides_and_taken_apart_again() {
    let (app, ana) = app().await;
    let agent = app.person(Role::Agent).await;
    let named = vec![said("name", "Bo Lindqvist")];
    arrives(&app, "b", "2026-02-28T12:00:00Z", "bo@example.org", named, mail("Hi", "Hi")).await;
    let bo = app.state.engine().find("bo@example.org").await.unwrap();
    let here = format!("/customers/{ana}");
    let relate = async |form: &str| send(&app, &agent, &format!("{here}/relationships"), form).await;
    // Who is not found is a question, and nothing is done.
    assert!(relate("with=Zoe&they_are=x&request=r0").await.expect(422).text().contains("called “Zoe”"));
    let page = follow(&app, &agent, relate("with=bo@example.org&they_are=assistant&request=r1").await).await;
    assert!(
        between(&page, "id=\"about\"", "</section>").contains("assistant · this customer is their employer")
    );
    let other = about(&app, &agent, &format!("/customers/{bo}")).await;
    assert!(
        other.contains("Ana María Flores") && other.contains("employer · this customer is their assistant")
    );
    // Taken away from the other side, and back by the toast.
    let remove = between(&other, &format!("/customers/{bo}/relationships/"), "\"").replace("&amp;", "&");
    let page = follow(&app, &agent, send(&app, &agent, &remove, "").await).await;
    assert!(!about(&app, &agent, &here).await.contains("Bo Lindqvist"));
    send(&app, &agent, &undo_of(&page), "").await.expect(303);
    assert!(about(&app, &agent, &here).await.contains("Bo Lindqvist"));
    get(&app, &app.person(Role::ReadOnly).await, "/suggest/customers?q=bo").await.expect(403);
}

#[tokio::test]
async fn recipients_are_offered_as_a_mail_writes_them_to_whoever_sees_their_address() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let with = serde_json::json!({
        "properties": { "name": "Lind, \"Bo\" <x>" },
        "identifiers": [{ "kind": "email", "value": "bo@example.org" }],
    });
    app.post(&As::Local, "/v1/profiles", with).await.expect(201);
    let offered = async |by: &As| get(&app, by, "/suggest/recipients?q=bo%40example.org").await.text();
    let row = offered(&agent).await;
    assert!(row.contains("data-value=\"&quot;Lind, Bo x&quot; &lt;bo@example.org&gt;\""), "{row}");
    let masked = serde_json::json!({ "email": { "sees": "admin", "masked_for": "agent", "edits": "admin" } });
    app.json(&As::Local, axum::http::Method::PUT, "/v1/settings/fields", &[], masked).await.expect(200);
    assert_eq!(offered(&agent).await, "");
}

#[tokio::test]
async fn an_account_is_linked_by_name_or_made_and_its_pinned_notes_are_in_sight_beside_a_conversation() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let here = format!("/customers/{id}");
    let link = async |form: &str| send(&app, &agent, &format!("{here}/accounts"), form).await;
    let asked = link("account=Fj%C3%A4llbro").await.expect(422).text();
    assert!(asked.contains("Make “Fjällbro”"), "{asked}");
    for (request, name) in [("1", "Fjord+North"), ("2", "Fjord+South")] {
        send(&app, &agent, "/accounts", &format!("name={name}&request={request}")).await.expect(303);
    }
    // A name that two have is a question, each answer a button.
    let asked = link("account=fjord").await.expect(422).text();
    assert!(asked.contains("Fjord North") && asked.contains("Fjord South") && asked.contains("Make “fjord”"));
    let made = link("account=x&account_id=new%3AFj%C3%A4llbro").await;
    let page = follow(&app, &agent, made).await;
    let card = between(&page, "id=\"about\"", "</section>");
    assert!(card.contains("Fjällbro") && card.contains("1 person"));
    assert!(link("account=fj%C3%A4llbro").await.expect(422).text().contains("belong to it already"));
    let account = between(&card, "/accounts/a_", "\"");
    let note = send(&app, &agent, &format!("{account}/notes?back={here}"), "text=Pays+late&request=n1").await;
    assert!(note.expect(303).header("location").starts_with(&format!("{here}?done=note_added")));
    let note =
        between(&about(&app, &agent, &here).await, &format!("{account}/notes/e_"), "?").replace("/pin", "");
    send(&app, &agent, &format!("{note}/pin"), "").await.expect(303);
    for number in 0..5 {
        app.clock.advance(60_000);
        let form = format!("text=Later+{number}&request=l{number}");
        send(&app, &agent, &format!("{account}/notes"), &form).await.expect(303);
    }
    let beside = about(&app, &agent, "/conversations/1").await;
    assert!(beside.contains("Pays late") && beside.contains("Later 4") && !beside.contains("Later 0"));
    // Taken out and back in, from beside the conversation, which the deeds come back to.
    let unlink = between(&beside, &format!("{here}/accounts/a_"), "\"").replace("&amp;", "&");
    let gone = send(&app, &agent, &unlink, "").await.expect(303).header("location").to_owned();
    assert!(gone.starts_with("/conversations/1?done=unlinked&undo=p_"), "{gone}");
    let page = get(&app, &agent, &gone).await.expect(200).text();
    assert!(page.contains("No longer linked") && !page.contains("Pays late"));
    let back = send(&app, &agent, &undo_of(&page), "").await.expect(303).header("location").to_owned();
    assert!(back.starts_with("/conversations/1?done=linked"), "{back}");
    assert!(about(&app, &agent, &here).await.contains("Pays late"));
    let told = get(&app, &agent, &here).await.text();
    assert!(told.contains("linked them to") && told.contains("took them out of"), "the timeline says so");
}

#[tokio::test]
async fn what_is_done_beside_a_conversation_comes_back_to_it() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let beside = about(&app, &agent, "/conversations/1").await;
    let back = "back=%2Fconversations%2F1";
    for deed in ["contacts", "trash", "fields/company", "notes", "relationships", "accounts", "tasks"] {
        assert!(beside.contains(&format!("/customers/{id}/{deed}?{back}")), "{deed}");
    }
    let to = async |deed: &str, form: &str| {
        let answer = send(&app, &agent, &format!("/customers/{id}/{deed}?{back}"), form).await.expect(303);
        answer.header("location").to_owned()
    };
    assert_eq!(to("fields/company", "value=Acme").await, "/conversations/1?done=saved");
    assert_eq!(to("notes", "text=Likes+tea&request=t1").await, "/conversations/1?done=noted");
    assert_eq!(to("contacts", "kind=phone&value=%2B4930123456").await, "/conversations/1?done=added");
    let trashed = to("trash", "").await;
    let page = get(&app, &agent, &trashed).await.expect(200).text();
    assert!(page.contains("In the trash.") && undo_of(&page).ends_with(back));
    send(&app, &agent, &undo_of(&page), "").await.expect(303);
    // Others than the one that is open are listed, by number and status.
    arrives(&app, "o", "2026-02-28T13:00:00Z", "ana@example.org", vec![], mail("Another", "Hm")).await;
    let beside = about(&app, &agent, "/conversations/1").await;
    assert!(beside.contains("/conversations/2") && beside.contains("Another") && !beside.contains("#1"));
}

#[tokio::test]
async fn the_timeline_says_how_mail_went_and_what_was_done_in_words() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let here = format!("/customers/{id}");
    send(&app, &agent, "/conversations/1/edit", "priority=urgent").await.expect(303);
    send(&app, &agent, &format!("{here}/notes"), "text=Mornings&request=n").await.expect(303);
    let page = get(&app, &agent, &here).await.expect(200).text();
    let deed = between(&page, "event activity", "</li>");
    assert!(
        deed.contains("Agent set the priority to urgent") && deed.contains("/conversations/1\""),
        "{deed}"
    );
    let note = between(&page, "bubble note", "</li>");
    let path = between(&note, &format!("{here}/notes/e_"), "/pin");
    send(&app, &agent, &format!("{path}/pin"), "").await.expect(303);
    let note = between(&get(&app, &agent, &here).await.text(), "bubble note", "</li>");
    assert!(note.contains("pinned") && note.contains("/unpin"));
    // It is changed where it stands, while it still says what was read.
    let form = get(&app, &agent, &format!("{path}?fragment=1")).await.expect(200).text();
    assert!(form.contains("Mornings") && form.contains("name=\"version\""));
    let version = between(&form, "name=\"version\" value=\"", "\">").replace("name=\"version\" value=\"", "");
    let change = format!("text=Evenings&version={version}");
    send(&app, &agent, &format!("{path}/edit"), &change).await.expect(303);
    send(&app, &agent, &format!("{path}/edit"), &change.replace("Even", "Late")).await.expect(412);
    assert!(get(&app, &agent, &here).await.text().contains("Evenings"));
}

#[tokio::test]
async fn conversations_are_grouped_by_the_topic_that_agents_give_them() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    arrives(&app, "o", "2026-02-28T13:00:00Z", "ana@example.org", vec![], mail("Pegs", "Hm")).await;
    let here = format!("/customers/{id}");
    let left = async || between(&get(&app, &agent, &here).await.text(), "id=\"conversations\"", "</section>");
    assert!(!left().await.contains("class=\"topic\""));
    for number in [1, 2] {
        let path = format!("/conversations/{number}/edit");
        let answer = app.send(&agent, "POST".parse().unwrap(), &path, &JSON, "property%3Atopic=Camping");
        assert_eq!(answer.await.expect(200).json()["value"], "Camping");
    }
    let left = left().await;
    assert!(left.contains("class=\"topic\"") && left.contains("Camping") && left.contains("2 conversations"));
    assert!(left.contains("Pegs") && left.contains("Where is my tent?"), "each keeps its subject");
    let row = app.state.store().conversation_by_number(2).await.unwrap().unwrap();
    let edit = ConversationEdit { status: Some("closed".parse().unwrap()), ..ConversationEdit::default() };
    app.state
        .engine()
        .edit_conversation(row.id, &edit, &Source::agent("mia"), None, app.state.now())
        .await
        .unwrap();
    // The one to go on with is the latest that is open; `r` answers it.
    let card = about(&app, &agent, &here).await;
    assert!(card.contains("href=\"/conversations/1#reply\" data-key=\"r\""), "{card}");
}

#[tokio::test]
async fn what_is_masked_is_shown_for_a_reason_that_is_kept() {
    let (app, id) = app().await;
    let (admin, agent) = (app.person(Role::Admin).await, app.person(Role::Agent).await);
    let rights = serde_json::json!({ "email": { "sees": "admin", "masked_for": "agent", "edits": "admin" } });
    app.json(&As::Local, "PUT".parse().unwrap(), "/v1/settings/fields", &[], rights).await.expect(200);
    let here = format!("/customers/{id}");
    let pane = about(&app, &agent, &here).await;
    assert!(!pane.contains("ana@example.org") && pane.contains("a•••@example.org"));
    assert!(pane.contains(&format!("{here}/reveal/email")) && !pane.contains("data-copies"));
    send(&app, &agent, &format!("{here}/reveal/email"), "why=x").await.expect(422);
    let shown =
        send(&app, &agent, &format!("{here}/reveal/email?fragment=1"), "why=To+call+her").await.expect(200);
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(shown.text().contains("ana@example.org"));
    let log = app.get(&As::Local, "/v1/audit").await.expect(200).text();
    assert!(log.contains("revealed") && log.contains("To call her"));
    assert!(!about(&app, &admin, &here).await.contains("/reveal/"));
    let reader = app.person(Role::ReadOnly).await;
    send(&app, &reader, &format!("{here}/reveal/email"), "why=To+call+her").await.expect(403);
    // Whoever reads takes along what they see, and no more.
    let pane = about(&app, &reader, &here).await;
    assert!(pane.contains(&format!("/v1/profiles/{id}/export.vcf")));
    let card = app.get(&reader, &format!("/v1/profiles/{id}/export.vcf")).await.expect(200).text();
    assert!(card.contains("FN:Ana") && !card.contains("ana@example.org"));
}

#[tokio::test]
async fn admins_arrange_accounts_too_and_see_the_pane_as_the_role_does() {
    let (app, id) = app().await;
    let (admin, agent) = (app.person(Role::Admin).await, app.person(Role::Agent).await);
    let made = send(&app, &agent, "/accounts", "name=Acme&domain=acme.example&request=1").await.expect(303);
    let account = made.header("location").split('?').next().unwrap().to_owned();
    send(&app, &agent, &account, "version=1&new_field=Plan&new_value=gold").await.expect(303);
    send(&app, &agent, &format!("{account}/members"), "who=ana@example.org").await.expect(303);
    let settings = "/settings/info-pane";
    let page = get(&app, &admin, &format!("{settings}?about=account&role=agent")).await.expect(200).text();
    assert!(page.contains("field-plan") && page.contains("card-people") && page.contains("inert"));
    for form in ["deed=hide&card=conversations", "deed=hide&field=domain", "deed=to&place=0&field=plan"] {
        let form = format!("{form}&about=account&role=agent");
        let back = send(&app, &admin, settings, &form).await.expect(303);
        assert_eq!(back.header("location"), "/settings/info-pane?about=account&role=agent");
    }
    let theirs = get(&app, &agent, &account).await.expect(200).text();
    assert!(!theirs.contains("Latest conversations") && !theirs.contains("p.domain"));
    assert!(theirs.find("p.plan").unwrap() < theirs.find("id=\"f-name\"").unwrap());
    assert!(get(&app, &admin, &account).await.text().contains("Latest conversations"));
    let card = about(&app, &agent, &format!("/customers/{id}")).await;
    assert!(card.contains("gold") && !card.contains("value=\"acme.example\""));
    // The preview shows somebody who is there, with the eyes of the role.
    let rights = serde_json::json!({ "email": { "sees": "admin", "masked_for": "agent", "edits": "admin" } });
    app.json(&As::Local, "PUT".parse().unwrap(), "/v1/settings/fields", &[], rights).await.expect(200);
    let seen = |page: String| between(&page, "id=\"arrange-preview\"", "</section>");
    let as_agent = seen(get(&app, &admin, &format!("{settings}?role=agent&with={id}")).await.text());
    assert!(as_agent.contains("a•••@example.org") && !as_agent.contains("ana@example.org"));
    let as_admin = seen(get(&app, &admin, &format!("{settings}?role=admin&with={id}")).await.text());
    assert!(as_admin.contains("ana@example.org"));
    get(&app, &agent, settings).await.expect(403);
}

#[tokio::test]
async fn no_provider_is_asked_about_whoever_is_left_alone() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let off = send(&app, &agent, &format!("/customers/{id}/look-up/off"), "").await;
    let page = follow(&app, &agent, off).await;
    assert!(!app.state.engine().may_be_looked_up(id).await.unwrap());
    send(&app, &agent, &undo_of(&page), "").await.expect(303);
    assert!(app.state.engine().may_be_looked_up(id).await.unwrap());
    send(&app, &app.person(Role::ReadOnly).await, &format!("/customers/{id}/look-up/off"), "")
        .await
        .expect(403);
    let path = format!("/v1/profiles/{id}/look-up");
    let no = serde_json::json!({ "may": false });
    app.json(&As::Local, "PUT".parse().unwrap(), &path, &[], no).await.expect(200);
    assert!(!app.state.engine().may_be_looked_up(id).await.unwrap());
}
