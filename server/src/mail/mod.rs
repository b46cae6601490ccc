//! Mail in: from a mailbox, a folder or one message to what the engine takes in.
//!
//! [`MailReader`] brings the messages, one at a time; [`read_mail`] says what each of them is for
//! Whom: something that arrived, something to pass over with its reason, or something broken.
//! [`show_mail`] reads a kept message again for showing.
//!
//! Nothing here opens a socket, reads a clock or writes a log line, and no message can stop a run.

mod reader;

mod folder;
mod mbox;

mod policy;
mod read;

mod message;
mod name;
mod people;
mod skip;
mod summary;
mod thread;

mod show;

mod answer;
mod bounce;

mod header;
mod mime;

#[cfg(test)]
mod tests;

pub(crate) use answer::{Answerable, scope, to_answer};
pub(crate) use bounce::{Undelivered, undelivered};
pub(crate) use mime::plain_text;
pub use policy::{AddressPattern, AddressPatternError, MailPolicy, MailSort};
pub use read::{Mail, MailProblem, read_mail};
pub use reader::{MailFailure, MailFormat, MailItem, MailOpenError, MailReader};
pub use show::{Attachment, AttachmentInfo, MailAddress, MailShown, attachment, show_mail};
pub use skip::MailSkip;
