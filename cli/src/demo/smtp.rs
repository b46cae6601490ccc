//! The mail server that the demo plays: what agents write really leaves over SMTP, and no further than this.
//!
//! It takes one message at a time from anybody on this machine and hands it on; nothing is kept.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context;
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 8 * 1024;

/// The longest message that is taken, in bytes.
const LONGEST_MESSAGE: usize = 32 << 20;

/// The most recipients of one message.
const MOST_RECIPIENTS: usize = 100;

/// The most lines in one connection besides those of messages.
const MOST_COMMANDS: usize = 1_000;

/// How long it waits for a line.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many messages wait to be looked at; whoever sends more has to come back.
const HELD: usize = 32;

/// A message that arrived there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    /// To whom, as the server was told.
    pub(crate) to: Vec<String>,
    /// The message.
    pub(crate) raw: Vec<u8>,
}

/// The mail server that the demo plays. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct PlayedPost {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl PlayedPost {
    /// Starts it on this machine, on the port it had before where that is free.
    pub(crate) async fn start(before: Option<u16>) -> anyhow::Result<(Self, mpsc::Receiver<Letter>)> {
        let here = std::net::Ipv4Addr::LOCALHOST;
        let listener = match TcpListener::bind((here, before.unwrap_or(0))).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind((here, 0))
                .await
                .context("no port is free for the mail server that the demo plays")?,
        };
        let address = listener.local_addr()?;
        let (arrived, letters) = mpsc::channel(HELD);
        let task = tokio::spawn(async move {
            // One after the other: the outbox is the only one who writes here.
            while let Ok((stream, _)) = listener.accept().await {
                let (reader, writer) = halves(stream);
                // Whoever hangs up in the middle has said nothing.
                let _ = talk(reader, writer, &arrived).await;
            }
        });
        Ok((Self { address, task }, letters))
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for PlayedPost {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn halves(stream: TcpStream) -> (impl AsyncBufRead + Unpin, impl AsyncWrite + Unpin) {
    let (reader, writer) = stream.into_split();
    (BufReader::new(reader), writer)
}

/// One connection, from the greeting to the farewell.
async fn talk(
    mut reader: impl AsyncBufRead + Unpin,
    mut writer: impl AsyncWrite + Unpin,
    arrived: &mpsc::Sender<Letter>,
) -> std::io::Result<()> {
    writer.write_all(b"220 localhost the demo of Whom plays this mail server\r\n").await?;
    let mut has_sender = false;
    let mut to: Vec<String> = Vec::new();
    for _ in 0..MOST_COMMANDS {
        let Some(line) = line(&mut reader).await? else { return Ok(()) };
        let command = String::from_utf8_lossy(&line).trim().to_owned();
        let is = |word: &str| command.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
        let answer = if is("EHLO") {
            "250-localhost\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 33554432"
        } else if is("HELO") {
            "250 localhost"
        } else if is("MAIL FROM:") {
            (has_sender, to) = (true, Vec::new());
            "250 noted"
        } else if is("RCPT TO:") && has_sender {
            match address(&command) {
                Some(_) if to.len() >= MOST_RECIPIENTS => "452 these are enough for one message",
                Some(address) => {
                    to.push(address);
                    "250 noted"
                }
                None => "501 this is no address",
            }
        } else if is("DATA") && !to.is_empty() {
            writer.write_all(b"354 end with a dot\r\n").await?;
            let Some(raw) = message(&mut reader).await? else { return Ok(()) };
            has_sender = false;
            let to = std::mem::take(&mut to);
            match raw {
                Taken::Whole(raw) => match arrived.try_send(Letter { to, raw }) {
                    Ok(()) => "250 taken",
                    Err(_) => "451 too much at once, come back later",
                },
                Taken::TooLong => "552 this message is too long",
            }
        } else if is("RSET") {
            (has_sender, to) = (false, Vec::new());
            "250 forgotten"
        } else if is("NOOP") {
            "250 here"
        } else if is("QUIT") {
            return writer.write_all(b"221 until then\r\n").await;
        } else if is("RCPT") || is("DATA") {
            "503 not yet"
        } else {
            "502 this is not spoken here"
        };
        writer.write_all(answer.as_bytes()).await?;
        writer.write_all(b"\r\n").await?;
    }
    writer.write_all(b"421 this takes too long\r\n").await
}

/// A message that was sent to its end.
enum Taken {
    Whole(Vec<u8>),
    TooLong,
}

/// Reads to the line with nothing but a dot.
async fn message(reader: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Taken>> {
    let mut raw = Vec::new();
    let mut is_too_long = false;
    let mut read = 0;
    while let Some(line) = line(reader).await? {
        let bare = line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n")).unwrap_or(&line);
        if bare == b"." {
            return Ok(Some(if is_too_long { Taken::TooLong } else { Taken::Whole(raw) }));
        }
        read += line.len();
        is_too_long |= read > LONGEST_MESSAGE;
        // Nobody can make it read for ever: twice as much is too much to be meant.
        if read > 2 * LONGEST_MESSAGE {
            return Ok(None);
        }
        if !is_too_long {
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }
    Ok(None)
}

/// One line with its end; nothing where there is none any more.
async fn line(reader: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut limited = reader.take(LONGEST_LINE);
    match timeout(PATIENCE, limited.read_until(b'\n', &mut line)).await {
        Ok(read) => Ok((read? > 0).then_some(line)),
        Err(_) => Ok(None),
    }
}

/// The address of `RCPT TO:<…>`.
fn address(command: &str) -> Option<String> {
    let (_, rest) = command.split_once('<')?;
    let (address, _) = rest.split_once('>')?;
    let is_one = address.contains('@') && !address.contains(|c: char| c.is_whitespace() || c.is_control());
    is_one.then(|| address.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn said(sent: &str) -> (String, Vec<Letter>) {
        let (arrived, mut letters) = mpsc::channel(4);
        let mut answers = Vec::new();
        talk(sent.as_bytes(), &mut answers, &arrived).await.unwrap();
        let mut taken = Vec::new();
        while let Ok(letter) = letters.try_recv() {
            taken.push(letter);
        }
        (String::from_utf8(answers).unwrap(), taken)
    }

    #[tokio::test]
    async fn a_message_is_taken_and_its_dots_are_those_that_were_meant() {
        let (answers, taken) = said(
            "EHLO shop.example\r\nMAIL FROM:<us@shop.example>\r\nRCPT TO:<Ana@x.example>\r\nDATA\r\n\
             Subject: Hello\r\n\r\n..dot\r\n.\r\nQUIT\r\n",
        )
        .await;
        let raw = b"Subject: Hello\r\n\r\n.dot\r\n".to_vec();
        assert_eq!(taken, [Letter { to: vec!["ana@x.example".into()], raw }]);
        assert!(answers.ends_with("250 taken\r\n221 until then\r\n"), "{answers}");
    }

    #[tokio::test]
    async fn nothing_is_taken_out_of_order_or_for_nobody() {
        let (answers, taken) =
            said("DATA\r\nRCPT TO:<a@x.example>\r\nMAIL FROM:<u@s.example>\r\nRCPT TO:nobody\r\nVRFY a\r\n")
                .await;
        assert!(taken.is_empty());
        let codes: Vec<&str> = answers.lines().filter_map(|line| line.get(..3)).collect();
        assert_eq!(codes, ["220", "503", "503", "250", "501", "502"]);
    }
}
