//! What can be done to many profiles at once.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use whom_core::{
    engine::EngineError,
    model::{AccountId, Cardinality, Mode, ProfileId, PropertyKey, Value},
};

use crate::{app::AppState, auth, problem::Problem, segments::LOOKED_AFTER_BY};

/// The property that holds tags.
pub(crate) const TAGS: &str = "tags";

/// The longest tag, in characters.
const TAG_LEN: usize = 60;

/// One thing to be done, known to make sense.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Action {
    /// Values are added to a property that has many, such as tags.
    Add { property: PropertyKey, values: Vec<Value> },
    /// Values are taken from a property.
    Remove { property: PropertyKey, values: Vec<Value> },
    /// A property with one value gets this one.
    Set { property: PropertyKey, value: Value },
    /// A property with one value loses it.
    Clear { property: PropertyKey },
    /// They are linked to an account.
    Link { account: AccountId },
    /// All of them become one, which is this.
    Merge { into: ProfileId },
    /// The providers are asked.
    Enrich,
    /// They go to the trash.
    Trash,
}

/// The same as a program or a form gives it.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum GivenAction {
    /// Adds tags.
    AddTag { tags: Vec<String> },
    /// Takes tags away.
    RemoveTag { tags: Vec<String> },
    /// Says who looks after them; null for nobody.
    Assign { to: Option<String> },
    /// Sets a property; null takes its value away.
    Set { property: String, value: Json },
    /// Links them to an account, by its id or its whole name.
    LinkAccount { account: String },
    /// Makes them one.
    Merge { into: ProfileId },
    /// Asks the providers.
    Enrich,
    /// Puts them in the trash.
    Trash,
}

impl GivenAction {
    /// What is meant, or what is wrong with it.
    pub(crate) async fn read(self, state: &AppState) -> Result<Action, Problem> {
        Ok(match self {
            Self::AddTag { tags } => Action::Add { property: key(TAGS)?, values: tags_of(tags)? },
            Self::RemoveTag { tags } => Action::Remove { property: key(TAGS)?, values: tags_of(tags)? },
            Self::Assign { to } => assign(state, to).await?,
            Self::Set { property, value } => set(state, &property, &value)?,
            Self::LinkAccount { account } => Action::Link { account: account_meant(state, &account).await? },
            Self::Merge { into } => Action::Merge { into: state.engine().resolve(into).await? },
            Self::Enrich if state.enrichment().is_none() => {
                return Err(Problem::unavailable("providers run with `whom serve`: this process has none"));
            }
            Self::Enrich => Action::Enrich,
            Self::Trash => Action::Trash,
        })
    }
}

fn key(word: &str) -> Result<PropertyKey, Problem> {
    word.parse()
        .map_err(|why: String| Problem::invalid("a property has no such name").at("/action/property", why))
}

fn tags_of(tags: Vec<String>) -> Result<Vec<Value>, Problem> {
    let wrong = |why: String| Problem::invalid("these tags cannot be taken").at("/action/tags", why);
    let mut values: Vec<Value> = Vec::new();
    for tag in tags.iter().flat_map(|tag| tag.split(',')).map(str::trim).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > TAG_LEN {
            return Err(wrong(format!("a tag has at most {TAG_LEN} characters")));
        }
        let value = Value::text(tag).ok_or_else(|| wrong("a tag is a word".into()))?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if values.is_empty() || values.len() > 20 {
        return Err(wrong("name one tag, or a few with commas between them".into()));
    }
    Ok(values)
}

/// The account of an id or a whole name.
async fn account_meant(state: &AppState, given: &str) -> Result<AccountId, Problem> {
    let given = given.trim();
    let wrong = |why: &str| Problem::invalid("there is no such account").at("/action/account", why);
    if let Ok(id) = given.parse::<AccountId>() {
        return Ok(state.engine().account(id).await.map_err(|_| wrong("there is no account of this id"))?.id);
    }
    let (found, _) = state.engine().find_accounts(given, None, 50, 20_000).await?;
    let mut named = found.iter().filter(|account| account.name.eq_ignore_ascii_case(given));
    match (named.next(), named.next(), found.as_slice()) {
        (Some(account), None, _) => Ok(account.id),
        (Some(_), Some(_), _) => Err(wrong("several accounts are called so: give the id of one")),
        (None, _, [account]) => Ok(account.id),
        (None, _, []) => Err(wrong("no account is called so")),
        (None, ..) => Err(wrong("several accounts begin so: write the whole name")),
    }
}

async fn assign(state: &AppState, to: Option<String>) -> Result<Action, Problem> {
    let property = key(LOOKED_AFTER_BY)?;
    let Some(login) = to.map(|login| login.trim().to_owned()).filter(|login| !login.is_empty()) else {
        return Ok(Action::Clear { property });
    };
    let wrong = |why: &str| Problem::invalid("nobody can be assigned so").at("/action/to", why);
    if auth::people::get(state.store(), &login).await?.is_none() {
        return Err(wrong("nobody who works here has this login name"));
    }
    let value = Value::text(&login).ok_or_else(|| wrong("give a login name"))?;
    Ok(Action::Set { property, value })
}

fn set(state: &AppState, property: &str, value: &Json) -> Result<Action, Problem> {
    let property = key(property)?;
    let definition = state.engine().rules().schema().get_or_free(&property);
    let wrong = |why: String| Problem::invalid("this property cannot be set so").at("/action/value", why);
    if definition.computed || definition.identifier_kind().is_some() || definition.mode == Mode::Locked {
        let why = "nobody can set it: it is computed, locked, or shows how to reach somebody".to_owned();
        return Err(Problem::invalid("this property cannot be set").at("/action/property", why));
    }
    let many = definition.cardinality == Cardinality::Many;
    match Value::from_json(value) {
        None if many => Err(wrong("name the values that are to be taken away".into())),
        None => Ok(Action::Clear { property }),
        Some(Value::List(values)) if many => {
            for value in &values {
                definition.accept(value).map_err(wrong)?;
            }
            Ok(Action::Add { property, values })
        }
        Some(value) => {
            definition.accept(&value).map_err(wrong)?;
            Ok(if many {
                Action::Add { property, values: vec![value] }
            } else {
                Action::Set { property, value }
            })
        }
    }
}

impl Action {
    /// The property that it writes.
    pub(crate) fn property(&self) -> Option<&PropertyKey> {
        match self {
            Self::Add { property, .. }
            | Self::Remove { property, .. }
            | Self::Set { property, .. }
            | Self::Clear { property } => Some(property),
            _ => None,
        }
    }

    /// Whether what it does can be taken back.
    pub(crate) fn can_be_taken_back(&self) -> bool {
        !matches!(self, Self::Enrich)
    }
}

/// Why a step failed, in words that are the same for all profiles it failed for, and that name nobody.
pub(super) fn reason(error: &EngineError) -> String {
    match error {
        EngineError::NotFound { .. } => "the profile is gone".into(),
        EngineError::Trashed { .. } => "the profile is in the trash".into(),
        EngineError::NotYours { .. } => "the property is not theirs to change".into(),
        EngineError::Locked { .. } => "the property is locked".into(),
        EngineError::TakenBy { .. } => "it belongs to another profile".into(),
        EngineError::SameProfile { .. } => "they are one profile already".into(),
        EngineError::Changed { .. } | EngineError::Faster { .. } => "somebody changed it meanwhile".into(),
        EngineError::Invalid { why, .. } | EngineError::Refused { why } => why.clone(),
        EngineError::Store(_) => "the store failed".into(),
    }
}
