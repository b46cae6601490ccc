//! What a message says, drawn. The only place where HTML that was not written here comes into a page.

use maud::{Markup, PreEscaped, html};
use whom_core::model::EntryId;

use crate::{
    mail::AttachmentInfo,
    pages::{components::is_web_address, icons::Icon, words::reading as words},
    reading::{
        Reading,
        attachments::clean_name,
        html::SafeHtml,
        quote::{Piece, Sort},
    },
};

/// In which shape somebody wants to see a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As it is best: formatted where that says more than the text.
    #[default]
    Best,
    /// As text.
    Text,
    /// As the sender formatted it.
    Html,
}

impl Shape {
    /// Reads the word behind `?as=`.
    pub(crate) fn from_word(word: &str) -> Self {
        match word {
            "text" => Self::Text,
            "html" => Self::Html,
            _ => Self::Best,
        }
    }

    fn wants_html(self, reading: &Reading) -> bool {
        match self {
            Self::Best => reading.is_rich(),
            Self::Text => false,
            Self::Html => true,
        }
    }
}

/// What a message says, with its files and what can be asked of it.
pub(crate) fn body(entry: EntryId, reading: &Reading, shape: Shape, pictures_shown: bool) -> Markup {
    let html = reading.html.as_ref().filter(|_| shape.wants_html(reading));
    let base = format!("/entries/{entry}");
    let files: Vec<&AttachmentInfo> = reading.listed(html.is_some()).collect();
    html! {
        div.message data-swapped {
            @if let Some(html) = html {
                (held(&base, html, pictures_shown))
                (formatted(html))
            } @else {
                (plain(&reading.text))
            }
            @if !files.is_empty() { (attachments(&base, &files)) }
            // Formatting that says no more than the text is not worth a link.
            @if html.is_some() || reading.is_rich() {
                p.message-tools {
                    @if html.is_some() {
                        a data-swap href=(format!("{base}?as=text")) { (words::AS_TEXT) }
                    } @else {
                        a data-swap href=(format!("{base}?as=html")) { (words::AS_HTML) }
                    }
                    @if let Some(html) = html.filter(|html| html.trackers > 0) {
                        span.faint { (words::trackers(html.trackers)) }
                    }
                }
            }
        }
    }
}

/// The offer to load pictures from elsewhere.
fn held(base: &str, html: &SafeHtml, pictures_shown: bool) -> Markup {
    html! {
        @if !html.remote.is_empty() && !pictures_shown {
            p.held {
                span { (words::held(html.remote.len())) }
                a.button data-swap href=(format!("{base}?as=html&images=1")) title=(words::PICTURES_WHY) { (words::SHOW_PICTURES) }
            }
        }
    }
}

fn formatted(html: &SafeHtml) -> Markup {
    html! {
        div.mail dir="auto" { (PreEscaped(&html.own)) }
        @if !html.signature.is_empty() {
            details.quoted.signature { summary { (words::SHOW_SIGNATURE) } div.mail dir="auto" { (PreEscaped(&html.signature)) } }
        }
        @if !html.quoted.is_empty() {
            details.quoted { summary { (words::SHOW_QUOTED) } div.mail dir="auto" { (PreEscaped(&html.quoted)) } }
        }
    }
}

/// A text in its pieces.
fn plain(pieces: &[Piece]) -> Markup {
    let is_empty = pieces.iter().all(|piece| piece.text.trim().is_empty());
    html! {
        @if is_empty { p.soft { (words::NO_TEXT) } }
        @for piece in pieces.iter().filter(|piece| !piece.text.trim().is_empty()) {
            @match piece.sort {
                Sort::Own => p.text dir="auto" { (linked(piece.text.trim_matches('\n').trim_end())) },
                Sort::Inline => p.text.answered dir="auto" { (linked(piece.text.trim())) },
                Sort::Quoted => details.quoted { summary { (words::SHOW_QUOTED) } p.text dir="auto" { (linked(piece.text.trim())) } },
                Sort::Signature => details.quoted.signature { summary { (words::SHOW_SIGNATURE) } p.text dir="auto" { (linked(piece.text.trim())) } },
            }
        }
    }
}

/// A text in which web addresses can be followed.
fn linked(text: &str) -> Markup {
    html! {
        @for (part, is_address) in addresses(text) {
            @if is_address { a href=(part) rel="noopener noreferrer nofollow" target="_blank" { (part) } } @else { (part) }
        }
    }
}

/// A text in parts, each with whether it is a web address.
fn addresses(text: &str) -> Vec<(&str, bool)> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"');
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = ["https://", "http://"].iter().filter_map(|start| rest.find(start)).min() {
        let (before, from) = rest.split_at(at);
        let found = &from[..from.find(ends).unwrap_or(from.len())];
        // Signs at the end belong to the sentence; a bracket only where none was opened.
        let found = found.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let found = if found.contains('(') { found } else { found.trim_end_matches(')') };
        let found = if is_web_address(found) { found } else { &from[..4] };
        parts.push((before, false));
        parts.push((found, found.len() > 4));
        rest = &from[found.len()..];
    }
    parts.push((rest, false));
    parts
}

/// The files that came along.
fn attachments(base: &str, files: &[&AttachmentInfo]) -> Markup {
    html! {
        ul.files aria-label=(words::ATTACHMENTS) {
            @for file in files {
                @let name = clean_name(&file.name);
                @let address = format!("{base}/attachments/{}", file.index);
                li {
                    // Whether it is the picture it says it is shows when it is asked for.
                    @if is_picture(file) {
                        a.preview href=(format!("{address}?inline=1")) target="_blank" rel="noopener" {
                            img src=(format!("{address}?inline=1")) alt="" loading="lazy";
                        }
                    } @else { (Icon::Page.svg()) }
                    a.name href=(address) download=(name) { (name) }
                    span.faint { (kind_of(file)) span.dot {} (words::size(file.size)) }
                }
            }
        }
    }
}

/// The largest picture that is shown beside its name, in bytes.
const PREVIEW: usize = 5_000_000;

fn is_picture(file: &AttachmentInfo) -> bool {
    matches!(file.media_type.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp")
        && file.size <= PREVIEW
}

/// What a file is, short: `PDF`, `PNG`, else by the sender's word.
fn kind_of(file: &AttachmentInfo) -> String {
    let end = file.name.rsplit_once('.').map(|(_, end)| end).filter(|end| (1..=5).contains(&end.len()));
    match end.filter(|end| end.chars().all(|c| c.is_ascii_alphanumeric())) {
        Some(end) => end.to_ascii_uppercase(),
        None => file.media_type.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_are_found_without_the_signs_of_the_sentence() {
        for (text, expected) in [
            ("See https://shop.example/a?b=1.", vec!["https://shop.example/a?b=1"]),
            ("(https://shop.example/x)", vec!["https://shop.example/x"]),
            (
                "https://w.example/a_(b), http://x.example!",
                vec!["https://w.example/a_(b)", "http://x.example"],
            ),
            ("<https://shop.example>", vec!["https://shop.example"]),
            ("https:// nothing http://", vec![]),
            ("javascript:alert(1)", vec![]),
        ] {
            let parts = addresses(text);
            assert_eq!(parts.iter().map(|(part, _)| *part).collect::<String>(), text);
            let found: Vec<&str> = parts.into_iter().filter(|(_, is)| *is).map(|(part, _)| part).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
