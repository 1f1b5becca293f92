//! The same done to several tickets at once.

use super::{Answer, Hub};
use futures::executor::block_on;
use http::Method;
use mostek_domain::{EmployeeId, Language, TicketId};
use mostek_people::audit::{self, AuditFilter, Scope};
use mostek_ports::Clock;
use mostek_web::{Flash, Speak};
use serde_json::{Value, json};
use std::time::Duration;

/// A hub with so many tickets, and their ids, the first one's first.
fn with_tickets(count: usize) -> (Hub, Vec<String>) {
    let hub = Hub::connected(false);
    for n in 0..count {
        hub.remote.borrow_mut().writes(&format!("t{n}"), "CUSTOMER_USER", &format!("Pytanie {n}"));
    }
    hub.world.clock.advance(Duration::from_secs(60));
    hub.poll();
    let list = hub.api_get("/api/v1/tickets").json();
    let mut ids: Vec<(u64, String)> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| (t["number"].as_u64().unwrap(), t["id"].as_str().unwrap().to_owned()))
        .collect();
    ids.sort();
    assert_eq!(ids.len(), count);
    (hub, ids.into_iter().map(|(_, id)| id).collect())
}

/// The values of the boxes of the list, of these tickets in their order.
fn boxes(hub: &Hub, ids: &[String]) -> Vec<String> {
    let page = hub.get("/tickets").text();
    let all: Vec<&str> =
        page.split("name=\"ticket\" value=\"").skip(1).map(|p| p.split('"').next().unwrap()).collect();
    ids.iter()
        .filter_map(|id| all.iter().find(|v| v.starts_with(id.as_str())))
        .map(|v| (*v).to_owned())
        .collect()
}

/// The fields of the form with these boxes.
fn pick<'a>(boxes: &'a [String], what: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> = boxes.iter().map(|v| ("ticket", v.as_str())).collect();
    fields.extend_from_slice(what);
    fields
}

fn of(hub: &Hub, id: &str, field: &str) -> Value {
    hub.api_get(&format!("/api/v1/tickets/{id}")).json()[field].clone()
}

/// The toast that the next page shows.
fn toast(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let next = mostek_web::testing::request(Method::GET, answer.location(), &[("cookie", cookie)], "");
    Language::Pl.say(&Flash::of(&next).unwrap().text)
}

#[test]
fn what_is_picked_is_taken_closed_and_given_away_and_nothing_else() {
    let (hub, ids) = with_tickets(4);
    let consultant = hub.consultant();
    let page = consultant.get("/tickets").text();
    assert_eq!(page.matches("name=\"ticket\"").count(), 4, "{page}");

    let picked = boxes(&consultant, &ids[..2]);
    let answer = consultant.post("/tickets?status=new&assignee=nobody", &pick(&picked, &[("do", "take")]));
    let (path, query) = answer.location().split_once('?').unwrap();
    assert_eq!(path, "/tickets", "back to the page it was asked on");
    assert!(query.contains("status=new") && query.contains("assignee=nobody"), "{query}");
    assert!(toast(&answer).contains("Zmieniono 2 zgłoszenia"));
    let mine = consultant.api_get("/api/v1/tickets?assignee=me").json();
    assert_eq!(mine["data"].as_array().unwrap().len(), 2);

    // A ticket that is sent twice is one.
    let picked = boxes(&hub, &ids[..2]);
    let twice = [picked.clone(), picked].concat();
    let answer = hub.post("/tickets", &pick(&twice, &[("do", "closed")]));
    assert!(toast(&answer).contains("Zmieniono 2 zgłoszenia"));
    for (id, wanted) in ids.iter().zip(["closed", "closed", "new", "new"]) {
        assert_eq!(of(&hub, id, "status"), wanted);
    }
    let me = of(&hub, &ids[0], "assignee");
    let give = [("do", "assign"), ("employee", me.as_str().unwrap())];
    hub.post("/tickets", &pick(&boxes(&hub, &ids[3..]), &give));
    assert_eq!(of(&hub, &ids[3], "assignee"), me);
    hub.post("/tickets", &pick(&boxes(&hub, &ids), &[("do", "assign"), ("employee", "")]));
    assert!(ids.iter().all(|id| of(&hub, id, "assignee").is_null()));

    // Each is in the audit journal as if it had been done alone.
    let filter = AuditFilter { act: Some("ticket-status-set".into()), by: None };
    let audit = audit::page(&hub.world, Scope::Company(hub.company), &filter, None, 50);
    assert_eq!(block_on(audit).unwrap().rows.len(), 2);
}

#[test]
fn one_that_refuses_is_told_and_stops_none_of_the_others() {
    let (hub, ids) = with_tickets(3);
    let mut picked = boxes(&hub, &ids);
    picked.insert(1, format!("{}:0", TicketId::from_random([9; 16])));
    let answer = hub.post("/tickets", &pick(&picked, &[("do", "in-progress")]));
    let news = toast(&answer);
    assert!(news.contains("Zmieniono: 3") && news.contains("Jednego"), "{news}");

    // Somebody wrote since the list was shown: that one stays open.
    let picked = boxes(&hub, &ids);
    hub.world.clock.advance(Duration::from_secs(60));
    {
        let mut remote = hub.remote.borrow_mut();
        remote.now = hub.world.clock.now().0;
        remote.writes("t1", "CUSTOMER_USER", "Jeszcze jedno");
    }
    hub.poll();
    let answer = hub.post("/tickets", &pick(&picked, &[("do", "closed")]));
    let news = toast(&answer);
    assert!(news.contains("Zmieniono: 2") && news.contains("W międzyczasie"), "{news}");
    let open = hub.api_get("/api/v1/tickets?status=new").json();
    assert_eq!((&open["total"], &open["data"][0]["subject"]), (&json!(1), &json!("Temat t1")), "{open}");
}

#[test]
fn what_cannot_be_changes_nothing_and_says_why() {
    let (hub, ids) = with_tickets(2);
    let picked = boxes(&hub, &ids);
    let stranger = EmployeeId::from_random([7; 16]).to_string();
    for (fields, sentence) in [
        (vec![("do", "closed")], "Zaznacz najpierw"),
        (pick(&picked, &[("do", "merged")]), "jedną z podanych"),
        (pick(&picked, &[("do", "snoozed")]), "Podaj dzień"),
        (pick(&picked, &[("do", "assign"), ("employee", &stranger)]), "nie pracuje"),
        (vec![("ticket", "nonsense"), ("do", "closed")], "jedną z podanych"),
        (vec![("ticket", ids[0].as_str()), ("do", "closed")], "jedną z podanych"),
    ] {
        let answer = hub.post("/tickets", &fields);
        let toast = toast(&answer);
        assert!(toast.contains(sentence), "{fields:?}: {toast}");
    }
    let many: Vec<String> = (0..51u8).map(|n| format!("{}:0", TicketId::from_random([n; 16]))).collect();
    let answer = hub.post("/tickets", &pick(&many, &[("do", "closed")]));
    assert!(toast(&answer).contains("najwyżej 50"));
    assert!(ids.iter().all(|id| of(&hub, id, "status") == "new" && of(&hub, id, "assignee").is_null()));

    // Without the form's token nobody changes anything.
    let form = format!("ticket={}&do=closed", ids[0]);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    assert_eq!(hub.send("POST", "/tickets", &headers, form).status, 403);
    assert_eq!(hub.send("PUT", "/tickets", &headers, "").status, 405);
}

#[test]
fn a_macro_is_run_on_each_and_closes_only_what_was_seen() {
    let (hub, ids) = with_tickets(3);
    let steps = json!([{"do": "comment", "text": "Zamknięte hurtem"}, {"do": "status", "status": "closed"}]);
    let made = hub.api("POST", "/api/v1/desk/macros", &json!({"name": "Po sprawie", "steps": steps})).json();
    let made = made["id"].as_str().unwrap().to_owned();
    let page = hub.get("/tickets").text();
    assert!(page.contains("Po sprawie</option>"), "{page}");
    let boxes = boxes(&hub, &ids);
    // The customer writes in the second meanwhile.
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "I jeszcze jedno");
    hub.world.clock.advance(Duration::from_secs(60));
    hub.poll();
    let run = [("do", "macro"), ("macro", made.as_str()), ("key", "b1")];
    let answer = hub.post("/tickets", &pick(&boxes, &run));
    assert!(toast(&answer).contains('2'), "{}", toast(&answer));
    assert_eq!(
        (of(&hub, &ids[0], "status"), of(&hub, &ids[2], "status")),
        (json!("closed"), json!("closed"))
    );
    assert_eq!(of(&hub, &ids[1], "status"), "new");
    let comments = |id: &str| {
        of(&hub, id, "messages").as_array().unwrap().iter().filter(|m| m["kind"] == "comment").count()
    };
    // The one that was not closed was not touched at all.
    assert_eq!((comments(&ids[0]), comments(&ids[1])), (1, 0));
    let without_key = hub.post("/tickets", &pick(&boxes[..1], &run[..2]));
    assert!(toast(&without_key).contains("klucza"), "{}", toast(&without_key));
}
