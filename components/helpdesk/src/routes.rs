//! Which path is answered by what, and who may ask. Of the API both are declared in `mostek_api`; here it is only handed on.

use crate::visit::Visit;
use crate::{api, pages};
use mostek_domain::Capability;
use mostek_people::gate::{self, Visitor};
use mostek_ports::World;
use mostek_web::{ApiError, Frame, Request, Response, edge, pieces};

/// Answers a request.
pub(crate) async fn answer<W: World>(world: &W, request: &mut Request) -> Response {
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
        ["api", "v1", area, rest @ ..] => {
            visitor.may_call(request)?;
            let visit = Visit { world, session: visitor.api(request, None)? };
            match *area {
                "marketplaces" => api::marketplaces::route(&visit, request, rest).await,
                "desk" => api::desk::route(&visit, request, rest).await,
                "tickets" => api::tickets::route(&visit, request, rest).await,
                "customers" => api::customers::route(&visit, request, rest).await,
                "reports" => api::reports::route(&visit, request, rest).await,
                _ => Err(ApiError::unrouted()),
            }
        }
        ["reports", rest @ ..] => {
            let session = visitor.page(Some(Capability::Helpdesk))?;
            pages::reports::route(&Visit { world, session }, request, rest).await
        }
        ["tickets", rest @ ..] => {
            let session = visitor.page(Some(Capability::Helpdesk))?;
            pages::tickets(&Visit { world, session }, visitor, request, rest).await
        }
        ["customers", rest @ ..] => {
            let session = visitor.page(Some(Capability::Helpdesk))?;
            pages::customers::route(&Visit { world, session }, visitor, request, rest).await
        }
        ["settings", "marketplaces", rest @ ..] => {
            let session = visitor.administrator()?;
            pages::marketplaces::route(&Visit { world, session }, visitor, request, rest).await
        }
        ["settings", "helpdesk", rest @ ..] => {
            let session = visitor.administrator()?;
            pages::desk::route(&Visit { world, session }, visitor, request, rest).await
        }
        _ => Err(ApiError::no_route(request)),
    }
}
