//! The texts of the scripts. They are read once, so that nothing a script does later can reach a file.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::Problem;

/// Larger files are not read: compiling takes time and memory in proportion, and no rule is that long.
const MAX_BYTES: u64 = 256 * 1024;
/// More files are not read.
const MAX_FILES: usize = 200;

/// What the binary brings along, so that it works without any folder.
const BUNDLED: &[(&str, &str)] = &[
    ("identity.rhai", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/identity.rhai"))),
    ("lib/names.rhai", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/lib/names.rhai"))),
    ("properties.rhai", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/properties.rhai"))),
    (
        "tests/identity.rhai",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/tests/identity.rhai")),
    ),
    (
        "tests/properties.rhai",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/tests/properties.rhai")),
    ),
];

/// The texts of one set of scripts by name, such as `lib/names.rhai`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    texts: BTreeMap<String, String>,
}

impl Sources {
    /// The scripts inside the binary.
    pub fn bundled() -> Self {
        Self::from_iter(BUNDLED.iter().copied())
    }

    /// Reads `*.rhai` in `folder`, its `lib` and its `tests`. What a link leads out of the folder is refused.
    pub fn read(folder: &Path) -> Result<Self, Vec<Problem>> {
        let mut found = Self::default();
        let mut problems = Vec::new();
        let unreadable =
            |name: &str, error: &io::Error| Problem::of_file(name, format!("cannot read it: {error}"));
        let root = match folder.canonicalize() {
            Ok(root) => root,
            Err(error) => return Err(vec![unreadable(&folder.display().to_string(), &error)]),
        };
        for (below, path) in [("", root.clone()), ("lib/", root.join("lib")), ("tests/", root.join("tests"))]
        {
            let entries = match list(&path) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound && !below.is_empty() => continue,
                Err(error) => {
                    problems.push(unreadable(below, &error));
                    continue;
                }
            };
            for (name, path) in entries {
                let name = format!("{below}{name}");
                match read_confined(&root, &path) {
                    Ok(Some(text)) => drop(found.texts.insert(name, text)),
                    Ok(None) => {}
                    Err(error) => problems.push(Problem::of_file(name, error)),
                }
            }
        }
        if found.texts.len() > MAX_FILES {
            let message = format!("{} scripts are too many: at most {MAX_FILES} are read", found.texts.len());
            problems.push(Problem::of_file(folder.display().to_string(), message));
        }
        if problems.is_empty() { Ok(found) } else { Err(problems) }
    }

    /// The text of a script.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// All scripts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// One line of a script; the first has the number one.
    pub(super) fn line(&self, name: &str, line: usize) -> Option<&str> {
        self.get(name)?.lines().nth(line.checked_sub(1)?)
    }

    /// Names exactly these texts: sixteen digits that change with any of them.
    pub fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for part in self.texts.iter().flat_map(|(name, text)| [name, text]) {
            // Lengths stand before the parts, so that no two sets of scripts read the same.
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for Sources {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(texts: I) -> Self {
        Self { texts: texts.into_iter().map(|(name, text)| (name.into(), text.into())).collect() }
    }
}

/// The scripts of one folder by name, in order; hidden files and others are left alone.
fn list(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && name.ends_with(".rhai")
            && !name.starts_with('.')
        {
            entries.push((name, entry.path()));
        }
    }
    entries.sort();
    Ok(entries)
}

/// Reads a file that lies below `root` once every link is followed; folders are nothing.
fn read_confined(root: &Path, path: &Path) -> Result<Option<String>, String> {
    let cannot = |error: io::Error| format!("cannot read it: {error}");
    let real = path.canonicalize().map_err(cannot)?;
    if !real.starts_with(root) {
        return Err("it is a link that leads out of the scripts folder".into());
    }
    let about = fs::metadata(&real).map_err(cannot)?;
    if !about.is_file() {
        return Ok(None);
    }
    if about.len() > MAX_BYTES {
        return Err(format!("it has {} bytes; scripts have at most {MAX_BYTES}", about.len()));
    }
    fs::read_to_string(&real).map(Some).map_err(cannot)
}
