//! How people mark tickets (H12, H13): priority, tags, sub-statuses.

use crate::desk::{self, Desk};
use crate::error::Refusal;
use crate::reply::{Author, act, of_company};
use crate::ticket::{Fact, TagRef, Ticket};
use mostek_domain::ticket::Priority;
use mostek_domain::{CompanyId, SubStatusId, TagId, TicketId};
use mostek_ports::World;

/// Tags on one ticket at most.
pub const MOST_TAGS: usize = 20;

/// Says how urgent a ticket is.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn set_priority<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    priority: Priority,
) -> Result<(), Refusal> {
    let reading = of_company(world, company, ticket).await?;
    if reading.state.priority() == priority {
        return Ok(());
    }
    act(world, company, ticket, author, &reading, Fact::Priority { priority }, None).await
}

/// Puts tags on a ticket and takes others off; what it has or lacks already is no change.
///
/// # Errors
/// [`Refusal::TooMany`] past [`MOST_TAGS`]; [`Refusal::NotFound`] for a tag the company does not have; the store's.
pub async fn tag<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    add: &[TagId],
    remove: &[TagId],
) -> Result<(), Refusal> {
    let desk = desk::read(world, company).await?.state;
    let reading = of_company(world, company, ticket).await?;
    match tagged(&desk, &reading.state, add, remove)? {
        None => Ok(()),
        Some(fact) => act(world, company, ticket, author, &reading, fact, None).await,
    }
}

/// The fact that puts tags on a ticket and takes others off; `None` if that is no change.
///
/// # Errors
/// As [`tag`], but for the store's.
pub(crate) fn tagged(
    desk: &Desk,
    ticket: &Ticket,
    add: &[TagId],
    remove: &[TagId],
) -> Result<Option<Fact>, Refusal> {
    let have = ticket.tags();
    let mut new: Vec<TagRef> = Vec::new();
    for id in add {
        let tag = desk.tags.iter().find(|t| t.id == *id).ok_or(Refusal::NotFound("tag"))?;
        if have.iter().chain(&new).all(|t| t.id != *id) {
            new.push(TagRef { id: *id, bit: tag.bit });
        }
    }
    let gone: Vec<TagId> = remove.iter().copied().filter(|id| have.iter().any(|t| t.id == *id)).collect();
    if new.is_empty() && gone.is_empty() {
        return Ok(None);
    }
    if have.len() + new.len() > MOST_TAGS + gone.len() {
        return Err(Refusal::TooMany { limit: MOST_TAGS });
    }
    Ok(Some(Fact::Tagged { add: new, remove: gone }))
}

/// Says which part of its present status a ticket is in.
///
/// # Errors
/// [`Refusal::Field`] if it is a part of another status; [`Refusal::NotFound`]; the store's.
pub async fn set_sub_status<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    author: &Author,
    sub_status: Option<SubStatusId>,
) -> Result<(), Refusal> {
    let known = desk::read(world, company).await?.state.sub_statuses;
    let reading = of_company(world, company, ticket).await?;
    if let Some(id) = sub_status {
        let found = known.iter().find(|s| s.id == id).ok_or(Refusal::NotFound("sub-status"))?;
        if found.of != reading.state.status.kind() {
            return Err(Refusal::Field { field: "sub_status", key: "sub-status-of-another" });
        }
    }
    if reading.state.sub_status() == sub_status {
        return Ok(());
    }
    act(world, company, ticket, author, &reading, Fact::SubStatus { sub_status }, None).await
}
