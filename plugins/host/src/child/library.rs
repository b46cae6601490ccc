//! Opens a library and looks at its table before any of its functions run.

use std::error::Error;
use std::mem::ManuallyDrop;
use std::path::Path;

use whom_plugin_abi as abi;

/// The table of a library that this version can work with.
#[derive(Clone, Copy)]
pub(super) struct Table(*const abi::Plugin);

// SAFETY: the table is a constant of a library that is never closed, and its functions may be
// called from any thread as the contract says.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

impl Table {
    /// The table itself; valid as long as the process lives.
    pub(super) fn get(self) -> &'static abi::Plugin {
        // SAFETY: `load` checked the start of the table and its size, and the library is never
        // closed.
        unsafe { &*self.0 }
    }
}

/// Opens a library. The refusal names the file and says what to do.
pub(super) fn load(file: &Path) -> Result<Table, String> {
    let name = file.file_name().unwrap_or(file.as_os_str()).display();
    let library = open(file).map_err(|error| {
        // The library crate's own text is only "dlopen failed".
        let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        format!("{name} cannot be loaded: {why}")
    })?;
    // Never closed: a new version of a plugin is a new process.
    let library = ManuallyDrop::new(library);
    // SAFETY: the symbol is only used as a pointer until its first bytes have been checked.
    let table = unsafe { library.get::<*const abi::Plugin>(abi::SYMBOL.as_bytes()) }
        .map_err(|_| format!("{name} is not a whom plugin: it has no symbol {}", abi::SYMBOL))?;
    let table: *const abi::Plugin = *table;
    check(table).map_err(|why| format!("{name} {why}"))?;
    Ok(Table(table))
}

#[cfg(unix)]
fn open(file: &Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // Now and not lazily: a symbol that is missing shows here, and not later as a crash.
    // SAFETY: runs the constructors of the library, which is why this process is confined.
    unsafe { Library::open(Some(file), RTLD_NOW | RTLD_LOCAL) }.map(Into::into)
}

fn check(table: *const abi::Plugin) -> Result<(), String> {
    let symbol = abi::SYMBOL;
    if table.is_null() || !table.is_aligned() {
        return Err(format!("is not a whom plugin: its symbol {symbol} leads nowhere"));
    }
    // SAFETY: the symbol exists. What lies there is read as bytes up to the checks that tell how
    // much of it there is; a mapped page is longer than the prefix of a table.
    let (magic, size, major, minor) =
        unsafe { ((*table).magic, (*table).size, (*table).abi_major, (*table).abi_minor) };
    if magic != abi::MAGIC {
        return Err(format!("is not a whom plugin: its {symbol} symbol does not start with the right bytes"));
    }
    if major != abi::ABI_MAJOR {
        let remedy = if major > abi::ABI_MAJOR {
            "update whom, or use an older release of the plugin"
        } else {
            "rebuild the plugin with a current SDK"
        };
        return Err(format!(
            "was built for plugin ABI {major}.{minor}; this version of whom speaks {}.{} — {remedy}",
            abi::ABI_MAJOR,
            abi::ABI_MINOR
        ));
    }
    if (size as usize) < abi::PLUGIN_SIZE_1_0 {
        return Err(format!(
            "declares a table of {size} bytes; ABI 1.0 has at least {}",
            abi::PLUGIN_SIZE_1_0
        ));
    }
    Ok(())
}
