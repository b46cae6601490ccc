//! What is done with accounts, and with who belongs to whom.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::{AccountPatch, EngineError},
    model::{Account, AccountId, EntryId, ExternalId, ProfileId, PropertyKey, RelationshipId, Value},
};

use super::{list, page, show};
use crate::pages::{
    answer::Html,
    back::Back,
    components::{AskedBy, Stands},
    encoded,
    frame::Frame,
    meant::{self, Meant, MeantAccount, Waiting},
    sent::Sent,
    words::{self, profile as said},
};
use crate::{app::AppState, auth::Principal, http::ApiPath, problem::Problem};

/// A new account.
#[derive(Deserialize)]
pub(crate) struct New {
    name: String,
    #[serde(default)]
    domain: String,
    request: String,
}

/// `POST /accounts`
pub(crate) async fn create(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    Sent(new): Sent<New>,
) -> Result<Response, Problem> {
    let request = ExternalId::new(format!("page:{}", by.scope()), new.request);
    let mut patch = AccountPatch { name: Some(new.name), properties: BTreeMap::new() };
    if let Some(domain) = Value::text(&new.domain) {
        patch.properties.insert("domain".into(), Some(domain));
    }
    match state.engine().create_account(&request, &patch, &by.source(), state.now()).await {
        Ok(account) => {
            Ok(Redirect::to(&format!("/accounts/{}?done=account_added", account.id)).into_response())
        }
        Err(error @ EngineError::Invalid { .. }) => {
            let mut listed = show::listed(&state, "", None).await?;
            listed.wrong = Some(words::sentence(&error.to_string()));
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, list::page(&frame, &listed)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /accounts/{id}`: one field is saved where it stands, or one more is added.
pub(crate) async fn edit(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    asked_by: AskedBy,
    ApiPath(id): ApiPath<AccountId>,
    Sent(mut given): Sent<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let version = given.remove("version").and_then(|version| version.parse().ok());
    let version: u64 = version.ok_or_else(|| Problem::bad_request("the form names no version"))?;
    let mut patch = AccountPatch { name: given.remove("name"), properties: BTreeMap::new() };
    let is_name = patch.name.is_some();
    let mut property = None;
    if let (Some(name), Some(value)) = (given.remove("new_field"), given.remove("new_value")) {
        let key = PropertyKey::fold(&name)
            .ok_or_else(|| Problem::invalid("the name of a field has letters or digits"))?;
        patch.properties.insert(key.to_string(), Value::text(&value));
    }
    for (name, value) in given {
        if let Some(name) = name.strip_prefix("p.") {
            patch.properties.insert(name.to_owned(), Value::text(&value));
            property = Some(name.to_owned());
        }
    }
    let stands = |account: &Account| {
        let of = |name: &String| account.properties.get(name).map(ToString::to_string).unwrap_or_default();
        let value =
            if is_name { account.name.clone() } else { property.as_ref().map(of).unwrap_or_default() };
        let by = Some(words::source(&account.source));
        Stands { version: account.version.to_string(), value, by }
    };
    match state.engine().edit_account(id, &patch, Some(version), &by.source(), state.now()).await {
        Ok(account) if asked_by == AskedBy::Script => {
            Ok(Stands { by: None, ..stands(&account) }.saved(asked_by, ""))
        }
        Ok(_) => Ok(back.with(&format!("/accounts/{id}"), "account_changed", None)),
        Err(EngineError::Changed { .. }) => Ok(stands(&state.engine().account(id).await?).conflict()),
        Err(error) => Err(error.into()),
    }
}

/// Who is meant, by what was typed, and by what was chosen from the suggestions.
#[derive(Deserialize)]
pub(crate) struct Who {
    who: String,
    #[serde(default)]
    who_id: String,
}

/// `POST /accounts/{id}/members`
pub(crate) async fn add_member(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    back: Back,
    ApiPath(account): ApiPath<AccountId>,
    Sent(given): Sent<Who>,
) -> Result<Response, Problem> {
    let engine = state.engine();
    let here = format!("/accounts/{account}");
    let named = if given.who_id.is_empty() { &given.who } else { &given.who_id };
    let profile = match meant::customer(&state, named).await? {
        Meant::One(id) => id,
        Meant::OneOf(candidates) => {
            let waiting = Waiting {
                title: words::kept::ADD_MEMBER,
                action: &format!("{here}/members"),
                field: "who",
                others: &[],
                typed: &given.who,
                back: &here,
            };
            return Ok(waiting.page(&frame, &candidates));
        }
    };
    match engine.link_account(profile, account, &by.source(), state.now()).await {
        Ok(entry) => Ok(back.with(&here, "linked", Some(&format!("{profile}-{entry}")))),
        Err(error @ EngineError::Store(_)) => Err(error.into()),
        Err(error) => {
            let mut shown = show::read(&state, &frame, account, None, None).await?;
            shown.wrong = Some(words::sentence(&error.to_string()));
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, page::page(&frame, &shown)).into_response())
        }
    }
}

/// `POST /accounts/{id}/members/{profile}/remove`
pub(crate) async fn remove_member(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((account, profile)): ApiPath<(AccountId, ProfileId)>,
) -> Result<Response, Problem> {
    let entry = state.engine().unlink_account(profile, account, &by.source(), state.now()).await?;
    Ok(back.with(&format!("/accounts/{account}"), "unlinked", Some(&format!("{profile}-{entry}"))))
}

/// Which account is meant: by what was typed, and by what was chosen from the suggestions.
#[derive(Deserialize)]
pub(crate) struct Which {
    account: String,
    #[serde(default)]
    account_id: String,
}

/// `POST /customers/{id}/accounts`
pub(crate) async fn link(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    back: Back,
    ApiPath(profile): ApiPath<ProfileId>,
    Sent(which): Sent<Which>,
) -> Result<Response, Problem> {
    let (engine, source, now) = (state.engine(), by.source(), state.now());
    let named = if which.account_id.is_empty() { &which.account } else { &which.account_id };
    let account = match meant::account(&state, named).await? {
        Meant::One(MeantAccount::Known(id)) => id,
        Meant::One(MeantAccount::New(name)) => {
            // The same name for the same customer once more is the same account.
            let request =
                ExternalId::new(format!("page:{}", by.scope()), format!("account:{profile}:{name}"));
            let patch = AccountPatch { name: Some(name), properties: BTreeMap::new() };
            engine.create_account(&request, &patch, &source, now).await?.id
        }
        Meant::OneOf(candidates) => {
            let here = back.path(&format!("/customers/{profile}"));
            let waiting = Waiting {
                title: said::LINK_ACCOUNT,
                action: &format!("/customers/{profile}/accounts?back={}", encoded(&here)),
                field: "account",
                others: &[],
                typed: &which.account,
                back: &here,
            };
            return Ok(waiting.page(&frame, &candidates));
        }
    };
    let entry = engine.link_account(profile, account, &source, now).await?;
    Ok(back.with(&format!("/customers/{profile}"), "linked", Some(&format!("{profile}-{entry}"))))
}

/// `POST /customers/{id}/accounts/{account}/unlink`
pub(crate) async fn unlink(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((profile, account)): ApiPath<(ProfileId, AccountId)>,
) -> Result<Response, Problem> {
    let entry = state.engine().unlink_account(profile, account, &by.source(), state.now()).await?;
    Ok(back.with(&format!("/customers/{profile}"), "unlinked", Some(&format!("{profile}-{entry}"))))
}

/// `POST /customers/{id}/account-links/{entry}/undo`
pub(crate) async fn undo_link(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((profile, entry)): ApiPath<(ProfileId, EntryId)>,
) -> Result<Response, Problem> {
    let undone = state.engine().undo_account_link(profile, entry, &by.source(), state.now()).await?;
    let (entry, _) = state.engine().entry(undone).await?;
    let done = if entry.title.starts_with("linked") { "linked" } else { "unlinked" };
    Ok(back.with(&format!("/customers/{profile}"), done, Some(&format!("{profile}-{undone}"))))
}

/// Somebody to be related to.
#[derive(Deserialize)]
pub(crate) struct Relate {
    with: String,
    #[serde(default)]
    with_id: String,
    they_are: String,
    #[serde(default)]
    this_is: String,
    request: String,
}

/// `POST /customers/{id}/relationships`
pub(crate) async fn relate(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    back: Back,
    ApiPath(profile): ApiPath<ProfileId>,
    Sent(given): Sent<Relate>,
) -> Result<Response, Problem> {
    let engine = state.engine();
    let named = if given.with_id.is_empty() { &given.with } else { &given.with_id };
    let (they, this) = (&given.they_are, &given.this_is);
    let with = match meant::customer(&state, named).await? {
        Meant::One(id) => id,
        Meant::OneOf(candidates) => {
            let here = back.path(&format!("/customers/{profile}"));
            let waiting = Waiting {
                title: words::kept::RELATE,
                action: &format!("/customers/{profile}/relationships?back={}", encoded(&here)),
                field: "with",
                others: &[("they_are", they), ("this_is", this), ("request", &given.request)],
                typed: &given.with,
                back: &here,
            };
            return Ok(waiting.page(&frame, &candidates));
        }
    };
    let request = ExternalId::new(format!("page:{}", by.scope()), given.request);
    let id = engine.relate(profile, with, they, this, &request, &by.source(), state.now()).await?;
    Ok(back.with(&format!("/customers/{profile}"), "related", Some(&format!("{profile}-{id}"))))
}

/// `POST /customers/{id}/relationships/{related}/{deed}`
pub(crate) async fn set_related(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((profile, id, deed)): ApiPath<(ProfileId, RelationshipId, String)>,
) -> Result<Response, Problem> {
    let (stands, done) = match deed.as_str() {
        "remove" => (false, "unrelated"),
        "restore" => (true, "related"),
        _ => return Err(Problem::not_found("nothing of that sort can be done with a relationship")),
    };
    state.engine().set_related(profile, id, stands, &by.source(), state.now()).await?;
    Ok(back.with(&format!("/customers/{profile}"), done, Some(&format!("{profile}-{id}"))))
}
