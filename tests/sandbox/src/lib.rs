//! Stand-ins of the outside services over real HTTP: with state, a page each to look inside and to cause things, and
//! faults on demand. Ids, names and faults repeat when the seed repeats; dates come from the wall clock.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! let sandbox = mostek_sandbox::start(mostek_sandbox::Config::default()).await?;
//! let base = sandbox.mirakl_base(); // what a connection of the hub is given as its address
//! # let _ = base;
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```

#![recursion_limit = "256"] // one order of OR11 is one large json! object

mod clock;
mod documents;
mod html;
pub mod mirakl;
mod random;
pub mod seed;
mod serve;
pub mod shop;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

/// How the stand-ins are started.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Decides ids, names and tokens.
    pub seed: u64,
    /// Fill the marketplace with the conversations of so many past days.
    pub demo_days: Option<u32>,
}

impl Default for Config {
    /// Loopback on a port of the system's choice, seed 7, empty.
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), seed: 7, demo_days: None }
    }
}

/// The running stand-ins.
#[derive(Debug)]
pub struct Running {
    server: serve::Server,
    mirakl: Arc<mirakl::Sandbox>,
    shop: Arc<shop::Shop>,
}

impl Running {
    /// Where they listen.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// `http://ADDRESS`, without a slash at the end.
    pub fn base(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The base address of the marketplace, to which `/api/...` is added.
    pub fn mirakl_base(&self) -> String {
        format!("{}/mirakl", self.base())
    }

    /// The marketplace's state.
    pub fn mirakl(&self) -> &Arc<mirakl::Sandbox> {
        &self.mirakl
    }

    /// The shop that sends webhooks.
    pub fn shop(&self) -> &Arc<shop::Shop> {
        &self.shop
    }

    /// Ends the server and every connection, those held by a fault included.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

/// Starts the stand-ins in this process, on the current Tokio runtime.
///
/// # Errors
/// Those of binding the address; [`io::ErrorKind::InvalidData`] when the demonstration data is broken.
pub async fn start(config: Config) -> io::Result<Running> {
    let mirakl = mirakl::Sandbox::new(config.seed);
    if let Some(days) = config.demo_days {
        mirakl
            .load_demo(days)
            .map_err(|refusal| io::Error::new(io::ErrorKind::InvalidData, refusal.message))?;
    }
    let shop = shop::Shop::new(config.seed);
    let routes = Router::new()
        .route("/", get(async || Redirect::to("/mirakl/panel")))
        .merge(mirakl.routes())
        .merge(shop.routes());
    let server = serve::Server::start(config.listen, routes).await?;
    Ok(Running { server, mirakl, shop })
}
