//! Lists: their orders, pages and filters.

use super::*;

#[tokio::test]
async fn a_list_is_read_page_by_page_in_every_order() {
    let world = World::with_people().await;
    for committed in [false, true] {
        for sort in [Sort::LastSeen, Sort::Name, Sort::Created, Sort::Messages, Sort::Relevance] {
            for text in ["", "exampl"] {
                let sort = sort.clone();
                let whole =
                    world.page(Query { sort: sort.clone(), text: text.into(), ..Query::default() }).await;
                let mut read = Vec::new();
                let mut cursor = None;
                loop {
                    let sort = sort.clone();
                    let query = Query { sort, cursor, limit: 2, text: text.into(), ..Query::default() };
                    let page = world.page(query).await;
                    assert_eq!(page.total, whole.total);
                    read.extend(page.hits);
                    cursor = page.next;
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(read, whole.hits, "{sort:?} `{text}` {committed}");
            }
        }
        world.search.settle(now()).await.unwrap();
    }
    let by_name = world.page(Query { sort: Sort::Name, ..Query::default() }).await;
    assert!(
        names(&by_name).starts_with("Anna Maria Lopez, Cem Kaya, Constantinopolitan Smith, Jonathan O'Brien")
    );
    let latest = world.page(Query { limit: 2, ..Query::default() }).await;
    assert!(names(&latest).contains("Constantinopolitan Smith"));
}

#[tokio::test]
async fn a_cursor_goes_on_from_a_list_of_pending_and_committed_profiles() {
    let mut world = World::with_people().await;
    world.search.settle(now()).await.unwrap();
    world.arrive("Bertha Between | email:bertha@example.net").await;
    let query = Query { sort: Sort::Name, limit: 2, ..Query::default() };
    let first = world.page(query.clone()).await;
    assert_eq!(names(&first), "Anna Maria Lopez, Bertha Between");
    world.search.settle(now()).await.unwrap();
    let second = world.page(Query { cursor: first.next, ..query }).await;
    assert_eq!(names(&second), "Cem Kaya, Constantinopolitan Smith");
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let world = World::with_people().await;
    let next = world.page(Query { limit: 1, ..Query::default() }).await.next;
    let other = Query { text: "zoe".into(), cursor: next, ..Query::default() };
    let error = world.search.query(other, now()).await.unwrap_err();
    assert!(matches!(error, SearchError::Cursor), "{error}");
}

#[tokio::test]
async fn visitors_and_the_trash_are_shown_when_asked_for() {
    let mut world = World::with_people().await;
    let gone = world.arrive("Tom Trash | email:tom@trash.example").await;
    world.search.settle(now()).await.unwrap();
    world.engine.trash(gone, &agent(), now()).await.unwrap();
    for _ in ["pending", "committed"] {
        assert_eq!(world.names("trash").await, "");
        let trashed = Query { state: StateFilter::Trashed, ..Query::default() };
        assert_eq!(names(&world.page(trashed).await), "Tom Trash");
        let visitors = Query { kind: Some(ProfileKind::Visitor), ..Query::default() };
        assert_eq!(world.page(visitors).await.total, Some(1));
        let customers = Query { kind: Some(ProfileKind::Customer), ..Query::default() };
        assert_eq!(world.page(customers).await.total, Some(9));
        world.search.settle(now()).await.unwrap();
    }
    world.engine.restore(gone, now()).await.unwrap();
    assert_eq!(world.names("trash").await, "Tom Trash");
}
