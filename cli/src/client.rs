//! The way to the API: the same router, in this process or behind a socket.

use std::{fs::File, io::Write, sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    house::House,
    problem::{ApiProblem, Failure},
};

/// The longest answer that is read at once, in bytes.
const LONGEST_ANSWER: usize = 256 << 20;

/// The API, wherever it is. A clone is the same way to it.
#[derive(Clone)]
pub(crate) enum Client {
    /// The data folder is open in this process.
    InProcess(Arc<House>),
    /// The same, for somebody who works there.
    InNameOf(Arc<House>, &'static str),
    /// A server has it open.
    Http(HttpClient),
}

/// A server behind a socket.
#[derive(Clone)]
pub(crate) struct HttpClient {
    base: String,
    token: Option<String>,
    http: reqwest::Client,
}

/// What is sent along.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    /// Additional headers.
    headers: HeaderMap,
    /// The body.
    body: Bytes,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The body as it came.
    pub(crate) body: Bytes,
    /// The headers.
    pub(crate) headers: HeaderMap,
}

impl Sent {
    /// A body of JSON.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_vec(value).context("the request cannot be written")?;
        Ok(Self::bytes("application/json", body))
    }

    /// A body of another sort.
    pub(crate) fn bytes(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self { headers, body: body.into() }
    }

    /// With a header more; a value that is none is left out.
    pub(crate) fn with(mut self, name: header::HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}

impl Answer {
    /// Reads the body.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        Ok(serde_json::from_slice(&self.body).context(
            "the server's answer is not what this version of whom expects: are both of the same version?",
        )?)
    }

    fn or_failure(self) -> Result<Self, Failure> {
        if self.status < 400 {
            Ok(self)
        } else {
            Err(Failure::Api(ApiProblem::read(self.status, &self.body)))
        }
    }
}

impl Client {
    /// Asks for something.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.call(Method::GET, path, Sent::default()).await
    }

    /// Has something done.
    pub(crate) async fn post(&self, path: &str, value: &impl Serialize) -> Result<Answer, Failure> {
        self.call(Method::POST, path, Sent::json(value)?).await
    }

    /// Sends a request; an answer that says why not becomes a failure.
    pub(crate) async fn call(&self, method: Method, path: &str, sent: Sent) -> Result<Answer, Failure> {
        self.try_call(method, path, sent).await?.or_failure()
    }

    /// Sends a request and gives whatever came back.
    pub(crate) async fn try_call(&self, method: Method, path: &str, sent: Sent) -> Result<Answer, Failure> {
        match self {
            Self::InProcess(house) | Self::InNameOf(house, _) => {
                let mut request = axum::http::Request::new(axum::body::Body::from(sent.body));
                *request.method_mut() = method;
                *request.uri_mut() = path.parse().map_err(|_| anyhow!("`{path}` is no path"))?;
                *request.headers_mut() = sent.headers;
                let answer = match self {
                    Self::InNameOf(_, login) => house.call_as(login, request).await,
                    _ => house.call(request).await,
                };
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                let body = axum::body::to_bytes(answer.into_body(), LONGEST_ANSWER)
                    .await
                    .map_err(|error| anyhow!("the answer broke off: {error}"))?;
                Ok(Answer { status, body, headers })
            }
            Self::Http(client) => client.call(method, path, sent).await,
        }
    }

    /// The address of the server, where there is one.
    pub(crate) fn base(&self) -> Option<&str> {
        match self {
            Self::InProcess(_) | Self::InNameOf(..) => None,
            Self::Http(client) => Some(&client.base),
        }
    }

    /// Lets go of what is open.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        match self {
            Self::InProcess(house) | Self::InNameOf(house, _) => Ok(house.close().await?),
            Self::Http(_) => Ok(()),
        }
    }
}

impl HttpClient {
    /// A server at this address.
    pub(crate) fn new(base: &str, token: Option<String>) -> Result<Self, Failure> {
        if !base.starts_with("http://") && !base.starts_with("https://") {
            return Err(Failure::Usage(format!(
                "`{base}` is no address of a server: write it like https://whom.example.org"
            )));
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("whom/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .build()
            .context("cannot make connections")?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), token, http })
    }

    async fn call(&self, method: Method, path: &str, sent: Sent) -> Result<Answer, Failure> {
        let answer = self.send(method, path, sent).await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.map_err(|error| self.unreachable(&error))?;
        Ok(Answer { status, body, headers })
    }

    /// Sends a request and gives the answer before its body has come.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        sent: Sent,
    ) -> Result<reqwest::Response, Failure> {
        let mut request =
            self.http.request(method, format!("{}{path}", self.base)).headers(sent.headers).body(sent.body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await.map_err(|error| self.unreachable(&error))
    }

    /// Writes the body of an answer to a file, piece by piece.
    pub(crate) async fn download(&self, path: &str, mut file: File) -> Result<File, Failure> {
        let mut answer = self.send(Method::GET, path, Sent::default()).await?;
        let status = answer.status().as_u16();
        if status >= 400 {
            let body = answer.bytes().await.map_err(|error| self.unreachable(&error))?;
            return Err(Failure::Api(ApiProblem::read(status, &body)));
        }
        while let Some(piece) = answer.chunk().await.map_err(|error| self.unreachable(&error))? {
            file.write_all(&piece)?;
        }
        Ok(file)
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let why = if error.is_connect() {
            "nobody answers there"
        } else if error.is_timeout() {
            "it took too long"
        } else {
            "the connection broke off"
        };
        Failure::Other(anyhow!("{}: {why}", self.base))
    }

    /// Its address.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Whether the server answers and takes the token.
    pub(crate) async fn answers(&self, path: &str) -> bool {
        let asked = self.call(Method::GET, path, Sent::default());
        matches!(tokio::time::timeout(Duration::from_secs(3), asked).await, Ok(Ok(answer)) if answer.status < 400)
    }
}

/// A part of a path, with everything encoded that would mean something else there.
pub(crate) fn part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@:+".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The text behind `?`, from names and values; values that are none are left out.
pub(crate) fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
    let pairs: Vec<String> = pairs
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name}={}", part(&value).replace('+', "%2B"))))
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_cannot_leave_its_place_in_a_path() {
        assert_eq!(part("ana+x@example.org"), "ana+x@example.org");
        assert_eq!(part("../#12?x y/ü"), "..%2F%2312%3Fx%20y%2F%C3%BC");
        assert_eq!(
            query([("q", Some("a+b&c".into())), ("kind", None), ("limit", Some("3".into()))]),
            "?q=a%2Bb%26c&limit=3"
        );
        assert_eq!(query([("q", None)]), "");
    }
}
