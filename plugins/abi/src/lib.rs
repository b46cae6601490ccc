//! The C contract between Whom and a plugin.
//!
//! A plugin is a shared library with one exported data symbol, [`SYMBOL`], of type [`Plugin`].
//! Everything that changes over time (hooks, fields, services) is a *name* or a JSON *field*;
//! these four structs only ever grow at the end. `include/whom_plugin.h` says the same in C.
//!
//! # Rules
//!
//! - **Nothing is freed across the boundary.** Bytes are lent for one call; answers go through a
//!   [`Reply`], whose owner copies before `put` returns.
//! - **The prefix is for ever.** `magic`, `size`, `abi_major` and `abi_minor` keep their place in
//!   every major version, so that every refusal can be precise.
//! - **Growth.** A new field at the end raises the minor version, and whoever reads it looks at
//!   `size` first. A changed meaning raises the major version.
//! - **Nothing unwinds.** Both sides catch their own panics.
//! - **Libraries are never closed.** A new version of a plugin is a new process.
#![no_std]

use core::ffi::c_void;

/// Version of the contract whose meaning has to be the same on both sides.
pub const ABI_MAJOR: u16 = 1;
/// Version of the contract up to which fields have been added.
pub const ABI_MINOR: u16 = 1;
/// What the table behind [`SYMBOL`] starts with.
pub const MAGIC: [u8; 8] = *b"WHOMPLUG";
/// Name of the exported table, as a linker writes it.
pub const SYMBOL: &str = "WHOM_PLUGIN";
/// Size of [`Plugin`] in version 1.0. A shorter table is refused.
pub const PLUGIN_SIZE_1_0: usize = core::mem::offset_of!(Plugin, close) + core::mem::size_of::<usize>();
/// Size of [`Host`] in version 1.0, before `cancelled`.
pub const HOST_SIZE_1_0: usize = core::mem::offset_of!(Host, cancelled);

/// What a call returns when the reply holds its result.
pub const OK: i32 = 0;
/// What a call returns when the reply holds an error object `{"kind": …, "message": …}`.
pub const ERROR: i32 = 1;

/// UTF-8 text that is lent for the length of one call.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Bytes {
    /// First byte. May be anything, also null, when `len` is 0.
    pub ptr: *const u8,
    /// Number of bytes.
    pub len: usize,
}

impl Bytes {
    /// Lends `text`.
    #[must_use]
    pub const fn of(text: &str) -> Self {
        Self { ptr: text.as_ptr(), len: text.len() }
    }
}

/// Where a callee puts its answer.
///
/// Owned by the caller. The callee calls `put` at most once, on the thread it was called on and
/// before it returns; the caller copies the bytes inside `put`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Reply {
    /// Handed back to `put` unchanged.
    pub ctx: *mut c_void,
    /// Takes the answer: one JSON value in UTF-8.
    pub put: unsafe extern "C" fn(ctx: *mut c_void, answer: Bytes),
}

/// What the loader offers a plugin.
///
/// Owned by the loader; lives from before `open` until `close` has returned.
#[derive(Debug)]
#[repr(C)]
pub struct Host {
    /// Size of this struct as the loader knows it, in bytes.
    pub size: u32,
    /// The loader's [`ABI_MAJOR`].
    pub abi_major: u16,
    /// The loader's [`ABI_MINOR`].
    pub abi_minor: u16,
    /// Handed back to the functions below unchanged.
    pub ctx: *const c_void,
    /// Asks the server for something by name: `http`, `log`, `cache_get`, `now` …
    ///
    /// `call` is the number of the plugin call this belongs to; a question outside a call is
    /// refused. Blocks until the answer is there. May be called from any thread. Returns [`OK`]
    /// or [`ERROR`], and puts the result or the error object into `reply`.
    pub call: unsafe extern "C" fn(
        ctx: *const c_void,
        call: u64,
        method: Bytes,
        params: Bytes,
        reply: Reply,
    ) -> i32,
    /// Whether nobody waits for this call any more (1) or somebody does (0). From any thread.
    ///
    /// Since 1.1: look at `size` before reading this field.
    pub cancelled: Option<unsafe extern "C" fn(ctx: *const c_void, call: u64) -> u8>,
}

/// What a plugin exports under [`SYMBOL`].
///
/// A constant of the library: never written to, never freed.
#[derive(Debug)]
#[repr(C)]
pub struct Plugin {
    /// Always [`MAGIC`].
    pub magic: [u8; 8],
    /// Size of this struct as the plugin knows it, in bytes.
    pub size: u32,
    /// The plugin's [`ABI_MAJOR`].
    pub abi_major: u16,
    /// The plugin's [`ABI_MINOR`].
    pub abi_minor: u16,
    /// Puts the manifest, a JSON object, into `reply`. Called first, on one thread; has no effect.
    pub manifest: unsafe extern "C" fn(reply: Reply) -> i32,
    /// Makes an instance from `settings`, a JSON object.
    ///
    /// Called at most once per process. Null means failure, with the error object in `reply`.
    /// The instance belongs to the plugin; the loader only hands it back.
    pub open: unsafe extern "C" fn(host: *const Host, settings: Bytes, reply: Reply) -> *mut c_void,
    /// Runs the hook `method`. Called from up to eight threads at once, with a different `call`
    /// each. Returns [`OK`] or [`ERROR`], and puts the result or the error object into `reply`.
    pub call: unsafe extern "C" fn(
        instance: *mut c_void,
        call: u64,
        method: Bytes,
        params: Bytes,
        reply: Reply,
    ) -> i32,
    /// Ends an instance. Called at most once, after the last `call` has returned; a process that
    /// is killed never gets here.
    pub close: unsafe extern "C" fn(instance: *mut c_void),
}

// The layout is the contract: on 64-bit machines these numbers stand for ever.
#[cfg(target_pointer_width = "64")]
const _: () = {
    use core::mem::{offset_of, size_of};
    assert!(size_of::<Bytes>() == 16);
    assert!(size_of::<Reply>() == 16);
    assert!(size_of::<Host>() == 32);
    assert!(HOST_SIZE_1_0 == 24);
    assert!(size_of::<Plugin>() == 48);
    assert!(offset_of!(Plugin, magic) == 0);
    assert!(offset_of!(Plugin, size) == 8);
    assert!(offset_of!(Plugin, abi_major) == 12);
    assert!(offset_of!(Plugin, abi_minor) == 14);
    assert!(offset_of!(Host, size) == 0);
    assert!(offset_of!(Host, abi_major) == 4);
    assert!(offset_of!(Host, abi_minor) == 6);
};
