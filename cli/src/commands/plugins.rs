//! `whom plugins`, and the process in which a plugin runs.

use anyhow::Context;
use serde_json::json;
use whom_plugin_host::{Inspected, Launcher, PluginFolder, Refused};

use crate::{
    args::PluginsCommand,
    exit::Exit,
    house::PluginPlaces,
    meant::Meant,
    problem::Outcome,
    settings::SettingsFile,
    table::{Column, Columns},
};

/// Serves one plugin where this process was started for that, and then never returns.
pub(crate) fn plugin_host() {
    #[cfg(unix)]
    {
        let mut args = std::env::args_os().skip(1);
        if args.next().is_some_and(|command| command == "plugin-host") {
            whom_plugin_host::plugin_host_main(args);
        }
    }
}

pub(super) async fn run(command: PluginsCommand, meant: &Meant) -> Outcome {
    let PluginsCommand::List = command;
    let folder = meant.folder()?;
    let settings = SettingsFile::read(None, &folder.settings())?;
    let launcher = Launcher::of_this_program().context("plugins cannot be started")?;
    let places = PluginPlaces::of(folder, &settings);
    let found = PluginFolder::new([places.bundled, places.added].concat()).find(&launcher).await;
    let output = &meant.output;
    if output.is_json() {
        output.line(json!({ "items": found.iter().map(as_json).collect::<Vec<_>>() }).to_string())?;
        return Ok(Exit::Done);
    }
    let columns = [
        Column::Whole("plugin"),
        Column::Text("name"),
        Column::Whole("version"),
        Column::Text("reaches"),
        Column::Text("confined by"),
    ];
    let mut table = Columns::new(output, &columns);
    for plugin in found.iter().flatten() {
        let about = &plugin.manifest;
        table.row([&about.id, &about.name, &about.version, &about.reaches.join(", "), &plugin.confined]);
    }
    if !table.is_empty() {
        output.line(table.text())?;
    }
    for refused in found.iter().filter_map(|found| found.as_ref().err()) {
        output.warn(output.paint.red(format!("refused: {}", refused.why)));
    }
    if found.is_empty() {
        output
            .note("There are no plugins: neither beside the binary nor in the folder `plugins` of the data.");
    }
    let is_sound = found.iter().all(Result::is_ok);
    Ok(if is_sound { Exit::Done } else { Exit::Partly })
}

fn as_json(found: &Result<Inspected, Refused>) -> serde_json::Value {
    match found {
        Ok(plugin) => json!({
            "id": plugin.manifest.id,
            "name": plugin.manifest.name,
            "version": plugin.manifest.version,
            "reaches": plugin.manifest.reaches,
            "file": plugin.file,
            "sha256": plugin.sha256,
            "confined": plugin.confined,
        }),
        Err(refused) => json!({ "file": refused.file, "refused": refused.why }),
    }
}
