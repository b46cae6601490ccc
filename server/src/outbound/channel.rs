//! Mail channels: the addresses we write from, and the servers that take what we write.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Identifier,
    store::{DocumentKind, SharedStore, StoreError},
};

use super::smtp::{Credentials, MailServer, Security, certificate_of, is_loopback};
use crate::{
    documents::{self, Stored},
    problem::{FieldProblem, Problem},
};

/// The id of the document.
pub(super) const ID: &str = "mail_channels";

/// The most channels.
pub(super) const MOST_CHANNELS: usize = 50;

/// The longest an agent may have to take a message back, in seconds.
const LONGEST_UNDO: u32 = 600;

/// What stands in the place of a secret wherever it is shown; sent back, it leaves the secret as it is.
pub(super) const MASK: &str = "••••••••";

/// What an admin decided about mail that leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailChannels {
    /// How long a message waits before it leaves, so that it can be taken back.
    pub undo_seconds: u32,
    /// The channels, in the order in which they were added.
    pub channels: Vec<MailChannel>,
}

impl Default for MailChannels {
    fn default() -> Self {
        Self { undo_seconds: 10, channels: Vec::new() }
    }
}

impl Stored for MailChannels {
    const KIND: DocumentKind = DocumentKind::Setting;
    const FEED: Option<&'static str> = Some("setting");
}

impl MailChannels {
    /// Reads them; where nobody has decided anything there are none.
    pub async fn load(store: &SharedStore) -> Result<Self, StoreError> {
        Ok(documents::get(store, ID).await?.unwrap_or_default())
    }

    /// The channel with this id.
    pub fn channel(&self, id: &str) -> Option<&MailChannel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// The channel that is used when nobody says which.
    pub fn usual(&self) -> Option<&MailChannel> {
        self.channels.iter().find(|channel| channel.terms.is_default).or_else(|| self.channels.first())
    }

    /// The channel with this address.
    pub fn with_address(&self, address: &str) -> Option<&MailChannel> {
        self.channels.iter().find(|channel| channel.terms.address.eq_ignore_ascii_case(address))
    }

    /// Puts a channel in, in the place of the one with its id; only one is the usual one.
    pub(super) fn put(&mut self, channel: MailChannel) {
        if channel.terms.is_default {
            self.channels.iter_mut().for_each(|other| other.terms.is_default = false);
        }
        match self.channels.iter_mut().find(|known| known.id == channel.id) {
            Some(known) => *known = channel,
            None => self.channels.push(channel),
        }
        self.settle_default();
    }

    /// Takes a channel away; says whether there was one.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let before = self.channels.len();
        self.channels.retain(|channel| channel.id != id);
        self.settle_default();
        self.channels.len() < before
    }

    fn settle_default(&mut self) {
        if !self.channels.iter().any(|channel| channel.terms.is_default)
            && let Some(first) = self.channels.first_mut()
        {
            first.terms.is_default = true;
        }
    }

    /// Says what is wrong with a time for taking back.
    pub(super) fn check_undo(seconds: u32) -> Result<u32, Problem> {
        if seconds <= LONGEST_UNDO {
            return Ok(seconds);
        }
        let why = format!("at most {LONGEST_UNDO} seconds: a customer is waiting");
        Err(Problem::invalid("this time is not taken").at("/undo_seconds", why))
    }
}

/// One channel as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailChannel {
    /// Its id, drawn when it was added.
    pub id: String,
    /// What an admin says about it.
    #[serde(flatten)]
    pub terms: ChannelTerms,
}

/// What an admin says about a channel.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelTerms {
    /// What it is called here, such as `Support`.
    pub name: String,
    /// The address we write from and are answered at.
    pub address: String,
    /// The name beside the address, such as `Fernweh Support`.
    pub display_name: String,
    /// The mail server.
    pub host: String,
    /// Its port; where none is named, the one that goes with the security.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in there; nobody where it is empty.
    pub user: String,
    /// The secret with which they do. It is never shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// A certificate to trust besides those of the machine, in PEM: for a mail server of one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// What stands below every message.
    pub signature: String,
    /// Whether it is used when nobody says which.
    pub is_default: bool,
    /// Whether a small picture in the message tells when it was looked at.
    pub tracks_views: bool,
}

impl std::fmt::Debug for ChannelTerms {
    // By hand, because the secret must not reach a log by accident.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelTerms").field("name", &self.name).finish_non_exhaustive()
    }
}

impl ChannelTerms {
    /// Folds blanks, fills in what follows, and says everything that cannot be meant.
    pub(super) fn checked(mut self) -> Result<Self, Vec<FieldProblem>> {
        let mut wrong = Vec::new();
        let mut say = |place: &str, why: &str| {
            wrong.push(FieldProblem { pointer: format!("/{place}"), detail: why.to_owned() });
        };
        for text in
            [&mut self.name, &mut self.address, &mut self.display_name, &mut self.host, &mut self.user]
        {
            *text = text.trim().to_owned();
        }
        let signature = self.signature.replace("\r\n", "\n").replace('\r', "\n");
        self.signature = signature.trim_end().to_owned();
        self.secret = self.secret.filter(|secret| !secret.is_empty());
        self.certificate = self.certificate.map(|pem| pem.trim().to_owned()).filter(|pem| !pem.is_empty());

        let is_line =
            |text: &str, longest: usize| text.chars().count() <= longest && !text.contains(char::is_control);
        match Identifier::email(&self.address) {
            Ok(_) if lettre::Address::try_from(self.address.clone()).is_ok() => {}
            _ => say("address", "this is no mail address: write it like support@example.com"),
        }
        if self.name.is_empty() {
            self.name.clone_from(&self.address);
        }
        if !is_line(&self.name, 80) {
            say("name", "at most 80 characters, on one line");
        }
        if !is_line(&self.display_name, 120) {
            say("display_name", "at most 120 characters, on one line");
        }
        if self.host.is_empty() {
            say("host", "name the mail server, such as smtp.example.com");
        } else if !is_line(&self.host, 253) || self.host.contains(char::is_whitespace) {
            say("host", "this is no name of a server: write it like smtp.example.com");
        } else if self.host.contains('/') || (self.host.contains(':') && !self.host.starts_with('[')) {
            say("host", "only the name, such as smtp.example.com; the port has a field of its own");
        }
        if self.security == Security::None && !is_loopback(&self.host) {
            say(
                "security",
                "without encryption only to this machine itself (localhost): choose tls or starttls",
            );
        }
        if self.port == 0 {
            self.port = match self.security {
                Security::Tls => 465,
                Security::Starttls => 587,
                Security::None => 25,
            };
        }
        if !is_line(&self.user, 320) {
            say("user", "at most 320 characters, on one line");
        }
        if self.user.is_empty() && self.secret.is_some() {
            say("user", "say who signs in with this secret");
        }
        if !self.user.is_empty() && self.secret.is_none() {
            say("secret", "say with which secret they sign in");
        }
        if self.secret.as_deref().is_some_and(|secret| !is_line(secret, 2_000)) {
            say("secret", "at most 2000 characters, on one line");
        }
        if let Some(Err(why)) = self.certificate.as_deref().map(certificate_of) {
            say("certificate", &why);
        }
        if self.signature.chars().count() > 4_000 {
            say("signature", "at most 4000 characters");
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    /// The domain of the address, under which message ids are made.
    pub(super) fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }

    /// The server, as the client speaks to it.
    pub(super) fn server(&self) -> MailServer {
        let credentials = self.secret.clone().filter(|_| !self.user.is_empty());
        MailServer {
            host: self.host.clone(),
            port: self.port,
            security: self.security,
            credentials: credentials.map(|secret| Credentials { user: self.user.clone(), secret }),
            certificate: self.certificate.clone(),
            hello: self.domain().to_owned(),
        }
    }

    /// The same with dots in the place of the secret.
    pub(super) fn masked(&self) -> Self {
        Self { secret: self.secret.as_ref().map(|_| MASK.to_owned()), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> ChannelTerms {
        ChannelTerms {
            address: "help@shop.example".into(),
            host: "smtp.example".into(),
            ..ChannelTerms::default()
        }
    }

    fn wrong(terms: ChannelTerms) -> Vec<String> {
        let problems = terms.checked().err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.pointer).collect()
    }

    #[test]
    fn what_cannot_be_meant_is_named_by_its_field() {
        assert!(wrong(terms()).is_empty());
        assert_eq!(wrong(ChannelTerms::default()), ["/address", "/host"]);
        assert_eq!(wrong(ChannelTerms { security: Security::None, ..terms() }), ["/security"]);
        assert_eq!(wrong(ChannelTerms { user: "u".into(), ..terms() }), ["/secret"]);
        assert_eq!(wrong(ChannelTerms { secret: Some("s".into()), ..terms() }), ["/user"]);
        assert_eq!(
            wrong(ChannelTerms { display_name: "a\r\nBcc: x@y.example".into(), ..terms() }),
            ["/display_name"]
        );
        assert_eq!(wrong(ChannelTerms { certificate: Some("x".into()), ..terms() }), ["/certificate"]);
        assert_eq!(wrong(ChannelTerms { host: "smtp.example:25".into(), ..terms() }), ["/host"]);
        let local = ChannelTerms { security: Security::None, host: "127.0.0.1".into(), ..terms() };
        assert_eq!(local.checked().unwrap().port, 25);
    }

    #[test]
    fn one_channel_is_the_usual_one_as_long_as_there_is_any() {
        let mut all = MailChannels::default();
        let channel = |id: &str, is_default| MailChannel {
            id: id.into(),
            terms: ChannelTerms { is_default, ..terms() },
        };
        all.put(channel("a", false));
        assert_eq!(all.usual().unwrap().id, "a");
        all.put(channel("b", true));
        assert_eq!(all.channels.iter().filter(|channel| channel.terms.is_default).count(), 1);
        assert_eq!(all.usual().unwrap().id, "b");
        assert!(all.remove("b") && !all.remove("b"));
        assert_eq!(all.usual().unwrap().id, "a");
    }
}
