//! Finding records by exactly one value: a journal per value says which records have it.
//!
//! The journal's key is a hash of company, kind and value, so a lookup costs two reads at any number of records. A value
//! that two records have is how duplicates are noticed ([`super::duplicates`]).

use super::record::Customer;
use super::{read, survivor};
use crate::desk::Desk;
use crate::names;
use futures::future::{join, join_all};
use mostek_domain::{CompanyId, CustomerId, EmailAddress, FieldId, Nip, PhoneNumber};
use mostek_ports::{Level, Log, StoreError, World};
use mostek_store::{Aggregate, Commit, Entry, Journal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Computed ids tried for a marketplace customer whose earlier records were erased.
const GENERATIONS: u32 = 8;

/// Records that are remembered to have one value. What more have is nobody's own: a shop's address, a placeholder.
const PER_VALUE: usize = 500;
/// Entries behind the snapshot before another one is written.
const TAIL: usize = 16;

/// A value that records are found by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Key {
    /// A text field's value.
    Field {
        /// The field.
        field: FieldId,
        /// The value, trimmed.
        value: String,
    },
    /// A phone.
    Phone(
        /// The number.
        #[serde(with = "as_value")]
        PhoneNumber,
    ),
    /// An e-mail address.
    Email(
        /// The address.
        #[serde(with = "as_value")]
        EmailAddress,
    ),
    /// A tax number.
    Nip(
        /// The number.
        #[serde(with = "as_value")]
        Nip,
    ),
}

/// Internally tagged enums hold structs, so a lone value goes under a name.
mod as_value {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

    #[derive(Serialize, Deserialize)]
    struct Value<T> {
        value: T,
    }

    pub(super) fn serialize<T: Serialize, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        Value { value }.serialize(to)
    }

    pub(super) fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
        from: D,
    ) -> Result<T, D::Error> {
        Value::<T>::deserialize(from).map(|v| v.value)
    }
}

impl Key {
    /// A stable name for people: `field`, `phone`, `email`, `nip`.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Field { .. } => "field",
            Self::Phone(_) => "phone",
            Self::Email(_) => "email",
            Self::Nip(_) => "nip",
        }
    }

    fn journal(&self, company: CompanyId) -> Result<Journal<Holders>, StoreError> {
        let key = match self {
            Self::Field { field, value } => names::lookup(company, *field, value)?,
            Self::Phone(number) => names::lookup_of(company, "phone", number.as_str())?,
            Self::Email(address) => names::lookup_of(company, "email", address.as_str())?,
            Self::Nip(nip) => names::lookup_of(company, "nip", nip.as_str())?,
        };
        Ok(Journal::at(key))
    }
}

/// Which records have a value. `true` claims it, `false` gives it up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Claim {
    record: CustomerId,
    holds: bool,
}

/// The records that have a value, and those that gave it up, each with the slot that said so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Holders(BTreeMap<CustomerId, (u64, bool)>);

impl Holders {
    /// Forgets one record if there are too many: one that gave the value up long ago, of which nothing late can be found any
    /// more, else the last one that claimed it, for who has had it longest is found.
    fn cut(&mut self) {
        if self.0.len() <= PER_VALUE {
            return;
        }
        let gave_up = self.0.iter().filter(|(_, (_, holds))| !holds).min_by_key(|(_, (slot, _))| *slot);
        let too_many =
            gave_up.or_else(|| self.0.iter().max_by_key(|(_, (slot, _))| *slot)).map(|(id, _)| *id);
        if let Some(id) = too_many {
            self.0.remove(&id);
        }
    }
}

impl Aggregate for Holders {
    type Fact = Claim;
    type State = Self;
    const FOLD: u32 = 2;

    fn apply(state: &mut Self, entry: &Entry<Claim>) {
        let now = (entry.slot, entry.fact.holds);
        let held = state.0.entry(entry.fact.record).or_insert(now);
        if held.0 < entry.slot {
            *held = now;
        }
        state.cut();
    }
}

/// What a record is found by in the lookup journals.
pub(super) fn keys(state: &Customer, desk: &Desk) -> BTreeSet<Key> {
    let Some(details) = state.details.as_ref().filter(|_| state.is_live()) else { return BTreeSet::new() };
    let own = if state.is_indexed() { details.keys(desk) } else { details.field_keys(desk) };
    own.into_iter().chain(state.absorbed.iter().flat_map(|g| g.aliases.iter().cloned())).collect()
}

/// All a record may be found by in the lookup journals, whether it stands for itself or not.
pub(super) fn possible(state: &Customer, desk: &Desk) -> BTreeSet<Key> {
    let own = state.details.as_ref().map(|d| d.keys(desk)).unwrap_or_default();
    own.into_iter().chain(state.absorbed.iter().flat_map(|g| g.aliases.iter().cloned())).collect()
}

/// What a record gives up and what it claims.
pub(super) struct Moves {
    pub(super) record: CustomerId,
    pub(super) gives_up: BTreeSet<Key>,
    pub(super) claims: BTreeSet<Key>,
}

/// Gives up and claims values in a commit.
pub(super) fn update(
    commit: &mut Commit<'_>,
    company: CompanyId,
    fact_id: &str,
    moves: &[Moves],
) -> Result<(), StoreError> {
    let mut by_key: BTreeMap<&Key, Vec<(CustomerId, bool)>> = BTreeMap::new();
    for m in moves {
        for gone in m.gives_up.difference(&m.claims) {
            by_key.entry(gone).or_default().push((m.record, false));
        }
        for new in &m.claims {
            by_key.entry(new).or_default().push((m.record, true));
        }
    }
    for (key, claims) in by_key {
        let facts = claims
            .into_iter()
            .map(|(record, holds)| (format!("{fact_id}-{record}-{holds}"), Claim { record, holds }))
            .collect();
        commit.append(&key.journal(company)?, None, facts);
    }
    Ok(())
}

/// The records that have a value, whoever has had it longest first. Of those that are added for marketplace customers the
/// computed one is among them while it says so. At most [`PER_VALUE`] and that one.
///
/// # Errors
/// The store's.
pub async fn holders<W: World>(
    world: &W,
    company: CompanyId,
    key: &Key,
) -> Result<Vec<CustomerId>, StoreError> {
    let journal = key.journal(company)?;
    let (held, automatic) =
        join(journal.read(world.kv(), world.clock()), automatic(world, company, key)).await;
    let held = held?;
    // Whoever claims a value has not read who else has it, so nobody but a reader can write the snapshot.
    if held.tail() > TAIL
        && let Err(e) = journal.write_snapshot(world.kv(), &held).await
    {
        world.log().write(Level::Warning, &format!("a lookup has no snapshot: {e}"));
    }
    let held = held.state.0;
    let mut first: Vec<_> = held.iter().filter(|(_, (_, holds))| *holds).collect();
    first.sort_by_key(|(_, (slot, _))| *slot);
    let mut all: Vec<CustomerId> = first.into_iter().map(|(id, _)| *id).collect();
    if let Some(id) = automatic?
        && !all.contains(&id)
    {
        all.push(id);
    }
    Ok(all)
}

/// The record that was added for a marketplace customer, as long as its field still says so.
async fn automatic<W: World>(
    world: &W,
    company: CompanyId,
    key: &Key,
) -> Result<Option<CustomerId>, StoreError> {
    let Key::Field { field, value } = key else { return Ok(None) };
    for generation in 0..GENERATIONS {
        let id = automatic_id(company, *field, value, generation);
        let record = read(world, id).await?.state;
        if record.is_erased() {
            continue;
        }
        let says_so = record.is_live()
            && record.details.is_some_and(|d| d.fields.get(field).is_some_and(|v| v.trim() == value));
        return Ok(says_so.then_some(id));
    }
    Ok(None)
}

/// The computed id of a marketplace customer's record; later generations follow erased ones.
fn automatic_id(company: CompanyId, field: FieldId, value: &str, generation: u32) -> CustomerId {
    match generation {
        0 => CustomerId::of_marketplace(company, field, value),
        n => CustomerId::of_marketplace(company, field, &format!("{value}\u{0}{n}")),
    }
}

/// The id that a new record for a marketplace customer gets: two tickets at once add one. An id whose record was erased is
/// not used again, so that the person's next message does not look like the one that was erased.
///
/// # Errors
/// The store's.
pub(crate) async fn free_id<W: World>(
    world: &W,
    company: CompanyId,
    field: FieldId,
    value: &str,
) -> Result<CustomerId, StoreError> {
    for generation in 0..GENERATIONS {
        let id = automatic_id(company, field, value, generation);
        if !read(world, id).await?.state.is_erased() {
            return Ok(id);
        }
    }
    Ok(automatic_id(company, field, value, GENERATIONS))
}

/// The record whose text field has exactly this value; of several the one that has had it longest. A record that was
/// merged into another is found as that one.
///
/// # Errors
/// The store's.
pub async fn find<W: World>(
    world: &W,
    company: CompanyId,
    field: FieldId,
    value: &str,
) -> Result<Option<CustomerId>, StoreError> {
    let key = Key::Field { field, value: value.trim().to_owned() };
    match holders(world, company, &key).await?.first() {
        Some(id) => survivor(world, *id).await.map(Some),
        None => Ok(None),
    }
}

/// The records that have one of several values, each once, first found first; at most `most`.
///
/// # Errors
/// The store's.
pub async fn holders_of_any<W: World>(
    world: &W,
    company: CompanyId,
    keys: &[Key],
    most: usize,
) -> Result<Vec<(Key, CustomerId)>, StoreError> {
    let found = join_all(keys.iter().map(|key| holders(world, company, key))).await;
    let mut all = Vec::new();
    for (key, found) in keys.iter().zip(found) {
        for id in found? {
            if all.len() < most && !all.iter().any(|(_, known)| *known == id) {
                all.push((key.clone(), id));
            }
        }
    }
    Ok(all)
}
