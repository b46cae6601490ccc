//! Pictures that were fetched, and for a while also where there was none.

use std::{
    collections::{HashMap, VecDeque},
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

/// The most bytes in the folder, and in memory where there is none.
const IN_FOLDER: u64 = 256 * 1024 * 1024;
const IN_MEMORY: usize = 16 * 1024 * 1024;
/// How long a picture is kept, and how long it is remembered that there was none.
const KEPT: Duration = Duration::from_secs(30 * 86_400);
const NONE_KEPT: Duration = Duration::from_secs(600);
const MOST_NONE: usize = 2_000;
/// The folder is looked through once for so many pictures.
const SWEEP_EVERY: usize = 50;

/// Where pictures are kept.
pub(super) struct Cache {
    folder: Option<PathBuf>,
    memory: Mutex<VecDeque<(String, Arc<[u8]>)>>,
    none: Mutex<HashMap<String, Instant>>,
    written: AtomicUsize,
}

impl Cache {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, memory: Mutex::default(), none: Mutex::default(), written: AtomicUsize::new(0) }
    }

    /// A picture; the inner none says that there was none a moment ago.
    pub(super) async fn get(&self, address: &str) -> Option<Option<Vec<u8>>> {
        let name = name(address);
        let none = self.none.lock().unwrap_or_else(PoisonError::into_inner).get(&name).copied();
        if none.is_some_and(|since| since.elapsed() < NONE_KEPT) {
            return Some(None);
        }
        match self.folder.clone() {
            Some(folder) => {
                let read = move || read_fresh(&folder.join(name));
                tokio::task::spawn_blocking(read).await.ok().flatten().map(Some)
            }
            None => {
                let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
                memory.iter().find(|(known, _)| *known == name).map(|(_, bytes)| Some(bytes.to_vec()))
            }
        }
    }

    /// Keeps a picture, or that there is none.
    pub(super) async fn put(&self, address: &str, bytes: Option<&[u8]>) {
        let name = name(address);
        let Some(bytes) = bytes else {
            let mut none = self.none.lock().unwrap_or_else(PoisonError::into_inner);
            if none.len() >= MOST_NONE {
                none.clear();
            }
            none.insert(name, Instant::now());
            return;
        };
        match self.folder.clone() {
            Some(folder) => {
                let sweeps = self.written.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_EVERY);
                let bytes = bytes.to_vec();
                let write = move || {
                    let kept = write_whole(&folder, &name, &bytes);
                    let swept = if sweeps { sweep(&folder, IN_FOLDER) } else { Ok(()) };
                    kept.and(swept)
                };
                if let Ok(Err(error)) = tokio::task::spawn_blocking(write).await {
                    tracing::warn!(%error, "a picture could not be kept; it will be fetched again");
                }
            }
            None => {
                let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
                memory.push_back((name, bytes.into()));
                while memory.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > IN_MEMORY {
                    memory.pop_front();
                }
            }
        }
    }

    /// Forgets a picture.
    pub(super) async fn forget(&self, address: &str) {
        let name = name(address);
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| *known != name);
        self.none.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        if let Some(folder) = self.folder.clone() {
            // It may not be there: then there is nothing to forget.
            let _ = tokio::fs::remove_file(folder.join(name)).await;
        }
    }
}

/// The name of a file says nothing of the address.
fn name(address: &str) -> String {
    blake3::hash(address.as_bytes()).to_hex().to_string()
}

fn read_fresh(path: &Path) -> Option<Vec<u8>> {
    let age = SystemTime::now().duration_since(fs::metadata(path).ok()?.modified().ok()?);
    if age.is_ok_and(|age| age > KEPT) {
        return None;
    }
    fs::read(path).ok()
}

/// Writes beside and renames, so that nobody reads half a picture.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!("{name}.new"));
    fs::write(&beside, bytes)?;
    fs::rename(beside, folder.join(name))
}

/// Takes the oldest away until what is left fits.
fn sweep(folder: &Path, bound: u64) -> io::Result<()> {
    let mut files = Vec::new();
    for item in fs::read_dir(folder)? {
        let item = item?;
        let about = item.metadata()?;
        files.push((about.modified()?, about.len(), item.path()));
    }
    files.sort();
    let mut used: u64 = files.iter().map(|(_, size, _)| size).sum();
    for (since, size, path) in files {
        let is_old = SystemTime::now().duration_since(since).is_ok_and(|age| age > KEPT);
        if used <= bound && !is_old {
            break;
        }
        fs::remove_file(path)?;
        used = used.saturating_sub(size);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_picture_is_kept_until_it_is_forgotten_and_none_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        for cache in [Cache::new(None), Cache::new(Some(folder.path().join("pictures")))] {
            assert_eq!(cache.get("https://x.example/a").await, None);
            cache.put("https://x.example/a", Some(b"GIF89a")).await;
            cache.put("https://x.example/b", None).await;
            assert_eq!(cache.get("https://x.example/a").await, Some(Some(b"GIF89a".to_vec())));
            assert_eq!(cache.get("https://x.example/b").await, Some(None));
            cache.forget("https://x.example/a").await;
            assert_eq!(cache.get("https://x.example/a").await, None);
        }
    }

    #[test]
    fn the_folder_stays_within_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        for place in 0..10 {
            write_whole(folder.path(), &format!("{place}"), &[0; 100]).unwrap();
        }
        sweep(folder.path(), 450).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    }
}
