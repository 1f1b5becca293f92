//! Files of tickets handed out: the marketplace's as they come, our own from the store. Always to be saved, never shown.

use crate::refusal::refused;
use crate::visit::Visit;
use bytes::Bytes;
use futures::future::LocalBoxFuture;
use http::{StatusCode, header};
use mostek_domain::TicketId;
use mostek_helpdesk::{download, view};
use mostek_ports::{ByteStream, ReadError, World};
use mostek_store::Blob;
use mostek_web::{ApiError, Body, Response, Text};

/// The longest file whose size the marketplace did not tell: what one message may carry.
const LONGEST: u64 = 30 * 1024 * 1024;

/// A file of a marketplace's message.
///
/// # Errors
/// 404, 409 if the connection has no working key, 502 with the marketplace's reason; the store's.
pub(crate) async fn remote<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    slot: &str,
    file: &str,
) -> Result<Response, ApiError> {
    let slot = slot.parse().map_err(|_| ApiError::not_found())?;
    let (file, connection) =
        view::remote_file(visit.world, visit.company(), ticket, slot, file).await.map_err(refused)?;
    let limit = if file.size > 0 { file.size.min(LONGEST) } else { LONGEST };
    let answer = download::open(visit.world, &connection, &file.id).await.map_err(refused)?;
    let length: Option<u64> = answer
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.trim().parse().ok());
    if length.is_some_and(|n| n > limit) {
        let text = Text::new("helpdesk-file-longer").with("limit", mostek_web::time::size(limit));
        return Err(ApiError::new(StatusCode::BAD_GATEWAY, "marketplace", text));
    }
    let body = Capped { inner: answer.body, left: limit, limit };
    Ok(Response::attachment(&file.name, Body::Stream(Box::new(body)), length))
}

/// A file of one of our replies.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn own<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    slot: &str,
    index: &str,
) -> Result<Response, ApiError> {
    let (Ok(slot), Ok(index)) = (slot.parse(), index.parse()) else { return Err(ApiError::not_found()) };
    let file = view::own_file(visit.world, visit.company(), ticket, slot, index).await.map_err(refused)?;
    let content = Blob::read(visit.world.kv(), &file.blob).await?;
    Ok(Response::attachment(&file.name, Body::Bytes(Bytes::from(content)), None))
}

/// A stream that breaks off past a number of bytes.
struct Capped {
    inner: Box<dyn ByteStream>,
    left: u64,
    limit: u64,
}

impl ByteStream for Capped {
    fn next(&mut self) -> LocalBoxFuture<'_, Option<Result<Bytes, ReadError>>> {
        Box::pin(async move {
            let piece = self.inner.next().await?;
            Some(piece.and_then(|bytes| match self.left.checked_sub(bytes.len() as u64) {
                Some(left) => {
                    self.left = left;
                    Ok(bytes)
                }
                None => Err(ReadError::TooLarge { limit: usize::try_from(self.limit).unwrap_or(usize::MAX) }),
            }))
        })
    }
}
