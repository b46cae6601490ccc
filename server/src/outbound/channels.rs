//! What an admin does with channels: list, add, change, remove, try. Pages and API call these.

use std::time::Duration;

use serde::Serialize;

use super::{
    channel::{ChannelTerms, ID, MASK, MOST_CHANNELS, MailChannel, MailChannels},
    compose::{Letter, Named},
    ledger,
    smtp::{Envelope, Failure, Session, SmtpTimes, Step},
};
use crate::{
    app::AppState,
    documents::{self, Fate},
    problem::{FieldProblem, Problem},
    secret,
};

/// How long a mail server may take while somebody waits for the outcome of a test.
const TEST_TIMES: SmtpTimes = SmtpTimes {
    connect: Duration::from_secs(8),
    command: Duration::from_secs(8),
    message: Duration::from_secs(15),
};
const TEST_WHOLE: Duration = Duration::from_secs(25);

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tested {
    /// Whether the mail server took the test mail.
    pub(crate) ok: bool,
    /// The step that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) step: Option<Step>,
    /// What came of it, in words: the server's own where it said any.
    pub(crate) words: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<&'static str>,
}

/// All channels with dots in the place of secrets.
pub(crate) async fn list(state: &AppState) -> Result<MailChannels, Problem> {
    let mut all = MailChannels::load(state.store()).await?;
    for channel in &mut all.channels {
        channel.terms = channel.terms.masked();
    }
    Ok(all)
}

/// Adds a channel.
pub(crate) async fn add(state: &AppState, given: ChannelTerms) -> Result<MailChannel, Problem> {
    let terms = checked(given)?;
    let channel = MailChannel { id: format!("ch_{}", secret::hex(&secret::random::<6>())), terms };
    let added = change(state, |all| {
        let has_room = all.channels.len() < MOST_CHANNELS;
        if has_room {
            all.put(channel.clone());
        }
        has_room
    });
    if !added.await? {
        return Err(Problem::conflict(format!(
            "there are {MOST_CHANNELS} channels already: remove one first"
        )));
    }
    shown(state, &channel.id).await
}

/// Changes a channel. A secret left out, or left as dots, stays as it is while user and server do.
pub(crate) async fn replace(
    state: &AppState,
    id: &str,
    mut given: ChannelTerms,
) -> Result<MailChannel, Problem> {
    let all = MailChannels::load(state.store()).await?;
    let known = &all.channel(id).ok_or_else(|| unknown(id))?.terms;
    let keeps = given.secret.as_deref().is_none_or(|secret| secret == MASK);
    if keeps {
        // A new server must not be told the secret of the old one.
        let is_same_account = given.user.trim() == known.user && given.host.trim() == known.host;
        given.secret = known.secret.clone().filter(|_| is_same_account && !given.user.trim().is_empty());
        if given.secret.is_none() && known.secret.is_some() && !given.user.trim().is_empty() {
            let why = "user or server changed: say the secret again";
            return Err(Problem::invalid("this channel is not taken").at("/secret", why));
        }
    }
    let channel = MailChannel { id: id.to_owned(), terms: checked(given)? };
    let is_known = change(state, |all| {
        let is_known = all.channel(id).is_some();
        if is_known {
            all.put(channel.clone());
        }
        is_known
    });
    if !is_known.await? {
        return Err(unknown(id));
    }
    shown(state, id).await
}

/// Removes a channel. What still waits to leave through it stays in the outbox and says so.
pub(crate) async fn remove(state: &AppState, id: &str) -> Result<(), Problem> {
    if change(state, |all| all.remove(id)).await? { Ok(()) } else { Err(unknown(id)) }
}

/// Says how long a message waits before it leaves.
pub(crate) async fn set_undo(state: &AppState, seconds: u32) -> Result<MailChannels, Problem> {
    let seconds = MailChannels::check_undo(seconds)?;
    change(state, |all| {
        all.undo_seconds = seconds;
        true
    })
    .await?;
    list(state).await
}

/// Sends a test mail now, and says which step failed.
pub(crate) async fn test(state: &AppState, id: &str, to: &str) -> Result<Tested, Problem> {
    let all = MailChannels::load(state.store()).await?;
    let terms = &all.channel(id).ok_or_else(|| unknown(id))?.terms;
    let text = format!("This mail left through the channel {}. It works.", terms.name);
    let mail = HouseMail { what: "test mail", to, subject: "A test mail from Whom", text: &text };
    deliver(state, terms, &mail).await
}

/// A mail that the house itself writes to somebody who works here, or will.
pub(crate) struct HouseMail<'a> {
    /// What it is, for the ledger of what leaves.
    pub(crate) what: &'static str,
    /// To whom.
    pub(crate) to: &'a str,
    /// Its subject.
    pub(crate) subject: &'a str,
    /// What it says.
    pub(crate) text: &'a str,
}

/// Sends a mail of the house through the usual channel, now; says whether a server took it.
pub(crate) async fn post(state: &AppState, mail: &HouseMail<'_>) -> Result<bool, Problem> {
    let all = MailChannels::load(state.store()).await?;
    match all.usual() {
        Some(channel) => Ok(deliver(state, &channel.terms, mail).await?.ok),
        None => Ok(false),
    }
}

async fn deliver(state: &AppState, terms: &ChannelTerms, mail: &HouseMail<'_>) -> Result<Tested, Problem> {
    let to = mail.to.trim();
    let letter = Letter {
        from: Named { name: Some(terms.display_name.clone()), address: terms.address.clone() },
        to: vec![Named { name: None, address: to.to_owned() }],
        cc: Vec::new(),
        subject: mail.subject.to_owned(),
        text: mail.text.to_owned(),
        html: None,
        signature: terms.signature.clone(),
        quote: None,
        enclosed: Vec::new(),
        message_id: format!("house-{}@{}", secret::hex(&secret::random::<12>()), terms.domain()),
        answered: None,
        at: state.now(),
        tracks_views: false,
    };
    let message = letter
        .compose()
        .map_err(|error| Problem::invalid("the mail cannot be written").at("/to", error.to_string()))?;
    ledger::leaves(state, &terms.host, None, mail.what, false).await?;
    let server = terms.server();
    let envelope = Envelope { from: terms.address.clone(), to: vec![to.to_owned()] };
    let trying = async {
        let mut session = Session::open(&server, TEST_TIMES).await?;
        session.announce(&envelope, &message).await?;
        let words = session.give(&message).await?;
        tokio::spawn(session.quit());
        Ok::<_, Failure>(words)
    };
    Ok(match tokio::time::timeout(TEST_WHOLE, trying).await {
        Ok(Ok(words)) => Tested { ok: true, step: None, words, hint: None },
        Ok(Err(failure)) => Tested {
            ok: false,
            step: Some(failure.step),
            words: failure.to_string(),
            hint: Some(hint(failure.step)),
        },
        Err(_) => Tested { ok: false, step: None, words: "the mail server took too long".into(), hint: None },
    })
}

fn hint(step: Step) -> &'static str {
    match step {
        Step::FindServer => "look for a slip in the name of the server",
        Step::Connect => "look at the port, and whether a firewall lets this machine out",
        Step::Greeting => "look at port and encryption: 465 goes with tls, 587 with starttls",
        Step::Encrypt => {
            "look at port and encryption, and whether the certificate is for this name; a server of your own may need its certificate named here"
        }
        Step::SignIn => "look at user and secret; many providers want a password made for this program alone",
        Step::Sender => "the account may not write from this address: allow it at the provider",
        Step::Recipient => "the server does not pass mail on for this account, or there is no such recipient",
        Step::Message => "the server's words say why",
    }
}

async fn change(
    state: &AppState,
    mut deed: impl FnMut(&mut MailChannels) -> bool + Send,
) -> Result<bool, Problem> {
    let changed = documents::change(state.store(), ID, state.now(), |known: Option<MailChannels>| {
        let mut all = known.unwrap_or_default();
        if deed(&mut all) { (Fate::Put(all), true) } else { (Fate::Keep, false) }
    });
    Ok(changed.await?)
}

async fn shown(state: &AppState, id: &str) -> Result<MailChannel, Problem> {
    let all = list(state).await?;
    all.channels.into_iter().find(|channel| channel.id == id).ok_or_else(|| unknown(id))
}

fn checked(given: ChannelTerms) -> Result<ChannelTerms, Problem> {
    given.checked().map_err(|wrong| {
        let problem = Problem::invalid("this channel is not taken");
        wrong
            .into_iter()
            .fold(problem, |problem, FieldProblem { pointer, detail }| problem.at(pointer, detail))
    })
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!("there is no channel `{}`", id.chars().take(40).collect::<String>()))
}
