//! `whom backup`, `restore`, `rebuild` and `doctor`: the data as a whole.

use std::{
    fs::{self, File},
    io::BufReader,
    path::Path,
    time::Instant,
};

use anyhow::{Context, anyhow};
use serde_json::json;
use whom_core::store::{SledStore, Store};

use crate::{
    exit::Exit,
    figures::{counted, size},
    house,
    ingest::{Progress, write_backup},
    meant::{Meant, Missing, server_on},
    moment::{now, took},
    problem::{Failure, Outcome},
};

/// Writes everything to one file.
pub(super) async fn backup(meant: &Meant, file: &Path) -> Outcome {
    let client = meant.client(Missing::Refuse).await?;
    let begun = Instant::now();
    // A backup is whole or not there: it gets its name when it is.
    let part = file.with_extension("part");
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if file.exists() {
        return Err(Failure::Other(anyhow!("{} is there already: name another file", file.display())));
    }
    let _ = fs::remove_file(&part);
    let out = options.open(&part).with_context(|| format!("cannot write {}", part.display()))?;
    let written = write_backup(&client, out).await.and_then(|out| Ok(out.sync_all()?));
    client.close().await?;
    let kept = written.and_then(|()| Ok(fs::rename(&part, file)?));
    if kept.is_err() {
        let _ = fs::remove_file(&part);
    }
    kept?;
    let bytes = fs::metadata(file)?.len();
    say(meant, json!({ "file": file, "bytes": bytes }), || {
        format!(
            "{} in {}, in {}.\nTo make a data folder of it: whom restore {} --data NEW-FOLDER",
            size(bytes),
            file.display(),
            took(begun.elapsed()),
            file.display()
        )
    })
}

/// Makes a data folder of a backup.
pub(super) async fn restore(meant: &Meant, file: &Path) -> Outcome {
    let folder = meant.folder()?;
    let begun = Instant::now();
    let from = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    folder.make()?;
    let (into, mut from) = (folder.store(), BufReader::new(from));
    let restored = tokio::task::spawn_blocking(move || SledStore::restore(&into, &mut from)).await;
    let number = restored.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
    say(meant, json!({ "folder": folder.root(), "commits": number }), || {
        format!(
            "{} holds {} now, restored in {}.",
            folder.root().display(),
            counted(number, "commit"),
            took(begun.elapsed())
        )
    })
}

/// Makes the derived state anew.
pub(super) async fn rebuild(meant: &Meant) -> Outcome {
    let folder = alone(meant, "rebuilds").await?;
    let begun = Instant::now();
    if folder.search().exists() {
        fs::remove_dir_all(folder.search()).context("the search index cannot be taken away")?;
    }
    let house = house::House::open(folder).await?;
    let progress = Progress::counting(&meant.output);
    let rebuilt = house.search().rebuild(now(), |done, all| progress.at(done, all)).await;
    progress.end();
    let figures = house.store().figures().await;
    let forgotten = whom_server::forget_duplicates(house.store(), now()).await;
    house.close().await?;
    forgotten.context("the queue of likely duplicates cannot be emptied")?;
    rebuilt.context("the search index could not be made")?;
    let indexed = figures.context("the store cannot be read")?.profiles;
    say(meant, json!({ "profiles": indexed }), || {
        format!(
            "The search index is made anew: {}, in {}. Views are made whenever they are shown.",
            counted(indexed, "profile"),
            took(begun.elapsed())
        )
    })
}

/// Reads everything once and says what is wrong.
pub(super) async fn doctor(meant: &Meant) -> Outcome {
    let folder = alone(meant, "examines").await?;
    if !folder.has_store() {
        return Err(Failure::NotFound(format!("there is no data in {}", folder.root().display())));
    }
    let begun = Instant::now();
    let mut wrong: Vec<String> = Vec::new();
    if let Err(problems) = house::rules_of(folder) {
        wrong.extend(problems.iter().map(|problem| format!("rules: {problem}")));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.root())?.permissions().mode();
        if mode & 0o077 != 0 {
            wrong.push(format!("others on this machine may enter {}: chmod 700", folder.root().display()));
        }
    }
    let store = house::open_store(folder)?;
    let figures = store.figures().await.context("the store cannot be read")?;
    wrong.extend(store.check().await.context("the store cannot be read")?);
    store.close().await.context("the store cannot be closed")?;
    let exit = if wrong.is_empty() { Exit::Done } else { Exit::Failed };
    say(meant, json!({ "figures": figures, "problems": wrong }), || {
        let mut text = vec![format!(
            "{}, {}, {}, {} on disk: read in {}.",
            counted(figures.profiles, "profile"),
            counted(figures.conversations, "conversation"),
            counted(figures.entries, "entry"),
            size(house::room(folder.root())),
            took(begun.elapsed())
        )];
        match wrong.as_slice() {
            [] => text.push("Everything reads and fits together.".into()),
            wrong => {
                text.push(format!("{}:", counted(wrong.len() as u64, "problem")));
                text.extend(wrong.iter().map(|problem| format!("  {problem}")));
            }
        }
        text.join("\n")
    })?;
    Ok(exit)
}

/// The folder, where no server runs on it.
async fn alone<'a>(meant: &'a Meant, does: &str) -> Result<&'a crate::folder::DataFolder, Failure> {
    let folder = meant.folder()?;
    match (server_on(folder).await?, folder.running_server()) {
        (Some(_), Some(server)) => Err(Failure::Other(anyhow!(
            "a server runs on {} (process {}): stop it while whom {does} the folder",
            folder.root().display(),
            server.pid
        ))),
        _ => Ok(folder),
    }
}

fn say(meant: &Meant, json: serde_json::Value, text: impl FnOnce() -> String) -> Outcome {
    meant.output.line(if meant.output.is_json() { json.to_string() } else { text() })?;
    Ok(Exit::Done)
}
