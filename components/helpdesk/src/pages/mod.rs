//! The pages.
use crate::visit::Visit;
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::{ApiError, Request, Response};

pub(crate) async fn tickets<W: World>(_: &Visit<'_, W>, _: &Visitor, request: &mut Request, _: &[&str]) -> Result<Response, ApiError> {
    Err(ApiError::no_route(request))
}
pub(crate) mod customers { pub(crate) use super::tickets as route; }
pub(crate) mod marketplaces { pub(crate) use super::tickets as route; }
pub(crate) mod desk { pub(crate) use super::tickets as route; }
