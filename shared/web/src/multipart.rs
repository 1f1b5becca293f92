//! Forms with files: `multipart/form-data` (RFC 7578 as browsers write it, WHATWG HTML "multipart/form-data").
//!
//! The ready-made parser for Rust asks for `Send` streams, which a component's are not. This one reads the body whole
//! under a cap and hands out slices of it without copying.

use crate::body;
use crate::error::ApiError;
use crate::file_name;
use crate::request::Request;
use crate::text::{Arg, Text, printable};
use bytes::Bytes;
use http::StatusCode;
use memchr::memmem;
use serde::de::DeserializeOwned;

/// The longest head of a part in bytes.
const HEAD_LIMIT: usize = 4096;
/// The most parts in one form.
const PARTS_LIMIT: usize = 300;

/// What a form may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadLimits {
    /// The whole body in bytes, boundaries and other fields included.
    pub total: usize,
    /// One file in bytes.
    pub per_file: usize,
    /// How many files.
    pub files: usize,
}

/// A file somebody sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// The form field it came in.
    pub field: String,
    /// A name that is safe to store and to offer ([`crate::file_name::safe`]).
    pub name: String,
    /// The name as it was sent, without control characters, at most 500 characters: only to show, escaped.
    pub original: String,
    /// A harmless type by its name ([`crate::file_name::safe_type`]); what the browser claims is not believed.
    pub content_type: &'static str,
    /// Its content.
    pub content: Bytes,
}

/// A form with files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Multipart {
    /// The ordinary fields, in order.
    pub fields: Vec<(String, String)>,
    /// The files, in order; a file input that was left empty is not among them.
    pub files: Vec<UploadedFile>,
}

impl Multipart {
    /// The first value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The fields as a type, as [`crate::body::form`] would read them.
    ///
    /// # Errors
    /// 400 if they do not fit.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish();
        serde_html_form::from_str(&encoded).map_err(|e| ApiError::bad_request("errors-bad-form").caused_by(e))
    }
}

/// Reads a form with files.
///
/// # Errors
/// 413 past a limit, with a sentence that gives both numbers; 415 for another media type; 400 if it is damaged.
pub async fn read(request: &mut Request, limits: UploadLimits) -> Result<Multipart, ApiError> {
    if body::media_type(request) != "multipart/form-data" {
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "errors-media-type",
        ));
    }
    let boundary = boundary(request.header("content-type").unwrap_or_default()).ok_or_else(damaged)?;
    let body = body::whole(request, limits.total).await?;
    parse(&body, &boundary, limits)
}

fn damaged() -> ApiError {
    ApiError::bad_request("errors-bad-form")
}

/// The boundary parameter: 1 to 70 characters (RFC 2046, 5.1.1).
fn boundary(content_type: &str) -> Option<String> {
    let value = parameter(content_type, "boundary")?;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&b);
    ((1..=70).contains(&value.len()) && value.bytes().all(allowed) && !value.ends_with(' ')).then_some(value)
}

/// A parameter of a header value such as `form-data; name="a"; filename="b;c"`. A quoted value ends at the first quote
/// without a backslash before it; if there is none, at the last quote: browsers write a backslash as it is (WHATWG HTML,
/// "multipart/form-data encoding algorithm"), so a name may end in one.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    // Bounded: every round takes at least one character.
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=')?;
        let (content, left) = match after.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted_end(quoted).or_else(|| quoted.rfind('"'))?;
                let (inside, tail) = quoted.split_at_checked(end)?;
                (inside.replace("\\\"", "\""), tail.get(1..)?)
            }
            None => {
                let (token, tail) = after.split_once(';').map_or((after, ""), |(t, tail)| (t, tail));
                (token.trim().to_owned(), tail)
            }
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(content);
        }
        rest = left.trim_start().trim_start_matches(';');
    }
    None
}

fn quoted_end(text: &str) -> Option<usize> {
    let mut before = ' ';
    for (i, c) in text.char_indices() {
        if c == '"' && before != '\\' {
            return Some(i);
        }
        before = c;
    }
    None
}

fn parse(body: &Bytes, boundary: &str, limits: UploadLimits) -> Result<Multipart, ApiError> {
    let opening = format!("--{boundary}");
    let delimiter = format!("\r\n--{boundary}");
    let finder = memmem::Finder::new(delimiter.as_bytes());
    let mut out = Multipart::default();
    if !body.starts_with(opening.as_bytes()) {
        return Err(damaged());
    }
    let mut rest = body.slice(opening.len()..);
    for _ in 0..=PARTS_LIMIT {
        if rest.starts_with(b"--") {
            return Ok(out);
        }
        if !rest.starts_with(b"\r\n") {
            return Err(damaged());
        }
        rest = rest.slice(2..);
        let window = rest.get(..rest.len().min(HEAD_LIMIT)).unwrap_or_default();
        let head_end = memmem::find(window, b"\r\n\r\n").ok_or_else(damaged)?;
        let head = rest.slice(..head_end);
        rest = rest.slice(head_end + 4..);
        let content_end = finder.find(&rest).ok_or_else(damaged)?;
        let content = rest.slice(..content_end);
        rest = rest.slice(content_end + delimiter.len()..);
        take_part(&mut out, &head, content, limits)?;
    }
    Err(damaged())
}

fn take_part(out: &mut Multipart, head: &[u8], content: Bytes, limits: UploadLimits) -> Result<(), ApiError> {
    let head = std::str::from_utf8(head).map_err(|_| damaged())?;
    let disposition = head
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))
        .map(|(_, value)| value.trim())
        .filter(|v| v.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("form-data")))
        .ok_or_else(damaged)?;
    let field = browser_decoded(&parameter(disposition, "name").ok_or_else(damaged)?);
    let Some(file_name) = parameter(disposition, "filename") else {
        let text = String::from_utf8(content.to_vec()).map_err(|_| damaged())?;
        out.fields.push((field, text));
        return Ok(());
    };
    if file_name.is_empty() && content.is_empty() {
        return Ok(());
    }
    let sent = browser_decoded(&file_name);
    let name = file_name::safe(&sent);
    if out.files.len() >= limits.files {
        let text = Text::new("errors-too-many-files").with("limit", limits.files);
        return Err(too_large(field, text));
    }
    if content.len() > limits.per_file {
        let text = Text::new("errors-file-too-large")
            .with("name", name)
            .with("size", Arg::Bytes(content.len() as u64))
            .with("limit", Arg::Bytes(limits.per_file as u64));
        return Err(too_large(field, text));
    }
    let original = printable(&sent).replace(['\n', '\t'], " ").chars().take(500).collect();
    out.files.push(UploadedFile {
        field,
        content_type: file_name::safe_type(&name),
        name,
        original,
        content,
    });
    Ok(())
}

fn too_large(field: String, message: Text) -> ApiError {
    let mut e = ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message);
    e.field = Some(field);
    e
}

/// Browsers write a quote and line breaks in names as `%22`, `%0D`, `%0A`, and nothing else.
fn browser_decoded(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::request;
    use futures::executor::block_on;
    use http::Method;

    const LIMITS: UploadLimits = UploadLimits { total: 2000, per_file: 20, files: 2 };

    fn send(body: &str) -> Result<Multipart, ApiError> {
        let headers = [("content-type", "multipart/form-data; boundary=\"XX\"")];
        block_on(read(&mut request(Method::POST, "/", &headers, body.to_owned()), LIMITS))
    }

    fn file(name: &str, content: &str) -> String {
        format!(
            "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n{content}\r\n"
        )
    }

    #[test]
    fn fields_and_files_come_out() {
        let text = "--XX\r\ncontent-disposition: form-data; name=\"body\"\r\n\r\nZażółć\r\n--X\r\n";
        let m = send(&format!("{text}{}{}--XX--\r\n", file("a;b=%22c.txt", "1"), file("", ""))).unwrap();
        assert_eq!(m.field("body"), Some("Zażółć\r\n--X"));
        assert_eq!(m.files.len(), 1, "an empty file input is no file");
        assert_eq!(m.files[0].original, "a;b=\"c.txt");
        assert_eq!(m.files[0].content, "1");
    }

    #[test]
    fn a_hostile_name_is_made_safe_and_its_claimed_type_ignored() {
        let m =
            send(&format!("{}{}--XX--", file("../../x.html", "<script>"), file("a%0D%0Ab\u{202e}.png", "")))
                .unwrap();
        assert_eq!(
            (m.files[0].name.as_str(), m.files[0].content_type),
            ("x.html", "application/octet-stream")
        );
        assert_eq!(m.files[0].original, "../../x.html");
        assert_eq!(m.files[1].name, "ab.png");
    }

    #[test]
    fn a_file_whose_name_ends_in_a_backslash_stays_a_file() {
        for (sent, original) in
            [("x\\", "x\\"), ("a;b\\", "a;b\\"), ("x\\\\", "x\\\\"), ("C:\\a\\b.txt", "C:\\a\\b.txt")]
        {
            let m = send(&format!("{}--XX--", file(sent, "1"))).unwrap();
            assert_eq!((m.fields.len(), m.files.len()), (0, 1), "{sent:?}");
            assert_eq!(m.files[0].original, original, "{sent:?}");
            assert!(!m.files[0].name.is_empty() && !m.files[0].name.contains('\\'), "{:?}", m.files[0].name);
        }
        let m = send(&format!("{}--XX--", file("a\\\"b.txt", "1"))).unwrap();
        assert_eq!(m.files[0].original, "a\"b.txt", "some programs escape quotes");
    }

    #[test]
    fn limits_hold_and_say_both_numbers() {
        let e = send(&format!("{}--XX--", file("big.pdf", &"x".repeat(21)))).unwrap_err();
        assert_eq!((e.status.as_u16(), e.field.as_deref()), (413, Some("f")));
        assert!(e.message.args.contains(&("size".into(), Arg::Bytes(21))), "{:?}", e.message);
        assert!(e.message.args.contains(&("limit".into(), Arg::Bytes(20))), "{:?}", e.message);
        assert!(send(&format!("{}--XX--", file("ok.pdf", &"x".repeat(20)))).is_ok());
        let three = file("a", "1").repeat(3);
        assert_eq!(send(&format!("{three}--XX--")).unwrap_err().status.as_u16(), 413);
        let long = format!("{}--XX--", file("a", &"x".repeat(2100)));
        assert_eq!(send(&long).unwrap_err().status.as_u16(), 413);
    }

    #[test]
    fn damaged_forms_are_refused() {
        for bad in [
            "",
            "--XX",
            "--XX--x",
            "--XX\r\n\r\n",
            "--YY\r\n",
            "--XX\r\ncontent-disposition: form-data\r\n\r\nx\r\n--XX--",
            "--XX\r\ncontent-disposition: form-data; name=\"a\r\n\r\nx\r\n--XX--",
            "--XX\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\nnever ends",
            "--XX\r\ncontent-type: text/plain\r\n\r\nx\r\n--XX--",
        ] {
            let result = send(bad);
            assert!(bad == "--XX--x" || result.is_err(), "{bad:?} gave {result:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), cut in 0usize..200) {
            let mut whole = format!("{}{}--XX--", file("a.txt", "1"), file("b.txt", "2")).into_bytes();
            whole.truncate(cut);
            whole.extend_from_slice(&body);
            let _ = parse(&Bytes::from(whole), "XX", LIMITS);
        }
    }
}
