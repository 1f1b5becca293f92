//! Talking to a connection's marketplace: opening its key, sending, what to tell about failures.

use crate::connection::{self, Connection};
use crate::error::Refusal;
use mostek_connectors::{Access, ApiKey, Call, Marketplace, Registry, RemoteError, RequestError};
use mostek_people::sealed::{self, SealError};
use mostek_ports::{HttpClient, World};

/// What a request needs, with the key opened.
///
/// # Errors
/// [`Refusal::NeedsAuthentication`] if the key was sealed by another installation; the store's.
pub async fn access<W: World>(world: &W, connection: &Connection) -> Result<Access, Refusal> {
    let secret =
        sealed::unseal(world, &connection.company, &connection::seal_purpose(connection.id), &connection.key)
            .await
            .map_err(|e| match e {
                SealError::EnterAgain | SealError::NotSetUp | SealError::Length => {
                    Refusal::NeedsAuthentication
                }
                SealError::Store(e) => Refusal::Store(e),
                SealError::Key | SealError::Settings(_) => Refusal::Settings(e.to_string()),
            })?;
    let key = ApiKey::parse(secret.expose()).map_err(|_| Refusal::NeedsAuthentication)?;
    Ok(Access { base: connection.base.clone(), shop: connection.shop_id, key })
}

/// The connector of a kind.
///
/// # Errors
/// [`Refusal::NotFound`] for a kind this program does not have.
pub fn marketplace(kind: &str) -> Result<&'static dyn Marketplace, Refusal> {
    Registry::default()
        .get(kind)
        .map(mostek_connectors::Kind::marketplace)
        .ok_or(Refusal::NotFound("marketplace"))
}

/// Sends one request and reads its answer.
///
/// # Errors
/// [`RemoteError`]; a request that cannot be built counts as refused.
pub async fn send<W: World, T>(world: &W, call: Result<Call<T>, RequestError>) -> Result<T, RemoteError> {
    let (request, reader) =
        call.map_err(|e| RemoteError::Rejected { status: 400, message: Some(e.to_string()) })?.into_parts();
    reader.read(world.http().send(request).await)
}
