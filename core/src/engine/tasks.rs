//! Tasks: making, changing, doing them, and the lists in which they stand.
//!
//! A task is kept under a contact of its profile, so that it goes along when profiles are merged or taken
//! apart. Every list is a range of ids in the order of its due dates: it costs the same however many there are.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Engine, EngineError, MOST_TRIES, kept, until_settled};
use crate::{
    feed::Change,
    model::{
        ContactId, ConversationId, Due, DueWhen, ExternalId, ProfileId, Source, Stamp, Task, TaskId,
        TaskState, Timestamp,
    },
    store::{ChangeSet, DocumentKind, StoreError, Write},
};

/// What a task consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskDraft {
    /// What is to be done, on one line.
    pub title: String,
    /// More about it.
    pub text: String,
    /// By when.
    pub due: Option<Due>,
    /// The login name of whoever is to do it.
    pub assignee: Option<String>,
    /// The conversation it is about.
    pub conversation: Option<ConversationId>,
}

/// What is to become of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskDeed {
    /// It is done.
    Finish,
    /// It is to be done after all; one that was taken away comes back.
    Reopen,
    /// It is taken away.
    Remove,
}

/// A task with whom it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskView {
    /// The task.
    #[serde(flatten)]
    pub task: Task,
    /// The profile it belongs to now.
    pub profile: ProfileId,
    /// What the customer is called.
    pub name: String,
}

/// Which tasks are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskList {
    /// Those that are open, what is due first coming first; of one person, or of everybody.
    Open(Option<String>),
    /// Those that nobody is to do, in the same order.
    Unassigned,
    /// Those that are done, the latest first; of one person, or of everybody.
    Done(Option<String>),
}

/// A part of a list of tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskPage {
    /// The tasks.
    pub tasks: Vec<TaskView>,
    /// Where the list goes on.
    pub next: Option<String>,
}

const KIND: DocumentKind = DocumentKind::Task;
const TITLE_LEN: usize = 200;
const TEXT_LEN: usize = 10_000;
/// How many tasks of one contact are read.
const MOST: usize = 500;

impl Engine {
    /// Makes a task for a customer. The same request again gives the same task.
    pub async fn add_task(
        &self,
        profile: ProfileId,
        draft: TaskDraft,
        request: &ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<TaskView, EngineError> {
        let draft = checked(draft)?;
        until_settled!(self.try_add_task(profile, &draft, request, by, now).await)
    }

    async fn try_add_task(
        &self,
        profile: ProfileId,
        draft: &TaskDraft,
        request: &ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<TaskView, EngineError> {
        let id = self.key().task(request);
        if kept::read::<Task>(self.store(), KIND, &document(id)).await?.is_some() {
            return self.task(id, now).await;
        }
        let profile = self.resolve(profile).await?;
        let mut known = self.know_profiles(&[profile]).await?;
        let contact = match draft.conversation {
            None => known.own_contact(profile, by, now),
            Some(conversation) => self.contact_in(profile, conversation, &known).await?,
        };
        // Whoever erases the contact meanwhile has to see the task.
        known.edit_contact(contact);
        let task = Task {
            id,
            contact,
            conversation: draft.conversation,
            title: draft.title.clone(),
            text: draft.text.clone(),
            due: draft.due.clone(),
            assignee: draft.assignee.clone(),
            state: TaskState::Open,
            made: Stamp::new(by, now),
            version: 1,
        };
        known.tell(told(profile, id));
        let mut set = known.into_change_set(now);
        kept::write(&mut set, KIND, document(id), 0, &task, (Vec::new(), places(&task)))?;
        self.store().commit(set).await?;
        self.task(id, now).await
    }

    /// The contact of a profile that takes part in a conversation.
    async fn contact_in(
        &self,
        profile: ProfileId,
        conversation: ConversationId,
        known: &crate::identity::Known,
    ) -> Result<ContactId, EngineError> {
        let found = self.store().conversations(&[conversation]).await?.pop().flatten();
        let contacts = found.map_or_else(Vec::new, |found| found.contacts);
        let theirs =
            |contact: &&ContactId| known.contact(**contact).is_some_and(|row| row.profile == profile);
        contacts.iter().find(theirs).copied().ok_or_else(|| EngineError::Invalid {
            what: "conversation".into(),
            why: "this customer takes no part in it".into(),
        })
    }

    /// One task, with whom it is for.
    pub async fn task(&self, id: TaskId, now: Timestamp) -> Result<TaskView, EngineError> {
        let (task, _) = self.read_task(id).await?;
        self.task_view(task, now).await?.ok_or_else(|| not_found(id))
    }

    async fn read_task(&self, id: TaskId) -> Result<(Task, u64), EngineError> {
        kept::read(self.store(), KIND, &document(id)).await?.ok_or_else(|| not_found(id))
    }

    async fn task_view(&self, task: Task, now: Timestamp) -> Result<Option<TaskView>, EngineError> {
        let contact = self.store().contacts(&[task.contact]).await?.pop().flatten();
        let Some(contact) = contact else { return Ok(None) };
        let view = self.view(contact.profile, now).await?;
        Ok(Some(TaskView { task, profile: view.id, name: view.name }))
    }

    /// Changes what a task says. With a version, only while that is still what is there.
    pub async fn edit_task(
        &self,
        id: TaskId,
        draft: TaskDraft,
        if_version: Option<u64>,
        now: Timestamp,
    ) -> Result<TaskView, EngineError> {
        let draft = checked(draft)?;
        let change = |task: &mut Task| {
            task.title = draft.title.clone();
            task.text = draft.text.clone();
            task.due = draft.due.clone();
            task.assignee = draft.assignee.clone();
        };
        until_settled!(self.try_change_task(id, if_version, now, &change).await)
    }

    /// Does a task, opens it again, or takes it away. What is so already stays so.
    pub async fn set_task(
        &self,
        id: TaskId,
        deed: TaskDeed,
        by: &Source,
        now: Timestamp,
    ) -> Result<TaskView, EngineError> {
        let stamp = Stamp::new(by, now);
        let change = |task: &mut Task| {
            let wanted = match deed {
                TaskDeed::Finish => TaskState::Done(stamp.clone()),
                TaskDeed::Reopen => TaskState::Open,
                TaskDeed::Remove => TaskState::Removed(stamp.clone()),
            };
            if task.state.word() != wanted.word() {
                task.state = wanted;
            }
        };
        until_settled!(self.try_change_task(id, None, now, &change).await)
    }

    async fn try_change_task(
        &self,
        id: TaskId,
        if_version: Option<u64>,
        now: Timestamp,
        change: &(dyn Fn(&mut Task) + Sync),
    ) -> Result<TaskView, EngineError> {
        let (before, version) = self.read_task(id).await?;
        if if_version.is_some_and(|wanted| wanted != before.version) {
            return Err(EngineError::Changed { version: before.version.to_string() });
        }
        let mut task = before.clone();
        change(&mut task);
        let view = self.task_view(task.clone(), now).await?.ok_or_else(|| not_found(id))?;
        if task == before {
            return Ok(view);
        }
        task.version += 1;
        let mut set = ChangeSet::at(now);
        kept::write(&mut set, KIND, document(id), version, &task, (places(&before), places(&task)))?;
        set.changes.push(told(view.profile, id));
        self.store().commit(set).await?;
        Ok(TaskView { task, ..view })
    }

    /// The tasks of a customer: what is open first, by its due date, then what is done, the latest first.
    pub async fn tasks_of(&self, profile: ProfileId) -> Result<Vec<Task>, EngineError> {
        let profile = self.resolve(profile).await?;
        let row = self.store().profiles(&[profile]).await?.pop().flatten();
        let mut tasks = Vec::new();
        for contact in row.map_or_else(Vec::new, |row| row.contacts) {
            for end in kept::under(self.store(), KIND, &format!("c/{contact}/"), None, MOST).await? {
                let Ok(id) = end.parse::<TaskId>() else { continue };
                let found = kept::read::<Task>(self.store(), KIND, &document(id)).await?;
                tasks.extend(found.map(|(task, _)| task));
            }
        }
        tasks.retain(|task| !matches!(task.state, TaskState::Removed(_)));
        tasks.sort_by_cached_key(queue_key);
        Ok(tasks)
    }

    /// A part of a list of tasks.
    pub async fn tasks(
        &self,
        list: &TaskList,
        after: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Result<TaskPage, EngineError> {
        let prefix = match list {
            TaskList::Open(None) => "o/".to_owned(),
            TaskList::Open(Some(login)) => format!("w/{}/", kept::part(login)),
            TaskList::Unassigned => "w//".to_owned(),
            TaskList::Done(None) => "d/".to_owned(),
            TaskList::Done(Some(login)) => format!("x/{}/", kept::part(login)),
        };
        let mut ends = kept::under(self.store(), KIND, &prefix, after, limit + 1).await?;
        let goes_on = ends.len() > limit;
        ends.truncate(limit);
        let mut page = TaskPage { next: ends.last().filter(|_| goes_on).cloned(), ..TaskPage::default() };
        for end in ends {
            let Some(Ok(id)) = end.rsplit('/').next().map(str::parse::<TaskId>) else { continue };
            let Some((task, _)) = kept::read::<Task>(self.store(), KIND, &document(id)).await? else {
                continue;
            };
            page.tasks.extend(self.task_view(task, now).await?);
        }
        Ok(page)
    }

    /// The open tasks of somebody that are due from `from` to `to`, both included and written as due dates are.
    ///
    /// It reads what lies between the two and nothing else, however many tasks there are.
    pub async fn tasks_due(&self, login: &str, from: &str, to: &str) -> Result<Vec<Task>, EngineError> {
        let prefix = format!("w/{}/", kept::part(login));
        let mut after = from.to_owned();
        let mut tasks = Vec::new();
        loop {
            let ends = kept::under(self.store(), KIND, &prefix, Some(&after), MOST).await?;
            for (due, id) in ends.iter().filter_map(|end| end.split_once('/')) {
                if due > to {
                    return Ok(tasks);
                }
                let Ok(id) = id.parse::<TaskId>() else { continue };
                let found = kept::read::<Task>(self.store(), KIND, &document(id)).await?;
                tasks.extend(found.map(|(task, _)| task));
            }
            let was_last = ends.len() < MOST;
            match ends.into_iter().next_back() {
                Some(last) if !was_last => after = last,
                _ => return Ok(tasks),
            }
        }
    }

    /// How many open tasks of somebody are due today or were before; counting ends at `most`.
    pub async fn count_tasks_due(
        &self,
        login: &str,
        now: Timestamp,
        zone: &TimeZone,
        most: usize,
    ) -> Result<usize, EngineError> {
        let prefix = format!("w/{}/", kept::part(login));
        let ends = kept::under(self.store(), KIND, &prefix, None, most).await?;
        let is_due = |end: &&String| {
            let due = end.split_once('/').and_then(|(due, _)| due.parse::<Due>().ok());
            due.is_some_and(|due| matches!(due.when(now, zone), DueWhen::Overdue | DueWhen::Today))
        };
        Ok(ends.iter().filter(is_due).count())
    }

    /// Takes away what is kept of a contact's tasks; gives how many there were.
    pub(super) async fn erase_tasks(
        &self,
        contact: ContactId,
        set: &mut ChangeSet,
    ) -> Result<u64, EngineError> {
        let mut erased = 0;
        let prefix = format!("c/{contact}/");
        let mut after: Option<String> = None;
        loop {
            let ends = kept::under(self.store(), KIND, &prefix, after.as_deref(), MOST).await?;
            for end in &ends {
                let Ok(id) = end.parse::<TaskId>() else { continue };
                let Some((task, version)) = kept::read::<Task>(self.store(), KIND, &document(id)).await?
                else {
                    continue;
                };
                set.expect(crate::store::Subject::Document(KIND, document(id)), version);
                let gone = places(&task).into_iter().chain([document(id)]);
                set.writes.extend(gone.map(|id| Write::RemoveDocument(KIND, id)));
                erased += 1;
            }
            if ends.len() < MOST {
                return Ok(erased);
            }
            after = ends.into_iter().next_back();
        }
    }
}

fn not_found(id: TaskId) -> EngineError {
    EngineError::NotFound { what: format!("task `{id}`") }
}

fn told(profile: ProfileId, id: TaskId) -> Change {
    Change::RecordChanged { profile, kind: "task".into(), id: id.to_string() }
}

fn document(id: TaskId) -> String {
    format!("t/{id}")
}

/// Where an open task stands in a queue: by its due date, those without at the end.
fn due_key(task: &Task) -> String {
    task.due.as_ref().map_or_else(|| "~".to_owned(), ToString::to_string)
}

fn queue_key(task: &Task) -> (u8, String, TaskId) {
    match &task.state {
        TaskState::Open => (0, due_key(task), task.id),
        TaskState::Done(stamp) | TaskState::Removed(stamp) => {
            (1, kept::falling(stamp.at.as_millis()), task.id)
        }
    }
}

/// The lists in which a task stands.
fn places(task: &Task) -> Vec<String> {
    let id = task.id;
    let who = task.assignee.as_deref().map(kept::part).unwrap_or_default();
    let mut places = vec![format!("c/{}/{id}", task.contact)];
    match &task.state {
        TaskState::Open => {
            let due = due_key(task);
            places.push(format!("o/{due}/{id}"));
            places.push(format!("w/{who}/{due}/{id}"));
        }
        TaskState::Done(stamp) => {
            let done = kept::falling(stamp.at.as_millis());
            places.push(format!("d/{done}/{id}"));
            places.push(format!("x/{who}/{done}/{id}"));
        }
        TaskState::Removed(_) => {}
    }
    places
}

fn checked(draft: TaskDraft) -> Result<TaskDraft, EngineError> {
    let invalid = |what: &str, why: String| EngineError::Invalid { what: what.into(), why };
    let title = draft.title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Err(invalid("title", "say what is to be done".into()));
    }
    if title.chars().count() > TITLE_LEN {
        return Err(invalid(
            "title",
            format!("it is longer than {TITLE_LEN} characters: the text takes more"),
        ));
    }
    let text = draft.text.trim().to_owned();
    if text.chars().count() > TEXT_LEN {
        return Err(invalid("text", format!("it is longer than {TEXT_LEN} characters")));
    }
    let assignee = draft.assignee.map(|login| login.trim().to_lowercase()).filter(|login| !login.is_empty());
    Ok(TaskDraft { title, text, assignee, ..draft })
}
