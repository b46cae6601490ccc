//! What is shown: the winning values with their provenance. Derived from ground state, rules and the time.

mod assemble;
mod profile_view;
mod survivorship;

pub use assemble::{ViewInput, assemble, explain};
pub use profile_view::{
    AccountView, ClaimView, ContactView, Explanation, FieldValue, FieldView, LosingClaim, ProfileView,
};
pub use survivorship::{Survivors, survive};
