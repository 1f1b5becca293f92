#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::check::{Exchange, exchange};
use crate::document::document;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn pieces(path: &str) -> Vec<&str> {
    path.split('/').filter(|p| !p.is_empty()).collect()
}

fn parameters(path: &str) -> BTreeSet<&str> {
    pieces(path).into_iter().filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')).collect()
}

#[test]
fn operations_have_names_of_their_own_and_describe_their_parameters() {
    let (mut ids, mut calls) = (BTreeSet::new(), BTreeSet::new());
    for o in operations() {
        assert!(ids.insert(o.id), "{} is there twice", o.id);
        assert!(calls.insert((o.verb.name(), o.path)), "{} {} is there twice", o.verb.name(), o.path);
        assert!(o.id.chars().all(|c| c.is_ascii_alphanumeric()), "{}", o.id);
        assert!(o.path.starts_with("/api/v1/") && !o.path.ends_with('/'), "{}", o.path);
        assert!(!o.summary.is_empty() && !o.summary.ends_with('.'), "{}", o.id);
        assert!(o.answer.about.ends_with('.'), "{}", o.id);
        let declared: BTreeSet<_> = o.pieces.iter().map(|p| p.name).collect();
        assert_eq!(declared, parameters(o.path), "{}", o.path);
        assert!(!o.files || o.body.is_some(), "{}", o.id);
        assert!(o.verb != Verb::Get || (o.body.is_none() && !o.key), "{}", o.id);
    }
    assert!(ids.len() > 30, "{ids:?}");
}

#[test]
fn a_kind_of_refusal_has_one_status_and_one_meaning() {
    let mut known: Vec<Refusal> = Vec::new();
    for refusal in operations().flat_map(Operation::all_refusals) {
        match known.iter().find(|k| k.kind == refusal.kind) {
            Some(k) => assert_eq!(*k, refusal),
            None => known.push(refusal),
        }
        assert!(refusal.about.ends_with('.'), "{}", refusal.kind);
    }
}

#[test]
fn the_path_that_names_more_is_found_first_and_other_methods_are_named() {
    let found = |method, path| find(method, &pieces(path)).map(|o| o.id);
    assert_eq!(found("POST", "/api/v1/marketplaces/authenticate"), Ok("authenticateConnection"));
    assert_eq!(found("GET", "/api/v1/marketplaces/0abc"), Ok("getConnection"));
    assert_eq!(found("GET", "/api/v1/tickets/17"), Ok("getTicket"));
    assert_eq!(found("GET", "/api/v1/tickets/17/nothing"), Err(Missing::Path));
    assert_eq!(found("GET", "/api/v2/tickets"), Err(Missing::Path));
    assert_eq!(
        found("PATCH", "/api/v1/customers/1"),
        Err(Missing::Method { allow: "GET, HEAD, PUT".to_owned() })
    );
}

#[test]
fn the_document_is_openapi_and_holds_every_operation() {
    let all = document("1.2.3").unwrap();
    assert_eq!(faults(&all), Vec::<String>::new());
    assert_eq!(all["info"]["version"], "1.2.3");
    let paths = all["paths"].as_object().unwrap();
    let count: usize = paths.values().map(|p| p.as_object().unwrap().len()).sum();
    assert_eq!(count, operations().count());
    let text = all.to_string();
    for (name, schema) in all["components"]["schemas"].as_object().unwrap() {
        assert!(text.contains(&format!("\"#/components/schemas/{name}\"")), "{name} is not used");
        undescribed(name, schema);
    }
}

/// A moment ends in `_at`, `_since` or `_until`, but for those whose name says of itself that it is one.
#[test]
fn members_that_are_moments_are_named_like_it() {
    let named = ["due", "since", "until", "from", "to", "last_activity", "last_success", "ship_by"];
    let all = document("1.2.3").unwrap();
    for (name, schema) in all["components"]["schemas"].as_object().unwrap() {
        for (member, described) in schema["properties"].as_object().into_iter().flatten() {
            if described.to_string().contains("/schemas/Moment") {
                let alike = ["at", "_at", "_since", "_until"].iter().any(|end| member.ends_with(end));
                assert!(alike || named.contains(&member.as_str()), "{name}.{member}");
            }
        }
    }
}

#[test]
fn the_document_says_who_may_call() {
    let all = document("1.2.3").unwrap();
    let of = |path: &str, method: &str| all["paths"][path][method]["security"].clone();
    assert_eq!(of("/api/v1/setup", "post"), json!([]));
    assert_eq!(of("/api/v1/session", "get"), json!([{"token": []}, {"session": []}]));
    assert_eq!(of("/api/v1/tokens", "post"), json!([{"session": [], "csrf": []}]));
    let needed = json!([{"token": ["helpdesk"]}, {"session": ["helpdesk"], "csrf": []}]);
    assert_eq!(of("/api/v1/tickets/{ticket}/status", "post"), needed);
    let either = json!([
        {"token": ["administrator"]}, {"session": ["administrator"]},
        {"token": ["helpdesk"]}, {"session": ["helpdesk"]},
    ]);
    assert_eq!(of("/api/v1/desk/{kind}", "get"), either);
    let both = ["administrator", "helpdesk"];
    let both = json!([{"token": both}, {"session": both, "csrf": []}]);
    assert_eq!(of("/api/v1/customers/{customer}/erase", "post"), both);
    assert_eq!(of("/api/v1/desk/automations/preview", "post"), both);
}

#[test]
fn what_is_not_openapi_is_found() {
    let whole = document("1.2.3").unwrap();
    let ticket = "/paths/~1api~1v1~1tickets~1{ticket}/get";
    for (place, value, what) in [
        ("/openapi", json!("3.0.3"), "not 3.1"),
        ("/info/title", json!(""), "no title"),
        (&format!("{ticket}/operationId"), json!("listTickets"), "not its own"),
        (&format!("{ticket}/parameters"), json!([]), "the path has"),
        (&format!("{ticket}/tags"), json!(["Nothing"]), "not declared"),
        (&format!("{ticket}/security"), json!([{"nothing": []}]), "nothing is not declared"),
        (&format!("{ticket}/responses/200/description"), json!(""), "not described"),
        (
            &format!("{ticket}/responses/404"),
            json!({"$ref": "#/components/responses/Nothing"}),
            "leads nowhere",
        ),
        ("/components/schemas/TicketId", json!({"type": "nothing"}), "no schema"),
    ] {
        let mut broken = whole.clone();
        *broken.pointer_mut(place).unwrap() = value;
        let found = faults(&broken);
        assert!(found.iter().any(|f| f.contains(what)), "{place}: {found:?}");
    }
}

/// Every member says what it is.
fn undescribed(name: &str, schema: &Value) {
    for (member, described) in schema["properties"].as_object().into_iter().flatten() {
        let tag = described.get("const").is_some();
        assert!(
            tag || described.get("description").is_some(),
            "{name}.{member} is not described: {described}"
        );
    }
    for branch in schema["oneOf"].as_array().into_iter().flatten() {
        // A variant that holds one value is described as a whole.
        let members = branch["properties"].as_object().map_or(0, serde_json::Map::len);
        if members != 1 || branch.get("description").is_none() {
            undescribed(name, branch);
        }
    }
}

fn answer<'a>(status: u16, media_type: &'a str, body: &'a str) -> Exchange<'a> {
    Exchange {
        method: "GET",
        uri: "/api/v1/tickets/1/version",
        sent: ("", b""),
        status,
        media_type,
        location: None,
        body: body.as_bytes(),
    }
}

#[test]
fn an_answer_that_is_not_as_described_is_found() {
    let problem = |kind: &str, status: u16| {
        json!({
            "type": format!("/problems/{kind}"), "title": "t", "status": status, "detail": "d",
            "instance": "/api/v1/tickets/1/version", "correlation_id": "0123456789abcdef",
        })
        .to_string()
    };
    let (json, problems) = ("application/json", "application/problem+json");
    assert_eq!(exchange(&answer(200, json, r#"{"version":3,"others":[]}"#)), Ok(()));
    assert_eq!(exchange(&answer(404, problems, &problem("not-found", 404))), Ok(()));
    for (status, media_type, body, what) in [
        (200, json, r#"{"version":"3","others":[]}"#.to_owned(), "is not of type"),
        (200, json, "{}".to_owned(), "required"),
        (200, json, r#"{"version":3,"others":[],"more":1}"#.to_owned(), "more"),
        (200, "text/html", r#"{"version":3,"others":[]}"#.to_owned(), "is not declared"),
        (201, json, r#"{"version":3,"others":[]}"#.to_owned(), "status that is not declared"),
        (404, json, problem("not-found", 404), "status that is not declared"),
        (404, problems, problem("unheard-of", 404), "unheard-of"),
        (409, problems, problem("conflict", 409), "refusal that is not declared"),
    ] {
        let error = exchange(&answer(status, media_type, &body)).unwrap_err();
        assert!(error.contains(what), "{what}: {error}");
    }
    let mut unknown = answer(200, json, r#"{"version":3,"others":[]}"#);
    unknown.uri = "/api/v1/tickets/1/version?fast=1";
    assert!(exchange(&unknown).unwrap_err().contains("fast"));
    unknown.uri = "/api/v1/nothing";
    assert!(exchange(&unknown).unwrap_err().contains("no such operation"));
    unknown.uri = "/tickets";
    assert_eq!(exchange(&unknown), Ok(()));
    let body = br#"{"status":3}"#;
    let sent = Exchange {
        method: "POST",
        uri: "/api/v1/tickets/1/status",
        sent: ("application/json", body),
        ..answer(204, "", "")
    };
    assert!(exchange(&sent).unwrap_err().contains("setTicketStatus takes"));
}
