//! Setting up, companies, employees, tokens.

use crate::Moment;
use crate::operation::{Operation, Parameter, Refusal, Who};
use crate::page::{AFTER, LIMIT, Listed};
use mostek_domain::{Capability, CompanyId, EmployeeId, Language, Rights, Role, TokenId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const SETUP_CODE: Refusal = Refusal::new(403, "setup-code", "The set-up code is another.");
const SETUP_OFF: Refusal =
    Refusal::new(403, "setup-off", "There is no set-up code, so setting up is switched off.");
const ALREADY_SET_UP: Refusal = Refusal::new(409, "already-set-up", "The installation is set up already.");
const LOCKED: Refusal =
    Refusal::new(429, "locked", "Too many attempts failed; `Retry-After` says when to come again.");
const NIP_TAKEN: Refusal = Refusal::new(409, "nip-taken", "Another company has this NIP.");
const COMPANIES_FULL: Refusal = Refusal::new(422, "companies-full", "No more companies fit in.");
const EMAIL_TAKEN: Refusal = Refusal::new(409, "email-taken", "Another employee has this e-mail address.");
const EMPLOYEES_FULL: Refusal = Refusal::new(422, "employees-full", "No more employees fit in.");
const NO_COMPANY: Refusal = Refusal::new(422, "no-company", "An employee works in at least one company.");
const TOKENS_FULL: Refusal = Refusal::new(422, "tokens-full", "An employee has no more tokens than this.");
const CURRENT_PASSWORD: Refusal = Refusal::new(422, "current-password", "The present password is another.");
const RANGE: Refusal = Refusal::new(422, "range", "A number is out of its range; `detail` names it.");

const TOKEN: Parameter = Parameter::new::<TokenId>("token", "The token.");
const COMPANY: Parameter = Parameter::new::<CompanyId>("company", "The company.");
const EMPLOYEE: Parameter = Parameter::new::<EmployeeId>("employee", "The employee.");

/// The operations.
pub static OPERATIONS: &[Operation] = &[
    Operation::post("/api/v1/setup", "setUp", "Set the installation up")
        .about("Once: makes the first company and its administrator, and a token for them that lives for a week.")
        .for_(Who::Anybody)
        .takes::<SetUp>()
        .makes::<SetUpDone>("Set up. The token is shown this once.")
        .refuses(&[SETUP_CODE, SETUP_OFF, ALREADY_SET_UP, LOCKED]),
    Operation::get("/api/v1/session", "getSession", "Who is asking").gives::<Session>(
        "The employee that the token belongs to, and the company that is worked in: the one that `X-Company-Id` names, \
         else the first of their own.",
    ),
    Operation::get("/api/v1/companies", "listCompanies", "List companies")
        .about("An administrator's list has all of them, anybody else's their own. There are at most fifty: one page.")
        .gives::<Listed<Company>>("The companies, by name."),
    Operation::post("/api/v1/companies", "addCompany", "Add a company")
        .for_(Who::Administrator)
        .takes::<NewCompany>()
        .makes::<Company>("The company.")
        .located()
        .refuses(&[NIP_TAKEN, COMPANIES_FULL]),
    Operation::get("/api/v1/companies/{company}", "getCompany", "Read a company")
        .about("An administrator reads any, anybody else their own.")
        .pieces(&[COMPANY])
        .gives::<Company>("The company."),
    Operation::get("/api/v1/employees", "listEmployees", "List employees")
        .for_(Who::Administrator)
        .query(&[AFTER, LIMIT])
        .gives::<Listed<Employee>>("Employees of all companies, by name."),
    Operation::post("/api/v1/employees", "addEmployee", "Add an employee")
        .about("With a password, or without one: then the answer holds an invitation to hand on.")
        .for_(Who::Administrator)
        .takes::<NewEmployee>()
        .makes::<AddedEmployee>("The employee.")
        .located()
        .refuses(&[EMAIL_TAKEN, EMPLOYEES_FULL, NO_COMPANY]),
    Operation::get("/api/v1/employees/{employee}", "getEmployee", "Read an employee")
        .for_(Who::Administrator)
        .pieces(&[EMPLOYEE])
        .gives::<Employee>("The employee."),
    Operation::get("/api/v1/tokens", "listTokens", "List your tokens")
        .about("At most twenty: one page. What is secret about them is not there.")
        .gives::<Listed<Token>>("Your tokens."),
    Operation::post("/api/v1/tokens", "addToken", "Make a token")
        .about("Only in a browser's session: a token that leaks must not outlive its end by making others.")
        .for_(Who::InBrowser)
        .takes::<NewToken>()
        .makes::<MadeToken>("The token, shown this once.")
        .refuses(&[TOKENS_FULL, RANGE, CURRENT_PASSWORD, LOCKED]),
    Operation::delete("/api/v1/tokens/{token}", "revokeToken", "Revoke one of your tokens").pieces(&[TOKEN]),
];

/// A company.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// Its tax number, ten digits.
    pub nip: String,
}

/// Whoever is asking.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    /// The employee.
    pub id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their language.
    pub language: Language,
    /// Their role.
    pub role: Role,
    /// What they may use.
    pub rights: Rights,
    /// The company worked in.
    pub company: CompanyId,
    /// The companies they work in.
    pub companies: Vec<Company>,
}

/// A company to be added.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewCompany {
    /// Its name.
    pub name: String,
    /// Its tax number; dashes, spaces and `PL` before it are passed over.
    pub nip: String,
}

/// What sets an installation up.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetUp {
    /// The code from the installation's configuration.
    pub setup_code: String,
    /// The first company.
    pub company: NewCompany,
    /// Its administrator.
    pub administrator: FirstAdministrator,
}

/// The first administrator.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirstAdministrator {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
    /// Their language.
    #[serde(default)]
    pub language: Language,
}

/// An installation that is set up.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetUpDone {
    /// A token of the administrator.
    pub token: String,
    /// The company.
    pub company: CompanyId,
    /// The administrator.
    pub administrator: EmployeeId,
}

/// An employee.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Employee {
    /// Their id.
    pub id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their language.
    pub language: Language,
    /// Their role.
    pub role: Role,
    /// What they may use.
    pub rights: Rights,
    /// The companies they work in.
    pub companies: BTreeSet<CompanyId>,
    /// Whether they may sign in.
    pub active: bool,
}

/// An employee to be added.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewEmployee {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their language.
    #[serde(default)]
    pub language: Language,
    /// Their role.
    #[serde(default)]
    pub role: Role,
    /// What they may use.
    #[serde(default)]
    pub rights: Vec<Capability>,
    /// The companies they work in: at least one.
    pub companies: BTreeSet<CompanyId>,
    /// Without one the answer holds an invitation's link.
    #[serde(default)]
    pub password: Option<String>,
}

/// An employee who was added.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedEmployee {
    /// Their id.
    pub id: EmployeeId,
    /// The invitation, if there is no password yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
}

/// An invitation.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// The page where the password is chosen.
    pub url: String,
    /// Until when.
    pub expires_at: Moment,
}

/// A token, without what is secret about it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Moment,
    /// Until when it is good.
    pub expires_at: Moment,
}

/// A token to be made.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// For how many days it is good.
    pub days: u32,
    /// Your present password: a token outlives the session in which it is made.
    pub current: String,
}

/// A token that was made.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MadeToken {
    /// Its id.
    pub id: TokenId,
    /// The token itself.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Moment,
}
