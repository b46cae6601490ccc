//! The message that is written: a mail of 2 KB from somebody who has written before.

use whom_core::store::{
    ChangeSet, Store,
    conformance::{Sample, message},
};

use crate::random;

/// Mail `number` of a person.
pub(crate) fn mail(sample: &Sample, person: u32, number: u32) -> ChangeSet {
    message(sample, person, number, i64::from(number) * 1000, &text(person, number))
}

/// About 2 KB in words drawn so evenly that LZ4 makes hardly less of it: the dear case, which real mail is not.
fn text(person: u32, number: u32) -> Vec<u8> {
    let mut state = u64::from(person) << 32 | u64::from(number) | 1;
    let mut text = Vec::with_capacity(2_100);
    while text.len() < 2_000 {
        let word = random(&mut state) % 4_000;
        let mut letters = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for _ in 0..3 + word % 6 {
            text.push(b'a' + (letters % 26) as u8);
            letters /= 26;
        }
        text.push(b' ');
    }
    text
}

/// The first mail of everybody, many in a commit.
pub(crate) async fn load(store: &dyn Store, profiles: u32) {
    let sample = Sample::of(store);
    for some in (0..profiles).collect::<Vec<_>>().chunks(200) {
        let mut all = ChangeSet::at(Sample::at(0));
        for person in some {
            let one = mail(&sample, *person, 1);
            all.writes.extend(one.writes);
            all.changes.extend(one.changes);
        }
        store.commit(all).await.unwrap();
    }
}
