//! What is asked of the directory, in a form that can be kept and that pages, API and commands share.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::ProfileKind,
    search::{Direction, Filter, Query, SearchError, Sort, filter::Meaning},
};

use crate::{app::AppState, problem::Problem};

/// The longest text that somebody types, in characters.
const TEXT_LEN: usize = 200;

/// What is asked: words, conditions, an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Question {
    /// What somebody typed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) q: String,
    /// Only visitors or only customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<ProfileKind>,
    /// Conditions on properties.
    pub(crate) filter: Filter,
    /// What it is sorted by.
    pub(crate) sort: Sort,
    /// Upwards or downwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<Direction>,
}

impl Question {
    /// The same for the directory.
    pub(crate) fn query(&self, cursor: Option<String>, limit: usize) -> Query {
        Query {
            text: self.q.clone(),
            kind: self.kind,
            filter: self.filter.clone(),
            sort: self.sort.clone(),
            direction: self.order,
            cursor,
            limit,
            ..Query::default()
        }
    }

    /// Whether it can be asked.
    pub(crate) fn check(&self, state: &AppState) -> Result<(), Problem> {
        if self.q.chars().count() > TEXT_LEN {
            let why = format!("it has at most {TEXT_LEN} characters");
            return Err(Problem::invalid("the text is too long").at("/q", why));
        }
        let vocabulary = state.directory().vocabulary();
        Meaning::of(&self.filter, &vocabulary, state.now()).map_err(SearchError::from)?;
        if let Sort::Property(key) = &self.sort
            && !vocabulary.field(key).is_some_and(|field| field.is_sortable)
        {
            return Err(SearchError::Sort { key: key.clone() }.into());
        }
        Ok(())
    }
}

/// A question as a program gives it: the filter written or structured.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GivenQuestion {
    pub(crate) q: String,
    pub(crate) kind: Option<ProfileKind>,
    pub(crate) filter: GivenFilter,
    pub(crate) sort: Sort,
    pub(crate) order: Option<Direction>,
}

/// A filter, written or structured.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum GivenFilter {
    /// `tier:pro last_seen<30d`
    Written(String),
    /// `{"match": "all", "tests": […]}`
    Structured(Filter),
}

impl Default for GivenFilter {
    fn default() -> Self {
        Self::Structured(Filter::default())
    }
}

impl GivenFilter {
    /// The filter that is meant.
    pub(crate) fn read(self, state: &AppState) -> Result<Filter, Problem> {
        match self {
            Self::Structured(filter) => Ok(filter),
            Self::Written(text) => read_filter(state, &text),
        }
    }
}

impl GivenQuestion {
    /// The question that is meant, once it is known that it can be asked.
    pub(crate) fn read(self, state: &AppState) -> Result<Question, Problem> {
        let filter = self.filter.read(state)?;
        let question = Question {
            q: self.q.trim().to_owned(),
            kind: self.kind,
            filter,
            sort: self.sort,
            order: self.order,
        };
        question.check(state)?;
        Ok(question)
    }
}

/// A filter as a query carries it: written, or as JSON where it begins with a brace.
pub(crate) fn read_filter(state: &AppState, text: &str) -> Result<Filter, Problem> {
    let text = text.trim();
    if text.starts_with('{') {
        return serde_json::from_str(text)
            .map_err(|error| Problem::invalid("the filter cannot be read").at("?filter", error.to_string()));
    }
    Filter::read(text, &state.directory().vocabulary(), state.now())
        .map_err(|error| SearchError::from(error).into())
}
