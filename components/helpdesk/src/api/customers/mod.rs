//! `/api/v1/customers`.

mod duplicates;
pub(crate) mod files;
mod history;
mod privacy;

use crate::acts;
use crate::input::customer::{ReadCustomer, Typed};
use crate::refusal::refused;
use crate::visit::Visit;
use http::Method;
use mostek_api::customers::{
    self as wire, AddedCustomer, Consent, CustomerRow, MergedRecord, Phone, PostalAddress,
};
use mostek_api::page::Counted;
use mostek_domain::{CustomerId, SmsConsent};
use mostek_helpdesk::customer::{self, Customer, Details, known, search};
use mostek_helpdesk::{desk, reply};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response, time};

pub(crate) use duplicates::{TypedMerge, apart, merge, merge_id, undo};
pub(crate) use privacy::{erase, export};

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => all(visit, request).await,
        (&Method::POST, []) => {
            let header = request.header("idempotency-key").map(str::to_owned);
            let mut typed: Typed = body::json(request, JSON_LIMIT).await?;
            typed.key = header.or(typed.key);
            let id = add(visit, &typed).await?;
            Ok(Response::created(&AddedCustomer { id }, &format!("/api/v1/customers/{id}")))
        }
        (_, ["imports", rest @ ..]) => files::route(visit, request, rest).await,
        (&Method::GET, ["export.csv"]) => files::list(visit, request).await,
        (_, ["duplicates", rest @ ..]) => duplicates::list_route(visit, request, rest).await,
        (&Method::GET, [id]) => one(visit, parse(id)?).await,
        (&Method::PUT, [id]) => {
            let id = parse(id)?;
            let typed: Typed = body::json(request, JSON_LIMIT).await?;
            change(visit, id, &typed).await?;
            Ok(Response::no_content())
        }
        (&Method::GET, [id, "timeline"]) => history::timeline(visit, request, parse(id)?).await,
        (&Method::GET, [id, "consents"]) => history::consents(visit, parse(id)?).await,
        (&Method::GET, [id, "duplicates"]) => duplicates::suggestions(visit, parse(id)?).await,
        (&Method::POST, [id, "merges"]) => duplicates::post_merge(visit, request, parse(id)?).await,
        (&Method::POST, [id, "merges", merge, "undo"]) => {
            duplicates::undo(visit, parse(id)?, duplicates::merge_id(merge)?).await?;
            Ok(Response::no_content())
        }
        (&Method::GET, [id, "export"]) => export(visit, request, parse(id)?).await,
        (&Method::POST, [id, "erase"]) => privacy::post_erase(visit, request, parse(id)?).await,
        _ => Err(ApiError::unrouted()),
    }
}

pub(crate) fn parse(text: &str) -> Result<CustomerId, ApiError> {
    CustomerId::parse(text).map_err(|_| ApiError::not_found())
}

/// A consent as JSON.
fn consent(c: &SmsConsent) -> Consent {
    Consent { given: c.given, at: c.at.map(time::moment), source: c.source.clone() }
}

fn postal(a: &mostek_domain::Address) -> PostalAddress {
    PostalAddress {
        label: a.label().to_owned(),
        street: a.street().to_owned(),
        postal_code: a.postal_code().to_owned(),
        city: a.city().to_owned(),
        country: a.country().to_owned(),
    }
}

/// What a record says as JSON; what can be sent back to change it.
pub(crate) fn record(id: CustomerId, d: &Details) -> wire::Customer {
    let phone = |(number, c): &(mostek_domain::PhoneNumber, SmsConsent)| Phone {
        number: number.as_str().to_owned(),
        consent: consent(c),
    };
    wire::Customer {
        id,
        name: d.name.to_string(),
        phones: d.phones.iter().map(phone).collect(),
        emails: d.emails.iter().map(ToString::to_string).collect(),
        addresses: d.addresses.iter().map(postal).collect(),
        nip: d.nip.as_ref().map(|n| n.digits().to_owned()),
        locale: d.locale.clone(),
        notes: d.notes.clone(),
        fields: d.fields.clone(),
        version: None,
        added_at: None,
        changed_at: None,
        merged: Vec::new(),
    }
}

/// A record with its version and the records that were merged into it.
fn whole(id: CustomerId, state: &Customer) -> Option<wire::Customer> {
    let merged = state.absorbed.iter().map(|g| MergedRecord {
        merge: g.merge,
        customer: g.loser,
        at: time::moment(g.at),
    });
    Some(wire::Customer {
        version: Some(state.version()),
        added_at: Some(time::moment(state.added_at)),
        changed_at: Some(time::moment(state.changed_at)),
        merged: merged.collect(),
        ..record(id, state.details.as_ref()?)
    })
}

/// A record; of one that was merged into another, that one.
async fn one<W: World>(visit: &Visit<'_, W>, id: CustomerId) -> Result<Response, ApiError> {
    let (id, state) = standing(visit, id).await?;
    whole(id, &state).map(|v| Response::json(&v)).ok_or_else(ApiError::not_found)
}

/// The company's record that stands for an id.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn standing<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
) -> Result<(CustomerId, Customer), ApiError> {
    // Whether a merged record was another company's must not be told either.
    customer::of_company(visit.world, visit.company(), id).await.map_err(refused)?;
    let (id, _) = customer::standing_for(visit.world, id).await?;
    let state = customer::of_company(visit.world, visit.company(), id).await.map_err(refused)?;
    Ok((id, state))
}

fn row(c: customer::Summary, by: Option<&str>) -> CustomerRow {
    CustomerRow {
        id: c.id,
        name: c.name,
        phone: c.phone,
        email: c.email,
        changed_at: time::moment(c.changed_at),
        by: by.map(str::to_owned),
    }
}

/// The list; with `q` what was found.
async fn all<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    if let Some(text) = request.param("q").filter(|q| !q.trim().is_empty()) {
        let found = search::search(visit.world, visit.company(), text).await?;
        let exact = found.exact.into_iter().map(|(key, c)| row(c, Some(key.slug())));
        let by_name = found.by_name.into_iter().map(|c| row(c, Some("name")));
        let data: Vec<CustomerRow> = exact.chain(by_name).collect();
        let total = data.len() as u64;
        return Ok(Response::json(&Counted { data, next: None, total }));
    }
    let (after, limit) = super::page(request, customer::PAGE)?;
    let page = customer::page(visit.world, visit.company(), after, limit).await?;
    let data = page.customers.into_iter().map(|c| row(c, None)).collect();
    Ok(Response::json(&Counted { data, next: super::next(page.next), total: page.total }))
}

/// Adds a record, and makes it the customer of the ticket that it was made for. With a key, doing it again gives the same
/// record and adds nothing.
///
/// # Errors
/// 422; 409 if the ticket has a record already, or another one has its customer's id, before anything is added; as the use
/// cases.
pub(crate) async fn add<W: World>(visit: &Visit<'_, W>, typed: &Typed) -> Result<CustomerId, ApiError> {
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let details = typed.details(visit.now(), visit.language(), &desk, None)?;
    let id = match &typed.key {
        Some(key) => {
            let key = crate::input::key(key)?;
            CustomerId::deterministic(&[&visit.company().to_bytes(), b"key", key.as_bytes()])
        }
        None => CustomerId::from_random(desk::random_bits(visit.world.random())),
    };
    let mut ticket = typed.ticket();
    if let Some(known) = ticket {
        let reading = reply::of_company(visit.world, visit.company(), known).await.map_err(refused)?;
        match reading.state.record() {
            // The same form again.
            Some(record) if record == id => ticket = None,
            Some(_) => return Err(ApiError::conflict("helpdesk-ticket-has-record")),
            None => {
                let known = known::record_for(visit.world, visit.company(), &reading.state, None).await?;
                if known.is_some_and(|record| record != id) {
                    return Err(ApiError::conflict("helpdesk-record-has-id"));
                }
            }
        }
    }
    let added = customer::add_as(visit.world, visit.company(), visit.actor(), id, details).await;
    if added.map_err(refused)? {
        visit.audit(Act::new("customer-added", "customer", id)).await;
    }
    if let Some(ticket) = ticket {
        acts::link(visit, ticket, id).await?;
    }
    Ok(id)
}

/// Changes a record.
///
/// # Errors
/// 422; 409 if it says something else by now than the version that was read; as the use case.
pub(crate) async fn change<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
    typed: &Typed,
) -> Result<(), ApiError> {
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let before = customer::of_company(visit.world, visit.company(), id).await.map_err(refused)?;
    let details = typed.details(visit.now(), visit.language(), &desk, before.details.as_ref())?;
    customer::change_seen(visit.world, visit.company(), visit.actor(), id, details, typed.version)
        .await
        .map_err(refused)?;
    visit.audit(Act::new("customer-changed", "customer", id)).await;
    Ok(())
}
