//! A record's time line (H11): tickets, orders, changes of the record with its consents, and what other systems told, the
//! newest first, a page at a time.
//!
//! Which tickets, orders and changes there are, and when, is in the records' own states, so a page costs the records (two
//! round trips, two more per level of merged ones), then everything on it at once: entries, tickets, orders. What other
//! systems told is a log per record that is read from its end.
//!
//! SMS and processes at partners will be further kinds of lines; they belong into [`What`] and [`open`].

use super::merge;
use super::record::{Customer, Fact, OrderLink, TicketLink};
use super::{journal, standing_for};
use crate::list::{self, Summary};
use crate::orders::{self, Known};
use crate::ticket::Ticket;
use crate::timeline;
use futures::future::{join_all, try_join3};
use mostek_domain::{CustomerId, Timestamp};
use mostek_ports::{StoreError, World};
use mostek_store::{Actor, Entry, Reading};
use std::collections::{BTreeMap, BTreeSet};

/// Lines per page.
pub const PAGE: usize = 25;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum What {
    /// Somebody changed the record, or one that was merged into it.
    Change {
        /// Which of them.
        record: CustomerId,
        /// Who.
        actor: Actor,
        /// How.
        fact: Box<Fact>,
    },
    /// A ticket began.
    Ticket {
        /// What the record knows of it.
        link: TicketLink,
        /// As it is now; `None` if it cannot be read.
        summary: Option<Box<Summary>>,
    },
    /// An order was placed.
    Order {
        /// What the record knows of it.
        link: OrderLink,
        /// As last read; `None` if it never was.
        known: Option<Box<Known>>,
    },
    /// Another system told something.
    Told {
        /// What.
        event: timeline::Event,
    },
}

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The newest first.
    pub lines: Vec<Line>,
    /// Give it as `after` for the next page.
    pub next: Option<String>,
}

/// Something that the states know of: when, of which kind, in which record, in which slot. Sorted, this is the time line.
type Place = (i64, u8, usize, u64);

const CHANGE: u8 = 0;
const ORDER: u8 = 1;
const TICKET: u8 = 2;

/// Where a page begins: below this place, and in each record's log of other systems below this slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Cursor {
    below: Option<Place>,
    /// `None` from the end; 0 when there is no more.
    told: Vec<Option<u64>>,
}

impl Cursor {
    fn parse(text: &str) -> Option<Self> {
        let (place, told) = text.split_once('~')?;
        let below = if place.is_empty() {
            None
        } else {
            let mut parts = place.split('.');
            let place = (
                parts.next()?.parse().ok()?,
                parts.next()?.parse().ok()?,
                parts.next()?.parse().ok()?,
                parts.next()?.parse().ok()?,
            );
            if parts.next().is_some() {
                return None;
            }
            Some(place)
        };
        let told = told.split('.').map(|s| if s.is_empty() { Some(None) } else { s.parse().ok().map(Some) });
        Some(Self { below, told: told.collect::<Option<_>>()? })
    }

    fn text(&self) -> String {
        let place = self.below.map(|(at, kind, of, slot)| format!("{at}.{kind}.{of}.{slot}"));
        let told = self.told.iter().map(|s| s.map(|s| s.to_string()).unwrap_or_default());
        format!("{}~{}", place.unwrap_or_default(), told.collect::<Vec<_>>().join("."))
    }
}

/// A record's family, by index; the record itself first.
type Family = Vec<(CustomerId, Reading<Customer>)>;

/// A page of a record's time line; of a merged record the one that stands for it. A cursor that is none of ours begins at the
/// newest.
///
/// # Errors
/// The store's.
pub async fn open<W: World>(world: &W, id: CustomerId, after: Option<&str>) -> Result<Page, StoreError> {
    let (id, _) = standing_for(world, id).await?;
    let family = merge::family(world, id).await?;
    let mut cursor = after.and_then(Cursor::parse).unwrap_or_default();
    cursor.told.resize(family.len(), None);
    let mut places: Vec<Place> =
        places(&family).into_iter().filter(|p| cursor.below.is_none_or(|below| *p < below)).collect();
    places.sort_unstable_by(|a, b| b.cmp(a));
    let more_places = places.len() > PAGE;
    places.truncate(PAGE);
    let told = told(world, &family, &cursor.told).await?;

    // Each source is in an order of its own; of their heads the latest comes next.
    let mut places = places.into_iter().peekable();
    let mut sources: Vec<_> = told.iter().map(|page| page.events.iter().peekable()).collect();
    let mut taken: Vec<Place> = Vec::new();
    let mut lines: Vec<(i64, Taken)> = Vec::new();
    while lines.len() < PAGE {
        let heads = sources.iter_mut().enumerate();
        let head = heads
            .filter_map(|(i, s)| s.peek().map(|(_, event)| (event.at.0, i)))
            .max_by_key(|(at, i)| (*at, std::cmp::Reverse(*i)));
        match (places.peek().copied(), head) {
            (Some(place), head) if head.is_none_or(|(at, _)| place.0 >= at) => {
                places.next();
                cursor.below = Some(place);
                lines.push((place.0, Taken::Place(taken.len())));
                taken.push(place);
            }
            (_, Some((at, source))) => {
                let Some((slot, event)) = sources.get_mut(source).and_then(Iterator::next) else { break };
                if let Some(place) = cursor.told.get_mut(source) {
                    *place = Some(*slot);
                }
                lines.push((at, Taken::Told(event.clone())));
            }
            _ => break,
        }
    }
    let mut more = more_places || places.peek().is_some();
    for ((source, page), place) in sources.iter_mut().zip(&told).zip(&mut cursor.told) {
        if source.peek().is_some() {
            more = true;
        } else {
            // All that was read is shown; the log goes on where its page ended.
            *place = Some(page.next.unwrap_or(0));
            more |= page.next.is_some();
        }
    }
    let mut shown = content(world, &family, &taken).await?;
    let lines = lines
        .into_iter()
        .filter_map(|(at, line)| {
            let what = match line {
                Taken::Place(index) => shown.remove(&index)?,
                Taken::Told(event) => What::Told { event },
            };
            Some(Line { at: Timestamp(at), what })
        })
        .collect();
    Ok(Page { lines, next: more.then(|| cursor.text()) })
}

/// A line before its content is read.
enum Taken {
    Place(usize),
    Told(timeline::Event),
}

/// All that the states know of, each order and ticket once.
fn places(family: &Family) -> Vec<Place> {
    let mut all = Vec::new();
    let (mut tickets, mut orders) = (BTreeSet::new(), BTreeSet::new());
    for (of, (_, reading)) in family.iter().enumerate() {
        all.extend(reading.state.log.iter().map(|(slot, at)| (at.0, CHANGE, of, *slot)));
        for linked in &reading.state.tickets {
            if tickets.insert(linked.link.ticket) {
                all.push((linked.link.at.0, TICKET, of, linked.slot));
            }
            if let Some(order) = &linked.link.order
                && orders.insert((order.connection, order.id.clone()))
            {
                all.push((order.at.0, ORDER, of, linked.slot));
            }
        }
    }
    all
}

/// What other systems told about each of the records, below the slots given.
async fn told<W: World>(
    world: &W,
    family: &Family,
    below: &[Option<u64>],
) -> Result<Vec<timeline::Page>, StoreError> {
    let pages = family.iter().zip(below).map(|((id, _), below)| async move {
        match below {
            Some(0) => Ok(timeline::Page::default()),
            below => timeline::page(world, *id, *below, PAGE).await,
        }
    });
    join_all(pages).await.into_iter().collect()
}

/// Reads what stands at some places, by their index among them; what cannot be read is left out.
async fn content<W: World>(
    world: &W,
    family: &Family,
    places: &[Place],
) -> Result<BTreeMap<usize, What>, StoreError> {
    let linked = |(_, _, of, slot): &Place| {
        family.get(*of).and_then(|(_, r)| r.state.tickets.iter().find(|t| t.slot == *slot)).map(|t| &t.link)
    };
    let of_kind = |kind: u8| places.iter().enumerate().filter(move |(_, p)| p.1 == kind);
    let tickets: Vec<(usize, &TicketLink)> =
        of_kind(TICKET).filter_map(|(i, p)| linked(p).map(|l| (i, l))).collect();
    let orders: Vec<(usize, &OrderLink)> = of_kind(ORDER)
        .filter_map(|(i, p)| linked(p).and_then(|l| l.order.as_ref()).map(|o| (i, o)))
        .collect();
    let entries = async {
        let records = family.iter().enumerate().map(|(of, (id, _))| async move {
            let slots: Vec<u64> = of_kind(CHANGE).filter(|(_, p)| p.2 == of).map(|(_, p)| p.3).collect();
            let found =
                if slots.is_empty() { Vec::new() } else { journal(*id)?.entries(world.kv(), &slots).await? };
            Ok::<_, StoreError>(found.into_iter().map(|e| ((of, e.slot), e)).collect::<Vec<_>>())
        });
        let mut all: BTreeMap<(usize, u64), Entry<Fact>> = BTreeMap::new();
        for found in join_all(records).await {
            all.extend(found?);
        }
        Ok(all)
    };
    let summaries = async {
        let read = tickets.iter().map(|(_, link)| async move {
            let ticket = Ticket::journal(link.ticket)?.read(world.kv(), world.clock()).await?;
            Ok(list::summary(link.ticket, &ticket.state))
        });
        join_all(read).await.into_iter().collect::<Result<Vec<_>, StoreError>>()
    };
    let known = async {
        let read = orders.iter().map(|(_, o)| orders::known(world, o.connection, &o.id));
        join_all(read).await.into_iter().collect::<Result<Vec<_>, StoreError>>()
    };
    let (mut entries, summaries, known) = try_join3(entries, summaries, known).await?;
    let mut all = BTreeMap::new();
    for (i, (_, _, of, slot)) in of_kind(CHANGE) {
        let Some((record, _)) = family.get(*of) else { continue };
        if let Some(entry) = entries.remove(&(*of, *slot)) {
            // The record that is left says the same with more in it.
            let said_above = *of > 0 && matches!(entry.fact, Fact::MergedInto { .. });
            if !said_above {
                let what = What::Change { record: *record, actor: entry.actor, fact: Box::new(entry.fact) };
                all.insert(i, what);
            }
        }
    }
    for ((i, link), summary) in tickets.into_iter().zip(summaries) {
        all.insert(i, What::Ticket { link: link.clone(), summary: summary.map(Box::new) });
    }
    for ((i, link), known) in orders.into_iter().zip(known) {
        all.insert(i, What::Order { link: link.clone(), known: known.map(Box::new) });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_round_trips_and_a_foreign_one_is_none() {
        for cursor in [
            Cursor { below: None, told: vec![None] },
            Cursor { below: Some((-5, 2, 1, 9)), told: vec![Some(3), None, Some(0)] },
        ] {
            assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        }
        for bad in ["", "x", "1.2.3~", "1.2.3.4.5~1", "1.2.3.x~", "~x"] {
            assert_eq!(Cursor::parse(bad), None, "{bad}");
        }
    }
}
