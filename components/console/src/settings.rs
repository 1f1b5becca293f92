//! Settings: the overview, the present company's, and how signing in is protected.

use crate::form::{Errors, Form};
use crate::view::FormView;
use askama::Template;
use mostek_domain::{Capability, Language};
use mostek_people::gate::Visitor;
use mostek_people::{CompanySettings, Lockout, Session, companies};
use mostek_ports::World;
use mostek_web::ui::Field;
use mostek_web::{ApiError, Flash, Page, Request, Response, Speak};

const HOME: &str = "/settings";
/// Attachments are typed in MB.
const MB: u64 = 1_000_000;

#[derive(Template)]
#[template(path = "settings.html")]
struct Overview {
    language: Language,
    entries: Vec<Entry>,
}

struct Entry {
    href: &'static str,
    icon: &'static str,
    label: &'static str,
    about: &'static str,
}

/// What can be set, and where.
pub(crate) fn overview(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let viewer = session.viewer();
    let l = viewer.language;
    let entry = |href, icon, label, about| Entry { href, icon, label, about };
    let mut entries = vec![
        entry("/settings/company", "building", "console-settings-company", "console-settings-company-about"),
        entry("/settings/sign-in", "lock", "console-settings-sign-in", "console-settings-sign-in-about"),
        entry("/companies", "building", "common-nav-companies", "console-about-companies"),
        entry("/employees", "badge", "common-nav-employees", "console-about-employees"),
    ];
    if session.access.may(Capability::Helpdesk) {
        entries.push(entry(
            "/settings/marketplaces",
            "plug",
            "console-settings-marketplaces",
            "console-settings-marketplaces-about",
        ));
        entries.push(entry("/settings/webhooks", "link", "webhooks-settings", "webhooks-settings-about"));
        entries.push(entry(
            "/settings/helpdesk",
            "inbox",
            "console-settings-helpdesk",
            "console-settings-helpdesk-about",
        ));
    }
    entries.push(entry("/audit", "list", "common-nav-audit", "console-about-audit"));
    let body = Overview { language: l, entries };
    Page::new(&viewer, l.t("common-nav-settings")).active("settings").show(request, &body)
}

/// The form of the present company's settings.
pub(crate) fn company(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let s = &session.settings;
    let form = Form::filled([
        ("undo_seconds", s.undo_seconds.to_string()),
        ("attachment_limit", (s.attachment_limit / MB).to_string()),
        ("reopen_days", s.reopen_days.to_string()),
        ("footer", s.footer.clone()),
    ]);
    render_company(request, session, &form, &Errors::default())
}

/// Changes them.
pub(crate) async fn change_company<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_administrator(request, visitor).await?;
    let session = visitor.administrator()?;
    let number = |name: &str| form.get(name).trim().parse::<u32>().unwrap_or(u32::MAX);
    let settings = CompanySettings {
        undo_seconds: number("undo_seconds"),
        attachment_limit: u64::from(number("attachment_limit")).saturating_mul(MB),
        reopen_days: number("reopen_days"),
        footer: mostek_web::printable(form.get("footer")).trim().to_owned(),
    };
    match companies::change_settings(world, session.caller(), session.company, settings).await {
        Ok(()) => Ok(Flash::success("common-saved").on(Response::redirect("/settings/company"))),
        Err(e) => {
            let mut errors = Errors::default();
            errors.refused(e, &["undo_seconds", "attachment_limit", "reopen_days", "footer"])?;
            Ok(errors.on(render_company(request, session, &form, &errors)?))
        }
    }
}

fn render_company(
    request: &Request,
    session: &Session,
    form: &Form,
    errors: &Errors,
) -> Result<Response, ApiError> {
    let viewer = session.viewer();
    let l = viewer.language;
    let title = l.t("console-settings-company");
    let number = |name: &'static str, label: &str, hint: &str, most: &str| {
        Field::new(l, "number", name, label)
            .value(form.get(name))
            .hint(hint)
            .error(errors.get(name))
            .required()
            .with("min", "0")
            .with("max", most)
    };
    let view = FormView::new(l, title.clone(), "/settings/company", &viewer.csrf, "common-save", errors)
        .intro(l.with("console-settings-company-intro", "company", session.company_name.as_str()))
        .field(number("undo_seconds", "console-undo-seconds", "console-undo-seconds-hint", "600"))
        .field(number("attachment_limit", "console-attachment-limit", "console-attachment-limit-hint", "10"))
        .field(number("reopen_days", "console-reopen-days", "console-reopen-days-hint", "365"))
        .field(
            Field::area(l, "footer", "console-footer")
                .value(form.get("footer"))
                .hint("console-footer-hint")
                .error(errors.get("footer"))
                .with("maxlength", companies::LONGEST_FOOTER.to_string()),
        )
        .cancel(l, HOME);
    Page::new(&viewer, title).active("settings").crumb(l.t("common-nav-settings"), HOME).show(request, &view)
}

/// The form of the lockout rule.
pub(crate) fn lockout(request: &Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let session = visitor.administrator()?;
    let rule = session.directory().lockout();
    let form = Form::filled([("attempts", rule.attempts.to_string()), ("seconds", rule.seconds.to_string())]);
    render_lockout(request, session, &form, &Errors::default())
}

/// Changes it.
pub(crate) async fn change_lockout<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_administrator(request, visitor).await?;
    let session = visitor.administrator()?;
    let number = |name: &str| form.get(name).trim().parse::<u64>().unwrap_or(0);
    let rule = Lockout { attempts: number("attempts"), seconds: number("seconds") };
    match companies::change_lockout(world, session.caller(), rule).await {
        Ok(()) => Ok(Flash::success("common-saved").on(Response::redirect("/settings/sign-in"))),
        Err(e) => {
            let mut errors = Errors::default();
            errors.refused(e, &["attempts", "seconds"])?;
            Ok(errors.on(render_lockout(request, session, &form, &errors)?))
        }
    }
}

fn render_lockout(
    request: &Request,
    session: &Session,
    form: &Form,
    errors: &Errors,
) -> Result<Response, ApiError> {
    let viewer = session.viewer();
    let l = viewer.language;
    let title = l.t("console-settings-sign-in");
    let number = |name: &'static str, label: &str, hint: &str, (least, most): (&str, &str)| {
        Field::new(l, "number", name, label)
            .value(form.get(name))
            .hint(hint)
            .error(errors.get(name))
            .required()
            .with("min", least)
            .with("max", most)
    };
    let view = FormView::new(l, title.clone(), "/settings/sign-in", &viewer.csrf, "common-save", errors)
        .intro(l.t("console-settings-sign-in-intro"))
        .field(number("attempts", "console-lockout-attempts", "console-lockout-attempts-hint", ("3", "20")))
        .field(number("seconds", "console-lockout-seconds", "console-lockout-seconds-hint", ("10", "86400")))
        .cancel(l, HOME);
    Page::new(&viewer, title).active("settings").crumb(l.t("common-nav-settings"), HOME).show(request, &view)
}
