//! The pages of signing in.

use maud::{Markup, html};

use crate::{
    auth::{invitations::Purpose, second_factor::SetUp},
    pages::{
        components::{Notice, notice, squares},
        frame::Frame,
        icons,
        words::{self, sign_in},
    },
};

/// A card in the middle of an empty page.
fn card(frame: &Frame, title: &str, went_wrong: Option<&str>, content: Markup, below: Markup) -> Markup {
    frame.bare(
        title,
        html! {
            main {
                div.mark { (icons::wordmark()) }
                div.card {
                    h1 { (title) }
                    @if let Some(went_wrong) = went_wrong { (notice(Notice::Failed, html! { (went_wrong) })) }
                    (content)
                }
                (below)
            }
        },
    )
}

/// The form, with words about what went wrong before, and where to go on to.
pub(super) fn form(frame: &Frame, login: &str, next: Option<&str>, went_wrong: Option<&str>) -> Markup {
    let content = html! {
        form method="post" action="/login" data-login {
            label {
                (words::LOGIN_NAME)
                input name="login" value=(login) autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus[login.is_empty()];
            }
            label {
                (words::PASSWORD)
                input name="password" type="password" autocomplete="current-password" required autofocus[!login.is_empty()];
            }
            @if let Some(next) = next { input type="hidden" name="next" value=(next); }
            button.primary { (words::SIGN_IN) }
        }
    };
    let below = html! {
        p { a href="/login/forgot" { (sign_in::FORGOT) } }
        p.faint { (words::LINK_NOTE) }
    };
    card(frame, words::SIGN_IN_TITLE, went_wrong, content, below)
}

/// The question for the code.
pub(super) fn code(frame: &Frame, next: Option<&str>, went_wrong: Option<&str>) -> Markup {
    let content = html! {
        p.soft { (sign_in::CODE_NOTE) }
        form method="post" action="/login/code" {
            (code_field(sign_in::CODE))
            @if let Some(next) = next { input type="hidden" name="next" value=(next); }
            button.primary { (sign_in::CODE_GO_ON) }
        }
    };
    card(frame, sign_in::CODE_TITLE, went_wrong, content, html! { p.faint { (sign_in::CODE_LOST) } (back()) })
}

/// Setting the second factor up on the way in, because the role demands it.
pub(super) fn demanded(frame: &Frame, shown: &SetUp, next: Option<&str>, went_wrong: Option<&str>) -> Markup {
    let content = html! {
        p.soft { (sign_in::SET_UP_DEMANDED) }
        (set_up(shown, "/login/code", next))
    };
    card(frame, sign_in::SET_UP_TITLE, went_wrong, content, back())
}

/// The picture and the secret, and the form that proves that the app knows it.
pub(crate) fn set_up(shown: &SetUp, action: &str, next: Option<&str>) -> Markup {
    let grouped: Vec<&str> = (0..shown.secret.len())
        .step_by(4)
        .filter_map(|at| shown.secret.get(at..(at + 4).min(shown.secret.len())))
        .collect();
    html! {
        div.second-factor {
            p { (sign_in::SET_UP_SCAN) }
            (squares(&shown.address, sign_in::SET_UP_PICTURE))
            p.soft { (sign_in::SET_UP_TYPE) }
            p { code { (grouped.join(" ")) } }
            form method="post" action=(action) {
                (code_field(sign_in::SET_UP_CODE))
                @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                button.primary { (sign_in::CODE_GO_ON) }
            }
        }
    }
}

fn code_field(label: &str) -> Markup {
    html! {
        label {
            (label)
            input name="code" inputmode="numeric" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="40" required autofocus;
        }
    }
}

/// The recovery codes, shown once, and where to go on to.
pub(super) fn kept(frame: &Frame, codes: &[String], on_to: &str) -> Markup {
    let content = html! {
        (recovery_codes(codes))
        p { a.button.primary href=(on_to) { (sign_in::RECOVERY_KEPT) } }
    };
    card(frame, sign_in::RECOVERY_TITLE, None, content, html! {})
}

/// The recovery codes, one a line.
pub(crate) fn recovery_codes(codes: &[String]) -> Markup {
    html! {
        p.soft { (sign_in::RECOVERY_NOTE) }
        ul.recovery-codes { @for code in codes { li { code { (code) } } } }
    }
}

/// Asking for a new password.
pub(super) fn forgot(frame: &Frame, went_wrong: Option<&str>) -> Markup {
    let content = html! {
        p.soft { (sign_in::FORGOT_NOTE) }
        form method="post" action="/login/forgot" {
            label {
                (sign_in::ADDRESS)
                input name="login" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="120" required autofocus;
            }
            button.primary { (sign_in::FORGOT_SEND) }
        }
    };
    card(frame, sign_in::FORGOT_TITLE, went_wrong, content, back())
}

/// The same answer for everybody who asked.
pub(super) fn forgot_sent(frame: &Frame) -> Markup {
    let content = html! {
        p { (sign_in::FORGOT_SENT) }
        p.soft { (sign_in::FORGOT_ADMIN) }
    };
    card(frame, sign_in::FORGOT_TITLE, None, content, back())
}

/// What somebody typed into the form of an invitation, to stand there again.
pub(super) struct Typed<'a> {
    pub(super) token: &'a str,
    pub(super) name: &'a str,
}

/// Choosing a name and a password.
pub(super) fn invitation(
    frame: &Frame,
    purpose: &Purpose,
    typed: &Typed<'_>,
    went_wrong: Option<&str>,
) -> Markup {
    let (title, login, note, button) = match purpose {
        Purpose::Join { login, .. } => (sign_in::JOIN_TITLE, login, None, sign_in::JOIN),
        Purpose::Reset { login } => (sign_in::RESET_TITLE, login, Some(sign_in::RESET_NOTE), sign_in::RESET),
    };
    let content = html! {
        p.soft { (sign_in::signs_in_as(login)) @if let Some(note) = note { " " (note) } }
        form method="post" action="/invitation" {
            input type="hidden" name="token" value=(typed.token);
            // Password managers keep the name beside the password.
            input.unseen name="login" value=(login) autocomplete="username" readonly tabindex="-1" aria-hidden="true";
            @if let Purpose::Join { name, .. } = purpose {
                @let known = if typed.name.is_empty() { name.as_deref().unwrap_or_default() } else { typed.name };
                label {
                    (sign_in::YOUR_NAME)
                    input name="name" value=(known) autocomplete="name" maxlength="80" required autofocus;
                }
            }
            label {
                (sign_in::NEW_PASSWORD)
                input name="password" type="password" autocomplete="new-password" minlength="10" maxlength="1024" required aria-describedby="password-rules";
            }
            p.faint #password-rules { (sign_in::password_rules()) }
            button.primary { (button) }
        }
    };
    card(frame, title, went_wrong, content, html! {})
}

/// The link leads nowhere any more.
pub(super) fn invitation_over(frame: &Frame) -> Markup {
    card(frame, sign_in::INVITATION_OVER_TITLE, None, html! { p { (sign_in::INVITATION_OVER) } }, back())
}

fn back() -> Markup {
    html! { p { a href="/login" { (sign_in::BACK_TO_SIGN_IN) } } }
}
