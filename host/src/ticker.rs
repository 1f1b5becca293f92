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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::application::{Options, load};

    fn application(folder: &tempfile::TempDir) -> Arc<Application> {
        let manifest = folder.path().join("spin.toml");
        let text = "spin_manifest_version = 2\n[application]\nname = \"a\"\n[trigger]\n[variables]\n\
                    tick_secret = { default = \"s3cret\" }\n";
        std::fs::write(&manifest, text).unwrap();
        let options = Options {
            manifest,
            profile: None,
            runtime_config: None,
            state_dir: folder.path().join("state"),
            log_dir: folder.path().join("logs"),
            cache_dir: None,
            given: Default::default(),
            limits: Default::default(),
            follow: false,
        };
        load(&options).unwrap().application
    }

    /// Answers one request with `status` and hands over what came.
    async fn tick_answered_with(status: &'static str) -> (anyhow::Result<()>, String) {
        let folder = tempfile::tempdir().unwrap();
        let application = application(&folder);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&request[..length]).to_lowercase()
        });
        let result = tick(&application, address).await;
        (result, server.await.unwrap())
    }

    #[tokio::test]
    async fn a_tick_is_an_authorised_post() {
        let (result, request) = tick_answered_with("204 No Content").await;
        result.unwrap();
        assert!(request.starts_with("post /timers/tick http/1.1"), "{request}");
        assert!(request.contains("authorization: bearer s3cret"), "{request}");
    }

    #[tokio::test]
    async fn a_refused_tick_is_a_failure() {
        let (result, _) = tick_answered_with("403 Forbidden").await;
        assert!(result.unwrap_err().to_string().contains("403"));
    }
}
