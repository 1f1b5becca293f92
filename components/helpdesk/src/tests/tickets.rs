//! The list and a ticket, as JSON and as pages.

use super::Hub;
use futures::executor::block_on;
use mostek_domain::ticket::StatusKind;
use mostek_domain::{Capability, ConnectionId, Rights};
use mostek_helpdesk::list::{self, Wanted};
use mostek_helpdesk::{connection, poll};
use mostek_people::companies;
use mostek_people::directory::CompanySettings;
use mostek_people::error::Caller;
use mostek_ports::Clock;
use serde_json::json;
use std::time::Duration;

#[test]
fn a_message_is_a_ticket_with_all_that_a_consultant_needs() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?<br>Pozdrawiam");
    let list = hub.api_get("/api/v1/tickets?status=new&source=EmpikPlace").json();
    assert_eq!(list["total"], 1);
    let row = &list["data"][0];
    assert_eq!((row["number"].as_u64(), row["status"].as_str()), (Some(1), Some("new")));
    assert_eq!(row["customer"]["remote_id"], "c-t1");
    for named in [id.as_str(), "1"] {
        let ticket = hub.api_get(&format!("/api/v1/tickets/{named}")).json();
        assert_eq!(ticket["id"], id.as_str());
        assert_eq!(ticket["messages"][0]["text"], "Gdzie paczka?\nPozdrawiam");
        assert_eq!(ticket["customer"]["outside_crm"], true);
        assert_eq!(ticket["link"], "http://marketplace.test/mmp/shop/order/t1-A");
    }
    let before = hub.api_get(&format!("/api/v1/tickets/{id}/version")).json()["version"].as_u64().unwrap();
    let comment = json!({"text": "Sprawdzam", "key": "c1"});
    assert_eq!(hub.api("POST", &format!("/api/v1/tickets/{id}/comments"), &comment).status, 201);
    let after = hub.api_get(&format!("/api/v1/tickets/{id}/version")).json()["version"].as_u64().unwrap();
    assert!(after > before, "{before} {after}");
}

#[test]
fn a_conversation_of_a_shop_is_linked_where_the_shop_has_it() {
    use mostek_domain::marketplace::{Message, Side, Thread};
    use mostek_domain::{ConnectionId, Label, MessageBody, QueueId, TicketId, Timestamp};
    use mostek_helpdesk::{connection, intake};
    let hub = Hub::connected(false);
    let shop = ConnectionId::from_random([5; 16]);
    let origin = intake::Origin {
        id: shop,
        company: hub.company,
        kind: "Sklep Kubek".into(),
        since: Some(Timestamp(i64::MIN)),
        email: None,
        link: "https://sklep.pl/rozmowa/1?a=b&c=d".parse().ok(),
        rides: Vec::new(),
    };
    let setup = connection::Setup {
        name: Label::parse("Sklep Kubek").unwrap(),
        field: None,
        queue: QueueId::from_random([4; 16]),
        category: None,
        interval: connection::SHORTEST_INTERVAL,
        add_customers: false,
        link: mostek_connectors::LinkTemplate::parse(connection::DEFAULT_LINK).unwrap(),
        source: None,
    };
    let message = Message {
        id: "m1".into(),
        author: Side::Customer,
        author_name: None,
        to: Vec::new(),
        body: MessageBody::from_remote("Gdzie paczka?"),
        sent_at: Some(hub.world.clock.now()),
        attachments: Vec::new(),
    };
    let thread = Thread {
        id: "q-1".into(),
        topic: None,
        orders: Vec::new(),
        participants: Vec::new(),
        created_at: None,
        updated_at: None,
        total_messages: None,
        reply_needed_since: None,
        messages: vec![message],
    };
    block_on(async {
        let known = intake::look_up(&hub.world, &origin, vec![thread]).await.unwrap();
        let none = Default::default();
        intake::take(&hub.world, &origin, &setup, Default::default(), known, &none).await.unwrap();
    });
    let id = TicketId::of_thread(shop, "q-1");
    assert_eq!(
        hub.api_get(&format!("/api/v1/tickets/{id}")).json()["link"],
        "https://sklep.pl/rozmowa/1?a=b&c=d"
    );
    let page = hub.get(&format!("/tickets/{id}")).text();
    assert!(
        page.contains("href=\"https://sklep.pl/rozmowa/1?a=b&#38;c=d\"") && page.contains("Otwórz w sklepie"),
        "{page}"
    );
}

#[test]
fn the_link_to_a_conversation_is_made_by_the_connections_template() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let connection = format!("/api/v1/marketplaces/{}", hub.connection());
    let mut setup = hub.api_get(&connection).json()["setup"].clone();
    setup["link"] = json!("https://panel.example/sprawy/{thread_id}?zamowienie={order_id}");
    assert_eq!(hub.api("PUT", &connection, &setup).status, 204);
    let link = "https://panel.example/sprawy/t1?zamowienie=t1-A";
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["link"], link);
    assert!(hub.get(&format!("/tickets/{id}")).text().contains(&format!("href=\"{link}\"")));
}

#[test]
fn of_a_very_long_message_the_beginning_is_kept_and_the_ticket_says_so() {
    let (hub, id) = Hub::with_ticket(&"x".repeat(50_012));
    let line = hub.api_get(&format!("/api/v1/tickets/{id}")).json()["messages"][0].clone();
    assert_eq!(line["text"].as_str().unwrap().len(), 50_000);
    assert_eq!(line["left_out"], 12);
    assert!(hub.get(&format!("/tickets/{id}")).text().contains("pominięto 12 znaków"));
    let (hub, id) = Hub::with_ticket(&"x".repeat(50_000));
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["messages"][0]["left_out"], 0);
    assert!(!hub.get(&format!("/tickets/{id}")).text().contains("pominięto"));
}

#[test]
fn filters_are_in_the_address_and_stay_in_the_form() {
    let (hub, id) = Hub::with_ticket("Jedno");
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Drugie");
    hub.poll();
    hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &json!({"status": "closed"}));
    let page = hub.get("/tickets?status=closed").text();
    assert!(page.contains("Temat t1") && !page.contains("Temat t2"), "{page}");
    assert!(page.contains("<option value=\"closed\" selected>"), "{page}");
    assert!(page.contains("1 zgłoszenie"), "{page}");
    let page = hub.get("/tickets?source=Nikt").text();
    assert!(page.contains("Nic nie pasuje"), "{page}");
    assert_eq!(hub.get("/tickets?status=nonsense").status, 422);
    assert_eq!(hub.get("/tickets?after=nonsense!").status, 422);
    let second = hub.api_get("/api/v1/tickets?limit=1").json();
    let next = second["next"].as_str().unwrap();
    let last = hub.api_get(&format!("/api/v1/tickets?limit=1&after={next}")).json();
    assert_ne!(second["data"][0]["id"], last["data"][0]["id"]);
    assert_eq!(last["next"], json!(null));
    for bad in ["limit=0", "limit=many", "after=17", "after=!"] {
        let answer = hub.api_get(&format!("/api/v1/tickets?{bad}"));
        let field = bad.split('=').next();
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, field), "{bad}");
    }
}

#[test]
fn open_tickets_are_those_that_are_not_done() {
    let (hub, id) = Hub::with_ticket("Jedno");
    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Drugie");
    hub.remote.borrow_mut().writes("t3", "CUSTOMER_USER", "Trzecie");
    hub.poll();
    hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &json!({"status": "closed"}));
    hub.api("POST", "/api/v1/tickets/3/merge", &json!({"into": "2"}));
    hub.api("POST", "/api/v1/tickets/2/status", &json!({"status": "in-progress"}));
    let open = hub.api_get("/api/v1/tickets?status=open").json();
    assert_eq!((numbers(&open), &open["total"]), (vec![2], &json!(1)));
    assert_eq!(numbers(&hub.api_get("/api/v1/tickets?status=open&status=closed").json()), [2, 1]);
    let page = hub.get("/tickets?status=open&assignee=nobody").text();
    assert!(page.contains("<option value=\"open\" selected>Wszystkie otwarte</option>"), "{page}");
    assert!(page.contains("1 zgłoszenie") && !page.contains("Temat t1"), "{page}");
}

#[test]
fn a_filter_that_is_set_is_in_sight_and_the_fold_of_the_others_stays_shut() {
    let (hub, _) = Hub::with_ticket("Jedno");
    let rare = ["priority", "sub_status", "source", "category", "needs_decision", "due"];
    for (filter, value) in
        [("priority", "urgent"), ("due", "soon"), ("source", "EmpikPlace"), ("needs_decision", "1")]
    {
        let page = hub.get(&format!("/tickets?{filter}={value}")).text();
        // An open fold counts as something that a person is at: the list would not load itself again.
        assert!(page.contains("<details class=\"more\"><summary>"), "{page}");
        let (shown, folded) = page.split_once("<details class=\"more\">").unwrap();
        for other in rare {
            let select = format!("<select name=\"{other}\">");
            assert_eq!(
                (shown.contains(&select), folded.contains(&select)),
                (other == filter, other != filter)
            );
        }
        assert!(shown.contains(&format!("<option value=\"{value}\" selected>")), "{page}");
    }
    let id = "0".repeat(26);
    let all = format!("priority=low&sub_status={id}&source=x&category={id}&needs_decision=1&due=soon");
    assert!(!hub.get(&format!("/tickets?{all}")).text().contains("<details class=\"more\""));
}

#[test]
fn a_place_that_there_is_not_is_a_field_at_fault_and_not_a_missing_ticket() {
    let (hub, id) = Hub::with_ticket("Dzień dobry");
    let queue = hub.api_get("/api/v1/desk/queues").json()["data"][0]["id"].clone();
    let unknown = "0".repeat(26);
    let uri = format!("/api/v1/tickets/{id}/move");
    for (body, field) in
        [(json!({"queue": unknown}), "queue"), (json!({"queue": queue, "category": unknown}), "category")]
    {
        let answer = hub.api("POST", &uri, &body);
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some(field)));
    }
    let connection = format!("/api/v1/marketplaces/{}", hub.connection());
    let setup = json!({"name": "Empik", "queue": unknown, "interval": 60});
    assert_eq!(hub.api("PUT", &connection, &setup).json()["field"], "queue");
}

#[test]
fn an_empty_list_says_what_to_do_next() {
    let hub = Hub::empty();
    assert!(hub.get("/tickets").text().contains("/settings/marketplaces/new"));
    let page = hub.consultant().get("/tickets").text();
    assert!(!page.contains("/settings/marketplaces/new") && page.contains("Poproś administratora"), "{page}");
    let (hub, _) = Hub::with_ticket("x y z");
    assert!(hub.get("/tickets?status=closed").text().contains("href=\"/tickets\""));
}

#[test]
fn whatever_a_customer_types_is_only_text() {
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\u{0}\u{1b}[31m\u{202e}gpj.exe \"'&";
    let hub = Hub::connected(false);
    {
        let mut remote = hub.remote.borrow_mut();
        remote.writes("t1", "CUSTOMER_USER", evil);
        let thread = &mut remote.threads[0];
        thread.customer = "<b onclick=x>id".into();
        thread.messages[0]["from"]["display_name"] = json!(evil);
        thread.messages[0]["attachments"] =
            json!([{"id": "a/../1\"<i>", "name": "../../x<script>.html", "size": 100}]);
    }
    hub.poll();
    for uri in ["/tickets", "/tickets/1", "/customers/new?ticket=1"] {
        let page = hub.get(uri).text();
        for bad in ["<script>alert", "<img src=x", "<b onclick", "<i>", "\u{0}", "\u{1b}", "\u{202e}"] {
            assert!(!page.contains(bad), "{uri} has {bad:?}: {page}");
        }
    }
    let page = hub.get("/tickets/1").text();
    let href =
        page.split("href=\"").find(|h| h.contains("/files/")).unwrap().split('"').next().unwrap().to_owned();
    assert!(!href.contains(".."), "{href}");
    let file = hub.get(&href);
    assert_eq!(file.status, 200, "{href}: {}", file.text());
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment;") && !disposition.contains(".."), "{disposition}");
    assert_eq!(file.headers["content-type"], "application/octet-stream");
}

#[test]
fn a_file_longer_than_announced_is_cut_short_or_refused() {
    let hub = Hub::connected(false);
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "plik");
    hub.remote.borrow_mut().threads[0].messages[0]["attachments"] =
        json!([{"id": "f1", "name": "a.pdf", "size": 3}]);
    hub.poll();
    let ticket = hub.api_get("/api/v1/tickets/1").json();
    let href = ticket["messages"][0]["files"][0]["href"].as_str().unwrap().to_owned();
    let (parts, ()) =
        http::Request::builder().uri(&href).header("cookie", &hub.cookie).body(()).unwrap().into_parts();
    let empty = Box::new(mostek_ports::EmptyStream);
    let mut request = mostek_web::Request::new(parts, empty, &hub.world.random);
    let response = futures::executor::block_on(crate::routes::answer(&hub.world, &mut request));
    let mostek_web::Body::Stream(mut stream) = response.body else { panic!("no stream") };
    let read = futures::executor::block_on(mostek_ports::read_capped(stream.as_mut(), 1000));
    assert!(read.is_err(), "{read:?}");
}

#[test]
fn a_customer_outside_the_crm_is_marked_and_the_ticket_explains_why_it_stays_theirs() {
    let (hub, _) = Hub::with_ticket("Dzień dobry");
    let list = hub.get("/tickets").text();
    assert!(list.contains("spoza CRM") && list.contains("c-t1"), "{list}");
    let page = hub.get("/tickets/1").text();
    assert!(page.contains("klient spoza CRM") && page.contains("/customers/new?ticket="), "{page}");
    assert!(page.contains("nie można przypisać do innego klienta"), "{page}");
}

#[test]
fn who_wrote_is_told_apart() {
    let (hub, _) = Hub::with_ticket("Klient pisze");
    hub.remote.borrow_mut().writes("t1", "SHOP_USER", "Z panelu platformy");
    hub.remote.borrow_mut().writes("t1", "OPERATOR_USER", "Operator pisze");
    hub.poll();
    let page = hub.get("/tickets/1").text();
    for (class, words) in [
        ("msg customer", "Klient"),
        ("msg us shop", "Odpowiedź z panelu sklepu"),
        ("msg operator", "Operator platformy"),
    ] {
        assert!(page.contains(class) && page.contains(words), "{class}: {page}");
    }
    assert!(page.contains("<option value=\"operator\" selected>"), "the operator wrote last");
}

#[test]
fn no_right_no_entry() {
    let (hub, id) = Hub::with_ticket("Tajne");
    let nobody = hub.operator(Rights::none());
    for uri in ["/tickets", "/tickets/1", "/customers", "/settings/marketplaces", "/settings/helpdesk"] {
        let answer = nobody.get(uri);
        assert_eq!(answer.status, 403, "{uri}");
        assert!(!answer.text().contains("Tajne"));
    }
    for uri in ["/api/v1/tickets", "/api/v1/customers", "/api/v1/marketplaces", "/api/v1/desk/queues"] {
        let answer = nobody.api_get(uri);
        assert_eq!(
            (answer.status, answer.json()["type"].as_str()),
            (403, Some("/problems/forbidden")),
            "{uri}"
        );
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let mut stranger = hub.consultant();
    assert_eq!(stranger.get("/settings/marketplaces").status, 403, "settings are the administrators'");
    stranger.cookie = String::new();
    assert_eq!(
        stranger.get(&format!("/tickets/{id}")).location(),
        format!("/sign-in?back=%2Ftickets%2F{id}")
    );
    assert_eq!(stranger.api_get("/api/v1/tickets").status, 401);
}

#[test]
fn without_the_token_nothing_is_changed() {
    let (mut hub, id) = Hub::with_ticket("Dzień dobry");
    let good = std::mem::take(&mut hub.csrf);
    assert_eq!(hub.compose(&id, &[("text", "Odpowiedź")], &[]).status, 403);
    assert_eq!(hub.post(&format!("/tickets/{id}/status"), &[("status", "closed")]).status, 403);
    let answer = hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &json!({"status": "closed"}));
    assert_eq!((answer.status, answer.json()["type"].as_str()), (403, Some("/problems/csrf-failed")));
    hub.csrf = good;
    let ticket = hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!((ticket["status"].as_str(), ticket["messages"].as_array().unwrap().len()), (Some("new"), 1));
}

#[test]
fn problems_have_their_shape() {
    let (hub, id) = Hub::with_ticket("Dzień dobry");
    let answer = hub.api("POST", &format!("/api/v1/tickets/{id}/replies"), &json!({"text": "x", "key": "k"}));
    let problem = answer.json();
    assert_eq!((answer.status, problem["type"].as_str()), (422, Some("/problems/bad-field")));
    assert_eq!((problem["field"].as_str(), problem["status"].as_u64()), (Some("text"), Some(422)));
    assert!(problem["detail"].as_str().unwrap().contains('3') && problem["correlation_id"].is_string());
    assert_eq!(hub.api_get("/api/v1/tickets/999").status, 404);
    let answer = hub.api("DELETE", "/api/v1/tickets", &json!({}));
    assert_eq!((answer.status, answer.headers["allow"].to_str().unwrap()), (405, "GET, HEAD"));
    assert_eq!(
        hub.api("POST", &format!("/api/v1/tickets/{id}/replies"), &json!({"text": "Dobrze"})).json()["field"],
        "key"
    );
}

#[test]
fn status_and_place_are_changed_from_the_page_and_audited() {
    let (hub, id) = Hub::with_ticket("Dzień dobry");
    let queue = hub.api("POST", "/api/v1/desk/queues", &json!({"name": "Reklamacje"})).json()["id"].clone();
    let answer =
        hub.post(&format!("/tickets/{id}/move"), &[("queue", queue.as_str().unwrap()), ("category", "")]);
    assert_eq!((answer.status, answer.location()), (303, format!("/tickets/{id}").as_str()));
    hub.post(&format!("/tickets/{id}/status"), &[("status", "closed")]);
    let page = hub.get("/tickets/1").text();
    assert!(
        page.contains("Reklamacje")
            && page.contains("zmienia status na: Zamknięte")
            && page.contains("Ewa Admin"),
        "{page}"
    );
    let scope = mostek_people::audit::Scope::Company(hub.company);
    let log = futures::executor::block_on(mostek_people::audit::page(
        &hub.world,
        scope,
        &Default::default(),
        None,
        50,
    ));
    let acts: Vec<String> = log.unwrap().rows.into_iter().map(|r| r.act.act).collect();
    assert!(acts.contains(&"ticket-moved".into()) && acts.contains(&"ticket-status-set".into()), "{acts:?}");
}

#[test]
fn a_program_with_a_token_needs_no_csrf_token_and_has_its_employees_rights() {
    let (hub, id) = Hub::with_ticket("Dzień dobry");
    let caller = mostek_people::Caller { employee: hub.installed.administrator, from: None };
    let name = mostek_domain::Label::parse("skrypt").unwrap();
    let made =
        futures::executor::block_on(mostek_people::token::create(&hub.world, caller, &name, 1)).unwrap();
    let bearer = format!("Bearer {}", made.token.expose());
    let mut program = hub.consultant();
    program.cookie = String::new();
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = json!({"text": "Odpowiedź programu", "key": "p1"}).to_string();
    let answer = program.send("POST", &format!("/api/v1/tickets/{id}/replies"), &headers, body);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let page = program.send("GET", "/tickets", &headers, "");
    assert!(page.location().starts_with("/sign-in"), "pages are for sessions");
}

#[test]
fn a_ticket_whose_connection_is_gone_says_so_and_still_opens() {
    let (hub, _) = Hub::with_ticket("Dzień dobry");
    let files = "name=\"files\"";
    assert!(hub.get("/tickets/1").text().contains(files));
    hub.api("DELETE", &format!("/api/v1/marketplaces/{}", hub.connection()), &json!({}));
    let page = hub.get("/tickets/1");
    assert!(page.status == 200 && page.text().contains("zostało usunięte"), "{}", page.text());
    // Only marketplaces take files; a field that is always refused is none.
    assert!(!page.text().contains(files), "{}", page.text());
}

#[test]
fn another_companys_things_are_not_there() {
    let (hub, id) = Hub::with_ticket("Tajne");
    let caller = mostek_people::Caller { employee: hub.installed.administrator, from: None };
    let details = mostek_people::directory::CompanyDetails {
        name: mostek_domain::CompanyName::parse("Druga S.A.").unwrap(),
        nip: mostek_domain::Nip::parse("1234563218").unwrap(),
    };
    let second =
        futures::executor::block_on(mostek_people::companies::add(&hub.world, caller, details)).unwrap();
    let other = hub.operator_of(second, Rights::all());
    for uri in [
        format!("/api/v1/tickets/{id}"),
        format!("/api/v1/tickets/{id}/version"),
        format!("/api/v1/tickets/{id}/presence"),
        "/tickets/1".into(),
        format!("/customers/new?ticket={id}"),
    ] {
        assert_eq!(other.get(&uri).status, 404, "{uri}");
    }
    assert_eq!(other.api_get("/api/v1/tickets").json()["total"], 0);
}

/// The moment some seconds from now, as the API takes it.
fn moment(hub: &Hub, seconds: u64) -> String {
    mostek_web::time::iso(hub.world.clock.now().plus(Duration::from_secs(seconds)))
}

fn numbers(list: &serde_json::Value) -> Vec<u64> {
    list["data"].as_array().unwrap().iter().map(|t| t["number"].as_u64().unwrap()).collect()
}

fn tick(hub: &Hub) -> mostek_helpdesk::tick::Report {
    block_on(mostek_helpdesk::tick::tick(&hub.world, Duration::from_secs(25)))
}

#[test]
fn a_ticket_is_taken_given_to_a_colleague_and_left_and_the_list_knows_whose_it_is() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let consultant = hub.consultant();
    let page = consultant.get(&format!("/tickets/{id}")).text();
    let me = page.split("name=\"employee\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(page.contains("Biorę to zgłoszenie"), "{page}");
    assert_eq!(consultant.post(&format!("/tickets/{id}/assignee"), &[("employee", &me)]).status, 303);
    let page = consultant.get(&format!("/tickets/{id}")).text();
    assert!(!page.contains("Biorę to zgłoszenie") && page.contains("przypisuje zgłoszenie"), "{page}");
    assert_eq!(consultant.api_get(&format!("/api/v1/tickets/{id}")).json()["assignee"], me.as_str());

    hub.remote.borrow_mut().writes("t2", "CUSTOMER_USER", "Drugie");
    hub.poll();
    let of = |who: &str| numbers(&consultant.api_get(&format!("/api/v1/tickets?assignee={who}")).json());
    assert_eq!((of("me"), of("nobody"), of(&me)), (vec![1], vec![2], vec![1]));
    assert!(numbers(&hub.api_get("/api/v1/tickets?assignee=me").json()).is_empty());
    let list = consultant.get("/tickets?assignee=me").text();
    assert!(list.contains("Temat t1") && !list.contains("Temat t2"), "{list}");
    assert!(list.contains("<option value=\"me\" selected>"), "{list}");

    // The same again changes nothing; nobody is somebody, too.
    let version = |hub: &Hub| hub.api_get(&format!("/api/v1/tickets/{id}/version")).json()["version"].clone();
    let before = version(&hub);
    let give = |employee: serde_json::Value| {
        hub.api("POST", &format!("/api/v1/tickets/{id}/assignee"), &json!({ "employee": employee }))
    };
    assert_eq!(give(json!(me)).status, 204);
    assert_eq!(version(&hub), before);
    assert_eq!(give(json!(null)).status, 204);
    assert_eq!(of("nobody").len(), 2);
}

#[test]
fn a_ticket_is_given_only_to_who_works_in_this_helpdesk() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let outsider = hub.operator(Rights::none().with(Capability::Sms, true));
    let give = |employee: &str| {
        hub.api("POST", &format!("/api/v1/tickets/{id}/assignee"), &json!({ "employee": employee }))
    };
    let stranger = mostek_domain::EmployeeId::from_random([7; 16]).to_string();
    let refused = give(&stranger);
    assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some("employee")));
    assert!((400..500).contains(&give("nonsense").status));
    let directory = block_on(mostek_people::directory::read(&hub.world)).unwrap().state;
    let without = directory.employees().into_iter().find(|(_, e)| !e.access.get().may(Capability::Helpdesk));
    assert_eq!(give(&without.unwrap().0.to_string()).status, 422);
    let back = hub.post(&format!("/tickets/{id}/assignee"), &[("employee", &stranger)]);
    assert_eq!(back.location(), format!("/tickets/{id}"));
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["assignee"], json!(null));
    assert_eq!(outsider.api_get("/api/v1/tickets").status, 403);
}

#[test]
fn a_ticket_that_was_put_aside_comes_back_by_itself() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let page = hub.get(&format!("/tickets/{id}")).text();
    // Tuesday noon: an hour, today at four, tomorrow, Monday; and any moment.
    for offered in ["Za godzinę", "Dziś o 16:00", "Jutro o 9:00", "W poniedziałek o 9:00", "datetime-local"]
    {
        assert!(page.contains(offered), "{offered}: {page}");
    }
    let until = moment(&hub, 3600);
    let put = hub.post(&format!("/tickets/{id}/status"), &[("status", "snoozed"), ("until", &until)]);
    assert_eq!(put.status, 303);
    let ticket = hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!(ticket["status"], "snoozed");
    assert_eq!(ticket["snoozed_until"], until.as_str());
    assert_eq!(numbers(&hub.api_get("/api/v1/tickets?status=snoozed").json()), [1]);
    assert!(hub.get("/tickets?status=snoozed").text().contains("Odłożone"));
    assert!(hub.get(&format!("/tickets/{id}")).text().contains("odkłada zgłoszenie do"));

    hub.world.clock.advance(Duration::from_secs(3000));
    assert_eq!(tick(&hub).woken, 0);
    hub.world.clock.advance(Duration::from_secs(700));
    assert_eq!((tick(&hub).woken, tick(&hub).woken), (1, 0));
    let ticket = hub.api_get(&format!("/api/v1/tickets/{id}")).json();
    assert_eq!(ticket["status"], "new");
    assert_eq!(ticket["snoozed_until"], json!(null));
    assert_eq!(numbers(&hub.api_get("/api/v1/tickets?status=new").json()), [1]);
}

#[test]
fn what_came_after_the_page_was_opened_cannot_be_put_aside() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let version = || hub.api_get(&format!("/api/v1/tickets/{id}/version")).json()["version"].clone();
    let seen = version();
    let field = format!("value=\"snoozed\"><input type=\"hidden\" name=\"seen\" value=\"{seen}\">");
    let page = hub.get(&format!("/tickets/{id}")).text();
    assert_eq!(page.matches(&field).count(), 2, "{page}");
    hub.remote.borrow_mut().writes("t1", "CUSTOMER_USER", "Anuluję");
    hub.world.clock.advance(Duration::from_secs(60));
    hub.poll();
    let until = moment(&hub, 3600);
    let form = [("status", "snoozed"), ("until", until.as_str()), ("seen", &seen.to_string())];
    assert_eq!(hub.post(&format!("/tickets/{id}/status"), &form).location(), format!("/tickets/{id}"));
    let put = |seen: serde_json::Value| {
        let body = json!({"status": "snoozed", "until": until, "seen": seen});
        hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &body).status
    };
    assert_eq!(put(seen), 409);
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["status"], "new");
    assert_eq!(put(version()), 204);
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["status"], "snoozed");
}

#[test]
fn a_message_wakes_a_ticket_before_its_moment_which_then_means_nothing() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let status =
        |status: serde_json::Value| hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &status).status;
    assert_eq!(status(json!({"status": "snoozed", "until": moment(&hub, 3600)})), 204);
    hub.world.clock.advance(Duration::from_secs(120));
    {
        let mut remote = hub.remote.borrow_mut();
        remote.now = hub.world.clock.now().0;
        remote.writes("t1", "CUSTOMER_USER", "Halo?");
    }
    hub.poll();
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["status"], "new");
    assert_eq!(status(json!({"status": "in-progress"})), 204);
    hub.world.clock.advance(Duration::from_secs(4000));
    assert_eq!(tick(&hub).woken, 0);
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["status"], "in-progress");
}

#[test]
fn the_companys_days_decide_whether_a_message_opens_a_ticket_again() {
    let days = [(30, 29, true), (30, 31, false), (2, 1, true), (2, 3, false), (0, 1, false)];
    for (reopen_days, after, opens_again) in days {
        let (hub, id) = Hub::with_ticket("Gdzie paczka?");
        let caller = Caller { employee: hub.installed.administrator, from: None };
        let settings = CompanySettings { reopen_days, ..CompanySettings::default() };
        block_on(companies::change_settings(&hub.world, caller, hub.company, settings)).unwrap();
        hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &json!({"status": "closed"}));
        let connection = ConnectionId::parse(&hub.connection()).unwrap();
        hub.world.clock.advance(Duration::from_secs(after * 86_400));
        {
            let mut remote = hub.remote.borrow_mut();
            remote.now = hub.world.clock.now().0;
            remote.writes("t1", "CUSTOMER_USER", "I co?");
        }
        // Nobody is signed in for so long.
        let connection = block_on(connection::of_company(&hub.world, hub.company, connection)).unwrap();
        block_on(poll::poll(&hub.world, &connection, Duration::MAX)).unwrap();
        let list = block_on(list::page(&hub.world, hub.company, &Wanted::default(), None, 50)).unwrap();
        let first = list.tickets.iter().find(|t| t.id.to_string() == id).unwrap().status;
        let expected = if opens_again { (StatusKind::New, 1) } else { (StatusKind::Closed, 2) };
        assert_eq!((first, list.total), expected, "{after} days after closing, with {reopen_days}");
    }
}

#[test]
fn moments_that_cannot_be_are_refused_with_a_sentence() {
    let (hub, id) = Hub::with_ticket("Gdzie paczka?");
    let put = |until: &str| {
        let body = json!({"status": "snoozed", "until": until});
        hub.api("POST", &format!("/api/v1/tickets/{id}/status"), &body)
    };
    for wrong in ["", "jutro", "2026-13-01T10:00"] {
        let refused = put(wrong);
        assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some("until")), "{wrong}");
    }
    assert_eq!(put(&moment(&hub, 400 * 86_400)).status, 422);
    assert_eq!(put("2026-05-12T09:00").status, 409, "the past");
    // What a date and time input gives, on Warsaw's clocks.
    assert_eq!(put("2026-05-13T09:00").status, 204);
    assert_eq!(hub.api_get(&format!("/api/v1/tickets/{id}")).json()["snoozed_until"], "2026-05-13T07:00:00Z");
    let back = hub.post(&format!("/tickets/{id}/status"), &[("status", "snoozed"), ("until", "")]);
    assert_eq!((back.status, back.location()), (303, format!("/tickets/{id}").as_str()));
}
