//! Records out of files and into files.

use super::Hub;
use futures::executor::block_on;
use serde_json::{Value, json};
use std::time::Duration;

const FILE: &str = "Nazwa;Telefon;Zgoda SMS;E-mail;Kod pocztowy;Miejscowość;Segment;Inne\r\n\
Anna Nowak;501 234 567;tak;anna@example.pl;00950;Warszawa;Hurt;x\r\n\
Jan Kowalski;12;;jan@example.pl;;;;\r\n\
\"Żółć; i syn\";;;zolc@example.pl;;Łódź;Detal;\r\n\
Ktoś;;;ktos@example.pl;;;Inny;\r\n";

impl Hub {
    fn send_file(&self, name: &str, bytes: &[u8]) -> super::Answer {
        let mut body =
            format!("--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n", self.csrf)
                .into_bytes();
        let head =
            format!("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--XX--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=XX"), ("accept", "text/html")];
        self.send("POST", "/customers/import", &headers, body)
    }

    fn segment(&self) -> String {
        let body = json!({"name": "Segment", "kind": "choice", "options": ["Hurt", "Detal"]});
        self.api("POST", "/api/v1/desk/fields", &body).json()["id"].as_str().unwrap().to_owned()
    }

    fn api_file(&self, text: &str) -> Value {
        let content = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
        let body = json!({"name": "klienci.csv", "content": content});
        let answer = self.api("POST", "/api/v1/customers/imports", &body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }
}

#[test]
fn a_file_is_looked_at_before_it_becomes_records() {
    let hub = Hub::empty();
    let segment = hub.segment();
    hub.customer(json!({"name": "Stara", "emails": ["zolc@example.pl"], "notes": "zostaje"}));
    let sent = hub.send_file("klienci.csv", FILE.as_bytes());
    let place = sent.location().to_owned();
    // What the columns hold was guessed; nothing is written yet.
    let page = hub.get(&place).text();
    for text in [
        "Anna Nowak",
        "„12” nie jest numerem telefonu",
        "Segment: „Inny” nie pasuje",
        "Wiersze z błędami: 2 z 4",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(page.contains(&format!("<option value=\"{segment}\" selected>")), "{page}");
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 1);
    // Looked at again with another choice: by e-mail one row finds a record.
    let columns = ["name", "phone", "consent", "email", "postal-code", "city", segment.as_str(), "nothing"];
    let query = columns.map(|c| format!("column={c}")).join("&");
    let page = hub.get(&format!("{place}?{query}&finder=email")).text();
    assert!(page.contains("uzupełni kartę") && page.contains("<option value=\"email\" selected>"), "{page}");
    // What cannot be carried out is told.
    let mut form: Vec<(&str, &str)> = columns.iter().map(|c| ("column", *c)).collect();
    form.push(("finder", "nip"));
    let bad = hub.post(&place, &form);
    assert!(bad.status == 422 && bad.text().contains("musi być w jednej z kolumn"), "{}", bad.text());
    form.pop();
    form.push(("finder", "email"));
    assert_eq!(hub.post(&place, &form).location(), place);
    let page = hub.get(&place).text();
    for text in ["Import zakończony", "1 nowa karta", "1 karta rozpoznana", "2 wiersze odrzucone"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let found = hub.api_get("/api/v1/customers?q=zolc@example.pl").json();
    let record =
        hub.api_get(&format!("/api/v1/customers/{}", found["data"][0]["id"].as_str().unwrap())).json();
    assert_eq!((&record["name"], &record["notes"]), (&json!("Żółć; i syn"), &json!("zostaje")));
    assert_eq!(record["fields"][&segment], "Detal");
    let found = hub.api_get("/api/v1/customers?q=501234567").json();
    let record =
        hub.api_get(&format!("/api/v1/customers/{}", found["data"][0]["id"].as_str().unwrap())).json();
    assert_eq!(record["phones"][0]["consent"]["source"], "klienci.csv");
    assert_eq!(record["addresses"][0]["postal_code"], "00-950");
    let refused = hub.get(&format!("{place}/refused.csv"));
    let text = refused.text();
    assert!(refused.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(
        text.contains("\"Jan Kowalski\";\"12\";")
            && text.contains("Powód odrzucenia")
            && !text.contains("Anna"),
        "{text}"
    );
}

#[test]
fn beginning_an_import_twice_adds_nothing_twice() {
    let hub = Hub::empty();
    hub.segment();
    let sent = hub.api_file(FILE);
    let id = sent["id"].as_str().unwrap();
    assert_eq!((sent["rows"].as_u64(), sent["begun"].as_bool()), (Some(4), Some(false)));
    let plan = json!({"columns": sent["columns"], "finder": ""});
    let preview = hub.api("POST", &format!("/api/v1/customers/imports/{id}/preview"), &plan).json();
    assert_eq!((preview["refused"].as_u64(), preview["data"][1]["row"].as_u64()), (Some(2), Some(2)));
    for _ in 0..2 {
        let answer = hub.api("POST", &format!("/api/v1/customers/imports/{id}/start"), &plan);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let state = hub.api_get(&format!("/api/v1/customers/imports/{id}")).json();
    assert_eq!(
        state["progress"],
        json!({"rows": 4, "added": 2, "found": 0, "refused": 2, "older_consents": 0})
    );
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 2);
    // The file goes when it is done, refused rows after a week.
    let tick = |hub: &Hub| block_on(mostek_helpdesk::tick::tick(&hub.world, Duration::from_secs(20)));
    assert_eq!(tick(&hub).imports, 1);
    assert!(!hub.world.kv.keys().iter().any(|k| k.starts_with("b:import-")));
    assert!(hub.api_get(&format!("/api/v1/customers/imports/{id}/refused")).text().contains("Kowalski"));
    hub.world.clock.advance(Duration::from_secs(8 * 24 * 3600));
    let report = tick(&hub);
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let left = |k: &String| k.starts_with("r:customer-import") || k.starts_with("b:import-");
    assert!(!hub.world.kv.keys().iter().any(left), "{:?}", hub.world.kv.keys());
}

#[test]
fn a_long_file_goes_on_where_it_stopped() {
    let hub = Hub::empty();
    let mut text = "Nazwa,E-mail\n".to_owned();
    for n in 0..120 {
        text.push_str(&format!("Osoba {n},osoba{n}@example.pl\n"));
    }
    let sent = hub.api_file(&text);
    let id = sent["id"].as_str().unwrap();
    let import = mostek_domain::ImportId::parse(id).unwrap();
    let plan = mostek_helpdesk::customer::import::row::Plan {
        columns: vec![
            mostek_helpdesk::customer::import::row::Target::Name,
            mostek_helpdesk::customer::import::row::Target::Email,
        ],
        finder: mostek_helpdesk::customer::import::row::Finder::Email,
        comma: true,
    };
    // No time at all: it is begun and nothing is done.
    block_on(mostek_helpdesk::customer::import::start(
        &hub.world,
        hub.company,
        import,
        &plan,
        Duration::ZERO,
    ))
    .unwrap();
    let state = hub.api_get(&format!("/api/v1/customers/imports/{id}")).json();
    assert_eq!((state["begun"].as_bool(), state["progress"]["rows"].as_u64()), (Some(true), Some(0)));
    assert!(hub.get(&format!("/customers/import/{id}")).text().contains("Import trwa"));
    block_on(mostek_helpdesk::tick::tick(&hub.world, Duration::from_secs(3600)));
    let state = hub.api_get(&format!("/api/v1/customers/imports/{id}")).json();
    assert_eq!(
        (state["done"].as_bool(), state["progress"]["added"].as_u64()),
        (Some(true), Some(120)),
        "{state}"
    );
    assert_eq!(hub.api_get("/api/v1/customers").json()["total"], 120);
}

#[test]
fn files_are_for_administrators_and_what_is_no_file_is_told() {
    let hub = Hub::empty();
    let consultant = hub.consultant();
    for uri in ["/customers/import", "/customers/export", "/customers/export.csv"] {
        assert_eq!(consultant.get(uri).status, 403, "{uri}");
    }
    assert_eq!(consultant.api_get("/api/v1/customers/export.csv").status, 403);
    assert_eq!(consultant.send_file("a.csv", FILE.as_bytes()).status, 403);
    let answer = hub.send_file("a.xlsx", b"PK\x03\x04\x00\x00");
    assert!(answer.status == 422 && answer.text().contains("To nie jest plik CSV"), "{}", answer.text());
    let id = hub.api_file(FILE)["id"].as_str().unwrap().to_owned();
    let other = hub.operator_of(hub.company, mostek_domain::Rights::all());
    assert_eq!(other.api_get(&format!("/api/v1/customers/imports/{id}")).status, 403);
}

#[test]
fn the_list_is_a_file_that_no_spreadsheet_calculates_and_that_can_be_read_again() {
    let hub = Hub::empty();
    hub.segment();
    let id = hub.customer(json!({
        "name": "=HYPERLINK(\"http://zly.example\")", "emails": ["anna@example.pl"], "notes": "@SUM(1)",
        "phones": [{"number": "501234567", "consent": {"given": true, "source": "x"}}],
        "addresses": [{"street": "Prosta 5", "postal_code": "00-950", "city": "Warszawa"}],
    }));
    let page = hub.get("/customers/export").text();
    assert!(page.contains("/customers/export.csv") && !page.contains("Następna część"), "{page}");
    let file = hub.get("/customers/export.csv");
    let text = file.text();
    assert!(text.starts_with('\u{feff}'), "{text}");
    for cell in ["'=HYPERLINK", "'@SUM(1)", "'+48501234567", "Prosta 5", "Tak", &id] {
        assert!(text.to_lowercase().contains(&cell.to_lowercase()), "{cell}: {text}");
    }
    let sent = hub.api_file(&text);
    assert_eq!(sent["columns"][1], "name");
    assert_eq!(sent["columns"][2], "phone");
    let plan = json!({"columns": sent["columns"], "finder": "email"});
    let path = format!("/api/v1/customers/imports/{}", sent["id"].as_str().unwrap());
    let done = hub.api("POST", &format!("{path}/start"), &plan).json();
    assert_eq!(
        done["progress"],
        json!({"rows": 1, "added": 0, "found": 1, "refused": 0, "older_consents": 0}),
        "{done}"
    );
    let record = hub.api_get(&format!("/api/v1/customers/{id}")).json();
    assert_eq!(record["name"], "=HYPERLINK(\"http://zly.example\")");
    assert_eq!(
        (record["phones"].as_array().unwrap().len(), &record["phones"][0]["number"]),
        (1, &json!("+48501234567"))
    );
    assert_eq!(record["phones"][0]["consent"]["source"], "x", "the same word again is not newer");
    assert_eq!(record["notes"], "@SUM(1)");
}
