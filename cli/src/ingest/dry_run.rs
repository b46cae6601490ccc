//! A dry run: the same thing, on a copy of the data that goes afterwards. So its counts are true.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Seek},
    sync::Arc,
};

use anyhow::Context;
use tempfile::TempDir;
use whom_core::store::SledStore;

use crate::{client::Client, folder::DataFolder, house::House, problem::Failure};

/// A copy of the data. It goes when this is dropped.
pub(super) struct Copy {
    /// The way to the copy.
    pub(super) client: Client,
    _dir: TempDir,
}

impl Copy {
    /// Copies what `client` holds; `original` is its folder.
    pub(super) async fn of(client: &Client, original: &DataFolder) -> Result<Self, Failure> {
        let dir = tempfile::Builder::new()
            .prefix("whom-dry-run-")
            .tempdir()
            .context("no temporary folder can be made")?;
        let copy = DataFolder::at(dir.path().join("data"));
        copy.make()?;
        let file = tempfile::tempfile().context("no temporary file can be made")?;
        let mut file = write_backup(client, file).await?;
        file.rewind()?;
        let into = copy.store();
        let restored =
            tokio::task::spawn_blocking(move || SledStore::restore(&into, &mut BufReader::new(file))).await;
        restored.map_err(anyhow::Error::from)?.context("the data cannot be copied")?;
        let house = House::open_copy(&copy, original).await?;
        Ok(Self { client: Client::InProcess(Arc::new(house)), _dir: dir })
    }
}

/// Writes everything that is behind a client to a file.
pub(crate) async fn write_backup(client: &Client, file: File) -> Result<File, Failure> {
    Ok(match client {
        Client::InProcess(house) | Client::InNameOf(house, _) => {
            let mut file = BufWriter::new(file);
            house.store().backup(&mut file).await.context("the backup broke off")?;
            file.into_inner().map_err(|error| error.into_error())?
        }
        Client::Http(server) => server.download("/v1/backup", file).await?,
    })
}
