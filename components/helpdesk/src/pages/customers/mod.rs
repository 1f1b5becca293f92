//! `/customers`: records of the CRM (H9, H10, H11).

mod duplicates;
mod edit;
mod files;
mod history;
mod list;
mod privacy;
mod record;

use super::{Wrong, bits, done, form, is_theirs, words};
use crate::api::customers as acts;
use crate::visit::Visit;
use http::Method;
use mostek_domain::CustomerId;
use mostek_helpdesk::customer::lookup::Key;
use mostek_helpdesk::desk::Desk;
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::{ApiError, Request, Response, Speak};

/// `/customers`.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => list::show(visit, request).await,
        (&Method::GET, ["new"]) => edit::new(visit, request).await,
        (&Method::POST, ["new"]) => {
            let form = form(visitor, request).await?;
            edit::add(visit, request, &form).await
        }
        (&Method::GET, ["import"]) => files::ask(visit, request, Wrong::default()).await,
        (&Method::POST, ["import"]) => files::upload(visit, visitor, request).await,
        (&Method::GET, ["import", id]) => files::show(visit, request, acts::files::parse(id)?).await,
        (&Method::POST, ["import", id]) => {
            files::start(visit, visitor, request, acts::files::parse(id)?).await
        }
        (&Method::GET, ["import", id, "refused.csv"]) => {
            acts::files::refused_rows(visit, acts::files::parse(id)?).await
        }
        (&Method::GET, ["export"]) => files::parts(visit, request).await,
        (&Method::GET, ["export.csv"]) => acts::files::list(visit, request).await,
        (&Method::GET, ["duplicates"]) => duplicates::list(visit, request).await,
        (&Method::POST, ["duplicates", "apart"]) => {
            let form = form(visitor, request).await?;
            let (a, b) = (acts::parse(form.get("first"))?, acts::parse(form.get("second"))?);
            let back = mostek_web::safe_back(form.get("back"));
            done(acts::apart(visit, a, b).await, "crm-told-apart", back)
        }
        (&Method::GET, [id]) => record::show(visit, request, acts::parse(id)?).await,
        (&Method::GET, [id, "edit"]) => edit::existing(visit, request, acts::parse(id)?).await,
        (&Method::POST, [id, "edit"]) => {
            let form = form(visitor, request).await?;
            edit::change(visit, request, acts::parse(id)?, &form).await
        }
        (&Method::GET, [id, "merge"]) => duplicates::ask(visit, request, acts::parse(id)?).await,
        (&Method::POST, [id, "merge"]) => {
            let form = form(visitor, request).await?;
            duplicates::merge(visit, acts::parse(id)?, &form).await
        }
        (&Method::POST, [id, "unmerge"]) => {
            let form = form(visitor, request).await?;
            duplicates::undo(visit, acts::parse(id)?, &form).await
        }
        (&Method::GET, [id, "export"]) => acts::export(visit, request, acts::parse(id)?).await,
        (&Method::GET, [id, "erase"]) => {
            privacy::ask(visit, request, acts::parse(id)?, Wrong::default()).await
        }
        (&Method::POST, [id, "erase"]) => {
            let form = form(visitor, request).await?;
            privacy::erase(visit, request, acts::parse(id)?, &form).await
        }
        _ => Err(ApiError::no_route(request)),
    }
}

/// Where a record's page is.
fn href(id: CustomerId) -> String {
    format!("/customers/{id}")
}

/// What two records share, in words: `e-mail anna@example.pl`.
fn shared<W: World>(visit: &Visit<'_, W>, desk: &Desk, key: &Key) -> String {
    let l = visit.language();
    let (label, value) = match key {
        Key::Field { field, value } => (desk.field_name(*field), words::line(value)),
        Key::Phone(number) => (l.t("helpdesk-phone"), number.grouped()),
        Key::Email(address) => (l.t("helpdesk-email"), address.to_string()),
        Key::Nip(nip) => (l.t("helpdesk-nip"), nip.to_string()),
    };
    format!("{label}: {value}")
}
