//! Tables for spreadsheets.
//!
//! What a spreadsheet needs to show it right on a double click: a byte order mark, since without it the text is taken for
//! another encoding, and the separator of the reader's language (a semicolon where the comma is in numbers). What it must
//! not do: run a cell that somebody else typed as a formula ([`mostek_domain::spreadsheet`]). Every field is quoted.

use crate::response::{Body, Response};
use bytes::Bytes;
use mostek_domain::{Language, spreadsheet};

/// A table being written.
#[derive(Debug, Clone)]
pub struct Csv {
    separator: char,
    out: String,
}

impl Csv {
    /// An empty one for readers of a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let separator = if language == Language::En { ',' } else { ';' };
        Self { separator, out: "\u{feff}".to_owned() }
    }

    /// Adds a row.
    #[must_use]
    pub fn row<T: AsRef<str>>(mut self, cells: impl IntoIterator<Item = T>) -> Self {
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                self.out.push(self.separator);
            }
            self.cell(cell.as_ref());
        }
        self.out.push_str("\r\n");
        self
    }

    fn cell(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(&spreadsheet::guarded(text).replace('"', "\"\""));
        self.out.push('"');
    }

    /// The file.
    #[must_use]
    pub fn download(self, name: &str) -> Response {
        Response::attachment(name, Body::Bytes(Bytes::from(self.out)), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(csv: &Csv) -> &str {
        &csv.out
    }

    #[test]
    fn separators_quotes_and_line_ends_stay_in_their_cell() {
        let csv = Csv::new(Language::Pl).row(["a;b", "c,d", "e\"f", "g\nh", ""]);
        assert_eq!(text(&csv), "\u{feff}\"a;b\";\"c,d\";\"e\"\"f\";\"g\nh\";\"\"\r\n");
        let csv = Csv::new(Language::En).row(["a;b", "c,d"]);
        assert_eq!(text(&csv), "\u{feff}\"a;b\",\"c,d\"\r\n");
    }

    #[test]
    fn nothing_that_somebody_typed_is_a_formula() {
        let csv =
            Csv::new(Language::Pl).row(["=1+1", "+48 501", " \"=1", "\u{ff1d}1", "-12,5", "2026-05-12"]);
        let row = "\"'=1+1\";\"'+48 501\";\"' \"\"=1\";\"'\u{ff1d}1\";\"-12,5\";\"2026-05-12\"";
        assert_eq!(text(&csv), format!("\u{feff}{row}\r\n"));
    }
}
