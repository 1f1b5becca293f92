//! Files of messages, handed through from the marketplace without being kept (H6).

use crate::connection::Connection;
use crate::error::Refusal;
use crate::remote;
use mostek_ports::{HttpClient, StreamedResponse, World};

/// Opens a file at the marketplace; its body is passed on as it comes. Type and name headers of the answer are not to be
/// trusted.
///
/// # Errors
/// [`Refusal::Remote`] in the protocol's words, [`Refusal::NeedsAuthentication`]; the store's.
pub async fn open<W: World>(
    world: &W,
    connection: &Connection,
    file: &str,
) -> Result<StreamedResponse, Refusal> {
    let access = remote::access(world, connection).await?;
    let call = remote::marketplace(&connection.kind)?
        .attachment(&access, file)
        .map_err(|e| Refusal::Remote(e.to_string()))?;
    let (request, reader) = call.into_parts();
    let answer = world.http().open(request).await.map_err(|e| Refusal::Remote(e.to_string()))?;
    reader.check_head(answer.status, &answer.headers).map_err(|e| Refusal::Remote(e.to_string()))?;
    Ok(answer)
}
