//! What the tree must never become: new edges between crates, clocks and sockets in the core, and the like.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn rust_files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                found.extend(rust_files(&path));
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// The packages of the workspace that each package names in its manifest, for building or for its tests.
fn edges() -> BTreeMap<String, BTreeSet<String>> {
    let folders =
        ["core", "plugins/abi", "plugins/sdk", "plugins/host", "plugins/gravatar", "server", "cli", "tests"];
    folders
        .iter()
        .map(|folder| {
            let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).expect(folder);
            let name = manifest.lines().find_map(|line| line.strip_prefix("name = ")).expect("a name");
            let named = manifest
                .lines()
                .map(|line| line.split(['.', ' ', '=']).next().unwrap_or_default())
                .filter(|word| word.starts_with("whom-"))
                .map(str::to_owned)
                .collect();
            (name.trim_matches('"').to_owned(), named)
        })
        .collect()
}

#[test]
fn crates_depend_on_each_other_as_the_design_says_and_no_further() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("whom-core", &[][..]),
        ("whom-plugin-abi", &[]),
        ("whom-plugin", &["whom-plugin-abi"]),
        ("whom-plugin-host", &["whom-plugin-abi", "whom-plugin", "whom-core"]),
        ("whom-plugin-gravatar", &["whom-plugin", "whom-plugin-host"]),
        ("whom-server", &["whom-core", "whom-plugin-host"]),
        ("whom-cli", &["whom-core", "whom-server", "whom-plugin-host"]),
        (
            "whom-tests",
            &[
                "whom-core",
                "whom-server",
                "whom-cli",
                "whom-plugin-host",
                "whom-plugin",
                "whom-plugin-gravatar",
            ],
        ),
    ]);
    for (package, named) in edges() {
        let allowed =
            allowed.get(package.as_str()).unwrap_or_else(|| panic!("{package} is new: say what it may use"));
        for other in named {
            assert!(allowed.contains(&other.as_str()), "{package} must not depend on {other}");
        }
    }
}

/// The part of a file that is not its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn the_core_reads_no_clock_and_opens_no_socket() {
    let forbidden = [
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "std::net",
        "tokio::net",
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "reqwest",
    ];
    for file in rust_files(&root().join("core/src")) {
        let text = fs::read_to_string(&file).expect("a readable file");
        for word in forbidden {
            assert!(!without_tests(&text).contains(word), "{} uses {word}", file.display());
        }
    }
    let entry = fs::read_to_string(root().join("core/src/lib.rs")).expect("the core");
    assert!(entry.contains("#![forbid(unsafe_code)]"));
}

#[test]
fn unsafe_code_stands_in_the_plugin_boundary_alone() {
    let at_home = ["plugins/abi", "plugins/sdk", "plugins/host"];
    for folder in ["core", "server", "cli", "tests", "plugins/gravatar"] {
        for file in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&file).expect("a readable file");
            let allows = concat!("allow(", "unsafe_code)");
            assert!(!text.contains(allows), "{} allows unsafe code; only {at_home:?} may", file.display());
        }
    }
}

#[test]
fn scripts_holds_rhai_and_data_alone() {
    fn walk(folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path);
            } else {
                let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
                assert!(["rhai", "json", "csv", "md"].contains(&ending), "{} is no script", path.display());
            }
        }
    }
    walk(&root().join("scripts"));
}

#[test]
fn no_file_holds_more_than_its_idea() {
    for folder in ["core", "plugins", "server", "cli", "tests"] {
        for file in rust_files(&root().join(folder)) {
            let lines = fs::read_to_string(&file).expect("a readable file").lines().count();
            assert!(lines <= 700, "{} has {lines} lines: it holds more than one idea", file.display());
        }
    }
}
