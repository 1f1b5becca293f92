//! Two records of one customer become one, and can be made two again for 30 days (H11).
//!
//! One commit writes to both journals: the record that is left learns what it gets ([`super::record::Absorbed`]), the other
//! one which record stands for it. What was set by a merging stands beside a record's own values, so undoing takes exactly
//! that away and nothing that was changed since. Whatever the merged record was found by finds the other one now.
//!
//! Nothing keeps two people from merging at the same moment, so it is looked after what they did ([`settle_record`]), by
//! whoever merges or changes a record before they are told that it is done, and by the timer for those who never got there:
//!
//! - One record into two others: of its mergings the one in the lowest slot of its journal counts, the others are undone.
//! - Two records into each other, or a longer ring: the merging with the greatest id in the ring is undone.
//! - A record that gets something after it was merged (another record, a change by somebody who did not know): what it has
//!   then is passed on, as the same merging once more.
//!
//! Every one of these facts has an id made of what it is about, so that two who look after the same thing write one fact.

use super::details::Details;
use super::list;
use super::lookup::{self, Key, Moves};
use super::record::{Absorbed, Change, ConsentPoint, Customer, Fact};
use super::write::{Part, record, record_again};
use super::{read, reading_of_company};
use crate::desk::{self, Desk};
use crate::error::Refusal;
use crate::names;
use futures::future::try_join;
use mostek_domain::{CompanyId, CustomerId, FieldId, MergeId, SmsConsent, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Reading};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long a merging can be undone.
pub const UNDO: Duration = Duration::from_secs(30 * 24 * 3600);
/// Records that can be merged into one at most.
pub const MOST_ABSORBED: usize = 50;
/// Rounds of looking after one record; each does away with one conflict.
const ROUNDS: usize = 12;
/// Mergings looked after by one tick at most; the rest is the next one's.
const PER_TICK: usize = 50;
/// Where the phones, e-mails and addresses of a merged record come in the list: behind the record's own ones.
const BEHIND: u32 = 1_000;

/// Whose value a record keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Winner {
    /// The record's that is left.
    #[default]
    Survivor,
    /// The other one's.
    Loser,
}

/// Which value wins where both have one. What only one of them has is kept anyhow; phones, e-mails, addresses and consents
/// of both are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Winners {
    /// The name.
    pub name: Winner,
    /// The tax number.
    pub nip: Winner,
    /// The locale.
    pub locale: Winner,
    /// Fields.
    pub fields: BTreeMap<FieldId, Winner>,
}

/// Merges `loser` into `survivor`. `key` is made with the form: the same key again is the same merging.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Changed`] if either was merged meanwhile; [`Refusal::TooMany`] if the record would have
/// too many phones or the like; [`Refusal::Field`] if both are one; the store's, after which merging again with the same key
/// is safe.
pub async fn merge<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    survivor: CustomerId,
    loser: CustomerId,
    winners: &Winners,
    key: &str,
) -> Result<MergeId, Refusal> {
    if survivor == loser {
        return Err(Refusal::Field { field: "other", key: "crm-merge-itself" });
    }
    let id = MergeId::deterministic(&[&survivor.to_bytes(), &loser.to_bytes(), key.as_bytes()]);
    let (kept, gone) =
        try_join(reading_of_company(world, company, survivor), reading_of_company(world, company, loser))
            .await?;
    if kept.state.absorbed.iter().any(|g| g.merge == id) {
        settle_record(world, company, loser).await?;
        return Ok(id);
    }
    if !kept.state.is_live() || !gone.state.is_live() {
        return Err(Refusal::Changed);
    }
    if kept.state.absorbed.len() >= MOST_ABSORBED {
        return Err(Refusal::TooMany { limit: MOST_ABSORBED });
    }
    let desk = desk::read(world, company).await?.state;
    let absorbed = absorbed(id, loser, &kept.state, &gone, winners, &desk);
    let merged = id_of("merged", id);
    let parts = vec![
        Part { id: survivor, before: &kept, fact: (merged.clone(), Fact::Absorbed(Box::new(absorbed))) },
        Part {
            id: loser,
            before: &gone,
            fact: (merged.clone(), Fact::MergedInto { merge: id, survivor, replaces: Vec::new() }),
        },
    ];
    let now = world.clock().now();
    let all = super::write::after(&kept, &(merged.clone(), parts_fact(&parts)), &actor, now);
    if let Some(details) = &all.details {
        details.check()?;
    }
    let mut commit = Commit::by(actor);
    record(&mut commit, company, &desk, parts, now)?;
    let begun = Begun::Begun { merge: id, company, loser };
    commit.append::<Pending>(&pending()?, None, vec![(merged, begun)]);
    commit.run(world).await?;
    settle_record(world, company, loser).await?;
    done(world, &[id]).await;
    Ok(id)
}

fn parts_fact(parts: &[Part<'_>]) -> Fact {
    parts.first().map_or(Fact::Touched { replaces: Vec::new() }, |p| p.fact.1.clone())
}

fn id_of(what: &str, merge: MergeId) -> String {
    format!("{what}-{merge}")
}

/// What `kept` gets from `gone`.
fn absorbed(
    merge: MergeId,
    loser: CustomerId,
    kept: &Customer,
    gone: &Reading<Customer>,
    winners: &Winners,
    desk: &Desk,
) -> Absorbed {
    let mut changes = Vec::new();
    let mut aliases: BTreeSet<Key> = gone.state.absorbed.iter().flat_map(|g| g.aliases.clone()).collect();
    if let (Some(ours), Some(theirs)) = (dated(kept), dated(&gone.state)) {
        changes = gained(&ours, &theirs, winners);
        aliases.extend(theirs.keys(desk));
    }
    let consents = gone.state.consents().into_iter().map(|p| ConsentPoint { merge: None, ..p }).collect();
    Absorbed { merge, loser, upto: gone.state.version(), changes, consents, aliases, replaces: Vec::new() }
}

/// What a record says, each consent with the moment from which it counts. A no that takes a yes back may have been written
/// without one; without any it would lose to every yes of the other record.
fn dated(record: &Customer) -> Option<Details> {
    let mut details = record.details.clone()?;
    for (number, consent) in details.phones.iter_mut().filter(|(_, c)| c.at.is_none()) {
        let said = record.consent_to(number).filter(|(said, _)| said.given == consent.given);
        consent.at = said.map(|(_, at)| at);
    }
    Some(details)
}

/// What a record that says `ours` has to change to say all that `theirs` says, too.
fn gained(ours: &Details, theirs: &Details, winners: &Winners) -> Vec<Change> {
    let theirs_wins = |winner: Winner| winner == Winner::Loser;
    let mut all = Vec::new();
    if theirs_wins(winners.name) && ours.name != theirs.name {
        all.push(Change::Name { to: theirs.name.clone() });
    }
    if theirs.nip.is_some() && ours.nip != theirs.nip && (ours.nip.is_none() || theirs_wins(winners.nip)) {
        all.push(Change::Nip { to: theirs.nip.clone() });
    }
    if theirs.locale.is_some()
        && ours.locale != theirs.locale
        && (ours.locale.is_none() || theirs_wins(winners.locale))
    {
        all.push(Change::Locale { to: theirs.locale.clone() });
    }
    // Notes of both; who reads them sees whose they were by the place.
    if !theirs.notes.is_empty() && !ours.notes.contains(&theirs.notes) {
        let both = [ours.notes.as_str(), theirs.notes.as_str()];
        let both: Vec<&str> = both.into_iter().filter(|n| !n.is_empty()).collect();
        all.push(Change::Notes { to: both.join("\n\n") });
    }
    for (field, value) in &theirs.fields {
        let known = ours.fields.get(field);
        let wins = theirs_wins(winners.fields.get(field).copied().unwrap_or_default());
        if known != Some(value) && (known.is_none() || wins) {
            all.push(Change::Field { field: *field, to: Some(value.clone()) });
        }
    }
    for (index, (number, consent)) in theirs.phones.iter().enumerate() {
        match ours.phones.iter().position(|(n, _)| n == number) {
            None => {
                all.push(Change::Phone { number: number.clone(), to: Some((consent.clone(), behind(index))) })
            }
            Some(at) => {
                let known = ours.phones.get(at).map(|(_, c)| c);
                if known.is_some_and(|k| k != consent && later(consent, k)) {
                    let place = u32::try_from(at).unwrap_or(BEHIND);
                    all.push(Change::Phone { number: number.clone(), to: Some((consent.clone(), place)) });
                }
            }
        }
    }
    for (index, address) in theirs.emails.iter().enumerate().filter(|(_, e)| !ours.emails.contains(e)) {
        all.push(Change::Email { address: address.clone(), to: Some(behind(index)) });
    }
    for (index, address) in theirs.addresses.iter().enumerate().filter(|(_, a)| !ours.addresses.contains(a)) {
        all.push(Change::Address { address: address.clone(), to: Some(behind(index)) });
    }
    all
}

fn behind(index: usize) -> u32 {
    u32::try_from(index).map_or(u32::MAX, |i| BEHIND.saturating_add(i))
}

/// Of two consents to one phone the one that was said later counts; at the same moment a no.
fn later(a: &SmsConsent, b: &SmsConsent) -> bool {
    match a.at.cmp(&b.at) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => !a.given,
        std::cmp::Ordering::Less => false,
    }
}

/// Makes two records again of what a merging made one.
///
/// # Errors
/// [`Refusal::NotFound`] if the record knows no such merging; [`Refusal::Field`] if it is too late, or the record was itself
/// merged since (that is to be undone first); the store's, after which doing it again is safe.
pub async fn undo<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    survivor: CustomerId,
    merge: MergeId,
) -> Result<(), Refusal> {
    let kept = reading_of_company(world, company, survivor).await?;
    if kept.state.has_undone(merge) {
        return Ok(());
    }
    let Some(gained) = kept.state.absorbed.iter().find(|g| g.merge == merge).cloned() else {
        return Err(Refusal::NotFound("merge"));
    };
    if !kept.state.is_live() {
        return Err(Refusal::Field { field: "merge", key: "crm-undo-later-first" });
    }
    if world.clock().now().since(gained.at) > UNDO {
        return Err(Refusal::Field { field: "merge", key: "crm-undo-too-late" });
    }
    let gone = read(world, gained.loser).await?;
    if gone.state.is_erased() {
        return Err(Refusal::NotFound("customer"));
    }
    unmerge(world, company, actor, merge, (survivor, &kept), Some((gained.loser, &gone))).await?;
    // Somebody may have passed something on at the same moment.
    settle_record(world, company, survivor).await?;
    settle_record(world, company, gained.loser).await?;
    Ok(())
}

/// Writes that a merging is undone into the record that got something by it, and into the other one.
async fn unmerge<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    merge: MergeId,
    kept: (CustomerId, &Reading<Customer>),
    gone: Option<(CustomerId, &Reading<Customer>)>,
) -> Result<(), StoreError> {
    let desk = desk::read(world, company).await?.state;
    let fact = || (id_of("unmerged", merge), Fact::Unmerged { merge, replaces: Vec::new() });
    let all = std::iter::once(kept).chain(gone);
    let parts = all.map(|(id, before)| Part { id, before, fact: fact() }).collect();
    let mut commit = Commit::by(actor);
    record_again(&mut commit, company, &desk, parts, world.clock().now())?;
    commit.run(world).await?;
    for (id, _) in std::iter::once(kept).chain(gone) {
        list::mend_row_or_log(world, company, id).await;
    }
    Ok(())
}

/// Looks after what others did to a record at the same moment (see the module), and then after whoever stands for it. To be
/// called after a commit; two at once do no harm.
///
/// # Errors
/// The store's; the timer comes again for mergings.
pub async fn settle_record<W: World>(
    world: &W,
    company: CompanyId,
    id: CustomerId,
) -> Result<(), StoreError> {
    let system = || Actor::System("merge".into());
    let mut at = id;
    let mut seen = Vec::new();
    for _ in 0..ROUNDS {
        let reading = read(world, at).await?;
        list::mend_row_or_log(world, company, at).await;
        // Another merging of the same record came first.
        if let Some(late) = reading.state.late_merges().next().cloned() {
            let kept = read(world, late.survivor).await?;
            unmerge(world, company, system(), late.merge, (late.survivor, &kept), Some((at, &reading)))
                .await?;
            continue;
        }
        let Some(merged) = reading.state.merged().cloned() else { return Ok(()) };
        if let Some(ring) = ring(world, at).await? {
            let Some((merge, loser, survivor)) = ring.into_iter().max() else { return Ok(()) };
            let (kept, gone) = try_join(read(world, survivor), read(world, loser)).await?;
            unmerge(world, company, system(), merge, (survivor, &kept), Some((loser, &gone))).await?;
            continue;
        }
        let kept = read(world, merged.survivor).await?;
        if kept.state.has_undone(merged.merge) && !reading.state.has_undone(merged.merge) {
            // Undone in one only: both are of one commit, so this is a commit that is only half there.
            unmerge(world, company, system(), merged.merge, (merged.survivor, &kept), Some((at, &reading)))
                .await?;
            continue;
        }
        let known = kept.state.absorbed.iter().find(|g| g.merge == merged.merge).map(|g| g.upto);
        if known.is_none_or(|upto| upto < reading.state.version()) && !kept.state.is_erased() {
            pass_on(world, company, &reading, at, (merged.survivor, &kept), merged.merge).await?;
            continue;
        }
        list::mend_row_or_log(world, company, merged.survivor).await;
        seen.push(at);
        at = merged.survivor;
        if seen.contains(&at) {
            return Ok(());
        }
    }
    Ok(())
}

/// Gives a record what another one, which was merged into it, has got since.
async fn pass_on<W: World>(
    world: &W,
    company: CompanyId,
    gone: &Reading<Customer>,
    loser: CustomerId,
    (survivor, kept): (CustomerId, &Reading<Customer>),
    merge: MergeId,
) -> Result<(), StoreError> {
    let desk = desk::read(world, company).await?.state;
    let absorbed = absorbed(merge, loser, &kept.state, gone, &Winners::default(), &desk);
    let fact =
        (format!("{}-{}", id_of("again", merge), gone.state.version()), Fact::Absorbed(Box::new(absorbed)));
    let mut commit = Commit::by(Actor::System("merge".into()));
    let gives_up = lookup::possible(&gone.state, &desk);
    let moves = Moves { record: loser, gives_up, claims: BTreeSet::new() };
    lookup::update(&mut commit, company, &fact.0, &[moves])?;
    let parts = vec![Part { id: survivor, before: kept, fact }];
    record_again(&mut commit, company, &desk, parts, world.clock().now())?;
    commit.run(world).await?;
    Ok(())
}

/// The mergings of a ring that a record is in: each with the merged record and the one it was merged into.
async fn ring<W: World>(
    world: &W,
    id: CustomerId,
) -> Result<Option<Vec<(MergeId, CustomerId, CustomerId)>>, StoreError> {
    let mut all = Vec::new();
    let mut at = id;
    for _ in 0..super::CHAIN {
        let Some(merged) = read(world, at).await?.state.merged().cloned() else { return Ok(None) };
        all.push((merged.merge, at, merged.survivor));
        at = merged.survivor;
        if at == id {
            return Ok(Some(all));
        }
        if all.iter().any(|(_, passed, _)| *passed == at) {
            // A ring further up, which is looked after from there.
            return Ok(None);
        }
    }
    Ok(None)
}

/// What is written about mergings that somebody has to look after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
enum Begun {
    /// A merging was written.
    Begun {
        /// Which.
        merge: MergeId,
        /// Whose.
        company: CompanyId,
        /// The merged record.
        loser: CustomerId,
    },
    /// It was looked after.
    Done {
        /// Which.
        merge: MergeId,
    },
}

/// Mergings that nobody has looked after yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Pending {
    begun: BTreeMap<MergeId, (CompanyId, CustomerId, Timestamp)>,
    /// Done, and found before their beginning: slot and merging, the newest.
    done: Vec<(u64, MergeId)>,
}

impl Aggregate for Pending {
    type Fact = Begun;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Begun>) {
        match &entry.fact {
            Begun::Begun { merge, company, loser } => {
                if !state.done.iter().any(|(_, m)| m == merge) {
                    state.begun.insert(*merge, (*company, *loser, entry.at()));
                }
            }
            Begun::Done { merge } => {
                // A beginning that is found later still comes back and is looked after once more, in vain.
                if state.begun.remove(merge).is_none() {
                    state.done.push((entry.slot, *merge));
                    state.done.sort_unstable();
                    let extra = state.done.len().saturating_sub(64);
                    state.done.drain(..extra);
                }
            }
        }
    }
}

fn pending() -> Result<Journal<Pending>, StoreError> {
    Ok(Journal::at(names::customer_merges()?))
}

async fn done<W: World>(world: &W, merges: &[MergeId]) {
    let written = async {
        let mut commit = Commit::by(Actor::System("merge".into()));
        let fact = |m: &MergeId| (format!("{:016x}", world.random().u64()), Begun::Done { merge: *m });
        commit.append::<Pending>(&pending()?, None, merges.iter().map(fact).collect());
        commit.run(world).await
    };
    if let Err(e) = written.await {
        world.log().write(Level::Warning, &format!("a merging is left to the timer: {e}"));
    }
}

/// Looks after mergings whose people never got there, until `until` (monotonic). Gives how many.
///
/// # Errors
/// The store's, if the list of them cannot be read; one that fails is logged and tried again by the next tick.
pub async fn settle_pending<W: World>(world: &W, until: Duration) -> Result<u64, StoreError> {
    let journal = pending()?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let mut settled = Vec::new();
    for (merge, (company, loser, _)) in reading.state.begun.iter().take(PER_TICK) {
        if world.clock().monotonic() >= until {
            break;
        }
        match settle_record(world, *company, *loser).await {
            Ok(()) => settled.push(*merge),
            Err(e) => world.log().write(Level::Error, &format!("merging {merge} was not looked after: {e}")),
        }
    }
    if !settled.is_empty() {
        done(world, &settled).await;
    }
    // Blind appends leave a tail that the next tick would read again.
    if reading.tail() > 16 {
        journal.write_snapshot(world.kv(), &reading).await?;
    }
    Ok(settled.len() as u64)
}

/// A record with those that were merged into it and into those, each with its reading; the record itself first. Two round
/// trips, and two more for every level.
///
/// # Errors
/// The store's.
pub async fn family<W: World>(
    world: &W,
    id: CustomerId,
) -> Result<Vec<(CustomerId, Reading<Customer>)>, StoreError> {
    let mut all: Vec<(CustomerId, Reading<Customer>)> = vec![(id, read(world, id).await?)];
    let mut from = 0;
    for _ in 0..super::CHAIN {
        let next: Vec<CustomerId> = all
            .iter()
            .skip(from)
            .flat_map(|(_, r)| r.state.absorbed.iter().map(|g| g.loser))
            .filter(|loser| !all.iter().any(|(known, _)| known == loser))
            .collect();
        if next.is_empty() || all.len() > MOST_ABSORBED * 4 {
            break;
        }
        from = all.len();
        let read = futures::future::join_all(next.iter().map(|id| read(world, *id))).await;
        for (id, reading) in next.into_iter().zip(read) {
            all.push((id, reading?));
        }
    }
    Ok(all)
}

/// What a person sees before they merge: both records, and where both say something different.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The record that is left.
    pub survivor: Customer,
    /// The other one.
    pub loser: Customer,
}

/// Reads both records for the form.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Changed`] if either was merged already; the store's.
pub async fn preview<W: World>(
    world: &W,
    company: CompanyId,
    survivor: CustomerId,
    loser: CustomerId,
) -> Result<Preview, Refusal> {
    let (kept, gone) =
        try_join(reading_of_company(world, company, survivor), reading_of_company(world, company, loser))
            .await?;
    if !kept.state.is_live() || !gone.state.is_live() {
        return Err(Refusal::Changed);
    }
    Ok(Preview { survivor: kept.state, loser: gone.state })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(given: bool, at: Option<i64>) -> SmsConsent {
        SmsConsent { given, at: at.map(Timestamp), source: String::new() }
    }

    #[test]
    fn of_two_consents_the_later_one_counts_and_at_the_same_moment_a_no() {
        assert!(later(&consent(true, Some(5)), &consent(false, Some(4))));
        assert!(!later(&consent(true, Some(4)), &consent(false, Some(5))));
        assert!(later(&consent(false, Some(5)), &consent(true, Some(5))));
        assert!(!later(&consent(true, Some(5)), &consent(false, Some(5))));
        assert!(later(&consent(true, Some(5)), &consent(false, None)));
    }

    #[test]
    fn what_only_one_has_is_kept_and_choices_decide_the_rest() {
        let field = FieldId::from_random([3; 16]);
        let mut ours = Details::named("Anna Nowak".parse().unwrap());
        ours.notes = "Dzwonić po 16".into();
        ours.fields.insert(field, "c-1".into());
        let mut theirs = Details::named("A. Nowak".parse().unwrap());
        theirs.nip = Some("5260250274".parse().unwrap());
        theirs.fields.insert(field, "c-2".into());
        theirs.phones.push((mostek_domain::PhoneNumber::parse("501234567").unwrap(), consent(true, Some(1))));
        theirs.notes = "Faktura".into();
        let by_default = gained(&ours, &theirs, &Winners::default());
        assert!(!by_default.iter().any(|c| matches!(c, Change::Name { .. } | Change::Field { .. })));
        assert!(by_default.contains(&Change::Nip { to: theirs.nip.clone() }));
        assert!(by_default.contains(&Change::Notes { to: "Dzwonić po 16\n\nFaktura".into() }));
        assert!(by_default.iter().any(|c| matches!(c, Change::Phone { .. })));
        let winners = Winners {
            name: Winner::Loser,
            fields: BTreeMap::from([(field, Winner::Loser)]),
            ..Winners::default()
        };
        let chosen = gained(&ours, &theirs, &winners);
        assert!(chosen.contains(&Change::Name { to: theirs.name.clone() }));
        assert!(chosen.contains(&Change::Field { field, to: Some("c-2".into()) }));
    }
}
