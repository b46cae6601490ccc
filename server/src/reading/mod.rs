//! Reading a message: what was written and what is only quoted, its HTML made harmless, its pictures and files.

mod message;

pub(crate) mod html;
pub(crate) mod quote;

pub(crate) mod attachments;
mod kind;
mod pictures;

pub(crate) use html::Remote;
pub(crate) use kind::PictureKind;
pub(crate) use message::{Envelope, Reading, read};
pub(crate) use pictures::{Pictures, Wanted, addresses_of as pictures_of};
