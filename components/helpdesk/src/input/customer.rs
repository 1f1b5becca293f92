//! A customer record as it was typed or sent.

use crate::fields::Fields;
use crate::refusal;
use mostek_domain::address::Unchecked;
use mostek_domain::{
    Address, EmailAddress, FieldId, FieldKind, Language, Nip, PersonName, PhoneNumber, SmsConsent, TicketId,
    Timestamp,
};
use mostek_helpdesk::customer::{Details, MOST};
use mostek_helpdesk::desk::Desk;
use mostek_web::{ApiError, Text, time};
use std::collections::BTreeMap;
use std::time::Duration;

/// A record as typed or sent, with a phone and its consent.
pub(crate) use mostek_api::customers::{
    ConsentIn as TypedConsent, CustomerIn as Typed, PhoneIn as TypedPhone, PostalAddressIn,
};

/// So much may another clock be ahead.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(60);
/// The beginning of a custom field's name in the form; its id follows.
pub(crate) const FIELD_PREFIX: &str = "field-";

/// Between what was typed or sent and what use cases take.
pub(crate) trait ReadCustomer: Sized {
    /// A record as it is, to be changed.
    fn of(details: &Details) -> Self;
    /// What a form carried. The phones' fields come once per row, in the same order.
    fn of_form(form: &Fields) -> Self;
    /// Reads it. A consent whose date was left out is dated `now`; a comma is a decimal comma unless the language is
    /// English. A field's value that `before` had already may stay, whatever the desk says now.
    ///
    /// # Errors
    /// 422 with the field: `name`, `phone`, `email`, `address`, `nip`, `consent_at`, `fields` for an unknown one,
    /// `fields.<id>` for a value that cannot be.
    fn details(
        &self,
        now: Timestamp,
        language: Language,
        desk: &Desk,
        before: Option<&Details>,
    ) -> Result<Details, ApiError>;
    /// The ticket that the record is made for.
    fn ticket(&self) -> Option<TicketId>;
}

impl ReadCustomer for Typed {
    fn of(details: &Details) -> Self {
        let phone = |(number, consent): &(PhoneNumber, SmsConsent)| TypedPhone {
            number: number.grouped(),
            consent: TypedConsent {
                given: consent.given,
                at: consent.at.map(time::input_date),
                source: consent.source.clone(),
            },
        };
        Self {
            name: details.name.to_string(),
            phones: details.phones.iter().map(phone).collect(),
            emails: details.emails.iter().map(ToString::to_string).collect(),
            nip: details.nip.as_ref().map(ToString::to_string),
            locale: details.locale.clone(),
            notes: details.notes.clone(),
            addresses: details.addresses.iter().map(typed_address).collect(),
            fields: details.fields.iter().map(|(id, v)| (id.to_string(), v.clone())).collect(),
            ticket: None,
            version: None,
            key: None,
        }
    }

    fn of_form(form: &Fields) -> Self {
        let (given, at, source) = (form.all("consent"), form.all("consent_at"), form.all("consent_source"));
        let text = |list: &[&str], i: usize| list.get(i).map(|v| (*v).to_owned()).unwrap_or_default();
        let phones = form.all("phone").into_iter().enumerate().map(|(i, number)| TypedPhone {
            number: number.to_owned(),
            consent: TypedConsent {
                given: given.get(i) == Some(&"yes"),
                at: Some(text(&at, i)).filter(|v| !v.trim().is_empty()),
                source: text(&source, i),
            },
        });
        let line = |name: &str| form.all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let (labels, codes, cities, countries) = (
            line("address_label"),
            line("address_postal_code"),
            line("address_city"),
            line("address_country"),
        );
        let at = |list: &[String], i: usize| list.get(i).cloned().unwrap_or_default();
        let addresses = line("address_street").into_iter().enumerate().map(|(i, street)| PostalAddressIn {
            label: at(&labels, i),
            street,
            postal_code: at(&codes, i),
            city: at(&cities, i),
            country: at(&countries, i),
        });
        let is_typed = |a: &PostalAddressIn| {
            [&a.street, &a.postal_code, &a.city].into_iter().any(|part| !part.trim().is_empty())
        };
        let fields =
            form.0.iter().filter_map(|(n, v)| Some((n.strip_prefix(FIELD_PREFIX)?.to_owned(), v.clone())));
        Self {
            name: form.get("name").to_owned(),
            phones: phones.filter(|p| !p.number.trim().is_empty()).collect(),
            emails: form
                .all("email")
                .into_iter()
                .filter(|e| !e.trim().is_empty())
                .map(str::to_owned)
                .collect(),
            nip: form.given("nip").map(str::to_owned),
            locale: form.given("locale").map(str::to_owned),
            notes: form.get("notes").replace("\r\n", "\n"),
            addresses: addresses.filter(is_typed).collect(),
            fields: fields.collect(),
            ticket: form.given("ticket").map(str::to_owned),
            version: form.get("version").parse().ok(),
            key: form.given("key").map(str::to_owned),
        }
    }

    fn details(
        &self,
        now: Timestamp,
        language: Language,
        desk: &Desk,
        before: Option<&Details>,
    ) -> Result<Details, ApiError> {
        let too_many = || ApiError::bad_field("phones", Text::new("helpdesk-too-many").with("limit", MOST));
        if self.phones.len() > MOST
            || self.emails.len() > MOST
            || self.addresses.len() > MOST
            || self.fields.len() > 10 * MOST
        {
            return Err(too_many());
        }
        let name =
            PersonName::parse(&self.name).map_err(|e| ApiError::bad_field("name", refusal::name(e)))?;
        let phones = self.phones.iter().map(|p| phone(p, now, before)).collect::<Result<_, _>>()?;
        let email =
            |e: &String| EmailAddress::parse(e).map_err(|e| ApiError::bad_field("email", refusal::email(e)));
        let emails = self.emails.iter().map(email).collect::<Result<_, _>>()?;
        let nip = self.nip.as_deref().map(str::trim).filter(|n| !n.is_empty());
        let nip = nip.map(Nip::parse).transpose().map_err(|e| ApiError::bad_field("nip", refusal::nip(e)))?;
        let address = |a: &PostalAddressIn| {
            Address::parse(&unchecked(a)).map_err(|e| ApiError::bad_field("address", refusal::address(e)))
        };
        let addresses = self.addresses.iter().map(address).collect::<Result<_, _>>()?;
        let mut fields = BTreeMap::new();
        for (id, typed) in &self.fields {
            let id = super::id("fields", id, FieldId::parse)?;
            if let Some(value) = field(id, typed, language, desk, before)? {
                fields.insert(id, value);
            }
        }
        let locale = self.locale.as_deref().map(str::trim).filter(|l| !l.is_empty());
        Ok(Details {
            name,
            phones,
            emails,
            addresses,
            nip,
            locale: locale.map(|l| l.chars().take(20).collect()),
            notes: self.notes.trim().to_owned(),
            fields,
        })
    }

    fn ticket(&self) -> Option<TicketId> {
        self.ticket.as_deref().and_then(|t| TicketId::parse(t.trim()).ok())
    }
}

/// An address as it is typed.
fn typed_address(a: &Address) -> PostalAddressIn {
    let a = Unchecked::from(a.clone());
    PostalAddressIn {
        label: a.label,
        street: a.street,
        postal_code: a.postal_code,
        city: a.city,
        country: a.country,
    }
}

fn unchecked(a: &PostalAddressIn) -> Unchecked {
    let a = a.clone();
    Unchecked {
        label: a.label,
        street: a.street,
        postal_code: a.postal_code,
        city: a.city,
        country: a.country,
    }
}

/// A field's value in its kind's form; `None` if nothing was typed.
fn field(
    id: FieldId,
    typed: &str,
    language: Language,
    desk: &Desk,
    before: Option<&Details>,
) -> Result<Option<String>, ApiError> {
    if let Some(kept) = before.and_then(|d| d.fields.get(&id)).filter(|v| v.as_str() == typed.trim()) {
        return Ok(Some(kept.clone()));
    }
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let Some(known) = desk.field(id) else {
        return Err(ApiError::bad_field("fields", Text::new("helpdesk-unknown-choice")));
    };
    let comma = language != Language::En;
    known.kind.read(typed, comma).map_err(|e| {
        let text = refusal::value(e).with("name", known.name.as_str());
        ApiError::bad_field(format!("fields.{id}"), text)
    })
}

/// A field's value as it is typed and read in a language: a number with its decimal comma.
pub(crate) fn shown(kind: &FieldKind, value: &str, language: Language) -> String {
    match kind {
        FieldKind::Number if language != Language::En => value.replace('.', ","),
        _ => value.to_owned(),
    }
}

/// A phone with its consent. What was not touched stays to the millisecond: a form gives a moment back as a day, and who saves
/// a note does not say anew when somebody agreed. Who changes the answer and leaves the old answer's moment there says it
/// now, so that an older yes from a list or another record does not count as the later one.
fn phone(
    typed: &TypedPhone,
    now: Timestamp,
    before: Option<&Details>,
) -> Result<(PhoneNumber, SmsConsent), ApiError> {
    let number =
        PhoneNumber::parse(&typed.number).map_err(|e| ApiError::bad_field("phone", refusal::phone(e)))?;
    let phones = before.map(|d| d.phones.as_slice()).unwrap_or_default();
    let known = phones.iter().find(|(n, _)| *n == number).map(|(_, consent)| consent);
    let given = typed.consent.given;
    let typed_at = match typed.consent.at.as_deref().map(str::trim).filter(|a| !a.is_empty()) {
        None => None,
        Some(text) => match known.and_then(|k| k.at) {
            Some(at) if text == time::input_date(at) => Some(at),
            _ => Some(consent_moment(text, now)?),
        },
    };
    let at = match known {
        Some(known) if known.given == given => match typed_at {
            // A date that was cleared: a yes is said anew, a no stays as old as it is.
            None if given && known.at.is_some() => Some(now),
            None => known.at,
            Some(at) => Some(at),
        },
        Some(known) => typed_at.filter(|at| Some(*at) != known.at).or(Some(now)),
        None => typed_at.or(given.then_some(now)),
    };
    let source = typed.consent.source.trim().chars().take(200).collect();
    Ok((number, SmsConsent { given, at, source }))
}

/// Reads when somebody agreed or refused. Not in the future: that would count as later than whatever they say until then.
fn consent_moment(text: &str, now: Timestamp) -> Result<Timestamp, ApiError> {
    let at = time::parse_iso(text)
        .or_else(|| time::parse_input_date(text))
        .ok_or_else(|| ApiError::bad_field("consent_at", "helpdesk-date-form"))?;
    if at > now.plus(CLOCK_DIFFERENCE) {
        return Err(ApiError::bad_field("consent_at", "helpdesk-date-future"));
    }
    Ok(at)
}
