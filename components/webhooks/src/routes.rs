//! Which path is answered by what, and who may ask. Of the API both are declared in `mostek_api`; here it is only handed on.

use crate::visit::Visit;
use crate::{api, pages, taking};
use http::{HeaderValue, header};
use mostek_people::gate::{self, Visitor};
use mostek_ports::World;
use mostek_web::{ApiError, Frame, Request, Response, edge, pieces};

/// Answers a request.
pub(crate) async fn answer<W: World>(world: &W, request: &mut Request) -> Response {
    let segments = request.segments();
    if let ["webhooks", rest @ ..] = pieces(&segments).as_slice() {
        // A sender is a program, whatever it says it accepts, and nobody who is signed in.
        request.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let answer = taking::route(world, request, rest).await;
        return edge::finish(request, &Frame::default(), world.log(), answer);
    }
    let visitor = match gate::identify(world, request).await {
        Ok(visitor) => visitor,
        Err(e) => return edge::finish(request, &Frame::anonymous(request), world.log(), Err(e)),
    };
    let frame = visitor.frame(request);
    let answer = route(world, request, &visitor).await;
    edge::finish(request, &frame, world.log(), answer)
}

async fn route<W: World>(world: &W, request: &mut Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let segments = request.segments();
    match pieces(&segments).as_slice() {
        ["api", "v1", "webhooks", rest @ ..] => {
            visitor.may_call(request)?;
            let session = visitor.api(request, None)?;
            api::route(&Visit { world, session }, request, rest).await
        }
        ["settings", "webhooks", rest @ ..] => {
            let session = visitor.administrator()?;
            pages::route(&Visit { world, session }, visitor, request, rest).await
        }
        _ => Err(ApiError::no_route(request)),
    }
}
