//! `/api/v1/customers`.

use crate::input::customer::{ReadCustomer, Typed};
use crate::refusal::refused;
use crate::visit::Visit;
use http::Method;
use mostek_api::customers::{AddedCustomer, Consent, Customer, CustomerRow, Phone};
use mostek_api::page::Counted;
use mostek_domain::CustomerId;
use mostek_helpdesk::customer::{self, Details};
use mostek_helpdesk::reply;
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response, time};

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => all(visit, request).await,
        (&Method::POST, []) => {
            let typed: Typed = body::json(request, JSON_LIMIT).await?;
            let id = add(visit, &typed).await?;
            Ok(Response::created(&AddedCustomer { id }, &format!("/api/v1/customers/{id}")))
        }
        (&Method::GET, [id]) => {
            let id = parse(id)?;
            let found = customer::of_company(visit.world, visit.company(), id).await.map_err(refused)?;
            let details = found.details.as_ref().ok_or_else(ApiError::not_found)?;
            Ok(Response::json(&record(id, details)))
        }
        (&Method::PUT, [id]) => {
            let id = parse(id)?;
            let typed: Typed = body::json(request, JSON_LIMIT).await?;
            change(visit, id, &typed).await?;
            Ok(Response::no_content())
        }
        _ => Err(ApiError::unrouted()),
    }
}

pub(crate) fn parse(text: &str) -> Result<CustomerId, ApiError> {
    CustomerId::parse(text).map_err(|_| ApiError::not_found())
}

/// A record as JSON; what can be sent back to change it.
pub(crate) fn record(id: CustomerId, d: &Details) -> Customer {
    let phones = d.phones.iter().map(|(number, consent)| Phone {
        number: number.as_str().to_owned(),
        consent: Consent {
            given: consent.given,
            at: consent.at.map(time::moment),
            source: consent.source.clone(),
        },
    });
    Customer {
        id,
        name: d.name.to_string(),
        phones: phones.collect(),
        emails: d.emails.iter().map(ToString::to_string).collect(),
        nip: d.nip.as_ref().map(|n| n.digits().to_owned()),
        locale: d.locale.clone(),
        notes: d.notes.clone(),
        fields: d.fields.clone(),
    }
}

async fn all<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let (after, limit) = super::page(request, customer::PAGE)?;
    let page = customer::page(visit.world, visit.company(), after, limit).await?;
    let rows = page.customers.into_iter().map(|c| CustomerRow {
        id: c.id,
        name: c.name,
        phone: c.phone,
        email: c.email,
        changed_at: time::moment(c.changed_at),
    });
    Ok(Response::json(&Counted { data: rows.collect(), next: super::next(page.next), total: page.total }))
}

/// Adds a record, and makes it the customer of the ticket that it was made for.
///
/// # Errors
/// 422; 409 if the ticket has a record already, before anything is added; as the use cases.
pub(crate) async fn add<W: World>(visit: &Visit<'_, W>, typed: &Typed) -> Result<CustomerId, ApiError> {
    let details = typed.details(visit.now())?;
    let ticket = typed.ticket();
    if let Some(ticket) = ticket {
        let reading = reply::of_company(visit.world, visit.company(), ticket).await.map_err(refused)?;
        if reading.state.record().is_some() {
            return Err(ApiError::conflict("helpdesk-ticket-has-record"));
        }
    }
    let id = customer::add(visit.world, visit.company(), visit.actor(), details).await.map_err(refused)?;
    visit.audit(Act::new("customer-added", "customer", id)).await;
    if let Some(ticket) = ticket {
        reply::link(visit.world, visit.company(), ticket, &visit.author(), id).await.map_err(refused)?;
        visit.audit(Act::new("ticket-linked", "ticket", ticket).detail("customer", id)).await;
    }
    Ok(id)
}

/// Changes a record.
///
/// # Errors
/// 422; as the use case.
pub(crate) async fn change<W: World>(
    visit: &Visit<'_, W>,
    id: CustomerId,
    typed: &Typed,
) -> Result<(), ApiError> {
    let details = typed.details(visit.now())?;
    customer::change(visit.world, visit.company(), visit.actor(), id, details).await.map_err(refused)?;
    visit.audit(Act::new("customer-changed", "customer", id)).await;
    Ok(())
}
