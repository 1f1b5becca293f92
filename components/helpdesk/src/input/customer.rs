//! A customer record as it was typed or sent.

use crate::fields::Fields;
use crate::refusal;
use mostek_domain::{EmailAddress, FieldId, Nip, PersonName, PhoneNumber, SmsConsent, TicketId, Timestamp};
use mostek_helpdesk::customer::{Details, MOST};
use mostek_web::{ApiError, Text, time};
use std::collections::BTreeMap;

/// A record as typed or sent, with a phone and its consent.
pub(crate) use mostek_api::customers::{
    ConsentIn as TypedConsent, CustomerIn as Typed, PhoneIn as TypedPhone,
};

/// The beginning of a custom field's name in the form; its id follows.
pub(crate) const FIELD_PREFIX: &str = "field-";

/// Between what was typed or sent and what use cases take.
pub(crate) trait ReadCustomer: Sized {
    /// A record as it is, to be changed.
    fn of(details: &Details) -> Self;
    /// What a form carried. The phones' fields come once per row, in the same order.
    fn of_form(form: &Fields) -> Self;
    /// Reads it. A consent whose date was left out is dated `now`.
    ///
    /// # Errors
    /// 422 with the field: `name`, `phone`, `email`, `nip`, `consent_at`, `fields`.
    fn details(&self, now: Timestamp) -> Result<Details, ApiError>;
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
            fields: details.fields.iter().map(|(id, v)| (id.to_string(), v.clone())).collect(),
            ticket: None,
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
            fields: fields.collect(),
            ticket: form.given("ticket").map(str::to_owned),
        }
    }

    fn details(&self, now: Timestamp) -> Result<Details, ApiError> {
        let too_many = || ApiError::bad_field("phones", Text::new("helpdesk-too-many").with("limit", MOST));
        if self.phones.len() > MOST || self.emails.len() > MOST || self.fields.len() > 10 * MOST {
            return Err(too_many());
        }
        let name =
            PersonName::parse(&self.name).map_err(|e| ApiError::bad_field("name", refusal::name(e)))?;
        let phones = self.phones.iter().map(|p| phone(p, now)).collect::<Result<_, _>>()?;
        let email =
            |e: &String| EmailAddress::parse(e).map_err(|e| ApiError::bad_field("email", refusal::email(e)));
        let emails = self.emails.iter().map(email).collect::<Result<_, _>>()?;
        let nip = self.nip.as_deref().map(str::trim).filter(|n| !n.is_empty());
        let nip = nip.map(Nip::parse).transpose().map_err(|e| ApiError::bad_field("nip", refusal::nip(e)))?;
        let mut fields = BTreeMap::new();
        for (id, value) in &self.fields {
            let id = super::id("fields", id, FieldId::parse)?;
            if !value.trim().is_empty() {
                fields.insert(id, value.trim().to_owned());
            }
        }
        let locale = self.locale.as_deref().map(str::trim).filter(|l| !l.is_empty());
        Ok(Details {
            name,
            phones,
            emails,
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

fn phone(typed: &TypedPhone, now: Timestamp) -> Result<(PhoneNumber, SmsConsent), ApiError> {
    let number =
        PhoneNumber::parse(&typed.number).map_err(|e| ApiError::bad_field("phone", refusal::phone(e)))?;
    let at = match typed.consent.at.as_deref().map(str::trim).filter(|a| !a.is_empty()) {
        Some(text) => Some(
            time::parse_iso(text)
                .or_else(|| time::parse_input_date(text))
                .ok_or_else(|| ApiError::bad_field("consent_at", "helpdesk-date-form"))?,
        ),
        None => typed.consent.given.then_some(now),
    };
    let source = typed.consent.source.trim().chars().take(200).collect();
    Ok((number, SmsConsent { given: typed.consent.given, at, source }))
}
