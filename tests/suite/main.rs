//! One suite: the product seen from outside, and what the tree must never become.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test says where")]

mod command_line;
mod enrichment;
mod in_browser;
mod journeys;
mod logs;
mod pages;
mod recovery;
mod sending;

mod tidy;
mod workspace;
