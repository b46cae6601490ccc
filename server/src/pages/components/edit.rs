//! A field that is edited where it stands: a plain form, which `edit.js` saves by itself.
//!
//! What the script sends and expects: the form as it is, with `accept: application/json` and the
//! version as `if-match`. The answer is JSON `{"version": …, "value": …}`, or a problem: 409 with
//! `current: {"version", "value", "by"}` where somebody was faster, 422 with what is wrong in `detail`.
//! Without scripts the same form is answered with a redirect.

use axum::{
    Json,
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Serialize;

use crate::pages::words;

/// How a field is edited.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Control<'a> {
    /// One line; what stands behind `type=`.
    Line(&'a str),
    /// Several lines.
    Lines,
    /// One of several: pairs of what is sent and what is shown.
    Select(&'a [(&'a str, &'a str)]),
}

/// A field that is edited where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InlineEdit<'a> {
    /// The id of the control, one of its kind on the page.
    pub(crate) id: &'a str,
    /// What it is called; read to whoever does not see it.
    pub(crate) label: &'a str,
    /// Where the form is sent.
    pub(crate) action: &'a str,
    /// The name of the control in the form.
    pub(crate) name: &'a str,
    /// What stands there now.
    pub(crate) value: &'a str,
    /// The version that was read, which has to be the current one still.
    pub(crate) version: &'a str,
    /// How it is edited.
    pub(crate) control: Control<'a>,
    /// What stands there while it is empty.
    pub(crate) hint: &'a str,
}

impl InlineEdit<'_> {
    /// The field.
    pub(crate) fn markup(&self) -> Markup {
        html! {
            form.edit method="post" action=(self.action) data-edit {
                input type="hidden" name="version" value=(self.version) data-of=(self.action);
                label.unseen for=(self.id) { (self.label) }
                @match self.control {
                    Control::Line(kind) => input.edit-field id=(self.id) type=(kind) name=(self.name) value=(self.value) placeholder=(self.hint) autocomplete="off";,
                    Control::Lines => textarea.edit-field id=(self.id) name=(self.name) rows="1" placeholder=(self.hint) { (self.value) },
                    Control::Select(options) => select.edit-field id=(self.id) name=(self.name) {
                        @for (value, shown) in options { option value=(value) selected[*value == self.value] { (shown) } }
                    },
                }
                button.edit-save.small { (words::SAVE) }
                span.edit-said role="status" {}
            }
        }
    }
}

/// Whether a script sent the form and reads the answer, or a browser that shows a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AskedBy {
    /// A browser, which goes to a page.
    Browser,
    /// `edit.js`.
    Script,
}

impl<S: Send + Sync> FromRequestParts<S> for AskedBy {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let accepted = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let is_script = accepted.is_some_and(|accepted| accepted.starts_with("application/json"));
        Ok(if is_script { Self::Script } else { Self::Browser })
    }
}

/// What stands in a field now.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Stands {
    /// The version to send with the next change.
    pub(crate) version: String,
    /// The value, as it stands in the control.
    pub(crate) value: String,
    /// Who wrote it, for whoever was slower.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
}

impl Stands {
    /// The field was saved: the new version for a script, the page `back` for a browser.
    pub(crate) fn saved(self, asked_by: AskedBy, back: &str) -> Response {
        match asked_by {
            AskedBy::Script => Json(self).into_response(),
            AskedBy::Browser => Redirect::to(back).into_response(),
        }
    }

    /// Somebody was faster, and this is what they wrote.
    pub(crate) fn conflict(self) -> Response {
        let detail = words::SOMEBODY_WAS_FASTER;
        let body = serde_json::json!({
            "type": "about:blank", "title": "Conflict", "status": 409, "detail": detail, "current": self,
        });
        let media_type = [(header::CONTENT_TYPE, "application/problem+json")];
        (StatusCode::CONFLICT, media_type, body.to_string()).into_response()
    }
}
