//! Looking for tickets and adding them up, as pages and as JSON.

use super::Hub;
use futures::executor::block_on;
use mostek_domain::Rights;
use mostek_helpdesk::{reports, search};
use serde_json::{Value, json};
use std::time::Duration;

fn follow(hub: &Hub) {
    block_on(search::follow(&hub.world, hub.company, Duration::MAX)).unwrap();
    block_on(reports::follow(&hub.world, hub.company, Duration::MAX)).unwrap();
}

fn subjects(hub: &Hub, q: &str) -> Vec<String> {
    let q: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
    let found = hub.api_get(&format!("/api/v1/tickets/search?q={q}")).json();
    found["data"].as_array().unwrap().iter().map(|t| t["subject"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_search_box_finds_by_words_and_jumps_to_a_number() {
    let (hub, id) = Hub::with_ticket("Gdzie jest moja <b>przesyłka</b>?");
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Chcę zwrócić czajnik");
    hub.poll();
    let list = hub.get("/tickets").text();
    assert!(list.contains("role=\"search\"") && list.contains("name=\"q\""), "{list}");
    let page = hub.get("/tickets?q=czajnik").text();
    assert!(page.contains("Nic nie znaleziono") && page.contains("2 ostatnie zmiany"), "{page}");
    follow(&hub);
    let page = hub.get("/tickets?q=PRZESYLKA").text();
    assert!(page.contains("Temat t1") && !page.contains("Temat t2"), "{page}");
    assert!(page.contains("value=\"PRZESYLKA\"") && page.contains("href=\"/tickets/1\""), "{page}");
    let evil = hub.get("/tickets?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E").text();
    assert!(!evil.contains("<script>alert") && evil.contains("Nic nie znaleziono"), "{evil}");
    assert_eq!(hub.get("/tickets?q=%231").location(), format!("/tickets/{id}"));
    assert_eq!(hub.get("/tickets?q=1").location(), format!("/tickets/{id}"));
    // An order may have the number of a ticket.
    hub.remote.borrow_mut().writes("t3", "CUSTOMER_USER", "Pytanie");
    hub.remote.borrow_mut().threads[2].order = Some("1".into());
    hub.poll();
    follow(&hub);
    let page = hub.get("/tickets?q=1").text();
    let at = |subject: &str| page.find(subject).unwrap_or_else(|| panic!("{subject}: {page}"));
    assert!(at("Temat t1") < at("Temat t3") && !page.contains("Temat t2"), "{page}");
    assert_eq!(subjects(&hub, "1"), ["Temat t1", "Temat t3"]);
    // An empty question is the list.
    assert!(hub.get("/tickets?q=+").text().contains("name=\"status\""));
    assert_eq!(hub.get("/tickets?q=x&after=nonsense!").status, 422);
}

#[test]
fn the_api_finds_by_order_customer_and_words_in_this_company_only() {
    let (hub, id) = Hub::with_ticket("Przesyłka");
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Zwrot");
    hub.poll();
    follow(&hub);
    for (q, found) in [
        ("t1-A", vec!["Temat t1"]),
        ("c-t2", vec!["Temat t2"]),
        ("temat", vec!["Temat t2", "Temat t1"]),
        ("temat zwro", vec!["Temat t2"]),
        ("nic takiego", vec![]),
    ] {
        assert_eq!(subjects(&hub, q), found, "{q}");
    }
    let exact = hub.api_get("/api/v1/tickets/search?q=1").json();
    assert_eq!((&exact["exact"], &exact["data"][0]["id"]), (&json!(id), &json!(id)));
    let second = mostek_web::paging::cursor("2");
    let first = hub.api_get(&format!("/api/v1/tickets/search?q=temat&after={second}")).json();
    assert_eq!((first["data"].as_array().unwrap().len(), &first["next"]), (1, &Value::Null));
    assert_eq!(hub.api_get("/api/v1/tickets/search?q=temat&after=nonsense!").status, 422);
    assert_eq!(hub.operator(Rights::none()).api_get("/api/v1/tickets/search?q=temat").status, 403);
}

#[test]
fn a_report_says_what_happened_in_words_numbers_and_drawings() {
    let (hub, id) = Hub::with_ticket("Pytanie");
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Drugie");
    hub.poll();
    hub.world.clock.advance(Duration::from_secs(1200));
    assert_eq!(hub.compose(&id, &[("text", "Odpowiadam od razu")], &[]).status, 303);
    hub.world.clock.advance(Duration::from_secs(60));
    block_on(mostek_helpdesk::tick::tick(&hub.world, Duration::from_secs(20)));
    hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &json!({"status": "closed"}));
    follow(&hub);
    let report = hub.api_get("/api/v1/reports/tickets?period=7").json();
    assert_eq!((&report["tickets"], &report["behind"]), (&json!(2), &json!(0)), "{report}");
    assert_eq!(report["days"].as_array().unwrap().len(), 7);
    assert_eq!(
        report["days"][6],
        json!({
            "date": "2026-05-12", "tickets": 2, "by_source": {"EmpikPlace": 2},
            "median_first_response_seconds": report["first_response"]["median_seconds"],
            "median_resolution_seconds": report["resolution"]["median_seconds"],
        })
    );
    assert_eq!(report["days"][0]["median_resolution_seconds"], Value::Null);
    assert_eq!(report["first_response"]["tickets"], 1);
    let median = report["first_response"]["median_seconds"].as_u64().unwrap();
    assert!((1200..1400).contains(&median), "{median}");
    assert_eq!(report["resolution"]["tickets"], 1);
    let agent = &report["agents"][0];
    assert_eq!(
        (&agent["answered_first"], &agent["replies"], &agent["closed"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(agent["resolution"]["median_seconds"], report["resolution"]["median_seconds"]);

    let page = hub.get("/reports?period=7").text();
    for part in
        ["<svg viewBox", "12.05.2026", "EmpikPlace", "21 min", "100%", agent["name"].as_str().unwrap()]
            .into_iter()
            .chain(["<h3>Mediana pierwszej odpowiedzi, w minutach</h3>", "<title>12.05.2026: 21 min</title>"])
            .chain([
                "<h3>Mediana czasu zamknięcia, w minutach</h3>",
                "Najdłuższa mediana jednego dnia: 21 min.",
            ])
            .chain(["data-label=\"Mediana czasu zamknięcia\">21 min"])
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("style=\""), "the policy allows no inline styles");
    let empty = hub.get("/reports?period=7&source=Nikt").text();
    assert!(empty.contains("Brak zgłoszeń") && empty.contains("<option value=\"7\" selected>"), "{empty}");
    let wrong = hub.get("/reports?period=custom&from=2026-05-12&to=2026-05-01");
    assert!(wrong.status == 422 && wrong.text().contains("Podaj dwie daty"), "{}", wrong.text());
    assert_eq!(hub.api_get("/api/v1/reports/tickets?from=2026-05-01&to=2026-05-31").json()["tickets"], 2);
    for bad in ["period=8", "from=2026-05-01", "from=2020-01-01&to=2026-01-01", "queue=x"] {
        assert_eq!(hub.api_get(&format!("/api/v1/reports/tickets?{bad}")).status, 422, "{bad}");
    }
    let stranger = hub.operator(Rights::none());
    for uri in ["/reports", "/reports/days.csv", "/reports/times.csv", "/api/v1/reports/tickets"] {
        assert_eq!(stranger.api_get(uri).status, 403, "{uri}");
    }
}

#[test]
fn tables_are_downloaded_for_spreadsheets() {
    let (hub, id) = Hub::with_ticket("Pytanie");
    hub.world.clock.advance(Duration::from_secs(3000));
    hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &json!({"status": "closed"}));
    follow(&hub);
    let days = hub.get("/reports/days.csv?period=7");
    assert_eq!(days.headers["content-type"], "text/csv; charset=utf-8");
    assert!(days.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let text = days.text();
    let times = "\"Z odpowiedzią\";\"Mediana pierwszej odpowiedzi (s)\";\"Zamknięte\";\"Mediana czasu zamknięcia (s)\"";
    assert!(text.starts_with(&format!("\u{feff}\"Dzień\";\"Razem\";\"EmpikPlace\";{times}\r\n")), "{text}");
    assert!(text.ends_with("\"2026-05-12\";\"1\";\"1\";\"0\";\"\";\"1\";\"3059\"\r\n"), "{text}");
    let times = hub.get("/reports/times.csv?period=7").text();
    let rows: Vec<&str> = times.lines().collect();
    assert_eq!(rows[1], "\"Czas pierwszej odpowiedzi\";\"0\";\"\";\"\";\"0\";\"0\";\"0\"", "{times}");
    assert_eq!(rows[2], "\"Czas zamknięcia\";\"1\";\"3059\";\"3059\";\"1\";\"1\";\"1\"", "{times}");
    let agents = hub.get("/reports/agents.csv").text();
    assert!(agents.starts_with("\u{feff}\"Osoba\";"), "{agents}");
    assert!(agents.ends_with("\"0\";\"0\";\"1\";\"\";\"3059\"\r\n"), "{agents}");
    assert_eq!(hub.get("/reports/other.csv").status, 404);
    assert_eq!(hub.post("/reports", &[]).status, 405);
}
