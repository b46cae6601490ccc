//! Who is it: from what arrived to contacts, profiles and what is recorded under them.

mod incoming;

pub use incoming::{
    Arrival, GivenIdentifier, Incoming, IncomingAccount, IncomingMessage, Outcome, Party, Receipt, Said,
    SkipReason,
};
