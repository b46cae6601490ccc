//! Who looks like a profile: what the index is asked, before the rules say whether they are one person.

use std::collections::BTreeSet;

use whom_core::{
    engine::LikelySame,
    model::ProfileId,
    search::{
        Filter, Query, SearchError,
        filter::{Op, Part, Test},
    },
    view::ProfileView,
};

use crate::{app::AppState, problem::Problem};

/// How many lookalikes of each kind the rules are asked about.
const LOOKALIKES: usize = 20;
/// How many questions the index is asked about one profile.
const QUESTIONS: usize = 10;

/// Who may be the same person as a profile, by the rules.
pub(crate) async fn likely(state: &AppState, profile: ProfileId) -> Result<Vec<LikelySame>, Problem> {
    let now = state.now();
    let view = state.engine().view(profile, now).await?;
    let mut candidates = BTreeSet::new();
    for query in questions(&view).into_iter().take(QUESTIONS) {
        match state.directory().find(query, now).await {
            Ok(found) => candidates.extend(found.hits.into_iter().map(|hit| hit.id)),
            // The rules of this house have no such property, or there is no index: other questions find more.
            Err(SearchError::Filter(_) | SearchError::NoFilters) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let candidates: Vec<ProfileId> = candidates.into_iter().collect();
    Ok(state.engine().likely_same(profile, &candidates, now).await?)
}

/// What is asked of the index: whoever has the same name, birthday, number or address before the `@`, and
/// whoever of the same company is called alike. The rarest comes first, so that what is cut is worth least.
fn questions(view: &ProfileView) -> Vec<Query> {
    let text = |key: &str| view.value(key).map(ToString::to_string);
    let mut questions = vec![called(&view.name)];
    if let Some(day) = text("birthday") {
        questions.push(having("birthday", day.chars().take(10).collect(), ""));
    }
    if let (Some(company), Some(last)) = (text("company"), view.name.split_whitespace().last()) {
        questions.push(having("company", company, last));
    }
    for contact in &view.contacts {
        match contact.kind.as_ref().map(|kind| kind.as_str()) {
            Some("email") => questions.extend(contact.value.split('@').next().map(called)),
            Some("phone" | "whatsapp") => questions.push(called(&contact.value)),
            _ => {}
        }
    }
    questions
}

fn called(text: &str) -> Query {
    Query { text: text.to_owned(), limit: LOOKALIKES, ..Query::default() }
}

fn having(property: &str, value: String, text: &str) -> Query {
    let test = Test { property: property.to_owned(), op: Op::Is, values: vec![value] };
    let filter = Filter { tests: vec![Part::Test(test)], ..Filter::default() };
    Query { text: text.to_owned(), filter, limit: LOOKALIKES, ..Query::default() }
}
