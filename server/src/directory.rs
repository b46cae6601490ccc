//! Finding profiles by what somebody types, and listing them all.

use async_trait::async_trait;
use whom_core::{
    engine::{Engine, EngineError},
    model::{ProfileId, ProfileState, Timestamp},
    search::{Hit, Page, Query, Search, SearchError, StateFilter},
    view::ProfileView,
};

/// What finds profiles: the search index, or a plain list where there is none.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// Answers a question.
    async fn find(&self, query: Query, now: Timestamp) -> Result<Page, SearchError>;
}

#[async_trait]
impl Directory for Search {
    async fn find(&self, query: Query, now: Timestamp) -> Result<Page, SearchError> {
        self.query(query, now).await
    }
}

/// The directory of an application without a search index: all live profiles in the order of their ids,
/// or the one that a complete address, number or id means. It knows no other order and no filter.
#[derive(Clone)]
pub struct ListInStore(Engine);

impl ListInStore {
    /// A directory over the engine's store.
    pub fn new(engine: Engine) -> Self {
        Self(engine)
    }

    async fn hit(&self, id: ProfileId, now: Timestamp) -> Result<Option<Hit>, SearchError> {
        match self.0.view(id, now).await {
            Ok(view) => Ok(Some(hit_of(&view))),
            // It was erased between finding and reading.
            Err(EngineError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

#[async_trait]
impl Directory for ListInStore {
    async fn find(&self, query: Query, now: Timestamp) -> Result<Page, SearchError> {
        let mut page = Page::default();
        if !query.text.trim().is_empty() {
            match self.0.find(&query.text).await {
                Ok(id) => page.hits.extend(self.hit(id, now).await?),
                Err(EngineError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            return Ok(page);
        }
        let limit = query.limit.clamp(1, 200);
        let mut after: Option<ProfileId> =
            query.cursor.as_deref().map(str::parse).transpose().map_err(|_| SearchError::Cursor)?;
        loop {
            let rows = self.0.store().profiles_after(after, 200).await?;
            let was_last = rows.len() < 200;
            for row in rows {
                if page.hits.len() == limit {
                    page.next = after.map(|id| id.to_string());
                    return Ok(page);
                }
                after = Some(row.id);
                if row.is_live() {
                    page.hits.extend(self.hit(row.id, now).await?);
                }
            }
            if was_last {
                return Ok(page);
            }
        }
    }
}

fn hit_of(view: &ProfileView) -> Hit {
    let text = |key: &str| view.value(key).map(ToString::to_string);
    let email = text("email");
    Hit {
        id: view.id,
        name: view.name.clone(),
        line: email.clone().filter(|email| *email != view.name),
        email,
        company: text("company"),
        kind: view.kind,
        state: match view.state {
            ProfileState::Trashed { .. } => StateFilter::Trashed,
            _ => StateFilter::Live,
        },
        has_photo: view.value("photo").is_some(),
        created: view.first_seen,
        last_seen: view.last_seen,
        messages: view.messages,
        events: view.events,
    }
}
