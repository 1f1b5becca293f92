//! What happened to a customer outside of tickets: orders, reviews and whatever else a shop tells (W3, H11).
//!
//! A log per customer that is only ever added to. It is read from its end, so a page costs the same at any length.

use crate::names;
use mostek_domain::{CustomerId, Timestamp};
use mostek_ports::{StoreError, World};
use mostek_store::commit::Ride;
use mostek_store::journal::page_of_slots;
use mostek_store::{Actor, Aggregate, Commit, Entry, Journal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// Events per page at most.
pub const PAGE: usize = 50;
/// Characters of a title or a source at most.
const SHORT_CHARS: usize = 160;
/// Characters of a detail at most.
const DETAIL_CHARS: usize = 2_000;
/// The same event may be written twice: by two writers at the same moment, or again by a sender that was told of an error while
/// the first writing was still under way. So its copies are close together: this many older slots are looked at for the first.
const REPEATS_WITHIN: usize = 50;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An order was placed or changed.
    Order,
    /// The customer said what they think of something.
    Review,
    /// The customer left a note that is no question.
    Note,
    /// Anything else; also a kind that newer code has written.
    #[serde(other)]
    Other,
}

impl Kind {
    /// All, in the order of a form.
    pub const ALL: [Self; 4] = [Self::Order, Self::Review, Self::Note, Self::Other];

    /// A stable name: form values, message catalogues, style classes.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Review => "review",
            Self::Note => "note",
            Self::Other => "other",
        }
    }

    /// The kind of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened, by its source.
    pub at: Timestamp,
    /// What kind of thing.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// More, if there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Who told it: a source's name.
    pub source: String,
    /// Its page at the source, http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Url>,
}

impl Event {
    /// The event with its texts cut to what is kept, and without a link that no browser should follow.
    #[must_use]
    pub fn fitted(self) -> Self {
        let short = |t: &str| mostek_domain::text::snippet(t, SHORT_CHARS);
        Self {
            at: self.at,
            kind: self.kind,
            title: short(&self.title),
            detail: self
                .detail
                .map(|d| d.trim().chars().take(DETAIL_CHARS).collect::<String>())
                .filter(|d| !d.is_empty()),
            source: short(&self.source),
            link: self.link.filter(|l| matches!(l.scheme(), "http" | "https")),
        }
    }
}

/// The journal is read as a log: nothing is folded.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Log;

impl Aggregate for Log {
    type Fact = Event;
    type State = ();
    const FOLD: u32 = 1;

    fn apply((): &mut (), _: &Entry<Event>) {}
}

/// A page, latest written first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The events, each with its slot.
    pub events: Vec<(u64, Event)>,
    /// Give it as `before` for the next page; `None` at the end.
    pub next: Option<u64>,
}

pub(crate) fn journal(customer: CustomerId) -> Result<Journal<Log>, StoreError> {
    Ok(Journal::at(names::timeline(customer)?))
}

/// Adds an event to a commit: one more `increment`, and it rides in the same `set_many`. `id` is the event's own: the same
/// event again is shown once.
///
/// # Errors
/// Never for an id of ours.
pub fn add(commit: &mut Commit<'_>, customer: CustomerId, id: &str, event: Event) -> Result<(), StoreError> {
    let fact = (id.to_owned(), event.fitted());
    commit.append_with(&journal(customer)?, None, vec![fact], Vec::new(), Ride::Never);
    Ok(())
}

/// Writes an event by itself: two writes.
///
/// # Errors
/// The store's; writing it again with the same id is safe.
pub async fn append<W: World>(
    world: &W,
    actor: Actor,
    customer: CustomerId,
    id: &str,
    event: Event,
) -> Result<(), StoreError> {
    let mut commit = Commit::by(actor);
    add(&mut commit, customer, id, event)?;
    commit.run(world).await.map(|_| ())
}

/// A page of at most `limit` events below slot `before`, or of the latest: two round trips.
///
/// # Errors
/// The store's.
pub async fn page<W: World>(
    world: &W,
    customer: CustomerId,
    before: Option<u64>,
    limit: usize,
) -> Result<Page, StoreError> {
    let limit = limit.clamp(1, PAGE);
    let journal = journal(customer)?;
    let counter = journal.counter(world.kv()).await?;
    let slots = page_of_slots(counter, before, limit + REPEATS_WITHIN);
    let entries = journal.entries(world.kv(), &slots).await?;
    // Of several copies the oldest counts, so that two pages never show the same event.
    let mut first: BTreeMap<&str, u64> = BTreeMap::new();
    for entry in &entries {
        first.insert(&entry.id, entry.slot);
    }
    let lowest = slots.iter().take(limit).next_back().copied().unwrap_or(0);
    let events = entries
        .iter()
        .filter(|e| e.slot >= lowest && first.get(e.id.as_str()) == Some(&e.slot))
        .map(|e| (e.slot, e.fact.clone()))
        .collect();
    Ok(Page { events, next: Some(lowest).filter(|s| *s > 1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use mostek_ports::testing::TestWorld;

    fn event(title: &str) -> Event {
        Event {
            at: Timestamp(1),
            kind: Kind::Order,
            title: title.into(),
            detail: None,
            source: "Sklep".into(),
            link: None,
        }
    }

    fn anna() -> CustomerId {
        CustomerId::from_random([1; 16])
    }

    fn write(world: &TestWorld, id: &str, event: Event) {
        block_on(append(world, Actor::System("test".into()), anna(), id, event)).unwrap();
    }

    fn titles(page: &Page) -> Vec<&str> {
        page.events.iter().map(|(_, e)| e.title.as_str()).collect()
    }

    #[test]
    fn pages_are_complete_newest_first_and_cost_the_same_at_any_length() {
        let world = TestWorld::new(1);
        for i in 0..130 {
            write(&world, &format!("e{i}"), event(&format!("Zamówienie {i}")));
        }
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            world.kv.reset_operations();
            let page = block_on(page(&world, anna(), before, 50)).unwrap();
            assert!(world.kv.operations().reads <= 1 + 50 + REPEATS_WITHIN as u64);
            assert_eq!(world.kv.operations().writes(), 0);
            seen.extend(titles(&page).into_iter().map(str::to_owned));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..130).rev().map(|i| format!("Zamówienie {i}")).collect::<Vec<_>>());
        let other = block_on(page(&world, CustomerId::from_random([2; 16]), None, 50)).unwrap();
        assert_eq!(other, Page::default());
    }

    #[test]
    fn the_same_event_is_shown_once_also_across_pages() {
        let world = TestWorld::new(1);
        for (id, title) in [("a", "pierwsze"), ("b", "drugie"), ("a", "pierwsze"), ("c", "trzecie")] {
            write(&world, id, event(title));
        }
        let first = block_on(page(&world, anna(), None, 2)).unwrap();
        assert_eq!(titles(&first), ["trzecie"], "the second copy of the first gives way to it");
        let second = block_on(page(&world, anna(), first.next, 2)).unwrap();
        assert_eq!(titles(&second), ["drugie", "pierwsze"]);
        assert_eq!(second.next, None);
    }

    #[test]
    fn what_a_shop_sends_is_cut_and_odd_links_are_left_out() {
        let world = TestWorld::new(1);
        let long = Event {
            title: "ż".repeat(5_000),
            detail: Some("ż".repeat(60_000)),
            link: Url::parse("javascript:alert(1)").ok(),
            ..event("")
        };
        write(&world, "long", long);
        write(
            &world,
            "good",
            Event { link: Url::parse("https://sklep.pl/1").ok(), detail: Some(" ".into()), ..event("x") },
        );
        let events = block_on(page(&world, anna(), None, 10)).unwrap().events;
        assert_eq!(events[0].1.link.as_ref().map(Url::as_str), Some("https://sklep.pl/1"));
        assert_eq!(events[0].1.detail, None);
        assert_eq!(events[1].1.link, None);
        assert!(events[1].1.title.chars().count() <= SHORT_CHARS);
        assert_eq!(events[1].1.detail.as_ref().map(|d| d.chars().count()), Some(DETAIL_CHARS));
    }

    #[test]
    fn kinds_have_names_and_unknown_ones_are_read() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_slug(kind.slug()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.slug());
        }
        assert_eq!(serde_json::from_str::<Kind>("\"subscription\"").unwrap(), Kind::Other);
    }
}
