//! What happens when a component sends an HTTP request.
//!
//! Mirrors `RequestSender` in `crates/factor-outbound-http/src/wasi.rs` of Spin: the allow list first, then requests to
//! the application itself (no host, or `self.alt`) go out to the address it listens on. Service chaining is not offered:
//! `*.spin.internal` is denied as if it had not been granted.

use std::sync::Arc;

use anyhow::Context as _;
use http::header::HOST;
use http::{Request, Response, Uri};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use super::policy::chaining_target;
use crate::application::ComponentContext;

/// The hooks of one instance.
pub struct OutboundHooks {
    /// Whose permissions count.
    pub component: Arc<ComponentContext>,
}

type Exchange = (Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl WasiHttpHooks for OutboundHooks {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        // The guest's trouble with the response: it drops the body, which is all there is to know.
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Exchange, Error>> + Send> {
        let component = self.component.clone();
        Box::new(async move {
            let request = admit(&component, request)?;
            let response = component.application.http.send(request, options).await?;
            // Errors of the connection come with the body.
            let done: Box<dyn Future<Output = _> + Send> = Box::new(async { Ok(()) });
            Ok((response, done))
        })
    }
}

/// Checks the request against the component's permissions and gives it its true destination.
fn admit(component: &ComponentContext, mut request: Request<WasiBody>) -> Result<Request<WasiBody>, Error> {
    // Wasmtime gives a relative URL an authority without a host.
    let host = request.uri().authority().map(|authority| authority.host().to_owned()).unwrap_or_default();
    let to_self = host.is_empty() || host == "self.alt";
    let hosts = &component.allowed_hosts;
    let allowed = if to_self {
        hosts.allows_self()
    } else {
        hosts.allows(&request.uri().to_string(), "https") && chaining_target(&host).is_none()
    };
    if !allowed {
        tracing::warn!(
            component = &*component.id,
            %host,
            "outbound request denied: the host is not in allowed_outbound_hosts"
        );
        return Err(Error::HttpRequestDenied);
    }
    if !component.application.outbound.admit() {
        tracing::warn!(component = &*component.id, %host, "outbound request denied: the hour's quota is used up");
        return Err(Error::ConnectionLimitReached);
    }
    if to_self {
        let uri = self_uri(component, request.uri()).map_err(|error| {
            tracing::error!("cannot send a request to the application itself: {error:#}");
            Error::HttpRequestUriInvalid
        })?;
        *request.uri_mut() = uri;
    }
    // The client writes it again from the URI.
    request.headers_mut().remove(HOST);
    Ok(request)
}

fn self_uri(component: &ComponentContext, uri: &Uri) -> anyhow::Result<Uri> {
    let address = component.application.address.get().context("the application does not listen yet")?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Ok(format!("http://{address}{path}").parse()?)
}
