//! The pages as a person uses them, in a real browser.

use std::time::Duration;

use thirtyfour::{By, Key, WebDriver};
use whom_tests::{Browser, Server, whom};

fn mail(from: &str, id: &str, subject: &str, day: u32) -> String {
    format!(
        "From: {from}\r\nTo: support@example.com\r\nSubject: {subject}\r\nDate: Mon, {day:02} Jan 2026 10:00:00 +0000\r\n\
         Message-ID: <{id}@example.net>\r\n\r\nHello, this is {subject}.\r\n"
    )
}

/// Waits until something is so, and says what was not.
async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    for _ in 0..200 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} never came true");
}

async fn text(driver: &WebDriver) -> String {
    match driver.find(By::Tag("body")).await {
        Ok(body) => body.text().await.unwrap_or_default(),
        Err(_) => String::new(),
    }
}

async fn rows(driver: &WebDriver) -> usize {
    driver.find_all(By::Css("tr[data-row]")).await.map_or(0, |rows| rows.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_found_while_typing_and_every_value_says_why() {
    let Some(browser) = Browser::start(1440, 900).await else { return };
    let driver = browser.driver();
    let folder = whom_tests::folder();
    whom(folder.path(), &["user", "add", "mia@example.com", "--role", "owner", "--json"]).good();
    let server = Server::start(folder.path()).await;
    for (from, id, subject, day) in [
        ("Ana Lima <ana@example.org>", "m1", "a tent", 5),
        ("Ana Lima <ana@example.org>", "m2", "another tent", 6),
        ("Zoë Müller <zoe@example.net>", "m3", "boots", 7),
        ("\"<script>alert(1)</script>\" <eve@example.net>", "m4", "<b>bold</b>", 8),
    ] {
        server.mail(mail(from, id, subject, day)).await.expect("a receipt");
    }

    // Nothing is shown to somebody unknown.
    driver.goto(format!("{}/customers", server.base())).await.unwrap();
    assert!(driver.current_url().await.unwrap().path().starts_with("/login"));

    let link =
        server.request(reqwest::Method::POST, "/v1/people/mia@example.com/login-link").send().await.unwrap();
    let link: serde_json::Value = serde_json::from_str(&link.text().await.unwrap()).unwrap();
    let path = link["path"].as_str().or_else(|| link["url"].as_str()).or_else(|| link["link"].as_str());
    let path = path.unwrap_or_else(|| panic!("no link in {link}"));
    let address = if path.starts_with('/') { format!("{}{path}", server.base()) } else { path.to_owned() };
    driver.goto(&address).await.unwrap();
    assert_eq!(driver.current_url().await.unwrap().path(), "/inbox", "work begins with the inbox");
    driver.goto(format!("{}/customers", server.base())).await.unwrap();
    until("the list of customers", || async { rows(driver).await == 3 }).await;

    // Search as you type, without accents.
    let field = driver.find(By::Css("form[data-lookup] input[type=search]")).await.unwrap();
    field.send_keys("zoe mul").await.unwrap();
    until("one row is left", || async { rows(driver).await == 1 }).await;
    assert!(text(driver).await.contains("Zoë Müller"));
    field.send_keys(Key::Control + "a").await.unwrap();
    field.send_keys("ana").await.unwrap();
    until("Ana is left", || async { rows(driver).await == 1 && text(driver).await.contains("Ana Lima") })
        .await;
    field.send_keys(Key::Enter + "").await.unwrap();
    until("the profile opens", || async {
        driver.current_url().await.is_ok_and(|url| url.path().starts_with("/customers/p_"))
    })
    .await;

    // The profile: both conversations, and the name says where it comes from.
    let shown = text(driver).await;
    for expected in ["Ana Lima", "a tent", "another tent", "ana@example.org"] {
        assert!(shown.contains(expected), "{expected} is not on the page: {shown}");
    }
    let why = driver.find(By::Css("details.why summary")).await.unwrap();
    why.click().await.unwrap();
    until("the reason unfolds", || async { text(driver).await.contains("trusted") }).await;

    // What a stranger writes stays text.
    driver.goto(format!("{}/customers?q=eve", server.base())).await.unwrap();
    until("Eve is found", || async { rows(driver).await == 1 }).await;
    let scripts = driver.find_all(By::Css("#results script")).await.unwrap();
    assert!(scripts.is_empty());
    browser.quit().await;
}
