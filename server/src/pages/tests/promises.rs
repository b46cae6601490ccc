//! What holds for every page: nothing of a customer is markup, nothing is inline, little is sent.

use std::{collections::BTreeMap, io::Write as _};

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::{auth::Role, pages::assets};

#[tokio::test]
async fn what_customers_write_is_text_and_nothing_else() {
    let app = TestApp::new();
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let said = vec![said("name", evil), said("website", "javascript:alert(1)"), said("company", evil)];
    arrives(&app, "1", "2026-02-27T09:30:00Z", "eve@example.org", said, mail(evil, evil)).await;
    arrives(&app, "2", "2026-02-28T10:00:00Z", "eve@example.org", vec![], event(evil, evil, evil)).await;
    let id = app.state.engine().find("eve@example.org").await.unwrap();
    let agent = app.person(Role::Agent).await;
    for path in ["/customers".into(), format!("/customers/{id}"), format!("/customers/{id}/why/name")] {
        let page = get(&app, &agent, &path).await.expect(200).text();
        assert!(page.contains("&lt;script&gt;alert(1)"), "{path}");
        assert!(
            !page.contains("<script>") && !page.contains("<img") && !page.contains("href=\"javascript"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn pages_carry_nothing_inline_and_load_nothing_from_elsewhere() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let profile = format!("/customers/{id}");
    let merge = format!("/customers/{id}/merge?with=anonymous_id:visitor-1");
    for path in ["/login", "/customers", &profile, &merge, "/customers/nobody"] {
        let answer = get(&app, &agent, path).await;
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert_eq!(answer.headers.get_all("content-type").iter().count(), 1, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        let page = answer.text();
        for tag in page.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let is_bare_script = tag.starts_with("script") && !tag.contains("src=\"/assets/");
            let has_handler =
                tag.split_whitespace().skip(1).any(|part| part.starts_with("on") && part.contains('='));
            assert!(
                !tag.contains(" style=") && !tag.starts_with("style") && !is_bare_script && !has_handler,
                "{path}: {tag}"
            );
            let loads = tag.starts_with("link") || tag.starts_with("img") || tag.starts_with("script");
            assert!(!loads || !tag.contains("://"), "{path}: {tag}");
        }
    }
    for (name, text) in assets::texts().filter(|(name, _)| !name.ends_with(".svg")) {
        assert!(!text.contains("://") && !text.contains("@import") && !text.contains("eval("), "{name}");
    }
}

/// What goes over the wire for a page that nothing is kept of: itself, and all that it loads in turn.
fn weight(page: &str) -> (usize, BTreeMap<&'static str, &'static str>) {
    let all: BTreeMap<&str, &str> = assets::texts().collect();
    let mut loaded: BTreeMap<&str, &str> = BTreeMap::new();
    let mut to_read = vec![page];
    while let Some(text) = to_read.pop() {
        for (name, own) in &all {
            let is_named =
                ["\"/assets/", "\"./"].iter().any(|mark| text.contains(&format!("{mark}{name}?v=")));
            if is_named && loaded.insert(name, own).is_none() {
                to_read.push(own);
            }
        }
    }
    let packed = loaded.values().chain([&page]).map(|text| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap().len()
    });
    (packed.sum(), loaded)
}

#[tokio::test]
async fn the_first_page_weighs_less_than_sixty_kilobytes() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    for number in 0..40 {
        let who = format!("someone{number}@example.org");
        let asks =
            mail(&format!("Where is parcel {number}?"), "Hello, where is it? It should have come by now.");
        arrives(&app, &format!("m{number}"), "2026-02-28T12:00:00Z", &who, vec![], asks).await;
    }
    for path in ["/inbox".to_owned(), "/conversations/1".to_owned(), format!("/customers/{id}")] {
        let page = get(&app, &agent, &path).await.expect(200).text();
        let (weight, loaded) = weight(&page);
        assert!(loaded.contains_key("whom.css") && loaded.contains_key("morph.js"), "{:?}", loaded.keys());
        assert!(weight < 60_000, "{path}: {weight} bytes");
        // What is loaded is kept for ever: its address says what it holds.
        for tag in page.split("/assets/").skip(1) {
            let address = tag.split('"').next().unwrap();
            assert!(address.split_once("?v=").is_some_and(|(_, hash)| hash.len() >= 8), "{path}: {address}");
        }
    }
}

#[test]
fn modules_are_imported_under_the_address_that_pages_load_them_from() {
    for (name, text) in assets::texts() {
        for import in text.split("from \"").skip(1) {
            let path = import.split('"').next().unwrap();
            assert!(
                path.starts_with("./") && path.contains("?v="),
                "{name} imports {path}: it has to stand below that in the list"
            );
        }
    }
}

#[tokio::test]
async fn what_failed_still_says_who_is_signed_in() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    for path in ["/nothing/here", "/customers/p_0000000000000000"] {
        let page = get(&app, &agent, path).await.expect(404).text();
        assert!(page.contains("action=\"/logout\"") && page.contains("agent"), "{path}");
    }
    let page = get(&app, &As::Anonymous, "/nothing/here").await.expect(404).text();
    assert!(!page.contains("action=\"/logout\""));
}

#[tokio::test]
async fn the_style_guide_shows_every_part_and_edits_in_place() {
    let (app, _) = app().await;
    let agent = app.person(Role::ReadOnly).await;
    let guide = get(&app, &agent, "/styleguide").await.expect(200).text();
    for part in
        ["data-edit", "data-presence", "menu-list", "class=\"toasts\"", "class=\"skeleton\"", "<progress"]
    {
        assert!(guide.contains(part), "{part}");
    }
    let json = [FORM[0], ("accept", "application/json")];
    let post = |form: &'static str| app.send(&agent, "POST".parse().unwrap(), "/styleguide", &json, form);
    assert_eq!(post("value=Ana&version=1").await.expect(200).json()["version"], "2");
    assert_eq!(post("value=faster&version=1").await.expect(409).json()["current"]["by"], "Mia");
    post("value=nobody&version=1").await.expect(422);
    let plain = send(&app, &agent, "/styleguide", "value=Ana&version=1").await.expect(303);
    assert_eq!(plain.header("location"), "/styleguide?done=sent");
    assert!(get(&app, &agent, "/styleguide?done=sent").await.text().contains("data-toast"));
}

#[tokio::test]
async fn a_file_is_kept_for_ever_under_the_hash_of_what_it_holds() {
    let app = TestApp::new();
    let address = assets::address("whom.css");
    let answer = app.get(&As::Anonymous, &address).await.expect(200);
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(app.get(&As::Anonymous, "/assets/whom.css?v=old").await.header("cache-control"), "no-cache");
    let tag = [("if-none-match", answer.header("etag"))];
    app.send(&As::Anonymous, "GET".parse().unwrap(), &address, &tag, "").await.expect(304);
    app.get(&As::Anonymous, "/assets/nothing.css").await.expect(404);
}

#[tokio::test]
async fn what_fails_is_a_page_for_a_browser_and_a_problem_for_a_program() {
    let (app, _) = app().await;
    let agent = app.person(Role::Agent).await;
    let missing = "/customers/p_0000000000000000";
    let page = get(&app, &agent, missing).await.expect(404);
    assert!(page.text().contains("There is no such page") && page.header("x-request-id") == "test");
    assert_eq!(app.get(&agent, missing).await.expect(404).header("content-type"), "application/problem+json");
    get(&app, &As::Anonymous, "/customers").await.expect(303);
    let wrong =
        send(&app, &As::Anonymous, "/login", "login=a%2Bb&password=c&next=L2N1c3RvbWVycw").await.expect(401);
    assert!(wrong.text().contains("do not go together") && wrong.text().contains("value=\"L2N1c3RvbWVycw\""));
    assert!(wrong.text().contains("name=\"login\" value=\"a+b\""), "what was typed stays");
    let used_up = get(&app, &As::Anonymous, "/login/once?token=x").await.expect(401);
    assert!(used_up.text().contains("was used before"));
}
