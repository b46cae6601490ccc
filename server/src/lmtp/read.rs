//! Reading lines and messages from a connection, with limits that hold whatever comes.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt as _},
    time::timeout,
};

/// The longest command, in bytes; RFC 5321 says 512 and more for what extensions add.
const LONGEST_COMMAND: usize = 4_096;

/// One line of a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A whole line, without its end.
    Whole(String),
    /// One that was too long, or no text; all of it was read.
    Unreadable,
    /// The client hung up, perhaps within a line.
    End,
}

/// A message of a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// As it was before dots were doubled.
    Whole(Vec<u8>),
    /// Longer than what is taken; all of it was read.
    TooLarge,
    /// The client hung up in the middle.
    Broken,
}

/// Reads one command.
pub(super) async fn line(from: &mut (impl AsyncBufRead + Unpin), within: Duration) -> io::Result<Line> {
    let reading = async {
        let mut line = Vec::new();
        let mut is_too_long = false;
        loop {
            let piece = from.fill_buf().await?;
            if piece.is_empty() {
                return Ok(Line::End);
            }
            let end = piece.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(piece.len(), |end| end + 1);
            if line.len() + taken > LONGEST_COMMAND {
                is_too_long = true;
                line.clear();
            } else if !is_too_long {
                line.extend_from_slice(&piece[..taken]);
            }
            from.consume(taken);
            if end.is_some() {
                break;
            }
        }
        if is_too_long {
            return Ok(Line::Unreadable);
        }
        let bare = line.strip_suffix(b"\n").unwrap_or(&line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        Ok(String::from_utf8(bare.to_vec()).map_or(Line::Unreadable, Line::Whole))
    };
    timeout(within, reading).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// Reads a message up to the line with a dot alone, and takes the doubled dots back.
///
/// Only CR LF ends a line here: a dot between bare line feeds is text, or else one mail server would see
/// one message where the next sees two.
pub(super) async fn content(
    from: &mut (impl AsyncBufRead + Unpin),
    limit: usize,
    within: Duration,
) -> io::Result<Content> {
    let reading = async {
        let mut unstuffed = Unstuffed::new(limit);
        loop {
            let piece = from.fill_buf().await?;
            if piece.is_empty() {
                return Ok(Content::Broken);
            }
            let (taken, is_over) = unstuffed.take(piece);
            from.consume(taken);
            if is_over {
                return Ok(unstuffed.finish());
            }
        }
    };
    timeout(within, reading).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// Where in a line the reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    /// Behind a dot at the start of a line.
    Dot,
    /// Behind a dot and a carriage return.
    DotReturn,
    Within,
    Return,
}

struct Unstuffed {
    message: Vec<u8>,
    limit: usize,
    is_too_large: bool,
    at: At,
}

impl Unstuffed {
    fn new(limit: usize) -> Self {
        Self { message: Vec::new(), limit, is_too_large: false, at: At::Start }
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.is_too_large || self.message.len() + bytes.len() > self.limit {
            // What is too long is read to its end and not kept, so that the answer comes where it is waited for.
            self.is_too_large = true;
            self.message = Vec::new();
        } else {
            self.message.extend_from_slice(bytes);
        }
    }

    /// Takes what belongs to the message; gives how much that was, and whether the message is over.
    fn take(&mut self, piece: &[u8]) -> (usize, bool) {
        let mut kept_from = 0;
        for (place, byte) in piece.iter().enumerate() {
            match (self.at, byte) {
                (At::Start, b'.') => {
                    // The first dot is dropped: doubled ones stand for one, and a lone one for the end.
                    self.push(&piece[kept_from..place]);
                    kept_from = place + 1;
                    self.at = At::Dot;
                }
                (At::Dot, b'\r') => {
                    self.push(&piece[kept_from..place]);
                    kept_from = place + 1;
                    self.at = At::DotReturn;
                }
                (At::DotReturn, b'\n') => return (place + 1, true),
                (At::DotReturn, _) => {
                    // No end after all: the return that was held back belongs to the text.
                    self.push(b"\r");
                    self.at = if *byte == b'\r' { At::Return } else { At::Within };
                }
                (At::Return, b'\n') => self.at = At::Start,
                (_, b'\r') => self.at = At::Return,
                _ => self.at = At::Within,
            }
        }
        self.push(&piece[kept_from..]);
        (piece.len(), false)
    }

    fn finish(self) -> Content {
        if self.is_too_large { Content::TooLarge } else { Content::Whole(self.message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    async fn read(bytes: &[u8], limit: usize, at_once: usize) -> (Content, Vec<u8>) {
        let mut from = tokio::io::BufReader::with_capacity(at_once, bytes);
        let content = content(&mut from, limit, SOON).await.unwrap();
        let mut rest = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut from, &mut rest).await.unwrap();
        (content, rest)
    }

    #[tokio::test]
    async fn a_message_is_the_same_however_it_comes_in_pieces() {
        let cases: [(&str, Option<&str>, &str); 8] = [
            ("a\r\n.\r\nQUIT", Some("a\r\n"), "QUIT"),
            (".\r\n", Some(""), ""),
            ("..a\r\n...\r\n.\r\n", Some(".a\r\n..\r\n"), ""),
            ("a\n.\nb\r\n.\r\n", Some("a\n.\nb\r\n"), ""),
            (".a\r\n.\rb\r\n.\r\n", Some("a\r\n\rb\r\n"), ""),
            ("a\r\r\n.\r\n", Some("a\r\r\n"), ""),
            ("a.b\r\n.\r\n.\r\n", Some("a.b\r\n"), ".\r\n"),
            ("a\r\n.\r", None, ""),
        ];
        for (wire, message, rest) in cases {
            for at_once in 1..=wire.len() + 1 {
                let expected = message.map_or(Content::Broken, |text| Content::Whole(text.into()));
                assert_eq!(
                    read(wire.as_bytes(), 100, at_once).await,
                    (expected, rest.into()),
                    "{wire:?} {at_once}"
                );
            }
        }
        assert_eq!(read(b"12345\r\n.\r\nQUIT", 4, 3).await, (Content::TooLarge, b"QUIT".to_vec()));
        assert_eq!(read(b"12\r\n.\r\n", 4, 3).await.0, Content::Whole(b"12\r\n".to_vec()));
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_read_to_its_end() {
        let long = format!("{}\r\nNOOP\r\nhalf", "x".repeat(LONGEST_COMMAND));
        let mut from = tokio::io::BufReader::with_capacity(100, long.as_bytes());
        assert_eq!(line(&mut from, SOON).await.unwrap(), Line::Unreadable);
        assert_eq!(line(&mut from, SOON).await.unwrap(), Line::Whole("NOOP".into()));
        assert_eq!(line(&mut from, SOON).await.unwrap(), Line::End);
    }
}
