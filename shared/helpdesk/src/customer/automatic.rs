//! Records that are added while a marketplace customer's ticket is opened.

use super::details::Details;
use super::lookup::{self, Key, Moves};
use super::record::{Customer, Fact, ROW};
use super::{journal, list};
use mostek_domain::{CompanyId, CustomerId, Timestamp};
use mostek_ports::StoreError;
use mostek_store::{Commit, Journal, Row};
use std::collections::BTreeSet;

/// A record to be added for a marketplace customer: the same customer always gets the same record, so two tickets at once
/// add one.
pub(crate) struct Automatic {
    pub(crate) id: CustomerId,
    pub(crate) details: Details,
}

/// What is written for such a record.
pub(crate) struct AutomaticParts {
    pub(crate) journal: Journal<Customer>,
    pub(crate) fact: (String, Fact),
    pub(crate) row: Row,
}

impl Automatic {
    /// The record's fact and row, to ride in the intake's commit. The caller adds all rows to the index at once. It is
    /// found by its computed id; [`Self::claim`] is for what else it is found by.
    pub(crate) fn parts(&self, company: CompanyId, at: Timestamp) -> Result<AutomaticParts, StoreError> {
        let fact =
            Fact::Added { company, details: self.details.clone(), replaces: Vec::new(), indexed: true };
        Ok(AutomaticParts {
            journal: journal(self.id)?,
            fact: ("added".to_owned(), fact),
            row: list::row(self.id, &self.details, at, Vec::new(), true)?,
        })
    }

    /// Has it found by its e-mail addresses: one more reservation for each, and none for a marketplace's customer, who has no
    /// address. The field's value is left out, since the computed id is found by it.
    pub(crate) fn claim(&self, commit: &mut Commit<'_>, company: CompanyId) -> Result<(), StoreError> {
        let claims = self.details.emails.iter().cloned().map(Key::Email).collect();
        let moves = Moves { record: self.id, gives_up: BTreeSet::new(), claims };
        lookup::update(commit, company, "added", &[moves])
    }
}

/// The name under which a record's entry keeps its row's slot.
pub(crate) fn row_name() -> String {
    ROW.to_owned()
}
