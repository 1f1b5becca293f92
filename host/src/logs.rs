//! Where the standard output and error of components go.
//!
//! Mirrors `crates/trigger/src/cli/stdio.rs` of Spin: `<log dir>/<component>_{stdout,stderr}.txt`, appended to, and
//! shown on the standard error of the host unless it is to be quiet.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use anyhow::Context as _;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

/// Both streams of one component.
#[derive(Clone)]
pub struct ComponentLogs {
    /// Standard output.
    pub stdout: LogStream,
    /// Standard error.
    pub stderr: LogStream,
}

impl ComponentLogs {
    /// Opens the files of `component` in `folder`.
    ///
    /// # Errors
    /// When a file cannot be opened.
    pub fn open(folder: &Path, component: &str, follow: bool) -> anyhow::Result<Self> {
        let open = |suffix: &str| {
            let path = folder.join(format!("{component}_{suffix}.txt"));
            let file = File::options().create(true).append(true).open(&path);
            let file = file.with_context(|| format!("Failed to open log file {}", path.display()))?;
            anyhow::Ok(LogStream { file: Arc::new(file), follow })
        };
        Ok(Self { stdout: open("stdout")?, stderr: open("stderr")? })
    }
}

/// One stream, shared by all instances of the component. Writes are appended whole.
#[derive(Clone)]
pub struct LogStream {
    file: Arc<File>,
    follow: bool,
}

impl LogStream {
    fn write_now(&self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.file).write_all(bytes)?;
        if self.follow {
            // A closed terminal is no reason to fail the component.
            _ = io::stderr().write_all(bytes);
        }
        Ok(bytes.len())
    }
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

// A short append to a file does not wait, so it is done in place.
impl AsyncWrite for LogStream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(self.write_now(bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_appended_to_files_named_after_the_component() {
        let folder = tempfile::tempdir().unwrap();
        for line in ["one\n", "two\n"] {
            let logs = ComponentLogs::open(folder.path(), "hub", false).unwrap();
            logs.stderr.write_now(line.as_bytes()).unwrap();
        }
        let text = std::fs::read_to_string(folder.path().join("hub_stderr.txt")).unwrap();
        assert_eq!(text, "one\ntwo\n");
        assert!(folder.path().join("hub_stdout.txt").exists());
    }
}
