//! What a letter is as bytes, read again as a stranger's program reads it.

use whom_core::model::Timestamp;

use super::super::compose::{Answered, Enclosed, Letter, Named, Quote, answering, with_picture};
use crate::mail::{attachment, show_mail};

fn letter() -> Letter {
    Letter {
        from: Named { name: Some("Fernweh Support".into()), address: "help@shop.example".into() },
        to: vec![Named { name: Some("Ana Ruiz".into()), address: "ana@example.org".into() }],
        cc: Vec::new(),
        subject: "Re: Where is my parcel?".into(),
        text: "Hello Ana,\nit is on its way.".into(),
        html: None,
        signature: String::new(),
        quote: None,
        enclosed: Vec::new(),
        message_id: "abc@shop.example".into(),
        answered: None,
        at: Timestamp::parse("2026-03-01T12:00:00Z").unwrap(),
        tracks_views: false,
    }
}

fn header(raw: &[u8], name: &str) -> Vec<String> {
    let shown = show_mail(raw);
    shown.headers.into_iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect()
}

#[test]
fn a_letter_is_read_again_as_it_was_written() {
    let signed = Letter {
        subject: "Re: Où est mon colis? Ваша посылка 📦".into(),
        text: "Grüße,\r\n.\r\nhttps://shop.example/å".into(),
        signature: "Fernweh\nStockholm".into(),
        quote: Some(Quote {
            who: "Ana Ruiz".into(),
            at: Timestamp::parse("2026-03-01T11:00:00Z").unwrap(),
            text: "Hello,\n> earlier\nit has not come yet.".into(),
        }),
        from: Named { name: Some("Fernweh, Zoë \"Z\"".into()), address: "help@shop.example".into() },
        ..letter()
    };
    let raw = signed.compose().unwrap();
    assert!(raw.is_ascii(), "every mail server takes it");
    let shown = show_mail(&raw);
    assert_eq!(shown.from[0].address, "help@shop.example");
    assert_eq!(shown.from[0].name.as_deref(), Some("Fernweh, Zoë \"Z\""));
    assert_eq!(header(&raw, "Subject"), ["Re: Où est mon colis? Ваша посылка 📦"]);
    assert_eq!(
        shown.text.replace('\r', ""),
        "Grüße,\n.\nhttps://shop.example/å\n\n-- \nFernweh\nStockholm\n\n\
         On Sun, 1 Mar 2026 at 11:00 UTC, Ana Ruiz wrote:\n> Hello,\n>> earlier\n> it has not come yet."
    );
    let html = shown.html.unwrap();
    assert!(html.contains("<a href=\"https://shop.example/å\">") && html.contains("<blockquote"), "{html}");
    assert_eq!(header(&raw, "Message-ID"), ["<abc@shop.example>"]);
    assert_eq!(header(&raw, "Date"), ["Sun, 01 Mar 2026 12:00:00 +0000"]);
    assert_eq!(header(&raw, "MIME-Version"), ["1.0"]);
    assert!(header(&raw, "Auto-Submitted").is_empty() && header(&raw, "Bcc").is_empty());
}

#[test]
fn an_answer_names_the_thread_and_never_without_end() {
    let references: Vec<String> = (0..200).map(|n| format!("{n}@example.org")).collect();
    let answered = Answered { message_id: "last@example.org".into(), references };
    let raw = Letter { answered: Some(answered), ..letter() }.compose().unwrap();
    assert_eq!(header(&raw, "In-Reply-To"), ["<last@example.org>"]);
    let references = header(&raw, "References").remove(0);
    let ids: Vec<&str> = references.split_whitespace().collect();
    assert_eq!((ids.len(), ids[0], ids[1]), (20, "<0@example.org>", "<182@example.org>"));
    assert_eq!(ids[19], "<last@example.org>");
    assert!(raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
}

#[test]
fn nothing_that_was_typed_begins_a_line_of_the_header() {
    let evil = "x\r\nBcc: victim@example.org\r\n\r\nbody";
    let raw = Letter {
        subject: evil.into(),
        from: Named { name: Some(evil.into()), address: "help@shop.example".into() },
        to: vec![Named { name: Some(evil.into()), address: "ana@example.org".into() }],
        message_id: evil.into(),
        answered: Some(Answered { message_id: evil.into(), references: vec![evil.into()] }),
        enclosed: vec![Enclosed { name: evil.into(), media_type: evil.into(), bytes: vec![1] }],
        ..letter()
    };
    let raw = raw.compose().unwrap();
    assert!(header(&raw, "Bcc").is_empty(), "{}", String::from_utf8_lossy(&raw));
    let text = String::from_utf8_lossy(&raw);
    assert!(!text.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{text}");
    let wrong = Letter { to: vec![Named { name: None, address: evil.into() }], ..letter() };
    assert!(wrong.compose().is_err());
}

#[test]
fn files_go_along_with_their_names() {
    let bytes: Vec<u8> = (0..=255).collect();
    let enclosed = vec![
        Enclosed {
            name: "Rechnung März.pdf".into(),
            media_type: "application/pdf".into(),
            bytes: bytes.clone(),
        },
        Enclosed { name: "../../etc/passwd".into(), media_type: "nonsense".into(), bytes: b"x".to_vec() },
    ];
    let raw = Letter { enclosed, ..letter() }.compose().unwrap();
    let shown = show_mail(&raw);
    let names: Vec<_> = shown.attachments.iter().map(|file| (&*file.name, &*file.media_type)).collect();
    assert_eq!(
        names,
        [("Rechnung März.pdf", "application/pdf"), (".._.._etc_passwd", "application/octet-stream")]
    );
    assert_eq!(attachment(&raw, 0).unwrap().bytes, bytes);
    assert!(shown.text.contains("it is on its way") && shown.html.is_some());
}

#[test]
fn the_picture_is_put_in_only_when_a_message_leaves() {
    let raw = Letter { tracks_views: true, text: "Всё хорошо".into(), ..letter() }.compose().unwrap();
    assert!(!String::from_utf8_lossy(&raw).contains("img"));
    let url = format!("https://whom.example/o/{}.gif", "a=b-".repeat(40));
    let leaving = with_picture(&raw, Some(&url));
    let html = show_mail(&leaving).html.unwrap();
    assert!(html.contains(&format!("<img src=\"{url}\" width=\"1\" height=\"1\" alt=\"\">")), "{html}");
    assert!(leaving.split(|byte| *byte == b'\n').all(|line| line.len() <= 78));
    assert!(!show_mail(&with_picture(&raw, None)).html.unwrap().contains("looked at"));
    let plain = letter().compose().unwrap();
    assert_eq!(with_picture(&plain, Some(&url)), plain);
}

#[test]
fn an_answer_has_one_re() {
    for (subject, expected) in
        [("Tent", "Re: Tent"), ("AW: Re: Tent", "Re: Tent"), ("Fwd: Tent", "Re: Tent"), ("", "Re:")]
    {
        assert_eq!(answering(subject), expected);
    }
}
