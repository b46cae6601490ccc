//! The data folder: where it is, and whether a server runs on it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};

/// The file by which a server says that it runs on a folder.
const SERVER_FILE: &str = "server.json";

/// A data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DataFolder {
    root: PathBuf,
}

/// What a server writes into the folder it runs on, for commands on the same machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunningServer {
    /// Where it listens, such as `http://127.0.0.1:7001`.
    pub(crate) address: String,
    /// Its process.
    pub(crate) pid: u32,
    /// What lets whoever can read this file do everything.
    pub(crate) token: String,
}

impl DataFolder {
    /// The folder that was named, else the one for application data of this account.
    pub(crate) fn choose(named: Option<PathBuf>) -> anyhow::Result<Self> {
        let root = match named {
            Some(root) => root,
            None => usual_folder()
                .ok_or_else(|| anyhow!("this account has no home folder: name one with --data"))?,
        };
        Ok(Self { root })
    }

    /// Takes a folder as it is.
    pub(crate) fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the store is.
    pub(crate) fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    /// Where the search index is. It is derived: it may be thrown away while nothing runs.
    pub(crate) fn search(&self) -> PathBuf {
        self.root.join("search")
    }

    /// Where the company's own rules are.
    pub(crate) fn rules(&self) -> PathBuf {
        self.root.join("rules")
    }

    /// Pictures from elsewhere, kept for a while. Nothing is lost with them.
    pub(crate) fn pictures(&self) -> PathBuf {
        self.root.join("pictures")
    }

    /// Where plugins of the company's own are.
    pub(crate) fn plugins(&self) -> PathBuf {
        self.root.join("plugins")
    }

    /// The settings file.
    pub(crate) fn settings(&self) -> PathBuf {
        self.root.join("whom.toml")
    }

    /// Whether there is a store in it.
    pub(crate) fn has_store(&self) -> bool {
        self.store().is_dir()
    }

    /// Makes the folder where it is missing, for its owner alone.
    pub(crate) fn make(&self) -> anyhow::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.root).with_context(|| format!("cannot make the folder {}", self.root.display()))
    }

    /// What the server that runs here, or ran here, said about itself.
    pub(crate) fn running_server(&self) -> Option<RunningServer> {
        serde_json::from_slice(&fs::read(self.root.join(SERVER_FILE)).ok()?).ok()
    }

    /// Says that a server runs here, readable by the folder's owner alone. It is said until the answer is dropped.
    pub(crate) fn announce(&self, server: &RunningServer) -> anyhow::Result<Announced> {
        let path = self.root.join(SERVER_FILE);
        let fresh = self.root.join(".server.json.new");
        // A file left by a crash may have other permissions, and opening it would keep them.
        let _ = fs::remove_file(&fresh);
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&fresh).with_context(|| format!("cannot write {}", fresh.display()))?;
        file.write_all(&serde_json::to_vec_pretty(server)?)?;
        drop(file);
        fs::rename(&fresh, &path)?;
        Ok(Announced { path, pid: server.pid })
    }
}

/// That a server says it runs; dropping it takes the word back.
#[derive(Debug)]
pub(crate) struct Announced {
    path: PathBuf,
    pid: u32,
}

impl Drop for Announced {
    fn drop(&mut self) {
        let is_ours = fs::read(&self.path)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<RunningServer>(&bytes).ok())
            .is_some_and(|server| server.pid == self.pid);
        if is_ours {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Where applications of this account keep their data.
fn usual_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        set("APPDATA")
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("whom"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_that_it_runs_until_it_stops() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::at(dir.path());
        assert_eq!(folder.running_server(), None);
        let server = RunningServer { address: "http://127.0.0.1:1".into(), pid: 7, token: "t".into() };
        let announced = folder.announce(&server).unwrap();
        assert_eq!(folder.running_server(), Some(server));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join(SERVER_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "the token is for the owner of the folder alone");
        }
        drop(announced);
        assert_eq!(folder.running_server(), None);
    }

    #[test]
    fn a_server_that_stops_late_leaves_the_word_of_the_next_one() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::at(dir.path());
        let server = |pid| RunningServer { address: "http://127.0.0.1:1".into(), pid, token: "t".into() };
        let first = folder.announce(&server(1)).unwrap();
        let _second = folder.announce(&server(2)).unwrap();
        drop(first);
        assert_eq!(folder.running_server().map(|server| server.pid), Some(2));
    }
}
