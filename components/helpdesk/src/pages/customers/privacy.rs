//! Erasing a person: the second step, in which their name has to be typed.

use super::{Wrong, acts, bits, href, is_theirs};
use crate::fields::Fields;
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{CustomerId, Language};
use mostek_ports::World;
use mostek_web::ui::Field;
use mostek_web::{ApiError, Flash, Page, Request, Response, SafeHtml, Speak, Tone};

#[derive(Template)]
#[template(path = "customer_erase.html")]
struct ErasePage {
    language: Language,
    csrf: String,
    action: String,
    back: String,
    title: String,
    export: String,
    wrong: Option<String>,
    confirm: SafeHtml,
}

pub(super) async fn ask<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let l = visit.language();
    let (id, state) = acts::standing(visit, id).await?;
    let name = state.details.as_ref().map(|d| d.name.to_string()).unwrap_or_default();
    let body = ErasePage {
        language: l,
        csrf: visit.session.csrf.clone(),
        action: format!("{}/erase", href(id)),
        back: href(id),
        title: l.with("crm-erase-title", "name", &name),
        export: format!("{}/export", href(id)),
        wrong: wrong.sentence().map(|t| l.say(t)),
        confirm: Field::text(l, "confirm", "crm-erase-confirm")
            .hint_text(l.with("crm-erase-confirm-hint", "name", &name))
            .error(wrong.with("confirm"))
            .with("autocomplete", "off")
            .required()
            .html(),
    };
    let viewer = visit.session.viewer();
    let page = Page::new(&viewer, l.t("crm-erase"))
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .crumb(name, href(id))
        .show(request, &body)?;
    Ok(page.status(wrong.status()))
}

pub(super) async fn erase<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
    form: &Fields,
) -> Result<Response, ApiError> {
    match acts::erase(visit, id, form.get("confirm")).await {
        Ok(()) => Ok(Flash::success("crm-erased").on(Response::redirect("/customers"))),
        Err(e) if is_theirs(&e) => ask(visit, request, id, Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}
