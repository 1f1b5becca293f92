//! Several conversations in one ticket: where its replies are read.

use super::Hub;
use mostek_ports::Clock;
use serde_json::json;
use std::time::Duration;

fn id_of(hub: &Hub, number: u64) -> String {
    hub.api_get(&format!("/api/v1/tickets/{number}")).json()["id"].as_str().unwrap().to_owned()
}

fn writes(hub: &Hub, thread: &str, text: &str) {
    hub.world.clock.advance(Duration::from_secs(60));
    {
        let mut remote = hub.remote.borrow_mut();
        remote.now = hub.world.clock.now().0;
        remote.writes(thread, "CUSTOMER_USER", text);
    }
    hub.world.clock.advance(Duration::from_secs(5));
    hub.poll();
}

#[test]
fn a_reply_in_a_ticket_that_follows_is_read_where_its_location_says() {
    let (hub, first) = Hub::with_ticket("Gdzie paczka?");
    assert_eq!(
        hub.api("POST", &format!("/api/v1/tickets/{first}/status"), &json!({"status": "closed"})).status,
        204
    );
    hub.world.clock.advance(Duration::from_secs(9 * 86_400));
    writes(&hub, "t1", "Przyszła uszkodzona.");
    let next = id_of(&hub, 2);
    assert_ne!(first, next);
    let sent =
        hub.api("POST", &format!("/api/v1/tickets/{next}/replies"), &json!({"text": "Już", "key": "a"}));
    assert!(sent.location().starts_with(&format!("/api/v1/tickets/{next}/")), "{}", sent.location());
    let read = hub.api_get(sent.location());
    assert_eq!((read.status, read.json()["state"].as_str()), (200, Some("waiting")), "{}", read.text());
}
