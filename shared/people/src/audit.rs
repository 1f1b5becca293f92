//! Who did what, when and from where: one journal per company, and one for what concerns the whole installation.
//!
//! An entry rides in the same write as the change it tells of, so that there is no change without its entry. Details
//! never hold secrets.

use mostek_domain::{AuditId, CompanyId, EmployeeId};
use mostek_ports::{Random, StoreError, Timestamp, World};
use mostek_store::commit::{Commit, Ride};
use mostek_store::journal::{Actor, Aggregate, Entry, Journal, page_of_slots};
use mostek_store::keys::JournalKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Entries read at one time while a page looks for those that match.
const BATCH: usize = 100;
/// Entries a page looks at before it stops with "older".
const MOST_READ: usize = 500;

/// Characters that are kept of a subject's id: an e-mail address has no more (RFC 5321, 4.5.3.1.3, less the brackets).
const LONGEST_ID: usize = 254;

/// Whose journal an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole installation: signing in, employees, companies.
    Installation,
    /// One company.
    Company(CompanyId),
}

/// What was done. Its actor and time are the entry's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// A stable name of what was done, `noun-verb` in the past tense, for instance `employee-added`.
    pub act: String,
    /// What kind of thing it was done to, for instance `employee`.
    pub subject: String,
    /// Which one.
    pub id: String,
    /// The client's address, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<IpAddr>,
    /// What else is worth knowing, as short texts by name. No secrets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}

impl Act {
    /// An act on a thing; at most 254 characters of `id` are kept, since a stranger may have typed it.
    #[must_use]
    pub fn new(act: &str, subject: &str, id: impl ToString) -> Self {
        Self {
            act: act.to_owned(),
            subject: subject.to_owned(),
            id: id.to_string().chars().take(LONGEST_ID).collect(),
            from: None,
            details: BTreeMap::new(),
        }
    }

    /// Where it came from.
    #[must_use]
    pub fn from(mut self, from: Option<IpAddr>) -> Self {
        self.from = from;
        self
    }

    /// Adds a detail; at most 200 characters of it are kept.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl ToString) -> Self {
        self.details.insert(name.to_owned(), value.to_string().chars().take(200).collect());
        self
    }
}

/// The journal is read as a log: it folds to nothing.
#[derive(Debug)]
pub struct AuditLog;

impl Aggregate for AuditLog {
    type Fact = Act;
    type State = ();
    const FOLD: u32 = 1;
    fn apply(_state: &mut (), _entry: &Entry<Act>) {}
}

fn journal(scope: Scope) -> Result<Journal<AuditLog>, StoreError> {
    let key = match scope {
        Scope::Installation => JournalKey::new("audit", "install"),
        Scope::Company(id) => JournalKey::new("audit", &id.to_string()),
    };
    Ok(Journal::at(key.map_err(|e| crate::key_error(&e))?))
}

/// Adds an entry to a commit: it costs one more `increment` and rides in the same `set_many`.
///
/// # Errors
/// [`StoreError::Corrupt`] if the journal's key cannot be made (never for real ids).
pub fn entry<W: World>(world: &W, commit: &mut Commit<'_>, scope: Scope, act: Act) -> Result<(), StoreError> {
    entries(world, commit, scope, vec![act])
}

/// Adds entries to a commit, in this order: one more `increment` for all of them.
///
/// # Errors
/// As [`entry`].
pub fn entries<W: World>(
    world: &W,
    commit: &mut Commit<'_>,
    scope: Scope,
    acts: Vec<Act>,
) -> Result<(), StoreError> {
    let with_id = |act| {
        let mut bits = [0u8; 16];
        world.random().fill(&mut bits);
        (AuditId::from_random(bits).to_string(), act)
    };
    let facts = acts.into_iter().map(with_id).collect();
    commit.append_with(&journal(scope)?, None, facts, Vec::new(), Ride::Never);
    Ok(())
}

/// Writes an entry by itself, for an act that changes nothing in the store.
///
/// # Errors
/// The store's.
pub async fn write<W: World>(world: &W, actor: Actor, scope: Scope, act: Act) -> Result<(), StoreError> {
    let mut commit = Commit::by(actor);
    entry(world, &mut commit, scope, act)?;
    commit.run(world).await.map(|_| ())
}

/// What a page shows only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Acts of this employee.
    pub by: Option<EmployeeId>,
    /// Acts of this name.
    pub act: Option<String>,
}

/// An entry as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRow {
    /// Its place in the journal; also the cursor of the next page.
    pub slot: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub act: Act,
}

/// A page of a journal, newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AuditPage {
    /// The entries.
    pub rows: Vec<AuditRow>,
    /// Where the next page begins: give it as `before`. `None` at the end. A page may be short and still have a next
    /// one: a page looks at no more than 500 entries.
    pub next: Option<u64>,
}

/// A page of at most `limit` entries below slot `before`, newest first. Reads the counter and at most 500 entries.
///
/// # Errors
/// The store's.
pub async fn page<W: World>(
    world: &W,
    scope: Scope,
    filter: &AuditFilter,
    before: Option<u64>,
    limit: usize,
) -> Result<AuditPage, StoreError> {
    let journal = journal(scope)?;
    let counter = journal.counter(world.kv()).await?;
    let slots = page_of_slots(counter, before, MOST_READ);
    let mut page = AuditPage::default();
    for some in slots.chunks(if *filter == AuditFilter::default() { limit.clamp(1, BATCH) } else { BATCH }) {
        for entry in journal.entries(world.kv(), some).await? {
            let by = match &entry.actor {
                Actor::Employee(id) => Some(id.as_str()),
                Actor::System(_) | Actor::Remote(_) => None,
            };
            let fits = filter.by.is_none_or(|e| by == Some(e.to_string().as_str()))
                && filter.act.as_ref().is_none_or(|a| *a == entry.fact.act);
            if fits {
                let at = entry.at();
                page.rows.push(AuditRow { slot: entry.slot, at, actor: entry.actor, act: entry.fact });
            }
            if page.rows.len() >= limit {
                page.next = Some(page.rows.last().map_or(0, |r| r.slot)).filter(|s| *s > 1);
                return Ok(page);
            }
        }
    }
    page.next = slots.last().copied().filter(|s| *s > 1);
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use mostek_ports::testing::TestWorld;

    #[test]
    fn pages_are_newest_first_complete_and_bounded() {
        let world = TestWorld::new(1);
        let anna = EmployeeId::from_random([1; 16]);
        for i in 0..1200 {
            let actor =
                if i % 400 == 0 { Actor::Employee(anna.to_string()) } else { Actor::System("timer".into()) };
            let act = Act::new(if i % 2 == 0 { "even" } else { "odd" }, "thing", i);
            block_on(write(&world, actor, Scope::Installation, act)).unwrap();
        }
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page =
                block_on(page(&world, Scope::Installation, &AuditFilter::default(), before, 50)).unwrap();
            assert!(page.rows.len() <= 50);
            seen.extend(page.rows.iter().map(|r| r.act.id.parse::<u64>().unwrap()));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..1200).rev().collect::<Vec<_>>());

        let of_anna = AuditFilter { by: Some(anna), act: Some("even".into()) };
        let (mut found, mut before, mut pages) = (Vec::new(), None, 0);
        loop {
            world.kv.reset_operations();
            let page = block_on(page(&world, Scope::Installation, &of_anna, before, 50)).unwrap();
            assert!(world.kv.operations().reads <= 501);
            found.extend(page.rows.into_iter().map(|r| r.act.id));
            pages += 1;
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found, ["800", "400", "0"]);
        assert_eq!(pages, 3);
    }

    #[test]
    fn what_a_stranger_typed_is_cut() {
        let act =
            Act::new("sign-in-failed", "address", "ż".repeat(60_000)).detail("name", "ż".repeat(60_000));
        assert_eq!(act.id.chars().count(), 254);
        assert_eq!(act.details["name"].chars().count(), 200);
    }

    #[test]
    fn one_companys_entries_are_not_in_anothers() {
        let world = TestWorld::new(1);
        let a = Scope::Company(CompanyId::from_random([1; 16]));
        block_on(write(&world, Actor::System("t".into()), a, Act::new("x", "y", 1))).unwrap();
        for other in [Scope::Company(CompanyId::from_random([2; 16])), Scope::Installation] {
            let page = block_on(page(&world, other, &AuditFilter::default(), None, 50)).unwrap();
            assert!(page.rows.is_empty());
        }
    }
}
