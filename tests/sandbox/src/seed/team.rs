//! Who does what: tickets of some colleagues, one that waits for a moment, and one that somebody else has taken.

use std::time::Duration;

use serde_json::{Value, json};

use super::data;
use super::hub::{Failed, Hub};
use crate::clock;

/// Tickets that are given to somebody, counted from the newest, and whose: an index among administrator and employees.
const GIVEN: [(usize, usize); 7] = [(1, 0), (4, 1), (6, 1), (8, 0), (11, 3), (12, 0), (15, 2)];
/// From where on a ticket is looked for that is put aside, and for how long.
const ASIDE: (usize, Duration) = (10, Duration::from_secs(20 * 3600));

/// Shares the work.
pub(super) async fn share(hub: &Hub) -> Result<(), Failed> {
    let employees = hub.get("/api/v1/employees?limit=50").await?;
    let id_of = |person: &data::Person| {
        let row = employees.rows().iter().find(|e| e.get("email") == Some(&person.email.into()));
        row.and_then(|e| e.get("id")).and_then(Value::as_str).map(str::to_owned)
    };
    let team: Vec<Option<String>> =
        std::iter::once(&data::ADMINISTRATOR).chain(&data::EMPLOYEES).map(id_of).collect();
    let newest = hub.get("/api/v1/tickets?limit=50").await?;
    let ticket = |at: usize| newest.rows().get(at)?.get("id")?.as_str();
    for (at, whose) in GIVEN {
        if let (Some(ticket), Some(Some(employee))) = (ticket(at), team.get(whose)) {
            let body = json!({"employee": employee});
            hub.post(&format!("/api/v1/tickets/{ticket}/assignee"), body).await?;
        }
    }
    let is_new = |at: &usize| {
        newest.rows().get(*at).and_then(|t| t.get("status")).and_then(Value::as_str) == Some("new")
    };
    if let Some(ticket) = (ASIDE.0..newest.rows().len()).find(is_new).and_then(ticket) {
        let until = clock::now_ms().saturating_add(i64::try_from(ASIDE.1.as_millis()).unwrap_or_default());
        let body = json!({"status": "snoozed", "until": clock::iso(until)});
        hub.post(&format!("/api/v1/tickets/{ticket}/status"), body).await?;
    }
    Ok(())
}
