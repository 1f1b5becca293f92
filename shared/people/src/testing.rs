//! An installation for tests, of this crate and of those that build on it.

use crate::directory::{CompanyDetails, EmployeeDetails};
use crate::employees::{self, FirstPassword};
use crate::error::{Caller, PeopleError};
use crate::password::NewPassword;
use crate::session::Ticket;
use crate::setup::{self, Installed, NewInstallation};
use base64::{Engine, engine::general_purpose::STANDARD};
use mostek_domain::{
    Access, CompanyId, CompanyName, EmailAddress, EmployeeId, Language, Nip, PersonName, Rights, Role,
};
use mostek_ports::testing::TestWorld;
use mostek_ports::{SettingsError, World};

/// The set-up code of [`world`].
pub const CODE: &str = "kod-konfiguracji";
/// The password of everybody made here.
pub const PASSWORD: &str = "zielona herbata 7";
/// The administrator's address.
pub const ADMINISTRATOR: &str = "ewa@firma.pl";

/// An empty world with the settings an installation needs.
#[must_use]
pub fn world(seed: u64) -> TestWorld {
    let mut world = TestWorld::new(seed);
    world.settings.0.insert("sealing_key".into(), STANDARD.encode([7; 32]));
    world.settings.0.insert("setup_code".into(), CODE.into());
    world
}

fn bad(what: &str) -> PeopleError {
    SettingsError { name: what.to_owned(), reason: "test data".into() }.into()
}

fn password(email: &str) -> Result<NewPassword, PeopleError> {
    Ok(NewPassword::parse(PASSWORD, email)?)
}

/// What [`install`] gives.
///
/// # Errors
/// Never for these values.
pub fn new_installation() -> Result<NewInstallation, PeopleError> {
    let email = EmailAddress::parse(ADMINISTRATOR).map_err(|_| bad("email"))?;
    let password = password(ADMINISTRATOR)?;
    Ok(NewInstallation {
        company: CompanyDetails {
            name: CompanyName::parse("Firma Sp. z o.o.").map_err(|_| bad("name"))?,
            nip: Nip::parse("5260250274").map_err(|_| bad("nip"))?,
        },
        name: PersonName::parse("Ewa Admin").map_err(|_| bad("name"))?,
        email,
        password,
        language: Language::Pl,
    })
}

/// Sets up a company and its administrator, who has every right.
///
/// # Errors
/// The use case's.
pub async fn install<W: World>(world: &W) -> Result<Installed, PeopleError> {
    setup::run(world, CODE, &new_installation()?, None).await
}

/// Adds an operator with these rights and [`PASSWORD`].
///
/// # Errors
/// The use case's.
pub async fn add_operator<W: World>(
    world: &W,
    by: EmployeeId,
    company: CompanyId,
    email: &str,
    rights: Rights,
) -> Result<EmployeeId, PeopleError> {
    let details = EmployeeDetails {
        name: PersonName::parse("Jan Operator").map_err(|_| bad("name"))?,
        email: EmailAddress::parse(email).map_err(|_| bad("email"))?,
        companies: [company].into(),
        access: Access::new(Role::Operator, rights),
    };
    let given = FirstPassword::Given(password(email)?);
    let caller = Caller { employee: by, from: None };
    Ok(employees::add(world, caller, details, Language::Pl, given).await?.employee)
}

/// The `cookie` header of a ticket.
#[must_use]
pub fn cookie(ticket: &Ticket) -> String {
    let header = ticket.cookie().header(false);
    header.split(';').next().unwrap_or_default().to_owned()
}
