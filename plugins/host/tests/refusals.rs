//! A library that cannot be used is refused with a sentence that says why and what to do; and a
//! plugin in C or in a script is a plugin like any other.
//!
//! Needs a compiler for C; without one the tests pass without looking.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{ask, gate, launcher, person, quick};
use serde_json::json;
use whom_plugin_host::{Failure, PluginHandle, PluginSpec, Policy, State, inspect};

const PLUGIN_IN_C: &str = r#"
#include "whom_plugin.h"
#include <string.h>
#include <stdlib.h>

static const whom_host *host;
static whom_bytes text(const char *t) { whom_bytes b = {(const uint8_t *)t, strlen(t)}; return b; }
static int32_t manifest(whom_reply r) {
    r.put(r.ctx, text("{\"id\":\"in-c\",\"name\":\"In C\",\n \"hooks\":[{\"on\":\"enrich\",\"reads\":[\"name\"],\"writes\":[\"notes\"]}]}"));
    return WHOM_OK;
}
static void *start(const whom_host *h, whom_bytes s, whom_reply r) { (void)s; (void)r; host = h; return (void *)&host; }
static void keep(void *ctx, whom_bytes b) { char **slot = ctx; *slot = calloc(b.len + 1, 1); memcpy(*slot, b.ptr, b.len); }
static int32_t call(void *i, uint64_t id, whom_bytes m, whom_bytes p, whom_reply r) {
    (void)i; (void)m; (void)p;
    char *now = 0, out[200];
    whom_reply into = {&now, keep};
    int32_t code = host->call(host->ctx, id, text("now"), text("{}"), into);
    strcpy(out, code == WHOM_OK && strlen(now) == 13
        ? "[{\"property\":\"notes\",\"value\":\"hello from C\",\"confidence\":1}]" : "[]");
    r.put(r.ctx, text(out));
    free(now);
    return WHOM_OK;
}
static void end(void *i) { (void)i; }
const whom_plugin WHOM_PLUGIN = { MAGIC, SIZE, MAJOR, MINOR, manifest, start, call, end };
"#;

/// Compiles a library; `None` without a compiler.
fn library(folder: &Path, name: &str, source: &str, defines: &[&str]) -> Option<PathBuf> {
    let (text, file) = (folder.join(format!("{name}.c")), folder.join(format!("{name}.so")));
    std::fs::write(&text, source).unwrap();
    let include = concat!(env!("CARGO_MANIFEST_DIR"), "/../abi/include");
    let done = Command::new("cc")
        .args(["-shared", "-fPIC", "-w", "-I", include])
        .args(defines)
        .arg("-o")
        .arg(&file)
        .arg(&text)
        .output()
        .ok()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(file)
}

fn plugin(folder: &Path, name: &str, defines: [&str; 4]) -> Option<PathBuf> {
    library(folder, name, PLUGIN_IN_C, &defines)
}

const MAGIC: &str = "-DMAGIC=WHOM_MAGIC";
const SIZE: &str = "-DSIZE=sizeof(whom_plugin)";

async fn why(file: &Path) -> String {
    inspect(file, &launcher()).await.unwrap_err().why
}

#[tokio::test]
async fn every_refusal_says_why_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let Some(newer) = plugin(at, "newer", [MAGIC, SIZE, "-DMAJOR=2", "-DMINOR=1"]) else { return };
    assert_eq!(
        why(&newer).await,
        "newer.so was built for plugin ABI 2.1; this version of whom speaks 1.1 — update whom, or use an older release of the plugin"
    );
    let older = plugin(at, "older", [MAGIC, SIZE, "-DMAJOR=0", "-DMINOR=1"]).unwrap();
    assert_eq!(
        why(&older).await,
        "older.so was built for plugin ABI 0.1; this version of whom speaks 1.1 — rebuild the plugin with a current SDK"
    );
    let short = plugin(at, "short", [MAGIC, "-DSIZE=16", "-DMAJOR=1", "-DMINOR=0"]).unwrap();
    assert_eq!(why(&short).await, "short.so declares a table of 16 bytes; ABI 1.0 has at least 48");
    let other = plugin(at, "other", ["-DMAGIC={1,2,3}", SIZE, "-DMAJOR=1", "-DMINOR=0"]).unwrap();
    assert_eq!(
        why(&other).await,
        "other.so is not a whom plugin: its WHOM_PLUGIN symbol does not start with the right bytes"
    );
    let none = library(at, "none", "int nothing;", &[]).unwrap();
    assert_eq!(why(&none).await, "none.so is not a whom plugin: it has no symbol WHOM_PLUGIN");
    let lost = library(at, "lost", "int nowhere(void); int here(void) { return nowhere(); }", &[]).unwrap();
    let said = why(&lost).await;
    assert!(
        said.starts_with("lost.so cannot be loaded: ") && said.contains("undefined symbol: nowhere"),
        "{said}"
    );
    std::fs::write(at.join("text.so"), "no library").unwrap();
    let said = why(&at.join("text.so")).await;
    assert!(said.starts_with("text.so cannot be loaded: "), "{said}");
    let said = why(&at.join("missing.so")).await;
    assert!(said.starts_with("missing.so cannot be read: "), "{said}");
    let early = "#include <stdlib.h>\n__attribute__((constructor)) void early(void) { abort(); }";
    let early = library(at, "early", early, &[]).unwrap();
    assert_eq!(why(&early).await, "early.so ended before it said what it is: aborted (SIGABRT)");
}

#[tokio::test]
async fn older_and_newer_minor_versions_run() {
    let folder = tempfile::tempdir().unwrap();
    for minor in ["-DMINOR=0", "-DMINOR=7"] {
        let Some(file) = plugin(folder.path(), "minor", [MAGIC, "-DSIZE=64", "-DMAJOR=1", minor]) else {
            return;
        };
        assert_eq!(inspect(&file, &launcher()).await.unwrap().manifest.id, "in-c");
    }
}

#[tokio::test]
async fn a_plugin_in_c_is_a_plugin_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let Some(file) = plugin(folder.path(), "in_c", [MAGIC, SIZE, "-DMAJOR=1", "-DMINOR=1"]) else { return };
    let plugin = PluginHandle::new(PluginSpec::library("in-c", file, json!({})), launcher(), gate().0);
    assert_eq!(ask(&plugin, &person("ada")).await.unwrap(), "hello from C");
}

#[tokio::test]
async fn only_the_file_that_was_confirmed_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("libmisbehaves.so");
    std::fs::copy(common::fixture(), &file).unwrap();
    let pinned = whom_plugin_host::sha256_of(&file).unwrap();
    let spec = PluginSpec::library("misbehaves", &file, json!({ "mode": "" })).pinned(pinned);
    let plugin = PluginHandle::with_timing(spec, launcher(), gate().0, quick());
    ask(&plugin, &person("echo")).await.unwrap();
    plugin.stop().await;
    plugin.lift();
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, "another file").unwrap();
    let Err(Failure::Said(said)) = ask(&plugin, &person("echo")).await else { panic!("it ran") };
    assert!(said.message.contains("is not the file that was confirmed"), "{said}");
    assert!(matches!(plugin.state(), State::Refused(_)));
    assert!(matches!(ask(&plugin, &person("echo")).await, Err(Failure::Unavailable(_))));
}

#[tokio::test]
async fn a_file_that_holds_another_plugin_is_refused() {
    let spec = PluginSpec::library("another", common::fixture(), json!({}));
    let plugin = PluginHandle::new(spec, launcher(), gate().0);
    let failure = plugin.manifest().await.unwrap_err();
    assert_eq!(failure.to_string(), "the file holds the plugin `misbehaves`, not `another`");
}

#[tokio::test]
async fn a_panic_at_the_start_is_said() {
    let spec = PluginSpec::library("misbehaves", common::fixture(), json!({ "mode": "panic" }));
    let plugin = PluginHandle::new(spec, launcher(), gate().0);
    assert_eq!(plugin.manifest().await.unwrap_err().to_string(), "no start");
    let spec = PluginSpec::library("misbehaves", common::fixture(), json!({}));
    plugin.replace(spec).await;
    assert_eq!(plugin.manifest().await.unwrap_err().to_string(), "missing field `mode`");
}

const PLUGIN_IN_PYTHON: &str = r#"
import json, os, socket, sys

wire = os.fdopen(os.dup(0), "rb+", buffering=0)
lines = os.fdopen(os.dup(0), "r")

def say(**frame):
    wire.write((json.dumps({"jsonrpc": "2.0", **frame}) + "\n").encode())

def tried(deed):
    try:
        deed()
        return "allowed"
    except OSError as error:
        return error.strerror

manifest = {"id": "in-python", "name": "In Python", "hooks": [{"on": "enrich", "reads": ["name"], "writes": ["notes"]}]}
for line in lines:
    frame = json.loads(line)
    method, id = frame.get("method"), frame.get("id")
    if method == "hello":
        say(id=id, result={"protocol": "1.1", "manifest": manifest})
    elif method == "open":
        say(id=id, result=None)
    elif method == "enrich":
        name = frame["params"]["with"]["properties"]["name"][0]
        said = {"hello": lambda: "hello from Python",
                "connect": lambda: tried(lambda: socket.socket()),
                "read": lambda: tried(lambda: open("/etc/passwd")),
                "write": lambda: tried(lambda: open("/tmp/whom-python", "w")),
                "fork": lambda: tried(os.fork)}[name]()
        say(id=id, result=[{"property": "notes", "value": said, "confidence": 1}])
    elif method == "close":
        sys.exit(0)
"#;

#[tokio::test]
async fn a_script_is_a_plugin_too_and_as_confined() {
    let Some(python) =
        ["/usr/bin/python3", "/usr/local/bin/python3"].into_iter().find(|at| Path::new(at).exists())
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("plugin.py");
    std::fs::write(&script, PLUGIN_IN_PYTHON).unwrap();
    let spec = PluginSpec::library("in-python", python, json!({}));
    let spec = PluginSpec { args: Some(vec![script.into()]), ..spec };
    let (gate, _) = gate();
    gate.allow("in-python", Policy::reaching(["example.com"]));
    let plugin = PluginHandle::new(spec, launcher(), gate);
    assert_eq!(ask(&plugin, &person("hello")).await.unwrap(), "hello from Python");
    assert_eq!(ask(&plugin, &person("connect")).await.unwrap(), "Operation not permitted");
    assert_eq!(ask(&plugin, &person("read")).await.unwrap(), "Permission denied");
    assert_eq!(ask(&plugin, &person("write")).await.unwrap(), "Permission denied");
    assert_eq!(ask(&plugin, &person("fork")).await.unwrap(), "Operation not permitted");
}
