//! Who is it: from what arrived to contacts, profiles and what is recorded under them.

mod incoming;

mod known;

mod activity;

mod conversation;
mod decide;

mod membership;

pub use activity::{Activity, Done, FROM, TO, VERSION};
pub(crate) use conversation::take_in;
pub(crate) use decide::cut;
pub use decide::{DecisionContext, SUMMARY_LEN, decide};
pub use incoming::{
    Arrival, GivenIdentifier, Incoming, IncomingAccount, IncomingMessage, Outcome, Party, Receipt, Said,
    SkipReason,
};
pub use known::Known;
pub use membership::{Because, Undone, detach, link, merge, move_to, read_component, undo};
