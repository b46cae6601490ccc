//! What is ours and no customer: addresses, domains, contact forms; which mail counts; the country of numbers.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::shell;
use crate::pages::{
    answer::Html,
    components::{Choice, Field, choice, toast},
    frame::Frame,
    sent::Sent,
    words::{self, settings as own},
};
use crate::{
    app::AppState,
    mail::MailSort,
    problem::Problem,
    settings::{Settings, SettingsError},
};

const PATH: &str = "/settings/general";

/// What stands behind `?`.
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    pub(super) done: Option<String>,
}

/// The form as it is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    own_addresses: String,
    own_domains: String,
    contact_forms: String,
    phone_region: String,
    lists: Option<String>,
    automatic: Option<String>,
    bounces: Option<String>,
    no_reply: Option<String>,
}

const SORTS: [(&str, MailSort, &str); 4] = [
    ("lists", MailSort::Lists, own::MAIL_LISTS),
    ("automatic", MailSort::Automatic, own::MAIL_AUTOMATIC),
    ("bounces", MailSort::Bounces, own::MAIL_BOUNCES),
    ("no_reply", MailSort::NoReply, own::MAIL_NO_REPLY),
];

impl Form {
    fn of(settings: &Settings) -> Self {
        let has = |sort| settings.include_mail.contains(&sort).then(|| "1".to_owned());
        Self {
            own_addresses: settings.own_addresses.join("\n"),
            own_domains: settings.own_domains.join("\n"),
            contact_forms: settings.contact_forms.join("\n"),
            phone_region: settings.phone_region.clone().unwrap_or_default(),
            lists: has(MailSort::Lists),
            automatic: has(MailSort::Automatic),
            bounces: has(MailSort::Bounces),
            no_reply: has(MailSort::NoReply),
        }
    }

    fn takes(&self, sort: MailSort) -> bool {
        match sort {
            MailSort::Lists => self.lists.is_some(),
            MailSort::Automatic => self.automatic.is_some(),
            MailSort::Bounces => self.bounces.is_some(),
            MailSort::NoReply => self.no_reply.is_some(),
        }
    }

    /// What is meant.
    fn meant(&self) -> Settings {
        let lines = |text: &str| {
            let lines = text.split(['\n', ',', ';']).map(str::trim).filter(|line| !line.is_empty());
            lines.map(str::to_owned).collect()
        };
        let region = self.phone_region.trim().to_uppercase();
        Settings {
            own_addresses: lines(&self.own_addresses),
            own_domains: lines(&self.own_domains),
            contact_forms: lines(&self.contact_forms),
            phone_region: (!region.is_empty()).then_some(region),
            include_mail: SORTS.iter().map(|(_, sort, _)| *sort).filter(|sort| self.takes(*sort)).collect(),
        }
    }
}

/// `GET /settings/general`
pub(super) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    Query(query): Query<Done>,
) -> Result<Html, Problem> {
    let form = Form::of(&state.settings().await?);
    let news = query.done.map(|_| toast(html! { (own::SAVED) }, None));
    Ok(Html::ok(drawn(&frame, &form, None, news)))
}

/// `POST /settings/general`
pub(super) async fn save(
    State(state): State<AppState>,
    frame: Frame,
    Sent(form): Sent<Form>,
) -> Result<Response, Problem> {
    match form.meant().checked() {
        Ok(settings) => {
            settings.save(state.store(), state.now()).await?;
            Ok(Redirect::to(&format!("{PATH}?done=saved")).into_response())
        }
        Err(error) => {
            let page = drawn(&frame, &form, Some(&error), None);
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn drawn(frame: &Frame, form: &Form, error: Option<&SettingsError>, news: Option<Markup>) -> Markup {
    let wrong = error.map(|error| words::sentence(&error.why));
    let field = |name, label, help| {
        let is_it = error.is_some_and(|error| error.pointer.split('/').nth(1) == Some(name));
        Field { name, label, help: Some(help), wrong: wrong.as_deref().filter(|_| is_it), ..Field::default() }
    };
    shell(
        frame,
        PATH,
        own::GENERAL,
        html! {
            @if let Some(news) = news { (news) }
            form method="post" action=(PATH) {
                section.card {
                    div.card-head { h2 { (own::OURS) } }
                    div.card-body.fields-form {
                        p.soft { (own::OURS_NEXT) }
                        (Field { value: &form.own_addresses, ..field("own_addresses", own::OWN_ADDRESSES, own::OWN_ADDRESSES_HELP) }.lines(3))
                        (Field { value: &form.own_domains, ..field("own_domains", own::OWN_DOMAINS, own::OWN_DOMAINS_HELP) }.lines(2))
                        (Field { value: &form.contact_forms, ..field("contact_forms", own::CONTACT_FORMS, own::CONTACT_FORMS_HELP) }.lines(2))
                    }
                }
                section.card {
                    div.card-head { h2 { (own::MAIL_IN) } }
                    div.card-body {
                        fieldset {
                            legend.soft { (own::MAIL_IN_NEXT) }
                            @for (name, sort, label) in SORTS { (choice(Choice::Check, name, "1", form.takes(sort), label, None)) }
                        }
                    }
                }
                section.card {
                    div.card-head { h2 { (own::NUMBERS) } }
                    div.card-body.fields-form.two {
                        (Field { value: &form.phone_region, hint: Some("DE"), ..field("phone_region", own::PHONE_REGION, own::PHONE_REGION_HELP) }.line("text"))
                    }
                }
                div.buttons.form-end { button.primary { (words::SAVE) } }
            }
        },
    )
}
