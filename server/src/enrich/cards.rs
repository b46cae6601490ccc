//! Cards of plugins: asked for while somebody looks at a customer, never in the way of the page.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
    time::Duration,
};

use whom_core::{
    engine::EngineError,
    model::{ProfileId, Timestamp},
    store::StoreError,
};
use whom_plugin_host::{
    Person, Why,
    hooks::{Card, Cards},
};

use super::{Enrichment, providers::Provider, settings::EnrichmentSettings};

/// How long a card may take with all that is around the call; the hook itself has two seconds.
const WITHIN: Duration = Duration::from_secs(4);
/// How long a card counts, and how long a failure does.
const FRESH: i64 = 5 * 60_000;
const FRESH_FAILURE: i64 = 20_000;
/// The most cards that are kept.
const MOST: usize = 2_000;
/// The most rows of a card, and the longest text in it.
const ROWS: usize = 30;
const TEXT: usize = 500;

/// A plugin that makes cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CardSource {
    /// Its id.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) name: String,
}

/// What a plugin gave: a card, nothing, or why it failed.
pub(crate) type Given = Result<Option<Card>, String>;

/// Cards that were made a moment ago.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<(String, String), (Timestamp, Given)>>);

impl Kept {
    fn get(&self, key: &(String, String), now: Timestamp) -> Option<Given> {
        let all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (at, given) = all.get(key)?;
        let fresh = if given.is_ok() { FRESH } else { FRESH_FAILURE };
        ((0..fresh).contains(&(now.as_millis() - at.as_millis()))).then(|| given.clone())
    }

    fn put(&self, key: (String, String), now: Timestamp, given: Given) {
        let mut all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, (at, _)| now.as_millis() - at.as_millis() < FRESH);
        }
        if all.len() < MOST {
            all.insert(key, (now, given));
        }
    }
}

impl Enrichment {
    /// The plugins that may make a card of a customer: none where nobody may be asked about them.
    pub(crate) async fn card_sources(&self, profile: ProfileId) -> Result<Vec<CardSource>, EngineError> {
        let settings = EnrichmentSettings::load(self.inner.state.store()).await?;
        let on = self.inner.providers.on(&settings);
        let sources: Vec<CardSource> = on
            .iter()
            .filter(|provider| provider.found.manifest.hook("card").is_some())
            .map(|provider| CardSource {
                id: provider.found.manifest.id.clone(),
                name: provider.found.manifest.name.clone(),
            })
            .collect();
        if sources.is_empty() || !self.inner.state.engine().may_be_looked_up(profile).await? {
            return Ok(Vec::new());
        }
        Ok(sources)
    }

    /// The card of one plugin, as whoever asks may see it: a plugin is shown no more than they are.
    pub(crate) async fn card(&self, source: &CardSource, profile: ProfileId) -> Result<Given, EngineError> {
        let Some(provider) = self.inner.providers.get(&source.id) else {
            return Ok(Err("it is no longer there".to_owned()));
        };
        let now = self.inner.state.now();
        let person = self.card_person(profile, &provider).await?;
        let seen = serde_json::to_vec(&person).unwrap_or_default();
        let key = (source.id.clone(), blake3::hash(&seen).to_hex().to_string());
        if let Some(given) = self.inner.cards.get(&key, now) {
            return Ok(given);
        }
        let why = Why::rule("card");
        let call = provider.handle.call::<Cards>(&person, &why);
        let given = match tokio::time::timeout(WITHIN, call).await {
            Ok(Ok(card)) => Ok(card.map(bounded)),
            Ok(Err(failure)) => {
                tracing::warn!(plugin = source.id, %failure, "a plugin gave no card");
                Err(failure.to_string())
            }
            Err(_) => Err("it took too long".to_owned()),
        };
        self.inner.cards.put(key, now, given.clone());
        Ok(given)
    }

    /// What the plugin is shown: what its manifest says it reads and what may leave the house.
    async fn card_person(&self, profile: ProfileId, provider: &Provider) -> Result<Person, EngineError> {
        let state = &self.inner.state;
        let engine = state.engine();
        let (rules, view) = (engine.rules(), engine.view(profile, state.now()).await?);
        let reads = provider.found.manifest.hook("card").map(|hook| hook.reads.clone()).unwrap_or_default();
        let mut properties = BTreeMap::new();
        for property in reads {
            let Some(definition) = rules.schema().get(&property).filter(|one| one.may_leave) else {
                continue;
            };
            let values: Vec<serde_json::Value> = match definition.identifier_kind() {
                Some(kind) => {
                    let of_kind = view.contacts.iter().filter(|one| one.kind.as_ref() == Some(&kind));
                    of_kind.filter(|one| !one.masked).map(|one| one.value.clone().into()).collect()
                }
                None => {
                    let field = view.field(&property).filter(|field| !field.masked);
                    let values = field.map(|field| field.values.as_slice()).unwrap_or_default();
                    values.iter().map(|shown| shown.value.to_json()).collect()
                }
            };
            if !values.is_empty() {
                properties.insert(property, values);
            }
        }
        Ok(Person { id: view.id.to_string(), properties })
    }
}

/// A card that fits where it is shown, however long a plugin makes it.
fn bounded(mut card: Card) -> Card {
    let cut = |text: &mut String| {
        if text.chars().count() > TEXT {
            *text = text.chars().take(TEXT).chain(['…']).collect();
        }
    };
    card.rows.truncate(ROWS);
    cut(&mut card.title);
    for row in &mut card.rows {
        cut(&mut row.label);
        cut(&mut row.value);
    }
    card
}

/// How providers stand to one customer.
#[derive(Clone, Debug, Default)]
pub(crate) struct LookedUp {
    /// Whether anybody is asked about anybody.
    pub(crate) is_on: bool,
    /// Whether they may be asked about this customer.
    pub(crate) may: bool,
    /// The providers that are asked.
    pub(crate) providers: Vec<LookedUpBy>,
}

/// How one provider stands to one customer.
#[derive(Clone, Debug)]
pub(crate) struct LookedUpBy {
    /// What it is called.
    pub(crate) name: String,
    /// When it looked last, and what came of it.
    pub(crate) last: Option<(Timestamp, String)>,
    /// Whether a look waits in the queue.
    pub(crate) waits: bool,
}

impl Enrichment {
    /// How providers stand to one customer.
    pub(crate) async fn looked_up(&self, profile: ProfileId) -> Result<LookedUp, EngineError> {
        let state = &self.inner.state;
        let settings = EnrichmentSettings::load(state.store()).await?;
        let checks = checks_of(state, profile).await?;
        let on = self.inner.providers.on(&settings);
        let all = self.inner.providers.enriching();
        let providers = all.iter().filter(|one| {
            let id = one.found.manifest.id.as_str();
            on.iter().any(|on| on.found.manifest.id == id) || checks.iter().any(|(plugin, _)| plugin == id)
        });
        let providers = providers.map(|provider| {
            let theirs = || checks.iter().filter(|(plugin, _)| *plugin == provider.found.manifest.id);
            let last = theirs().filter_map(|(_, one)| Some((one.at?, one.outcome.clone())));
            LookedUpBy {
                name: provider.found.manifest.name.clone(),
                last: last.max_by_key(|(at, _)| *at),
                waits: theirs().any(|(_, one)| one.queued.is_some()),
            }
        });
        Ok(LookedUp {
            is_on: settings.on,
            may: state.engine().may_be_looked_up(profile).await?,
            providers: providers.collect(),
        })
    }
}

/// When which provider looked at the contacts of a profile last, and what came of it.
pub(super) async fn checks_of(
    state: &crate::app::AppState,
    profile: ProfileId,
) -> Result<Vec<(String, super::Checked)>, StoreError> {
    let row = state.store().profiles(&[profile]).await?.pop().flatten();
    let mut checks = Vec::new();
    for contact in row.map_or_else(Vec::new, |row| row.contacts) {
        let prefix = format!("{contact}-");
        let found = crate::documents::list::<super::Checked>(state.store(), Some(&prefix), 100).await?;
        let ours = found.into_iter().take_while(|(id, _)| id.starts_with(&prefix));
        checks.extend(ours.map(|(id, checked)| (id[prefix.len()..].to_owned(), checked)));
    }
    Ok(checks)
}

#[cfg(test)]
mod tests {
    use whom_plugin_host::hooks::Row;

    use super::*;

    #[test]
    fn a_card_is_cut_to_what_can_be_shown_and_kept_for_a_while() {
        let row = Row { label: "x".into(), value: "y".repeat(9_000) };
        let card = bounded(Card { title: String::new(), rows: vec![row; 99], link: None });
        assert_eq!((card.rows.len(), card.rows[0].value.chars().count()), (ROWS, TEXT + 1));
        let kept = Kept::default();
        let at = Timestamp::from_millis;
        let (good, bad) = (("a".to_owned(), String::new()), ("b".to_owned(), String::new()));
        kept.put(good.clone(), at(0), Ok(Some(card.clone())));
        kept.put(bad.clone(), at(0), Err("it crashed".into()));
        assert_eq!(kept.get(&good, at(FRESH - 1)), Some(Ok(Some(card))));
        assert_eq!(kept.get(&bad, at(FRESH_FAILURE)), None, "what failed is tried again soon");
        assert_eq!(kept.get(&good, at(FRESH)), None);
    }
}
