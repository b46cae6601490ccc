//! Rules in force are replaced while others use them.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use super::{NOW, Rules, person};
use crate::rules::SharedRules;

fn write(folder: &std::path::Path, word: &str) {
    // The reason names the version twice: once through the library, once directly.
    fs::write(folder.join("lib/word.rhai"), format!("fn word() {{ \"{word}\" }}")).unwrap();
    fs::write(
        folder.join("identity.rhai"),
        format!("import \"lib/word\" as word;\nfn same_person(a, b) {{ no(word::word() + \" {word}\") }}"),
    )
    .unwrap();
}

#[test]
fn a_bad_set_never_replaces_a_good_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("lib")).unwrap();
    write(folder.path(), "one");
    let shared = SharedRules::new(Rules::load(folder.path()).unwrap());
    let before = shared.load().hash().to_owned();

    fs::write(folder.path().join("identity.rhai"), "fn same_person(a, b) { alikee(a, b) }").unwrap();
    assert!(shared.reload(folder.path()).is_err());
    assert_eq!(shared.load().hash(), before);

    write(folder.path(), "two");
    assert_ne!(shared.reload(folder.path()).unwrap().hash(), before);
}

#[test]
fn nobody_sees_two_sets_at_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("lib")).unwrap();
    write(folder.path(), "v0");
    let shared = SharedRules::new(Rules::load(folder.path()).unwrap());
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let nobody = Arc::new(person(serde_json::json!({})));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let verdict = shared.load().same_person(&nobody, &nobody, NOW).unwrap();
                    let (one, other) = verdict.why().split_once(' ').unwrap();
                    assert_eq!(one, other);
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for version in 1..15 {
            write(folder.path(), &format!("v{version}"));
            shared.reload(folder.path()).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(asked.load(Ordering::Relaxed) > 0);
}
