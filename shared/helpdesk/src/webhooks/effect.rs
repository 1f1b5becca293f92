//! What becomes of an event of a shop: a message in a ticket, an entry in a customer's time line, or nothing (W3).
//!
//! An event is marked by everything that identifies it, and the marks are written in the same `set_many` as its effect: an
//! event that is marked has had its effect, whatever has crashed since. Two deliveries at the same moment both find no mark
//! and write the same facts, which count once.

use super::source::{LastTaken, Source, last_taken};
use crate::connection::Setup;
use crate::customer::{self, Automatic, Details};
use crate::intake::{self, Origin};
use crate::timeline::{self, Event, Kind};
use crate::{connection, front, names};
use futures::future::{join, join_all};
use http::HeaderMap;
use mostek_connectors::LinkTemplate;
use mostek_domain::marketplace::{Message, OrderRef, Participant, Side, Thread, Topic};
use mostek_domain::{ConnectionId, CustomerId, EmailAddress, MessageBody, PersonName, Timestamp};
use mostek_ports::{Clock, StoreError, World};
use mostek_store::commit::Ride;
use mostek_store::{Actor, Commit, Record};
use mostek_webhooks::{Becomes, Mapped, Scheme};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Characters of a conversation's key that are kept as they came; a longer one is kept as its hash.
const KEY_CHARS: usize = 120;
/// Characters of an order's number at most.
const ORDER_CHARS: usize = 100;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It had its effect.
    Taken,
    /// It had had it before.
    Repeated,
    /// The mapping says that nothing becomes of it.
    Ignored,
    /// It is about nobody, or about a customer who is not in the CRM, and the source adds none.
    Outside,
    /// It cannot be understood and waits for a person.
    Kept,
    /// It is the sender's way of saying hello.
    Greeting,
}

impl Outcome {
    /// A stable name, for answers and catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Repeated => "repeated",
            Self::Ignored => "ignored",
            Self::Outside => "outside",
            Self::Kept => "kept",
            Self::Greeting => "greeting",
        }
    }
}

/// What identifies an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The id it has in its ticket or time line.
    pub id: String,
    /// The one it has among the letters that wait.
    letter: String,
    /// Everything by which it is recognised again.
    marks: Vec<String>,
    /// The moment that was signed with it.
    pub(super) moment: Option<Timestamp>,
}

impl Identity {
    /// The identity of a request: the id its body gives, else the one of the scheme's header if it is signed, else a digest
    /// of its body. An id that is not signed only helps to recognise a repeat: whoever has caught a request could send it
    /// under as many of them as they like.
    ///
    /// A signed `moment` goes with the digest: the same words later are said again, while what was caught has the moment it
    /// had, and is too old after some minutes anyway. A sender that tries again signs anew, and is known by its id: then that is
    /// the event's id, so that two attempts at the same moment still write the same facts.
    #[must_use]
    pub fn of(
        scheme: Scheme,
        headers: &HeaderMap,
        mapped: Option<&Mapped>,
        body: &[u8],
        moment: Option<Timestamp>,
    ) -> Self {
        let inner = mapped.and_then(|m| m.event_id.clone()).map(|i| format!("event:{i}"));
        let delivery = scheme.event_id(headers).map(|i| format!("delivery:{i}"));
        let digest: String = Sha256::digest(body).iter().take(16).map(|b| format!("{b:02x}")).collect();
        let whole = match moment {
            Some(at) => format!("body:{digest}@{}", at.0),
            None => format!("body:{digest}"),
        };
        let given = |is_trusted: bool| inner.clone().or(delivery.clone().filter(|_| is_trusted));
        let id = given(scheme.signs_id() || moment.is_some()).unwrap_or_else(|| whole.clone());
        let letter = given(scheme.signs_id()).unwrap_or_else(|| whole.clone());
        let unsigned = !scheme.signs_id() || delivery.is_none();
        let marks = [inner, delivery, unsigned.then_some(whole)].into_iter().flatten().collect();
        Self { id, letter, marks, moment }
    }

    /// The id of the letter in which it waits if it cannot be understood.
    pub(super) fn letter(&self, source: &Source) -> String {
        names::hash(&[&source.id.to_bytes(), self.letter.as_bytes()])
    }

    fn records(&self, source: &Source) -> Result<Vec<Record<Mark>>, StoreError> {
        self.marks.iter().map(|m| names::webhook_event(source.id, m)).collect()
    }
}

/// Says that an event has had its effect, or that it has none for good. A record that is written once; written again it
/// says the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Mark {
    at: Timestamp,
}

/// The pair that says that a letter was decided about.
pub(super) fn decided<W: World>(
    world: &W,
    source: ConnectionId,
    letter: &str,
) -> Result<(String, Vec<u8>), StoreError> {
    names::webhook_letter(source, letter)?.pair(&Mark { at: world.clock().now() })
}

/// Lets an event have its effect, once. What has none is marked too where a request can be sent again for ever.
///
/// # Errors
/// The store's; then it may or may not have had it, and doing this again is safe.
pub(super) async fn apply<W: World>(
    world: &W,
    source: &Source,
    identity: &Identity,
    mapped: &Mapped,
) -> Result<Outcome, StoreError> {
    let for_ever = !source.setup.scheme.signs_moment();
    if mapped.becomes == Becomes::Ignored && !for_ever {
        return Ok(Outcome::Ignored);
    }
    let records = identity.records(source)?;
    let last = last_taken(source.id)?;
    let (marks, before) =
        join(join_all(records.iter().map(|r| r.get(world.kv()))), last.get(world.kv())).await;
    for mark in marks {
        if mark?.is_some() {
            return Ok(Outcome::Repeated);
        }
    }
    let now = world.clock().now();
    let mark = |record: &Record<Mark>| record.pair(&Mark { at: now });
    let mut rides = records.iter().map(mark).collect::<Result<Vec<_>, _>>()?;
    if mapped.becomes == Becomes::Ignored {
        write(world, source, rides).await?;
        return Ok(Outcome::Ignored);
    }
    let marks = for_ever.then(|| rides.clone());
    let count = before?.unwrap_or_default().count.saturating_add(1);
    rides.push(last.pair(&LastTaken { at: now, event_type: mapped.event_type.clone(), count })?);
    if mapped.becomes == Becomes::Message {
        return message(world, source, identity, mapped, now, rides).await;
    }
    let outcome = entry(world, source, identity, mapped, now, rides).await?;
    // One that names nobody is asked again: where its customer is may have been typed wrongly.
    if let (Outcome::Outside, Some(marks)) = (outcome, marks.filter(|_| mapped.customer_id.is_some())) {
        write(world, source, marks).await?;
    }
    Ok(outcome)
}

/// Writes marks by themselves: one write.
async fn write<W: World>(
    world: &W,
    source: &Source,
    marks: Vec<(String, Vec<u8>)>,
) -> Result<(), StoreError> {
    let mut commit = Commit::by(Actor::Remote(source.id.to_string()));
    for mark in marks {
        commit.also(mark);
    }
    commit.run(world).await.map(|_| ())
}

fn name(mapped: &Mapped) -> Option<String> {
    mapped.customer_name.clone().or_else(|| mapped.customer_email.clone())
}

/// When it happened, but not in the future: a clock that is ahead must not keep a ticket at the top of the list.
fn moment(mapped: &Mapped, now: Timestamp) -> Timestamp {
    mapped.at.map_or(now, |at| at.min(now))
}

/// The conversation of a message, as a marketplace would give it.
fn thread(identity: &Identity, mapped: &Mapped, now: Timestamp) -> Thread {
    let at = moment(mapped, now);
    let key = mapped.conversation.as_deref().unwrap_or(&identity.id);
    let id = if key.chars().count() <= KEY_CHARS { key.to_owned() } else { names::hash(&[key.as_bytes()]) };
    let order = mapped.order.as_ref().filter(|o| o.chars().count() <= ORDER_CHARS);
    Thread {
        id,
        topic: mapped.subject.clone().map(|value| Topic { value, is_reason_code: false }),
        orders: order.map(|o| OrderRef { id: o.clone(), label: None }).into_iter().collect(),
        participants: vec![Participant {
            side: Side::Customer,
            id: mapped.customer_id.clone(),
            name: name(mapped),
        }],
        created_at: Some(at),
        updated_at: Some(at),
        total_messages: None,
        reply_needed_since: Some(at),
        messages: vec![Message {
            id: identity.id.clone(),
            author: Side::Customer,
            author_name: name(mapped),
            to: Vec::new(),
            body: MessageBody::from_remote(mapped.text.as_deref().unwrap_or_default()),
            sent_at: Some(at),
            attachments: Vec::new(),
        }],
    }
}

async fn message<W: World>(
    world: &W,
    source: &Source,
    identity: &Identity,
    mapped: &Mapped,
    now: Timestamp,
    rides: Vec<(String, Vec<u8>)>,
) -> Result<Outcome, StoreError> {
    let origin = Origin {
        id: source.id,
        company: source.company,
        kind: source.setup.name.to_string(),
        // Whatever is sent is new: there is no time before.
        since: Some(Timestamp(i64::MIN)),
        email: email(mapped),
        link: mapped.link.clone(),
        rides,
    };
    let setup = Setup {
        name: source.setup.name.clone(),
        field: source.setup.field,
        queue: source.setup.queue,
        category: source.setup.category,
        interval: connection::SHORTEST_INTERVAL,
        add_customers: source.setup.add_customers,
        link: LinkTemplate::parse(connection::DEFAULT_LINK)
            .map_err(|e| StoreError::Corrupt { key: "link".into(), reason: e.to_string() })?,
        source: None,
    };
    let known = intake::look_up(world, &origin, vec![thread(identity, mapped, now)]).await?;
    let rules = front::rules(world, source.company).await?;
    let taken = intake::take(world, &origin, &setup, rules, known, &BTreeMap::new()).await?;
    Ok(if taken.messages > 0 { Outcome::Taken } else { Outcome::Repeated })
}

fn email(mapped: &Mapped) -> Option<EmailAddress> {
    mapped.customer_email.as_deref().and_then(|e| EmailAddress::parse(e).ok())
}

async fn entry<W: World>(
    world: &W,
    source: &Source,
    identity: &Identity,
    mapped: &Mapped,
    now: Timestamp,
    rides: Vec<(String, Vec<u8>)>,
) -> Result<Outcome, StoreError> {
    let mut commit = Commit::by(Actor::Remote(source.id.to_string()));
    commit.date(now);
    let Some(customer) = customer(world, source, mapped, now, &mut commit).await? else {
        return Ok(Outcome::Outside);
    };
    timeline::add(&mut commit, customer, &event_id(source, identity), event(source, mapped, now))?;
    for pair in rides {
        commit.also(pair);
    }
    commit.run(world).await?;
    Ok(Outcome::Taken)
}

/// The id of an entry: two shops may number their events alike.
fn event_id(source: &Source, identity: &Identity) -> String {
    names::hash(&[&source.id.to_bytes(), identity.id.as_bytes()])
}

fn event(source: &Source, mapped: &Mapped, now: Timestamp) -> Event {
    let kind = match mapped.becomes {
        Becomes::Order => Kind::Order,
        Becomes::Review => Kind::Review,
        Becomes::Note => Kind::Note,
        Becomes::Message | Becomes::Other | Becomes::Ignored => Kind::Other,
    };
    let title = mapped.subject.clone().unwrap_or_else(|| match &mapped.order {
        Some(order) => format!("{} · {order}", mapped.event_type),
        None => mapped.event_type.clone(),
    });
    Event {
        at: moment(mapped, now),
        kind,
        title,
        detail: mapped.text.clone(),
        source: source.setup.name.to_string(),
        link: mapped.link.clone(),
    }
}

/// The record of the customer: found by the field that holds their id, or added in the commit.
async fn customer<W: World>(
    world: &W,
    source: &Source,
    mapped: &Mapped,
    now: Timestamp,
    commit: &mut Commit<'_>,
) -> Result<Option<CustomerId>, StoreError> {
    let (Some(field), Some(value)) = (source.setup.field, &mapped.customer_id) else { return Ok(None) };
    let company = source.company;
    if let Some(found) = customer::find(world, company, field, value).await? {
        return Ok(Some(found));
    }
    let named = [name(mapped), Some(value.clone())];
    let name = named.into_iter().flatten().find_map(|n| PersonName::parse(&n).ok());
    let Some(name) = name.filter(|_| source.setup.add_customers) else { return Ok(None) };
    let automatic = Automatic {
        // What was erased stays erased, though the shop goes on telling of the same customer.
        id: customer::free_id(world, company, field, value).await?,
        details: Details {
            emails: email(mapped).into_iter().collect(),
            fields: BTreeMap::from([(field, value.clone())]),
            ..Details::named(name)
        },
    };
    let parts = automatic.parts(company, now)?;
    automatic.claim(commit, company)?;
    let rows = customer::index(company)?.add(commit, vec![(automatic.id.to_string(), parts.row)]);
    let refs = vec![(customer::row_name(), rows, 0)];
    commit.append_with(&parts.journal, None, vec![parts.fact], refs, Ride::Never);
    Ok(Some(automatic.id))
}

/// What would come of an event, for somebody who tries a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// A message in this ticket.
    Message {
        /// Whether the ticket is there already.
        joins: bool,
        /// The conversation's key, if the events of one conversation have one.
        conversation: Option<String>,
    },
    /// An entry of the customer's time line.
    Entry {
        /// What it would say.
        event: Box<Event>,
        /// The customer's record: there, to be added, or neither.
        customer: PreviewCustomer,
    },
    /// Nothing.
    Nothing,
}

/// The record of a customer whom an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviewCustomer {
    /// It is there.
    Found(CustomerId),
    /// It would be added.
    Added,
    /// The event names nobody, or they are not there and would not be added: nothing would be kept.
    Outside,
}

/// Finds out what would come of an event, without any effect.
///
/// # Errors
/// The store's.
pub async fn preview<W: World>(world: &W, source: &Source, mapped: &Mapped) -> Result<Preview, StoreError> {
    let now = world.clock().now();
    if mapped.becomes == Becomes::Ignored {
        return Ok(Preview::Nothing);
    }
    if mapped.becomes == Becomes::Message {
        let identity = Identity { id: String::new(), letter: String::new(), marks: Vec::new(), moment: None };
        let joins = match &mapped.conversation {
            Some(_) => {
                let thread = thread(&identity, mapped, now);
                let id = mostek_domain::TicketId::of_thread(source.id, &thread.id);
                let reading = crate::ticket::Ticket::journal(id)?.read(world.kv(), world.clock()).await?;
                reading.state.opened.is_some()
            }
            None => false,
        };
        return Ok(Preview::Message { joins, conversation: mapped.conversation.clone() });
    }
    // A commit that is never run.
    let mut commit = Commit::by(Actor::System("preview".into()));
    let customer = match customer(world, source, mapped, now, &mut commit).await? {
        Some(id) if commit.is_empty() => PreviewCustomer::Found(id),
        Some(_) => PreviewCustomer::Added,
        None => PreviewCustomer::Outside,
    };
    Ok(Preview::Entry { event: Box::new(event(source, mapped, now).fitted()), customer })
}
