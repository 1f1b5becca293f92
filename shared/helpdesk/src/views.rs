//! Saved views of the ticket list: a name for some filters (H12). A person's own, or shared with the company.
//!
//! One small journal per company, read whole with the list. What a view filters by is kept as it stands in the address, so
//! that a filter that is added later needs nothing here.

use crate::error::Refusal;
use crate::names;
use mostek_domain::{CompanyId, EmployeeId, Label, ViewId};
use mostek_ports::{StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Reading};
use serde::{Deserialize, Serialize};

/// Views of one person, and shared ones, at most.
pub const MOST: usize = 20;
/// Bytes of all filters of a view at most.
pub const FILTER_BYTES: usize = 1_000;

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its id.
    pub id: ViewId,
    /// Its name.
    pub name: Label,
    /// Whose it is; `None`: everybody's.
    pub owner: Option<EmployeeId>,
    /// Names and values of the filters.
    pub filters: Vec<(String, String)>,
    #[serde(default)]
    slot: u64,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// One was saved.
    Saved {
        /// It.
        view: View,
    },
    /// One was removed.
    Removed {
        /// Which.
        id: ViewId,
    },
}

/// What it folds to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Views {
    /// All, in the order they were added.
    pub all: Vec<View>,
    /// Those that were removed, so that a late entry does not bring one back.
    removed: Vec<ViewId>,
}

/// Removed views that are remembered.
const REMEMBERED: usize = 100;

impl Aggregate for Views {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        match &entry.fact {
            Fact::Saved { view } => {
                let new = View { slot: entry.slot, ..view.clone() };
                match state.all.iter_mut().find(|v| v.id == view.id) {
                    Some(v) if v.slot < entry.slot => *v = new,
                    Some(_) => {}
                    None if state.removed.contains(&view.id) => {}
                    None => state.all.push(new),
                }
            }
            Fact::Removed { id } => {
                state.all.retain(|v| v.id != *id);
                state.removed.push(*id);
                let forgotten = state.removed.len().saturating_sub(REMEMBERED);
                state.removed.drain(..forgotten);
            }
        }
    }
}

impl Views {
    /// What a person sees: shared ones, then their own.
    #[must_use]
    pub fn of(&self, employee: EmployeeId) -> Vec<&View> {
        let (mut shared, own): (Vec<&View>, Vec<&View>) = self
            .all
            .iter()
            .filter(|v| v.owner.is_none_or(|o| o == employee))
            .partition(|v| v.owner.is_none());
        shared.extend(own);
        shared
    }
}

fn journal(company: CompanyId) -> Result<Journal<Views>, StoreError> {
    Ok(Journal::at(names::views(company)?))
}

/// Reads a company's views: two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W, company: CompanyId) -> Result<Reading<Views>, StoreError> {
    journal(company)?.read(world.kv(), world.clock()).await
}

/// Saves a view; the same id again changes it. Whether somebody may share one is for the caller to know.
///
/// # Errors
/// [`Refusal::TooMany`]; [`Refusal::TooLong`] for the filters; [`Refusal::Field`] without any; the store's.
pub async fn save<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: ViewId,
    name: Label,
    owner: Option<EmployeeId>,
    filters: Vec<(String, String)>,
) -> Result<(), Refusal> {
    if filters.is_empty() {
        return Err(Refusal::Field { field: "filters", key: "view-empty" });
    }
    if filters.iter().map(|(n, v)| n.len() + v.len()).sum::<usize>() > FILTER_BYTES {
        return Err(Refusal::TooLong { limit: FILTER_BYTES });
    }
    let reading = read(world, company).await?;
    let others = reading.state.all.iter().filter(|v| v.owner == owner && v.id != id).count();
    if others >= MOST {
        return Err(Refusal::TooMany { limit: MOST });
    }
    let view = View { id, name, owner, filters, slot: 0 };
    write(world, company, actor, &reading, Fact::Saved { view }).await
}

/// Removes a view.
///
/// # Errors
/// [`Refusal::NotFound`] if there is none, or it is another person's; the store's.
pub async fn remove<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: ViewId,
    may: impl Fn(&View) -> bool,
) -> Result<(), Refusal> {
    let reading = read(world, company).await?;
    if !reading.state.all.iter().any(|v| v.id == id && may(v)) {
        return Err(Refusal::NotFound("view"));
    }
    write(world, company, actor, &reading, Fact::Removed { id }).await
}

async fn write<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    reading: &Reading<Views>,
    fact: Fact,
) -> Result<(), Refusal> {
    use mostek_ports::Random;
    let mut commit = Commit::by(actor);
    commit.append(&journal(company)?, Some(reading), vec![(format!("{:016x}", world.random().u64()), fact)]);
    commit.run(world).await?;
    Ok(())
}
