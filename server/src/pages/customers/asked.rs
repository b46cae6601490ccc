//! What is asked of the customers page: read from its address, and written into addresses again.

use serde::Deserialize;
use whom_core::{
    model::ProfileKind,
    search::{
        Direction, Filter, Sort, Vocabulary,
        filter::{How, Op, Part, Test},
    },
};

use crate::{
    app::AppState,
    auth::Principal,
    pages::encoded,
    problem::Problem,
    segments::{self, BuiltIn, Question, Segment},
};

/// What stands behind `?` of the customers page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    pub(crate) q: Option<String>,
    pub(crate) kind: Option<ProfileKind>,
    /// The filter, written.
    pub(crate) f: Option<String>,
    pub(crate) sort: Option<String>,
    pub(crate) order: Option<Direction>,
    pub(crate) segment: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) fragment: Option<String>,
    /// The property of a filter that is being added.
    pub(crate) add: Option<String>,
    /// Which filter it replaces.
    pub(crate) at: Option<usize>,
    /// What was done before this page.
    pub(crate) done: Option<String>,
    pub(crate) undo: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// What the list shows.
    pub(crate) question: Question,
    /// The segment it began with.
    pub(crate) segment: Option<String>,
    /// Whether it asks something else than the segment does.
    pub(crate) is_changed: bool,
    /// Whether whoever asks may change the segment.
    pub(crate) may_change: bool,
    /// The segment, where it is a saved one.
    pub(crate) saved: Option<Segment>,
    /// The columns besides the name.
    pub(crate) columns: Vec<String>,
    /// The property of a filter that is being added, and which one it replaces.
    pub(crate) adds: Option<(String, Option<usize>)>,
    /// A filter that cannot be read, and why.
    pub(crate) wrong: Option<(String, String)>,
}

/// The columns of a list that nobody chose any for.
const USUAL: [&str; 4] = ["company", "kind", "last_seen", "messages"];

impl Asked {
    /// Understands an address.
    pub(crate) async fn read(state: &AppState, by: &Principal, query: &ListQuery) -> Result<Self, Problem> {
        let vocabulary = state.directory().vocabulary();
        let mut asked = Self::default();
        let mut base = Question::default();
        if let Some(id) = query.segment.as_deref().filter(|id| !id.is_empty()) {
            match segments::built_in(state, by).into_iter().find(|known| known.id == id) {
                Some(BuiltIn { question, .. }) => base = question,
                None => {
                    let segment = segments::one(state, by, id).await?;
                    base = segment.question.clone();
                    asked.may_change = segment.is_changed_by(by);
                    asked.saved = Some(segment);
                }
            }
            asked.segment = Some(id.to_owned());
        }
        let mut question = base.clone();
        if let Some(q) = &query.q {
            question.q = q.trim().to_owned();
        }
        question.kind = query.kind.or(question.kind);
        if let Some(text) = &query.f {
            match Filter::read(text, &vocabulary, state.now()) {
                Ok(filter) => question.filter = filter,
                Err(error) => asked.wrong = Some((text.clone(), error.to_string())),
            }
        }
        if let Some(word) = &query.sort {
            let sort = match Sort::from(word.as_str()) {
                // A property that is gone leaves the usual order, not an error.
                Sort::Property(key) if !vocabulary.field(&key).is_some_and(|field| field.is_sortable) => {
                    Sort::Relevance
                }
                sort => sort,
            };
            question.sort = sort;
            question.order = query.order;
        }
        asked.is_changed = question != base;
        asked.question = question;
        let chosen = match &asked.saved {
            Some(segment) if !segment.columns.is_empty() => segment.columns.clone(),
            _ => segments::own_list(state, by).await?.columns,
        };
        let usual = || USUAL.iter().map(|key| (*key).to_owned()).collect();
        asked.columns = if chosen.is_empty() { usual() } else { chosen };
        asked.columns.retain(|key| vocabulary.field(key).is_some());
        asked.adds =
            query.add.clone().filter(|key| vocabulary.field(key).is_some()).map(|key| (key, query.at));
        Ok(asked)
    }

    /// The address that asks for it; `change` adds to it or replaces parts.
    pub(crate) fn address(&self, change: &[(&str, &str)]) -> String {
        let changed = |name: &str| change.iter().any(|(other, _)| *other == name);
        let base = self.parameters();
        let pairs = base.iter().map(|(name, value)| (*name, value.as_str()));
        let pairs = pairs.filter(|(name, _)| !changed(name)).chain(change.iter().copied());
        let query: Vec<String> = pairs
            // An empty filter says that the one of the segment is taken away.
            .filter(|(name, value)| !value.is_empty() || (*name == "f" && self.segment.is_some()))
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        if query.is_empty() { "/customers".into() } else { format!("/customers?{}", query.join("&")) }
    }

    /// The parts of the address, for forms to carry along.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, String)> {
        let question = &self.question;
        let mut parameters = Vec::new();
        let mut push = |name, value: String| parameters.push((name, value));
        push("q", question.q.clone());
        push("segment", self.segment.clone().unwrap_or_default());
        // What a segment asks by itself need not stand in the address.
        if self.segment.is_none() || self.is_changed {
            push("kind", question.kind.map(kind_word).unwrap_or_default().to_owned());
            push("f", question.filter.to_string());
            if question.sort != Sort::Relevance {
                push("sort", question.sort.word().to_owned());
                push("order", question.order.map(order_word).unwrap_or_default().to_owned());
            }
        }
        parameters
    }

    /// Hidden fields that carry it through a form, but for some.
    pub(crate) fn hidden(&self, but: &[&str]) -> maud::Markup {
        maud::html! {
            @for (name, value) in self.parameters() {
                @if !but.contains(&name) && (!value.is_empty() || (name == "f" && self.segment.is_some())) {
                    input type="hidden" name=(name) value=(value);
                }
            }
        }
    }

    /// The address of the same list with another filter.
    pub(crate) fn with_filter(&self, filter: &Filter) -> String {
        let changed = Self {
            question: Question { filter: filter.clone(), ..self.question.clone() },
            is_changed: true,
            ..self.clone()
        };
        changed.address(&[])
    }

    /// Whether nothing was asked at all.
    pub(crate) fn is_everybody(&self) -> bool {
        let question = &self.question;
        question.q.is_empty() && question.kind.is_none() && question.filter.is_empty() && self.wrong.is_none()
    }
}

/// The word behind `?kind=`.
pub(crate) fn kind_word(kind: ProfileKind) -> &'static str {
    match kind {
        ProfileKind::Visitor => "visitor",
        ProfileKind::Customer => "customer",
    }
}

/// The word behind `?order=`.
pub(crate) fn order_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => "asc",
        Direction::Descending => "desc",
    }
}

/// A condition as the form of a filter sends it.
#[derive(Clone, Debug, Default)]
pub(crate) struct SentTest {
    pub(crate) property: String,
    pub(crate) op: String,
    pub(crate) values: Vec<String>,
    pub(crate) to: String,
    pub(crate) days: String,
}

impl SentTest {
    /// The condition that is meant; its values are read later, where their type is known.
    pub(crate) fn read(self, vocabulary: &Vocabulary) -> Option<Test> {
        vocabulary.field(&self.property)?;
        let op = Op::from_word(&self.op)?;
        let mut values: Vec<String> = self
            .values
            .iter()
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect();
        match op {
            Op::Known | Op::Empty => values.clear(),
            Op::Within | Op::Older => {
                let days = self.days.trim();
                let has_unit = days.ends_with(|c: char| c.is_ascii_alphabetic());
                values = vec![if has_unit { days.to_owned() } else { format!("{days}d") }];
            }
            Op::Between => {
                values.truncate(1);
                values.push(self.to.trim().to_owned());
            }
            Op::Is | Op::IsNot => {}
            _ => values.truncate(1),
        }
        Some(Test { property: self.property, op, values })
    }
}

/// The same filter with a condition put in, in place of the one at `at`.
pub(crate) fn put_in(filter: &Filter, test: Test, at: Option<usize>) -> Filter {
    let mut filter = filter.clone();
    if let Some(part) = at.and_then(|at| filter.tests.get_mut(at)) {
        *part = Part::Test(test);
    } else if filter.how == How::Any && filter.tests.len() > 1 {
        filter.tests.push(Part::Test(test));
    } else {
        filter = filter.and(test);
    }
    filter
}
