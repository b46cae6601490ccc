//! The mail server of the outside world: it takes what leaves Whom over SMTP.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
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

/// At which step the mail server says no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldsAt {
    /// It answers everything.
    Nothing,
    /// It knows from whom and to whom, and has not heard that the message comes.
    Recipient,
    /// It has the whole message, and says neither yes nor no.
    Message,
}

/// What every connection shares.
struct House {
    /// Whole messages, in the order in which they came; an answer to them may never have left.
    taken: Mutex<Vec<Taken>>,
    holds: watch::Sender<HoldsAt>,
    /// How many connections stand at the step at which nothing is said any more.
    held: watch::Sender<usize>,
}

/// A mail server on this machine, which can keep its answers back; gone when dropped.
pub struct PlayedPost {
    port: u16,
    house: Arc<House>,
    serving: JoinHandle<()>,
}

impl PlayedPost {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let (holds, held) = (watch::Sender::new(HoldsAt::Nothing), watch::Sender::new(0));
        let house = Arc::new(House { taken: Mutex::default(), holds, held });
        let shared = house.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                tokio::spawn(async move {
                    // Whoever hangs up in the middle has said nothing.
                    let _ = talk(stream, &shared).await;
                });
            }
        });
        Self { port, house, serving }
    }

    /// Says at which step it is to say no more.
    pub fn hold(&self, at: HoldsAt) {
        self.house.holds.send_replace(at);
    }

    /// Waits until a connection stands where nothing is said any more.
    pub async fn until_held(&self) {
        let mut held = self.house.held.subscribe();
        held.wait_for(|held| *held > 0).await.expect("the mail server listens");
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
        self.house.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
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

async fn talk(stream: TcpStream, house: &House) -> std::io::Result<()> {
    let mut holds = house.holds.subscribe();
    let mut wire = BufReader::new(stream);
    wire.write_all(b"220 mx.example ESMTP\r\n").await?;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.split([' ', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        let mut step = None;
        let answer = match verb.as_str() {
            "EHLO" => "250-mx.example\r\n250 8BITMIME",
            "MAIL" => {
                (from, to) = (bracketed(&line), Vec::new());
                "250 ok"
            }
            "RCPT" => {
                to.push(bracketed(&line));
                step = Some(HoldsAt::Recipient);
                "250 ok"
            }
            "DATA" => {
                wire.write_all(b"354 go on\r\n").await?;
                let raw = message(&mut wire).await?;
                let one = Taken { from: from.clone(), to: to.clone(), raw };
                house.taken.lock().unwrap_or_else(PoisonError::into_inner).push(one);
                step = Some(HoldsAt::Message);
                "250 2.0.0 taken"
            }
            "RSET" | "NOOP" => "250 ok",
            "QUIT" => {
                wire.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 this is not spoken here",
        };
        if step == Some(*holds.borrow_and_update()) {
            house.held.send_modify(|held| *held += 1);
            // Until it may speak again; whoever asked may be gone by then.
            let _ = holds.wait_for(|at| step != Some(*at)).await;
            house.held.send_modify(|held| *held -= 1);
        }
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
