//! The audit journal: who did what, when, from where.

use askama::Template;
use mostek_domain::{CompanyId, EmployeeId, Language};
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
const NAMED: [&str; 26] = [
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
    "connection-added",
    "connection-changed",
    "connection-removed",
    "reply-queued",
    "reply-cancelled",
    "customer-added",
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
            subject: subject(session, r),
            details: r.act.details.iter().map(|(n, v)| (n.clone(), mostek_web::printable(v))).collect(),
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

fn subject(session: &Session, row: &AuditRow) -> String {
    let (d, id) = (session.directory(), row.act.id.as_str());
    let found = match row.act.subject.as_str() {
        "employee" => EmployeeId::parse(id).ok().and_then(|id| d.employee(id)).map(|e| e.name.to_string()),
        "company" => {
            CompanyId::parse(id).ok().and_then(|id| d.company(id)).map(|c| c.details.name.to_string())
        }
        _ => None,
    };
    found.unwrap_or_else(|| mostek_web::printable(id))
}
