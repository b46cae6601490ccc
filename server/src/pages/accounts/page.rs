//! The page of one account.

use maud::{Markup, html};
use whom_core::{
    engine::NoteView,
    model::{Account, Conversation, ProfileId, ProfileKind},
};

use super::notes;
use crate::pages::{
    components::{Control, InlineEdit, Notice, Size, avatar, channel_icon, field_name, notice},
    encoded,
    frame::{Frame, Part},
    icons::Icon,
    words::{self as all_words, kept as words},
};

/// Somebody who belongs to the account.
pub(crate) struct Member {
    pub(crate) profile: ProfileId,
    pub(crate) name: String,
    pub(crate) line: String,
    pub(crate) kind: ProfileKind,
}

/// All that the page shows.
pub(crate) struct Shown {
    pub(crate) account: Account,
    pub(crate) members: Vec<Member>,
    pub(crate) more_members: Option<String>,
    pub(crate) notes: Vec<NoteView>,
    pub(crate) more_notes: Option<String>,
    pub(crate) conversations: Vec<(Conversation, Member)>,
    pub(crate) news: Option<Markup>,
    pub(crate) wrong: Option<String>,
}

/// The page.
pub(crate) fn page(frame: &Frame, shown: &Shown) -> Markup {
    let account = &shown.account;
    let topic = format!("account:{}", account.id);
    let domain = account.properties.get("domain").map(ToString::to_string);
    frame.page(Part::Accounts, &account.name, &["edit.js", "note.js"], html! {
        div.column.wide.kept {
            @if let Some(news) = &shown.news { (news) }
            @if let Some(wrong) = &shown.wrong { (notice(Notice::Failed, html! { (wrong) })) }
            header.page-head {
                span.avatar.account.large aria-hidden="true" { (Icon::Building.svg()) }
                div {
                    h1 #account-name data-live=(topic) { (account.name) }
                    div.faint {
                        @if let Some(domain) = &domain { (domain) span.dot {} }
                        (words::LAST_HEARD) " " (frame.moments.ago(account.last_seen))
                    }
                }
            }
            div.two-sides {
                div {
                    (people(frame, shown, &topic))
                    (conversations(frame, shown))
                }
                div {
                    (fields(frame, account, &topic))
                    (notes::card(frame, &notes::Owner::Account(account.id), &shown.notes, shown.more_notes.as_deref()))
                }
            }
        }
    })
}

fn fields(frame: &Frame, account: &Account, topic: &str) -> Markup {
    let version = account.version.to_string();
    let action = format!("/accounts/{}", account.id);
    let field = |id: &str, label: &str, value: &str| {
        html! {
            dt { (label) }
            dd {
                @if frame.may_write {
                    (InlineEdit { id, label, action: &action, name: id, value, version: &version, control: Control::Line("text"), hint: words::EMPTY_FIELD }.markup())
                } @else if value.is_empty() { (words::EMPTY_FIELD) } @else { (value) }
            }
        }
    };
    let domain = account.properties.get("domain").map(ToString::to_string).unwrap_or_default();
    html! {
        section.card #fields aria-labelledby="fields-title" data-live=(topic) {
            div.card-head { h2 #fields-title { (words::FIELDS) } }
            div.card-body {
                dl.pairs.edits {
                    (field("name", all_words::NAME, &account.name))
                    (field("p.domain", words::DOMAIN, &domain))
                    @for (name, value) in account.shown_properties().filter(|(name, _)| *name != "domain") {
                        (field(&format!("p.{name}"), &field_name(name), &value.to_string()))
                    }
                }
            }
            @if frame.may_write {
                details.card-foot {
                    summary { (Icon::Plus.svg()) (words::ADD_FIELD) }
                    form.kept-form method="post" action=(format!("{action}?back={}", encoded(&action))) data-quick {
                        input type="hidden" name="version" value=(version);
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
                    li data-row data-id=(member.profile) {
                        (avatar(member.profile, &member.name, member.kind, None, Size::Medium))
                        div.row-words { a href=(format!("/customers/{}", member.profile)) { (member.name) } div.faint { (member.line) } }
                        @if frame.may_write {
                            form method="post" action=(format!("{here}/members/{}/remove?back={}", member.profile, encoded(&here))) data-quick {
                                button.icon-button.small title=(words::TAKE_OUT) aria-label=(words::take_out(&member.name)) { (Icon::Cross.svg()) }
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
                    input #who name="who" required placeholder=(words::FOR_WHOM_HINT) autocomplete="off" spellcheck="false";
                    button { (Icon::Plus.svg()) (words::ADD_MEMBER) }
                }
            }
        }
    }
}

fn conversations(frame: &Frame, shown: &Shown) -> Markup {
    html! {
        section.card aria-labelledby="latest-title" {
            div.card-head { h2 #latest-title { (words::LATEST_CONVERSATIONS) } }
            ul.rows {
                @for (conversation, member) in &shown.conversations {
                    li data-row {
                        (channel_icon(conversation.channel.as_str()).svg())
                        div.row-words {
                            a href=(format!("/customers/{}?at={}", member.profile, conversation.id)) {
                                @if conversation.subject.is_empty() { (all_words::NO_SUBJECT) } @else { (conversation.subject) }
                            }
                            div.faint { "#" (conversation.number) span.dot {} (member.name) }
                        }
                        span.faint { (frame.moments.ago(conversation.last_message)) }
                    }
                }
                @if shown.conversations.is_empty() { li.soft { (words::NO_CONVERSATIONS) } }
            }
        }
    }
}
