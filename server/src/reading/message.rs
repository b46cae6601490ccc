//! A message as it is read: who wrote to whom, what it says, what it brings along.

use whom_core::model::{Body, Entry};

use super::{
    html::{self, Places, Remote, SafeHtml},
    quote::{self, Meant, Piece},
};
use crate::{
    mail::{self, AttachmentInfo, MailAddress, MailShown},
    sight::cover_mail,
};

/// A message for reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// What its header says.
    pub(crate) envelope: Envelope,
    /// Its text in pieces.
    pub(crate) text: Vec<Piece>,
    /// Its HTML, made harmless.
    pub(crate) html: Option<SafeHtml>,
    /// Its attachments.
    pub(crate) attachments: Vec<AttachmentInfo>,
}

/// What the header of a message says, as far as people ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// Who wrote.
    pub(crate) from: Vec<MailAddress>,
    /// To whom.
    pub(crate) to: Vec<MailAddress>,
    /// Who got a copy.
    pub(crate) cc: Vec<MailAddress>,
    /// Its own id.
    pub(crate) message_id: Option<String>,
    /// How many servers it came through, the last one first.
    pub(crate) route: Vec<String>,
}

impl Reading {
    /// Whether its HTML is worth showing in place of its text.
    pub(crate) fn is_rich(&self) -> bool {
        self.html.as_ref().is_some_and(|html| html.is_rich)
    }

    /// The attachments that do not show in the message itself.
    pub(crate) fn listed(&self, html_is_shown: bool) -> impl Iterator<Item = &AttachmentInfo> {
        let shows = move |info: &&AttachmentInfo| {
            let html = self.html.as_ref().filter(|_| html_is_shown);
            html.is_none_or(|html| !html.used_parts.contains(&info.index))
        };
        // The same text once more in another form is nothing that somebody sent along.
        let is_same_text = |info: &&AttachmentInfo| {
            let forms = ["text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html"];
            info.name == info.media_type && forms.contains(&info.media_type.as_str())
        };
        self.attachments.iter().filter(shows).filter(move |info| !is_same_text(info))
    }
}

/// Reads a message; without a body, what the entry itself says.
pub(crate) fn read(entry: &Entry, body: Option<&Body>, remote: Remote) -> Reading {
    let meant = match quote::is_forward_subject(&entry.title) {
        true => Meant::Forward,
        false => Meant::Answer,
    };
    match body {
        Some(body) if body.media_type == "message/rfc822" => of_mail(
            &format!("/entries/{}", entry.id),
            &cover_mail(mail::show_mail(&body.bytes)),
            meant,
            remote,
        ),
        Some(body) if body.media_type.starts_with("text/plain") => {
            Reading { text: quote::fold(&String::from_utf8_lossy(&body.bytes), meant), ..Reading::default() }
        }
        _ => Reading { text: quote::fold(&entry.summary, meant), ..Reading::default() },
    }
}

fn of_mail(base: &str, shown: &MailShown, meant: Meant, remote: Remote) -> Reading {
    let parts: Vec<(String, usize)> =
        shown.attachments.iter().filter_map(|info| Some((info.content_id.clone()?, info.index))).collect();
    let places = Places { base, parts: &parts };
    let header = |name: &'static str| {
        shown
            .headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    Reading {
        envelope: Envelope {
            from: shown.from.clone(),
            to: shown.to.clone(),
            cc: shown.cc.clone(),
            message_id: header("message-id").next().cloned(),
            route: header("received").take(30).filter_map(|line| server(line)).collect(),
        },
        text: quote::fold(&shown.text, meant),
        html: shown.html.as_deref().and_then(|html| html::read(html, meant, remote, places)),
        attachments: shown.attachments.clone(),
    }
}

/// The server that took a message, out of the line it wrote into the header.
fn server(received: &str) -> Option<String> {
    let mut words = received.split_whitespace();
    words.find(|word| word.eq_ignore_ascii_case("by"))?;
    let name: String =
        words.next()?.chars().filter(|c| c.is_alphanumeric() || ".-:[]".contains(*c)).take(120).collect();
    (!name.is_empty()).then_some(name)
}
