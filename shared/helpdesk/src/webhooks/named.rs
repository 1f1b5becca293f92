//! Finds letters that name a person, for erasing them (GDPR, article 17).

use super::letters;
use super::source::{self, Source};
use mostek_domain::{CompanyId, ConnectionId, EmailAddress, PhoneNumber};
use mostek_ports::{StoreError, World};
use serde_json::Value;
use std::collections::BTreeSet;

/// Letters of a person at most; with more the rest is found by erasing again, or by hand.
const MOST: usize = 1_000;

/// What a person is known by outside.
#[derive(Debug, Default)]
pub(crate) struct Person {
    /// Their e-mail addresses.
    pub emails: Vec<EmailAddress>,
    /// Their phones.
    pub phones: Vec<PhoneNumber>,
    /// Ids of theirs: as a shop's customer, and of their orders.
    pub ids: BTreeSet<String>,
}

impl Person {
    /// Whether a body names them: an address or a phone anywhere in it, or an id where the source's mapping finds the
    /// customer or the order. An id elsewhere could be anybody's, and so could a name.
    fn is_in(&self, body: &str, source: &Source) -> bool {
        let lower = body.to_lowercase();
        // Phones are written with all kinds of gaps.
        let closed: String =
            body.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}' | '(' | ')')).collect();
        let phone = |p: &PhoneNumber| closed.contains(p.polish().unwrap_or_else(|| p.as_str()));
        if self.emails.iter().any(|e| lower.contains(&e.as_str().to_lowercase()))
            || self.phones.iter().any(phone)
        {
            return true;
        }
        let Ok(body) = serde_json::from_str::<Value>(body) else { return false };
        let places = &source.setup.mapping.places;
        [&places.customer_id, &places.order]
            .into_iter()
            .filter_map(|place| place.as_ref()?.find(&body))
            .any(|id| self.ids.contains(&id))
    }
}

/// The letters that wait in a company's sources and name the person.
///
/// # Errors
/// The store's.
pub(crate) async fn letters<W: World>(
    world: &W,
    company: CompanyId,
    person: &Person,
) -> Result<Vec<(ConnectionId, String)>, StoreError> {
    let mut found = Vec::new();
    for source in source::of_company(world, company).await? {
        for (letter, body) in letters::bodies(world, source.id).await? {
            if found.len() < MOST && person.is_in(&body, &source) {
                found.push((source.id, letter));
            }
        }
    }
    Ok(found)
}
