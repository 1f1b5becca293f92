//! The secrets of this checkout's own hub: made once, kept where only their owner can read them.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Values of the manifest's secret variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets {
    /// Base64 of 32 bytes.
    pub sealing_key: String,
    /// 32 hexadecimal digits.
    pub tick_secret: String,
    /// Twelve digits in groups, to be typed by a person.
    pub setup_code: String,
}

impl Secrets {
    /// Reads the file, or makes new secrets and writes it with mode 0600. Stored secrets are sealed with one of
    /// them, so a file that cannot be read is an error and never replaced.
    pub fn load_or_make(file: &Path) -> Result<Self> {
        match fs::read_to_string(file) {
            Ok(text) => Self::from_json(&text).with_context(|| format!("read {}", file.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let secrets = Self::random()?;
                let mut created = fs::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(file)
                    .with_context(|| format!("create {}", file.display()))?;
                created.write_all(secrets.to_json().as_bytes())?;
                Ok(secrets)
            }
            Err(error) => Err(error).with_context(|| format!("read {}", file.display())),
        }
    }

    fn random() -> Result<Self> {
        let mut bytes = [0_u8; 56];
        getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
        let (key, rest) = bytes.split_at(32);
        let (tick, code) = rest.split_at(16);
        let tick_secret = tick.iter().map(|byte| format!("{byte:02x}")).collect();
        let digits = code.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte)) % 1_000_000_000_000;
        let setup_code =
            format!("{:04}-{:04}-{:04}", digits / 100_000_000, digits / 10_000 % 10_000, digits % 10_000);
        Ok(Self { sealing_key: STANDARD.encode(key), tick_secret, setup_code })
    }

    fn to_json(&self) -> String {
        format!(
            "{:#}\n",
            json!({
                "sealing_key": self.sealing_key,
                "tick_secret": self.tick_secret,
                "setup_code": self.setup_code,
            })
        )
    }

    fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)?;
        let field = |name: &str| {
            let text = value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            text.map(str::to_owned).with_context(|| format!("it has no {name}"))
        };
        Ok(Self {
            sealing_key: field("sealing_key")?,
            tick_secret: field("tick_secret")?,
            setup_code: field("setup_code")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn secrets_are_made_once_and_are_readable_by_their_owner_only() {
        let file = std::env::temp_dir().join(format!("xtask-secrets-{}", std::process::id()));
        let _ = fs::remove_file(&file);
        let made = Secrets::load_or_make(&file).unwrap();
        assert_eq!(Secrets::load_or_make(&file).unwrap(), made);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(STANDARD.decode(&made.sealing_key).unwrap().len(), 32);
        assert_eq!(made.tick_secret.len(), 32);
        assert_eq!(made.setup_code.len(), 14);

        fs::write(&file, "{\"sealing_key\": \"k\"}").unwrap();
        let error = format!("{:#}", Secrets::load_or_make(&file).unwrap_err());
        assert!(error.contains("tick_secret"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "{\"sealing_key\": \"k\"}", "never replaced");
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn no_two_installations_share_a_secret() {
        let (one, other) = (Secrets::random().unwrap(), Secrets::random().unwrap());
        assert_ne!(one.sealing_key, other.sealing_key);
        assert_ne!(one.tick_secret, other.tick_secret);
        assert_ne!(one.setup_code, other.setup_code);
    }
}
