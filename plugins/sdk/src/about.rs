//! Who a plugin is and where it wants to go.

/// What a plugin says about itself. The version is that of its crate.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) reaches: &'static [&'static str],
    pub(crate) needs: &'static str,
    pub(crate) reveals: &'static [&'static str],
}

impl About {
    /// A plugin that reaches no host.
    ///
    /// `id` is for ever: settings, consent and everything it claims are kept under it. Small
    /// letters, digits and hyphens.
    #[must_use]
    pub const fn new(id: &'static str, name: &'static str) -> Self {
        Self { id, name, summary: "", reaches: &[], needs: "1.0", reveals: &[] }
    }

    /// One sentence for the list of plugins.
    #[must_use]
    pub const fn summary(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// The hosts it sends requests to. An admin confirms them; all others are refused.
    #[must_use]
    pub const fn reaches(self, hosts: &'static [&'static str]) -> Self {
        Self { reaches: hosts, ..self }
    }

    /// The oldest plugin ABI it works with, as `"1.1"`.
    #[must_use]
    pub const fn needs(self, abi: &'static str) -> Self {
        Self { needs: abi, ..self }
    }

    /// Secret settings whose value, and not only a placeholder, it has to see.
    /// The consent screen says so in words.
    #[must_use]
    pub const fn reveals(self, settings: &'static [&'static str]) -> Self {
        Self { reveals: settings, ..self }
    }
}
