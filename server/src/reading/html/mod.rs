//! A sender's HTML made harmless, with what it quotes parted from what it says.
//!
//! Three steps, each of which alone would keep scripts out: the sanitiser lets in a list of elements and
//! attributes; the tree keeps what it wrote; the writer writes only elements and attributes it knows.

mod allow;
mod lines;
mod style;
mod tree;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::quote::{self, Meant, Sort};
use lines::Line;
use tree::Tree;
use write::Writer;

/// What pictures are to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remote {
    /// Those of the message itself; of others a place with their name.
    Held,
    /// Those from elsewhere too, fetched by us.
    Shown,
}

/// Where a message's own parts and pictures are found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places<'a> {
    /// The address under which attachments and pictures of this message stand.
    pub(crate) base: &'a str,
    /// The content ids of its parts, with the numbers of the attachments.
    pub(crate) parts: &'a [(String, usize)],
}

/// HTML that is safe to stand in a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SafeHtml {
    /// What the sender wrote.
    pub(crate) own: String,
    /// Their signature.
    pub(crate) signature: String,
    /// What it quotes.
    pub(crate) quoted: String,
    /// The addresses of pictures from elsewhere, in the order in which they stand.
    pub(crate) remote: Vec<String>,
    /// How many pictures that only count readers were taken out.
    pub(crate) trackers: usize,
    /// The numbers of the attachments that it shows in place.
    pub(crate) used_parts: BTreeSet<usize>,
    /// Whether it says more than its text does.
    pub(crate) is_rich: bool,
}

/// The longest HTML that is read, in bytes. Longer is shown as text.
const MOST: usize = 2 * 1024 * 1024;
/// The most tags, and the deepest nesting. A parser takes the square of either for what is made to hurt it.
const MOST_TAGS: usize = 60_000;
const MOST_DEPTH: usize = 300;

/// Reads a sender's HTML.
pub(crate) fn read(html: &str, meant: Meant, remote: Remote, places: Places<'_>) -> Option<SafeHtml> {
    if html.len() > MOST || !is_plausible(html) {
        return None;
    }
    let tree = Tree::read(&allow::sanitised(html));
    let lines = lines::lines(&tree);
    let sorts = sorts(&tree, &lines, meant);
    let cuts = Cuts::of(&tree, &lines, &sorts);
    let mut writer = Writer::new(&tree, places, remote, long_answered(&tree, &lines, &sorts, cuts.quoted));
    let own = writer.write(0..cuts.signature);
    let is_rich = writer.is_rich();
    let signature = writer.write(cuts.signature..cuts.quoted);
    let quoted = writer.write(cuts.quoted..tree.nodes.len());
    Some(SafeHtml {
        own,
        signature,
        quoted,
        remote: writer.remote,
        trackers: writer.trackers,
        used_parts: writer.used_parts,
        is_rich,
    })
}

/// Whether a parser will be done with it soon: what is not is shown as text.
fn is_plausible(html: &str) -> bool {
    let bytes = html.as_bytes();
    let (mut tags, mut depth, mut deepest) = (0usize, 0usize, 0usize);
    for at in memchr_all(bytes) {
        tags += 1;
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(letter) if letter.is_ascii_alphabetic() => {
                let rest = &bytes[at + 1..bytes.len().min(at + 12)];
                let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
                let name = rest[..end].to_ascii_lowercase();
                // These have no end, or end by themselves where the next one begins.
                let is_closed: [&[u8]; 11] =
                    [b"br", b"img", b"hr", b"meta", b"link", b"col", b"input", b"p", b"li", b"wbr", b"base"];
                depth += usize::from(!is_closed.contains(&name.as_slice()));
            }
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    tags <= MOST_TAGS && deepest <= MOST_DEPTH
}

fn memchr_all(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'<').map(|(at, _)| at)
}

/// What each line is.
fn sorts(tree: &Tree, lines: &[Line], meant: Meant) -> Vec<Sort> {
    let texts: Vec<String> =
        lines.iter().map(|line| line.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let rest = lines::rest_mark(tree).filter(|_| meant == Meant::Answer).unwrap_or(tree.nodes.len());
    let marked: Vec<bool> = lines
        .iter()
        .map(|line| line.is_marked || line.nodes.start >= rest || line.text.trim_start().starts_with('>'))
        .collect();
    let mut sorts = quote::sorts(&texts, &marked, meant);
    for (sort, _) in
        sorts.iter_mut().zip(lines).filter(|(sort, line)| line.is_signature && **sort == Sort::Own)
    {
        *sort = Sort::Signature;
    }
    let is_own = |(sort, text): (&Sort, &&str)| *sort == Sort::Own && !text.trim().is_empty();
    if !sorts.iter().zip(&texts).any(is_own) && !sorts.contains(&Sort::Inline) {
        sorts.fill(Sort::Own);
    }
    sorts
}

/// Where signature and quote begin: `..signature` is own, `signature..quoted` the signature.
struct Cuts {
    signature: usize,
    quoted: usize,
}

impl Cuts {
    fn of(tree: &Tree, lines: &[Line], sorts: &[Sort]) -> Self {
        let is_blank = |place: usize| lines[place].text.trim().is_empty();
        // From the end upwards: what is quoted, then a signature, with blank lines anywhere.
        let (mut quoted, mut signature) = (lines.len(), lines.len());
        for place in (0..lines.len()).rev() {
            match sorts[place] {
                Sort::Quoted => (quoted, signature) = (place, place),
                Sort::Signature => signature = place,
                _ if is_blank(place) => {}
                _ => break,
            }
        }
        let node = |place: usize| {
            lines.get(place).map_or(tree.nodes.len(), |line| outermost(tree, line.nodes.start))
        };
        let quoted = node(quoted);
        Self { signature: node(signature).min(quoted), quoted }
    }
}

/// The outermost element that begins where a node does: a cut belongs before it.
fn outermost(tree: &Tree, at: usize) -> usize {
    let mut start = at;
    while let Some(parent) = tree.nodes[start].parent {
        if parent == 0 && tree.nodes[0].end == tree.nodes.len() || !tree.is_blank(parent + 1..at) {
            break;
        }
        start = parent;
    }
    start
}

/// Long quotes with an answer below: they are folded where they stand.
fn long_answered(tree: &Tree, lines: &[Line], sorts: &[Sort], cut: usize) -> BTreeSet<usize> {
    let starts = lines.iter().zip(sorts).enumerate().filter(|(place, (line, sort))| {
        let begins = *place == 0 || sorts[place - 1] != Sort::Quoted;
        **sort == Sort::Quoted && begins && line.nodes.start < cut
    });
    starts
        .filter_map(|(_, (line, _))| {
            let mut at = Some(line.nodes.start);
            while let Some(place) = at {
                if tree.element(place).is_some_and(|element| element.name == "blockquote") {
                    return Some(place);
                }
                at = tree.nodes[place].parent;
            }
            None
        })
        .collect()
}
