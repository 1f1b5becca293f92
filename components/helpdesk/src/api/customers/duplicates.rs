//! Duplicates of records, merging, and making two again.

use super::{parse, record, standing};
use crate::api::{created, number};
use crate::input;
use crate::refusal::refused;
use crate::visit::Visit;
use http::Method;
use mostek_domain::{CustomerId, FieldId, MergeId};
use mostek_helpdesk::customer::duplicates::{self, Suggestion, Suspicion};
use mostek_helpdesk::customer::lookup::Key;
use mostek_helpdesk::customer::merge::{self, Winner, Winners};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// `/api/v1/customers/duplicates`.
pub(super) async fn list_route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let page = duplicates::page(visit.world, visit.company(), number(request, "before")?).await?;
            let pairs: Vec<Value> = page.pairs.iter().map(pair).collect();
            Ok(Response::json(&json!({ "data": pairs, "next": page.next })))
        }
        (&Method::POST, ["apart"]) => {
            let sent: Apart = body::json(request, JSON_LIMIT).await?;
            apart(visit, parse(&sent.first)?, parse(&sent.second)?).await?;
            Ok(Response::no_content())
        }
        (_, []) => Err(ApiError::method_not_allowed("GET")),
        (_, ["apart"]) => Err(ApiError::method_not_allowed("POST")),
        _ => Err(ApiError::not_found()),
    }
}

#[derive(Deserialize)]
struct Apart {
    first: String,
    second: String,
}

/// Says that two records are two customers.
///
/// # Errors
/// As the use case.
pub(crate) async fn apart<W: World>(
    visit: &Visit<'_, W>,
    a: CustomerId,
    b: CustomerId,
) -> Result<(), ApiError> {
    duplicates::tell_apart(visit.world, visit.company(), visit.actor(), a, b).await.map_err(refused)?;
    visit.audit(Act::new("customer-told-apart", "customer", a).detail("other", b)).await;
    Ok(())
}

fn key(key: &Key) -> Value {
    match key {
        Key::Field { field, value } => json!({ "by": "field", "field": field, "value": value }),
        Key::Phone(value) => json!({ "by": "phone", "value": value }),
        Key::Email(value) => json!({ "by": "email", "value": value }),
        Key::Nip(value) => json!({ "by": "nip", "value": value }),
    }
}

fn keys(all: &[Key]) -> Vec<Value> {
    all.iter().map(key).collect()
}

fn pair(s: &Suspicion) -> Value {
    let one = |(id, c): &(CustomerId, mostek_helpdesk::customer::Customer)| {
        c.details.as_ref().map(|d| record(*id, d))
    };
    json!({ "first": one(&s.first), "second": one(&s.second), "shared": keys(&s.shared) })
}

/// Records that may be the same customer as this one.
pub(super) async fn suggestions<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let (id, state) = standing(visit, id).await?;
    let all = duplicates::suggestions(visit.world, visit.company(), id, &state).await?;
    let one = |s: &Suggestion| {
        json!({
            "customer": s.record.details.as_ref().map(|d| record(s.id, d)),
            "shared": keys(&s.shared),
        })
    };
    Ok(Response::json(&json!({ "data": all.iter().map(one).collect::<Vec<_>>(), "next": null })))
}

pub(crate) fn merge_id(text: &str) -> Result<MergeId, ApiError> {
    MergeId::parse(text).map_err(|_| ApiError::not_found())
}

/// Which record is merged into this one, and which values win: `survivor` (the default) or `other`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct TypedMerge {
    pub other: String,
    #[serde(default)]
    pub key: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub nip: Option<String>,
    #[serde(default)]
    pub locale: Option<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

impl TypedMerge {
    fn winners(&self) -> Result<Winners, ApiError> {
        let one = |name: &str, word: Option<&str>| match word {
            None | Some("" | "survivor") => Ok(Winner::Survivor),
            Some("other") => Ok(Winner::Loser),
            Some(_) => Err(ApiError::bad_field(name.to_owned(), "helpdesk-unknown-choice")),
        };
        let mut fields = BTreeMap::new();
        for (id, word) in &self.fields {
            fields.insert(input::id("fields", id, FieldId::parse)?, one("fields", Some(word))?);
        }
        Ok(Winners {
            name: one("name", self.name.as_deref())?,
            nip: one("nip", self.nip.as_deref())?,
            locale: one("locale", self.locale.as_deref())?,
            fields,
        })
    }
}

pub(super) async fn post_merge<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let header = request.header("idempotency-key").map(str::to_owned);
    let mut sent: TypedMerge = body::json(request, JSON_LIMIT).await?;
    sent.key = header.or(sent.key);
    let merge = merge(visit, id, &sent).await?;
    Ok(created(&json!({ "merge": merge, "customer": id })))
}

/// Merges a record into this one.
///
/// # Errors
/// 422; 409 if either was merged meanwhile; as the use case.
pub(crate) async fn merge<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
    typed: &TypedMerge,
) -> Result<MergeId, ApiError> {
    let other = input::id("other", &typed.other, CustomerId::parse)?;
    let key = input::key(typed.key.as_deref().unwrap_or_default())?;
    let winners = typed.winners()?;
    let merge = merge::merge(visit.world, visit.company(), visit.actor(), id, other, &winners, &key)
        .await
        .map_err(refused)?;
    visit
        .audit(Act::new("customer-merged", "customer", id).detail("other", other).detail("merge", merge))
        .await;
    Ok(merge)
}

/// Makes two records again of what was merged into this one.
///
/// # Errors
/// As the use case.
pub(crate) async fn undo<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
    merge: MergeId,
) -> Result<(), ApiError> {
    merge::undo(visit.world, visit.company(), visit.actor(), id, merge).await.map_err(refused)?;
    visit.audit(Act::new("customer-unmerged", "customer", id).detail("merge", merge)).await;
    Ok(())
}
