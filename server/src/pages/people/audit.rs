//! The audit log as a page: the newest first, by who, what, on what and when.

use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    app::AppState,
    audit::{self, AuditEntry, AuditQuery, Who},
    http::ApiQuery,
    pages::{
        answer::Html,
        components::{Field, Notice, empty, notice},
        encoded,
        frame::Frame,
        settings::shell,
        words::people as words,
    },
    problem::Problem,
};

const PATH: &str = "/settings/audit";
/// How many entries a page shows.
const SHOWN: usize = 60;

/// What stands behind `?`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    who: String,
    what: String,
    on: String,
    since: String,
    until: String,
    after: Option<String>,
}

impl Asked {
    fn query(&self) -> AuditQuery {
        let Self { who, what, on, since, until, .. } = self.clone();
        AuditQuery { who, what, on, since, until }
    }

    fn path(&self, after: &str) -> String {
        let pairs = [
            ("who", &self.who),
            ("what", &self.what),
            ("on", &self.on),
            ("since", &self.since),
            ("until", &self.until),
        ];
        let mut path = format!("{PATH}?after={}", encoded(after));
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            path.push_str(&format!("&{name}={}", encoded(value)));
        }
        path
    }
}

/// `GET /settings/audit`
pub(crate) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Html, Problem> {
    let query = asked.query();
    let wrong = query.span().err();
    let (found, next) = match wrong {
        Some(_) => (Vec::new(), None),
        None => audit::list(state.store(), &query, asked.after.clone(), SHOWN).await?,
    };
    let content = html! {
        p.soft.lead { (words::AUDIT_NEXT) }
        @if wrong.is_some() { (notice(Notice::Failed, html! { (words::NO_MOMENT) })) }
        (filters(&asked))
        section.card {
            @if found.is_empty() { (empty(words::NOTHING_HERE, words::NOTHING_HERE_NEXT, html! {})) }
            @else { (table(&frame, &found)) }
        }
        @if let Some(next) = next { p.more { a.button href=(asked.path(&next)) { (words::OLDER) } } }
    };
    Ok(Html::ok(shell(&frame, PATH, words::AUDIT, content)))
}

fn filters(asked: &Asked) -> Markup {
    let field = |name: &'static str, label: &'static str, value: &str, kind: &str| {
        Field { name, label, value, ..Field::default() }.line(kind)
    };
    html! {
        form.audit-filters action=(PATH) {
            (field("who", words::WHO, &asked.who, "search"))
            div.field {
                label for="what" { (words::WHAT) }
                select #what name="what" {
                    option value="" { (words::ANYTHING) }
                    @for word in words::DEEDS { option value=(word) selected[asked.what == word] { (words::deeds(word)) } }
                }
            }
            (field("on", words::ON_WHAT, &asked.on, "search"))
            (field("since", words::FROM, &asked.since, "date"))
            (field("until", words::TO, &asked.until, "date"))
            button { (words::SHOW) }
        }
    }
}

fn table(frame: &Frame, entries: &[(String, AuditEntry)]) -> Markup {
    html! {
        div.table-scroll tabindex="0" {
            table.table.audit {
                thead { tr { th scope="col" { (words::WHEN) } th scope="col" { (words::WHO) } th scope="col" { (words::WHAT) } th scope="col" { (words::ON_WHAT) } } }
                tbody {
                    @for (_, entry) in entries {
                        tr {
                            td.faint { (frame.moments.full(entry.at)) }
                            td { (who(&entry.who)) div.faint { (entry.surface) } }
                            td { (words::deed(&entry.what)) @if let Some(why) = &entry.why { div.soft { "“" (why) "”" } } }
                            td { @for on in &entry.on { (named(on)) } }
                        }
                    }
                }
            }
        }
    }
}

fn who(who: &Who) -> Markup {
    match who {
        Who::Person(login) => html! { a href=(format!("{PATH}?who={}", encoded(login))) { (login) } },
        Who::Token(key) => html! { code { (key) } },
        Who::Local => html! { (words::COMMAND_LINE) },
        Who::Unknown(hash) => html! { (words::SOMEBODY) " " code { (hash) } },
        Who::House => html! { (words::THE_HOUSE) },
    }
}

/// What something was done on: a link where there is a page of it.
fn named(on: &str) -> Markup {
    let (sort, id) = on.split_once(':').unwrap_or(("", on));
    html! {
        div {
            span.faint { (sort.replace('_', " ")) " " }
            @match sort {
                "profile" => a href=(format!("/customers/{id}")) { code { (id) } },
                "person" => a href=(format!("/settings/people/{}", encoded(id))) { (id) },
                _ => code { (id) },
            }
        }
    }
}
