//! A message in full: its text, with what it quotes folded away. HTML never comes here.

use maud::{Markup, html};
use whom_core::{
    model::{Body, Entry},
    view::ProfileView,
};

use crate::mail::{self, MailAddress};
use crate::pages::{
    frame::{Frame, Part},
    icons::Icon,
    words,
};

/// A message for reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MessageText {
    /// To whom, as it was written.
    pub(crate) to: Vec<String>,
    /// Who got a copy.
    pub(crate) cc: Vec<String>,
    /// What it says.
    pub(crate) own: String,
    /// What it quotes of the message that it answers.
    pub(crate) quoted: String,
    /// The names of its attachments.
    pub(crate) attachments: Vec<String>,
}

/// Reads the text of a body; without one, what the entry itself says.
pub(crate) fn read(entry: &Entry, body: Option<&Body>) -> MessageText {
    let whole = |text: &str| {
        let (own, quoted) = split_quote(text);
        MessageText { own, quoted, ..MessageText::default() }
    };
    match body {
        Some(body) if body.media_type == "message/rfc822" => {
            let shown = mail::show_mail(&body.bytes);
            let names = |people: &[MailAddress]| {
                people.iter().map(|one| one.name.as_ref().unwrap_or(&one.address).clone()).collect()
            };
            MessageText {
                to: names(&shown.to),
                cc: names(&shown.cc),
                attachments: shown.attachments.iter().map(|one| one.name.clone()).collect(),
                ..whole(&shown.text)
            }
        }
        Some(body) if body.media_type.starts_with("text/plain") => {
            whole(&String::from_utf8_lossy(&body.bytes))
        }
        _ => whole(&entry.summary),
    }
}

/// Parts a text from the quote at its end, with the line that announces it.
fn split_quote(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let is_quote = |line: &&&str| line.starts_with('>') || line.trim().is_empty();
    let quoted = lines.iter().rev().take_while(is_quote).count();
    let mut start = lines.len() - quoted;
    if !lines[start..].iter().any(|line| line.starts_with('>')) {
        return (text.trim_end().to_owned(), String::new());
    }
    // `On Tue, 10 Nov 2026 at 09:33, Mia wrote:` may run over two lines.
    let announces = |from: usize| lines[from..start].join(" ").trim_end().ends_with(':');
    if start > 0 && announces(start - 1) {
        let is_second_line = start > 1 && !lines[start - 2].trim().is_empty() && lines[start - 1].len() < 30;
        start -= if is_second_line { 2 } else { 1 };
    }
    let own = lines[..start].join("\n").trim_end().to_owned();
    if own.is_empty() {
        (text.trim_end().to_owned(), String::new())
    } else {
        (own, lines[start..].join("\n").trim_end().to_owned())
    }
}

/// The message as it unfolds in the timeline.
pub(crate) fn fragment(message: &MessageText) -> Markup {
    html! {
        @if !message.cc.is_empty() || message.to.len() > 1 {
            dl.copied {
                dt { (words::TO) } dd { (message.to.join(", ")) }
                @if !message.cc.is_empty() { dt { (words::COPY) } dd { (message.cc.join(", ")) } }
            }
        }
        @if message.own.is_empty() { p.soft { (words::NO_TEXT) } } @else { p.text { (message.own) } }
        @if !message.quoted.is_empty() {
            details.quoted {
                summary { (words::SHOW_QUOTED) }
                p.text { (message.quoted.trim()) }
            }
        }
        @if !message.attachments.is_empty() {
            ul.chips { @for name in &message.attachments { li.chip { (Icon::Page.svg()) (name) } } }
        }
    }
}

/// The message on a page of its own, for browsers without scripts and for links to it.
pub(crate) fn page(frame: &Frame, view: &ProfileView, entry: &Entry, message: &MessageText) -> Markup {
    let title = if entry.title.is_empty() { words::entries(entry.kind) } else { &entry.title };
    frame.page(
        Part::Customers,
        title,
        &[],
        html! {
            div.column {
                p { a href=(format!("/customers/{}", view.id)) { (view.name) } }
                h1 { (title) }
                p.soft { (frame.moments.date(entry.at)) ", " (frame.moments.clock(entry.at)) }
                br;
                div.bubble.in { (fragment(message)) }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quote_at_the_end_is_parted_from_what_was_written() {
        let (own, quoted) = split_quote("Thanks!\n\nOn Tue, 10 Nov 2026, Mia\nwrote:\n> Hello\n> there\n\n");
        assert_eq!(own, "Thanks!");
        assert_eq!(quoted, "On Tue, 10 Nov 2026, Mia\nwrote:\n> Hello\n> there");
        let all = "> inline\nYes.\n> and this?\nNo.";
        assert_eq!(split_quote(all), (all.to_owned(), String::new()));
        assert_eq!(split_quote("> only a quote").0, "> only a quote");
        assert_eq!(split_quote(""), (String::new(), String::new()));
    }
}
