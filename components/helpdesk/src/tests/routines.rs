//! Macros and automations: their pages, their API, and what they do to a ticket.

use super::Hub;
use futures::executor::block_on;
use mostek_helpdesk::tick;
use mostek_helpdesk::webhooks::source;
use serde_json::{Value, json};
use std::time::Duration;

fn template(hub: &Hub) -> String {
    let typed = json!({"name": "Wysłane", "text": "Paczka wysłana, {customer}. {agent}"});
    hub.api("POST", "/api/v1/desk/templates", &typed).json()["id"].as_str().unwrap().to_owned()
}

fn messages(hub: &Hub, ticket: &str) -> Vec<Value> {
    hub.api_get(&format!("/api/v1/tickets/{ticket}")).json()["messages"].as_array().unwrap().clone()
}

#[test]
fn a_macro_does_its_steps_in_order_with_one_click() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let template = template(&hub);
    let (reply, status) = (format!("reply:{template}"), "status:in-progress");
    let form = [
        ("name", "Wysłana"),
        ("step1", "take"),
        ("step2", reply.as_str()),
        ("step3", status),
        ("comment", "Sprawdzone z magazynem"),
    ];
    assert_eq!(hub.post("/settings/helpdesk/macros", &form).status, 303);
    let page = hub.get("/settings/helpdesk/macros").text();
    assert!(page.contains("przypisz mnie · wyślij klientowi szablon: Wysłane · status: W toku"), "{page}");
    let all = hub.api_get("/api/v1/desk/macros").json();
    let made = all["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(all["data"][0]["steps"][3], json!({"do": "comment", "text": "Sprawdzone z magazynem"}));
    assert!(hub.get(&format!("/tickets/{id}")).text().contains("Wysłana</option>"));

    let run = [("macro", made.as_str()), ("key", "m1"), ("seen", "1000")];
    for _ in 0..2 {
        let answer = hub.post(&format!("/tickets/{id}/macro"), &run);
        assert_eq!(answer.location(), format!("/tickets/{id}"));
    }
    let ticket = hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!(ticket["status"], "in-progress");
    assert_eq!(ticket["assignee"], json!(hub.installed.administrator));
    let of = |kind: &str| messages(&hub, &id).into_iter().filter(|m| m["kind"] == kind).collect::<Vec<_>>();
    // A double click wrote nothing twice.
    assert_eq!((of("reply").len(), of("comment").len()), (1, 1));
    assert_eq!(of("reply")[0]["text"], "Paczka wysłana, Anna N.. Ewa Admin");
    assert_eq!(of("comment")[0]["text"], "Sprawdzone z magazynem");

    // What the form could not give back it does not show.
    let odd = json!([{"do": "comment", "text": "Najpierw"}, {"do": "take"}]);
    let odd = json!({"name": "Z programu", "steps": odd});
    let odd = hub.api("POST", "/api/v1/desk/macros", &odd).json()["id"].as_str().unwrap().to_owned();
    let page = hub.get(&format!("/settings/helpdesk/macros?id={odd}")).text();
    assert!(page.contains("nie da się pokazać w formularzu") && !page.contains("name=\"step1\""), "{page}");

    // Archived it is gone from tickets, and cannot be run.
    let edit = hub.get(&format!("/settings/helpdesk/macros?id={made}")).text();
    assert!(
        edit.contains("Sprawdzone z magazynem</textarea>") && edit.contains("value=\"Wysłana\""),
        "{edit}"
    );
    let archived = [("id", made.as_str()), ("name", "Wysłana"), ("step1", "take"), ("archived", "yes")];
    assert_eq!(hub.post("/settings/helpdesk/macros", &archived).status, 303);
    assert!(!hub.get(&format!("/tickets/{id}")).text().contains("Wysłana</option>"));
    let path = format!("/api/v1/tickets/{id}/macro");
    assert_eq!(hub.api("POST", &path, &json!({"macro": made, "key": "m2"})).status, 404);
}

#[test]
fn a_macro_puts_a_template_into_the_form_and_does_not_close_what_nobody_has_read() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let template = template(&hub);
    let typed = json!({"name": "Zamknij", "steps": [
        {"do": "status", "status": "closed"},
        {"do": "draft", "template": template},
    ]});
    let made = hub.api("POST", "/api/v1/desk/macros", &typed).json()["id"].as_str().unwrap().to_owned();
    let seen = hub.api_get(&format!("/api/v1/tickets/{id}/version")).json()["version"].clone();
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "I jeszcze jedno");
    hub.world.clock.advance(Duration::from_secs(60));
    hub.poll();
    let path = format!("/api/v1/tickets/{id}/macro");
    let stale = hub.api("POST", &path, &json!({"macro": made, "key": "a", "seen": seen}));
    assert_eq!(stale.status, 409, "{}", stale.text());
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["status"], "new");
    let seen = hub.api_get(&format!("/api/v1/tickets/{id}/version")).json()["version"].to_string();
    let run = [("macro", made.as_str()), ("key", "b"), ("seen", seen.as_str())];
    let answer = hub.post(&format!("/tickets/{id}/macro"), &run);
    let back = answer.location().to_owned();
    assert_eq!(back, format!("/tickets/{id}?template={template}#composer"));
    let page = hub.get(back.trim_end_matches("#composer")).text();
    assert!(page.contains("Paczka wysłana, Anna N.. Ewa Admin</textarea>"), "{page}");
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["status"], "closed");
    assert_eq!(hub.api("POST", &path, &json!({"macro": made})).status, 422, "a key is needed");
}

#[test]
fn a_macro_marks_a_ticket_and_an_automation_goes_by_the_marks() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let tag = |name: &str| {
        let made = hub.api("POST", "/api/v1/desk/tags", &json!({"name": name})).json();
        made["id"].as_str().unwrap().to_owned()
    };
    let (vip, old) = (tag("VIP"), tag("stare"));
    let ticket = || hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!(hub.api("POST", &format!("/api/v1/tickets/{id}/tags"), &json!({"add": [old]})).status, 204);
    let (add, remove) = (format!("tag:{vip}"), format!("untag:{old}"));
    let form = [("name", "Ważny"), ("step1", "priority:urgent"), ("step2", &add), ("step3", &remove)];
    assert_eq!(hub.post("/settings/helpdesk/macros", &form).status, 303);
    let page = hub.get("/settings/helpdesk/macros").text();
    assert!(page.contains("priorytet: Pilny · dodaj etykietę: VIP · usuń etykietę: stare"), "{page}");
    let made = hub.api_get("/api/v1/desk/macros").json()["data"][0].clone();
    let steps = json!([
        {"do": "priority", "priority": "urgent"}, {"do": "tags", "add": [vip]}, {"do": "tags", "remove": [old]},
    ]);
    assert_eq!(made["steps"], steps);
    let run = json!({"macro": made["id"], "key": "m1"});
    assert_eq!(hub.api("POST", &format!("/api/v1/tickets/{id}/macro"), &run).status, 200);
    assert_eq!((&ticket()["priority"], &ticket()["tags"]), (&json!("urgent"), &json!([vip])));

    let typed = json!({
        "name": "Uspokój", "priority": "urgent", "tag": vip, "on": true,
        "steps": [{"do": "tags", "add": [old], "remove": [vip]}, {"do": "priority", "priority": "normal"}],
    });
    let matching = |priority: &str, tag: &str| {
        let mut typed = typed.clone();
        (typed["priority"], typed["tag"]) = (json!(priority), json!(tag));
        let found = hub.api("POST", "/api/v1/desk/automations/preview", &typed).json();
        found["data"].as_array().unwrap().len()
    };
    assert_eq!((matching("urgent", &vip), matching("urgent", &old), matching("low", &vip)), (1, 0, 0));
    assert_eq!(hub.api("POST", "/api/v1/desk/automations", &typed).status, 201);
    let all = hub.api_get("/api/v1/desk/automations").json();
    assert_eq!((&all["data"][0]["priority"], &all["data"][0]["tag"]), (&json!("urgent"), &json!(vip)));
    assert_eq!(block_on(tick::tick(&hub.world, Duration::from_secs(25))).automated, 1);
    assert_eq!((&ticket()["priority"], &ticket()["tags"]), (&json!("normal"), &json!([old])));
    for steps in [json!([{"do": "tags"}]), json!([{"do": "priority", "priority": "later"}])] {
        assert_eq!(hub.api("POST", "/api/v1/desk/macros", &json!({"name": "A", "steps": steps})).status, 422);
    }
}

#[test]
fn an_automation_is_tried_out_switched_on_and_shows_what_it_did() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let form = |what: &'static str, on: &'static str| {
        [
            ("do", what),
            ("name", "Cisza"),
            ("status", "new"),
            ("customer_silent_hours", "2"),
            ("step1", "status:waiting-for-customer"),
            ("comment", "Minęły dwie godziny"),
            ("on", on),
        ]
    };
    let page = hub.post("/settings/helpdesk/automations", &form("preview", "")).text();
    assert!(page.contains("Teraz nie pasuje żadne zgłoszenie") && page.contains("value=\"Cisza\""), "{page}");
    hub.world.clock.advance(Duration::from_secs(2 * 3600));
    let page = hub.post("/settings/helpdesk/automations", &form("preview", "")).text();
    assert!(page.contains("Pasuje 1 zgłoszenie") && page.contains("#1 Temat t1"), "{page}");
    assert_eq!(hub.api_get("/api/v1/desk/automations").json()["data"], json!([]), "trying saves nothing");

    let ticks = || {
        let report = block_on(tick::tick(&hub.world, Duration::from_secs(25)));
        assert!(report.errors.is_empty(), "{:?}", report.errors);
        report.automated
    };
    assert_eq!(hub.post("/settings/helpdesk/automations", &form("save", "")).status, 303);
    assert_eq!(ticks(), 0, "it is switched off");
    let made = hub.api_get("/api/v1/desk/automations").json()["data"][0].clone();
    assert_eq!((&made["statuses"], &made["customer_silent_hours"]), (&json!(["new"]), &json!(2)));
    let mut on = made.clone();
    on["on"] = json!(true);
    assert_eq!(hub.api("POST", "/api/v1/desk/automations", &on).status, 201);
    assert!(hub.get("/settings/helpdesk/automations").text().contains("włączona"));
    assert_eq!((ticks(), ticks()), (1, 0));
    let page = hub.get(&format!("/tickets/{id}")).text();
    assert!(page.contains("działa automatyzacja „Cisza”") && page.contains("Minęły dwie godziny"), "{page}");
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["status"], "waiting-for-customer");
    assert!(messages(&hub, &id).iter().any(|m| m["event"]["is"] == "automated"));
    // And it is in the audit journal, with its name.
    assert!(hub.world.kv.keys().iter().any(|k| k.contains("audit")));
    let found = hub.api("POST", "/api/v1/desk/automations/preview", &on).json();
    assert_eq!((&found["data"], &found["complete"]), (&json!([]), &json!(true)));
}

#[test]
fn a_shop_is_a_source_to_choose_and_stays_one_when_it_is_gone() {
    let hub = Hub::connected(false);
    let queue = hub.api_get("/api/v1/desk/queues").json()["data"][0]["id"].clone();
    let setup = json!({"name": "Sklep Kubek", "scheme": "shopify", "queue": queue});
    let by = || mostek_store::Actor::System("test".into());
    let setup = serde_json::from_value(setup).unwrap();
    let shop = block_on(source::add(&hub.world, hub.company, by(), setup, "sekret sklepu")).unwrap();
    let shown = |uri: &str, chosen: &str| {
        let page = hub.get(uri).text();
        assert!(page.contains(&format!("<option value=\"Sklep Kubek\"{chosen}>")), "{uri}: {page}");
    };
    shown("/settings/helpdesk/automations", "");
    shown("/reports", "");
    shown("/tickets?status=new", "");
    let typed =
        json!({"name": "Cisza", "source": "Sklep Kubek", "steps": [{"do": "status", "status": "closed"}]});
    let id = hub.api("POST", "/api/v1/desk/automations", &typed).json()["id"].as_str().unwrap().to_owned();
    let edit = format!("/settings/helpdesk/automations?id={id}");
    shown(&edit, " selected");
    block_on(source::command(&hub.world, hub.company, by(), shop, source::Command::Delete)).unwrap();
    shown(&edit, " selected");
    shown("/reports?source=Sklep%20Kubek", " selected");
    shown("/tickets?source=Sklep%20Kubek", " selected");
}

#[test]
fn tags_that_are_put_on_and_taken_off_at_once_are_both_told() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let tag = |name: &str| hub.api("POST", "/api/v1/desk/tags", &json!({"name": name})).json()["id"].clone();
    let (vip, old) = (tag("VIP"), tag("stare"));
    let path = format!("/api/v1/tickets/{id}/tags");
    assert_eq!(hub.api("POST", &path, &json!({"add": [old]})).status, 204);
    assert_eq!(hub.api("POST", &path, &json!({"add": [vip], "remove": [old]})).status, 204);
    let page = hub.get(&format!("/tickets/{id}")).text();
    assert!(page.contains("Dodano etykiety: VIP. Usunięto etykiety: stare"), "{page}");
}

#[test]
fn an_automation_whose_answer_has_a_gap_says_so_in_the_ticket() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let template = template(&hub);
    let typed = json!({"name": "Cisza", "on": true, "steps": [
        {"do": "reply", "template": template}, {"do": "status", "status": "closed"},
    ]});
    assert_eq!(hub.api("POST", "/api/v1/desk/automations", &typed).status, 201);
    block_on(tick::tick(&hub.world, Duration::from_secs(25)));
    let ticket = hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!(ticket["status"], "new");
    let event = messages(&hub, &id).into_iter().find(|m| m["event"]["is"] == "automated").unwrap();
    assert_eq!(event["event"]["unsaid"], json!({"why": "missing", "names": ["agent"]}));
    let page = hub.get(&format!("/tickets/{id}")).text();
    assert!(page.contains("„Cisza” niczego nie zrobiła") && page.contains("wartości dla: agent"), "{page}");
}

#[test]
fn what_cannot_be_is_refused_and_only_administrators_set_it() {
    let hub = Hub::connected(false);
    for (form, sentence) in [
        (vec![("name", "Pusta")], "Wybierz przynajmniej jedną czynność"),
        (vec![("name", ""), ("step1", "status:closed")], "Podaj nazwę"),
        (vec![("name", "A"), ("step1", "take")], "nie da się wykonać bez konsultanta"),
        (vec![("name", "A"), ("step1", "status:merged")], "Wybierz jedną z podanych"),
        (vec![("name", "A"), ("step1", "status:closed"), ("opened_before_hours", "0")], "liczbę godzin od 1"),
    ] {
        let answer = hub.post("/settings/helpdesk/automations", &form);
        let page = answer.text();
        assert!(answer.status == 422 && page.contains(sentence), "{form:?}: {page}");
    }
    let stranger = mostek_domain::EmployeeId::from_random([9; 16]);
    let typed = json!({"name": "A", "steps": [{"do": "assign", "employee": stranger}]});
    assert_eq!(hub.api("POST", "/api/v1/desk/macros", &typed).status, 422);
    let consultant = hub.consultant();
    for path in ["macros", "automations"] {
        assert_eq!(consultant.get(&format!("/settings/helpdesk/{path}")).status, 403, "{path}");
    }
    assert_eq!(consultant.api_get("/api/v1/desk/macros").status, 200);
    assert_eq!(consultant.api_get("/api/v1/desk/automations").status, 403);
    assert_eq!(consultant.api("POST", "/api/v1/desk/macros", &json!({"name": "A", "steps": []})).status, 403);
    assert_eq!(hub.api("PUT", "/api/v1/desk/macros", &json!({})).status, 405);
}
