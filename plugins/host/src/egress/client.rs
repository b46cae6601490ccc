//! The socket: sends one request to an address that was checked.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use reqwest::{Client, Method, Url};

use super::address::is_public;
use super::request::Response;

/// How far a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To public addresses only, by https.
    Public,
    /// To an address the admin typed in, wherever it is.
    Local,
}

/// A request with everything in it, secrets too. Never logged.
pub struct Outgoing {
    /// GET, POST …
    pub method: String,
    /// Where to.
    pub url: Url,
    /// How far it may go.
    pub reach: Reach,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Body, if there is one.
    pub body: Option<String>,
    /// How long the whole exchange may take.
    pub within: Duration,
    /// The longest body that is read.
    pub longest: usize,
}

/// What came back.
pub type Answered = Result<Response, SendError>;

/// What came back, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The status.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub bytes: Vec<u8>,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The name leads into a private network. Nothing was sent.
    #[error("{0} leads to a private address")]
    Private(String),
    /// There was no connection. Nothing was sent.
    #[error("no connection: {0}")]
    Connect(String),
    /// It took too long.
    #[error("no answer in time")]
    Late,
    /// The body is longer than allowed.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The exchange broke off, or is no HTTP or no text.
    #[error("the exchange failed: {0}")]
    Broken(String),
}

/// Sends one request, follows no redirect, retries nothing.
#[async_trait]
pub trait HttpClient: Send + Sync {
    /// Sends `request`.
    ///
    /// Connects only to addresses that `request.reach` allows, checked after the name was
    /// resolved and used as checked.
    async fn send(&self, request: Outgoing) -> Answered;
}

/// The client for real use.
///
/// Takes no proxy from the environment: behind one, nobody could check the address.
#[derive(Default)]
pub struct ReqwestClient {
    public: OnceLock<Client>,
    local: OnceLock<Client>,
}

impl ReqwestClient {
    /// A client that has not opened anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn client(&self, reach: Reach) -> Result<&Client, SendError> {
        let slot = match reach {
            Reach::Public => &self.public,
            Reach::Local => &self.local,
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        // A second attempt answers an error because there is a provider: just as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("whom/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(Duration::from_secs(5));
        if reach == Reach::Public {
            builder = builder.https_only(true).dns_resolver(Arc::new(PublicOnly));
        }
        let client = builder.build().map_err(|error| SendError::Broken(reasons(&error)))?;
        Ok(slot.get_or_init(|| client))
    }

    /// Sends a request by the same rules and gives the body as it came, such as a picture.
    pub async fn fetch(&self, request: Outgoing) -> Result<Fetched, SendError> {
        // An address in digits is not resolved, so it is checked here.
        if request.reach == Reach::Public {
            let host = request.url.host_str().unwrap_or_default();
            let digits = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
            if digits.is_ok_and(|address| !is_public(address)) {
                return Err(SendError::Private(host.to_owned()));
            }
        }
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| SendError::Broken(format!("`{}` is no method", request.method)))?;
        let mut builder = self.client(request.reach)?.request(method, request.url).timeout(request.within);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let Some(body) = request.body {
            builder = builder.body(body);
        }
        let mut answer = builder.send().await.map_err(|error| why(&error, &host))?;
        let status = answer.status().as_u16();
        let headers = answer
            .headers()
            .iter()
            .filter(|(name, _)| *name != "set-cookie")
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| why(&error, &host))? {
            if bytes.len() + chunk.len() > request.longest {
                return Err(SendError::TooLong(request.longest));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched { status, headers, bytes })
    }
}

#[async_trait]
impl HttpClient for ReqwestClient {
    async fn send(&self, request: Outgoing) -> Answered {
        let Fetched { status, headers, bytes } = self.fetch(request).await?;
        let body =
            String::from_utf8(bytes).map_err(|_| SendError::Broken("the answer is not text".to_owned()))?;
        Ok(Response { status, headers, body })
    }
}

/// Resolves names to public addresses only. The client connects to what it gets from here, so
/// what was checked is what is used.
struct PublicOnly;

#[derive(Debug, thiserror::Error)]
#[error("only private addresses")]
struct OnlyPrivate;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let is_empty = found.is_empty();
            let public: Vec<SocketAddr> = found.into_iter().filter(|at| is_public(at.ip())).collect();
            if public.is_empty() && !is_empty {
                return Err(OnlyPrivate.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn why(error: &reqwest::Error, host: &str) -> SendError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if inner.is::<OnlyPrivate>() {
            return SendError::Private(host.to_owned());
        }
        cause = inner.source();
    }
    if error.is_timeout() {
        SendError::Late
    } else if error.is_connect() {
        SendError::Connect(reasons(error))
    } else {
        SendError::Broken(reasons(error))
    }
}

/// The reasons below the first one, which would hold the address with its secrets.
fn reasons(error: &reqwest::Error) -> String {
    let mut reasons = Vec::new();
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        reasons.push(inner.to_string());
        cause = inner.source();
    }
    if reasons.is_empty() { "unknown".to_owned() } else { reasons.join(": ") }
}
