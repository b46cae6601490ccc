//! What is known of the request that is being answered, for code further down that is not handed it.
//!
//! The guard sets it around the handler and around the body that the handler answers with. So whatever asks
//! the engine while a request is answered sees what whoever asks may see, and nothing has to remember it.
//! Outside of a request, in workers and on the command line, there is nothing: nobody looks, so nothing is covered.

use std::{future::Future, sync::Arc};

use axum::body::{Body, HttpBody as _};
use futures::{StreamExt as _, stream};
use whom_core::view::Sight;

use crate::{auth::Names, locale::Locale};

/// What is known of the request that is being answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    /// The surface it came in by, in a word.
    pub(crate) surface: &'static str,
    /// What whoever asks may see; nothing where they see all.
    pub(crate) sight: Option<Arc<Sight>>,
    /// How whoever asks reads dates and numbers.
    pub(crate) locale: Locale,
    /// What those who work here are called; nobody where no page is made.
    pub(crate) names: Arc<Names>,
}

tokio::task_local! {
    static ASKING: Asking;
}

impl Asking {
    /// Runs a handler so that code below it knows of the request.
    pub(crate) async fn around<T>(self, work: impl Future<Output = T>) -> T {
        ASKING.scope(self, work).await
    }

    /// A body of which every piece is made so that the code that makes it knows of the request.
    pub(crate) fn around_body(self, body: Body) -> Body {
        // What is whole already asks nobody any more.
        if self.sight.is_none() || body.size_hint().exact().is_some() {
            return body;
        }
        let mut pieces = body.into_data_stream();
        Body::from_stream(stream::poll_fn(move |context| {
            ASKING.sync_scope(self.clone(), || pieces.poll_next_unpin(context))
        }))
    }

    /// What whoever asks may see; nothing where they see all, and outside of a request.
    pub(crate) fn sight() -> Option<Arc<Sight>> {
        ASKING.try_with(|asking| asking.sight.clone()).ok().flatten()
    }

    /// How whoever asks reads dates and numbers; nothing outside of a request.
    pub(crate) fn locale() -> Option<Locale> {
        ASKING.try_with(|asking| asking.locale).ok()
    }

    /// What somebody who works here is called; nothing for others, and outside of a page.
    pub(crate) fn name_of(login: &str) -> Option<String> {
        ASKING.try_with(|asking| asking.names.of(login).map(str::to_owned)).ok().flatten()
    }

    /// The surface in a word.
    pub(crate) fn surface() -> &'static str {
        ASKING.try_with(|asking| asking.surface).unwrap_or("house")
    }
}
