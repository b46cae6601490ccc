//! `whom export`: everything that is known about one person, to be handed to them.

use std::{fs::OpenOptions, io::Write, path::Path};

use anyhow::Context;

use super::look::path;
use crate::{
    args::{ExportArgs, PersonFormat},
    client::Client,
    exit::Exit,
    figures::size,
    meant::Meant,
    problem::{Failure, Outcome},
};

pub(super) async fn run(client: &Client, meant: &Meant, args: &ExportArgs) -> Outcome {
    let name = match args.format {
        PersonFormat::Json => "export",
        PersonFormat::Vcard => "export.vcf",
    };
    let answer = client.get(&format!("{}/{name}", path(&args.who))).await?;
    match &args.to {
        None => meant.output.bytes(&answer.body)?,
        Some(file) => {
            write(file, &answer.body)?;
            meant.output.note(format!("{} in {}", size(answer.body.len() as u64), file.display()));
        }
    }
    Ok(Exit::Done)
}

/// Writes a new file that its owner alone may read: it holds everything about a person.
fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(file).with_context(|| format!("{} cannot be made", file.display()))?;
    open.write_all(bytes).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(())
}
