//! The lines of a tree, as somebody sees them, and which of them a program marked as quoted.

use std::ops::Range;

use super::tree::{Kind, Tree, is_block, unescaped};
use crate::reading::quote;

/// The longest text of a line that is looked at.
const LINE: usize = 2_000;

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its nodes: from its first one to the first of the next line.
    pub(super) nodes: Range<usize>,
    /// Its text.
    pub(super) text: String,
    /// Whether the program that wrote it marks it as quoted.
    pub(super) is_marked: bool,
    /// Whether it marks it as a signature.
    pub(super) is_signature: bool,
}

/// The lines of a tree. Their nodes, one after the other, are all nodes that hold text.
pub(super) fn lines(tree: &Tree) -> Vec<Line> {
    let marks = marks(tree);
    let mut lines: Vec<Line> = Vec::new();
    let signed = signatures(tree);
    let mut goes_on = false;
    let mut hidden_until = 0;
    for (at, node) in tree.nodes.iter().enumerate() {
        if at < hidden_until {
            continue;
        }
        match &node.kind {
            // What the sender hides from readers is no line.
            Kind::Element(element) if element.has("style", "hide") => hidden_until = node.end,
            Kind::Element(element) if is_block(&element.name) => {
                goes_on = false;
            }
            Kind::Element(element) if element.name == "img" => {
                // A picture is something to see: it stands as a line with a mark for text.
                push(&mut lines, &mut goes_on, at, "\u{fffc}", (marks[at], signed[at]));
            }
            Kind::Element(_) => {}
            Kind::Text(text) => push(&mut lines, &mut goes_on, at, &unescaped(text), (marks[at], signed[at])),
        }
        // Behind the end of a block a new line begins.
        let mut parent = node.parent;
        while let Some(place) = parent.filter(|place| tree.nodes[*place].end == at + 1) {
            if tree.element(place).is_some_and(|element| is_block(&element.name)) {
                goes_on = false;
            }
            parent = tree.nodes[place].parent;
        }
    }
    let mut next = tree.nodes.len();
    for line in lines.iter_mut().rev() {
        line.nodes.end = next;
        next = line.nodes.start;
    }
    lines
}

fn push(
    lines: &mut Vec<Line>,
    goes_on: &mut bool,
    at: usize,
    text: &str,
    (is_marked, is_signature): (bool, bool),
) {
    match lines
        .last_mut()
        .filter(|line| *goes_on && line.is_marked == is_marked && line.is_signature == is_signature)
    {
        Some(line) if line.text.len() < LINE => line.text.push_str(text),
        Some(_) => {}
        None => lines.push(Line {
            nodes: at..at + 1,
            text: text.chars().take(LINE).collect(),
            is_marked,
            is_signature,
        }),
    }
    *goes_on = true;
}

/// Which nodes stand in something that a program marked as quoted.
fn marks(tree: &Tree) -> Vec<bool> {
    let mut marked = vec![false; tree.nodes.len()];
    for at in 0..tree.nodes.len() {
        let Some(element) = tree.element(at) else { continue };
        let is = |mark: &str| element.has("class", mark) || element.has("id", mark);
        let span = tree.span(at);
        let is_forward = || quote::begins_forward(&tree.text_of(span.clone(), 300));
        let has_blockquote = || {
            tree.nodes[span.start + 1..span.end]
                .iter()
                .any(|node| matches!(&node.kind, Kind::Element(inner) if inner.name == "blockquote"))
        };
        let is_cite = element.name == "blockquote" && (element.get("type").is_some() || is("gmail_quote"));
        // Answers between stand inside what Gmail marks, beside the quotes.
        let is_gmail =
            (is("gmail_quote") || is("gmail_quote_container")) && !has_blockquote() && !is_forward();
        let is_known = [
            "gmail_attr",
            "moz-cite-prefix",
            "yahoo_quoted",
            "protonmail_quote",
            "tutanota_quote",
            "zmail_extra",
        ]
        .into_iter()
        .any(is);
        let is_announced = || element.name == "blockquote" && quote::announces_below(&text_before(tree, at));
        let is_quote = is_cite || is_gmail || is_known && !is_forward() || is_announced();
        if is_quote {
            marked[span].fill(true);
        }
    }
    marked
}

/// Which nodes stand in what a program marked as a signature.
fn signatures(tree: &Tree) -> Vec<bool> {
    const MARKS: [&str; 4] =
        ["gmail_signature", "gmail_signature_prefix", "moz-signature", "protonmail_signature_block"];
    let mut signed = vec![false; tree.nodes.len()];
    for at in 0..tree.nodes.len() {
        let is_one = |element: &super::tree::Element| MARKS.iter().any(|mark| element.has("class", mark));
        if tree.element(at).is_some_and(is_one) {
            signed[tree.span(at)].fill(true);
        }
    }
    signed
}

/// The text of the line before a node.
fn text_before(tree: &Tree, at: usize) -> String {
    let mut text = String::new();
    for place in (0..at).rev().take(40) {
        match &tree.nodes[place].kind {
            Kind::Text(part) => text.insert_str(0, &unescaped(part)),
            Kind::Element(element) if is_block(&element.name) && !text.trim().is_empty() => break,
            Kind::Element(_) => {}
        }
    }
    text
}

/// From where on everything is quoted, by the mark of a program that says so.
pub(super) fn rest_mark(tree: &Tree) -> Option<usize> {
    const RESTS: [&str; 4] = [
        "divrplyfwdmsg",
        "olk_src_body_section",
        "mail-editor-reference-message-container",
        "ms-outlook-mobile-reference-message",
    ];
    (0..tree.nodes.len()).find(|at| {
        tree.element(*at).is_some_and(|element| {
            let is_marked = RESTS.iter().any(|mark| element.has("class", mark) || element.has("id", mark));
            let is_ruled = || {
                let text = tree.text_of(tree.span(*at), 600);
                let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                quote::is_header_block(&lines)
            };
            is_marked || element.has("style", "rule") && is_ruled()
        })
    })
}
