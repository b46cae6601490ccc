//! A server that plays Gravatar on this machine: a profile by the hash of an address, and a picture.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::Server;

/// One green pixel.
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00,
    0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x50, 0x58, 0xe0, 0x00, 0x00, 0x01, 0xe4,
    0x01, 0x01, 0x30, 0xa0, 0x0f, 0x95, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

/// A server that plays Gravatar and knows everybody; gone when dropped.
pub struct PlayedGravatar {
    base: String,
    asked: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl PlayedGravatar {
    /// Starts it. Whoever is asked about has this name and this company.
    pub async fn start(name: &'static str, company: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        let asked: Arc<AtomicUsize> = Arc::default();
        let (count, own) = (asked.clone(), base.clone());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (count, own) = (count.clone(), own.clone());
                tokio::spawn(async move {
                    // Whoever hangs up in the middle is not answered.
                    let _ = answer(stream, &own, name, company, &count).await;
                });
            }
        });
        Self { base, asked, serving }
    }

    /// Has a server's plugin ask here, and nobody else.
    pub async fn serves(&self, server: &Server) {
        let provider = json!({ "on": true, "settings": { "address": format!("{}/v3", self.base) } });
        let settings = json!({ "on": true, "providers": { "gravatar": provider } });
        server.send(reqwest::Method::PUT, "/v1/enrichment", &settings).await;
    }

    /// How often it was asked about somebody.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for PlayedGravatar {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(
    stream: TcpStream,
    base: &str,
    name: &str,
    company: &str,
    asked: &AtomicUsize,
) -> std::io::Result<()> {
    let mut wire = BufReader::new(stream);
    let mut first = String::new();
    wire.read_line(&mut first).await?;
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await? == 0 || line == "\r\n" {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let (kind, body) = if let Some(hash) = path.strip_prefix("/v3/profiles/") {
        asked.fetch_add(1, Ordering::SeqCst);
        let profile = json!({
            "hash": hash, "display_name": name, "company": company,
            "avatar_url": format!("{base}/avatar/{hash}"), "profile_url": format!("{base}/{hash}"),
        });
        ("application/json", profile.to_string().into_bytes())
    } else {
        ("image/png", PICTURE.to_vec())
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    wire.write_all(head.as_bytes()).await?;
    wire.write_all(&body).await?;
    wire.shutdown().await
}
