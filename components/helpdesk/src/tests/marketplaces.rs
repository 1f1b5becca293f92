//! Connections: authenticating, saving, states; and that the key is never shown.

use super::{Hub, KEY};
use futures::executor::block_on;
use mostek_helpdesk::connection;
use mostek_ports::KeyValue;
use serde_json::json;

const FORM: [(&str, &str); 4] =
    [("kind", "EmpikPlace"), ("base", "http://marketplace.test"), ("shop_id", "2000"), ("key", KEY)];

#[test]
fn every_outcome_of_a_test_is_a_sentence_and_the_key_is_not_sent_back() {
    let hub = Hub::empty();
    for (status, words) in [
        (401, "odrzuciła klucz"),
        (403, "nie ma uprawnień"),
        (503, "przeciążona"),
        (404, "nie odpowiada platforma"),
        (400, "zapytanie zostało odrzucone"),
    ] {
        hub.remote.borrow_mut().refuse = Some((status, None));
        let answer = hub.post("/settings/marketplaces/new", &FORM);
        let page = answer.text();
        assert!(answer.status == 422 && page.contains(words), "{status}: {page}");
        assert!(page.contains("value=\"http://marketplace.test\"") && !page.contains(KEY), "{page}");
        assert!(!page.contains("with status") && !page.contains("not found"), "in Polish: {page}");
    }
    hub.remote.borrow_mut().refuse = None;
    let mut other = FORM;
    other[2] = ("shop_id", "77");
    assert!(hub.post("/settings/marketplaces/new", &other).text().contains("należy do innego sklepu"));
    for (at, bad) in [(1, ("base", "ftp://x")), (2, ("shop_id", "abc")), (3, ("key", ""))] {
        let mut form = FORM;
        form[at] = bad;
        assert_eq!(hub.post("/settings/marketplaces/new", &form).status, 422, "{bad:?}");
    }
    assert_eq!(hub.api_get("/api/v1/marketplaces").json()["data"], json!([]));
}

#[test]
fn from_nothing_to_running_by_two_forms() {
    let hub = Hub::empty();
    let answer = hub.post("/settings/marketplaces/new", &FORM);
    let page_of = answer.location().to_owned();
    let page = hub.get(&page_of).text();
    assert!(page.contains("Utwórz kolejkę") && page.contains("EmpikPlace ID"), "{page}");
    let bad = [("name", "Empik"), ("queue", "new"), ("field", "new"), ("interval", "10"), ("do", "start")];
    let refused = hub.post(&page_of, &bad);
    assert!(refused.status == 422 && refused.text().contains("value=\"Empik\""), "{}", refused.text());
    assert_eq!(
        hub.api_get("/api/v1/desk/queues").json()["data"],
        json!([]),
        "nothing is made on the way of an error"
    );
    let mut good = bad;
    good[3] = ("interval", "120");
    assert_eq!(hub.post(&page_of, &good).location(), page_of);
    let row = hub.api_get("/api/v1/marketplaces").json()["data"][0].clone();
    assert_eq!((row["state"].as_str(), row["setup"]["interval"].as_u64()), (Some("running"), Some(120)));
    assert_eq!(row["key"]["ends_in"], "4f2a");
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Po włączeniu");
    assert_eq!(hub.post(&format!("{page_of}/poll"), &[]).status, 303);
    assert_eq!(hub.api_get("/api/v1/tickets").json()["total"], 1);
}

#[test]
fn two_marketplaces_share_neither_the_field_of_customers_ids_nor_the_source() {
    let hub = Hub::empty();
    let added = |kind: &str, base: &str| {
        let form = [("kind", kind), ("base", base), ("shop_id", "2000"), ("key", KEY)];
        let page_of = hub.post("/settings/marketplaces/new", &form).location().to_owned();
        (hub.get(&page_of).text(), page_of)
    };
    let saved = |page_of: &str, source: &str| {
        let form = [
            ("name", "X"),
            ("queue", "new"),
            ("field", "new"),
            ("interval", "60"),
            ("source", source),
            ("do", "start"),
        ];
        assert_eq!(hub.post(page_of, &form).location(), page_of);
    };
    for (kind, base, name) in [
        ("EmpikPlace", "http://marketplace.test", "EmpikPlace ID"),
        ("EmpikPlace", "http://second.test", "second.test ID"),
        ("Mirakl", "http://a.test", "a.test ID"),
        ("Mirakl", "http://b.test", "b.test ID"),
    ] {
        let (page, page_of) = added(kind, base);
        assert!(
            page.contains("<option value=\"new\" selected>Utwórz pole") && page.contains(name),
            "{name}: {page}"
        );
        let host = base.rsplit('/').next().unwrap();
        let asks = page.contains("name=\"source\"") && page.contains(&format!("value=\"{host}\""));
        assert_eq!(asks, kind == "Mirakl", "{base}: {page}");
        saved(&page_of, if kind == "Mirakl" { &host[..1] } else { "" });
    }
    let fields = hub.api_get("/api/v1/desk/fields").json()["data"].clone();
    let mut names: Vec<&str> =
        fields.as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["EmpikPlace ID", "a.test ID", "b.test ID", "second.test ID"]);

    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Dzień dobry");
    for connection in hub.api_get("/api/v1/marketplaces").json()["data"].as_array().unwrap() {
        hub.post(&format!("/settings/marketplaces/{}/poll", connection["id"].as_str().unwrap()), &[]);
    }
    let of = |source: &str| hub.api_get(&format!("/api/v1/tickets?source={source}")).json()["total"].clone();
    assert_eq!((of("EmpikPlace"), of("a"), of("b"), of("Mirakl")), (json!(2), json!(1), json!(1), json!(0)));
    let list = hub.get("/tickets").text();
    assert!(list.contains("<option value=\"a\">") && list.contains("<option value=\"b\">"), "{list}");
}

#[test]
fn states_are_told() {
    let hub = Hub::connected(true);
    let page = format!("/settings/marketplaces/{}", hub.connection());
    hub.remote.borrow_mut().refuse = Some((429, Some("300")));
    assert!(hub.poll()["error"].is_string());
    let told = hub.get(&page).text();
    assert!(told.contains("Ograniczone przez platformę"));
    assert!(
        told.contains("zbyt wiele zapytań w krótkim czasie: no"),
        "ours in Polish, theirs as it came: {told}"
    );
    assert!(!told.contains("too many requests"), "{told}");
    assert!(hub.get("/settings/marketplaces").text().contains("zbyt wiele zapytań"));
    assert_eq!(hub.api_get("/api/v1/marketplaces").json()["data"][0]["state"], "throttled");
    hub.remote.borrow_mut().refuse = Some((401, None));
    hub.poll();
    let list = hub.get("/settings/marketplaces").text();
    assert!(list.contains("Wymaga uwierzytelnienia"), "{list}");
    assert!(list.contains("klucz został odrzucony") && !list.contains("not accepted"), "{list}");
    assert_eq!(hub.post(&format!("{page}/poll"), &[]).status, 303);
    hub.remote.borrow_mut().refuse = None;
    let renewed = hub.post(&format!("{page}/key"), &FORM);
    assert_eq!(renewed.location(), page);
    assert_eq!(hub.api_get("/api/v1/marketplaces").json()["data"][0]["state"], "running");
    hub.post(&format!("{page}/stop"), &[]);
    assert!(hub.get(&page).text().contains("Zatrzymane"));
    assert!(hub.get(&format!("{page}/delete")).text().contains("class=\"card confirm\""));
    assert_eq!(hub.post(&format!("{page}/delete"), &[]).location(), "/settings/marketplaces");
    assert_eq!(hub.get(&page).status, 404);
}

#[test]
fn the_key_is_in_no_page_no_answer_and_no_log() {
    let (hub, id) = Hub::with_ticket("Dzień dobry");
    let connection = hub.connection();
    for uri in [
        "/tickets".to_owned(),
        format!("/tickets/{id}"),
        "/settings/marketplaces".into(),
        format!("/settings/marketplaces/{connection}"),
        format!("/settings/marketplaces/{connection}/key"),
        format!("/api/v1/marketplaces/{connection}"),
        "/api/v1/marketplaces".into(),
        format!("/api/v1/tickets/{id}"),
    ] {
        let answer = hub.get(&uri);
        assert_eq!(answer.status, 200, "{uri}");
        assert!(!answer.text().contains("tajny-klucz"), "{uri}");
    }
    assert!(hub.world.log.lines().iter().all(|(_, l)| !l.contains("tajny-klucz")));
}

#[test]
fn a_key_that_is_replaced_or_whose_connection_is_deleted_is_nowhere_any_more() {
    let hub = Hub::connected(true);
    let sealed = || {
        let all = block_on(connection::read(&hub.world)).unwrap().state.all;
        let key = serde_json::to_value(&all.values().next().unwrap().key).unwrap();
        key["text"].as_str().unwrap().to_owned()
    };
    let is_kept = |text: &str| {
        let value = |k: &String| block_on(hub.world.kv.get(k)).unwrap().unwrap_or_default();
        hub.world.kv.keys().iter().any(|k| String::from_utf8_lossy(&value(k)).contains(text))
    };
    let page = format!("/settings/marketplaces/{}", hub.connection());
    let first = sealed();
    assert!(is_kept(&first));
    assert_eq!(hub.post(&format!("{page}/key"), &FORM).location(), page);
    let second = sealed();
    assert!(first != second && is_kept(&second) && !is_kept(&first));
    assert!(hub.poll()["error"].is_null(), "the new key is not touched");

    let asked = hub.get(&format!("{page}/delete")).text();
    assert!(asked.contains("otworzy drugie zgłoszenie") && asked.contains("zatrzymaj połączenie"), "{asked}");
    assert_eq!(hub.post(&format!("{page}/delete"), &[]).status, 303);
    assert!(!is_kept(&second));
    assert_eq!(hub.api_get("/api/v1/marketplaces").json()["data"], json!([]));
}
