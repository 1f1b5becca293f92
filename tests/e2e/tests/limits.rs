//! The hub under the limits of Spin's clouds, as far as `mostek-host --limits` imitates them: what they refuse is refused at
//! once and by name, and the components for Redis do the main job within them.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::process::{Command, Stdio};
use std::time::Duration;

use mostek_e2e::programs::{Engine, Programs, Store};
use mostek_e2e::stack::text;
use mostek_e2e::{Client, Options, Stack};
use mostek_sandbox::mirakl::faults::Operation;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::Method;
use reqwest::multipart::{Form, Part};

fn programs() -> Option<Programs> {
    let programs = Programs::find().ok()?;
    let fits = programs.engine == Engine::Host
        && matches!(programs.store, Store::Redis(_))
        && programs.limits.is_none();
    if !fits {
        println!("SKIPPED limits: they are mostek-host's, and the components for Redis run under them");
    }
    fits.then_some(programs)
}

async fn under(platform: &str) -> Option<Stack> {
    programs()?;
    let arguments = vec!["--limits".to_owned(), platform.to_owned()];
    Stack::start(platform, Options { arguments, ..Options::default() }).await
}

#[test]
fn components_that_need_what_a_platform_lacks_are_refused_by_name() {
    let Some(programs) = programs() else { return };
    for platform in ["akamai", "fermyon-cloud"] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(&programs.host);
        command.args(["up", "--from"]).arg(programs.root.join("spin.toml"));
        command.args(["--listen", "127.0.0.1:0", "--limits", platform, "--state-dir"]).arg(folder.path());
        for (name, value) in mostek_e2e::stack::variables("http://127.0.0.1:9") {
            command.env(format!("SPIN_VARIABLE_{}", name.to_uppercase()), value);
        }
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
        // Compiling what is refused takes a while; one that serves would never end.
        let watchdog = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(120));
            let _ = kill(pid, Signal::SIGKILL);
        });
        let output = child.wait_with_output().unwrap();
        drop(watchdog);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{platform} took components that import wasi:keyvalue/atomics");
        assert!(told.contains("does not offer wasi:keyvalue/") && told.contains("component"), "{told}");
    }
}

async fn main_job(stack: &Stack) {
    stack.customer_writes("Pytanie", "Czy wysyłacie do Czech?");
    assert_eq!(stack.poll().await["messages"], 1);
    let ticket = text(&stack.tickets().await[0]["id"]);
    // A file of 4 MB: bodies of ten go through, and several of them fit into an instance.
    let file = Part::bytes(vec![7_u8; 4_000_000]).file_name("cennik.pdf");
    let form = Form::new().text("text", "Tak, cennik w załączniku.").text("key", "k").part("file", file);
    stack.api.multipart(&format!("/api/v1/tickets/{ticket}/replies"), form).await.expect(201);
    stack.until_sent("cennik w załączniku", 1).await;
}

/// A body of eleven million bytes is cut off before a component sees the end of it.
async fn large_bodies_are_refused(stack: &Stack) {
    let visitor = Client::new(&stack.hub.base());
    let request = visitor.request(Method::POST, "/sign-in").body(vec![b'x'; 11_000_000]);
    // The connection may be closed while the body is still being sent; what was wrong then is not told.
    match visitor.try_send(request).await {
        Ok(answer) => assert_eq!(answer.status, 413, "{}", answer.text()),
        Err(error) => assert!(error.is_request() || error.is_body(), "{error:?}"),
    }
    visitor.get("/sign-in").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_fits_akamai_functions() {
    let Some(stack) = under("akamai").await else { return };
    main_job(&stack).await;
    large_bodies_are_refused(&stack).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_fits_fermyon_cloud_until_the_hours_requests_are_used_up() {
    let Some(stack) = under("fermyon-cloud").await else { return };
    main_job(&stack).await;
    large_bodies_are_refused(&stack).await;
    let mut polls = 0;
    let error = loop {
        let report = stack.poll().await;
        if let Some(error) = report["error"].as_str() {
            break error.to_owned();
        }
        polls += 1;
        assert!(polls <= 500, "the hour has no end");
    };
    assert_eq!(stack.mirakl().calls(Operation::Any), 500, "{error}");
    // Nothing is lost: a customer's message waits at the marketplace, the connection says that it could not poll.
    stack.customer_writes("Pytanie", "Halo?");
    let state = stack.connection_state().await;
    assert_eq!(state["state"], "running", "{state}");
    let why = text(&state["last_error"]["why"]);
    assert!(!why.contains("allowed_outbound_hosts"), "it is not the manifest's fault: {why}");
}
