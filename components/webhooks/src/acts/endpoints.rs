//! What an administrator does to endpoints, each with its entry in the audit journal; the same from a page and from the API.

use crate::input::{ReadEndpoint, TypedEndpoint};
use crate::refusal::refused;
use crate::visit::Visit;
use mostek_domain::{DeliveryId, WebhookId};
use mostek_helpdesk::webhooks::deliver::{self, Line};
use mostek_helpdesk::webhooks::endpoint::{self, Endpoint, Setup};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::{ApiError, Text};

/// Reads an endpoint's id.
///
/// # Errors
/// 404.
pub(crate) fn parse(text: &str) -> Result<WebhookId, ApiError> {
    WebhookId::parse(text).map_err(|_| ApiError::not_found())
}

/// Reads a delivery's id.
///
/// # Errors
/// 404.
pub(crate) fn delivery(text: &str) -> Result<DeliveryId, ApiError> {
    DeliveryId::parse(text).map_err(|_| ApiError::not_found())
}

/// An endpoint with how much waits for it.
pub(crate) struct Shown {
    pub endpoint: Endpoint,
    pub waiting: usize,
}

/// The company's endpoints, by address.
///
/// # Errors
/// The store's.
pub(crate) async fn all<W: World>(visit: &Visit<'_, W>) -> Result<Vec<Shown>, ApiError> {
    let outbox = deliver::waiting(visit.world).await?;
    let ours = endpoint::of_company(visit.world, visit.company()).await?;
    Ok(ours.into_iter().map(|e| Shown { waiting: outbox.waiting(e.id), endpoint: e }).collect())
}

/// One of them.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn one<W: World>(visit: &Visit<'_, W>, id: WebhookId) -> Result<Shown, ApiError> {
    let endpoint = endpoint::one(visit.world, visit.company(), id).await.map_err(refused)?;
    let outbox = deliver::waiting(visit.world).await?;
    Ok(Shown { waiting: outbox.waiting(id), endpoint })
}

/// The last attempts of one of them.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn lines<W: World>(visit: &Visit<'_, W>, id: WebhookId) -> Result<Vec<Line>, ApiError> {
    deliver::lines(visit.world, visit.company(), id).await.map_err(refused)
}

async fn setup<W: World>(visit: &Visit<'_, W>, typed: &TypedEndpoint) -> Result<Setup, ApiError> {
    let address = endpoint::address(visit.world, &typed.address).await.map_err(refused)?;
    let address =
        address.map_err(|e| ApiError::bad_field("address", Text::new(format!("webhooks-{}", e.slug()))))?;
    Ok(Setup { address, events: typed.events()?, active: typed.active })
}

/// The address without what may be a secret in it.
fn shown_address(setup: &Setup) -> String {
    let url = setup.address.url();
    format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

/// Adds an endpoint. Gives its id and its secret.
///
/// # Errors
/// 422 with the field; 409 if there are too many; the store's.
pub(crate) async fn add<W: World>(
    visit: &Visit<'_, W>,
    typed: &TypedEndpoint,
) -> Result<(WebhookId, String), ApiError> {
    let setup = setup(visit, typed).await?;
    let address = shown_address(&setup);
    let (id, secret) =
        endpoint::add(visit.world, visit.company(), visit.actor(), setup).await.map_err(refused)?;
    visit.audit(Act::new("endpoint-added", "webhook", id).detail("address", address)).await;
    Ok((id, secret))
}

/// Changes an endpoint.
///
/// # Errors
/// 404; 422 with the field; the store's.
pub(crate) async fn change<W: World>(
    visit: &Visit<'_, W>,
    id: WebhookId,
    typed: &TypedEndpoint,
) -> Result<(), ApiError> {
    let setup = setup(visit, typed).await?;
    let act = Act::new("endpoint-changed", "webhook", id)
        .detail("address", shown_address(&setup))
        .detail("active", setup.active);
    endpoint::change(visit.world, visit.company(), visit.actor(), id, setup).await.map_err(refused)?;
    visit.audit(act).await;
    Ok(())
}

/// Gives an endpoint a new secret.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn renew<W: World>(visit: &Visit<'_, W>, id: WebhookId) -> Result<String, ApiError> {
    let secret =
        endpoint::renew_secret(visit.world, visit.company(), visit.actor(), id).await.map_err(refused)?;
    visit.audit(Act::new("webhook-secret-added", "webhook", id)).await;
    Ok(secret)
}

/// Deletes an endpoint.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn delete<W: World>(visit: &Visit<'_, W>, id: WebhookId) -> Result<(), ApiError> {
    endpoint::delete(visit.world, visit.company(), visit.actor(), id).await.map_err(refused)?;
    visit.audit(Act::new("endpoint-deleted", "webhook", id)).await;
    Ok(())
}

/// Sends a message to try an endpoint.
///
/// # Errors
/// 404; 422 if it is not told of anything; the store's.
pub(crate) async fn test<W: World>(visit: &Visit<'_, W>, id: WebhookId) -> Result<DeliveryId, ApiError> {
    let sent = deliver::test(visit.world, visit.company(), visit.actor(), id).await.map_err(refused)?;
    visit.audit(Act::new("endpoint-tested", "webhook", id)).await;
    Ok(sent)
}

/// Sends a message once more.
///
/// # Errors
/// 404; 422 if the endpoint is not told of anything; the store's.
pub(crate) async fn again<W: World>(
    visit: &Visit<'_, W>,
    id: WebhookId,
    delivery: DeliveryId,
) -> Result<(), ApiError> {
    deliver::again(visit.world, visit.company(), visit.actor(), id, delivery).await.map_err(refused)?;
    visit.audit(Act::new("delivery-repeated", "webhook", id).detail("delivery", delivery)).await;
    Ok(())
}
