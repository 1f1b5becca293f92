//! Demonstration data, put into an empty hub over its own API: what a person could have typed, and nothing else.

mod crm;
mod data;
mod hub;
mod marks;
mod shop;
mod team;

use std::time::Duration;

use serde_json::{Value, json};

use data::{Person, Works};
pub use hub::Failed;
use hub::{Answer, Hub};

use crate::clock;

/// The sandbox's shop whose conversations become tickets, and its key.
const SHOP: u64 = 2000;
const KEY: &str = "sandbox-key-2000";
/// One day more than the demonstration's conversations reach back.
const SINCE: Duration = Duration::from_secs(8 * 24 * 3600);
/// One poll takes forty conversations; more are allowed for a slow machine.
const POLLS: u32 = 12;

/// Puts the data in and returns the sign-ins as a table.
///
/// # Errors
/// [`Failed::SetUpAlready`] before anything is changed; else whatever the hub refused.
pub async fn run(hub: &str, sandbox: &str, setup_code: &str) -> Result<String, Failed> {
    let marketplace = Hub::at(sandbox);
    // Before anything is written: without the sandbox the rest would be left half done.
    let wanted = marketplace.get(&format!("/mirakl/control/threads?shop_id={SHOP}&limit=1")).await?;
    let wanted = wanted.number("/total_count")?;

    let hub_base = hub;
    let mut hub = Hub::at(hub_base);
    let books = set_up(&mut hub, setup_code).await?;
    let (name, nip) = data::LAMPS;
    let lamps = hub.post("/api/v1/companies", json!({"name": name, "nip": nip})).await?.text("/id")?;
    for person in &data::EMPLOYEES {
        add_employee(&hub, person, &books, &lamps).await?;
    }
    let (queue, category, field) = desk(&hub).await?;
    let connection = connect(&hub, sandbox, &queue, &category, &field).await?;
    ways(&hub, &connection, &queue).await?;
    poll(&hub, &connection, wanted).await?;
    shop::connect(&hub, &marketplace, (hub_base, sandbox), &queue).await?;
    enliven(&hub, &field).await?;
    marks::put(&hub).await?;
    team::share(&hub).await?;
    let fields = crm::fields(&hub).await?;
    crm::records(&hub, &fields).await?;
    shop::happen(&hub, &marketplace).await?;
    Ok(table())
}

async fn set_up(hub: &mut Hub, code: &str) -> Result<String, Failed> {
    let (name, nip) = data::BOOKSHOP;
    let who = &data::ADMINISTRATOR;
    let body = json!({
        "setup_code": code,
        "company": {"name": name, "nip": nip},
        "administrator":
            {"name": who.name, "email": who.email, "password": data::PASSWORD, "language": who.language},
    });
    let done = match hub.post("/api/v1/setup", body).await {
        Err(Failed::Refused { status: 409, .. }) => return Err(Failed::SetUpAlready),
        other => other?,
    };
    hub.sign(done.text("/token")?);
    done.text("/company")
}

async fn add_employee(hub: &Hub, person: &Person, books: &str, lamps: &str) -> Result<(), Failed> {
    let companies = match person.works {
        Works::Books => vec![books],
        Works::Lamps => vec![lamps],
        Works::Both => vec![books, lamps],
    };
    let body = json!({
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "role": "operator",
        "rights": person.rights,
        "companies": companies,
        "password": data::PASSWORD,
    });
    hub.post("/api/v1/employees", body).await.map(drop)
}

/// Queues, categories, the CRM field and templates. Gives the ids of the first queue and category and of the field.
async fn desk(hub: &Hub) -> Result<(String, String, String), Failed> {
    let mut queue = None;
    for name in data::QUEUES {
        let id = hub.post("/api/v1/desk/queues", json!({"name": name})).await?.text("/id")?;
        queue.get_or_insert(id);
    }
    let mut category = None;
    for name in data::CATEGORIES {
        let id = hub.post("/api/v1/desk/categories", json!({"name": name})).await?.text("/id")?;
        category.get_or_insert(id);
    }
    let field = hub.post("/api/v1/desk/fields", json!({"name": data::FIELD})).await?.text("/id")?;
    for (name, text) in data::TEMPLATES {
        hub.post("/api/v1/desk/templates", json!({"name": name, "text": text})).await?;
    }
    Ok((queue.unwrap_or_default(), category.unwrap_or_default(), field))
}

async fn connect(
    hub: &Hub,
    sandbox: &str,
    queue: &str,
    category: &str,
    field: &str,
) -> Result<String, Failed> {
    let access = json!({
        "kind": "EmpikPlace",
        "base": format!("{}/mirakl", sandbox.trim_end_matches('/')),
        "shop_id": SHOP,
        "key": KEY,
    });
    let tried: Answer = hub.post("/api/v1/marketplaces/authenticate", access).await?;
    let Some(id) = tried.body().get("id").and_then(Value::as_str) else {
        return Err(Failed::Key(tried.body().to_string()));
    };
    let since =
        clock::iso(clock::now_ms().saturating_sub(i64::try_from(SINCE.as_millis()).unwrap_or(i64::MAX)));
    let setup = json!({
        "name": "Empik: Księgarnia Pod Lipą",
        "queue": queue,
        "category": category,
        "field": field,
        "interval": 60,
        "add_customers": false,
        "start": true,
        "since": since,
    });
    hub.put(&format!("/api/v1/marketplaces/{id}"), setup).await?;
    Ok(id.to_owned())
}

/// Hours, a time to answer, an automatic reply, a macro, and an automation that is switched off.
async fn ways(hub: &Hub, connection: &str, queue: &str) -> Result<(), Failed> {
    let week: Vec<&str> = std::iter::repeat_n(data::HOURS, 5).chain(["", ""]).collect();
    let hours = json!({"week": week, "polish_holidays": true, "exceptions": []});
    hub.put("/api/v1/desk/hours", hours).await?;
    let (first, next) = data::ANSWER_MINUTES;
    let ways = json!({"first_answer_minutes": first, "next_answer_minutes": next});
    hub.put(&format!("/api/v1/desk/service/{queue}"), ways).await?;
    let reply = json!({
        "connection": connection,
        "queue": queue,
        "occasion": "outside",
        "text": data::OUTSIDE_HOURS,
        "delay_seconds": data::OUTSIDE_HOURS_DELAY,
        "on": true,
    });
    hub.put("/api/v1/desk/automatic-replies", reply).await?;
    let (name, comment) = data::MACRO;
    let steps = json!([
        {"do": "take"},
        {"do": "status", "status": "in-progress"},
        {"do": "comment", "text": comment},
    ]);
    hub.post("/api/v1/desk/macros", json!({"name": name, "steps": steps})).await?;
    let automation = json!({
        "name": data::AUTOMATION,
        "statuses": ["waiting-for-customer"],
        "answered_before_hours": 7 * 24,
        "steps": [{"do": "status", "status": "closed"}],
        "on": false,
    });
    hub.post("/api/v1/desk/automations", automation).await.map(drop)
}

/// Polls until every conversation is a ticket. The hub's own timer may be polling at the same time.
async fn poll(hub: &Hub, connection: &str, wanted: u64) -> Result<(), Failed> {
    let mut last = String::new();
    let mut tickets = 0;
    for _ in 0..POLLS {
        last =
            hub.post(&format!("/api/v1/marketplaces/{connection}/poll"), json!({})).await?.body().to_string();
        tickets = hub.get("/api/v1/tickets?limit=1").await?.number("/total")?;
        if tickets >= wanted {
            return Ok(());
        }
    }
    Err(Failed::Unfinished { tickets, wanted, polls: POLLS, last })
}

/// A few replies, comments, statuses and CRM records, so that nothing looks untouched.
async fn enliven(hub: &Hub, field: &str) -> Result<(), Failed> {
    let newest = hub.get("/api/v1/tickets?limit=20").await?;
    let mut rows =
        newest.rows().iter().filter(|row| row.get("status").and_then(Value::as_str) == Some("new"));
    let mut next = || rows.next().cloned().unwrap_or_default();
    let id = |row: &Value| row.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();

    // The newest is left as it came: it is what a visitor answers.
    let _ = next();
    for (phone, consent, email) in data::RECORDS {
        let row = next();
        let at = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let mut fields = serde_json::Map::new();
        fields.insert(field.to_owned(), at("/customer/remote_id").into());
        let body = json!({
            "name": at("/customer/name"),
            "phones": [{"number": phone, "consent": {"given": consent, "source": "rozmowa telefoniczna"}}],
            "emails": [email],
            "locale": "pl-PL",
            "notes": "Zamawia co miesiąc, prosi o pakowanie bez folii.",
            "fields": fields,
            "ticket": id(&row),
        });
        hub.post("/api/v1/customers", body).await?;
    }
    for (n, text) in data::REPLIES.iter().enumerate() {
        let path = format!("/api/v1/tickets/{}/replies", id(&next()));
        hub.post(&path, json!({"text": text, "key": format!("demonstration-{n}")})).await?;
    }
    for (n, text) in data::COMMENTS.iter().enumerate() {
        let path = format!("/api/v1/tickets/{}/comments", id(&next()));
        hub.post(&path, json!({"text": text, "key": format!("demonstration-{n}")})).await?;
    }
    for status in data::STATUSES {
        hub.post(&format!("/api/v1/tickets/{}/status", id(&next())), json!({"status": status})).await?;
    }
    Ok(())
}

fn table() -> String {
    let everybody: Vec<&Person> = std::iter::once(&data::ADMINISTRATOR).chain(&data::EMPLOYEES).collect();
    let wide = |of: fn(&Person) -> &str| everybody.iter().map(|p| of(p).chars().count()).max().unwrap_or(0);
    let (name, email) = (wide(|p| p.name), wide(|p| p.email));
    let mut text = format!("Sign in with any of these; the password is always {}\n", data::PASSWORD);
    for p in everybody {
        text.push_str(&format!("  {:<email$}  {:<name$}  {}  {}\n", p.email, p.name, p.language, p.about));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_numbers_of_the_demonstration_have_the_right_check_digit() {
        for (_, nip) in [data::BOOKSHOP, data::LAMPS] {
            let digits: Vec<u32> = nip.chars().filter_map(|c| c.to_digit(10)).collect();
            let sum: u32 = digits.iter().zip([6, 5, 7, 2, 3, 4, 5, 6, 7]).map(|(d, w)| d * w).sum();
            assert_eq!(digits.len(), 10, "{nip}");
            assert_eq!(Some(&(sum % 11)), digits.get(9), "{nip}");
        }
    }

    #[test]
    fn the_table_lists_everybody_with_the_password() {
        let text = table();
        for person in data::EMPLOYEES.iter().chain([&data::ADMINISTRATOR]) {
            assert!(text.contains(person.email), "{text}");
        }
        assert!(text.contains(data::PASSWORD));
        assert_eq!(text.lines().count(), 6);
    }
}
