//! The vocabulary: plain values that are valid from birth and know nothing of stores or sockets.

mod id;
mod time;

mod identifier;
mod property;
mod role;
mod source;
mod value;

mod claim;
mod contact;
mod decision;
mod membership;
mod profile;

mod account;
mod conversation;
mod inbox;
mod note;
mod relationship;
mod stamp;
mod subject;
mod tally;
mod task;
mod timeline;

pub use account::{Account, AccountLink};
pub use claim::{Assertion, Claim, Confidence, Evidence};
pub use contact::{Contact, ContactKey};
pub use conversation::{
    Channel, Conversation, ConversationStatus, Direction, Figures, LinkedIssue, Priority, TOPIC,
};
pub use decision::{Decided, Decision, standing};
pub use id::{
    AccountId, ClaimId, ContactId, ConversationId, EntryId, IdError, IdKey, MembershipId, ProfileId,
    RelationshipId, TaskId, Tombstone,
};
pub use identifier::{Identifier, IdentifierError, IdentifierKind, PhoneRegion};
pub use inbox::{InboxCursor, Shelf, Whose};
pub use membership::{MembershipChange, MembershipDeed, UndoneBy};
pub(crate) use note::note_text;
pub use note::{NoteDeed, NoteLog, NoteStep};
pub use profile::{NotSame, Profile, ProfileKind, ProfileState};
pub use property::{
    Cardinality, Identifies, Mode, PropertyDefinition, PropertyKey, PropertyType, Schema, Section, Strategy,
};
pub use relationship::Relationship;
pub use role::LeastRole;
pub use source::{Source, SourceKind};
pub use stamp::Stamp;
pub use subject::{answered_subject, bare_subject};
pub use tally::{KindCounts, Month, Tally};
pub use task::{Due, DueWhen, Task, TaskState};
pub use time::{TimeError, Timestamp};
pub use timeline::{Body, Entry, EntryKind, ExternalId, TimelineCursor};
pub use value::{Number, Value};
