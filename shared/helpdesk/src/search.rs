//! Finding tickets (H18): by number, by what identifies order or customer, and by words.
//!
//! # What is looked in
//!
//! A number leads to its ticket by a record that is written with the ticket, so it is found at once, and other tickets with it
//! if an order has this number or somebody wrote it. Everything else is in
//! one inverted index per company ([`mostek_store::postings`]), which [`index`] keeps by following the ticket list: words of
//! subjects, messages, replies, comments and file names; and as whole identifiers (`=...`, see
//! [`mostek_domain::words::identifier`]) the order's id and the number that the customer knows it by, the customer's
//! marketplace id and their record. A second index
//! of the same kind holds the records: e-mail addresses, telephone numbers, tax number, name and added fields.
//!
//! Why orders and customers are not found by records of their own, written with the ticket: an order may have any number
//! of tickets and a customer has, so each would be a journal and cost every new ticket an `increment` more than the two
//! writes that polling may cost. In the index they cost nothing, at the price of the lag: one tick, which is at most two
//! minutes while ticks come every minute.
//!
//! # What it costs
//!
//! | question | round trips at most |
//! |---|---|
//! | up to three words, an order, a customer id: a page of 25 | [`ROUND_TRIPS`] with up to five shards (160,000 tickets); seven were counted at 100,000 |
//! | a number | the same, and two more |
//! | each further word, of eight | one more for each 128 values it is looked for in: about two at 100,000 tickets |
//! | an e-mail address, a telephone number | the same and those of the records' index, and two more for every level of merged records |
//!
//! Two more for a page on which the conversation of a ticket is worked on in another one, which is shown in its place.
//!
//! Results are in the order of the tickets' numbers, the newest first. Each is read and shown only if it is the company's.
//! What was said in a conversation leads to the ticket in which it is worked on, not to the one that was merged into it or
//! that it follows: that one is done with, its row says neither who waits nor what was said last, and nobody can answer
//! there; the other's page shows all of the conversation, and names it. Only its number still leads to itself.

pub mod index;

use crate::customer;
use crate::list::{self, Summary};
use crate::names;
use crate::ticket::Ticket;
use futures::future::{join, join_all};
use mostek_domain::words::{Question, identifier};
use mostek_domain::{CompanyId, CustomerId, EmailAddress, PhoneNumber, TicketId, TicketNumber};
use mostek_ports::{StoreError, World};
use mostek_store::postings::{Found, Head};
use mostek_store::{Postings, Term};
use std::collections::{BTreeMap, BTreeSet};

pub use index::{Followed, follow, forget, forget_record, rebuild};

/// Tickets per page.
pub const PAGE: usize = 25;
/// Characters of a question that are read.
pub const QUESTION_CHARS: usize = 200;
/// Round trips of a page of results at most, for up to three words or an identifier of a ticket.
pub const ROUND_TRIPS: u32 = 10;
/// Records that a question may lead to; of a common first name there may be very many.
const RECORDS: usize = 10;
/// The same with those that were merged into them.
const FAMILY: usize = 60;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Results {
    /// The ticket with this number, if a number was asked for and there is one. Its page is what was meant, unless there is
    /// something else, such as an order of this number.
    pub exact: Option<TicketId>,
    /// Tickets, the newest first, but before all others the one with the number.
    pub tickets: Vec<Summary>,
    /// Give this as `before` for the next page.
    pub next: Option<u64>,
    /// Not all words that begin like the last one were looked for: more letters would help.
    pub too_general: bool,
    /// Changes of tickets that are not in the index yet.
    pub behind: u64,
}

fn postings(company: CompanyId) -> Result<Postings, StoreError> {
    Ok(Postings::at(names::words(company)?))
}

fn record_postings(company: CompanyId) -> Result<Postings, StoreError> {
    Ok(Postings::at(names::record_words(company)?))
}

/// The identifier under which a ticket is indexed for the record of its customer.
fn of_record(id: CustomerId) -> String {
    // With a space, which no word and no identifier has.
    format!("= record {id}")
}

fn exactly(word: String) -> Vec<Term> {
    vec![Term { word, open_ended: false }]
}

/// The words of a question, all of which a document must have. `None` without any.
fn all_of(question: &Question) -> Option<Vec<Term>> {
    let last = question.words.len().checked_sub(1)?;
    let term = |(i, word): (usize, &String)| Term {
        word: word.clone(),
        open_ended: question.open_ended && i == last,
    };
    Some(question.words.iter().enumerate().map(term).collect())
}

/// Looks for tickets: one page below the number `before`.
///
/// # Errors
/// The store's.
pub async fn search<W: World>(
    world: &W,
    company: CompanyId,
    text: &str,
    before: Option<u64>,
) -> Result<Results, StoreError> {
    let text: String = text.trim_start().chars().take(QUESTION_CHARS).collect();
    let question = Question::parse(&text);
    let text = text.trim();
    let number = TicketNumber::parse(text).ok();
    if identifier(text).is_none() {
        return Ok(Results::default());
    }
    let index = postings(company)?;
    let list = list::index(company)?;
    let (exact, (head, (upto, records))) = join(
        numbered(world, company, number),
        join(
            index.head::<index::State>(world.kv()),
            join(list.upto(world.kv()), records(world, company, text)),
        ),
    )
    .await;
    let (exact, head, upto): (_, Head<index::State>, u64) = (exact?, head?, upto?);
    let mut alternatives: Vec<Vec<Term>> = spellings(text, number).map(exactly).collect();
    // A number with its sign means the ticket, or an order that is called so, and not what is said somewhere.
    if exact.is_none() || !text.starts_with('#') {
        alternatives.extend(all_of(&question));
    }
    alternatives.extend(records?.into_iter().map(|id| exactly(of_record(id))));
    let found = index.find(world.kv(), &head, &alternatives, before, PAGE).await?;
    let mut tickets = summaries(world, company, &found).await?;
    if let Some(first) = exact.as_ref().and_then(|(id, ticket)| list::summary(*id, ticket)) {
        // It is the first of the first page, and on no other.
        tickets.retain(|t| t.id != first.id);
        if before.is_none() {
            tickets.insert(0, first);
        }
    }
    let exact = exact.filter(|_| before.is_none());
    Ok(Results {
        exact: exact.map(|(id, _)| id),
        tickets,
        next: found.next,
        too_general: found.too_general,
        behind: upto.saturating_sub(head.state.upto()),
    })
}

/// What is looked for as one piece: the text, and a number with and without its sign, since shops write `#1042` and `1042`.
fn spellings(text: &str, number: Option<TicketNumber>) -> impl Iterator<Item = String> {
    let bare = text.trim_start_matches('#');
    let other = number.map(|_| if bare == text { format!("#{text}") } else { bare.to_owned() });
    [Some(text.to_owned()), other].into_iter().flatten().filter_map(|t| identifier(&t))
}

/// The company's ticket of a number.
async fn numbered<W: World>(
    world: &W,
    company: CompanyId,
    number: Option<TicketNumber>,
) -> Result<Option<(TicketId, Ticket)>, StoreError> {
    let Some(number) = number else { return Ok(None) };
    let Some(id) = id_of(world, company, number).await? else { return Ok(None) };
    Ok(of_company(world, company, [id]).await?.pop_first())
}

async fn id_of<W: World>(
    world: &W,
    company: CompanyId,
    number: TicketNumber,
) -> Result<Option<TicketId>, StoreError> {
    names::numbered(company, number)?.get(world.kv()).await
}

/// The records whose e-mail address or telephone number is exactly this, with those that were merged into them; none if it is
/// neither.
async fn records<W: World>(world: &W, company: CompanyId, text: &str) -> Result<Vec<CustomerId>, StoreError> {
    let email = EmailAddress::parse(text).ok();
    let phone = PhoneNumber::parse(text).ok();
    let wanted: Vec<Vec<Term>> =
        [email.as_ref().map(ToString::to_string), phone.as_ref().map(ToString::to_string)]
            .into_iter()
            .flatten()
            .filter_map(|t| identifier(&t))
            .map(exactly)
            .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let found = find_records(world, company, &wanted).await?;
    // Whether the record still says so: the index may be a tick behind, and an earlier state of it is there too.
    let still = found.into_iter().filter(|(_, _, d)| {
        email.as_ref().is_some_and(|e| d.emails.contains(e))
            || phone.as_ref().is_some_and(|p| d.phones.iter().any(|(n, _)| n == p))
    });
    // Tickets are indexed for the record that they were opened with, also of one that was merged since.
    let families = still.map(|(id, has_absorbed, _)| async move {
        if !has_absorbed {
            return Ok::<Vec<CustomerId>, StoreError>(vec![id]);
        }
        let family = customer::merge::family(world, id).await?;
        Ok(family.into_iter().map(|(id, _)| id).collect())
    });
    let mut ids = Vec::new();
    for family in join_all(families).await {
        ids.extend(family?);
    }
    ids.truncate(FAMILY);
    Ok(ids)
}

/// The company's records that an index of rows leads to, as they are now, each with whether others were merged into it.
async fn find_records<W: World>(
    world: &W,
    company: CompanyId,
    wanted: &[Vec<Term>],
) -> Result<Vec<(CustomerId, bool, customer::Details)>, StoreError> {
    let index = record_postings(company)?;
    let head: Head<index::State> = index.head(world.kv()).await?;
    // The documents are rows of the list of records; each change of a record is another one.
    let rows = index.find(world.kv(), &head, wanted, None, RECORDS * 4).await?.documents;
    let rows = customer::index(company)?.rows_at(world.kv(), &rows).await?;
    let ids: BTreeSet<CustomerId> =
        rows.iter().filter_map(|(_, r)| CustomerId::parse(&r.subject).ok()).collect();
    let mut found = Vec::new();
    for (id, reading) in
        join_all(ids.into_iter().take(RECORDS).map(|id| async move { (id, customer::read(world, id).await) }))
            .await
    {
        let state = reading?.state;
        if let Some(details) = state.details.filter(|_| state.company == Some(company)) {
            found.push((id, !state.absorbed.is_empty(), details));
        }
    }
    Ok(found)
}

/// The tickets of numbers as they are now, each as the one in which its conversation is worked on: numbers to ids in one
/// round trip, the tickets in two, and in two more those that were not found themselves.
async fn summaries<W: World>(
    world: &W,
    company: CompanyId,
    found: &Found,
) -> Result<Vec<Summary>, StoreError> {
    let ids =
        join_all(found.documents.iter().map(|n| async { id_of(world, company, TicketNumber(*n)).await }))
            .await;
    let mut all = BTreeSet::new();
    for id in ids {
        all.extend(id?);
    }
    let tickets = of_company(world, company, all).await?;
    // A ticket without a conversation of its own says nothing that is said elsewhere.
    let elsewhere = |ticket: &Ticket| ticket.front().filter(|_| ticket.has_conversation());
    let fronts: BTreeSet<TicketId> =
        tickets.values().filter_map(elsewhere).filter(|front| !tickets.contains_key(front)).collect();
    let fronts = of_company(world, company, fronts).await?;
    let mut shown = BTreeMap::new();
    for (id, ticket) in &tickets {
        let front =
            elsewhere(ticket).and_then(|id| tickets.get_key_value(&id).or_else(|| fronts.get_key_value(&id)));
        let (id, ticket) = front.unwrap_or((id, ticket));
        shown.insert(*id, ticket);
    }
    let mut out: Vec<Summary> =
        shown.into_iter().filter_map(|(id, ticket)| list::summary(id, ticket)).collect();
    out.sort_by_key(|s| std::cmp::Reverse(s.number));
    Ok(out)
}

/// Reads tickets at the same time; those of other companies are left out.
async fn of_company<W: World>(
    world: &W,
    company: CompanyId,
    ids: impl IntoIterator<Item = TicketId>,
) -> Result<BTreeMap<TicketId, Ticket>, StoreError> {
    let read = ids.into_iter().map(|id| async move {
        Ok::<_, StoreError>((id, Ticket::journal(id)?.read(world.kv(), world.clock()).await?.state))
    });
    let mut tickets = BTreeMap::new();
    for one in join_all(read).await {
        let (id, ticket) = one?;
        if ticket.opened.as_ref().is_some_and(|o| o.company == company) {
            tickets.insert(id, ticket);
        }
    }
    Ok(tickets)
}
