//! What a ticket's page shows: one page of the conversation with its texts, and everything beside it (H14).

use crate::connection::{self, Connection};
use crate::customer::{self, Customer};
use crate::error::Refusal;
use crate::orders::{self, Known};
use crate::reply;
use crate::ticket::{Fact, Item, ItemKind, OutgoingFile, Reply, StoredMessage, Text, Ticket};
use futures::future::{join, join3};
use mostek_domain::{CompanyId, CustomerId, TicketId, Timestamp};
use mostek_ports::{Level, Log, StoreError, World};
use mostek_store::{Actor, Blob, Entry};
use std::collections::{BTreeMap, BTreeSet};

/// Items per page of the conversation.
pub const PAGE: usize = 50;

/// One line of the conversation with its content.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it is and when.
    pub item: Item,
    /// Older than the moment of switching on.
    pub history: bool,
    /// Its content.
    pub content: Content,
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
    /// The connection, unless it was deleted.
    pub connection: Option<Connection>,
    /// The order as last read.
    pub order: Option<Known>,
    /// The customer's record.
    pub customer: Option<(CustomerId, Customer)>,
}

/// Reads a page of a ticket: the last [`PAGE`] items, or those before the item with the index `before`.
/// Four round trips: ticket (two), then texts, order, connection and record together, then texts kept in blobs.
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
    let end = before.unwrap_or(ticket.items.len()).min(ticket.items.len());
    let start = end.saturating_sub(PAGE);
    let items: Vec<Item> = ticket.items.get(start..end).unwrap_or(&[]).to_vec();
    let slots: Vec<u64> = items.iter().map(|i| i.slot).collect::<BTreeSet<_>>().into_iter().collect();

    let journal = Ticket::journal(id)?;
    let record = ticket.record();
    let (entries, connections, (order, customer)) = join3(
        journal.entries(world.kv(), &slots),
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
    let entries: BTreeMap<u64, _> = entries?.into_iter().map(|e| (e.slot, e)).collect();
    let texts = texts(world, &items, &entries).await?;
    let lines = items
        .into_iter()
        .map(|item| {
            let content = content(&ticket, &item, &entries, &texts);
            let history = item.at < opened.history_before.0 && item.kind != ItemKind::Event;
            Line { item, history, content }
        })
        .collect();
    Ok(View {
        id,
        version,
        lines,
        older: (start > 0).then_some((start, start)),
        connection: connections?.state.all.get(&opened.connection).cloned(),
        order: order?,
        customer: customer?.filter(|(_, c)| c.company == Some(company)),
        ticket,
    })
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
    let read = futures::future::join_all(blobs.iter().map(|b| Blob::read(world.kv(), b))).await;
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
    number: mostek_domain::TicketNumber,
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
