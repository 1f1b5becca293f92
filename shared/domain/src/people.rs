//! People: names, addresses, roles and rights.

use crate::macros::{checked_text, shown_as_stored};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;

/// Why a text is not a name.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// Nothing but spaces.
    #[error("the name is empty")]
    Empty,
    /// Longer than allowed.
    #[error("the name has {chars} characters; at most {limit} are allowed")]
    TooLong {
        /// Characters given.
        chars: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// A control character, or one that reverses the direction of text.
    #[error("the name has a character that cannot be shown")]
    Character,
}

impl NameError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Empty => "name-empty",
            Self::TooLong { .. } => "name-too-long",
            Self::Character => "name-character",
        }
    }
}

/// Trims, makes every run of spaces one space, and refuses what is not one visible line.
pub(crate) fn one_line(text: &str, limit: usize) -> Result<String, NameError> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.chars().any(crate::text::is_invisible) {
        return Err(NameError::Character);
    }
    let chars = name.chars().count();
    if chars > limit {
        return Err(NameError::TooLong { chars, limit });
    }
    Ok(name)
}

/// A person's name: 1 to 120 characters, one line, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name; runs of spaces become one.
    ///
    /// # Errors
    /// [`NameError`] if it is empty, too long or has control characters.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        one_line(text, 120).map(Self)
    }
}

checked_text!(PersonName, NameError);
shown_as_stored!(PersonName);

/// A name people give to a thing (a connection, a queue, a category, a token): 1 to 80 characters, one line, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

impl Label {
    /// Reads a label; runs of spaces become one.
    ///
    /// # Errors
    /// [`NameError`] if it is empty, too long or has control characters.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        one_line(text, 80).map(Self)
    }
}

checked_text!(Label, NameError);
shown_as_stored!(Label);

/// An e-mail address, in lower case.
///
/// The whole address is lowered, also the part before the `@`: the standard leaves its case to the receiving host, but
/// no host of today tells two such addresses apart, and people type both. Limits of RFC 5321, 4.5.3.1: 64 octets before
/// the `@`, 254 in all. The host must have a dot and only letters, digits and dashes. Quoted and non-ASCII local parts
/// are refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Why a text is not an e-mail address.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum EmailError {
    /// Nothing was given.
    #[error("the e-mail address is empty")]
    Empty,
    /// Longer than 254 characters, or 64 before the `@`.
    #[error("the e-mail address is too long")]
    TooLong,
    /// Not of the form name@host.domain.
    #[error("this is not an e-mail address")]
    Form,
}

impl EmailError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Empty => "email-empty",
            Self::TooLong => "email-too-long",
            Self::Form => "email-form",
        }
    }
}

impl EmailAddress {
    /// Reads an address; spaces around it are ignored.
    ///
    /// # Errors
    /// [`EmailError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > 254 {
            return Err(EmailError::TooLong);
        }
        let (local, host) = text.split_once('@').ok_or(EmailError::Form)?;
        if local.len() > 64 {
            return Err(EmailError::TooLong);
        }
        let atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
        if !local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext)) {
            return Err(EmailError::Form);
        }
        let label_ok = |l: &str| {
            (1..=63).contains(&l.len())
                && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !l.starts_with('-')
                && !l.ends_with('-')
        };
        let (_, top) = host.rsplit_once('.').ok_or(EmailError::Form)?;
        if !host.split('.').all(label_ok) || top.bytes().all(|b| b.is_ascii_digit()) {
            return Err(EmailError::Form);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

checked_text!(EmailAddress, EmailError);
shown_as_stored!(EmailAddress);

/// What an employee is in the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets the hub up: companies, employees, connections.
    Administrator,
    /// Works with it.
    #[default]
    Operator,
}

impl Role {
    /// Both, in the order of the form.
    pub const ALL: [Self; 2] = [Self::Operator, Self::Administrator];

    /// A stable name: form values, message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Operator => "operator",
        }
    }

    /// The role of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.slug() == slug)
    }
}

/// A part of the hub that an employee may or may not use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Tickets, CRM, replies.
    Helpdesk,
    /// Assistant chat.
    Assistant,
    /// SMS mailings.
    Sms,
    /// Processes shared with a partner's hub.
    Partners,
    /// Agents on ERP machines.
    Endpoints,
}

impl Capability {
    /// All of them, in the order of the navigation.
    pub const ALL: [Self; 5] = [Self::Helpdesk, Self::Assistant, Self::Sms, Self::Partners, Self::Endpoints];

    /// A stable name: form values, first path segment, message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Helpdesk => "helpdesk",
            Self::Assistant => "assistant",
            Self::Sms => "sms",
            Self::Partners => "partners",
            Self::Endpoints => "endpoints",
        }
    }

    /// The capability of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.slug() == slug)
    }
}

/// The capabilities an employee may use. Being an administrator gives none by itself, see [`Access`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Rights(BTreeSet<Capability>);

impl Rights {
    /// No right at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Every right.
    #[must_use]
    pub fn all() -> Self {
        Capability::ALL.into_iter().collect()
    }

    /// Whether the capability may be used.
    #[must_use]
    pub fn has(&self, capability: Capability) -> bool {
        self.0.contains(&capability)
    }

    /// These rights with one set to Yes or No.
    #[must_use]
    pub fn with(mut self, capability: Capability, yes: bool) -> Self {
        if yes {
            self.0.insert(capability);
        } else {
            self.0.remove(&capability);
        }
        self
    }

    /// The rights, in the order of the navigation.
    pub fn iter(&self) -> impl Iterator<Item = Capability> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Capability> for Rights {
    fn from_iter<I: IntoIterator<Item = Capability>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

/// An employee's role and rights together, because changing one may change the other (F11).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Access {
    /// The role.
    pub role: Role,
    /// The rights.
    pub rights: Rights,
}

impl Access {
    /// The access after an edit that asks for `role` and `rights`.
    ///
    /// An operator who *becomes* an administrator gets the assistant, whatever the form says. For somebody who is an
    /// administrator already the form is taken as it is, so that the assistant can be switched off. No right is taken
    /// away with the role.
    #[must_use]
    pub fn edited(&self, role: Role, rights: Rights) -> Self {
        let promoted = role == Role::Administrator && self.role != Role::Administrator;
        let rights = if promoted { rights.with(Capability::Assistant, true) } else { rights };
        Self { role, rights }
    }

    /// The access of a new employee: the same rule as for one who was an operator before.
    #[must_use]
    pub fn new(role: Role, rights: Rights) -> Self {
        Self::default().edited(role, rights)
    }

    /// Whether the employee may use a capability; the role alone opens none.
    #[must_use]
    pub fn may(&self, capability: Capability) -> bool {
        self.rights.has(capability)
    }

    /// Whether the employee may change settings, companies and employees.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.role == Role::Administrator
    }
}

/// How pages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system is set.
    #[default]
    Auto,
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Theme {
    /// All, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// A stable name: cookie value, `data-theme` attribute.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_compared_without_case() {
        assert_eq!(EmailAddress::parse(" Anna.Nowak+1@Firma.PL ").unwrap().as_str(), "anna.nowak+1@firma.pl");
    }

    #[test]
    fn what_is_not_an_address() {
        for bad in [
            "a",
            "@",
            "a@",
            "@b.pl",
            "a@b",
            "a@b.",
            "a@.pl",
            "a b@c.pl",
            "a@b@c.pl",
            "a..b@c.pl",
            ".a@c.pl",
            "a@-b.pl",
            "a@b.1",
            "a\n@b.pl",
            "a@b.pl\r\nBcc: x@y.pl",
            "<a@b.pl>",
            "żółw@b.pl",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(EmailError::Form), "{bad}");
        }
        assert_eq!(EmailAddress::parse(" "), Err(EmailError::Empty));
        assert_eq!(EmailAddress::parse(&format!("{}@b.pl", "a".repeat(65))), Err(EmailError::TooLong));
        assert_eq!(EmailAddress::parse(&format!("a@{}.pl", "b.".repeat(126))), Err(EmailError::TooLong));
    }

    #[test]
    fn names_are_one_visible_line() {
        assert_eq!(PersonName::parse("  Anna \t Nowak\n").unwrap().as_str(), "Anna Nowak");
        assert_eq!(PersonName::parse(" \u{a0} "), Err(NameError::Empty));
        assert_eq!(PersonName::parse("a\u{0}b"), Err(NameError::Character));
        assert_eq!(PersonName::parse("a\u{202e}b"), Err(NameError::Character));
        assert_eq!(PersonName::parse(&"ż".repeat(121)), Err(NameError::TooLong { chars: 121, limit: 120 }));
        assert!(PersonName::parse(&"ż".repeat(120)).is_ok());
    }

    #[test]
    fn becoming_an_administrator_gives_the_assistant_once() {
        let operator = Access::new(Role::Operator, Rights::none());
        assert!(!operator.may(Capability::Assistant));
        let promoted = operator.edited(Role::Administrator, Rights::none());
        assert!(promoted.may(Capability::Assistant));
        assert!(!promoted.may(Capability::Helpdesk));
        let switched_off = promoted.edited(Role::Administrator, Rights::none());
        assert!(!switched_off.may(Capability::Assistant));
        let back = switched_off.edited(Role::Operator, Rights::none());
        assert!(back.edited(Role::Administrator, Rights::none()).may(Capability::Assistant));
        assert!(Access::new(Role::Administrator, Rights::none()).may(Capability::Assistant));
    }

    #[test]
    fn losing_the_role_keeps_the_rights() {
        let a = Access::new(Role::Administrator, Rights::all()).edited(Role::Operator, Rights::all());
        assert!(Capability::ALL.into_iter().all(|c| a.may(c)));
        assert!(!a.is_administrator());
    }

    #[test]
    fn slugs_and_stored_names_read_back() {
        for c in Capability::ALL {
            assert_eq!(Capability::from_slug(c.slug()), Some(c));
            assert_eq!(serde_json::to_string(&c).unwrap(), format!("\"{}\"", c.slug()));
        }
        for r in Role::ALL {
            assert_eq!(Role::from_slug(r.slug()), Some(r));
        }
        for t in Theme::ALL {
            assert_eq!(Theme::from_slug(t.slug()), Some(t));
        }
        assert_eq!(serde_json::to_string(&Rights::none().with(Capability::Sms, true)).unwrap(), "[\"sms\"]");
    }

    proptest! {
        #[test]
        fn parsing_is_idempotent_and_never_panics(text in "\\PC*|[a-z.]{1,5}@[a-z.]{1,9}|[\\s\\S]{0,40}") {
            if let Ok(a) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(a.as_str()), Ok(a));
            }
            if let Ok(a) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(a.as_str()), Ok(a));
            }
        }
    }
}
