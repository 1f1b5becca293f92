//! A record's journal and what it folds to.
//!
//! Facts say what changed, not what all of it is, so that two people who change a record at the same moment, or one who
//! changes it while another merges it, do not take anything from each other. Facts of the time before that
//! ([`Fact::Changed`], and [`Fact::Added`] still) say all of it.

use super::cell::Cell;
use super::details::Details;
use super::lookup::Key;
use mostek_domain::{
    Address, CompanyId, ConnectionId, CustomerId, EmailAddress, FieldId, MergeId, Nip, PersonName,
    PhoneNumber, SmsConsent, TicketId, Timestamp,
};
use mostek_store::{Actor, Aggregate, Entry, RowRef};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Entries, tickets and consents that the state remembers at most; older ones are in the entries only.
const REMEMBERED: usize = 2_000;

/// One thing that changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Change {
    /// The name.
    Name {
        /// The new one.
        to: PersonName,
    },
    /// The tax number.
    Nip {
        /// The new one; absent removes it.
        to: Option<Nip>,
    },
    /// The locale.
    Locale {
        /// The new one; absent removes it.
        to: Option<String>,
    },
    /// The notes.
    Notes {
        /// The new ones.
        to: String,
    },
    /// A field of the company's.
    Field {
        /// Which.
        field: FieldId,
        /// The new value; absent removes it.
        to: Option<String>,
    },
    /// A phone or its consent.
    Phone {
        /// Which.
        number: PhoneNumber,
        /// Consent and place in the list; absent removes the phone.
        to: Option<(SmsConsent, u32)>,
    },
    /// An e-mail address.
    Email {
        /// Which.
        address: EmailAddress,
        /// Its place in the list; absent removes it.
        to: Option<u32>,
    },
    /// A postal address.
    Address {
        /// Which.
        address: Address,
        /// Its place in the list; absent removes it.
        to: Option<u32>,
    },
}

/// A ticket of a customer, as their record remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketLink {
    /// The ticket.
    pub ticket: TicketId,
    /// When it began.
    pub at: Timestamp,
    /// The order it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderLink>,
}

/// An order of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLink {
    /// Through which connection it is known.
    pub connection: ConnectionId,
    /// The marketplace's order id.
    pub id: String,
    /// When it was placed, or else when its ticket began.
    pub at: Timestamp,
}

/// What is written about a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// It was added.
    Added {
        /// Whose.
        company: CompanyId,
        /// What it says.
        details: Details,
        /// Slots of list rows this one replaces (none).
        #[serde(default)]
        replaces: Vec<u64>,
        /// All it is found by is in the lookup journals, but for the field by which a record that was added for a marketplace
        /// customer has its id. Without this only the fields' values are.
        #[serde(default)]
        indexed: bool,
    },
    /// It was changed: all of it. Not written any more.
    Changed {
        /// What it says now.
        details: Details,
        /// Slots of list rows this one replaces.
        #[serde(default)]
        replaces: Vec<u64>,
    },
    /// Some of it was changed.
    Edited {
        /// What.
        changes: Vec<Change>,
        /// Slots of list rows this one replaces.
        #[serde(default)]
        replaces: Vec<u64>,
    },
    /// A ticket of theirs began.
    Ticket {
        /// Which.
        #[serde(flatten)]
        link: TicketLink,
    },
    /// It was merged into another one, which stands for it from now on.
    MergedInto {
        /// The merging.
        merge: MergeId,
        /// The other one.
        survivor: CustomerId,
        /// Slots of list rows this one replaces.
        #[serde(default)]
        replaces: Vec<u64>,
    },
    /// Another one was merged into it.
    Absorbed(Box<Absorbed>),
    /// A merging was undone; in both records.
    Unmerged {
        /// Which.
        merge: MergeId,
        /// Slots of list rows this one replaces.
        #[serde(default)]
        replaces: Vec<u64>,
    },
    /// It was erased; for good.
    Erased {
        /// Whose, also in a journal whose first entry is lost.
        company: CompanyId,
        /// Slots of list rows this one replaces.
        #[serde(default)]
        replaces: Vec<u64>,
    },
    /// Its row in the list was written again.
    Touched {
        /// Slots of list rows this one replaces.
        #[serde(default)]
        replaces: Vec<u64>,
    },
}

/// What a record gets from one that is merged into it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Absorbed {
    /// The merging.
    pub merge: MergeId,
    /// The record that is merged.
    pub loser: CustomerId,
    /// How many facts about what the loser says this was computed from. A slot would not do: a lower one may turn up later.
    pub upto: u64,
    /// What changes.
    pub changes: Vec<Change>,
    /// The loser's history of consents.
    #[serde(default)]
    pub consents: Vec<ConsentPoint>,
    /// What the loser was found by: whoever looks for that finds this record now.
    #[serde(default)]
    pub aliases: BTreeSet<Key>,
    /// Slots of list rows this one replaces.
    #[serde(default)]
    pub replaces: Vec<u64>,
}

impl Fact {
    /// Slots of list rows that this fact's row replaces.
    fn replaces(&self) -> &[u64] {
        match self {
            Self::Added { replaces, .. }
            | Self::Changed { replaces, .. }
            | Self::Edited { replaces, .. }
            | Self::MergedInto { replaces, .. }
            | Self::Unmerged { replaces, .. }
            | Self::Erased { replaces, .. }
            | Self::Touched { replaces } => replaces,
            Self::Absorbed(a) => &a.replaces,
            Self::Ticket { .. } => &[],
        }
    }

    /// The same with the rows it replaces.
    pub(super) fn replacing(mut self, rows: Vec<u64>) -> Self {
        match &mut self {
            Self::Added { replaces, .. }
            | Self::Changed { replaces, .. }
            | Self::Edited { replaces, .. }
            | Self::MergedInto { replaces, .. }
            | Self::Unmerged { replaces, .. }
            | Self::Erased { replaces, .. }
            | Self::Touched { replaces } => *replaces = rows,
            Self::Absorbed(a) => a.replaces = rows,
            Self::Ticket { .. } => {}
        }
        self
    }
}

impl Fact {
    /// The same fact without what it says about the person: who had the record, which merging it was and which rows it
    /// replaces stays.
    pub(super) fn redacted(self) -> Self {
        let nobody = || Details::nameless();
        match self {
            Self::Added { company, replaces, indexed, .. } => match nobody() {
                Some(details) => Self::Added { company, details, replaces, indexed },
                None => Self::Touched { replaces },
            },
            Self::Changed { replaces, .. } => match nobody() {
                Some(details) => Self::Changed { details, replaces },
                None => Self::Touched { replaces },
            },
            Self::Edited { replaces, .. } => Self::Edited { changes: Vec::new(), replaces },
            Self::Ticket { link } => Self::Ticket { link: TicketLink { order: None, ..link } },
            Self::Absorbed(a) => Self::Absorbed(Box::new(Absorbed {
                changes: Vec::new(),
                consents: Vec::new(),
                aliases: BTreeSet::new(),
                ..*a
            })),
            other @ (Self::MergedInto { .. }
            | Self::Unmerged { .. }
            | Self::Erased { .. }
            | Self::Touched { .. }) => other,
        }
    }
}

/// One moment in the history of a phone's consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentPoint {
    /// The slot that says so, in the journal it was written to first.
    pub slot: u64,
    /// When it was written down.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// The phone.
    pub number: PhoneNumber,
    /// What was said; absent when the phone was removed.
    pub consent: Option<SmsConsent>,
    /// The merging that brought it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<MergeId>,
}

/// A merging of this record into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    slot: u64,
    /// The merging.
    pub merge: MergeId,
    /// The record that stands for this one.
    pub survivor: CustomerId,
    /// When.
    pub at: Timestamp,
}

/// A record that was merged into this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gained {
    /// The merging.
    pub merge: MergeId,
    /// The record.
    pub loser: CustomerId,
    /// When.
    pub at: Timestamp,
    /// How many facts about what it says are here.
    pub upto: u64,
    /// What it was found by.
    pub aliases: BTreeSet<Key>,
}

/// A ticket link with the slot that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// The slot.
    pub slot: u64,
    /// The ticket.
    #[serde(flatten)]
    pub link: TicketLink,
}

/// What a record's parts are set to, by whom and since which slot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Cells {
    name: Cell<PersonName>,
    nip: Cell<Option<Nip>>,
    locale: Cell<Option<String>>,
    notes: Cell<String>,
    fields: BTreeMap<FieldId, Cell<Option<String>>>,
    phones: BTreeMap<PhoneNumber, Cell<Option<(SmsConsent, u32)>>>,
    emails: BTreeMap<EmailAddress, Cell<Option<u32>>>,
    addresses: Vec<(Address, Cell<Option<u32>>)>,
}

/// A record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Whose; `None` in a journal where nothing was written yet.
    pub company: Option<CompanyId>,
    /// What it says; `None` before it was added and after it was erased.
    pub details: Option<Details>,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Rows in the list that are not replaced yet.
    pub rows: Vec<RowRef>,
    /// Tickets, in the order they began.
    pub tickets: Vec<Linked>,
    /// Entries that people are shown: slot and moment, in the order of slots.
    pub log: Vec<(u64, Timestamp)>,
    /// Records that were merged into this one and are still.
    pub absorbed: Vec<Gained>,
    consents: Vec<ConsentPoint>,
    cells: Cells,
    /// The highest slot that said all of it: what lower ones set is gone.
    floor: u64,
    /// The highest slot that changed what it says.
    content_slot: u64,
    /// How many facts did.
    contents: u64,
    indexed: bool,
    merges: Vec<Merged>,
    undone: BTreeSet<MergeId>,
    erased: bool,
}

pub(super) const ROW: &str = "row";

impl Cells {
    fn set(&mut self, slot: u64, by: Option<MergeId>, change: &Change) {
        match change.clone() {
            Change::Name { to } => self.name.set(slot, by, to),
            Change::Nip { to } => self.nip.set(slot, by, to),
            Change::Locale { to } => self.locale.set(slot, by, to),
            Change::Notes { to } => self.notes.set(slot, by, to),
            Change::Field { field, to } => self.fields.entry(field).or_default().set(slot, by, to),
            Change::Phone { number, to } => self.phones.entry(number).or_default().set(slot, by, to),
            Change::Email { address, to } => self.emails.entry(address).or_default().set(slot, by, to),
            Change::Address { address, to } => match self.addresses.iter_mut().find(|(a, _)| *a == address) {
                Some((_, cell)) => cell.set(slot, by, to),
                None => {
                    let mut cell = Cell::default();
                    cell.set(slot, by, to);
                    self.addresses.push((address, cell));
                }
            },
        }
    }

    /// All of it at once: what `details` does not have is gone.
    fn replace(&mut self, slot: u64, details: &Details) {
        self.fields.values_mut().for_each(|c| c.set(slot, None, None));
        self.phones.values_mut().for_each(|c| c.set(slot, None, None));
        self.emails.values_mut().for_each(|c| c.set(slot, None, None));
        self.addresses.iter_mut().for_each(|(_, c)| c.set(slot, None, None));
        let nothing = Details::named(details.name.clone());
        self.name.set(slot, None, details.name.clone());
        self.nip.set(slot, None, details.nip.clone());
        self.locale.set(slot, None, details.locale.clone());
        self.notes.set(slot, None, details.notes.clone());
        for change in super::details::difference(&nothing, details) {
            self.set(slot, None, &change);
        }
    }

    fn forget(&mut self, merge: MergeId) {
        self.name.forget(merge);
        self.nip.forget(merge);
        self.locale.forget(merge);
        self.notes.forget(merge);
        self.fields.values_mut().for_each(|c| c.forget(merge));
        self.fields.retain(|_, c| !c.is_unset());
        self.phones.values_mut().for_each(|c| c.forget(merge));
        self.phones.retain(|_, c| !c.is_unset());
        self.emails.values_mut().for_each(|c| c.forget(merge));
        self.emails.retain(|_, c| !c.is_unset());
        self.addresses.iter_mut().for_each(|(_, c)| c.forget(merge));
        self.addresses.retain(|(_, c)| !c.is_unset());
    }

    /// `None` before there is a name.
    fn details(&self) -> Option<Details> {
        let mut phones: Vec<_> = self
            .phones
            .iter()
            .filter_map(|(number, c)| c.now().cloned().flatten().map(|(consent, at)| (at, number, consent)))
            .collect();
        phones.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        let mut emails: Vec<_> =
            self.emails.iter().filter_map(|(e, c)| c.now().copied().flatten().map(|at| (at, e))).collect();
        emails.sort();
        let mut addresses: Vec<_> =
            self.addresses.iter().filter_map(|(a, c)| c.now().copied().flatten().map(|at| (at, a))).collect();
        addresses.sort();
        Some(Details {
            name: self.name.now()?.clone(),
            phones: phones.into_iter().map(|(_, number, consent)| (number.clone(), consent)).collect(),
            emails: emails.into_iter().map(|(_, e)| e.clone()).collect(),
            addresses: addresses.into_iter().map(|(_, a)| a.clone()).collect(),
            nip: self.nip.now().cloned().flatten(),
            locale: self.locale.now().cloned().flatten(),
            notes: self.notes.now().cloned().unwrap_or_default(),
            fields: self
                .fields
                .iter()
                .filter_map(|(f, c)| c.now().cloned().flatten().map(|v| (*f, v)))
                .collect(),
        })
    }
}

impl Customer {
    /// The merging that made another record stand for this one: of several the one in the lowest slot.
    #[must_use]
    pub fn merged(&self) -> Option<&Merged> {
        self.merges.iter().min_by_key(|m| m.slot)
    }

    /// Mergings of this record that did not come first.
    pub(super) fn late_merges(&self) -> impl Iterator<Item = &Merged> {
        let first = self.merged().map(|m| m.merge);
        self.merges.iter().filter(move |m| Some(m.merge) != first)
    }

    /// True if it was erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.erased
    }

    /// True if it stands for itself: it was added, and neither merged into another nor erased.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.details.is_some() && self.merges.is_empty() && !self.erased
    }

    /// True if this merging was undone.
    pub(super) fn has_undone(&self, merge: MergeId) -> bool {
        self.undone.contains(&merge)
    }

    /// How many facts changed what it says: another number means that it says something else.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.contents
    }

    /// False for a record whose phones, e-mails and NIP are not in the lookup journals yet.
    pub(super) fn is_indexed(&self) -> bool {
        self.indexed
    }

    /// What was said about SMS to its phones, oldest first; what only says the same again is left out.
    #[must_use]
    pub fn consents(&self) -> Vec<ConsentPoint> {
        let mut all = self.consents.clone();
        all.sort_by_key(|p| (p.at, p.slot));
        let mut last: BTreeMap<PhoneNumber, Option<SmsConsent>> = BTreeMap::new();
        all.retain(|p| {
            let before = last.insert(p.number.clone(), p.consent.clone());
            before.as_ref() != Some(&p.consent)
        });
        all
    }

    /// What was last said about SMS to a number, also one that was removed since, and from when that counts: from its own moment,
    /// else from when it was written down. A no without a moment says something only behind a yes: it takes that back.
    #[must_use]
    pub fn consent_to(&self, number: &PhoneNumber) -> Option<(SmsConsent, Timestamp)> {
        let mut said: Option<(SmsConsent, Timestamp)> = None;
        for point in self.consents().into_iter().filter(|p| p.number == *number) {
            let Some(consent) = point.consent else { continue };
            let takes_back = said.as_ref().is_some_and(|(before, _)| before.given);
            if let Some(at) = consent.at.or((consent.given || takes_back).then_some(point.at)) {
                said = Some((consent, at));
            }
        }
        said
    }

    fn note_consents(&mut self, entry: &Entry<Fact>, changes: &[Change]) {
        for change in changes {
            if let Change::Phone { number, to } = change {
                self.consents.push(ConsentPoint {
                    slot: entry.slot,
                    at: entry.at(),
                    actor: entry.actor.clone(),
                    number: number.clone(),
                    consent: to.as_ref().map(|(consent, _)| consent.clone()),
                    merge: None,
                });
            }
        }
        self.cut_consents();
    }

    fn cut_consents(&mut self) {
        if self.consents.len() > REMEMBERED {
            self.consents.sort_by_key(|p| (p.at, p.slot));
            self.consents.drain(..self.consents.len() - REMEMBERED);
        }
    }

    fn logged(&mut self, entry: &Entry<Fact>) {
        let at = self.log.partition_point(|(slot, _)| *slot < entry.slot);
        self.log.insert(at, (entry.slot, entry.at()));
        if self.log.len() > REMEMBERED {
            self.log.remove(0);
        }
    }

    fn changed(&mut self, entry: &Entry<Fact>) {
        self.contents = self.contents.saturating_add(1);
        if entry.slot > self.content_slot {
            self.content_slot = entry.slot;
            self.changed_at = entry.at();
        }
        self.details = self.cells.details();
    }

    /// All of it, as the facts of old say it.
    fn replace(&mut self, entry: &Entry<Fact>, details: &Details) {
        if entry.slot < self.floor {
            return;
        }
        self.floor = entry.slot;
        let gone: Vec<Change> = self
            .details
            .iter()
            .flat_map(|d| &d.phones)
            .filter(|(n, _)| !details.phones.iter().any(|(m, _)| n == m))
            .map(|(number, _)| Change::Phone { number: number.clone(), to: None })
            .collect();
        let said: Vec<Change> = details
            .phones
            .iter()
            .map(|(number, c)| Change::Phone { number: number.clone(), to: Some((c.clone(), 0)) })
            .chain(gone)
            .collect();
        self.note_consents(entry, &said);
        self.cells.replace(entry.slot, details);
        self.changed(entry);
    }

    fn erase(&mut self, company: CompanyId, entry: &Entry<Fact>) {
        let rows = std::mem::take(&mut self.rows);
        let merges = std::mem::take(&mut self.merges);
        let tickets = std::mem::take(&mut self.tickets);
        *self = Self {
            company: Some(self.company.unwrap_or(company)),
            added_at: self.added_at,
            changed_at: entry.at(),
            rows,
            merges,
            tickets,
            erased: true,
            content_slot: self.content_slot.max(entry.slot),
            contents: self.contents.saturating_add(1),
            ..Self::default()
        };
    }
}

impl Aggregate for Customer {
    type Fact = Fact;
    type State = Self;
    const FOLD: u32 = 2;

    fn apply(state: &mut Self, entry: &Entry<Fact>) {
        Self::repeated(state, entry);
        if let Fact::Ticket { link } = &entry.fact {
            let at = state.tickets.partition_point(|t| (t.link.at, t.slot) < (link.at, entry.slot));
            state.tickets.insert(at, Linked { slot: entry.slot, link: link.clone() });
            if state.tickets.len() > REMEMBERED {
                state.tickets.remove(0);
            }
            return;
        }
        if state.erased {
            // Nothing that turns up late says anything about the person any more.
            return;
        }
        match &entry.fact {
            Fact::Added { company, details, indexed, .. } => {
                if state.company.is_none() {
                    state.added_at = entry.at();
                }
                state.company.get_or_insert(*company);
                state.indexed |= indexed;
                state.replace(entry, details);
                state.logged(entry);
            }
            Fact::Changed { details, .. } => {
                state.replace(entry, details);
                state.logged(entry);
            }
            Fact::Edited { changes, .. } => {
                state.indexed = true;
                if entry.slot > state.floor {
                    state.note_consents(entry, changes);
                    changes.iter().for_each(|c| state.cells.set(entry.slot, None, c));
                    state.changed(entry);
                }
                state.logged(entry);
            }
            Fact::MergedInto { merge, survivor, .. } => {
                if !state.undone.contains(merge) && !state.merges.iter().any(|m| m.merge == *merge) {
                    let merged =
                        Merged { slot: entry.slot, merge: *merge, survivor: *survivor, at: entry.at() };
                    state.merges.push(merged);
                }
                state.logged(entry);
            }
            Fact::Absorbed(absorbed) => {
                state.indexed = true;
                state.absorb(entry, absorbed);
                state.logged(entry);
            }
            Fact::Unmerged { merge, .. } => {
                state.undone.insert(*merge);
                state.merges.retain(|m| m.merge != *merge);
                state.absorbed.retain(|g| g.merge != *merge);
                state.consents.retain(|p| p.merge != Some(*merge));
                state.cells.forget(*merge);
                state.changed(entry);
                state.logged(entry);
            }
            Fact::Erased { company, .. } => state.erase(*company, entry),
            Fact::Ticket { .. } | Fact::Touched { .. } => {}
        }
    }

    fn repeated(state: &mut Self, entry: &Entry<Fact>) {
        let replaces = entry.fact.replaces();
        state.rows.retain(|r| !replaces.contains(&r.slot));
        if let Some(slot) = entry.refs.get(ROW)
            && !state.rows.iter().any(|r| r.slot == *slot)
        {
            state.rows.push(RowRef { slot: *slot, attributes: vec![0] });
        }
    }
}

impl Customer {
    fn absorb(&mut self, entry: &Entry<Fact>, absorbed: &Absorbed) {
        let merge = absorbed.merge;
        if self.undone.contains(&merge) {
            return;
        }
        match self.absorbed.iter_mut().find(|g| g.merge == merge) {
            Some(known) => {
                known.upto = known.upto.max(absorbed.upto);
                known.aliases.extend(absorbed.aliases.iter().cloned());
            }
            None => self.absorbed.push(Gained {
                merge,
                loser: absorbed.loser,
                at: entry.at(),
                upto: absorbed.upto,
                aliases: absorbed.aliases.clone(),
            }),
        }
        for point in &absorbed.consents {
            let point = ConsentPoint { merge: Some(merge), ..point.clone() };
            if !self.consents.contains(&point) {
                self.consents.push(point);
            }
        }
        self.cut_consents();
        if entry.slot > self.floor {
            absorbed.changes.iter().for_each(|c| self.cells.set(entry.slot, Some(merge), c));
        }
        self.changed(entry);
    }
}
