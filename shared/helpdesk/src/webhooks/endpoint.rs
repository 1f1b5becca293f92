//! Addresses that are told of our events (W4): who wants to hear of what, and the secret that ours are signed with.

use super::source::sealing;
use super::{deliver, feed};
use crate::desk::random_bits;
use crate::error::Refusal;
use crate::names;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostek_domain::{CompanyId, ReplyId, TicketId, Timestamp, WebhookId};
use mostek_people::sealed::{self, SealError, Sealed};
use mostek_ports::{Random, Settings, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Reading};
use mostek_webhooks::address::{Address, AddressError};
use mostek_webhooks::{Scheme, Secret};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Endpoints of an installation at most.
pub const MOST: usize = 100;
/// How long messages are signed with the old secret too after a new one was made.
pub const OVERLAP: Duration = Duration::from_secs(24 * 3600);
/// The setting that lets addresses be plain HTTP and near: for stand-ins and tests.
const OPEN_SETTING: &str = "webhook_insecure";

/// Something that happens here and is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// A ticket was opened.
    #[serde(rename = "ticket.created")]
    TicketCreated,
    /// A reply has reached the marketplace.
    #[serde(rename = "ticket.replied")]
    TicketReplied,
}

impl EventKind {
    /// All, in the order of the form.
    pub const ALL: [Self; 2] = [Self::TicketCreated, Self::TicketReplied];

    /// The type in the payload; also form values.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TicketCreated => "ticket.created",
            Self::TicketReplied => "ticket.replied",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// What an administrator sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Where to.
    pub address: Address,
    /// Of what.
    pub events: BTreeSet<EventKind>,
    /// Whether it is told.
    pub active: bool,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id.
    pub id: WebhookId,
    /// Whose.
    pub company: CompanyId,
    /// What an administrator set.
    pub setup: Setup,
    setup_slot: u64,
    /// Only what was written into the list of tickets after this slot is told: how long it was when this was last switched
    /// on. No clock has a say, for clocks differ.
    pub from: u64,
    /// It answered that nothing is wanted there any more, and when.
    pub gone: Option<Timestamp>,
    /// The secret.
    pub secret: Sealed,
    secret_slot: u64,
    /// The one before, and until when messages are signed with it too.
    pub old_secret: Option<(Sealed, Timestamp)>,
}

impl Endpoint {
    /// Whether it is told of events.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.setup.active && self.gone.is_none()
    }

    /// Whether it is told of this kind.
    #[must_use]
    pub fn wants(&self, kind: EventKind) -> bool {
        self.is_active() && self.setup.events.contains(&kind)
    }
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// It was added.
    Added {
        /// The endpoint.
        id: WebhookId,
        /// Whose.
        company: CompanyId,
        /// What was set.
        setup: Setup,
        /// Its secret.
        secret: Sealed,
        /// How long the list of tickets was.
        from: u64,
    },
    /// It was changed.
    Changed {
        /// The endpoint.
        id: WebhookId,
        /// What was set.
        setup: Setup,
        /// How long the list of tickets was.
        from: u64,
    },
    /// It has a new secret.
    SecretRenewed {
        /// The endpoint.
        id: WebhookId,
        /// The secret.
        secret: Sealed,
    },
    /// It answered 410: nothing is wanted there any more.
    Gone {
        /// The endpoint.
        id: WebhookId,
    },
    /// It was deleted.
    Deleted {
        /// The endpoint.
        id: WebhookId,
    },
}

/// All endpoints.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Endpoints {
    /// Those that are there.
    pub all: BTreeMap<WebhookId, Endpoint>,
    deleted: Vec<WebhookId>,
}

impl Aggregate for Endpoints {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        let slot = entry.slot;
        match &entry.fact {
            Fact::Added { id, company, setup, secret, from } => {
                if !state.deleted.contains(id) {
                    state.all.entry(*id).or_insert_with(|| Endpoint {
                        id: *id,
                        company: *company,
                        setup: setup.clone(),
                        setup_slot: slot,
                        from: *from,
                        gone: None,
                        secret: secret.clone(),
                        secret_slot: slot,
                        old_secret: None,
                    });
                }
            }
            Fact::Changed { id, setup, from } => {
                if let Some(e) = state.all.get_mut(id).filter(|e| e.setup_slot < slot) {
                    // Switching on begins anew; what happened meanwhile is not told.
                    if setup.active && !e.is_active() {
                        e.from = *from;
                    }
                    e.setup_slot = slot;
                    e.setup = setup.clone();
                    e.gone = None;
                }
            }
            Fact::SecretRenewed { id, secret } => {
                if let Some(e) = state.all.get_mut(id).filter(|e| e.secret_slot < slot) {
                    let old = std::mem::replace(&mut e.secret, secret.clone());
                    e.old_secret = Some((old, entry.at().plus(OVERLAP)));
                    e.secret_slot = slot;
                }
            }
            Fact::Gone { id } => {
                if let Some(e) = state.all.get_mut(id).filter(|e| e.setup_slot < slot) {
                    e.gone = Some(entry.at());
                }
            }
            Fact::Deleted { id } => {
                state.all.remove(id);
                state.deleted.push(*id);
            }
        }
    }
}

pub(super) fn journal() -> Result<Journal<Endpoints>, StoreError> {
    Ok(Journal::at(names::webhook_endpoints()?))
}

/// Reads all endpoints: two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W) -> Result<Reading<Endpoints>, StoreError> {
    journal()?.read(world.kv(), world.clock()).await
}

/// The endpoints of a company, by address.
///
/// # Errors
/// The store's.
pub async fn of_company<W: World>(world: &W, company: CompanyId) -> Result<Vec<Endpoint>, StoreError> {
    let all = read(world).await?.state.all.into_values();
    let mut ours: Vec<Endpoint> = all.filter(|e| e.company == company).collect();
    ours.sort_by(|a, b| a.setup.address.url().cmp(b.setup.address.url()));
    Ok(ours)
}

/// A company's endpoint.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn one<W: World>(world: &W, company: CompanyId, id: WebhookId) -> Result<Endpoint, Refusal> {
    let mut all = read(world).await?.state.all;
    all.remove(&id).filter(|e| e.company == company).ok_or(Refusal::NotFound("endpoint"))
}

/// Whether addresses may be plain HTTP and near.
pub(super) async fn is_open<W: World>(world: &W) -> Result<bool, Refusal> {
    let set = world.settings().get(OPEN_SETTING).await.map_err(|e| Refusal::Settings(e.to_string()))?;
    Ok(set.is_some_and(|v| v.trim() == "yes"))
}

/// Reads an address under the installation's rules.
///
/// # Errors
/// The settings'; inside, [`AddressError`].
pub async fn address<W: World>(world: &W, text: &str) -> Result<Result<Address, AddressError>, Refusal> {
    Ok(Address::parse(text, is_open(world).await?))
}

fn seal_purpose(id: WebhookId) -> String {
    format!("webhook-endpoint:{id}")
}

/// A new secret: its text, and sealed.
async fn new_secret<W: World>(
    world: &W,
    company: CompanyId,
    id: WebhookId,
) -> Result<(String, Sealed), Refusal> {
    let mut bytes = [0u8; 32];
    world.random().fill(&mut bytes);
    let text = format!("whsec_{}", STANDARD.encode(bytes));
    let sealed = sealed::seal(world, &company, &seal_purpose(id), &text).await.map_err(sealing)?;
    Ok((text, sealed))
}

async fn write<W: World>(
    world: &W,
    actor: Actor,
    reading: &Reading<Endpoints>,
    fact: Fact,
) -> Result<(), StoreError> {
    let mut commit = Commit::by(actor);
    commit.append(&journal()?, Some(reading), vec![(format!("{:016x}", world.random().u64()), fact)]);
    commit.run(world).await?;
    Ok(())
}

fn found(reading: &Reading<Endpoints>, company: CompanyId, id: WebhookId) -> Result<&Endpoint, Refusal> {
    reading.state.all.get(&id).filter(|e| e.company == company).ok_or(Refusal::NotFound("endpoint"))
}

/// Adds an endpoint. Gives its id and its secret, which is shown this once.
///
/// # Errors
/// [`Refusal::Field`] without any event; [`Refusal::TooMany`]; the store's.
pub async fn add<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    setup: Setup,
) -> Result<(WebhookId, String), Refusal> {
    check(&setup)?;
    let reading = read(world).await?;
    if reading.state.all.len() >= MOST {
        return Err(Refusal::TooMany { limit: MOST });
    }
    let id = WebhookId::from_random(random_bits(world.random()));
    let (text, secret) = new_secret(world, company, id).await?;
    let from = begin(world, &reading, company).await?;
    write(world, actor, &reading, Fact::Added { id, company, setup, secret, from }).await?;
    Ok((id, text))
}

/// How long the list of tickets is. For the first endpoint of a company that listens it is followed from there.
async fn begin<W: World>(
    world: &W,
    reading: &Reading<Endpoints>,
    company: CompanyId,
) -> Result<u64, StoreError> {
    if reading.state.all.values().any(|e| e.company == company && e.is_active()) {
        return crate::list::index(company)?.upto(world.kv()).await;
    }
    feed::begin(world, company).await
}

fn check(setup: &Setup) -> Result<(), Refusal> {
    if setup.events.is_empty() {
        return Err(Refusal::Field { field: "events", key: "events-none" });
    }
    Ok(())
}

/// Changes an endpoint; one that has said that nothing is wanted is told again.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`] without any event; the store's.
pub async fn change<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: WebhookId,
    setup: Setup,
) -> Result<(), Refusal> {
    check(&setup)?;
    let reading = read(world).await?;
    found(&reading, company, id)?;
    let from = begin(world, &reading, company).await?;
    write(world, actor, &reading, Fact::Changed { id, setup, from }).await?;
    Ok(())
}

/// Gives an endpoint a new secret, which is shown this once. Messages carry a signature of the old one too for
/// [`OVERLAP`].
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn renew_secret<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: WebhookId,
) -> Result<String, Refusal> {
    let reading = read(world).await?;
    found(&reading, company, id)?;
    let (text, secret) = new_secret(world, company, id).await?;
    write(world, actor, &reading, Fact::SecretRenewed { id, secret }).await?;
    Ok(text)
}

/// Deletes an endpoint; what was on its way there is given up.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn delete<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: WebhookId,
) -> Result<(), Refusal> {
    let reading = read(world).await?;
    found(&reading, company, id)?;
    write(world, actor, &reading, Fact::Deleted { id }).await?;
    deliver::forget(world, id).await?;
    Ok(())
}

/// Deletes what was or would be sent about a ticket.
///
/// # Errors
/// The store's.
pub(crate) async fn forget<W: World>(
    world: &W,
    company: CompanyId,
    ticket: TicketId,
    replies: &[ReplyId],
) -> Result<(), StoreError> {
    let all = read(world).await?.state.all;
    let ours: Vec<WebhookId> = all.values().filter(|e| e.company == company).map(|e| e.id).collect();
    feed::forget(world, &ours, ticket, replies).await
}

impl Endpoint {
    /// The secrets to sign with now, the present one first.
    ///
    /// # Errors
    /// [`Refusal::NeedsAuthentication`] if the present one belongs to another installation; the store's.
    pub(super) async fn secrets<W: World>(&self, world: &W, now: Timestamp) -> Result<Vec<Secret>, Refusal> {
        let purpose = seal_purpose(self.id);
        let old = self.old_secret.as_ref().filter(|(_, until)| *until > now).map(|(s, _)| s);
        let mut all = Vec::new();
        for sealed in std::iter::once(&self.secret).chain(old) {
            match sealed::unseal(world, &self.company, &purpose, sealed).await {
                Ok(text) => all.extend(Secret::parse(Scheme::Standard, text.expose()).ok()),
                Err(SealError::EnterAgain) => {}
                Err(e) => return Err(sealing(e)),
            }
        }
        if all.is_empty() { Err(Refusal::NeedsAuthentication) } else { Ok(all) }
    }
}
