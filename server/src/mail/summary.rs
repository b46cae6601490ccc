//! The beginning of what a message says, without what it quotes and without its signature.

use super::mime::Leaf;

/// The longest summary, in characters.
const MAX_CHARS: usize = 240;

/// How much of a part is read for it, in bytes before decoding. HTML begins with its style.
const TEXT_BYTES: usize = 32 * 1024;
const HTML_BYTES: usize = 256 * 1024;

/// How lines begin and go on that name the writer of what is quoted below, in lower case.
const ATTRIBUTIONS: &[(&str, &str)] = &[
    ("on ", "wrote"),
    ("am ", "schrieb"),
    ("le ", "a écrit"),
    ("el ", "escribió"),
    ("il ", "ha scritto"),
    ("op ", "schreef"),
    ("den ", "skrev"),
    ("em ", "escreveu"),
    ("a ", "escreveu"),
    ("w dniu", "napisa"),
    ("w dniu", "pisze"),
    ("dnia", "napisa"),
    ("", " пишет"),
    ("", " написал"),
    ("", "写道"),
    ("", "のメッセージ"),
];

/// Where the answered message begins in the HTML of well-known programs, in lower case.
const HTML_QUOTES: &[&str] = &[
    "<blockquote",
    "class=\"gmail_quote",
    "id=\"divrplyfwdmsg",
    "id=\"appendonsend",
    "class=\"moz-cite-prefix",
    "name=\"quote",
    "class=\"yahoo_quoted",
];

/// What telephones and programs put at the end, and what tells it from a sentence.
const DEVICE_LINES: &[&str] = &[
    "sent from",
    "get outlook",
    "von mein",
    "gesendet",
    "envoyé d",
    "enviado d",
    "inviato da",
    "sendt fra",
    "skickat från",
    "verzonden vanaf",
    "wysłane z",
    "отправлено с",
];
const DEVICES: &[&str] = &[
    "iphone", "ipad", "android", "galaxy", "samsung", "outlook", "mobil", "phone", "telefon", "handy",
    "yahoo",
];

/// The beginning of the message's text on one line.
pub(super) fn summary(leaves: &[Leaf<'_>]) -> String {
    let texts = || leaves.iter().filter(|leaf| leaf.is_text);
    let plain = texts().filter(|leaf| !leaf.is_html()).map(|leaf| essence(&leaf.text(TEXT_BYTES)));
    let html = texts().filter(|leaf| leaf.is_html()).map(html_essence);
    plain.chain(html).find(|text| !text.is_empty()).unwrap_or_default()
}

fn html_essence(leaf: &Leaf<'_>) -> String {
    let html = leaf.text(HTML_BYTES);
    let lower = html.to_ascii_lowercase();
    let quote = HTML_QUOTES.iter().filter_map(|mark| lower.find(mark)).min();
    let above = quote.map(|at| {
        // The mark may lie inside a tag, which then has to go as a whole.
        let tag = html[..at].rfind('<').filter(|open| !html[*open..at].contains('>')).unwrap_or(at);
        essence(&mail_parser::decoders::html::html_to_text(&html[..tag]))
    });
    above
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| essence(&mail_parser::decoders::html::html_to_text(&html)))
}

fn essence(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).take(2_000).collect();
    let mut kept = Kept::default();
    let mut at = 0;
    while at < lines.len() && !kept.is_full() {
        let (line, rest) = (lines[at], &lines[at..]);
        at += 1;
        if line.is_empty() || line.starts_with('>') {
            continue;
        }
        if let Some(taken) = attribution(rest) {
            at += taken - 1;
            let is_marked =
                lines[at..].iter().find(|line| !line.is_empty()).is_some_and(|l| l.starts_with('>'));
            if is_marked || kept.text.is_empty() {
                continue;
            }
            break;
        }
        if is_end(line) || is_quoted_header(rest) {
            if kept.text.is_empty() {
                continue;
            }
            break;
        }
        kept.push(line);
    }
    if kept.text.is_empty() {
        // All of it is quoted; then that is what it says.
        for line in lines {
            kept.push(line.trim_start_matches(['>', ' ']));
        }
    }
    kept.cut()
}

#[derive(Default)]
struct Kept {
    text: String,
    chars: usize,
}

impl Kept {
    fn is_full(&self) -> bool {
        self.chars > MAX_CHARS
    }

    fn push(&mut self, line: &str) {
        // What mailings pad their first line with cannot be seen.
        let is_padding =
            |c: char| matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        let is_blank = |c: char| c.is_whitespace() || c.is_control();
        for word in line.split(is_blank) {
            let word: String = word.chars().filter(|c| !is_padding(*c)).take(MAX_CHARS + 1).collect();
            if word.is_empty() || self.is_full() {
                continue;
            }
            if !self.text.is_empty() {
                self.text.push(' ');
                self.chars += 1;
            }
            self.chars += word.chars().count();
            self.text.push_str(&word);
        }
    }

    fn cut(self) -> String {
        if !self.is_full() {
            return self.text;
        }
        let room: String = self.text.chars().take(MAX_CHARS - 1).collect();
        let words = room.rsplit_once(' ').map_or(&*room, |(words, _)| words);
        let kept = if words.chars().count() > MAX_CHARS / 2 { words } else { &room };
        format!("{kept}…")
    }
}

/// How many lines name the writer of what is quoted below; long ones are folded.
fn attribution(lines: &[&str]) -> Option<usize> {
    let mut joined = String::new();
    for (count, line) in lines.iter().take(3).enumerate() {
        if line.is_empty() || line.starts_with('>') || joined.len() + line.len() > 400 {
            return None;
        }
        joined.push_str(&line.to_lowercase());
        // Without a word to begin with, only a line of its own is one.
        let begins = |start: &str| joined.starts_with(start) && (count == 0 || !start.is_empty());
        let mut begun = ATTRIBUTIONS.iter().filter(|(start, _)| begins(start)).peekable();
        begun.peek()?;
        if joined.ends_with([':', '：']) && begun.any(|(_, wrote)| joined.contains(wrote)) {
            return Some(count + 1);
        }
        joined.push(' ');
    }
    None
}

/// A signature, the line above a forwarded message, or what a telephone adds.
fn is_end(line: &str) -> bool {
    line == "--"
        || line.len() >= 10 && line.chars().all(|c| c == '_')
        || line.len() >= 10 && line.starts_with("-----")
        || line.len() < 80 && is_device_line(&line.to_lowercase())
}

fn is_device_line(lower: &str) -> bool {
    DEVICE_LINES.iter().any(|start| lower.starts_with(start))
        && DEVICES.iter().any(|device| lower.contains(device))
}

/// The header that some programs put above the message they answer.
fn is_quoted_header(lines: &[&str]) -> bool {
    const FROM: &[&str] = &["from:", "von:", "de:", "de :", "da:", "van:", "från:", "fra:", "od:", "от:"];
    const SENT: &[&str] = &[
        "sent:",
        "gesendet:",
        "date:",
        "datum:",
        "envoyé",
        "enviado",
        "inviato:",
        "verzonden:",
        "skickat:",
        "sendt:",
        "wysłano:",
        "отправлено:",
    ];
    let starts = |line: &str, words: &[&str]| {
        let lower = line.trim_matches('*').to_lowercase();
        words.iter().any(|word| lower.starts_with(word))
    };
    let Some((first, rest)) = lines.split_first() else { return false };
    first.contains(':') && starts(first, FROM) && rest.iter().take(3).any(|line| starts(line, SENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[expect(clippy::needless_pass_by_value, reason = "an expectation is written in place")]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&essence(text));
    }

    #[test]
    fn what_is_quoted_below_an_answer_is_left_out() {
        check(
            "Yes, please.\n\nOn Thu, 11 Feb 2021 at 19:04, Hanne <h@x.example>\nwrote:\n> Hello\n\n-- \nMia",
            expect!["Yes, please."],
        );
        check("Gern.\n\nAm 29.03.2021 um 10:00 schrieb Anneliese:\nSehr geehrte", expect!["Gern."]);
        check("Ja.\n\nVon: Mia\nGesendet: Montag\nAn: Anneliese\n\nGuten Tag", expect!["Ja."]);
        check("Sure\n-----Original Message-----\nHello", expect!["Sure"]);
    }

    #[test]
    fn answers_between_the_quoted_lines_are_kept() {
        check(
            "On Monday Mia wrote:\n> Which size?\n39.5\n> Which colour?\nGreen\n--\nHanne",
            expect!["39.5 Green"],
        );
    }

    #[test]
    fn what_only_looks_like_an_end_is_kept() {
        check(
            "Sent from my shop yesterday.\nHere is my list:\nlid\nСергей пишет:\n> привет",
            expect!["Sent from my shop yesterday. Here is my list: lid"],
        );
    }

    #[test]
    fn a_message_that_only_quotes_says_what_it_quotes() {
        check("> Hello\n> there", expect!["Hello there"]);
        check(
            "---------- Forwarded message ---------\nFrom: Ada\nDate: Monday\n\nThe tent",
            expect!["Date: Monday The tent"],
        );
    }

    #[test]
    fn a_long_text_ends_at_a_word() {
        let text = essence(&"words and more ".repeat(40));
        assert!(text.chars().count() <= MAX_CHARS && text.ends_with('…') && !text.contains("mor…"), "{text}");
        assert_eq!(essence(&"ö".repeat(1000)).chars().count(), MAX_CHARS);
    }
}
