//! Events that could not be understood: kept until somebody has mended the mapping or decides that they are not needed (W2).

use super::effect::{self, Identity, Outcome};
use super::source::{self, Source};
use crate::error::Refusal;
use crate::names;
use crate::ticket::Text;
use futures::future::try_join;
use http::{HeaderMap, HeaderName, HeaderValue};
use mostek_domain::{CompanyId, ConnectionId, Timestamp};
use mostek_ports::{Random, StoreError, World};
use mostek_store::{Actor, Aggregate, Blob, Commit, Entry, Journal, Reading};
use mostek_webhooks::Unreadable;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Letters of one source that wait at most. With so many something is wrong, and the sender is asked to come again.
pub const MOST: usize = 500;
/// Bytes of a body that stay beside the fact. Written as JSON they may become six times as many.
const INLINE_BODY: usize = 8_000;
/// Characters of a header that is kept.
const HEADER_CHARS: usize = 500;

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// An event could not be understood.
    Kept {
        /// Why not.
        reason: Unreadable,
        /// Those headers that say what it is, by name.
        headers: Vec<(String, String)>,
        /// The body. What is no UTF-8 is replaced: it could not be JSON.
        body: Text,
        /// Its length in bytes as it came.
        bytes: u64,
    },
    /// Somebody has decided.
    Settled {
        /// The letter.
        letter: String,
    },
}

/// A letter without its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its id: 32 hexadecimal digits.
    pub id: String,
    /// When it came.
    pub at: Timestamp,
    /// Why it could not be understood.
    pub reason: Unreadable,
    /// The event's type, if its header says it.
    pub event_type: Option<String>,
    /// Bytes of the body.
    pub bytes: u64,
    slot: u64,
}

impl Letter {
    /// Its place among the letters of its source: a later one has a higher slot.
    #[must_use]
    pub fn slot(&self) -> u64 {
        self.slot
    }
}

/// Those that wait.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letters {
    waiting: BTreeMap<String, Letter>,
}

impl Aggregate for Letters {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 1;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        match &entry.fact {
            Fact::Kept { reason, headers, bytes, .. } => {
                let event_type = headers.iter().find(|(n, _)| n == TYPE).map(|(_, v)| v.clone());
                state.waiting.entry(entry.id.clone()).or_insert_with(|| Letter {
                    id: entry.id.clone(),
                    at: entry.at(),
                    reason: *reason,
                    event_type,
                    bytes: *bytes,
                    slot: entry.slot,
                });
            }
            Fact::Settled { letter } => {
                state.waiting.remove(letter);
            }
        }
    }
}

/// The name under which the event's type is kept among the headers, whatever its header is called.
const TYPE: &str = ":type";
/// The name under which the moment is kept among the headers that was signed with the event, in milliseconds.
const MOMENT: &str = ":moment";

/// A letter with its body.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The letter.
    pub letter: Letter,
    /// The body.
    pub body: String,
    headers: HeaderMap,
    moment: Option<Timestamp>,
}

fn journal(source: ConnectionId) -> Result<Journal<Letters>, StoreError> {
    Ok(Journal::at(names::webhook_letters(source)?))
}

async fn read<W: World>(world: &W, source: ConnectionId) -> Result<Reading<Letters>, StoreError> {
    journal(source)?.read(world.kv(), world.clock()).await
}

/// The letters of a source that wait, latest first.
///
/// # Errors
/// The store's.
pub async fn waiting<W: World>(world: &W, source: ConnectionId) -> Result<Vec<Letter>, StoreError> {
    let mut all: Vec<Letter> = read(world, source).await?.state.waiting.into_values().collect();
    all.sort_by_key(|l| std::cmp::Reverse(l.slot));
    Ok(all)
}

/// Keeps an event: two writes, and one more for a long body. The same event again is kept once and costs none, and none if
/// somebody has decided about it.
///
/// # Errors
/// [`Refusal::TooMany`]; the store's.
pub(super) async fn keep<W: World>(
    world: &W,
    source: &Source,
    identity: &Identity,
    headers: &HeaderMap,
    reason: Unreadable,
    body: &[u8],
) -> Result<Outcome, Refusal> {
    let id = identity.letter(source);
    let decided = names::webhook_letter(source.id, &id)?;
    let (reading, decided) = try_join(read(world, source.id), decided.get(world.kv())).await?;
    if reading.state.waiting.contains_key(&id) {
        return Ok(Outcome::Kept);
    }
    if decided.is_some() {
        return Ok(Outcome::Repeated);
    }
    if reading.state.waiting.len() >= MOST {
        return Err(Refusal::TooMany { limit: MOST });
    }
    let scheme = source.setup.scheme;
    let text = String::from_utf8_lossy(body);
    let fact = Fact::Kept {
        reason,
        headers: kept_headers(scheme, headers, identity.moment),
        body: stored(world, &format!("webhook-{id}"), &text).await?,
        bytes: body.len() as u64,
    };
    let mut commit = Commit::by(Actor::Remote(source.id.to_string()));
    commit.append(&journal(source.id)?, Some(&reading), vec![(id, fact)]);
    commit.run(world).await?;
    Ok(Outcome::Kept)
}

async fn stored<W: World>(world: &W, blob_id: &str, body: &str) -> Result<Text, StoreError> {
    if body.len() <= INLINE_BODY {
        return Ok(Text::Inline(body.to_owned()));
    }
    let blob = Blob::write(world.kv(), blob_id, body.as_bytes()).await?;
    Ok(Text::Stored { blob, snippet: mostek_domain::text::snippet(body, 200) })
}

fn kept_headers(
    scheme: mostek_webhooks::Scheme,
    headers: &HeaderMap,
    moment: Option<Timestamp>,
) -> Vec<(String, String)> {
    let cut = |v: &str| v.chars().take(HEADER_CHARS).collect::<String>();
    let mut kept: Vec<(String, String)> = scheme
        .id_headers()
        .iter()
        .chain(scheme.type_header().iter())
        .filter_map(|name| Some(((*name).to_owned(), cut(headers.get(*name)?.to_str().ok()?))))
        .collect();
    kept.extend(scheme.event_type(headers).map(|t| (TYPE.to_owned(), cut(&t))));
    kept.extend(moment.map(|at| (MOMENT.to_owned(), at.0.to_string())));
    kept
}

/// A letter of a company's source, with its body.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn open<W: World>(
    world: &W,
    company: CompanyId,
    source: ConnectionId,
    letter: &str,
) -> Result<Opened, Refusal> {
    source::one(world, company, source).await?;
    opened(world, source, letter).await
}

async fn opened<W: World>(world: &W, source: ConnectionId, letter: &str) -> Result<Opened, Refusal> {
    let mut waiting = read(world, source).await?.state.waiting;
    let letter = waiting.remove(letter).ok_or(Refusal::NotFound("letter"))?;
    let entries = journal(source)?.entries(world.kv(), &[letter.slot]).await?;
    let Some(Fact::Kept { headers, body, .. }) = entries.into_iter().next().map(|e| e.fact) else {
        return Err(Refusal::NotFound("letter"));
    };
    let body = whole(world, body).await?;
    let moment = headers.iter().find(|(n, _)| n == MOMENT).and_then(|(_, at)| at.parse().ok()).map(Timestamp);
    let headers = headers
        .iter()
        .filter_map(|(name, value)| {
            Some((HeaderName::try_from(name.as_str()).ok()?, HeaderValue::from_str(value).ok()?))
        })
        .collect();
    Ok(Opened { letter, body, headers, moment })
}

/// What came of processing a letter again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It was understood.
    Done(Outcome),
    /// It still is not, and waits on.
    Still(Unreadable),
}

/// Processes a letter with the mapping as it is now.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's, after which doing it again is safe.
pub async fn process<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    source: ConnectionId,
    letter: &str,
) -> Result<Again, Refusal> {
    let source = source::one(world, company, source).await?;
    let opened = opened(world, source.id, letter).await?;
    let scheme = source.setup.scheme;
    let body = opened.body.as_bytes();
    let header_type = scheme.event_type(&opened.headers);
    let read = source.setup.mapping.read(scheme.type_header().is_some(), header_type.as_deref(), body);
    let mapped = match read {
        Ok(mapped) => mapped,
        Err(why) => return Ok(Again::Still(why)),
    };
    let identity = Identity::of(scheme, &opened.headers, Some(&mapped), body, opened.moment);
    let outcome = effect::apply(world, &source, &identity, &mapped).await?;
    empty(world, source.id, &opened.letter).await?;
    settle(world, actor, source.id, letter).await?;
    Ok(Again::Done(outcome))
}

/// Gives a letter up.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn give_up<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    source: ConnectionId,
    letter: &str,
) -> Result<(), Refusal> {
    source::one(world, company, source).await?;
    if !clear(world, actor, source, letter).await? {
        return Err(Refusal::NotFound("letter"));
    }
    Ok(())
}

/// Ends a letter that waits and deletes what it says. Whether it was there.
async fn clear<W: World>(
    world: &W,
    actor: Actor,
    source: ConnectionId,
    letter: &str,
) -> Result<bool, StoreError> {
    let mut waiting = read(world, source).await?.state.waiting;
    let Some(letter) = waiting.remove(letter) else { return Ok(false) };
    empty(world, source, &letter).await?;
    settle(world, actor, source, &letter.id).await?;
    Ok(true)
}

/// Takes headers and body out of a letter: they say what a customer wrote, and nobody needs them any more. Done before it is
/// settled, so that one that was forgotten half way is still seen.
async fn empty<W: World>(world: &W, source: ConnectionId, letter: &Letter) -> Result<(), StoreError> {
    let journal = journal(source)?;
    for entry in journal.entries(world.kv(), &[letter.slot]).await? {
        if let Fact::Kept { body: Text::Stored { blob, .. }, .. } = entry.fact {
            Blob::delete(world.kv(), &blob).await?;
        }
    }
    let said_nothing = Fact::Kept {
        reason: letter.reason,
        headers: Vec::new(),
        body: Text::Inline(String::new()),
        bytes: letter.bytes,
    };
    let Ok(said_nothing) = serde_json::to_value(said_nothing) else { return Ok(()) };
    let redact = |_, entry: &mut Value| {
        let Some(fact) = entry.get_mut("fact").filter(|f| **f != said_nothing) else { return false };
        *fact = said_nothing.clone();
        true
    };
    journal.redact_at(world.kv(), &[letter.slot], redact).await?;
    Ok(())
}

/// Ends a letter of somebody who is erased and deletes what it says.
///
/// # Errors
/// The store's; doing it again goes on.
pub(crate) async fn forget<W: World>(
    world: &W,
    source: ConnectionId,
    letter: &str,
) -> Result<(), StoreError> {
    clear(world, Actor::System("erase".into()), source, letter).await.map(|_| ())
}

/// What the letters say that wait in a source, with their ids.
pub(super) async fn bodies<W: World>(
    world: &W,
    source: ConnectionId,
) -> Result<Vec<(String, String)>, StoreError> {
    let waiting = read(world, source).await?.state.waiting;
    let slots: Vec<u64> = waiting.values().map(|l| l.slot).collect();
    let mut all = Vec::new();
    for entry in journal(source)?.entries(world.kv(), &slots).await? {
        if let Fact::Kept { body, .. } = entry.fact {
            all.push((entry.id, whole(world, body).await?));
        }
    }
    Ok(all)
}

async fn whole<W: World>(world: &W, body: Text) -> Result<String, StoreError> {
    Ok(match body {
        Text::Inline(text) => text,
        Text::Stored { blob, .. } => {
            String::from_utf8_lossy(&Blob::read(world.kv(), &blob).await?).into_owned()
        }
    })
}

async fn settle<W: World>(
    world: &W,
    actor: Actor,
    source: ConnectionId,
    letter: &str,
) -> Result<(), StoreError> {
    let reading = read(world, source).await?;
    let mut commit = Commit::by(actor);
    let fact = Fact::Settled { letter: letter.to_owned() };
    commit.append(&journal(source)?, Some(&reading), vec![(format!("{:016x}", world.random().u64()), fact)]);
    commit.also(effect::decided(world, source, letter)?);
    commit.run(world).await?;
    Ok(())
}
