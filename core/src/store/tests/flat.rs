//! Promise 7, counted in rows: a page costs the same however long the list it is of.

use std::{cell::Cell, ops::ControlFlow, path::Path, sync::Arc};

use super::set;
use crate::{
    model::{ConversationId, Entry, TimelineCursor},
    store::{
        StoreError, Write,
        conformance::Sample,
        memory::Memory,
        ordered::{Ordered, Step},
        reads::Reads,
        rows::key::Key,
        rows_put,
    },
};

/// Rows that count how often they are looked at.
struct Counted(Memory, Cell<usize>);

impl Counted {
    fn count(&self) {
        self.1.set(self.1.get() + 1);
    }
}

impl Ordered for Counted {
    type Bytes = Arc<[u8]>;

    fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>, StoreError> {
        self.count();
        self.0.get(key)
    }

    fn scan(
        &self,
        from: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError> {
        self.0.scan(from, prefix, &mut |key, row| {
            self.count();
            visit(key, row)
        })
    }

    fn scan_back(
        &self,
        before: &[u8],
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> Step,
    ) -> Result<(), StoreError> {
        self.0.scan_back(before, prefix, &mut |key, row| {
            self.count();
            visit(key, row)
        })
    }

    fn last(&self, prefix: &[u8]) -> Result<Option<(Key, Arc<[u8]>)>, StoreError> {
        self.count();
        self.0.last(prefix)
    }

    fn folder(&self) -> &Path {
        Path::new("counted")
    }
}

#[test]
fn a_page_of_a_conversation_costs_the_same_at_a_hundred_and_at_ten_thousand_entries() {
    let sample = Sample(crate::model::IdKey::from_bytes([7; 32]));
    let long = |number: u32| -> ConversationId { sample.conversation_id(number) };
    let mut memory = Memory::default();
    let mut middles = Vec::new();
    for (number, entries) in [(1u32, 100u64), (2, 10_000)] {
        let entries: Vec<Entry> = (0..entries)
            .map(|entry| Entry {
                conversation: Some(long(number)),
                ..sample.entry(number, u64::from(number) * 100_000 + entry, entry as i64)
            })
            .collect();
        let middle = &entries[entries.len() / 2];
        middles.push(TimelineCursor { at: middle.at, entry: middle.id });
        let rows = rows_put(set(entries.into_iter().map(Write::Entry))).unwrap();
        memory.apply(rows.into_iter().map(|(key, row)| (key, Some(row))).collect());
    }
    let counted = Counted(memory, Cell::new(0));
    let cost = |read: &dyn Fn(&Reads<'_, Counted>) -> usize| {
        counted.1.set(0);
        assert_eq!(read(&Reads(&counted)), 40);
        counted.1.get()
    };
    for (number, middle) in [(1, middles[0]), (2, middles[1])] {
        let id = long(number);
        let newest = cost(&|reads| reads.conversation_entries_before(id, None, 40).unwrap().len());
        let before = cost(&|reads| reads.conversation_entries_before(id, Some(middle), 40).unwrap().len());
        let after = cost(&|reads| reads.conversation_entries(id, Some(middle), 40).unwrap().len());
        assert_eq!(
            (newest, before, after),
            (80, 80, 80),
            "one row of the list and one of the entry for each"
        );
    }
    // The count would tell: a walk through all of it looks at all of it.
    counted.1.set(0);
    let walk = &mut |_: &[u8], _: &[u8]| Ok(ControlFlow::Continue(()));
    counted.scan(&[], &[], walk).unwrap();
    assert!(counted.1.get() > 10_000);
}
