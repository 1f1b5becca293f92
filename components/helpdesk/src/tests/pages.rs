//! Every page in every language has its texts; and, on request, the pages as files to look at.

use super::Hub;
use mostek_web::assets;
use serde_json::json;
use std::time::Duration;

/// A hub in which everything that pages show has happened.
fn busy() -> (Hub, String) {
    let hub = Hub::connected(false);
    {
        let mut remote = hub.remote.borrow_mut();
        remote.now -= 1_800_000;
        remote.orders.insert(
            "t1-A".into(),
            json!({
                "order_id": "t1-A", "commercial_id": "EMP-120984", "order_state": "SHIPPED", "currency_iso_code": "PLN",
                "price": 59.90, "shipping_price": 8.99, "total_price": 68.89,
                "shipping_company": "InPost", "shipping_tracking": "680012345678901234567890",
                "shipping_tracking_url": "https://inpost.pl/sledzenie?number=6800",
                "created_date": "2026-05-08T10:00:00Z",
                "customer": {"customer_id": "c-t1", "firstname": "Anna", "lastname": "Nowak", "locale": "pl_PL"},
                "order_lines": [
                    {"order_line_id": "1", "product_title": "Lalka. Wydanie z ilustracjami, oprawa twarda", "offer_sku": "978-83-1", "quantity": 1, "price_unit": 49.90, "price": 49.90},
                    {"order_line_id": "2", "product_title": "Zakładka magnetyczna", "offer_sku": "ZM-2", "quantity": 2, "price_unit": 5.00, "price": 10.00},
                ],
            }),
        );
        remote.writes("t3", "CUSTOMER_USER", "Kiedy będzie dostępny drugi tom?");
        remote.writes("t2", "CUSTOMER_USER", "Proszę o fakturę do zamówienia.");
        remote.writes("t1", "CUSTOMER_USER", "Dzień dobry,<br>zamówiłam książkę tydzień temu i nadal nie dotarła.<br>Proszę o numer przesyłki.");
        let thread = remote.threads.iter_mut().find(|t| t.id == "t1").unwrap();
        thread.messages[0]["attachments"] = json!([{"id": "f1", "name": "potwierdzenie zamówienia.pdf", "size": 184_320}, {"id": "f2", "name": "zdjęcie paczki.jpg", "size": 2_450_000}]);
        remote.writes("t1", "SHOP_USER", "Sprawdzamy to u przewoźnika.");
        remote.writes("t1", "OPERATOR_USER", "Prosimy o odpowiedź klientce w ciągu 24 godzin.");
        remote.writes("t1", "CUSTOMER_USER", "Czy już coś wiadomo?");
    }
    hub.poll();
    let id = hub.api_get("/api/v1/tickets").json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|t| t["subject"] == "Temat t1")
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (name, text) in
        [("Powitanie", "Dzień dobry {customer},"), ("Śledzenie", "Numer przesyłki do {order} jest w panelu.")]
    {
        hub.api("POST", "/api/v1/desk/templates", &json!({"name": name, "text": text}));
    }
    hub.api("POST", "/api/v1/desk/categories", &json!({"name": "Przesyłki"}));
    ways(&hub);
    let send = |text: &str, key: &str| hub.compose(&id, &[("text", text), ("key", key)], &[]).status;
    assert_eq!(send("Paczka wróciła do nas, wyślemy ją jeszcze dziś.", "a"), 303);
    hub.world.clock.advance(Duration::from_secs(31));
    futures::executor::block_on(mostek_helpdesk::sending::send_due(&hub.world, Duration::MAX)).unwrap();
    hub.compose(
        &id,
        &[("text", "Magazyn potwierdził, że paczka jest na rampie."), ("mode", "comment"), ("key", "b")],
        &[],
    );
    send("Numer nowej przesyłki: 6800123456789.", "c");
    hub.remote.borrow_mut().refuse = Some((400, None));
    hub.world.clock.advance(Duration::from_secs(31));
    futures::executor::block_on(mostek_helpdesk::sending::send_due(&hub.world, Duration::MAX)).unwrap();
    hub.remote.borrow_mut().refuse = None;
    hub.post(&format!("/tickets/{id}/status"), &[("status", "in-progress")]);
    send("Czy mogę jeszcze w czymś pomóc?", "d");
    hub.post(
        "/customers/new",
        &[
            ("name", "Maria Zielińska"),
            ("phone", "501 234 567"),
            ("consent", "yes"),
            ("consent_at", "2026-03-01"),
            ("consent_source", "formularz zamówienia"),
            ("email", "maria@example.pl"),
            ("nip", "5260250274"),
            ("notes", "Stała klientka.\nWoli kontakt telefoniczny."),
        ],
    );
    // What came last is not in search and reports yet, so that pages say so.
    futures::executor::block_on(async {
        mostek_helpdesk::search::follow(&hub.world, hub.company, Duration::MAX).await.unwrap();
        mostek_helpdesk::reports::follow(&hub.world, hub.company, Duration::MAX).await.unwrap();
    });
    hub.compose(&id, &[("text", "Jeszcze jedno: dziękujemy."), ("mode", "comment"), ("key", "c")], &[]);
    (hub, id)
}

/// Everything that can be set about how the desk works, once.
fn ways(hub: &Hub) {
    let queue = hub.api_get("/api/v1/desk/queues").json()["data"][0]["id"].as_str().unwrap().to_owned();
    let week = ["8-16", "8-16", "8-16", "8-12, 13-17", "8-16", "", ""];
    let hours = json!({"week": week, "polish_holidays": true, "exceptions": ["2026-12-31"]});
    let members = json!([hub.installed.administrator]);
    let of_queue = json!({
        "hours": hours, "first_answer_minutes": 90, "next_answer_minutes": 480,
        "round_robin": {"members": members, "limit": 20},
    });
    let reply = json!({
        "connection": hub.connection(), "queue": queue, "occasion": "outside", "on": true,
        "text": "Odpiszemy jutro od ósmej.",
    });
    for (path, body) in [
        ("/api/v1/desk/hours".to_owned(), hours),
        (format!("/api/v1/desk/service/{queue}"), of_queue),
        ("/api/v1/desk/automatic-replies".to_owned(), reply),
    ] {
        let answer = hub.api("PUT", &path, &body);
        assert_eq!(answer.status, 204, "{path}: {}", answer.text());
    }
    let steps = json!([{"do": "status", "status": "closed"}, {"do": "comment", "text": "Po sprawie"}]);
    for (path, body) in [
        ("/api/v1/desk/macros", json!({"name": "Zamknij", "steps": steps})),
        (
            "/api/v1/desk/automations",
            json!({"name": "Cisza", "steps": steps, "on": true, "opened_before_hours": 72}),
        ),
    ] {
        assert_eq!(hub.api("POST", path, &body).status, 201, "{path}");
    }
}

fn addresses(hub: &Hub, id: &str) -> Vec<(&'static str, String)> {
    let connection = hub.connection();
    let customer = hub.api_get("/api/v1/customers").json()["data"][0]["id"].as_str().unwrap().to_owned();
    let queue = hub.api_get("/api/v1/desk/queues").json()["data"][0]["id"].as_str().unwrap().to_owned();
    vec![
        ("list", "/tickets".into()),
        ("list-none", "/tickets?status=closed".into()),
        ("search", "/tickets?q=paczka".into()),
        ("search-none", "/tickets?q=nigdzie".into()),
        ("reports", "/reports?period=7".into()),
        ("reports-none", "/reports?period=7&source=Nikt".into()),
        ("ticket", format!("/tickets/{id}")),
        ("customers", "/customers".into()),
        ("customer", format!("/customers/{customer}")),
        ("customer-edit", format!("/customers/{customer}/edit")),
        ("customer-new", format!("/customers/new?ticket={id}")),
        ("connections", "/settings/marketplaces".into()),
        ("connection", format!("/settings/marketplaces/{connection}")),
        ("connection-new", "/settings/marketplaces/new".into()),
        ("connection-delete", format!("/settings/marketplaces/{connection}/delete")),
        ("desk", "/settings/helpdesk".into()),
        ("desk-templates", "/settings/helpdesk/templates".into()),
        ("desk-hours", "/settings/helpdesk/hours".into()),
        ("desk-service", "/settings/helpdesk/service".into()),
        ("desk-service-queue", format!("/settings/helpdesk/service/{queue}")),
        ("desk-automatic", "/settings/helpdesk/automatic".into()),
        ("desk-macros", "/settings/helpdesk/macros".into()),
        ("desk-automations", "/settings/helpdesk/automations".into()),
    ]
}

#[test]
fn every_page_has_its_texts_in_every_language() {
    let (hub, id) = busy();
    for language in mostek_domain::Language::ALL {
        let caller = mostek_people::Caller { employee: hub.installed.administrator, from: None };
        futures::executor::block_on(mostek_people::employees::choose_language(&hub.world, caller, language))
            .unwrap();
        for (name, uri) in addresses(&hub, &id) {
            let answer = hub.get(&uri);
            let page = answer.text();
            assert_eq!(answer.status, 200, "{name}: {page}");
            assert!(page.contains(&format!("<html lang=\"{language}\"")), "{name}");
            let ours =
                [">search-", "\"search-", ">reports-", "\"reports-", ">service-", " service-", ">tickets-"];
            for missing in [">helpdesk-", "\"helpdesk-", " helpdesk-", ">common-"].into_iter().chain(ours) {
                assert!(!page.contains(missing), "{name} ({language}): {page}");
            }
        }
    }
    let texts: Vec<_> = hub.world.log.lines().into_iter().filter(|(_, l)| l.starts_with("text: ")).collect();
    assert!(texts.is_empty(), "{texts:?}");
}

#[test]
fn the_order_is_read_when_the_ticket_is_opened_if_there_was_none_or_it_is_old() {
    let (hub, id) = busy();
    let open = || hub.get(&format!("/tickets/{id}")).text();
    let requests = || hub.remote.borrow().requests["OR11"];
    hub.post(&format!("/tickets/{id}/order"), &[]);
    let before = requests();
    let page = open();
    assert!(
        page.contains("EMP-120984") && page.contains("49,90\u{a0}zł") && page.contains("Wysłane"),
        "{page}"
    );
    hub.world.clock.advance(Duration::from_secs(14 * 60));
    open();
    assert_eq!(requests(), before);
    hub.world.clock.advance(Duration::from_secs(2 * 60));
    hub.remote.borrow_mut().orders.get_mut("t1-A").unwrap()["order_state"] = json!("RECEIVED");
    let page = open();
    assert!(!page.contains("Wysłane") && !page.contains("class=\"stale\""), "{page}");
    open();
    assert_eq!(requests(), before + 1);
    // What cannot be read stays as it was, and says how old it is.
    hub.remote.borrow_mut().orders.get_mut("t1-A").unwrap()["order_state"] = json!("SHIPPED");
    hub.remote.borrow_mut().refuse = Some((503, None));
    hub.world.clock.advance(Duration::from_secs(3600));
    let page = open();
    assert!(page.contains("EMP-120984") && !page.contains("Wysłane"), "{page}");
    assert!(page.contains("<small class=\"stale\">Odczytano:"), "{page}");
}

/// `HELPDESK_PAGES=<folder> cargo test -p helpdesk write_pages -- --ignored`, then serve the folder by any web server.
#[test]
#[ignore = "writes files to look at"]
fn write_pages() {
    let folder =
        std::path::PathBuf::from(std::env::var("HELPDESK_PAGES").expect("HELPDESK_PAGES names a folder"));
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for (url, content) in assets::all() {
        std::fs::write(folder.join(url.trim_start_matches('/')), content).unwrap();
    }
    let (hub, id) = busy();
    let mut all: Vec<(&str, String)> =
        addresses(&hub, &id).into_iter().map(|(name, uri)| (name, hub.get(&uri).text())).collect();
    let long = hub.compose(&id, &[("text", &"Za długie. ".repeat(5000)), ("key", "z")], &[]).text();
    all.push(("ticket-error", long));
    let empty = Hub::empty();
    all.push(("list-empty", empty.get("/tickets").text()));
    all.push(("customers-empty", empty.get("/customers").text()));
    for (name, page) in all {
        for theme in ["light", "dark"] {
            let page = page.replace("data-theme=\"auto\"", &format!("data-theme=\"{theme}\""));
            std::fs::write(folder.join(format!("{name}.{theme}.html")), page).unwrap();
        }
    }
}
