//! What an admin allows a plugin to reach.

use std::collections::{HashMap, HashSet};
use std::fmt;

use reqwest::Url;

use super::Reach;

/// What an admin allows a plugin to reach, and the secrets it may use there.
#[derive(Clone, Default)]
pub struct Policy {
    is_on: bool,
    hosts: HashSet<String>,
    /// Whole origins, as `http://127.0.0.1:4050`: also private ones and without TLS.
    local: HashSet<String>,
    pub(super) secrets: HashMap<String, String>,
}

impl Policy {
    /// Switched on, for the hosts of the manifest as an admin confirmed them.
    pub fn reaching(hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let hosts = hosts.into_iter().map(|host| host.into().to_ascii_lowercase()).collect();
        Self { is_on: true, hosts, ..Self::default() }
    }

    /// Also allows an address that the admin typed in, such as a server of the company's own.
    /// Only there are private addresses and plain HTTP allowed. An address that is none allows nothing.
    #[must_use]
    pub fn allow_local(mut self, address: &str) -> Self {
        if let Ok(url) = Url::parse(address) {
            self.local.insert(url.origin().ascii_serialization());
        }
        self
    }

    /// Gives the gate the secrets behind the placeholders, by name of the setting.
    #[must_use]
    pub fn with_secrets(mut self, secrets: HashMap<String, String>) -> Self {
        self.secrets = secrets;
        self
    }

    /// Switches it on or off. Off: no request leaves any more.
    #[must_use]
    pub fn switched(mut self, is_on: bool) -> Self {
        self.is_on = is_on;
        self
    }

    /// Whether it is on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Whether a request may go to this address, and with how much trust.
    pub(super) fn judge(&self, url: &Url) -> Result<Reach, String> {
        let host = url.host_str().ok_or("an address without a host cannot be reached")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address with a password in it is not allowed; use a secret header".to_owned());
        }
        if self.local.contains(&url.origin().ascii_serialization()) {
            return Ok(Reach::Local);
        }
        if !self.hosts.contains(host) {
            return Err(format!("{host} is not among the hosts this plugin may reach"));
        }
        if url.scheme() != "https" {
            return Err(format!("{host} may only be reached by https"));
        }
        match url.port() {
            None => Ok(Reach::Public),
            Some(port) => Err(format!("{host} may not be reached at port {port}")),
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("is_on", &self.is_on)
            .field("hosts", &self.hosts)
            .field("local", &self.local)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_was_confirmed_may_be_reached() {
        let policy = Policy::reaching(["api.example.com"]).allow_local("http://127.0.0.1:4050/v3");
        let judge = |url: &str| policy.judge(&Url::parse(url).unwrap());
        assert_eq!(judge("https://api.example.com/x"), Ok(Reach::Public));
        assert_eq!(judge("https://API.example.com/x"), Ok(Reach::Public));
        assert_eq!(judge("http://127.0.0.1:4050/v3/profiles/x"), Ok(Reach::Local));
        for (url, why) in [
            ("https://evil.example.org", "evil.example.org is not among the hosts this plugin may reach"),
            ("http://api.example.com/x", "api.example.com may only be reached by https"),
            ("https://api.example.com:22/x", "api.example.com may not be reached at port 22"),
            ("http://127.0.0.1:4051/", "127.0.0.1 is not among the hosts this plugin may reach"),
            ("https://127.0.0.1:4050/", "127.0.0.1 is not among the hosts this plugin may reach"),
            (
                "https://user:pw@api.example.com/",
                "an address with a password in it is not allowed; use a secret header",
            ),
        ] {
            assert_eq!(judge(url), Err(why.to_owned()));
        }
    }
}
