//! The header of a mail as somebody sees it who does not see every address.

use whom_core::{
    model::{Conversation, IdentifierKind},
    view::{Seen, masked_identifier},
};

use crate::{asking::Asking, mail::MailShown};

/// A line that somebody wrote, such as a subject, without the addresses and numbers whoever asks does not see.
pub(crate) fn cover_line(line: String) -> String {
    match Asking::sight().filter(|sight| sight.covers_identifiers()) {
        Some(sight) => sight.cover_text(&line),
        None => line,
    }
}

/// A conversation that is read as a row, as whoever asks may see it. It is for showing and must not be written back.
pub(crate) fn cover_conversation(mut conversation: Conversation) -> Conversation {
    if let Some(sight) = Asking::sight() {
        sight.cover_conversation(&mut conversation);
    }
    conversation
}

/// Lines of a header that name no address.
const PLAIN: [&str; 4] = ["date", "subject", "mime-version", "content-type"];

/// Takes out of the header of a mail what whoever asks does not see.
pub(crate) fn cover_mail(mut mail: MailShown) -> MailShown {
    let Some(sight) = Asking::sight() else { return mail };
    let seen = sight.of_kind(&IdentifierKind::EMAIL);
    if seen == Seen::Full {
        return mail;
    }
    for one in mail.from.iter_mut().chain(&mut mail.to).chain(&mut mail.cc) {
        one.address = match seen {
            Seen::Masked => masked_identifier(&IdentifierKind::EMAIL, &one.address),
            _ => "•••".to_owned(),
        };
        // Many write their address where the name stands.
        one.name = one.name.take().filter(|name| !name.contains('@'));
    }
    mail.headers.retain(|(name, _)| PLAIN.contains(&name.to_lowercase().as_str()));
    for (_, value) in &mut mail.headers {
        *value = cover_line(std::mem::take(value));
    }
    mail
}
