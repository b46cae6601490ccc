//! Who is likely one person: what the rules say of lookalikes, and what evidence could not decide.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use whom_core::{
    engine::LikelySame,
    model::{ContactId, ProfileId, Timestamp},
    search::Query,
    store::DocumentKind,
};

use crate::{
    app::AppState,
    documents::{self, Stored},
    http::{ApiPath, ApiQuery},
    problem::Problem,
};

use super::{
    list::{Items, PageQuery},
    profiles::meant,
};

/// How many lookalikes of each kind the rules are asked about.
const LOOKALIKES: usize = 20;

/// Evidence that named two contacts, and what spoke against joining them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Review {
    contacts: [ContactId; 2],
    #[serde(default)]
    profiles: Vec<ProfileId>,
    why: String,
    said_by: String,
    at: Timestamp,
}

impl Stored for Review {
    const KIND: DocumentKind = DocumentKind::Review;
}

/// `GET /v1/profiles/{handle}/duplicates`: who may be the same person, by the rules, with reasons.
pub(crate) async fn of_profile(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Json<Items<LikelySame>>, Problem> {
    let profile = meant(&state, &handle).await?;
    let now = state.now();
    let view = state.engine().view(profile, now).await?;
    // The index finds who looks alike; whether they are one person is for the rules.
    let mut texts = vec![view.name.clone()];
    for contact in &view.contacts {
        match contact.kind.as_ref().map(|kind| kind.as_str()) {
            Some("email") => texts.extend(contact.value.split('@').next().map(str::to_owned)),
            Some("phone" | "whatsapp") => texts.push(contact.value.clone()),
            _ => {}
        }
    }
    let mut candidates = Vec::new();
    for text in texts.into_iter().take(8) {
        let query = Query { text, limit: LOOKALIKES, ..Query::default() };
        candidates.extend(state.directory().find(query, now).await?.hits.into_iter().map(|hit| hit.id));
    }
    candidates.sort_unstable();
    candidates.dedup();
    let likely = state.engine().likely_same(profile, &candidates, now).await?;
    Ok(Items::all(likely))
}

/// `GET /v1/reviews`: evidence that could not be decided and that nobody has decided since.
pub(crate) async fn reviews(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<Review>>, Problem> {
    let after: Option<String> = page.cursor()?;
    let found = documents::list::<Review>(state.store(), after.as_deref(), page.limit()).await?;
    let next = if found.len() == page.limit() { found.last().map(|(id, _)| id.clone()) } else { None };
    let mut open = Vec::new();
    for (_, mut review) in found {
        let contacts = state.store().contacts(&review.contacts).await?;
        let profiles: Vec<ProfileId> =
            contacts.into_iter().flatten().map(|contact| contact.profile).collect();
        let [a, b] = profiles[..] else { continue };
        let rows = state.store().profiles(&[a, b]).await?;
        let told_apart =
            rows.iter().flatten().any(|row| row.not_same.contains(&a) || row.not_same.contains(&b));
        if a != b && !told_apart {
            review.profiles = profiles;
            open.push(review);
        }
    }
    Ok(Items::page(open, next))
}
