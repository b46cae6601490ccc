//! What is done in a conversation: each a form, answered by the page it was sent from.

use axum::{
    Form,
    extract::{Multipart, State},
    response::{IntoResponse, Redirect, Response},
};
use whom_core::{
    engine::ConversationEdit,
    model::{Conversation, ConversationStatus, ExternalId, LinkedIssue, Number, TOPIC, Value},
};

use super::{
    ahead,
    drafts::{self, Draft, For},
    handlers::not_sent,
    keeping,
    place::{beside, by_number},
    sending,
};
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiPath,
    pages::{
        components::{AskedBy, Stands},
        encoded,
        frame::Frame,
        inbox::{Undo, View, snooze_until},
    },
    problem::Problem,
};

type Pairs = Vec<(String, String)>;

/// What stands before the name of a property in the name of its field.
pub(super) const PROPERTY: &str = "property:";

fn field<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// `POST /conversations/{number}/edit`: one field, or a button that sets one.
pub(crate) async fn edit(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    asked_by: AskedBy,
    ApiPath(number): ApiPath<u64>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Problem> {
    let before = by_number(&state, number).await?;
    let (edit, name, done) = edit_of(&pairs, &frame, &before)?;
    // A field was read with a version; a button means what it says whatever came between.
    let version = field(&pairs, "version").and_then(|version| version.parse().ok());
    let changed =
        state.engine().edit_conversation(before.id, &edit, &principal.source(), version, state.now()).await;
    let after = match changed {
        Ok(after) => after,
        Err(whom_core::engine::EngineError::Faster { .. }) if asked_by == AskedBy::Script => {
            let now = by_number(&state, number).await?;
            return Ok(stands(&now, &name).conflict());
        }
        Err(error) => return Err(error.into()),
    };
    if asked_by == AskedBy::Script {
        return Ok(stands(&after, &name).saved(asked_by, ""));
    }
    let mut undo = Undo::default();
    undo.remember(&before, &after);
    let view = field(&pairs, "view").and_then(View::from_word);
    // Whoever is done with one goes on with the next of the view they came from.
    let leaves = matches!(done, "closed" | "spam" | "snoozed");
    let next = match view.filter(|_| leaves) {
        Some(view) => beside(&state, &principal, view, &before).await?.next.map(|next| (next, view)),
        None => None,
    };
    let undo = encoded(undo.as_str());
    let address = match next {
        Some((next, view)) => format!("/conversations/{next}?view={}&done={done}&undo={undo}", view.as_str()),
        None => match view.filter(|_| leaves) {
            Some(view) => format!("{}?done={done}&n=1&undo={undo}", view.address()),
            None => format!("/conversations/{}?done={done}&undo={undo}", before.number),
        },
    };
    Ok(Redirect::to(&address).into_response())
}

/// What a form asks for, which field that is, and the word for what was done.
fn edit_of(
    pairs: &Pairs,
    frame: &Frame,
    before: &Conversation,
) -> Result<(ConversationEdit, String, &'static str), Problem> {
    let (edit, name, done) = match property_of(pairs, before) {
        Some((name, value)) => {
            let properties = [(name.clone(), value)].into();
            (ConversationEdit { properties, ..ConversationEdit::default() }, name, "saved")
        }
        None => {
            let (edit, name, done) = field_of(pairs, frame)?;
            (edit, name.to_owned(), done)
        }
    };
    Ok((edit, name, done))
}

/// The property that a form sets, or takes away with nothing; what was a number stays one.
fn property_of(pairs: &Pairs, before: &Conversation) -> Option<(String, Option<Value>)> {
    let (name, text) = match field(pairs, "property") {
        Some(name) => (name, field(pairs, "value").unwrap_or_default()),
        None => pairs.iter().find_map(|(name, text)| Some((name.strip_prefix(PROPERTY)?, text.as_str())))?,
    };
    let text = text.trim();
    let number = || text.parse::<f64>().ok().and_then(Number::new).map(Value::Number);
    let value = match before.properties.get(name.trim()) {
        _ if text.is_empty() => None,
        Some(Value::Number(_)) => number().or_else(|| Value::text(text)),
        Some(Value::YesNo(_)) if text == "yes" || text == "no" => Some(Value::YesNo(text == "yes")),
        _ => Value::text(text),
    };
    Some((name.trim().to_owned(), value))
}

fn field_of(pairs: &Pairs, frame: &Frame) -> Result<(ConversationEdit, &'static str, &'static str), Problem> {
    let mut edit = ConversationEdit::default();
    let wrong = |name: &str, why: String| Problem::invalid("this cannot be set").at(format!("/{name}"), why);
    if let Some(word) = field(pairs, "status") {
        let status: ConversationStatus = word.parse().map_err(|why| wrong("status", why))?;
        edit.status = Some(status);
        let done = match status {
            ConversationStatus::Open => "open",
            ConversationStatus::Closed => "closed",
            ConversationStatus::Spam => "spam",
            ConversationStatus::Pending => "saved",
        };
        return Ok((edit, "status", done));
    }
    if let Some(word) = field(pairs, "priority") {
        edit.priority = Some(word.parse().map_err(|why| wrong("priority", why))?);
        return Ok((edit, "priority", "saved"));
    }
    if let Some(login) = field(pairs, "assignee") {
        edit.assignee = Some(Some(login.to_owned()).filter(|login| !login.is_empty()));
        return Ok((edit, "assignee", "assigned"));
    }
    if let Some(subject) = field(pairs, "subject") {
        edit.subject = Some(subject.to_owned());
        return Ok((edit, "subject", "saved"));
    }
    if let Some(tag) = field(pairs, "add_tag") {
        edit.add_tags = vec![tag.to_owned()];
        return Ok((edit, "tags", "saved"));
    }
    if let Some(tag) = field(pairs, "tag") {
        edit.remove_tags = vec![tag.to_owned()];
        return Ok((edit, "tags", "saved"));
    }
    if let Some(word) = field(pairs, "snooze") {
        edit.snooze_until = Some(snooze_until(word, &frame.moments));
        return Ok((edit, "snooze", if word == "wake" { "woken" } else { "snoozed" }));
    }
    Err(Problem::bad_request("say what is to be changed"))
}

/// What stands in a field now.
fn stands(conversation: &Conversation, name: &str) -> Stands {
    let value = match name {
        "status" => conversation.status.as_str().to_owned(),
        "priority" => conversation.priority.as_str().to_owned(),
        "assignee" => conversation.assignee.clone().unwrap_or_default(),
        "subject" => conversation.subject.clone(),
        "tags" => conversation.tags.join(", "),
        // Without a word of theirs it follows from the subject.
        TOPIC => conversation.topic.clone(),
        name => conversation.properties.get(name).map(ToString::to_string).unwrap_or_default(),
    };
    Stands { version: conversation.version.to_string(), value, by: None }
}

/// `POST /conversations/{number}/issues`: links an issue of another system, or takes the link away.
pub(crate) async fn issues(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Problem> {
    let conversation = by_number(&state, number).await?;
    let text = |name| field(&pairs, name).unwrap_or_default().trim().to_owned();
    let mut edit = ConversationEdit::default();
    match field(&pairs, "unlink") {
        Some(key) => edit.unlink = vec![(text("system"), key.to_owned())],
        None => {
            edit.link = vec![LinkedIssue {
                system: text("system").to_lowercase(),
                key: text("key"),
                url: Some(text("url")).filter(|url| !url.is_empty()),
                title: text("title"),
                state: String::new(),
            }];
        }
    }
    state.engine().edit_conversation(conversation.id, &edit, &principal.source(), None, state.now()).await?;
    Ok(Redirect::to(&format!("/conversations/{}?done=saved", conversation.number)).into_response())
}

/// What somebody wrote, as the form sends it.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) draft: Draft,
    /// The name of the draft, of a new message.
    pub(super) name: String,
    /// The time of the latest message that whoever writes has seen.
    pub(super) seen: Option<i64>,
    pub(super) then: String,
    pub(super) request: String,
    pub(super) view: Option<View>,
    pub(super) quote: bool,
    /// Names, kinds and bytes of files that came with the form.
    pub(super) files: Vec<(String, String, Vec<u8>)>,
    /// Those that were kept with the draft before, by the words it names them by.
    pub(super) kept: Vec<String>,
}

impl Given {
    /// Reads the form; what stands in it is bounded by the route and by the number of its parts.
    pub(super) async fn read(mut form: Multipart) -> Result<Self, Problem> {
        let mut given = Self::default();
        let broken = |_| Problem::bad_request("the form cannot be read: it may be too long");
        let mut parts = 0;
        while let Some(part) = form.next_field().await.map_err(broken)? {
            parts += 1;
            if parts > 60 {
                return Err(Problem::bad_request("the form has too many parts"));
            }
            let name = part.name().unwrap_or_default().to_owned();
            if name == "files" {
                let file = part.file_name().unwrap_or_default().to_owned();
                let kind = part.content_type().unwrap_or("application/octet-stream").to_owned();
                let bytes = part.bytes().await.map_err(broken)?;
                // A field without a file sends one without a name.
                if !file.is_empty() || !bytes.is_empty() {
                    given.files.push((file, kind, bytes.to_vec()));
                }
                continue;
            }
            let value = part.text().await.map_err(broken)?;
            match name.as_str() {
                "text" => given.draft.text = value.replace("\r\n", "\n"),
                "kind" => given.draft.kind = value,
                "to" => given.draft.to = value,
                "cc" => given.draft.cc = value,
                "then" => given.then = value,
                "request" => given.request = value,
                "view" => given.view = View::from_word(&value),
                "quote" => given.quote = true,
                "subject" => given.draft.subject = value,
                "draft" => given.name = value,
                "kept" => given.kept.push(value),
                "seen" => given.seen = value.parse().ok(),
                _ => {}
            }
        }
        Ok(given)
    }
}

/// What is wrong, in a sentence.
pub(super) fn wrong_words(problem: &Problem) -> String {
    let details = problem.errors.iter().map(|error| error.detail.as_str());
    crate::pages::words::sentence(&details.fold(problem.detail.clone(), |all, one| format!("{all}: {one}")))
}

/// `POST /conversations/{number}/write`: an answer or a note.
pub(crate) async fn write(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
    form: Multipart,
) -> Result<Response, Problem> {
    let mut given = Given::read(form).await?;
    given.draft.subject.clear();
    let conversation = by_number(&state, number).await?;
    let draft = For::Conversation(conversation.id);
    let request = ExternalId::new(format!("page:{}", principal.scope()), given.request.clone());
    let is_note = given.draft.kind == "note" || given.then == "note";
    let view = given.view.map(|view| format!("&view={}", view.as_str())).unwrap_or_default();
    let done = if is_note {
        let by = principal.source();
        let noted = state
            .engine()
            .add_conversation_note(conversation.id, &given.draft.text, &request, &by, state.now())
            .await;
        let address = format!("/conversations/{}?done=noted{view}", conversation.number);
        noted.map(|_| address).map_err(Problem::from)
    } else {
        if let Some(news) = ahead::since(&state, &principal, &conversation, given.seen).await? {
            let draft = keep_given(&state, &principal, &draft, given).await?;
            return not_sent(&state, &frame, &principal, conversation, draft, &news).await;
        }
        // Looked for before it is sent, which moves it to the head of the list.
        let next = match given.view.filter(|_| given.then == "closed") {
            Some(view) => beside(&state, &principal, view, &conversation).await?.next,
            None => None,
        };
        let files = keeping::read(&state, &principal, &draft, &given.kept).await?;
        let sent = sending::reply(&state, &conversation, &given, files, &request, &principal).await;
        sent.map(|(entry, repeated)| {
            // Sent a second time it stands as the first time left it, which is not how it stood before.
            let was = if repeated { ConversationStatus::Open } else { conversation.status };
            went_on(&conversation, was, &given, next, &entry)
        })
    };
    match done {
        Ok(address) => {
            drafts::clear(&state, &principal, &draft).await?;
            Ok(Redirect::to(&address).into_response())
        }
        Err(problem) if problem.status.is_server_error() && problem.status != 503 => Err(problem),
        Err(problem) => {
            let why = wrong_words(&problem);
            let draft = keep_given(&state, &principal, &draft, given).await?;
            not_sent(&state, &frame, &principal, conversation, draft, &why).await
        }
    }
}

/// Nothing that was given is lost where it could not be sent: it stands in the page, and as a draft with its files.
pub(super) async fn keep_given(
    state: &AppState,
    by: &Principal,
    what: &For,
    given: Given,
) -> Result<Draft, Problem> {
    let mut draft = drafts::put(state, by, what, given.draft).await?;
    if !given.files.is_empty() {
        // Files that are too many or too large were perhaps what was wrong: they are chosen anew.
        if let Ok(files) = keeping::keep(state, by, what, given.files).await {
            draft.files = files;
        }
    }
    Ok(draft)
}

/// Where one goes after an answer: whoever closes goes on with the next of their view.
fn went_on(
    conversation: &Conversation,
    was: ConversationStatus,
    given: &Given,
    next: Option<u64>,
    entry: &str,
) -> String {
    let number = conversation.number;
    let undo = format!("message:{entry}:{number}:{}", was.as_str());
    let view = given.view.map(|view| format!("&view={}", view.as_str())).unwrap_or_default();
    if given.then != "closed" {
        return format!("/conversations/{number}?done=sent&undo={undo}{view}");
    }
    let news = format!("done=sent-closed&of={number}&undo={undo}");
    match (next, given.view) {
        (Some(next), _) => format!("/conversations/{next}?{news}{view}"),
        (None, Some(view)) => format!("{}?{news}", view.address()),
        (None, None) => format!("/conversations/{number}?{news}"),
    }
}
