//! The providers there are, whether they are on, and how they are doing.

use std::{collections::HashMap, sync::Arc};

use serde::Serialize;
use whom_plugin_host::{
    Gate, Inspected, Launcher, PluginHandle, PluginSpec, Policy, Refused, State, split_secrets,
};

use super::settings::EnrichmentSettings;

/// One provider that was found.
pub(super) struct Provider {
    pub(super) found: Inspected,
    pub(super) is_bundled: bool,
    pub(super) handle: PluginHandle,
}

/// All providers that were found, by id.
pub(super) struct Providers {
    all: HashMap<String, Arc<Provider>>,
    refused: Vec<Refused>,
    gate: Arc<Gate>,
}

/// How a provider is doing, for pages and commands.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderState {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// One sentence about it.
    pub summary: String,
    /// Its version.
    pub version: String,
    /// Whether it came with Whom.
    pub is_bundled: bool,
    /// Whether it is asked.
    pub is_on: bool,
    /// Where its process stands.
    pub state: String,
    /// What confines its process.
    pub confined: String,
    /// The properties it is sent.
    pub reads: Vec<String>,
    /// The properties it may claim.
    pub writes: Vec<String>,
    /// The hosts it asks for.
    pub reaches: Vec<String>,
    /// SHA-256 of its file.
    pub sha256: String,
    /// JSON Schema of its settings.
    pub settings_schema: serde_json::Value,
    /// Its settings, secrets as dots.
    pub settings: serde_json::Value,
}

/// The hooks that are called here.
const HOOKS: [&str; 2] = ["enrich", "card"];

/// What stands in the place of a secret wherever it is shown.
pub(super) const MASK: &str = "••••••••";

impl Providers {
    pub(super) fn new(
        bundled: Vec<Result<Inspected, Refused>>,
        added: Vec<Result<Inspected, Refused>>,
        launcher: Launcher,
        gate: Arc<Gate>,
    ) -> Self {
        let mut all = HashMap::new();
        let mut refused = Vec::new();
        let found =
            bundled.into_iter().map(|plugin| (plugin, true)).chain(added.into_iter().map(|p| (p, false)));
        for (plugin, is_bundled) in found {
            match plugin {
                Ok(found) if HOOKS.iter().all(|hook| found.manifest.hook(hook).is_none()) => {}
                Ok(found) => {
                    let id = found.manifest.id.clone();
                    let spec =
                        PluginSpec::library(&id, &found.file, serde_json::json!({})).pinned(&found.sha256);
                    let handle = PluginHandle::new(spec, launcher.clone(), gate.clone());
                    all.entry(id).or_insert_with(|| Arc::new(Provider { found, is_bundled, handle }));
                }
                Err(why) => {
                    tracing::warn!(file = %why.file.display(), %why, "a plugin cannot be used");
                    refused.push(why);
                }
            }
        }
        Self { all, refused, gate }
    }

    pub(super) fn get(&self, id: &str) -> Option<Arc<Provider>> {
        self.all.get(id).cloned()
    }

    /// The plugins that enrich, on or off, in the order of their ids.
    pub(super) fn enriching(&self) -> Vec<Arc<Provider>> {
        let all = self.all.values().filter(|provider| provider.found.manifest.hook("enrich").is_some());
        let mut all: Vec<_> = all.cloned().collect();
        all.sort_by(|a, b| a.found.manifest.id.cmp(&b.found.manifest.id));
        all
    }

    /// The providers that are asked, with the properties they read.
    pub(super) fn on(&self, settings: &EnrichmentSettings) -> Vec<Arc<Provider>> {
        let mut on: Vec<_> = self
            .all
            .values()
            .filter(|provider| settings.is_on(&provider.found.manifest.id, provider.is_bundled))
            .cloned()
            .collect();
        on.sort_by(|a, b| a.found.manifest.id.cmp(&b.found.manifest.id));
        on
    }

    /// Puts settings in force.
    pub(super) async fn apply(&self, settings: &EnrichmentSettings) {
        for (id, provider) in &self.all {
            let is_on = settings.is_on(id, provider.is_bundled);
            if !is_on {
                self.gate.forbid(id);
                provider.handle.stop().await;
                continue;
            }
            let manifest = &provider.found.manifest;
            let own = settings.of(id);
            let split = split_secrets(&manifest.settings, &own, &manifest.reveals);
            let mut policy = Policy::reaching(&manifest.reaches).with_secrets(split.secrets);
            // An address that an admin typed in is meant, wherever it leads.
            if let Some(address) = own.get("address").and_then(serde_json::Value::as_str) {
                policy = policy.allow_local(address);
            }
            self.gate.allow(id, policy.switched(true));
            let spec =
                PluginSpec::library(id, &provider.found.file, split.settings).pinned(&provider.found.sha256);
            provider.handle.replace(spec).await;
            provider.handle.lift();
        }
    }

    pub(super) async fn stop_all(&self) {
        for provider in self.all.values() {
            provider.handle.stop().await;
        }
    }

    pub(super) fn states(&self, settings: &EnrichmentSettings) -> Vec<ProviderState> {
        let mut states: Vec<ProviderState> = self.all.values().map(|p| state_of(p, settings)).collect();
        states.extend(self.refused.iter().map(|refused| ProviderState {
            id: refused.file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            name:
                refused.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            summary: String::new(),
            version: String::new(),
            is_bundled: false,
            is_on: false,
            state: format!("refused: {}", refused.why),
            confined: String::new(),
            reads: Vec::new(),
            writes: Vec::new(),
            reaches: Vec::new(),
            sha256: String::new(),
            settings_schema: serde_json::Value::Null,
            settings: serde_json::Value::Null,
        }));
        states.sort_by(|a, b| a.id.cmp(&b.id));
        states
    }
}

fn state_of(provider: &Provider, settings: &EnrichmentSettings) -> ProviderState {
    let manifest = &provider.found.manifest;
    let hook = manifest.hook("enrich");
    let hooks = || HOOKS.iter().filter_map(|hook| manifest.hook(hook));
    let reads: std::collections::BTreeSet<String> =
        hooks().flat_map(|hook| hook.reads.iter().cloned()).collect();
    let mut own = split_secrets(&manifest.settings, &settings.of(&manifest.id), &[]);
    for name in own.secrets.keys() {
        own.settings[name] = MASK.into();
    }
    ProviderState {
        id: manifest.id.clone(),
        name: manifest.name.clone(),
        summary: manifest.summary.clone(),
        version: manifest.version.clone(),
        is_bundled: provider.is_bundled,
        is_on: settings.is_on(&manifest.id, provider.is_bundled),
        state: match provider.handle.state() {
            State::Idle => "idle".into(),
            State::Starting => "starting".into(),
            State::Ready { .. } => "running".into(),
            State::Waiting { why, .. } => format!("waiting after a crash: {why}"),
            State::Refused(why) => format!("refused: {why}"),
            State::Quarantined(why) => format!("quarantined: {why}"),
            State::Stopped => "stopped".into(),
        },
        confined: provider.found.confined.clone(),
        reads: reads.into_iter().collect(),
        writes: hook.map(|hook| hook.writes.clone()).unwrap_or_default(),
        reaches: manifest.reaches.clone(),
        sha256: provider.found.sha256.clone(),
        settings_schema: manifest.settings.clone(),
        settings: own.settings,
    }
}
