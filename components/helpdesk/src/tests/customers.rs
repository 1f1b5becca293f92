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

/// The edit form gives a consent's moment back as a day: saving something else must not date it anew, and who takes it back
/// without touching the day takes it back now.
#[test]
fn a_consent_keeps_its_moment_until_the_answer_changes() {
    let hub = Hub::empty();
    let consent = json!({"given": true, "at": "2026-03-01T13:45:10Z", "source": "sklep"});
    let id = hub.customer(json!({"name": "Anna", "phones": [{"number": "501234567", "consent": consent}]}));
    let address = format!("/customers/{id}/edit");
    let now = "2026-05-12T10:00:00Z";
    let save = |notes: &str, answer: &str, day: &str| {
        let version = hub.api_get(&format!("/api/v1/customers/{id}")).json()["version"].to_string();
        let form = [
            ("name", "Anna"),
            ("phone", "501 234 567"),
            ("consent", answer),
            ("consent_at", day),
            ("consent_source", "sklep"),
            ("notes", notes),
            ("version", version.as_str()),
        ];
        assert_eq!(hub.post(&address, &form).status, 303);
        hub.api_get(&format!("/api/v1/customers/{id}")).json()["phones"][0]["consent"].clone()
    };
    assert_eq!(save("Dzwonić rano", "yes", "2026-03-01")["at"], "2026-03-01T13:45:10Z");
    let taken_back = save("Dzwonić rano", "no", "2026-03-01");
    assert_eq!((&taken_back["given"], &taken_back["at"]), (&json!(false), &json!(now)));
    // Nor does a cleared date make it older than any yes.
    assert_eq!(save("", "no", "")["at"], taken_back["at"]);
    assert_eq!(save("", "yes", "2026-04-02")["at"], "2026-04-01T22:00:00Z");
    assert_eq!(save("", "no", "")["at"], json!(now));
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
        (
            json!({"name": "A", "phones": [{"number": "501234567", "consent": {"given": true, "at": "2999-01-01"}}]}),
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
