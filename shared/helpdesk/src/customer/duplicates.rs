//! Records that may be the same customer: they share a phone, an e-mail address, a NIP or a text field's value (H11).
//!
//! A record's own page asks the lookup journals about its values. The company's list of pairs is a journal of its own, to
//! which whoever writes a record adds what the lookup journals say *after* the commit: of two people who add the same
//! customer at the same moment, at least the later one sees both. A pair stays on the list until it is merged, told apart,
//! or shares nothing any more, which is found out when it is shown.

use super::lookup::{self, Key};
use super::read;
use super::record::Customer;
use crate::desk;
use crate::error::Refusal;
use crate::names;
use futures::future::{join_all, try_join};
use mostek_domain::{CompanyId, CustomerId};
use mostek_ports::{Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Pairs that the list remembers; older ones are left out, and their records' own pages still show them.
const REMEMBERED: usize = 1_000;
/// Pairs on one page of the list.
pub const PAGE: usize = 20;
/// Suggestions on one record's page.
pub const SUGGESTIONS: usize = 10;
/// Other records noticed for one value: a value that very many have says nothing about a person.
const PER_VALUE: usize = 10;

/// Two records, the smaller id first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pair(CustomerId, CustomerId);

impl Pair {
    /// The pair of two records; `None` if they are one.
    #[must_use]
    pub fn of(a: CustomerId, b: CustomerId) -> Option<Self> {
        match a.cmp(&b) {
            std::cmp::Ordering::Less => Some(Self(a, b)),
            std::cmp::Ordering::Greater => Some(Self(b, a)),
            std::cmp::Ordering::Equal => None,
        }
    }
}

impl TryFrom<String> for Pair {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bad = "not a pair of records";
        let (a, b) = text.split_once('-').ok_or(bad)?;
        let parse = |t| CustomerId::parse(t).map_err(|_| bad);
        Self::of(parse(a)?, parse(b)?).ok_or(bad)
    }
}

impl From<Pair> for String {
    fn from(Pair(a, b): Pair) -> Self {
        format!("{a}-{b}")
    }
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// Two records share a value.
    Suspected {
        /// Those.
        pair: Pair,
    },
    /// A person says that they are two customers.
    ToldApart {
        /// Those.
        pair: Pair,
    },
}

/// What it folds to: each pair with the slots that suspected it and told it apart last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pairs(BTreeMap<Pair, (u64, u64)>);

impl Aggregate for Pairs {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        match &entry.fact {
            Fact::Suspected { pair } => {
                let slots = state.0.entry(*pair).or_default();
                slots.0 = slots.0.max(entry.slot);
            }
            Fact::ToldApart { pair } => {
                let slots = state.0.entry(*pair).or_default();
                slots.1 = slots.1.max(entry.slot);
            }
        }
        while state.0.len() > REMEMBERED {
            let oldest = state.0.iter().min_by_key(|(_, (a, b))| a.max(b)).map(|(pair, _)| *pair);
            let Some(oldest) = oldest else { break };
            state.0.remove(&oldest);
        }
    }
}

fn journal(company: CompanyId) -> Result<Journal<Pairs>, StoreError> {
    Ok(Journal::at(names::duplicates(company)?))
}

/// A record that may be the same customer, and what it shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The other record.
    pub id: CustomerId,
    /// As it is.
    pub record: Customer,
    /// What both have.
    pub shared: Vec<Key>,
}

/// Records that share a value with this one, most shared first. A fixed number of round trips.
///
/// # Errors
/// The store's.
pub async fn suggestions<W: World>(
    world: &W,
    company: CompanyId,
    id: CustomerId,
    record: &Customer,
) -> Result<Vec<Suggestion>, StoreError> {
    let Some(details) = &record.details else { return Ok(Vec::new()) };
    let desk = desk::read(world, company).await?.state;
    let keys: Vec<Key> = details.keys(&desk).into_iter().collect();
    let found = join_all(keys.iter().map(|k| lookup::holders(world, company, k))).await;
    let mut others: BTreeMap<CustomerId, Vec<Key>> = BTreeMap::new();
    for (key, found) in keys.into_iter().zip(found) {
        for other in found?.into_iter().filter(|o| *o != id).take(PER_VALUE) {
            others.entry(other).or_default().push(key.clone());
        }
    }
    let mut others: Vec<_> = others.into_iter().collect();
    others.sort_by_key(|(_, shared)| std::cmp::Reverse(shared.len()));
    others.truncate(SUGGESTIONS);
    let read = join_all(others.iter().map(|(other, _)| read(world, *other))).await;
    let mut all = Vec::new();
    for ((id, shared), reading) in others.into_iter().zip(read) {
        let record = reading?.state;
        if record.is_live() && record.company == Some(company) {
            all.push(Suggestion { id, record, shared });
        }
    }
    Ok(all)
}

/// Notes which other records have the values that a record has just got. To be called after its commit.
pub(super) async fn notice<W: World>(
    world: &W,
    company: CompanyId,
    id: CustomerId,
    new: &[Key],
) -> Result<(), StoreError> {
    let found = join_all(new.iter().map(|k| lookup::holders(world, company, k))).await;
    let mut pairs = Vec::new();
    for found in found {
        let others = found?.into_iter().take(PER_VALUE).filter_map(|other| Pair::of(id, other));
        pairs.extend(others);
    }
    pairs.sort_unstable();
    pairs.dedup();
    if pairs.is_empty() {
        return Ok(());
    }
    let fact = |pair| (format!("{:016x}", world.random().u64()), Fact::Suspected { pair });
    let facts = pairs.into_iter().map(fact).collect();
    let journal = journal(company)?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let mut commit = Commit::by(Actor::System("duplicates".into()));
    commit.append(&journal, Some(&reading), facts);
    commit.run(world).await?;
    Ok(())
}

/// Two records that may be the same customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspicion {
    /// One.
    pub first: (CustomerId, Customer),
    /// The other.
    pub second: (CustomerId, Customer),
    /// What both have.
    pub shared: Vec<Key>,
}

/// A page of the company's list.
#[derive(Debug, Clone)]
pub struct SuspicionPage {
    /// Those that still share something, latest noticed first.
    pub pairs: Vec<Suspicion>,
    /// The cursor of the next page.
    pub next: Option<u64>,
}

/// A page of pairs noticed before `before`: two round trips for the list and two for its records. A page may be short and
/// still have a next one.
///
/// # Errors
/// The store's.
pub async fn page<W: World>(
    world: &W,
    company: CompanyId,
    before: Option<u64>,
) -> Result<SuspicionPage, StoreError> {
    let list = async { journal(company)?.read(world.kv(), world.clock()).await };
    let (list, desk) = try_join(list, desk::read(world, company)).await?;
    let mut open: Vec<(u64, Pair)> = list
        .state
        .0
        .iter()
        .filter(|(_, (suspected, apart))| suspected > apart && before.is_none_or(|b| *suspected < b))
        .map(|(pair, (suspected, _))| (*suspected, *pair))
        .collect();
    open.sort_unstable_by(|a, b| b.cmp(a));
    let more = open.len() > PAGE;
    open.truncate(PAGE);
    let next = open.last().map(|(slot, _)| *slot).filter(|_| more);
    let both = |pair: Pair| async move { try_join(read(world, pair.0), read(world, pair.1)).await };
    let records = join_all(open.iter().map(|(_, pair)| both(*pair))).await;
    let mut pairs = Vec::new();
    for ((_, pair), records) in open.into_iter().zip(records) {
        let (a, b) = records?;
        let (a, b) = (a.state, b.state);
        let (Some(one), Some(other)) = (&a.details, &b.details) else { continue };
        if !a.is_live() || !b.is_live() || a.company != Some(company) || b.company != Some(company) {
            continue;
        }
        let shared: Vec<Key> =
            one.keys(&desk.state).intersection(&other.keys(&desk.state)).cloned().collect();
        if !shared.is_empty() {
            pairs.push(Suspicion { first: (pair.0, a), second: (pair.1, b), shared });
        }
    }
    Ok(SuspicionPage { pairs, next })
}

/// A person says that two records are two customers: the pair leaves the list until they come to share another value.
///
/// # Errors
/// [`Refusal::NotFound`] if they are one record, or not both the company's; the store's.
pub async fn tell_apart<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    a: CustomerId,
    b: CustomerId,
) -> Result<(), Refusal> {
    let pair = Pair::of(a, b).ok_or(Refusal::NotFound("customer"))?;
    super::of_company(world, company, a).await?;
    super::of_company(world, company, b).await?;
    let journal = journal(company)?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let mut commit = Commit::by(actor);
    let fact = (format!("{:016x}", world.random().u64()), Fact::ToldApart { pair });
    commit.append(&journal, Some(&reading), vec![fact]);
    commit.run(world).await?;
    Ok(())
}
