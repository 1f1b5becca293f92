//! Records of the CRM (H9, H10): who a customer is, how they are reached, and the fields administrators add.

use crate::desk::random_bits;
use crate::error::Refusal;
use crate::names;
use mostek_domain::{
    CompanyId, CustomerId, EmailAddress, FieldId, Nip, PersonName, PhoneNumber, SmsConsent, Timestamp,
};
use mostek_ports::{Clock, Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Filter, Index, Journal, Reading, Row, RowRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Phones, e-mails or fields of one record at most.
pub const MOST: usize = 20;
/// Characters in notes at most.
pub const NOTES_CHARS: usize = 5_000;
/// Characters in a field's value at most.
pub const VALUE_CHARS: usize = 200;
/// Rows per page at most.
pub const PAGE: usize = 50;

/// What a record says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Name.
    pub name: PersonName,
    /// Phones, each with its consent to SMS.
    #[serde(default)]
    pub phones: Vec<(PhoneNumber, SmsConsent)>,
    /// E-mail addresses.
    #[serde(default)]
    pub emails: Vec<EmailAddress>,
    /// Tax number, for a company.
    #[serde(default)]
    pub nip: Option<Nip>,
    /// Locale such as `pl_PL`, from an order.
    #[serde(default)]
    pub locale: Option<String>,
    /// Notes.
    #[serde(default)]
    pub notes: String,
    /// Values of the fields that administrators added.
    #[serde(default)]
    pub fields: BTreeMap<FieldId, String>,
}

/// What is written about a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// It was added.
    Added {
        /// Whose.
        company: CompanyId,
        /// What it says.
        details: Details,
        /// Slots of list rows this one replaces (none).
        #[serde(default)]
        replaces: Vec<u64>,
    },
    /// It was changed: all of it.
    Changed {
        /// What it says now.
        details: Details,
        /// Slots of list rows this one replaces.
        #[serde(default)]
        replaces: Vec<u64>,
    },
}

/// A record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Whose; `None` in a journal where nothing was written yet.
    pub company: Option<CompanyId>,
    /// What it says.
    pub details: Option<Details>,
    details_slot: u64,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Rows in the list that are not replaced yet.
    pub rows: Vec<RowRef>,
}

const ROW: &str = "row";

impl Aggregate for Customer {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        Self::repeated(state, entry);
        let details = match &entry.fact {
            Fact::Added { company, details, .. } => {
                if state.company.is_none() {
                    state.added_at = entry.at();
                }
                state.company.get_or_insert(*company);
                details
            }
            Fact::Changed { details, .. } => details,
        };
        if state.details.is_none() || entry.slot > state.details_slot {
            state.details = Some(details.clone());
            state.details_slot = entry.slot;
            state.changed_at = entry.at();
        }
    }

    fn repeated(state: &mut Self, entry: &Entry<Fact>) {
        let (Fact::Added { replaces, .. } | Fact::Changed { replaces, .. }) = &entry.fact;
        state.rows.retain(|r| !replaces.contains(&r.slot));
        if let Some(slot) = entry.refs.get(ROW)
            && !state.rows.iter().any(|r| r.slot == *slot)
        {
            state.rows.push(RowRef { slot: *slot, attributes: vec![0] });
        }
    }
}

/// Which records have a value in a field. `true` claims it, `false` gives it up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    record: CustomerId,
    holds: bool,
}

/// The records that have a value, each with the slot that said so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Holders(BTreeMap<CustomerId, (u64, bool)>);

impl Aggregate for Holders {
    type Fact = Claim;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Claim>) {
        let now = (entry.slot, entry.fact.holds);
        let held = state.0.entry(entry.fact.record).or_insert(now);
        if held.0 < entry.slot {
            *held = now;
        }
    }
}

/// What the list shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The record.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// First phone.
    pub phone: Option<String>,
    /// First e-mail.
    pub email: Option<String>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// A page of records, last changed first.
#[derive(Debug, Clone)]
pub struct CustomerPage {
    /// The records.
    pub customers: Vec<Summary>,
    /// The cursor of the next page.
    pub next: Option<u64>,
    /// How many there are.
    pub total: u64,
}

/// The list of a company's records.
///
/// # Errors
/// Never for an id of ours.
pub fn index(company: CompanyId) -> Result<Index, StoreError> {
    Ok(Index::at(names::customers(company)?))
}

fn journal(id: CustomerId) -> Result<Journal<Customer>, StoreError> {
    Ok(Journal::at(names::customer(id)?))
}

/// Reads a record, also one that is not there (then `details` is `None`): two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W, id: CustomerId) -> Result<Reading<Customer>, StoreError> {
    journal(id)?.read(world.kv(), world.clock()).await
}

/// A company's record.
///
/// # Errors
/// [`Refusal::NotFound`] if the company has none of this id; the store's.
pub async fn of_company<W: World>(
    world: &W,
    company: CompanyId,
    id: CustomerId,
) -> Result<Customer, Refusal> {
    let reading = read(world, id).await?;
    if reading.state.company == Some(company) && reading.state.details.is_some() {
        Ok(reading.state)
    } else {
        Err(Refusal::NotFound("customer"))
    }
}

/// A page of the list.
///
/// # Errors
/// The store's.
pub async fn page<W: World>(
    world: &W,
    company: CompanyId,
    before: Option<u64>,
    limit: usize,
) -> Result<CustomerPage, StoreError> {
    let page =
        index(company)?.page(world.kv(), world.clock(), &Filter::default(), before, limit.min(PAGE)).await?;
    let customers = page.rows.into_iter().filter_map(|(_, r)| serde_json::from_value(r.data).ok()).collect();
    Ok(CustomerPage { customers, next: page.next, total: page.total })
}

/// The record whose field has exactly this value; of several the one that has had it longest.
///
/// # Errors
/// The store's.
pub async fn find<W: World>(
    world: &W,
    company: CompanyId,
    field: FieldId,
    value: &str,
) -> Result<Option<CustomerId>, StoreError> {
    let automatic = CustomerId::of_marketplace(company, field, value);
    let lookup = Journal::<Holders>::at(names::lookup(company, field, value)?);
    let (held, record) =
        futures::future::join(lookup.read(world.kv(), world.clock()), read(world, automatic)).await;
    let held = held?.state.0;
    let first =
        held.iter().filter(|(_, (_, holds))| *holds).min_by_key(|(_, (slot, _))| *slot).map(|(id, _)| *id);
    if first.is_some() {
        return Ok(first);
    }
    // A record that was added for a marketplace customer is found by its computed id, as long as the field still says so.
    let still = record?.state.details.is_some_and(|d| d.fields.get(&field).is_some_and(|v| v == value));
    Ok(still.then_some(automatic))
}

fn check(details: &Details) -> Result<(), Refusal> {
    if details.phones.len() > MOST || details.emails.len() > MOST || details.fields.len() > MOST {
        return Err(Refusal::TooMany { limit: MOST });
    }
    if details.notes.chars().count() > NOTES_CHARS {
        return Err(Refusal::TooLong { limit: NOTES_CHARS });
    }
    if details.fields.values().any(|v| v.chars().count() > VALUE_CHARS) {
        return Err(Refusal::TooLong { limit: VALUE_CHARS });
    }
    Ok(())
}

fn row(id: CustomerId, details: &Details, at: Timestamp, replaces: Vec<RowRef>) -> Result<Row, StoreError> {
    let summary = Summary {
        id,
        name: details.name.to_string(),
        phone: details.phones.first().map(|(p, _)| p.grouped()),
        email: details.emails.first().map(ToString::to_string),
        changed_at: at,
    };
    let data = serde_json::to_value(summary)
        .map_err(|e| StoreError::Corrupt { key: "customers".into(), reason: e.to_string() })?;
    Ok(Row { subject: id.to_string(), attributes: vec![0], replaces, listed: true, data })
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
    check(&details)?;
    let id = CustomerId::from_random(random_bits(world.random()));
    write(world, company, actor, id, None, details).await?;
    Ok(id)
}

/// Changes a record.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::TooMany`], [`Refusal::TooLong`]; the store's.
pub async fn change<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: CustomerId,
    details: Details,
) -> Result<(), Refusal> {
    check(&details)?;
    let reading = read(world, id).await?;
    if reading.state.company != Some(company) || reading.state.details.is_none() {
        return Err(Refusal::NotFound("customer"));
    }
    write(world, company, actor, id, Some(&reading), details).await
}

async fn write<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: CustomerId,
    before: Option<&Reading<Customer>>,
    details: Details,
) -> Result<(), Refusal> {
    let journal = journal(id)?;
    let old = before.and_then(|r| r.state.details.clone());
    let rows = before.map(|r| r.state.rows.clone()).unwrap_or_default();
    let replaces: Vec<u64> = rows.iter().map(|r| r.slot).collect();
    let fact_id = format!("{:016x}", world.random().u64());
    let empty = Reading::empty();
    let mut commit = Commit::by(actor);

    // Give up and claim the values that changed, so that tickets find the record by them.
    let none = BTreeMap::new();
    let (had, has) = (old.as_ref().map_or(&none, |d| &d.fields), &details.fields);
    for (field, value, holds) in had
        .iter()
        .filter(|(f, v)| has.get(f) != Some(v))
        .map(|(f, v)| (f, v, false))
        .chain(has.iter().filter(|(f, v)| had.get(f) != Some(v)).map(|(f, v)| (f, v, true)))
        .filter(|(_, v, _)| !v.trim().is_empty())
    {
        let lookup = Journal::<Holders>::at(names::lookup(company, *field, value)?);
        commit.append(
            &lookup,
            None,
            vec![(format!("{fact_id}-{field}-{holds}"), Claim { record: id, holds })],
        );
    }
    let handle = index(company)?
        .add(&mut commit, vec![(fact_id.clone(), row(id, &details, world.clock().now(), rows)?)]);
    let fact = match before {
        None => Fact::Added { company, details, replaces },
        Some(_) => Fact::Changed { details, replaces },
    };
    commit.append_with(
        &journal,
        Some(before.unwrap_or(&empty)),
        vec![(fact_id, fact)],
        vec![(ROW.to_owned(), handle, 0)],
        mostek_store::commit::Ride::WhenCheap,
    );
    commit.run(world).await?;
    Ok(())
}

/// A record to be added for a marketplace customer while their ticket is opened: the same customer always gets the same
/// record, so two tickets at once add one.
pub(crate) struct Automatic {
    pub(crate) id: CustomerId,
    pub(crate) details: Details,
}

/// What is written for such a record.
pub(crate) struct AutomaticParts {
    pub(crate) journal: Journal<Customer>,
    pub(crate) fact: (String, Fact),
    pub(crate) row: Row,
}

impl Automatic {
    /// The record's fact and row, to ride in the intake's commit. The caller adds all rows to the index at once.
    pub(crate) fn parts(&self, company: CompanyId, at: Timestamp) -> Result<AutomaticParts, StoreError> {
        let fact = Fact::Added { company, details: self.details.clone(), replaces: Vec::new() };
        Ok(AutomaticParts {
            journal: journal(self.id)?,
            fact: ("added".to_owned(), fact),
            row: row(self.id, &self.details, at, Vec::new())?,
        })
    }

    /// The name under which the record's entry keeps its row's slot.
    pub(crate) fn row_name() -> String {
        ROW.to_owned()
    }
}
