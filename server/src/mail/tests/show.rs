//! Messages for showing.

use expect_test::expect;

use super::file;
use crate::mail::{attachment, show_mail};

#[test]
fn a_message_is_shown_with_its_parts() {
    let shown = show_mail(&file("attachments.eml"));
    expect![[r#"
        {
          "headers": [
            [
              "Date",
              "Fri, 6 Mar 2026 09:00:00 +0000"
            ],
            [
              "From",
              "Tomasz Lis <tomasz@example.org>"
            ],
            [
              "To",
              "help@kettle.example"
            ],
            [
              "Message-ID",
              "<a1@example.org>"
            ],
            [
              "Subject",
              "Pictures"
            ],
            [
              "MIME-Version",
              "1.0"
            ],
            [
              "Content-Type",
              "multipart/mixed; boundary=\"outer one\""
            ]
          ],
          "from": [
            {
              "name": "Tomasz Lis",
              "address": "tomasz@example.org"
            }
          ],
          "to": [
            {
              "name": null,
              "address": "help@kettle.example"
            }
          ],
          "cc": [],
          "text": "Oto zdjęcia czajnika.",
          "html": "<p>Oto zdjęcia czajnika.</p>",
          "attachments": [
            {
              "name": "zdjęcie.png",
              "media_type": "image/png",
              "size": 8,
              "index": 0
            },
            {
              "name": "rachunek ż.pdf",
              "media_type": "application/pdf",
              "size": 8,
              "index": 1
            },
            {
              "name": "message/rfc822",
              "media_type": "message/rfc822",
              "size": 92,
              "index": 2
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&shown).unwrap());
}

#[test]
fn an_attachment_is_given_by_its_number() {
    let raw = file("attachments.eml");
    let bytes =
        |index| attachment(&raw, index).map(|found| String::from_utf8_lossy(&found.bytes).into_owned());
    assert_eq!(bytes(0).unwrap(), "\u{fffd}PNG\r\n\u{1a}\n");
    assert_eq!(bytes(1).unwrap(), "%PDF-1.4");
    assert_eq!(
        bytes(2).unwrap(),
        "From: Old Shop <old@example.com>\r\nSubject: Your order\r\nContent-Type: text/plain\r\n\r\nA kettle."
    );
    assert_eq!(bytes(3), None);
}

#[test]
fn html_alone_has_its_text_beside_it() {
    let shown = show_mail(&file("html.eml"));
    assert!(shown.html.unwrap().contains("<style>"));
    expect![[r#"
        Two handles, please & thank you.
        © no, really.
        On Monday Kettle Works wrote:Which colour?"#]]
    .assert_eq(&shown.text);
}

#[test]
fn what_is_no_message_shows_nothing() {
    assert_eq!(show_mail(b"\0\0\0"), super::super::MailShown::default());
}
