//! People who work here.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use whom_core::model::Timestamp;

use crate::{
    app::AppState,
    audit::{self, Deed},
    auth::{
        NewPerson, Person, PersonError, Principal, Role, invitations,
        people::{self, PersonEdit},
        sessions,
    },
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
};

use super::list::{Items, PageQuery};

/// Somebody who works here, without what proves it.
#[derive(Serialize)]
pub(crate) struct PersonView {
    login: String,
    name: String,
    role: Role,
    disabled: bool,
    has_password: bool,
    created: Timestamp,
}

/// A way in that works once.
#[derive(Serialize)]
pub(crate) struct LinkView {
    path: String,
    ends: Timestamp,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        let has_password = person.signs_in_by_password();
        let Person { login, name, role, disabled, created, .. } = person;
        Self { login, name, role, disabled, has_password, created }
    }
}

impl From<PersonError> for Problem {
    fn from(error: PersonError) -> Self {
        let words = error.to_string();
        match error {
            PersonError::Login => Self::invalid("this person cannot be added").at("/login", words),
            PersonError::Address => Self::invalid("nobody can be invited there").at("/email", words),
            PersonError::Name => Self::invalid("this name is not taken").at("/name", words),
            PersonError::Zone => Self::invalid("this time zone is not taken").at("/zone", words),
            PersonError::Locale => Self::invalid("this locale is not taken").at("/locale", words),
            PersonError::WrongPassword => Self::invalid("the password is not right").at("/old", words),
            PersonError::Password(_) => Self::invalid("this password is not taken").at("/password", words),
            PersonError::Taken | PersonError::LastOwner => Self::conflict(words),
            PersonError::Nobody => Self::not_found(words),
            PersonError::OwnersOnly => Self::forbidden(words),
            PersonError::Store(error) => error.into(),
        }
    }
}

/// `GET /v1/people`
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Items<PersonView>>, Problem> {
    let after = page.cursor::<String>()?;
    let found = people::list(state.store(), after.as_deref(), page.limit() + 1).await?;
    let views = found.into_iter().map(PersonView::from).collect();
    Ok(Items::cut(views, page.limit(), |person| person.login.clone()))
}

/// `POST /v1/people`
pub(crate) async fn add(
    State(state): State<AppState>,
    by: Principal,
    ApiJson(new): ApiJson<NewPerson>,
) -> Result<(StatusCode, Json<PersonView>), Problem> {
    let person = people::add(state.store(), new, &by, state.now()).await?;
    Ok((StatusCode::CREATED, Json(person.into())))
}

/// `PATCH /v1/people/{login}`
pub(crate) async fn edit(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(login): ApiPath<String>,
    ApiJson(edit): ApiJson<PersonEdit>,
) -> Result<Json<PersonView>, Problem> {
    Ok(Json(edit_by(&state, &by, &login, edit).await?.into()))
}

/// Changes somebody, and ends what they may not do any more.
pub(crate) async fn edit_by(
    state: &AppState,
    by: &Principal,
    login: &str,
    edit: PersonEdit,
) -> Result<Person, Problem> {
    // Whoever loses a right or whose password changes has to prove themselves again.
    let ends_sessions = edit.disabled == Some(true) || edit.password.is_some() || edit.role.is_some();
    let person = people::edit(state.store(), login, edit, by, state.now()).await?;
    if ends_sessions {
        sessions::end_all_of(state.store(), &person.login, None, None, state.now()).await?;
        // A link that was made for an agent must not open the door of the owner they became.
        invitations::end_open(state.store(), &person.login, 0, state.now()).await?;
    }
    Ok(person)
}

/// `POST /v1/people/{login}/login-link`
pub(crate) async fn login_link(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(login): ApiPath<String>,
) -> Result<Json<LinkView>, Problem> {
    let person = people::get(state.store(), &login).await?.filter(|person| !person.disabled);
    let person = person.ok_or(PersonError::Nobody)?;
    people::owners_only(&by, person.role)?;
    let link = state.login_link(&person.login).await?;
    let deed = Deed::new(&by, "login_link_made").on("person", &person.login);
    audit::record(state.store(), &deed, state.now()).await?;
    Ok(Json(LinkView { path: link.path, ends: link.ends }))
}
