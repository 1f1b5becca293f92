//! Records out of a file (CSV): what its columns hold is chosen and looked at before anything is written, then rows become
//! records in slices.
//!
//! The file is a blob and what is to be done with it a record. Rows are worked through in chunks; what came of a chunk's rows is
//! written once under the chunk's number, so a chunk that is there is done, and how far it is can be seen without a counter
//! that two could count. A row that adds a record gives it an id made of import and row, and a row that changes one says the same
//! when it is said again: so a chunk that was begun twice, or whose writer crashed, does nothing twice. The request works on it
//! for some seconds, the timer on the rest. Whoever has no time left in the middle of a chunk writes down what came of its rows
//! so far, and the next one begins behind them: else a store too slow for a whole chunk would never get to the end of one.
//!
//! What a row says about SMS counts from the date in it, or else from when the file was sent. What a record says since is newer
//! and stays: who has said no must not be asked again because of an older list.
//!
//! A file is personal data outside of records: it is deleted when the import is done, rows that were refused after a week, and so
//! is a file whose import nobody began.

pub mod row;
pub mod sheet;

use super::lookup;
use super::{add_as, change_seen, standing_for};
use crate::desk::{self, Desk};
use crate::error::Refusal;
use crate::names;
use futures::future::{join_all, try_join};
use mostek_domain::{CompanyId, CustomerId, ImportId, Timestamp};
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Blob, BlobRef, Claim, Commit, Entry, Journal, Record};
use row::{Fault, Plan, Target, Understood};
use serde::{Deserialize, Serialize};
use sheet::Sheet;
use std::collections::BTreeMap;
use std::time::Duration;

/// Rows per chunk.
const CHUNK: usize = 50;
/// How often a record is read anew that somebody else changes at the same moment.
const COMPLETIONS: usize = 4;
/// Rows of a preview.
pub const PREVIEW: usize = 20;
/// How long a file whose import was not begun, or refused rows, are kept.
pub const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// Refused rows that a file with them has at most.
const REFUSED: usize = 2_000;

/// A file that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// Whose.
    pub company: CompanyId,
    /// Who sent it.
    pub actor: Actor,
    /// The file's name.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Its bytes, until the import is done.
    pub blob: BlobRef,
    /// Its heading.
    pub heading: Vec<String>,
    /// Its rows.
    pub rows: usize,
}

/// What came of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Outcome {
    /// A record was added.
    Added,
    /// A record was found, and says what the row says.
    Found {
        /// But for the consent: the record's is newer.
        #[serde(default)]
        older_consent: bool,
    },
    /// It was refused; the cells are kept for the file with refused rows.
    Refused {
        /// Why.
        faults: Vec<Fault>,
        /// The row.
        cells: Vec<String>,
    },
}

/// How far an import is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows in all.
    pub rows: usize,
    /// Rows that are done.
    pub done: usize,
    /// Records added.
    pub added: usize,
    /// Records found.
    pub found: usize,
    /// Rows refused.
    pub refused: usize,
    /// Rows of those found whose consent was left out: the record's is newer.
    pub older_consents: usize,
    /// Whether it was begun.
    pub begun: bool,
}

impl Progress {
    /// True once every row is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.begun && self.done >= self.rows
    }
}

fn import(id: ImportId) -> Result<Record<Import>, StoreError> {
    names::ours(Record::new("customer-import", &id.to_string()))
}

fn plan_of(id: ImportId) -> Result<Record<Plan>, StoreError> {
    names::ours(Record::new("customer-import-plan", &id.to_string()))
}

/// Only one plan is ever carried out.
fn begin(id: ImportId) -> Result<Claim, StoreError> {
    names::ours(Claim::new("customer-import", &id.to_string()))
}

/// What came of a chunk. The last write wins: whoever writes it again has found the same.
fn chunk(id: ImportId, number: usize) -> Result<Record<Vec<Outcome>>, StoreError> {
    names::ours(Record::new("customer-import-rows", &format!("{id}-{number}")))
}

/// What came of the first rows of a chunk that somebody had no time to end, with its number. Not under the chunk's key: a write
/// that lands late must not take the place of all of it. An older one that comes back has some rows done again.
fn begun_chunk(id: ImportId) -> Result<Record<(usize, Vec<Outcome>)>, StoreError> {
    names::ours(Record::new("customer-import-rows", &format!("{id}-begun")))
}

fn chunks(import: &Import) -> usize {
    import.rows.div_ceil(CHUNK)
}

/// Takes a file in: nothing is written but the file.
///
/// # Errors
/// [`Refusal::Field`] with what is wrong with it; the store's.
pub async fn upload<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    name: &str,
    bytes: &[u8],
) -> Result<ImportId, Refusal> {
    let sheet = sheet::read(bytes)?;
    let id = ImportId::from_random(desk::random_bits(world.random()));
    let blob = Blob::write(world.kv(), &format!("import-{id}"), bytes).await?;
    let now = world.clock().now();
    let what = Import {
        company,
        actor: actor.clone(),
        name: name.chars().take(120).collect(),
        at: now,
        blob,
        heading: sheet.heading.iter().map(|h| h.chars().take(120).collect()).collect(),
        rows: sheet.rows.len(),
    };
    let mut commit = Commit::by(actor);
    commit.also(import(id)?.pair(&what)?);
    commit.append::<Pending>(&pending()?, None, vec![(id.to_string(), Fact::Sent { import: id, company })]);
    commit.run(world).await?;
    Ok(id)
}

/// A company's import.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn of_company<W: World>(world: &W, company: CompanyId, id: ImportId) -> Result<Import, Refusal> {
    let found = import(id)?.get(world.kv()).await?;
    found.filter(|i| i.company == company).ok_or(Refusal::NotFound("import"))
}

async fn sheet_of<W: World>(world: &W, import: &Import) -> Result<Sheet, Refusal> {
    match Blob::read(world.kv(), &import.blob).await {
        Ok(bytes) => Ok(sheet::read(&bytes)?),
        // Deleted once it was done.
        Err(StoreError::Corrupt { .. }) => Err(Refusal::NotFound("file")),
        Err(e) => Err(e.into()),
    }
}

/// What the columns most likely hold.
#[must_use]
pub fn guess(import: &Import, desk: &Desk) -> Vec<Target> {
    let mut taken: Vec<Target> = Vec::new();
    for heading in &import.heading {
        let guess = Target::guess(heading, desk);
        let many = matches!(guess, Target::Nothing | Target::Phone | Target::Email);
        taken.push(if many || !taken.contains(&guess) { guess } else { Target::Nothing });
    }
    taken
}

/// A row of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct Previewed {
    /// Its number, from 1.
    pub number: usize,
    /// Its cells.
    pub cells: Vec<String>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// The record it is about, if it finds one.
    pub found: Option<CustomerId>,
}

/// Looks at the first rows under a plan, and counts in all of them those that would be refused for what they say.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`] if the plan cannot be one; the store's.
pub async fn preview<W: World>(
    world: &W,
    company: CompanyId,
    id: ImportId,
    plan: &Plan,
) -> Result<(Vec<Previewed>, usize), Refusal> {
    let import = of_company(world, company, id).await?;
    let (sheet, desk) =
        try_join(sheet_of(world, &import), async { Ok(desk::read(world, company).await?.state) }).await?;
    check(plan, &import, &desk)?;
    let now = world.clock().now();
    let understood = |cells: &Vec<String>| understand(plan, &desk, cells, &import, now);
    let refused = sheet.rows.iter().filter(|cells| understood(cells).is_err()).count();
    let mut rows = Vec::new();
    for (number, cells) in (1..).zip(sheet.rows.iter().take(PREVIEW)) {
        let (faults, found) = match understood(cells) {
            Ok(row) => match find(world, company, plan, &row).await? {
                None if row.name.is_none() => (vec![nameless()], None),
                found => (Vec::new(), found),
            },
            Err(faults) => (faults, None),
        };
        rows.push(Previewed { number, cells: cells.clone(), faults, found });
    }
    Ok((rows, refused))
}

fn nameless() -> Fault {
    Fault { what: "name".into(), value: String::new() }
}

fn understand(
    plan: &Plan,
    desk: &Desk,
    cells: &[String],
    import: &Import,
    now: Timestamp,
) -> Result<Understood, Vec<Fault>> {
    row::understand(plan, desk, cells, &import.name, now)
}

/// A plan has a column for every column of the file and something to find by that is among them.
fn check(plan: &Plan, import: &Import, desk: &Desk) -> Result<(), Refusal> {
    let bad = |field, key| Err(Refusal::Field { field, key });
    if plan.columns.len() != import.heading.len() {
        return bad("columns", "crm-import-columns");
    }
    let unknown = |t: &Target| matches!(t, Target::Field { field } if desk.field(*field).is_none());
    if plan.columns.iter().any(unknown) {
        return bad("columns", "crm-import-columns");
    }
    let once = |t: &&Target| !matches!(t, Target::Nothing | Target::Phone | Target::Email);
    let mut seen: Vec<&Target> = Vec::new();
    for target in plan.columns.iter().filter(once) {
        if seen.contains(&target) {
            return bad("columns", "crm-import-twice");
        }
        seen.push(target);
    }
    let needed = match plan.finder {
        row::Finder::Nothing => Target::Name,
        row::Finder::Phone => Target::Phone,
        row::Finder::Email => Target::Email,
        row::Finder::Nip => Target::Nip,
        row::Finder::Field { field } => {
            if desk.field(field).is_none_or(|f| !f.kind.is_text()) {
                return bad("finder", "crm-import-finder");
            }
            Target::Field { field }
        }
    };
    if plan.columns.contains(&needed) { Ok(()) } else { bad("finder", "crm-import-finder") }
}

/// The record a row is about.
async fn find<W: World>(
    world: &W,
    company: CompanyId,
    plan: &Plan,
    row: &Understood,
) -> Result<Option<CustomerId>, StoreError> {
    for key in row.keys(plan.finder) {
        if let Some(id) = lookup::holders(world, company, &key).await?.first() {
            return Ok(Some(super::survivor(world, *id).await?));
        }
    }
    Ok(None)
}

/// Begins an import, and works on it until `until` (monotonic). Begun twice it goes on under the first plan.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`] if the plan cannot be one; the store's.
pub async fn start<W: World>(
    world: &W,
    company: CompanyId,
    id: ImportId,
    plan: &Plan,
    until: Duration,
) -> Result<(), Refusal> {
    let import = of_company(world, company, id).await?;
    let desk = desk::read(world, company).await?.state;
    check(plan, &import, &desk)?;
    if begin(id)?.take(world.kv()).await? == 1 {
        plan_of(id)?.set(world.kv(), plan).await?;
    } else if plan_of(id)?.get(world.kv()).await?.is_none() {
        // Somebody is about to write it, or crashed: then the file has to be sent again.
        return Err(Refusal::Changed);
    }
    go_on(world, id, &import, until).await?;
    Ok(())
}

/// Works on an import that was begun until `until` (monotonic).
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn resume<W: World>(
    world: &W,
    company: CompanyId,
    id: ImportId,
    until: Duration,
) -> Result<(), Refusal> {
    let import = of_company(world, company, id).await?;
    go_on(world, id, &import, until).await?;
    Ok(())
}

/// How far an import is: as many reads as it has chunks, at once, and one.
///
/// # Errors
/// The store's.
pub async fn progress<W: World>(world: &W, id: ImportId, import: &Import) -> Result<Progress, StoreError> {
    let begun = plan_of(id)?.get(world.kv()).await?.is_some();
    let mut all = Progress { rows: import.rows, begun, ..Progress::default() };
    if begun {
        let mut chunks = outcomes(world, id, import).await?;
        if let Some((number, rows)) = begun_chunk(id)?.get(world.kv()).await?
            && let Some(chunk) = chunks.get_mut(number)
        {
            chunk.get_or_insert(rows);
        }
        for outcome in chunks.into_iter().flatten().flatten() {
            all.done += 1;
            match outcome {
                Outcome::Added => all.added += 1,
                Outcome::Found { older_consent } => {
                    all.found += 1;
                    all.older_consents += usize::from(older_consent);
                }
                Outcome::Refused { .. } => all.refused += 1,
            }
        }
    }
    Ok(all)
}

async fn outcomes<W: World>(
    world: &W,
    id: ImportId,
    import: &Import,
) -> Result<Vec<Option<Vec<Outcome>>>, StoreError> {
    let mut all = Vec::new();
    let numbers: Vec<usize> = (0..chunks(import)).collect();
    for some in numbers.chunks(64) {
        let read = some.iter().map(|n| async move { chunk(id, *n)?.get(world.kv()).await });
        for found in join_all(read).await {
            all.push(found?);
        }
    }
    Ok(all)
}

/// Works through chunks that are not done; whether all are.
async fn go_on<W: World>(world: &W, id: ImportId, import: &Import, until: Duration) -> Result<bool, Refusal> {
    let Some(plan) = plan_of(id)?.get(world.kv()).await? else { return Ok(false) };
    let known = outcomes(world, id, import).await?;
    let missing: Vec<usize> = (0..).zip(&known).filter(|(_, o)| o.is_none()).map(|(n, _)| n).collect();
    if missing.is_empty() {
        return Ok(true);
    }
    let sheet = sheet_of(world, import).await?;
    let desk = desk::read(world, import.company).await?.state;
    let mut begun = begun_chunk(id)?.get(world.kv()).await?;
    for number in missing {
        let mut done = begun.take_if(|(of, _)| *of == number).map(|(_, rows)| rows).unwrap_or_default();
        let first = number.saturating_mul(CHUNK);
        let left = (first..).zip(sheet.rows.iter().skip(first).take(CHUNK)).skip(done.len());
        let known = done.len();
        for (at, cells) in left {
            let stopped = if world.clock().monotonic() >= until {
                Ok(false)
            } else {
                match take(world, id, import, &plan, &desk, at, cells).await {
                    Ok(outcome) => {
                        done.push(outcome);
                        continue;
                    }
                    Err(e) => Err(e),
                }
            };
            if done.len() > known {
                begun_chunk(id)?.set(world.kv(), &(number, done)).await?;
            }
            return stopped;
        }
        chunk(id, number)?.set(world.kv(), &done).await?;
    }
    Ok(true)
}

/// Makes a row a record.
async fn take<W: World>(
    world: &W,
    id: ImportId,
    import: &Import,
    plan: &Plan,
    desk: &Desk,
    at: usize,
    cells: &[String],
) -> Result<Outcome, Refusal> {
    let refused = |faults: Vec<Fault>| Ok(Outcome::Refused { faults, cells: cells.to_vec() });
    // When the file was sent: saying it again does not make a consent newer.
    let row = match understand(plan, desk, cells, import, import.at) {
        Ok(row) => row,
        Err(faults) => return refused(faults),
    };
    let own = CustomerId::deterministic(&[&id.to_bytes(), &(at as u64).to_be_bytes()]);
    let company = import.company;
    let found = find(world, company, plan, &row).await?.filter(|found| *found != own);
    let written = match found {
        Some(found) => match complete(world, import, found, &row).await {
            Err(Refusal::NotFound(_)) => return refused(vec![nameless()]),
            done => done,
        },
        None if row.name.is_none() => return refused(vec![nameless()]),
        None => {
            let details = row.details.clone();
            add_as(world, company, import.actor.clone(), own, details).await.map(|_| Outcome::Added)
        }
    };
    match written {
        Ok(outcome) => Ok(outcome),
        Err(Refusal::Store(e)) => Err(e.into()),
        Err(e) => refused(vec![Fault { what: "record".into(), value: e.to_string() }]),
    }
}

/// Has a record say what a row says.
async fn complete<W: World>(
    world: &W,
    import: &Import,
    found: CustomerId,
    row: &Understood,
) -> Result<Outcome, Refusal> {
    let mut refusal = Refusal::Changed;
    for _ in 0..COMPLETIONS {
        let (found, reading) = standing_for(world, found).await?;
        let seen = reading.state.version();
        let Some(before) = reading.state.details.clone() else { return Err(Refusal::NotFound("customer")) };
        let (next, older_consent) = row.onto(before, |number| reading.state.consent_to(number));
        let actor = import.actor.clone();
        // Somebody may take a consent back right now.
        match change_seen(world, import.company, actor, found, next, Some(seen)).await {
            Ok(()) => return Ok(Outcome::Found { older_consent }),
            Err(changed @ Refusal::Changed) => refusal = changed,
            Err(e) => return Err(e),
        }
    }
    Err(refusal)
}

/// The refused rows of an import as a file like the one that was sent, with a last column of reasons, which `say` puts into
/// words.
///
/// # Errors
/// The store's.
pub async fn refused<W: World>(
    world: &W,
    id: ImportId,
    import: &Import,
    reasons: String,
    say: impl Fn(&Fault) -> String,
) -> Result<Vec<u8>, StoreError> {
    let mut heading = import.heading.clone();
    heading.push(reasons);
    let mut rows = vec![heading];
    for outcome in outcomes(world, id, import).await?.into_iter().flatten().flatten() {
        if let Outcome::Refused { faults, mut cells } = outcome {
            cells.resize(import.heading.len().max(cells.len()), String::new());
            cells.push(faults.iter().map(&say).collect::<Vec<_>>().join("; "));
            rows.push(cells);
        }
        if rows.len() > REFUSED {
            break;
        }
    }
    Ok(sheet::write(rows))
}

/// What is written about imports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
enum Fact {
    /// A file was sent.
    Sent {
        /// The import.
        import: ImportId,
        /// Whose.
        company: CompanyId,
    },
    /// All its rows are done and the file is deleted.
    Done {
        /// The import.
        import: ImportId,
    },
    /// Nothing of it is left.
    Gone {
        /// The import.
        import: ImportId,
    },
}

/// Imports of which something is left.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Pending {
    /// When it was sent, and whether it is done.
    all: BTreeMap<ImportId, (Timestamp, bool)>,
}

impl Aggregate for Pending {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        match &entry.fact {
            Fact::Sent { import, .. } => {
                state.all.entry(*import).or_insert((entry.at(), false)).0 = entry.at();
            }
            Fact::Done { import } => {
                if let Some(known) = state.all.get_mut(import) {
                    known.1 = true;
                }
            }
            Fact::Gone { import } => {
                state.all.remove(import);
            }
        }
    }
}

fn pending() -> Result<Journal<Pending>, StoreError> {
    Ok(Journal::at(names::customer_imports()?))
}

/// Goes on with imports that were begun, and deletes what is no longer needed, until `until` (monotonic). Gives how many are
/// done.
///
/// # Errors
/// The store's, if the list of them cannot be read; one that fails is logged and tried again by the next tick.
pub async fn go_on_with_all<W: World>(world: &W, until: Duration) -> Result<u64, StoreError> {
    let journal = pending()?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let (mut facts, mut done) = (Vec::new(), 0);
    for (id, (at, is_done)) in &reading.state.all {
        if world.clock().monotonic() >= until {
            break;
        }
        match one(world, *id, *at, *is_done, until).await {
            Ok(Some(fact)) => {
                done += u64::from(matches!(fact, Fact::Done { .. }));
                facts.push((format!("{:016x}", world.random().u64()), fact));
            }
            Ok(None) => {}
            Err(e) => world.log().write(Level::Error, &format!("import {id} goes on later: {e}")),
        }
    }
    if !facts.is_empty() {
        let mut commit = Commit::by(Actor::System("import".into()));
        commit.append(&journal, Some(&reading), facts);
        commit.run(world).await?;
    }
    Ok(done)
}

async fn one<W: World>(
    world: &W,
    id: ImportId,
    at: Timestamp,
    is_done: bool,
    until: Duration,
) -> Result<Option<Fact>, Refusal> {
    let Some(what) = import(id)?.get(world.kv()).await? else { return Ok(Some(Fact::Gone { import: id })) };
    if world.clock().now().since(at) > KEPT {
        forget(world, id, &what).await?;
        return Ok(Some(Fact::Gone { import: id }));
    }
    if !is_done && go_on(world, id, &what, until).await? {
        Blob::delete(world.kv(), &what.blob).await?;
        return Ok(Some(Fact::Done { import: id }));
    }
    Ok(None)
}

/// Deletes the file and what came of its rows.
async fn forget<W: World>(world: &W, id: ImportId, what: &Import) -> Result<(), StoreError> {
    Blob::delete(world.kv(), &what.blob).await?;
    for number in 0..chunks(what) {
        chunk(id, number)?.delete(world.kv()).await?;
    }
    begun_chunk(id)?.delete(world.kv()).await?;
    plan_of(id)?.delete(world.kv()).await?;
    import(id)?.delete(world.kv()).await
}
