//! Queues, categories, fields, templates.

use super::Hub;
use serde_json::json;

#[test]
fn things_are_added_renamed_and_archived() {
    let hub = Hub::empty();
    assert_eq!(
        hub.post("/settings/helpdesk/queues", &[("name", "Zwroty"), ("do", "save")]).location(),
        "/settings/helpdesk/queues"
    );
    let id = hub.api_get("/api/v1/desk/queues").json()["data"][0]["id"].as_str().unwrap().to_owned();
    hub.post("/settings/helpdesk/queues", &[("id", &id), ("name", "Zwroty i wymiany"), ("do", "save")]);
    hub.post("/settings/helpdesk/queues", &[("id", &id), ("name", "Zwroty i wymiany"), ("do", "archive")]);
    let queues = hub.api_get("/api/v1/desk/queues").json();
    assert_eq!(
        (queues["data"].as_array().unwrap().len(), queues["data"][0]["archived"].as_bool()),
        (1, Some(true))
    );
    assert_eq!(queues["data"][0]["name"], "Zwroty i wymiany");
    let page = hub.get("/settings/helpdesk/queues").text();
    assert!(page.contains("Zwroty i wymiany") && page.contains("w archiwum"), "{page}");
}

#[test]
fn a_template_that_cannot_be_is_shown_again() {
    let hub = Hub::empty();
    let answer = hub.post(
        "/settings/helpdesk/templates",
        &[("name", ""), ("text", "Dzień dobry {customer}"), ("do", "save")],
    );
    let page = answer.text();
    assert!(
        answer.status == 422
            && page.contains("Dzień dobry {customer}</textarea>")
            && page.contains("Podaj nazwę"),
        "{page}"
    );
    assert_eq!(hub.get("/settings/helpdesk/nonsense").status, 404);
}

#[test]
fn a_template_with_names_that_are_no_variables_is_refused_with_those_that_are() {
    let hub = Hub::empty();
    let put = |text: &str, archived: bool| {
        let typed = json!({"name": "Powitanie", "text": text, "archived": archived});
        hub.api("POST", "/api/v1/desk/templates", &typed)
    };
    let refused = put("Witaj, {klient}! {shop} {Order}", false);
    assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some("text")));
    let said = refused.text();
    assert!(said.contains("klient") && said.contains("customer, order, agent, shop"), "{said}");
    assert!(!said.contains("Order"), "{said}");
    assert_eq!(put("Witaj, {customer}! {shop} {Order}", false).status, 201);
    // What is put away may be as it was.
    assert_eq!(put("Witaj, {klient}!", true).status, 201);
}
