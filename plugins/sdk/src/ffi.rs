//! The C side of a plugin: the only place of this crate with `unsafe`. Used through `export!`.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::c_void;
use std::mem::{offset_of, size_of};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use whom_plugin_abi as abi;

use crate::{Error, ErrorKind, Exported, Host, Result, Services};

/// The table that `export!` puts behind the symbol.
#[must_use]
pub const fn table<T: Exported>() -> abi::Plugin {
    abi::Plugin {
        magic: abi::MAGIC,
        // The size of the table is a small constant.
        #[allow(clippy::cast_possible_truncation)]
        size: size_of::<abi::Plugin>() as u32,
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        manifest: manifest::<T>,
        open: open::<T>,
        call: call::<T>,
        close: close::<T>,
    }
}

/// A started plugin together with the host it may ask.
struct Instance<T> {
    plugin: T,
    host: LibraryHost,
}

unsafe extern "C" fn manifest<T: Exported>(reply: abi::Reply) -> i32 {
    let answer = guarded(|| Ok(crate::manifest::<T>().to_string()));
    // SAFETY: `reply` comes from the loader and is valid until this function returns.
    unsafe { put(reply, answer) }
}

unsafe extern "C" fn open<T: Exported>(
    host: *const abi::Host,
    settings: abi::Bytes,
    reply: abi::Reply,
) -> *mut c_void {
    // SAFETY: the loader lends `settings` until this function returns.
    let settings = unsafe { text(settings) };
    let opened = guarded(|| {
        let settings: T::Settings = serde_json::from_str(settings?).map_err(|error| {
            let message = error.to_string();
            let field = message.split('`').nth(1).filter(|_| message.starts_with("missing field"));
            let field = field.map(str::to_owned);
            // Line and column mean nothing to someone who fills in a form.
            let end = message.find(" at line ").unwrap_or(message.len());
            Error::new(ErrorKind::Settings { field }, &message[..end])
        })?;
        let plugin = T::open(settings)?;
        Ok(Box::new(Instance { plugin, host: LibraryHost(host) }))
    });
    match opened {
        Ok(instance) => Box::into_raw(instance).cast(),
        Err(error) => {
            // SAFETY: as above, for `reply`.
            unsafe { put(reply, Err(error)) };
            std::ptr::null_mut()
        }
    }
}

unsafe extern "C" fn call<T: Exported>(
    instance: *mut c_void,
    call: u64,
    method: abi::Bytes,
    params: abi::Bytes,
    reply: abi::Reply,
) -> i32 {
    // SAFETY: `instance` is what `open::<T>` returned, and `close` comes after the last call;
    // only shared references are ever made, and `T` is `Sync`.
    let instance = unsafe { &*instance.cast::<Instance<T>>() };
    // SAFETY: the loader lends both texts until this function returns.
    let (method, params) = unsafe { (text(method), text(params)) };
    let answer = guarded(|| {
        let host = Host::new(&instance.host, call);
        instance.plugin.run(method?, params?, &host)
    });
    // SAFETY: `reply` is valid until this function returns.
    unsafe { put(reply, answer) }
}

unsafe extern "C" fn close<T: Exported>(instance: *mut c_void) {
    let _ = guarded(|| {
        // SAFETY: `instance` came from `Box::into_raw` in `open::<T>`, and close is called once.
        drop(unsafe { Box::from_raw(instance.cast::<Instance<T>>()) });
        Ok(())
    });
}

/// The loader's host table as [`Services`].
struct LibraryHost(*const abi::Host);

// SAFETY: the contract says that the table lives until `close` has returned, is never written
// to, and that its functions may be called from any thread.
unsafe impl Send for LibraryHost {}
// SAFETY: as above.
unsafe impl Sync for LibraryHost {}

impl Services for LibraryHost {
    fn ask(&self, call: u64, method: &str, params: &str) -> Result<String> {
        let mut answer: Option<Vec<u8>> = None;
        let reply = abi::Reply { ctx: (&raw mut answer).cast(), put: keep };
        // SAFETY: the table lives until `close` (see above); the texts and `answer` outlive the
        // call, and the host only uses `reply` before it returns.
        let code = unsafe {
            ((*self.0).call)((*self.0).ctx, call, abi::Bytes::of(method), abi::Bytes::of(params), reply)
        };
        let answer = String::from_utf8(answer.unwrap_or_default())
            .map_err(|_| Error::failed("the host answered something that is not UTF-8"))?;
        match code {
            abi::OK => Ok(answer),
            _ => Err(serde_json::from_str(&answer)
                .unwrap_or_else(|_| Error::failed("the host refused without a reason"))),
        }
    }

    fn cancelled(&self, call: u64) -> bool {
        // SAFETY: the table lives until `close`; `size` is part of every version of it.
        let size = unsafe { (*self.0).size } as usize;
        if size < offset_of!(abi::Host, cancelled) + size_of::<usize>() {
            return false;
        }
        // SAFETY: `size` says that the field is there.
        match unsafe { (*self.0).cancelled } {
            // SAFETY: a function of the table, called with the context of the table.
            Some(ask) => unsafe { ask((*self.0).ctx, call) != 0 },
            None => false,
        }
    }
}

/// Takes the host's answer into the `Option<Vec<u8>>` behind `ctx`.
unsafe extern "C" fn keep(ctx: *mut c_void, answer: abi::Bytes) {
    // SAFETY: `ctx` is the answer slot of `ask`, which waits until the host returns; the bytes
    // are lent for this call. Copying bytes cannot panic short of running out of memory.
    unsafe {
        let bytes: &[u8] =
            if answer.len == 0 { &[] } else { std::slice::from_raw_parts(answer.ptr, answer.len) };
        *ctx.cast::<Option<Vec<u8>>>() = Some(bytes.to_vec());
    }
}

/// # Safety
/// `bytes` is valid for `'a`.
unsafe fn text<'a>(bytes: abi::Bytes) -> Result<&'a str> {
    if bytes.len == 0 {
        return Ok("");
    }
    // SAFETY: promised by the caller.
    let bytes = unsafe { std::slice::from_raw_parts(bytes.ptr, bytes.len) };
    std::str::from_utf8(bytes).map_err(|_| Error::failed("the host sent something that is not UTF-8"))
}

/// # Safety
/// `reply` is valid and has not been used.
unsafe fn put(reply: abi::Reply, answer: Result<String>) -> i32 {
    let (code, text) = match answer {
        Ok(text) => (abi::OK, text),
        Err(error) => (abi::ERROR, serde_json::to_string(&error).unwrap_or_else(|_| "{}".to_owned())),
    };
    // SAFETY: promised by the caller; the text outlives the call.
    unsafe { (reply.put)(reply.ctx, abi::Bytes::of(&text)) };
    code
}

thread_local! {
    /// Message and place of the last panic of this thread.
    static PANIC: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Runs plugin code; a panic becomes an error that says what and where.
fn guarded<R>(run: impl FnOnce() -> Result<R>) -> Result<R> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let message = info.payload_as_str().unwrap_or("a panic without a message").to_owned();
            let at = info.location().map(ToString::to_string).unwrap_or_default();
            PANIC.with_borrow_mut(|panic| *panic = Some((message, at)));
        }));
    });
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| {
        // Its `Drop` is plugin code as well, and might panic again.
        std::mem::forget::<Box<dyn Any + Send>>(payload);
        let (message, at) = PANIC.take().unwrap_or_default();
        Err(Error::new(ErrorKind::Panic { at }, message))
    })
}
