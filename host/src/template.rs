//! Strings with `{{ variable }}` in them.
//!
//! Mirrors `crates/expressions/src/template.rs` of Spin: no escapes, no expressions other than a variable name.

use crate::variables::VariableError;

/// A string cut into literal text and variable names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Variable(String),
}

impl Template {
    /// Cuts `text`.
    ///
    /// # Errors
    /// `InvalidTemplate` when a `{{` has no `}}`.
    pub fn parse(text: &str) -> Result<Self, VariableError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("{{") {
                let Some((name, tail)) = after.split_once("}}") else {
                    return Err(VariableError::InvalidTemplate("unmatched '{{' in template".into()));
                };
                parts.push(Part::Variable(name.trim().to_owned()));
                rest = tail;
            } else {
                let (literal, tail) = rest.split_at(rest.find("{{").unwrap_or(rest.len()));
                parts.push(Part::Literal(literal.to_owned()));
                rest = tail;
            }
        }
        Ok(Self { parts })
    }

    /// Whether no variable occurs in it.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.variables().next().is_none()
    }

    /// The variables it names, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// The text with every variable replaced by what `value_of` says.
    ///
    /// # Errors
    /// The first error of `value_of`.
    pub fn render(
        &self,
        mut value_of: impl FnMut(&str) -> Result<String, VariableError>,
    ) -> Result<String, VariableError> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Variable(name) => text.push_str(&value_of(name)?),
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shout(text: &str) -> String {
        Template::parse(text).unwrap().render(|name| Ok(name.to_uppercase())).unwrap()
    }

    #[test]
    fn variables_are_replaced_and_the_rest_is_kept() {
        assert_eq!(shout("https://{{ host }}:{{port}}/x"), "https://HOST:PORT/x");
        assert_eq!(shout("{{a}}{{b}}"), "AB");
        assert_eq!(shout("plain } text }} {"), "plain } text }} {");
        assert_eq!(shout(""), "");
    }

    #[test]
    fn an_open_brace_pair_is_refused() {
        assert!(matches!(Template::parse("x {{ a"), Err(VariableError::InvalidTemplate(_))));
    }

    #[test]
    fn literal_means_without_variables() {
        assert!(Template::parse("abc").unwrap().is_literal());
        assert!(!Template::parse("a{{b}}").unwrap().is_literal());
    }
}
