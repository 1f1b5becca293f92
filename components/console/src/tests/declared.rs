//! The API's description, and that every declared operation of the console is routed.

use super::{Browser, api, call, installed};
use futures::executor::block_on;
use mostek_api::{Operation, PARTS, Who};
use mostek_domain::Rights;
use mostek_people::testing::{ADMINISTRATOR, add_operator};
use serde_json::{Value, json};

fn path(operation: &Operation, company: &str, employee: &str) -> String {
    operation.pieces.iter().fold(operation.path.to_owned(), |path, piece| {
        let unknown = "0".repeat(26);
        let value = match piece.name {
            "company" => company,
            "employee" => employee,
            _ => &unknown,
        };
        path.replace(&format!("{{{}}}", piece.name), value)
    })
}

#[test]
fn every_declared_operation_is_routed_and_open_only_to_whom_it_says() {
    let ours = PARTS.iter().filter(|p| p.component == env!("CARGO_PKG_NAME"));
    for operation in ours.flat_map(|p| p.operations) {
        let (w, i) = installed();
        let path = path(operation, &i.company.to_string(), &i.administrator.to_string());
        let name = operation.verb.name();
        let json = [("content-type", "application/json".to_owned())];
        let stranger = call(&w, name, &path, &json, "{}").status;
        assert_eq!(stranger == 401, operation.who != Who::Anybody, "{name} {path}: {stranger}");

        let ask = |email: &str| {
            let mut b = Browser::new(&w);
            b.sign_in(email);
            let csrf = b.get("/account").csrf();
            let headers = [("content-type", "application/json"), ("x-csrf-token", csrf.as_str())];
            b.send(name, &path, &headers, "{}")
        };
        let (company, rights) = (i.company, Rights::none());
        block_on(add_operator(&w, i.administrator, company, "jan@firma.pl", rights)).unwrap();
        let operator = ask("jan@firma.pl").status;
        assert_eq!(operator == 403, operation.who == Who::Administrator, "{name} {path}: {operator}");
        let administrator = ask(ADMINISTRATOR);
        let answered = administrator.status < 500 && ![401, 403, 405].contains(&administrator.status);
        assert!(answered, "{name} {path}: {}", administrator.body);
    }
}

#[test]
fn the_document_is_for_everybody_and_holds_every_operation() {
    let (w, _) = installed();
    let answer = call(&w, "GET", "/api/openapi.json", &[], "");
    assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (200, "application/json"));
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(document, mostek_api::document::document(env!("CARGO_PKG_VERSION")).unwrap());
    assert_eq!(call(&w, "DELETE", "/api/openapi.json", &[], "").status, 405);
}

#[test]
fn the_page_lists_every_operation_and_every_kind_of_refusal_has_its_place() {
    let (w, _) = installed();
    for language in ["pl", "en", "ru"] {
        let page = call(&w, "GET", "/api", &[("cookie", format!("language={language}"))], "");
        assert_eq!(page.status, 200);
        assert!(
            page.body
                .contains("curl -H &#34;Authorization: Bearer $TOKEN&#34; http://hub.example/api/v1/session")
        );
        for operation in mostek_api::operations() {
            assert!(page.body.contains(&format!("<tr id=\"{}\">", operation.id)), "{}", operation.id);
            for refusal in operation.all_refusals() {
                assert!(page.body.contains(&format!("<tr id=\"{}\">", refusal.kind)), "{}", refusal.kind);
            }
        }
    }
    let refused = api(&w, "GET", "/api/v1/session", None, &Value::Null).json();
    let there = call(&w, "GET", refused["type"].as_str().unwrap(), &[], "");
    assert_eq!((there.status, there.location()), (303, "/api#sign-in-needed"));
    assert_eq!(call(&w, "GET", "/problems/none-of-ours", &[], "").status, 404);
}

#[test]
fn the_account_page_says_how_a_token_is_tried() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let page = b.get("/account").body;
    assert!(page.contains("href=\"/api\"") && page.contains("http://hub.example/api/v1/session"), "{page}");
}

#[test]
fn what_was_added_is_read_where_the_answer_says() {
    let (w, _) = installed();
    let mut b = Browser::new(&w);
    b.sign_in(ADMINISTRATOR);
    let csrf = b.get("/account").csrf();
    let headers = [("content-type", "application/json"), ("x-csrf-token", csrf.as_str())];
    let company = json!({"name": "Druga", "nip": "5261040828"});
    let added = b.send("POST", "/api/v1/companies", &headers, &company.to_string());
    assert_eq!(added.status, 201, "{}", added.body);
    // The administrator does not work in it, and reads it all the same.
    let read = b.send("GET", added.location(), &[], "");
    assert_eq!((read.status, read.json()), (200, added.json()));
    let jan = json!({"name": "Jan", "email": "jan@firma.pl", "companies": [added.json()["id"]]});
    let added = b.send("POST", "/api/v1/employees", &headers, &jan.to_string());
    let read = b.send("GET", added.location(), &[], "").json();
    assert_eq!((read["email"].as_str(), read["active"].as_bool()), (Some("jan@firma.pl"), Some(true)));
    for nobody in ["/api/v1/employees/x", "/api/v1/companies/x"] {
        assert_eq!(b.send("GET", nobody, &[], "").status, 404, "{nobody}");
    }
}
