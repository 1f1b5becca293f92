//! The audit journal: who did what, when, from where.

use crate::employees;
use askama::Template;
use mostek_domain::{Capability, CompanyId, EmployeeId, Language, Role};
use mostek_people::Session;
use mostek_people::audit::{self, AuditFilter, AuditRow, Scope};
use mostek_people::gate::Visitor;
use mostek_ports::{Clock, World};
use mostek_store::Actor;
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::ui::{self, Choice, EmptyState, ListState, Pager};
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak};

/// Rows per page.
const PAGE: usize = 50;

/// Acts that have a name in the catalogues, `console-act-<slug>`. Others are shown as they are called.
const NAMED: &[&str] = &[
    "installation-set-up",
    "signed-in",
    "sign-in-failed",
    "sign-in-locked",
    "signed-out",
    "signed-out-everywhere",
    "password-changed",
    "invitation-made",
    "invitation-accepted",
    "token-made",
    "token-revoked",
    "employee-added",
    "employee-changed",
    "access-changed",
    "employee-disabled",
    "employee-enabled",
    "company-added",
    "company-changed",
    "lockout-changed",
    "settings-changed",
    "customer-added",
    "connection-authenticated",
    "connection-saved",
    "connection-started",
    "connection-stopped",
    "connection-deleted",
    "reply-written",
    "reply-undone",
    "reply-decided",
    "comment-written",
    "ticket-status-set",
    "ticket-moved",
    "ticket-assigned",
    "ticket-linked",
    "ticket-merged",
    "ticket-parted",
    "ticket-priority-set",
    "ticket-tagged",
    "ticket-sub-status-set",
    "view-saved",
    "view-removed",
    "tag-saved",
    "sub-status-saved",
    "customer-changed",
    "customer-merged",
    "customer-unmerged",
    "customer-told-apart",
    "customer-exported",
    "customer-erased",
    "customer-file-read",
    "customer-list-exported",
    "queue-saved",
    "category-saved",
    "field-saved",
    "template-saved",
    "hours-saved",
    "deadlines-saved",
    "automatic-reply-saved",
    "macro-saved",
    "automation-saved",
    "macro-run",
    "webhook-secret-added",
    "webhook-secret-removed",
    "webhook-letter-processed",
    "webhook-letter-dropped",
    "endpoint-added",
    "endpoint-changed",
    "endpoint-deleted",
    "endpoint-tested",
    "delivery-repeated",
    "automation-ran",
];

/// Details that have a name in the catalogues, `console-audit-detail-<name>` with dashes for underscores.
const DETAILS: &[&str] = &[
    "name",
    "email",
    "role",
    "rights",
    "companies",
    "nip",
    "undo_seconds",
    "attachment_limit",
    "reopen_days",
    "footer",
    "attempts",
    "seconds",
    "base",
    "started",
    "archived",
    "customer",
    "comment",
    "decision",
    "queue",
    "employee",
    "reply",
    "status",
    "to",
    "into",
    "priority",
    "added",
    "removed",
    "sub_status",
    "letter",
    "result",
    "address",
    "active",
    "delivery",
    "from",
    "merge",
    "other",
];

#[derive(Template)]
#[template(path = "audit.html")]
struct Log {
    language: Language,
    of_company: bool,
    company: String,
    by: String,
    people: Vec<Choice>,
    act: String,
    acts: Vec<Choice>,
    filtered: bool,
    rows: Vec<Row>,
    empty: SafeHtml,
    pager: SafeHtml,
}

struct Row {
    at: SafeHtml,
    who: String,
    from: String,
    act: String,
    subject: String,
    details: Vec<(String, String)>,
}

/// A page of the journal.
pub(crate) async fn show<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let viewer = session.viewer();
    let l = viewer.language;
    let state = ListState::of(request, &["at"], &["scope", "by", "act"]);
    let page = PageRequest::of(request, PAGE, PAGE)?;
    let of_company = state.filter("scope") == Some("company");
    let scope = if of_company { Scope::Company(session.company) } else { Scope::Installation };
    let filter = AuditFilter {
        by: state.filter("by").and_then(|b| EmployeeId::parse(b).ok()),
        act: state.filter("act").map(str::to_owned),
    };
    let before = page.after.and_then(|a| a.parse().ok());
    let found = audit::page(world, scope, &filter, before, page.limit).await?;
    let now = world.clock().now();
    let rows: Vec<_> = found
        .rows
        .iter()
        .map(|r| Row {
            at: ui::time_tag(l, now, r.at),
            who: who(session, r, l),
            from: r.act.from.map(|a| a.to_string()).unwrap_or_default(),
            act: name(l, &r.act.act),
            subject: subject(session, r, l),
            details: r.act.details.iter().map(|(n, v)| (detail_name(l, n), detail_value(l, n, v))).collect(),
        })
        .collect();
    let next = found.next.map(|n| cursor(&n.to_string()));
    let empty = if !rows.is_empty() {
        SafeHtml::default()
    } else if next.is_some() {
        EmptyState::new("list", l.t("console-audit-older"), l.t("console-audit-older-text")).html()
    } else {
        EmptyState::new("list", l.t("console-audit-none"), l.t("console-audit-none-text")).html()
    };
    let any = || Choice::new("", l.t("common-filter-any"));
    let mut people = vec![any()];
    let all = session.directory().employees().into_iter();
    people.extend(all.map(|(id, e)| Choice::new(id.to_string(), e.name.to_string())));
    let mut acts = vec![any()];
    acts.extend(NAMED.iter().map(|a| Choice::new(*a, name(l, a))));
    let shown = l.n("console-audit-count", rows.len());
    let body = Log {
        language: l,
        of_company,
        company: session.company_name.to_string(),
        by: state.filter("by").unwrap_or_default().to_owned(),
        people,
        act: state.filter("act").unwrap_or_default().to_owned(),
        acts,
        filtered: state.is_filtered(),
        rows,
        empty,
        pager: Pager::new(l, &state, shown, next.as_deref()).html(),
    };
    Page::new(&viewer, l.t("common-nav-audit")).active("audit").wide().show(request, &body)
}

fn name(l: Language, act: &str) -> String {
    if NAMED.contains(&act) { l.t(&format!("console-act-{act}")) } else { act.to_owned() }
}

fn detail_name(l: Language, name: &str) -> String {
    if !DETAILS.contains(&name) {
        return mostek_web::printable(name);
    }
    l.t(&format!("console-audit-detail-{}", name.replace('_', "-")))
}

/// A detail's value: roles, rights and yes or no in words, all else as it was noted.
fn detail_value(l: Language, name: &str, value: &str) -> String {
    let right = |slug: &str| {
        let found = Capability::ALL.into_iter().find(|c| c.slug() == slug);
        found.map_or_else(|| slug.to_owned(), |c| l.t(employees::capability_key(c)))
    };
    let role = |slug: &str| {
        let found = Role::ALL.into_iter().find(|r| r.slug() == slug);
        found.map_or_else(|| slug.to_owned(), |r| l.t(employees::role_key(r)))
    };
    match (name, value) {
        ("role", _) => role(value),
        ("rights", "") => "–".to_owned(),
        ("rights", _) => value.split(' ').map(right).collect::<Vec<_>>().join(", "),
        ("started" | "archived", "true") => l.t("common-yes"),
        ("started" | "archived", "false") => l.t("common-no"),
        _ => mostek_web::printable(value),
    }
}

fn who(session: &Session, row: &AuditRow, l: Language) -> String {
    match &row.actor {
        Actor::Employee(id) => {
            let id = EmployeeId::parse(id).ok();
            let found = id.and_then(|id| session.directory().employee(id));
            found.map_or_else(|| l.t("console-audit-somebody"), |e| e.name.to_string())
        }
        Actor::System(_) => l.t("console-audit-system"),
        Actor::Remote(_) => l.t("console-audit-remote"),
    }
}

fn subject(session: &Session, row: &AuditRow, l: Language) -> String {
    let (d, id) = (session.directory(), row.act.id.as_str());
    let found = match row.act.subject.as_str() {
        "employee" => EmployeeId::parse(id).ok().and_then(|id| d.employee(id)).map(|e| e.name.to_string()),
        "company" => {
            CompanyId::parse(id).ok().and_then(|id| d.company(id)).map(|c| c.details.name.to_string())
        }
        "unknown-address" if id.is_empty() => Some(l.t("console-audit-unknown-address")),
        "unknown-address" => {
            Some(l.with("console-audit-unknown-address-at", "domain", mostek_web::printable(id)))
        }
        _ => None,
    };
    found.unwrap_or_else(|| mostek_web::printable(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// The Rust sources of what writes to the journal, without their tests.
    fn sources() -> Vec<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut folders =
            vec![root.join("components"), root.join("shared/people"), root.join("shared/helpdesk")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().flatten().map(|e| e.path()) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                if path.is_dir() && name != "target" && name != "tests" {
                    folders.push(path);
                } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                    files.push(path);
                }
            }
        }
        files
    }

    /// The literals that follow `call` in the sources, above their tests.
    fn literals(call: &str) -> Vec<String> {
        let mut found = Vec::new();
        for path in sources() {
            let text = fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for rest in code.split(call).skip(1) {
                found.push(rest.split('"').next().unwrap().to_owned());
            }
        }
        found
    }

    #[test]
    fn every_act_and_detail_that_is_written_has_a_name() {
        let acts = literals("Act::new(\"");
        let details = literals(".detail(\"");
        assert!(acts.len() > 25 && details.len() > 20, "the search is broken: {acts:?} {details:?}");
        for act in acts {
            assert!(NAMED.contains(&act.as_str()), "{act}");
        }
        for detail in details {
            assert!(DETAILS.contains(&detail.as_str()), "{detail}");
        }
    }

    #[test]
    fn every_name_is_in_every_catalogue() {
        for l in Language::ALL.iter().copied() {
            for act in NAMED {
                assert!(!name(l, act).starts_with("console-"), "{l}: {act}");
            }
            for detail in DETAILS {
                assert!(!detail_name(l, detail).starts_with("console-"), "{l}: {detail}");
            }
        }
        assert_eq!(detail_name(Language::Pl, "rights"), "uprawnienia");
        assert_eq!(detail_name(Language::Pl, "unheard-of"), "unheard-of");
    }

    #[test]
    fn values_of_ours_are_put_into_words() {
        let l = Language::Pl;
        assert_eq!(detail_value(l, "role", "administrator"), l.t("console-role-administrator"));
        let both = format!("{}, {}", l.t("console-right-helpdesk"), l.t("console-right-sms"));
        assert_eq!(detail_value(l, "rights", "helpdesk sms"), both);
        assert_eq!(detail_value(l, "archived", "true"), "Tak");
        assert_eq!(detail_value(l, "name", "administrator\u{1b}"), "administrator");
    }
}
