//! The page of one account.

use maud::{Markup, html};
use whom_core::{
    engine::NoteView,
    model::{Account, Conversation},
};

use super::notes;
use crate::{
    face::Face,
    pages::{
        components::{Control, InlineEdit, Notice, Size, avatar, channel_icon, notice},
        encoded,
        frame::{Frame, Part},
        icons::Icon,
        profile::info_pane::{ACCOUNT_FIELDS, Layout, account_field},
        words::{self as all_words, kept as words, profile as say},
    },
};

/// Somebody who belongs to the account.
pub(crate) struct Member {
    pub(crate) face: Face,
    pub(crate) line: String,
}

/// All that the page shows.
pub(crate) struct Shown {
    pub(crate) account: Account,
    pub(crate) members: Vec<Member>,
    pub(crate) more_members: Option<String>,
    pub(crate) notes: Vec<NoteView>,
    pub(crate) more_notes: Option<String>,
    pub(crate) conversations: Vec<(Conversation, Member)>,
    pub(crate) layout: Layout,
    pub(crate) news: Option<Markup>,
    pub(crate) wrong: Option<String>,
}

/// The page.
pub(crate) fn page(frame: &Frame, shown: &Shown) -> Markup {
    let account = &shown.account;
    frame.page(
        Part::Accounts,
        &account.name,
        &["edit.js", "note.js", "suggest.js"],
        html! {
            div.column.wide.kept {
                @if let Some(news) = &shown.news { (news) }
                @if let Some(wrong) = &shown.wrong { (notice(Notice::Failed, html! { (wrong) })) }
                (head(frame, shown))
                (cards(frame, shown))
            }
        },
    )
}

fn head(frame: &Frame, shown: &Shown) -> Markup {
    let account = &shown.account;
    let domain = account.properties.get("domain").map(ToString::to_string);
    html! {
        header.page-head #account-head data-live=(topic(account)) {
            span.avatar.account.large aria-hidden="true" { (Icon::Building.svg()) }
            div {
                @if frame.may_write {
                    h1.unseen { (account.name) }
                    div.name-line { (edit(account, "account-name", all_words::NAME, "name", &account.name)) }
                } @else {
                    h1 { (account.name) }
                }
                div.faint {
                    @if let Some(domain) = &domain { (domain) span.dot {} }
                    (say::people_count(shown.members.len(), shown.more_members.is_some())) span.dot {}
                    (words::LAST_HEARD) " " (frame.moments.ago(account.last_seen))
                }
            }
        }
    }
}

/// The cards: what was done on one side, what is known on the other, each in the order that admins decided.
pub(crate) fn cards(frame: &Frame, shown: &Shown) -> Markup {
    let account = &shown.account;
    let of = |wanted: [&'static str; 2]| {
        let cards = shown.layout.cards().into_iter().filter(move |card| wanted.contains(card));
        html! {
            @for card in cards {
                @match card {
                    "people" => (people(frame, shown, &topic(account))),
                    "conversations" => (conversations(frame, shown)),
                    "fields" => (fields(frame, shown)),
                    _ => (notes::card(frame, &notes::Owner::Account(account.id), &shown.notes, shown.more_notes.as_deref())),
                }
            }
        }
    };
    html! { div.two-sides { div { (of(["people", "conversations"])) } div { (of(["fields", "notes"])) } } }
}

fn topic(account: &Account) -> String {
    format!("account:{}", account.id)
}

fn edit(account: &Account, id: &str, label: &str, name: &str, value: &str) -> Markup {
    let (action, version) = (format!("/accounts/{}", account.id), account.version.to_string());
    let control = Control::Line("text");
    InlineEdit {
        id,
        label,
        action: &action,
        name,
        value,
        version: &version,
        control,
        hint: words::EMPTY_FIELD,
    }
    .markup()
}

/// What the control of a field is called in its form.
fn control_name(key: &str) -> String {
    if key == "name" { key.to_owned() } else { format!("p.{key}") }
}

fn fields(frame: &Frame, shown: &Shown) -> Markup {
    let account = &shown.account;
    let own = account.shown_properties().map(|(name, _)| name).filter(|name| !ACCOUNT_FIELDS.contains(name));
    let known: Vec<&str> = ACCOUNT_FIELDS.into_iter().chain(own).collect();
    let all = shown.layout.all_fields(&known);
    let action = format!("/accounts/{}", account.id);
    html! {
        section.card #fields aria-labelledby="fields-title" data-live=(topic(account)) {
            div.card-head { h2 #fields-title { (words::FIELDS) } }
            div.card-body {
                dl.pairs.edits {
                    @for key in all.iter().filter(|key| shown.layout.shows_field(key)) {
                        @let (label, value) = account_field(account, key);
                        @let name = control_name(key);
                        dt { (label) }
                        dd {
                            @if frame.may_write { (edit(account, &format!("f-{key}"), &label, &name, &value)) }
                            @else if value.is_empty() { (words::EMPTY_FIELD) } @else { (value) }
                        }
                    }
                }
            }
            @if frame.may_write {
                details.card-foot {
                    summary { (Icon::Plus.svg()) (words::ADD_FIELD) }
                    form.kept-form method="post" action=(format!("{action}?back={}", encoded(&action))) data-quick {
                        input type="hidden" name="version" value=(account.version);
                        div.field { label for="new-field" { (words::FIELD_NAME) } input #new-field name="new_field" required maxlength="64" autocomplete="off"; }
                        div.field { label for="new-value" { (words::FIELD_VALUE) } input #new-value name="new_value" required autocomplete="off"; }
                        button.primary.small { (words::ADD) }
                    }
                }
            }
        }
    }
}

fn people(frame: &Frame, shown: &Shown, topic: &str) -> Markup {
    let id = shown.account.id;
    let here = format!("/accounts/{id}");
    html! {
        section.card #people aria-labelledby="people-title" data-live=(topic) {
            div.card-head { h2 #people-title { (words::MEMBERS) } }
            ul.rows {
                @for member in &shown.members {
                    li data-row data-id=(member.face.profile) {
                        (avatar(&member.face, Size::Medium))
                        div.row-words { a href=(format!("/customers/{}", member.face.profile)) { (member.face.name) } div.faint { (member.line) } }
                        @if frame.may_write {
                            form method="post" action=(format!("{here}/members/{}/remove?back={}", member.face.profile, encoded(&here))) data-quick {
                                button.icon-button.small title=(words::TAKE_OUT) aria-label=(words::take_out(&member.face.name)) { (Icon::Cross.svg()) }
                            }
                        }
                    }
                }
                @if shown.members.is_empty() { li.soft { (words::NO_MEMBERS) } }
                @if let Some(next) = &shown.more_members {
                    li { a href=(format!("{here}?after={next}")) { (words::MORE_PEOPLE) } }
                }
            }
            @if frame.may_write {
                form.card-foot.inline-form method="post" action=(format!("{here}/members?back={}", encoded(&here))) data-quick {
                    label.unseen for="who" { (words::ADD_MEMBER) }
                    input #who name="who" required placeholder=(say::WHO_HINT) autocomplete="off" spellcheck="false" data-suggest="/suggest/customers";
                    button { (Icon::Plus.svg()) (words::ADD_MEMBER) }
                }
            }
        }
    }
}

fn conversations(frame: &Frame, shown: &Shown) -> Markup {
    html! {
        section.card #latest aria-labelledby="latest-title" data-live="inbox" {
            div.card-head { h2 #latest-title { (words::LATEST_CONVERSATIONS) } }
            ul.rows {
                @for (conversation, member) in &shown.conversations {
                    li data-row {
                        (channel_icon(conversation.channel.as_str()).svg())
                        div.row-words {
                            a href=(format!("/conversations/{}", conversation.number)) {
                                @if conversation.subject.is_empty() { (all_words::NO_SUBJECT) } @else { (conversation.subject) }
                            }
                            div.faint { "#" (conversation.number) span.dot {} (member.face.name) }
                        }
                        span.faint { (frame.moments.ago(conversation.last_message)) }
                    }
                }
                @if shown.conversations.is_empty() { li.soft { (words::NO_CONVERSATIONS) } }
            }
        }
    }
}
