//! The last lines a plugin printed: the usual reason of a crash.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt};

const LINES: usize = 50;
const LONGEST: usize = 500;

/// The last lines a plugin printed, on either output.
#[derive(Clone, Default)]
pub(super) struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    /// Reads an output to its end.
    pub(super) async fn follow(self, mut output: impl AsyncRead + Unpin) {
        let mut chunk = [0_u8; 4096];
        let mut line = Vec::new();
        while let Ok(length @ 1..) = output.read(&mut chunk).await {
            for &byte in &chunk[..length] {
                match byte {
                    b'\n' => self.push(&std::mem::take(&mut line)),
                    // The rest of an endless line is not worth its memory.
                    _ if line.len() < LONGEST => line.push(byte),
                    _ => {}
                }
            }
        }
        if !line.is_empty() {
            self.push(&line);
        }
    }

    fn push(&self, line: &[u8]) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES {
            lines.pop_front();
        }
        lines.push_back(String::from_utf8_lossy(line).into_owned());
    }

    pub(super) fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}
