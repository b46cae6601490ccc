//! Messages out of an mbox file (mboxo and mboxrd).
//!
//! A message begins with a line `From sender date` at the start of the file or after an empty line.
//! The date has to look like one, because writers that do not quote leave sentences such as
//! `From here on …` in their bodies. Of a quoted `>From ` or `>>From ` one `>` is taken away: that
//! is mboxrd, and for mboxo it is right wherever the sender did not write the `>` himself.

use std::io::{self, BufRead, Read};

use super::reader::{MailFailure, MailItem};

/// The longest piece read at once. A longer line is put together from pieces, so that a file
/// without line ends takes no more memory than a message may.
const PIECE: u64 = 64 * 1024;

/// Reads an mbox file message by message.
pub(super) struct MboxReader<R> {
    input: R,
    piece: Vec<u8>,
    /// Where in the file `piece` begins.
    offset: u64,
    /// Whether `piece` is the `From ` line of the next message.
    at_message: bool,
    /// How many messages were found.
    count: u64,
    done: bool,
}

impl<R: BufRead> MboxReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, piece: Vec::new(), offset: 0, at_message: false, count: 0, done: false }
    }

    pub(super) fn next_message(&mut self, limit: usize) -> Option<Result<MailItem, MailFailure>> {
        if self.done {
            return None;
        }
        if !self.at_message {
            match self.find_first() {
                Ok(None) => {}
                Ok(Some(stray)) => return Some(Err(stray)),
                Err(error) => return self.broken("the file".to_owned(), error),
            }
            if self.done {
                return None;
            }
        }
        self.count += 1;
        let place = format!("message {} (byte {})", self.count, self.offset);
        match self.read_message(limit) {
            Ok((bytes, size)) if size <= limit as u64 => Some(Ok(MailItem { bytes, place })),
            Ok((_, size)) => Some(Err(MailFailure::TooLarge { place, size, limit })),
            Err(error) => self.broken(place, error),
        }
    }

    /// Reads up to the first `From ` line and reports text that stands before it.
    fn find_first(&mut self) -> io::Result<Option<MailFailure>> {
        let mut stray = None;
        let mut at_start = true;
        while self.advance()? {
            let line = self.piece.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.piece);
            if at_start && is_from_line(line) {
                self.at_message = true;
                return Ok(stray);
            }
            if !line.trim_ascii().is_empty() && stray.is_none() {
                stray = Some(MailFailure::Stray { place: format!("byte {}", self.offset) });
            }
            at_start = self.piece.ends_with(b"\n");
        }
        self.done = true;
        Ok(stray)
    }

    /// Reads the lines after a `From ` line up to the next one or the end of the file.
    /// Beyond the limit it only counts.
    fn read_message(&mut self, limit: usize) -> io::Result<(Vec<u8>, u64)> {
        self.at_message = false;
        let mut bytes = Vec::with_capacity(4096);
        let mut size = 0_u64;
        let mut line_starts = self.piece.ends_with(b"\n");
        let mut after_empty = false;
        // An empty line belongs to the message only when something follows it.
        let mut held = Held::default();
        while self.advance()? {
            let piece = self.piece.as_slice();
            if line_starts && after_empty && is_from_line(piece) {
                self.at_message = true;
                return Ok((bytes, size));
            }
            let is_empty = line_starts && matches!(piece, b"\n" | b"\r\n");
            let piece = if line_starts { unquoted(piece) } else { piece };
            size += (held.bytes().len() + piece.len()) as u64;
            let fits = size <= limit as u64;
            if fits {
                bytes.extend_from_slice(held.bytes());
            }
            held = Held::default();
            if is_empty {
                size -= piece.len() as u64;
                held = if piece.len() == 1 { Held::Lf } else { Held::CrLf };
            } else if fits {
                bytes.extend_from_slice(piece);
            }
            after_empty = is_empty;
            line_starts = self.piece.ends_with(b"\n");
        }
        self.done = true;
        Ok((bytes, size))
    }

    /// Goes to the next line, or the next piece of a very long one; false at the end of the file.
    fn advance(&mut self) -> io::Result<bool> {
        self.offset += self.piece.len() as u64;
        self.piece.clear();
        Ok((&mut self.input).take(PIECE).read_until(b'\n', &mut self.piece)? > 0)
    }

    fn broken(&mut self, place: String, error: io::Error) -> Option<Result<MailItem, MailFailure>> {
        // Behind a failed read there is no telling where the next message begins.
        self.done = true;
        Some(Err(MailFailure::Unreadable { place, error }))
    }
}

/// An empty line that may be the one between two messages.
#[derive(Default)]
enum Held {
    #[default]
    Nothing,
    Lf,
    CrLf,
}

impl Held {
    fn bytes(&self) -> &'static [u8] {
        match self {
            Self::Nothing => b"",
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }
}

fn unquoted(line: &[u8]) -> &[u8] {
    if line.first() != Some(&b'>') {
        return line;
    }
    let inner = line.iter().position(|byte| *byte != b'>').unwrap_or(line.len());
    if line[inner..].starts_with(b"From ") { &line[1..] } else { line }
}

/// Whether a line begins a message: `From `, then anywhere a weekday, and after it month, day, time
/// and year in one of the orders that are in use.
pub(super) fn is_from_line(line: &[u8]) -> bool {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    if !line.starts_with(b"From ") || line.len() > 1000 {
        return false;
    }
    let is_number = |word: &[u8], digits: std::ops::RangeInclusive<usize>| {
        digits.contains(&word.len()) && word.iter().all(u8::is_ascii_digit)
    };
    let mut words = line[5..].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        if !DAYS.contains(&word.strip_suffix(b",").unwrap_or(word)) {
            continue;
        }
        let (mut month, mut day, mut time, mut year) = (false, false, false, false);
        for word in words.clone().take(7) {
            month |= MONTHS.contains(&word);
            day |= is_number(word, 1..=2);
            time |= word.contains(&b':') && word.iter().all(|c| c.is_ascii_digit() || *c == b':');
            year |= is_number(word, 4..=4);
        }
        if month && day && time && year {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn messages(mbox: &str, limit: usize) -> String {
        let mut reader = MboxReader::new(io::BufReader::with_capacity(7, mbox.as_bytes()));
        let mut out = String::new();
        while let Some(item) = reader.next_message(limit) {
            match item {
                Ok(item) => out += &format!("{}: {:?}\n", item.place, String::from_utf8_lossy(&item.bytes)),
                Err(failure) => out += &format!("{failure}\n"),
            }
        }
        out
    }

    #[expect(clippy::needless_pass_by_value, reason = "an expectation is written in place")]
    fn check(mbox: &str, expected: Expect) {
        expected.assert_eq(&messages(mbox, 60));
        let crlf = messages(&mbox.replace('\n', "\r\n"), 1000).replace("\\r", "");
        let without_bytes = |text: &str| {
            text.lines().map(|line| line.split_once("): ").map_or("", |(_, rest)| rest)).collect::<String>()
        };
        let lf = messages(mbox, 1000);
        assert_eq!(without_bytes(&lf), without_bytes(&crlf), "CRLF makes no difference");
    }

    #[test]
    fn a_message_begins_after_an_empty_line_and_with_a_date() {
        check(
            "From a@x.example Thu Aug 22 12:36:23 2002\nA: 1\n\none\n\nFrom here on it is uphill\nand\n\
             From b@x.example Thu Aug 22 12:36:23 2002\n\n\
             From - Fri, 23 Aug 2002 12:36:23 +0200\nA: 2\n\ntwo\n",
            expect![[r#"
                message 1 (byte 0): the message has 83 bytes; at most 60 are taken
                message 2 (byte 126): "A: 2\n\ntwo\n"
            "#]],
        );
    }

    #[test]
    fn one_level_of_quoting_is_taken_away() {
        check(
            "From a Thu Aug 22 12:36 2002\nA: 1\n\n>From me\n>>From you\n>Fro\n\n\n\n",
            expect![[r#"
                message 1 (byte 0): "A: 1\n\nFrom me\n>From you\n>Fro\n\n\n"
            "#]],
        );
    }

    #[test]
    fn text_before_the_first_message_is_reported_and_passed_over() {
        check(
            "\nhello\n\nFrom a Thu Aug 22 12:36:23 CEST 2002\nA: 1\n\none",
            expect![[r#"
                byte 1: this is not part of any message: an mbox file starts with a `From ` line
                message 1 (byte 8): "A: 1\n\none"
            "#]],
        );
        check("", expect![""]);
    }

    #[test]
    fn a_line_longer_than_a_piece_is_one_line() {
        let long = "x".repeat(200_000);
        let mbox = format!(
            "From a Thu Aug 22 12:36:23 2002\nA: 1\n\n{long}\n\nFrom a Thu Aug 22 12:36:23 2002\nA: 2\n"
        );
        let mut reader = MboxReader::new(mbox.as_bytes());
        assert_eq!(reader.next_message(1 << 20).unwrap().unwrap().bytes.len(), 200_007);
        assert_eq!(reader.next_message(1 << 20).unwrap().unwrap().bytes, b"A: 2\n");
        assert!(reader.next_message(1 << 20).is_none());
    }
}
