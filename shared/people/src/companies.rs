//! Managing companies, their settings, and how signing in is protected. Callers are administrators: the gate saw to it.

use crate::audit::{self, Act, Scope};
use crate::directory::{self, CompanyDetails, CompanySettings, DirectoryFact, Lockout};
use crate::error::{Caller, PeopleError, Refusal};
use crate::sign_in::fact_id;
use mostek_domain::CompanyId;
use mostek_ports::{Random, World};
use mostek_store::Commit;

/// The longest footer in characters.
pub const LONGEST_FOOTER: usize = 1000;

/// Adds a company.
///
/// # Errors
/// [`Refusal::NipTaken`], [`Refusal::CompaniesFull`]; the store's.
pub async fn add<W: World>(
    world: &W,
    caller: Caller,
    details: CompanyDetails,
) -> Result<CompanyId, PeopleError> {
    let reading = directory::read(world).await?;
    if reading.state.by_nip(&details.nip).is_some() {
        return Err(Refusal::NipTaken.into());
    }
    if !reading.state.has_room_for_company() {
        return Err(Refusal::CompaniesFull.into());
    }
    let mut bits = [0u8; 16];
    world.random().fill(&mut bits);
    let company = CompanyId::from_random(bits);
    let act = Act::new("company-added", "company", company)
        .from(caller.from)
        .detail("name", &details.name)
        .detail("nip", &details.nip);
    let mut commit = Commit::by(caller.actor());
    let fact = DirectoryFact::CompanyAdded { company, details };
    commit.append(&directory::journal()?, Some(&reading), vec![(fact_id(world), fact)]);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    Ok(company)
}

/// Changes a company's name or NIP. Nothing is written if nothing changes.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NipTaken`]; the store's.
pub async fn change<W: World>(
    world: &W,
    caller: Caller,
    company: CompanyId,
    details: CompanyDetails,
) -> Result<(), PeopleError> {
    let reading = directory::read(world).await?;
    let present = reading.state.company(company).ok_or(Refusal::NotFound)?;
    if reading.state.by_nip(&details.nip).is_some_and(|c| c != company) {
        return Err(Refusal::NipTaken.into());
    }
    if *present.details == details {
        return Ok(());
    }
    let act = Act::new("company-changed", "company", company)
        .from(caller.from)
        .detail("name", &details.name)
        .detail("nip", &details.nip);
    let mut commit = Commit::by(caller.actor());
    let fact = DirectoryFact::CompanyChanged { company, details };
    commit.append(&directory::journal()?, Some(&reading), vec![(fact_id(world), fact)]);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    Ok(())
}

/// Changes how a company works. Nothing is written if nothing changes.
///
/// # Errors
/// [`Refusal::Range`] names the setting that is out of range; [`Refusal::NotFound`]; the store's.
pub async fn change_settings<W: World>(
    world: &W,
    caller: Caller,
    company: CompanyId,
    settings: CompanySettings,
) -> Result<(), PeopleError> {
    check(&settings)?;
    let reading = directory::read(world).await?;
    let present = reading.state.company(company).ok_or(Refusal::NotFound)?;
    if *present.settings == settings {
        return Ok(());
    }
    let mut act = Act::new("settings-changed", "company", company).from(caller.from);
    let before = present.settings.get();
    for (name, old, new) in [
        ("undo_seconds", before.undo_seconds.to_string(), settings.undo_seconds.to_string()),
        ("attachment_limit", before.attachment_limit.to_string(), settings.attachment_limit.to_string()),
        ("reopen_days", before.reopen_days.to_string(), settings.reopen_days.to_string()),
        ("footer", before.footer.clone(), settings.footer.clone()),
    ] {
        if old != new {
            act = act.detail(name, new);
        }
    }
    let mut commit = Commit::by(caller.actor());
    let fact = DirectoryFact::SettingsChanged { company, settings };
    commit.append(&directory::journal()?, Some(&reading), vec![(fact_id(world), fact)]);
    audit::entry(world, &mut commit, Scope::Company(company), act)?;
    commit.run(world).await?;
    Ok(())
}

fn check(settings: &CompanySettings) -> Result<(), Refusal> {
    let out = |field, least, most| Err(Refusal::Range { field, least, most });
    if settings.undo_seconds > 600 {
        return out("undo_seconds", 0, 600);
    }
    if !(100_000..=10_000_000).contains(&settings.attachment_limit) {
        return out("attachment_limit", 1, 10);
    }
    if settings.reopen_days > 365 {
        return out("reopen_days", 0, 365);
    }
    if settings.footer.chars().count() > LONGEST_FOOTER {
        return out("footer", 0, LONGEST_FOOTER as u64);
    }
    Ok(())
}

/// Changes how signing in is protected: 3 to 20 attempts, 10 seconds to a day.
///
/// # Errors
/// [`Refusal::Range`]; the store's.
pub async fn change_lockout<W: World>(
    world: &W,
    caller: Caller,
    lockout: Lockout,
) -> Result<(), PeopleError> {
    if !(3..=20).contains(&lockout.attempts) {
        return Err(Refusal::Range { field: "attempts", least: 3, most: 20 }.into());
    }
    if !(10..=86_400).contains(&lockout.seconds) {
        return Err(Refusal::Range { field: "seconds", least: 10, most: 86_400 }.into());
    }
    let reading = directory::read(world).await?;
    if reading.state.lockout() == lockout {
        return Ok(());
    }
    let act = Act::new("lockout-changed", "installation", "this")
        .from(caller.from)
        .detail("attempts", lockout.attempts)
        .detail("seconds", lockout.seconds);
    let mut commit = Commit::by(caller.actor());
    let fact = (fact_id(world), DirectoryFact::LockoutChanged { lockout });
    commit.append(&directory::journal()?, Some(&reading), vec![fact]);
    audit::entry(world, &mut commit, Scope::Installation, act)?;
    commit.run(world).await?;
    Ok(())
}
