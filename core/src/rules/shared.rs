//! The rules in force, which are replaced as a whole while others read them.

use std::{path::Path, sync::Arc};

use arc_swap::ArcSwap;

use super::{Problem, Rules};

/// The rules in force. Whoever decides something loads them once and decides by that one set.
#[derive(Clone, Debug)]
pub struct SharedRules(Arc<ArcSwap<Rules>>);

impl SharedRules {
    /// Puts a first set in force.
    pub fn new(rules: Rules) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(rules)))
    }

    /// The set in force.
    pub fn load(&self) -> Arc<Rules> {
        self.0.load_full()
    }

    /// What holds the set, for whoever keeps that alone; both see the same rules for ever.
    pub fn holder(&self) -> Arc<ArcSwap<Rules>> {
        Arc::clone(&self.0)
    }

    /// Puts another set in force.
    pub fn replace(&self, rules: Rules) -> Arc<Rules> {
        let rules = Arc::new(rules);
        self.0.store(Arc::clone(&rules));
        rules
    }

    /// Reads a folder again. Only a set that loads and passes its golden cases comes into force; otherwise
    /// the one before stays, and the problems are told.
    pub fn reload(&self, folder: &Path) -> Result<Arc<Rules>, Vec<Problem>> {
        Rules::load(folder).map(|rules| self.replace(rules))
    }
}
