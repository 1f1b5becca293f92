//! `/api/v1/webhooks`: sources and what they sent. Which operations there are, who may call them, and what is sent and
//! answered is declared in `mostek_api`.

mod endpoints;
mod words;

use crate::acts::{self, Shown, Tried};
use crate::input::{ReadMapping, TypedSource};
use crate::refusal::refused;
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_api::webhooks as wire;
use mostek_domain::ConnectionId;
use mostek_helpdesk::webhooks::letters::{self, Letter};
use mostek_helpdesk::webhooks::receive::BODY_LIMIT;
use mostek_helpdesk::webhooks::source::{Command, SourceSecret};
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::paging::{PageRequest, listed};
use mostek_web::{ApiError, Request, Response, Speak, time};
use mostek_webhooks::{Scheme, presets};
use serde_json::Value;

/// What comes in as JSON to be tried: a body within JSON may be longer than itself.
const TRY_LIMIT: usize = 2 * BODY_LIMIT;
/// Sources and letters on one page.
const PAGE: usize = 50;

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => list(visit, request).await,
        (&Method::POST, []) => {
            let typed: TypedSource = body::json(request, JSON_LIMIT).await?;
            let id = acts::add(visit, &typed).await?;
            let added = wire::AddedSource { id, path: path(id) };
            Ok(Response::created(&added, &format!("/api/v1/webhooks/{id}")))
        }
        (&Method::GET, ["schemes"]) => {
            let preset = |s: Scheme| wire::SchemePreset {
                scheme: words::scheme(s),
                name: s.name().to_owned(),
                mapping: words::mapping(&presets::of(s)),
            };
            Ok(Response::json(&listed(Scheme::ALL.map(preset).into(), None)))
        }
        // What is of a source is looked at first: `endpoints` in its place is no source, and that is 404.
        (_, [id, "on" | "off" | "secrets" | "try" | "letters"] | [id, "secrets" | "letters", _]) => {
            one(visit, request, acts::parse(id)?, rest).await
        }
        (_, [id, "letters", _, "process"]) => one(visit, request, acts::parse(id)?, rest).await,
        (_, ["endpoints", rest @ ..]) => endpoints::route(visit, request, rest).await,
        (_, [id]) => one(visit, request, acts::parse(id)?, rest).await,
        _ => Err(ApiError::unrouted()),
    }
}

async fn list<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let asked = PageRequest::of(request, PAGE, PAGE)?;
    let (shown, next) = acts::page(visit, asked.after.as_deref(), asked.limit).await?;
    Ok(Response::json(&listed(shown.iter().map(row).collect(), next.as_deref())))
}

async fn one<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    id: ConnectionId,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, [_]) => Ok(Response::json(&row(&acts::one(visit, id).await?))),
        (&Method::PUT, [_]) => {
            let typed: TypedSource = body::json(request, JSON_LIMIT).await?;
            acts::save(visit, id, &typed, None).await?;
            Ok(Response::no_content())
        }
        (&Method::DELETE, [_]) => {
            acts::command(visit, id, Command::Delete).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, [_, "on"]) => {
            acts::command(visit, id, Command::SwitchOn).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, [_, "off"]) => {
            acts::command(visit, id, Command::SwitchOff).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, [_, "secrets"]) => {
            let new: wire::NewWebhookSecret = body::json(request, JSON_LIMIT).await?;
            let id = acts::add_secret(visit, id, &new.secret).await?;
            Ok(Response::json(&wire::AddedWebhookSecret { id }).status(StatusCode::CREATED))
        }
        (&Method::DELETE, [_, "secrets", secret]) => {
            acts::remove_secret(visit, id, secret).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, [_, "try"]) => try_out(visit, request, id).await,
        (&Method::GET, [_, "letters"]) => letters_of(visit, request, id).await,
        (&Method::GET, [_, "letters", letter]) => {
            let opened = letters::open(visit.world, visit.company(), id, letter).await.map_err(refused)?;
            let opened = wire::OpenedLetter { letter: letter_row(&opened.letter), body: opened.body };
            Ok(Response::json(&opened))
        }
        (&Method::POST, [_, "letters", letter, "process"]) => {
            let outcome = acts::process(visit, id, letter).await?;
            Ok(Response::json(&wire::ProcessedLetter { result: words::outcome(outcome) }))
        }
        (&Method::DELETE, [_, "letters", letter]) => {
            acts::drop_letter(visit, id, letter).await?;
            Ok(Response::no_content())
        }
        _ => Err(ApiError::unrouted()),
    }
}

/// Where a shop sends to.
fn path(id: ConnectionId) -> String {
    format!("/webhooks/{id}")
}

fn row(shown: &Shown) -> wire::WebhookSource {
    let s = &shown.source;
    let secret = |k: &SourceSecret| wire::SourceSecret {
        id: k.id.clone(),
        set_at: time::moment(k.sealed.at()),
        ends_in: k.sealed.tail().map(str::to_owned),
    };
    wire::WebhookSource {
        id: s.id,
        path: path(s.id),
        name: s.setup.name.to_string(),
        scheme: words::scheme(s.setup.scheme),
        queue: s.setup.queue,
        category: s.setup.category,
        field: s.setup.field,
        add_customers: s.setup.add_customers,
        answers: s.setup.answers,
        mapping: words::mapping(&s.setup.mapping),
        secrets: s.secrets.iter().map(secret).collect(),
        state: if s.is_on { wire::SourceState::On } else { wire::SourceState::Off },
        added_at: time::moment(s.added_at),
        last_taken: shown
            .last
            .as_ref()
            .map(|l| wire::TakenEvent { at: time::moment(l.at), event_type: l.event_type.clone() }),
        taken: shown.last.as_ref().map_or(0, |l| l.count),
        letters: shown.letters,
    }
}

async fn letters_of<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
) -> Result<Response, ApiError> {
    let asked = PageRequest::of(request, PAGE, PAGE)?;
    let after = asked.after.map(|text| text.parse::<u64>()).transpose();
    let after = after.map_err(|_| ApiError::bad_field("after", "errors-bad-cursor"))?;
    acts::one(visit, id).await?;
    // Latest first: those behind a letter came before it, whether or not it still waits.
    let mut waiting = letters::waiting(visit.world, id).await?;
    waiting.retain(|l| after.is_none_or(|slot| l.slot() < slot));
    let more = waiting.len() > asked.limit;
    waiting.truncate(asked.limit);
    let next = waiting.last().filter(|_| more).map(|l| l.slot().to_string());
    Ok(Response::json(&listed(waiting.iter().map(letter_row).collect(), next.as_deref())))
}

fn letter_row(l: &Letter) -> wire::WebhookLetter {
    wire::WebhookLetter {
        id: l.id.clone(),
        at: time::moment(l.at),
        reason: words::unreadable(l.reason),
        event_type: l.event_type.clone(),
        bytes: l.bytes,
    }
}

async fn try_out<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    id: ConnectionId,
) -> Result<Response, ApiError> {
    let sent: wire::TryEvent = body::json(request, TRY_LIMIT).await?;
    let mut source = acts::one(visit, id).await?.source;
    if let Some(mapping) = &sent.mapping {
        source.setup.mapping = mapping.read()?;
    }
    let body = match &sent.body {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let tried = acts::try_out(visit, &source, sent.event_type.as_deref(), &body).await?;
    Ok(Response::json(&match tried {
        Tried::Not(why) => wire::TriedEvent {
            understood: false,
            reason: Some(words::unreadable(why)),
            sentence: Some(visit.language().say(&acts::unreadable(why))),
            event: None,
            effect: None,
        },
        Tried::Understood(mapped, preview) => wire::TriedEvent {
            understood: true,
            reason: None,
            sentence: None,
            event: Some(words::event(&mapped)),
            effect: Some(words::effect(&preview)),
        },
    }))
}
