//! The component for Spin's cron trigger (`deploy/cron`), called as that trigger calls it. This host has no such trigger;
//! what is tested is the component: its export, its permissions, the request it sends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mostek_host::application::{Options, context, load};
use mostek_host::instance::{engine, linker, store};
use mostek_host::variables::Given;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wasmtime::component::Component;

#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, clippy::unwrap_used)]
mod bindings {
    wasmtime::component::bindgen!({
        path: "../deploy/cron/cron.wit",
        world: "spin-cron",
        exports: { default: async },
    });
}

use bindings::SpinCron;
use bindings::spin::cron::cron_types::{Error, Metadata};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Fires the trigger once, the hub being at `hub`. `None` if the component is not built.
async fn fire(hub: &str) -> Option<Result<(), Error>> {
    let wasm = root().join("target/wasm32-wasip2/release/mostek_cron.wasm");
    if !wasm.is_file() {
        println!("SKIPPED cron: mostek_cron.wasm is not built (cargo xtask build)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    // The manifest as it is, but for the trigger, which this host refuses.
    let text = std::fs::read_to_string(root().join("deploy/cron/spin.toml")).unwrap();
    let (before, after) = text.split_once("[[trigger.cron]]").unwrap();
    let after = &after[after.find("[component.cron]").unwrap()..];
    let manifest = folder.path().join("spin.toml");
    std::fs::write(&manifest, format!("{before}{after}\n[trigger]\n")).unwrap();
    let parsed = mostek_host::manifest::load(&manifest, None).unwrap();
    let component = parsed.components["cron"].clone();
    assert_eq!(component.source().unwrap(), Path::new("../../target/wasm32-wasip2/release/mostek_cron.wasm"));

    let given = [("hub_url", hub), ("tick_secret", "s3cret")];
    let command_line: HashMap<_, _> = given.map(|(n, v)| (n.to_owned(), v.to_owned())).into();
    // Loading compiles the components it serves by HTTP; this one answers no HTTP, so it is left out of that.
    let bare = folder.path().join("bare.toml");
    let without = text.split_once("[[trigger.cron]]").unwrap().0.to_owned() + "[trigger]\n";
    std::fs::write(&bare, without).unwrap();
    let options = Options {
        manifest: bare,
        profile: None,
        runtime_config: None,
        state_dir: folder.path().join("state"),
        log_dir: folder.path().join("logs"),
        cache_dir: None,
        given: Given { command_line, environment: HashMap::new() },
        limits: Default::default(),
        follow: false,
    };
    let application = load(&options).unwrap().application;
    // Its own variables, which the bare application does not know.
    let variables = mostek_host::variables::Variables::new(&parsed, options.given.clone()).unwrap();
    let application = Arc::new(mostek_host::application::Application {
        variables,
        ..Arc::into_inner(application).expect("nobody else holds it")
    });
    let context = context(&options, &application, "cron", &component, &["cron"]).unwrap();

    let engine = engine(None).unwrap();
    let compiled = Component::from_file(&engine, &wasm).unwrap();
    let mut store = store(&engine, Arc::new(context));
    let cron = SpinCron::instantiate_async(&mut store, &compiled, &linker(&engine).unwrap()).await.unwrap();
    let fired = store
        .run_concurrent(async |accessor| {
            cron.call_handle_cron_event(accessor, Metadata { timestamp: 1_779_000_000 }).await
        })
        .await
        .unwrap();
    Some(fired.unwrap())
}

/// A hub that answers one request with `status` and gives what came.
async fn hub(status: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).await.unwrap();
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..length]).to_lowercase()
    });
    (address, served)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_an_authorised_tick() {
    let (address, served) = hub("200 OK").await;
    let Some(fired) = fire(&address).await else { return };
    fired.unwrap();
    let request = served.await.unwrap();
    assert!(request.starts_with("post /timers/tick http/1.1"), "{request}");
    assert!(request.contains("authorization: bearer s3cret"), "{request}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_that_does_not_work_is_an_error_in_words_without_the_secret() {
    let (address, _served) = hub("401 Unauthorized").await;
    let Some(fired) = fire(&address).await else { return };
    let Err(Error::Other(why)) = fired else { panic!("it worked") };
    assert!(why.contains("tick_secret") && !why.contains("s3cret"), "{why}");
    let nobody = fire("http://127.0.0.1:1").await.unwrap();
    assert!(matches!(nobody, Err(Error::Other(why)) if !why.contains("s3cret")));
}
