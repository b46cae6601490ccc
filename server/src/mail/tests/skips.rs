//! Messages that make no profiles.

use expect_test::expect;

use super::{check, file, mail, policy, received};
use crate::mail::{Mail, MailPolicy, MailSkip, MailSort, read_mail};

fn outcome(header: &str, policy: &MailPolicy) -> &'static str {
    match read_mail(&mail(header), policy, received()) {
        Mail::Arrived(_) => "arrived",
        Mail::Skipped(skip) => skip.word(),
        Mail::Malformed(_) => "malformed",
    }
}

#[test]
fn every_sort_is_known_by_its_header() {
    for (header, expected) in [
        ("From: ada@x.example", "arrived"),
        ("From: ada@x.example\nList-Id: <walkers.x.example>", "mailing_list"),
        ("From: ada@x.example\nList-Unsubscribe: <https://x.example/leave>", "mailing_list"),
        ("From: ada@x.example\nPrecedence: list", "mailing_list"),
        ("From: ada@x.example\nX-BeenThere: walkers@x.example", "mailing_list"),
        ("From: ada@x.example\nmailing-list: contact walkers-help@x.example", "mailing_list"),
        ("From: no-reply@x.example\nList-Post: <mailto:a@x.example>\nPrecedence: bulk", "mailing_list"),
        ("From: ada@x.example\nAuto-Submitted: auto-replied (vacation)", "auto_submitted"),
        ("From: ada@x.example\nAuto-Submitted: no", "arrived"),
        ("From: ada@x.example\nPrecedence: Bulk", "auto_submitted"),
        ("From: ada@x.example\nPrecedence: auto_reply", "auto_submitted"),
        ("From: ada@x.example\nX-Auto-Response-Suppress: OOF, AutoReply", "auto_submitted"),
        ("From: ada@x.example\nX-AutoReply: yes", "auto_submitted"),
        ("From: ada@x.example\nReturn-Path: <>", "auto_submitted"),
        ("From: MAILER-DAEMON@x.example", "bounce"),
        ("From: ada@x.example\nX-Failed-Recipients: b@x.example", "bounce"),
        ("From: ada@x.example\nContent-Type: multipart/report; boundary=b", "bounce"),
        (
            "From: ada@x.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
            "arrived",
        ),
        ("From: noreply@x.example", "no_reply"),
        ("From: x-no_reply+42@x.example", "no_reply"),
        ("From: ne-pas-repondre@x.example", "no_reply"),
        ("From: arno.reply@x.example", "arrived"),
        ("From: Ola <ola@kettle.example>", "own_only"),
        ("From: ola@kettle.example\nTo: undisclosed-recipients:;", "no_recipient"),
        ("From: Ada", "no_sender"),
        ("Subject: nobody", "no_sender"),
        ("Reply-To: ada@x.example", "arrived"),
    ] {
        assert_eq!(outcome(header, &policy()), expected, "{header}");
    }
}

#[test]
fn a_sort_is_taken_in_when_it_is_asked_for() {
    let with = |sort| MailPolicy { include: [sort].into(), ..policy() };
    for (header, sort, expected) in [
        ("From: ada@x.example\nList-Id: <a.x>\nPrecedence: bulk", MailSort::Lists, "arrived"),
        ("From: no-reply@x.example\nList-Id: <a.x>", MailSort::Lists, "no_reply"),
        ("From: ada@x.example\nAuto-Submitted: auto-replied", MailSort::Automatic, "arrived"),
        ("From: MAILER-DAEMON@x.example\nAuto-Submitted: auto-replied", MailSort::Bounces, "arrived"),
        ("From: no-reply@x.example", MailSort::NoReply, "arrived"),
        ("From: no-reply@x.example", MailSort::Lists, "no_reply"),
    ] {
        assert_eq!(outcome(header, &with(sort)), expected, "{header} with {sort}");
    }
}

#[test]
fn a_bounce_says_so_though_it_is_automatic_too() {
    check(
        &file("bounce.eml"),
        expect![[r#"
        bounce: it reports that another message did not arrive
    "#]],
    );
}

#[test]
fn our_message_to_many_is_a_mailing() {
    let people = |count: usize| {
        let list: Vec<_> = (0..count).map(|n| format!("p{n}@x.example")).collect();
        format!("From: ola@kettle.example\nTo: {}", list.join(",\n "))
    };
    assert_eq!(outcome(&people(20), &policy()), "arrived");
    assert_eq!(outcome(&people(21), &policy()), "mailing");
}

#[test]
fn a_reason_has_one_word_everywhere() {
    for skip in [MailSkip::MailingList, MailSkip::AutoSubmitted, MailSkip::OwnOnly, MailSkip::NoRecipient] {
        assert_eq!(serde_json::to_value(skip).unwrap(), skip.word());
    }
}
