//! Ports and two small HTTP requests on loopback.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How many ports above a taken one are tried for a suggestion.
const SUGGESTION_RANGE: u16 = 50;

/// 127.0.0.1 with this port.
pub fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// Fails with a sentence that names the port and a free one if `port` cannot be listened on.
pub fn require_free(port: u16, option: &str) -> Result<()> {
    match TcpListener::bind(loopback(port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let free = (1..=SUGGESTION_RANGE)
                .filter_map(|step| port.checked_add(step))
                .find(|candidate| TcpListener::bind(loopback(*candidate)).is_ok());
            bail!(taken(port, option, free))
        }
        Err(error) => {
            Err(error).with_context(|| format!("port {port} on 127.0.0.1 cannot be used ({option})"))
        }
    }
}

fn taken(port: u16, option: &str, free: Option<u16>) -> String {
    let free = free.map_or_else(|| "N".to_owned(), |port| port.to_string());
    format!(
        "port {port} on 127.0.0.1 is taken by another program; stop that program, or choose another port: \
         cargo xtask up {option} {free}"
    )
}

/// Sends a request without a body to a server on this machine and returns the status code. `limit` holds for each
/// of connecting, writing and reading.
pub fn status(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    limit: Duration,
) -> Result<u16> {
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes())?;
    let mut head = Vec::new();
    stream.take(64).read_to_end(&mut head)?;
    parse_status(&head).context("the answer is not HTTP")
}

fn parse_status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head.split(|byte| *byte == b'\r').next()?).ok()?;
    let (version, rest) = line.split_once(' ')?;
    version.strip_prefix("HTTP/")?;
    rest.get(..3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::thread;

    use super::*;

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let holder = TcpListener::bind(loopback(0)).unwrap();
        let port = holder.local_addr().unwrap().port();
        let error = require_free(port, "--port").unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} ")), "{error}");
        assert!(error.contains("cargo xtask up --port "), "{error}");
        assert!(!error.contains(&format!("--port {port}")), "it must not offer the taken port: {error}");
    }

    #[test]
    fn without_a_free_port_nearby_the_choice_is_left_open() {
        assert!(taken(65535, "--sandbox-port", None).ends_with("cargo xtask up --sandbox-port N"));
    }

    #[test]
    fn a_free_port_is_accepted() {
        let port = TcpListener::bind(loopback(0)).unwrap().local_addr().unwrap().port();
        require_free(port, "--port").unwrap();
    }

    #[test]
    fn a_request_carries_its_headers_and_gives_the_status() {
        let listener = TcpListener::bind(loopback(0)).unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let lines: Vec<String> = BufReader::new(stream.try_clone().unwrap())
                .lines()
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .collect();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
            lines
        });
        let headers = [("Authorization", "Bearer abc")];
        let code = status(address, "POST", "/timers/tick", &headers, Duration::from_secs(10)).unwrap();
        assert_eq!(code, 204);
        let lines = server.join().unwrap();
        assert_eq!(lines.first().map(String::as_str), Some("POST /timers/tick HTTP/1.1"));
        assert!(lines.iter().any(|line| line == "Authorization: Bearer abc"), "{lines:?}");
    }

    #[test]
    fn what_is_not_http_has_no_status() {
        assert_eq!(parse_status(b"HTTP/1.1 200 OK\r\nDate: x"), Some(200));
        assert_eq!(parse_status(b"SSH-2.0-OpenSSH\r\n"), None);
        assert_eq!(parse_status(b"HTTP/1.1 2"), None);
        assert_eq!(parse_status(b""), None);
    }
}
