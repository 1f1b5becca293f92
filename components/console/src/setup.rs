//! The first visit: `/setup`.

use crate::form::{Errors, Form, Visit};
use crate::view::FormView;
use mostek_domain::{Language, Theme};
use mostek_people::gate::Visitor;
use mostek_people::origin::client_address;
use mostek_people::setup::{self, NewInstallation};
use mostek_people::{PeopleError, Refusal, directory};
use mostek_ports::World;
use mostek_web::ui::{Choice, Field};
use mostek_web::{ApiError, Flash, Page, Request, Response, Speak, Text};

const FIELDS: [&str; 6] = ["setup_code", "company_name", "nip", "name", "email", "password"];

/// The form, as long as nobody has set the installation up.
pub(crate) async fn show<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    if !setup::is_needed(&directory::read(world).await?.state) {
        return Ok(Response::redirect("/"));
    }
    render(world, request, visitor, &Form::default(), &Errors::default())
}

/// Sets up, and signs the first administrator in.
pub(crate) async fn run<W: World>(
    world: &W,
    request: &mut Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let form = Form::of_visit(request, visitor).await?;
    let mut errors = Errors::default();
    let company = errors.company(&form, "company_name");
    let nip = errors.nip(&form, "nip");
    let name = errors.person(&form, "name");
    let email = errors.email(&form, "email");
    let password = errors.password(&form, "password", form.get("email"));
    let language = Language::from_tag(form.get("language")).unwrap_or_default();
    if let (Some(company), Some(nip), Some(name), Some(email), Some(password)) =
        (company, nip, name, email, password)
    {
        let new = NewInstallation::new((company, nip), (name, email, password), language);
        match setup::run(world, form.get("setup_code"), &new, client_address(world, request).await).await {
            Ok(installed) => {
                let response = Response::redirect("/").cookie(installed.ticket.cookie());
                return Ok(Flash::success("console-setup-done").on(response));
            }
            Err(PeopleError::Refused(Refusal::AlreadySetUp)) => {
                let response = Response::redirect("/sign-in");
                return Ok(Flash::new(mostek_web::Tone::Warning, Refusal::AlreadySetUp.text()).on(response));
            }
            Err(e) => errors.refused(e, &FIELDS)?,
        }
    }
    Ok(errors.on(render(world, request, visitor, &form, &errors)?))
}

fn render<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
    form: &Form,
    errors: &Errors,
) -> Result<Response, ApiError> {
    let l = request.preferred_language();
    let visit = Visit::of(world, request, visitor);
    let field = |kind: &'static str, name: &'static str, label: &str| {
        Field::new(l, kind, name, label).value(form.get(name)).error(errors.get(name)).required()
    };
    let chosen = form.find("language").unwrap_or(l.code()).to_owned();
    let languages = Language::ALL.into_iter().map(|x| Choice::new(x.code(), x.own_name())).collect();
    let view =
        FormView::new(l, l.t("console-setup-title"), "/setup", &visit.token, "console-setup-button", errors)
            .intro(l.t("console-setup-intro"))
            .field(
                field("password", "setup_code", "console-setup-code")
                    .hint("console-setup-code-hint")
                    .with("autocomplete", "off"),
            )
            .field(field("text", "company_name", "console-company-name").with("autocomplete", "organization"))
            .field(field("text", "nip", "console-nip").hint("console-nip-hint").with("inputmode", "numeric"))
            .field(field("text", "name", "console-your-name").with("autocomplete", "name"))
            .field(field("email", "email", "console-email").with("autocomplete", "username"))
            .field(
                field("password", "password", "console-password")
                    .hint_text(password_hint(l))
                    .with("autocomplete", "new-password"),
            )
            .field(Field::select(l, "language", "common-language", languages).value(chosen))
            .alone();
    let page = Page::plain(l, Theme::default(), l.t("console-setup-title"));
    Ok(visit.on(page.show(request, &view)?))
}

/// The rule for new passwords in one sentence.
pub(crate) fn password_hint(l: Language) -> String {
    l.say(&Text::new("console-password-hint").with("count", mostek_people::password::SHORTEST))
}
