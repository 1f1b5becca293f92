//! Records that are added while a marketplace customer's ticket is opened.

use super::details::Details;
use super::record::{Customer, Fact, ROW};
use super::{journal, list};
use mostek_domain::{CompanyId, CustomerId, Timestamp};
use mostek_ports::StoreError;
use mostek_store::{Journal, Row};

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
    /// found by its computed id, so nothing is written into lookup journals.
    pub(crate) fn parts(&self, company: CompanyId, at: Timestamp) -> Result<AutomaticParts, StoreError> {
        let fact =
            Fact::Added { company, details: self.details.clone(), replaces: Vec::new(), indexed: false };
        Ok(AutomaticParts {
            journal: journal(self.id)?,
            fact: ("added".to_owned(), fact),
            row: list::row(self.id, &self.details, at, Vec::new(), true)?,
        })
    }
}

/// The name under which a record's entry keeps its row's slot.
pub(crate) fn row_name() -> String {
    ROW.to_owned()
}
