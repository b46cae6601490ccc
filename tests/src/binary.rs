//! The binary under test, built when it is missing or out of date.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The `whom` of this tree, with the bundled plugins beside it.
///
/// Tests of one package are not given the binaries of another, so the harness asks cargo, which does
/// nothing when all is up to date.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        // This test is target/<profile>/deps/suite-…; the binary stands two folders above it.
        let test = std::env::current_exe().expect("the path of this test");
        let folder = test.parent().and_then(Path::parent).expect("the profile's folder").to_owned();
        let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
        // The whole workspace with this suite: dependencies then have the features with which the README's
        // command has built them already, and are not built a second time.
        cargo.args(["build", "--quiet", "--workspace", "--lib", "--bins", "--test", "suite"]);
        cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace"));
        if folder.file_name().is_some_and(|name| name == "release") {
            cargo.arg("--release");
        }
        cargo.arg("--target-dir").arg(folder.parent().expect("the target folder"));
        let status = cargo.status().expect("cargo can be started");
        assert!(status.success(), "the binary does not build");
        folder.join(format!("whom{}", std::env::consts::EXE_SUFFIX))
    })
}
