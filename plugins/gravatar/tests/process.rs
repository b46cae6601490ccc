//! The real Gravatar library in its real process, against a server with the real answers.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod stand_in;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use whom_plugin_host::{
    Claim, Failure, Gate, Launcher, Outcome, Person, PluginFolder, PluginHandle, PluginSpec, Policy,
    ReqwestClient, SaidKind, Why, inspect, split_secrets,
};

use stand_in::{Notes, StandIn};

const ALEX: &str = r#"{"hash":"84059b07d4be67b806386c0aad8070a23f18836bbaae342275dc0a83414c32ee","display_name":"Alex Morgan","profile_url":"https://gravatar.com/example","avatar_url":"https://0.gravatar.com/avatar/84059b07","avatar_alt_text":"","location":"New York, USA","description":"","job_title":"Landscape Architect","company":"ACME Corp","verified_accounts":[{"service_type":"github","service_label":"GitHub","service_icon":"https://gravatar.com/icons/github.svg","url":"https://github.com/example","is_hidden":false}],"pronunciation":"","pronouns":"She/They"}"#;
const NOBODY: &str = r#"{"error":"Profile not found","code":"not_found"}"#;
const TOO_MANY: &str = r#"{"error":"Rate limit exceeded","code":"rate_limit_exceeded"}"#;

fn alex() -> Person {
    let mut person = Person { id: "p1".into(), ..Person::default() };
    person.properties.insert("email".into(), vec!["MyEmailAddress@example.com ".into()]);
    person.properties.insert("phone".into(), vec!["+15550100".into()]);
    person
}

/// A file that cargo built beside this test.
fn built(path: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let file = test.parent().unwrap().parent().unwrap().join(path);
    assert!(file.exists(), "{path} is not built; `cargo test -p whom-plugin-gravatar` builds it");
    file
}

fn library() -> PathBuf {
    built("deps/libgravatar.so")
}

fn launcher() -> Launcher {
    Launcher::new(built("examples/gravatar_host"), [""; 0])
}

async fn gravatar(server: &StandIn) -> (PluginHandle, Arc<Notes>) {
    let plugin = inspect(&library(), &launcher()).await.unwrap();
    let settings = json!({ "address": server.address, "api_key": "s3cret" });
    let split = split_secrets(&plugin.manifest.settings, &settings, &plugin.manifest.reveals);
    let notes = Arc::new(Notes::default());
    let gate = Arc::new(Gate::new(Arc::new(ReqwestClient::new()), notes.clone()));
    let policy =
        Policy::reaching(&plugin.manifest.reaches).allow_local(&server.address).with_secrets(split.secrets);
    gate.allow("gravatar", policy);
    let spec = PluginSpec::library("gravatar", &plugin.file, split.settings).pinned(plugin.sha256);
    (PluginHandle::new(spec, launcher(), gate), notes)
}

#[tokio::test]
async fn a_profile_is_filled_and_the_ledger_says_what_left() {
    let server = StandIn::answering(200, "content-type: application/json\r\n", ALEX).await;
    let (plugin, notes) = gravatar(&server).await;
    let outcome = plugin.enrich(&alex(), &Why::rule("new conversation")).await.unwrap();
    let Outcome::Found { claims } = outcome else { panic!("{outcome:?}") };
    let value = |property: &str| -> Vec<&Value> {
        claims.iter().filter(|claim| claim.property == property).map(|claim| &claim.value).collect()
    };
    assert_eq!(value("name"), ["Alex Morgan"]);
    assert_eq!(value("company"), ["ACME Corp"]);
    assert_eq!(value("photo"), ["https://0.gravatar.com/avatar/84059b07?s=256&d=404"]);
    assert!(value("about").is_empty(), "absent is not empty");
    let account: &Claim = claims.iter().find(|claim| claim.property == "social_profiles").unwrap();
    assert_eq!(
        (&account.value, account.label.as_deref()),
        (&json!("https://github.com/example"), Some("GitHub"))
    );

    let request = server.requests.lock().unwrap()[0].clone();
    assert!(request.starts_with(
        "GET /v3/profiles/84059b07d4be67b806386c0aad8070a23f18836bbaae342275dc0a83414c32ee HTTP/1.1\r\n"
    ));
    assert!(request.contains("authorization: Bearer s3cret\r\n"), "{request}");
    let left = notes.0.lock().unwrap().clone();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].plugin.as_str(), left[0].host.as_str()), ("gravatar", "127.0.0.1"));
    assert_eq!(left[0].person.as_deref(), Some("p1"));
    assert_eq!(left[0].properties, ["email"]);
    assert_eq!(left[0].rule, "new conversation");

    // The second look comes from the cache: nothing leaves.
    plugin.enrich(&alex(), &Why::rule("check now")).await.unwrap();
    assert_eq!((server.requests.lock().unwrap().len(), notes.0.lock().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn an_unknown_address_is_nobody() {
    let server = StandIn::answering(404, "", NOBODY).await;
    let (plugin, _) = gravatar(&server).await;
    assert_eq!(plugin.enrich(&alex(), &Why::rule("test")).await.unwrap(), Outcome::Nobody);
}

#[tokio::test]
async fn a_reached_limit_is_later() {
    let reset = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 90;
    let server = StandIn::answering(429, &format!("X-RateLimit-Reset: {reset}\r\n"), TOO_MANY).await;
    let (plugin, _) = gravatar(&server).await;
    let failure = plugin.enrich(&alex(), &Why::rule("test")).await.unwrap_err();
    let Failure::Said(said) = failure else { panic!("{failure:?}") };
    assert_eq!(said.kind, SaidKind::Later);
    let seconds = said.after().unwrap().as_secs();
    assert!((80..=90).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_wrong_setting_is_shown_at_its_field_and_can_be_corrected() {
    let server = StandIn::answering(404, "", NOBODY).await;
    let (plugin, _) = gravatar(&server).await;
    let spec = |settings: Value| PluginSpec::library("gravatar", library(), settings);
    plugin.replace(spec(json!({ "picture_size": 3 }))).await;
    let Err(Failure::Said(said)) = plugin.manifest().await else { panic!("not said") };
    assert_eq!((said.kind, said.field.as_deref()), (SaidKind::Settings, Some("picture_size")));
    plugin.replace(spec(json!({ "picture_size": 64 }))).await;
    assert_eq!(plugin.manifest().await.unwrap().id, "gravatar");
}

#[tokio::test]
async fn the_folder_holds_it_with_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("libgravatar.so");
    std::fs::copy(library(), &file).unwrap();
    std::fs::write(folder.path().join("libother.so"), "no library at all").unwrap();
    std::fs::write(folder.path().join("libpretends.so"), "WHOM_PLUGIN, says this text").unwrap();
    let found = PluginFolder::new([folder.path(), "/there/is/none".as_ref()]).find(&launcher()).await;
    let plugin = found[0].as_ref().unwrap();
    assert_eq!((plugin.manifest.id.as_str(), plugin.confined.as_str()), ("gravatar", "landlock + seccomp"));
    assert_eq!(plugin.sha256.len(), 64);
    assert_eq!(plugin.manifest.reaches, ["api.gravatar.com"]);
    let refused = found[1].as_ref().unwrap_err();
    assert!(refused.why.starts_with("libpretends.so cannot be loaded: "), "{}", refused.why);
    assert_eq!(found.len(), 2);
}
