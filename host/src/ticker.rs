//! A clock for applications that expect someone to call `POST /timers/tick`.
//!
//! Spin and Akamai Functions have schedulers beside the application that do this; here it is an option of the host.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use http::Request;
use http_body_util::{BodyExt as _, Empty};
use tokio::time::{MissedTickBehavior, interval};
use wasmtime_wasi_http::{Error, RequestOptions};

use crate::application::Application;

/// Where ticks go.
const PATH: &str = "/timers/tick";
/// The application variable with the secret.
pub const SECRET_VARIABLE: &str = "tick_secret";
/// Of one tick.
const LIMIT: Duration = Duration::from_secs(300);
/// Of the answer that is read and dropped, bytes.
const MAX_ANSWER: usize = 1 << 20;

/// Sends ticks for ever, one at a time; a late one is skipped. Failures are logged.
pub async fn run(application: &Application, address: SocketAddr, every: Duration) {
    let mut clock = interval(every);
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    // The first comes at once; wait the first period instead.
    clock.tick().await;
    loop {
        clock.tick().await;
        if let Err(error) = tick(application, address).await {
            tracing::warn!("the tick failed: {error:#}");
        }
    }
}

async fn tick(application: &Application, address: SocketAddr) -> anyhow::Result<()> {
    let secret = application.variables.application(SECRET_VARIABLE)?;
    let request = Request::post(format!("http://{address}{PATH}"))
        .header(http::header::AUTHORIZATION, format!("Bearer {secret}"))
        .body(Empty::new().map_err(Error::from).boxed_unsync())
        .context("cannot make the request")?;
    let options = RequestOptions {
        connect_timeout: Some(LIMIT),
        first_byte_timeout: Some(LIMIT),
        between_bytes_timeout: Some(LIMIT),
    };
    let response = application.http.send(request, Some(options)).await?;
    let status = response.status();
    ensure!(status.is_success(), "{PATH} answered {status}");
    let rest = http_body_util::Limited::new(response.into_body(), MAX_ANSWER).collect();
    tokio::time::timeout(LIMIT, rest)
        .await
        .context("the answer did not end in time")?
        .map_err(|e| anyhow::anyhow!("the answer broke off: {e}"))?;
    Ok(())
}
