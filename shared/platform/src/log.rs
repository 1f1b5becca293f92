//! Log lines: what Spin does with a component's standard output and error (`.spin/logs`, `spin aka logs`).

use mostek_ports::{Level, Log};
use std::io::Write;

/// Writes information to standard output, warnings and errors to standard error. The engine adds component and time.
#[derive(Clone, Copy, Default)]
pub struct SpinLog;

impl Log for SpinLog {
    fn write(&self, level: Level, line: &str) {
        // Not `println!`: it panics where the stream is closed. A log line that cannot be written has nowhere to be
        // reported.
        let _ = match level {
            Level::Info => std::io::stdout().write_all(record("info", line).as_bytes()),
            Level::Warning => std::io::stderr().write_all(record("warning", line).as_bytes()),
            Level::Error => std::io::stderr().write_all(record("error", line).as_bytes()),
        };
    }
}

/// One record on one line, whatever is in it: control characters are escaped, so that nobody can forge a second record
/// or steer a terminal.
fn record(level: &str, line: &str) -> String {
    let mut out = String::with_capacity(line.len() + level.len() + 3);
    out.push_str(level);
    out.push_str(": ");
    for c in line.chars() {
        // The two separators are no control characters, but some viewers break lines at them.
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stays_on_one_line() {
        assert_eq!(record("error", "a\r\nerror: forged"), "error: a\\r\\nerror: forged\n");
        assert_eq!(record("info", "\u{1b}[2J\u{2028}x"), "info: \\u{1b}[2J\\u{2028}x\n");
    }

    #[test]
    fn polish_letters_are_left_alone() {
        assert_eq!(record("info", "Zażółć"), "info: Zażółć\n");
    }
}
