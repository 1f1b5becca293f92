//! The export by which Spin reaches a component.

/// Makes a crate a component that answers HTTP requests with a routing function.
///
/// The argument is the path of an `async fn(&SpinWorld, &mut mostek_web::Request) -> mostek_web::Response`, usually
/// generic over `World`. It stands in for the SDK's attribute `http_service`, which wants every component to name the
/// SDK, and which answers with an empty 500 where a request cannot be converted.
#[macro_export]
macro_rules! component {
    ($routes:path) => {
        const _: () = {
            use $crate::sdk::wasip3;

            struct Component;

            impl wasip3::exports::http::handler::Guest for Component {
                async fn handle(
                    request: wasip3::http::types::Request,
                ) -> ::core::result::Result<wasip3::http::types::Response, wasip3::http::types::ErrorCode>
                {
                    ::core::result::Result::Ok($crate::serve(request, $routes).await)
                }
            }

            wasip3::http::service::export!(Component);
        };
    };
}
