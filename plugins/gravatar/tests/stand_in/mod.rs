//! A server on a real socket in Gravatar's place, and a ledger to read.
#![allow(unreachable_pub, clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use whom_plugin_host::{Departure, Ledger};

/// A ledger to read.
#[derive(Default)]
pub struct Notes(pub Mutex<Vec<Departure>>);

#[async_trait::async_trait]
impl Ledger for Notes {
    async fn leaving(&self, departure: &Departure) -> Result<(), String> {
        self.0.lock().unwrap().push(departure.clone());
        Ok(())
    }
}

/// A server that gives everybody the same answer and keeps the requests.
pub struct StandIn {
    pub address: String,
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl StandIn {
    /// `headers` end with a line break each.
    pub async fn answering(status: u16, headers: &str, body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v3", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        let kept = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut text = Vec::new();
                let mut chunk = [0; 4096];
                while !text.ends_with(b"\r\n\r\n") {
                    match socket.read(&mut chunk).await {
                        Ok(length @ 1..) => text.extend_from_slice(&chunk[..length]),
                        _ => break,
                    }
                }
                kept.lock().unwrap().push(String::from_utf8_lossy(&text).into_owned());
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, requests }
    }
}
