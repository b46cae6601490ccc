//! A conversation with a mail server: greeted, encrypted, signed in, a message handed over.

use std::{fmt, io, net::SocketAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

use super::{
    Credentials, MailServer, Security, SmtpTimes,
    line::{Lines, Reply, Wire, plain},
    tls,
};

/// A step on the way of a message to a mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Finding the server by its name.
    FindServer,
    /// Reaching it.
    Connect,
    /// Being greeted by it.
    Greeting,
    /// Encrypting.
    Encrypt,
    /// Signing in.
    SignIn,
    /// Naming our own address.
    Sender,
    /// Naming a recipient.
    Recipient,
    /// Handing the message over.
    Message,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FindServer => "the mail server was not found",
            Self::Connect => "the mail server could not be reached",
            Self::Greeting => "the mail server did not greet as one",
            Self::Encrypt => "the connection could not be encrypted",
            Self::SignIn => "the mail server did not let us sign in",
            Self::Sender => "the mail server did not take our address",
            Self::Recipient => "the mail server did not take the recipient",
            Self::Message => "the mail server did not take the message",
        })
    }
}

/// Why a message was not handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{step}: {words}")]
pub(crate) struct Failure {
    pub(crate) step: Step,
    /// The server's own words, or those of the machine.
    pub(crate) words: String,
    /// Whether it makes no sense to try this message again.
    pub(crate) is_final: bool,
    /// Whether the whole message was handed over and no answer came, so that it may have been taken.
    pub(crate) may_be_taken: bool,
}

/// A recipient whom the server did not take, while it took others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) address: String,
    pub(crate) words: String,
    pub(crate) is_final: bool,
}

/// That the server took the message, and for whom it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) words: String,
    pub(crate) refused: Vec<Refused>,
}

/// From whom and to whom, as the server is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
}

/// A conversation that is open. Dropping it hangs up.
pub(crate) struct Session {
    lines: Lines,
    times: SmtpTimes,
    offers: Vec<String>,
}

impl Step {
    fn broken(self, error: &io::Error) -> Failure {
        Failure { step: self, words: plain(&error.to_string()), is_final: false, may_be_taken: false }
    }

    /// What is wrong with the server or the account is no fault of the message: it waits until that is mended.
    fn refused(self, reply: &Reply) -> Failure {
        let is_about_message = matches!(self, Self::Sender | Self::Recipient | Self::Message);
        Failure {
            step: self,
            words: reply.words(),
            is_final: is_about_message && reply.code >= 500,
            may_be_taken: false,
        }
    }
}

impl Session {
    /// Reaches a server, encrypts and signs in.
    pub(crate) async fn open(server: &MailServer, times: SmtpTimes) -> Result<Self, Failure> {
        let stream = connect(server, &times).await?;
        let mut wire: Box<dyn Wire> = Box::new(stream);
        if server.security == Security::Tls {
            wire = encrypted(wire, server, &times).await?;
        }
        let mut session = Self { lines: Lines::over(wire), times, offers: Vec::new() };
        session.expect(Step::Greeting).await?;
        session.greet(&server.hello).await?;
        if server.security == Security::Starttls {
            session = session.start_tls(server).await?;
        }
        if let Some(credentials) = &server.credentials {
            session.sign_in(credentials).await?;
        }
        Ok(session)
    }

    /// Says from whom and to whom a message goes; gives those who are not taken. At least one was when that succeeds.
    pub(crate) async fn announce(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
    ) -> Result<Vec<Refused>, Failure> {
        let mut sender = format!("MAIL FROM:<{}>", envelope.from);
        if self.offer("SIZE").is_some() {
            sender.push_str(&format!(" SIZE={}", message.len()));
        }
        let is_plain = |address: &String| address.is_ascii();
        if !is_plain(&envelope.from) || !envelope.to.iter().all(is_plain) {
            if self.offer("SMTPUTF8").is_none() {
                let words = "it takes no addresses with letters beyond ASCII".to_owned();
                return Err(Failure { step: Step::Recipient, words, is_final: true, may_be_taken: false });
            }
            sender.push_str(" SMTPUTF8");
        }
        if !message.is_ascii() && self.offer("8BITMIME").is_some() {
            sender.push_str(" BODY=8BITMIME");
        }
        self.command(Step::Sender, &sender).await?;

        let mut refused = Vec::new();
        for address in &envelope.to {
            let reply = self.ask(Step::Recipient, &format!("RCPT TO:<{address}>")).await?;
            if !reply.is_good() {
                let Failure { words, is_final, .. } = Step::Recipient.refused(&reply);
                refused.push(Refused { address: address.clone(), words, is_final });
            }
        }
        if refused.len() == envelope.to.len() {
            let words = refused.first().map(|first| first.words.clone()).unwrap_or_default();
            let is_final = refused.iter().all(|one| one.is_final);
            return Err(Failure { step: Step::Recipient, words, is_final, may_be_taken: false });
        }
        Ok(refused)
    }

    /// Hands over the message that was announced; gives the server's words.
    ///
    /// A connection that breaks before the answer to the last line leaves it open whether the message was
    /// taken; RFC 5321 (4.5.3.2.6) has the sender try again, and the recipient know it by its `Message-ID`.
    pub(crate) async fn give(&mut self, message: &[u8]) -> Result<String, Failure> {
        let go_on = self.command(Step::Message, "DATA").await?;
        if go_on.code != 354 {
            return Err(Failure {
                step: Step::Message,
                words: go_on.words(),
                is_final: false,
                may_be_taken: false,
            });
        }
        self.send(Step::Message, &stuffed(message), self.times.message).await?;
        let unanswered = |error| Failure { may_be_taken: true, ..Step::Message.broken(&error) };
        let reply = self.lines.reply(self.times.message).await.map_err(unanswered)?;
        if reply.code / 100 != 2 {
            return Err(Step::Message.refused(&reply));
        }
        Ok(reply.words())
    }

    /// Says good-bye; nobody needs to wait for it.
    pub(crate) async fn quit(mut self) {
        if self.lines.send(b"QUIT\r\n", self.times.command).await.is_ok() {
            let _ = self.lines.reply(self.times.command.min(std::time::Duration::from_secs(5))).await;
        }
    }

    async fn start_tls(mut self, server: &MailServer) -> Result<Self, Failure> {
        if self.offer("STARTTLS").is_none() {
            let words = "the server offers no encryption (STARTTLS), so nothing is sent".to_owned();
            return Err(Failure { step: Step::Encrypt, words, is_final: false, may_be_taken: false });
        }
        self.command(Step::Encrypt, "STARTTLS").await?;
        let wire = self.lines.into_wire().map_err(|error| Step::Encrypt.broken(&error))?;
        let wire = encrypted(wire, server, &self.times).await?;
        let mut session = Self { lines: Lines::over(wire), times: self.times, offers: Vec::new() };
        session.greet(&server.hello).await?;
        Ok(session)
    }

    async fn greet(&mut self, hello: &str) -> Result<(), Failure> {
        self.send(Step::Greeting, format!("EHLO {hello}\r\n").as_bytes(), self.times.command).await?;
        let reply = self.expect(Step::Greeting).await?;
        self.offers = reply.lines.into_iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
        Ok(())
    }

    async fn sign_in(&mut self, credentials: &Credentials) -> Result<(), Failure> {
        let ways = self.offer("AUTH").unwrap_or_default();
        let knows = |way: &str| ways.split_whitespace().any(|word| word == way);
        let Credentials { user, secret } = credentials;
        if knows("PLAIN") {
            let said = STANDARD.encode(format!("\0{user}\0{secret}"));
            self.command(Step::SignIn, &format!("AUTH PLAIN {said}")).await?;
        } else if knows("LOGIN") {
            self.command(Step::SignIn, "AUTH LOGIN").await?;
            self.command(Step::SignIn, &STANDARD.encode(user)).await?;
            self.command(Step::SignIn, &STANDARD.encode(secret)).await?;
        } else {
            let words = "the server knows no way to sign in that is known here (PLAIN, LOGIN)".to_owned();
            return Err(Failure { step: Step::SignIn, words, is_final: false, may_be_taken: false });
        }
        Ok(())
    }

    /// What the server said of something it can do; empty where it said no more than that it can.
    fn offer(&self, word: &str) -> Option<String> {
        self.offers.iter().find_map(|offer| {
            let (first, rest) = offer.split_once([' ', '=']).unwrap_or((offer, ""));
            (first == word).then(|| rest.to_owned())
        })
    }

    /// Says a command; an answer that refuses it is a failure.
    async fn command(&mut self, step: Step, command: &str) -> Result<Reply, Failure> {
        let reply = self.ask(step, command).await?;
        if reply.is_good() { Ok(reply) } else { Err(step.refused(&reply)) }
    }

    /// Says a command and gives the answer, whatever it is.
    async fn ask(&mut self, step: Step, command: &str) -> Result<Reply, Failure> {
        // Whatever came from outside was checked before; a second line must never follow all the same.
        if command.contains(['\r', '\n', '\0']) {
            let words = "a line break where none belongs was not sent".to_owned();
            return Err(Failure { step, words, is_final: true, may_be_taken: false });
        }
        self.send(step, format!("{command}\r\n").as_bytes(), self.times.command).await?;
        self.lines.reply(self.times.command).await.map_err(|error| step.broken(&error))
    }

    async fn send(&mut self, step: Step, bytes: &[u8], within: std::time::Duration) -> Result<(), Failure> {
        self.lines.send(bytes, within).await.map_err(|error| step.broken(&error))
    }

    async fn expect(&mut self, step: Step) -> Result<Reply, Failure> {
        let reply = self.lines.reply(self.times.command).await.map_err(|error| step.broken(&error))?;
        if reply.is_good() { Ok(reply) } else { Err(step.refused(&reply)) }
    }
}

async fn connect(server: &MailServer, times: &SmtpTimes) -> Result<TcpStream, Failure> {
    let host = server.host.trim_start_matches('[').trim_end_matches(']');
    let too_slow =
        |step: Step| Failure { step, words: "it took too long".into(), is_final: false, may_be_taken: false };
    let found = timeout(times.connect, lookup_host((host, server.port))).await;
    let found: Vec<SocketAddr> = found
        .map_err(|_| too_slow(Step::FindServer))?
        .map_err(|_| Failure {
            step: Step::FindServer,
            words: format!("there is no `{host}`"),
            is_final: false,
            may_be_taken: false,
        })?
        .collect();
    let mut last = Failure {
        step: Step::FindServer,
        words: format!("`{host}` has no address"),
        is_final: false,
        may_be_taken: false,
    };
    for address in found {
        if server.security == Security::None && !address.ip().is_loopback() {
            let words = "without encryption mail is handed to this machine itself only".to_owned();
            last = Failure { step: Step::Connect, words, is_final: false, may_be_taken: false };
            continue;
        }
        match timeout(times.connect, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                let words = format!("nobody takes connections on port {}", server.port);
                last = Failure { step: Step::Connect, words, is_final: false, may_be_taken: false };
            }
            Ok(Err(error)) => last = Step::Connect.broken(&error),
            Err(_) => last = too_slow(Step::Connect),
        }
    }
    Err(last)
}

async fn encrypted(
    wire: Box<dyn Wire>,
    server: &MailServer,
    times: &SmtpTimes,
) -> Result<Box<dyn Wire>, Failure> {
    let encrypting = tls::encrypt(wire, &server.host, server.certificate.as_deref());
    match timeout(times.connect, encrypting).await {
        Ok(Ok(wire)) => Ok(wire),
        Ok(Err(error)) => Err(Step::Encrypt.broken(&error)),
        Err(_) => Err(Failure {
            step: Step::Encrypt,
            words: "it took too long".into(),
            is_final: false,
            may_be_taken: false,
        }),
    }
}

/// A message as it goes over the line: every line ends in CR LF, a dot at the beginning is doubled, and a
/// line with a dot alone ends it.
fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 64 + 8);
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        if bare.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(bare);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_ends_where_it_ends_and_not_at_a_dot_of_its_own() {
        for (message, expected) in
            [("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"), ("a\n..b", "a\r\n...b\r\n.\r\n"), ("", ".\r\n")]
        {
            assert_eq!(String::from_utf8(stuffed(message.as_bytes())).unwrap(), expected);
        }
    }
}
