//! Pages of lists: opaque cursors and capped sizes. No list is given whole.

use crate::error::ApiError;
use crate::request::Request;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mostek_api::page::Listed;

/// The longest cursor that is read, in characters.
const LONGEST: usize = 512;

/// Which page of a list is asked for: the query parameters `after` (a cursor) and `limit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// What the earlier page's cursor said, decoded; `None` for the first page.
    pub after: Option<String>,
    /// How many items at most.
    pub limit: usize,
}

impl PageRequest {
    /// Reads it from a request. A `limit` past `most` is cut to it; without one it is `usual`.
    ///
    /// # Errors
    /// 400 if the cursor is not one of ours or `limit` is not a number from 1.
    pub fn of(request: &Request, usual: usize, most: usize) -> Result<Self, ApiError> {
        let after = match request.param("after").filter(|c| !c.is_empty()) {
            Some(c) => Some(open_cursor(c)?),
            None => None,
        };
        let limit = match request.param("limit") {
            Some(text) => text
                .parse::<usize>()
                .ok()
                .filter(|n| *n > 0)
                .ok_or_else(|| ApiError::bad_field("limit", "errors-bad-limit"))?,
            None => usual,
        };
        Ok(Self { after, limit: limit.min(most) })
    }
}

/// Makes a cursor out of whatever the list needs to go on (a sort key, an id). Opaque to clients, not secret.
#[must_use]
pub fn cursor(position: &str) -> String {
    URL_SAFE_NO_PAD.encode(position)
}

/// Reads a cursor back.
///
/// # Errors
/// 400 if it is not one of ours.
pub fn open_cursor(cursor: &str) -> Result<String, ApiError> {
    let bad = || ApiError::bad_field("after", "errors-bad-cursor");
    if cursor.len() > LONGEST {
        return Err(bad());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
    String::from_utf8(bytes).map_err(|_| bad())
}

/// A page of a list as the API gives it; `next` is the position behind its last item if more follow.
#[must_use]
pub fn listed<T>(data: Vec<T>, next: Option<&str>) -> Listed<T> {
    Listed { data, next: next.map(cursor) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::get;

    #[test]
    fn a_cursor_survives_the_round_trip_and_a_foreign_one_is_refused() {
        assert_eq!(open_cursor(&cursor("2026-05-12/żółw")).unwrap(), "2026-05-12/żółw");
        for bad in ["!!", "_w", &"a".repeat(600)] {
            let e = open_cursor(bad).unwrap_err();
            assert_eq!((e.status.as_u16(), e.field.as_deref()), (422, Some("after")), "{bad}");
        }
    }

    #[test]
    fn a_limit_is_capped_and_a_silly_one_refused() {
        assert_eq!(
            PageRequest::of(&get("/x?limit=5000"), 25, 100).unwrap(),
            PageRequest { after: None, limit: 100 }
        );
        assert_eq!(PageRequest::of(&get("/x"), 25, 100).unwrap().limit, 25);
        assert_eq!(PageRequest::of(&get("/x?after="), 25, 100).unwrap().after, None);
        for bad in ["0", "-1", "many", "99999999999999999999999"] {
            assert!(PageRequest::of(&get(&format!("/x?limit={bad}")), 25, 100).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_envelope_says_where_to_go_on() {
        let page = serde_json::to_value(listed(vec![1, 2], Some("2"))).unwrap();
        assert_eq!(page, serde_json::json!({"data": [1, 2], "next": "Mg"}));
        let last = serde_json::to_value(listed::<u8>(vec![], None)).unwrap();
        assert_eq!(last, serde_json::json!({"data": [], "next": null}));
    }
}
