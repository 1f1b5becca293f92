//! The switches of the frame: language, theme, company.

use crate::form::Form;
use mostek_domain::{CompanyId, Language, Theme};
use mostek_people::employees;
use mostek_people::gate::{COMPANY_COOKIE, Visitor};
use mostek_ports::World;
use mostek_web::{ApiError, Cookie, Request, Response, safe_back};
use std::time::Duration;

const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Language or theme. Also kept in a cookie, so that the sign-in page is in it too.
pub(crate) async fn choose<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let session = visitor.page(None).ok();
    let form = match session {
        Some(_) => Form::of_session(request, visitor).await?,
        None => Form::unchecked(request).await?,
    };
    let mut response = Response::redirect(safe_back(form.get("back")));
    if let Some(language) = form.find("language").and_then(Language::from_tag) {
        if let Some(s) = session.filter(|s| s.language != language) {
            employees::choose_language(world, s.caller(), language).await?;
        }
        response = response.cookie(Cookie::new("language", language.code()).lasting(A_YEAR));
    }
    if let Some(theme) = form.find("theme").and_then(Theme::from_slug) {
        if let Some(s) = session.filter(|s| s.theme != theme) {
            employees::choose_theme(world, s.caller(), theme).await?;
        }
        response = response.cookie(Cookie::new("theme", theme.slug()).lasting(A_YEAR));
    }
    Ok(response)
}

/// The company to work in; only one of the employee's own.
pub(crate) async fn company(request: &mut Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let form = Form::of_session(request, visitor).await?;
    let session = visitor.page(None)?;
    let chosen = CompanyId::parse(form.get("company")).ok();
    if !session.companies().iter().any(|(id, _)| Some(*id) == chosen) {
        return Err(ApiError::forbidden());
    }
    // What is open may belong to the other company: its list or, failing that, the dashboard is the place to go on.
    let back = safe_back(form.get("back")).split('?').next().unwrap_or("/");
    let section = back.split('/').nth(1).unwrap_or_default();
    let to = if matches!(section, "tickets" | "customers" | "settings" | "audit") { section } else { "" };
    let cookie = Cookie::new(COMPANY_COOKIE, form.get("company")).lasting(A_YEAR);
    Ok(Response::redirect(&format!("/{to}")).cookie(cookie))
}
