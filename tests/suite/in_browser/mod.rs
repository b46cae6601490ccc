//! Journeys: what people do here, from beginning to end, in a real browser. Each is one story.
//!
//! The product is used as a person uses it: keyboard, pointer, touch. The API arranges the beginning and
//! is asked at the end.

mod answered_mail;
mod customer;
mod drafts;
mod every_page;
mod info_pane;
mod keyboard;
mod merge;
mod new_message;
mod phone;
mod photo;
mod two_windows;
mod without_scripts;
