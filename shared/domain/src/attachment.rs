//! Files that travel with messages: names, types, limits.

use crate::text::is_invisible;
use serde::{Deserialize, Serialize};
use thiserror::Error;

const MEBIBYTE: u64 = 1024 * 1024;

/// How much may be attached. "MB" is taken as 1,048,576 bytes, as the platforms that state these limits do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentLimits {
    /// Bytes in all files of one conversation, those already there included (setting; Thulium's limit).
    pub conversation_bytes: u64,
    /// Bytes in all files of one message (Mirakl OR43).
    pub message_bytes: u64,
    /// Files in all conversations about one order (Mirakl M12).
    pub order_files: u32,
}

impl Default for AttachmentLimits {
    fn default() -> Self {
        Self { conversation_bytes: 10 * MEBIBYTE, message_bytes: 30 * MEBIBYTE, order_files: 50 }
    }
}

/// What is attached already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AttachmentUse {
    /// Bytes in the conversation's files.
    pub conversation_bytes: u64,
    /// Files in the order's conversations, as far as they are known.
    pub order_files: u32,
}

/// Why files cannot be attached. Each carries the number asked for and the number allowed.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentError {
    /// The conversation's files would be too much.
    #[error("the files of the conversation would have {bytes} bytes; at most {limit} are allowed")]
    Conversation {
        /// Bytes with the new files.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The message's files would be too much.
    #[error("the files of the message have {bytes} bytes; at most {limit} are allowed")]
    Message {
        /// Bytes of the new files.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The order's files would be too many.
    #[error("the order would have {files} files; at most {limit} are allowed")]
    Order {
        /// Files with the new ones.
        files: u32,
        /// Files allowed.
        limit: u32,
    },
    /// A file without content, which marketplaces refuse.
    #[error("the file is empty")]
    Empty,
}

impl AttachmentError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Conversation { .. } => "attachment-conversation",
            Self::Message { .. } => "attachment-message",
            Self::Order { .. } => "attachment-order",
            Self::Empty => "attachment-empty",
        }
    }
}

impl AttachmentLimits {
    /// Whether files of these sizes may join a message.
    ///
    /// # Errors
    /// [`AttachmentError`] names the first limit that would be passed, with both numbers.
    pub fn check(&self, used: AttachmentUse, sizes: &[u64]) -> Result<(), AttachmentError> {
        if sizes.contains(&0) {
            return Err(AttachmentError::Empty);
        }
        let bytes = sizes.iter().fold(0u64, |sum, n| sum.saturating_add(*n));
        if sizes.is_empty() {
            return Ok(());
        }
        let conversation = used.conversation_bytes.saturating_add(bytes);
        if conversation > self.conversation_bytes {
            return Err(AttachmentError::Conversation {
                bytes: conversation,
                limit: self.conversation_bytes,
            });
        }
        if bytes > self.message_bytes {
            return Err(AttachmentError::Message { bytes, limit: self.message_bytes });
        }
        let files = used.order_files.saturating_add(u32::try_from(sizes.len()).unwrap_or(u32::MAX));
        if files > self.order_files {
            return Err(AttachmentError::Order { files, limit: self.order_files });
        }
        Ok(())
    }

    /// Bytes that one more message may carry, for the meter.
    #[must_use]
    pub fn bytes_left(&self, used: AttachmentUse) -> u64 {
        self.conversation_bytes.saturating_sub(used.conversation_bytes).min(self.message_bytes)
    }
}

/// Most characters of a file name.
const NAME_CHARS: usize = 120;
/// Most characters of an extension that is kept when a name is cut.
const EXTENSION_CHARS: usize = 12;

/// A file name that is only a name on every system: no path, no invisible or reserved characters, no leading or
/// trailing dots, not a device of Windows, at most 120 characters with the extension kept. `file` if nothing is left.
#[must_use]
pub fn safe_file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or("");
    let cleaned: String = name
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let edge = |c: char| c == '.' || c.is_whitespace();
    let trimmed = cleaned.trim_matches(edge);
    let short = if trimmed.chars().count() <= NAME_CHARS {
        trimmed.to_owned()
    } else {
        let extension = extension(trimmed).filter(|e| e.chars().count() <= EXTENSION_CHARS);
        let room = NAME_CHARS - extension.map_or(0, |e| e.chars().count() + 1);
        let stem: String = trimmed.chars().take(room).collect();
        let stem = stem.trim_end_matches(edge);
        match extension {
            Some(e) => format!("{stem}.{e}"),
            None => stem.to_owned(),
        }
    };
    if short.is_empty() {
        return "file".to_owned();
    }
    let stem = short.split('.').next().unwrap_or("").trim_end().to_ascii_uppercase();
    let numbered =
        |p: &str| stem.strip_prefix(p).is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()));
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT") {
        return format!("_{short}");
    }
    short
}

fn extension(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, e)| e).filter(|e| !e.is_empty())
}

/// The type of unknown bytes.
pub const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The content type that a file may be handed out with: one of a short list, and only if the extension *and* the first
/// bytes (16 are enough) say so; else `application/octet-stream`. Nothing that a browser would run is on the list; texts
/// count as `text/plain` if the bytes given hold no control characters.
#[must_use]
pub fn content_type(name: &str, first_bytes: &[u8]) -> &'static str {
    let Some(extension) = extension(name).map(str::to_ascii_lowercase) else { return UNKNOWN_TYPE };
    let begins = |magic: &[u8]| first_bytes.starts_with(magic);
    let at = |from: usize, magic: &[u8]| first_bytes.get(from..).is_some_and(|b| b.starts_with(magic));
    let zip = || begins(b"PK\x03\x04");
    let text = || {
        !first_bytes.is_empty()
            && first_bytes.iter().all(|b| *b >= 0x20 || matches!(b, b'\t' | b'\n' | b'\r'))
    };
    match extension.as_str() {
        "pdf" if begins(b"%PDF-") => "application/pdf",
        "png" if begins(b"\x89PNG\r\n\x1a\n") => "image/png",
        "jpg" | "jpeg" if begins(b"\xff\xd8\xff") => "image/jpeg",
        "gif" if begins(b"GIF87a") || begins(b"GIF89a") => "image/gif",
        "webp" if begins(b"RIFF") && at(8, b"WEBP") => "image/webp",
        "heic" if at(4, b"ftypheic") || at(4, b"ftypheix") || at(4, b"ftypmif1") => "image/heic",
        "mp4" if at(4, b"ftyp") => "video/mp4",
        "zip" if zip() => "application/zip",
        "docx" if zip() => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" if zip() => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "txt" | "csv" if text() => "text/plain",
        _ => UNKNOWN_TYPE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ten_megabytes_and_not_a_byte_more_in_a_conversation() {
        let limits = AttachmentLimits::default();
        let used = AttachmentUse { conversation_bytes: 4 * MEBIBYTE, order_files: 0 };
        assert_eq!(limits.check(used, &[6 * MEBIBYTE]), Ok(()));
        assert_eq!(
            limits.check(used, &[5 * MEBIBYTE, MEBIBYTE + 1]),
            Err(AttachmentError::Conversation { bytes: 10_485_761, limit: 10_485_760 })
        );
        assert_eq!(limits.bytes_left(used), 6 * MEBIBYTE);
    }

    #[test]
    fn a_message_and_an_order_have_limits_of_their_own() {
        let limits = AttachmentLimits { conversation_bytes: u64::MAX, ..AttachmentLimits::default() };
        let used = AttachmentUse { conversation_bytes: 0, order_files: 48 };
        assert_eq!(
            limits.check(used, &[30 * MEBIBYTE, 1]),
            Err(AttachmentError::Message { bytes: 31_457_281, limit: 31_457_280 })
        );
        assert_eq!(limits.check(used, &[1, 1]), Ok(()));
        assert_eq!(limits.check(used, &[1, 1, 1]), Err(AttachmentError::Order { files: 51, limit: 50 }));
        assert_eq!(
            limits.check(used, &[u64::MAX, u64::MAX]),
            Err(AttachmentError::Message { bytes: u64::MAX, limit: 31_457_280 })
        );
    }

    #[test]
    fn a_message_without_files_fits_into_a_full_conversation() {
        let full = AttachmentUse { conversation_bytes: u64::MAX, order_files: u32::MAX };
        assert_eq!(AttachmentLimits::default().check(full, &[]), Ok(()));
        assert_eq!(
            AttachmentLimits::default().check(AttachmentUse::default(), &[0]),
            Err(AttachmentError::Empty)
        );
    }

    #[test]
    fn paths_and_tricks_in_names() {
        for (given, kept) in [
            ("../../x.html", "x.html"),
            ("..\\..\\x.html", "x.html"),
            ("C:\\tmp\\a b.pdf", "a b.pdf"),
            ("zdjęcie żółwia.jpg", "zdjęcie żółwia.jpg"),
            ("..", "file"),
            ("", "file"),
            ("/", "file"),
            (".htaccess", "htaccess"),
            ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt"),
            ("fak\u{202e}fdp.exe", "fakfdp.exe"),
            ("\"quoted\"?.png", "_quoted__.png"),
            ("nul.txt", "_nul.txt"),
            ("COM1", "_COM1"),
            ("company.txt", "company.txt"),
            ("x.", "x"),
        ] {
            assert_eq!(safe_file_name(given), kept, "{given}");
        }
        let long = safe_file_name(&format!("{}.pdf", "ż".repeat(300)));
        assert!(long.ends_with("ż.pdf"));
        assert_eq!(long.chars().count(), 120);
    }

    #[test]
    fn a_type_needs_extension_and_content() {
        let png = b"\x89PNG\r\n\x1a\n0000";
        assert_eq!(content_type("a.PNG", png), "image/png");
        assert_eq!(content_type("a.png", b"<html>"), UNKNOWN_TYPE);
        assert_eq!(content_type("a.html", png), UNKNOWN_TYPE);
        assert_eq!(content_type("a.svg", b"<svg"), UNKNOWN_TYPE);
        assert_eq!(content_type("a", b"%PDF-1.7"), UNKNOWN_TYPE);
        assert_eq!(content_type("a.pdf", b"%PDF-1.7"), "application/pdf");
        assert_eq!(content_type("a.webp", b"RIFF\0\0\0\0WEBPVP8 "), "image/webp");
        assert_eq!(content_type("a.webp", b"RIFF"), UNKNOWN_TYPE);
        assert_eq!(content_type("a.csv", "nr;ilość\r\n".as_bytes()), "text/plain");
        assert_eq!(content_type("a.txt", b"MZ\x90\x00"), UNKNOWN_TYPE);
        assert_eq!(content_type("a.txt", b""), UNKNOWN_TYPE);
    }

    proptest! {
        #[test]
        fn names_are_safe_and_stay_as_they_are(name in "[\\s\\S]{0,60}|[./\\\\ a-z]{0,20}|(con|nul|aux)[. ]{0,3}[a-z]{0,3}|[a-zż. ]{100,200}") {
            let safe = safe_file_name(&name);
            prop_assert_eq!(&safe_file_name(&safe), &safe);
            prop_assert!(!safe.is_empty() && safe != "." && safe != "..");
            prop_assert!(!safe.contains(['/', '\\', '"', '\r', '\n']));
            prop_assert!(safe.chars().count() <= NAME_CHARS + 1);
        }

        #[test]
        fn guessing_never_panics(name in "\\PC{0,20}", bytes: Vec<u8>) {
            let _ = content_type(&name, &bytes);
        }
    }
}
