//! The HTTP client behind components.
//!
//! Mirrors `crates/factor-outbound-http/src/wasi.rs` of Spin: one pool of connections for the application, HTTP/1.1 in
//! plain text, HTTP/2 or 1.1 over TLS with the public web's roots, three time limits of 600 s each unless the guest sets
//! others, and the same error codes for the same failures.

use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

tokio::task_local! {
    /// The pool has no other way to hand a request's limit to the connector.
    static CONNECT_TIMEOUT: Duration;
}

/// Pools of connections.
#[derive(Clone)]
pub struct HttpClient {
    plain: Client<Connector, WasiBody>,
    tls: Client<Connector, WasiBody>,
}

impl HttpClient {
    /// Pools without connections yet.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new() -> anyhow::Result<Self> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let tls = TlsConnector::from(Arc::new(config));
        let client = |tls| {
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(Connector { tls })
        };
        Ok(Self { plain: client(None), tls: client(Some(tls)) })
    }

    /// Sends a request that was already allowed. The scheme of its URI decides on TLS.
    ///
    /// # Errors
    /// The code a component gets from Spin for the same failure.
    pub async fn send(
        &self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
    ) -> Result<Response<WasiBody>, Error> {
        let limit =
            |of: fn(RequestOptions) -> Option<Duration>| options.and_then(of).unwrap_or(DEFAULT_TIMEOUT);
        let client =
            if request.uri().scheme() == Some(&http::uri::Scheme::HTTPS) { &self.tls } else { &self.plain };
        let sending = CONNECT_TIMEOUT.scope(limit(|o| o.connect_timeout), client.request(request));
        let response = timeout(limit(|o| o.first_byte_timeout), sending)
            .await
            .map_err(|_| Error::ConnectionReadTimeout)?
            .map_err(|error| code_of(&error))?;
        let between_bytes = limit(|o| o.between_bytes_timeout);
        Ok(response
            .map(|body| TimedBody { body: Some(body), waiting: None, limit: between_bytes }.boxed_unsync()))
    }
}

/// Finds the connector's reason in the client's error.
fn code_of(error: &hyper_util::client::legacy::Error) -> Error {
    let mut cause = error.source();
    while let Some(source) = cause {
        if let Some(failure) = source.downcast_ref::<ConnectFailure>() {
            return failure.code();
        }
        cause = source.source();
    }
    tracing::warn!(?error, "outbound request failed");
    Error::HttpProtocolError
}

#[derive(Clone, Copy, Debug, thiserror::Error)]
enum ConnectFailure {
    #[error("the URI has no host")]
    Uri,
    #[error("the name could not be resolved")]
    Dns,
    #[error("the name is not a valid DNS name")]
    DnsName,
    #[error("the connection was refused")]
    Refused,
    #[error("the connection was not made in time")]
    Timeout,
    #[error("TLS could not be set up")]
    Tls,
}

impl ConnectFailure {
    fn code(self) -> Error {
        let dns = |rcode: &str| Error::DnsError { rcode: Some(rcode.to_owned()), info_code: Some(0) };
        match self {
            Self::Uri => Error::HttpRequestUriInvalid,
            Self::Dns => dns("address not available"),
            Self::DnsName => dns("invalid dns name"),
            Self::Refused => Error::ConnectionRefused,
            Self::Timeout => Error::ConnectionTimeout,
            Self::Tls => Error::TlsProtocolError,
        }
    }
}

#[derive(Clone)]
struct Connector {
    tls: Option<TlsConnector>,
}

impl tower_service::Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = ConnectFailure;
    type Future = Pin<Box<dyn Future<Output = Result<TokioIo<Stream>, ConnectFailure>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectFailure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        // Read here, in the task of the request: the pool may finish the connection in a task of its own.
        let limit = CONNECT_TIMEOUT.try_with(|limit| *limit).unwrap_or(DEFAULT_TIMEOUT);
        Box::pin(connect(uri, self.tls.clone(), limit))
    }
}

async fn connect(
    uri: Uri,
    tls: Option<TlsConnector>,
    limit: Duration,
) -> Result<TokioIo<Stream>, ConnectFailure> {
    let host = uri.host().ok_or(ConnectFailure::Uri)?;
    let port = uri.port_u16().unwrap_or(if tls.is_some() { 443 } else { 80 });
    let bare_host = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<_> = tokio::net::lookup_host((bare_host, port))
        .await
        .map_err(|error| {
            tracing::debug!(%host, %error, "cannot resolve the name");
            ConnectFailure::Dns
        })?
        .collect();
    let stream = timeout(limit, TcpStream::connect(addresses.as_slice()))
        .await
        .map_err(|_| ConnectFailure::Timeout)?
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrNotAvailable => ConnectFailure::Dns,
            _ => ConnectFailure::Refused,
        })?;
    let Some(tls) = tls else { return Ok(TokioIo::new(Stream::Plain(stream))) };
    let name =
        rustls::pki_types::ServerName::try_from(bare_host.to_owned()).map_err(|_| ConnectFailure::DnsName)?;
    let stream = tls.connect(name, stream).await.map_err(|error| {
        tracing::warn!(%host, %error, "tls protocol error");
        ConnectFailure::Tls
    })?;
    Ok(TokioIo::new(Stream::Tls(Box::new(stream))))
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match self {
            Self::Plain(stream) => stream.connected(),
            Self::Tls(stream) => {
                let (tcp, session) = stream.get_ref();
                let connected = tcp.connected();
                if session.alpn_protocol() == Some(b"h2") { connected.negotiated_h2() } else { connected }
            }
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// A response body that gives up when nothing comes for too long, and then lets go of the connection.
struct TimedBody {
    body: Option<hyper::body::Incoming>,
    waiting: Option<Pin<Box<Sleep>>>,
    limit: Duration,
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        let Some(body) = this.body.as_mut() else { return Poll::Ready(None) };
        match Pin::new(body).poll_frame(cx) {
            Poll::Ready(frame) => {
                this.waiting = None;
                Poll::Ready(frame.map(|frame| {
                    frame.map_err(|error| {
                        tracing::warn!(?error, "error reading a response body");
                        Error::HttpProtocolError
                    })
                }))
            }
            Poll::Pending => {
                let waiting = this.waiting.get_or_insert_with(|| Box::pin(sleep(this.limit)));
                ready!(waiting.as_mut().poll(cx));
                this.body = None;
                Poll::Ready(Some(Err(Error::ConnectionReadTimeout)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    fn request(url: &str) -> Request<WasiBody> {
        let body = http_body_util::Empty::new().map_err(Error::from).boxed_unsync();
        Request::get(url).body(body).unwrap()
    }

    fn options(of: impl FnOnce(&mut RequestOptions)) -> Option<RequestOptions> {
        let mut options =
            RequestOptions { connect_timeout: None, first_byte_timeout: None, between_bytes_timeout: None };
        of(&mut options);
        Some(options)
    }

    /// Answers each connection with `head` and keeps it open.
    async fn server(head: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut buffer = [0; 1024];
                _ = stream.read(&mut buffer).await;
                _ = stream.write_all(head.as_bytes()).await;
                open.push(stream);
            }
        });
        format!("http://{address}/")
    }

    #[tokio::test]
    async fn failures_have_spins_codes() {
        let client = HttpClient::new().unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let error = client.send(request(&format!("http://{closed}/")), None).await.unwrap_err();
        assert!(matches!(error, Error::ConnectionRefused), "{error:?}");
        let error = client.send(request("http://name.invalid/"), None).await.unwrap_err();
        assert!(matches!(error, Error::DnsError { .. }), "{error:?}");
        let plain = server("not TLS\r\n").await.replace("http:", "https:");
        let error = client.send(request(&plain), None).await.unwrap_err();
        assert!(matches!(error, Error::TlsProtocolError), "{error:?}");
        let error = client.send(request(&server("nonsense\r\n\r\n").await), None).await.unwrap_err();
        assert!(matches!(error, Error::HttpProtocolError), "{error:?}");
    }

    #[tokio::test]
    async fn the_guests_time_limits_hold() {
        let client = HttpClient::new().unwrap();
        let short = Duration::from_millis(20);
        let silent = server("").await;
        let limits = options(|o| o.first_byte_timeout = Some(short));
        let error = client.send(request(&silent), limits).await.unwrap_err();
        assert!(matches!(error, Error::ConnectionReadTimeout), "{error:?}");
        let stalling = server("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc").await;
        let limits = options(|o| o.between_bytes_timeout = Some(short));
        let response = client.send(request(&stalling), limits).await.unwrap();
        let error = response.into_body().collect().await.unwrap_err();
        assert!(matches!(error, Error::ConnectionReadTimeout), "{error:?}");
    }
}
