//! Whether a browser was sent by one of our own pages (protection against forged requests).
//!
//! Browsers say so themselves: `Sec-Fetch-Site` on https and localhost, `Origin` on every unsafe
//! request. A request with a session cookie and neither of the two is refused.

use axum::http::{HeaderMap, HeaderName, Method, header};

use crate::{config::Config, problem::Problem};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a browser says that it was sent by one of our own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SentBy {
    OurOwnPage,
    SomebodyElse,
    NobodySays,
}

/// Refuses an unsafe request that a session cookie came along with, unless one of our own pages sent it.
pub(super) fn demand_own_page(config: &Config, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if method.is_safe() || sent_by(config, headers) == SentBy::OurOwnPage {
        return Ok(());
    }
    Err(refusal())
}

/// Refuses a request that says it was sent from elsewhere; one without a word of it may pass.
pub(super) fn refuse_other_pages(config: &Config, headers: &HeaderMap) -> Result<(), Problem> {
    if sent_by(config, headers) == SentBy::SomebodyElse { Err(refusal()) } else { Ok(()) }
}

fn refusal() -> Problem {
    Problem::forbidden("this request was sent by another site: open the page of Whom itself and try again")
}

fn sent_by(config: &Config, headers: &HeaderMap) -> SentBy {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&SEC_FETCH_SITE) {
        return if site == "same-origin" { SentBy::OurOwnPage } else { SentBy::SomebodyElse };
    }
    let Some(origin) = text(&header::ORIGIN) else { return SentBy::NobodySays };
    let is_public = config.public_url.as_deref().is_some_and(|ours| ours.trim_end_matches('/') == origin);
    let host = origin.split_once("://").map(|(_, host)| host);
    let is_host = host.is_some() && host == text(&header::HOST);
    if is_public || is_host { SentBy::OurOwnPage } else { SentBy::SomebodyElse }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &'static str)], expected: SentBy) {
        let config = Config { public_url: Some("https://whom.example.org".into()), ..Config::default() };
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        assert_eq!(sent_by(&config, &headers), expected, "{headers:?}");
    }

    #[test]
    fn a_browser_says_which_site_sent_it() {
        check(&[("sec-fetch-site", "same-origin")], SentBy::OurOwnPage);
        check(&[("sec-fetch-site", "same-site")], SentBy::SomebodyElse);
        check(
            &[("sec-fetch-site", "cross-site"), ("origin", "https://whom.example.org")],
            SentBy::SomebodyElse,
        );
        check(&[("origin", "https://whom.example.org"), ("host", "10.0.0.1")], SentBy::OurOwnPage);
        check(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], SentBy::OurOwnPage);
        check(&[("origin", "http://127.0.0.1:9090"), ("host", "127.0.0.1:8080")], SentBy::SomebodyElse);
        check(&[("origin", "null"), ("host", "127.0.0.1:8080")], SentBy::SomebodyElse);
        check(&[("host", "127.0.0.1:8080")], SentBy::NobodySays);
    }
}
