//! Files of messages, handed through from the marketplace without being kept (H6).

use crate::connection::Connection;
use crate::error::Refusal;
use crate::remote;
use mostek_connectors::RemoteError;
use mostek_domain::reason::{Code, Reason};
use mostek_ports::{HttpClient, StreamedResponse, World};

/// Opens a file at the marketplace; its body is passed on as it comes. Type and name headers of the answer are not to be
/// trusted.
///
/// # Errors
/// [`Refusal::Remote`], [`Refusal::NeedsAuthentication`]; the store's.
pub async fn open<W: World>(
    world: &W,
    connection: &Connection,
    file: &str,
) -> Result<StreamedResponse, Refusal> {
    let access = remote::access(world, connection).await?;
    let call = remote::marketplace(&connection.kind)?
        .attachment(&access, file)
        .map_err(|e| Refusal::Remote(Reason::known(Code::Rejected, e.to_string())))?;
    let (request, reader) = call.into_parts();
    let failed = |e: RemoteError| Refusal::Remote((&e).into());
    let answer = world.http().open(request).await.map_err(|e| failed(e.into()))?;
    reader.check_head(answer.status, &answer.headers).map_err(failed)?;
    Ok(answer)
}
