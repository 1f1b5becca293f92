//! Duplicates of records, merging, and making two again.

use super::{parse, record, standing};
use crate::input;
use crate::refusal::refused;
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_api::customers::{ApartIn, DuplicatePair, Merged, SharedValue, Suggestion};
use mostek_api::page::Listed;
use mostek_domain::{CustomerId, FieldId, MergeId};
use mostek_helpdesk::customer::Customer;
use mostek_helpdesk::customer::duplicates::{self, Suspicion};
use mostek_helpdesk::customer::lookup::Key;
use mostek_helpdesk::customer::merge::{self, Winner, Winners};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response};
use std::collections::BTreeMap;

/// `/api/v1/customers/duplicates`.
pub(super) async fn list_route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let (after, _) = crate::api::page(request, duplicates::PAGE)?;
            let page = duplicates::page(visit.world, visit.company(), after).await?;
            let pairs: Vec<DuplicatePair> = page.pairs.iter().filter_map(pair).collect();
            Ok(Response::json(&Listed { data: pairs, next: crate::api::next(page.next) }))
        }
        (&Method::POST, ["apart"]) => {
            let sent: ApartIn = body::json(request, JSON_LIMIT).await?;
            apart(visit, parse(&sent.first)?, parse(&sent.second)?).await?;
            Ok(Response::no_content())
        }
        _ => Err(ApiError::unrouted()),
    }
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

fn shared(all: &[Key]) -> Vec<SharedValue> {
    let one = |key: &Key| {
        let (field, value) = match key {
            Key::Field { field, value } => (Some(*field), value.clone()),
            Key::Phone(value) => (None, value.to_string()),
            Key::Email(value) => (None, value.to_string()),
            Key::Nip(value) => (None, value.digits().to_owned()),
        };
        SharedValue { by: key.slug().to_owned(), field, value }
    };
    all.iter().map(one).collect()
}

fn pair(s: &Suspicion) -> Option<DuplicatePair> {
    let one = |(id, c): &(CustomerId, Customer)| c.details.as_ref().map(|d| record(*id, d));
    Some(DuplicatePair { first: one(&s.first)?, second: one(&s.second)?, shared: shared(&s.shared) })
}

/// Records that may be the same customer as this one.
pub(super) async fn suggestions<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let (id, state) = standing(visit, id).await?;
    let all = duplicates::suggestions(visit.world, visit.company(), id, &state).await?;
    let one = |s: &duplicates::Suggestion| {
        Some(Suggestion { customer: record(s.id, s.record.details.as_ref()?), shared: shared(&s.shared) })
    };
    Ok(Response::json(&Listed { data: all.iter().filter_map(one).collect::<Vec<_>>(), next: None }))
}

pub(crate) fn merge_id(text: &str) -> Result<MergeId, ApiError> {
    MergeId::parse(text).map_err(|_| ApiError::not_found())
}

/// What was sent about a merging.
pub(crate) use mostek_api::customers::MergeIn as TypedMerge;

fn winners(typed: &TypedMerge) -> Result<Winners, ApiError> {
    let one = |name: &str, word: Option<&str>| match word {
        None | Some("" | "survivor") => Ok(Winner::Survivor),
        Some("other") => Ok(Winner::Loser),
        Some(_) => Err(ApiError::bad_field(name.to_owned(), "helpdesk-unknown-choice")),
    };
    let mut fields = BTreeMap::new();
    for (id, word) in &typed.fields {
        fields.insert(input::id("fields", id, FieldId::parse)?, one("fields", Some(word))?);
    }
    Ok(Winners {
        name: one("name", typed.name.as_deref())?,
        nip: one("nip", typed.nip.as_deref())?,
        locale: one("locale", typed.locale.as_deref())?,
        fields,
    })
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
    Ok(Response::json(&Merged { merge, customer: id }).status(StatusCode::CREATED))
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
    let winners = winners(typed)?;
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
