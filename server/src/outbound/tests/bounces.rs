//! Reports of many mail servers become the error of the message they are about, and never a customer.

use axum::http::Method;
use serde_json::json;

use super::post::Post;
use crate::{auth::Role, mail::undelivered, testing::As};

/// What RFC 3464 says, as Postfix writes it.
const STANDARD: &str = "From: MAILER-DAEMON@mx.example (Mail Delivery System)\n\
    To: help@shop.example\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n\
    MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
    --b\nContent-Type: text/plain\n\nI'm sorry to have to inform you that your message could not\nbe delivered.\n\n\
    --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
    Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n\
    Diagnostic-Code: smtp; 550 5.1.1 <ana@example.org>:\n    Recipient address rejected: User unknown\n\n\
    --b\nContent-Type: text/rfc822-headers\n\nSubject: Re: Where is my parcel?\nMessage-ID: <ID>\n\n--b--\n";

const EXIM: &str = "From: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: help@shop.example\n\
    X-Failed-Recipients: ana@example.org\nAuto-Submitted: auto-replied\n\
    Subject: Mail delivery failed: returning message to sender\n\n\
    This message was created automatically by mail delivery software.\n\n\
    A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. \
    The following address(es) failed:\n\n  ana@example.org\n    SMTP error from remote mail server after RCPT \
    TO:<ana@example.org>: 550 No such user here\n\n\
    ------ This is a copy of the message, including all the headers. ------\n\n\
    From: help@shop.example\nMessage-ID: <ID>\nSubject: Re: Where is my parcel?\n\nIt is on its way.\n";

const QMAIL: &str = "From: MAILER-DAEMON@mx.example\nTo: help@shop.example\nSubject: failure notice\n\n\
    Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the \
    following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n\
    <ana@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n\
    --- Below this line is a copy of the message.\n\nReceived: (qmail 1 invoked)\nMessage-ID: <ID>\n\
    From: help@shop.example\n\nIt is on its way.\n";

const EXCHANGE: &str = "From: Postmaster <postmaster@example.org>\nTo: help@shop.example\n\
    Subject: Undeliverable: Re: Where is my parcel?\nIn-Reply-To: <ID>\nReferences: <1@example.org> <ID>\n\
    Content-Type: text/html; charset=utf-8\n\n\
    <html><body><p>Your message to <a href=\"mailto:ana@example.org\">ana@example.org</a> couldn't be delivered.</p>\
    <p>ana@example.org wasn't found at example.org.</p><p>Remote Server returned '550 5.1.10 \
    RESOLVER.ADR.RecipientNotFound; Recipient not found'</p></body></html>\n";

#[test]
fn reports_say_which_message_whom_and_why() {
    let cases = [
        (STANDARD, "550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown"),
        (EXIM, "SMTP error from remote mail server after RCPT TO:<ana@example.org>: 550 No such user here"),
        (QMAIL, "Sorry, no mailbox here by that name. (#5.1.1)"),
    ];
    for (report, reason) in cases {
        let read = undelivered(report.replace("<ID>", "<own@shop.example>").as_bytes()).unwrap();
        assert_eq!(read.message_ids, ["own@shop.example"], "{report}");
        assert_eq!(read.recipients, ["ana@example.org"], "{report}");
        assert_eq!(read.reason, reason, "{report}");
    }
    let exchange = undelivered(EXCHANGE.replace("<ID>", "<own@shop.example>").as_bytes()).unwrap();
    assert_eq!(exchange.message_ids[0], "own@shop.example");
    assert!(exchange.reason.contains("550 5.1.10"), "{}", exchange.reason);

    assert!(undelivered(STANDARD.replace("Action: failed", "Action: delayed").as_bytes()).is_none());
    assert!(undelivered(b"From: MAILER-DAEMON@x\nSubject: failure notice\n\nSorry.").is_none());
    for end in (0..STANDARD.len()).step_by(7) {
        let _ = undelivered(&STANDARD.as_bytes()[..end]);
    }
}

#[tokio::test]
async fn a_report_becomes_the_error_of_its_message_and_nobodys_profile() {
    for (report, words) in [
        (STANDARD, "550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown"),
        (EXIM, "550 No such user here"),
        (QMAIL, "no mailbox here"),
        (EXCHANGE, "550 5.1.10"),
    ] {
        let post = Post::open().await;
        let put = post.answered().await;
        post.until_state(&put, "sent").await;
        let mine = report.replace("<ID>", &format!("<{}>", put["message_id"].as_str().unwrap()));
        for _ in 0..2 {
            let sent = post.app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], mine.clone()).await;
            assert_eq!(sent.expect(200).json()["reason"], "bounce");
        }
        let error = post.delivery(&put).await;
        assert_eq!(error["state"], "error");
        assert!(error["words"].as_str().unwrap().contains(words), "{error:#}");
        assert_eq!(error["missed"].as_array().unwrap().len(), 1);
        let figures = post.app.get(&As::Local, "/v1/figures").await.expect(200).json();
        assert_eq!(figures["profiles"], 1);
        // It is mended, and the same message leaves once more.
        post.outbox(Method::POST, &format!("/{}/retry", put["entry"].as_str().unwrap())).await.expect(200);
        post.until_state(&put, "sent").await;
        assert_eq!(post.peer.received().len(), 2);
    }
}

#[tokio::test]
async fn the_thread_says_whom_a_message_did_not_reach_and_an_agent_tries_it_again_from_there() {
    let post = Post::open().await;
    let put = post.answered().await;
    post.until_state(&put, "sent").await;
    let report = STANDARD.replace("<ID>", &format!("<{}>", put["message_id"].as_str().unwrap()));
    post.app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], report).await.expect(200);
    let agent = post.app.person(Role::Agent).await;
    let html = [("accept", "text/html")];
    let page = post.app.send(&agent, Method::GET, "/conversations/1", &html, "").await.expect(200).text();
    for part in
        ["This message did not arrive.", "<strong>ana@example.org</strong>", "User unknown", "Try again"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let entry = put["entry"].as_str().unwrap();
    let retry = format!("/conversations/1/retry/{entry}");
    let reader = post.app.person(Role::ReadOnly).await;
    post.app.send(&reader, Method::POST, &retry, &html, "").await.expect(403);
    let back = post.app.send(&agent, Method::POST, &retry, &html, "").await.expect(303);
    assert_eq!(back.header("location"), format!("/conversations/1?done=retried&at={entry}#{entry}"));
    post.until_state(&put, "sent").await;
    let page = post.app.send(&agent, Method::GET, "/conversations/1", &html, "").await.expect(200).text();
    assert!(!page.contains("This message did not arrive."), "{page}");
    post.app.send(&agent, Method::POST, &retry, &html, "").await.expect(409);
}

#[tokio::test]
async fn a_report_about_a_message_that_is_not_ours_changes_nothing() {
    let post = Post::open().await;
    let put = post.answered().await;
    post.until_state(&put, "sent").await;
    // The customer's own message is known by its id, and is none that we sent.
    for id in ["<1@example.org>", "<nobody@knows.example>"] {
        let report = STANDARD.replace("<ID>", id);
        post.app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], report).await.expect(200);
    }
    assert_eq!(post.delivery(&put).await["state"], "sent");

    let settings = json!({ "include_mail": ["bounces"] });
    post.app.json(&As::Local, Method::PUT, "/v1/settings", &[], settings).await.expect(200);
    let mine = STANDARD.replace("<ID>", &format!("<{}>", put["message_id"].as_str().unwrap()));
    let frames = [&u32::try_from(mine.len()).unwrap().to_be_bytes()[..], mine.as_bytes()].concat();
    let lines =
        post.app.send(&As::Local, Method::POST, "/v1/ingest/mail-batch", &[], frames).await.expect(200);
    assert!(lines.text().contains("\"bounce\""), "{}", lines.text());
    assert_eq!(post.delivery(&put).await["state"], "error");
    post.app.get(&As::Local, "/v1/profiles/mailer-daemon@mx.example").await.expect(404);
}
