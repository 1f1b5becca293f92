//! Everything about one person as a file, and erasing them so that no word is left in the store.

use super::Hub;
use futures::executor::block_on;
use mostek_ports::KeyValue;
use serde_json::json;
use std::time::Duration;

/// Where in the store a text still is.
fn places(hub: &Hub, text: &str) -> Vec<String> {
    let has = |key: &String| {
        let value = block_on(hub.world.kv.get(key)).unwrap().unwrap_or_default();
        String::from_utf8_lossy(&value).contains(text)
    };
    hub.world.kv.keys().into_iter().filter(has).collect()
}

/// What the person is called, what they wrote, and what was written about them.
const WORDS: [&str; 11] = [
    "Żywisława",
    "zywislawa@example.pl",
    "+48511222333",
    "Kwiatowa 5",
    "5261040828",
    "Lubi herbatę",
    "Gdzie jest moja paczka",
    "bardzo długa skarga",
    "Szanowna Pani",
    "chyba zmyśla",
    "formularz z maja",
];

#[test]
fn an_administrator_without_the_helpdesk_gets_at_no_customer_by_any_way() {
    let (hub, id) = busy();
    let manager = hub.administrator(mostek_domain::Rights::none());
    let erase = json!({"confirm": "Żywisława Brzęk"});
    let path = format!("/api/v1/customers/{id}");
    assert_eq!(manager.api_get(&format!("{path}/export")).status, 403);
    assert_eq!(manager.api("POST", &format!("{path}/erase"), &erase).status, 403);
    assert_eq!(manager.api_get("/api/v1/customers/export.csv").status, 403);
    assert_eq!(manager.api("POST", "/api/v1/customers/imports", &json!({})).status, 403);
    assert_eq!(manager.api("POST", "/api/v1/desk/automations/preview", &json!({})).status, 403);
    for page in ["/customers/export", "/customers/import", &format!("/customers/{id}/export")] {
        assert_eq!(manager.get(page).status, 403, "{page}");
    }
    // Setting automations up is an administrator's work; looking at customers' tickets by them is not.
    let page = manager.get("/settings/helpdesk/automations");
    assert!(page.status == 200 && !page.text().contains("value=\"preview\""), "{}", page.text());
    let tried = [("name", "Cisza"), ("step1", "status:closed"), ("do", "preview")];
    assert_eq!(manager.post("/settings/helpdesk/automations", &tried).status, 403);
    assert!(!places(&hub, "Żywisława").is_empty());
}

/// A customer with a record, two tickets, a long message, a reply with a file, a comment, and another customer beside.
fn busy() -> (Hub, String) {
    let hub = Hub::connected(true);
    for t in ["t1", "t2"] {
        let order = json!({"order_id": format!("{t}-A"), "commercial_id": "EMP-1", "order_state": "SHIPPED",
            "currency_iso_code": "PLN", "customer": {"customer_id": "c-t1", "firstname": "Żywisława", "lastname": "Brzęk"}, "order_lines": []});
        hub.remote.borrow_mut().orders.insert(format!("{t}-A"), order);
    }
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Gdzie jest moja paczka?");
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", &"bardzo długa skarga ".repeat(1_500));
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Gdzie jest moja paczka po raz drugi?");
    hub.remote.borrow_mut().threads[1].customer = "c-t1".into();
    hub.remote.borrow_mut().writes("t3", "CUSTOMER_USER", "Ja w innej sprawie");
    hub.poll();
    let tickets = hub.api_get("/api/v1/tickets").json();
    let of = |thread: &str| {
        let rows = tickets["data"].as_array().unwrap();
        let row = rows.iter().find(|r| {
            r["customer"]["remote_id"] == "c-t1" && r["snippet"].as_str().unwrap().starts_with(thread)
        });
        row.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (of("bardzo"), of("Gdzie"));
    let id = hub.api_get(&format!("/api/v1/tickets/{first}")).json()["customer"]["record"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v1/customers/{id}");
    let mut record = hub.api_get(&path).json();
    record["name"] = json!("Żywisława Brzęk");
    record["emails"] = json!(["zywislawa@example.pl"]);
    record["phones"] =
        json!([{"number": "511222333", "consent": {"given": true, "source": "formularz z maja"}}]);
    record["addresses"] = json!([{"street": "Kwiatowa 5", "city": "Łódź"}]);
    record["nip"] = json!("5261040828");
    record["notes"] = json!("Lubi herbatę");
    assert_eq!(hub.api("PUT", &path, &record).status, 204);
    let files: [(&str, &[u8]); 1] = [("Żywisława.txt", b"Szanowna Pani, w pliku")];
    assert_eq!(hub.compose(&first, &[("text", "Szanowna Pani, paczka jedzie")], &files).status, 303);
    hub.compose(&second, &[("mode", "comment"), ("text", "chyba zmyśla"), ("key", "k2")], &[]);
    (hub, id)
}

/// The replies leave and are settled.
fn send(hub: &Hub) {
    hub.world.clock.advance(Duration::from_secs(60));
    block_on(mostek_helpdesk::tick::tick(&hub.world, Duration::from_secs(20)));
}

/// What the timer does after an erasing: once at once, and once more after a while.
fn end_erasing(hub: &Hub) {
    for pause in [60, 91 * 60] {
        hub.world.clock.advance(Duration::from_secs(pause));
        let report = block_on(mostek_helpdesk::tick::tick(&hub.world, Duration::from_secs(20)));
        assert_eq!(report.errors, Vec::<String>::new());
    }
}

#[test]
fn everything_about_a_person_is_one_file() {
    let (hub, id) = busy();
    let answer = hub.api_get(&format!("/api/v1/customers/{id}/export"));
    assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let all = answer.json();
    assert_eq!(all["customer"]["name"], "Żywisława Brzęk");
    assert_eq!(all["tickets"].as_array().unwrap().len(), 2);
    assert_eq!((all["tickets_in_all"].as_u64(), all["next"].is_null()), (Some(2), true));
    let text = answer.text();
    for word in
        ["Gdzie jest moja paczka", "bardzo długa skarga", "Szanowna Pani", "Kwiatowa 5", "formularz z maja"]
    {
        assert!(text.contains(word), "{word}");
    }
    assert!(!text.contains("Ja w innej sprawie"), "another person's");
    assert!(all["timeline"].as_array().unwrap().len() >= 4);
    let consultant = hub.consultant();
    assert_eq!(consultant.api_get(&format!("/api/v1/customers/{id}/export")).status, 403);
    assert_eq!(consultant.get(&format!("/customers/{id}/erase")).status, 403);
    assert_eq!(
        consultant
            .api("POST", &format!("/api/v1/customers/{id}/erase"), &json!({"confirm": "Żywisława Brzęk"}))
            .status,
        403
    );
}

#[test]
fn no_word_of_an_erased_person_is_left_in_the_store() {
    let (hub, id) = busy();
    for word in WORDS {
        assert!(!places(&hub, word).is_empty(), "{word} was there");
    }
    let page = hub.get(&format!("/customers/{id}/erase")).text();
    assert!(page.contains("Usunąć dane: Żywisława Brzęk?"), "{page}");
    let path = format!("/customers/{id}/erase");
    // A reply is on its way.
    let open = hub.post(&path, &[("confirm", "Żywisława Brzęk")]);
    assert!(open.status == 422 && open.text().contains("niewysłana odpowiedź"), "{}", open.text());
    send(&hub);
    let other = hub.post(&path, &[("confirm", "Żywisława")]);
    assert!(other.status == 422 && other.text().contains("jest inna niż na karcie"), "{}", other.text());
    assert!(hub.get(&format!("/customers/{id}")).text().contains("Żywisława"), "nothing was erased");

    assert_eq!(hub.post(&path, &[("confirm", " Żywisława  Brzęk ")]).location(), "/customers");
    let derived = |key: &String| key.starts_with("j:words:") || key.starts_with("j:record-words:");
    for word in WORDS {
        let left: Vec<String> = places(&hub, word).into_iter().filter(|k| !derived(k)).collect();
        assert_eq!(left, Vec::<String>::new(), "{word}");
    }
    // Nor is anything shown or given.
    assert_eq!(hub.get(&format!("/customers/{id}")).status, 404);
    assert_eq!(hub.api_get(&format!("/api/v1/customers/{id}")).status, 404);
    assert_eq!(hub.api_get("/api/v1/customers?q=zywislawa@example.pl").json()["total"], 0);
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 1, "the other customer's");
    let list = hub.api_get("/api/v1/tickets").json();
    assert_eq!(list["total"], 3, "tickets stay");
    for row in list["data"].as_array().unwrap() {
        let ticket = row["id"].as_str().unwrap();
        let (page, json) =
            (hub.get(&format!("/tickets/{ticket}")), hub.api_get(&format!("/api/v1/tickets/{ticket}")));
        assert_eq!((page.status, json.status), (200, 200), "{}", page.text());
        for word in WORDS {
            assert!(!page.text().contains(word) && !json.text().contains(word), "{word}");
        }
    }
    assert!(hub.get("/tickets").text().contains("Ja w innej sprawie"), "the other customer's words stay");
    let pages: Vec<String> = (1..=3).map(|n| hub.get(&format!("/tickets/{n}")).text()).collect();
    assert_eq!(pages.iter().filter(|p| p.contains("dane klienta usunięte")).count(), 2);
    assert!(!pages.iter().any(|p| p.contains("Utwórz kartę klienta")));
    let audit = block_on(mostek_people::audit::page(
        &hub.world,
        mostek_people::audit::Scope::Company(hub.company),
        &Default::default(),
        None,
        50,
    ))
    .unwrap();
    assert!(audit.rows.iter().any(|r| r.act.act == "customer-erased" && r.act.id == id));
    end_erasing(&hub);
    for word in WORDS {
        assert_eq!(places(&hub, word), Vec::<String>::new(), "{word}");
    }
    // Asked again there is nobody.
    assert_eq!(hub.post(&path, &[("confirm", "Żywisława Brzęk")]).status, 404);
}

#[test]
fn what_comes_back_late_is_cleared_by_the_timer() {
    let (hub, id) = busy();
    send(&hub);
    let before = hub.world.kv.copy();
    assert_eq!(
        hub.post(&format!("/customers/{id}/erase"), &[("confirm", "Żywisława Brzęk")]).location(),
        "/customers"
    );
    // A write that was told of an error lands once more, and a reader's snapshot after it.
    let late: Vec<(String, Vec<u8>)> = before
        .keys()
        .into_iter()
        .filter(|k| k.starts_with("j:ticket:") || k.starts_with("j:customer:"))
        .map(|k| (k.clone(), block_on(before.get(&k)).unwrap().unwrap()))
        .collect();
    block_on(hub.world.kv.set_many(&late)).unwrap();
    assert!(!places(&hub, "Żywisława").is_empty());
    end_erasing(&hub);
    for word in WORDS {
        // What the marketplace's stand-in has is not the hub's.
        assert_eq!(places(&hub, word), Vec::<String>::new(), "{word}");
    }
}

#[test]
fn the_person_who_writes_again_is_a_new_customer() {
    let (hub, id) = busy();
    send(&hub);
    hub.post(&format!("/customers/{id}/erase"), &[("confirm", "Żywisława Brzęk")]);
    hub.world.clock.advance(Duration::from_secs(3600));
    hub.remote.borrow_mut().now += 3_600_000 * 2;
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Jestem z powrotem");
    hub.remote.borrow_mut().writes("t9", "CUSTOMER_USER", "Nowa sprawa");
    let last = hub.remote.borrow().threads.len() - 1;
    hub.remote.borrow_mut().threads[last].customer = "c-t1".into();
    hub.poll();
    let rows = hub.api_get("/api/v1/tickets").json();
    let row = |text: &str| {
        rows["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| r["snippet"] == text)
            .unwrap_or_else(|| panic!("{rows}"))
            .clone()
    };
    assert_eq!(row("Jestem z powrotem")["status"], "new", "the old conversation goes on");
    let new = row("Nowa sprawa")["customer"]["record"].as_str().unwrap().to_owned();
    assert_ne!(new, id, "the erased record is not used again");
    assert_eq!(hub.api_get(&format!("/api/v1/customers/{new}")).status, 200);
    let old = hub.get(&format!("/tickets/{}", row("Jestem z powrotem")["id"].as_str().unwrap())).text();
    assert!(old.contains("Jestem z powrotem") && !old.contains("Gdzie jest moja paczka"), "{old}");
}

#[test]
fn records_that_were_merged_into_an_erased_one_are_erased_too() {
    let hub = Hub::empty();
    let a = hub.customer(json!({"name": "Anna Pierwsza", "emails": ["pierwsza@example.pl"]}));
    let b =
        hub.customer(json!({"name": "Anna Druga", "emails": ["druga@example.pl"], "notes": "tajna notatka"}));
    hub.api("POST", &format!("/api/v1/customers/{a}/merges"), &json!({"other": b, "key": "k"}));
    let answer =
        hub.api("POST", &format!("/api/v1/customers/{b}/erase"), &json!({"confirm": "Anna Pierwsza"}));
    assert_eq!(answer.status, 204, "{}", answer.text());
    for word in ["Pierwsza", "Druga", "druga@example.pl", "tajna notatka"] {
        assert_eq!(places(&hub, word), Vec::<String>::new(), "{word}");
    }
    assert_eq!(hub.api_get(&format!("/api/v1/customers/{b}")).status, 404);
    assert_eq!(hub.api_get("/api/v1/customers/duplicates").json()["data"], json!([]));
}

#[test]
fn words_that_were_told_to_another_persons_ticket_go_too() {
    let (hub, id) = busy();
    send(&hub);
    let list = hub.api_get("/api/v1/tickets").json();
    let rows = list["data"].as_array().unwrap();
    let of = |own: bool| rows.iter().find(|r| (r["customer"]["remote_id"] == "c-t1") == own).unwrap();
    let (theirs, other) = (of(true)["id"].as_str().unwrap(), of(false)["id"].as_str().unwrap());
    let merged = hub.api("POST", &format!("/api/v1/tickets/{theirs}/merge"), &json!({"into": other}));
    assert_eq!(merged.status, 204, "{}", merged.text());
    let told = hub.api_get(&format!("/api/v1/tickets/{other}")).json();
    assert_eq!(told["merged"].as_array().unwrap().len(), 1);
    let path = format!("/customers/{id}/erase");
    assert_eq!(hub.post(&path, &[("confirm", "Żywisława Brzęk")]).location(), "/customers");
    end_erasing(&hub);
    for word in WORDS {
        assert_eq!(places(&hub, word), Vec::<String>::new(), "{word}");
    }
    assert!(hub.get(&format!("/tickets/{other}")).text().contains("Ja w innej sprawie"));
}
