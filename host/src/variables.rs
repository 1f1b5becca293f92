//! Application variables, and what each component may see of them.
//!
//! Mirrors `crates/expressions/src/lib.rs`, `crates/variables-env` and `crates/variables-static` of Spin: a value given
//! on the command line wins over the environment (`SPIN_VARIABLE_<UPPER>`), which wins over the manifest's default.
//! Values are asked for at every `get`; a component sees only the variables its own table defines.

use std::collections::{BTreeMap, HashMap};

use crate::manifest::{Component, Manifest};
use crate::template::Template;

/// Prefix of environment variables that give application variables.
pub const ENVIRONMENT_PREFIX: &str = "SPIN_VARIABLE_";

/// Why a variable has no value. The variants and their texts are those a component gets from Spin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VariableError {
    /// The name breaks the rules of [`check_name`].
    #[error("invalid variable name: {0}")]
    InvalidName(String),
    /// A template does not parse or names a variable the application does not have.
    #[error("invalid variable template: {0}")]
    InvalidTemplate(String),
    /// Nobody gave a value to a required variable.
    #[error("provider error: {0}")]
    Provider(String),
    /// The component does not declare it.
    #[error("undefined variable: {0}")]
    Undefined(String),
}

/// Checks a variable name: lower-case ASCII letters, digits and single underscores, starting with a letter and not
/// ending with an underscore.
///
/// # Errors
/// `InvalidName` with the reason.
pub fn check_name(name: &str) -> Result<(), VariableError> {
    let reason = if name.is_empty() {
        "must not be empty".to_owned()
    } else if let Some(c) =
        name.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_'))
    {
        format!(
            "invalid character {c:?}. Variable names may contain only lower-case letters, numbers, and underscores."
        )
    } else if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        "must start with a lowercase ASCII letter".to_owned()
    } else if name.ends_with('_') {
        "must end with a lowercase ASCII letter or digit".to_owned()
    } else if name.contains("__") {
        "must not contain multiple consecutive underscores".to_owned()
    } else {
        return Ok(());
    };
    Err(VariableError::InvalidName(format!("{name:?}: {reason}")))
}

/// Where values come from that are not in the manifest.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// From `--variable name=value`.
    pub command_line: HashMap<String, String>,
    /// The process environment, whole names (`SPIN_VARIABLE_X`).
    pub environment: HashMap<String, String>,
}

impl Given {
    fn value(&self, name: &str) -> Option<&String> {
        let variable = || format!("{ENVIRONMENT_PREFIX}{}", name.to_ascii_uppercase());
        self.command_line.get(name).or_else(|| self.environment.get(&variable()))
    }
}

/// Resolves variables of the application and of its components.
#[derive(Debug)]
pub struct Variables {
    given: Given,
    defaults: BTreeMap<String, Option<String>>,
    components: HashMap<String, HashMap<String, Template>>,
}

impl Variables {
    /// Takes over the manifest's tables and checks that every template is sound and every required variable has a value.
    ///
    /// # Errors
    /// A sentence that says what is missing or wrong.
    pub fn new(manifest: &Manifest, given: Given) -> Result<Self, VariableError> {
        let defaults: BTreeMap<_, _> =
            manifest.variables.iter().map(|(name, v)| (name.clone(), v.default.clone())).collect();
        for name in defaults.keys() {
            check_name(name)?;
        }
        let mut variables = Self { given, defaults, components: HashMap::new() };
        for (id, component) in &manifest.components {
            let table = variables.component_table(component)?;
            variables.components.insert(id.clone(), table);
        }
        let missing: Vec<_> = variables
            .defaults
            .iter()
            .filter(|(name, default)| default.is_none() && variables.given.value(name).is_none())
            .map(|(name, _)| name.as_str())
            .collect();
        if let Some(first) = missing.first() {
            return Err(VariableError::Provider(format!(
                "no value for the required variable(s) {}: give one with --variable {first}=... or in the environment \
                 as {ENVIRONMENT_PREFIX}{}",
                missing.join(", "),
                first.to_ascii_uppercase()
            )));
        }
        Ok(variables)
    }

    fn component_table(&self, component: &Component) -> Result<HashMap<String, Template>, VariableError> {
        let mut table = HashMap::new();
        for (name, text) in &component.variables {
            check_name(name)?;
            let template = Template::parse(text)?;
            if let Some(unknown) = template.variables().find(|v| !self.defaults.contains_key(*v)) {
                return Err(VariableError::InvalidTemplate(format!("unknown variable {unknown:?}")));
            }
            table.insert(name.clone(), template);
        }
        Ok(table)
    }

    /// The value of an application variable.
    ///
    /// # Errors
    /// `InvalidName` when the application has no such variable, `Provider` when nobody gave it a value.
    pub fn application(&self, name: &str) -> Result<String, VariableError> {
        if let Some(value) = self.given.value(name).filter(|_| self.defaults.contains_key(name)) {
            return Ok(value.clone());
        }
        match self.defaults.get(name) {
            Some(Some(default)) => Ok(default.clone()),
            Some(None) => {
                Err(VariableError::Provider(format!("no provider resolved required variable {name:?}")))
            }
            None => Err(VariableError::InvalidName(name.to_owned())),
        }
    }

    /// What the component gets from `variables.get(name)`.
    ///
    /// # Errors
    /// `InvalidName`, `Undefined` when the component's table lacks it, `Provider` when a variable behind it has no value.
    pub fn component(&self, component: &str, name: &str) -> Result<String, VariableError> {
        check_name(name)?;
        let table = self
            .components
            .get(component)
            .ok_or_else(|| VariableError::Undefined(format!("no variable for component {component:?}")))?;
        let template = table
            .get(name)
            .ok_or_else(|| VariableError::Undefined(format!("no variable for {component:?}.{name:?}")))?;
        template.render(|name| self.application(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::parse;

    fn manifest() -> Manifest {
        parse(
            r#"
            spin_manifest_version = 2
            [application]
            name = "a"
            [variables]
            host = { default = "example.org" }
            token = { required = true, secret = true }
            [[trigger.http]]
            route = "/..."
            component = "c"
            [component.c]
            source = "c.wasm"
            [component.c.variables]
            url = "https://{{ host }}/{{ token }}"
            "#,
            None,
        )
        .unwrap()
    }

    fn given(command_line: &[(&str, &str)], environment: &[(&str, &str)]) -> Given {
        let map =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Given { command_line: map(command_line), environment: map(environment) }
    }

    #[test]
    fn the_command_line_wins_over_the_environment_over_the_default() {
        let value = |given| Variables::new(&manifest(), given).unwrap().component("c", "url").unwrap();
        assert_eq!(value(given(&[("token", "t")], &[])), "https://example.org/t");
        let environment = [("SPIN_VARIABLE_HOST", "env"), ("SPIN_VARIABLE_TOKEN", "e")];
        assert_eq!(value(given(&[], &environment)), "https://env/e");
        assert_eq!(value(given(&[("host", "cli")], &environment)), "https://cli/e");
    }

    #[test]
    fn a_missing_required_variable_stops_the_start_with_advice() {
        let error = Variables::new(&manifest(), Given::default()).unwrap_err().to_string();
        assert!(error.contains("token") && error.contains("SPIN_VARIABLE_TOKEN"), "{error}");
    }

    #[test]
    fn a_component_sees_only_its_own_table() {
        let variables = Variables::new(&manifest(), given(&[("token", "t")], &[])).unwrap();
        assert!(matches!(variables.component("c", "token"), Err(VariableError::Undefined(_))));
        assert!(matches!(variables.component("other", "url"), Err(VariableError::Undefined(_))));
        assert!(matches!(variables.component("c", "No"), Err(VariableError::InvalidName(_))));
    }

    #[test]
    fn templates_may_name_only_variables_of_the_application() {
        let mut manifest = manifest();
        manifest.components.get_mut("c").unwrap().variables.insert("x".into(), "{{ nope }}".into());
        let error = Variables::new(&manifest, given(&[("token", "t")], &[])).unwrap_err();
        assert!(matches!(error, VariableError::InvalidTemplate(_)));
    }

    #[test]
    fn names_follow_spins_rules() {
        for good in ["a", "a1", "a_b", "ab_c2"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", "A", "1a", "a_", "a__b", "a-b", "_a", "ą"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
