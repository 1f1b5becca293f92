//! What people mark a ticket with: how urgent it is, tags, a sub-status.

use super::Ticket;
use mostek_domain::ticket::Priority;
use mostek_domain::{SubStatusId, TagId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A tag as a ticket carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagRef {
    /// The tag.
    pub id: TagId,
    /// Its bit in the rows of the list.
    pub bit: u8,
}

/// A tag, the slot that said so, and whether the ticket has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Tagged {
    slot: u64,
    bit: u8,
    has: bool,
}

/// All of it. Older snapshots of tickets have none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Marks {
    priority: Option<(u64, Priority)>,
    tags: BTreeMap<TagId, Tagged>,
    /// The slot since which the ticket has the status it is a part of, its own slot, and which.
    sub_status: Option<(u64, u64, Option<SubStatusId>)>,
}

impl Marks {
    pub(super) fn set_priority(&mut self, slot: u64, priority: Priority) {
        if self.priority.is_none_or(|(s, _)| s < slot) {
            self.priority = Some((slot, priority));
        }
    }

    pub(super) fn tag(&mut self, slot: u64, add: &[TagRef], remove: &[TagId]) {
        let added = add.iter().map(|t| (t.id, t.bit, true));
        for (id, bit, has) in added.chain(remove.iter().map(|t| (*t, 0, false))) {
            let known = self.tags.get(&id);
            if known.is_none_or(|k| k.slot < slot) {
                self.tags.insert(id, Tagged { slot, bit, has });
            }
        }
    }

    pub(super) fn set_sub_status(&mut self, status_since: u64, slot: u64, which: Option<SubStatusId>) {
        if self.sub_status.is_none_or(|(_, s, _)| s < slot) {
            self.sub_status = Some((status_since, slot, which));
        }
    }
}

impl Ticket {
    /// How urgent it is.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.marks.priority.map(|(_, p)| p).unwrap_or_default()
    }

    /// Its tags.
    #[must_use]
    pub fn tags(&self) -> Vec<TagRef> {
        let tags = self.marks.tags.iter().filter(|(_, t)| t.has);
        tags.map(|(id, t)| TagRef { id: *id, bit: t.bit }).collect()
    }

    /// The part of its status that it is in; one of an earlier status does not count any more.
    #[must_use]
    pub fn sub_status(&self) -> Option<SubStatusId> {
        self.marks.sub_status.filter(|(of, _, _)| *of == self.status_since).and_then(|(_, _, which)| which)
    }
}
