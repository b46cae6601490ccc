//! Messages that are broken, by accident or on purpose.

use expect_test::expect;

use super::{check, file, policy, received};
use crate::mail::{
    Mail, MailPolicy, MailProblem, MailReader, MailSort, attachment, read_mail, show::shown, show_mail,
};

#[test]
fn what_can_be_read_of_a_broken_message_is_read() {
    check(
        &file("broken.eml"),
        expect![[r#"
            inbound blake3:3197b05518ab44bcba2eed7af19f7c12 at 2026-03-12T07:00:00Z
            bo@example.se, name `Bo Ek` 80%, first_name `Bo` 60%, last_name `Ek` 60%
            subject: С�x
            summary: =FF not decoded
        "#]],
    );
}

#[test]
fn what_is_no_message_is_reported() {
    check(
        b"",
        expect![[r#"
        malformed: the message is empty
    "#]],
    );
    check(
        b"\r\n\r\n",
        expect![[r#"
        malformed: the message is empty
    "#]],
    );
    check(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        expect![[r#"
        malformed: this is not a message: it has none of the lines `From:`, `To:`, `Date:`, `Subject:`
    "#]],
    );
    check(
        b"{ \"from\": \"ada@example.org\" }",
        expect![[r#"
        malformed: this is not a message: it has none of the lines `From:`, `To:`, `Date:`, `Subject:`
    "#]],
    );
    let mut endless = b"From: ada@example.org\n".to_vec();
    endless.extend("X: y\n".repeat(10_000).bytes());
    check(
        &endless,
        expect![[r#"
        malformed: the header of the message is too long
    "#]],
    );
}

#[test]
fn messages_within_messages_do_not_end_the_process() {
    let forwarded = "Content-Type: message/rfc822\n\n".repeat(100_000);
    let digest = "Content-Type: multipart/digest; boundary=b\n\n--b\n\n".repeat(50_000);
    let mixed = "Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(50_000);
    for nested in [forwarded, digest, mixed] {
        let raw = format!("From: ada@example.org\n{nested}X: y\n\nHello");
        assert!(matches!(read_mail(raw.as_bytes(), &policy(), received()), Mail::Arrived(_)));
        assert_eq!(show_mail(raw.as_bytes()).from.len(), 1);
    }
}

#[test]
fn a_header_made_to_take_long_does_not() {
    let brackets = format!("{}{}", "(".repeat(100_000), ")".repeat(100_000));
    for header in [
        format!("From: \"{brackets}\" <ada@example.org>"),
        format!("From: ada@example.org\nSubject: {}Re: a", "[a]".repeat(100_000)),
        format!("From: ada@example.org\nReferences: {}", "<a@b>".repeat(100_000)),
        format!("From: ada@example.org\nTo: {}", "a@b.example,".repeat(40_000)),
    ] {
        let raw = format!("{header}\n\nHello\n");
        assert!(matches!(read_mail(raw.as_bytes(), &policy(), received()), Mail::Arrived(_)));
    }
}

#[test]
fn no_message_makes_it_panic() {
    let names = [
        "answer.eml",
        "attachments.eml",
        "bounce.eml",
        "broken.eml",
        "contact-form.eml",
        "html.eml",
        "japanese.eml",
        "legacy.eml",
        "outbound.eml",
    ];
    let all = MailPolicy {
        include: [MailSort::Lists, MailSort::Automatic, MailSort::Bounces, MailSort::NoReply].into(),
        ..policy()
    };
    let pieces: &[&[u8]] = &[
        b"\n",
        b"\r\n\r\n",
        b"=?utf-8?b?",
        b"?=",
        b"<",
        b">",
        b"\"",
        b"(",
        b")",
        b"\\",
        b":",
        b";",
        b"--inner",
        b"=\n",
        b"=E2",
        b"\xff",
        "ö".as_bytes(),
        "：".as_bytes(),
        b"Content-Type: message/rfc822\n\n",
        b"boundary=",
        b"charset=x",
        b"\0",
        b"\x1b$B",
        b"Re[",
        b",",
        b"<blockquote",
        b"On a wrote:\n",
    ];
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    for name in names {
        let original = file(name);
        for _ in 0..400 {
            let mut raw = original.clone();
            for _ in 0..=next(6) {
                let at = next(raw.len());
                match next(4) {
                    0 => raw[at] = next(256) as u8,
                    1 => raw.truncate(at.max(1)),
                    2 => drop(raw.drain(at..(at + next(40)).min(raw.len()))),
                    _ => drop(raw.splice(at..at, pieces[next(pieces.len())].iter().copied())),
                }
                if raw.is_empty() {
                    raw = original.clone();
                }
            }
            let read = read_mail(&raw, &all, received());
            let bytes = String::from_utf8_lossy(&raw);
            assert!(!matches!(read, Mail::Malformed(MailProblem::Unforeseen)), "{name}:\n{bytes}");
            let shown = shown(&raw);
            for info in shown.map(|shown| shown.attachments).unwrap_or_default() {
                assert_eq!(attachment(&raw, info.index).map(|found| found.info), Some(info), "{bytes}");
            }
            let mailbox = [b"From a Mon Mar  2 09:00:00 2026\n", &*raw].concat();
            assert!(MailReader::new(std::io::Cursor::new(mailbox)).unwrap().count() >= 1);
        }
    }
}
