//! Business hours, deadlines, assignment and automatic replies: their pages and their API.

use super::Hub;
use futures::executor::block_on;
use mostek_helpdesk::tick;
use serde_json::json;
use std::time::Duration;

const WEEK: [(&str, &str); 5] =
    [("mon", "8:00-16:00"), ("tue", "8-16"), ("wed", "8:00–16:00"), ("thu", "8-12, 13-17"), ("fri", "8-14")];

fn queue(hub: &Hub) -> String {
    hub.api_get("/api/v1/desk/queues").json()["data"][0]["id"].as_str().unwrap().to_owned()
}

fn ticks(hub: &Hub) {
    let report = block_on(tick::tick(&hub.world, Duration::from_secs(25)));
    assert!(report.errors.is_empty(), "{:?}", report.errors);
}

#[test]
fn hours_are_set_shown_and_refused_with_the_day() {
    let hub = Hub::empty();
    let page = hub.get("/settings/helpdesk/hours").text();
    assert!(page.contains("Nie ustawiono jeszcze godzin") && page.contains("08:00-16:00"), "{page}");
    let mut form = WEEK.to_vec();
    form.push(("polish_holidays", "yes"));
    form.push(("exceptions", "2026-12-31 8:00-12:00\r\n2026-05-04"));
    let saved = hub.post("/settings/helpdesk/hours", &form);
    assert_eq!((saved.status, saved.location()), (303, "/settings/helpdesk/hours"));
    let hours = hub.api_get("/api/v1/desk/hours").json();
    assert_eq!(
        hours,
        json!({
            "week": ["08:00-16:00", "08:00-16:00", "08:00-16:00", "08:00-12:00,13:00-17:00", "08:00-14:00", "", ""],
            "polish_holidays": true,
            "exceptions": ["2026-05-04", "2026-12-31 08:00-12:00"],
        })
    );
    // It is Tuesday noon in Warsaw.
    assert!(hub.get("/settings/helpdesk/hours").text().contains("Teraz biuro jest otwarte"));
    form[2] = ("wed", "od rana");
    let refused = hub.post("/settings/helpdesk/hours", &form);
    let page = refused.text();
    assert!(refused.status == 422 && page.contains("„od rana” to nie są godziny"), "{page}");
    assert!(page.contains("value=\"od rana\""), "what was typed stays");
    let bad = json!({"week": ["8-16"], "polish_holidays": false});
    assert_eq!(hub.api("PUT", "/api/v1/desk/hours", &bad).status, 422);
    // What the API gives it takes.
    assert_eq!(hub.api("PUT", "/api/v1/desk/hours", &hours).status, 204);
    assert_eq!(hub.api_get("/api/v1/desk/hours").json(), hours);
}

#[test]
fn a_queues_deadlines_show_in_the_list_and_the_ticket_and_are_filtered_by() {
    let hub = Hub::connected(false);
    let queue = queue(&hub);
    let at = format!("/settings/helpdesk/service/{queue}");
    let me = hub.installed.administrator.to_string();
    let form = [
        ("hours", "company"),
        ("first_hours", "1"),
        ("first_minutes", "30"),
        ("next_minutes", ""),
        ("assignment", "round-robin"),
        ("member", me.as_str()),
        ("limit", "5"),
    ];
    assert_eq!(hub.post(&at, &form).status, 303);
    assert!(hub.get("/settings/helpdesk/service").text().contains("pierwsza odpowiedź: 1 godz. 30 min"));
    let ways = hub.api_get("/api/v1/desk/service").json()["data"][0].clone();
    assert_eq!((&ways["first_answer_minutes"], &ways["next_answer_minutes"]), (&json!(90), &json!(null)));
    assert_eq!(ways["round_robin"], json!({"members": [me], "limit": 5}));

    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    hub.world.clock.advance(Duration::from_secs(60));
    hub.poll();
    let id = hub.first_ticket();
    let row = hub.api_get("/api/v1/tickets").json()["data"][0].clone();
    assert_eq!(row["due"], "2026-05-12T11:30:01Z");
    assert!(hub.get("/tickets").text().contains("termin za 1 godz."));
    assert_eq!(hub.api_get("/api/v1/tickets?due=overdue").json()["data"], json!([]));
    assert_eq!(hub.api_get("/api/v1/tickets?due=soon").json()["data"][0]["id"], json!(id));
    assert_eq!(hub.api_get("/api/v1/tickets?due=now").status, 422);
    hub.world.clock.advance(Duration::from_secs(90 * 60 + 35 * 60));
    assert!(hub.get("/tickets?due=overdue").text().contains("po terminie od 35 min"));
    let page = hub.get(&format!("/tickets/{id}")).text();
    assert!(page.contains("po terminie od 35 min"), "{page}");
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["due"], "2026-05-12T11:30:01Z");
    // And the timer gives it to the only member.
    ticks(&hub);
    assert_eq!(hub.api_get("/api/v1/tickets?assignee=me").json()["data"][0]["id"], json!(id));
}

/// What a page of the list says of its version, and what is answered to its question for another one.
fn versions(hub: &Hub, uri: &str) -> (String, String) {
    let page = hub.get(uri).text();
    let said = |name: &str| {
        let value = page.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        value.replace("&#38;", "&").replace("&amp;", "&")
    };
    let news = hub.api_get(&said("data-news")).json();
    (said("data-version"), news["version"].as_str().unwrap().to_owned())
}

#[test]
fn a_list_by_deadline_is_loaded_again_when_something_else_is_on_it_and_not_for_ever() {
    let hub = Hub::connected(false);
    let ways = json!({"first_answer_minutes": 30});
    let queue = queue(&hub);
    assert_eq!(hub.api("PUT", &format!("/api/v1/desk/service/{queue}"), &ways).status, 204);
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    hub.poll();
    hub.world.clock.advance(Duration::from_secs(19 * 60));
    hub.remote.borrow_mut().now += 19 * 60_000;
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "A moja?");
    hub.poll();
    // 10:40: one is overdue since ten minutes; the newer one will be in ten, which is the same hour.
    hub.world.clock.advance(Duration::from_secs(21 * 60));
    let overdue = hub.api_get("/api/v1/tickets?due=overdue").json();
    assert_eq!((overdue["data"].as_array().unwrap().len(), &overdue["total"]), (1, &json!(2)), "{overdue}");
    let shown = |uri| {
        let (shown, news) = versions(&hub, uri);
        assert_eq!(shown, news, "{uri}");
        shown
    };
    let before = (shown("/tickets?due=overdue"), shown("/tickets?due=soon"));
    hub.world.clock.advance(Duration::from_secs(60));
    assert_eq!((shown("/tickets?due=overdue"), shown("/tickets?due=soon")), before);
    hub.world.clock.advance(Duration::from_secs(10 * 60));
    let after = (shown("/tickets?due=overdue"), shown("/tickets?due=soon"));
    assert!(after.0 != before.0 && after.1 != before.1, "{before:?} {after:?}");
    // Other lists know nothing of time, and an address that names two statuses is about one of them everywhere.
    let all = shown("/tickets");
    hub.world.clock.advance(Duration::from_secs(3600));
    assert_eq!(shown("/tickets"), all);
    shown("/tickets?status=closed&status=new");
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Halo?");
    hub.poll();
    assert_ne!(shown("/tickets"), all);
}

#[test]
fn what_cannot_be_a_queues_ways_is_shown_again() {
    let hub = Hub::connected(false);
    let at = format!("/settings/helpdesk/service/{}", queue(&hub));
    let me = hub.installed.administrator.to_string();
    let stranger = mostek_domain::EmployeeId::from_random([9; 16]).to_string();
    for (form, sentence) in [
        (vec![("first_hours", "-1")], "Podaj liczbę całkowitą nie mniejszą od zera"),
        (vec![("first_hours", "0"), ("first_minutes", "0")], "Termin musi mieć od 1 minuty"),
        (vec![("next_hours", "99999")], "Termin musi mieć od 1 minuty do 60 dni"),
        (vec![("assignment", "round-robin"), ("limit", "5")], "Zaznacz przynajmniej jedną osobę"),
        (
            vec![("assignment", "round-robin"), ("limit", "5"), ("member", stranger.as_str())],
            "nie pracuje w obsłudze klienta",
        ),
        (
            vec![("assignment", "round-robin"), ("limit", "0"), ("member", me.as_str())],
            "Podaj liczbę od 1 do 1000",
        ),
        (vec![("hours", "own"), ("mon", "16-15, 17-18")], "nakładają się"),
    ] {
        let answer = hub.post(&at, &form);
        let page = answer.text();
        assert!(answer.status == 422 && page.contains(sentence), "{form:?}: {page}");
    }
    assert_eq!(hub.get("/settings/helpdesk/service/nonsense").status, 404);
    let nowhere = mostek_domain::QueueId::from_random([9; 16]);
    assert_eq!(hub.api("PUT", &format!("/api/v1/desk/service/{nowhere}"), &json!({})).status, 404);
}

#[test]
fn an_automatic_reply_is_set_written_and_recognisable() {
    let hub = Hub::connected(false);
    let (connection, queue) = (hub.connection(), queue(&hub));
    let form = |text: &'static str| {
        [
            ("connection", connection.clone()),
            ("queue", queue.clone()),
            ("occasion", "first".to_owned()),
            ("delay", "10".to_owned()),
            ("text", text.to_owned()),
            ("on", "yes".to_owned()),
        ]
    };
    let post = |fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        hub.post("/settings/helpdesk/automatic", &fields)
    };
    for (text, sentence) in [
        ("{order}", "co najmniej 3 znaki"),
        ("Dzień dobry, tu {agent}. {klient}", "nie można użyć: klient, agent"),
    ] {
        let refused = post(&form(text));
        let page = refused.text();
        assert!(refused.status == 422 && page.contains(sentence), "{page}");
    }
    assert_eq!(post(&form("Dziękujemy, odpiszemy w sprawie {order}.")).status, 303);
    let rules = hub.api_get("/api/v1/desk/automatic-replies").json();
    assert_eq!((&rules["data"][0]["delay_seconds"], &rules["data"][0]["on"]), (&json!(600), &json!(true)));
    let page = hub.get("/settings/helpdesk/automatic").text();
    assert!(page.contains("Empik · Obsługa · pierwsza wiadomość") && page.contains("włączona od"), "{page}");
    let edit = hub
        .get(&format!("/settings/helpdesk/automatic?connection={connection}&queue={queue}&occasion=first"))
        .text();
    assert!(edit.contains("Dziękujemy, odpiszemy w sprawie {order}.</textarea>"), "{edit}");

    hub.remote.borrow_mut().now = mostek_ports::Clock::now(&hub.world.clock).0;
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Gdzie paczka?");
    hub.world.clock.advance(Duration::from_secs(60));
    hub.poll();
    ticks(&hub);
    let id = hub.first_ticket();
    let page = hub.get(&format!("/tickets/{id}")).text();
    assert!(page.contains("Automatyczna odpowiedź") && page.contains("pierwsza wiadomość"), "{page}");
    assert!(page.contains("Cofnij wysłanie"), "a person can take it back");
    let message = hub.api_get(&format!("/api/v1/tickets/{id}")).json()["messages"][1].clone();
    assert_eq!(
        (&message["reply"]["automatic"], &message["reply"]["state"]),
        (&json!("first"), &json!("waiting"))
    );
    hub.world.clock.advance(Duration::from_secs(600));
    ticks(&hub);
    assert_eq!(hub.remote.borrow().bodies("t1", "SHOP_USER"), ["Dziękujemy, odpiszemy w sprawie t1-A."]);
    assert_eq!(hub.api_get("/api/v1/tickets").json()["data"][0]["status"], "new");
    // The API sets the same, for the occasions that rules have.
    let odd =
        json!({"connection": connection, "queue": queue, "occasion": "automation", "text": "Dzień dobry"});
    assert_eq!(hub.api("PUT", "/api/v1/desk/automatic-replies", &odd).status, 400);
    let off = json!({"connection": connection, "queue": queue, "occasion": "first", "text": "Dzień dobry"});
    assert_eq!(hub.api("PUT", "/api/v1/desk/automatic-replies", &off).status, 204);
    let rules = hub.api_get("/api/v1/desk/automatic-replies").json();
    assert_eq!((&rules["data"][0]["on"], &rules["data"][0]["since"]), (&json!(false), &json!(null)));
}

#[test]
fn only_administrators_change_how_the_desk_works() {
    let hub = Hub::connected(false);
    let consultant = hub.consultant();
    for path in ["hours", "service", "automatic"] {
        assert_eq!(consultant.get(&format!("/settings/helpdesk/{path}")).status, 403, "{path}");
    }
    assert_eq!(consultant.api_get("/api/v1/desk/hours").status, 200);
    let hours = consultant.api_get("/api/v1/desk/hours").json();
    assert_eq!(consultant.api("PUT", "/api/v1/desk/hours", &hours).status, 403);
    let path = format!("/api/v1/desk/service/{}", queue(&hub));
    assert_eq!(consultant.api("PUT", &path, &json!({})).status, 403);
    assert_eq!(consultant.api("PUT", "/api/v1/desk/automatic-replies", &json!({})).status, 403);
    // Another company's are its own.
    assert_eq!(hub.api("DELETE", "/api/v1/desk/hours", &json!({})).status, 405);
}
