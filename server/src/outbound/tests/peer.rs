//! A mail server of a test's own: it listens, records, refuses, is slow, hangs up, encrypts.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// A message as the peer got it.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) message: Vec<u8>,
    pub(super) was_encrypted: bool,
    pub(super) user: Option<String>,
}

/// When the peer hangs up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HangUp {
    WithinMessage,
    BeforeAnswer,
}

/// How the peer behaves.
#[derive(Clone, Default)]
pub(super) struct Manners {
    pub(super) implicit_tls: bool,
    pub(super) starttls: bool,
    /// Says more in the clear than was asked, as somebody in between would.
    pub(super) says_too_much: bool,
    pub(super) auth: Option<(String, String)>,
    /// Answers to recipients other than "yes".
    pub(super) recipients: BTreeMap<String, String>,
    /// The answer to whole messages other than "yes".
    pub(super) answer: Option<String>,
    pub(super) hangs_up: Option<HangUp>,
    pub(super) waits: Duration,
}

pub(super) struct Peer {
    pub(super) address: SocketAddr,
    /// The certificate to trust, in PEM.
    pub(super) certificate: String,
    shared: Arc<Shared>,
}

struct Shared {
    received: Mutex<Vec<Received>>,
    manners: Mutex<Manners>,
    connections: AtomicUsize,
    tls: TlsAcceptor,
}

impl Peer {
    pub(super) async fn start(manners: Manners) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into(), "127.0.0.1".into()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            manners: Mutex::new(manners),
            connections: AtomicUsize::new(0),
            tls: TlsAcceptor::from(Arc::new(config)),
        });
        let serving = shared.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                let serving = serving.clone();
                tokio::spawn(async move {
                    let _ = serving.serve(stream).await;
                });
            }
        });
        Self { address, certificate: made.cert.pem(), shared }
    }

    pub(super) fn behave(&self, manners: Manners) {
        *self.shared.manners.lock().unwrap() = manners;
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap().clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

impl Shared {
    fn manners(&self) -> Manners {
        self.manners.lock().unwrap().clone()
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let manners = self.manners();
        let mut is_encrypted = manners.implicit_tls;
        let stream: Box<dyn Wire> =
            if is_encrypted { Box::new(self.tls.accept(stream).await?) } else { Box::new(stream) };
        let mut wire = BufReader::new(stream);
        wire.write_all(b"220 peer.example ESMTP\r\n").await?;
        let mut user = None;
        let mut from = String::new();
        let mut to = Vec::new();
        loop {
            let mut line = String::new();
            if wire.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_owned();
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => {
                    let mut answer = String::from("250-peer.example\r\n250-SIZE 1000000\r\n");
                    if manners.starttls && !is_encrypted {
                        answer.push_str("250-STARTTLS\r\n");
                    }
                    if manners.auth.is_some() {
                        answer.push_str("250-AUTH PLAIN\r\n");
                    }
                    answer + "250 8BITMIME"
                }
                "STARTTLS" => {
                    let extra = if manners.says_too_much { "250 me too\r\n" } else { "" };
                    wire.write_all(format!("220 go on\r\n{extra}").as_bytes()).await?;
                    wire = BufReader::new(Box::new(self.tls.accept(wire.into_inner()).await?));
                    is_encrypted = true;
                    continue;
                }
                "AUTH" => {
                    let said = base64_of(line.rsplit(' ').next().unwrap_or_default());
                    let known = manners.auth.as_ref().map(|(user, secret)| format!("\0{user}\0{secret}"));
                    if known == Some(said) {
                        user = manners.auth.as_ref().map(|(user, _)| user.clone());
                        "235 2.7.0 welcome".into()
                    } else {
                        "535 5.7.8 wrong user or secret".into()
                    }
                }
                "MAIL" if manners.auth.is_some() && user.is_none() => "530 5.7.0 sign in first".into(),
                "MAIL" => {
                    from = bracketed(&line);
                    to.clear();
                    "250 ok".into()
                }
                "RCPT" => match manners.recipients.get(&bracketed(&line)) {
                    Some(answer) if !answer.starts_with('2') => answer.clone(),
                    _ => {
                        to.push(bracketed(&line));
                        "250 ok".into()
                    }
                },
                "DATA" => {
                    wire.write_all(b"354 go on\r\n").await?;
                    if manners.hangs_up == Some(HangUp::WithinMessage) {
                        wire.read_u8().await?;
                        return Ok(());
                    }
                    let message = message(&mut wire).await?;
                    tokio::time::sleep(manners.waits).await;
                    if manners.hangs_up == Some(HangUp::BeforeAnswer) {
                        return Ok(());
                    }
                    let answer = manners.answer.clone().unwrap_or_else(|| "250 2.0.0 queued as 1".into());
                    if answer.starts_with('2') {
                        let (from, to) = (from.clone(), to.clone());
                        let was_encrypted = is_encrypted;
                        let received = Received { from, to, message, was_encrypted, user: user.clone() };
                        self.received.lock().unwrap().push(received);
                    }
                    answer
                }
                "QUIT" => {
                    wire.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "500 what?".into(),
            };
            wire.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}

async fn message(wire: &mut BufReader<Box<dyn Wire>>) -> std::io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if wire.read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        match line.as_slice() {
            b".\r\n" => return Ok(message),
            [b'.', rest @ ..] => message.extend_from_slice(rest),
            whole => message.extend_from_slice(whole),
        }
    }
}

fn bracketed(line: &str) -> String {
    let inner = line.split_once('<').map_or("", |(_, rest)| rest);
    inner.split('>').next().unwrap_or_default().to_owned()
}

fn base64_of(text: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    String::from_utf8(STANDARD.decode(text).unwrap_or_default()).unwrap_or_default()
}
