//! What each command does: ask the API, print the answer.

mod accounts;
mod assignment;
mod audit;
mod bulk;
mod change;
mod conversations;
mod erase;
mod export;
mod feed;
mod keys;
mod look;
mod membership;
mod plugins;
mod post;
mod relations;
mod rules;
mod segments;
mod serve;
mod store;
mod tasks;
mod users;
mod values;

pub(crate) use plugins::plugin_host;
pub(crate) use serve::{Served, listen, stopped};

use clap::CommandFactory;
use serde::de::DeserializeOwned;

use crate::{
    args::{Command, Typed},
    client::{Answer, Client},
    demo,
    exit::Exit,
    ingest,
    meant::{Meant, Missing},
    output::Output,
    problem::{Failure, Outcome},
};

/// Does what was typed.
pub(crate) async fn run(command: Command, meant: &Meant) -> Outcome {
    match command {
        Command::Demo(args) => return demo::run(&args, meant).await,
        Command::Serve(args) => return serve::run(&args, meant).await,
        Command::Restore { file } => return store::restore(meant, &file).await,
        Command::Rebuild => return store::rebuild(meant).await,
        Command::Doctor => return store::doctor(meant).await,
        Command::Backup { file } => return store::backup(meant, &file).await,
        Command::Rules(command) => return rules::run(command, meant).await,
        Command::Plugins(command) => return plugins::run(command, meant).await,
        Command::Completions { shell } => return completions(shell, meant),
        // Only `main` does this, before anything else.
        Command::PluginHost { .. } => return Ok(Exit::Usage),
        _ => {}
    }
    let missing = match &command {
        Command::Ingest(_) | Command::Create { .. } | Command::User(_) | Command::Key(_) => Missing::Make,
        _ => Missing::Refuse,
    };
    let client = meant.client(missing).await?;
    let outcome = ask(command, &client, meant).await;
    let closed = client.close().await;
    let exit = outcome?;
    closed.map(|()| exit)
}

/// Does what takes nothing but the API.
async fn ask(command: Command, client: &Client, meant: &Meant) -> Outcome {
    match command {
        Command::Ingest(args) => ingest::run(&args, client, meant).await,
        Command::Search(args) => look::search(client, meant, &args).await,
        Command::Show(who) => look::show(client, meant, &who.who).await,
        Command::Why { who, property } => look::why(client, meant, &who.who, &property).await,
        Command::Timeline(args) => look::timeline(client, meant, &args).await,
        Command::Conversations(who) => look::conversations(client, meant, &who.who).await,
        Command::Inbox(args) => conversations::inbox(client, meant, &args).await,
        Command::Conversation(command) => conversations::run(client, meant, command).await,
        Command::History(who) => look::history(client, meant, &who.who).await,
        Command::Duplicates(args) => membership::duplicates(client, meant, &args).await,
        Command::Compare(args) => membership::compare(client, meant, &args).await,
        Command::Export(args) => export::run(client, meant, &args).await,
        Command::Feed { after, follow } => feed::run(client, meant, after, follow).await,
        Command::Create { assignments } => change::create(client, meant, &assignments).await,
        Command::Set { who, assignments } => change::set(client, meant, &who.who, &assignments).await,
        Command::Note { who, text } => change::note(client, meant, &who.who, &text).await,
        Command::Merge(args) => membership::merge(client, meant, &args).await,
        Command::Unmerge { change } => membership::unmerge(client, meant, &change).await,
        Command::Detach { who, contact } => membership::detach(client, meant, &who.who, &contact).await,
        Command::Apart(args) => membership::apart(client, meant, &args).await,
        Command::Pin(args) => values::pin(client, meant, &args).await,
        Command::Hide(args) => values::hide(client, meant, &args).await,
        Command::Never(args) => values::never(client, meant, &args).await,
        Command::Take(args) => values::take(client, meant, &args).await,
        Command::Photo(command) => values::photo(client, meant, &command).await,
        Command::Relation(command) => relations::run(client, meant, &command).await,
        Command::Bulk(command) => bulk::run(client, meant, command).await,
        Command::Enrich(who) => change::enrich(client, meant, &who.who).await,
        Command::Trash(who) => change::trash(client, meant, &who.who).await,
        Command::Untrash(who) => change::untrash(client, meant, &who.who).await,
        Command::Erase(args) => erase::run(client, meant, &args).await,
        Command::Task(command) => tasks::run(client, meant, command).await,
        Command::Account(command) => accounts::run(client, meant, command).await,
        Command::Segment(command) => segments::run(client, meant, command).await,
        Command::Reply(args) => post::reply(client, meant, &args).await,
        Command::Compose(args) => post::compose(client, meant, &args).await,
        Command::Outbox(command) => post::outbox(client, meant, command).await,
        Command::User(command) => users::run(client, meant, command).await,
        Command::Key(command) => keys::run(client, meant, command).await,
        Command::Audit(args) => audit::run(client, meant, &args).await,
        _ => Ok(Exit::Usage),
    }
}

/// Prints an answer: as it came for programs, as `text` makes it for people.
fn print<T: DeserializeOwned>(
    output: &Output,
    answer: &Answer,
    text: impl FnOnce(T) -> String,
) -> Result<Exit, Failure> {
    if output.is_json() {
        output.bytes(&answer.body)?;
    } else {
        let text = text(answer.read()?);
        if !text.is_empty() {
            output.line(text)?;
        }
    }
    Ok(Exit::Done)
}

fn completions(shell: clap_complete::Shell, meant: &Meant) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Typed::command(), "whom", &mut script);
    meant.output.bytes(&script)?;
    Ok(Exit::Done)
}
