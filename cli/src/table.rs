//! Tables for people.

use comfy_table::{Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

use crate::output::{Output, harmless};

/// A table with a line under its heads and nothing else, as wide as it needs to be and no wider than the terminal.
pub(crate) struct Columns {
    table: Table,
}

/// Where the words of a column stand, and what happens to long ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Text that wraps where it is long.
    Text(&'static str),
    /// Text that is never broken, such as an id.
    Whole(&'static str),
    /// A number.
    Number(&'static str),
}

impl Columns {
    /// A table with these columns.
    pub(crate) fn new(output: &Output, columns: &[Column]) -> Self {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(output.width).unwrap_or(u16::MAX));
        if output.paint.on {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(columns.iter().map(|column| {
            let (Column::Text(head) | Column::Whole(head) | Column::Number(head)) = column;
            if output.paint.on { Cell::new(head).add_attribute(Attribute::Dim) } else { Cell::new(head) }
        }));
        for (place, column) in columns.iter().enumerate() {
            let Some(shape) = table.column_mut(place) else { continue };
            shape.set_padding((0, 2));
            match column {
                Column::Text(_) => {}
                Column::Whole(_) => _ = shape.set_constraint(ColumnConstraint::ContentWidth),
                Column::Number(_) => {
                    shape.set_cell_alignment(CellAlignment::Right);
                    shape.set_constraint(ColumnConstraint::ContentWidth);
                }
            }
        }
        Self { table }
    }

    /// Adds a row.
    pub(crate) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.table.add_row(cells.into_iter().map(|cell| Cell::new(harmless(cell.as_ref()))));
    }

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.row_count() == 0
    }

    /// The table as text, without blanks at the ends of lines.
    pub(crate) fn text(&self) -> String {
        self.table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }
}

/// A text cut to so many characters, with a mark where it was cut.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let text = harmless(text);
    if text.chars().count() <= most {
        return text;
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::output::{Form, Paint, Talk};

    pub(crate) fn narrow(width: usize) -> Output {
        Output { form: Form::People, talk: Talk::Quiet, paint: Paint::PLAIN, width }
    }

    #[test]
    fn a_table_fits_the_terminal() {
        let mut table = Columns::new(
            &narrow(50),
            &[Column::Whole("id"), Column::Text("name"), Column::Number("messages")],
        );
        table.row(["p_1", "Ana María de la Concepción Fernández y Gómez", "12"]);
        table.row(["p_2", "Bo", "3"]);
        expect![[r#"
            id   name                        messages
            p_1  Ana María de la Concepción        12
                 Fernández y Gómez
            p_2  Bo                                 3"#]]
        .assert_eq(&table.text());
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("a tent for two", 8), "a tent…");
        assert_eq!(cut("a tent", 8), "a tent");
    }
}
