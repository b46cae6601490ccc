//! Fills a profile from the Gravatar profile of its e-mail address.
//!
//! Gravatar is asked with the SHA-256 of the address, so the address itself does not leave.

use std::time::Duration;

use sha2::{Digest, Sha256};
use whom_plugin::prelude::*;

/// Gravatar
#[derive(Deserialize, JsonSchema)]
pub struct Settings {
    /// Where the profiles are. Change it only to look them up at a server of your own.
    #[serde(default = "address")]
    #[schemars(url)]
    address: String,
    /// API key from gravatar.com/developers. Without one, only public fields are returned, and
    /// 100 profiles an hour.
    #[serde(default)]
    api_key: Option<Secret>,
    /// Edge length of the picture in pixels.
    #[serde(default = "picture_size")]
    #[schemars(range(min = 16, max = 2048))]
    picture_size: u16,
}

fn address() -> String {
    "https://api.gravatar.com/v3".to_owned()
}

fn picture_size() -> u16 {
    256
}

/// The plugin.
pub struct Gravatar(Settings);

impl Plugin for Gravatar {
    type Settings = Settings;
    const ABOUT: About = About::new("gravatar", "Gravatar")
        .summary("Name, picture, company and social profiles that people publish at Gravatar.")
        .reaches(&["api.gravatar.com"]);

    fn open(settings: Settings) -> Result<Self> {
        if !(16..=2048).contains(&settings.picture_size) {
            return Err(Error::setting("picture_size", "a picture has 16 to 2048 pixels"));
        }
        Ok(Self(settings))
    }
}

impl Enrich for Gravatar {
    const READS: &'static [&'static str] = &["email"];
    const WRITES: &'static [&'static str] = &[
        "name",
        "first_name",
        "last_name",
        "job_title",
        "company",
        "location",
        "about",
        "photo",
        "website",
        "social_profiles",
        "gravatar_profile",
    ];

    fn enrich(&self, person: &Person, host: &Host<'_>) -> Result<Outcome> {
        // Somebody with many addresses is looked up by the few that matter most.
        for email in person.texts("email").take(3) {
            if let Some(profile) = self.look_up(email, host)? {
                return Ok(self.claims(profile).into());
            }
        }
        Ok(Outcome::Nobody)
    }
}

export!(Gravatar: Enrich);

impl Gravatar {
    fn look_up(&self, email: &str, host: &Host<'_>) -> Result<Option<Profile>> {
        let hash = hash(email);
        let address = self.0.address.trim_end_matches('/');
        let mut request = host.get(format!("{address}/profiles/{hash}")).cache_hours(24);
        if let Some(key) = &self.0.api_key {
            request = request.bearer(key);
        }
        let answer = request.send()?;
        if answer.status() == 429 {
            return Err(later(&answer, host));
        }
        match answer.found()? {
            Some(answer) => Ok(Some(answer.json()?)),
            None => Ok(None),
        }
    }

    fn claims(&self, profile: Profile) -> Claims {
        let seen_at = profile.profile_url.clone().unwrap_or_default();
        let claim = |property: &str, value: Option<String>, confidence| {
            Claim::new(property, value, confidence).seen_at(seen_at.clone())
        };
        let picture = profile.avatar_url.filter(|url| !url.is_empty()).map(|url| {
            let separator = if url.contains('?') { '&' } else { '?' };
            // 404 and not a drawing where there is no picture: absent is not empty.
            format!("{url}{separator}s={}&d=404", self.0.picture_size)
        });
        let mut claims = Claims::new()
            .with(claim("name", profile.display_name, 0.6))
            .with(claim("first_name", profile.first_name, 0.7))
            .with(claim("last_name", profile.last_name, 0.7))
            .with(claim("job_title", profile.job_title, 0.4))
            .with(claim("company", profile.company, 0.4))
            .with(claim("location", profile.location, 0.5))
            .with(claim("about", profile.description, 0.5))
            .with(claim("photo", picture, 0.9))
            .with(claim("gravatar_profile", profile.profile_url, 1.0).label("Gravatar profile"));
        let accounts = profile.verified_accounts.into_iter().filter(|account| !account.is_hidden);
        claims
            .extend(accounts.map(|account| {
                claim("social_profiles", Some(account.url), 0.9).label(account.service_label)
            }));
        claims.extend(
            profile.links.into_iter().map(|link| claim("website", Some(link.url), 0.5).label(link.label)),
        );
        claims
    }
}

/// The SHA-256 of an address in the form that Gravatar hashes: trimmed, in small letters.
fn hash(email: &str) -> String {
    let digest = Sha256::digest(email.trim().to_lowercase());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Gravatar says in `X-RateLimit-Reset`, in seconds since 1970, when it answers again.
fn later(answer: &Response, host: &Host<'_>) -> Error {
    let reset = answer.header("x-ratelimit-reset").and_then(|at| at.trim().parse::<i64>().ok());
    let after = reset
        .zip(host.now().ok())
        .map(|(at, now)| Duration::from_millis(u64::try_from(at.saturating_mul(1000) - now).unwrap_or(0)));
    Error::later("Gravatar's hourly limit is reached", after)
}

/// A profile as Gravatar v3 answers it. Fields without a value are empty text, and some are only
/// sent to those with a key.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Profile {
    display_name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    job_title: Option<String>,
    company: Option<String>,
    location: Option<String>,
    description: Option<String>,
    avatar_url: Option<String>,
    profile_url: Option<String>,
    verified_accounts: Vec<Account>,
    links: Vec<Link>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Account {
    service_label: String,
    url: String,
    is_hidden: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Link {
    label: String,
    url: String,
}

#[cfg(test)]
mod tests;
