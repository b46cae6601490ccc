//! Fields of forms: each with its name, its help, and what is wrong with what was typed.

use maud::{Markup, html};

/// A field of a form.
///
/// What is wrong stands at the field and is read with it; what was typed stays.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Field<'a> {
    /// Its name in the form, which is its id too.
    pub(crate) name: &'a str,
    /// What it is called.
    pub(crate) label: &'a str,
    /// What stands in it.
    pub(crate) value: &'a str,
    /// What to write there.
    pub(crate) help: Option<&'a str>,
    /// What is wrong with what was typed.
    pub(crate) wrong: Option<&'a str>,
    /// What stands there while it is empty.
    pub(crate) hint: Option<&'a str>,
    /// What a browser may fill in, such as `email`.
    pub(crate) autocomplete: Option<&'a str>,
    /// The id of a list of what may be written there.
    pub(crate) list: Option<&'a str>,
    /// Where suggestions come from, for a line that names several, separated by commas.
    pub(crate) suggests: Option<&'a str>,
    /// Whether it must not be empty.
    pub(crate) required: bool,
}

impl Field<'_> {
    /// One line; `kind` is what stands behind `type=`.
    pub(crate) fn line(&self, kind: &str) -> Markup {
        self.around(html! {
            input id=(self.name) name=(self.name) type=(kind) value=(self.value) placeholder=[self.hint] autocomplete=[self.autocomplete] list=[self.list]
                data-suggest=[self.suggests] data-suggest-list[self.suggests.is_some()]
                required[self.required] aria-invalid=[self.invalid()] aria-describedby=[self.described()];
        })
    }

    /// Several lines.
    pub(crate) fn lines(&self, rows: u8) -> Markup {
        self.around(html! {
            textarea id=(self.name) name=(self.name) rows=(rows) placeholder=[self.hint]
                required[self.required] aria-invalid=[self.invalid()] aria-describedby=[self.described()] { (self.value) }
        })
    }

    /// One of several: pairs of what is sent and what is shown.
    pub(crate) fn select(&self, options: &[(&str, &str)]) -> Markup {
        self.around(html! {
            select id=(self.name) name=(self.name) aria-invalid=[self.invalid()] aria-describedby=[self.described()] {
                @for (value, shown) in options { option value=(value) selected[*value == self.value] { (shown) } }
            }
        })
    }

    fn around(&self, control: Markup) -> Markup {
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                (control)
                @if let Some(wrong) = self.wrong { p.wrong id=(format!("{}-wrong", self.name)) { (wrong) } }
                @if let Some(help) = self.help { p.help id=(format!("{}-help", self.name)) { (help) } }
            }
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.wrong.map(|_| "true")
    }

    fn described(&self) -> Option<String> {
        let wrong = self.wrong.map(|_| format!("{}-wrong", self.name));
        let help = self.help.map(|_| format!("{}-help", self.name));
        let ids: Vec<String> = wrong.into_iter().chain(help).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// How something is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Yes or no.
    Check,
    /// One of several with the same name.
    Radio,
    /// On or off.
    Switch,
}

/// Something to choose, with its words and, where they are needed, more words.
pub(crate) fn choice(
    choice: Choice,
    name: &str,
    value: &str,
    chosen: bool,
    words: &str,
    help: Option<&str>,
) -> Markup {
    let (kind, class, role) = match choice {
        Choice::Check => ("checkbox", None, None),
        Choice::Radio => ("radio", None, None),
        Choice::Switch => ("checkbox", Some("switch"), Some("switch")),
    };
    html! {
        label.choice {
            input type=(kind) class=[class] role=[role] name=(name) value=(value) checked[chosen];
            span { (words) @if let Some(help) = help { span.help { (help) } } }
        }
    }
}
