//! Who else looks at the same thing.

use maud::{Markup, html};

/// The place where a page says who else looks at it, and who writes; filled by the live stream.
///
/// The topic is the one of live updates: `conversation:cv_…`, `profile:p_…`.
pub(crate) fn presence(topic: &str) -> Markup {
    html! { span.presence data-presence=(topic) data-live-stays role="status" {} }
}
