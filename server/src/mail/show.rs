//! A kept message read again for showing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::HeaderName;
use serde::Serialize;

use crate::sight::cover_mail;

use super::{
    header::{Raw, Written, addresses, decoded},
    mime::{Leaf, leaves},
    name::clean,
    read::parsed,
};

/// The most headers that are shown, and the longest text, in encoded bytes.
const MAX_HEADERS: usize = 500;
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// A message for showing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MailShown {
    /// All lines of the header in their order, decoded.
    pub headers: Vec<(String, String)>,
    /// Who wrote.
    pub from: Vec<MailAddress>,
    /// To whom.
    pub to: Vec<MailAddress>,
    /// Who got a copy.
    pub cc: Vec<MailAddress>,
    /// Its text; made from the HTML where there is no other.
    pub text: String,
    /// Its HTML as the sender wrote it. It must not reach a page without being sanitised.
    pub html: Option<String>,
    /// Its attachments.
    pub attachments: Vec<AttachmentInfo>,
}

/// An address with the name beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailAddress {
    /// The name as it was written.
    pub name: Option<String>,
    /// The address as it was written.
    pub address: String,
}

/// What an attachment is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttachmentInfo {
    /// The name of the file; without one, what it is.
    pub name: String,
    /// Such as `image/png`, by the sender's word.
    pub media_type: String,
    /// In bytes.
    pub size: usize,
    /// Its number, to ask for it by.
    pub index: usize,
    /// The id by which the message's HTML names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_id: Option<String>,
}

/// An attachment with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is.
    pub info: AttachmentInfo,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Reads a message for showing. What cannot be read is left empty: to show something is better than nothing.
///
/// While a request is answered, the addresses of its header are covered as whoever asks may see them.
pub fn show_mail(raw: &[u8]) -> MailShown {
    cover_mail(catch_unwind(AssertUnwindSafe(|| shown(raw))).ok().flatten().unwrap_or_default())
}

/// The attachment with that number.
pub fn attachment(raw: &[u8], index: usize) -> Option<Attachment> {
    let found = || {
        let raw = Raw::split(raw).ok()?;
        let message = parsed(&raw).ok()?;
        let leaf = leaves(&message, raw.body).into_iter().filter(|leaf| !leaf.is_text).nth(index)?;
        Some(Attachment { info: info(index, &leaf), bytes: leaf.bytes().into_owned() })
    };
    catch_unwind(AssertUnwindSafe(found)).ok().flatten()
}

pub(super) fn shown(raw: &[u8]) -> Option<MailShown> {
    let raw = Raw::split(raw).ok()?;
    let message = parsed(&raw).ok()?;
    let leaves = leaves(&message, raw.body);
    let people = |name| addresses(&message, name).into_iter().map(MailAddress::from).collect();
    let texts = |html: bool| leaves.iter().filter(move |leaf| leaf.is_text && leaf.is_html() == html);
    let joined = |parts: Vec<String>| parts.join("\n").trim_end().to_owned();
    let mut text = joined(texts(false).map(|leaf| leaf.text(MAX_TEXT)).collect());
    if text.trim().is_empty() {
        text = joined(texts(true).map(|leaf| leaf.plain_text(MAX_TEXT)).collect());
    }
    let html: Vec<String> = texts(true).map(|leaf| leaf.text(MAX_TEXT)).collect();
    let headers = message.headers_raw().take(MAX_HEADERS);
    Some(MailShown {
        headers: headers.map(|(name, value)| (name.to_owned(), decoded(value))).collect(),
        from: people(HeaderName::From),
        to: people(HeaderName::To),
        cc: people(HeaderName::Cc),
        text,
        html: (!html.is_empty()).then(|| html.join("\n")),
        attachments: leaves
            .iter()
            .filter(|leaf| !leaf.is_text)
            .enumerate()
            .map(|(index, leaf)| info(index, leaf))
            .collect(),
    })
}

fn info(index: usize, leaf: &Leaf<'_>) -> AttachmentInfo {
    AttachmentInfo {
        name: leaf.name.clone().unwrap_or_else(|| leaf.media_type.clone()),
        media_type: leaf.media_type.clone(),
        size: leaf.size(),
        index,
        content_id: leaf.content_id.clone(),
    }
}

impl From<Written> for MailAddress {
    fn from(written: Written) -> Self {
        Self {
            name: written.name.as_deref().map(clean).filter(|name| !name.is_empty()),
            address: written.address,
        }
    }
}
