//! Everybody and every company of the installation: one journal, `people:directory`.
//!
//! It is small on purpose ([`MOST_EMPLOYEES`], [`MOST_COMPANIES`]): an authentication reads it whole, in two round trips.
//! Secrets are not in it; see [`crate::credentials`].

use mostek_domain::{
    Access, CompanyId, CompanyName, EmailAddress, EmployeeId, InstallationId, Language, Nip, PersonName,
    Theme,
};
use mostek_ports::{StoreError, World};
use mostek_store::journal::{Aggregate, Entry, Journal, Reading};
use mostek_store::keys::JournalKey;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Employees an installation can have, disabled ones included.
pub const MOST_EMPLOYEES: usize = 500;
/// Companies an installation can have.
pub const MOST_COMPANIES: usize = 50;

/// A field that is overwritten, with the slot that set it: an entry that turns up late in a lower slot does not win.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set<T> {
    value: T,
    slot: u64,
}

impl<T> Set<T> {
    fn new(slot: u64, value: T) -> Self {
        Self { value, slot }
    }

    fn set(&mut self, slot: u64, value: T) {
        if slot >= self.slot {
            *self = Self { value, slot };
        }
    }

    /// The value.
    pub fn get(&self) -> &T {
        &self.value
    }
}

impl<T> std::ops::Deref for Set<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// What is said about a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyDetails {
    /// Its name.
    pub name: CompanyName,
    /// Its tax number.
    pub nip: Nip,
}

/// What is said about an employee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeeDetails {
    /// The name.
    pub name: PersonName,
    /// The address to sign in with; unique.
    pub email: EmailAddress,
    /// The companies the employee works in; at least one.
    pub companies: BTreeSet<CompanyId>,
    /// Role and rights.
    pub access: Access,
}

/// How a company works; administrators change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanySettings {
    /// For how many seconds a reply can be taken back before it is sent; 0 switches that off.
    pub undo_seconds: u32,
    /// The longest attachment in bytes (1 MB is 1,000,000).
    pub attachment_limit: u64,
    /// A message that comes within so many days after a ticket was closed opens it again.
    pub reopen_days: u32,
    /// What is written below every reply; may be empty.
    pub footer: String,
}

impl Default for CompanySettings {
    fn default() -> Self {
        Self { undo_seconds: 30, attachment_limit: 10_000_000, reopen_days: 7, footer: String::new() }
    }
}

/// How signing in is protected, for the whole installation: before somebody has signed in no company is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lockout {
    /// So many failures lock the address.
    pub attempts: u64,
    /// For so many seconds.
    pub seconds: u64,
}

impl Default for Lockout {
    fn default() -> Self {
        Self { attempts: 5, seconds: 60 }
    }
}

/// What is written into the directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum DirectoryFact {
    /// The installation's beginning. Its fact id is always the same, so that it counts once; of several the one in the
    /// lowest slot counts.
    SetUp {
        /// The installation's id from now on.
        installation: InstallationId,
        /// The first company's id.
        company: CompanyId,
        /// The first company.
        company_details: CompanyDetails,
        /// The first administrator's id.
        administrator: EmployeeId,
        /// The first administrator.
        administrator_details: EmployeeDetails,
        /// The administrator's language.
        language: Language,
    },
    /// A company came.
    CompanyAdded {
        /// Its id.
        company: CompanyId,
        /// The company.
        details: CompanyDetails,
    },
    /// A company is called otherwise.
    CompanyChanged {
        /// Its id.
        company: CompanyId,
        /// The company as it is now.
        details: CompanyDetails,
    },
    /// A company works otherwise.
    SettingsChanged {
        /// Its id.
        company: CompanyId,
        /// All settings as they are now.
        settings: CompanySettings,
    },
    /// Signing in is protected otherwise.
    LockoutChanged {
        /// The rule as it is now.
        lockout: Lockout,
    },
    /// An employee came.
    EmployeeAdded {
        /// The id.
        employee: EmployeeId,
        /// The employee.
        details: EmployeeDetails,
        /// The language.
        language: Language,
    },
    /// Name, address or companies of an employee changed.
    EmployeeChanged {
        /// The id.
        employee: EmployeeId,
        /// Name.
        name: PersonName,
        /// Address.
        email: EmailAddress,
        /// Companies.
        companies: BTreeSet<CompanyId>,
    },
    /// Role or rights changed.
    AccessChanged {
        /// The id.
        employee: EmployeeId,
        /// As they are now.
        access: Access,
    },
    /// An employee may no longer, or again, sign in.
    ActiveChanged {
        /// The id.
        employee: EmployeeId,
        /// Whether the employee may.
        active: bool,
    },
    /// The employee chose a language.
    LanguageChosen {
        /// The id.
        employee: EmployeeId,
        /// The language.
        language: Language,
    },
    /// The employee chose a theme.
    ThemeChosen {
        /// The id.
        employee: EmployeeId,
        /// The theme.
        theme: Theme,
    },
}

/// The fact id of [`DirectoryFact::SetUp`].
pub(crate) const SET_UP_FACT: &str = "set-up";

/// A company as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Name and NIP.
    pub details: Set<CompanyDetails>,
    /// Settings.
    pub settings: Set<CompanySettings>,
    /// The slot that added it.
    pub added: u64,
}

/// An employee as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employee {
    /// Name.
    pub name: Set<PersonName>,
    /// Address; whose slot is lower owns it, see [`Directory::by_email`].
    pub email: Set<EmailAddress>,
    /// Companies.
    pub companies: Set<BTreeSet<CompanyId>>,
    /// Role and rights.
    pub access: Set<Access>,
    /// Language.
    pub language: Set<Language>,
    /// Theme.
    pub theme: Set<Theme>,
    /// Whether they may sign in.
    pub active: Set<bool>,
    /// The slot that added them.
    pub added: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SetUp {
    slot: u64,
    installation: InstallationId,
    company: CompanyId,
    administrator: EmployeeId,
}

/// The directory as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    set_up: Option<SetUp>,
    companies: BTreeMap<CompanyId, Company>,
    employees: BTreeMap<EmployeeId, Employee>,
    lockout: Option<Set<Lockout>>,
}

impl Directory {
    /// The installation's id; `None` before the set-up.
    #[must_use]
    pub fn installation(&self) -> Option<InstallationId> {
        self.set_up.as_ref().map(|s| s.installation)
    }

    /// The first administrator; `None` before the set-up.
    #[must_use]
    pub fn first_administrator(&self) -> Option<EmployeeId> {
        self.set_up.as_ref().map(|s| s.administrator)
    }

    /// A company.
    #[must_use]
    pub fn company(&self, id: CompanyId) -> Option<&Company> {
        self.companies.get(&id)
    }

    /// All companies, by name.
    #[must_use]
    pub fn companies(&self) -> Vec<(CompanyId, &Company)> {
        let mut all: Vec<_> = self.companies.iter().map(|(id, c)| (*id, c)).collect();
        all.sort_by_key(|(id, c)| (c.details.name.as_str().to_lowercase(), *id));
        all
    }

    /// The company with this NIP.
    #[must_use]
    pub fn by_nip(&self, nip: &Nip) -> Option<CompanyId> {
        self.companies
            .iter()
            .filter(|(_, c)| c.details.nip == *nip)
            .min_by_key(|(_, c)| c.added)
            .map(|(id, _)| *id)
    }

    /// An employee.
    #[must_use]
    pub fn employee(&self, id: EmployeeId) -> Option<&Employee> {
        self.employees.get(&id)
    }

    /// All employees, by name.
    #[must_use]
    pub fn employees(&self) -> Vec<(EmployeeId, &Employee)> {
        let mut all: Vec<_> = self.employees.iter().map(|(id, e)| (*id, e)).collect();
        all.sort_by_key(|(id, e)| (e.name.as_str().to_lowercase(), *id));
        all
    }

    /// The employee whose address this is. When a race gave it to two, the lower slot has it.
    #[must_use]
    pub fn by_email(&self, email: &EmailAddress) -> Option<EmployeeId> {
        self.employees
            .iter()
            .filter(|(_, e)| *e.email == *email)
            .min_by_key(|(_, e)| e.email.slot)
            .map(|(id, _)| *id)
    }

    /// Whether somebody else has this employee's address, so that they cannot sign in until it is changed.
    #[must_use]
    pub fn is_conflicting(&self, id: EmployeeId) -> bool {
        self.employee(id).is_some_and(|e| self.by_email(&e.email) != Some(id))
    }

    /// Active administrators whose address is their own: somebody else's keeps them from signing in. Whether they have
    /// accepted their invitation is not known here; that is in their credentials.
    #[must_use]
    pub fn administrators(&self) -> Vec<EmployeeId> {
        let all = self.employees.iter();
        let counted = all.filter(|(_, e)| *e.active && e.access.is_administrator()).map(|(id, _)| *id);
        counted.filter(|id| !self.is_conflicting(*id)).collect()
    }

    /// Whether this is the only one of [`Directory::administrators`], or none of them is there but this employee.
    #[must_use]
    pub fn is_last_administrator(&self, id: EmployeeId) -> bool {
        self.administrators().iter().all(|a| *a == id)
    }

    /// How signing in is protected.
    #[must_use]
    pub fn lockout(&self) -> Lockout {
        self.lockout.as_ref().map_or_else(Lockout::default, |l| *l.get())
    }

    /// A company's settings; the defaults for one that is not there.
    #[must_use]
    pub fn settings(&self, company: CompanyId) -> CompanySettings {
        self.companies.get(&company).map(|c| c.settings.get().clone()).unwrap_or_default()
    }

    /// Whether another company fits in.
    #[must_use]
    pub fn has_room_for_company(&self) -> bool {
        self.companies.len() < MOST_COMPANIES
    }

    /// Whether another employee fits in.
    #[must_use]
    pub fn has_room_for_employee(&self) -> bool {
        self.employees.len() < MOST_EMPLOYEES
    }

    fn add_company(&mut self, slot: u64, id: CompanyId, details: &CompanyDetails) {
        self.companies.entry(id).or_insert_with(|| Company {
            details: Set::new(slot, details.clone()),
            settings: Set::new(slot, CompanySettings::default()),
            added: slot,
        });
    }

    fn add_employee(&mut self, slot: u64, id: EmployeeId, d: &EmployeeDetails, language: Language) {
        self.employees.entry(id).or_insert_with(|| Employee {
            name: Set::new(slot, d.name.clone()),
            email: Set::new(slot, d.email.clone()),
            companies: Set::new(slot, d.companies.clone()),
            access: Set::new(slot, d.access.clone()),
            language: Set::new(slot, language),
            theme: Set::new(slot, Theme::default()),
            active: Set::new(slot, true),
            added: slot,
        });
    }

    fn set_up(&mut self, slot: u64, fact: &DirectoryFact) {
        let DirectoryFact::SetUp {
            installation,
            company,
            company_details,
            administrator,
            administrator_details,
            language,
        } = fact
        else {
            return;
        };
        if let Some(earlier) = &self.set_up {
            if earlier.slot <= slot {
                return;
            }
            let (company, administrator) = (earlier.company, earlier.administrator);
            self.companies.remove(&company);
            self.employees.remove(&administrator);
        }
        self.set_up = Some(SetUp {
            slot,
            installation: *installation,
            company: *company,
            administrator: *administrator,
        });
        self.add_company(slot, *company, company_details);
        self.add_employee(slot, *administrator, administrator_details, *language);
    }

    fn apply(&mut self, slot: u64, fact: &DirectoryFact) {
        use DirectoryFact as F;
        match fact {
            F::SetUp { .. } => self.set_up(slot, fact),
            F::CompanyAdded { company, details } => self.add_company(slot, *company, details),
            F::CompanyChanged { company, details } => {
                if let Some(c) = self.companies.get_mut(company) {
                    c.details.set(slot, details.clone());
                }
            }
            F::SettingsChanged { company, settings } => {
                if let Some(c) = self.companies.get_mut(company) {
                    c.settings.set(slot, settings.clone());
                }
            }
            F::LockoutChanged { lockout } => match &mut self.lockout {
                Some(l) => l.set(slot, *lockout),
                None => self.lockout = Some(Set::new(slot, *lockout)),
            },
            F::EmployeeAdded { employee, details, language } => {
                self.add_employee(slot, *employee, details, *language);
            }
            F::EmployeeChanged { employee, name, email, companies } => {
                if let Some(e) = self.employees.get_mut(employee) {
                    e.name.set(slot, name.clone());
                    // Who keeps an address keeps the slot that gave it to them, and with it their right to it.
                    if *e.email != *email {
                        e.email.set(slot, email.clone());
                    }
                    e.companies.set(slot, companies.clone());
                }
            }
            F::AccessChanged { employee, access } => {
                if let Some(e) = self.employees.get_mut(employee) {
                    e.access.set(slot, access.clone());
                }
            }
            F::ActiveChanged { employee, active } => {
                if let Some(e) = self.employees.get_mut(employee) {
                    e.active.set(slot, *active);
                }
            }
            F::LanguageChosen { employee, language } => {
                if let Some(e) = self.employees.get_mut(employee) {
                    e.language.set(slot, *language);
                }
            }
            F::ThemeChosen { employee, theme } => {
                if let Some(e) = self.employees.get_mut(employee) {
                    e.theme.set(slot, *theme);
                }
            }
        }
    }
}

/// The directory's fold.
#[derive(Debug)]
pub struct DirectoryFold;

impl Aggregate for DirectoryFold {
    type Fact = DirectoryFact;
    type State = Directory;
    const FOLD: u32 = 1;

    fn apply(state: &mut Directory, entry: &Entry<DirectoryFact>) {
        state.apply(entry.slot, &entry.fact);
    }

    fn repeated(state: &mut Directory, entry: &Entry<DirectoryFact>) {
        // Two set-ups at once: whichever slot is lower, also when it is read later.
        state.set_up(entry.slot, &entry.fact);
    }
}

/// The directory's journal.
pub(crate) fn journal() -> Result<Journal<DirectoryFold>, StoreError> {
    Ok(Journal::at(JournalKey::new("people", "directory").map_err(|e| crate::key_error(&e))?))
}

/// Reads the directory: two round trips.
///
/// # Errors
/// The store's.
pub async fn read<W: World>(world: &W) -> Result<Reading<DirectoryFold>, StoreError> {
    journal()?.read(world.kv(), world.clock()).await
}

/// A company's settings: two round trips; [`crate::gate::Session`] has them at hand already.
///
/// # Errors
/// The store's.
pub async fn settings<W: World>(world: &W, company: CompanyId) -> Result<CompanySettings, StoreError> {
    Ok(read(world).await?.state.settings(company))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mostek_domain::{Rights, Role};
    use mostek_store::journal::Actor;

    fn details(email: &str) -> EmployeeDetails {
        EmployeeDetails {
            name: PersonName::parse("Anna Nowak").unwrap(),
            email: EmailAddress::parse(email).unwrap(),
            companies: [CompanyId::from_random([1; 16])].into(),
            access: Access::new(Role::Operator, Rights::none()),
        }
    }

    fn entry(slot: u64, id: &str, fact: DirectoryFact) -> Entry<DirectoryFact> {
        Entry {
            v: 1,
            slot,
            stamp: String::new(),
            id: id.into(),
            at: 0,
            actor: Actor::System("test".into()),
            refs: BTreeMap::new(),
            fact,
        }
    }

    fn added(slot: u64, n: u8, email: &str) -> Entry<DirectoryFact> {
        let fact = DirectoryFact::EmployeeAdded {
            employee: EmployeeId::from_random([n; 16]),
            details: details(email),
            language: Language::Pl,
        };
        entry(slot, &format!("e{n}"), fact)
    }

    #[test]
    fn of_two_with_one_address_the_lower_slot_has_it_in_any_order_of_reading() {
        let (a, b) = (added(1, 1, "a@b.pl"), added(2, 2, "a@b.pl"));
        for order in [[&a, &b], [&b, &a]] {
            let mut d = Directory::default();
            for e in order {
                DirectoryFold::apply(&mut d, e);
            }
            let first = EmployeeId::from_random([1; 16]);
            assert_eq!(d.by_email(&EmailAddress::parse("A@b.pl").unwrap()), Some(first));
            assert!(!d.is_conflicting(first));
            assert!(d.is_conflicting(EmployeeId::from_random([2; 16])));
        }
    }

    #[test]
    fn a_late_entry_does_not_overwrite_a_newer_one() {
        let id = EmployeeId::from_random([1; 16]);
        let mut d = Directory::default();
        DirectoryFold::apply(&mut d, &added(1, 1, "a@b.pl"));
        for (slot, active) in [(5, false), (3, true)] {
            let fact = DirectoryFact::ActiveChanged { employee: id, active };
            DirectoryFold::apply(&mut d, &entry(slot, &slot.to_string(), fact));
        }
        assert!(!*d.employee(id).unwrap().active);
    }

    #[test]
    fn of_two_set_ups_the_lower_slot_counts_in_any_order_of_reading() {
        let set_up = |slot: u64, n: u8| {
            entry(
                slot,
                SET_UP_FACT,
                DirectoryFact::SetUp {
                    installation: InstallationId::from_random([n; 16]),
                    company: CompanyId::from_random([n; 16]),
                    company_details: CompanyDetails {
                        name: CompanyName::parse("A").unwrap(),
                        nip: Nip::parse("5260250274").unwrap(),
                    },
                    administrator: EmployeeId::from_random([n; 16]),
                    administrator_details: details("a@b.pl"),
                    language: Language::Pl,
                },
            )
        };
        let (low, high) = (set_up(1, 1), set_up(2, 2));
        let mut in_order = Directory::default();
        DirectoryFold::apply(&mut in_order, &low);
        DirectoryFold::repeated(&mut in_order, &high);
        let mut late = Directory::default();
        DirectoryFold::apply(&mut late, &high);
        DirectoryFold::repeated(&mut late, &low);
        assert_eq!(in_order, late);
        assert_eq!(late.employees().len(), 1);
        assert_eq!(late.companies().len(), 1);
        assert_eq!(late.installation(), Some(InstallationId::from_random([1; 16])));
    }
}
