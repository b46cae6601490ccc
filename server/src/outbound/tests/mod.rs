//! Promises about mail that leaves.

mod peer;
mod post;

mod bounces;
mod channels;
mod composing;
mod leaving;
mod round_trip;
