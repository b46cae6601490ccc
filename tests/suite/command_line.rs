//! What agents and admins do in the pages, done from the command line, without a server.

use std::path::Path;

use serde_json::Value;
use whom_tests::whom;

/// A folder with Ana and Ben in it.
fn people() -> tempfile::TempDir {
    let folder = whom_tests::folder();
    for (first, last, email) in [("Ana", "Flores", "ana@example.org"), ("Ben", "Okafor", "ben@example.org")] {
        let assignments =
            [format!("first_name={first}"), format!("last_name={last}"), format!("email={email}")];
        let [first, last, email] = assignments.each_ref().map(String::as_str);
        whom(folder.path(), &["create", first, last, email]).good();
    }
    folder
}

fn json(data: &Path, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.push("--json");
    whom(data, &all).good().json()
}

#[test]
fn a_task_is_added_listed_done_and_opened_again() {
    let folder = people();
    let data = folder.path();
    whom(data, &["user", "add", "mia@example.org"]).good();
    let task = json(
        data,
        &["task", "add", "ana@example.org", "Call", "back", "--due", "today", "--for", "mia@example.org"],
    );
    let id = task["id"].as_str().unwrap();
    json(data, &["task", "add", "ben@example.org", "Send the invoice", "--due", "2999-01-01"]);

    let due = whom(data, &["task", "list", "due"]).good().out;
    assert!(due.contains("Call back") && due.contains("Ana Flores") && due.contains("today, "), "{due}");
    assert!(!due.contains("invoice"), "{due}");
    assert!(whom(data, &["task", "list", "nobody"]).good().out.contains("invoice"));
    let hers = whom(data, &["task", "list", "--for", "mia@example.org"]).good().out;
    assert!(hers.contains("Call back") && !hers.contains("invoice"), "{hers}");
    assert!(whom(data, &["task", "list", "--of", "ana@example.org"]).good().out.contains("Call back"));

    assert!(whom(data, &["task", "done", id]).good().out.contains("done just now"));
    assert!(!whom(data, &["task", "list"]).good().out.contains("Call back"));
    assert!(whom(data, &["task", "list", "done"]).good().out.contains("Call back"));
    whom(data, &["task", "reopen", id]).good();
    let edited =
        json(data, &["task", "edit", id, "--title", "Call her", "--due", "never", "--for", "nobody"]);
    assert_eq!(
        (&edited["title"], &edited["due"], &edited["assignee"]),
        (&"Call her".into(), &Value::Null, &Value::Null)
    );
    whom(data, &["task", "remove", id]).good();
    assert!(!whom(data, &["task", "list"]).good().out.contains("Call her"));

    assert_eq!(whom(data, &["task", "add", "ana@example.org", "x", "--due", "soon"]).code, 2);
    assert_eq!(whom(data, &["task", "add", "ana@example.org", "x", "--for", "ghost@example.org"]).code, 2);
    assert_eq!(whom(data, &["task", "done", "t_0000000000000000"]).code, 3);
}

#[test]
fn an_account_is_made_by_name_and_who_belongs_to_it_can_be_taken_back() {
    let folder = people();
    let data = folder.path();
    whom(data, &["account", "create", "Acme Tents", "domain=acme.example", "seats=12"]).good();
    whom(data, &["account", "create", "Acme Boots"]).good();
    assert_eq!(whom(data, &["account", "show", "acme"]).code, 2, "two begin so");
    assert_eq!(whom(data, &["account", "show", "nobody's"]).code, 3);

    let linked = json(data, &["account", "link", "ana@example.org", "acme tents"]);
    whom(data, &["account", "note", "Acme Tents", "Pays late,", "but pays"]).good();
    whom(data, &["account", "set", "Acme Tents", "seats=20", "name=Acme Tents Ltd"]).good();
    let shown = whom(data, &["account", "show", "tents"]).good().out;
    for part in ["Acme Tents Ltd", "acme.example", "20", "Ana Flores", "Pays late, but pays"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    whom(data, &["account", "undo", "ana@example.org", linked["entry"].as_str().unwrap()]).good();
    assert!(!whom(data, &["account", "show", "tents"]).good().out.contains("Ana Flores"));
    assert!(whom(data, &["account", "list", "boots"]).good().out.contains("Acme Boots"));
}

#[test]
fn a_merge_is_looked_at_with_what_is_kept_then_done_and_undone() {
    let folder = people();
    let data = folder.path();
    for (who, company) in [("ana@example.org", "company=Acme"), ("ben@example.org", "company=Acme GmbH")] {
        whom(data, &["set", who, company]).good();
    }
    let pair = ["ben@example.org", "ana@example.org", "--keep", "company=Acme"];
    let compared = whom(data, &[&["compare"], &pair[..]].concat()).good().out;
    assert!(compared.contains("Acme GmbH") && compared.contains("whom merge"), "{compared}");
    assert_eq!(whom(data, &["compare", "ben@example.org", "ben@example.org"]).code, 4);
    let merged = json(data, &[&["merge"], &pair[..]].concat());
    let company = || json(data, &["why", "ana@example.org", "company"])["values"].clone();
    assert_eq!(company(), serde_json::json!(["Acme"]));
    whom(data, &["unmerge", merged["id"].as_str().unwrap()]).good();
    assert!(whom(data, &["show", "ben@example.org"]).good().out.contains("Acme GmbH"));

    whom(data, &["apart", "ana@example.org", "ben@example.org"]).good();
    whom(data, &["apart", "ana@example.org", "ben@example.org", "--undo"]).good();
    whom(data, &["duplicates"]).good();
}

#[test]
fn what_is_shown_is_pinned_hidden_and_given_back_to_the_rules() {
    let folder = people();
    let data = folder.path();
    let event = r#"{"type":"identify","messageId":"1","userId":"7","traits":{"email":"ana@example.org","company":"Acme GmbH","avatar":"https://pictures.example/ana.png"}}"#;
    std::fs::write(data.join("one.jsonl"), event).unwrap();
    let file = data.join("one.jsonl");
    whom(data, &["ingest", file.to_str().unwrap()]).good();
    whom(data, &["set", "ana@example.org", "company=Acme"]).good();
    let company = || json(data, &["why", "ana@example.org", "company"])["values"].clone();
    assert_eq!(company(), serde_json::json!(["Acme"]));
    whom(data, &["pin", "ana@example.org", "company", "acme gmbh"]).good();
    assert_eq!(company(), serde_json::json!(["Acme GmbH"]));
    whom(data, &["pin", "ana@example.org", "company", "--undo"]).good();
    assert_eq!(company(), serde_json::json!(["Acme"]));
    whom(data, &["hide", "ana@example.org", "company", "Acme"]).good();
    assert_eq!(company(), serde_json::json!(["Acme GmbH"]));
    whom(data, &["hide", "ana@example.org", "company", "Acme", "--undo"]).good();
    assert_eq!(whom(data, &["pin", "ana@example.org", "company", "Umbrella"]).code, 2);

    let id = json(data, &["show", "ana@example.org"])["id"].as_str().unwrap().to_owned();
    assert!(whom(data, &["photo", "clear", &id]).good().out.contains("taken away"));
    assert!(whom(data, &["photo", "clear", &id]).good().out.contains("no photo"));
    // A provider or an application that offers it again does not bring it back.
    std::fs::write(&file, event.replace("\"1\"", "\"2\"")).unwrap();
    whom(data, &["ingest", file.to_str().unwrap()]).good();
    let photo = || {
        let fields = json(data, &["show", &id])["fields"].as_array().unwrap().clone();
        fields
            .iter()
            .find(|field| field["key"] == "photo")
            .map(|field| field["values"].as_array().unwrap().len())
    };
    assert_eq!(photo().unwrap_or_default(), 0);
    assert!(whom(data, &["photo", "restore", &id]).good().out.contains("shown again"));
    assert_eq!(photo(), Some(1));
}

#[test]
fn somebody_is_related_from_both_sides() {
    let folder = people();
    let data = folder.path();
    let made = json(data, &["relate", "add", "ana@example.org", "assistant", "ben@example.org"]);
    let hers = whom(data, &["relation", "list", "ana@example.org"]).good().out;
    assert!(hers.contains("assistant") && hers.contains("Ben Okafor"), "{hers}");
    assert!(whom(data, &["relation", "list", "ben@example.org"]).good().out.contains("Ana Flores"));
    let id = made["id"].as_str().unwrap();
    whom(data, &["relation", "remove", "ana@example.org", id]).good();
    assert!(!whom(data, &["relation", "list", "ben@example.org"]).good().out.contains("Ana Flores"));
    whom(data, &["relation", "restore", "ana@example.org", id]).good();
    assert!(whom(data, &["relation", "list", "ben@example.org"]).good().out.contains("Ana Flores"));
}

#[test]
fn a_person_is_written_down_for_whoever_asks_for_it() {
    let folder = people();
    let data = folder.path();
    let whole = whom(data, &["export", "ana@example.org"]).good().json();
    assert_eq!(whole["profile"]["name"], "Ana Flores");
    assert!(whole["properties"].as_array().is_some_and(|all| !all.is_empty()));
    let card = data.join("ana.vcf");
    let arguments = ["export", "ana@example.org", "--format", "vcard", "--to", card.to_str().unwrap()];
    whom(data, &arguments).good();
    assert!(std::fs::read_to_string(&card).unwrap().contains("EMAIL:ana@example.org"));
    assert_eq!(whom(data, &arguments).code, 1, "nothing is written over");
    assert_eq!(whom(data, &["export", "nobody@example.org"]).code, 3);
}

#[test]
fn somebody_is_invited_and_the_audit_log_says_so() {
    let folder = people();
    let data = folder.path();
    let made = whom(data, &["user", "invite", "mia@example.org", "--role", "read-only"]).good().out;
    assert!(made.contains("/invitation") || made.contains("http"), "{made}");
    let open = json(data, &["user", "invitations"]);
    let id = open["items"][0]["id"].as_str().unwrap();
    assert!(whom(data, &["user", "invitations"]).good().out.contains("join as read-only"));
    whom(data, &["user", "withdraw", id]).good();
    assert!(whom(data, &["user", "invitations"]).good().out.contains("No invitation is open"));
    whom(data, &["user", "add", "jo@example.org"]).good();
    whom(data, &["user", "disable", "jo@example.org"]).good();
    assert!(whom(data, &["user", "list"]).good().out.contains("nothing, disabled"));

    let log = whom(data, &["audit", "--who", "local"]).good().out;
    assert!(log.contains("person:jo@example.org"), "{log}");
    assert_eq!(whom(data, &["audit", "--since", "yesterday"]).code, 2);
}

#[test]
fn a_list_is_saved_under_a_name_and_used_by_a_bulk_action() {
    let folder = people();
    let data = folder.path();
    whom(data, &["set", "ana@example.org", "tier=pro"]).good();
    let saved = json(data, &["segment", "save", "Paying", "--filter", "tier:pro", "--shared"]);
    let id = saved["id"].as_str().unwrap();
    let list = whom(data, &["segment", "list"]).good().out;
    assert!(list.contains("Paying") && list.contains("tier:pro"), "{list}");
    whom(data, &["bulk", "tag", "vip", "--segment", id]).good();
    assert!(whom(data, &["show", "ana@example.org"]).good().out.contains("vip"));
    assert!(!whom(data, &["show", "ben@example.org"]).good().out.contains("vip"));
    whom(data, &["segment", "remove", id]).good();
    assert!(!whom(data, &["segment", "list"]).good().out.contains("Paying"));
}

#[test]
fn what_the_file_of_settings_decides_counts_without_a_server_too() {
    let folder = people();
    let data = folder.path();
    assert_eq!(
        whom(data, &["create", "phone=030 23125 200"]).code,
        2,
        "no country says what the number means"
    );
    std::fs::write(data.join("whom.toml"), "country = \"DE\"\n").unwrap();
    let made = json(data, &["create", "phone=030 23125 200"]);
    assert!(made["contacts"].to_string().contains("+493023125200"), "{made}");
}
