//! Who wrote, to whom, and what the header says about them.

use mail_parser::{HeaderName, Message};
use whom_core::{
    identity::{GivenIdentifier, Party, Said},
    model::{Assertion, Confidence, Identifier, PropertyKey, Value},
};

use super::{
    header::{Written, addresses},
    name::{PersonName, person_name},
    policy::MailPolicy,
    skip::is_no_reply,
};

/// Who wrote a message.
#[derive(Debug)]
pub(super) struct Author {
    pub(super) identifier: Identifier,
    pub(super) written: Written,
    pub(super) is_own: bool,
    /// The sender that wrote for them, such as a contact form.
    pub(super) form: Option<Identifier>,
}

/// Which part of the conversation somebody has; the sender knows best what they are called.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    Sender,
    Recipient,
}

/// Who wrote the message; nobody when no address in it can be read.
pub(super) fn author(message: &Message<'_>, policy: &MailPolicy) -> Option<Author> {
    let (identifier, written) = [HeaderName::From, HeaderName::ReplyTo, HeaderName::Sender]
        .into_iter()
        .find_map(|name| addresses(message, name).into_iter().find_map(recognised))?;
    let is_own = policy.is_own(&identifier);
    let is_form = policy.is_contact_form(&identifier);
    let no_reply = is_no_reply(&identifier);
    if is_form || is_own || no_reply {
        let customer = addresses(message, HeaderName::ReplyTo)
            .into_iter()
            .filter_map(recognised)
            .find(|(reply, _)| *reply != identifier && !policy.is_own(reply) && !is_no_reply(reply));
        if let Some((reply, reply_written)) = customer {
            // Without being told, a form is known by this: we write to ourselves and the answer goes to a
            // stranger, or an address that takes no answer names one outside its own house.
            let is_form = is_form
                || is_own && recipients(message, policy).is_empty()
                || no_reply && house(&reply) != house(&identifier);
            if is_form {
                let form = Some(identifier);
                return Some(Author { identifier: reply, written: reply_written, is_own: false, form });
            }
        }
        if is_form && !is_own {
            return None;
        }
    }
    Some(Author { identifier, written, is_own, form: None })
}

/// The people outside the company that a message went to, each once.
pub(super) fn recipients(message: &Message<'_>, policy: &MailPolicy) -> Vec<(Identifier, Written)> {
    let mut found: Vec<(Identifier, Written)> = Vec::new();
    for name in [HeaderName::To, HeaderName::Cc, HeaderName::Bcc] {
        for (identifier, written) in addresses(message, name).into_iter().filter_map(recognised) {
            let counts = !policy.is_own(&identifier) && !is_no_reply(&identifier);
            if counts && found.iter().all(|(known, _)| *known != identifier) {
                found.push((identifier, written));
            }
            // One more than allowed is enough to tell a mailing.
            if found.len() > policy.max_recipients {
                return found;
            }
        }
    }
    found
}

fn recognised(written: Written) -> Option<(Identifier, Written)> {
    Some((Identifier::email(&written.address).ok()?, written))
}

/// The part of an address before the `@`.
pub(super) fn local_part(address: &Identifier) -> &str {
    address.value().rsplit_once('@').map_or("", |(local, _)| local)
}

fn house(address: &Identifier) -> Option<&str> {
    address.domain().map(|domain| psl::domain_str(domain).unwrap_or(domain))
}

/// A customer as the header names them.
pub(super) fn party(identifier: Identifier, written: &Written, role: Role) -> Party {
    let name = written.name.as_deref().and_then(|name| person_name(name, local_part(&identifier)));
    let said = name.map(|name| said(name, role)).unwrap_or_default();
    Party { identifiers: vec![GivenIdentifier::new(identifier, &*written.address)], said }
}

fn said(name: PersonName, role: Role) -> Vec<Said> {
    let sure = match (role, name.is_well_written) {
        (Role::Sender, true) => 80,
        (Role::Recipient, true) => 75,
        (_, false) => 70,
    };
    let mut said = Vec::with_capacity(3);
    let mut say = |property: &str, value: String, percent| {
        let (Ok(property), Some(value)) = (property.parse::<PropertyKey>(), Value::text(value)) else {
            return;
        };
        said.push(Said {
            property,
            assertion: Assertion::Is(value),
            confidence: Confidence::percent(percent),
        });
    };
    say("name", name.whole, sure);
    if let Some((first, last)) = name.parts {
        say("first_name", first, 60);
        say("last_name", last, 60);
    }
    said
}
