//! The stylesheet, the script and the icons: served by every component under names that change with their content.

use crate::request::Request;
use crate::response::Response;
use http::{StatusCode, header};

struct Asset {
    name: &'static str,
    stem: &'static str,
    ending: &'static str,
    content_type: &'static str,
    content: &'static [u8],
    hash: u64,
}

/// FNV-1a over the content, at compile time. It only has to change when the content does; nothing trusts it.
const fn hash(content: &[u8]) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut rest = content;
    while let [first, tail @ ..] = rest {
        h = (h ^ *first as u64).wrapping_mul(0x0100_0000_01b3);
        rest = tail;
    }
    h
}

macro_rules! asset {
    ($stem:literal, $ending:literal, $type:literal) => {{
        const CONTENT: &[u8] = include_bytes!(concat!("../assets/", $stem, ".", $ending));
        const HASH: u64 = hash(CONTENT);
        Asset {
            name: concat!($stem, ".", $ending),
            stem: $stem,
            ending: $ending,
            content_type: $type,
            content: CONTENT,
            hash: HASH,
        }
    }};
}

static ASSETS: [Asset; 4] = [
    asset!("app", "css", "text/css; charset=utf-8"),
    asset!("app", "js", "text/javascript; charset=utf-8"),
    asset!("icons", "svg", "image/svg+xml"),
    asset!("favicon", "svg", "image/svg+xml"),
];

/// Where assets live.
pub const PREFIX: &str = "/assets/";

/// The address of an asset (`app.css`, `app.js`, `icons.svg`, `favicon.svg`), its content's hash in the name.
#[must_use]
pub fn url(name: &str) -> String {
    ASSETS.iter().find(|a| a.name == name).map_or_else(
        || format!("{PREFIX}{name}"),
        |a| format!("{PREFIX}{}.{:016x}.{}", a.stem, a.hash, a.ending),
    )
}

/// Answers a request for an asset; `None` if there is none of this path (also of an outdated hash). Browsers keep it for
/// a year; one that asks again with the same `etag` gets 304.
#[must_use]
pub fn serve(request: &Request) -> Option<Response> {
    let file = request.path.strip_prefix(PREFIX)?;
    let asset = ASSETS.iter().find(|a| file == format!("{}.{:016x}.{}", a.stem, a.hash, a.ending))?;
    let etag = format!("\"{:016x}\"", asset.hash);
    let known = request
        .header("if-none-match")
        .is_some_and(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == etag));
    let response = if known {
        Response::no_content().status(StatusCode::NOT_MODIFIED)
    } else {
        Response::new(StatusCode::OK, asset.content_type, asset.content)
    };
    Some(
        response
            .header(header::ETAG, &etag)
            .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    )
}

/// All assets' names and sizes in bytes.
pub fn sizes() -> impl Iterator<Item = (&'static str, usize)> {
    ASSETS.iter().map(|a| (a.name, a.content.len()))
}

/// The content of an asset by its address, for pages that are looked at without a server.
pub fn all() -> impl Iterator<Item = (String, &'static [u8])> {
    ASSETS.iter().map(|a| (url(a.name), a.content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{get, request};
    use http::Method;

    #[test]
    fn an_asset_is_kept_for_ever_and_revalidated_by_its_tag() {
        let r = serve(&get(&url("app.css"))).unwrap();
        assert_eq!(r.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        let tag = r.headers[header::ETAG].to_str().unwrap().to_owned();
        let again = request(Method::GET, &url("app.css"), &[("if-none-match", &tag)], "");
        assert_eq!(serve(&again).unwrap().status, StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn unknown_names_and_old_hashes_are_nobodys() {
        for path in
            ["/assets/app.css", "/assets/app.0000000000000000.css", "/assets/../Cargo.toml", "/assets/"]
        {
            assert!(serve(&get(path)).is_none(), "{path}");
        }
    }

    #[test]
    fn the_first_load_is_small() {
        let total: usize = sizes().map(|(_, n)| n).sum();
        assert!(total < 80_000, "{total} bytes");
    }
}
