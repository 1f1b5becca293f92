//! Writing, taking back, deciding; and that nothing typed is lost.

use super::Hub;
use mostek_helpdesk::desk;
use serde_json::json;
use std::time::Duration;

#[test]
fn a_reply_waits_can_be_taken_back_and_leaves_once() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let answer = hub.compose(&id, &[("text", "Wysłana wczoraj.")], &[("../../x.html", b"<script>")]);
    assert_eq!((answer.status, answer.location()), (303, format!("/tickets/{id}#composer").as_str()));
    hub.compose(&id, &[("text", "Wysłana wczoraj.")], &[]);
    let page = hub.get("/tickets/1").text();
    assert_eq!(page.matches("Wysłana wczoraj.</div>").count(), 1, "the same form twice is one reply: {page}");
    assert!(page.contains("data-countdown") && page.contains("/undo"), "{page}");
    assert!(page.contains("<span>x.html</span>"), "{page}");
    let file = hub.get(&format!(
        "/tickets/{id}/own-files/{}/0",
        hub.api_get(&format!("/api/v1/tickets/{id}")).json()["messages"][1]["slot"]
    ));
    assert_eq!((file.status, file.body.as_slice()), (200, b"<script>".as_slice()));
    assert!(
        file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"x.html\"")
    );
    assert_eq!(file.headers["content-type"], "application/octet-stream");

    let reply = hub.api_get(&format!("/api/v1/tickets/{id}")).json()["messages"][1]["reply"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(hub.post(&format!("/tickets/{id}/replies/{reply}/undo"), &[]).status, 303);
    let ticket = hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!(ticket["messages"][1]["reply"]["state"], "dropped");
    hub.compose(&id, &[("text", "Druga odpowiedź"), ("key", "k2")], &[]);
    hub.world.clock.advance(Duration::from_secs(31));
    futures::executor::block_on(mostek_helpdesk::sending::send_due(&hub.world, Duration::MAX)).unwrap();
    assert_eq!(hub.remote.borrow().bodies("t1", "SHOP_USER"), ["Druga odpowiedź"]);
    let page = hub.get("/tickets/1").text();
    assert!(page.contains("Wysłano 12.05.2026") && page.contains("Cofnięta"), "{page}");
}

#[test]
fn a_refused_reply_asks_for_a_decision() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let sent =
        hub.api("POST", &format!("/api/v1/tickets/{id}/replies"), &json!({"text": "Odpowiedź", "key": "a"}));
    assert_eq!(sent.status, 201, "{}", sent.text());
    let reply = sent.json()["id"].as_str().unwrap().to_owned();
    hub.remote.borrow_mut().refuse = Some((400, None));
    hub.world.clock.advance(Duration::from_secs(31));
    futures::executor::block_on(mostek_helpdesk::sending::send_due(&hub.world, Duration::MAX)).unwrap();
    let page = hub.get("/tickets/1").text();
    assert!(
        page.contains("Nie wysłano") && page.contains("Spróbuj ponownie") && page.contains("Wymaga decyzji"),
        "{page}"
    );
    assert!(page.contains("Powód: zapytanie zostało odrzucone, status 400: no"), "{page}");
    for (which, total) in [("1", 1), ("yes", 1), ("failed", 1), ("uncertain", 0)] {
        let list = hub.api_get(&format!("/api/v1/tickets?needs_decision={which}")).json();
        assert_eq!(list["total"], total, "{which}");
    }
    let page = hub.get("/tickets?needs_decision=failed").text();
    assert!(page.contains("<option value=\"failed\" selected>Nieudana odpowiedź</option>"), "{page}");
    let late = hub.post(&format!("/tickets/{id}/replies/{reply}/undo"), &[]);
    assert_eq!(late.status, 303, "too late is news on the page");
    assert!(late.headers["set-cookie"].to_str().unwrap().starts_with("flash="));
    let drop = hub.api(
        "POST",
        &format!("/api/v1/tickets/{id}/replies/{reply}/decision"),
        &json!({"decision": "drop"}),
    );
    assert_eq!(drop.status, 204, "{}", drop.text());
    assert_eq!(hub.api_get("/api/v1/tickets?needs_decision=1").json()["total"], 0);
}

#[test]
fn an_error_keeps_the_text_the_recipient_and_the_key() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let long = format!("Początek {}", "ż".repeat(50_000));
    let answer =
        hub.compose(&id, &[("text", &long), ("to", "both"), ("key", "moj-klucz")], &[("a.txt", b"x")]);
    let page = answer.text();
    assert_eq!(answer.status, 422);
    assert!(page.contains("Początek żżż") && page.contains("value=\"moj-klucz\""));
    assert!(page.contains("<option value=\"both\" selected>"));
    assert!(page.contains("50\u{a0}009") && page.contains("50\u{a0}000"), "both numbers");
    assert!(page.contains("Wybierz pliki ponownie"));
    let empty = hub.compose(&id, &[("text", " "), ("mode", "comment")], &[]);
    assert!(empty.status == 422 && empty.text().contains("value=\"comment\" checked"), "{}", empty.status);
}

#[test]
fn ten_megabytes_and_one_byte_are_refused_with_both_numbers_and_the_text_kept() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let file = vec![b'x'; 10_000_001];
    let answer = hub.compose(&id, &[("text", "W załączniku skan.")], &[("skan.pdf", &file)]);
    let page = answer.text();
    assert_eq!(answer.status, 413);
    assert!(page.contains("W załączniku skan."), "the text is kept");
    assert!(
        page.contains("10\u{a0}000\u{a0}001\u{a0}B") && page.contains("10\u{a0}000\u{a0}000\u{a0}B"),
        "both numbers"
    );
    let answer = hub.compose(&id, &[("text", "W załączniku skan.")], &[("skan.pdf", &file[..10_000_000])]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let more = hub.compose(&id, &[("text", "Jeszcze jeden."), ("key", "k2")], &[("b.pdf", b"12")]);
    assert_eq!(more.status, 413, "the limit is the whole conversation's");
}

#[test]
fn a_comment_never_leaves() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let answer = hub.compose(&id, &[("text", "Magazyn sprawdza <b>"), ("mode", "comment")], &[]);
    assert_eq!(answer.status, 303);
    hub.world.clock.advance(Duration::from_secs(60));
    futures::executor::block_on(mostek_helpdesk::sending::send_due(&hub.world, Duration::MAX)).unwrap();
    assert!(hub.remote.borrow().bodies("t1", "SHOP_USER").is_empty());
    let page = hub.get("/tickets/1").text();
    assert!(page.contains("msg internal") && page.contains("Magazyn sprawdza &#60;b&#62;"), "{page}");
}

#[test]
fn a_template_is_put_after_what_was_typed_and_says_what_to_look_at() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let text = "Dzień dobry {customer}, zamówienie {order}. {podpis} {agent}";
    // From before such names were refused.
    let template = mostek_domain::TemplateId::from_random([7; 16]);
    let name = mostek_domain::Label::parse("Powitanie").unwrap();
    let fact = desk::Fact::Template { id: template, name, text: text.to_owned(), archived: false };
    let by = mostek_store::Actor::System("test".into());
    futures::executor::block_on(desk::put_fact(&hub.world, hub.company, by, fact)).unwrap();
    let template = template.to_string();
    let template = template.as_str();
    let answer =
        hub.compose(&id, &[("text", "Już napisane."), ("do", "template"), ("template", template)], &[]);
    let page = answer.text();
    assert_eq!(answer.status, 200);
    assert!(page.contains("Już napisane.\n\nDzień dobry Anna N., zamówienie t1-A."), "{page}");
    assert!(page.contains("nie są zmiennymi: podpis"), "{page}");
    assert!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["messages"].as_array().unwrap().len() == 1);
    assert!(hub.get(&format!("/tickets/1?template={template}")).text().contains("Dzień dobry Anna N."));
}

#[test]
fn programs_send_files_and_their_key_in_a_header() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let body = "--XX\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nProszę\r\n--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nabc\r\n--XX--";
    let headers = [
        ("content-type", "multipart/form-data; boundary=XX"),
        ("x-csrf-token", hub.csrf.as_str()),
        ("idempotency-key", "same"),
    ];
    let uri = format!("/api/v1/tickets/{id}/replies");
    let first = hub.send("POST", &uri, &headers, body);
    let second = hub.send("POST", &uri, &headers, body);
    assert_eq!((first.status, second.status), (201, 201), "{}", first.text());
    assert_eq!(first.json()["id"], second.json()["id"]);
    let ticket = hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!(ticket["messages"].as_array().unwrap().len(), 2);
    assert_eq!(ticket["messages"][1]["files"][0]["size"], 3);
    assert_eq!(ticket["attachments"]["used_bytes"], 3);
}
