//! The engine's error codes in words.

use spin_sdk::wasip3::http::types::ErrorCode;

/// An error code for a log: without the name of its type, which says nothing.
pub(crate) fn plain(e: &ErrorCode) -> String {
    e.to_string().replace("ErrorCode::", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_code_is_named_without_its_type() {
        assert_eq!(plain(&ErrorCode::ConnectionRefused), "ConnectionRefused");
        assert_eq!(plain(&ErrorCode::InternalError(Some("a".into()))), "InternalError(Some(\"a\"))");
    }
}
