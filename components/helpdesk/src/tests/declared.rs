//! Every declared operation of the helpdesk is routed.

use super::Hub;
use mostek_api::{Operation, PARTS, Who};
use mostek_domain::Rights;
use serde_json::json;

fn path(hub: &Hub, operation: &Operation, ticket: &str, customer: &str) -> String {
    let unknown = "0".repeat(26);
    let queue = hub.api_get("/api/v1/desk/queues").json()["data"][0]["id"].clone();
    operation.pieces.iter().fold(operation.path.to_owned(), |path, piece| {
        let connection = hub.connection();
        let value = match piece.name {
            "ticket" => ticket,
            "connection" => &connection,
            "customer" => customer,
            "kind" => "queues",
            "id" => queue.as_str().unwrap(),
            "slot" | "index" => "1",
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
            let (hub, ticket) = Hub::with_ticket("Dzień dobry");
            let customer =
                hub.api("POST", "/api/v1/customers", &json!({"name": "Anna"})).json()["id"].clone();
            let path = path(&hub, operation, &ticket, customer.as_str().unwrap());
            let name = operation.verb.name();
            let call = |hub: &Hub| match operation.body {
                Some(_) => hub.api(name, &path, &json!({})),
                None => hub.send(name, &path, &[("x-csrf-token", hub.csrf.as_str())], ""),
            };
            let manager = call(&hub.administrator(Rights::none())).status;
            let both = matches!(operation.who, Who::With(_) | Who::AdministratorWith(_));
            assert_eq!(manager == 403, both, "{name} {path}: {manager}");
            let mut stranger = hub.operator(Rights::none());
            assert_eq!(call(&stranger).status, 403, "{name} {path}");
            stranger.cookie = String::new();
            assert_eq!(call(&stranger).status, 401, "{name} {path}");
            let answer = call(&hub);
            // What is not routed is 500; the marketplace of the test may be at a loss.
            let answered = answer.status < 500 || answer.status == 502;
            assert!(answered && ![403, 405].contains(&answer.status), "{name} {path}: {}", answer.text());
        }
    }
}

#[test]
fn what_was_added_is_read_where_the_answer_says() {
    let (hub, id) = Hub::with_ticket("Dzień dobry");
    let reply = json!({"text": "Odpowiedź", "key": "a"});
    let added = hub.api("POST", &format!("/api/v1/tickets/{id}/replies"), &reply);
    let read = hub.api_get(added.location()).json();
    assert_eq!(
        (&read["id"], &read["state"], &read["to"]),
        (&added.json()["id"], &json!("waiting"), &json!("customer"))
    );
    let template = json!({"name": "Powitanie", "text": "Dzień dobry"});
    let added = hub.api("POST", "/api/v1/desk/templates", &template);
    let there = added.location().to_owned();
    let mut read = hub.api_get(&there).json();
    assert_eq!((&read["name"], &read["text"]), (&template["name"], &template["text"]));
    read["archived"] = json!(true);
    assert_eq!(hub.api("PUT", &there, &read).status, 204);
    assert_eq!(hub.api_get(&there).json(), read);
    let all = hub.api_get("/api/v1/desk/templates").json();
    assert_eq!(all["data"].as_array().unwrap().len(), 1, "changed, not added");
    let other = there.replace("templates", "queues");
    assert_eq!(hub.api("PUT", &other, &read).status, 404, "an id of another kind");
    assert_eq!(hub.api_get(&other).status, 404);
}
