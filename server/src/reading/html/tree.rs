//! Sanitised HTML as a tree: nodes in the order they are written, each knowing where it ends.
//!
//! What is read here was written by the sanitiser, so every element is closed and every attribute
//! quoted. The tree keeps text and values as they were escaped and never decodes what it writes again.

use std::ops::Range;

/// The most nodes, and how deep they may lie; beyond that an element's content stands without it.
const MOST_NODES: usize = 200_000;
const MOST_DEPTH: usize = 120;

/// A node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The first place behind its content.
    pub(super) end: usize,
    /// The element it stands in.
    pub(super) parent: Option<usize>,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Text, escaped.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    /// Its name.
    pub(super) name: String,
    /// Its attributes, values escaped.
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a word stands among those of an attribute.
    pub(super) fn has(&self, attribute: &str, word: &str) -> bool {
        self.get(attribute).is_some_and(|value| value.split(' ').any(|one| one == word))
    }
}

/// A tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

/// Elements without content.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "col" | "wbr")
}

/// Elements that begin a line of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "p"
            | "table"
            | "tr"
            | "ul"
            | "ol"
            | "li"
            | "blockquote"
            | "pre"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "br"
            | "dl"
            | "dt"
            | "dd"
            | "center"
            | "tbody"
            | "thead"
            | "tfoot"
            | "caption"
            | "section"
    )
}

impl Tree {
    /// Reads what the sanitiser wrote.
    pub(super) fn read(html: &str) -> Self {
        let mut tree = Self::default();
        // What is open: the element's place, or nothing for one that was left out.
        let mut open: Vec<(String, Option<usize>)> = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            tree.text(&rest[..at], &open);
            let Some((tag, after)) = tag_at(&rest[at + 1..]) else { break };
            rest = after;
            match tag {
                Tag::Close(name) => tree.close(&name, &mut open),
                Tag::Open(element) => {
                    let void = is_void(&element.name);
                    let fits = tree.nodes.len() < MOST_NODES && open.len() < MOST_DEPTH;
                    let name = element.name.clone();
                    let place = fits.then(|| tree.push(Kind::Element(element), &open));
                    if !void {
                        open.push((name, place));
                    }
                }
                Tag::None => {}
            }
        }
        if !rest.starts_with('<') {
            tree.text(rest, &open);
        }
        let end = tree.nodes.len();
        for (_, place) in open {
            if let Some(place) = place {
                tree.nodes[place].end = end;
            }
        }
        tree
    }

    fn push(&mut self, kind: Kind, open: &[(String, Option<usize>)]) -> usize {
        let parent = open.iter().rev().find_map(|(_, place)| *place);
        let place = self.nodes.len();
        self.nodes.push(Node { kind, end: place + 1, parent });
        place
    }

    fn text(&mut self, text: &str, open: &[(String, Option<usize>)]) {
        if !text.is_empty() && self.nodes.len() < MOST_NODES {
            self.push(Kind::Text(text.to_owned()), open);
        }
    }

    fn close(&mut self, name: &str, open: &mut Vec<(String, Option<usize>)>) {
        let Some(at) = open.iter().rposition(|(known, _)| known == name) else { return };
        let end = self.nodes.len();
        for (_, place) in open.drain(at..) {
            if let Some(place) = place {
                self.nodes[place].end = end;
            }
        }
    }

    /// The element at a place.
    pub(super) fn element(&self, at: usize) -> Option<&Element> {
        match &self.nodes.get(at)?.kind {
            Kind::Element(element) => Some(element),
            Kind::Text(_) => None,
        }
    }

    /// Everything from a node to its end.
    pub(super) fn span(&self, at: usize) -> Range<usize> {
        at..self.nodes.get(at).map_or(at, |node| node.end)
    }

    /// The text of some nodes as it is read, lines where blocks begin; at most `limit` bytes of it.
    pub(super) fn text_of(&self, span: Range<usize>, limit: usize) -> String {
        let mut text = String::new();
        for at in span {
            if text.len() >= limit {
                break;
            }
            if at > 0 && self.ends_block(at) {
                text.push('\n');
            }
            match &self.nodes[at].kind {
                Kind::Text(escaped) => text.push_str(&unescaped(escaped)),
                Kind::Element(element) if is_block(&element.name) => text.push('\n'),
                Kind::Element(element) if matches!(element.name.as_str(), "td" | "th") => text.push(' '),
                Kind::Element(_) => {}
            }
        }
        text
    }

    /// Whether a block ends right before a node.
    fn ends_block(&self, at: usize) -> bool {
        let mut before = self.nodes[at - 1].parent;
        while let Some(place) = before.filter(|place| self.nodes[*place].end == at) {
            if self.element(place).is_some_and(|element| is_block(&element.name)) {
                return true;
            }
            before = self.nodes[place].parent;
        }
        false
    }

    /// Whether nothing in a span is to be seen.
    pub(super) fn is_blank(&self, span: Range<usize>) -> bool {
        self.nodes[span].iter().all(|node| match &node.kind {
            Kind::Text(text) => is_blank_text(text),
            Kind::Element(element) => !matches!(element.name.as_str(), "img" | "hr"),
        })
    }
}

/// Whether an escaped text shows nothing.
pub(super) fn is_blank_text(text: &str) -> bool {
    let is_blank = |c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{34f}')
    };
    text.chars().all(is_blank) || text.contains("&nbsp;") && unescaped(text).chars().all(is_blank)
}

/// Text without escapes. The sanitiser writes these five and no others.
pub(super) fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

enum Tag {
    Open(Element),
    Close(String),
    None,
}

/// Reads a tag behind its `<`; gives what stands behind its `>`.
fn tag_at(text: &str) -> Option<(Tag, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric();
    if let Some(rest) = text.strip_prefix('/') {
        let (name, rest) = rest.split_once('>')?;
        return Some((Tag::Close(name.trim().to_ascii_lowercase()), rest));
    }
    let end = text.find(|c: char| !is_name(c))?;
    if end == 0 {
        return Some((Tag::None, text.split_once('>')?.1));
    }
    let mut element = Element { name: text[..end].to_ascii_lowercase(), attributes: Vec::new() };
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return Some((Tag::Open(element), after));
        }
        if let Some(after) = rest.strip_prefix('/') {
            rest = after;
            continue;
        }
        let (name, after) = rest.split_once('=')?;
        let after = after.strip_prefix('"')?;
        let (value, after) = after.split_once('"')?;
        element.attributes.push((name.trim().to_ascii_lowercase(), value.to_owned()));
        rest = after;
    }
}
