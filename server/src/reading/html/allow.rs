//! What of a sender's HTML is let in: a strict list of elements and attributes, nothing that runs,
//! loads, sends, or escapes its place.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

use super::style;

const TAGS: [&str; 54] = [
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
];

/// Elements of which nothing is kept, their text neither.
const WITHOUT_CONTENT: [&str; 14] = [
    "script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea",
    "select", "xml", "audio", "video",
];

/// Marks by which programs say what is quoted; they never reach a page.
const QUOTE_MARKS: [&str; 18] = [
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-cite-prefix",
    "moz-forward-container",
    "moz-signature",
    "yahoo_quoted",
    "protonmail_quote",
    "protonmail_signature_block",
    "tutanota_quote",
    "zmail_extra",
    "appendonsend",
    "divrplyfwdmsg",
    "olk_src_body_section",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
];

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into())
        .clean_content_tags(WITHOUT_CONTENT.into())
        // `class`, `id`, `style` and `type` are read into words of ours and dropped after that.
        .generic_attributes(HashSet::from(["class", "id", "style", "type", "dir", "title"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
            ("td", HashSet::from(["colspan", "rowspan", "align"])),
            ("th", HashSet::from(["colspan", "rowspan", "align"])),
            ("ol", HashSet::from(["start"])),
            ("div", HashSet::from(["align"])),
            ("p", HashSet::from(["align"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid", "data"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(filter);
    builder
});

fn filter<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let is_number =
        |value: &str| value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty();
    match (element, attribute) {
        (_, "style") => style::words(value).map(Cow::Owned),
        (_, "class" | "id") => {
            let marks: Vec<&str> = value.split_ascii_whitespace().take(20).filter_map(quote_mark).collect();
            (!marks.is_empty()).then(|| Cow::Owned(marks.join(" ")))
        }
        ("blockquote", "type") => value.eq_ignore_ascii_case("cite").then_some(Cow::Borrowed("cite")),
        (_, "type") => None,
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto").then_some(Cow::Borrowed(value)),
        (_, "align") => matches!(value, "center" | "right").then_some(Cow::Borrowed(value)),
        (_, "colspan" | "rowspan" | "start") => is_number(value).then_some(Cow::Borrowed(value)),
        ("img", "width" | "height") => {
            let value = value.trim_end_matches("px");
            is_number(value).then_some(Cow::Borrowed(value))
        }
        ("a", "href") => {
            is_scheme(value, &["http", "https", "mailto", "tel"]).then_some(Cow::Borrowed(value))
        }
        ("img", "src") => (is_scheme(value, &["http", "https", "cid"]) || is_picture_data(value))
            .then_some(Cow::Borrowed(value)),
        ("img", "alt") | (_, "title") => {
            Some(Cow::Owned(value.chars().filter(|c| !c.is_control()).take(300).collect()))
        }
        _ => None,
    }
}

fn is_scheme(value: &str, schemes: &[&str]) -> bool {
    let scheme = value.trim_start().split(':').next().unwrap_or_default();
    schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

/// A picture that the message carries in its text, of a kind that runs nothing, up to 200 kB.
fn is_picture_data(value: &str) -> bool {
    let kinds = ["png", "jpeg", "jpg", "gif", "webp"];
    let body =
        kinds.iter().find_map(|kind| value.trim().strip_prefix(&*format!("data:image/{kind};base64,")));
    body.is_some_and(|body| {
        body.len() < 280_000
            && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/= \r\n\t".contains(&byte))
    })
}

/// A class or an id by which a program marks what it quotes; Outlook puts `x_` before those of others.
fn quote_mark(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let word = word.trim_start_matches("x_");
    if word.starts_with("yqt") || word.starts_with("yahoo_quoted") {
        return Some("yahoo_quoted");
    }
    QUOTE_MARKS.into_iter().find(|mark| *mark == word)
}

/// Lets in what may be let in.
pub(super) fn sanitised(html: &str) -> String {
    BUILDER.clean(html).to_string()
}
