//! The HTTP/1.1 server under the stand-ins. It differs from a stock server in one thing: a handler can ask that the
//! connection be closed without an answer.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tower_service::Service;

/// Put into a response's extensions, it makes the server close the connection in place of sending the response.
#[derive(Debug, Clone, Copy)]
pub struct HangUp;

/// The error that makes hyper close a connection without a byte of an answer.
#[derive(Debug)]
struct HungUp;

impl fmt::Display for HungUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection was closed on purpose")
    }
}

impl std::error::Error for HungUp {}

/// A running server: where it listens, and the means to end it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Binds the address (port 0 lets the system choose) and serves the routes until [`Server::stop`] or drop.
    ///
    /// # Errors
    /// Those of binding the address.
    pub async fn start(listen: SocketAddr, routes: Router) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(listener, routes, stopped));
        Ok(Self { address, stop, task })
    }

    /// The address it listens on, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes the listener and every connection, held answers included, and returns when that is done.
    pub async fn stop(self) {
        // Without a receiver the loop has ended already.
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            eprintln!("mostek-sandbox: the accept loop ended badly: {error}");
        }
    }
}

async fn accept(listener: TcpListener, routes: Router, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(serve(stream, routes.clone())); }
                Err(error) => {
                    // Mostly "too many open files": connections that end give some back.
                    eprintln!("mostek-sandbox: cannot accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            // An error means that the handle was dropped, which ends the server as well.
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    connections.shutdown().await;
}

async fn serve(stream: TcpStream, routes: Router) {
    // Small answers in two writes would otherwise wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let mut routes = routes.clone();
        async move {
            let response: Response<Body> = match routes.call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<HangUp>().is_some() { Err(HungUp) } else { Ok(response) }
        }
    });
    // A connection that breaks is the client's affair, or what a fault asked for.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
