//! `whom rules`: what decides, and whether it is sound.

use std::path::Path;

use serde::Deserialize;
use whom_core::rules::{Problem, Rules};

use super::print;
use crate::{
    args::RulesCommand,
    exit::Exit,
    figures::counted,
    house,
    meant::{Meant, Missing},
    problem::Outcome,
    table::{Column, Columns},
};

#[derive(Deserialize)]
struct Shown {
    hash: String,
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Property {
    key: String,
    label: String,
    #[serde(rename = "type")]
    kind: String,
    mode: String,
    #[serde(default)]
    computed: bool,
}

pub(super) async fn run(command: RulesCommand, meant: &Meant) -> Outcome {
    match command {
        RulesCommand::Check { folder } => check(folder.as_deref(), meant),
        RulesCommand::Show => {
            let client = meant.client(Missing::Make).await?;
            let answer = client.get("/v1/rules").await;
            client.close().await?;
            print(&meant.output, &answer?, |shown: Shown| text(meant, &shown))
        }
    }
}

/// Loads a folder of rules as a server would, cases included.
fn check(folder: Option<&Path>, meant: &Meant) -> Outcome {
    let loaded = match folder {
        Some(folder) => Rules::load(folder),
        None => house::rules_of(meant.folder()?),
    };
    match loaded {
        Ok(rules) => {
            if meant.output.is_json() {
                meant.output.line(serde_json::json!({ "hash": rules.hash(), "problems": [] }).to_string())?;
            } else {
                let properties = counted(rules.schema().iter().count() as u64, "property");
                meant.output.line(format!("The rules are sound: {properties}, hash {}.", rules.hash()))?;
            }
            Ok(Exit::Done)
        }
        Err(problems) => {
            if meant.output.is_json() {
                meant.output.line(serde_json::json!({ "problems": problems }).to_string())?;
            } else {
                meant.output.line(problems.iter().map(Problem::in_full).collect::<Vec<_>>().join("\n\n"))?;
                meant.output.warn(format!(
                    "{}; rules that are in force stay in force",
                    counted(problems.len() as u64, "problem")
                ));
            }
            Ok(Exit::Failed)
        }
    }
}

fn text(meant: &Meant, shown: &Shown) -> String {
    let mut table = Columns::new(
        &meant.output,
        &[
            Column::Whole("property"),
            Column::Text("label"),
            Column::Whole("type"),
            Column::Text("written by"),
        ],
    );
    for property in &shown.properties {
        let by = match (property.computed, property.mode.as_str()) {
            (true, _) => "a script",
            (_, "locked") => "its source alone",
            (_, "overridable") => "its source, agents beat it",
            _ => "anybody",
        };
        table.row([&property.key, &property.label, &property.kind.replace('_', " "), by]);
    }
    format!("{}\n\nhash {}", table.text(), shown.hash)
}
