//! What went wrong on the way in, for the admin who wonders where an application's messages are.

use axum::{Json, extract::State};

use crate::{
    app::AppState,
    http::ApiQuery,
    problem::Problem,
    tracking::{KeptNotes, list_notes},
};

use super::list::{Items, PageQuery};

/// `GET /v1/ingest/problems`: the newest day first.
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<KeptNotes>>, Problem> {
    let after = page.cursor::<String>()?;
    let mut found = list_notes(state.store(), after.as_deref(), page.limit() + 1).await?;
    let goes_on = found.len() > page.limit();
    found.truncate(page.limit());
    let next = found.last().filter(|_| goes_on).map(|(id, _)| id.clone());
    Ok(Items::page(found.into_iter().map(|(_, kept)| kept).collect(), next))
}
