//! Working the queue: asking a provider, and recording what it says.

use std::{collections::BTreeMap, time::Duration};

use whom_core::{
    engine::{EngineError, Enrichment as Found},
    identity::Said,
    model::{
        Assertion, Cardinality, Claim, Confidence, Contact, PropertyDefinition, PropertyKey, Source,
        Timestamp, Value,
    },
    store::StoreError,
};
use whom_plugin_host::{Failure, Outcome, Person, Why};

use super::{
    Enrichment,
    job::{Checked, Job, MOST_ATTEMPTS},
    providers::Provider,
    settings::EnrichmentSettings,
};
use crate::documents::{self, Fate};

/// How many questions are under way at once.
const AT_ONCE: usize = 4;

/// How long the queue is left alone when nothing rings.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The wait after a first failure; it doubles with every further one.
const FIRST_WAIT: Duration = Duration::from_secs(60);

/// What came of one question.
enum Came {
    Done(Checked),
    Later(Duration, String),
    /// The question makes no sense any more.
    Dropped,
}

impl Enrichment {
    /// Works the queue for ever.
    pub(super) async fn work(&self) {
        loop {
            match self.work_once().await {
                Ok(0) => {
                    let bell = self.inner.bell.notified();
                    let _ = tokio::time::timeout(LOOK_EVERY, bell).await;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the queue of enrichment cannot be worked; it is tried again");
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    }

    /// Asks what is due; gives how many questions that were.
    async fn work_once(&self) -> Result<usize, StoreError> {
        let now = self.inner.state.now();
        let jobs: Vec<(String, Job)> = documents::list(self.inner.state.store(), None, AT_ONCE).await?;
        let due: Vec<Job> = jobs.into_iter().map(|(_, job)| job).filter(|job| job.due <= now).collect();
        let asked = due.iter().map(|job| self.settle(job));
        futures::future::try_join_all(asked).await?;
        Ok(due.len())
    }

    async fn settle(&self, job: &Job) -> Result<(), StoreError> {
        let store = self.inner.state.store();
        let came = self.ask(job).await?;
        let now = self.inner.state.now();
        let id = Checked::id(&job.plugin, job.contact);
        match came {
            Came::Later(wait, why) if job.attempt < MOST_ATTEMPTS => {
                tracing::debug!(plugin = job.plugin, why, "a provider is asked again later");
                let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 4);
                return self.queue_again(job, Timestamp::from_millis(now.as_millis() + millis)).await;
            }
            Came::Later(_, why) => {
                tracing::warn!(plugin = job.plugin, contact = %job.contact, why, "a provider gave no answer");
                let failed = Checked { at: Some(now), outcome: "failed".into(), why, ..Checked::default() };
                documents::put(store, &id, now, &failed).await?;
            }
            Came::Done(checked) => documents::put(store, &id, now, &checked).await?,
            Came::Dropped => {
                documents::change(store, &id, now, |known: Option<Checked>| {
                    (Fate::Put(Checked { queued: None, ..known.unwrap_or_default() }), ())
                })
                .await?;
            }
        }
        self.remove(job).await
    }

    async fn ask(&self, job: &Job) -> Result<Came, StoreError> {
        let store = self.inner.state.store();
        let settings = EnrichmentSettings::load(store).await?;
        let Some(provider) = self.inner.providers.get(&job.plugin) else { return Ok(Came::Dropped) };
        if !settings.is_on(&job.plugin, provider.is_bundled) {
            return Ok(Came::Dropped);
        }
        let found = store.contacts_with_claims(&[job.contact]).await?.pop().flatten();
        let Some((contact, claims)) = found else { return Ok(Came::Dropped) };
        // Somebody may have forbidden it since it was queued.
        if !self.may_ask_about(contact.profile).await? {
            return Ok(Came::Dropped);
        }
        let Some(person) = self.person(&contact, &provider).await? else { return Ok(Came::Dropped) };

        let why = Why { attempt: job.attempt, ..Why::rule(&job.rule) };
        let now = self.inner.state.now();
        let done = |outcome: &str, values| {
            Came::Done(Checked {
                at: Some(now),
                outcome: outcome.into(),
                values,
                profile: Some(contact.profile),
                ..Checked::default()
            })
        };
        match provider.handle.enrich(&person, &why).await {
            Ok(Outcome::Found { claims: said }) => {
                let found = self.found(&provider, &contact, &claims, said);
                let values =
                    found.said.iter().filter(|said| matches!(said.assertion, Assertion::Is(_))).count();
                match self.inner.state.engine().record_enrichment(&found, now).await {
                    Ok(()) => Ok(done("found", values)),
                    Err(EngineError::Store(error)) => Err(error),
                    // The contact was erased while the provider was thinking.
                    Err(_) => Ok(Came::Dropped),
                }
            }
            Ok(Outcome::Nobody) => Ok(done("nobody", 0)),
            Ok(Outcome::OptedOut) => Ok(done("opted_out", 0)),
            Ok(Outcome::Pending { after_ms }) => {
                Ok(Came::Later(Duration::from_millis(after_ms), "the provider is still searching".into()))
            }
            Err(failure) => Ok(later(job, &failure)),
        }
    }

    /// What the provider is shown: the contact's own identifier, and what it reads besides and may leave the house.
    async fn person(&self, contact: &Contact, provider: &Provider) -> Result<Option<Person>, StoreError> {
        let Some(identifier) = contact.identifier() else { return Ok(None) };
        let engine = self.inner.state.engine();
        let rules = engine.rules();
        let reads = provider.found.manifest.hook("enrich").map(|hook| hook.reads.clone()).unwrap_or_default();
        let may_leave =
            |property: &str| rules.schema().get(property).is_some_and(|definition| definition.may_leave);
        let mut properties = BTreeMap::new();
        let view = match engine.view(contact.profile, self.inner.state.now()).await {
            Ok(view) => view,
            Err(EngineError::Store(error)) => return Err(error),
            Err(_) => return Ok(None),
        };
        for property in reads.iter().filter(|property| may_leave(property)) {
            let values = if property == identifier.kind().as_str() {
                vec![identifier.value().into()]
            } else if rules.schema().get(property).is_some_and(|d| d.identifier_kind().is_some()) {
                // Other addresses of the person are other contacts, and are asked about by themselves.
                continue;
            } else {
                let field = view.field(property);
                field.map_or_else(Vec::new, |field| {
                    field.values.iter().map(|shown| shown.value.to_json()).collect()
                })
            };
            if !values.is_empty() {
                properties.insert(property.clone(), values);
            }
        }
        let is_asked = properties.contains_key(identifier.kind().as_str());
        Ok(is_asked.then(|| Person { id: contact.profile.to_string(), properties }))
    }

    /// What is recorded of a provider's answer.
    fn found(
        &self,
        provider: &Provider,
        contact: &Contact,
        known: &[Claim],
        claims: Vec<whom_plugin_host::Claim>,
    ) -> Found {
        let rules = self.inner.state.engine().rules();
        let source = Source::plugin(&provider.found.manifest.id);
        let evidence = claims.iter().find_map(|claim| claim.evidence.clone());
        let mut said: Vec<Said> = Vec::new();
        for claim in claims {
            let Some(property) = PropertyKey::fold(&claim.property) else { continue };
            let confidence = Confidence::share(f64::from(claim.confidence));
            let assertion = Value::from_json(&claim.value).map_or(Assertion::Empty, Assertion::Is);
            said.push(Said { property, assertion, confidence });
        }
        // A list is what the provider says now: what it said before and no longer says is taken back.
        let mut taken_back = Vec::new();
        for claim in known.iter().filter(|claim| claim.source == source) {
            let definition: PropertyDefinition = rules.schema().get_or_free(&claim.property);
            let speaks = said.iter().any(|said| said.property == claim.property);
            let repeats =
                said.iter().any(|said| said.property == claim.property && said.assertion == claim.assertion);
            if let (Assertion::Is(value), Cardinality::Many, true, false) =
                (&claim.assertion, definition.cardinality, speaks, repeats)
            {
                taken_back.push(Said {
                    property: claim.property.clone(),
                    assertion: Assertion::IsNot(value.clone()),
                    confidence: claim.confidence,
                });
            }
        }
        said.extend(taken_back);
        Found { contact: contact.id, source, said, evidence }
    }
}

fn later(job: &Job, failure: &Failure) -> Came {
    let doubled = FIRST_WAIT * 2u32.saturating_pow(job.attempt.saturating_sub(1).min(10));
    let why = failure.to_string();
    match failure {
        Failure::Said(said) => match said.after() {
            Some(after) => Came::Later(after, why),
            None if failure.is_worth_a_retry() => Came::Later(doubled, why),
            None => Came::Done(Checked { outcome: "failed".into(), why, ..Checked::default() }),
        },
        _ => Came::Later(doubled, why),
    }
}
