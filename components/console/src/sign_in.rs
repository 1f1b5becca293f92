//! Signing in and out, and accepting an invitation.

use crate::form::{Errors, Form, Visit};
use crate::setup::password_hint;
use crate::view::FormView;
use http::StatusCode;
use mostek_people::gate::{Via, Visitor};
use mostek_people::origin::client_address;
use mostek_people::session::{self, NobodyWaits};
use mostek_people::{PeopleError, Refusal, directory, invitation, setup, sign_in};
use mostek_ports::World;
use mostek_web::ui::Field;
use mostek_web::{ApiError, Cookie, Flash, Page, Request, Response, Speak, safe_back};

/// The sign-in form; an empty installation is set up first.
pub(crate) async fn show<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let back = safe_back(request.param("back").unwrap_or("/"));
    if visitor.page(None).is_ok() {
        return Ok(Response::redirect(back));
    }
    if setup::is_needed(&directory::read(world).await?.state) {
        return Ok(Response::redirect("/setup"));
    }
    render(world, request, visitor, "", back, &Errors::default())
}

/// Signs in.
pub(crate) async fn run<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_visit(request, visitor).await?;
    let (email, back) = (form.get("email"), safe_back(form.get("back")));
    match sign_in::sign_in(world, email, form.get("password"), client_address(world, request).await).await {
        Ok((_, ticket)) => Ok(Response::redirect(back).cookie(ticket.cookie())),
        Err(e) => {
            let mut errors = Errors::default();
            errors.refused(e, &[])?;
            Ok(errors.on(render(world, request, visitor, email, back, &errors)?))
        }
    }
}

fn render<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
    email: &str,
    back: &str,
    errors: &Errors,
) -> Result<Response, ApiError> {
    let l = request.preferred_language();
    let visit = Visit::of(world, request, visitor);
    let view = FormView::new(
        l,
        l.t("console-sign-in-title"),
        "/sign-in",
        &visit.token,
        "console-sign-in-button",
        errors,
    )
    .hidden("back", back)
    .field(
        Field::new(l, "email", "email", "console-email")
            .value(email)
            .required()
            .with("autocomplete", "username"),
    )
    .field(
        Field::new(l, "password", "password", "console-password")
            .required()
            .with("autocomplete", "current-password"),
    )
    .part(mostek_web::SafeHtml::trusted(format!(
        "<p class=\"hint\">{}</p>",
        mostek_web::SafeHtml::escaped(&l.t("console-sign-in-forgotten"))
    )))
    .alone();
    let page = Page::plain(l, request.preferred_theme(), l.t("console-sign-in-title"));
    Ok(visit.on(page.show(request, &view)?))
}

/// Signs out of this browser.
pub(crate) async fn out<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    Form::of_session(request, visitor).await?;
    let session = visitor.page(None)?;
    if let Via::Session(id) = session.via {
        session::sign_out(world, session.caller(), id, &NobodyWaits).await?;
    }
    let response = Response::redirect("/sign-in").cookie(Cookie::removed(session::COOKIE));
    Ok(Flash::success("console-signed-out").on(response))
}

/// The page of a one-time link: choose a password.
pub(crate) async fn invitation<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
    token: &str,
) -> Result<Response, ApiError> {
    match invitation::look(world, token).await {
        Ok(invited) => render_invitation(world, request, visitor, token, &invited, &Errors::default()),
        Err(PeopleError::Refused(r)) => Err(gone(r)),
        Err(e) => Err(e.into()),
    }
}

/// Uses the link.
pub(crate) async fn accept<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
    token: &str,
) -> Result<Response, ApiError> {
    let form = Form::of_visit(request, visitor).await?;
    match invitation::accept(world, token, form.get("password"), client_address(world, request).await).await {
        Ok((_, ticket)) => {
            let response = Response::redirect("/").cookie(ticket.cookie());
            Ok(Flash::success("console-invitation-done").on(response))
        }
        Err(PeopleError::Refused(r @ Refusal::Invitation)) => Err(gone(r)),
        Err(e) => {
            let mut errors = Errors::default();
            errors.refused(e, &["password"])?;
            let invited = invitation::look(world, token).await?;
            Ok(errors.on(render_invitation(world, request, visitor, token, &invited, &errors)?))
        }
    }
}

fn gone(r: Refusal) -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "invitation", r.text())
}

fn render_invitation<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
    token: &str,
    invited: &invitation::Invited,
    errors: &Errors,
) -> Result<Response, ApiError> {
    let l = request.preferred_language();
    let visit = Visit::of(world, request, visitor);
    let title = l.with("console-invitation-title", "name", invited.name.as_str());
    let action = format!("/invitation/{token}");
    let view = FormView::new(l, title.clone(), action, &visit.token, "console-invitation-button", errors)
        .intro(l.with("console-invitation-intro", "email", invited.email.as_str()))
        // Password managers keep the password under this name.
        .part(mostek_web::SafeHtml::trusted(format!(
            "<input type=\"hidden\" name=\"email\" autocomplete=\"username\" value=\"{}\">",
            mostek_web::SafeHtml::escaped(invited.email.as_str())
        )))
        .field(
            Field::new(l, "password", "password", "console-new-password")
                .hint_text(password_hint(l))
                .error(errors.get("password"))
                .required()
                .with("autocomplete", "new-password"),
        )
        .alone();
    let page = Page::plain(l, request.preferred_theme(), title).at(format!("/invitation/{token}"));
    Ok(visit.on(page.show(request, &view)?))
}
