//! Lines over a connection: commands out, replies in.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    time::timeout,
};

/// The longest line of a reply, and the most lines of one.
const LONGEST_LINE: u64 = 4_096;
const MOST_LINES: usize = 100;

/// The longest words of a server that are kept, in characters.
const LONGEST_WORDS: usize = 400;

/// A connection, encrypted or not.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

impl Reply {
    /// The code and the words on one line, as people quote them.
    pub(super) fn words(&self) -> String {
        let text = self.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let text = text.collect::<Vec<_>>().join(" ");
        plain(&format!("{} {text}", self.code))
    }

    pub(super) fn is_good(&self) -> bool {
        (200..400).contains(&self.code)
    }
}

/// Text of a stranger on one line and not without end.
pub(super) fn plain(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST_WORDS).collect()
}

/// Commands and replies over a connection.
pub(super) struct Lines {
    wire: BufReader<Box<dyn Wire>>,
}

impl Lines {
    pub(super) fn over(wire: Box<dyn Wire>) -> Self {
        Self { wire: BufReader::new(wire) }
    }

    /// The connection itself. What came and was not read is an error: words in the clear must not be taken
    /// for words that were encrypted.
    pub(super) fn into_wire(self) -> io::Result<Box<dyn Wire>> {
        if self.wire.buffer().is_empty() {
            Ok(self.wire.into_inner())
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the server said more than was asked before encryption began",
            ))
        }
    }

    pub(super) async fn send(&mut self, bytes: &[u8], within: Duration) -> io::Result<()> {
        let writing = async {
            self.wire.get_mut().write_all(bytes).await?;
            self.wire.get_mut().flush().await
        };
        timeout(within, writing).await.map_err(|_| too_slow())?
    }

    /// Reads one reply with all its lines.
    pub(super) async fn reply(&mut self, within: Duration) -> io::Result<Reply> {
        timeout(within, self.read_reply()).await.map_err(|_| too_slow())?
    }

    async fn read_reply(&mut self) -> io::Result<Reply> {
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            let read = (&mut self.wire).take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
            if read == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up"));
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end();
            let code = line.get(..3).and_then(|code| code.parse::<u16>().ok()).filter(|code| *code >= 200);
            let (Some(code), true) = (code, lines.len() < MOST_LINES) else {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("this is no answer of a mail server: `{}`", plain(line)),
                ));
            };
            lines.push(line.get(4..).unwrap_or_default().to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(Reply { code, lines });
            }
        }
    }
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the server took too long")
}
