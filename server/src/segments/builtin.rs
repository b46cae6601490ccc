//! The segments that are always there.

use whom_core::{
    model::ProfileKind,
    search::{
        Filter,
        filter::{Op, Part, Test},
    },
};

use super::Question;
use crate::{app::AppState, auth::Principal};

/// The property that says who looks after a customer.
pub(crate) const LOOKED_AFTER_BY: &str = "looked_after_by";

/// A segment that is always there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BuiltIn {
    /// The word for it in addresses.
    pub(crate) id: &'static str,
    /// What it asks.
    pub(crate) question: Question,
}

/// The segments that are always there, for whoever looks.
pub(crate) fn built_in(state: &AppState, by: &Principal) -> Vec<BuiltIn> {
    let of = |filter| Question { filter, ..Question::default() };
    let mut segments = Vec::new();
    if let Principal::Person { login, .. } = by
        && state.directory().vocabulary().field(LOOKED_AFTER_BY).is_some()
    {
        let test = Test { property: LOOKED_AFTER_BY.into(), op: Op::Is, values: vec![login.clone()] };
        let filter = Filter { tests: vec![Part::Test(test)], ..Filter::default() };
        segments.push(BuiltIn { id: "mine", question: of(filter) });
    }
    segments.push(BuiltIn { id: "recent", question: of(Filter::one("last_seen", Op::Within, &["7d"])) });
    segments.push(BuiltIn {
        id: "customers",
        question: Question { kind: Some(ProfileKind::Customer), ..Question::default() },
    });
    segments.push(BuiltIn {
        id: "visitors",
        question: Question { kind: Some(ProfileKind::Visitor), ..Question::default() },
    });
    segments
}
