//! What is shown: the winning values with their provenance. Derived from ground state, rules and the time.

mod assemble;
mod cover_text;
mod decide;
mod profile_view;
mod sight;
mod survivorship;

pub use assemble::{ViewInput, assemble, explain};
pub use profile_view::{
    AccountView, ClaimView, ContactView, DecisionView, Explanation, FieldValue, FieldView, LosingClaim,
    NamedBy, Pinned, ProfileView,
};
pub use sight::{Rights, Seen, Sight, masked, masked_identifier};
pub use survivorship::{Survivors, survive};
