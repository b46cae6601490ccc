//! The inbox, drawn: views beside it, what can be done with several, the conversations.

use maud::{Markup, html};
use whom_core::{
    engine::InboxCounts,
    model::{Direction, InboxCursor, Priority},
};

use super::{handlers::InboxQuery, rows::Row, views::View};
use crate::pages::{
    components::{Size, Tone, avatar, badge, channel_icon, empty, initials, tag, toast},
    conversation, encoded,
    frame::{Frame, Part},
    icons::Icon,
    words::{self, inbox as said},
};

/// All that a page of the inbox shows.
pub(super) struct Inbox {
    /// The view.
    pub(super) view: View,
    /// Its conversations.
    pub(super) rows: Vec<Row>,
    /// Where the next page begins.
    pub(super) next: Option<InboxCursor>,
    /// How much stands in all views.
    pub(super) counts: InboxCounts,
    /// Who may look after a conversation: login name and name.
    pub(super) people: Vec<(String, String)>,
    /// How much whoever looks is writing and has not sent.
    pub(super) drafts: usize,
    /// Whether a filter is in force.
    pub(super) is_filtered: bool,
    /// What was asked.
    pub(super) query: InboxQuery,
}

impl Inbox {
    /// The address of this view with its filter, and more of a query behind it.
    fn address(&self, more: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        let given = [("q", &self.query.q), ("tag", &self.query.tag), ("priority", &self.query.priority)];
        for (name, value) in given {
            if let Some(value) = value.as_deref().filter(|value| !value.trim().is_empty()) {
                parts.push(format!("{name}={}", encoded(value)));
            }
        }
        if !more.is_empty() {
            parts.push(more.to_owned());
        }
        let joint = if parts.is_empty() { "" } else { "?" };
        format!("{}{joint}{}", self.view.address(), parts.join("&"))
    }

    /// The path that takes back what was just done.
    fn undo(&self) -> Option<String> {
        let undo = self.query.undo.as_deref().filter(|undo| !undo.is_empty())?;
        conversation::undo_path(undo, 0, &self.view.address(), Some(self.view.as_str()))
    }

    fn name_of<'a>(&'a self, login: &'a str) -> &'a str {
        self.people.iter().find(|(known, _)| known == login).map_or(login, |(_, name)| name)
    }
}

/// The page.
pub(super) fn page(frame: &Frame, inbox: &Inbox) -> Markup {
    frame.page(Part::Inbox, inbox.view.words(), &["more.js", "inbox.js", "sent.js"], html! {
        @if let Some(done) = &inbox.query.done {
            (toast(html! {
                (said::done(done, inbox.query.n.unwrap_or(1)))
                @if let Some(of) = inbox.query.of { " " a href=(format!("/conversations/{of}")) { "#" (of) } }
            }, inbox.undo().as_deref()))
        }
        div.inbox data-sent[inbox.query.done.as_deref() == Some("sent-closed")] {
            (views(Some(inbox.view), &inbox.counts, inbox.drafts))
            section.inbox-main aria-labelledby="inbox-title" {
                div.page-head {
                    h1 #inbox-title { (inbox.view.words()) }
                    @if frame.may_write {
                        div.buttons { a.button.primary href="/conversations/new" data-key="c" data-key-says=(said::NEW) { (Icon::Pencil.svg()) (said::NEW) } }
                    }
                }
                (filters(inbox))
                (several(frame, inbox))
            }
        }
    })
}

/// The views beside a list, and what was begun and not sent.
pub(super) fn views(current: Option<View>, counts: &InboxCounts, drafts: usize) -> Markup {
    html! {
        nav.inbox-views #inbox-views data-live="inbox" aria-label=(said::VIEWS) {
            ul {
                @for view in View::ALL {
                    @let count = view.count(counts);
                    li {
                        a href=(view.address()) aria-current=[(Some(view) == current).then_some("page")] {
                            span { (view.words()) }
                            @if count.count > 0 { span.count { (count) } }
                        }
                    }
                }
                @if drafts > 0 || current.is_none() {
                    li {
                        a href="/inbox/drafts" aria-current=[current.is_none().then_some("page")] {
                            span { (said::DRAFTS) }
                            @if drafts > 0 { span.count { (drafts) } }
                        }
                    }
                }
            }
        }
    }
}

fn filters(inbox: &Inbox) -> Markup {
    let priority = inbox.query.priority.as_deref().unwrap_or_default();
    html! {
        form.inbox-filter action=(inbox.view.address()) role="search" {
            div.search {
                label.unseen for="inbox-q" { (said::FILTER) }
                (Icon::Search.svg())
                input #inbox-q type="search" name="q" value=(inbox.query.q.as_deref().unwrap_or_default()) placeholder=(said::FILTER_HINT) autocomplete="off";
            }
            label.unseen for="inbox-priority" { (said::ANY_PRIORITY) }
            select #inbox-priority name="priority" {
                option value="" { (said::ANY_PRIORITY) }
                @for one in Priority::ALL.into_iter().rev() { option value=(one.as_str()) selected[one.as_str() == priority] { (words::capital(one.as_str())) } }
            }
            @if let Some(tag) = inbox.query.tag.as_deref().filter(|tag| !tag.is_empty()) {
                input type="hidden" name="tag" value=(tag);
                span.chip { (Icon::Tag.svg()) (tag) }
            }
            button { (Icon::Filter.svg()) (said::FILTER) }
            @if inbox.is_filtered { a href=(inbox.view.address()) { (said::CLEAR_FILTER) } }
        }
    }
}

/// The list with what can be done to those that are ticked.
fn several(frame: &Frame, inbox: &Inbox) -> Markup {
    html! {
        form.inbox-form method="post" action="/inbox/do" data-quick="stay" data-bulk data-none=(said::NOT_DONE) {
            input type="hidden" name="back" value=(inbox.address(""));
            @if frame.may_write && !inbox.rows.is_empty() { (deeds(frame, inbox)) }
            div.card #inbox-list data-live="inbox" data-live-rows {
                @if inbox.rows.is_empty() { (nothing(inbox)) }
                @else { ol.inbox-rows { (items(frame, inbox)) } }
            }
        }
    }
}

fn nothing(inbox: &Inbox) -> Markup {
    if inbox.is_filtered {
        let deed = html! { a.button href=(inbox.view.address()) { (said::CLEAR_FILTER) } };
        return empty(said::EMPTY_FILTER, said::EMPTY_FILTER_NEXT, deed);
    }
    let (title, next) = inbox.view.empty();
    let deed = match inbox.view {
        View::Mine => html! { a.button href=(View::Unassigned.address()) { (said::SHOW_UNASSIGNED) } },
        View::Open => html! { pre { code { (words::BEGIN_MAIL_EXAMPLE) } } },
        _ => html! { a.button href=(View::Open.address()) { (said::SHOW_OPEN) } },
    };
    empty(title, next, deed)
}

fn deeds(frame: &Frame, inbox: &Inbox) -> Markup {
    html! {
        fieldset.inbox-deeds {
            legend.unseen { (said::WITH_SELECTED) }
            @if matches!(inbox.view, View::Closed | View::Spam) {
                button.small name="what" value="open" data-key="u" data-key-says=(said::REOPEN) { (Icon::Undo.svg()) (if inbox.view == View::Spam { said::NOT_SPAM } else { said::REOPEN }) }
            } @else {
                button.small name="what" value="close" data-key="e" data-key-says=(said::CLOSE_IT) { (Icon::Check.svg()) (said::CLOSE_IT) }
            }
            span.inbox-pick {
                label.unseen for="inbox-assign" { (said::ASSIGN) }
                select #inbox-assign name="assignee" {
                    option value="me" { (said::TO_ME) }
                    option value="" { (said::TO_NOBODY) }
                    @for (login, name) in &inbox.people { option value=(login) { (name) } }
                }
                button.small name="what" value="assign" { (said::ASSIGN) }
            }
            span.inbox-pick {
                label.unseen for="inbox-snooze" { (said::SNOOZE) }
                select #inbox-snooze name="until" {
                    option value="tomorrow" { (said::TOMORROW) }
                    option value="hours" { (said::LATER_TODAY) }
                    option value="week" { (said::next_week(&frame.moments.next_week_begins())) }
                }
                button.small name="what" value="snooze" { (Icon::Clock.svg()) (said::SNOOZE) }
            }
            span.inbox-pick {
                label.unseen for="inbox-tag" { (said::ADD_TAG) }
                input #inbox-tag name="tag" placeholder=(said::TAG_HINT) maxlength="60" autocomplete="off";
                button.small name="what" value="tag" { (Icon::Tag.svg()) (said::ADD_TAG) }
            }
            @if inbox.view != View::Spam {
                button.small.quiet name="what" value="spam" data-key="!" data-key-says=(said::IS_SPAM) { (said::IS_SPAM) }
            }
        }
    }
}

/// The rows, with the link to the next ones.
pub(super) fn items(frame: &Frame, inbox: &Inbox) -> Markup {
    html! {
        @for row in &inbox.rows { (item(frame, inbox, row)) }
        @if let Some(next) = inbox.next {
            li.more data-more-place {
                a.button data-more="by-itself" rel="next" href=(inbox.address(&format!("after={next}"))) { (words::LOAD_MORE) }
            }
        }
    }
}

fn item(frame: &Frame, inbox: &Inbox, row: &Row) -> Markup {
    let conversation = &row.conversation;
    let waits = conversation.last_direction == Direction::Inbound && View::of(conversation) == View::Open;
    let subject = if conversation.subject.is_empty() { words::NO_SUBJECT } else { &conversation.subject };
    let name = row.who.as_ref().map_or(said::SOMEBODY, |face| &face.name);
    html! {
        li.inbox-row.waits[waits] data-row data-id=(conversation.id) {
            @if frame.may_write {
                label.tick {
                    input type="checkbox" name="id" value=(conversation.id) aria-label=(format!("{} #{}", said::SELECT, conversation.number));
                }
            }
            @if let Some(face) = &row.who { (avatar(face, Size::Medium)) } @else { span.avatar.visitor {} }
            div.inbox-text {
                p.first {
                    span.name { (name) }
                    span.faint { "#" (conversation.number) }
                    @if conversation.messages > 1 { span.faint title=(words::count(conversation.messages, "message", "messages")) { (conversation.messages) } }
                    (priority(conversation.priority))
                    @for one in conversation.tags.iter().take(3) { (tag(one, Some(&format!("{}?tag={}", inbox.view.address(), encoded(one))), None)) }
                    @if conversation.tags.len() > 3 { span.faint { "+" (conversation.tags.len() - 3) } }
                }
                a.subject data-opens dir="auto" href=(format!("/conversations/{}?view={}", conversation.number, inbox.view.as_str())) { (subject) }
                p.excerpt dir="auto" { (row.excerpt) }
            }
            div.inbox-end {
                span.age {
                    @if waits { span.waiting title=(said::WAITS) {} span.unseen { (said::WAITS) } }
                    (channel_icon(conversation.channel.as_str()).svg())
                    (frame.moments.ago(conversation.last_message))
                }
                @match &conversation.assignee {
                    Some(login) => span.avatar.tiny title=(inbox.name_of(login)) { (initials(inbox.name_of(login))) },
                    None => span.faint { (said::NOBODY) },
                }
            }
        }
    }
}

/// How urgent it is, where that is not as usual.
pub(crate) fn priority(priority: Priority) -> Markup {
    html! {
        @match priority {
            Priority::Urgent => (badge(Tone::Bad, &words::capital(priority.as_str()))),
            Priority::High => (badge(Tone::Warn, &words::capital(priority.as_str()))),
            Priority::Low => (badge(Tone::Plain, &words::capital(priority.as_str()))),
            Priority::Normal => {},
        }
    }
}
