//! `/customers`: records of the CRM (H9, H10).

use super::{Wrong, bits, form, is_theirs, words};
use crate::api::customers as acts;
use crate::input::customer::{FIELD_PREFIX, ReadCustomer, Typed, TypedPhone};
use crate::refusal::refused;
use crate::visit::Visit;
use askama::Template;
use futures::future::try_join;
use http::Method;
use mostek_domain::{CustomerId, Language, TicketId, Timestamp};
use mostek_helpdesk::customer::{self, Details};
use mostek_helpdesk::desk::{self, Desk};
use mostek_helpdesk::view;
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::ui::{EmptyState, Field, ListState, Pager};
use mostek_web::{ApiError, Flash, Page, Request, Response, SafeHtml, Speak, Text, Tone, time};

/// `/customers`.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => list(visit, request).await,
        (&Method::GET, ["new"]) => new(visit, request).await,
        (&Method::POST, ["new"]) => {
            let form = form(visitor, request).await?;
            add(visit, request, Typed::of_form(&form)).await
        }
        (&Method::GET, [id]) => one(visit, request, acts::parse(id)?).await,
        (&Method::GET, [id, "edit"]) => {
            let id = acts::parse(id)?;
            let found = customer::of_company(visit.world, visit.company(), id).await.map_err(refused)?;
            let typed = found.details.as_ref().map(Typed::of).unwrap_or_default();
            edit(visit, request, Target::Existing(id), typed, Wrong::default()).await
        }
        (&Method::POST, [id, "edit"]) => {
            let id = acts::parse(id)?;
            let form = form(visitor, request).await?;
            let typed = Typed::of_form(&form);
            match acts::change(visit, id, &typed).await {
                Ok(()) => {
                    Ok(Flash::success("common-saved").on(Response::redirect(&format!("/customers/{id}"))))
                }
                Err(e) if is_theirs(&e) => {
                    edit(visit, request, Target::Existing(id), typed, Wrong(Some(e))).await
                }
                Err(e) => Err(e),
            }
        }
        _ => Err(ApiError::no_route(request)),
    }
}

#[derive(Template)]
#[template(path = "customers.html")]
struct List {
    language: Language,
    now: Timestamp,
    total: String,
    rows: Vec<Row>,
    empty: SafeHtml,
    pager: SafeHtml,
}

struct Row {
    href: String,
    name: String,
    phone: String,
    email: String,
    changed: Timestamp,
}

async fn list<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let language = visit.language();
    let asked = PageRequest::of(request, customer::PAGE, customer::PAGE)?;
    let before = match &asked.after {
        Some(text) => Some(text.parse().map_err(|_| ApiError::bad_field("after", "errors-bad-cursor"))?),
        None => None,
    };
    let page = customer::page(visit.world, visit.company(), before, asked.limit).await?;
    let state = ListState::of(request, &["changed"], &[]);
    let total = language.n("helpdesk-customer-count", page.total);
    let next = page.next.map(|n| cursor(&n.to_string()));
    let body = List {
        language,
        now: visit.now(),
        rows: page
            .customers
            .into_iter()
            .map(|c| Row {
                href: format!("/customers/{}", c.id),
                name: c.name,
                phone: c.phone.unwrap_or_default(),
                email: c.email.unwrap_or_default(),
                changed: c.changed_at,
            })
            .collect(),
        empty: EmptyState::new(
            "people",
            language.t("helpdesk-no-customers"),
            language.t("helpdesk-no-customers-text"),
        )
        .action(language.t("helpdesk-customer-add"), "/customers/new")
        .html(),
        pager: Pager::new(language, &state, total.clone(), next.as_deref()).html(),
        total,
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, language.t("common-nav-customers")).active("customers").wide().show(request, &body)
}

/// Whose form it is.
#[derive(Clone, Copy)]
enum Target {
    New,
    Existing(CustomerId),
}

/// A new record; for a ticket's customer with what the ticket knows (H10).
async fn new<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let mut typed = Typed::default();
    if let Some(text) = request.param("ticket") {
        let ticket = visit.ticket_id(text).await?;
        if let Some(record) = prefill(visit, ticket, &mut typed).await? {
            let flash = Flash::new(Tone::Info, "helpdesk-ticket-has-record");
            return Ok(flash.on(Response::redirect(&format!("/customers/{record}"))));
        }
    }
    edit(visit, request, Target::New, typed, Wrong::default()).await
}

/// Fills in name, id field and locale; gives the record if the ticket has one already.
async fn prefill<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    typed: &mut Typed,
) -> Result<Option<CustomerId>, ApiError> {
    let view = view::open(visit.world, visit.company(), ticket, None).await.map_err(refused)?;
    if let Some(record) = view.ticket.record() {
        return Ok(Some(record));
    }
    let Some(opened) = &view.ticket.opened else { return Err(ApiError::not_found()) };
    let buyer = view.order.as_ref().map(|k| &k.order.customer);
    typed.name =
        words::line(&buyer.and_then(|b| b.display_name()).unwrap_or_else(|| opened.customer.name.clone()));
    typed.locale = buyer.and_then(|b| b.locale.clone());
    typed.ticket = Some(ticket.to_string());
    let field = view.connection.as_ref().and_then(|c| c.setup.as_ref()).and_then(|s| s.field);
    if let (Some(field), Some(id)) = (field, &opened.customer.remote_id) {
        typed.fields.insert(field.to_string(), id.clone());
    }
    Ok(None)
}

async fn add<W: World>(visit: &Visit<'_, W>, request: &Request, typed: Typed) -> Result<Response, ApiError> {
    match acts::add(visit, &typed).await {
        Ok(id) => {
            let back = typed.ticket().map_or_else(|| format!("/customers/{id}"), |t| format!("/tickets/{t}"));
            Ok(Flash::success("helpdesk-customer-added").on(Response::redirect(&back)))
        }
        Err(e) if is_theirs(&e) => edit(visit, request, Target::New, typed, Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}

#[derive(Template)]
#[template(path = "customer_edit.html")]
struct EditPage {
    language: Language,
    csrf: String,
    title: String,
    action: String,
    back: String,
    /// The ticket it is made for.
    ticket: Option<String>,
    locale: String,
    wrong: Option<String>,
    name: SafeHtml,
    nip: SafeHtml,
    notes: SafeHtml,
    phones: Vec<TypedPhone>,
    emails: Vec<String>,
    fields: Vec<SafeHtml>,
}

async fn edit<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    target: Target,
    typed: Typed,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let (title, action, back) = match (target, &typed.ticket) {
        (Target::Existing(id), _) => {
            (l.t("helpdesk-customer-edit"), format!("/customers/{id}/edit"), format!("/customers/{id}"))
        }
        (Target::New, Some(t)) => {
            (l.t("helpdesk-customer-add"), "/customers/new".into(), format!("/tickets/{t}"))
        }
        (Target::New, None) => (l.t("helpdesk-customer-add"), "/customers/new".into(), "/customers".into()),
    };
    let mut phones = typed.phones.clone();
    phones.push(TypedPhone::default());
    let mut emails = typed.emails.clone();
    emails.push(String::new());
    let body = EditPage {
        language: l,
        csrf: visit.session.csrf.clone(),
        title: title.clone(),
        action,
        back,
        ticket: typed.ticket.clone(),
        locale: typed.locale.clone().unwrap_or_default(),
        wrong: wrong.sentence().map(|t| l.say(t)),
        name: Field::text(l, "name", "helpdesk-customer-name")
            .value(&typed.name)
            .error(wrong.with("name"))
            .required()
            .html(),
        nip: Field::text(l, "nip", "helpdesk-nip")
            .value(typed.nip.clone().unwrap_or_default())
            .hint("helpdesk-nip-hint")
            .error(wrong.with("nip"))
            .html(),
        notes: Field::area(l, "notes", "helpdesk-notes")
            .value(&typed.notes)
            .hint("helpdesk-notes-hint")
            .error(wrong.with("text"))
            .with("data-counter", customer::NOTES_CHARS.to_string())
            .html(),
        phones,
        emails,
        fields: custom_fields(l, &desk, &typed),
    };
    let viewer = visit.session.viewer();
    let page = Page::new(&viewer, title)
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .show(request, &body)?;
    Ok(page.status(wrong.status()))
}

/// The fields administrators added, those that are archived only if they have a value.
fn custom_fields(l: Language, desk: &Desk, typed: &Typed) -> Vec<SafeHtml> {
    let value = |id: &str| typed.fields.get(id).cloned().unwrap_or_default();
    desk.fields
        .iter()
        .map(|f| (f, value(&f.id.to_string())))
        .filter(|(f, v)| !f.archived || !v.is_empty())
        .map(|(f, v)| {
            Field::text(l, format!("{FIELD_PREFIX}{}", f.id), "helpdesk-fields")
                .labelled(f.name.to_string())
                .value(v)
                .with("maxlength", customer::VALUE_CHARS.to_string())
                .html()
        })
        .collect()
}

#[derive(Template)]
#[template(path = "customer.html")]
struct CustomerPage {
    language: Language,
    now: Timestamp,
    edit: String,
    name: String,
    phones: Vec<(String, String, bool)>,
    emails: Vec<String>,
    nip: Option<String>,
    locale: Option<String>,
    notes: String,
    fields: Vec<(String, String)>,
    added: Timestamp,
    changed: Timestamp,
}

async fn one<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let found = async { customer::of_company(visit.world, visit.company(), id).await.map_err(refused) };
    let desk = async { desk::read(visit.world, visit.company()).await.map_err(ApiError::from) };
    let (found, desk) = try_join(found, desk).await?;
    let Some(d) = &found.details else { return Err(ApiError::not_found()) };
    let body = CustomerPage {
        language: l,
        now: visit.now(),
        edit: format!("/customers/{id}/edit"),
        name: d.name.to_string(),
        phones: phones(l, d),
        emails: d.emails.iter().map(ToString::to_string).collect(),
        nip: d.nip.as_ref().map(ToString::to_string),
        locale: d.locale.as_deref().map(words::line),
        notes: d.notes.clone(),
        fields: d.fields.iter().map(|(f, v)| (desk.state.field_name(*f), words::line(v))).collect(),
        added: found.added_at,
        changed: found.changed_at,
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, d.name.to_string())
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .show(request, &body)
}

/// Each number with what is known of its consent, in words, and whether there is one.
fn phones(l: Language, d: &Details) -> Vec<(String, String, bool)> {
    let consent = |c: &mostek_domain::SmsConsent| {
        let key = match (c.given, c.at) {
            (true, _) => "helpdesk-consent-given",
            (false, Some(_)) => "helpdesk-consent-refused",
            (false, None) => "helpdesk-consent-unknown",
        };
        let date = c.at.map(|at| time::date(l, at)).unwrap_or_default();
        let source =
            if c.source.is_empty() { l.t("helpdesk-consent-source-unknown") } else { words::line(&c.source) };
        l.say(&Text::new(key).with("date", date).with("source", source))
    };
    d.phones.iter().map(|(n, c)| (n.grouped(), consent(c), c.given)).collect()
}
