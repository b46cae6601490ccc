//! Mail: the channels that messages leave through, and how long they can be taken back.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{general::Done, shell};
use crate::pages::{
    answer::Html,
    components::{Choice, Field, Notice, Tone, badge, choice, empty, notice, toast},
    frame::Frame,
    icons::Icon,
    sent::Sent,
    words::{self, settings as own},
};
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiPath,
    outbound::{ChannelTerms, MailChannel, Security, channels},
    problem::Problem,
};

const PATH: &str = "/settings/mail";
/// Stands in a path where a channel has no id yet.
const NEW: &str = "new";

/// `GET /settings/mail`
pub(super) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    Query(query): Query<Done>,
) -> Result<Html, Problem> {
    let all = channels::list(&state).await?;
    let seconds = all.undo_seconds.to_string();
    Ok(Html::ok(shell(
        &frame,
        PATH,
        own::MAIL,
        html! {
            @if query.done.is_some() { (toast(html! { (own::SAVED) }, None)) }
            section.card {
                div.card-head { h2 { (own::CHANNELS) } a.button.small href=(format!("{PATH}/{NEW}")) data-key="n" data-key-says=(own::ADD_CHANNEL) { (Icon::Plus.svg()) (own::ADD_CHANNEL) } }
                @if all.channels.is_empty() { (empty(own::NO_CHANNELS, own::NO_CHANNELS_NEXT, Markup::default())) }
                ul.rows {
                    @for channel in &all.channels {
                        li data-row {
                            (Icon::Mail.svg())
                            div {
                                a href=(format!("{PATH}/{}", channel.id)) { (channel.terms.name) }
                                div.faint { (channel.terms.address) span.dot {} (channel.terms.host) }
                            }
                            @if channel.terms.is_default { (badge(Tone::Info, own::IS_DEFAULT)) }
                        }
                    }
                }
            }
            section.card {
                div.card-head { h2 { (own::TAKE_BACK) } }
                form.card-body.fields-form method="post" action=(PATH) {
                    (Field { name: "undo_seconds", label: own::UNDO_SECONDS, value: &seconds, help: Some(own::UNDO_SECONDS_HELP), ..Field::default() }.line("number"))
                    div.buttons { button.primary { (words::SAVE) } }
                }
            }
        },
    )))
}

/// How long a message can be taken back.
#[derive(Debug, Deserialize)]
pub(super) struct Undo {
    undo_seconds: u32,
}

/// `POST /settings/mail`
pub(super) async fn save_all(
    State(state): State<AppState>,
    Sent(undo): Sent<Undo>,
) -> Result<Response, Problem> {
    channels::set_undo(&state, undo.undo_seconds).await?;
    Ok(Redirect::to(&format!("{PATH}?done=saved")).into_response())
}

/// A channel as its form is sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    name: String,
    address: String,
    display_name: String,
    host: String,
    port: String,
    security: String,
    user: String,
    secret: String,
    certificate: String,
    signature: String,
    is_default: Option<String>,
    tracks_views: Option<String>,
}

impl Form {
    fn of(terms: ChannelTerms) -> Self {
        let yes = |on: bool| on.then(|| "1".to_owned());
        let security = match terms.security {
            Security::Tls => "tls",
            Security::Starttls => "starttls",
            Security::None => "none",
        };
        Self {
            name: terms.name,
            address: terms.address,
            display_name: terms.display_name,
            host: terms.host,
            port: if terms.port == 0 { String::new() } else { terms.port.to_string() },
            security: security.to_owned(),
            user: terms.user,
            secret: terms.secret.unwrap_or_default(),
            certificate: terms.certificate.unwrap_or_default(),
            signature: terms.signature,
            is_default: yes(terms.is_default),
            tracks_views: yes(terms.tracks_views),
        }
    }

    fn meant(&self) -> Result<ChannelTerms, Problem> {
        let port = match self.port.trim() {
            "" => 0,
            port => port.parse().map_err(|_| {
                Problem::invalid("this channel is not taken").at("/port", "a port is a number, such as 587")
            })?,
        };
        let security = match self.security.as_str() {
            "starttls" => Security::Starttls,
            "none" => Security::None,
            _ => Security::Tls,
        };
        let given = |text: &String| (!text.trim().is_empty()).then(|| text.clone());
        Ok(ChannelTerms {
            name: self.name.clone(),
            address: self.address.clone(),
            display_name: self.display_name.clone(),
            host: self.host.clone(),
            port,
            security,
            user: self.user.clone(),
            secret: given(&self.secret),
            certificate: given(&self.certificate),
            signature: self.signature.clone(),
            is_default: self.is_default.is_some(),
            tracks_views: self.tracks_views.is_some(),
        })
    }
}

async fn known(state: &AppState, id: &str) -> Result<MailChannel, Problem> {
    let all = channels::list(state).await?;
    let known = all.channels.into_iter().find(|channel| channel.id == id);
    known.ok_or_else(|| Problem::not_found("there is no such channel"))
}

/// `GET /settings/mail/{id}`
pub(super) async fn channel(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Html, Problem> {
    let form = if id == NEW { Form::default() } else { Form::of(known(&state, &id).await?.terms) };
    Ok(Html::ok(drawn(&frame, &by, &id, &form, None, None)))
}

/// `POST /settings/mail/{id}`
pub(super) async fn save(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(id): ApiPath<String>,
    Sent(form): Sent<Form>,
) -> Result<Response, Problem> {
    let saved = match form.meant() {
        Ok(terms) if id == NEW => channels::add(&state, terms).await,
        Ok(terms) => channels::replace(&state, &id, terms).await,
        Err(problem) => Err(problem),
    };
    match saved {
        Ok(_) => Ok(Redirect::to(&format!("{PATH}?done=saved")).into_response()),
        Err(problem) if problem.errors.is_empty() => Err(problem),
        Err(problem) => {
            let page = drawn(&frame, &by, &id, &form, Some(&problem), None);
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// `POST /settings/mail/{id}/remove`
pub(super) async fn remove(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    channels::remove(&state, &id).await?;
    Ok(Redirect::to(&format!("{PATH}?done=removed")).into_response())
}

/// Where a test mail goes.
#[derive(Debug, Deserialize)]
pub(super) struct TestTo {
    to: String,
}

/// `POST /settings/mail/{id}/test`
pub(super) async fn test(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(id): ApiPath<String>,
    Sent(test): Sent<TestTo>,
) -> Result<Html, Problem> {
    let form = Form::of(known(&state, &id).await?.terms);
    let tested = channels::test(&state, &id, test.to.trim()).await?;
    let news = html! {
        div {
            @if tested.ok { (own::TEST_SENT) " " } @else if let Some(step) = tested.step { (words::sentence(&step.to_string())) " " }
            (words::sentence(&tested.words))
            @if let Some(hint) = tested.hint { p.soft { (words::sentence(hint)) } }
        }
    };
    let news = notice(if tested.ok { Notice::Done } else { Notice::Failed }, news);
    Ok(Html::ok(drawn(&frame, &by, &id, &form, None, Some(news))))
}

fn drawn(
    frame: &Frame,
    by: &Principal,
    id: &str,
    form: &Form,
    problem: Option<&Problem>,
    news: Option<Markup>,
) -> Markup {
    let wrong = |name: &str| {
        let mut errors = problem?.errors.iter();
        errors.find(|error| error.pointer.trim_start_matches('/') == name).map(|error| error.detail.as_str())
    };
    let field =
        |name, label, value, help| Field { name, label, value, help, wrong: wrong(name), ..Field::default() };
    let title = if id == NEW { own::ADD_CHANNEL } else { &form.name };
    let own_address = by.login().filter(|login| login.contains('@')).unwrap_or_default();
    shell(
        frame,
        PATH,
        title,
        html! {
            @if let Some(news) = news { (news) }
            form method="post" action=(format!("{PATH}/{id}")) {
                section.card {
                    div.card-head { h2 { (own::WHO_WRITES_MAIL) } }
                    div.card-body.fields-form.two {
                        (Field { required: true, hint: Some("support@example.com"), ..field("address", own::ADDRESS, &form.address, Some(own::ADDRESS_HELP)) }.line("email"))
                        (field("display_name", own::DISPLAY_NAME, &form.display_name, Some(own::DISPLAY_NAME_HELP)).line("text"))
                        (field("name", own::CHANNEL_NAME, &form.name, Some(own::CHANNEL_NAME_HELP)).line("text"))
                    }
                }
                section.card {
                    div.card-head { h2 { (own::SERVER_OUT) } }
                    div.card-body.fields-form.two {
                        (Field { required: true, hint: Some("smtp.example.com"), ..field("host", own::HOST, &form.host, None) }.line("text"))
                        (field("port", own::PORT, &form.port, Some(own::PORT_HELP)).line("text"))
                        (field("security", own::SECURITY, &form.security, None).select(&[("tls", own::TLS), ("starttls", own::STARTTLS), ("none", own::NO_TLS)]))
                        (Field { autocomplete: Some("off"), ..field("user", own::USER, &form.user, None) }.line("text"))
                        (Field { autocomplete: Some("new-password"), ..field("secret", own::SECRET, &form.secret, Some(own::SECRET_HELP)) }.line("password"))
                        (field("certificate", own::CERTIFICATE, &form.certificate, Some(own::CERTIFICATE_HELP)).lines(2))
                    }
                }
                section.card {
                    div.card-head { h2 { (own::EVERY_MESSAGE) } }
                    div.card-body.fields-form {
                        (field("signature", own::SIGNATURE, &form.signature, None).lines(3))
                        (choice(Choice::Check, "is_default", "1", form.is_default.is_some(), own::USE_FIRST, None))
                        (choice(Choice::Check, "tracks_views", "1", form.tracks_views.is_some(), own::TRACK_VIEWS, Some(own::TRACK_VIEWS_HELP)))
                    }
                }
                div.buttons.form-end { a.button href=(PATH) { (words::CANCEL) } button.primary { (words::SAVE) } }
            }
            @if id != NEW {
                section.card {
                    div.card-head { h2 { (own::TEST) } }
                    form.card-body.inline-form method="post" action=(format!("{PATH}/{id}/test")) {
                        label.unseen for="to" { (own::TEST_TO) }
                        input #to type="email" name="to" required placeholder=(own::TEST_TO) value=(own_address);
                        button { (Icon::Send.svg()) (own::TEST_NOW) }
                    }
                    div.card-foot {
                        form method="post" action=(format!("{PATH}/{id}/remove")) { button.danger.small { (Icon::Trash.svg()) (own::REMOVE_CHANNEL) } }
                        span.faint { (own::REMOVE_CHANNEL_HELP) }
                    }
                }
            }
        },
    )
}
