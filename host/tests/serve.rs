//! The program as a process: what it prints, answers and exits with. Applications with components are run by the
//! end-to-end suite, which has the compiler for them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const MANIFEST: &str = r#"
spin_manifest_version = 2
[application]
name = "fixed"
version = "1.2.3"
[variables]
who = { required = true }
[[trigger.http]]
route = "/tea/:kind"
static_response = { status_code = 418, body = "teapot", headers = { x-kind = "any" } }
"#;

fn host(folder: &Path, arguments: &[&str]) -> Command {
    std::fs::write(folder.join("spin.toml"), MANIFEST).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mostek-host"));
    command.args(["up", "--listen", "127.0.0.1:0"]).args(arguments).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

struct Running {
    child: Child,
    address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn start(folder: &Path, arguments: &[&str]) -> Running {
    let mut child = host(folder, arguments).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("Serving http://").map(str::parse);
    Running { child, address: address.expect("the line says where it serves").unwrap() }
}

/// Status line and body.
fn get(address: SocketAddr, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn signal(running: &Running, name: &str) {
    assert!(Command::new("kill").args([name, &running.child.id().to_string()]).status().unwrap().success());
}

#[test]
fn it_answers_routes_and_well_known_paths() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), &["--variable", "who=me"]);
    let (head, body) = get(running.address, "/tea/green");
    assert!(head.starts_with("HTTP/1.1 418") && head.contains("x-kind: any"), "{head}");
    assert_eq!(body, "teapot");
    let (head, body) = get(running.address, "/other");
    assert!(head.starts_with("HTTP/1.1 404") && body.is_empty(), "{head} {body}");
    assert_eq!(get(running.address, "/.well-known/spin/health").1, "OK");
    let info: serde_json::Value =
        serde_json::from_str(&get(running.address, "/.well-known/spin/info").1).unwrap();
    assert_eq!(info, serde_json::json!({"name": "fixed", "version": "1.2.3"}));
    let (head, _) = get(running.address, "/.well-known/mostek/operations");
    assert!(head.starts_with("HTTP/1.1 404"), "not offered unless asked for: {head}");
    assert!(folder.path().join(".spin/sqlite_key_value.db").exists());
}

#[test]
fn without_a_usable_host_it_answers_and_closes_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), &["--variable", "who=me"]);
    for host in ["", "host: not a host\r\n"] {
        let mut stream = TcpStream::connect(running.address).unwrap();
        // If it stays open, reading to its end fails.
        stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
        write!(stream, "GET /tea/green HTTP/1.1\r\n{host}\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the connection is closed");
        assert!(answer.starts_with("HTTP/1.1 500") && answer.contains("connection: close"), "{answer}");
    }
    assert!(get(running.address, "/tea/green").0.starts_with("HTTP/1.1 418"));
}

#[test]
fn store_operations_are_counted_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), &["--variable", "who=me", "--count-operations"]);
    let counts: serde_json::Value =
        serde_json::from_str(&get(running.address, "/.well-known/mostek/operations").1).unwrap();
    assert_eq!(counts, serde_json::json!({"reads": 0, "increments": 0, "set_manys": 0, "deletes": 0}));
}

#[test]
fn a_signal_ends_it_in_good_order_even_with_a_connection_open() {
    for name in ["-TERM", "-INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut running = start(folder.path(), &["--variable", "who=me"]);
        let idle = TcpStream::connect(running.address).unwrap();
        get(running.address, "/tea/black");
        signal(&running, name);
        assert!(running.child.wait().unwrap().success(), "{name}");
        drop(idle);
    }
}

#[test]
fn a_taken_address_is_named_and_has_an_exit_code_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = host(folder.path(), &["--variable", "who=me", "--listen", &address]);
    // The second `--listen` is the one meant.
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(&address), "{text}");
}

#[test]
fn a_missing_variable_stops_the_start_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let output = host(folder.path(), &[]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("required variable(s) who") && text.contains("SPIN_VARIABLE_WHO"), "{text}");
}

#[test]
fn variables_come_from_the_environment_and_from_the_env_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = host(folder.path(), &[]).env("SPIN_VARIABLE_WHO", "me").spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("Serving"), "{line}");
    std::fs::write(folder.path().join(".env"), "# comment\nSPIN_VARIABLE_WHO=\"me\"\n").unwrap();
    let running = start(folder.path(), &[]);
    assert_eq!(get(running.address, "/.well-known/spin/health").1, "OK");
}

#[test]
fn an_env_file_with_a_line_that_cannot_be_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = host(folder.path(), &[]);
    std::fs::write(folder.path().join(".env"), "SPIN_VARIABLE_WHO=two words\n").unwrap();
    let ended = command.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && said.contains("cannot read .env"), "{said}");
}
