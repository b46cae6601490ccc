//! Writes a tree into a page: only elements and attributes that are known here.

use std::{collections::BTreeSet, fmt::Write as _, ops::Range};

use super::{
    Places, Remote,
    tree::{Element, Kind, Tree, is_blank_text, is_void, unescaped},
};
use crate::pages::words::reading as words;

/// Elements that are written under their own name.
const PLAIN: [&str; 44] = [
    "abbr", "b", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt",
    "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "tfoot", "thead", "u", "ul",
];

/// The most pictures from elsewhere that one message has.
const MOST_REMOTE: usize = 200;

/// Writes parts of a tree, and keeps count of what it meets.
pub(super) struct Writer<'a> {
    tree: &'a Tree,
    places: Places<'a>,
    remote_shown: Remote,
    folded: BTreeSet<usize>,
    is_rich: bool,
    /// The addresses of pictures from elsewhere.
    pub(super) remote: Vec<String>,
    /// How many counting pictures were left out.
    pub(super) trackers: usize,
    /// Attachments that are shown in place.
    pub(super) used_parts: BTreeSet<usize>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        places: Places<'a>,
        remote_shown: Remote,
        folded: BTreeSet<usize>,
    ) -> Self {
        Self {
            tree,
            places,
            remote_shown,
            folded,
            is_rich: false,
            remote: Vec::new(),
            trackers: 0,
            used_parts: BTreeSet::new(),
        }
    }

    /// Whether what was written so far says more than its text.
    pub(super) fn is_rich(&self) -> bool {
        self.is_rich
    }

    /// Writes the nodes of a range, inside the elements that they stand in.
    pub(super) fn write(&mut self, range: Range<usize>) -> String {
        let mut out = String::new();
        if self.tree.is_blank(range.clone()) {
            return out;
        }
        let mut open: Vec<(usize, &'static str, String)> = Vec::new();
        let mut at = 0;
        while at < range.end {
            while open.last().is_some_and(|(end, _, _)| *end <= at) {
                close(&mut out, open.pop());
            }
            let end = self.tree.nodes[at].end;
            if end <= range.start {
                at = end;
                continue;
            }
            match &self.tree.nodes[at].kind {
                Kind::Text(text) if at >= range.start => out.push_str(text),
                Kind::Text(_) => {}
                Kind::Element(element) if element.has("style", "hide") => {
                    self.count_trackers(at.max(range.start)..end.min(range.end));
                    at = end;
                    continue;
                }
                Kind::Element(element) if element.name == "img" => self.picture(&mut out, element),
                Kind::Element(element) => {
                    let (name, tail) = self.open(&mut out, at, element);
                    if !is_void(name) {
                        open.push((end.min(range.end), name, tail));
                    }
                }
            }
            at += 1;
        }
        while let Some(last) = open.pop() {
            close(&mut out, Some(last));
        }
        out
    }

    /// Opens an element; gives under which name, and what has to stand behind its end.
    fn open(&mut self, out: &mut String, at: usize, element: &Element) -> (&'static str, String) {
        let mut tail = String::new();
        let mut classes: Vec<&str> = Vec::new();
        let name = match element.name.as_str() {
            "a" => {
                self.link(out, at, element, &mut tail);
                return ("a", tail);
            }
            "td" | "th" => {
                self.is_rich |= self.is_one_of_cells(at);
                if element.name == "td" { "td" } else { "th" }
            }
            "tr" => "tr",
            "center" => {
                classes.push("m-mid");
                "div"
            }
            "tt" => "code",
            "strike" => "s",
            // The page has a heading of its own, and a message stands below it.
            "h1" => "h2",
            "h2" => "h3",
            "h3" => "h4",
            "h4" => "h5",
            "h5" => "h6",
            "blockquote" => {
                if self.folded.contains(&at) {
                    let _ =
                        write!(out, "<details class=\"quoted\"><summary>{}</summary>", words::SHOW_QUOTED);
                    tail.push_str("</details>");
                }
                "blockquote"
            }
            other => PLAIN.into_iter().find(|known| *known == other).unwrap_or("span"),
        };
        self.is_rich |= matches!(
            name,
            "b" | "strong"
                | "i"
                | "em"
                | "u"
                | "ul"
                | "ol"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "pre"
                | "code"
                | "del"
                | "s"
                | "mark"
        ) && !self.tree.is_blank(self.tree.span(at));
        let _ = write!(out, "<{name}");
        for (word, class) in
            [("b", "m-b"), ("i", "m-i"), ("u", "m-u"), ("s", "m-s"), ("mid", "m-mid"), ("end", "m-end")]
        {
            if element.has("style", word) {
                self.is_rich |=
                    matches!(word, "b" | "i" | "u" | "s") && !self.tree.is_blank(self.tree.span(at));
                classes.push(class);
            }
        }
        match element.get("align") {
            Some("center") => classes.push("m-mid"),
            Some("right") => classes.push("m-end"),
            _ => {}
        }
        if !classes.is_empty() {
            let _ = write!(out, " class=\"{}\"", classes.join(" "));
        }
        for known in ["dir", "colspan", "rowspan", "start"] {
            if let Some(value) = element.get(known) {
                let _ = write!(out, " {known}=\"{value}\"");
            }
        }
        out.push('>');
        (name, tail)
    }

    /// Whether a cell stands in a table that is one: a single cell is only there to place something.
    fn is_one_of_cells(&self, at: usize) -> bool {
        let Some(row) = self.tree.nodes[at].parent else { return false };
        let cells = self.tree.span(row).skip(1).take(500).filter(|place| {
            self.tree.nodes[*place].parent == Some(row) && !self.tree.is_blank(self.tree.span(*place))
        });
        cells.take(2).count() > 1
    }

    /// A link: opened elsewhere, telling nobody where it stood, and saying where it leads.
    fn link(&mut self, out: &mut String, at: usize, element: &Element, tail: &mut String) {
        let leads = |href: &&str| {
            ["http://", "https://", "mailto:", "tel:"]
                .iter()
                .any(|start| href.to_ascii_lowercase().starts_with(start))
        };
        let Some(href) = element.get("href").filter(leads) else {
            out.push_str("<a>");
            return;
        };
        let text = self.tree.text_of(self.tree.span(at), 400);
        let text = text.trim();
        let address = unescaped(href);
        let host = host_of(&address);
        self.is_rich |= !text.is_empty() && !is_same_address(text, &address);
        let says = host.map_or(address.as_str(), |host| host);
        let title: String = if says == address { says.to_owned() } else { format!("{says} · {address}") };
        let _ = write!(
            out,
            "<a href=\"{href}\" rel=\"noopener noreferrer nofollow\" target=\"_blank\" title=\"{}\">",
            escaped(&title.chars().take(300).collect::<String>())
        );
        // A text that names another place than the link leads to is how people are deceived.
        let named = names_host(text);
        if let (Some(host), Some(named)) = (host, named)
            && !is_within(host, &named)
            && !is_within(&named, host)
        {
            let _ = write!(tail, "<span class=\"m-host\">{} {}</span>", words::LEADS_TO, escaped(host));
        }
    }

    fn picture(&mut self, out: &mut String, element: &Element) {
        let Some(source) = element.get("src") else { return };
        if is_counter(element, source) {
            self.trackers += 1;
            return;
        }
        let alt = element.get("alt").unwrap_or_default();
        let address = if let Some(id) = source.strip_prefix("cid:") {
            let id = unescaped(id);
            let Some((_, index)) = self.places.parts.iter().find(|(known, _)| *known == id) else { return };
            self.used_parts.insert(*index);
            format!("{}/attachments/{index}?inline=1", self.places.base)
        } else if source.starts_with("data:image/") && !source.starts_with("data:image/svg") {
            source.to_owned()
        } else {
            let address = unescaped(source);
            if host_of(&address).is_none() {
                return;
            }
            let place = match self.remote.iter().position(|known| *known == address) {
                Some(place) => place,
                None if self.remote.len() >= MOST_REMOTE => return,
                None => {
                    self.remote.push(address.clone());
                    self.remote.len() - 1
                }
            };
            if self.remote_shown == Remote::Held {
                let name = if is_blank_text(alt) { words::PICTURE } else { alt };
                let host = escaped(host_of(&address).unwrap_or_default());
                let _ = write!(out, "<span class=\"m-held\" title=\"{host}\">{name}</span>");
                self.is_rich = true;
                return;
            }
            format!("{}/images/{place}", self.places.base)
        };
        self.is_rich = true;
        let _ = write!(out, "<img src=\"{address}\" alt=\"{alt}\" loading=\"lazy\"");
        for known in ["width", "height"] {
            if let Some(value) = element.get(known) {
                let _ = write!(out, " {known}=\"{value}\"");
            }
        }
        out.push('>');
    }

    fn count_trackers(&mut self, range: Range<usize>) {
        let pictures = range.filter(|at| self.tree.element(*at).is_some_and(|element| element.name == "img"));
        self.trackers += pictures.count();
    }
}

fn close(out: &mut String, last: Option<(usize, &'static str, String)>) {
    if let Some((_, name, tail)) = last {
        let _ = write!(out, "</{name}>{tail}");
    }
}

/// Whether a picture is there to be counted and not to be seen.
fn is_counter(element: &Element, source: &str) -> bool {
    let is_small = |name: &str| element.get(name).is_some_and(|value| matches!(value, "0" | "1" | "2"));
    let is_dot = element.has("style", "dot") || element.has("style", "hide");
    let is_spacer = is_small("width") && is_small("height");
    const COUNTERS: [&str; 12] = [
        "/wf/open?",
        "/track/open",
        "/trk/open",
        "/e/o/",
        "/open.aspx",
        "/open.php",
        "/o.gif",
        "/pixel.gif",
        "/tracking/open",
        "/mo/",
        "/email/open",
        "/ss/o/",
    ];
    let is_remote = !source.starts_with("cid:") && !source.starts_with("data:");
    is_dot || is_spacer || is_remote && COUNTERS.iter().any(|part| source.to_ascii_lowercase().contains(part))
}

/// The host of a web address, as the browser will read it.
fn host_of(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    // A browser takes a backslash for a slash.
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next().unwrap_or(host)).filter(|host| !host.is_empty())
}

/// The host that a text seems to name: `www.bank.example/login` or `https://bank.example`.
fn names_host(text: &str) -> Option<String> {
    if text.contains(char::is_whitespace) || text.contains('@') {
        return None;
    }
    let host = match host_of(text) {
        Some(host) => host,
        None => text.split(['/', '?', '#', ':']).next()?,
    };
    let last = host.rsplit('.').next()?;
    let is_host = host.contains('.')
        && last.len() >= 2
        && last.chars().all(char::is_alphabetic)
        && host.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    is_host.then(|| host.trim_start_matches("www.").to_lowercase())
}

/// Whether a host is another one or below it.
fn is_within(host: &str, other: &str) -> bool {
    let host = host.to_lowercase();
    host.strip_suffix(&other.to_lowercase()).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn is_same_address(text: &str, address: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim().trim_start_matches("mailto:").trim_start_matches("tel:");
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        text.trim_start_matches("www.").trim_end_matches('/').to_lowercase()
    };
    bare(text) == bare(address)
}

/// Text as it may stand in an attribute or between elements.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
