//! What is meant by what was typed: where the data is, how to print, whether to ask.

use std::sync::Arc;

use anyhow::anyhow;

use crate::{
    args::GlobalArgs,
    client::{Client, HttpClient},
    folder::DataFolder,
    house::House,
    output::{Form, Output, Talk},
    problem::Failure,
};

/// What is meant by the arguments that every command takes.
#[derive(Clone, Debug)]
pub(crate) struct Meant {
    /// Where the data is.
    pub(crate) place: Place,
    /// Where words go, and in which form.
    pub(crate) output: Output,
    /// Whether questions are asked.
    pub(crate) consent: Consent,
}

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a folder of this machine.
    Folder(DataFolder),
    /// Behind a server that was named.
    Server {
        /// Its address.
        base: String,
        /// What to show it.
        token: Option<String>,
    },
}

/// Whether questions are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// They are.
    Ask,
    /// They were answered with yes beforehand.
    Given,
}

/// What happens to a folder without data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Data is made there.
    Make,
    /// There is nothing to look at, and that is said.
    Refuse,
}

impl Meant {
    /// Reads the arguments that every command takes.
    pub(crate) fn read(typed: &GlobalArgs) -> Result<Self, Failure> {
        let form = if typed.json { Form::Json } else { Form::People };
        let talk = if typed.quiet { Talk::Quiet } else { Talk::Usual };
        let place = match typed.server.clone().filter(|base| !base.is_empty()) {
            Some(base) => Place::Server { base, token: typed.token.clone() },
            None => Place::Folder(DataFolder::choose(typed.data.clone())?),
        };
        let consent = if typed.yes { Consent::Given } else { Consent::Ask };
        Ok(Self { place, output: Output::new(form, talk), consent })
    }

    /// The way to the API.
    pub(crate) async fn client(&self, missing: Missing) -> Result<Client, Failure> {
        match &self.place {
            Place::Server { base, token } => Ok(Client::Http(HttpClient::new(base, token.clone())?)),
            Place::Folder(folder) => {
                if let Some(server) = server_on(folder).await? {
                    return Ok(Client::Http(server));
                }
                if missing == Missing::Refuse && !folder.has_store() {
                    return Err(Failure::Other(anyhow!(
                        "there is no data in {} yet: take mail in with `whom ingest`, or see `whom demo`",
                        folder.root().display()
                    )));
                }
                Ok(Client::InProcess(Arc::new(House::open(folder).await?)))
            }
        }
    }

    /// The folder, for commands that work on one and nothing else.
    pub(crate) fn folder(&self) -> Result<&DataFolder, Failure> {
        match &self.place {
            Place::Folder(folder) => Ok(folder),
            Place::Server { .. } => Err(Failure::Usage(
                "this works on a data folder: name one with --data, and no --server".into(),
            )),
        }
    }

    /// Whether somebody agrees; where nobody can be asked, `--yes` has to have been typed.
    pub(crate) fn agrees(&self, question: &str) -> Result<(), Failure> {
        if self.consent == Consent::Given || self.output.asks(question)? {
            return Ok(());
        }
        Err(Failure::Other(anyhow!("nothing was done; --yes says yes without being asked")))
    }
}

/// The server that runs on a folder, where one does. What a crash left behind is passed over.
pub(crate) async fn server_on(folder: &DataFolder) -> Result<Option<HttpClient>, Failure> {
    let Some(server) = folder.running_server() else { return Ok(None) };
    let client = HttpClient::new(&server.address, Some(server.token))?;
    Ok(client.answers("/v1/me").await.then_some(client))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_was_named_goes_before_a_folder() {
        let typed = GlobalArgs {
            server: Some("https://whom.example".into()),
            data: Some("here".into()),
            ..Default::default()
        };
        let meant = Meant::read(&typed).unwrap();
        assert_eq!(meant.place, Place::Server { base: "https://whom.example".into(), token: None });
        assert_eq!(meant.folder().unwrap_err().exit() as u8, 2);
    }

    #[tokio::test]
    async fn what_a_crash_left_behind_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::at(dir.path());
        let gone =
            crate::folder::RunningServer { address: "http://127.0.0.1:9".into(), pid: 1, token: "t".into() };
        let _announced = folder.announce(&gone).unwrap();
        crate::install_crypto();
        assert!(server_on(&folder).await.unwrap().is_none());
    }
}
