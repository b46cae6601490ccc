//! What is known of the request that is being answered, for code further down that is not handed it.
//!
//! The guard sets it around the handler and around the body that the handler answers with. Outside of
//! a request, in workers and on the command line, there is nothing: nobody looks, so nothing is covered.

use std::future::Future;

/// What is known of the request that is being answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    /// The surface it came in by, in a word.
    pub(crate) surface: &'static str,
}

tokio::task_local! {
    static ASKING: Asking;
}

#[allow(dead_code, reason = "what covers values by role asks for it next")]
impl Asking {
    /// Runs a handler so that code below it knows of the request.
    pub(crate) async fn around<T>(self, work: impl Future<Output = T>) -> T {
        ASKING.scope(self, work).await
    }

    /// Runs one step of what goes on after the handler, such as the next piece of a body.
    pub(crate) fn during<T>(&self, step: impl FnOnce() -> T) -> T {
        ASKING.sync_scope(self.clone(), step)
    }

    /// The request that is being answered here; nothing of it is known outside of one.
    pub(crate) fn now() -> Option<Self> {
        ASKING.try_with(Clone::clone).ok()
    }

    /// The surface in a word.
    pub(crate) fn surface() -> &'static str {
        ASKING.try_with(|asking| asking.surface).unwrap_or("house")
    }
}
