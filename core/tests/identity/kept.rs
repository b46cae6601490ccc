//! Tasks, relationships, notes and accounts: through merges and back, and gone when somebody is erased.

use whom_core::{
    engine::{AccountPatch, Engine, EngineError, NoteWish, TaskDeed, TaskDraft, TaskList},
    model::{AccountId, EntryId, EntryKind, ExternalId, ProfileId, Source, TaskId},
    store::DocumentKind,
};

use super::arrivals::{engine, message, minute, take_in, text};

fn mia() -> Source {
    Source::agent("mia")
}

fn request(id: &str) -> ExternalId {
    ExternalId::new("request", id)
}

async fn two(engine: &Engine) -> (ProfileId, ProfileId) {
    take_in(engine, message("1", "a@x.org", &[("name", "Ana")], minute(1))).await;
    take_in(engine, message("2", "b@x.org", &[("name", "Bo")], minute(2))).await;
    (engine.find("a@x.org").await.unwrap(), engine.find("b@x.org").await.unwrap())
}

async fn task(
    engine: &Engine,
    who: ProfileId,
    title: &str,
    due: Option<&str>,
    assignee: Option<&str>,
) -> TaskId {
    let draft = TaskDraft {
        title: title.into(),
        due: due.map(|due| due.parse().unwrap()),
        assignee: assignee.map(str::to_owned),
        ..TaskDraft::default()
    };
    engine.add_task(who, draft, &request(title), &mia(), minute(3)).await.unwrap().task.id
}

async fn titles(engine: &Engine, who: ProfileId) -> Vec<String> {
    engine.tasks_of(who).await.unwrap().into_iter().map(|task| task.title).collect()
}

async fn listed(engine: &Engine, list: TaskList) -> Vec<String> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        // Two at a time, so that the cursor is tried as well.
        let page = engine.tasks(&list, after.as_deref(), 2, minute(9)).await.unwrap();
        all.extend(page.tasks.into_iter().map(|view| format!("{}: {}", view.name, view.task.title)));
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

#[tokio::test]
async fn tasks_stand_in_the_order_of_their_due_dates() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    let login = "mia/x@shop.org";
    task(&engine, a, "no hurry", None, Some(login)).await;
    let late = task(&engine, b, "late", Some("2026-05-01"), Some(login)).await;
    task(&engine, a, "at nine", Some("2026-04-01T09:00:00Z"), Some("MIA/x@shop.org")).await;
    task(&engine, a, "that day", Some("2026-04-01"), None).await;
    let mine = || TaskList::Open(Some(login.to_owned()));
    assert_eq!(listed(&engine, mine()).await, ["Ana: at nine", "Bo: late", "Ana: no hurry"]);
    assert_eq!(listed(&engine, TaskList::Unassigned).await, ["Ana: that day"]);
    assert_eq!(listed(&engine, TaskList::Open(None)).await.len(), 4);

    engine.set_task(late, TaskDeed::Finish, &mia(), minute(5)).await.unwrap();
    assert_eq!(listed(&engine, mine()).await, ["Ana: at nine", "Ana: no hurry"]);
    assert_eq!(listed(&engine, TaskList::Done(Some(login.into()))).await, ["Bo: late"]);
    engine.set_task(late, TaskDeed::Reopen, &mia(), minute(6)).await.unwrap();
    assert_eq!(listed(&engine, TaskList::Done(None)).await, [""; 0]);
    assert_eq!(listed(&engine, mine()).await.len(), 3);

    let read = engine.task(late, minute(6)).await.unwrap().task;
    let draft =
        TaskDraft { title: " late \n no more ".into(), assignee: Some("jon".into()), ..TaskDraft::default() };
    let edited = engine.edit_task(late, draft.clone(), Some(read.version), minute(7)).await.unwrap();
    assert_eq!((edited.task.title.as_str(), edited.task.due), ("late no more", None));
    let again = engine.edit_task(late, draft, Some(read.version), minute(7)).await;
    assert!(matches!(again, Err(EngineError::Changed { .. })));
    assert_eq!(listed(&engine, TaskList::Open(Some("jon".into()))).await, ["Bo: late no more"]);
    engine.set_task(late, TaskDeed::Remove, &mia(), minute(8)).await.unwrap();
    assert_eq!(titles(&engine, b).await, [""; 0]);
    engine.set_task(late, TaskDeed::Reopen, &mia(), minute(8)).await.unwrap();
    assert_eq!(titles(&engine, b).await, ["late no more"]);
}

#[tokio::test]
async fn a_task_made_twice_is_one_and_a_wrong_one_is_refused() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    assert_eq!(task(&engine, a, "call", None, None).await, task(&engine, a, "call", None, None).await);
    assert_eq!(titles(&engine, a).await, ["call"]);
    let empty = engine.add_task(a, TaskDraft::default(), &request("e"), &mia(), minute(3)).await;
    assert!(matches!(empty, Err(EngineError::Invalid { what, .. }) if what == "title"));
    // A conversation of somebody else is none of this customer's.
    let theirs = engine.conversations(b, 1).await.unwrap()[0].id;
    let draft = TaskDraft { title: "x".into(), conversation: Some(theirs), ..TaskDraft::default() };
    let refused = engine.add_task(a, draft.clone(), &request("f"), &mia(), minute(3)).await;
    assert!(matches!(refused, Err(EngineError::Invalid { what, .. }) if what == "conversation"));
    engine.add_task(b, draft, &request("g"), &mia(), minute(3)).await.unwrap();
}

#[tokio::test]
async fn all_that_is_kept_goes_along_with_a_merge_and_back() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    take_in(&engine, message("3", "c@x.org", &[("name", "Cy")], minute(2))).await;
    let c = engine.find("c@x.org").await.unwrap();
    task(&engine, a, "of a", None, None).await;
    task(&engine, b, "of b", None, None).await;
    engine.relate(a, c, "assistant", "", &request("r1"), &mia(), minute(3)).await.unwrap();
    engine.relate(a, b, "Spouse", "", &request("r2"), &mia(), minute(3)).await.unwrap();
    let note = engine.add_note(b, "likes tents", request("n"), &mia(), minute(3)).await.unwrap();
    engine.change_note(b, note, &NoteWish::Pin, &mia(), minute(3)).await.unwrap();
    let account = made(&engine, "Acme").await;
    engine.link_account(b, account, &mia(), minute(3)).await.unwrap();
    let seen = |who| {
        let engine = &engine;
        async move {
            let related = engine.relationships(who, minute(9)).await.unwrap();
            let related: Vec<_> =
                related.into_iter().map(|r| format!("{} {} {}", r.name, r.they_are, r.this_is)).collect();
            let notes = engine.pinned_notes(who).await.unwrap();
            let accounts = engine.view(who, minute(9)).await.unwrap().accounts.len();
            (titles(engine, who).await, related, notes, accounts)
        }
    };
    let before = (seen(a).await, seen(b).await, seen(c).await);
    assert_eq!(before.0.1, ["Bo Spouse spouse", "Cy assistant employer"]);
    assert_eq!(before.2.1, ["Ana employer assistant"]);
    assert_eq!((before.1.2.len(), before.1.3), (1, 1));

    let merge = engine.merge(b, a, &mia(), "", minute(4)).await.unwrap();
    let merged = seen(a).await;
    assert_eq!(merged.0.len(), 2);
    assert_eq!(merged.1, ["Cy assistant employer"], "nobody is their own spouse");
    assert_eq!((merged.2.len(), merged.3), (1, 1));
    engine
        .change_note(a, note, &NoteWish::Write("likes boots".into(), Some(1)), &mia(), minute(5))
        .await
        .unwrap();
    engine
        .change_note(a, note, &NoteWish::Write("likes tents".into(), Some(2)), &mia(), minute(5))
        .await
        .unwrap();
    engine.unmerge(merge.id, &mia(), minute(6)).await.unwrap();
    let after = (seen(a).await, seen(b).await, seen(c).await);
    assert_eq!((after.0, after.2), (before.0, before.2));
    assert_eq!((&after.1.0, &after.1.1, after.1.3), (&before.1.0, &before.1.1, before.1.3));
    assert_eq!((after.1.2[0].text.as_str(), after.1.2[0].version), ("likes tents", 3));

    // Erasing one of them takes what was kept about them, and nothing of the others.
    let plan = engine.erase_plan(a).await.unwrap();
    assert_eq!((plan.tasks, plan.relationships), (1, 2));
    engine.erase(a, &mia(), minute(7)).await.unwrap();
    assert_eq!(seen(b).await.1, [""; 0]);
    assert_eq!(listed(&engine, TaskList::Open(None)).await, ["Bo: of b"]);
    let left = engine.store().documents(DocumentKind::Relationship, None, 10).await.unwrap();
    assert!(left.is_empty());
}

#[tokio::test]
async fn a_relationship_is_taken_away_and_back_from_either_side() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    let id = engine.relate(a, b, "my  boss", "the crew", &request("r"), &mia(), minute(3)).await.unwrap();
    assert_eq!(engine.relationships(b, minute(4)).await.unwrap()[0].they_are, "the crew");
    engine.set_related(b, id, false, &mia(), minute(4)).await.unwrap();
    assert!(engine.relationships(a, minute(4)).await.unwrap().is_empty());
    engine.set_related(a, id, true, &mia(), minute(5)).await.unwrap();
    assert_eq!(engine.relationships(a, minute(4)).await.unwrap()[0].they_are, "my boss");
    take_in(&engine, message("3", "c@x.org", &[], minute(2))).await;
    let c = engine.find("c@x.org").await.unwrap();
    let foreign = engine.set_related(c, id, false, &mia(), minute(4)).await;
    assert!(matches!(foreign, Err(EngineError::NotFound { .. })));
    let own = engine.relate(a, a, "self", "", &request("s"), &mia(), minute(3)).await;
    assert!(matches!(own, Err(EngineError::SameProfile { .. })));
}

async fn said(engine: &Engine, who: ProfileId) -> Vec<String> {
    let timeline = engine.timeline(who, None, 10, &[EntryKind::Note]).await.unwrap().entries;
    timeline.into_iter().map(|entry| entry.summary).filter(|text| !text.is_empty()).collect()
}

#[tokio::test]
async fn a_note_keeps_every_step_and_shows_the_last() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    let id = engine.add_note(a, "One\ntwo", request("n"), &mia(), minute(3)).await.unwrap();
    let change = |wish: NoteWish, at: i64| {
        let engine = &engine;
        async move { engine.change_note(a, id, &wish, &Source::agent("jon"), minute(at)).await }
    };
    let edited = change(NoteWish::Write("Three".into(), Some(1)), 4).await.unwrap();
    assert_eq!((edited.text.as_str(), edited.version), ("Three", 2));
    assert_eq!((edited.made.by, edited.edited.unwrap().by), (mia(), Source::agent("jon")));
    assert_eq!(said(&engine, a).await, ["Three"]);
    let late = change(NoteWish::Write("Four".into(), Some(1)), 5).await;
    assert!(matches!(late, Err(EngineError::Changed { version }) if version == "2"));
    assert!(change(NoteWish::Pin, 5).await.unwrap().pinned.is_some());
    change(NoteWish::Remove, 6).await.unwrap();
    assert_eq!(said(&engine, a).await, [""; 0]);
    assert!(engine.pinned_notes(a).await.unwrap().is_empty());
    assert!(engine.notes(a, None, 10).await.unwrap().notes.is_empty());
    change(NoteWish::Restore, 7).await.unwrap();
    assert_eq!(engine.pinned_notes(a).await.unwrap()[0].text, "Three");
    assert!(change(NoteWish::Unpin, 7).await.unwrap().pinned.is_none());
    assert_eq!(engine.note_steps(a, id).await.unwrap().len(), 4);
    assert_eq!(engine.view(a, minute(9)).await.unwrap().fields.len(), 2, "a pinned note is no property");
    let foreign = engine.change_note(b, id, &NoteWish::Remove, &mia(), minute(8)).await;
    assert!(matches!(foreign, Err(EngineError::NotFound { .. })));
}

async fn made(engine: &Engine, name: &str) -> AccountId {
    let patch = AccountPatch { name: Some(name.into()), properties: Default::default() };
    engine.create_account(&request(name), &patch, &mia(), minute(1)).await.unwrap().id
}

#[tokio::test]
async fn an_account_is_made_changed_and_found_by_hand() {
    let engine = engine();
    let acme = made(&engine, "Acme Tents").await;
    made(&engine, "Tentatively").await;
    made(&engine, "Boots").await;
    let patch =
        AccountPatch { name: None, properties: [("domain".to_owned(), Some(text("acme.example")))].into() };
    let edited = engine.edit_account(acme, &patch, Some(1), &mia(), minute(2)).await.unwrap();
    assert_eq!(edited.by_hand().collect::<Vec<_>>(), ["domain", "name"]);
    assert_eq!(
        serde_json::to_value(&edited).unwrap()["properties"].to_string(),
        r#"{"domain":"acme.example"}"#
    );
    let late = engine.edit_account(acme, &patch, Some(1), &mia(), minute(2)).await;
    assert!(matches!(late, Err(EngineError::Changed { .. })));
    let found = |text: &'static str, most: usize| {
        let engine = &engine;
        async move {
            let (found, next) = engine.find_accounts(text, None, 10, most).await.unwrap();
            (
                found.into_iter().map(|account| account.name).collect::<std::collections::BTreeSet<_>>(),
                next.is_some(),
            )
        }
    };
    assert_eq!(found("tent", 100).await, (["Acme Tents".to_owned(), "Tentatively".to_owned()].into(), false));
    assert_eq!(found("acme tents", 100).await.0.len(), 1);
    assert_eq!(found("acme.ex", 100).await.0.len(), 1);
    assert!(found("tent", 1).await.1, "it says that it has not looked at all of them");
}

#[tokio::test]
async fn a_link_to_an_account_is_recorded_and_undone_exactly() {
    let engine = engine();
    let (a, _) = two(&engine).await;
    let acme = made(&engine, "Acme").await;
    let accounts = || async { engine.view(a, minute(9)).await.unwrap().accounts.len() };
    let linked = engine.link_account(a, acme, &mia(), minute(3)).await.unwrap();
    assert_eq!(accounts().await, 1);
    let again = engine.link_account(a, acme, &mia(), minute(3)).await;
    assert!(matches!(again, Err(EngineError::Invalid { .. })));
    let unlinked = engine.unlink_account(a, acme, &mia(), minute(4)).await.unwrap();
    assert_eq!(accounts().await, 0);
    assert!(engine.store().account_members(acme, None, 10).await.unwrap().is_empty());
    engine.undo_account_link(a, unlinked, &mia(), minute(5)).await.unwrap();
    assert_eq!(accounts().await, 1);
    engine.undo_account_link(a, linked, &mia(), minute(6)).await.unwrap();
    assert_eq!(accounts().await, 0);
    let nothing = EntryId::from_bytes([1; 10]);
    assert!(engine.undo_account_link(a, nothing, &mia(), minute(6)).await.is_err());
    let told = engine.timeline(a, None, 10, &[]).await.unwrap().entries;
    assert_eq!(told.iter().filter(|entry| entry.summary == "Acme").count(), 4);
}

#[tokio::test]
async fn a_note_of_an_account_is_changed_like_any_other() {
    let engine = engine();
    let acme = made(&engine, "Acme").await;
    let note = engine.add_account_note(acme, "Pays late", &request("n1"), &mia(), minute(2)).await.unwrap();
    let again = engine.add_account_note(acme, "Pays late", &request("n1"), &mia(), minute(3)).await.unwrap();
    assert_eq!(note, again);
    engine.add_account_note(acme, "Moved", &request("n2"), &mia(), minute(4)).await.unwrap();
    let wish = |wish: NoteWish| {
        let engine = &engine;
        async move { engine.change_account_note(acme, note.id, &wish, &mia(), minute(5)).await.unwrap() }
    };
    assert!(wish(NoteWish::Pin).await.pinned.is_some());
    assert_eq!(wish(NoteWish::Write("Pays".into(), Some(1))).await.version, 2);
    let listed = engine.account_notes(acme, None, 1).await.unwrap();
    assert_eq!((listed.notes[0].text.as_str(), listed.next.is_some()), ("Moved", true));
    let rest = engine.account_notes(acme, listed.next.as_deref(), 9).await.unwrap();
    assert_eq!((rest.notes.len(), rest.notes[0].text.as_str(), rest.next), (1, "Pays", None));
    wish(NoteWish::Remove).await;
    assert_eq!(engine.account_notes(acme, None, 9).await.unwrap().notes.len(), 1);
    let other = made(&engine, "Other").await;
    assert!(engine.account_note(other, note.id).await.is_err());
}

#[tokio::test]
async fn pinned_notes_of_an_account_are_found_among_many() {
    let engine = engine();
    let patch = AccountPatch { name: Some("Acme".into()), ..AccountPatch::default() };
    let account = engine.create_account(&request("acme"), &patch, &mia(), minute(1)).await.unwrap().id;
    let mut first = None;
    for number in 0..60 {
        let text = format!("note {number}");
        let at = minute(2 + number);
        let note = engine.add_account_note(account, &text, &request(&text), &mia(), at).await.unwrap();
        first.get_or_insert(note.id);
    }
    let first = first.unwrap();
    let pinned = async || -> Vec<String> {
        let notes = engine.pinned_account_notes(account).await.unwrap();
        notes.into_iter().map(|note| note.text).collect()
    };
    let wish = async |wish: NoteWish| {
        engine.change_account_note(account, first, &wish, &mia(), minute(90)).await.unwrap();
    };
    assert_eq!(pinned().await, [""; 0]);
    wish(NoteWish::Pin).await;
    wish(NoteWish::Pin).await;
    assert_eq!(pinned().await, ["note 0"]);
    wish(NoteWish::Remove).await;
    assert_eq!(pinned().await, [""; 0]);
    wish(NoteWish::Restore).await;
    assert_eq!(pinned().await, ["note 0"]);
    wish(NoteWish::Unpin).await;
    assert_eq!(pinned().await, [""; 0]);
}

#[tokio::test]
async fn a_customer_about_whom_nobody_may_be_asked_stays_so_through_a_merge_and_back() {
    let engine = engine();
    let (a, b) = two(&engine).await;
    let may = async |who: ProfileId| engine.may_be_looked_up(who).await.unwrap();
    engine.set_looked_up(a, false, &mia(), minute(3)).await.unwrap();
    engine.set_looked_up(a, false, &mia(), minute(4)).await.unwrap();
    assert_eq!((may(a).await, may(b).await), (false, true));
    let merge = engine.merge(a, b, &mia(), "", minute(5)).await.unwrap();
    assert!(!may(b).await);
    engine.unmerge(merge.id, &mia(), minute(6)).await.unwrap();
    assert_eq!((may(a).await, may(b).await), (false, true));
    engine.set_looked_up(a, true, &mia(), minute(6)).await.unwrap();
    assert!(may(a).await);
    engine.set_looked_up(a, false, &mia(), minute(6)).await.unwrap();
    assert!(!may(a).await, "as often as somebody changes their mind, in one moment too");
}
