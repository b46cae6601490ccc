//! What the embedded engines keep: keys whose order means something, and stored forms apart from the model.
//!
//! | table | key after the table's byte | row |
//! |---|---|---|
//! | meta | – | format of the store, id key |
//! | contact | contact, `0` | contact |
//! | | contact, `1`, claim | claim |
//! | profile | profile | profile |
//! | entry | contact, time falling, id falling | entry |
//! | body | entry, number of the piece | piece of a body |
//! | seen | entry | where what arrived was recorded |
//! | seen of | contact, entry | nothing; only for arrivals without an entry |
//! | conversation | conversation | conversation |
//! | conversation entry | conversation, time, entry | the contact the entry is recorded under |
//! | conversation number | number falling | conversation |
//! | participation | contact, start falling, id falling | nothing |
//! | membership | change | change of membership |
//! | account | account | account |
//! | account member | account, contact | nothing |
//! | account of | contact, account | nothing |
//! | erased | contact | when |
//! | document | kind, id | document |
//! | inbox | shelf, length of the agent's name, name, latest message falling, id falling | nothing |
//! | due | time, conversation | nothing; one that sleeps until then |
//! | feed | number of its last commit | commits, and the counters after them |
//!
//! What the key says is not said again in the row. Each row starts with the number of its format
//! and the version that expectations are about, so that checking one decodes nothing else.

pub(crate) mod form;
pub(crate) mod key;

mod account;
mod body;
mod claim;
mod contact;
mod conversation;
mod entry;
mod feed;
mod membership;
mod meta;
mod profile;
mod small;
mod value;

pub(crate) use body::{PieceCount, join_body, split_body};
pub(crate) use feed::{FeedRow, Tail, encode_changes, feed_rows};
pub(crate) use form::{Row, RowError, decode, encode, version_of};
pub(crate) use meta::{Meta, STORE_FORMAT, WITH_INBOX};
