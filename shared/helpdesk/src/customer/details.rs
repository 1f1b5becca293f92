//! What a record says, as forms and programs send it and as pages show it.

use super::lookup::Key;
use super::record::Change;
use crate::desk::Desk;
use crate::error::Refusal;
use mostek_domain::{Address, EmailAddress, FieldId, Nip, PersonName, PhoneNumber, SmsConsent};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Phones, e-mails, addresses or fields of one record at most.
pub const MOST: usize = 50;
/// Characters in notes at most.
pub const NOTES_CHARS: usize = 5_000;
/// Characters in a field's value at most.
pub const VALUE_CHARS: usize = mostek_domain::field::VALUE_CHARS;

/// What a record says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Name.
    pub name: PersonName,
    /// Phones, each with its consent to SMS.
    #[serde(default)]
    pub phones: Vec<(PhoneNumber, SmsConsent)>,
    /// E-mail addresses.
    #[serde(default)]
    pub emails: Vec<EmailAddress>,
    /// Postal addresses.
    #[serde(default)]
    pub addresses: Vec<Address>,
    /// Tax number, for a company.
    #[serde(default)]
    pub nip: Option<Nip>,
    /// Locale such as `pl_PL`, from an order.
    #[serde(default)]
    pub locale: Option<String>,
    /// Notes.
    #[serde(default)]
    pub notes: String,
    /// Values of the fields that administrators added, each in its kind's one form (see [`mostek_domain::field`]).
    #[serde(default)]
    pub fields: BTreeMap<FieldId, String>,
}

impl Details {
    /// Nothing but a name.
    #[must_use]
    pub fn named(name: PersonName) -> Self {
        Self {
            name,
            phones: Vec::new(),
            emails: Vec::new(),
            addresses: Vec::new(),
            nip: None,
            locale: None,
            notes: String::new(),
            fields: BTreeMap::new(),
        }
    }

    /// What stands in the facts of somebody who was erased.
    pub(super) fn nameless() -> Option<Self> {
        PersonName::parse("—").ok().map(Self::named)
    }

    /// Leaves out what is there twice; the first one stays.
    #[must_use]
    pub fn once(mut self) -> Self {
        let mut seen = BTreeSet::new();
        self.phones.retain(|(number, _)| seen.insert(number.clone()));
        let mut seen = BTreeSet::new();
        self.emails.retain(|e| seen.insert(e.clone()));
        let mut seen = BTreeSet::new();
        self.addresses.retain(|a| seen.insert(a.clone()));
        self
    }

    /// Checks what no single value shows.
    ///
    /// # Errors
    /// [`Refusal::TooMany`], [`Refusal::TooLong`].
    pub fn check(&self) -> Result<(), Refusal> {
        let most = [self.phones.len(), self.emails.len(), self.addresses.len(), self.fields.len()];
        if most.into_iter().any(|n| n > MOST) {
            return Err(Refusal::TooMany { limit: MOST });
        }
        if self.notes.chars().count() > NOTES_CHARS {
            return Err(Refusal::TooLong { limit: NOTES_CHARS });
        }
        if self.fields.values().any(|v| v.chars().count() > VALUE_CHARS) {
            return Err(Refusal::TooLong { limit: VALUE_CHARS });
        }
        Ok(())
    }

    /// What the record is found by: phones, e-mails, NIP and the values of text fields. A field that the desk does not
    /// know is taken for a text, as all were once.
    #[must_use]
    pub fn keys(&self, desk: &Desk) -> BTreeSet<Key> {
        let mut keys = self.field_keys(desk);
        keys.extend(self.phones.iter().map(|(number, _)| Key::Phone(number.clone())));
        keys.extend(self.emails.iter().cloned().map(Key::Email));
        keys.extend(self.nip.clone().map(Key::Nip));
        keys
    }

    /// The values of text fields among them.
    #[must_use]
    pub(super) fn field_keys(&self, desk: &Desk) -> BTreeSet<Key> {
        self.fields
            .iter()
            .filter(|(field, value)| {
                !value.trim().is_empty() && desk.field(**field).is_none_or(|f| f.kind.is_text())
            })
            .map(|(field, value)| Key::Field { field: *field, value: value.trim().to_owned() })
            .collect()
    }
}

/// A number that only its position in a list gives.
fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What has to change for `before` to say what `after` says.
#[must_use]
pub(super) fn difference(before: &Details, after: &Details) -> Vec<Change> {
    let mut all = Vec::new();
    if before.name != after.name {
        all.push(Change::Name { to: after.name.clone() });
    }
    if before.nip != after.nip {
        all.push(Change::Nip { to: after.nip.clone() });
    }
    if before.locale != after.locale {
        all.push(Change::Locale { to: after.locale.clone() });
    }
    if before.notes != after.notes {
        all.push(Change::Notes { to: after.notes.clone() });
    }
    let fields: BTreeSet<&FieldId> = before.fields.keys().chain(after.fields.keys()).collect();
    for field in fields {
        let to = after.fields.get(field);
        if before.fields.get(field) != to {
            all.push(Change::Field { field: *field, to: to.cloned() });
        }
    }
    for (index, (number, consent)) in after.phones.iter().enumerate() {
        let was = before.phones.iter().position(|(n, c)| n == number && c == consent);
        if was != Some(index) {
            all.push(Change::Phone { number: number.clone(), to: Some((consent.clone(), place(index))) });
        }
    }
    let gone = before.phones.iter().filter(|(n, _)| !after.phones.iter().any(|(m, _)| n == m));
    all.extend(gone.map(|(number, _)| Change::Phone { number: number.clone(), to: None }));
    for (index, address) in after.emails.iter().enumerate() {
        if before.emails.get(index) != Some(address) {
            all.push(Change::Email { address: address.clone(), to: Some(place(index)) });
        }
    }
    let gone = before.emails.iter().filter(|e| !after.emails.contains(e));
    all.extend(gone.map(|address| Change::Email { address: address.clone(), to: None }));
    for (index, address) in after.addresses.iter().enumerate() {
        if before.addresses.get(index) != Some(address) {
            all.push(Change::Address { address: address.clone(), to: Some(place(index)) });
        }
    }
    let gone = before.addresses.iter().filter(|a| !after.addresses.contains(a));
    all.extend(gone.map(|address| Change::Address { address: address.clone(), to: None }));
    all
}
