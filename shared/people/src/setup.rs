//! The first visit: the first company and its administrator.
//!
//! Everything is one fact with a fixed id, written together with the administrator's password. Of two set-ups at once the
//! one in the lower slot counts, and the other is told so; a crash leaves either nothing or all of it.

use crate::audit::{self, Act, Scope};
use crate::credentials::{self, CredentialFact};
use crate::directory::{self, CompanyDetails, Directory, DirectoryFact, EmployeeDetails, SET_UP_FACT};
use crate::error::{Caller, PeopleError, Refusal};
use crate::installation;
use crate::limiter::Limiter;
use crate::password::{self, NewPassword};
use crate::secret;
use crate::session::{self, Ticket};
use crate::sign_in::fact_id;
use futures::future::try_join;
use mostek_domain::{
    Access, CompanyId, CompanyName, EmailAddress, EmployeeId, InstallationId, Language, Nip, PersonName,
    Rights, Role,
};
use mostek_ports::{Random, Settings, World};
use mostek_store::Commit;
use std::net::IpAddr;

/// The setting that holds the set-up code.
const CODE_SETTING: &str = "setup_code";

/// What the first visitor gives.
#[derive(Debug, Clone)]
pub struct NewInstallation {
    /// The first company.
    pub company: CompanyDetails,
    /// The administrator's name.
    pub name: PersonName,
    /// The administrator's address.
    pub email: EmailAddress,
    /// The administrator's password.
    pub password: NewPassword,
    /// The administrator's language.
    pub language: Language,
}

impl NewInstallation {
    /// Puts it together from its parts.
    #[must_use]
    pub fn new(
        company: (CompanyName, Nip),
        administrator: (PersonName, EmailAddress, NewPassword),
        language: Language,
    ) -> Self {
        let (name, email, password) = administrator;
        Self { company: CompanyDetails { name: company.0, nip: company.1 }, name, email, password, language }
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Installed {
    /// The first company.
    pub company: CompanyId,
    /// The administrator.
    pub administrator: EmployeeId,
    /// Signs the administrator in.
    pub ticket: Ticket,
}

/// Whether the installation waits for its first administrator.
#[must_use]
pub fn is_needed(directory: &Directory) -> bool {
    directory.installation().is_none()
}

/// Checks the code, then sets up. Wrong codes lock like wrong passwords do.
///
/// # Errors
/// [`Refusal::SetupOff`], [`Refusal::SetupCode`], [`Refusal::Locked`], [`Refusal::AlreadySetUp`]; the store's.
pub async fn run<W: World>(
    world: &W,
    code: &str,
    new: &NewInstallation,
    from: Option<IpAddr>,
) -> Result<Installed, PeopleError> {
    let expected = world.settings().get(CODE_SETTING).await?.ok_or(Refusal::SetupOff)?;
    let (look, before) = try_join(Limiter::new("setup", "code")?.look(world), directory::read(world)).await?;
    if !is_needed(&before.state) {
        return Err(Refusal::AlreadySetUp.into());
    }
    let attempt = look.attempt(world, before.state.lockout()).await?;
    if !secret::same(code.trim(), expected.trim()) {
        attempt.failed(world).await?;
        return Err(Refusal::SetupCode.into());
    }

    let bits = || {
        let mut bits = [0u8; 16];
        world.random().fill(&mut bits);
        bits
    };
    let company = CompanyId::from_random(bits());
    let administrator = EmployeeId::from_random(bits());
    let fact = DirectoryFact::SetUp {
        installation: InstallationId::from_random(bits()),
        company,
        company_details: new.company.clone(),
        administrator,
        administrator_details: EmployeeDetails {
            name: new.name.clone(),
            email: new.email.clone(),
            companies: [company].into(),
            access: Access::new(Role::Administrator, Rights::all()),
        },
        language: new.language,
    };
    let hash = password::hash(&new.password, world.random())?;
    let caller = Caller { employee: administrator, from };
    let mut commit = Commit::by(caller.actor());
    commit.append(&directory::journal()?, Some(&before), vec![(SET_UP_FACT.to_owned(), fact)]);
    let password = (fact_id(world), CredentialFact::PasswordSet { hash });
    commit.append(&credentials::journal(administrator)?, None, vec![password]);
    let ticket = session::open(world, &mut commit, administrator, 0)?;
    let act = Act::new("installation-set-up", "company", company)
        .from(from)
        .detail("name", &new.company.name)
        .detail("nip", &new.company.nip);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;

    let after = directory::read(world).await?.state;
    if let Some(id) = after.installation() {
        installation::remember(world, id).await?;
    }
    if after.first_administrator() == Some(administrator) {
        Ok(Installed { company, administrator, ticket })
    } else {
        Err(Refusal::AlreadySetUp.into())
    }
}
