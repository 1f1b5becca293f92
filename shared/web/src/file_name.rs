//! File names that strangers chose.

use crate::text::is_invisible;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The longest name in bytes; common file systems end at 255, and a browser may add ` (1)`.
const LONGEST: usize = 180;

/// A name that is safe to offer for saving and to store: the last piece of any path, without control characters,
/// without characters that Windows forbids, without leading dots, at most 180 bytes with its ending kept.
/// What is empty then becomes `file`.
#[must_use]
pub fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let cleaned = cleaned.trim().trim_start_matches('.').trim_end_matches(['.', ' ']).trim();
    if cleaned.is_empty() {
        return "file".to_owned();
    }
    if cleaned.len() <= LONGEST {
        return cleaned.to_owned();
    }
    let (stem, ending) = match cleaned.rsplit_once('.') {
        Some((s, e)) if e.len() <= 12 => (s, format!(".{e}")),
        _ => (cleaned, String::new()),
    };
    let room = LONGEST.saturating_sub(ending.len());
    let mut out = String::new();
    for c in stem.chars() {
        if out.len() + c.len_utf8() > room {
            break;
        }
        out.push(c);
    }
    out + &ending
}

/// A media type that no browser executes, by the name's ending; `application/octet-stream` for all else, HTML and SVG
/// included.
#[must_use]
pub fn safe_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "txt" | "log" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "zip" => "application/zip",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

/// RFC 8187 `attr-char`: what may stand in `filename*` unencoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// A `content-disposition: attachment` value (RFC 6266) with the made-safe name: an ASCII one for old clients and the
/// real one as `filename*` (RFC 8187).
#[must_use]
pub fn content_disposition(name: &str) -> String {
    let name = safe(name);
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '%' | ';') || c == ' ' { c } else { '_' })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(&name, ENCODED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_its_last_piece() {
        assert_eq!(safe("../../x.html"), "x.html");
        assert_eq!(safe(r"C:\Windows\system32\cmd.exe"), "cmd.exe");
        assert_eq!(safe(".."), "file");
        assert_eq!(safe("/"), "file");
        assert_eq!(safe(""), "file");
        assert_eq!(safe(".htaccess"), "htaccess");
    }

    #[test]
    fn control_direction_and_forbidden_characters_go() {
        assert_eq!(safe("a\r\nset-cookie: x\u{0}.txt"), "aset-cookie_ x.txt");
        assert_eq!(safe("zdj\u{202e}gpj.exe"), "zdjgpj.exe");
        assert_eq!(safe("umowa \"nowa\".pdf"), "umowa _nowa_.pdf");
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_whole_characters() {
        let long = safe(&format!("{}.pdf", "ż".repeat(300)));
        assert!(long.len() <= LONGEST && long.ends_with("ż.pdf"), "{long}");
    }

    #[test]
    fn what_a_browser_could_execute_is_octets() {
        for n in ["x.html", "x.svg", "x.js", "x", "x.xhtml", "x.HTM", "x.xml"] {
            assert_eq!(safe_type(n), "application/octet-stream", "{n}");
        }
        assert_eq!(safe_type("Faktura.PDF"), "application/pdf");
    }

    #[test]
    fn the_disposition_carries_both_names() {
        assert_eq!(
            content_disposition("../zażalenie nr 1.pdf"),
            "attachment; filename=\"za_alenie nr 1.pdf\"; filename*=UTF-8''za%C5%BCalenie%20nr%201.pdf"
        );
    }
}
