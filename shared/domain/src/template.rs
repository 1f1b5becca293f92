//! Reply templates: texts with variables (H15).

/// What the variables stand for; `None` where there is nothing to put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Values<'a> {
    /// `{customer}`: the customer's name.
    pub customer: Option<&'a str>,
    /// `{order}`: the order's number as the customer knows it.
    pub order: Option<&'a str>,
    /// `{agent}`: the name of who answers.
    pub agent: Option<&'a str>,
    /// `{shop}`: the shop's name.
    pub shop: Option<&'a str>,
}

/// The variables that exist, in the order of the help text.
pub const VARIABLES: [&str; 4] = ["customer", "order", "agent", "shop"];

impl<'a> Values<'a> {
    /// `None` if there is no such variable, `Some(None)` if it has no value here.
    fn get(&self, name: &str) -> Option<Option<&'a str>> {
        match name {
            "customer" => Some(self.customer),
            "order" => Some(self.order),
            "agent" => Some(self.agent),
            "shop" => Some(self.shop),
            _ => None,
        }
    }
}

/// A template with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// The text. Unknown variables stand in it as they were; those without a value are left out.
    pub text: String,
    /// Names in braces that are no variables, each once, in order.
    pub unknown: Vec<String>,
    /// Variables used that have no value here, each once, in order: something to look at before sending.
    pub missing: Vec<String>,
}

/// Fills in a template. Only `{name}` with lower-case letters and underscores is a variable; every other brace is text.
/// A value is put in as it is: braces in it are not looked at again.
#[must_use]
pub fn render(template: &str, values: &Values<'_>) -> Rendered {
    let mut out = Rendered::default();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.text.push_str(before);
        let inner = from.get(1..).unwrap_or("");
        let name_end = inner.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(inner.len());
        let (name, after) = inner.split_at(name_end);
        let Some(after) = after.strip_prefix('}').filter(|_| !name.is_empty()) else {
            out.text.push('{');
            rest = inner;
            continue;
        };
        let note = |list: &mut Vec<String>| {
            if !list.iter().any(|n| n == name) {
                list.push(name.to_owned());
            }
        };
        match values.get(name) {
            Some(Some(value)) => out.text.push_str(value),
            Some(None) => note(&mut out.missing),
            None => {
                out.text.push('{');
                out.text.push_str(name);
                out.text.push('}');
                note(&mut out.unknown);
            }
        }
        rest = after;
    }
    out.text.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values() -> Values<'static> {
        Values { customer: Some("Piotr {order}"), order: Some("EMP-2"), agent: Some("Anna"), shop: None }
    }

    #[test]
    fn variables_are_filled_in_once() {
        let r = render("Dzień dobry {customer}, zamówienie {order}{order}. {agent}", &values());
        assert_eq!(r.text, "Dzień dobry Piotr {order}, zamówienie EMP-2EMP-2. Anna");
        assert!(r.unknown.is_empty() && r.missing.is_empty());
    }

    #[test]
    fn unknown_and_missing_ones_are_reported() {
        let r = render("{shop}{klient}{shop}{klient}!", &values());
        assert_eq!(r.text, "{klient}{klient}!");
        assert_eq!((r.unknown, r.missing), (vec!["klient".to_owned()], vec!["shop".to_owned()]));
    }

    #[test]
    fn other_braces_are_text() {
        for text in ["{", "{}", "}{", "{ order }", "{{", "{Order}", "{order", "{zażółć}", "{a1}"] {
            let r = render(text, &values());
            assert_eq!(r.text, text);
            assert!(r.unknown.is_empty(), "{text}");
        }
        assert_eq!(render("{{order}}", &values()).text, "{EMP-2}");
    }

    #[test]
    fn every_listed_variable_exists() {
        for name in VARIABLES {
            assert!(render(&format!("{{{name}}}"), &values()).unknown.is_empty(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn text_without_opening_braces_stays(text in "[^{]{0,60}") {
            prop_assert_eq!(render(&text, &values()).text, text);
        }

        #[test]
        fn nothing_panics(text in "([{}a-zż ]|\\{order\\}){0,40}") {
            let _ = render(&text, &values());
        }
    }
}
