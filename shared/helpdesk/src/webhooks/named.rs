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
        let Ok(parsed) = serde_json::from_str::<Value>(body) else { return self.is_said(body) };
        if self.is_said_in(&parsed) {
            return true;
        }
        let places = &source.setup.mapping.places;
        let customer = places.customer_id.as_ref().and_then(|p| p.find_who(&parsed));
        let order = places.order.as_ref().and_then(|p| p.find(&parsed));
        [customer, order].into_iter().flatten().any(|id| self.ids.contains(&id))
    }

    /// Whether a text of a document says an address or a phone. The texts are looked at one by one, for what stands before
    /// one in the bytes may be the escape of a line's end.
    fn is_said_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.is_said(text),
            Value::Number(number) => self.is_said(&number.to_string()),
            Value::Array(all) => all.iter().any(|inner| self.is_said_in(inner)),
            Value::Object(members) => {
                members.iter().any(|(name, inner)| self.is_said(name) || self.is_said_in(inner))
            }
            Value::Null | Value::Bool(_) => false,
        }
    }

    fn is_said(&self, text: &str) -> bool {
        // In a text that holds a document, or in one that is none.
        let text = ["\\n", "\\r", "\\t"].iter().fold(text.to_lowercase(), |t, escape| t.replace(escape, " "));
        let chars: Vec<char> = text.chars().collect();
        self.emails.iter().any(|e| says_email(&text, &e.as_str().to_lowercase()))
            || self.phones.iter().any(|p| says_phone(&chars, p))
    }
}

/// Whether a text says an address, and not one that only ends or begins like it: `jan@x.pl` does not say `an@x.pl`, nor does
/// `an@x.pl.eu`.
fn says_email(text: &str, address: &str) -> bool {
    text.match_indices(address).any(|(at, _)| {
        let (before, after) = text.split_at(at);
        let after = after.get(address.len()..).unwrap_or_default();
        let is_joint = |c: char| matches!(c, '.' | '_' | '-' | '+');
        // A dot or a dash alone is the sentence's.
        let joined = before.trim_end_matches(is_joint).ends_with(char::is_alphanumeric);
        let mut after = after.chars();
        let goes_on = match after.next() {
            Some('.' | '-') => after.next().is_some_and(char::is_alphanumeric),
            next => next.is_some_and(char::is_alphanumeric),
        };
        !joined && !goes_on
    })
}

/// What may stand between the digits of a phone.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '(' | ')' | '.' | '/' | '\u{2011}' | '\u{2013}')
}

/// Gaps in a row at most.
const GAP: usize = 3;

/// Whether a text says a number, however it is spaced, with the country's prefix or, a Polish one, without. Its digits within
/// a longer number are another number.
fn says_phone(text: &[char], phone: &PhoneNumber) -> bool {
    let (digits, country) = match phone.polish() {
        Some(national) => (national, Some("48")),
        None => (phone.as_str().trim_start_matches('+'), None),
    };
    let digits: Vec<char> = digits.chars().filter(char::is_ascii_digit).collect();
    (0..text.len()).any(|at| {
        let (before, rest) = text.split_at(at);
        ends_after(rest, &digits) && begins_a_number(before, country)
    })
}

/// Whether a text begins with these digits and no further one follows at once.
fn ends_after(text: &[char], digits: &[char]) -> bool {
    let mut rest = text.iter().peekable();
    for (n, digit) in digits.iter().enumerate() {
        let mut gaps = 0;
        while n > 0 && gaps < GAP && rest.next_if(|c| is_gap(**c)).is_some() {
            gaps += 1;
        }
        if rest.next() != Some(digit) {
            return false;
        }
    }
    !digits.is_empty() && !rest.peek().is_some_and(|c| c.is_ascii_digit())
}

/// Whether a number may begin after this: after the country's prefix, or where no other number goes on and no other country's
/// prefix stands.
fn begins_a_number(before: &[char], country: Option<&str>) -> bool {
    let mut back = before.iter().rev().copied().peekable();
    let mut gaps = 0;
    while gaps < GAP && back.next_if(|c| is_gap(*c)).is_some() {
        gaps += 1;
    }
    let mut digits = String::new();
    while let Some(digit) = back.next_if(char::is_ascii_digit) {
        digits.insert(0, digit);
    }
    let is_international = back.peek() == Some(&'+');
    let prefix = digits.strip_prefix("00");
    match country {
        Some(country) if is_international => digits == country,
        Some(country) => match prefix {
            Some(prefix) => prefix == country,
            // Of its own, as `0` before a number of one's own country; or something else stands before the gap.
            None => matches!(digits.as_str(), "" | "0") || digits == country || gaps > 0,
        },
        None => digits.is_empty() || prefix == Some("") || gaps > 0,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(number: &str, text: &str) -> bool {
        says_phone(&text.chars().collect::<Vec<_>>(), &PhoneNumber::parse(number).unwrap())
    }

    #[test]
    fn an_address_is_not_the_end_or_the_beginning_of_another() {
        for text in
            ["an@x.pl", "<an@x.pl>", "Pisz: an@x.pl.", "mailto=an@x.pl,", "a,an@x.pl;b", "...an@x.pl!"]
        {
            assert!(says_email(text, "an@x.pl"), "{text}");
        }
        for text in
            ["jan@x.pl", "j.an@x.pl", "j-an@x.pl", "żan@x.pl", "an@x.pl.eu", "an@x.plus", "an@x.pl-b.eu"]
        {
            assert!(!says_email(text, "an@x.pl"), "{text}");
        }
        assert!(says_email("jan@x.pl an@x.pl", "an@x.pl"), "any of them");
    }

    #[test]
    fn a_phone_is_not_part_of_a_longer_number() {
        for text in [
            "511222333",
            "tel. 511 222 333, po 16",
            "511-222-333.",
            "(51) 122 23 33",
            "+48511222333",
            "+48 511 222 333",
            "0048 511222333",
            "0048511222333",
            "48511222333",
            "0511222333",
            "zamówienie 1001 511222333",
        ] {
            assert!(phone("511222333", text), "{text}");
        }
        for text in ["5112223330", "1511222333", "+49511222333", "0049 511222333"] {
            assert!(!phone("511222333", text), "{text}");
        }
        for text in ["+4915112345678", "0049 151 12345678", "4915112345678"] {
            assert!(phone("+4915112345678", text), "{text}");
        }
        assert!(!phone("+4915112345678", "+49151123456789"));
    }

    #[test]
    fn escapes_of_a_document_are_no_letters() {
        let person = Person { emails: vec![EmailAddress::parse("an@x.pl").unwrap()], ..Person::default() };
        assert!(person.is_said_in(&serde_json::json!({"a": [{"text": "Dzień dobry,\nan@x.pl\nAn"}]})));
        assert!(person.is_said_in(&serde_json::json!({"an@x.pl": 1, "raw": "{}"})));
        assert!(person.is_said(r#"{"text": "Dzień dobry,\nan@x.pl"#), "a document that is cut off");
        assert!(!person.is_said_in(&serde_json::json!({"text": "jan@x.pl"})));
    }
}
