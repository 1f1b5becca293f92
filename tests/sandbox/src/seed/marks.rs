//! Tags, priorities, a sub-status and views, so that the list shows what they are for.

use serde_json::{Value, json};

use super::hub::{Failed, Hub};

/// Tags, each put on every so many-th of the newest tickets.
const TAGS: [(&str, usize); 4] = [("reklamacja", 5), ("zwrot", 4), ("faktura", 7), ("stały klient", 6)];
/// Tickets that are marked: a page of the list without its newest, which is left as it came.
const MARKED: usize = 24;
/// A part of "in progress", and the tickets that are in it, counted from the newest.
const PART: (&str, [usize; 2]) = ("Czeka na magazyn", [7, 13]);
/// Priorities of some tickets, counted from the newest.
const PRIORITIES: [(usize, &str); 3] = [(2, "urgent"), (5, "high"), (9, "low")];

/// Marks tickets.
///
/// # Errors
/// Whatever the hub refused.
pub async fn put(hub: &Hub) -> Result<(), Failed> {
    let mut tags = Vec::new();
    for (name, _) in TAGS {
        tags.push(hub.post("/api/v1/desk/tags", json!({"name": name})).await?.text("/id")?);
    }
    let part = json!({"name": PART.0, "of": "in-progress"});
    let part = hub.post("/api/v1/desk/sub-statuses", part).await?.text("/id")?;
    let newest = hub.get("/api/v1/tickets?limit=50").await?;
    let tickets: Vec<String> = newest
        .rows()
        .iter()
        .filter_map(|row| row.get("id").and_then(Value::as_str).map(str::to_owned))
        .take(MARKED)
        .collect();
    for (n, ticket) in tickets.iter().enumerate().skip(1) {
        let add: Vec<&String> =
            TAGS.iter().zip(&tags).filter(|((_, each), _)| n % each == 0).map(|(_, id)| id).collect();
        if !add.is_empty() {
            hub.post(&format!("/api/v1/tickets/{ticket}/tags"), json!({"add": add})).await?;
        }
        if let Some((_, priority)) = PRIORITIES.iter().find(|(at, _)| *at == n) {
            hub.post(&format!("/api/v1/tickets/{ticket}/priority"), json!({"priority": priority})).await?;
        }
        if PART.1.contains(&n) {
            hub.post(&format!("/api/v1/tickets/{ticket}/status"), json!({"status": "in-progress"})).await?;
            let body = json!({"sub_status": part});
            hub.post(&format!("/api/v1/tickets/{ticket}/sub-status"), body).await?;
        }
    }
    let complaints = tags.first().cloned().unwrap_or_default();
    for (name, filters) in
        [("Reklamacje", json!({"tag": complaints})), ("Pilne", json!({"priority": "urgent"}))]
    {
        let view = json!({"name": name, "filters": filters, "shared": true});
        hub.post("/api/v1/tickets/views", view).await?;
    }
    Ok(())
}
