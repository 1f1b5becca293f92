//! The HTTP server.
//!
//! Mirrors `crates/trigger-http/src/server.rs` of Spin, with three differences that no component can see: small answers
//! are sent at once (`TCP_NODELAY`), the number of requests under way is bounded, and stopping lets them finish.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use wasmtime_wasi_http::{Error, WasiBody};

use crate::application::{Loaded, Target};
use crate::headers;
use crate::instance::Pool;
use crate::manifest::StaticResponse;
use crate::routes::{Match, WELL_KNOWN_PREFIX};

/// Requests waiting for the head of their response; more wait before they reach a component.
const MAX_UNDER_WAY: usize = 1024;
/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(30);
/// Where the counts of store operations are, when they are offered.
const OPERATIONS_PATH: &str = "/.well-known/mostek/operations";

/// Serves one application.
pub struct Server {
    loaded: Loaded,
    under_way: Semaphore,
    count_operations: bool,
}

impl Server {
    /// A server that does not listen yet. With `count_operations` it answers at `/.well-known/mostek/operations`.
    #[must_use]
    pub fn new(loaded: Loaded, count_operations: bool) -> Arc<Self> {
        Arc::new(Self { loaded, under_way: Semaphore::new(MAX_UNDER_WAY), count_operations })
    }

    /// Serves connections of `listener` until `stop`, then waits for open requests, 30 s at most.
    ///
    /// # Errors
    /// When the listener has no address.
    pub async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        let address = listener.local_addr().context("the listener has no address")?;
        _ = self.loaded.application.address.set(address);
        let graceful = GracefulShutdown::new();
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, client)) => self.serve_connection(stream, client, &graceful),
                    Err(error) => {
                        // Out of file descriptors, most likely: wait for some to be closed.
                        tracing::warn!(%error, "cannot accept a connection");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
            }
        }
        drop(listener);
        // First the requests, then the work components do after their answers.
        let life = &self.loaded.application.life;
        let finish = async {
            graceful.shutdown().await;
            life.stopping.cancel();
            life.instances.close();
            life.instances.wait().await;
        };
        if tokio::time::timeout(GRACE, finish).await.is_err() {
            tracing::warn!("work was left unfinished {GRACE:?} after the server was told to stop");
        }
        life.ended.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn serve_connection(
        self: &Arc<Self>,
        stream: TcpStream,
        client: SocketAddr,
        graceful: &GracefulShutdown,
    ) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let server = self.clone();
        let service = service_fn(move |request| {
            let server = server.clone();
            async move { Ok::<_, std::convert::Infallible>(server.answer(request, client).await) }
        });
        let builder = Builder::new(TokioExecutor::new());
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(?error, "error serving an HTTP connection");
            }
        });
    }

    /// An error on the way to or in a component is an empty 500.
    async fn answer(&self, request: Request<Incoming>, client: SocketAddr) -> Response<WasiBody> {
        let path = request.uri().path().to_owned();
        match self.handle(request, client).await {
            Ok(response) => response,
            Err(error) => {
                tracing::error!("error processing the request for {path}: {error:#}");
                empty(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    async fn handle(
        &self,
        mut request: Request<Incoming>,
        client: SocketAddr,
    ) -> anyhow::Result<Response<WasiBody>> {
        headers::strip_forbidden(request.headers_mut());
        let path = request.uri().path().to_owned();
        if let Some(well_known) = path.strip_prefix(WELL_KNOWN_PREFIX) {
            return match well_known {
                "health" => Ok(Response::new(full("OK"))),
                "info" => self.info(),
                _ => Ok(empty(StatusCode::NOT_FOUND)),
            };
        }
        if self.count_operations && path == OPERATIONS_PATH {
            return json(&self.loaded.application.stores.operations().to_json());
        }
        let Some(route) = self.loaded.router.find(&path) else { return Ok(empty(StatusCode::NOT_FOUND)) };
        if let Err(error) = headers::complete_uri(&mut request) {
            tracing::warn!("no usable 'Host' in the request for {path}: {error:#}");
            // Spin closes the connection: whoever sends no host is not one to go on with. Here after an answer.
            return Ok(closing(empty(StatusCode::INTERNAL_SERVER_ERROR)));
        }
        match &route.target {
            Target::Static(_, response) => static_response(response),
            Target::Component(pool) => self.component_response(pool, &route, request, client).await,
        }
    }

    async fn component_response(
        &self,
        pool: &Pool,
        route: &Match<Target>,
        mut request: Request<Incoming>,
        client: SocketAddr,
    ) -> anyhow::Result<Response<WasiBody>> {
        headers::append_spin_headers(&mut request, route, client)?;
        let limit = self.loaded.application.limits.body_bytes;
        if let (Some(limit), Some(size)) = (limit, http_body::Body::size_hint(request.body()).exact())
            && size > limit as u64
        {
            return Ok(empty(StatusCode::PAYLOAD_TOO_LARGE));
        }
        let request =
            request.map(|body| limited(body.map_err(Error::from), limit, Error::HttpRequestBodySize));
        let response = {
            let _permit = self.under_way.acquire().await?;
            pool.handle((), request).await?
        };
        Ok(response.map(|body| limited(body, limit, Error::HttpResponseBodySize)))
    }

    fn info(&self) -> anyhow::Result<Response<WasiBody>> {
        let application = &self.loaded.application;
        let mut info = serde_json::json!({ "name": application.name });
        if let (false, Some(info)) = (application.version.is_empty(), info.as_object_mut()) {
            info.insert("version".into(), application.version.clone().into());
        }
        json(&info)
    }
}

/// The body, cut off with the error of `too_large` beyond `limit` bytes.
fn limited<B>(body: B, limit: Option<usize>, too_large: fn(Option<u64>) -> Error) -> WasiBody
where
    B: http_body::Body<Data = Bytes, Error = Error> + Send + 'static,
{
    let Some(limit) = limit else { return body.boxed_unsync() };
    Limited::new(body, limit)
        .map_err(move |error| match error.downcast::<Error>() {
            Ok(error) => *error,
            Err(_) => too_large(Some(limit as u64)),
        })
        .boxed_unsync()
}

fn full(text: impl Into<Bytes>) -> WasiBody {
    Full::new(text.into()).map_err(Error::from).boxed_unsync()
}

fn empty(status: StatusCode) -> Response<WasiBody> {
    let mut response = Response::new(Empty::new().map_err(Error::from).boxed_unsync());
    *response.status_mut() = status;
    response
}

/// The response after which the connection is closed.
fn closing(mut response: Response<WasiBody>) -> Response<WasiBody> {
    response.headers_mut().insert(http::header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn json(value: &serde_json::Value) -> anyhow::Result<Response<WasiBody>> {
    let body = full(serde_json::to_vec_pretty(value)?);
    Ok(Response::builder().header(http::header::CONTENT_TYPE, "application/json").body(body)?)
}

fn static_response(fixed: &StaticResponse) -> anyhow::Result<Response<WasiBody>> {
    let mut response = Response::builder().status(fixed.status_code.unwrap_or(200));
    for (name, value) in &fixed.headers {
        response = response.header(name, value);
    }
    Ok(response.body(full(fixed.body.clone().unwrap_or_default()))?)
}
