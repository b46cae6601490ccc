//! One test for each promise of [`Store`](super::Store), run on every engine.
//!
//! An engine is held to all of them by one line in its tests:
//! `whom_core::keeps_the_promises!(MyEngine::new());`
#![doc(hidden)]
#![allow(missing_docs, reason = "the name of a test is what it says")]
#![allow(
    clippy::unwrap_used,
    reason = "these are tests: they live here so that engines elsewhere can run them"
)]

mod commits;
mod erasure;
mod inbox;
mod lists;
mod rows;

mod sample;

pub use commits::*;
pub use erasure::*;
pub use inbox::*;
pub use lists::*;
pub use rows::*;

pub use sample::{Sample, message};

use async_trait::async_trait;

use super::SharedStore;

/// Where stores to be tested come from.
#[async_trait]
pub trait Engine: Send {
    /// An empty store.
    async fn fresh(&mut self) -> SharedStore;

    /// What stands between writing and reading: nothing, or closing and opening again.
    async fn again(&mut self, store: SharedStore) -> SharedStore {
        store
    }
}

/// Makes one test of each promise.
#[macro_export]
macro_rules! keeps_the_promises {
    ($engine:expr) => {
        $crate::keeps_the_promises! { $engine;
            a_commit_is_atomic_to_readers
            a_commit_that_conflicts_writes_nothing
            a_conflict_names_the_first_row_that_changed
            an_expectation_of_zero_means_absent
            every_subject_can_be_expected
            commits_are_numbered_without_gaps
            the_feed_goes_on_where_a_reader_stopped
            the_feed_head_tells_of_every_commit
            what_was_committed_is_read_at_once
            concurrent_writers_lose_nothing
            an_empty_commit_has_a_number_too
            every_kind_of_row_reads_back
            what_is_absent_is_none
            several_rows_come_in_the_order_asked_for
            a_claim_heard_again_replaces_itself
            a_body_is_whole_whatever_its_size
            a_shorter_body_leaves_nothing_of_the_longer
            documents_are_listed_in_the_order_of_their_ids
            a_document_can_be_removed
            a_tombstone_can_be_lifted
            a_timeline_is_newest_first
            a_cursor_goes_on_exactly_where_it_was
            a_cursor_holds_while_entries_arrive
            a_timeline_is_read_forwards_from_a_cursor
            times_before_1970_sort_too
            a_conversation_is_read_oldest_first
            a_conversation_is_read_from_its_end
            an_entry_that_changes_its_conversation_leaves_the_old_list
            conversations_are_numbered_from_one
            a_conversation_keeps_its_number
            a_number_is_never_given_twice
            conversations_are_listed_latest_first
            the_inbox_is_what_a_scan_would_find
            profiles_are_listed_in_the_order_of_their_ids
            accounts_list_their_members
            a_limit_of_zero_gives_nothing
            an_erased_contact_leaves_nothing
            an_erasure_spares_everybody_else
            a_long_timeline_can_be_erased
            an_erased_conversation_leaves_its_entries
            figures_follow_what_is_written
            a_check_finds_nothing_wrong
            a_closed_store_says_so
        }
    };
    ($engine:expr; $($promise:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            let mut engine = $engine;
            $crate::store::conformance::$promise(&mut engine).await;
        }
    )*};
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        model::IdKey,
        store::{MemoryStore, SledOptions, SledStore, Store},
    };

    struct InMemory;

    #[async_trait]
    impl Engine for InMemory {
        async fn fresh(&mut self) -> SharedStore {
            Arc::new(MemoryStore::new(IdKey::from_bytes([7; 32])))
        }
    }

    struct OnSled(tempfile::TempDir);

    impl OnSled {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn open(&self) -> SharedStore {
            let options = SledOptions { cache_bytes: 8 << 20, ..SledOptions::default() };
            Arc::new(SledStore::open(self.0.path(), options).unwrap())
        }
    }

    #[async_trait]
    impl Engine for OnSled {
        async fn fresh(&mut self) -> SharedStore {
            self.open()
        }
    }

    struct OnSledReopened(OnSled);

    #[async_trait]
    impl Engine for OnSledReopened {
        async fn fresh(&mut self) -> SharedStore {
            self.0.open()
        }

        async fn again(&mut self, store: SharedStore) -> SharedStore {
            Store::close(&*store).await.unwrap();
            drop(store);
            self.0.open()
        }
    }

    mod memory {
        crate::keeps_the_promises!(super::InMemory);
    }

    mod sled {
        crate::keeps_the_promises!(super::OnSled::new());
    }

    mod sled_reopened {
        crate::keeps_the_promises!(super::OnSledReopened(super::OnSled::new()));
    }
}
