//! `POST /webhooks/{id}`: a shop's request. Answered only after what is to be kept is stored.

use http::{Method, StatusCode};
use mostek_helpdesk::webhooks::effect::Outcome;
use mostek_helpdesk::webhooks::receive::{self, BODY_LIMIT, Refused};
use mostek_ports::World;
use mostek_web::{ApiError, Request, Response, body};
use serde_json::json;

/// Takes a request.
///
/// # Errors
/// 404 for an address that nothing is said about; 413; 401 for a wrong signature; 400 for a right one that is too old; 503 for
/// what is ours to mend, so that the sender comes again.
pub(crate) async fn route<W: World>(
    world: &W,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let [id] = rest else { return Err(ApiError::not_found()) };
    // The same answer to every method, so that nobody can tell addresses apart by it.
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed("POST"));
    }
    let source = receive::source(world, id).await?.ok_or_else(ApiError::not_found)?;
    let body = body::whole(request, BODY_LIMIT).await?;
    let outcome = receive::receive(world, &source, &request.headers, &body).await.map_err(refused)?;
    let status = if outcome == Outcome::Kept { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok(Response::json(&json!({ "result": outcome.slug() })).status(status))
}

fn refused(refused: Refused) -> ApiError {
    match refused {
        Refused::Signature(e) if e.is_about_time() => ApiError::bad_request("webhooks-wrong-moment"),
        Refused::Signature(_) => {
            ApiError::new(StatusCode::UNAUTHORIZED, "wrong-signature", "webhooks-wrong-signature")
        }
        Refused::Off => ApiError::unavailable("the source is switched off"),
        Refused::NotNow(why) => ApiError::unavailable(why),
        Refused::Store(e) => e.into(),
    }
}
