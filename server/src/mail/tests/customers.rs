//! Messages from and to customers.

use expect_test::expect;

use super::{check, file, mail, policy, received, told};
use crate::mail::{Mail, read_mail};

#[test]
fn an_answer_names_its_thread_and_says_only_what_is_new() {
    check(
        &file("answer.eml"),
        expect![[r#"
        inbound m3@example.org at 2026-03-03T09:15:02Z
        Ines.Costa@example.org, name `Inês Costa` 80%, first_name `Inês` 60%, last_name `Costa` 60%
        subject: Re: The lid does not fit
        summary: The new lid fits. The old one is now a hat for my kaktus, obrigada!
        answers: m1@example.org m2@kettle.example
        cc: rui@example.net
        to: help@kettle.example
    "#]],
    );
}

#[test]
fn a_contact_form_writes_for_whom_it_names_in_reply_to() {
    check(
        &file("contact-form.eml"),
        expect![[r#"
        inbound f1@kettle.example at 2026-03-04T08:00:00Z
        mirza.h@example.com, name `Mirza Hadžić` 80%, first_name `Mirza` 60%, last_name `Hadžić` 60%
        subject: Question from the website
        summary: My kettle whistles a minor third. Is that as it should be?
        form: form@kettle.example
        to: help@kettle.example
    "#]],
    );
}

#[test]
fn a_form_nobody_told_us_of_is_known_by_whom_the_answer_goes_to() {
    check(
        &mail("From: Website <web@kettle.example>\nReply-To: <ada@example.org>\nSubject: Hi"),
        expect![[r#"
            inbound id@x.example at 2026-03-02T09:00:00Z
            ada@example.org
            subject: Hi
            summary: Hello
            form: web@kettle.example
            to: help@kettle.example
        "#]],
    );
    check(
        &mail("From: Forms <no-reply@forms.example>\nReply-To: Ada King <ada@example.org>\nSubject: Hi"),
        expect![[r#"
            inbound id@x.example at 2026-03-02T09:00:00Z
            ada@example.org, name `Ada King` 80%, first_name `Ada` 60%, last_name `King` 60%
            subject: Hi
            summary: Hello
            form: no-reply@forms.example
            to: help@kettle.example
        "#]],
    );
    // A house that takes answers elsewhere is still a house.
    check(
        &mail("From: Parcels <no-reply@post.example>\nReply-To: <service@help.post.example>\nSubject: Hi"),
        expect![[r#"
            no_reply: its sender takes no answer
        "#]],
    );
    // A form that was named, but names nobody.
    check(
        &mail("From: Website <form@kettle.example>\nSubject: Hi"),
        expect![[r#"
        own_only: own people wrote to own people
    "#]],
    );
}

#[test]
fn our_own_message_is_about_everybody_outside_it_went_to() {
    check(
        &file("outbound.eml"),
        expect![[r#"
        outbound o1@kettle.example at 2026-03-09T15:30:00Z
        rui@example.net, name `Rui Costa` 75%, first_name `Rui` 60%, last_name `Costa` 60%
        ines.costa@example.org, name `Inês` 75%
        grace@example.com
        subject: Lids for all
        summary: Three lids are on their way.
        cc: ines.costa@example.org
        to: rui@example.net, help@kettle.example, RUI@example.net
    "#]],
    );
}

#[test]
fn answers_to_a_customer_that_collect_replies_elsewhere_stay_ours() {
    let header =
        "From: Ola <ola@kettle.example>\nTo: ada@example.org\nReply-To: t42@desk.example\nSubject: Hi";
    check(
        &mail(header),
        expect![[r#"
        outbound id@x.example at 2026-03-02T09:00:00Z
        ada@example.org
        subject: Hi
        summary: Hello
        to: ada@example.org
    "#]],
    );
}

#[test]
fn html_alone_is_read_as_text() {
    check(
        &file("html.eml"),
        expect![[r#"
        inbound h1@example.net at 2026-03-05T17:00:00Z
        noor@example.net, name `Noor Haddad` 80%, first_name `Noor` 60%, last_name `Haddad` 60%
        subject: Re: Spare handle
        summary: Two handles, please & thank you. © no, really.
        answers the subject: Spare handle
        to: help@kettle.example
    "#]],
    );
}

#[test]
fn attachments_are_named_and_counted() {
    check(
        &file("attachments.eml"),
        expect![[r#"
        inbound a1@example.org at 2026-03-06T09:00:00Z
        tomasz@example.org, name `Tomasz Lis` 80%, first_name `Tomasz` 60%, last_name `Lis` 60%
        subject: Pictures
        summary: Oto zdjęcia czajnika.
        attachment_count: 3
        attachments: zdjęcie.png, rachunek ż.pdf, message/rfc822
        to: help@kettle.example
    "#]],
    );
}

#[test]
fn old_encodings_are_read() {
    check(
        &file("legacy.eml"),
        expect![[r#"
        inbound l1@example.org at 2026-03-10T09:00:00Z
        joern@example.org, name `Jörn Süßmilch` 80%, first_name `Jörn` 60%, last_name `Süßmilch` 60%
        subject: Größe
        summary: Ist der Kessel größer geworden?
        to: help@kettle.example
    "#]],
    );
    check(
        &file("japanese.eml"),
        expect![[r#"
        inbound j1@example.jp at 2026-03-11T09:00:00Z
        sato@example.jp, name `佐藤 健` 80%
        subject: お問い合わせの件
        summary: やかんの蓋を探しています。
        to: help@kettle.example
    "#]],
    );
}

#[test]
fn a_date_from_the_future_is_when_it_came() {
    let with_date = |date: &str| {
        let raw = format!("From: Ada <ada@example.org>\nMessage-ID: <d@x>\n{date}\n\nHi\n");
        told(&read_mail(raw.as_bytes(), &policy(), received())).lines().next().unwrap().to_owned()
    };
    for (date, expected) in [
        ("Date: Tue, 31 Mar 2026 23:00:00 -0500", "2026-04-01T04:00:00Z"),
        ("Date: Tue, 31 Mar 2037 23:00:00 -0500", "2026-04-01T00:00:00Z"),
        ("Date: Thu, 1 Jan 1970 00:00:00 +0000", "2026-04-01T00:00:00Z"),
        ("Date: 4/5/26", "2026-04-01T00:00:00Z"),
        (
            "Received: by b; Mon, 30 Mar 2026 12:00:00 +0000\nReceived: by a; Mon, 30 Mar 2026 11:00:00 +0000",
            "2026-03-30T12:00:00Z",
        ),
        ("X: none", "2026-04-01T00:00:00Z"),
    ] {
        assert_eq!(with_date(date), format!("inbound d@x at {expected}"), "{date}");
    }
}

#[test]
fn a_message_without_an_id_gets_one_from_what_it_says() {
    let id = |raw: &str| match read_mail(raw.as_bytes(), &policy(), received()) {
        Mail::Arrived(incoming) => incoming.external.id().to_owned(),
        other => panic!("{other:?}"),
    };
    let raw = "Date: Mon, 2 Mar 2026 09:00:00 +0000\nFrom: ada@example.org\nSubject: a\n b\n\nHello\n";
    let first = id(raw);
    assert_eq!(id(&format!("Received: on another way; Mon, 2 Mar 2026 10:00:00 +0000\n{raw}\n")), first);
    assert_eq!(id(&raw.replace('\n', "\r\n")), first);
    assert_ne!(id(&raw.replace("Hello", "Good morning")), first);
    assert_eq!(id(&raw.replace("Subject", "Message-ID: < a b\n @x >\nSubject")), "ab@x");
}

#[test]
fn an_answer_without_a_reference_names_the_subject() {
    check(
        &mail("From: ada@example.org\nSubject: AW: Re: The lid"),
        expect![[r#"
        inbound id@x.example at 2026-03-02T09:00:00Z
        ada@example.org
        subject: AW: Re: The lid
        summary: Hello
        answers the subject: The lid
        to: help@kettle.example
    "#]],
    );
}

#[test]
fn the_same_message_gives_the_same_answer() {
    for name in ["answer.eml", "outbound.eml", "broken.eml", "attachments.eml"] {
        let read = || match read_mail(&file(name), &policy(), received()) {
            Mail::Arrived(incoming) => incoming,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(read(), read());
    }
}

#[test]
fn a_mailbox_read_twice_gives_the_same_ids() {
    let mut mailbox = Vec::new();
    for name in ["answer.eml", "html.eml", "legacy.eml", "outbound.eml"] {
        mailbox.extend_from_slice(b"From x@example.org Mon Mar  2 09:00:00 2026\n");
        mailbox.extend_from_slice(&file(name));
        mailbox.push(b'\n');
    }
    let read = || -> Vec<Mail> {
        let reader = crate::mail::MailReader::new(std::io::Cursor::new(mailbox.clone())).unwrap();
        reader.map(|item| read_mail(&item.unwrap().bytes, &policy(), received())).collect()
    };
    let told_all = |mails: Vec<Mail>| mails.iter().map(told).collect::<Vec<_>>();
    let first = told_all(read());
    assert_eq!(first.len(), 4);
    assert_eq!(told_all(read()), first);
}
