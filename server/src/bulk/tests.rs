//! Bulk actions: what they do, that a restart loses and doubles nothing, and what is taken back.

use serde_json::{Value as Json, json};
use whom_core::model::ProfileId;

use super::{JobState, one, work};
use crate::{
    Role, Scope,
    testing::{Answer, As, TestApp},
};

struct World {
    app: TestApp,
    token: As,
    ids: Vec<String>,
}

impl World {
    async fn of(people: usize) -> Self {
        let app = TestApp::searching().await;
        let token = app.token(&[Scope::Read, Scope::Write]).await;
        let mut ids = Vec::new();
        for number in 0..people {
            let body = json!({
                "properties": { "name": format!("Person {number}"), "company": if number % 2 == 0 { "Acme" } else { "Globex" } },
                "identifiers": [{ "kind": "email", "value": format!("p{number}@example.net") }],
            });
            ids.push(
                app.post(&token, "/v1/profiles", body).await.expect(201).json()["id"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            );
        }
        let world = Self { app, token, ids };
        world.later();
        world
    }

    /// A minute passes.
    fn later(&self) {
        self.app.clock.advance(60_000);
    }

    async fn bulk(&self, body: Json) -> Answer {
        self.app.post(&self.token, "/v1/bulk", body).await
    }

    /// Works everything off and gives the job as it stands.
    async fn settled(&self, id: &str) -> Json {
        for _ in 0..2_000 {
            let job = self.app.get(&self.token, &format!("/v1/bulk/{id}")).await.expect(200).json();
            if !matches!(job["state"].as_str(), Some("waiting" | "running" | "undoing")) {
                return job;
            }
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        panic!("the job never ends");
    }

    async fn done(&self, body: Json) -> Json {
        let begun = self.bulk(body).await.expect(202).json();
        let job = self.settled(begun["id"].as_str().unwrap()).await;
        assert_eq!(job["state"], "done", "{job}");
        self.later();
        job
    }

    async fn undone(&self, job: &Json) -> Json {
        let id = job["id"].as_str().unwrap();
        self.app.post(&self.token, &format!("/v1/bulk/{id}/undo"), json!({})).await.expect(202);
        let job = self.settled(id).await;
        assert_eq!(job["state"], "undone", "{job}");
        self.later();
        job
    }

    async fn shows(&self, id: &str, property: &str) -> Vec<String> {
        let view = self
            .app
            .state
            .engine()
            .view(id.parse::<ProfileId>().unwrap(), self.app.state.now())
            .await
            .unwrap();
        super::step::shown(&view, property).iter().map(ToString::to_string).collect()
    }

    async fn set(&self, id: &str, property: &str, value: Json) {
        let patch = json!({ property: value });
        let path = format!("/v1/profiles/{id}");
        let answer =
            self.app.json(&self.token, axum::http::Method::PATCH, &path, &[("if-match", "*")], patch).await;
        answer.expect(200);
        self.later();
    }
}

#[tokio::test]
async fn tags_go_to_everybody_who_is_found_and_are_taken_back() {
    let world = World::of(12).await;
    let keeps = world.ids[2].clone();
    world.set(&keeps, "tags", json!(["vip"])).await;
    let job = world.done(json!({ "action": { "do": "add_tag", "tags": ["vip, beta"] }, "found": { "filter": "company:acme" } })).await;
    assert_eq!((&job["total"], &job["changed"], &job["unchanged"]), (&json!(6), &json!(6), &json!(0)));
    assert_eq!(world.shows(&world.ids[0], "tags").await.len(), 2);
    assert!(world.shows(&world.ids[1], "tags").await.is_empty());
    let found = world.app.get(&world.token, "/v1/profiles?filter=tags:vip").await.json();
    assert_eq!(found["total"], 6);

    // The same again has nothing to do.
    let again = world
        .done(
            json!({ "action": { "do": "add_tag", "tags": ["beta"] }, "found": { "filter": "company:acme" } }),
        )
        .await;
    assert_eq!(
        (&again["changed"], &again["unchanged"], &again["can_undo"]),
        (&json!(0), &json!(6), &json!(false))
    );

    let back = world.undone(&job).await;
    assert_eq!(back["undone"]["changed"], 6, "{back}");
    assert!(world.shows(&world.ids[0], "tags").await.is_empty());
    assert_eq!(world.shows(&keeps, "tags").await, ["vip"], "what was there before stays");
}

#[tokio::test]
async fn what_somebody_wrote_since_is_left_alone() {
    let world = World::of(4).await;
    world.set(&world.ids[0], "job_title", json!("Baker")).await;
    let all = json!({ "do": "set", "property": "job_title", "value": "Smith" });
    let job = world.done(json!({ "action": all, "profiles": world.ids })).await;
    assert_eq!(job["changed"], 4);
    world.set(&world.ids[1], "job_title", json!("Miller")).await;
    let back = world.undone(&job).await;
    assert_eq!(back["undone"]["changed"], 3, "{back}");
    assert_eq!(back["undone"]["failed"], json!({ "somebody changed it since": 1 }));
    assert_eq!(world.shows(&world.ids[0], "job_title").await, ["Baker"], "the value before is shown again");
    assert_eq!(world.shows(&world.ids[1], "job_title").await, ["Miller"]);
    assert!(world.shows(&world.ids[2], "job_title").await.is_empty());
}

#[tokio::test]
async fn a_value_that_was_taken_away_comes_back() {
    let world = World::of(3).await;
    let job = world
        .done(
            json!({ "action": { "do": "set", "property": "company", "value": null }, "profiles": world.ids }),
        )
        .await;
    assert_eq!(job["changed"], 3);
    assert!(world.shows(&world.ids[0], "company").await.is_empty());
    world.set(&world.ids[1], "company", json!("Initech")).await;
    let back = world.undone(&job).await;
    assert_eq!(back["undone"]["changed"], 2, "{back}");
    assert_eq!(world.shows(&world.ids[0], "company").await, ["Acme"]);
    assert_eq!(world.shows(&world.ids[1], "company").await, ["Initech"]);
}

#[tokio::test]
async fn several_become_one_and_are_taken_apart_again() {
    let world = World::of(4).await;
    let (into, rest) = (world.ids[0].clone(), &world.ids[..3]);
    let job = world.done(json!({ "action": { "do": "merge", "into": into }, "profiles": rest })).await;
    assert_eq!((&job["changed"], &job["unchanged"]), (&json!(2), &json!(1)));
    assert_eq!(world.app.get(&world.token, "/v1/profiles").await.json()["total"], 2);
    let back = world.undone(&job).await;
    assert_eq!(back["undone"]["changed"], 2, "{back}");
    assert_eq!(world.app.get(&world.token, "/v1/profiles").await.json()["total"], 4);
}

#[tokio::test]
async fn the_trash_takes_many_and_gives_them_back() {
    let world = World::of(3).await;
    let job = world.done(json!({ "action": { "do": "trash" }, "profiles": world.ids })).await;
    assert_eq!(job["changed"], 3);
    assert_eq!(world.app.get(&world.token, "/v1/profiles").await.json()["total"], 0);
    let path = format!("/v1/profiles/{}/restore", world.ids[0]);
    world.app.post(&world.token, &path, json!({})).await;
    let back = world.undone(&job).await;
    assert_eq!((&back["undone"]["changed"], &back["undone"]["unchanged"]), (&json!(2), &json!(1)));
    assert_eq!(world.app.get(&world.token, "/v1/profiles").await.json()["total"], 3);
}

#[tokio::test]
async fn what_was_cut_off_goes_on_and_does_nothing_twice() {
    let world = World::of(450).await;
    let state = &world.app.state;
    let token = &world.token;
    // No task works while the steps are taken by hand: the last call to it has ended.
    let action = super::GivenAction::AddTag { tags: vec!["vip".into()] }.read(state).await.unwrap();
    let question = crate::segments::Question::default();
    let by = crate::Principal::Local;
    let job = super::BulkJob::new(state.now(), &by, action, super::Whom::Found(question));
    crate::documents::put(state.store(), &job.id, state.now(), &job).await.unwrap();
    assert!(work::turn(state, &job.id).await.unwrap(), "who is meant is written down");
    assert!(work::turn(state, &job.id).await.unwrap(), "the first chunk is done");
    let half = one(state, &job.id).await.unwrap();
    assert_eq!((half.total, half.tally.changed, half.state), (Some(450), 200, JobState::Running));

    // The machine dies after the second chunk was done, before that was counted.
    assert!(work::turn(state, &job.id).await.unwrap());
    crate::documents::put(state.store(), &job.id, state.now(), &half).await.unwrap();
    world.later();
    let end = world.settled(&job.id).await;
    assert_eq!((&end["state"], &end["changed"], &end["unchanged"]), (&json!("done"), &json!(450), &json!(0)));
    let head = *state.store().feed_head().borrow();
    let job = one(state, &job.id).await.unwrap();
    assert_eq!(job.tally.done, 450);
    let found = world.app.get(token, "/v1/profiles?filter=tags:vip&limit=1").await.json();
    assert_eq!(found["total"], 450);
    assert!(*state.store().feed_head().borrow() == head, "nothing goes on");

    let back = world.undone(&json!({ "id": job.id })).await;
    assert_eq!(back["undone"]["changed"], 450, "{back}");
    assert_eq!(world.app.get(token, "/v1/profiles?filter=tags:vip&limit=1").await.json()["total"], 0);
}

#[tokio::test]
async fn a_job_stops_when_somebody_wants_it_to() {
    let world = World::of(450).await;
    let state = &world.app.state;
    let action = super::GivenAction::AddTag { tags: vec!["vip".into()] }.read(state).await.unwrap();
    let whom = super::Whom::Found(crate::segments::Question::default());
    let job = super::BulkJob::new(state.now(), &crate::Principal::Local, action, whom);
    crate::documents::put(state.store(), &job.id, state.now(), &job).await.unwrap();
    for _ in 0..2 {
        work::turn(state, &job.id).await.unwrap();
    }
    let stopped = world.app.post(&world.token, &format!("/v1/bulk/{}/cancel", job.id), json!({})).await;
    stopped.expect(200);
    let end = world.settled(&job.id).await;
    assert_eq!((&end["state"], &end["changed"]), (&json!("stopped"), &json!(200)));
    assert_eq!(world.undone(&end).await["undone"]["changed"], 200);
}

#[tokio::test]
async fn who_may_only_read_changes_nothing_and_may_take_a_file() {
    let world = World::of(2).await;
    let reader = world.app.person(Role::ReadOnly).await;
    let body = json!({ "action": { "do": "trash" }, "profiles": world.ids });
    world.app.post(&reader, "/v1/bulk", body).await.expect(403);
    let file =
        world.app.get(&reader, "/v1/export/profiles?filter=company:acme&columns=name,email,company").await;
    let text = file.expect(200).text();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("Person 0,p0@example.net,Acme"), "{text}");
    let lines = world.app.get(&reader, "/v1/export/profiles?format=jsonl&columns=company").await.text();
    let first: Json = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert!(first["properties"]["company"].is_string(), "{first}");
    let cards = world.app.get(&reader, "/v1/export/profiles?format=vcard").await.text();
    assert_eq!(cards.matches("BEGIN:VCARD").count(), 2);
    assert!(cards.contains("EMAIL:p1@example.net"), "{cards}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_at_its_place() {
    let world = World::of(2).await;
    for (body, pointer) in [
        (json!({ "action": { "do": "trash" } }), "/profiles"),
        (json!({ "action": { "do": "add_tag", "tags": [" "] }, "profiles": world.ids }), "/action/tags"),
        (
            json!({ "action": { "do": "set", "property": "email", "value": "a@b.c" }, "profiles": world.ids }),
            "/action/property",
        ),
        (
            json!({ "action": { "do": "set", "property": "birthday", "value": "soon" }, "profiles": world.ids }),
            "/action/value",
        ),
        (json!({ "action": { "do": "assign", "to": "nobody" }, "profiles": world.ids }), "/action/to"),
        (json!({ "action": { "do": "merge", "into": world.ids[0] }, "found": {} }), "/profiles"),
        (json!({ "action": { "do": "trash" }, "found": { "filter": "teir:x" } }), "?filter"),
    ] {
        let refused = world.bulk(body.clone()).await.expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{body}");
    }
    world.app.get(&world.token, "/v1/bulk/b_nothing").await.expect(404);
}

#[test]
fn a_cell_is_never_a_formula() {
    for (text, cell) in
        [("=1+1", "'=1+1"), ("+4930123", "+4930123"), ("-cmd", "'-cmd"), ("a,b", "\"a,b\""), ("@x", "'@x")]
    {
        assert_eq!(super::export::csv_cell(text), cell);
    }
}

#[tokio::test]
async fn several_are_linked_to_an_account_and_unlinked_again() {
    let world = World::of(3).await;
    let made = world.app.post(&world.token, "/v1/accounts", json!({ "name": "Initech Ltd" })).await;
    let account = made.expect(201).json()["id"].as_str().unwrap().to_owned();
    let link = json!({ "do": "link_account", "account": "initech ltd" });
    let job = world.done(json!({ "action": link, "profiles": world.ids[..2] })).await;
    assert_eq!(job["changed"], 2, "{job}");
    let by_name = "/v1/profiles?filter=account:%22Initech%20Ltd%22";
    assert_eq!(world.app.get(&world.token, by_name).await.json()["total"], 2);
    let again = json!({ "do": "link_account", "account": account });
    let again = world.done(json!({ "action": again, "profiles": world.ids })).await;
    assert_eq!((&again["changed"], &again["unchanged"]), (&json!(1), &json!(2)));
    let back = world.undone(&job).await;
    assert_eq!(back["undone"]["changed"], 2, "{back}");
    assert_eq!(world.app.get(&world.token, by_name).await.json()["total"], 1);
    let unknown = json!({ "do": "link_account", "account": "nobody" });
    world.bulk(json!({ "action": unknown, "profiles": world.ids })).await.expect(422);
}
