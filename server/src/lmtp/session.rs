//! One conversation with a mail server.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader, BufWriter, ReadHalf, WriteHalf, split},
    sync::OwnedSemaphorePermit,
};

use super::{
    LmtpLimits,
    command::{Command, Mistake},
    read::{Content, Line, content, line},
};
use crate::{
    app::AppState,
    intake::{Taken, take_mail},
};

/// How far the message is that is being announced.
enum Transaction {
    None,
    /// Who it is from was said, and this many recipients.
    Begun {
        recipients: usize,
    },
}

/// Whether the conversation goes on.
#[derive(PartialEq, Eq)]
enum Then {
    GoOn,
    HangUp,
}

/// Both ways of a connection.
struct Wire<S> {
    from: BufReader<ReadHalf<S>>,
    to: BufWriter<WriteHalf<S>>,
}

impl<S: AsyncRead + AsyncWrite> Wire<S> {
    fn over(stream: S) -> Self {
        let (from, to) = split(stream);
        Self { from: BufReader::new(from), to: BufWriter::new(to) }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.to.write_all(line.as_bytes()).await?;
        self.to.write_all(b"\r\n").await
    }

    /// Whether a whole line is here already: commands that were sent together are answered together.
    fn has_line(&self) -> bool {
        self.from.buffer().contains(&b'\n')
    }
}

/// One conversation with a mail server.
pub(super) struct Session {
    state: AppState,
    limits: LmtpLimits,
    place: Option<OwnedSemaphorePermit>,
    is_greeted: bool,
    transaction: Transaction,
    commands: usize,
    mistakes: usize,
}

impl Session {
    /// A conversation; without a place it is told to come later.
    pub(super) fn new(state: AppState, limits: LmtpLimits, place: Option<OwnedSemaphorePermit>) -> Self {
        Self {
            state,
            limits,
            place,
            is_greeted: false,
            transaction: Transaction::None,
            commands: 0,
            mistakes: 0,
        }
    }

    pub(super) async fn serve(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send) {
        let mut wire = Wire::over(stream);
        match self.converse(&mut wire).await {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                let _ = wire.say("421 4.4.2 Nothing came for too long").await;
                let _ = wire.to.flush().await;
            }
            // The mail server hung up; what it had no answer to it keeps.
            Err(_) => {}
        }
        let _ = wire.to.shutdown().await;
    }

    async fn converse(
        &mut self,
        wire: &mut Wire<impl AsyncRead + AsyncWrite + Unpin + Send>,
    ) -> io::Result<()> {
        if self.place.is_none() {
            wire.say("421 4.3.2 Too many connections; come again").await?;
            return wire.to.flush().await;
        }
        wire.say("220 whom LMTP").await?;
        let stopping = self.state.stopping().clone();
        loop {
            if !wire.has_line() {
                wire.to.flush().await?;
            }
            let came = tokio::select! {
                biased;
                () = stopping.cancelled() => {
                    wire.say("421 4.3.2 The server is stopping; come again").await?;
                    return wire.to.flush().await;
                }
                came = line(&mut wire.from, self.limits.line) => came?,
            };
            let command = match came {
                Line::End => return Ok(()),
                Line::Whole(line) => Command::read(&line),
                Line::Unreadable => Err(Mistake::Unknown),
            };
            if self.obey(command, wire).await? == Then::HangUp {
                return wire.to.flush().await;
            }
        }
    }

    async fn obey(
        &mut self,
        command: Result<Command, Mistake>,
        wire: &mut Wire<impl AsyncRead + AsyncWrite + Unpin + Send>,
    ) -> io::Result<Then> {
        self.commands += 1;
        let command = match command {
            Ok(command) => command,
            Err(mistake) => {
                self.mistakes += 1;
                wire.say(mistake.answer()).await?;
                return self.patience(wire).await;
            }
        };
        let answer = match (command, &self.transaction) {
            (Command::Lhlo, _) => {
                self.is_greeted = true;
                self.transaction = Transaction::None;
                let size = self.state.config().limits.message;
                wire.say("250-whom").await?;
                for offer in ["PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8"] {
                    wire.say(&format!("250-{offer}")).await?;
                }
                format!("250 SIZE {size}")
            }
            (Command::Hello, _) => "500 5.5.1 This is LMTP: say LHLO".into(),
            (Command::Quit, _) => {
                wire.say("221 2.0.0 Good-bye").await?;
                return Ok(Then::HangUp);
            }
            (Command::Noop, _) => "250 2.0.0 Yes".into(),
            (Command::Vrfy, _) => "252 2.1.5 Hand it over and see".into(),
            (Command::Rset, _) => {
                self.transaction = Transaction::None;
                "250 2.0.0 Forgotten".into()
            }
            (Command::Mail { .. }, _) if !self.is_greeted => "503 5.5.1 Say LHLO first".into(),
            (Command::Mail { .. }, Transaction::Begun { .. }) => "503 5.5.1 One message at a time".into(),
            (Command::Mail { size }, Transaction::None) => {
                let limit = self.state.config().limits.message as u64;
                if size.is_some_and(|size| size > limit) {
                    format!("552 5.3.4 At most {limit} bytes are taken")
                } else {
                    self.transaction = Transaction::Begun { recipients: 0 };
                    "250 2.1.0 Go on".into()
                }
            }
            (Command::Rcpt, Transaction::None) => "503 5.5.1 Say MAIL first".into(),
            (Command::Rcpt, Transaction::Begun { recipients }) if *recipients >= self.limits.recipients => {
                format!("452 4.5.3 At most {} recipients at once", self.limits.recipients)
            }
            (Command::Rcpt, Transaction::Begun { recipients }) => {
                self.transaction = Transaction::Begun { recipients: recipients + 1 };
                "250 2.1.5 Go on".into()
            }
            (Command::Data, Transaction::None | Transaction::Begun { recipients: 0 }) => {
                "503 5.5.1 Say MAIL and RCPT first".into()
            }
            (Command::Data, Transaction::Begun { recipients }) => {
                let recipients = *recipients;
                return self.take(recipients, wire).await;
            }
        };
        wire.say(&answer).await?;
        self.patience(wire).await
    }

    /// Takes a message in and answers once for each recipient.
    async fn take(
        &mut self,
        recipients: usize,
        wire: &mut Wire<impl AsyncRead + AsyncWrite + Unpin + Send>,
    ) -> io::Result<Then> {
        wire.say("354 Go on; a dot alone ends it").await?;
        wire.to.flush().await?;
        let content =
            content(&mut wire.from, self.state.config().limits.message, self.limits.message).await?;
        self.transaction = Transaction::None;
        self.commands = 0;
        let answer = match content {
            Content::Broken => return Ok(Then::HangUp),
            Content::TooLarge => {
                format!("552 5.3.4 At most {} bytes are taken", self.state.config().limits.message)
            }
            Content::Whole(message) => match take_mail(&self.state, &message).await {
                Ok(Taken::Malformed(problem)) => format!("554 5.6.0 Not taken: {problem}"),
                // Passed over is an answer too: the message was read, and the policy says it makes no customer.
                Ok(_) => "250 2.0.0 Taken".into(),
                Err(error) => {
                    tracing::warn!(%error, "a message that was handed over could not be kept; the mail server was told to try again");
                    "451 4.3.0 It could not be kept now; try again".into()
                }
            },
        };
        for _ in 0..recipients {
            wire.say(&answer).await?;
        }
        Ok(Then::GoOn)
    }

    async fn patience(
        &self,
        wire: &mut Wire<impl AsyncRead + AsyncWrite + Unpin + Send>,
    ) -> io::Result<Then> {
        if self.commands < self.limits.commands && self.mistakes < self.limits.mistakes {
            return Ok(Then::GoOn);
        }
        wire.say("421 4.7.0 Too many commands without a message").await?;
        Ok(Then::HangUp)
    }
}
