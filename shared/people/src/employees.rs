//! Managing employees, and what employees choose for themselves. Callers of the first kind are administrators: the gate
//! saw to it.

use crate::audit::{self, Act, Scope};
use crate::credentials::{self, CredentialFact};
use crate::directory::{self, Directory, DirectoryFact, EmployeeDetails};
use crate::error::{Caller, PeopleError, Refusal};
use crate::invitation::{self, Link};
use crate::password::{self, NewPassword};
use crate::session;
use crate::sign_in::fact_id;
use mostek_domain::{Access, EmployeeId, Language, Rights, Role, Theme};
use mostek_ports::{Random, World};
use mostek_store::Commit;

/// How a new employee gets a password.
#[derive(Debug, Clone)]
pub enum FirstPassword {
    /// By a one-time link, the rule.
    Invitation,
    /// It is given: demonstration data, programs.
    Given(NewPassword),
}

/// A new employee.
#[derive(Debug, Clone)]
pub struct Added {
    /// The id.
    pub employee: EmployeeId,
    /// The link to hand over, if there is one.
    pub link: Option<Link>,
}

fn check(directory: &Directory, details: &EmployeeDetails, own: Option<EmployeeId>) -> Result<(), Refusal> {
    if directory.by_email(&details.email).is_some_and(|e| Some(e) != own) {
        return Err(Refusal::EmailTaken);
    }
    if details.companies.is_empty() || details.companies.iter().any(|c| directory.company(*c).is_none()) {
        return Err(Refusal::NoCompany);
    }
    Ok(())
}

fn rights_text(rights: &Rights) -> String {
    rights.iter().map(mostek_domain::Capability::slug).collect::<Vec<_>>().join(" ")
}

/// Adds an employee. `details.access` is what was asked for; the rule for new administrators is applied here.
///
/// # Errors
/// [`Refusal::EmailTaken`], [`Refusal::NoCompany`], [`Refusal::EmployeesFull`]; the store's.
pub async fn add<W: World>(
    world: &W,
    caller: Caller,
    mut details: EmployeeDetails,
    language: Language,
    first: FirstPassword,
) -> Result<Added, PeopleError> {
    let reading = directory::read(world).await?;
    check(&reading.state, &details, None)?;
    if !reading.state.has_room_for_employee() {
        return Err(Refusal::EmployeesFull.into());
    }
    details.access = Access::new(details.access.role, details.access.rights);
    let mut bits = [0u8; 16];
    world.random().fill(&mut bits);
    let employee = EmployeeId::from_random(bits);
    let act = Act::new("employee-added", "employee", employee)
        .from(caller.from)
        .detail("name", &details.name)
        .detail("role", details.access.role.slug())
        .detail("rights", rights_text(&details.access.rights));
    let mut commit = Commit::by(caller.actor());
    let fact = DirectoryFact::EmployeeAdded { employee, details, language };
    commit.append(&directory::journal()?, Some(&reading), vec![(fact_id(world), fact)]);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    let link = match first {
        FirstPassword::Invitation => Some(invitation::add(world, &mut commit, employee)?),
        FirstPassword::Given(new) => {
            let hash = password::hash(&new, world.random())?;
            let fact = (fact_id(world), CredentialFact::PasswordSet { hash });
            commit.append(&credentials::journal(employee)?, None, vec![fact]);
            None
        }
    };
    commit.run(world).await?;
    Ok(Added { employee, link })
}

/// Changes name, address, companies, role and rights. Nothing is written for what stays.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::EmailTaken`], [`Refusal::NoCompany`], [`Refusal::LastAdministrator`] (if it was found
/// out only after the write, what was changed besides the role stays changed); the store's.
pub async fn change<W: World>(
    world: &W,
    caller: Caller,
    employee: EmployeeId,
    asked: EmployeeDetails,
) -> Result<(), PeopleError> {
    let reading = directory::read(world).await?;
    let present = reading.state.employee(employee).ok_or(Refusal::NotFound)?;
    if *present.email != asked.email || *present.companies != asked.companies {
        check(&reading.state, &asked, Some(employee))?;
    }
    let access = present.access.edited(asked.access.role, asked.access.rights.clone());
    let demoted = present.access.is_administrator() && access.role == Role::Operator && *present.active;
    if demoted && reading.state.is_last_administrator(employee) {
        return Err(Refusal::LastAdministrator.into());
    }
    let before = present.access.get().clone();
    let mut facts = Vec::new();
    let mut acts = Vec::new();
    let changed =
        *present.name != asked.name || *present.email != asked.email || *present.companies != asked.companies;
    if changed {
        let mut act = Act::new("employee-changed", "employee", employee)
            .from(caller.from)
            .detail("name", &asked.name)
            .detail("companies", asked.companies.len());
        if *present.email != asked.email {
            act = act.detail("email", &asked.email);
        }
        acts.push(act);
        facts.push(DirectoryFact::EmployeeChanged {
            employee,
            name: asked.name,
            email: asked.email,
            companies: asked.companies,
        });
    }
    if *present.access != access {
        acts.push(access_act(caller, employee, &access));
        facts.push(DirectoryFact::AccessChanged { employee, access });
    }
    if facts.is_empty() {
        return Ok(());
    }
    let mut commit = Commit::by(caller.actor());
    let facts = facts.into_iter().map(|f| (fact_id(world), f)).collect();
    commit.append(&directory::journal()?, Some(&reading), facts);
    for act in acts {
        audit::entry(world, &mut commit, Scope::Installation, act)?;
    }
    commit.run(world).await?;
    if demoted {
        let act = access_act(caller, employee, &before);
        let back = DirectoryFact::AccessChanged { employee, access: before };
        keep_an_administrator(world, caller, back, act).await?;
    }
    Ok(())
}

fn access_act(caller: Caller, employee: EmployeeId, access: &Access) -> Act {
    Act::new("access-changed", "employee", employee)
        .from(caller.from)
        .detail("role", access.role.slug())
        .detail("rights", rights_text(&access.rights))
}

/// After an administrator was taken away: looks again whether one is left, because two who did so at the same time have
/// both seen the other one. If none is left the own change is taken back by `back`, with `act` in the audit journal. Of
/// several whose writes overlap all may take theirs back; that is the safe side.
async fn keep_an_administrator<W: World>(
    world: &W,
    caller: Caller,
    back: DirectoryFact,
    act: Act,
) -> Result<(), PeopleError> {
    let reading = directory::read(world).await?;
    if !reading.state.administrators().is_empty() {
        return Ok(());
    }
    let mut commit = Commit::by(caller.actor());
    commit.append(&directory::journal()?, Some(&reading), vec![(fact_id(world), back)]);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    Err(Refusal::LastAdministrator.into())
}

/// Lets an employee in again, or no longer: then all sessions end, and API tokens are refused from the next request on.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::LastAdministrator`]; the store's.
pub async fn set_active<W: World>(
    world: &W,
    caller: Caller,
    employee: EmployeeId,
    active: bool,
) -> Result<(), PeopleError> {
    let reading = directory::read(world).await?;
    let present = reading.state.employee(employee).ok_or(Refusal::NotFound)?;
    if *present.active == active {
        return Ok(());
    }
    let taken_away = !active && present.access.is_administrator();
    if taken_away && reading.state.is_last_administrator(employee) {
        return Err(Refusal::LastAdministrator.into());
    }
    let act_of = |active| {
        let slug = if active { "employee-enabled" } else { "employee-disabled" };
        Act::new(slug, "employee", employee).from(caller.from).detail("name", present.name.get())
    };
    let (act, act_back) = (act_of(active), act_of(!active));
    let mut commit = Commit::by(caller.actor());
    let fact = (fact_id(world), DirectoryFact::ActiveChanged { employee, active });
    commit.append(&directory::journal()?, Some(&reading), vec![fact]);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    if taken_away {
        let back = DirectoryFact::ActiveChanged { employee, active: true };
        keep_an_administrator(world, caller, back, act_back).await?;
    }
    if !active {
        session::end_all(world, employee).await?;
    }
    Ok(())
}

/// The caller chooses a language. Not audited: it changes nothing for anybody else.
///
/// # Errors
/// The store's.
pub async fn choose_language<W: World>(
    world: &W,
    caller: Caller,
    language: Language,
) -> Result<(), PeopleError> {
    choose(world, caller, DirectoryFact::LanguageChosen { employee: caller.employee, language }).await
}

/// The caller chooses a theme. Not audited.
///
/// # Errors
/// The store's.
pub async fn choose_theme<W: World>(world: &W, caller: Caller, theme: Theme) -> Result<(), PeopleError> {
    choose(world, caller, DirectoryFact::ThemeChosen { employee: caller.employee, theme }).await
}

async fn choose<W: World>(world: &W, caller: Caller, fact: DirectoryFact) -> Result<(), PeopleError> {
    let reading = directory::read(world).await?;
    let mut commit = Commit::by(caller.actor());
    commit.append(&directory::journal()?, Some(&reading), vec![(fact_id(world), fact)]);
    commit.run(world).await?;
    Ok(())
}
