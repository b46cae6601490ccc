//! Oneself: name, password, second step, where one is signed in, language and time zone.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::parts::{self, Done, failed};
use crate::{
    api::{
        me::{self, NewPassword, own_login, own_person},
        sessions,
    },
    app::AppState,
    auth::{
        OwnSession, Person, Principal,
        people::{self, OwnEdit},
        second_factor::{self, SecondFactorState, SetUp},
    },
    http::ApiQuery,
    locale,
    pages::{
        answer::Html,
        components::{Field, Tone, badge},
        frame::{Frame, Theme},
        sent::Sent,
        settings::shell,
        sign_in,
        words::{people as words, sign_in as steps},
    },
    problem::Problem,
};

const PATH: &str = "/settings/you";

/// What is shown besides, or what went wrong.
#[derive(Default)]
struct Shown {
    set_up: Option<SetUp>,
    recovery_codes: Vec<String>,
    problem: Option<Problem>,
    done: String,
}

/// `GET /settings/you`
pub(crate) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    this: Option<Extension<OwnSession>>,
    ApiQuery(done): ApiQuery<Done>,
) -> Result<Html, Problem> {
    let shown = Shown { done: done.done, ..Shown::default() };
    Ok(Html::ok(drawn(&state, &frame, &by, this.as_deref(), shown).await?))
}

/// What a form of this page came to.
struct Sender<'a> {
    state: &'a AppState,
    frame: &'a Frame,
    by: &'a Principal,
    this: Option<&'a OwnSession>,
}

impl Sender<'_> {
    /// Leads back to the page, or shows on it what went wrong.
    async fn back(self, done: &str, outcome: Result<(), Problem>) -> Result<Response, Problem> {
        match outcome {
            Ok(()) => Ok(Redirect::to(&format!("{PATH}?done={done}")).into_response()),
            Err(problem) => self.wrong(problem, None).await,
        }
    }

    async fn wrong(self, problem: Problem, set_up: Option<SetUp>) -> Result<Response, Problem> {
        if !problem.status.is_client_error() || problem.status == StatusCode::FORBIDDEN {
            return Err(problem);
        }
        let status = problem.status;
        self.shown(status, Shown { problem: Some(problem), set_up, ..Shown::default() }).await
    }

    async fn shown(self, status: StatusCode, shown: Shown) -> Result<Response, Problem> {
        let page = drawn(self.state, self.frame, self.by, self.this, shown).await?;
        Ok(Html(status, page).into_response())
    }
}

/// `POST /settings/you`
pub(crate) async fn save(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    this: Option<Extension<OwnSession>>,
    Sent(edit): Sent<OwnEdit>,
) -> Result<Response, Problem> {
    let saved = people::edit_own(state.store(), own_login(&by)?, edit, state.now()).await;
    let sender = Sender { state: &state, frame: &frame, by: &by, this: this.as_deref() };
    sender.back("saved", saved.map(drop).map_err(Problem::from)).await
}

/// `POST /settings/you/password`
pub(crate) async fn password(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    this: Option<Extension<OwnSession>>,
    Sent(given): Sent<NewPassword>,
) -> Result<Response, Problem> {
    let outcome = me::change_password(&state, &by, this.as_deref(), &given).await;
    let sender = Sender { state: &state, frame: &frame, by: &by, this: this.as_deref() };
    sender.back("password", outcome).await
}

/// `POST /settings/you/second-factor`: shows the picture and the secret.
pub(crate) async fn begin_second_factor(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    this: Option<Extension<OwnSession>>,
) -> Result<Response, Problem> {
    let set_up = second_factor::begin(state.store(), own_login(&by)?, "Whom", state.now()).await?;
    let sender = Sender { state: &state, frame: &frame, by: &by, this: this.as_deref() };
    sender.shown(StatusCode::OK, Shown { set_up, ..Shown::default() }).await
}

/// A code of the app.
#[derive(Deserialize)]
pub(crate) struct GivenCode {
    code: String,
}

/// `POST /settings/you/second-factor/confirm`: shows the recovery codes, this once.
pub(crate) async fn confirm_second_factor(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    this: Option<Extension<OwnSession>>,
    Sent(given): Sent<GivenCode>,
) -> Result<Response, Problem> {
    let outcome = me::confirm(&state, &by, &given.code).await;
    let sender = Sender { state: &state, frame: &frame, by: &by, this: this.as_deref() };
    match outcome {
        Ok(recovery_codes) => {
            sender.shown(StatusCode::OK, Shown { recovery_codes, ..Shown::default() }).await
        }
        Err(problem) => {
            let again = second_factor::begin(state.store(), own_login(&by)?, "Whom", state.now()).await?;
            sender.wrong(problem, again).await
        }
    }
}

/// The password, for taking the second step away.
#[derive(Deserialize)]
pub(crate) struct GivenPassword {
    #[serde(default)]
    password: String,
}

/// `POST /settings/you/second-factor/remove`
pub(crate) async fn remove_second_factor(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    this: Option<Extension<OwnSession>>,
    Sent(given): Sent<GivenPassword>,
) -> Result<Response, Problem> {
    let outcome = me::remove(&state, &by, &given.password).await;
    let sender = Sender { state: &state, frame: &frame, by: &by, this: this.as_deref() };
    sender.back("no-second-step", outcome).await
}

/// Which session ends; all others where none is named.
#[derive(Deserialize)]
pub(crate) struct Ended {
    #[serde(default)]
    id: String,
}

/// `POST /settings/you/sessions/end`
pub(crate) async fn end_session(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    this: Option<Extension<OwnSession>>,
    Sent(ended): Sent<Ended>,
) -> Result<Response, Problem> {
    let login = own_login(&by)?;
    let outcome = match ended.id.as_str() {
        "" => sessions::end_all(&state, &by, login, this.as_deref()).await,
        id => sessions::end_one(&state, &by, login, id).await,
    };
    let sender = Sender { state: &state, frame: &frame, by: &by, this: this.as_deref() };
    sender.back("ended", outcome).await
}

async fn drawn(
    state: &AppState,
    frame: &Frame,
    by: &Principal,
    this: Option<&OwnSession>,
    shown: Shown,
) -> Result<Markup, Problem> {
    let person = own_person(state, by).await?;
    let factor = second_factor::state(state.store(), &person.login).await?;
    let signed_in = sessions::of(state, &person.login, this).await?;
    Ok(shell(
        frame,
        PATH,
        words::YOU,
        html! {
            p.soft.lead { (words::YOU_NEXT) }
            (parts::news(&shown.done))
            (failed(shown.problem.as_ref()))
            @if !shown.recovery_codes.is_empty() {
                section.card.shown-once role="status" {
                    div.card-head { h2 { (steps::RECOVERY_TITLE) } }
                    div.card-body { (sign_in::recovery_codes(&shown.recovery_codes)) }
                }
            }
            (names(frame, &person))
            (look(frame))
            (password_form(&person))
            (second_step(frame, &factor, person.signs_in_by_password(), shown.set_up.as_ref()))
            section.card {
                div.card-head {
                    h2 { (words::SESSIONS) }
                    @if signed_in.len() > 1 {
                        form method="post" action="/settings/you/sessions/end" { button.small { (words::END_OTHERS) } }
                    }
                }
                (parts::sessions(frame, &signed_in, "/settings/you/sessions/end"))
            }
        },
    ))
}

fn names(frame: &Frame, person: &Person) -> Markup {
    let name = Field {
        name: "name",
        label: words::NAME,
        value: &person.name,
        autocomplete: Some("name"),
        required: true,
        ..Field::default()
    };
    let zone = Field {
        name: "zone",
        label: words::ZONE,
        value: person.zone.as_deref().unwrap_or_default(),
        help: Some(words::ZONE_HELP),
        hint: Some(frame.moments.zone_name()),
        list: Some("zones"),
        ..Field::default()
    };
    let chosen = person.locale.as_deref().unwrap_or_default();
    let locale = Field {
        name: "locale",
        label: words::LOCALE,
        value: chosen,
        help: Some(words::LOCALE_HELP),
        ..Field::default()
    };
    let named = locale::ALL.iter().map(|ways| (ways.tag, words::locale(ways.tag)));
    // One that the table does not hold, set by a program, stays as it is.
    let other = (!chosen.is_empty() && !locale::ALL.iter().any(|ways| ways.tag == chosen))
        .then_some((chosen, chosen));
    let mut locales: Vec<(&str, &str)> = named.chain(other).collect();
    locales.sort_by_key(|(_, name)| *name);
    locales.insert(0, ("", words::AS_BROWSER));
    html! {
        form.card method="post" action=(PATH) {
            div.card-body {
                div.fields-form.two { (name.line("text")) (locale.select(&locales)) (zone.line("text")) }
            }
            datalist #zones { @for zone in zones() { option value=(zone) {} } }
            div.card-foot { button.primary { (words::SAVE) } }
        }
    }
}

/// The time zones there are, those of no place left out.
fn zones() -> Vec<String> {
    let all = jiff::tz::db().available().map(|name| name.to_string());
    let mut zones: Vec<String> = all.filter(|name| name.contains('/') && !name.starts_with("Etc/")).collect();
    zones.sort();
    zones
}

fn look(frame: &Frame) -> Markup {
    let looks = [
        ("system", words::SYSTEM, Theme::System),
        ("light", words::LIGHT, Theme::Light),
        ("dark", words::DARK, Theme::Dark),
    ];
    html! {
        section.card {
            div.card-head {
                h2 { (words::LOOK) }
                form.segmented method="post" action="/theme" {
                    input type="hidden" name="back" value=(PATH);
                    @for (word, shown, theme) in looks {
                        button name="theme" value=(word) aria-pressed=[(frame.theme == theme).then_some("true")] { (shown) }
                    }
                }
            }
        }
    }
}

fn password_form(person: &Person) -> Markup {
    let rules = steps::password_rules();
    let old = Field {
        name: "old",
        label: words::OLD_PASSWORD,
        autocomplete: Some("current-password"),
        required: true,
        ..Field::default()
    };
    let new = Field {
        name: "password",
        label: words::NEW_PASSWORD,
        help: Some(&rules),
        autocomplete: Some("new-password"),
        required: true,
        ..Field::default()
    };
    html! {
        form.card method="post" action="/settings/you/password" {
            div.card-head { h2 { (words::PASSWORD) } }
            div.card-body {
                input.unseen name="login" value=(person.login) autocomplete="username" readonly tabindex="-1" aria-hidden="true";
                div.fields-form.two {
                    @if person.signs_in_by_password() { (old.line("password")) }
                    (new.line("password"))
                }
            }
            div.card-foot { button { (words::CHANGE_PASSWORD) } }
        }
    }
}

fn second_step(
    frame: &Frame,
    factor: &SecondFactorState,
    has_password: bool,
    set_up: Option<&SetUp>,
) -> Markup {
    let password = Field {
        name: "password",
        label: words::OLD_PASSWORD,
        autocomplete: Some("current-password"),
        required: true,
        ..Field::default()
    };
    html! {
        section.card #second-step {
            div.card-head {
                h2 { (words::SECOND_STEP) }
                @if let Some(since) = factor.since { span { (badge(Tone::Good, words::ON)) " " span.faint { (frame.moments.date(since)) } } }
            }
            div.card-body {
                @if factor.since.is_some() {
                    p.soft { (words::SECOND_STEP_ON) " " (factor.recovery_codes) " " (words::CODES_LEFT) "." }
                    form.inline-form method="post" action="/settings/you/second-factor/remove" {
                        @if has_password { div.short { (password.line("password")) } }
                        button.danger { (words::TAKE_AWAY) }
                    }
                } @else if let Some(set_up) = set_up {
                    (sign_in::set_up(set_up, "/settings/you/second-factor/confirm", None))
                } @else {
                    p.soft { (words::SECOND_STEP_OFF) }
                    form method="post" action="/settings/you/second-factor#second-step" { button { (words::SET_UP) } }
                }
            }
        }
    }
}
