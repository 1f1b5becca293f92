//! Adding and changing a record.

use super::{Wrong, acts, bits, href, is_theirs, words};
use crate::fields::Fields;
use crate::input::customer::{FIELD_PREFIX, PostalAddressIn, ReadCustomer, Typed, TypedPhone, shown};
use crate::refusal::refused;
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{CustomerId, FieldKind, Language, TicketId};
use mostek_helpdesk::customer::{self, known};
use mostek_helpdesk::desk::{self, Desk};
use mostek_helpdesk::view;
use mostek_ports::{Random, World};
use mostek_web::ui::{Choice, Field};
use mostek_web::{ApiError, Flash, Page, Request, Response, SafeHtml, Speak, Tone};

/// Whose form it is.
#[derive(Clone, Copy)]
enum Target {
    New,
    Existing(CustomerId),
}

/// A new record; for a ticket's customer with what the ticket knows (H10).
pub(super) async fn new<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let key = format!("{:016x}", visit.world.random().u64());
    let mut typed = Typed { key: Some(key), ..Typed::default() };
    if let Some(text) = request.param("ticket") {
        let ticket = visit.ticket_id(text).await?;
        match prefill(visit, ticket, &mut typed).await? {
            Some(There::Linked(record)) => {
                let flash = Flash::new(Tone::Info, "helpdesk-ticket-has-record");
                return Ok(flash.on(Response::redirect(&format!("/customers/{record}"))));
            }
            Some(There::Known) => {
                let flash = Flash::new(Tone::Info, "helpdesk-record-has-id");
                return Ok(flash.on(Response::redirect(&format!("/tickets/{ticket}"))));
            }
            None => {}
        }
    }
    edit(visit, request, Target::New, typed, Wrong::default()).await
}

/// A record that makes a new one for a ticket needless.
enum There {
    /// The ticket's own.
    Linked(CustomerId),
    /// One that has the customer's id and can be linked on the ticket's page.
    Known,
}

/// Fills in name, id field and locale, unless there is a record already.
async fn prefill<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    typed: &mut Typed,
) -> Result<Option<There>, ApiError> {
    let view = view::open(visit.world, visit.company(), ticket, None).await.map_err(refused)?;
    if let Some(record) = view.ticket.record() {
        return Ok(Some(There::Linked(record)));
    }
    if known::record_for(visit.world, visit.company(), &view.ticket, view.connection.as_ref())
        .await?
        .is_some()
    {
        return Ok(Some(There::Known));
    }
    let Some(opened) = &view.ticket.opened else { return Err(ApiError::not_found()) };
    let buyer = view.order.as_ref().map(|k| &k.order.customer);
    typed.name =
        words::line(&buyer.and_then(|b| b.display_name()).unwrap_or_else(|| opened.customer.name.clone()));
    typed.locale = buyer.and_then(|b| b.locale.clone());
    typed.ticket = Some(ticket.to_string());
    let field =
        known::id_field(visit.world, visit.company(), opened.connection, view.connection.as_ref()).await?;
    if let (Some(field), Some(id)) = (field, &opened.customer.remote_id) {
        typed.fields.insert(field.to_string(), id.clone());
    }
    Ok(None)
}

pub(super) async fn add<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    form: &Fields,
) -> Result<Response, ApiError> {
    let typed = Typed::of_form(form);
    match acts::add(visit, &typed).await {
        Ok(id) => {
            let back = typed.ticket().map_or_else(|| format!("/customers/{id}"), |t| format!("/tickets/{t}"));
            Ok(Flash::success("helpdesk-customer-added").on(Response::redirect(&back)))
        }
        Err(e) if is_theirs(&e) => edit(visit, request, Target::New, typed, Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}

/// The form of a record that is there.
pub(super) async fn existing<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let (standing, found) = acts::standing(visit, id).await?;
    if standing != id {
        return Ok(Response::redirect(&format!("{}/edit", href(standing))));
    }
    let mut typed = found.details.as_ref().map(Typed::of).unwrap_or_default();
    typed.version = Some(found.version());
    edit(visit, request, Target::Existing(id), typed, Wrong::default()).await
}

pub(super) async fn change<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
    form: &Fields,
) -> Result<Response, ApiError> {
    let typed = Typed::of_form(form);
    match acts::change(visit, id, &typed).await {
        Ok(()) => Ok(Flash::success("common-saved").on(Response::redirect(&href(id)))),
        Err(e) if is_theirs(&e) => edit(visit, request, Target::Existing(id), typed, Wrong(Some(e))).await,
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
    addresses: Vec<PostalAddressIn>,
    fields: Vec<SafeHtml>,
    /// The version that is changed.
    version: Option<u64>,
    /// Of a new record.
    key: Option<String>,
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
    let mut addresses = typed.addresses.clone();
    addresses.push(PostalAddressIn::default());
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
        addresses,
        fields: custom_fields(l, &desk, &typed, &wrong),
        version: typed.version,
        key: typed.key.clone(),
    };
    let viewer = visit.session.viewer();
    let page = Page::new(&viewer, title)
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .show(request, &body)?;
    Ok(page.status(wrong.status()))
}

/// The fields administrators added, those that are archived only if they have a value.
fn custom_fields(l: Language, desk: &Desk, typed: &Typed, wrong: &Wrong) -> Vec<SafeHtml> {
    let value = |id: &str| typed.fields.get(id).cloned().unwrap_or_default();
    desk.fields
        .iter()
        .map(|f| (f, value(&f.id.to_string())))
        .filter(|(f, v)| !f.archived || !v.is_empty())
        .map(|(f, v)| custom_field(l, f, v).error(wrong.with(&format!("fields.{}", f.id))).html())
        .collect()
}

fn custom_field(l: Language, f: &desk::Field, value: String) -> Field {
    let name = format!("{FIELD_PREFIX}{}", f.id);
    let field = match &f.kind {
        FieldKind::Text => {
            Field::text(l, name, "helpdesk-fields").with("maxlength", customer::VALUE_CHARS.to_string())
        }
        FieldKind::Number => {
            Field::text(l, name, "helpdesk-fields").with("inputmode", "decimal").hint("crm-number-hint")
        }
        FieldKind::Date => Field::new(l, "date", name, "helpdesk-fields"),
        FieldKind::Choice { options } => {
            let mut choices = vec![Choice::new("", l.t("common-none"))];
            choices.extend(options.iter().map(|o| Choice::new(o.as_str(), o.as_str())));
            // An option that was taken out since stays chosen.
            if !value.is_empty() && !options.iter().any(|o| o.as_str() == value) {
                choices.push(Choice::new(&value, &value));
            }
            Field::select(l, name, "helpdesk-fields", choices)
        }
    };
    field.labelled(f.name.to_string()).value(shown(&f.kind, &value, l))
}
