//! What `export!` generates, in safe terms.

use crate::{Host, Plugin, Result};

/// A hook of the plugin type `T`.
pub struct HookEntry<T> {
    pub(crate) name: &'static str,
    pub(crate) reads: &'static [&'static str],
    pub(crate) writes: &'static [&'static str],
    pub(crate) signed: Option<(&'static str, &'static str)>,
    pub(crate) run: Run<T>,
}

type Run<T> = fn(&T, &str, &Host<'_>) -> Result<String>;

impl<T> HookEntry<T> {
    pub(crate) const fn new(
        name: &'static str,
        reads: &'static [&'static str],
        writes: &'static [&'static str],
        run: Run<T>,
    ) -> Self {
        Self { name, reads, writes, signed: None, run }
    }

    pub(crate) const fn signed(self, signed: Option<(&'static str, &'static str)>) -> Self {
        Self { signed, ..self }
    }
}

/// A plugin with its list of hooks. Implemented by `export!`.
pub trait Exported: Plugin {
    /// Version of the plugin's crate.
    const VERSION: &'static str;
    /// The hooks it takes part in.
    const HOOKS: &'static [HookEntry<Self>];

    /// Runs the hook `method` with JSON `params`.
    ///
    /// # Errors
    /// What the hook answers, or that there is no such hook.
    fn run(&self, method: &str, params: &str, host: &Host<'_>) -> Result<String> {
        match Self::HOOKS.iter().find(|hook| hook.name == method) {
            Some(hook) => (hook.run)(self, params, host),
            None => Err(crate::Error::failed(format!("this plugin has no hook `{method}`"))),
        }
    }
}

/// Exports a plugin with the hooks it takes part in: `export!(Gravatar: Enrich, Webhook);`
///
/// A hook whose trait is missing does not compile; a hook that is not named is never called.
/// Once per library. The library is a `cdylib`.
#[macro_export]
macro_rules! export {
    ($plugin:ty : $($hook:ident),+ $(,)?) => {
        impl $crate::Exported for $plugin {
            const VERSION: &'static str = env!("CARGO_PKG_VERSION");
            const HOOKS: &'static [$crate::HookEntry<Self>] =
                &[$($crate::hook_entries::$hook::<$plugin>()),+];
        }

        /// The table that Whom looks for.
        #[unsafe(no_mangle)]
        pub static WHOM_PLUGIN: $crate::abi::Plugin = $crate::ffi::table::<$plugin>();
    };
}
