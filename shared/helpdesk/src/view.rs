//! What a ticket's page shows: one page of the conversation with its texts, and everything beside it (H14).

use crate::connection::{self, Connection};
use crate::customer::{self, Customer};
use crate::error::Refusal;
use crate::orders::{self, Known};
use crate::ticket::{Fact, Item, ItemKind, OutgoingFile, Reply, StoredMessage, Text, Ticket};
use crate::webhooks::answer;
use crate::whole::answerable;
use crate::{front, reply};
use futures::future::{join, join_all, join3};
use mostek_domain::{CompanyId, CustomerId, TicketId, TicketNumber, Timestamp};
use mostek_ports::{Level, Log, StoreError, World};
use mostek_store::{Actor, Blob, Entry};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Items per page of the conversation.
pub const PAGE: usize = 50;

/// One line of the conversation with its content.
#[derive(Debug, Clone)]
pub struct Line {
    /// The ticket whose journal holds it: another than the one that is shown for a conversation that is worked on here.
    pub of: TicketId,
    /// What it is and when.
    pub item: Item,
    /// Whether it is from the time before this ticket.
    pub history: Option<History>,
    /// Its content.
    pub content: Content,
}

/// From which time before a ticket a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// Before the connection was switched on.
    BeforeConnection,
    /// When the conversation was worked on in the ticket that this one follows.
    EarlierTicket,
}

/// What a line says.
#[derive(Debug, Clone)]
pub enum Content {
    /// A message of the marketplace.
    Message {
        /// As kept; the text is in `text`.
        message: StoredMessage,
        /// The whole text.
        text: String,
    },
    /// Our reply.
    Reply {
        /// Where it is on its way.
        reply: Reply,
        /// Who wrote it.
        author: String,
        /// The whole text.
        text: String,
        /// Files.
        files: Vec<OutgoingFile>,
    },
    /// A comment.
    Comment {
        /// Who wrote it.
        author: String,
        /// The text.
        text: String,
    },
    /// Something happened.
    Event {
        /// What.
        fact: Fact,
        /// Who did it.
        actor: Actor,
    },
    /// The entry is missing or unreadable; the line says so instead of hiding it.
    Missing,
}

/// A page of a ticket.
#[derive(Debug)]
pub struct View {
    /// Its id.
    pub id: TicketId,
    /// Its state.
    pub ticket: Ticket,
    /// The slot it was read up to: a changed number means a changed ticket.
    pub version: u64,
    /// The conversation's page, oldest first.
    pub lines: Vec<Line>,
    /// Older items than this page's: their number, and the cursor to ask for them with.
    pub older: Option<(usize, usize)>,
    /// The connection, unless it was deleted or the ticket came by webhook.
    pub connection: Option<Connection>,
    /// Whether no reply can leave: there is neither a connection nor an address that takes answers.
    pub one_way: bool,
    /// The order as last read.
    pub order: Option<Known>,
    /// The customer's record.
    pub customer: Option<(CustomerId, Customer)>,
    /// Tickets whose conversations are worked on here.
    pub others: Vec<(TicketId, Ticket)>,
    /// The ticket that this one follows.
    pub follows: Option<TicketNumber>,
    /// The ticket in which its conversation is worked on instead.
    pub continued_in: Option<TicketNumber>,
}

impl View {
    /// The conversations that can be answered here, the one that an answer goes to first: see [`answerable`].
    #[must_use]
    pub fn conversations(&self) -> Vec<(TicketId, &Ticket)> {
        answerable(self.id, &self.ticket, self.others.iter().map(|(id, t)| (*id, t)))
    }

    /// The one an answer goes to unless somebody chooses.
    #[must_use]
    pub fn conversation(&self) -> &Ticket {
        self.conversations().first().map_or(&self.ticket, |(_, t)| t)
    }

    /// The conversation's page at the marketplace or the shop.
    #[must_use]
    pub fn page_there(&self) -> Option<Url> {
        let opened = self.ticket.opened.as_ref()?;
        match &self.connection {
            Some(c) => c.conversation_link(opened.order.as_deref(), &opened.thread),
            None => opened.link.clone(),
        }
    }
}

/// Tickets whose conversations are worked on in one.
async fn others<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    ticket: &Ticket,
) -> Result<Vec<(TicketId, Ticket)>, Refusal> {
    let read = ticket.carried().take(front::MOST).map(|of| async move {
        match reply::of_company(world, company, of).await {
            // The other one alone says where it is worked on.
            Ok(r) => Ok(Some((of, r.state)).filter(|(_, t)| t.front() == Some(id))),
            Err(Refusal::NotFound(_)) => Ok(None),
            Err(e) => Err(e),
        }
    });
    Ok(join_all(read).await.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// A ticket's number, by its id.
async fn number_of<W: World>(
    world: &W,
    company: CompanyId,
    id: Option<TicketId>,
) -> Result<Option<TicketNumber>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    match reply::of_company(world, company, id).await {
        Ok(r) => Ok(r.state.opened.map(|o| o.number)),
        Err(Refusal::NotFound(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Reads a page of a ticket: the last [`PAGE`] items, or those before the item with the index `before`.
/// Four round trips: ticket (two), then texts, order, connection and record together, then texts kept in blobs. Two more for a
/// ticket that is merged, follows another, or in which conversations of others are worked on, and for one without a
/// connection, to find out whether it can be answered.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn open<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    before: Option<usize>,
) -> Result<View, Refusal> {
    let reading = reply::of_company(world, company, id).await?;
    let version = reading.upto();
    let ticket = reading.state;
    let Some(opened) = ticket.opened.clone() else { return Err(Refusal::NotFound("ticket")) };
    let (others, follows, continued_in) = join3(
        others(world, company, id, &ticket),
        number_of(world, company, opened.predecessor),
        number_of(world, company, ticket.front()),
    )
    .await;
    let others = others?;
    let (items, older) = window(id, &ticket, &others, before);

    let record = ticket.record();
    let (lines, connections, (order, customer)) = join3(
        lines(world, id, &ticket, &others, items),
        connection::read(world),
        join(
            async {
                match &opened.order {
                    Some(order) => orders::known(world, opened.connection, order).await,
                    None => Ok(None),
                }
            },
            async {
                match record {
                    // A record that was merged is shown as the one that stands for it.
                    Some(id) => customer::standing_for(world, id).await.map(|(id, r)| Some((id, r.state))),
                    None => Ok(None),
                }
            },
        ),
    )
    .await;
    let connection = connections?.state.all.get(&opened.connection).cloned();
    let one_way = connection.is_none() && answer::way(world, company, opened.connection).await?.is_none();
    Ok(View {
        id,
        version,
        lines: lines?,
        older: (older > 0).then_some((older, older)),
        connection,
        one_way,
        order: order?,
        customer: customer?.filter(|(_, c)| c.company == Some(company)),
        follows: follows?,
        continued_in: continued_in?,
        others,
        ticket,
    })
}

/// The items of one page with the tickets that hold them, oldest first, and how many are older.
fn window(
    id: TicketId,
    ticket: &Ticket,
    others: &[(TicketId, Ticket)],
    before: Option<usize>,
) -> (Vec<(TicketId, Item)>, usize) {
    let mut all: Vec<(TicketId, &Item)> = ticket.items.iter().map(|i| (id, i)).collect();
    if !others.is_empty() {
        let theirs = |(of, t): &(TicketId, Ticket)| {
            let of = *of;
            // What happened to the other ticket itself is told on its own page.
            t.items.iter().filter(|i| i.kind != ItemKind::Event).map(|i| (of, i.clone())).collect::<Vec<_>>()
        };
        let theirs: Vec<(TicketId, Item)> = others.iter().flat_map(theirs).collect();
        let own = all.into_iter().map(|(of, i)| (of, i.clone()));
        let mut mixed: Vec<(TicketId, Item)> = own.chain(theirs).collect();
        mixed.sort_by_key(|(of, i)| (i.at, *of, i.slot, i.index));
        let end = before.unwrap_or(mixed.len()).min(mixed.len());
        let start = end.saturating_sub(PAGE);
        mixed.truncate(end);
        return (mixed.split_off(start), start);
    }
    let end = before.unwrap_or(all.len()).min(all.len());
    let start = end.saturating_sub(PAGE);
    all.truncate(end);
    (all.split_off(start).into_iter().map(|(of, i)| (of, i.clone())).collect(), start)
}

/// Reads what the items say, each from the journal that holds it.
async fn lines<W: World>(
    world: &W,
    id: TicketId,
    ticket: &Ticket,
    others: &[(TicketId, Ticket)],
    items: Vec<(TicketId, Item)>,
) -> Result<Vec<Line>, StoreError> {
    let holders = std::iter::once((id, ticket)).chain(others.iter().map(|(of, t)| (*of, t)));
    let read = holders.map(|(of, holder)| {
        let items: Vec<Item> = items.iter().filter(|(o, _)| *o == of).map(|(_, i)| i.clone()).collect();
        let slots: Vec<u64> = items.iter().map(|i| i.slot).collect::<BTreeSet<_>>().into_iter().collect();
        async move {
            let entries = Ticket::journal(of)?.entries(world.kv(), &slots).await?;
            let entries: BTreeMap<u64, _> = entries.into_iter().map(|e| (e.slot, e)).collect();
            let texts = texts(world, &items, &entries).await?;
            Ok::<_, StoreError>((of, (holder, entries, texts)))
        }
    });
    let read: BTreeMap<TicketId, _> = join_all(read).await.into_iter().collect::<Result<_, _>>()?;
    let is_before =
        |item: &Item, of: &Ticket| of.opened.as_ref().is_some_and(|o| item.at < o.history_before.0);
    let history = |item: &Item, holder: &Ticket| match item.kind {
        ItemKind::Event => None,
        _ if holder.has_conversation() && is_before(item, holder) => Some(History::BeforeConnection),
        // In a ticket that follows another, what was said before it began is the other one's.
        _ if !ticket.has_conversation() && is_before(item, ticket) => Some(History::EarlierTicket),
        _ => None,
    };
    Ok(items
        .into_iter()
        .filter_map(|(of, item)| {
            let (holder, entries, texts) = read.get(&of)?;
            let content = content(holder, &item, entries, texts);
            let history = history(&item, holder);
            Some(Line { of, item, history, content })
        })
        .collect())
}

fn text_of(fact: &Fact, index: u32) -> Option<&Text> {
    match fact {
        Fact::Messages { messages, .. } => messages.get(usize::try_from(index).ok()?).map(|m| &m.text),
        Fact::Reply { text, .. } | Fact::Comment { text, .. } => Some(text),
        _ => None,
    }
}

/// The texts that are kept in blobs, by blob id; read together.
async fn texts<W: World>(
    world: &W,
    items: &[Item],
    entries: &BTreeMap<u64, Entry<crate::ticket::Recorded>>,
) -> Result<BTreeMap<String, String>, StoreError> {
    let blobs: Vec<_> = items
        .iter()
        .filter_map(|i| entries.get(&i.slot).and_then(|e| text_of(&e.fact.what, i.index)))
        .filter_map(|t| match t {
            Text::Stored { blob, .. } => Some(blob),
            Text::Inline(_) => None,
        })
        .collect();
    let read = join_all(blobs.iter().map(|b| Blob::read(world.kv(), b))).await;
    let mut texts = BTreeMap::new();
    for (blob, bytes) in blobs.into_iter().zip(read) {
        match bytes {
            Ok(bytes) => {
                texts.insert(blob.id.clone(), String::from_utf8_lossy(&bytes).into_owned());
            }
            // One damaged text must not close the whole ticket; its beginning is shown.
            Err(e @ StoreError::Corrupt { .. }) => world.log().write(Level::Error, &e.to_string()),
            Err(e) => return Err(e),
        }
    }
    Ok(texts)
}

fn content(
    ticket: &Ticket,
    item: &Item,
    entries: &BTreeMap<u64, Entry<crate::ticket::Recorded>>,
    texts: &BTreeMap<String, String>,
) -> Content {
    let Some(entry) = entries.get(&item.slot) else { return Content::Missing };
    let whole = |text: &Text| match text {
        Text::Inline(t) => t.clone(),
        Text::Stored { blob, snippet } => texts.get(&blob.id).unwrap_or(snippet).clone(),
    };
    match &entry.fact.what {
        Fact::Messages { messages, .. } => {
            match usize::try_from(item.index).ok().and_then(|i| messages.get(i)) {
                Some(m) => {
                    let mut message = m.clone();
                    // Those of somebody who was erased are nowhere any more.
                    message.files.retain(|f| !f.id.is_empty());
                    Content::Message { message, text: whole(&m.text) }
                }
                None => Content::Missing,
            }
        }
        Fact::Reply { id, author, text, files, .. } => match ticket.reply(*id) {
            Some(reply) => Content::Reply {
                reply: reply.clone(),
                author: author.clone(),
                text: whole(text),
                files: files.iter().filter(|f| !f.blob.id.is_empty()).cloned().collect(),
            },
            None => Content::Missing,
        },
        Fact::Comment { author, text, .. } => Content::Comment { author: author.clone(), text: whole(text) },
        other => Content::Event { fact: other.clone(), actor: entry.actor.clone() },
    }
}

/// The ticket with a number.
///
/// # Errors
/// [`Refusal::NotFound`]; the store's.
pub async fn by_number<W: World>(
    world: &W,
    company: CompanyId,
    number: TicketNumber,
) -> Result<TicketId, Refusal> {
    crate::names::numbered(company, number)?.get(world.kv()).await?.ok_or(Refusal::NotFound("ticket"))
}

/// A file of a message in a ticket, as the marketplace knows it.
///
/// # Errors
/// [`Refusal::NotFound`] if the ticket has no such file; the store's.
pub async fn remote_file<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    slot: u64,
    file: &str,
) -> Result<(crate::ticket::RemoteFile, Connection), Refusal> {
    let reading = reply::of_company(world, company, id).await?;
    let opened = reading.state.opened.as_ref().ok_or(Refusal::NotFound("ticket"))?;
    let entries = Ticket::journal(id)?.entries(world.kv(), &[slot]).await?;
    let found = entries.into_iter().next().and_then(|e| match e.fact.what {
        Fact::Messages { messages, .. } => messages.into_iter().flat_map(|m| m.files).find(|f| f.id == file),
        _ => None,
    });
    let file = found.ok_or(Refusal::NotFound("file"))?;
    Ok((file, connection::of_company(world, company, opened.connection).await?))
}

/// A file of one of our replies.
///
/// # Errors
/// [`Refusal::NotFound`] if the ticket has no such file; the store's.
pub async fn own_file<W: World>(
    world: &W,
    company: CompanyId,
    id: TicketId,
    slot: u64,
    index: usize,
) -> Result<OutgoingFile, Refusal> {
    reply::of_company(world, company, id).await?;
    let entries = Ticket::journal(id)?.entries(world.kv(), &[slot]).await?;
    entries
        .into_iter()
        .next()
        .and_then(|e| match e.fact.what {
            Fact::Reply { files, .. } => files.into_iter().nth(index).filter(|f| !f.blob.id.is_empty()),
            _ => None,
        })
        .ok_or(Refusal::NotFound("file"))
}

/// How old the order on a page may be before it is read again when somebody opens the ticket.
pub const ORDER_AGE: std::time::Duration = std::time::Duration::from_secs(15 * 60);

/// True if the order should be read again.
#[must_use]
pub fn order_is_stale(view: &View, now: Timestamp) -> bool {
    view.ticket.opened.as_ref().is_some_and(|o| o.order.is_some())
        && view.order.as_ref().is_none_or(|k| now.since(k.at) > ORDER_AGE)
}
