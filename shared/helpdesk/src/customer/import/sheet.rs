//! Sheets of rows as files: reading what spreadsheets write, and writing what they may open safely.

use encoding_rs::WINDOWS_1250;
use mostek_domain::spreadsheet::{guarded, unguarded};
use thiserror::Error;

/// Bytes of a file at most.
pub const FILE_BYTES: usize = 5_000_000;
/// Rows of a file at most, its heading not counted.
pub const ROWS: usize = 10_000;
/// Columns at most.
pub const COLUMNS: usize = 60;
/// Characters of one cell at most; the longest that a record can take.
const CELL_CHARS: usize = super::super::NOTES_CHARS;

/// A file as rows of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Names of the columns: the first row.
    pub heading: Vec<String>,
    /// The others; each may be shorter or longer than the heading.
    pub rows: Vec<Vec<String>>,
    /// How the file's bytes were read: `UTF-8` or `windows-1250`.
    pub encoding: &'static str,
    /// What stands between cells.
    pub delimiter: char,
}

/// Why a file is no sheet.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum SheetError {
    /// No rows below the heading.
    #[error("the file has no rows")]
    Empty,
    /// More than [`FILE_BYTES`].
    #[error("the file is too long")]
    TooLong,
    /// More than [`ROWS`].
    #[error("the file has too many rows")]
    Rows,
    /// More than [`COLUMNS`].
    #[error("the file has too many columns")]
    Columns,
    /// A cell is longer than any text of a record.
    #[error("a cell is too long")]
    Cell,
    /// Not a text: a workbook (.xlsx) or something else.
    #[error("the file is not a text")]
    NotText,
}

impl SheetError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Empty => "sheet-empty",
            Self::TooLong => "sheet-too-long",
            Self::Rows => "sheet-rows",
            Self::Columns => "sheet-columns",
            Self::Cell => "sheet-cell",
            Self::NotText => "sheet-not-text",
        }
    }
}

/// Reads a file: UTF-8 with or without a mark, else windows-1250, which is what Polish spreadsheets write; cells between
/// semicolons, commas or tabs, whichever the heading has most of.
///
/// # Errors
/// [`SheetError`].
pub fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    if bytes.len() > FILE_BYTES {
        return Err(SheetError::TooLong);
    }
    if bytes.contains(&0) {
        return Err(SheetError::NotText);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, encoding) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), "UTF-8"),
        Err(_) => (WINDOWS_1250.decode_without_bom_handling(bytes).0.into_owned(), "windows-1250"),
    };
    let delimiter = delimiter(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        // Of the text's own bytes, so a failure would be ours.
        let record = record.map_err(|_| SheetError::NotText)?;
        let row: Vec<String> = record.iter().map(|cell| unguarded(cell.trim()).to_owned()).collect();
        if row.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        if row.len() > COLUMNS {
            return Err(SheetError::Columns);
        }
        if row.iter().any(|cell| cell.chars().count() > CELL_CHARS) {
            return Err(SheetError::Cell);
        }
        rows.push(row);
        if rows.len() > ROWS + 1 {
            return Err(SheetError::Rows);
        }
    }
    if rows.len() < 2 {
        return Err(SheetError::Empty);
    }
    let heading = rows.remove(0);
    Ok(Sheet { heading, rows, encoding, delimiter: char::from(delimiter) })
}

/// What the first line has most of, outside of quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b';', 0usize), (b',', 0), (b'\t', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => {
                if let Some((_, n)) = counts.iter_mut().find(|(d, _)| *d == byte) {
                    *n += 1;
                }
            }
            _ => {}
        }
    }
    counts.into_iter().rev().max_by_key(|(_, n)| *n).map_or(b';', |(d, _)| d)
}

/// Writes rows as a file for spreadsheets: UTF-8 with the mark that Excel looks for, semicolons, every field quoted,
/// no formulas.
#[must_use]
pub fn write<R: IntoIterator<Item = Vec<String>>>(rows: R) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .delimiter(b';')
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    for row in rows {
        let row: Vec<String> = row.iter().map(|cell| guarded(cell)).collect();
        // Writing into memory does not fail.
        if writer.write_record(&row).is_err() {
            break;
        }
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_polish_spreadsheets_write_is_read() {
        let utf8 = read("\u{feff}Nazwa;E-mail\r\n\"Żółć; i syn\";a@b.pl\r\n;;\r\n".as_bytes()).unwrap();
        assert_eq!((utf8.encoding, utf8.delimiter), ("UTF-8", ';'));
        assert_eq!(utf8.rows, [["Żółć; i syn", "a@b.pl"]]);
        let (bytes, _, _) = WINDOWS_1250.encode("Nazwa,Miasto\nZażółć gęślą,Łódź\n");
        let old = read(&bytes).unwrap();
        assert_eq!((old.encoding, old.delimiter), ("windows-1250", ','));
        assert_eq!(old.rows, [["Zażółć gęślą", "Łódź"]]);
        assert_eq!(read(b"a\tb\n1\t2\n").unwrap().delimiter, '\t');
    }

    #[test]
    fn what_is_no_sheet_is_refused() {
        assert_eq!(read(b""), Err(SheetError::Empty));
        assert_eq!(read(b"Nazwa;NIP\r\n"), Err(SheetError::Empty));
        assert_eq!(read(b"PK\x03\x04\x00\x00"), Err(SheetError::NotText));
        assert_eq!(read(&vec![b'a'; FILE_BYTES + 1]), Err(SheetError::TooLong));
        assert_eq!(read(format!("a\n{}", "x\n".repeat(ROWS + 1)).as_bytes()), Err(SheetError::Rows));
        assert_eq!(read(format!("{}x\nx\n", "x;".repeat(COLUMNS)).as_bytes()), Err(SheetError::Columns));
        assert_eq!(read(format!("a\n{}\n", "x".repeat(CELL_CHARS + 1)).as_bytes()), Err(SheetError::Cell));
    }

    #[test]
    fn formulas_are_written_as_texts_and_read_back() {
        let row =
            ["=1+1", "+48 600 100 200", "-12,5", "@x", "-x", "\"=1", "\u{ff1d}1"].map(str::to_owned).to_vec();
        let bytes = write([vec!["a".to_owned(); 7], row.clone()]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let written = "\"'=1+1\";\"'+48 600 100 200\";\"-12,5\";\"'@x\";\"'-x\";\"'\"\"=1\";\"'\u{ff1d}1\"";
        assert!(text.contains(written), "{text}");
        assert_eq!(read(&bytes).unwrap().rows, [row]);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_written_is_read(cells in proptest::collection::vec("[a-zA-Z0-9=+@;,\"'ąż＝-]{1,12}", 1..6), bytes: Vec<u8>) {
            let _ = read(&bytes);
            let file = write([vec!["k".to_owned(); cells.len()], cells.clone()]);
            let sheet = read(&file).unwrap();
            prop_assert_eq!(&sheet.rows, &vec![cells]);
        }
    }
}
