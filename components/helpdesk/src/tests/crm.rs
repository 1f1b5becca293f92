//! Fields of every kind, addresses, finding, time line, duplicates and merging: as pages and as JSON.

use super::Hub;
use mostek_people::audit::{self, AuditFilter, Scope};
use serde_json::{Value, json};
use std::time::Duration;

impl Hub {
    fn field(&self, body: Value) -> String {
        let answer = self.api("POST", "/api/v1/desk/fields", &body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    pub(super) fn customer(&self, body: Value) -> String {
        let answer = self.api("POST", "/api/v1/customers", &body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn fields_of_every_kind_are_defined_typed_shown_and_archived() {
    let hub = Hub::empty();
    let number = hub.field(json!({"name": "Rabat", "kind": "number"}));
    let date = hub.field(json!({"name": "Urodziny", "kind": "date"}));
    let home = "/settings/helpdesk/fields";
    let choice = [("name", "Segment"), ("kind", "choice"), ("options", "Hurt\r\n\r\nDetal"), ("do", "save")];
    assert_eq!(hub.post(home, &choice).location(), home);
    let fields = hub.api_get("/api/v1/desk/fields").json();
    assert_eq!(fields["data"][2]["options"], json!(["Hurt", "Detal"]));
    assert_eq!(fields["data"][0]["kind"], "number");
    let segment = fields["data"][2]["id"].as_str().unwrap().to_owned();

    // What cannot be is told at the field, with everything else kept.
    let named = |id: &str| format!("field-{id}");
    let (n, d, s) = (named(&number), named(&date), named(&segment));
    let form = [
        ("name", "Anna Nowak"),
        (n.as_str(), "12 procent"),
        (d.as_str(), "2026-02-29"),
        (s.as_str(), "Hurt"),
    ];
    let answer = hub.post("/customers/new", &form);
    let page = answer.text();
    assert!(answer.status == 422 && page.contains("podaj") && page.contains("12 procent"), "{page}");
    assert!(page.contains("<option value=\"Hurt\" selected>"), "{page}");
    for (field, value, slug) in
        [(&number, "1,2,3", "number"), (&date, "2026-02-29", "date"), (&segment, "Inny", "option")]
    {
        let answer = hub.api("POST", "/api/v1/customers", &json!({"name": "A", "fields": {field: value}}));
        assert_eq!(answer.status, 422, "{slug}");
        assert_eq!(answer.json()["field"], format!("fields.{field}"), "{}", answer.text());
    }
    let good =
        [("name", "Anna Nowak"), (n.as_str(), "1 234,50"), (d.as_str(), "2026-03-01"), (s.as_str(), "Hurt")];
    let record = hub.post("/customers/new", &good).location().to_owned();
    let page = hub.get(&record).text();
    assert!(page.contains("1234,5") && page.contains("01.03.2026") && page.contains("Hurt"), "{page}");
    let page = hub.get(&format!("{record}/edit")).text();
    assert!(page.contains("value=\"1234,5\"") && page.contains("type=\"date\""), "{page}");
    let json = hub.api_get(&format!("/api/v1{record}")).json();
    assert_eq!(json["fields"][&number], "1234.5");
    assert_eq!(json["fields"][&date], "2026-03-01");

    // The kind stays; an option that is taken out, and an archived field, stay where they are.
    let other =
        hub.api("POST", "/api/v1/desk/fields", &json!({"id": number, "name": "Rabat", "kind": "text"}));
    assert_eq!((other.status, other.json()["field"].as_str()), (422, Some("kind")), "{}", other.text());
    hub.api(
        "POST",
        "/api/v1/desk/fields",
        &json!({"id": segment, "name": "Segment", "options": ["Detal"], "archived": true}),
    );
    let mut same = json.clone();
    same["notes"] = json!("dalej hurt");
    let answer = hub.api("PUT", &format!("/api/v1{record}"), &same);
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert!(hub.get(&record).text().contains("Hurt"));
    let rename = hub.api("POST", "/api/v1/desk/fields", &json!({"id": number, "name": "Rabat %"}));
    assert_eq!(rename.status, 201, "{}", rename.text());
    assert_eq!(hub.api_get("/api/v1/desk/fields").json()["data"][0]["kind"], "number");
}

#[test]
fn the_id_at_the_marketplace_stays_a_text() {
    let hub = Hub::connected(false);
    let number = hub.field(json!({"name": "Rabat", "kind": "number"}));
    let connection = hub.connection();
    let page = hub.get(&format!("/settings/marketplaces/{connection}")).text();
    assert!(page.contains("Empik ID") && !page.contains("Rabat"), "{page}");
    let queue = hub.api_get("/api/v1/desk/queues").json()["data"][0]["id"].clone();
    let setup = json!({"name": "Empik", "queue": queue, "field": number, "interval": 60});
    let answer = hub.api("PUT", &format!("/api/v1/marketplaces/{connection}"), &setup);
    assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some("field")), "{}", answer.text());
}

#[test]
fn addresses_are_typed_row_by_row_and_changed() {
    let hub = Hub::empty();
    let form = [
        ("name", "Anna Nowak"),
        ("address_label", "dostawa"),
        ("address_street", "Prosta 5/7"),
        ("address_postal_code", "00950"),
        ("address_city", "Warszawa"),
        ("address_country", ""),
        ("address_label", ""),
        ("address_street", ""),
        ("address_postal_code", ""),
        ("address_city", ""),
        ("address_country", "PL"),
    ];
    let record = hub.post("/customers/new", &form).location().to_owned();
    let page = hub.get(&record).text();
    assert!(page.contains("Prosta 5/7, 00-950 Warszawa") && page.contains("dostawa"), "{page}");
    let mut json = hub.api_get(&format!("/api/v1{record}")).json();
    assert_eq!(json["addresses"].as_array().unwrap().len(), 1);
    json["addresses"][0]["postal_code"] = json!("0095");
    let answer = hub.api("PUT", &format!("/api/v1{record}"), &json);
    assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some("address")), "{}", answer.text());
}

#[test]
fn who_changed_a_record_meanwhile_is_not_overwritten() {
    let hub = Hub::empty();
    let id = hub.customer(json!({"name": "Anna"}));
    let path = format!("/api/v1/customers/{id}");
    let seen = hub.api_get(&path).json();
    let mut first = seen.clone();
    first["notes"] = json!("pierwsza");
    assert_eq!(hub.api("PUT", &path, &first).status, 204);
    let mut second = seen;
    second["notes"] = json!("druga");
    assert_eq!(hub.api("PUT", &path, &second).status, 409);
    assert_eq!(hub.api_get(&path).json()["notes"], "pierwsza");
}

#[test]
fn one_box_finds_by_exact_values_and_by_the_beginning_of_a_name() {
    let hub = Hub::empty();
    let field = hub.field(json!({"name": "Empik ID"}));
    let id = hub.customer(json!({
        "name": "Żaneta Łąka", "emails": ["zaneta@example.pl"], "phones": [{"number": "501234567"}],
        "nip": "5260250274", "fields": {&field: "c-77"}
    }));
    hub.customer(json!({"name": "Jan Kowalski"}));
    for (q, by) in [
        ("ZANETA@example.pl", "email"),
        ("501-234-567", "phone"),
        ("526-025-02-74", "nip"),
        ("c-77", "field"),
        ("lak", "name"),
    ] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
        let found = hub.api_get(&format!("/api/v1/customers?{query}")).json();
        assert_eq!(
            (found["total"].as_u64(), found["data"][0]["id"].as_str()),
            (Some(1), Some(id.as_str())),
            "{q}"
        );
        assert_eq!(found["data"][0]["by"], by);
        let page = hub.get(&format!("/customers?{query}")).text();
        assert!(page.contains(&format!("/customers/{id}")) && !page.contains("Kowalski"), "{q}: {page}");
    }
    assert!(hub.get("/customers?q=nikt").text().contains("Nikogo nie znaleziono"));
}

#[test]
fn the_time_line_has_tickets_orders_changes_and_consents_newest_first() {
    let hub = Hub::connected(true);
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    hub.poll();
    let ticket = hub.api_get("/api/v1/tickets/1").json();
    let id = ticket["customer"]["record"]["id"].as_str().unwrap().to_owned();
    hub.world.clock.advance(std::time::Duration::from_secs(60));
    let path = format!("/api/v1/customers/{id}");
    let mut record = hub.api_get(&path).json();
    record["phones"] = json!([{"number": "501234567", "consent": {"given": true, "source": "formularz"}}]);
    assert_eq!(hub.api("PUT", &path, &record).status, 204);
    let lines = hub.api_get(&format!("{path}/timeline")).json();
    let kinds: Vec<&str> =
        lines["data"].as_array().unwrap().iter().map(|l| l["is"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["change", "ticket", "order", "change"], "{lines}");
    assert_eq!(lines["data"][1]["number"], 1);
    assert_eq!(lines["next"], Value::Null);
    let page = hub.get(&format!("/customers/{id}")).text();
    for text in
        ["Zgłoszenie #1", "Zamówienie t1-A", "Dodano kartę", "zgoda na SMS", "Historia zgód", "formularz"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    let consents = hub.api_get(&format!("{path}/consents")).json();
    assert_eq!(consents["data"][0]["consent"]["source"], "formularz");
    assert!(consents["data"][0]["actor"]["employee"].is_string());
}

#[test]
fn a_long_time_line_is_paged_without_gaps() {
    let hub = Hub::empty();
    let id = hub.customer(json!({"name": "Anna"}));
    let path = format!("/api/v1/customers/{id}");
    for n in 0..60 {
        hub.world.clock.advance(std::time::Duration::from_secs(1));
        let body = json!({"name": "Anna", "nip": if n % 2 == 0 { "5260250274" } else { "5261040828" }});
        assert_eq!(hub.api("PUT", &path, &body).status, 204);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..9 {
        let page = hub.api_get(&format!("{path}/timeline?after={after}")).json();
        seen.extend(page["data"].as_array().unwrap().iter().map(|l| l["at"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 61);
    assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    assert!(hub.get(&format!("/customers/{id}")).text().contains("rel=\"next\""));
}

#[test]
fn two_records_of_one_customer_are_suggested_merged_and_made_two_again() {
    let hub = Hub::empty();
    let a = hub.customer(json!({"name": "Anna Nowak", "emails": ["anna@example.pl"]}));
    let b = hub.customer(
        json!({"name": "A. Nowak", "emails": ["anna@example.pl"], "phones": [{"number": "501234567"}]}),
    );
    let page = hub.get(&format!("/customers/{a}")).text();
    assert!(page.contains("To może być ten sam klient") && page.contains("A. Nowak"), "{page}");
    let list = hub.get("/customers/duplicates").text();
    assert!(list.contains("Anna Nowak") && list.contains("E-mail: anna@example.pl"), "{list}");
    assert_eq!(hub.api_get("/api/v1/customers/duplicates").json()["data"].as_array().unwrap().len(), 1);
    let suggested = hub.api_get(&format!("/api/v1/customers/{a}/duplicates")).json();
    assert_eq!(suggested["data"][0]["customer"]["id"], b.as_str());

    let find = hub.get(&format!("/customers/{a}/merge?q=nowak")).text();
    assert!(find.contains(&format!("/merge?other={b}")) && !find.contains(&format!("other={a}")), "{find}");
    let form = hub.get(&format!("/customers/{a}/merge?other={b}")).text();
    assert!(form.contains("name=\"name\" value=\"other\"") && form.contains("A. Nowak"), "{form}");
    let merge = [("other", b.as_str()), ("key", "k1"), ("name", "other")];
    assert_eq!(hub.post(&format!("/customers/{a}/merge"), &merge).location(), format!("/customers/{a}"));
    let again = hub.api(
        "POST",
        &format!("/api/v1/customers/{a}/merges"),
        &json!({"other": b, "key": "k1", "name": "other"}),
    );
    assert_eq!(again.status, 201, "the same key is the same merging: {}", again.text());
    let page = hub.get(&format!("/customers/{a}")).text();
    assert!(
        page.contains("<h1>A. Nowak</h1>")
            && page.contains("+48 501 234 567")
            && page.contains("Cofnij scalenie"),
        "{page}"
    );
    assert_eq!(hub.get(&format!("/customers/{b}")).location(), format!("/customers/{a}"));
    assert_eq!(hub.api_get(&format!("/api/v1/customers/{b}")).json()["id"], a.as_str());
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 1);
    assert_eq!(hub.api("PUT", &format!("/api/v1/customers/{b}"), &json!({"name": "X"})).status, 409);

    let id = again.json()["merge"].as_str().unwrap().to_owned();
    assert_eq!(
        hub.post(&format!("/customers/{a}/unmerge"), &[("merge", &id)]).location(),
        format!("/customers/{a}")
    );
    assert_eq!(hub.api_get(&format!("/api/v1/customers/{b}")).json()["name"], "A. Nowak");
    assert_eq!(hub.api_get(&format!("/api/v1/customers/{a}")).json()["name"], "Anna Nowak");
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 2);
    // Told apart, they leave the list.
    let apart = [("first", a.as_str()), ("second", b.as_str()), ("back", "/customers/duplicates")];
    assert_eq!(hub.post("/customers/duplicates/apart", &apart).location(), "/customers/duplicates");
    assert!(hub.get("/customers/duplicates").text().contains("Nie ma możliwych duplikatów"));
}

#[test]
fn a_ticket_of_a_merged_record_shows_the_one_that_is_left() {
    let hub = Hub::connected(true);
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    hub.poll();
    let old =
        hub.api_get("/api/v1/tickets/1").json()["customer"]["record"]["id"].as_str().unwrap().to_owned();
    let new = hub.customer(json!({"name": "Anna Nowak"}));
    let merged =
        hub.api("POST", &format!("/api/v1/customers/{new}/merges"), &json!({"other": old, "key": "k"}));
    assert_eq!(merged.status, 201, "{}", merged.text());
    assert_eq!(hub.api_get("/api/v1/tickets/1").json()["customer"]["record"]["id"], new.as_str());
    let page = hub.get("/tickets/1").text();
    assert!(page.contains(&format!("/customers/{new}")) && page.contains("Anna Nowak"), "{page}");
    assert!(hub.get(&format!("/customers/{new}")).text().contains("Zgłoszenie #1"));
    // The customer writes again: the ticket finds the record that is left.
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Druga sprawa");
    hub.remote.borrow_mut().threads[1].customer = "c-t1".into();
    hub.poll();
    assert_eq!(hub.api_get("/api/v1/tickets/2").json()["customer"]["record"]["id"], new.as_str());
}

#[test]
fn a_customers_other_tickets_stand_beside_a_conversation() {
    let hub = Hub::connected(true);
    for i in 1..=7 {
        hub.remote.borrow_mut().writes(&format!("t{i}"), "CUSTOMER_USER", "Dzień dobry");
        hub.remote.borrow_mut().threads[i - 1].customer = "c-t1".into();
        hub.poll();
        hub.world.clock.advance(Duration::from_secs(60));
    }
    hub.remote.borrow_mut().writes("t8", "CUSTOMER_USER", "Ktoś inny");
    hub.poll();
    let beside = |number: u32| {
        let page = hub.get(&format!("/tickets/{number}")).text();
        let (_, rest) = page.split_once("<ul class=\"besides\">")?;
        Some(rest.split_once("</ul>").unwrap().0.to_owned())
    };
    let list = beside(4).unwrap();
    for (number, there) in [(7, true), (6, true), (5, true), (4, false), (3, true), (2, true), (1, false)] {
        assert_eq!(list.contains(&format!("\"/tickets/{number}\"")), there, "{number}: {list}");
    }
    assert!(list.find("/tickets/7") < list.find("/tickets/2"), "the newest first: {list}");
    assert!(list.contains("Nowe") && list.contains("i jeszcze 1 zgłoszenie"), "{list}");
    assert_eq!(beside(8), None, "an only ticket");
}

#[test]
fn a_ticket_is_not_given_to_another_record_and_the_page_says_why() {
    let hub = Hub::connected(true);
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    hub.poll();
    let page = hub.get("/tickets/1").text();
    assert!(
        page.contains("Zmień klienta") && page.contains("nie można przypisać do innego klienta"),
        "{page}"
    );
    let ticket = hub.first_ticket();
    let answer = hub.api("POST", "/api/v1/customers", &json!({"name": "Inny", "ticket": ticket}));
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 1, "nothing was added");
}

#[test]
fn a_ticket_outside_the_crm_is_linked_with_the_record_that_has_its_customers_id_by_now() {
    let hub = Hub::connected(false);
    for (at, thread) in ["t1", "t2", "t3"].into_iter().enumerate() {
        hub.remote.borrow_mut().writes(thread, "CUSTOMER_USER", "Dzień dobry");
        hub.remote.borrow_mut().threads[at].customer = "c-1".into();
        hub.poll();
    }
    let id_of = |number: u32| {
        hub.api_get(&format!("/api/v1/tickets/{number}")).json()["id"].as_str().unwrap().to_owned()
    };
    let (one, two, three) = (id_of(1), id_of(2), id_of(3));
    let link = format!("/api/v1/tickets/{two}/customer");
    assert_eq!(hub.api("POST", &link, &json!({})).status, 409, "no record has the id yet");
    assert!(hub.get("/tickets/2").text().contains("/customers/new?ticket="));
    let field = hub.api_get("/api/v1/desk/fields").json()["data"][0]["id"].as_str().unwrap().to_owned();
    let name = format!("field-{field}");
    let form = |ticket: &str| {
        [("name", "Anna Nowak".to_owned()), ("ticket", ticket.to_owned()), (name.as_str(), "c-1".into())]
    };
    let sent = |ticket: &str| {
        let form = form(ticket);
        hub.post("/customers/new", &form.iter().map(|(n, v)| (*n, v.as_str())).collect::<Vec<_>>())
    };
    assert_eq!(sent(&one).location(), format!("/tickets/{one}"));
    let record = hub.api_get("/api/v1/tickets/1").json()["customer"]["record"]["id"].clone();

    // A second record with the same id is not made from the other ticket.
    assert_eq!(hub.get(&format!("/customers/new?ticket={two}")).location(), format!("/tickets/{two}"));
    let refused = sent(&two);
    assert!(
        refused.status == 409 && refused.text().contains("Jest już karta klienta z tym id"),
        "{}",
        refused.text()
    );
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 1);

    // Its page offers the record that there is, and one press links it.
    let page = hub.get("/tickets/2").text();
    assert!(
        page.contains("Jest już karta z tym id")
            && page.contains(&format!("action=\"/tickets/{two}/customer\"")),
        "{page}"
    );
    assert!(!page.contains("/customers/new?ticket="), "{page}");
    assert_eq!(hub.api_get("/api/v1/tickets/2").json()["customer"]["known"], record);
    let token = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    assert_eq!(hub.send("POST", &format!("/tickets/{two}/customer"), &token, "csrf=wrong").status, 403);
    assert_eq!(hub.post(&format!("/tickets/{two}/customer"), &[]).location(), format!("/tickets/{two}"));
    assert_eq!(hub.api_get("/api/v1/tickets/2").json()["customer"]["record"]["id"], record);
    assert_eq!(hub.api("POST", &link, &json!({})).status, 409, "it has one");
    let uri = format!("/api/v1/tickets/{three}/customer");
    assert_eq!(hub.api("POST", &uri, &json!({})).status, 204);
    let third = hub.api_get("/api/v1/tickets/3").json()["customer"].clone();
    assert_eq!((&third["record"]["id"], &third["known"]), (&record, &json!(null)));
    let filter = AuditFilter { act: Some("ticket-linked".into()), by: None };
    let audit = audit::page(&hub.world, Scope::Company(hub.company), &filter, None, 50);
    assert_eq!(futures::executor::block_on(audit).unwrap().rows.len(), 3);
}

#[test]
fn another_companys_records_are_not_there() {
    let hub = Hub::empty();
    let a = hub.customer(json!({"name": "Anna", "emails": ["anna@example.pl"]}));
    let details = mostek_people::directory::CompanyDetails {
        name: mostek_domain::CompanyName::parse("Druga S.A.").unwrap(),
        nip: mostek_domain::Nip::parse("5261040828").unwrap(),
    };
    let caller = mostek_people::Caller { employee: hub.installed.administrator, from: None };
    let company =
        futures::executor::block_on(mostek_people::companies::add(&hub.world, caller, details)).unwrap();
    let rights = mostek_domain::Rights::none().with(mostek_domain::Capability::Helpdesk, true);
    let other = hub.operator_of(company, rights);
    let b = other.customer(json!({"name": "Anna", "emails": ["anna@example.pl"]}));
    for path in ["", "/timeline", "/consents", "/duplicates"] {
        assert_eq!(other.api_get(&format!("/api/v1/customers/{a}{path}")).status, 404, "{path}");
    }
    assert_eq!(other.get(&format!("/customers/{a}")).status, 404);
    let merge = json!({"other": a, "key": "k"});
    assert_eq!(other.api("POST", &format!("/api/v1/customers/{b}/merges"), &merge).status, 404);
    assert_eq!(other.api_get("/api/v1/customers?q=anna@example.pl").json()["total"], 1);
    assert_eq!(other.api_get("/api/v1/customers/duplicates").json()["data"], json!([]));
}

#[test]
fn adding_with_the_same_key_adds_one_record() {
    let (hub, ticket) = Hub::with_ticket("Dzień dobry");
    let body = json!({"name": "Anna Nowak", "ticket": ticket});
    let headers = [
        ("content-type", "application/json"),
        ("x-csrf-token", hub.csrf.as_str()),
        ("idempotency-key", "abc"),
    ];
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = hub.send("POST", "/api/v1/customers", &headers, body.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text());
        ids.push(answer.json()["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 1);
    // The form has a key of its own.
    let page = hub.get("/customers/new").text();
    let key = page.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = [("name", "Jan"), ("key", key.as_str())];
    assert_eq!(hub.post("/customers/new", &form).location(), hub.post("/customers/new", &form).location());
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 2);
}
