//! What a row of a file says about a customer.

use super::super::details::{Details, MOST};
use super::super::lookup::Key;
use crate::desk::Desk;
use mostek_domain::address::Unchecked;
use mostek_domain::calendar::Day;
use mostek_domain::field::FieldKind;
use mostek_domain::{Address, EmailAddress, FieldId, Nip, PersonName, PhoneNumber, SmsConsent, Timestamp};
use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Target {
    /// Nothing that is taken.
    Nothing,
    /// The name.
    Name,
    /// A phone.
    Phone,
    /// Yes or no to SMS, for the row's phones.
    Consent,
    /// Since when that counts.
    ConsentDate,
    /// An e-mail address.
    Email,
    /// A tax number.
    Nip,
    /// Notes.
    Notes,
    /// Street of the row's address.
    Street,
    /// Its postal code.
    PostalCode,
    /// Its city.
    City,
    /// Its country.
    Country,
    /// A field of the company's.
    Field {
        /// Which.
        field: FieldId,
    },
}

impl Target {
    /// Those that every company has, in the order of a form.
    pub const BUILT_IN: [Self; 12] = [
        Self::Nothing,
        Self::Name,
        Self::Phone,
        Self::Consent,
        Self::ConsentDate,
        Self::Email,
        Self::Nip,
        Self::Notes,
        Self::Street,
        Self::PostalCode,
        Self::City,
        Self::Country,
    ];

    /// A stable name: form values, message catalogues; a field's is its id.
    #[must_use]
    pub fn slug(self) -> String {
        match self {
            Self::Nothing => "nothing".into(),
            Self::Name => "name".into(),
            Self::Phone => "phone".into(),
            Self::Consent => "consent".into(),
            Self::ConsentDate => "consent-date".into(),
            Self::Email => "email".into(),
            Self::Nip => "nip".into(),
            Self::Notes => "notes".into(),
            Self::Street => "street".into(),
            Self::PostalCode => "postal-code".into(),
            Self::City => "city".into(),
            Self::Country => "country".into(),
            Self::Field { field } => field.to_string(),
        }
    }

    /// Reads a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        let built_in = Self::BUILT_IN.into_iter().find(|t| t.slug() == slug);
        built_in.or_else(|| FieldId::parse(slug).ok().map(|field| Self::Field { field }))
    }

    /// What a column with this heading most likely holds.
    #[must_use]
    pub fn guess(heading: &str, desk: &Desk) -> Self {
        let name = heading.trim().to_lowercase();
        let field = desk.fields.iter().find(|f| !f.archived && f.name.to_string().to_lowercase() == name);
        if let Some(f) = field {
            return Self::Field { field: f.id };
        }
        match name.as_str() {
            "nazwa" | "imię i nazwisko" | "imie i nazwisko" | "klient" | "name" | "customer" | "имя" => {
                Self::Name
            }
            "telefon" | "tel" | "tel." | "numer telefonu" | "komórka" | "phone" | "mobile" | "телефон" => {
                Self::Phone
            }
            "zgoda" | "zgoda sms" | "zgoda na sms" | "sms" | "consent" => Self::Consent,
            "data zgody" | "data zgody sms" | "data zgody na sms" | "consent date" | "дата согласия" => {
                Self::ConsentDate
            }
            "e-mail" | "email" | "mail" | "adres e-mail" | "почта" => Self::Email,
            "nip" | "tax id" | "vat" => Self::Nip,
            "notatki" | "uwagi" | "notes" | "заметки" => Self::Notes,
            "ulica" | "adres" | "ulica i numer" | "street" | "address" | "адрес" => Self::Street,
            "kod" | "kod pocztowy" | "postal code" | "zip" | "индекс" => Self::PostalCode,
            "miasto" | "miejscowość" | "miejscowosc" | "city" | "город" => Self::City,
            "kraj" | "country" | "страна" => Self::Country,
            _ => Self::Nothing,
        }
    }
}

/// By what a row finds the record it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Finder {
    /// By nothing: every row is a new record.
    Nothing,
    /// By a phone.
    Phone,
    /// By an e-mail address.
    Email,
    /// By the tax number.
    Nip,
    /// By the value of a text field.
    Field {
        /// Which.
        field: FieldId,
    },
}

impl Finder {
    /// A stable name; a field's is its id.
    #[must_use]
    pub fn slug(self) -> String {
        match self {
            Self::Nothing => "nothing".into(),
            Self::Phone => "phone".into(),
            Self::Email => "email".into(),
            Self::Nip => "nip".into(),
            Self::Field { field } => field.to_string(),
        }
    }

    /// Reads a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        match slug {
            "" | "nothing" => Some(Self::Nothing),
            "phone" => Some(Self::Phone),
            "email" => Some(Self::Email),
            "nip" => Some(Self::Nip),
            other => FieldId::parse(other).ok().map(|field| Self::Field { field }),
        }
    }
}

/// What each column holds, and by what records are found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// By column.
    pub columns: Vec<Target>,
    /// By what.
    pub finder: Finder,
    /// Whether a comma is a decimal comma.
    pub comma: bool,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What could not be read: the target's slug, `address`, or `record` for what no single cell shows.
    pub what: String,
    /// The cell.
    pub value: String,
}

impl Fault {
    fn of(what: &str, value: &str) -> Self {
        Self { what: what.to_owned(), value: value.chars().take(80).collect() }
    }
}

/// A row as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// The name, if the row has one.
    pub name: Option<PersonName>,
    /// Everything else; its own name says nothing.
    pub details: Details,
    /// Whether the row says something about consents.
    pub consent: Option<bool>,
    /// Since when that counts.
    pub since: Timestamp,
    /// Whether the row says so itself.
    pub is_dated: bool,
}

/// Reads a row. `source` is what is noted as where its consents are known from, `now` since when they count unless the row says
/// a date. One that is yet to come would win over whatever the person says until then.
///
/// # Errors
/// Everything that is wrong with it.
pub fn understand(
    plan: &Plan,
    desk: &Desk,
    cells: &[String],
    source: &str,
    now: Timestamp,
) -> Result<Understood, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut name = None;
    let mut consent = None;
    let (mut since, mut is_dated) = (now, false);
    let mut address = Unchecked::default();
    let Ok(nobody) = PersonName::parse("—") else { return Err(faults) };
    let mut details = Details::named(nobody);
    for (target, cell) in plan.columns.iter().zip(cells) {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        let fault = Fault::of(&target.slug(), cell);
        match target {
            Target::Nothing => {}
            Target::Name => match PersonName::parse(cell) {
                Ok(parsed) => name = Some(parsed),
                Err(_) => faults.push(fault),
            },
            Target::Phone => match PhoneNumber::parse(cell) {
                Ok(number) => details.phones.push((number, SmsConsent::unknown())),
                Err(_) => faults.push(fault),
            },
            Target::Consent => match yes_or_no(cell) {
                Some(given) => consent = Some(given),
                None => faults.push(fault),
            },
            Target::ConsentDate => match day(cell) {
                Some(at) => (since, is_dated) = (at.min(now), true),
                None => faults.push(fault),
            },
            Target::Email => match EmailAddress::parse(cell) {
                Ok(parsed) => details.emails.push(parsed),
                Err(_) => faults.push(fault),
            },
            Target::Nip => match Nip::parse(cell) {
                Ok(parsed) => details.nip = Some(parsed),
                Err(_) => faults.push(fault),
            },
            Target::Notes => {
                details.notes = mostek_domain::MessageBody::from_employee(cell).as_str().to_owned()
            }
            Target::Street => address.street = cell.to_owned(),
            Target::PostalCode => address.postal_code = cell.to_owned(),
            Target::City => address.city = cell.to_owned(),
            Target::Country => address.country = cell.to_owned(),
            Target::Field { field } => match desk.field(*field).map(|f| f.kind.read(cell, plan.comma)) {
                Some(Ok(Some(value))) => {
                    details.fields.insert(*field, value);
                }
                Some(Ok(None)) => {}
                Some(Err(_)) | None => {
                    let label = desk.field_name(*field);
                    faults.push(Fault::of(&label, cell));
                }
            },
        }
    }
    if address != Unchecked::default() {
        match Address::parse(&address) {
            Ok(parsed) => details.addresses.push(parsed),
            Err(_) => {
                let said = [address.street, address.postal_code, address.city, address.country].join(" ");
                faults.push(Fault::of("address", said.trim()));
            }
        }
    }
    if let Some(given) = consent {
        for (_, known) in &mut details.phones {
            *known = SmsConsent { given, at: Some(since), source: source.to_owned() };
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    details.name = name.clone().unwrap_or(details.name);
    Ok(Understood { name, details: details.once(), consent, since, is_dated })
}

/// The beginning of a day, in the forms of a field's date; a time of day behind it is left out.
fn day(cell: &str) -> Option<Timestamp> {
    let date = cell.split([' ', 'T']).next().unwrap_or_default();
    let date = FieldKind::Date.read(date, false).ok().flatten()?;
    Day::parse(&date).ok()?.start()
}

fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "tak" | "t" | "yes" | "y" | "1" | "true" | "prawda" | "да" => Some(true),
        "nie" | "n" | "no" | "0" | "false" | "fałsz" | "falsz" | "нет" => Some(false),
        _ => None,
    }
}

impl Understood {
    /// The values by which the row's record is found.
    #[must_use]
    pub fn keys(&self, finder: Finder) -> Vec<Key> {
        let d = &self.details;
        match finder {
            Finder::Nothing => Vec::new(),
            Finder::Phone => d.phones.iter().map(|(n, _)| Key::Phone(n.clone())).collect(),
            Finder::Email => d.emails.iter().cloned().map(Key::Email).collect(),
            Finder::Nip => d.nip.iter().cloned().map(Key::Nip).collect(),
            Finder::Field { field } => {
                d.fields.get(&field).map(|v| Key::Field { field, value: v.clone() }).into_iter().collect()
            }
        }
    }

    /// A record that says what it said before and what the row says. Empty cells change nothing. `said` tells what was last said
    /// about SMS to a number: if that is newer than the row and another word, it stays, and so does a no that an undated row
    /// says yes to. Whether that was so.
    #[must_use]
    pub fn onto(
        &self,
        mut before: Details,
        said: impl Fn(&PhoneNumber) -> Option<(SmsConsent, Timestamp)>,
    ) -> (Details, bool) {
        let row = &self.details;
        let mut is_older = false;
        if let Some(name) = &self.name {
            before.name = name.clone();
        }
        for (number, consent) in &row.phones {
            // A list without dates may be of any age: it gives no consent again that was taken back.
            let gives_again =
                |known: &SmsConsent| self.consent == Some(true) && !self.is_dated && !known.given;
            let newer = said(number)
                .filter(|(known, at)| self.consent.is_some() && (*at > self.since || gives_again(known)));
            is_older |= newer.as_ref().is_some_and(|(known, _)| known.given != consent.given);
            match before.phones.iter_mut().find(|(n, _)| n == number) {
                Some(_) if newer.is_some() => {}
                // The same word again does not make a consent newer.
                Some((_, known))
                    if self.consent.is_some_and(|given| given != known.given || known.at.is_none()) =>
                {
                    *known = consent.clone();
                }
                Some(_) => {}
                // One that was removed comes back with what was said of it.
                None => {
                    let consent = newer.map_or_else(|| consent.clone(), |(known, _)| known);
                    before.phones.push((number.clone(), consent));
                }
            }
        }
        before
            .emails
            .extend(row.emails.iter().filter(|e| !before.emails.contains(e)).cloned().collect::<Vec<_>>());
        let new: Vec<_> = row.addresses.iter().filter(|a| !before.addresses.contains(a)).cloned().collect();
        before.addresses.extend(new);
        if row.nip.is_some() {
            before.nip.clone_from(&row.nip);
        }
        if !row.notes.is_empty() && !before.notes.contains(&row.notes) {
            let both = [before.notes.as_str(), row.notes.as_str()];
            let both: Vec<&str> = both.into_iter().filter(|n| !n.is_empty()).collect();
            before.notes = both.join("\n\n");
        }
        before.fields.extend(row.fields.clone());
        (before, is_older)
    }

    /// Whether a record could take it.
    #[must_use]
    pub fn fits(details: &Details) -> bool {
        details.check().is_ok() && details.phones.len() <= MOST
    }
}
