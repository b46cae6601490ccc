//! The record of a profile: whole, in one order, the same read forwards, backwards and by kinds.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arc_swap::ArcSwap;
use whom_core::{
    engine::{Edit, Engine, Enrichment, Happened, Happening, RecordKind, Way},
    identity::{Arrival, Said},
    model::{
        Assertion, Confidence, EntryId, EntryKind, ExternalId, IdKey, Month, ProfileId, Source,
        TimelineCursor,
    },
    rules::Rules,
    store::MemoryStore,
};

use super::arrivals::{contact, engine, identify, key, message, minute, take_in, text};

const DAY: i64 = 24 * 60;

/// Ana with two addresses, 120 page views over ten years and a little of everything else.
async fn ana() -> (Engine, ProfileId) {
    let engine = engine();
    let id = fill(&engine).await;
    (engine, id)
}

async fn fill(engine: &Engine) -> ProfileId {
    let agent = Source::agent("mia");
    take_in(engine, message("1", "ana@x.org", &[("name", "Ana")], minute(1))).await;
    for number in 0..120 {
        let mut page = identify(&format!("p{number}"), "user:7", &[], minute(number * 30 * DAY));
        page.arrival = Arrival::Event {
            kind: EntryKind::PageView,
            name: "Home".into(),
            summary: String::new(),
            properties: BTreeMap::new(),
        };
        take_in(engine, page).await;
    }
    take_in(engine, identify("joined", "user:7 ana@x.org", &[], minute(5))).await;
    let id = engine.find("ana@x.org").await.unwrap();
    let set =
        |property: &str, value: &str| Edit { property: key(property), assertion: Assertion::Is(text(value)) };
    let both = vec![set("company", "Acme"), set("job_title", "Engineer")];
    engine.edit(id, both, &agent, None, minute(400 * DAY)).await.unwrap();
    let enrichment = Enrichment {
        contact: contact(engine, "ana@x.org"),
        source: Source::plugin("gravatar"),
        said: vec![Said {
            property: key("location"),
            assertion: Assertion::Is(text("Åre")),
            confidence: Confidence::percent(90),
        }],
        evidence: None,
    };
    engine.record_enrichment(&enrichment, minute(500 * DAY)).await.unwrap();
    take_in(engine, message("2", "bob@x.org", &[], minute(600 * DAY))).await;
    let bob = engine.find("bob@x.org").await.unwrap();
    let merged = engine.merge(bob, id, &agent, "same desk", minute(700 * DAY)).await.unwrap();
    engine.unmerge(merged.id, &agent, minute(701 * DAY)).await.unwrap();
    let request = ExternalId::new("test", "note");
    engine.add_note(id, "Calls on Mondays.", request, &agent, minute(900 * DAY)).await.unwrap();
    id
}

async fn read(
    engine: &Engine,
    id: ProfileId,
    way: Way,
    limit: usize,
    kinds: &[RecordKind],
) -> Vec<Happening> {
    let opened = engine.open(id, minute(0)).await.unwrap();
    let (mut all, mut way) = (Vec::new(), way);
    for _ in 0..1_000 {
        let page = engine.record(&opened, way, limit, kinds).await.unwrap();
        assert!(page.rows.len() <= limit);
        match way {
            Way::After(_) => {
                all.splice(0..0, page.rows);
                let Some(newer) = page.newer else { return all };
                way = Way::After(newer);
            }
            _ => {
                all.extend(page.rows);
                let Some(older) = page.older else { return all };
                way = Way::Before(older);
            }
        }
    }
    panic!("it has no end");
}

#[tokio::test]
async fn a_record_tells_everything_once_in_one_order_whichever_way_it_is_read() {
    let (engine, id) = ana().await;
    let whole = read(&engine, id, Way::Newest, 1_000, &[]).await;
    assert!(whole.is_sorted_by(|a, b| a.place > b.place));
    let mut counted = BTreeMap::<&str, usize>::new();
    for row in &whole {
        *counted.entry(row.what.kind().as_str()).or_default() += 1;
    }
    assert_eq!(
        counted,
        [("message", 1), ("note", 1), ("page_view", 120), ("membership", 3), ("enrichment", 1), ("edit", 1)]
            .into()
    );
    let Some(Happened::Edited(said)) =
        whole.iter().map(|row| row.what.clone()).find(|what| what.kind() == RecordKind::Edit)
    else {
        panic!("an edit");
    };
    assert_eq!(said.said.len(), 2, "two fields that were saved together are one row");

    let beginning = TimelineCursor { at: minute(-9_999 * DAY), entry: EntryId::from_bytes([0; 10]) };
    for limit in [1, 7, 50] {
        assert_eq!(read(&engine, id, Way::Newest, limit, &[]).await, whole, "backwards by {limit}");
        assert_eq!(read(&engine, id, Way::After(beginning), limit, &[]).await, whole, "forwards by {limit}");
        for kinds in
            [&[RecordKind::Note][..], &[RecordKind::Message, RecordKind::Edit], &[RecordKind::Membership]]
        {
            let wanted: Vec<_> =
                whole.iter().filter(|row| kinds.contains(&row.what.kind())).cloned().collect();
            assert_eq!(read(&engine, id, Way::Newest, limit, kinds).await, wanted, "{kinds:?} by {limit}");
            let forwards = read(&engine, id, Way::After(beginning), limit, kinds).await;
            assert_eq!(forwards, wanted, "{kinds:?} forwards by {limit}");
        }
    }
}

#[tokio::test]
async fn what_happened_is_counted_by_month_as_it_arrives() {
    let (engine, id) = ana().await;
    let opened = engine.open(id, minute(0)).await.unwrap();
    let activity = engine.activity(&opened).await.unwrap();
    let total = activity.total();
    assert_eq!((total.messages, total.notes, total.pages, total.events), (1, 1, 120, 0));
    let months: BTreeSet<Month> = (0..120).map(|number| Month::of(minute(number * 30 * DAY))).collect();
    assert!(activity.months().iter().map(|(month, _)| *month).eq(months));
    let first = activity.months()[0];
    assert_eq!((first.0, first.1.messages), (Month::of(minute(1)), 1));
    let counts = opened.counts(&activity);
    assert_eq!(counts[&RecordKind::PageView], 120);
    assert_eq!(counts[&RecordKind::Membership], 3);
}

#[tokio::test]
async fn a_page_costs_the_same_however_long_the_record_is() {
    let store = Arc::new(MemoryStore::new(IdKey::from_bytes([7; 32])));
    let engine = Engine::new(store.clone(), Arc::new(ArcSwap::from_pointee(Rules::built_in())));
    let id = fill(&engine).await;
    let opened = engine.open(id, minute(0)).await.unwrap();
    for kinds in [&[RecordKind::PageView][..], &[RecordKind::Note]] {
        let before = store.questions();
        let page = engine.record(&opened, Way::Newest, 5, kinds).await.unwrap();
        // One note among 120 page views: the months say where it is.
        assert!(page.rows.iter().any(|row| row.what.kind() == kinds[0]), "{kinds:?}");
        assert!(store.questions() - before <= 3, "{kinds:?}: {}", store.questions() - before);
    }
}
