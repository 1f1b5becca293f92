//! The API's table of operations, asked about a request.

use crate::error::ApiError;
use crate::request::{Request, pieces};
use mostek_api::{Missing, Operation};

/// The operation that a request is for. Who may call it is asked of `mostek_people::gate::Visitor::may_call`, which calls
/// this.
///
/// # Errors
/// 404 if no operation has the path; 405 with `Allow` if those on it have other methods.
pub fn operation(request: &Request) -> Result<&'static Operation, ApiError> {
    let segments = request.segments();
    mostek_api::find(request.method.as_str(), &pieces(&segments)).map_err(|missing| match missing {
        Missing::Path => ApiError::not_found(),
        Missing::Method { allow } => ApiError::method_not_allowed(allow),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::request;
    use http::Method;

    #[test]
    fn what_is_not_declared_is_not_there_and_other_methods_are_named() {
        let of = |method, uri| {
            operation(&request(method, uri, &[], "")).map(|o| o.id).map_err(|e| (e.status.as_u16(), e.allow))
        };
        assert_eq!(of(Method::GET, "/api/v1/tickets?status=new"), Ok("listTickets"));
        assert_eq!(of(Method::HEAD, "/api/v1/tickets/"), Ok("listTickets"));
        assert_eq!(of(Method::GET, "/api/v1/nothing"), Err((404, None)));
        assert_eq!(of(Method::PATCH, "/api/v1/tickets"), Err((405, Some("GET, HEAD".into()))));
    }
}
