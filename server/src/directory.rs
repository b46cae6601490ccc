//! Finding profiles by what somebody types, and listing them all.

use async_trait::async_trait;
use whom_core::{
    engine::{Engine, EngineError},
    model::{ProfileId, ProfileState, Timestamp},
    search::{Hit, Page, Query, Search, SearchError, StateFilter, Vocabulary},
    view::ProfileView,
};

/// What finds profiles: the search index, or a plain list where there is none.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// Answers a question.
    async fn find(&self, query: Query, now: Timestamp) -> Result<Page, SearchError>;

    /// How many profiles are meant, counted up to `most`.
    async fn count(&self, query: Query, most: usize, now: Timestamp) -> Result<usize, SearchError>;

    /// The profiles that are meant in the order asked for, at most `most`.
    async fn ids(&self, query: Query, most: usize, now: Timestamp) -> Result<Vec<ProfileId>, SearchError>;

    /// What can be asked of in filters.
    fn vocabulary(&self) -> Vocabulary;
}

#[async_trait]
impl Directory for Search {
    async fn find(&self, query: Query, now: Timestamp) -> Result<Page, SearchError> {
        self.query(query, now).await
    }

    async fn count(&self, query: Query, most: usize, now: Timestamp) -> Result<usize, SearchError> {
        Search::count(self, query, most, now).await
    }

    async fn ids(&self, query: Query, most: usize, now: Timestamp) -> Result<Vec<ProfileId>, SearchError> {
        Search::ids(self, query, most, now).await
    }

    fn vocabulary(&self) -> Vocabulary {
        Search::vocabulary(self)
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
    fn vocabulary(&self) -> Vocabulary {
        Vocabulary::new(self.0.rules().schema(), [])
    }

    async fn count(&self, query: Query, most: usize, now: Timestamp) -> Result<usize, SearchError> {
        Ok(self.ids(query, most, now).await?.len())
    }

    async fn ids(&self, query: Query, most: usize, now: Timestamp) -> Result<Vec<ProfileId>, SearchError> {
        let mut ids = Vec::new();
        let mut query = Query { limit: 200, ..query };
        loop {
            let page = self.find(query.clone(), now).await?;
            ids.extend(page.hits.iter().map(|hit| hit.id));
            query.cursor = page.next;
            if query.cursor.is_none() || ids.len() >= most {
                ids.truncate(most);
                return Ok(ids);
            }
        }
    }

    async fn find(&self, query: Query, now: Timestamp) -> Result<Page, SearchError> {
        if !query.filter.is_empty() {
            return Err(SearchError::NoFilters);
        }
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
        photo: view.photo_mark(),
        created: view.first_seen,
        last_seen: view.last_seen,
        messages: view.messages,
        events: view.events,
        properties: Default::default(),
    }
}
