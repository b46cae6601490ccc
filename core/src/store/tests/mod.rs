//! What engines do beyond the promises of the store: folders, damage, failures, backups, checks.

mod backups;
mod checks;
mod failures;
mod flat;
mod folders;

use super::{ChangeSet, Write, conformance::Sample};

fn set(writes: impl IntoIterator<Item = Write>) -> ChangeSet {
    ChangeSet { writes: writes.into_iter().collect(), ..ChangeSet::at(Sample::at(0)) }
}
