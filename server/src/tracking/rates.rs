//! How many requests a write key makes in a second.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use whom_core::model::Timestamp;

/// Requests of each write key in the second under way.
#[derive(Debug, Default)]
pub(crate) struct RequestRates(Mutex<HashMap<String, (i64, u32)>>);

impl RequestRates {
    /// Counts a request; says no when the key had its share of this second.
    pub(crate) fn admits(&self, key: &str, limit: u32, now: Timestamp) -> bool {
        let second = now.as_millis().div_euclid(1000);
        let mut rates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Only keys that exist are counted, so there are as many rows as keys.
        let counted = rates.entry(key.to_owned()).or_insert((second, 0));
        if counted.0 != second {
            *counted = (second, 0);
        }
        counted.1 = counted.1.saturating_add(1);
        counted.1 <= limit
    }
}
