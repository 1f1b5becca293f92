//! Bodies of `multipart/form-data` (RFC 7578), built in memory.

use bytes::{BufMut, Bytes, BytesMut};
use sha2::{Digest, Sha256};

/// One part.
pub(crate) struct Part<'a> {
    /// The form field's name: ours, so nothing to escape.
    pub name: &'static str,
    /// The file's name, if the part is a file. Must come from [`mostek_domain::attachment::safe_file_name`]: it has no
    /// quotes, line ends or path in it then.
    pub file_name: Option<String>,
    /// The part's type.
    pub content_type: &'static str,
    /// The content.
    pub content: &'a [u8],
}

/// The body, and the value of its `Content-Type` header.
///
/// The boundary is a digest of the contents, so no content can hold it by accident or by intent, and the same parts
/// give the same bytes.
pub(crate) fn encode(parts: &[Part<'_>]) -> (Bytes, String) {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.content.len() as u64).to_be_bytes());
        hash.update(part.content);
    }
    let digest: String = hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
    let boundary = format!("mostek-{digest}");
    let size: usize = parts.iter().map(|p| p.content.len() + 400).sum();
    let mut body = BytesMut::with_capacity(size + 100);
    for part in parts {
        let file = part.file_name.as_ref().map(|n| format!("; filename=\"{n}\"")).unwrap_or_default();
        body.put_slice(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"{file}\r\nContent-Type: {}\r\n\r\n",
                part.name, part.content_type
            )
            .as_bytes(),
        );
        body.put_slice(part.content);
        body.put_slice(b"\r\n");
    }
    body.put_slice(format!("--{boundary}--\r\n").as_bytes());
    (body.freeze(), format!("multipart/form-data; boundary={boundary}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_framed_as_the_standard_says() {
        let parts = [
            Part { name: "message_input", file_name: None, content_type: "application/json", content: b"{}" },
            Part {
                name: "files",
                file_name: Some("zdjęcie 1.png".into()),
                content_type: "application/octet-stream",
                content: b"\r\n--mostek--\x00\xff",
            },
        ];
        let (body, header) = encode(&parts);
        let boundary = header.strip_prefix("multipart/form-data; boundary=").unwrap();
        let mut expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"message_input\"\r\nContent-Type: application/json\r\n\r\n{{}}\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"zdjęcie 1.png\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        expected.extend_from_slice(b"\r\n--mostek--\x00\xff\r\n");
        expected.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        assert_eq!(body, expected);
        assert!(boundary.len() <= 70);
    }

    #[test]
    fn another_content_has_another_boundary() {
        let header = |content: &[u8]| {
            encode(&[Part { name: "files", file_name: None, content_type: "text/plain", content }]).1
        };
        let first = header(b"a");
        assert_eq!(first, header(b"a"));
        assert_ne!(first, header(first.as_bytes()));
    }
}
