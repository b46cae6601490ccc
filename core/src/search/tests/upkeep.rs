//! How the index follows the store: edits, merges, erasure, restarts, rebuilding.

use tempfile::TempDir;

use super::*;

#[tokio::test]
async fn an_edit_is_found_at_once() {
    let mut world = World::with_people().await;
    let id = world.arrive("Ida Before | email:ida@example.net").await;
    world.search.settle(now()).await.unwrap();
    let edit = Edit {
        property: PropertyKey::fold("name").unwrap(),
        assertion: Assertion::Is(Value::text("Ida Afterwards").unwrap()),
    };
    world.engine.edit(id, vec![edit], &agent(), None, now()).await.unwrap();
    assert_eq!(world.names("afterwards").await, "Ida Afterwards");
    assert_eq!(world.names("before").await, "");
}

#[tokio::test]
async fn a_merged_profile_is_gone_and_comes_back_when_the_merge_is_undone() {
    let mut world = World::empty().await;
    let into = world.arrive("Ada One | email:ada@one.example").await;
    let from = world.arrive("Ada Two | email:ada@two.example").await;
    world.search.settle(now()).await.unwrap();
    let merge = world.engine.merge(from, into, &agent(), "the same", now()).await.unwrap();
    for _ in ["pending", "committed"] {
        let page = world.page(asking("ada@two.example")).await;
        assert_eq!(page.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [into]);
        assert_eq!(world.page(Query::default()).await.total, Some(1));
        world.search.settle(now()).await.unwrap();
    }
    world.engine.unmerge(merge.id, &agent(), now()).await.unwrap();
    assert_eq!(world.page(asking("ada@two.example")).await.hits[0].id, from);
    assert_eq!(world.page(Query::default()).await.total, Some(2));
}

#[tokio::test]
async fn an_erased_profile_is_gone_at_once_and_from_the_index() {
    let mut world = World::with_people().await;
    let id = world.arrive("Ed Erased | email:ed@erased.example").await;
    world.search.settle(now()).await.unwrap();
    world.engine.erase(id, &agent(), now()).await.unwrap();
    assert_eq!(world.names("erased").await, "");
    let dump = world.search.dump(now()).await.unwrap();
    assert!(!dump.iter().any(|line| line.contains("erased")), "nothing of it is left");
}

#[tokio::test]
async fn the_new_name_of_an_account_finds_its_people() {
    let mut world = World::with_people().await;
    world.search.settle(now()).await.unwrap();
    let account = IncomingAccount {
        external: ExternalId::new("crm", "Globex"),
        name: Some("Initech".into()),
        properties: BTreeMap::new(),
    };
    // Somebody else of the company says what it is called now.
    world.arrivals += 1;
    let identifier = Identifier::email("new@weiss.example").unwrap();
    let party =
        Party { identifiers: vec![GivenIdentifier::new(identifier, "new@weiss.example")], said: Vec::new() };
    let incoming = Incoming {
        external: ExternalId::new("test", "rename"),
        at: Timestamp::from_millis(now().as_millis() + 3_600_000),
        source: Source::new(SourceKind::Import, "test"),
        parties: vec![party],
        arrival: Arrival::Facts,
        account: Some(account),
        body: None,
    };
    world.engine.ingest(incoming, now()).await.unwrap();
    assert_eq!(world.names("zoe initech").await, "Zoe Weiß");
    assert_eq!(world.names("zoe globex").await, "");
}

#[tokio::test]
async fn a_rebuilt_index_holds_the_same_bytes() {
    let mut world = World::with_people().await;
    // Some of it is committed, some replaced, some merged, some pending.
    world.search.settle(now()).await.unwrap();
    let a = world.arrive("Ada One | email:ada@one.example").await;
    let b = world.arrive("Ada Two | email:ada@two.example").await;
    world.search.settle(now()).await.unwrap();
    world.engine.merge(a, b, &agent(), "the same", now()).await.unwrap();
    world.arrive("Ada One | email:ada@one.example | tier=gold").await;
    let before = world.search.dump(now()).await.unwrap();
    assert_eq!(before.len(), 11);
    world.search.rebuild(now(), |_, _| {}).await.unwrap();
    assert_eq!(world.search.dump(now()).await.unwrap(), before);
    let fresh = Search::open(world.engine.clone(), None).await.unwrap();
    assert_eq!(fresh.dump(now()).await.unwrap(), before);
}

#[tokio::test]
async fn after_a_restart_the_feed_is_read_on_from_the_last_commit() {
    let mut world = World::with_people().await;
    let folder = TempDir::new().unwrap();
    let open = async || Search::open(world.engine.clone(), Some(folder.path())).await.unwrap();
    let search = open().await;
    search.settle(now()).await.unwrap();
    let head = *world.engine.store().feed_head().borrow();
    drop(search);
    let search = open().await;
    assert_eq!(search.state().scanned, head);
    assert!(!search.needs_rebuild());
    drop(search);
    // What was written while nobody indexed is found without a rebuild.
    let engine = world.engine.clone();
    world.arrive("Lena Later | email:lena@example.net").await;
    let search = Search::open(engine, Some(folder.path())).await.unwrap();
    assert!(!search.needs_rebuild());
    let page = search.query(asking("lena"), now()).await.unwrap();
    assert_eq!((names(&page).as_str(), page.behind), ("Lena Later", 0));
}

#[tokio::test]
async fn an_index_of_another_store_or_form_is_thrown_away() {
    let mut world = World::with_people().await;
    let folder = TempDir::new().unwrap();
    let search = Search::open(world.engine.clone(), Some(folder.path())).await.unwrap();
    search.settle(now()).await.unwrap();
    drop(search);

    let other = engine();
    let search = Search::open(other, Some(folder.path())).await.unwrap();
    assert_eq!(search.query(Query::default(), now()).await.unwrap().total, Some(0));
    drop(search);

    world.arrive("Nora Next | email:nora@example.net").await;
    std::fs::write(folder.path().join("whom-search-format"), "0\n").unwrap();
    let search = Search::open(world.engine.clone(), Some(folder.path())).await.unwrap();
    assert_eq!(search.query(Query::default(), now()).await.unwrap().total, Some(11));
    drop(search);

    std::fs::write(folder.path().join("meta.json"), "{").unwrap();
    let search = Search::open(world.engine.clone(), Some(folder.path())).await.unwrap();
    assert_eq!(search.query(Query::default(), now()).await.unwrap().total, Some(11));
}

#[tokio::test]
async fn a_folder_of_something_else_is_left_alone() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("letter.txt"), "dear").unwrap();
    let Err(error) = Search::open(engine(), Some(folder.path())).await else { panic!("it was taken") };
    assert!(matches!(error, SearchError::Foreign { .. }), "{error}");
    assert!(folder.path().join("letter.txt").exists());
}

#[tokio::test]
async fn the_task_indexes_what_arrives_and_commits_it_at_the_end() {
    let mut world = World::with_people().await;
    let folder = TempDir::new().unwrap();
    let search = Search::open(world.engine.clone(), Some(folder.path())).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let task = tokio::spawn({
        let search = search.clone();
        async move { search.run(now, async { drop(stopped.await) }).await }
    });
    world.arrive("Lena Later | email:lena@example.net").await;
    while search.reader_total() < 11 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    world.arrive("Last Minute | email:last@example.net").await;
    let page = search.query(asking("last minute"), now()).await.unwrap();
    assert_eq!(names(&page), "Last Minute");
    stop.send(()).unwrap();
    task.await.unwrap();
    assert_eq!(search.reader_total(), 12);
}

#[tokio::test]
async fn a_question_says_how_far_the_index_is_behind() {
    let mut world = World::empty().await;
    for number in 0..520 {
        world.arrive(&format!("Person {number} | email:p{number}@example.net")).await;
    }
    let page = world.page(asking("p519@example.net")).await;
    assert_eq!((names(&page).as_str(), page.behind, page.total), ("Person 519", 20, None));
    world.search.settle(now()).await.unwrap();
    let page = world.page(asking("p0@example.net")).await;
    assert_eq!((names(&page).as_str(), page.behind, page.total), ("Person 0", 0, Some(1)));
}
