//! Whether a document is OpenAPI. For tests.

use serde_json::Value;
use std::collections::BTreeSet;

/// What is wrong with a document as OpenAPI 3.1 (<https://spec.openapis.org/oas/v3.1.0>), as far as ours uses it: members
/// that have to be there, names that have to be unique or declared, references that have to lead somewhere, schemas that
/// have to be JSON Schema 2020-12.
#[must_use]
pub fn faults(document: &Value) -> Vec<String> {
    let mut faults = Faults { document, found: Vec::new(), ids: BTreeSet::new() };
    faults.root();
    faults.found
}

struct Faults<'a> {
    document: &'a Value,
    found: Vec<String>,
    ids: BTreeSet<&'a str>,
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn members<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}

fn items<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl<'a> Faults<'a> {
    fn needs(&mut self, good: bool, what: impl FnOnce() -> String) {
        if !good {
            self.found.push(what());
        }
    }

    /// What a reference leads to; the value itself if it is none.
    fn resolved(&mut self, value: &'a Value) -> &'a Value {
        let Some(to) = value.get("$ref").and_then(Value::as_str) else { return value };
        let found = to.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
        self.needs(found.is_some(), || format!("{to} leads nowhere"));
        found.unwrap_or(&Value::Null)
    }

    fn root(&mut self) {
        let d = self.document;
        self.needs(word(d, "openapi").starts_with("3.1."), || "openapi is not 3.1".into());
        let info = d.get("info").unwrap_or(&Value::Null);
        for name in ["title", "version"] {
            self.needs(!word(info, name).is_empty(), || format!("info has no {name}"));
        }
        self.references(d);
        for (path, item) in members(d, "paths") {
            self.needs(path.starts_with('/'), || format!("{path} is no path"));
            for (method, operation) in item.as_object().into_iter().flatten() {
                self.needs(METHODS.contains(&method.as_str()), || format!("{path} has a method {method}"));
                self.operation(&format!("{method} {path}"), path, operation);
            }
        }
        let components = d.get("components").unwrap_or(&Value::Null);
        for (section, all) in components.as_object().into_iter().flatten() {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            for name in all.as_object().into_iter().flatten().map(|(name, _)| name) {
                self.needs(name.chars().all(plain), || format!("{section} has a name {name}"));
            }
        }
        for (name, schema) in members(components, "schemas") {
            let good = jsonschema::draft202012::meta::is_valid(schema);
            self.needs(good, || format!("{name} is no schema"));
        }
        for (name, response) in members(components, "responses") {
            self.response(name, response);
        }
    }

    fn references(&mut self, value: &'a Value) {
        match value {
            Value::Object(all) => {
                self.resolved(value);
                all.values().for_each(|v| self.references(v));
            }
            Value::Array(all) => all.iter().for_each(|v| self.references(v)),
            _ => {}
        }
    }

    fn operation(&mut self, name: &str, path: &str, o: &'a Value) {
        let id = word(o, "operationId");
        let unique = !id.is_empty() && self.ids.insert(id);
        self.needs(unique, || format!("{name}: the operationId {id:?} is not its own"));
        for tag in items(o, "tags").filter_map(Value::as_str) {
            let known = items(self.document, "tags").any(|t| word(t, "name") == tag);
            self.needs(known, || format!("{name}: the tag {tag} is not declared"));
        }
        self.parameters(name, path, o);
        let schemes = self.document.pointer("/components/securitySchemes").unwrap_or(&Value::Null);
        for scheme in items(o, "security").filter_map(Value::as_object).flatten().map(|(scheme, _)| scheme) {
            self.needs(schemes.get(scheme).is_some(), || format!("{name}: {scheme} is not declared"));
        }
        if let Some(body) = o.get("requestBody") {
            self.content(name, body, true);
        }
        self.needs(members(o, "responses").next().is_some(), || format!("{name} has no responses"));
        for (status, response) in members(o, "responses") {
            let good = status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit());
            self.needs(good, || format!("{name}: {status} is no status"));
            let response = self.resolved(response);
            self.response(&format!("{name} {status}"), response);
        }
    }

    fn parameters(&mut self, name: &str, path: &str, o: &'a Value) {
        let mut known = BTreeSet::new();
        for parameter in items(o, "parameters") {
            let parameter = self.resolved(parameter);
            let (called, place) = (word(parameter, "name"), word(parameter, "in"));
            let good = ["path", "query", "header", "cookie"].contains(&place) && !called.is_empty();
            self.needs(good, || format!("{name}: a parameter without a name or place"));
            self.needs(known.insert((place, called)), || format!("{name}: {called} is there twice"));
            let schema = parameter.get("schema").unwrap_or(&Value::Null);
            let described = jsonschema::draft202012::meta::is_valid(schema) && schema.is_object();
            self.needs(described, || format!("{name}: {called} has no schema"));
            let required = parameter.get("required") == Some(&Value::Bool(true));
            self.needs(place != "path" || required, || format!("{name}: {called} is not required"));
        }
        let declared: BTreeSet<&str> = known.iter().filter(|(p, _)| *p == "path").map(|(_, n)| *n).collect();
        let named = path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')).collect();
        self.needs(declared == named, || {
            format!("{name}: the path has {named:?}, declared are {declared:?}")
        });
    }

    fn response(&mut self, name: &str, response: &'a Value) {
        self.needs(!word(response, "description").is_empty(), || format!("{name} is not described"));
        self.content(name, response, false);
    }

    fn content(&mut self, name: &str, holder: &'a Value, needed: bool) {
        let mut any = false;
        for (media, content) in members(holder, "content") {
            any = true;
            let schema = content.get("schema").unwrap_or(&Value::Null);
            let good = schema.is_object() && jsonschema::draft202012::meta::is_valid(schema);
            self.needs(good && media.contains('/'), || format!("{name}: {media} has no schema"));
        }
        self.needs(any || !needed, || format!("{name} has no content"));
    }
}
