//! Simple HTML from the text an agent wrote: paragraphs, links, quotes. Nothing in it can be anything else.

/// How a quote looks where a program shows none of its own.
const QUOTE: &str = "<blockquote style=\"margin:0 0 0 8px;border-left:2px solid #ccc;padding-left:10px\">";

/// The deepest quote that is shown as such.
const DEEPEST: usize = 8;

/// Makes HTML of a text. Lines end in a line feed.
pub(super) fn from_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 5 / 4);
    let mut depth = 0;
    let mut is_open = false;
    for line in text.split('\n') {
        let (quoted, line) = unquoted(line.trim_end());
        if (quoted != depth || line.is_empty()) && is_open {
            html.push_str("</p>\n");
            is_open = false;
        }
        while depth < quoted {
            html.push_str(QUOTE);
            html.push('\n');
            depth += 1;
        }
        while depth > quoted {
            html.push_str("</blockquote>\n");
            depth -= 1;
        }
        if line.is_empty() {
            continue;
        }
        html.push_str(if is_open { "<br>\n" } else { "<p>" });
        is_open = true;
        push_line(line, &mut html);
    }
    if is_open {
        html.push_str("</p>\n");
    }
    html.push_str(&"</blockquote>\n".repeat(depth));
    html
}

/// How deep a line is quoted, and the line without the signs of it.
fn unquoted(line: &str) -> (usize, &str) {
    let mut rest = line;
    let mut depth = 0;
    while depth < DEEPEST
        && let Some(inner) = rest.strip_prefix('>')
    {
        rest = inner.strip_prefix(' ').unwrap_or(inner);
        depth += 1;
    }
    (depth, rest)
}

fn push_line(line: &str, html: &mut String) {
    let mut rest = line;
    while let Some(at) = next_link(rest) {
        let (before, link) = rest.split_at(at);
        push_escaped(before, html);
        let end = link.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(link.len());
        // A full stop or a bracket behind an address belongs to the sentence.
        let url = link[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        html.push_str("<a href=\"");
        push_escaped(url, html);
        html.push_str("\">");
        push_escaped(url, html);
        html.push_str("</a>");
        rest = &link[url.len()..];
    }
    push_escaped(rest, html);
}

/// Where the next address of a page begins that is more than its scheme.
fn next_link(text: &str) -> Option<usize> {
    let found = ["https://", "http://"].into_iter().filter_map(|scheme| {
        text.match_indices(scheme).find_map(|(at, _)| {
            let is_more = text[at + scheme.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '[');
            is_more.then_some(at)
        })
    });
    found.min()
}

/// Escapes what HTML would read as more than text; blanks that stand together stay.
pub(super) fn push_escaped(text: &str, html: &mut String) {
    let mut was_blank = false;
    for c in text.chars() {
        let is_blank = c == ' ';
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            ' ' if was_blank => html.push_str("&nbsp;"),
            '\t' => html.push_str("&nbsp; &nbsp; "),
            c if c.is_control() => {}
            c => html.push(c),
        }
        was_blank = is_blank;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "the form in which expectations are written")]
    fn check(text: &str, html: Expect) {
        html.assert_eq(&from_text(text));
    }

    #[test]
    fn paragraphs_links_and_quotes_are_kept_and_all_else_is_text() {
        check(
            "Hello Ana,\nlook at https://shop.example/a?b=1&c=2.\n\n<script>alert('x')</script>",
            expect![[r#"
                <p>Hello Ana,<br>
                look at <a href="https://shop.example/a?b=1&amp;c=2">https://shop.example/a?b=1&amp;c=2</a>.</p>
                <p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</p>
            "#]],
        );
        check(
            "You wrote:\n> one\n>> two\n\njavascript:alert(1) http://\"x",
            expect![[r#"
                <p>You wrote:</p>
                <blockquote style="margin:0 0 0 8px;border-left:2px solid #ccc;padding-left:10px">
                <p>one</p>
                <blockquote style="margin:0 0 0 8px;border-left:2px solid #ccc;padding-left:10px">
                <p>two</p>
                </blockquote>
                </blockquote>
                <p>javascript:alert(1) http://&quot;x</p>
            "#]],
        );
    }
}
