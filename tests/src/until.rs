//! Waiting for something to be so.

use std::time::{Duration, Instant};

/// How long anything may take, on a busy machine too.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is looked.
const EVERY: Duration = Duration::from_millis(40);

/// Waits until something is so, and says what was not.
pub async fn until<F: Future<Output = bool>>(what: &str, is_so: impl FnMut() -> F) {
    assert!(comes(PATIENCE, is_so).await, "{what}: never came true");
}

/// Whether something comes true within a time.
pub async fn comes<F: Future<Output = bool>>(within: Duration, mut is_so: impl FnMut() -> F) -> bool {
    let begun = Instant::now();
    loop {
        if is_so().await {
            return true;
        }
        if begun.elapsed() > within {
            return false;
        }
        tokio::time::sleep(EVERY).await;
    }
}
