//! The parts that pages are put together from. `/styleguide` shows them all.

mod avatar;
mod edit;
mod field;
mod moment;
mod parts;
mod presence;
mod shown;
mod small;
mod squares;
mod toast;

// What stands here is a kit: some of it waits for its first page.
#[allow(unused_imports, reason = "a kit: some parts wait for their first page")]
pub(crate) use {
    avatar::{Size, avatar, initials},
    edit::{AskedBy, Control, InlineEdit, Stands},
    field::{Choice, Field, choice},
    moment::{Moments, day_of},
    parts::{Tab, Tone, badge, empty, key, menu, more_menu, progress, skeleton, tabs, tag},
    presence::presence,
    shown::{is_web_address, shown_value},
    small::{Notice, channel_icon, field_name, kind_chip, notice, provenance},
    squares::squares,
    toast::{failed_toast, toast},
};
