//! Shops whose events come by webhook: how each is set up (H8, W1).
//!
//! All companies' sources are in one journal, as marketplace connections are. A source has a connection's kind of id, so
//! that its tickets are tickets like all others.

use super::endpoint;
use crate::desk::random_bits;
use crate::error::Refusal;
use crate::names;
use mostek_domain::{CategoryId, CompanyId, ConnectionId, FieldId, Label, QueueId, Timestamp, WebhookId};
use mostek_people::sealed::{self, SealError, Sealed};
use mostek_ports::{Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Reading, Record};
use mostek_webhooks::{Mapping, Scheme, Secret};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sources of an installation at most.
pub const MOST: usize = 200;
/// Secrets of one source at most: the present one and those that are being given up.
pub const SECRETS: usize = 4;

/// What an administrator sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// What it is called; also the source that its tickets show.
    pub name: Label,
    /// How its requests are signed.
    pub scheme: Scheme,
    /// Where its tickets go.
    pub queue: QueueId,
    /// Their category.
    #[serde(default)]
    pub category: Option<CategoryId>,
    /// The CRM field that holds the customer's id at the shop.
    #[serde(default)]
    pub field: Option<FieldId>,
    /// Whether a customer who is not in the CRM is added to it.
    #[serde(default)]
    pub add_customers: bool,
    /// What its events mean.
    #[serde(default)]
    pub mapping: Mapping,
    /// The endpoint that takes answers to its tickets; without one they cannot be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<WebhookId>,
}

/// A secret of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSecret {
    /// Its name within the source: 16 hexadecimal digits.
    pub id: String,
    /// The secret.
    pub sealed: Sealed,
}

/// A source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its id, which is also its address: nobody can guess it.
    pub id: ConnectionId,
    /// Whose.
    pub company: CompanyId,
    /// What an administrator set.
    pub setup: Setup,
    setup_slot: u64,
    /// Its secrets, oldest first.
    pub secrets: Vec<SourceSecret>,
    /// Whether its requests are taken.
    pub is_on: bool,
    on_slot: u64,
    /// When it was added.
    pub added_at: Timestamp,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// It was added or changed.
    Saved {
        /// The source.
        id: ConnectionId,
        /// Whose.
        company: CompanyId,
        /// What was set.
        setup: Box<Setup>,
    },
    /// A secret was added.
    SecretAdded {
        /// The source.
        id: ConnectionId,
        /// The secret.
        secret: SourceSecret,
    },
    /// A secret was given up.
    SecretRemoved {
        /// The source.
        id: ConnectionId,
        /// Its name.
        secret: String,
    },
    /// It was switched on or off.
    Switched {
        /// The source.
        id: ConnectionId,
        /// Which.
        on: bool,
    },
    /// It was deleted; its tickets stay.
    Deleted {
        /// The source.
        id: ConnectionId,
    },
}

/// All sources.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    /// Those that are there.
    pub all: BTreeMap<ConnectionId, Source>,
    deleted: Vec<ConnectionId>,
    /// Secrets that were given up before their addition was read.
    removed: Vec<String>,
}

impl Aggregate for Sources {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        let slot = entry.slot;
        match &entry.fact {
            Fact::Saved { id, company, setup } => {
                if state.deleted.contains(id) {
                    return;
                }
                let s = state.all.entry(*id).or_insert_with(|| Source {
                    id: *id,
                    company: *company,
                    setup: (**setup).clone(),
                    setup_slot: 0,
                    secrets: Vec::new(),
                    is_on: true,
                    on_slot: 0,
                    added_at: entry.at(),
                });
                if s.setup_slot < slot {
                    s.setup_slot = slot;
                    s.setup = (**setup).clone();
                }
            }
            Fact::SecretAdded { id, secret } => {
                if state.removed.contains(&secret.id) {
                    return;
                }
                if let Some(s) = state.all.get_mut(id) {
                    s.secrets.push(secret.clone());
                }
            }
            Fact::SecretRemoved { id, secret } => {
                let there = state.all.get_mut(id).is_some_and(|s| {
                    let before = s.secrets.len();
                    s.secrets.retain(|k| k.id != *secret);
                    s.secrets.len() < before
                });
                if !there {
                    state.removed.push(secret.clone());
                }
            }
            Fact::Switched { id, on } => {
                if let Some(s) = state.all.get_mut(id).filter(|s| s.on_slot < slot) {
                    s.on_slot = slot;
                    s.is_on = *on;
                }
            }
            Fact::Deleted { id } => {
                state.all.remove(id);
                state.deleted.push(*id);
            }
        }
    }
}

/// What was last taken from a source, for its page. A record: an older value that comes back only shows less.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastTaken {
    /// When.
    pub at: Timestamp,
    /// The event's type.
    pub event_type: String,
    /// Events so far, about.
    pub count: u64,
}

/// The record of what was last taken from a source.
///
/// # Errors
/// Never for an id of ours.
pub fn last_taken(id: ConnectionId) -> Result<Record<LastTaken>, StoreError> {
    names::ours(Record::new("webhook-last", &id.to_string()))
}

fn journal() -> Result<Journal<Sources>, StoreError> {
    Ok(Journal::at(names::webhook_sources()?))
}

/// Reads all sources: two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W) -> Result<Reading<Sources>, StoreError> {
    journal()?.read(world.kv(), world.clock()).await
}

/// The sources of a company, by name.
///
/// # Errors
/// The store's.
pub async fn of_company<W: World>(world: &W, company: CompanyId) -> Result<Vec<Source>, StoreError> {
    let mut ours: Vec<Source> =
        read(world).await?.state.all.into_values().filter(|s| s.company == company).collect();
    ours.sort_by_cached_key(Source::place);
    Ok(ours)
}

/// A company's source.
///
/// # Errors
/// [`Refusal::NotFound`] if the company has none of this id; the store's.
pub async fn one<W: World>(world: &W, company: CompanyId, id: ConnectionId) -> Result<Source, Refusal> {
    let mut all = read(world).await?.state.all;
    all.remove(&id).filter(|s| s.company == company).ok_or(Refusal::NotFound("source"))
}

async fn write<W: World>(
    world: &W,
    actor: Actor,
    reading: &Reading<Sources>,
    facts: Vec<Fact>,
) -> Result<(), StoreError> {
    let facts = facts.into_iter().map(|fact| (format!("{:016x}", world.random().u64()), fact)).collect();
    let mut commit = Commit::by(actor);
    commit.append(&journal()?, Some(reading), facts);
    commit.run(world).await?;
    Ok(())
}

async fn check<W: World>(world: &W, company: CompanyId, setup: &Setup) -> Result<(), Refusal> {
    let desk = crate::desk::read(world, company).await?.state;
    if !desk.queues.iter().any(|q| q.id == setup.queue) {
        return Err(Refusal::Field { field: "queue", key: "unknown-choice" });
    }
    if setup.category.is_some_and(|c| !desk.categories.iter().any(|k| k.id == c)) {
        return Err(Refusal::Field { field: "category", key: "unknown-choice" });
    }
    if setup.field.is_some_and(|f| !desk.fields.iter().any(|k| k.id == f)) {
        return Err(Refusal::Field { field: "field", key: "unknown-choice" });
    }
    if let Some(id) = setup.answers {
        endpoint::one(world, company, id).await.map_err(|e| match e {
            Refusal::NotFound(_) => Refusal::Field { field: "answers", key: "unknown-choice" },
            other => other,
        })?;
    }
    Ok(())
}

async fn seal<W: World>(
    world: &W,
    company: CompanyId,
    id: ConnectionId,
    scheme: Scheme,
    text: &str,
) -> Result<SourceSecret, Refusal> {
    Secret::parse(scheme, text).map_err(|e| Refusal::Field { field: "secret", key: e.slug() })?;
    let sealed = sealed::seal(world, &company, &seal_purpose(id), text.trim()).await.map_err(sealing)?;
    Ok(SourceSecret { id: format!("{:016x}", world.random().u64()), sealed })
}

/// What a source's secrets are sealed for.
fn seal_purpose(id: ConnectionId) -> String {
    format!("webhook-source:{id}")
}

pub(super) fn sealing(e: SealError) -> Refusal {
    match e {
        SealError::EnterAgain => Refusal::NeedsAuthentication,
        SealError::Length => Refusal::Field { field: "secret", key: "secret-too-long" },
        SealError::Store(e) => Refusal::Store(e),
        e @ (SealError::Key | SealError::NotSetUp | SealError::Settings(_)) => {
            Refusal::Settings(e.to_string())
        }
    }
}

/// Adds a source, which is on at once.
///
/// # Errors
/// [`Refusal::Field`] for a secret that is none of the scheme, or a choice that is not there; [`Refusal::TooMany`]; the
/// store's.
pub async fn add<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    setup: Setup,
    secret: &str,
) -> Result<ConnectionId, Refusal> {
    check(world, company, &setup).await?;
    let id = ConnectionId::from_random(random_bits(world.random()));
    let secret = seal(world, company, id, setup.scheme, secret).await?;
    let reading = read(world).await?;
    if reading.state.all.len() >= MOST {
        return Err(Refusal::TooMany { limit: MOST });
    }
    let saved = Fact::Saved { id, company, setup: Box::new(setup) };
    write(world, actor, &reading, vec![saved, Fact::SecretAdded { id, secret }]).await?;
    Ok(id)
}

/// Changes a source. Its scheme stays: the secrets are of that scheme.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`]; the store's.
pub async fn save<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: ConnectionId,
    setup: Setup,
) -> Result<(), Refusal> {
    check(world, company, &setup).await?;
    let reading = read(world).await?;
    let before = found(&reading, company, id)?;
    let setup = Setup { scheme: before.setup.scheme, ..setup };
    write(world, actor, &reading, vec![Fact::Saved { id, company, setup: Box::new(setup) }]).await?;
    Ok(())
}

fn found(reading: &Reading<Sources>, company: CompanyId, id: ConnectionId) -> Result<&Source, Refusal> {
    reading.state.all.get(&id).filter(|s| s.company == company).ok_or(Refusal::NotFound("source"))
}

/// Adds a secret beside those that are there, so that the shop can change over at any moment. Gives its id.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`]; [`Refusal::TooMany`]; the store's.
pub async fn add_secret<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: ConnectionId,
    text: &str,
) -> Result<String, Refusal> {
    let reading = read(world).await?;
    let source = found(&reading, company, id)?;
    if source.secrets.len() >= SECRETS {
        return Err(Refusal::TooMany { limit: SECRETS });
    }
    let secret = seal(world, company, id, source.setup.scheme, text).await?;
    let added = secret.id.clone();
    write(world, actor, &reading, vec![Fact::SecretAdded { id, secret }]).await?;
    Ok(added)
}

/// Gives a secret up. The last one stays: without it nothing could be taken.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`] for the last one; the store's.
pub async fn remove_secret<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: ConnectionId,
    secret: &str,
) -> Result<(), Refusal> {
    let reading = read(world).await?;
    let source = found(&reading, company, id)?;
    if !source.secrets.iter().any(|s| s.id == secret) {
        return Err(Refusal::NotFound("secret"));
    }
    if source.secrets.len() == 1 {
        return Err(Refusal::Field { field: "secret", key: "secret-last" });
    }
    write(world, actor, &reading, vec![Fact::SecretRemoved { id, secret: secret.to_owned() }]).await?;
    Ok(())
}

/// What can be done to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Its requests are taken.
    SwitchOn,
    /// They are not.
    SwitchOff,
    /// It is removed; its tickets stay.
    Delete,
}

/// Switches a source on or off, or deletes it.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn command<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: ConnectionId,
    command: Command,
) -> Result<(), Refusal> {
    let reading = read(world).await?;
    found(&reading, company, id)?;
    let fact = match command {
        Command::SwitchOn => Fact::Switched { id, on: true },
        Command::SwitchOff => Fact::Switched { id, on: false },
        Command::Delete => Fact::Deleted { id },
    };
    write(world, actor, &reading, vec![fact]).await?;
    Ok(())
}

impl Source {
    /// By what sources are sorted: the name however it is written, then the id.
    #[must_use]
    pub fn place(&self) -> (String, ConnectionId) {
        (self.setup.name.to_string().to_lowercase(), self.id)
    }

    /// Its secrets, opened. Those that belong to another installation are left out.
    ///
    /// # Errors
    /// [`Refusal::NeedsAuthentication`] if none of them opens; the settings' and the store's.
    pub(super) async fn open<W: World>(&self, world: &W) -> Result<Vec<Secret>, Refusal> {
        let purpose = seal_purpose(self.id);
        let opened = self.secrets.iter().map(|s| sealed::unseal(world, &self.company, &purpose, &s.sealed));
        let mut all = Vec::new();
        for secret in futures::future::join_all(opened).await {
            match secret {
                Ok(text) => all.extend(Secret::parse(self.setup.scheme, text.expose()).ok()),
                Err(SealError::EnterAgain) => {}
                Err(e) => return Err(sealing(e)),
            }
        }
        if all.is_empty() { Err(Refusal::NeedsAuthentication) } else { Ok(all) }
    }
}
