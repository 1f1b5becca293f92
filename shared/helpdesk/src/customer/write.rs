//! Writing records: facts, rows and lookups of one act in one commit.

use super::details::{Details, difference};
use super::duplicates;
use super::list;
use super::lookup::{self, Moves};
use super::merge;
use super::record::{Customer, Fact, ROW};
use super::{journal, read};
use crate::desk::{self, Desk, random_bits};
use crate::error::Refusal;
use futures::future::try_join;
use mostek_domain::{CompanyId, CustomerId, Timestamp};
use mostek_ports::{Clock, Random, StoreError, World};
use mostek_store::commit::{Handle, Ride};
use mostek_store::{Actor, Aggregate, Commit, Entry, Reading};

/// One record's part in an act.
pub(super) struct Part<'a> {
    /// The record.
    pub(super) id: CustomerId,
    /// As it was read.
    pub(super) before: &'a Reading<Customer>,
    /// What is written: the fact's id and the fact.
    pub(super) fact: (String, Fact),
}

/// What a record will be once a fact is written right behind its reading.
pub(super) fn after(
    before: &Reading<Customer>,
    fact: &(String, Fact),
    actor: &Actor,
    at: Timestamp,
) -> Customer {
    let mut state = before.state.clone();
    let entry = Entry {
        v: 1,
        slot: before.upto().saturating_add(1),
        stamp: String::new(),
        id: fact.0.clone(),
        at: at.0,
        actor: actor.clone(),
        refs: std::collections::BTreeMap::new(),
        fact: fact.1.clone(),
    };
    Customer::apply(&mut state, &entry);
    state
}

/// Adds facts of records and their new rows to a commit: one reservation per record and one in the list.
pub(super) fn rows_only<'a>(
    commit: &mut Commit<'a>,
    company: CompanyId,
    parts: Vec<Part<'a>>,
    at: Timestamp,
) -> Result<Vec<Handle>, StoreError> {
    // The rows hold moments of the facts.
    commit.date(at);
    let nobody = Actor::System(String::new());
    let mut rows = Vec::with_capacity(parts.len());
    for part in &parts {
        let after = after(part.before, &part.fact, &nobody, at);
        let row = list::row_of(part.id, &after, part.before.state.rows.clone())?;
        rows.push((format!("{}-{}", part.id, part.fact.0), row));
    }
    let listed = list::index(company)?.add(commit, rows);
    let mut handles = Vec::with_capacity(parts.len());
    for (part, offset) in parts.into_iter().zip(0u64..) {
        let replaces = part.before.state.rows.iter().map(|r| r.slot).collect();
        let (fact_id, fact) = part.fact;
        handles.push(commit.append_with(
            &journal(part.id)?,
            Some(part.before),
            vec![(fact_id, fact.replacing(replaces))],
            vec![(ROW.to_owned(), listed, offset)],
            Ride::WhenCheap,
        ));
    }
    Ok(handles)
}

/// Adds facts of records, their rows, and what changes in what they are found by, to a commit.
pub(super) fn record<'a>(
    commit: &mut Commit<'a>,
    company: CompanyId,
    desk: &Desk,
    parts: Vec<Part<'a>>,
    at: Timestamp,
) -> Result<Vec<Handle>, StoreError> {
    let moves = |part: &Part<'_>, after: &Customer| {
        let (before, after) = (lookup::keys(&part.before.state, desk), lookup::keys(after, desk));
        Moves {
            record: part.id,
            gives_up: before.difference(&after).cloned().collect(),
            claims: after.difference(&before).cloned().collect(),
        }
    };
    record_with(commit, company, parts, at, moves)
}

/// Like [`record`], for whoever cannot know what others have written into the lookup journals: all a record is found by is
/// claimed again, and all it might be found by and is not any more is given up.
pub(super) fn record_again<'a>(
    commit: &mut Commit<'a>,
    company: CompanyId,
    desk: &Desk,
    parts: Vec<Part<'a>>,
    at: Timestamp,
) -> Result<Vec<Handle>, StoreError> {
    let moves = |part: &Part<'_>, after: &Customer| Moves {
        record: part.id,
        gives_up: lookup::possible(&part.before.state, desk),
        claims: lookup::keys(after, desk),
    };
    record_with(commit, company, parts, at, moves)
}

fn record_with<'a>(
    commit: &mut Commit<'a>,
    company: CompanyId,
    parts: Vec<Part<'a>>,
    at: Timestamp,
    moves: impl Fn(&Part<'_>, &Customer) -> Moves,
) -> Result<Vec<Handle>, StoreError> {
    let nobody = Actor::System(String::new());
    let all: Vec<Moves> = parts.iter().map(|p| moves(p, &after(p.before, &p.fact, &nobody, at))).collect();
    let id = parts.first().map(|p| p.fact.0.clone()).unwrap_or_default();
    lookup::update(commit, company, &id, &all)?;
    rows_only(commit, company, parts, at)
}

/// Adds a record.
///
/// # Errors
/// [`Refusal::TooMany`], [`Refusal::TooLong`]; the store's.
pub async fn add<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    details: Details,
) -> Result<CustomerId, Refusal> {
    let id = CustomerId::from_random(random_bits(world.random()));
    add_as(world, company, actor, id, details).await?;
    Ok(id)
}

/// Adds a record under an id that the caller has computed, so that doing it again adds nothing. Whether it was added.
///
/// # Errors
/// As [`add`].
pub async fn add_as<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: CustomerId,
    details: Details,
) -> Result<bool, Refusal> {
    let details = details.once();
    details.check()?;
    let (before, desk) = try_join(read(world, id), desk::read(world, company)).await?;
    if before.state.company.is_some() {
        return Ok(false);
    }
    let fact = Fact::Added { company, details, replaces: Vec::new(), indexed: true };
    let fact = ("added".to_owned(), fact);
    write(world, company, actor, id, &before, &desk.state, fact).await?;
    Ok(true)
}

/// Changes a record to say this, whatever it says now.
///
/// # Errors
/// As [`change_seen`].
pub async fn change<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: CustomerId,
    details: Details,
) -> Result<(), Refusal> {
    change_seen(world, company, actor, id, details, None).await
}

/// Changes a record to say this. `seen` is the version ([`Customer::version`]) of what the person had before their eyes: if it
/// says something else by now they have to look again. What somebody else changes at the same moment stays changed.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Changed`] also if it was merged into another; [`Refusal::TooMany`],
/// [`Refusal::TooLong`]; the store's.
pub async fn change_seen<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: CustomerId,
    details: Details,
    seen: Option<u64>,
) -> Result<(), Refusal> {
    let details = details.once();
    details.check()?;
    let (before, desk) = try_join(read(world, id), desk::read(world, company)).await?;
    let Some(was) = before.state.details.as_ref().filter(|_| before.state.company == Some(company)) else {
        return Err(Refusal::NotFound("customer"));
    };
    if !before.state.is_live() || seen.is_some_and(|v| v != before.state.version()) {
        return Err(Refusal::Changed);
    }
    let changes = difference(was, &details);
    if changes.is_empty() {
        return Ok(());
    }
    let fact = (format!("{:016x}", world.random().u64()), Fact::Edited { changes, replaces: Vec::new() });
    write(world, company, actor, id, &before, &desk.state, fact).await
}

/// Writes one fact of one record and looks after what others did at the same moment.
async fn write<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: CustomerId,
    before: &Reading<Customer>,
    desk: &Desk,
    fact: (String, Fact),
) -> Result<(), Refusal> {
    let now = world.clock().now();
    let after = after(before, &fact, &actor, now);
    let new: Vec<_> =
        lookup::keys(&after, desk).difference(&lookup::keys(&before.state, desk)).cloned().collect();
    let mut commit = Commit::by(actor);
    let handles = record(&mut commit, company, desk, vec![Part { id, before, fact }], now)?;
    let done = commit.run(world).await?;
    let slot = handles.first().map_or(0, |h| done.slot(*h, 0));
    if !list::alone(world, id, before, slot).await? {
        list::mend_row_or_log(world, company, id).await;
        // Somebody may have merged it meanwhile: what was written goes on to whoever stands for it.
        merge::settle_record(world, company, id).await?;
    }
    duplicates::notice(world, company, id, &new).await?;
    Ok(())
}
