//! `whom.toml`: what is decided when the server starts.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::Deserialize;
use whom_server::{Config, LmtpAddress, Settings};

/// Where a server listens when nobody says.
pub(crate) const USUAL_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7001);

/// What stands in `whom.toml`. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SettingsFile {
    /// Where to listen, such as `0.0.0.0:7001`.
    pub(crate) address: Option<SocketAddr>,
    /// The address under which people reach the server, such as `https://whom.example.org`.
    public_url: Option<String>,
    /// Proxies whose word about addresses is believed.
    trusted_proxies: Vec<IpAddr>,
    /// The company's own addresses and domains: who writes from them is no customer.
    own: Option<Vec<String>>,
    /// The country whose rules read telephone numbers without a country code, in two letters.
    country: Option<String>,
    /// Where to take mail from a mail server on this machine, such as `127.0.0.1:2424` or a path.
    lmtp: Option<String>,
    /// A folder of plugins beside those that come with Whom.
    pub(crate) plugins: Option<PathBuf>,
}

impl SettingsFile {
    /// Reads the file that was named, else the one in the data folder, where there is one.
    pub(crate) fn read(named: Option<&Path>, usual: &Path) -> anyhow::Result<Self> {
        let path = match named {
            Some(path) => path,
            None if usual.is_file() => usual,
            None => return Ok(Self::default()),
        };
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} cannot be meant", path.display()))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// How the server is set up by it.
    pub(crate) fn config(&self) -> Config {
        Config {
            public_url: self.public_url.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            ..Config::default()
        }
    }

    /// Where mail is taken over LMTP, if anywhere.
    pub(crate) fn lmtp(&self) -> anyhow::Result<Option<LmtpAddress>> {
        self.lmtp.as_deref().map(|text| text.parse().context("whom.toml: lmtp")).transpose()
    }

    /// What an admin decided, with what the file decides put over it.
    pub(crate) fn over(&self, mut settings: Settings) -> Settings {
        if let Some(own) = &self.own {
            (settings.own_addresses, settings.own_domains) = split_own(own);
        }
        if let Some(country) = &self.country {
            settings.phone_region = Some(country.clone());
        }
        settings
    }
}

/// Tells addresses from domains.
pub(crate) fn split_own(own: &[String]) -> (Vec<String>, Vec<String>) {
    let own = own.iter().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
    let (addresses, domains): (Vec<_>, Vec<_>) =
        own.partition(|text| text.trim_start_matches('@').contains('@'));
    (addresses, domains.into_iter().map(|domain| domain.trim_start_matches('@').to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_leaves_out_stays_as_it_is() {
        let known = Settings { phone_region: Some("SE".into()), ..Settings::default() };
        let file = SettingsFile::parse("own = [\"fernweh.example\", \"Mia@Partner.example\"]").unwrap();
        let over = file.over(known);
        assert_eq!(over.own_addresses, ["mia@partner.example"]);
        assert_eq!(over.own_domains, ["fernweh.example"]);
        assert_eq!(over.phone_region.as_deref(), Some("SE"));
    }

    #[test]
    fn a_word_that_is_not_known_is_refused_and_named() {
        let error = SettingsFile::parse("adress = \"127.0.0.1:1\"").unwrap_err().to_string();
        assert!(error.contains("adress"), "{error}");
    }
}
