//! Settings out of the application's variables.

use mostek_ports::{Settings, SettingsError};
use spin_sdk::variables::{self, Error};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The component's variables (spin.toml). Each is asked for once per request, since a provider may be a vault across the
/// network; never longer, since a secret may be replaced while the instance lives.
#[derive(Clone, Default)]
pub struct SpinSettings {
    read: Rc<RefCell<BTreeMap<String, Option<String>>>>,
}

impl Settings for SpinSettings {
    async fn get(&self, name: &str) -> Result<Option<String>, SettingsError> {
        if let Some(known) = self.read.borrow().get(name) {
            return Ok(known.clone());
        }
        let value = value(name, variables::get(name).await)?;
        self.read.borrow_mut().insert(name.to_owned(), value.clone());
        Ok(value)
    }
}

/// An undefined variable is no value, as an empty one is; anything else the provider says is an error.
fn value(name: &str, answer: Result<String, Error>) -> Result<Option<String>, SettingsError> {
    match answer {
        Ok(v) => Ok(Some(v).filter(|v| !v.is_empty())),
        Err(Error::Undefined(_)) => Ok(None),
        Err(Error::InvalidName(why) | Error::Provider(why) | Error::Other(why)) => {
            Err(SettingsError { name: name.to_owned(), reason: why })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undefined_or_empty_variable_is_no_value() {
        assert_eq!(value("a", Err(Error::Undefined("a".into()))), Ok(None));
        assert_eq!(value("a", Ok(String::new())), Ok(None));
        assert_eq!(value("a", Ok("x".into())), Ok(Some("x".into())));
    }

    #[test]
    fn a_provider_that_fails_is_not_an_undefined_variable() {
        let e = value("sealing_key", Err(Error::Provider("vault sealed".into()))).unwrap_err();
        assert_eq!(e.to_string(), "the setting sealing_key could not be read: vault sealed");
    }
}
