//! Marketplace connections: how each is set up and whether it runs (H1, H2, H4).
//!
//! All companies' connections are in one journal, so that a tick learns with two reads what there is to do. What polling
//! itself remembers is in a record of its own ([`Progress`]), because it changes with every poll.

use crate::error::Refusal;
use crate::names;
use mostek_connectors::{BaseAddress, LinkTemplate, PageToken, ShopId};
use mostek_domain::{CategoryId, CompanyId, ConnectionId, FieldId, Label, QueueId, Reason, Timestamp};
use mostek_people::sealed::Sealed;
use mostek_ports::{Clock, Level, Log, Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal, Reading, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Connections of an installation at most.
pub const MOST: usize = 200;
/// The shortest poll interval in seconds (Mirakl's pages ask for no more than one call a minute).
pub const SHORTEST_INTERVAL: u32 = 60;
/// The longest.
pub const LONGEST_INTERVAL: u32 = 24 * 3600;

/// What an administrator sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Internal name.
    pub name: Label,
    /// The CRM field that holds the customer's marketplace id.
    pub field: Option<FieldId>,
    /// Where its tickets go.
    pub queue: QueueId,
    /// Their category.
    pub category: Option<CategoryId>,
    /// Seconds between polls.
    pub interval: u32,
    /// Whether a customer who is not in the CRM is added to it.
    pub add_customers: bool,
    /// Link to a conversation.
    pub link: LinkTemplate,
    /// What its tickets show as their source; without one the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Label>,
}

/// Whether it polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    /// No.
    Stopped,
    /// Yes.
    Running,
    /// No, because the marketplace refused the key.
    NeedsAuthentication,
}

/// One connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose.
    pub company: CompanyId,
    /// The kind of marketplace, by its name in the connectors' registry ("EmpikPlace").
    pub kind: String,
    /// The marketplace's base address.
    pub base: BaseAddress,
    /// Shop id at the marketplace; without it the key's own shop.
    pub shop_id: Option<ShopId>,
    /// The shop's name, as the marketplace said when it was authenticated.
    pub shop_name: Option<String>,
    /// The sealed API key.
    pub key: Sealed,
    /// When the key was last found to work.
    pub authenticated_at: Timestamp,
    key_slot: u64,
    /// What an administrator sets; `None` until the first save.
    pub setup: Option<Setup>,
    setup_slot: u64,
    /// Whether it polls.
    pub run: Run,
    run_slot: u64,
    /// The moment of switching on: only conversations with a message after it are taken.
    pub since: Option<Timestamp>,
    /// Why the marketplace refused the key.
    pub refused: Option<Reason>,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// A key was tried and works: a new connection, or a new key for one.
    Authenticated {
        /// The connection.
        id: ConnectionId,
        /// Whose.
        company: CompanyId,
        /// Kind.
        kind: String,
        /// Base address.
        base: BaseAddress,
        /// Shop id.
        shop_id: Option<ShopId>,
        /// Shop name.
        shop_name: Option<String>,
        /// The key.
        key: Sealed,
    },
    /// An administrator saved it.
    Saved {
        /// The connection.
        id: ConnectionId,
        /// What was set.
        setup: Setup,
    },
    /// It was switched on.
    Started {
        /// The connection.
        id: ConnectionId,
        /// Conversations with a message after this are taken.
        since: Timestamp,
    },
    /// It was switched off.
    Stopped {
        /// The connection.
        id: ConnectionId,
    },
    /// The marketplace refused the key while polling or sending.
    Refused {
        /// The connection.
        id: ConnectionId,
        /// Why.
        #[serde(flatten)]
        why: Reason,
        /// Which key it refused: a newer one is not touched by it.
        key_slot: u64,
    },
    /// It was deleted; its tickets stay.
    Deleted {
        /// The connection.
        id: ConnectionId,
    },
}

/// All connections.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Connections {
    /// Those that are there.
    pub all: BTreeMap<ConnectionId, Connection>,
    deleted: Vec<ConnectionId>,
}

impl Aggregate for Connections {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 2;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        let slot = entry.slot;
        match &entry.fact {
            Fact::Authenticated { id, company, kind, base, shop_id, shop_name, key } => {
                if state.deleted.contains(id) {
                    return;
                }
                let c = state.all.entry(*id).or_insert_with(|| Connection {
                    id: *id,
                    company: *company,
                    kind: kind.clone(),
                    base: base.clone(),
                    shop_id: *shop_id,
                    shop_name: None,
                    key: key.clone(),
                    authenticated_at: entry.at(),
                    key_slot: 0,
                    setup: None,
                    setup_slot: 0,
                    run: Run::Stopped,
                    run_slot: 0,
                    since: None,
                    refused: None,
                });
                if c.key_slot < slot {
                    c.key_slot = slot;
                    c.kind.clone_from(kind);
                    c.base.clone_from(base);
                    c.shop_id = *shop_id;
                    c.shop_name.clone_from(shop_name);
                    c.key = key.clone();
                    c.authenticated_at = entry.at();
                    c.refused = None;
                    // A new key ends the wait for one, and polling goes on where it stopped.
                    if c.run == Run::NeedsAuthentication && c.run_slot < slot {
                        c.run = Run::Running;
                        c.run_slot = slot;
                    }
                }
            }
            Fact::Saved { id, setup } => {
                if let Some(c) = state.all.get_mut(id).filter(|c| c.setup_slot < slot) {
                    c.setup_slot = slot;
                    c.setup = Some(setup.clone());
                }
            }
            Fact::Started { id, since } => {
                if let Some(c) = state.all.get_mut(id).filter(|c| c.run_slot < slot) {
                    c.run_slot = slot;
                    c.run = Run::Running;
                    c.refused = None;
                    // Switching off and on again does not move the moment back: what came meanwhile is taken too.
                    c.since.get_or_insert(*since);
                }
            }
            Fact::Stopped { id } => {
                if let Some(c) = state.all.get_mut(id).filter(|c| c.run_slot < slot) {
                    c.run_slot = slot;
                    c.run = Run::Stopped;
                }
            }
            Fact::Refused { id, why, key_slot } => {
                if let Some(c) =
                    state.all.get_mut(id).filter(|c| c.run_slot < slot && c.key_slot == *key_slot)
                {
                    c.run_slot = slot;
                    c.refused = Some(why.clone());
                    if c.run == Run::Running {
                        c.run = Run::NeedsAuthentication;
                    }
                }
            }
            Fact::Deleted { id } => {
                state.all.remove(id);
                state.deleted.push(*id);
            }
        }
    }
}

/// How far polling is. A record: whoever polls last writes it. Going back to an older value only makes the next poll take
/// messages again that it finds to be there already; a cursor that was ever written is right for ever, because it is
/// written after everything before it is stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Everything that changed before this at the marketplace is stored.
    pub cursor: Option<Timestamp>,
    /// A poll that ran out of time goes on with this page...
    #[serde(default)]
    pub page_token: Option<PageToken>,
    /// ... and will have reached this moment at its end.
    #[serde(default)]
    pub reaching: Option<Timestamp>,
    /// Not polled before this.
    pub due: Timestamp,
    /// Polls that failed in a row.
    pub failures: u32,
    /// When the pass over the pages that is under way began, by our clock.
    #[serde(default)]
    pub started: Option<Timestamp>,
    /// A conversation of this pass could not be read whole, so the cursor must not move past it.
    #[serde(default)]
    pub partial: bool,
    /// Passes in a row of which that is true: after some, polling goes on without those conversations' older messages.
    #[serde(default)]
    pub partials: u32,
    /// Times in a row that a page of conversations was too much for the marketplace: the next one is shorter.
    #[serde(default)]
    pub shorter: u32,
    /// The marketplace asked to wait until this.
    #[serde(default)]
    pub throttled_until: Option<Timestamp>,
    /// The last poll that worked.
    #[serde(default)]
    pub last_success: Option<Timestamp>,
    /// The last poll that did not, and why in English.
    #[serde(default)]
    last_error: Option<(Timestamp, String)>,
    /// The same reason for people, if whoever wrote it could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_reason: Option<Reason>,
    /// Messages taken so far (about: a crash may lose some of the count, never of the messages).
    #[serde(default)]
    pub taken: u64,
}

impl Progress {
    /// The last poll that did not work, and why.
    #[must_use]
    pub fn last_error(&self) -> Option<(Timestamp, Reason)> {
        let (at, why) = self.last_error.as_ref()?;
        let reason = self.last_reason.clone().filter(|r| r.why == *why);
        Some((*at, reason.unwrap_or_else(|| Reason::told(why))))
    }

    /// A poll did not work.
    pub(crate) fn failed(&mut self, at: Timestamp, why: Reason) {
        self.last_error = Some((at, why.why.clone()));
        self.last_reason = Some(why);
    }
}

/// The record of a connection's progress.
///
/// # Errors
/// Never for an id of ours.
pub fn progress(id: ConnectionId) -> Result<Record<Progress>, StoreError> {
    names::ours(Record::new("poll", &id.to_string()))
}

/// The journal of all connections.
///
/// # Errors
/// Never.
pub fn journal() -> Result<Journal<Connections>, StoreError> {
    Ok(Journal::at(names::connections()?))
}

/// Reads all connections: two reads.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W) -> Result<Reading<Connections>, StoreError> {
    journal()?.read(world.kv(), world.clock()).await
}

/// A company's connection.
///
/// # Errors
/// [`Refusal::NotFound`] if the company has none of this id; the store's.
pub async fn of_company<W: World>(
    world: &W,
    company: CompanyId,
    id: ConnectionId,
) -> Result<Connection, Refusal> {
    let reading = read(world).await?;
    reading
        .state
        .all
        .get(&id)
        .filter(|c| c.company == company)
        .cloned()
        .ok_or(Refusal::NotFound("connection"))
}

/// Writes one fact about a connection.
///
/// # Errors
/// The store's.
pub(crate) async fn write<W: World>(world: &W, actor: Actor, fact: Fact) -> Result<(), StoreError> {
    let journal = journal()?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let mut commit = Commit::by(actor);
    commit.append(&journal, Some(&reading), vec![(format!("{:016x}", world.random().u64()), fact)]);
    commit.run(world).await?;
    Ok(())
}

/// Saves what an administrator set, and starts it if asked.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Field`] for an interval out of range; the store's.
pub async fn save<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: ConnectionId,
    setup: Setup,
    start_since: Option<Timestamp>,
) -> Result<(), Refusal> {
    if !(SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(&setup.interval) {
        return Err(Refusal::Field { field: "interval", key: "connection-interval-range" });
    }
    let desk = crate::desk::read(world, company).await?.state;
    if !desk.queues.iter().any(|q| q.id == setup.queue) {
        return Err(Refusal::NotFound("queue"));
    }
    if setup.category.is_some_and(|c| !desk.categories.iter().any(|k| k.id == c)) {
        return Err(Refusal::NotFound("category"));
    }
    match setup.field.map(|f| desk.field(f)) {
        Some(None) => return Err(Refusal::NotFound("field")),
        // Customers are found by exactly what the marketplace calls them.
        Some(Some(f)) if !f.kind.is_text() => {
            return Err(Refusal::Field { field: "field", key: "crm-connection-field-text" });
        }
        Some(Some(_)) | None => {}
    }
    let journal = journal()?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    if reading.state.all.get(&id).is_none_or(|c| c.company != company) {
        return Err(Refusal::NotFound("connection"));
    }
    let fact_id = format!("{:016x}", world.random().u64());
    let mut facts = vec![(format!("{fact_id}-s"), Fact::Saved { id, setup })];
    if let Some(since) = start_since {
        facts.push((format!("{fact_id}-r"), Fact::Started { id, since }));
    }
    let mut commit = Commit::by(actor);
    commit.append(&journal, Some(&reading), facts);
    commit.run(world).await?;
    Ok(())
}

/// Starts, stops or deletes a connection.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Field`] when one is started that was never saved; the store's.
pub async fn command<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    id: ConnectionId,
    command: Command,
) -> Result<(), Refusal> {
    let connection = of_company(world, company, id).await?;
    let fact = match command {
        Command::Start if connection.setup.is_none() => {
            return Err(Refusal::Field { field: "name", key: "connection-save-first" });
        }
        Command::Start => Fact::Started { id, since: world.clock().now() },
        Command::Stop => Fact::Stopped { id },
        Command::Delete => Fact::Deleted { id },
    };
    write(world, actor, fact).await?;
    if command == Command::Delete {
        forget_keys(world).await;
    }
    Ok(())
}

/// Takes the sealed keys that are not in use any more out of the journal: those of connections that were deleted, and those
/// that were replaced. It only clears up after what is written already, so a failure is noted and the next time does it.
pub(crate) async fn forget_keys<W: World>(world: &W) {
    if let Err(e) = try_forgetting_keys(world).await {
        world.log().write(Level::Error, &format!("keys that are not used any more are still there: {e}"));
    }
}

async fn try_forgetting_keys<W: World>(world: &W) -> Result<(), StoreError> {
    let journal = journal()?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    let used: Vec<Value> =
        reading.state.all.values().filter_map(|c| serde_json::to_value(&c.key).ok()).collect();
    let unread: BTreeSet<u64> = reading.holes().collect();
    let redact = |slot: u64, entry: &mut Value| {
        // A key that came after the reading, or landed in a slot that was empty then, is not judged by it.
        let was_read = slot <= reading.upto() && !unread.contains(&slot);
        let is_key = was_read && entry.pointer("/fact/fact") == Some(&"authenticated".into());
        let key = entry.pointer_mut("/fact/key").filter(|key| is_key && !used.contains(key));
        key.is_some_and(Sealed::forget)
    };
    journal.redact(world.kv(), redact).await?;
    let reading = journal.read(world.kv(), world.clock()).await?;
    journal.write_snapshot(world.kv(), &reading).await
}

/// What can be done to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Polling begins.
    Start,
    /// Polling ends.
    Stop,
    /// It is removed; its tickets stay.
    Delete,
}

impl Connection {
    /// The fact that the marketplace refused the key which this connection had when it was read.
    pub(crate) fn refused(&self, why: Reason) -> Fact {
        Fact::Refused { id: self.id, why, key_slot: self.key_slot }
    }

    /// What its tickets show as their source (H7).
    #[must_use]
    pub fn source(&self) -> String {
        let named = self.setup.as_ref().and_then(|s| s.source.as_ref());
        named.map_or_else(|| self.kind.clone(), ToString::to_string)
    }

    /// The link to a conversation at the marketplace; `None` if the template needs something the ticket does not have.
    #[must_use]
    pub fn conversation_link(&self, order: Option<&str>, thread: &str) -> Option<url::Url> {
        match &self.setup {
            Some(setup) => setup.link.link(&self.base, order, Some(thread)),
            None => LinkTemplate::parse(DEFAULT_LINK).ok()?.link(&self.base, order, Some(thread)),
        }
    }
}

/// The order's page in the marketplace's panel (no public address of a single conversation is known).
pub const DEFAULT_LINK: &str = "{base}/mmp/shop/order/{order_id}";

/// What a connection's key is sealed for.
#[must_use]
pub fn seal_purpose(id: ConnectionId) -> String {
    format!("connection:{id}")
}
