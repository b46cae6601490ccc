//! The customers page: filters without scripts, segments, columns, and bulk actions from question to undo.

use axum::http::Method;
use serde_json::json;

use crate::{
    Role, Scope,
    testing::{Answer, As, TestApp},
};

struct World {
    app: TestApp,
    agent: As,
    ids: Vec<String>,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::searching().await;
        let token = app.token(&[Scope::Read, Scope::Write]).await;
        let mut ids = Vec::new();
        for (name, company) in [("Ana Lopez", "Acme"), ("Bo Berg", "Acme"), ("Cem Kaya", "Globex")] {
            let body = json!({
                "properties": { "name": name, "company": company },
                "identifiers": [{ "kind": "email", "value": format!("{}@example.org", &name[..2].trim()) }],
            });
            let made = app.post(&token, "/v1/profiles", body).await.expect(201).json();
            ids.push(made["id"].as_str().unwrap().to_owned());
        }
        app.clock.advance(60_000);
        let agent = app.person(Role::Agent).await;
        Self { app, agent, ids }
    }

    async fn get(&self, path: &str) -> Answer {
        self.app.get(&self.agent, path).await
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        self.post_as(&self.agent, path, form).await
    }

    async fn post_as(&self, by: &As, path: &str, form: &str) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.app.send(by, Method::POST, path, &headers, form.to_owned()).await
    }
}

fn rows(page: &str) -> usize {
    page.matches("<tr data-row>").count()
}

#[tokio::test]
async fn a_filter_is_added_step_by_step_without_scripts() {
    let world = World::new().await;
    let first = world.get("/customers?add=company").await.expect(200).text();
    assert!(
        first.contains("name=\"op\"") && first.contains("value=\"contains\""),
        "the second step stands open"
    );
    let added = world.get("/customers/filter?property=company&op=is&value=Acme").await.expect(303);
    assert_eq!(added.header("location"), "/customers?f=company%3AAcme");
    let page = world.get(added.header("location")).await.expect(200).text();
    assert_eq!(rows(&page), 2);
    assert!(page.contains("<b>Acme</b>"), "the condition stands on a chip");
    let more = world.get("/customers/filter?f=company%3AAcme&property=last_seen&op=within&days=7").await;
    assert_eq!(more.header("location"), "/customers?f=company%3AAcme%20last_seen%3C7d");
    let replaced = world.get("/customers/filter?f=company%3AAcme&at=0&property=company&op=known").await;
    assert_eq!(replaced.header("location"), "/customers?f=has%3Acompany");
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_keeps_its_words_and_shows_nobody() {
    let world = World::new().await;
    let page = world.get("/customers?f=compny%3AAcme").await.expect(422).text();
    assert_eq!(rows(&page), 0);
    assert!(page.contains("value=\"compny:Acme\"") && page.contains("did you mean `company`?"), "{page}");
}

#[tokio::test]
async fn the_list_is_sorted_by_its_heads_both_ways() {
    let world = World::new().await;
    let page = world.get("/customers?sort=company&order=desc").await.expect(200).text();
    assert!(page.contains("aria-sort=\"descending\"") && page.contains("sort=company&amp;order=asc"));
    assert!(page.find("Cem Kaya") < page.find("Bo Berg"));
}

#[tokio::test]
async fn a_segment_keeps_filter_and_columns_and_comes_back_after_removal() {
    let world = World::new().await;
    let saved =
        world.post("/customers/segments", "f=company%3AAcme&name=Acme+people&shared=1").await.expect(303);
    let place = saved.header("location").to_owned();
    let id = place.split(['=', '&']).nth(1).unwrap().to_owned();
    let page = world.get(&place).await.expect(200).text();
    assert_eq!(rows(&page), 2);
    assert!(page.contains("Acme people"));
    // Without its filter it is not the segment any more, and can be saved anew.
    let page = world.get(&format!("/customers?segment={id}&f=")).await.text();
    assert_eq!(rows(&page), 3);

    let columns = format!("segment={id}&column=job_title&column=email&up=email");
    world.post("/customers/columns", &columns).await.expect(303);
    let page = world.get(&format!("/customers?segment={id}")).await.text();
    assert!(page.find(">E-mail") < page.find(">Job title"), "the second column went first");

    let reader = world.app.person(Role::ReadOnly).await;
    world.post_as(&reader, &format!("/customers/segments/{id}/remove"), "").await.expect(403);
    let removed = world.post(&format!("/customers/segments/{id}/remove"), "").await.expect(303);
    let after = world.get(removed.header("location")).await.text();
    assert!(after.contains(&format!("/customers/segments/{id}/restore")), "the way back is offered");
    world.get(&format!("/customers?segment={id}")).await.expect(404);
    world.post(&format!("/customers/segments/{id}/restore"), "").await.expect(303);
    world.get(&format!("/customers?segment={id}")).await.expect(200);
}

#[tokio::test]
async fn columns_are_everybodys_own() {
    let world = World::new().await;
    world.post("/customers/columns", "column=email&column=first_seen").await.expect(303);
    let mine = world.get("/customers").await.text();
    assert!(mine.contains("data-label=\"E-mail\"") && mine.contains("an@example.org"), "{mine}");
    let other = world.app.person(Role::Admin).await;
    assert!(!world.app.get(&other, "/customers").await.text().contains("data-label=\"E-mail\""));
}

#[tokio::test]
async fn many_are_tagged_from_the_list_and_that_is_undone() {
    let world = World::new().await;
    let chosen = format!("id={}&id={}&do=add_tag", world.ids[0], world.ids[1]);
    let question = world.post("/customers/bulk", &chosen).await.expect(200).text();
    assert!(question.contains("Tag: 2 customers"), "{question}");
    let refused = world.post("/customers/bulk/start", &format!("{chosen}&text=+")).await.expect(422).text();
    assert!(refused.contains("Tag: 2 customers") && refused.contains("Name one tag"), "{refused}");
    let begun = world.post("/customers/bulk/start", &format!("{chosen}&text=vip")).await.expect(303);
    let place = begun.header("location").to_owned();
    let end = |word: &'static str| {
        let (world, place) = (&world, &place);
        async move {
            for _ in 0..500 {
                let page = world.get(&format!("{place}?fragment=1")).await.expect(200).text();
                if !page.contains("data-job") {
                    assert!(page.contains(word), "{page}");
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            panic!("it never ends");
        }
    };
    end("Done").await;
    assert_eq!(rows(&world.get("/customers?f=tags%3Avip").await.text()), 2);
    world.app.clock.advance(60_000);
    world.post(&format!("{place}/undo"), "").await.expect(303);
    end("Taken back").await;
    assert_eq!(rows(&world.get("/customers?f=tags%3Avip").await.text()), 0);
    assert!(world.get("/customers/bulk").await.expect(200).text().contains("“vip”"));
}

#[tokio::test]
async fn everybody_who_is_found_is_taken_and_who_only_reads_takes_nobody() {
    let world = World::new().await;
    let question = world.post("/customers/bulk", "f=company%3AAcme&all=1&do=trash").await.expect(200).text();
    assert!(question.contains("Trash: 2 customers"), "{question}");
    let merge = format!("id={}&id={}&do=merge", world.ids[0], world.ids[2]);
    let question = world.post("/customers/bulk", &merge).await.expect(200).text();
    assert!(question.contains("Which profile stays?") && question.contains("Cem Kaya"));
    assert!(
        world.post("/customers/bulk", "do=trash").await.expect(200).text().contains("Nobody is selected")
    );

    let reader = world.app.person(Role::ReadOnly).await;
    world.post_as(&reader, "/customers/bulk", &merge).await.expect(403);
    let page = world.app.get(&reader, "/customers").await.expect(200).text();
    assert!(!page.contains("name=\"id\"") && !page.contains("bulk-bar"), "there is nothing to choose for");
    let file = world.app.get(&reader, "/customers/export?f=company%3AAcme&format=csv").await.expect(200);
    assert_eq!(file.text().lines().count(), 3);
    assert!(file.header("content-disposition").contains("customers.csv"));
}

#[tokio::test]
async fn a_profile_is_made_by_hand_once_and_what_is_wrong_loses_nothing() {
    let world = World::new().await;
    world.get("/customers/new").await.expect(200);
    let wrong = world.post("/customers/new", "request=1&first_name=Dora&email=dora").await.expect(422).text();
    assert!(wrong.contains("value=\"Dora\"") && wrong.contains("aria-invalid=\"true\""), "{wrong}");
    let taken =
        world.post("/customers/new", "request=1&first_name=Dora&email=an%40example.org").await.expect(422);
    assert!(taken.text().contains(&format!("/customers/{}", world.ids[0])), "whose it is, is a click away");
    let form = "request=2&first_name=Dora&last_name=Dahl&email=dora%40example.org&company=Acme";
    let made = world.post("/customers/new", form).await.expect(303);
    let again = world.post("/customers/new", form).await.expect(303);
    assert_eq!(made.header("location"), again.header("location"));
    assert_eq!(rows(&world.get("/customers?q=dora").await.text()), 1);

    let same = "request=3&first_name=dora&last_name=Dahl&phone=%2B442071838750";
    let asked = world.post("/customers/new", same).await.expect(422).text();
    assert!(asked.contains(made.header("location")) && asked.contains("name=\"anyway\""), "{asked}");
    let other = world.post("/customers/new", &format!("{same}&anyway=true")).await.expect(303);
    assert_ne!(other.header("location"), made.header("location"));
    assert_eq!(rows(&world.get("/customers?q=dora").await.text()), 2);
}
