//! Configuration as a port (Spin's application variables).

use thiserror::Error;

/// The provider of settings did not answer.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("the setting {name} could not be read: {reason}")]
pub struct SettingsError {
    /// The setting's name.
    pub name: String,
    /// What the provider said.
    pub reason: String,
}

/// Reads one setting by its name (lower snake case, declared in spin.toml).
#[allow(async_fn_in_trait)]
pub trait Settings {
    /// The value; an empty or undefined one is `None`.
    async fn get(&self, name: &str) -> Result<Option<String>, SettingsError>;
}
