//! Every declared operation of webhooks is routed, and lists go on where a page ends.

use super::Hub;
use mostek_api::{Operation, PARTS};
use serde_json::{Value, json};

/// What a path's pieces are: a source and its letter and secret, an endpoint.
fn path(hub: &Hub, operation: &Operation, source: &str, endpoint: &str) -> String {
    let of = |path: &str| hub.api("GET", &format!("/api/v1/webhooks/{source}{path}"), &json!({})).json();
    let letter = of("/letters")["data"][0]["id"].as_str().unwrap().to_owned();
    let secret = of("")["secrets"][0]["id"].as_str().unwrap().to_owned();
    let unknown = "0".repeat(26);
    operation.pieces.iter().fold(operation.path.to_owned(), |path, piece| {
        let value = match piece.name {
            "source" => source,
            "letter" => &letter,
            "secret" => &secret,
            "endpoint" => endpoint,
            _ => &unknown,
        };
        path.replace(&format!("{{{}}}", piece.name), value)
    })
}

#[test]
fn every_declared_operation_is_routed_and_open_only_to_whom_it_says() {
    for part in PARTS.iter().filter(|p| p.component == env!("CARGO_PKG_NAME")) {
        for operation in part.operations {
            // A hub for each: some of them delete what the others need.
            let (hub, source) = Hub::with_source();
            assert_eq!(hub.event(&source, "e1", "{not json").status, 202);
            let new = json!({"address": "https://sklep.pl/h", "events": ["ticket.created"]});
            let made = hub.api("POST", "/api/v1/webhooks/endpoints", &new).json();
            let path = path(&hub, operation, &source, made["id"].as_str().unwrap());
            let name = operation.verb.name();
            let mut stranger = hub.operator();
            let refused = stranger.api(name, &path, &json!({}));
            assert_eq!(refused.json()["type"], "/problems/forbidden", "{name} {path}");
            stranger.cookie = String::new();
            assert_eq!(stranger.api(name, &path, &json!({})).status, 401, "{name} {path}");
            let answer = hub.api(name, &path, &json!({}));
            let answered = answer.status < 500 && ![403, 405].contains(&answer.status);
            assert!(answered, "{name} {path}: {}", answer.text());
        }
    }
}

#[test]
fn what_is_no_source_is_not_found_whatever_is_asked_of_it() {
    let hub = Hub::new();
    for (method, path) in
        [("POST", "endpoints/on"), ("GET", "endpoints/letters"), ("POST", "endpoints/letters/x/process")]
    {
        assert_eq!(hub.api(method, &format!("/api/v1/webhooks/{path}"), &json!({})).status, 404, "{path}");
    }
    assert_eq!(hub.api("PATCH", "/api/v1/webhooks", &json!({})).status, 405);
}

fn pages(hub: &Hub, path: &str) -> Vec<Vec<Value>> {
    let (mut pages, mut after) = (Vec::new(), String::new());
    loop {
        let page = hub.api("GET", &format!("{path}?limit=2&after={after}"), &json!({})).json();
        pages.push(page["data"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => return pages,
        }
    }
}

#[test]
fn lists_go_on_where_a_page_ends() {
    let (hub, source) = Hub::with_source();
    for id in ["e1", "e2", "e3"] {
        assert_eq!(hub.event(&source, id, "{not json").status, 202);
    }
    let letters = pages(&hub, &format!("/api/v1/webhooks/{source}/letters"));
    assert_eq!(letters.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    for name in ["ałun", "Żółw"] {
        let new = json!({"name": name, "scheme": "standard", "secret": super::SECRET, "queue": "new"});
        let made = hub.api("POST", "/api/v1/webhooks", &new);
        assert_eq!(hub.api("GET", made.location(), &json!({})).json()["name"], name);
    }
    let names: Vec<Vec<Value>> = pages(&hub, "/api/v1/webhooks")
        .iter()
        .map(|page| page.iter().map(|s| s["name"].clone()).collect())
        .collect();
    assert_eq!(names, [vec![json!("ałun"), json!("Sklep Kubek")], vec![json!("Żółw")]]);
    let wrong = hub.api("GET", "/api/v1/webhooks?after=bm8", &json!({}));
    assert_eq!((wrong.status, wrong.json()["field"].as_str()), (422, Some("after")));
}
