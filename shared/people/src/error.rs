//! Why a use case did not do what was asked, and who asked.

use crate::password::{HashError, PasswordError};
use crate::sealed::SealError;
use http::StatusCode;
use mostek_domain::EmployeeId;
use mostek_ports::{SettingsError, StoreError};
use mostek_store::journal::Actor;
use mostek_web::{ApiError, Text};
use std::net::IpAddr;
use thiserror::Error;

/// Who asks, for the facts and the audit journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The employee.
    pub employee: EmployeeId,
    /// The client's address.
    pub from: Option<IpAddr>,
}

impl Caller {
    /// As the cause of a fact.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Employee(self.employee.to_string())
    }
}

/// What a person can put right.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Another employee has this e-mail address.
    #[error("another employee has this e-mail address")]
    EmailTaken,
    /// Another company has this NIP.
    #[error("another company has this NIP")]
    NipTaken,
    /// No more employees fit in.
    #[error("an installation has at most {} employees", crate::directory::MOST_EMPLOYEES)]
    EmployeesFull,
    /// No more companies fit in.
    #[error("an installation has at most {} companies", crate::directory::MOST_COMPANIES)]
    CompaniesFull,
    /// An employee works in at least one company.
    #[error("an employee works in at least one company")]
    NoCompany,
    /// Somebody must be able to manage the hub.
    #[error("the last administrator can be neither disabled nor made an operator")]
    LastAdministrator,
    /// The employee may not sign in, so there is nothing to invite them to.
    #[error("the employee is disabled")]
    Disabled,
    /// There is no such thing, or no longer.
    #[error("there is no such thing")]
    NotFound,
    /// The new password is not good enough.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The present password is another.
    #[error("the present password is wrong")]
    CurrentPassword,
    /// E-mail or password is wrong; which, is not said.
    #[error("e-mail or password is wrong")]
    WrongCredentials,
    /// Too many failures: come back later.
    #[error("too many failed attempts, locked for {seconds} s")]
    Locked {
        /// For how long from now.
        seconds: u64,
    },
    /// The set-up code is wrong.
    #[error("the set-up code is wrong")]
    SetupCode,
    /// Setting up is switched off: there is no set-up code.
    #[error("there is no set-up code in the configuration")]
    SetupOff,
    /// The installation is set up already.
    #[error("the installation is set up already")]
    AlreadySetUp,
    /// The invitation is unknown, used, replaced or too old.
    #[error("the invitation is not valid")]
    Invitation,
    /// The employee has too many API tokens.
    #[error("an employee has at most {} API tokens", crate::token::MOST_TOKENS)]
    TokensFull,
    /// A setting is out of its range.
    #[error("the setting {field} is out of range: {least} to {most}")]
    Range {
        /// Which.
        field: &'static str,
        /// The least, in the unit people type: seconds, days, characters, MB.
        least: u64,
        /// The most, in the same unit.
        most: u64,
    },
}

impl Refusal {
    /// A stable name, for message catalogues and problem types.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::EmailTaken => "email-taken",
            Self::NipTaken => "nip-taken",
            Self::EmployeesFull => "employees-full",
            Self::CompaniesFull => "companies-full",
            Self::NoCompany => "no-company",
            Self::LastAdministrator => "last-administrator",
            Self::Disabled => "disabled",
            Self::NotFound => "not-found",
            Self::Password(e) => e.slug(),
            Self::CurrentPassword => "current-password",
            Self::WrongCredentials => "wrong-credentials",
            Self::Locked { .. } => "locked",
            Self::SetupCode => "setup-code",
            Self::SetupOff => "setup-off",
            Self::AlreadySetUp => "already-set-up",
            Self::Invitation => "invitation",
            Self::TokensFull => "tokens-full",
            Self::Range { .. } => "range",
        }
    }

    /// The form field it is about, if it is about one.
    #[must_use]
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::EmailTaken => Some("email"),
            Self::NipTaken => Some("nip"),
            Self::NoCompany => Some("companies"),
            Self::LastAdministrator => Some("role"),
            Self::Password(_) => Some("password"),
            Self::CurrentPassword => Some("current"),
            Self::SetupCode | Self::SetupOff => Some("setup_code"),
            Self::TokensFull => Some("name"),
            Self::Range { field, .. } => Some(field),
            _ => None,
        }
    }

    /// The text for people: `console-refused-<slug>` of the catalogues.
    #[must_use]
    pub fn text(self) -> Text {
        let text = Text::new(format!("console-refused-{}", self.slug()));
        match self {
            Self::Locked { seconds } => text.with("seconds", seconds),
            Self::Range { least, most, .. } => text.with("least", least).with("most", most),
            Self::Password(PasswordError::TooShort) => text.with("count", crate::password::SHORTEST),
            Self::EmployeesFull => text.with("count", crate::directory::MOST_EMPLOYEES),
            Self::CompaniesFull => text.with("count", crate::directory::MOST_COMPANIES),
            Self::TokensFull => text.with("count", crate::token::MOST_TOKENS),
            _ => text,
        }
    }
}

/// Why a use case did not do what was asked.
#[derive(Debug, Error)]
pub enum PeopleError {
    /// A person can put it right.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The settings did not answer.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The sealing key is not usable.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl From<PasswordError> for PeopleError {
    fn from(e: PasswordError) -> Self {
        Self::Refused(Refusal::Password(e))
    }
}

impl From<PeopleError> for ApiError {
    fn from(e: PeopleError) -> Self {
        let refusal = match e {
            PeopleError::Refused(r) => r,
            PeopleError::Store(e) => return e.into(),
            other => return Self::internal(other),
        };
        let status = match refusal {
            Refusal::NotFound => return Self::not_found(),
            Refusal::Locked { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::WrongCredentials => StatusCode::UNAUTHORIZED,
            Refusal::SetupCode | Refusal::SetupOff => StatusCode::FORBIDDEN,
            Refusal::AlreadySetUp | Refusal::EmailTaken | Refusal::NipTaken => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut error = Self::new(status, refusal.slug(), refusal.text());
        error.field = refusal.field().map(str::to_owned);
        if let Refusal::Locked { seconds } = refusal {
            error.retry_after = Some(seconds);
        }
        error
    }
}
