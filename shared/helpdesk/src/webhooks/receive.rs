//! A request of a shop (W1, W2): checked, understood, and either stored with its effect or kept for a person, before it is
//! answered.

use super::effect::{self, Identity, Outcome};
use super::letters;
use super::source::{self, Source};
use crate::error::Refusal;
use http::HeaderMap;
use mostek_domain::ConnectionId;
use mostek_ports::{Clock, Level, Log, StoreError, World};
use mostek_webhooks::signature;
use thiserror::Error;

/// The longest body in bytes.
pub const BODY_LIMIT: usize = 1 << 20;

/// Why a request is not taken.
#[derive(Debug, Error)]
pub enum Refused {
    /// The source is switched off.
    #[error("the source is switched off")]
    Off,
    /// It is not signed as it should be.
    #[error(transparent)]
    Signature(#[from] signature::Refused),
    /// None of the source's secrets can be opened, or too much waits for a person: ours to mend, so the sender comes again.
    #[error("it cannot be taken at the moment: {0}")]
    NotNow(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The source that a path names; `None` if there is none.
///
/// # Errors
/// The store's.
pub async fn source<W: World>(world: &W, id: &str) -> Result<Option<Source>, StoreError> {
    let Ok(id) = ConnectionId::parse(id) else { return Ok(None) };
    Ok(source::read(world).await?.state.all.remove(&id))
}

/// Takes a request. In the ordinary case a message that joins a ticket is three writes of the store, one that opens a ticket
/// four (a number is taken too) or, if the customer has a record, five, an entry of a time line two; an event that was there
/// before, or is ignored, none. A customer who is added costs two more than the four or the two, and one more for their
/// address.
/// One that has no effect and carries no signed moment costs one, so that it is known again.
///
/// # Errors
/// [`Refused`]; nothing was changed then, or after [`Refused::Store`] perhaps everything, and sending it again is safe.
pub async fn receive<W: World>(
    world: &W,
    source: &Source,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Outcome, Refused> {
    if !source.is_on {
        return Err(Refused::Off);
    }
    let scheme = source.setup.scheme;
    if scheme.is_greeting(headers, body) {
        return Ok(Outcome::Greeting);
    }
    let secrets = source.open(world).await.map_err(not_now)?;
    let moment = match signature::verify(scheme, &secrets, headers, body, world.clock().now()) {
        Ok(verified) => verified.sent_at,
        Err(e) => {
            world.log().write(Level::Warning, &format!("a webhook of {} was refused: {e}", source.id));
            return Err(e.into());
        }
    };
    let header_type = scheme.event_type(headers);
    let typed_by_header = scheme.type_header().is_some();
    match source.setup.mapping.read(typed_by_header, header_type.as_deref(), body) {
        Ok(mapped) => {
            let identity = Identity::of(scheme, headers, Some(&mapped), body, moment);
            Ok(effect::apply(world, source, &identity, &mapped).await?)
        }
        Err(why) => {
            let identity = Identity::of(scheme, headers, None, body, moment);
            letters::keep(world, source, &identity, headers, why, body).await.map_err(not_now)
        }
    }
}

fn not_now(refusal: Refusal) -> Refused {
    match refusal {
        Refusal::Store(e) => Refused::Store(e),
        other => Refused::NotNow(other.to_string()),
    }
}
