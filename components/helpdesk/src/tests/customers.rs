//! Records of the CRM.

use super::Hub;
use serde_json::json;

#[test]
fn a_record_made_from_a_ticket_is_filled_in_and_becomes_its_customer() {
    let (hub, id) = Hub::with_ticket("Dzień dobry");
    let page = hub.get(&format!("/customers/new?ticket={id}")).text();
    assert!(page.contains("value=\"Anna N.\"") && page.contains("value=\"c-t1\""), "{page}");
    let field = hub.api_get("/api/v1/desk/fields").json()["data"][0]["id"].as_str().unwrap().to_owned();
    let name = format!("field-{field}");
    let bad = [("name", ""), ("ticket", id.as_str()), (name.as_str(), "c-t1"), ("notes", "Ważny <klient>")];
    let answer = hub.post("/customers/new", &bad);
    let page = answer.text();
    assert!(
        answer.status == 422 && page.contains("Ważny &#60;klient&#62;") && page.contains("value=\"c-t1\""),
        "{page}"
    );
    let mut good = bad;
    good[0] = ("name", "Anna Nowak");
    assert_eq!(hub.post("/customers/new", &good).location(), format!("/tickets/{id}"));
    let ticket = hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!(ticket["customer"]["record"]["name"], "Anna Nowak");
    assert_eq!(ticket["customer"]["record"]["fields"][&field], "c-t1");
    let page = hub.get("/tickets/1").text();
    assert!(!page.contains("spoza CRM") && page.contains("/customers/"), "{page}");
    let again = hub.post("/customers/new", &good);
    assert_eq!(again.status, 409, "a ticket has one record");
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 1);
    // The next conversation of the same customer finds the record by the field.
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Druga sprawa");
    hub.remote.borrow_mut().threads[1].customer = "c-t1".into();
    hub.poll();
    assert_eq!(hub.api_get("/api/v1/tickets/2").json()["customer"]["outside_crm"], false);
}

#[test]
fn phones_carry_their_consent_there_and_back() {
    let hub = Hub::empty();
    let form = [
        ("name", "Jan Kowalski"),
        ("phone", "501 234 567"),
        ("consent", "yes"),
        ("consent_at", "2026-03-01"),
        ("consent_source", "formularz w sklepie"),
        ("phone", "22 555 66 77"),
        ("consent", "no"),
        ("consent_at", ""),
        ("consent_source", ""),
        ("email", "jan@example.pl"),
        ("nip", "526-025-02-74"),
    ];
    let answer = hub.post("/customers/new", &form);
    let page = hub.get(answer.location()).text();
    assert!(
        page.contains("+48 501 234 567") && page.contains("od 01.03.2026, źródło: formularz w sklepie"),
        "{page}"
    );
    assert!(page.contains("nikt jeszcze nie pytał") && page.contains("526-025-02-74"), "{page}");
    let id = answer.location().rsplit('/').next().unwrap().to_owned();
    let mut record = hub.api_get(&format!("/api/v1/customers/{id}")).json();
    assert_eq!(record["phones"][0]["consent"]["given"], true);
    record["name"] = json!("Jan Nowak");
    assert_eq!(hub.api("PUT", &format!("/api/v1/customers/{id}"), &record).status, 204);
    let changed = hub.api_get(&format!("/api/v1/customers/{id}")).json();
    assert_eq!((&changed["name"], &changed["phones"]), (&json!("Jan Nowak"), &record["phones"]));
    assert!(hub.get(&format!("/customers/{id}/edit")).text().contains("value=\"2026-03-01\""));
}

#[test]
fn what_cannot_be_names_its_field() {
    let hub = Hub::empty();
    for (body, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": "A", "phones": [{"number": "12"}]}), "phone"),
        (json!({"name": "A", "emails": ["x"]}), "email"),
        (json!({"name": "A", "nip": "5260250275"}), "nip"),
        (json!({"name": "A", "fields": {"x": "1"}}), "fields"),
        (json!({"name": "A", "notes": "x".repeat(5001)}), "text"),
        (
            json!({"name": "A", "phones": [{"number": "501234567", "consent": {"given": true, "at": "wczoraj"}}]}),
            "consent_at",
        ),
    ] {
        let answer = hub.api("POST", "/api/v1/customers", &body);
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some(field)), "{body}");
    }
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 0);
}

#[test]
fn a_customer_is_found_in_the_list_by_their_address() {
    let hub = Hub::empty();
    let id = hub.customer(json!({"name": "Anna Nowak", "emails": ["anna@example.pl"]}));
    hub.customer(json!({"name": "Jan Kowal", "emails": ["jan@example.pl"]}));
    for typed in ["anna@example.pl", "ANNA@example.pl", "+anna%40example.pl+"] {
        let page = hub.get(&format!("/customers?q={typed}")).text();
        assert!(
            page.contains(&format!("href=\"/customers/{id}\"")) && !page.contains("Jan Kowal"),
            "{typed}: {page}"
        );
    }
}
