//! `whom ingest`: mail and events from files, in chunks, with a true count of what became of each.

mod dry_run;
mod progress;
mod rejects;
mod send;
mod source;
mod tally;

pub(crate) use dry_run::write_backup;
pub(crate) use progress::Progress;
pub(crate) use send::How;
pub(crate) use source::Source;
pub(crate) use tally::Report;

use std::{collections::VecDeque, time::Instant};

use tokio::{sync::mpsc, task::JoinHandle};

use self::{
    rejects::Rejects,
    source::{Item, Sort},
    tally::Fate,
};
use crate::{
    args::IngestArgs,
    client::Client,
    meant::Meant,
    problem::{Failure, Outcome},
};

/// How many things are sent at once.
const CHUNK: usize = 128;

/// How many bytes are sent at once, more or less.
const CHUNK_BYTES: usize = 4 << 20;

/// How many chunks are under way. One, so that things are decided in the order in which they stand in the file:
/// where evidence conflicts, as with a shared device, the first to claim it keeps it, on every run the same.
/// Reading goes on meanwhile.
const UNDER_WAY: usize = 1;

/// Takes in what was named.
pub(crate) async fn run(args: &IngestArgs, client: &Client, meant: &Meant) -> Outcome {
    let source = Source::open(&args.paths)?;
    let mut rejects = args.rejects.as_deref().map(Rejects::create).transpose()?;
    let how = How::of(args);
    let copy = if args.dry_run { Some(dry_run::Copy::of(client, meant.folder()?).await?) } else { None };
    let client = copy.as_ref().map_or(client, |copy| &copy.client);
    let progress = Progress::new(&meant.output, source.bytes);
    let begun = Instant::now();
    let mut report = Report { dry_run: args.dry_run, ..Report::default() };
    let outcome = take_in(source, client, &how, &progress, &mut report, rejects.as_mut()).await;
    progress.end();
    if let Some(copy) = &copy {
        copy.client.clone().close().await?;
    }
    if meant.output.is_json() {
        meant.output.line(serde_json::to_string(&report).map_err(anyhow::Error::from)?)?;
    } else {
        meant.output.line(report.text(begun.elapsed(), meant.output.paint))?;
    }
    if let Some(rejects) = rejects {
        let written = rejects.end()?;
        if written > 0 {
            meant.output.note(format!(
                "What was skipped or failed stands in {}.",
                args.rejects.as_deref().unwrap_or("".as_ref()).display()
            ));
        }
    }
    outcome?;
    Ok(report.exit())
}

/// Takes in everything that a source gives, and counts.
pub(crate) async fn take_in(
    source: Source,
    client: &Client,
    how: &How,
    progress: &Progress,
    report: &mut Report,
    mut rejects: Option<&mut Rejects>,
) -> Result<(), Failure> {
    let mut items = source.start();
    let mut ahead = None;
    let mut under_way: VecDeque<JoinHandle<Result<Sent, Failure>>> = VecDeque::new();
    loop {
        let chunk = next_chunk(&mut items, &mut ahead).await?;
        let is_last = chunk.is_empty();
        if !is_last {
            let (client, how) = (client.clone(), how.clone());
            under_way.push_back(tokio::spawn(async move {
                let fates = send::send(&client, &how, &chunk).await?;
                Ok(Sent { chunk, fates })
            }));
        }
        while under_way.len() >= UNDER_WAY || is_last {
            let Some(first) = under_way.pop_front() else { return Ok(()) };
            let sent = first.await.map_err(anyhow::Error::from)??;
            for (item, fate) in sent.chunk.iter().zip(&sent.fates) {
                count(report, item.sort()).add(fate);
                if let Some(rejects) = &mut rejects {
                    rejects.note(item, fate)?;
                }
            }
            let bytes = sent.chunk.iter().map(Item::len).sum::<usize>();
            progress.advance(bytes as u64, sent.chunk.len() as u64);
        }
    }
}

struct Sent {
    chunk: Vec<Item>,
    fates: Vec<Fate>,
}

fn count(report: &mut Report, sort: Sort) -> &mut tally::Tally {
    match sort {
        Sort::Mail => &mut report.messages,
        Sort::Event => &mut report.events,
    }
}

/// The next things of one sort; none at the end.
async fn next_chunk(
    items: &mut mpsc::Receiver<anyhow::Result<Item>>,
    ahead: &mut Option<Item>,
) -> Result<Vec<Item>, Failure> {
    let mut chunk: Vec<Item> = Vec::new();
    let mut bytes = 0;
    while chunk.len() < CHUNK && bytes < CHUNK_BYTES {
        let item = match ahead.take() {
            Some(item) => item,
            None => match items.recv().await {
                Some(item) => item?,
                None => break,
            },
        };
        if chunk.first().is_some_and(|first| first.sort() != item.sort()) {
            *ahead = Some(item);
            break;
        }
        bytes += item.len();
        chunk.push(item);
    }
    Ok(chunk)
}
