//! Log lines as a port. Secrets and personal data never go here.

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Normal course of things.
    Info,
    /// Something a person should look at some day.
    Warning,
    /// Something failed.
    Error,
}

/// Writes log lines.
pub trait Log {
    /// Writes one line; line breaks in `line` are the implementation's to escape.
    fn write(&self, level: Level, line: &str);
}
