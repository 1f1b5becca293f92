//! Which marketplaces there are. Another instance of a known protocol is one more entry, not one more program (H8).

use crate::access::BaseAddress;
use crate::marketplace::Marketplace;
use crate::mirakl::Mirakl;
use thiserror::Error;

/// The implementations.
static MIRAKL: Mirakl = Mirakl;

/// A protocol that is implemented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Mirakl's seller API.
    Mirakl,
}

impl Protocol {
    fn from_name(name: &str) -> Option<Self> {
        (name == "mirakl").then_some(Self::Mirakl)
    }
}

/// A kind of marketplace that connections can be made to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// The name: kept in connections, shown as the source of tickets, 1 to 40 letters, digits and dashes.
    pub name: String,
    /// Its protocol.
    pub protocol: Protocol,
    /// The address proposed for new connections.
    pub default_base: Option<BaseAddress>,
}

impl Kind {
    /// The implementation of the kind's protocol.
    #[must_use]
    pub fn marketplace(&self) -> &'static dyn Marketplace {
        match self.protocol {
            Protocol::Mirakl => &MIRAKL,
        }
    }
}

/// Why the setting that adds kinds cannot be used.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{0:?} is not of the form Name=mirakl or Name=mirakl,https://address")]
pub struct KindError(pub String);

/// The kind that any other instance of Mirakl is connected as.
pub const ANY: &str = "Mirakl";

/// All kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry(Vec<Kind>);

impl Default for Registry {
    fn default() -> Self {
        let empik = Kind {
            name: "EmpikPlace".to_owned(),
            protocol: Protocol::Mirakl,
            default_base: BaseAddress::parse("https://marketplace.empik.com").ok(),
        };
        let any = Kind { name: ANY.to_owned(), protocol: Protocol::Mirakl, default_base: None };
        Self(vec![empik, any])
    }
}

impl Registry {
    /// The built-in kinds and those of a setting: entries `Name=protocol[,base address]`, separated by `;`. An entry
    /// with the name of another replaces it.
    ///
    /// # Errors
    /// [`KindError`] names the first entry that cannot be read.
    pub fn with_setting(setting: &str) -> Result<Self, KindError> {
        let mut all = Self::default();
        for entry in setting.split(';').map(str::trim).filter(|e| !e.is_empty()) {
            let wrong = || KindError(entry.to_owned());
            let (name, rest) = entry.split_once('=').ok_or_else(wrong)?;
            let (protocol, base) = match rest.split_once(',') {
                Some((p, b)) => (p, Some(b)),
                None => (rest, None),
            };
            let name = name.trim();
            let named = (1..=40).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if !named {
                return Err(wrong());
            }
            let kind = Kind {
                name: name.to_owned(),
                protocol: Protocol::from_name(protocol.trim()).ok_or_else(wrong)?,
                default_base: base.map(BaseAddress::parse).transpose().map_err(|_| wrong())?,
            };
            all.0.retain(|k| k.name != kind.name);
            all.0.push(kind);
        }
        Ok(all)
    }

    /// The kind of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.0.iter().find(|k| k.name == name)
    }

    /// All kinds, in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empik_is_there_with_its_address() {
        let registry = Registry::default();
        let kind = registry.get("EmpikPlace").unwrap();
        assert_eq!(kind.default_base.as_ref().unwrap().to_string(), "https://marketplace.empik.com");
        let page = kind.marketplace().order_page(kind.default_base.as_ref().unwrap(), "EMP-2-A").unwrap();
        assert_eq!(page.as_str(), "https://marketplace.empik.com/mmp/shop/order/EMP-2-A");
        assert!(registry.get("Nowhere").is_none());
    }

    #[test]
    fn another_instance_is_configuration() {
        let registry = Registry::with_setting("Leroy-Merlin=mirakl,https://lm.example ; X=mirakl;").unwrap();
        assert_eq!(
            registry.iter().map(|k| k.name.as_str()).collect::<Vec<_>>(),
            ["EmpikPlace", "Mirakl", "Leroy-Merlin", "X"]
        );
        assert_eq!(registry.get("X").unwrap().default_base, None);
        assert_eq!(registry.get("Leroy-Merlin").unwrap().protocol, Protocol::Mirakl);
        let replaced = Registry::with_setting("EmpikPlace=mirakl,http://127.0.0.1:4000/mirakl").unwrap();
        assert_eq!(replaced.iter().filter(|k| k.name == "EmpikPlace").count(), 1);
        for bad in ["X", "=mirakl", "X=amazon", "X=mirakl,ftp://a", "a b=mirakl"] {
            assert_eq!(Registry::with_setting(bad), Err(KindError(bad.into())), "{bad}");
        }
    }
}
