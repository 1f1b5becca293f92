//! Which trigger answers a path.
//!
//! Mirrors `crates/routes/src/lib.rs` of Spin and matches with the same library: exact routes before wildcards, longest
//! prefix first, of two equal routes the later one. Private routes are not routable; without service chaining nothing
//! reaches them.

use std::collections::HashMap;

use anyhow::{anyhow, bail};

use crate::manifest::Route;

/// Paths below this belong to the runtime.
pub const WELL_KNOWN_PREFIX: &str = "/.well-known/spin/";

/// Two triggers with the same route.
#[derive(Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The route as written.
    pub route: String,
    /// The trigger target that is never reached.
    pub replaced: String,
    /// The one that is.
    pub effective: String,
}

#[derive(Debug)]
struct Entry<T> {
    target: T,
    /// As written in the manifest.
    raw: String,
    /// With a leading and without a trailing slash.
    based: String,
}

/// Finds the target of a path. `T` names what answers, a component or a static response.
#[derive(Debug)]
pub struct Router<T> {
    finder: routefinder::Router<Entry<T>>,
}

impl<T: Clone + std::fmt::Display> Router<T> {
    /// Builds the table from routes in the order of the manifest.
    ///
    /// # Errors
    /// A route that does not parse, or `{ private = false }`.
    pub fn build<'a>(
        routes: impl IntoIterator<Item = (T, &'a Route)>,
    ) -> anyhow::Result<(Self, Vec<Duplicate>)> {
        let mut entries: Vec<Entry<T>> = Vec::new();
        let mut duplicates = Vec::new();
        for (target, route) in routes {
            let raw = match route {
                Route::Pattern(raw) => raw,
                Route::Private { private: true } => continue,
                Route::Private { private: false } => bail!(
                    "route must be a string pattern or '{{ private = true }}': '{target}' has {{ private = false }}"
                ),
            };
            let entry = Entry { based: based(raw), raw: raw.clone(), target };
            // The later one takes the place of the earlier.
            if let Some(earlier) = entries.iter_mut().find(|e| e.raw == entry.raw) {
                duplicates.push(Duplicate {
                    route: if entry.based.is_empty() { "/".into() } else { entry.based.clone() },
                    replaced: earlier.target.to_string(),
                    effective: entry.target.to_string(),
                });
                *earlier = entry;
            } else {
                entries.push(entry);
            }
        }
        let mut finder = routefinder::Router::new();
        for entry in entries {
            let pattern = match entry.based.strip_suffix("/...") {
                Some(prefix) => format!("{prefix}/*"),
                None => entry.based.clone(),
            };
            let (based, target) = (entry.based.clone(), entry.target.to_string());
            finder.add(pattern.as_str(), entry).map_err(|e| {
                anyhow!("Error parsing route {based} associated with component {target}: {e}")
            })?;
        }
        Ok((Self { finder }, duplicates))
    }

    /// Whether a route lies below [`WELL_KNOWN_PREFIX`] and so is never reached.
    #[must_use]
    pub fn contains_reserved_route(&self) -> bool {
        self.finder.iter().any(|(_, entry)| entry.based.starts_with(WELL_KNOWN_PREFIX))
    }

    /// The best route for `path`, if any.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Match<T>> {
        let found = self.finder.best_match(path)?;
        let entry = found.handler();
        let captures = found.captures();
        Some(Match {
            target: entry.target.clone(),
            raw_route: entry.raw.clone(),
            based_route: entry.based.clone(),
            trailing: captures.wildcard().map(|rest| trailing(rest, path)).unwrap_or_default(),
            named: captures.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        })
    }
}

/// A matched route and what it captured.
#[derive(Clone, Debug)]
pub struct Match<T> {
    /// Who answers.
    pub target: T,
    /// The route as written, `/a/:b/...`.
    pub raw_route: String,
    /// The route with a leading slash.
    pub based_route: String,
    /// What the trailing wildcard took, with its leading slash; empty without one.
    pub trailing: String,
    /// `:name` segments.
    pub named: HashMap<String, String>,
}

impl<T> Match<T> {
    /// The route as written, without a trailing wildcard.
    #[must_use]
    pub fn route_or_prefix(&self) -> &str {
        self.raw_route.strip_suffix("/...").unwrap_or(&self.raw_route)
    }
}

/// Spin keeps the trailing slash of the path, the routing library does not.
fn trailing(rest: &str, path: &str) -> String {
    match (rest.is_empty(), path.ends_with('/')) {
        (true, false) => String::new(),
        (true, true) => "/".into(),
        (false, false) => format!("/{rest}"),
        (false, true) => format!("/{rest}/"),
    }
}

fn based(raw: &str) -> String {
    let absolute = if raw.starts_with('/') { raw.to_owned() } else { format!("/{raw}") };
    absolute.strip_suffix('/').map(str::to_owned).unwrap_or(absolute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(routes: &[(&str, &str)]) -> (Router<String>, Vec<Duplicate>) {
        let routes: Vec<_> =
            routes.iter().map(|(t, r)| ((*t).to_owned(), Route::Pattern((*r).to_owned()))).collect();
        Router::build(routes.iter().map(|(t, r)| (t.clone(), r))).unwrap()
    }

    fn target(routes: &[(&str, &str)], path: &str) -> Option<String> {
        router(routes).0.find(path).map(|m| m.target)
    }

    #[test]
    fn exact_beats_named_beats_wildcard_and_the_longest_prefix_wins_in_any_order() {
        let mut routes = vec![
            ("all", "/..."),
            ("one", "/one/..."),
            ("deep", "/one/two/..."),
            ("exact", "/one/two"),
            ("named", "/one/:x"),
        ];
        for _ in 0..2 {
            assert_eq!(target(&routes, "/").as_deref(), Some("all"));
            assert_eq!(target(&routes, "/x/y").as_deref(), Some("all"));
            assert_eq!(target(&routes, "/one/two").as_deref(), Some("exact"));
            assert_eq!(target(&routes, "/one/other").as_deref(), Some("named"));
            assert_eq!(target(&routes, "/one/two/three").as_deref(), Some("deep"));
            assert_eq!(target(&routes, "/one/other/three").as_deref(), Some("one"));
            routes.reverse();
        }
        assert_eq!(target(&[("one", "/one")], "/two"), None);
    }

    #[test]
    fn captures_are_handed_over() {
        let (router, _) = router(&[("c", "/shop/:id/...")]);
        let found = router.find("/shop/42/a/b").unwrap();
        assert_eq!(found.trailing, "/a/b");
        assert_eq!(found.named.get("id").map(String::as_str), Some("42"));
        assert_eq!(found.route_or_prefix(), "/shop/:id");
        assert_eq!(router.find("/shop/42/a/").unwrap().trailing, "/a/");
        assert_eq!(router.find("/shop/42/").unwrap().trailing, "/");
        assert_eq!(router.find("/shop/42").unwrap().trailing, "");
    }

    #[test]
    fn of_two_equal_routes_the_later_one_answers_and_it_is_reported() {
        let (router, duplicates) = router(&[("first", "/foo"), ("second", "/foo")]);
        assert_eq!(router.find("/foo").unwrap().target, "second");
        let expected =
            Duplicate { route: "/foo".into(), replaced: "first".into(), effective: "second".into() };
        assert_eq!(duplicates, [expected]);
    }

    #[test]
    fn private_routes_are_not_routable() {
        let private = Route::Private { private: true };
        let (router, _) = Router::build([("c".to_owned(), &private)]).unwrap();
        assert!(router.find("/").is_none());
        let wrong = Route::Private { private: false };
        assert!(Router::build([("c".to_owned(), &wrong)]).is_err());
    }

    #[test]
    fn routes_below_the_well_known_prefix_are_noticed() {
        assert!(router(&[("c", "/.well-known/spin/x")]).0.contains_reserved_route());
        assert!(!router(&[("c", "/.well-known/other")]).0.contains_reserved_route());
    }
}
