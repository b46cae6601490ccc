//! The login page.

use maud::{Markup, html};

use crate::pages::{
    components::{Notice, notice},
    frame::Frame,
    icons, words,
};

/// The form, with words about what went wrong before, and where to go on to.
pub(crate) fn form(frame: &Frame, next: Option<&str>, went_wrong: Option<&str>) -> Markup {
    frame.bare(words::SIGN_IN, html! {
        main {
            div.mark { (icons::wordmark()) }
            div.card {
                h1 { (words::SIGN_IN_TITLE) }
                @if let Some(went_wrong) = went_wrong { (notice(Notice::Failed, html! { (went_wrong) })) }
                form method="post" action="/login" data-login {
                    label {
                        (words::LOGIN_NAME)
                        input name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus;
                    }
                    label {
                        (words::PASSWORD)
                        input name="password" type="password" autocomplete="current-password" required;
                    }
                    @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                    button.primary { (words::SIGN_IN) }
                }
            }
            p.faint { (words::LINK_NOTE) }
        }
    })
}
