//! Holds what components really answer against the document. For tests: their helpers call [`exchange`] for every request.

use crate::document::document;
use crate::operation::Operation;
use crate::problem::PROBLEM_TYPE;
use crate::{BASE, Missing, find};
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// A request and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// The method.
    pub method: &'a str,
    /// The path and query as they were sent.
    pub uri: &'a str,
    /// The request's media type and body; empty for none.
    pub sent: (&'a str, &'a [u8]),
    /// The answer's status.
    pub status: u16,
    /// The answer's media type; empty for none.
    pub media_type: &'a str,
    /// The answer's `Location`.
    pub location: Option<&'a str>,
    /// The answer's body.
    pub body: &'a [u8],
}

/// Checks an exchange; requests outside the API pass.
///
/// # Errors
/// What is not as it is described.
pub fn exchange(e: &Exchange<'_>) -> Result<(), String> {
    let (path, query) = e.uri.split_once('?').unwrap_or((e.uri, ""));
    if !path.starts_with(BASE) {
        return Ok(());
    }
    let wrong = |what: String| format!("{} {path} -> {}: {what}", e.method, e.status);
    let method = if e.method == "HEAD" { "GET" } else { e.method };
    let pieces: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let operation = match find(method, &pieces) {
        Ok(operation) => operation,
        Err(missing) => return undeclared(e, &missing).map_err(wrong),
    };
    let problem = media(e.media_type) == PROBLEM_TYPE;
    if !problem && e.status != operation.answer.status {
        return Err(wrong("a status that is not declared".into()));
    }
    if problem {
        let declared = operation.all_refusals().iter().any(|r| r.status == e.status);
        if !declared {
            return Err(wrong(format!("a refusal that is not declared: {}", text(e.body))));
        }
        return body(operation, e).map_err(wrong);
    }
    for (name, _) in form_urlencoded::parse(query.as_bytes()) {
        if !operation.query.iter().any(|p| p.name == name) {
            return Err(wrong(format!("the query's {name} is not declared")));
        }
    }
    if operation.answer.location && e.location.is_none() {
        return Err(wrong("there is no Location".into()));
    }
    request(operation, e).map_err(wrong)?;
    body(operation, e).map_err(wrong)
}

/// What is not declared is refused, as a problem.
fn undeclared(e: &Exchange<'_>, missing: &Missing) -> Result<(), String> {
    let expected = match missing {
        Missing::Path => 404,
        Missing::Method { .. } => 405,
    };
    // Before it is looked at who asks, the store may be out of reach, or the company one of others.
    if e.status != expected && !matches!(e.status, 403 | 500 | 503) {
        return Err(format!("there is no such operation ({missing:?}): {}", text(e.body)));
    }
    if media(e.media_type) != PROBLEM_TYPE {
        return Err(format!("a refusal of the type {:?}", e.media_type));
    }
    valid(strict(), &json!({ "$ref": "#/components/schemas/Problem" }), "problem", &parsed(e.body)?)
}

/// What was taken is of the shape that is described.
fn request(o: &Operation, e: &Exchange<'_>) -> Result<(), String> {
    if o.body.is_none() || media(e.sent.0) != "application/json" {
        return Ok(());
    }
    let schema = at(o, &["requestBody", "content", "application/json", "schema"])?;
    valid(published(), &schema, &format!("{} takes", o.id), &parsed(e.sent.1)?)
}

fn body(o: &Operation, e: &Exchange<'_>) -> Result<(), String> {
    let status = e.status.to_string();
    let content = at(o, &["responses", &status])?.get("content").cloned();
    let Some(content) = content else {
        return if e.body.is_empty() { Ok(()) } else { Err("a body that is not declared".into()) };
    };
    // A file may be of any type.
    if content.get("*/*").is_some() || e.method == "HEAD" {
        return Ok(());
    }
    let media = media(e.media_type);
    let schema = content
        .get(&media)
        .and_then(|m| m.get("schema"))
        .ok_or_else(|| format!("the type {media:?} is not declared"))?;
    valid(strict(), schema, &format!("{} {status}", o.id), &parsed(e.body)?)
}

fn media(header: &str) -> String {
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

fn parsed(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|e| format!("{e}: {}", text(body)))
}

fn at(o: &Operation, path: &[&str]) -> Result<Value, String> {
    let all = published().as_ref().map_err(Clone::clone)?;
    let mut here = all.get("paths").and_then(|p| p.get(o.path)?.get(o.verb.name().to_lowercase()));
    for piece in path {
        here = here.and_then(|h| h.get(piece));
        // Operations share their refusals.
        let shared = here.and_then(|h| h.get("$ref")?.as_str()?.strip_prefix('#'));
        here = shared.filter(|to| to.contains("/responses/")).map_or(here, |to| all.pointer(to));
    }
    here.cloned().ok_or_else(|| format!("the document has no {path:?} of {}", o.id))
}

/// The document, or why there is none.
type Document = Result<Value, String>;

/// The document as it is handed out.
fn published() -> &'static Document {
    static PUBLISHED: OnceLock<Document> = OnceLock::new();
    PUBLISHED.get_or_init(|| document("test").map_err(|e| e.to_string()))
}

/// The document with answers that may hold nothing but what is described: clients have to pass over what they do not
/// know, we have to describe everything.
fn strict() -> &'static Document {
    static STRICT: OnceLock<Document> = OnceLock::new();
    STRICT.get_or_init(|| {
        let mut all = published().clone()?;
        let schemas = all.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
        schemas.into_iter().flatten().for_each(|(_, schema)| close(schema, false));
        Ok(all)
    })
}

/// Objects get no members besides those that are described. `branch`: a part of an object whose other parts are
/// elsewhere, so that only the whole can be closed.
fn close(schema: &mut Value, branch: bool) {
    let Value::Object(members) = schema else { return };
    let composed = ["oneOf", "anyOf", "allOf"];
    let is_object = members.contains_key("properties") || composed.iter().any(|c| members.contains_key(*c));
    for (name, value) in members.iter_mut() {
        match (name.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(|p| close(p, false));
            }
            ("oneOf" | "anyOf" | "allOf", Value::Array(branches)) => {
                branches.iter_mut().for_each(|b| close(b, true));
            }
            ("items" | "additionalProperties", value) => close(value, false),
            _ => {}
        }
    }
    if is_object && !branch && !members.contains_key("additionalProperties") {
        members.insert("unevaluatedProperties".into(), json!(false));
    }
}

fn valid(document: &Document, schema: &Value, name: &str, value: &Value) -> Result<(), String> {
    let validator = validator(document, schema, name)?;
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("{name}: {}\n{value:#}", errors.join("; "))) }
}

/// Compiling takes longer than checking, and the same answers come again and again.
fn validator(document: &Document, schema: &Value, name: &str) -> Result<Arc<Validator>, String> {
    static KNOWN: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().map_err(|e| e.to_string())?;
    if let Some(validator) = known.get(name) {
        return Ok(Arc::clone(validator));
    }
    let components = document.as_ref().map_err(Clone::clone)?.get("components").cloned().unwrap_or_default();
    let mut whole = Map::new();
    whole.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("allOf".into(), json!([schema]));
    whole.insert("components".into(), components);
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&Value::Object(whole))
        .map_err(|e| format!("{name}: {e}"))?;
    let validator = Arc::new(validator);
    known.insert(name.to_owned(), Arc::clone(&validator));
    Ok(validator)
}
