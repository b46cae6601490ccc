//! Senders who mean harm, senders who count, and programs that quote.

use super::*;

const ATTACKS: &str = include_str!("../testdata/attacks.txt");

fn read_as(html: &str, meant: Meant, remote: Remote) -> SafeHtml {
    let parts = [("logo@x".to_owned(), 3)];
    read(html, meant, remote, Places { base: "/entries/e_1", parts: &parts }).unwrap()
}

fn held(html: &str) -> SafeHtml {
    read_as(html, Meant::Answer, Remote::Held)
}

/// Every tag of what was written, with its attributes, is one of those that may stand in a page.
fn assert_harmless(html: &str, what: &str) {
    const ATTRIBUTES: [&str; 14] = [
        "href", "rel", "target", "title", "src", "alt", "loading", "width", "height", "class", "dir",
        "colspan", "rowspan", "start",
    ];
    const REFUSED: [&str; 22] = [
        "script", "style", "iframe", "object", "embed", "form", "input", "button", "svg", "math", "link",
        "meta", "base", "template", "noscript", "textarea", "select", "audio", "video", "frameset", "applet",
        "body",
    ];
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        // A `>` within a value belongs to the value.
        let mut quoted = false;
        let end = rest.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let tag = &rest[..end.unwrap_or_else(|| panic!("{what}: a tag without end in {html}"))];
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        assert!(
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{what}: <{tag}> in {html}"
        );
        assert!(!REFUSED.contains(&name), "{what}: <{tag}> in {html}");
        let mut attributes = tag.strip_prefix(name).unwrap_or_default().trim_start();
        while let Some((attribute, after)) = attributes.split_once("=\"") {
            assert!(ATTRIBUTES.contains(&attribute), "{what}: `{attribute}` in {html}");
            let (value, after) = after.split_once('"').unwrap();
            let value = tree::unescaped(value).to_ascii_lowercase();
            if matches!(attribute, "href" | "src") {
                let good = [
                    "https://",
                    "http://",
                    "mailto:",
                    "tel:",
                    "/entries/e_1/",
                    "data:image/png",
                    "data:image/gif",
                ];
                assert!(good.iter().any(|start| value.starts_with(start)), "{what}: {attribute}={value}");
                assert!(attribute == "href" || !value.starts_with("http"), "{what}: loads {value}");
            }
            attributes = after.trim_start();
        }
        assert!(attributes.is_empty() || tag.starts_with('/'), "{what}: <{tag}>");
    }
}

#[test]
fn no_attack_leaves_anything_that_runs_loads_or_sends() {
    let mut count = 0;
    for attack in ATTACKS.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        let attack = attack.replace("\\0", "\0").replace("\\n", "\n").replace("\\t", "\t");
        for remote in [Remote::Held, Remote::Shown] {
            // Alone, and where a quote is cut in two.
            for html in [
                attack.clone(),
                format!("<table><tr><td>Yes{attack}<blockquote type=cite>{attack}</blockquote>"),
                format!("Yes<div class=gmail_quote>On 1 May 2026, a@b.c wrote:<br>{attack}"),
            ] {
                let safe = read_as(&html, Meant::Answer, remote);
                for part in [&safe.own, &safe.signature, &safe.quoted] {
                    assert_harmless(part, &attack);
                }
            }
        }
        count += 1;
    }
    assert!(count > 80, "{count}");
}

#[test]
fn what_may_stay_stays() {
    let safe = held(
        "<h1>Hi</h1><p style='font-weight:bold;color:red'>A <b>b</b> <font color=red>c</font></p>\
         <ul><li>one</ul><a href='https://shop.example/a?b=1&c=2' onclick=x>shop</a><hr>",
    );
    assert_eq!(
        safe.own,
        "<h2>Hi</h2><p class=\"m-b\">A <b>b</b> c</p><ul><li>one</li></ul>\
         <a href=\"https://shop.example/a?b=1&amp;c=2\" rel=\"noopener noreferrer nofollow\" target=\"_blank\" \
         title=\"shop.example · https://shop.example/a?b=1&amp;c=2\">shop</a><hr>"
    );
    assert!(safe.is_rich && safe.quoted.is_empty() && safe.signature.is_empty());
}

#[test]
fn a_link_that_names_another_place_says_where_it_leads() {
    for (html, says) in [
        ("<a href=https://evil.example/x>www.bank.example</a>", Some("evil.example")),
        ("<a href=https://evil.example/x>https://bank.example/login</a>", Some("evil.example")),
        ("<a href=https://bank.example@evil.example/>bank.example</a>", Some("evil.example")),
        ("<a href='https://evil.example\\@bank.example/'>bank.example</a>", Some("evil.example")),
        ("<a href=https://bank.example/login>bank.example</a>", None),
        ("<a href=https://www.bank.example/login>bank.example</a>", None),
        ("<a href=https://evil.example/>Log in</a>", None),
        ("<a href=https://notbank.example/>bank.example</a>", Some("notbank.example")),
    ] {
        let own = held(html).own;
        let marked =
            own.split("<span class=\"m-host\">leads to ").nth(1).map(|rest| rest.split('<').next().unwrap());
        assert_eq!(marked, says, "{html}: {own}");
    }
}

#[test]
fn pictures_from_elsewhere_wait_and_those_that_count_are_gone() {
    let html = "<p>Hello</p><img src=https://cdn.example/a.png alt=Kettle width=200>\
        <img src=https://cdn.example/a.png><img src=http://cdn.example/b.jpg>\
        <img src=https://count.example/x width=1 height=1><img src='https://count.example/wf/open?u=1'>\
        <img src=https://count.example/y style='display:none'><div style='display:none'>preheader<img src=https://count.example/z></div>\
        <img src=cid:logo@x><img src=cid:unknown><img src='data:image/png;base64,AAAA'>";
    let safe = held(html);
    assert_eq!(safe.remote, ["https://cdn.example/a.png", "http://cdn.example/b.jpg"]);
    assert_eq!((safe.trackers, safe.used_parts.into_iter().collect::<Vec<_>>()), (4, vec![3]));
    assert!(!safe.own.contains("https://") && !safe.own.contains("preheader"), "{}", safe.own);
    assert!(safe.own.contains("<span class=\"m-held\" title=\"cdn.example\">Kettle</span>"), "{}", safe.own);
    assert!(safe.own.contains("src=\"/entries/e_1/attachments/3?inline=1\""));
    let shown = read_as(html, Meant::Answer, Remote::Shown);
    assert_eq!(shown.remote, safe.remote);
    assert!(
        shown
            .own
            .contains("<img src=\"/entries/e_1/images/0\" alt=\"Kettle\" loading=\"lazy\" width=\"200\">")
    );
    assert!(shown.own.contains("src=\"/entries/e_1/images/1\"") && !shown.own.contains("cdn.example"));
}

/// The text of a part, on one line.
fn text(html: &str) -> String {
    let tree = Tree::read(html);
    tree.text_of(0..tree.nodes.len(), 10_000).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_programs_quote_in_html_is_parted_from_what_was_written() {
    for (program, html, own, signature, quoted) in [
        (
            "Gmail",
            "<div dir=ltr>Thanks!</div><br><div class=\"gmail_quote\"><div dir=ltr class=\"gmail_attr\">On Tue, Nov 10, 2026 at 9:33 AM Mia &lt;<a href=mailto:m@k.example>m@k.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0\"><div>Hello Ana</div></blockquote></div>",
            "Thanks!",
            "",
            "On Tue, Nov 10, 2026 at 9:33 AM Mia <m@k.example> wrote: Hello Ana",
        ),
        (
            "Gmail, answers between",
            "<div><div class=gmail_quote><blockquote class=gmail_quote>Blue?</blockquote><div>Yes.</div><blockquote class=gmail_quote>Lid?</blockquote><div>Grey.</div></div></div>",
            "Blue? Yes. Lid? Grey.",
            "",
            "",
        ),
        (
            "Gmail, with a signature",
            "<div>Yes</div><br><span class=gmail_signature_prefix>-- </span><br><div class=gmail_signature>Ana<br>Engineer</div><div class=gmail_quote>On 1 May 2026 Mia wrote:<blockquote class=gmail_quote>Hello</blockquote></div>",
            "Yes",
            "-- Ana Engineer",
            "On 1 May 2026 Mia wrote: Hello",
        ),
        (
            "Gmail, passed on",
            "<div>See below</div><div class=gmail_quote><div class=gmail_attr>---------- Forwarded message ---------<br>From: Bank<br>Date: now<br>Subject: x<br>To: Ana</div>Dear Ana</div>",
            "See below ---------- Forwarded message --------- From: Bank Date: now Subject: x To: Ana Dear Ana",
            "",
            "",
        ),
        (
            "Apple Mail",
            "<body>Works now.<div><br><blockquote type=\"cite\"><div>On 10 Nov 2026, at 09:33, Mia wrote:</div><div>Hello</div></blockquote></div>",
            "Works now.",
            "",
            "On 10 Nov 2026, at 09:33, Mia wrote: Hello",
        ),
        (
            "iPhone",
            "<div dir=auto>Yes<br><br><div dir=ltr>Sent from my iPhone</div><div dir=ltr><br><blockquote type=cite>On 10 Nov 2026, at 09:33, Mia &lt;m@k.example&gt; wrote:<br><br></blockquote></div><blockquote type=cite><div>Hello</div></blockquote></div>",
            "Yes",
            "Sent from my iPhone",
            "On 10 Nov 2026, at 09:33, Mia <m@k.example> wrote: Hello",
        ),
        (
            "Thunderbird",
            "<p>Yes.</p><div class=\"moz-cite-prefix\">On 10.11.26 09:33, Mia wrote:<br></div><blockquote type=cite cite=mid:x><p>Is it blue?</p></blockquote>",
            "Yes.",
            "",
            "On 10.11.26 09:33, Mia wrote: Is it blue?",
        ),
        (
            "Thunderbird, with a signature",
            "<p>Yes.</p><pre class=moz-signature>-- \nAna\nEngineer</pre>",
            "Yes.",
            "-- Ana Engineer",
            "",
        ),
        (
            "Outlook",
            "<div class=WordSection1><p class=MsoNormal>Yes please.</p><p>&nbsp;</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p><b>From:</b> Mia &lt;m@k.example&gt;<br><b>Sent:</b> Tuesday<br><b>To:</b> Ana<br><b>Subject:</b> RE: Kettle</p></div></div><p>Hello Ana</p></div>",
            "Yes please.",
            "",
            "From: Mia <m@k.example> Sent: Tuesday To: Ana Subject: RE: Kettle Hello Ana",
        ),
        (
            "Outlook, German",
            "<div class=WordSection1><p>Ja.</p><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p><b>Von:</b> Mia<br><b>Gesendet:</b> Dienstag<br><b>An:</b> Ana<br><b>Betreff:</b> Kessel</p></div><p>Hallo</p></div>",
            "Ja.",
            "",
            "Von: Mia Gesendet: Dienstag An: Ana Betreff: Kessel Hallo",
        ),
        (
            "Outlook on the web",
            "<div>Fine.</div><div id=\"appendonsend\"></div><hr style=\"width:98%\"><div id=\"divRplyFwdMsg\" dir=ltr><font><b>From:</b> Mia<br><b>Sent:</b> Tuesday</font></div><div>Hello</div>",
            "Fine.",
            "",
            "From: Mia Sent: Tuesday Hello",
        ),
        (
            "Yahoo",
            "<div>Yes</div><div id=\"yahoo_quoted_123\" class=\"yahoo_quoted\"><div>On Tuesday, Mia wrote:</div><div>Hello</div></div>",
            "Yes",
            "",
            "On Tuesday, Mia wrote: Hello",
        ),
        (
            "Proton",
            "<div>Yes</div><div class=protonmail_quote>On Tuesday Mia wrote:<blockquote class=protonmail_quote type=cite>Hello</blockquote></div>",
            "Yes",
            "",
            "On Tuesday Mia wrote: Hello",
        ),
        (
            "a plain quote that is announced",
            "<div>Oui</div><div>Le 10 nov. 2026 à 09:33, Mia &lt;m@k.example&gt; a écrit :</div><blockquote>Bonjour</blockquote>",
            "Oui",
            "",
            "Le 10 nov. 2026 à 09:33, Mia <m@k.example> a écrit : Bonjour",
        ),
        (
            "a quote that is only set in",
            "<div>He said</div><blockquote>never again</blockquote><div>and left</div>",
            "He said never again and left",
            "",
            "",
        ),
        (
            "old Outlook",
            "<p>Ja<br>-----Ursprüngliche Nachricht-----<br>Von: Mia<br>Hallo</p>",
            "Ja",
            "",
            "-----Ursprüngliche Nachricht----- Von: Mia Hallo",
        ),
        ("nothing but a quote", "<blockquote type=cite>Hello</blockquote>", "Hello", "", ""),
        ("nothing", "", "", "", ""),
    ] {
        let safe = held(html);
        assert_eq!(
            (text(&safe.own).as_str(), text(&safe.signature).as_str(), text(&safe.quoted).as_str()),
            (own, signature, quoted),
            "{program}"
        );
        assert_harmless(&safe.own, program);
        assert_harmless(&safe.quoted, program);
    }
}

#[test]
fn formatting_is_worth_it_only_where_it_says_more() {
    for (html, is_rich) in [
        ("<div>Hello</div><div><br></div><div>Ana</div>", false),
        ("<p>See <a href=https://shop.example/x>https://shop.example/x</a></p>", false),
        ("<p>See <a href=https://shop.example/x>this</a></p>", true),
        ("<p>Hello <b>you</b></p>", true),
        ("<p>Hello <b> </b></p>", false),
        ("<table><tr><td>Hello</td></tr></table>", false),
        ("<table><tr><td>Kettle</td><td>2</td></tr></table>", true),
        ("<div>Yes</div><blockquote type=cite><b>No</b><img src=https://x.example/a></blockquote>", false),
        ("<div>Yes</div><img src=https://x.example/a>", true),
    ] {
        assert_eq!(held(html).is_rich, is_rich, "{html}");
    }
}

#[test]
fn depth_and_size_are_bounded() {
    let places = Places { base: "", parts: &[] };
    for open in ["<div>", "<b>", "<table><tr><td>", "<blockquote type=cite>", "<a href=https://x.example>"] {
        let html = |count: usize| format!("{}x", open.repeat(count));
        let safe = held(&html(60));
        assert_harmless(&safe.own, open);
        assert_eq!(format!("{}{}", text(&safe.own), text(&safe.quoted)), "x", "{open}");
        assert!(read(&html(20_000), Meant::Answer, Remote::Held, places).is_none(), "{open}");
    }
    assert!(read(&"x".repeat(MOST + 1), Meant::Answer, Remote::Held, places).is_none());
    assert!(read(&"<p>".repeat(MOST_TAGS + 1), Meant::Answer, Remote::Held, places).is_none());
}
