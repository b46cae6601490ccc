//! The settings.

use super::*;
use crate::auth::Role;

#[tokio::test]
async fn every_page_of_the_settings_opens_and_is_named_in_the_list_of_whoever_may() {
    let app = TestApp::new();
    let (admin, reader) = (app.person(Role::Admin).await, app.person(Role::ReadOnly).await);
    let first = get(&app, &admin, "/settings").await.expect(303);
    let list = get(&app, &admin, first.header("location")).await.expect(200).text();
    for path in ["general", "mail", "enrichment", "plugins", "properties", "about"] {
        let path = format!("/settings/{path}");
        assert!(list.contains(&format!("href=\"{path}\"")), "{path}");
        let page = get(&app, &admin, &path).await.expect(200).text();
        assert!(page.contains(&format!("href=\"{path}\" aria-current=\"page\"")), "{path}");
    }
    let about = get(&app, &reader, "/settings/about").await.expect(200).text();
    assert!(about.contains("/settings/properties") && !about.contains("/settings/general"));
    for path in ["/settings/general", "/settings/mail", "/settings/enrichment", "/settings/plugins"] {
        get(&app, &reader, path).await.expect(403);
    }
}

#[tokio::test]
async fn what_is_ours_is_saved_and_what_cannot_be_meant_is_said_at_its_field() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    let path = "/settings/general";
    let form =
        "own_addresses=Support%40Shop.Example%0D%0A&own_domains=*%40shop.example&phone_region=de&lists=1";
    assert_eq!(
        send(&app, &admin, path, form).await.expect(303).header("location"),
        "/settings/general?done=saved"
    );
    let settings = app.state.settings().await.unwrap();
    assert_eq!(settings.own_addresses, ["support@shop.example"]);
    assert_eq!(settings.phone_region.as_deref(), Some("DE"));
    let page = get(&app, &admin, path).await.text();
    assert!(page.contains("support@shop.example") && page.contains("name=\"lists\" value=\"1\" checked"));

    let wrong =
        send(&app, &admin, path, "own_addresses=kept%40shop.example&phone_region=XX9").await.expect(422);
    let wrong = wrong.text();
    assert!(wrong.contains("phone_region-wrong") && wrong.contains("kept@shop.example"), "{wrong}");
    assert_eq!(app.state.settings().await.unwrap(), settings);
}

#[tokio::test]
async fn one_switch_stops_enrichment() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    send(&app, &admin, "/settings/enrichment", "on=0").await.expect(303);
    assert_eq!(app.get(&admin, "/v1/enrichment").await.json()["on"], false);
    assert!(get(&app, &admin, "/settings/enrichment").await.text().contains("aria-checked=\"false\""));
    send(&app, &admin, "/settings/enrichment/nobody", "on=1").await.expect(404);
    send(&app, &admin, "/settings/enrichment", "on=1").await.expect(303);
    assert_eq!(app.get(&admin, "/v1/enrichment").await.json()["on"], true);
}

#[tokio::test]
async fn a_channel_is_added_changed_and_removed_without_showing_its_secret() {
    let app = TestApp::new();
    let admin = app.person(Role::Admin).await;
    let form = "name=Support&address=help%40shop.example&host=smtp.shop.example&security=starttls&user=u&secret=hidden-word";
    send(&app, &admin, "/settings/mail/new", form).await.expect(303);
    let list = get(&app, &admin, "/settings/mail").await.expect(200).text();
    let id = between(&list, "/settings/mail/ch_", "\"");
    let page = get(&app, &admin, &id).await.expect(200).text();
    assert!(page.contains("help@shop.example") && !page.contains("hidden-word"));

    let wrong =
        send(&app, &admin, "/settings/mail/new", "address=nobody&host=smtp.shop.example").await.expect(422);
    assert!(wrong.text().contains("address-wrong"));
    let port =
        send(&app, &admin, "/settings/mail/new", "address=a%40b.example&host=h&port=x").await.expect(422);
    assert!(port.text().contains("port-wrong"));

    send(&app, &admin, "/settings/mail", "undo_seconds=20").await.expect(303);
    assert_eq!(app.get(&admin, "/v1/channels").await.json()["undo_seconds"], 20);
    send(&app, &admin, &format!("{id}/remove"), "").await.expect(303);
    assert!(get(&app, &admin, "/settings/mail").await.text().contains("No mail leaves yet"));
}
