//! Marks, views, merging, and who else is there: pages and API.

use super::Hub;
use serde_json::{Value, json};
use std::time::Duration;

/// A hub with two tickets, and their ids.
fn two() -> (Hub, [String; 2]) {
    let hub = Hub::connected(false);
    for t in ["t1", "t2"] {
        hub.remote.borrow_mut().writes(t, "CUSTOMER_USER", &format!("Pytanie {t}"));
    }
    hub.world.clock.advance(Duration::from_secs(60));
    hub.poll();
    let list = hub.api_get("/api/v1/tickets").json();
    let id = |n: u64| {
        let found = list["data"].as_array().unwrap().iter().find(|t| t["number"] == n).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    (hub, [id(1), id(2)])
}

fn made(hub: &Hub, kind: &str, body: &Value) -> String {
    let answer = hub.api("POST", &format!("/api/v1/desk/{kind}"), body);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn total(hub: &Hub, filter: &str) -> u64 {
    hub.api_get(&format!("/api/v1/tickets?{filter}")).json()["total"].as_u64().unwrap()
}

#[test]
fn tags_priority_and_sub_status_are_set_shown_and_filtered_by() {
    let (hub, [one, two]) = two();
    let complaint = made(&hub, "tags", &json!({"name": "reklamacja"}));
    let invoice = made(&hub, "tags", &json!({"name": "faktura"}));
    let warehouse = made(&hub, "sub-statuses", &json!({"name": "Czeka na magazyn", "of": "in-progress"}));
    hub.post(&format!("/tickets/{one}/tags"), &[("add", &complaint)]);
    hub.post(&format!("/tickets/{one}/priority"), &[("priority", "urgent")]);
    hub.post(&format!("/tickets/{two}/tags"), &[("add", &invoice)]);
    hub.post(&format!("/tickets/{one}/status"), &[("status", "in-progress")]);
    hub.post(&format!("/tickets/{one}/sub-status"), &[("sub_status", &warehouse)]);
    assert_eq!(total(&hub, &format!("tag={complaint}")), 1);
    assert_eq!(total(&hub, "priority=urgent"), 1);
    assert_eq!(total(&hub, "priority=normal"), 1);
    assert_eq!(total(&hub, &format!("sub_status={warehouse}")), 1);
    assert_eq!(total(&hub, &format!("tag={complaint}&tag={invoice}")), 1, "the first counts");
    let page = hub.get("/tickets").text();
    assert!(page.contains("<span class=\"tag\">reklamacja</span>") && page.contains("Pilny"), "{page}");
    assert!(page.contains("Czeka na magazyn"));
    let ticket = hub.get(&format!("/tickets/{one}")).text();
    for text in ["Dodano etykiety: reklamacja", "Priorytet: Pilny", "Podstatus: Czeka na magazyn"] {
        assert!(ticket.contains(text), "{text}: {ticket}");
    }
    // Another status ends what was a part of the last one; what is taken off is gone.
    hub.post(&format!("/tickets/{one}/status"), &[("status", "waiting-for-customer")]);
    hub.post(&format!("/tickets/{one}/tags"), &[("remove", &complaint)]);
    let now = hub.api_get(&format!("/api/v1/tickets/{one}")).json();
    assert_eq!(
        (&now["sub_status"], &now["tags"], &now["priority"]),
        (&Value::Null, &json!([]), &json!("urgent"))
    );
    assert_eq!(total(&hub, &format!("tag={complaint}")), 0);
    assert_eq!(total(&hub, &format!("sub_status={warehouse}")), 0);
    // Renaming keeps what is marked.
    let body = json!({"id": invoice, "name": "faktura VAT"});
    made(&hub, "tags", &body);
    assert_eq!(total(&hub, &format!("tag={invoice}")), 1);
    assert!(hub.get("/tickets").text().contains("faktura VAT"));
}

#[test]
fn a_sub_status_stays_as_long_as_the_status_does() {
    let (hub, [one, _]) = two();
    let complaint = made(&hub, "sub-statuses", &json!({"name": "Reklamacja", "of": "new"}));
    hub.post(&format!("/tickets/{one}/sub-status"), &[("sub_status", &complaint)]);
    let has = || total(&hub, &format!("sub_status={complaint}"));
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dosyłam zdjęcie");
    hub.world.clock.advance(Duration::from_secs(60));
    hub.poll();
    assert_eq!(has(), 1, "a further message leaves it New");
    hub.post(&format!("/tickets/{one}/status"), &[("status", "new")]);
    assert_eq!(has(), 1, "so does saying so again");
    for status in ["in-progress", "new"] {
        hub.post(&format!("/tickets/{one}/status"), &[("status", status)]);
        assert_eq!(has(), 0, "New again is another time");
    }
}

#[test]
fn marks_that_cannot_be_are_refused_with_a_sentence() {
    let (hub, [one, _]) = two();
    let path = |what: &str| format!("/api/v1/tickets/{one}/{what}");
    let warehouse = made(&hub, "sub-statuses", &json!({"name": "Czeka na magazyn", "of": "in-progress"}));
    for (what, body, status) in [
        ("priority", json!({"priority": "at-once"}), 422),
        ("tags", json!({"add": ["nonsense"]}), 422),
        ("tags", json!({"add": ["00000000000000000000000001"]}), 404),
        ("sub-status", json!({"sub_status": warehouse}), 422),
    ] {
        let answer = hub.api("POST", &path(what), &body);
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert!(answer.json()["title"].is_string());
    }
    let refused = hub.api("POST", "/api/v1/desk/sub-statuses", &json!({"name": "x", "of": "merged"}));
    assert_eq!((refused.status, &refused.json()["field"]), (422, &json!("of")));
    assert_eq!(hub.api_get("/api/v1/tickets?tag=00000000000000000000000001").status, 422);
    // As many tags as the rows have bits for, and no more.
    for n in 0..64 {
        made(&hub, "tags", &json!({"name": format!("etykieta {n}")}));
    }
    let full = hub.api("POST", "/api/v1/desk/tags", &json!({"name": "jeszcze jedna"}));
    assert_eq!(full.status, 409, "{}", full.text());
    let tags = hub.api_get("/api/v1/desk/tags").json();
    let all: Vec<&str> = tags["data"].as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap()).collect();
    // Each of them lists its own ticket only: none shares a bit with another.
    hub.api("POST", &path("tags"), &json!({"add": [all[0], all[40]]}));
    let found: Vec<usize> = (0..64).filter(|n| total(&hub, &format!("tag={}", all[*n])) == 1).collect();
    assert_eq!(found, [0, 40]);
    let many = hub.api("POST", &path("tags"), &json!({"add": &all[..25]}));
    assert_eq!(many.status, 409, "{}", many.text());
}

#[test]
fn the_picked_are_tagged() {
    let (hub, ids) = two();
    let tag = made(&hub, "tags", &json!({"name": "hurt"}));
    let page = hub.get("/tickets").text();
    let boxes: Vec<String> = page
        .split("name=\"ticket\" value=\"")
        .skip(1)
        .map(|p| p.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(boxes.len(), ids.len());
    let mut fields: Vec<(&str, &str)> = boxes.iter().map(|b| ("ticket", b.as_str())).collect();
    fields.extend([("do", "tag"), ("tag", tag.as_str())]);
    assert_eq!(hub.post("/tickets", &fields).status, 303);
    assert_eq!(total(&hub, &format!("tag={tag}")), 2);
}

#[test]
fn a_view_is_saved_shown_with_its_count_and_removed() {
    let (hub, [one, _]) = two();
    hub.post(&format!("/tickets/{one}/priority"), &[("priority", "high")]);
    let consultant = hub.consultant();
    // Filters that are no view yet can become one; unfiltered there is nothing to save.
    assert!(hub.get("/tickets?priority=high").text().contains("Zapisz te filtry jako widok"));
    assert!(!hub.get("/tickets").text().contains("Zapisz te filtry jako widok"));
    let saved = consultant.post("/tickets/views", &[("name", "Ważne"), ("priority", "high")]);
    assert_eq!(saved.location(), "/tickets?priority=high");
    let page = consultant.get("/tickets?priority=high").text();
    assert!(page.contains("aria-current=\"page\">Ważne <span class=\"count\">1</span>"), "{page}");
    // It is the consultant's own.
    assert!(!hub.get("/tickets").text().contains("Ważne"));
    let shared =
        json!({"name": "Nowe ważne", "filters": {"status": "new", "priority": "high"}, "shared": true});
    assert_eq!(consultant.api("POST", "/api/v1/tickets/views", &shared).status, 403);
    let answer = hub.api("POST", "/api/v1/tickets/views", &shared);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert!(consultant.get("/tickets").text().contains("Nowe ważne"));
    assert_eq!(consultant.api_get("/api/v1/tickets/views").json()["data"].as_array().unwrap().len(), 2);
    // Who may not share may not remove a shared one either.
    assert_eq!(consultant.api("DELETE", &format!("/api/v1/tickets/views/{id}"), &Value::Null).status, 404);
    assert_eq!(hub.api("DELETE", &format!("/api/v1/tickets/views/{id}"), &Value::Null).status, 204);
    assert!(!consultant.get("/tickets").text().contains("Nowe ważne"));
}

#[test]
fn views_that_cannot_be_are_refused() {
    let hub = Hub::empty();
    for (body, status) in [
        (json!({"name": "", "filters": {"status": "new"}}), 422),
        (json!({"name": "Nic", "filters": {}}), 422),
        (json!({"name": "Obce", "filters": {"color": "red"}}), 422),
    ] {
        let answer = hub.api("POST", "/api/v1/tickets/views", &body);
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    for n in 0..20 {
        let body = json!({"name": format!("Widok {n}"), "filters": {"status": "new"}});
        assert_eq!(hub.api("POST", "/api/v1/tickets/views", &body).status, 201);
    }
    let full = json!({"name": "Za dużo", "filters": {"status": "new"}});
    assert_eq!(hub.api("POST", "/api/v1/tickets/views", &full).status, 409);
    // A view whose tag does not exist is left out instead of closing the list.
    let gone = json!({"name": "Znikł", "filters": {"tag": "00000000000000000000000001"}, "shared": true});
    assert_eq!(hub.api("POST", "/api/v1/tickets/views", &gone).status, 201);
    let page = hub.get("/tickets");
    assert!(page.status == 200 && !page.text().contains("Znikł"), "{}", page.text());
}

#[test]
fn tickets_are_merged_and_parted_on_their_pages() {
    let (hub, [one, two]) = two();
    let answer = hub.post(&format!("/tickets/{two}/merge"), &[("into", "1")]);
    assert_eq!(answer.location(), format!("/tickets/{one}"));
    let page = hub.get(&format!("/tickets/{one}")).text();
    for text in ["Pytanie t1", "Pytanie t2", "Scalono z tym zgłoszeniem", "name=\"conversation\""] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let other = hub.get(&format!("/tickets/{two}")).text();
    assert!(other.contains("To zgłoszenie scalono z innym") && !other.contains("id=\"composer\""), "{other}");
    // The answer goes to the chosen conversation and is shown here.
    let fields = [("text", "Odpowiedź na t2"), ("conversation", two.as_str())];
    let sent = hub.compose(&one, &fields, &[]);
    assert_eq!(sent.location(), format!("/tickets/{one}#composer"));
    assert!(hub.get(&format!("/tickets/{one}")).text().contains("Odpowiedź na t2"));
    let merged = hub.api_get(&format!("/api/v1/tickets/{one}")).json();
    assert_eq!((&merged["merged"][0]["number"], &merged["status"]), (&json!(2), &json!("in-progress")));
    // A conversation of a ticket that is not worked on here is not answered here, and what was typed is kept.
    hub.post(&format!("/tickets/{two}/part"), &[]);
    let stray = hub.compose(&one, &fields, &[]);
    assert!(stray.status == 422 && stray.text().contains("Odpowiedź na t2</textarea>"), "{}", stray.text());
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{two}")).json()["status"], "new");
    for (into, status) in [("99", 422), ("1", 204), ("1", 409)] {
        let answer = hub.api("POST", &format!("/api/v1/tickets/{two}/merge"), &json!({"into": into}));
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

#[test]
fn who_else_has_the_ticket_open_or_writes_is_shown_until_they_leave() {
    let (hub, [one, _]) = two();
    let consultant = hub.consultant();
    let path = format!("/api/v1/tickets/{one}/presence");
    let page = |who: &Hub| who.get(&format!("/tickets/{one}")).text();
    assert_eq!(consultant.api("POST", &path, &json!({"here": true})).status, 200);
    assert!(page(&hub).contains("To zgłoszenie ma też otwarte"));
    // Nobody is told of themselves.
    assert!(consultant.api_get(&path).json()["data"].as_array().unwrap().is_empty());
    consultant.api("POST", &path, &json!({"here": true, "writing": true}));
    let told = hub.api_get(&format!("/api/v1/tickets/{one}/version")).json();
    assert_eq!(told["others"][0]["writing"], true);
    assert!(page(&hub).contains("Odpowiedź pisze już"));
    // Saying the same again at once costs no write.
    let before = hub.world.kv.operations().writes();
    consultant.api("POST", &path, &json!({"here": true, "writing": true}));
    assert_eq!(hub.world.kv.operations().writes(), before);
    consultant.api("POST", &path, &json!({"here": false}));
    assert!(hub.api_get(&path).json()["data"].as_array().unwrap().is_empty());
    // Who says nothing any more is gone after a while.
    consultant.api("POST", &path, &json!({"here": true}));
    hub.world.clock.advance(Duration::from_secs(60));
    assert!(hub.api_get(&path).json()["data"].as_array().unwrap().is_empty());
    assert_eq!(hub.send("POST", &path, &[], "{}").status, 403, "without the token");
}
