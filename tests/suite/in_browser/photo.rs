//! A photo that a provider found is removed, stays removed when it is offered again, and comes back by undo.

use serde_json::json;
use whom_tests::{Letter, PlayedGravatar, Screen, Server, Window, hand_over, until};

/// Whether the picture is there and was really loaded.
const IS_SEEN: &str = "document.querySelector('.profile-head .photo img')?.naturalWidth > 0";
const NONE: &str =
    "document.querySelector('.profile-head .photo') && !document.querySelector('.profile-head .photo img')";

/// Has the provider's word taken in once more, and waits for that; the gate may still know what it said.
async fn check_now(server: &Server) {
    server.post("/v1/profiles/hanne@example.com/enrich", &json!({})).await;
    until("its answer is taken in", || async { server.get("/v1/enrichment").await["queued"] == 0 }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_photo_stays_removed_until_that_is_undone() {
    let folder = whom_tests::folder();
    let server = Server::start(folder.path()).await;
    server.add_person("mia@example.com", "Mia Okonkwo", "agent").await;
    let gravatar = PlayedGravatar::start("Hanne Berg", "Fjord Konsult").await;
    gravatar.serves(&server).await;
    let Some(mia) = Window::open(&server, Screen::DESK).await else { return };
    mia.sign_in(&server, "mia@example.com").await;

    // Hanne writes; who she is comes in by itself.
    let mail = Letter::new("hanne@example.com", "1@example.com", "A map", "Do you have one?");
    hand_over(server.lmtp(), "hanne@example.com", &mail.raw()).await;
    mia.click_link(".inbox-rows", "A map").await;
    mia.at("/conversations/1").await;
    mia.sees(".talk-side", "Hanne Berg").await;
    mia.click(".talk-side a[href^='/customers/p_']").await;
    mia.at("/customers/p_").await;
    mia.finds(
        "the company is filled in",
        "[...document.querySelectorAll('#about input')].some((one) => one.value === 'Fjord Konsult')",
    )
    .await;
    mia.finds("the photo is loaded", IS_SEEN).await;

    // The trash can shows itself to whoever points at the photo.
    mia.points_at(".profile-head .photo").await;
    mia.finds(
        "the trash can is seen",
        "getComputedStyle(document.querySelector('.photo form')).opacity === '1'",
    )
    .await;
    mia.click_button(".photo", "Remove the photo").await;
    mia.sees("#toasts", "The photo is taken away").await;
    mia.finds("the photo is gone", NONE).await;

    // The provider is asked again and offers the same photo: it stays away. Undo brings it back.
    mia.points_at("#toasts .toast").await;
    check_now(&server).await;
    mia.finds("the photo stays away", NONE).await;
    mia.click_button("#toasts", "Undo").await;
    mia.finds("the photo is back", IS_SEEN).await;

    // Removed for good, it is on no page, however often it is offered.
    mia.points_at(".profile-head .photo").await;
    mia.click_button(".photo", "Remove the photo").await;
    mia.finds("the photo is gone", NONE).await;
    check_now(&server).await;
    let page = mia.path().await;
    mia.go(&page).await;
    mia.finds("the photo stays away", NONE).await;
    mia.go("/conversations/1").await;
    mia.sees(".talk-side", "Hanne Berg").await;
    assert_eq!(mia.js("document.querySelectorAll('main .avatar img').length").await, 0);
    mia.go("/customers").await;
    mia.sees("#results", "Hanne Berg").await;
    assert_eq!(mia.js("document.querySelectorAll('main .avatar img').length").await, 0);
    mia.shut().await;
}
