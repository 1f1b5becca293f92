//! A value of a record that several writers set, each in a slot, some of them by a merging that may be undone.
//!
//! What is kept does not depend on the order in which the facts are found: the highest slot counts, and a value that a
//! merging set stands beside the record's own one until that is set anew.

use mostek_domain::MergeId;
use serde::{Deserialize, Serialize};

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cell<T> {
    own: Option<(u64, T)>,
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    merged: Vec<(u64, MergeId, T)>,
}

impl<T> Default for Cell<T> {
    fn default() -> Self {
        Self { own: None, merged: Vec::new() }
    }
}

impl<T> Cell<T> {
    /// Sets it, as the fact in `slot` says; `by` is the merging that does.
    pub(super) fn set(&mut self, slot: u64, by: Option<MergeId>, value: T) {
        match by {
            None => {
                if self.own.as_ref().is_none_or(|(s, _)| *s <= slot) {
                    self.own = Some((slot, value));
                }
            }
            // A merging may be written again with more in it.
            Some(merge) => match self.merged.iter_mut().find(|(_, m, _)| *m == merge) {
                Some(entry) if entry.0 <= slot => *entry = (slot, merge, value),
                Some(_) => {}
                None => self.merged.push((slot, merge, value)),
            },
        }
    }

    /// What it says.
    pub(super) fn now(&self) -> Option<&T> {
        let merged = self.merged.iter().max_by_key(|(slot, _, _)| *slot);
        match (&self.own, merged) {
            (Some((own, _)), Some((slot, _, value))) if slot > own => Some(value),
            (Some((_, value)), _) | (None, Some((_, _, value))) => Some(value),
            (None, None) => None,
        }
    }

    /// Takes out what a merging set.
    pub(super) fn forget(&mut self, merge: MergeId) {
        self.merged.retain(|(_, m, _)| *m != merge);
    }

    /// True if nothing ever set it, or nothing that still counts.
    pub(super) fn is_unset(&self) -> bool {
        self.own.is_none() && self.merged.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Act {
        Set(u64, Option<u8>),
        Undo(u8),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            5 => (1u64..40, proptest::option::of(0u8..3)).prop_map(|(slot, by)| Act::Set(slot, by)),
            1 => (0u8..3).prop_map(Act::Undo),
        ]
    }

    fn merge(n: u8) -> MergeId {
        MergeId::from_random([n; 16])
    }

    /// As a record does it: what was undone is not set any more.
    fn fold(acts: &[Act]) -> Option<u64> {
        let mut cell = Cell::default();
        let mut undone: Vec<u8> = Vec::new();
        for act in acts {
            match act {
                Act::Set(slot, None) => cell.set(*slot, None, *slot),
                Act::Set(slot, Some(m)) if !undone.contains(m) => cell.set(*slot, Some(merge(*m)), *slot),
                Act::Set(..) => {}
                Act::Undo(m) => {
                    undone.push(*m);
                    cell.forget(merge(*m));
                }
            }
        }
        cell.now().copied()
    }

    proptest! {
        #[test]
        fn the_order_in_which_facts_are_found_does_not_matter(acts in proptest::collection::vec(act(), 0..12), by in 0usize..12) {
            let mut turned = acts.clone();
            turned.reverse();
            prop_assert_eq!(fold(&acts), fold(&turned));
            turned.rotate_left(by.min(acts.len()));
            prop_assert_eq!(fold(&acts), fold(&turned));
        }
    }

    #[test]
    fn undoing_a_merging_brings_back_what_was_there() {
        let mut cell = Cell::default();
        cell.set(3, None, "ours");
        cell.set(5, Some(merge(1)), "theirs");
        assert_eq!(cell.now(), Some(&"theirs"));
        cell.forget(merge(1));
        assert_eq!(cell.now(), Some(&"ours"));
        cell.set(5, Some(merge(2)), "theirs");
        cell.set(7, None, "changed since");
        cell.forget(merge(2));
        assert_eq!(cell.now(), Some(&"changed since"));
    }
}
