//! The login page: one form that works without scripts and without any other file.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, html};

const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
body{display:grid;place-items:center;min-height:100vh;margin:0}\
form{display:grid;gap:.75rem;width:min(20rem,90vw)}\
input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box}\
[role=alert]{border-left:.25rem solid #c33;padding-left:.75rem;margin:0}";

/// The form, with words about what went wrong before.
pub(super) fn form(next: Option<&str>, went_wrong: Option<&str>) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Sign in · Whom" }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                main {
                    form method="post" action="/login" {
                        h1 { "Sign in to Whom" }
                        @if let Some(words) = went_wrong { p role="alert" { (words) } }
                        label { "Login name"
                            input name="login" autocomplete="username" autocapitalize="none" required autofocus;
                        }
                        label { "Password"
                            input name="password" type="password" autocomplete="current-password" required;
                        }
                        @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                        button { "Sign in" }
                    }
                }
            }
        }
    };
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            HeaderName::from_static("content-security-policy"),
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            ),
        ),
    ];
    (headers, page).into_response()
}
