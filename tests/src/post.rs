//! The mail server of the outside world: it takes what leaves Whom over SMTP.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::{
    Server,
    until::{PATIENCE, comes},
};

/// A message that the mail server took.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Who sends it, as the server was told.
    pub from: String,
    /// To whom, as the server was told.
    pub to: Vec<String>,
    /// The message as it came.
    pub raw: String,
}

impl Taken {
    /// What stands in a header, its continued lines in one.
    pub fn header(&self, name: &str) -> String {
        let head = self
            .raw
            .split("\r\n\r\n")
            .next()
            .unwrap_or_default()
            .replace("\r\n ", " ")
            .replace("\r\n\t", " ");
        let found = head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        found.unwrap_or_default()
    }

    /// Its Message-ID without brackets.
    pub fn id(&self) -> String {
        self.header("Message-ID").trim_matches(['<', '>']).to_owned()
    }
}

/// A mail server on this machine; gone when dropped.
pub struct PlayedPost {
    port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    serving: JoinHandle<()>,
}

impl PlayedPost {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let taken: Arc<Mutex<Vec<Taken>>> = Arc::default();
        let shared = taken.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                tokio::spawn(async move {
                    // Whoever hangs up in the middle has said nothing.
                    let _ = talk(stream, &shared).await;
                });
            }
        });
        Self { port, taken, serving }
    }

    /// Lets a server's mail leave through it, at once: nobody has seconds to think it over.
    pub async fn serves(&self, server: &Server) {
        let channel = json!({
            "name": "Support",
            "address": "help@shop.example",
            "display_name": "The Shop",
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "is_default": true,
        });
        server.post("/v1/channels", &channel).await;
        server.send(reqwest::Method::PATCH, "/v1/channels", &json!({ "undo_seconds": 0 })).await;
    }

    /// What it has taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for so many messages, and gives the last.
    pub async fn waits_for(&self, count: usize) -> Taken {
        let came = comes(PATIENCE, || async { self.taken().len() >= count }).await;
        assert!(came, "{} messages left, and not {count}", self.taken().len());
        self.taken().swap_remove(count - 1)
    }
}

impl Drop for PlayedPost {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn talk(stream: TcpStream, taken: &Mutex<Vec<Taken>>) -> std::io::Result<()> {
    let mut wire = BufReader::new(stream);
    wire.write_all(b"220 mx.example ESMTP\r\n").await?;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.split([' ', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-mx.example\r\n250 8BITMIME",
            "MAIL" => {
                (from, to) = (bracketed(&line), Vec::new());
                "250 ok"
            }
            "RCPT" => {
                to.push(bracketed(&line));
                "250 ok"
            }
            "DATA" => {
                wire.write_all(b"354 go on\r\n").await?;
                let raw = message(&mut wire).await?;
                let one = Taken { from: from.clone(), to: to.clone(), raw };
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(one);
                "250 2.0.0 taken"
            }
            "RSET" | "NOOP" => "250 ok",
            "QUIT" => {
                wire.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 this is not spoken here",
        };
        wire.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// Reads to the line with nothing but a dot.
async fn message(wire: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if wire.read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        match line.as_slice() {
            b".\r\n" => return Ok(String::from_utf8_lossy(&message).into_owned()),
            [b'.', rest @ ..] => message.extend_from_slice(rest),
            whole => message.extend_from_slice(whole),
        }
    }
}

fn bracketed(line: &str) -> String {
    let inner = line.split_once('<').map_or("", |(_, rest)| rest);
    inner.split('>').next().unwrap_or_default().to_owned()
}
