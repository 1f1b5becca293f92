//! Answers to shops that send webhooks: handed to an address of the shop's own, signed like all our webhooks.
//!
//! Unlike a marketplace's API this one has an idempotency key: the message's id, which is the same at every attempt. So an
//! answer that may have arrived is simply sent again, and only a refusal is a person's to decide about.

use super::deliver::{Attempted, Line, WHY_CHARS, signed};
use super::endpoint::{self, Endpoint};
use super::{feed, source};
use crate::error::Refusal;
use crate::ticket::{Opened, Outcome, Reply};
use futures::future::try_join;
use http::header;
use mostek_connectors::RemoteError;
use mostek_domain::reason::{Code, Reason};
use mostek_domain::retry::Backoff;
use mostek_domain::{CompanyId, ConnectionId, DeliveryId, TicketId};
use mostek_ports::{Clock, HttpClient, OutgoingRequest, Random, StoreError, World};
use mostek_webhooks::plan::{self, Answer};
use serde_json::json;

/// The type in the payload.
pub const KIND: &str = "ticket.answer";
/// After this many failed attempts in a row a person is asked.
const ATTEMPTS: u32 = 12;

/// The address that takes answers to a source's tickets; `None` if the source has none, or it is switched off.
///
/// # Errors
/// The store's.
pub async fn way<W: World>(
    world: &W,
    company: CompanyId,
    source: ConnectionId,
) -> Result<Option<Endpoint>, StoreError> {
    let (sources, endpoints) = try_join(source::read(world), endpoint::read(world)).await?;
    let source = sources.state.all.get(&source).filter(|s| s.company == company);
    let endpoint = source.and_then(|s| s.setup.answers).and_then(|id| endpoints.state.all.get(&id));
    Ok(endpoint.filter(|e| e.company == company && e.is_active()).cloned())
}

/// Why there is no [`way`].
///
/// # Errors
/// The store's.
pub(crate) async fn missing<W: World>(
    world: &W,
    company: CompanyId,
    source: ConnectionId,
) -> Result<Reason, StoreError> {
    let sources = source::read(world).await?;
    let source = sources.state.all.get(&source).filter(|s| s.company == company);
    Ok(match source.map(|s| s.setup.answers) {
        None => Reason::known(Code::ConnectionDeleted, "the connection was deleted"),
        Some(None) => Reason::known(Code::NoAddress, "the source has no address that takes answers"),
        Some(Some(_)) => {
            Reason::known(Code::AddressOff, "the address that takes answers is switched off or deleted")
        }
    })
}

fn message_id(reply: &Reply) -> String {
    format!("msg_{}", reply.id)
}

/// The request that hands an answer over, or why there can be none.
///
/// # Errors
/// The store's and the settings'.
pub(crate) async fn prepare<W: World>(
    world: &W,
    way: &Endpoint,
    ticket: TicketId,
    opened: &Opened,
    reply: &Reply,
    text: &str,
) -> Result<Result<OutgoingRequest, String>, Refusal> {
    let data = json!({
        "ticket": { "id": ticket, "number": opened.number, "subject": opened.subject },
        "conversation": opened.thread,
        "order": opened.order,
        "customer": { "id": opened.customer.remote_id, "name": opened.customer.name },
        "reply": { "id": reply.id, "to": reply.to.slug(), "text": text },
    });
    // Dated with the moment it was written, so that every attempt has the same body.
    let body = feed::payload(KIND, reply.at, &data);
    signed(world, way, &message_id(reply), body).await
}

/// Hands an answer over and says what came of it, to the ticket and to the endpoint's log.
pub(crate) async fn send<'a, W: World>(
    world: &W,
    way: &'a Endpoint,
    request: Result<OutgoingRequest, String>,
    reply: &Reply,
) -> (Outcome, Attempted<'a>) {
    let (at, began) = (world.clock().now(), world.clock().monotonic());
    let again = |why: Reason, wish| {
        if reply.failures >= ATTEMPTS {
            return Outcome::Refused { why };
        }
        let wait = Backoff::SEND.wait(reply.failures.saturating_add(1), world.random().u64(), wish);
        Outcome::NotSent { why, due: world.clock().now().plus(wait) }
    };
    let answer = match request {
        // Only the answer's head is of interest.
        Ok(request) => world.http().open(request).await.map_err(|e| Reason::from(&RemoteError::from(e))),
        Err(why) => Err(Reason::known(Code::AddressUnusable, why)),
    };
    let took = world.clock().monotonic().saturating_sub(began);
    let (outcome, said, gone) = match answer {
        Err(why) => {
            let said = why.why.clone();
            (again(why, None), said, false)
        }
        Ok(answer) => {
            let (result, status) = (Answer::of(answer.status), answer.status.as_u16());
            let code = match status {
                429 => Code::Throttled,
                300..400 => Code::Elsewhere,
                400..500 if status != 408 => Code::Rejected,
                _ => Code::Unavailable,
            };
            let why = Reason { status: Some(status), ..Reason::known(code, format!("HTTP {status}")) };
            let outcome = match result {
                Answer::Taken => Outcome::Sent { message: message_id(reply) },
                // The same request would be refused again.
                Answer::Gone => Outcome::Refused { why },
                Answer::Failed if matches!(status, 400..500) && !matches!(status, 408 | 425 | 429) => {
                    Outcome::Refused { why }
                }
                Answer::Failed => {
                    let wish = answer.headers.get(header::RETRY_AFTER).and_then(|v| v.to_str().ok());
                    again(why, wish.and_then(plan::retry_after))
                }
            };
            (outcome, status.to_string(), result == Answer::Gone)
        }
    };
    let line = Line {
        at,
        // The id under which it is sent.
        delivery: DeliveryId::from_random(reply.id.to_bytes()),
        kind: KIND.to_owned(),
        attempt: reply.failures.saturating_add(1),
        taken: matches!(outcome, Outcome::Sent { .. }),
        answer: said.chars().take(WHY_CHARS).collect(),
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        settled: !matches!(outcome, Outcome::NotSent { .. }),
    };
    (outcome, Attempted { endpoint: way, line, gone })
}
