//! Pages for what did not work, in words.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::{
    frame::{Frame, Part},
    icons, words,
};

/// What did not work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure<'a> {
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// What happened, where that can be said.
    pub(crate) detail: &'a str,
    /// The name of the request, by which an admin finds it in the log.
    pub(crate) request: Option<&'a str>,
}

/// The page.
pub(crate) fn page(frame: &Frame, failure: Failure<'_>) -> Markup {
    let title = match failure.status {
        StatusCode::NOT_FOUND | StatusCode::GONE => words::NOT_FOUND,
        StatusCode::FORBIDDEN => words::FORBIDDEN,
        status if status.is_client_error() => words::NOT_DONE,
        _ => words::FAILED,
    };
    frame.page(
        Part::None,
        title,
        &[],
        html! {
            div.empty {
                (icons::mark())
                h1 { (title) }
                @if failure.status.is_server_error() {
                    p { (words::FAILED_NEXT) }
                    @if let Some(request) = failure.request { pre { (request) } }
                } @else {
                    p { (words::sentence(failure.detail)) }
                    @if failure.status == StatusCode::NOT_FOUND { p { (words::NOT_FOUND_NEXT) } }
                }
                br;
                div.buttons {
                    a.button href="/inbox" { (icons::Icon::Inbox.svg()) (words::BACK_TO_INBOX) }
                    a.button href="/customers" { (words::BACK_TO_CUSTOMERS) }
                }
            }
        },
    )
}
