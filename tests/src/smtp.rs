//! A mail server of a test's own on loopback, which can keep its answer back.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

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

#[derive(Default)]
struct Seen {
    /// Whole messages, in the order in which they came; an answer to them may never have left.
    messages: Vec<String>,
}

/// A mail server that takes everything, unless it is to say no more at a step.
pub struct MailPeer {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    holds: watch::Sender<HoldsAt>,
    /// How many connections stand at the step at which nothing is said any more.
    held: watch::Receiver<usize>,
}

impl MailPeer {
    /// Begins to listen.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of this machine");
        let address = listener.local_addr().expect("its address");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (holds, holding) = watch::channel(HoldsAt::Nothing);
        let (count, held) = watch::channel(0);
        let (keeping, count) = (seen.clone(), Arc::new(count));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serve(stream, keeping.clone(), holding.clone(), count.clone());
                tokio::spawn(async move { drop(serving.await) });
            }
        });
        Self { address, seen, holds, held }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Says at which step it is to say no more.
    pub fn hold(&self, at: HoldsAt) {
        self.holds.send_replace(at);
    }

    /// Waits until a connection stands where nothing is said any more.
    pub async fn until_held(&mut self) {
        self.held.wait_for(|held| *held > 0).await.expect("the mail server listens");
    }

    /// The whole messages that came, whether they were answered or not.
    pub fn messages(&self) -> Vec<String> {
        lock(&self.seen).messages.clone()
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(
    stream: TcpStream,
    seen: Arc<Mutex<Seen>>,
    mut holds: watch::Receiver<HoldsAt>,
    held: Arc<watch::Sender<usize>>,
) -> std::io::Result<()> {
    let mut wire = BufReader::new(stream);
    wire.write_all(b"220 peer.example ESMTP\r\n").await?;
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let (step, answer) = match verb.as_str() {
            "EHLO" => (None, "250-peer.example\r\n250 8BITMIME"),
            "RCPT" => (Some(HoldsAt::Recipient), "250 ok"),
            "DATA" => {
                wire.write_all(b"354 go on\r\n").await?;
                let Some(message) = message(&mut wire).await? else { return Ok(()) };
                lock(&seen).messages.push(message);
                (Some(HoldsAt::Message), "250 2.0.0 queued")
            }
            "QUIT" => (None, "221 bye"),
            _ => (None, "250 ok"),
        };
        if step == Some(*holds.borrow()) {
            held.send_modify(|held| *held += 1);
            // Until it may speak again; whoever asked may be gone by then.
            let _ = holds.wait_for(|at| step != Some(*at)).await;
            held.send_modify(|held| *held -= 1);
        }
        wire.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// A message up to the dot that ends it; nothing where the connection breaks before.
async fn message(wire: &mut BufReader<TcpStream>) -> std::io::Result<Option<String>> {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line == ".\r\n" {
            return Ok(Some(message));
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
