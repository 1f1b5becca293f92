//! The pages: what use cases give, as HTML, and what forms carry, to use cases.

mod endpoints;
mod letters;
pub(crate) mod source;
mod sources;
mod trying;

use crate::acts;
use crate::fields::Fields;
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_helpdesk::webhooks::source::Command;
use mostek_people::gate::Visitor;
use mostek_ports::{Settings, World};
use mostek_web::bits;
use mostek_web::{ApiError, Flash, Page, Request, Response, Speak, Text, Tone, Viewer, printable};

/// Where the pages begin.
const HOME: &str = "/settings/webhooks";

/// `/settings/webhooks`.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (_, ["endpoints", rest @ ..]) => endpoints::route(visit, visitor, request, rest).await,
        (&Method::GET, []) => sources::list(visit, request).await,
        (&Method::GET, ["new"]) => sources::new(visit, request, None, Wrong::default()).await,
        (&Method::POST, ["new"]) => {
            let form = Fields::read(visitor, request).await?;
            sources::add(visit, request, &form).await
        }
        (&Method::GET, [id]) => source::show(visit, request, acts::parse(id)?, None, Wrong::default()).await,
        (&Method::GET, [id, "delete"]) => source::ask_deletion(visit, request, acts::parse(id)?).await,
        (&Method::GET, [id, "try"]) => trying::show(visit, request, acts::parse(id)?, None).await,
        (&Method::GET, [id, "letters"]) => letters::list(visit, request, acts::parse(id)?).await,
        (&Method::GET, [id, "letters", letter]) => {
            letters::show(visit, request, acts::parse(id)?, letter).await
        }
        (&Method::POST, [id, what @ ..]) => {
            let (id, form) = (acts::parse(id)?, Fields::read(visitor, request).await?);
            let back = format!("{HOME}/{id}");
            let waiting = format!("{back}/letters");
            match what {
                [] => source::save(visit, request, id, &form).await,
                ["try"] => trying::show(visit, request, id, Some(&form)).await,
                ["on"] => {
                    done(acts::command(visit, id, Command::SwitchOn).await, "webhooks-switched-on", &back)
                }
                ["off"] => {
                    done(acts::command(visit, id, Command::SwitchOff).await, "webhooks-switched-off", &back)
                }
                ["delete"] => done(acts::command(visit, id, Command::Delete).await, "webhooks-deleted", HOME),
                ["secrets"] => {
                    let added = acts::add_secret(visit, id, form.get("secret")).await;
                    done(added.map(drop), "webhooks-secret-added", &format!("{back}#secrets"))
                }
                ["secrets", secret, "remove"] => {
                    let removed = acts::remove_secret(visit, id, secret).await;
                    done(removed, "webhooks-secret-removed", &format!("{back}#secrets"))
                }
                ["letters", letter, "process"] => match acts::process(visit, id, letter).await {
                    Ok(outcome) => {
                        let news = Text::new(format!("webhooks-outcome-{}", outcome.slug()));
                        Ok(Flash::success(news).on(Response::redirect(&waiting)))
                    }
                    Err(e) => done(Err(e), "common-saved", &format!("{waiting}/{letter}")),
                },
                ["letters", letter, "drop"] => {
                    done(acts::drop_letter(visit, id, letter).await, "webhooks-letter-dropped", &waiting)
                }
                _ => Err(ApiError::not_found()),
            }
        }
        _ => Err(ApiError::no_route(request)),
    }
}

fn page<'a, W: World>(visit: &Visit<'_, W>, viewer: &'a Viewer, title: String) -> Page<'a> {
    Page::new(viewer, title).active("settings").crumb(visit.language().t("common-nav-settings"), "/settings")
}

/// A page about a source.
fn page_of<'a, W: World>(
    visit: &Visit<'_, W>,
    viewer: &'a Viewer,
    title: String,
    source: &mostek_helpdesk::webhooks::source::Source,
) -> Page<'a> {
    page(visit, viewer, title)
        .crumb(visit.language().t("webhooks-title"), HOME)
        .crumb(source.setup.name.to_string(), format!("{HOME}/{}", source.id))
}

/// The address of a source, as the shop must know it.
async fn address<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: mostek_domain::ConnectionId,
) -> Result<String, ApiError> {
    let set = visit.world.settings().get("public_url").await.map_err(ApiError::unavailable)?;
    let outside = set.map_or_else(
        || {
            let scheme = if request.is_https() { "https" } else { "http" };
            format!("{scheme}://{}", request.host().unwrap_or("localhost"))
        },
        |url| url.trim_end_matches('/').to_owned(),
    );
    Ok(format!("{outside}/webhooks/{id}"))
}

/// Goes back to a page with news of how it went: good, or what stands in the way. Faults of ours stay errors.
fn done(result: Result<(), ApiError>, success: impl Into<Text>, back: &str) -> Result<Response, ApiError> {
    match result {
        Ok(()) => Ok(Flash::success(success).on(Response::redirect(back))),
        Err(e) if is_theirs(&e) => Ok(Flash::new(Tone::Danger, e.message).on(Response::redirect(back))),
        Err(e) => Err(e),
    }
}

/// Whether an error is shown in the form it came from, and not on a page of its own.
fn is_theirs(e: &ApiError) -> bool {
    matches!(e.status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
}

/// Foreign text on one line, without what cannot be seen.
fn line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

/// What is wrong with a form, and with which field.
#[derive(Default)]
struct Wrong(Option<ApiError>);

impl Wrong {
    /// The sentence for a field, if that is the one.
    fn with(&self, field: &str) -> Option<&Text> {
        self.0.as_ref().filter(|e| e.field.as_deref() == Some(field)).map(|e| &e.message)
    }

    /// The sentence, whichever field it is about.
    fn sentence(&self) -> Option<&Text> {
        self.0.as_ref().map(|e| &e.message)
    }

    /// The status of a page that shows it.
    fn status(&self) -> StatusCode {
        self.0.as_ref().map_or(StatusCode::OK, |e| e.status)
    }
}
