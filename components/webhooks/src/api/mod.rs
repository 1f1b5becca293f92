//! `/api/v1/webhooks`: sources and what they sent, for administrators.

mod endpoints;

use crate::acts::{self, Shown, Tried};
use crate::input::{self, TypedSource};
use crate::refusal::refused;
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_domain::Timestamp;
use mostek_helpdesk::webhooks::effect::{Preview, PreviewCustomer};
use mostek_helpdesk::webhooks::letters::{self, Letter};
use mostek_helpdesk::webhooks::receive::BODY_LIMIT;
use mostek_helpdesk::webhooks::source::Command;
use mostek_ports::World;
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::{ApiError, Request, Response, Speak, time};
use mostek_webhooks::{Mapped, Scheme, presets};
use serde::Deserialize;
use serde_json::{Value, json};

/// What comes in as JSON to be tried: a body within JSON may be longer than itself.
const TRY_LIMIT: usize = 2 * BODY_LIMIT;

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let all = acts::all(visit).await?;
            let rows: Vec<Value> = all.iter().map(row).collect();
            Ok(Response::json(&json!({ "data": rows, "next": null })))
        }
        (&Method::POST, []) => {
            let typed: TypedSource = body::json(request, JSON_LIMIT).await?;
            let id = acts::add(visit, &typed).await?;
            let made = json!({ "id": id, "path": format!("/webhooks/{id}") });
            Ok(Response::json(&made).status(StatusCode::CREATED))
        }
        (&Method::GET, ["schemes"]) => {
            let scheme = |s: Scheme| json!({ "scheme": s, "name": s.name(), "mapping": presets::of(s) });
            let all: Vec<Value> = Scheme::ALL.into_iter().map(scheme).collect();
            Ok(Response::json(&json!({ "data": all, "next": null })))
        }
        (_, ["endpoints", rest @ ..]) => endpoints::route(visit, request, rest).await,
        (_, []) => Err(ApiError::method_not_allowed("GET, POST")),
        (_, ["schemes"]) => Err(ApiError::method_not_allowed("GET")),
        (_, [id, rest @ ..]) => one(visit, request, id, rest).await,
    }
}

#[derive(Deserialize)]
struct NewSecret {
    secret: String,
}

async fn one<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    id: &str,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let id = acts::parse(id)?;
    match (&request.method, rest) {
        (&Method::GET, []) => Ok(Response::json(&row(&acts::one(visit, id).await?))),
        (&Method::PUT, []) => {
            let typed: TypedSource = body::json(request, JSON_LIMIT).await?;
            acts::save(visit, id, &typed, None).await?;
            Ok(Response::no_content())
        }
        (&Method::DELETE, []) => {
            acts::command(visit, id, Command::Delete).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, ["on"]) => {
            acts::command(visit, id, Command::SwitchOn).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, ["off"]) => {
            acts::command(visit, id, Command::SwitchOff).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, ["secrets"]) => {
            let new: NewSecret = body::json(request, JSON_LIMIT).await?;
            acts::add_secret(visit, id, &new.secret).await?;
            Ok(Response::no_content().status(StatusCode::CREATED))
        }
        (&Method::DELETE, ["secrets", secret]) => {
            acts::remove_secret(visit, id, secret).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, ["try"]) => try_out(visit, request, id).await,
        (&Method::GET, ["letters"]) => {
            acts::one(visit, id).await?;
            let waiting = letters::waiting(visit.world, id).await?;
            let rows: Vec<Value> = waiting.iter().map(letter_row).collect();
            Ok(Response::json(&json!({ "data": rows, "next": null })))
        }
        (&Method::GET, ["letters", letter]) => {
            let opened = letters::open(visit.world, visit.company(), id, letter).await.map_err(refused)?;
            let mut row = letter_row(&opened.letter);
            if let Some(row) = row.as_object_mut() {
                row.insert("body".into(), opened.body.into());
            }
            Ok(Response::json(&row))
        }
        (&Method::POST, ["letters", letter, "process"]) => {
            let outcome = acts::process(visit, id, letter).await?;
            Ok(Response::json(&json!({ "result": outcome.slug() })))
        }
        (&Method::DELETE, ["letters", letter]) => {
            acts::drop_letter(visit, id, letter).await?;
            Ok(Response::no_content())
        }
        (_, []) => Err(ApiError::method_not_allowed("GET, PUT, DELETE")),
        (_, ["on" | "off" | "secrets" | "try"] | ["letters", _, "process"]) => {
            Err(ApiError::method_not_allowed("POST"))
        }
        (_, ["secrets", _]) => Err(ApiError::method_not_allowed("DELETE")),
        (_, ["letters"]) => Err(ApiError::method_not_allowed("GET")),
        (_, ["letters", _]) => Err(ApiError::method_not_allowed("GET, DELETE")),
        _ => Err(ApiError::not_found()),
    }
}

fn row(shown: &Shown) -> Value {
    let s = &shown.source;
    let secret = |k: &mostek_helpdesk::webhooks::source::SourceSecret| json!({ "id": k.id, "set_at": time::iso(k.sealed.at()), "ends_in": k.sealed.tail() });
    json!({
        "id": s.id,
        "path": format!("/webhooks/{}", s.id),
        "name": s.setup.name,
        "scheme": s.setup.scheme,
        "queue": s.setup.queue,
        "category": s.setup.category,
        "field": s.setup.field,
        "add_customers": s.setup.add_customers,
        "answers": s.setup.answers,
        "mapping": s.setup.mapping,
        "secrets": s.secrets.iter().map(secret).collect::<Vec<_>>(),
        "state": if s.is_on { "on" } else { "off" },
        "added_at": time::iso(s.added_at),
        "last_taken": shown.last.as_ref().map(|l| json!({ "at": time::iso(l.at), "type": l.event_type })),
        "taken": shown.last.as_ref().map_or(0, |l| l.count),
        "letters": shown.letters,
    })
}

fn letter_row(l: &Letter) -> Value {
    json!({ "id": l.id, "at": time::iso(l.at), "reason": l.reason, "type": l.event_type, "bytes": l.bytes })
}

#[derive(Deserialize)]
struct Try {
    /// The body as a text, or as JSON.
    body: Value,
    /// The type that the scheme's header would give.
    #[serde(default)]
    event_type: Option<String>,
    /// A mapping to try instead of the one that is set.
    #[serde(default)]
    mapping: Option<Value>,
}

async fn try_out<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    id: mostek_domain::ConnectionId,
) -> Result<Response, ApiError> {
    let sent: Try = body::json(request, TRY_LIMIT).await?;
    let mut source = acts::one(visit, id).await?.source;
    if let Some(mapping) = &sent.mapping {
        source.setup.mapping = input::json_mapping(mapping)?;
    }
    let body = match &sent.body {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let tried = acts::try_out(visit, &source, sent.event_type.as_deref(), &body).await?;
    Ok(Response::json(&match tried {
        Tried::Not(why) => json!({
            "understood": false,
            "reason": why,
            "sentence": visit.language().say(&acts::unreadable(why)),
        }),
        Tried::Understood(mapped, preview) => json!({
            "understood": true,
            "event": event(&mapped),
            "effect": effect(&preview),
        }),
    }))
}

fn event(m: &Mapped) -> Value {
    json!({
        "becomes": m.becomes, "type": m.event_type, "id": m.event_id, "at": m.at.map(|t: Timestamp| time::iso(t)),
        "customer_id": m.customer_id, "customer_name": m.customer_name, "customer_email": m.customer_email,
        "text": m.text, "subject": m.subject, "order": m.order, "conversation": m.conversation,
        "link": m.link.as_ref().map(ToString::to_string),
    })
}

fn effect(preview: &Preview) -> Value {
    match preview {
        Preview::Nothing => json!({ "kind": "nothing" }),
        Preview::Message { joins, .. } => json!({ "kind": "message", "joins": joins }),
        Preview::Entry { event, customer } => json!({
            "kind": "entry",
            "title": event.title,
            "customer": match customer {
                PreviewCustomer::Found(_) => "found",
                PreviewCustomer::Added => "added",
                PreviewCustomer::Outside => "outside",
            },
        }),
    }
}
