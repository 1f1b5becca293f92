//! Cells of files that spreadsheets open.
//!
//! A spreadsheet calculates a cell that looks like a formula, whoever typed it (CWE-1236; OWASP, "CSV Injection"). Such a cell
//! is written with an apostrophe before it, which makes it a text. Every field is to be quoted, too: else a separator within
//! a cell could begin another one.

/// What spreadsheets begin to calculate at, with the full-width forms that some take for the same, and what begins a line.
const FORMULA: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Whether a spreadsheet could calculate a cell: what it begins with counts, and what is behind spaces and quotes, for some
/// programs take those off.
fn is_formula(cell: &str) -> bool {
    let is_skipped = |c: char| !FORMULA.contains(&c) && (c.is_whitespace() || matches!(c, '"' | '\''));
    let rest = cell.trim_start_matches(is_skipped);
    rest.starts_with(FORMULA) && !is_negative_number(rest)
}

/// A number stays one: nothing can be calculated of it.
fn is_negative_number(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    })
}

/// A cell that no spreadsheet takes for a formula. Other cells stay as they are.
#[must_use]
pub fn guarded(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell without the apostrophe that [`guarded`] put before it.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_that_somebody_typed_is_a_formula() {
        for cell in [
            "=1+1",
            "+48 600 100 200",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\tx",
            "\rx",
            " =1+1",
            "\"=1+1",
            " ' \"@x",
            "\u{a0}=1",
            "\u{ff1d}1",
            "\u{ff0b}1",
            "\u{ff0d}1",
            " \u{ff20}x",
            "-",
        ] {
            assert_eq!(guarded(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "Anna", "-12,5", "-1.5", " -3", "2026-05-12", "a=b", "'tis", "\"a\"", "12"] {
            assert_eq!(guarded(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_comes_back(cell in "[a-z0-9=+@'\" \t,.\u{ff1d}-]{0,8}") {
            let written = guarded(&cell);
            prop_assert_eq!(unguarded(&written), cell.as_str());
        }
    }
}
