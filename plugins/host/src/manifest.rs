//! What a plugin says about itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use whom_plugin_abi as abi;

/// What a plugin says about itself. Unknown fields are ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its id, under which settings, consent and claims are kept.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// One sentence.
    #[serde(default)]
    pub summary: String,
    /// Its own version.
    #[serde(default)]
    pub version: String,
    /// What it was written with.
    #[serde(default)]
    pub sdk: String,
    /// The oldest plugin ABI it works with.
    #[serde(default = "oldest")]
    pub needs: String,
    /// The hosts it wants to send requests to.
    #[serde(default)]
    pub reaches: Vec<String>,
    /// The secret settings whose value it has to see.
    #[serde(default)]
    pub reveals: Vec<String>,
    /// Where it takes part.
    #[serde(default)]
    pub hooks: Vec<HookAbout>,
    /// JSON Schema of its settings; the admin's form.
    #[serde(default)]
    pub settings: Value,
}

/// One hook of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HookAbout {
    /// Name of the hook.
    pub on: String,
    /// The properties it is sent.
    #[serde(default)]
    pub reads: Vec<String>,
    /// The properties it may claim.
    #[serde(default)]
    pub writes: Vec<String>,
    /// How the server checks the signature of a webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Value>,
}

fn oldest() -> String {
    "1.0".to_owned()
}

/// What an admin allows when confirming a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Properties it is sent.
    pub reads: BTreeSet<String>,
    /// Properties it may claim.
    pub writes: BTreeSet<String>,
    /// Hosts it sends requests to.
    pub reaches: BTreeSet<String>,
    /// Secrets it sees the value of.
    pub reveals: BTreeSet<String>,
}

impl Consent {
    /// What this asks for beyond what was confirmed. A new version that asks for nothing more
    /// needs no new consent.
    #[must_use]
    pub fn beyond(&self, confirmed: &Self) -> Self {
        let more = |now: &BTreeSet<String>, then: &BTreeSet<String>| now.difference(then).cloned().collect();
        Self {
            reads: more(&self.reads, &confirmed.reads),
            writes: more(&self.writes, &confirmed.writes),
            reaches: more(&self.reaches, &confirmed.reaches),
            reveals: more(&self.reveals, &confirmed.reveals),
        }
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.reads, &self.writes, &self.reaches, &self.reveals].into_iter().all(BTreeSet::is_empty)
    }
}

impl Manifest {
    /// What an admin has to confirm.
    #[must_use]
    pub fn consent(&self) -> Consent {
        let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
        Consent {
            reads: self.hooks.iter().flat_map(|hook| set(&hook.reads)).collect(),
            writes: self.hooks.iter().flat_map(|hook| set(&hook.writes)).collect(),
            reaches: set(&self.reaches),
            reveals: set(&self.reveals),
        }
    }

    /// The entry of a hook, if the plugin has it.
    #[must_use]
    pub fn hook(&self, name: &str) -> Option<&HookAbout> {
        self.hooks.iter().find(|hook| hook.on == name)
    }

    /// Whether this version of Whom can work with it; if not, a sentence that says why.
    pub(crate) fn check(&self) -> Result<(), String> {
        let is_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.id.is_empty() || self.id.len() > 64 || !self.id.bytes().all(is_id) {
            return Err(format!(
                "`{}` is not the id of a plugin: small letters, digits and hyphens, at most 64",
                self.id
            ));
        }
        let version = |text: &str| {
            let (major, minor) = text.split_once('.')?;
            Some((major.parse::<u16>().ok()?, minor.parse::<u16>().ok()?))
        };
        let needs = version(&self.needs).ok_or_else(|| {
            format!("{} needs plugin ABI `{}`, which is not a version", self.id, self.needs)
        })?;
        if needs.0 != abi::ABI_MAJOR || needs.1 > abi::ABI_MINOR {
            return Err(format!(
                "{} needs plugin ABI {}; this version of whom speaks {}.{} — update whom, or use an older release of the plugin",
                self.id,
                self.needs,
                abi::ABI_MAJOR,
                abi::ABI_MINOR
            ));
        }
        for host in &self.reaches {
            let is_host =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
            if host.is_empty() || !host.bytes().all(is_host) {
                return Err(format!("{} wants to reach `{host}`, which is not the name of a host", self.id));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let hook = HookAbout { on: "enrich".into(), reads: vec!["email".into()], ..HookAbout::default() };
        Manifest { id: "one-2".into(), needs: "1.1".into(), hooks: vec![hook], ..Manifest::default() }
    }

    #[test]
    fn a_newer_need_is_refused_with_what_to_do() {
        assert_eq!(manifest().check(), Ok(()));
        let newer = Manifest { needs: "1.4".into(), ..manifest() };
        assert_eq!(
            newer.check().unwrap_err(),
            "one-2 needs plugin ABI 1.4; this version of whom speaks 1.1 — update whom, or use an older release of the plugin"
        );
        assert!(Manifest { id: "../x".into(), ..manifest() }.check().is_err());
        assert!(Manifest { reaches: vec!["https://a.b".into()], ..manifest() }.check().is_err());
    }

    #[test]
    fn only_what_is_new_needs_a_new_consent() {
        let mut newer = manifest();
        assert!(newer.consent().beyond(&manifest().consent()).is_empty());
        newer.hooks[0].reads.push("phone".into());
        let more = newer.consent().beyond(&manifest().consent());
        assert_eq!(more.reads.into_iter().collect::<Vec<_>>(), ["phone"]);
    }
}
