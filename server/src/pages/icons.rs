//! Drawings: sixteen units square, one stroke, in the colour of the text around them.

use maud::{Markup, PreEscaped, html};

macro_rules! icons {
    ($($name:ident = $path:literal;)*) => {
        /// A drawing.
        #[allow(dead_code, reason = "drawings wait for the pages that need them")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Icon { $($name),* }

        impl Icon {
            /// All of them, to be looked at.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];

            fn path(self) -> &'static str {
                match self { $(Self::$name => $path),* }
            }
        }
    };
}

icons! {
    Search = "<circle cx='7' cy='7' r='4.5'/><path d='m10.5 10.5 3.5 3.5'/>";
    People = "<circle cx='6' cy='5.5' r='2.5'/><path d='M1.5 13.5a4.5 4.5 0 0 1 9 0M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12 9.4a4.5 4.5 0 0 1 2.5 4.1'/>";
    Mail = "<rect x='1.75' y='3.25' width='12.5' height='9.5' rx='1.5'/><path d='m2.5 4.5 5.5 4 5.5-4'/>";
    Phone = "<path d='M5.3 2.2 3.2 3c-.6.3-.9.9-.8 1.5.6 4.5 4.6 8.5 9.1 9.1.6.1 1.2-.2 1.5-.8l.8-2.1-3-1.7-1.4 1.4a8 8 0 0 1-3.8-3.8L7 5.2z'/>";
    Chat = "<path d='M13.5 3h-11a1 1 0 0 0-1 1v6.5a1 1 0 0 0 1 1H4v2.5l3.2-2.5h6.3a1 1 0 0 0 1-1V4a1 1 0 0 0-1-1z'/>";
    Badge = "<rect x='2.25' y='2.75' width='11.5' height='10.5' rx='1.5'/><circle cx='8' cy='6.5' r='1.5'/><path d='M5 11a3 3 0 0 1 6 0'/>";
    Steps = "<path d='M4.5 9.5c-1.5 0-2-2-2-4s.8-3.5 2-3.5 2 1.5 2 3.5-.5 4-2 4zM3 11.5h3v.7a1.5 1.5 0 0 1-3 0zM11.5 11.5c-1.2 0-1.7-1.5-1.7-3.2S10.4 5 11.5 5s1.7 1.6 1.7 3.3-.5 3.2-1.7 3.2zM10.2 13.3h2.6'/>";
    At = "<circle cx='8' cy='8' r='2.5'/><path d='M10.5 5.5v3.2a1.8 1.8 0 0 0 3.5-.7 6 6 0 1 0-2.5 4.9'/>";
    Note = "<path d='M3.5 1.75h9a1 1 0 0 1 1 1V10l-3.75 4.25H3.5a1 1 0 0 1-1-1V2.75a1 1 0 0 1 1-1z'/><path d='M9.5 14v-4h4M5.5 5h5M5.5 7.5h5'/>";
    Bolt = "<path d='M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z'/>";
    Page = "<path d='M4 1.75h5L12.5 5v8.25a1 1 0 0 1-1 1H4a.75.75 0 0 1-.75-.75v-11A.75.75 0 0 1 4 1.75z'/><path d='M9 2v3.25h3.25'/>";
    Flag = "<path d='M3.5 14.5v-12M3.5 3c3-1.8 5.5 1.8 9 0v6c-3.5 1.8-6-1.8-9 0'/>";
    Building = "<path d='M3 14V2.75h7V14M10 6.5h3V14M1.5 14h13M5.5 5.5h2M5.5 8h2M5.5 10.5h2'/>";
    Together = "<circle cx='6' cy='8' r='4.25'/><circle cx='10' cy='8' r='4.25'/>";
    Undo = "<path d='M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6'/>";
    Cross = "<path d='m4 4 8 8M12 4l-8 8'/>";
    Right = "<path d='m6 3.5 4.5 4.5L6 12.5'/>";
    Down = "<path d='M8 3v10M4 9l4 4 4-4'/>";
    Up = "<path d='M8 13V3M4 7l4-4 4 4'/>";
    Half = "<circle cx='8' cy='8' r='5.75'/><path fill='currentColor' d='M8 2.25a5.75 5.75 0 0 1 0 11.5z'/>";
    Leave = "<path d='M6.5 2.5h-3a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3M10 4.5 13.5 8 10 11.5M13 8H6'/>";
    Keys = "<rect x='1.25' y='4' width='13.5' height='8.5' rx='1.5'/><path d='M4 7h.01M6.7 7h.01M9.4 7h.01M12 7h.01M5 9.8h6'/>";
    Plug = "<path d='M5.5 1.5v3M10.5 1.5v3M3.5 4.5h9v2.5a4.5 4.5 0 0 1-9 0zM8 11.5v3'/>";
    Script = "<path d='m5 4.5-3.5 3.5L5 11.5M11 4.5l3.5 3.5-3.5 3.5'/>";
    Inbox = "<path d='M2 9.5 3.75 3.4a1 1 0 0 1 .95-.65h6.6a1 1 0 0 1 .95.65L14 9.5v2.75a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1zM2 9.5h3.5l1 1.75h3l1-1.75H14'/>";
    Check = "<circle cx='8' cy='8' r='5.75'/><path d='m5.5 8.2 1.8 1.8 3.2-3.8'/>";
    Tick = "<path d='m3.5 8.5 3 3 6-7'/>";
    Gear = "<path d='M2.5 4.5h5M11.5 4.5h2M2.5 11.5h2M8.5 11.5h5'/><circle cx='9.5' cy='4.5' r='2'/><circle cx='6.5' cy='11.5' r='2'/>";
    Bell = "<path d='M8 2a4 4 0 0 0-4 4c0 3.5-1.5 4.5-1.5 5.5h11C13.5 10.5 12 9.5 12 6a4 4 0 0 0-4-4zM6.5 13.5a1.6 1.6 0 0 0 3 0'/>";
    Clock = "<circle cx='8' cy='8' r='5.75'/><path d='M8 4.75V8l2.25 1.5'/>";
    Plus = "<path d='M8 3v10M3 8h10'/>";
    Grip = "<path d='M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01' stroke-width='2'/>";
    Dots = "<path d='M3.5 8h.01M8 8h.01M12.5 8h.01' stroke-width='2.25'/>";
    Trash = "<path d='M2.5 4.25h11M6 4V2.75h4V4M4 4.5l.6 8.25a.75.75 0 0 0 .75.7h5.3a.75.75 0 0 0 .75-.7L12 4.5M6.75 7v4M9.25 7v4'/>";
    Star = "<path d='m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.2l-3.7 2.1.8-4.1L2 6.3l4.2-.5z'/>";
    Reply = "<path d='M6.5 4 2.5 8l4 4M2.5 8h6a5 5 0 0 1 5 5'/>";
    Send = "<path d='M14 2 7 9M14 2 9.5 14 7 9 2 6.5z'/>";
    Clip = "<path d='m13 7.5-5.2 5.2a3.2 3.2 0 0 1-4.5-4.5l5.5-5.5a2.1 2.1 0 0 1 3 3L6.5 11a1 1 0 0 1-1.5-1.5l4.8-4.7'/>";
    Eye = "<path d='M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z'/><circle cx='8' cy='8' r='2'/>";
    Lock = "<rect x='3' y='7' width='10' height='6.75' rx='1.25'/><path d='M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2'/>";
    Pencil = "<path d='m10.5 3 2.5 2.5L6 12.5l-3 .5.5-3z'/>";
    Tag = "<path d='M2.5 3.5a1 1 0 0 1 1-1h4.2L13.5 8.3a1 1 0 0 1 0 1.4l-3.8 3.8a1 1 0 0 1-1.4 0L2.5 7.7z'/><path d='M5.5 5.5h.01'/>";
    Filter = "<path d='M2 3.5h12M4.5 8h7M6.5 12.5h3'/>";
    Link = "<path d='M6.5 9.5 9.5 6.5M7.5 4.5 9 3a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.5 11.5 7 13a2.8 2.8 0 0 1-4-4l1.5-1.5'/>";
    Warn = "<path d='M8 2.5 14.25 13.5H1.75zM8 6.5v3M8 11.5h.01'/>";
    Fold = "<path d='m4 6 4 4 4-4'/>";
    Left = "<path d='M10 3.5 5.5 8l4.5 4.5'/>";
    Copy = "<rect x='5.5' y='5.5' width='8' height='8' rx='1.25'/><path d='M3.5 10.5h-.25a.75.75 0 0 1-.75-.75v-6.5a.75.75 0 0 1 .75-.75h6.5a.75.75 0 0 1 .75.75v.25'/>";
    Person = "<circle cx='8' cy='5' r='2.75'/><path d='M2.75 14a5.25 5.25 0 0 1 10.5 0'/>";
    Calendar = "<rect x='2.25' y='3.25' width='11.5' height='10.5' rx='1.5'/><path d='M2.5 6.75h11M5.5 1.75v3M10.5 1.75v3'/>";
    Split = "<path d='M8 14V9.5L3.5 5M8 9.5 12.5 5M3.25 8V4.75H6.5M12.75 8V4.75H9.5'/>";
    Play = "<circle cx='8' cy='8' r='5.75'/><path d='m6.75 5.75 3.75 2.25-3.75 2.25z'/>";
}

impl Icon {
    /// The drawing; it says nothing to a screen reader, so words have to stand beside it.
    pub(crate) fn svg(self) -> Markup {
        html! { svg.icon viewBox="0 0 16 16" aria-hidden="true" { (PreEscaped(self.path())) } }
    }
}

/// The name, drawn: the `o` is two circles that turn out to be one person.
pub(crate) fn wordmark() -> Markup {
    html! {
        svg viewBox="0 0 79 21" role="img" aria-label=(super::words::WHOM) {
            g fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" {
                path d="M2 7v7.5a4 4 0 0 0 8 0V7v7.5a4 4 0 0 0 8 0V7M25 1.5v17M25 11a4 4 0 0 1 8 0v7.5M61 18.5V7M61 11a4 4 0 0 1 8 0v7.5M69 11a4 4 0 0 1 8 0v7.5" {}
                circle cx="44.25" cy="12.75" r="5.75" {}
                circle cx="49.75" cy="12.75" r="5.75" {}
            }
            path fill="currentColor" d="M47 7.7a5.75 5.75 0 0 1 0 10.1a5.75 5.75 0 0 1 0-10.1z" {}
        }
    }
}

/// The circles alone, where the name has no room.
pub(crate) fn short_mark() -> Markup {
    html! {
        svg.short viewBox="0 0 32 20" aria-hidden="true" {
            g fill="none" stroke="currentColor" stroke-width="3" {
                circle cx="11.5" cy="10" r="8" {}
                circle cx="20.5" cy="10" r="8" {}
            }
            path fill="currentColor" d="M16 3.4a8 8 0 0 1 0 13.2a8 8 0 0 1 0-13.2z" {}
        }
    }
}

/// Two that are one, for pages that have nothing else to show.
pub(crate) fn mark() -> Markup {
    html! {
        svg viewBox="0 0 36 24" aria-hidden="true" {
            g fill="none" stroke="currentColor" stroke-width="2" {
                circle cx="13" cy="12" r="10" {}
                circle cx="23" cy="12" r="10" {}
            }
            path fill="currentColor" opacity=".25" d="M18 3.35a10 10 0 0 1 0 17.3a10 10 0 0 1 0-17.3z" {}
        }
    }
}
