//! The OpenAPI 3.1 document, made from the table of operations and the types it names.

use crate::operation::{Answer, Kind, Operation, Parameter, Refusal, Verb, Who};
use crate::problem::{PROBLEM_TYPE, Problem};
use crate::{PARTS, Part};
use mostek_domain::Role;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const ABOUT: &str = "\
Everything that people do on the hub's pages, for programs.

**Signing in.** Make a token on your account's page and send it as `Authorization: Bearer ...`. It may do what you may. \
A browser's session works too; requests that change something then need the header `X-CSRF-Token`, which is in every \
page's forms.

**Companies.** Everything belongs to a company. With more than one, name it in the header `X-Company-Id`; without it the \
first of yours is meant.

**Refusals** are `application/problem+json` (RFC 9457). Go by `type`, not by `title` and `detail`, which are sentences in \
your language.

**Lists** come in pages: `next` of one page goes into the query of the request for the next one, and is `null` on the \
last. A cursor is not to be read.

**Keys.** What must not happen twice takes a key that you choose, in the header `Idempotency-Key` or in the body. Send \
the same request with the same key until there is an answer: it counts once.

**What may change.** Members and values of enumerations may be added; pass over those that you do not know.";

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The name that two types with different descriptions have.
    pub name: String,
}

impl std::fmt::Display for Clash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "two types of the API are called {} and are not the same", self.name)
    }
}

impl std::error::Error for Clash {}

/// What is being described: what is sent and what is answered differ where a member has a default.
struct Schemas {
    sent: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Schemas {
    fn new() -> Self {
        let settings = || {
            let mut s = SchemaSettings::draft2020_12();
            s.definitions_path = "/components/schemas".into();
            s.meta_schema = None;
            s
        };
        Self { sent: settings().into_generator(), answered: settings().for_serialize().into_generator() }
    }

    fn sent(&mut self, kind: Kind) -> Value {
        (kind.schema)(&mut self.sent).to_value()
    }

    fn answered(&mut self, kind: Kind) -> Value {
        (kind.schema)(&mut self.answered).to_value()
    }

    fn all(mut self) -> Result<BTreeMap<String, Value>, Clash> {
        let mut all: BTreeMap<String, Value> = self.answered.take_definitions(true).into_iter().collect();
        for (name, schema) in self.sent.take_definitions(true) {
            if all.get(&name).is_some_and(|known| *known != schema) {
                return Err(Clash { name });
            }
            all.insert(name, schema);
        }
        Ok(all)
    }
}

/// The document for this version of the hub.
///
/// # Errors
/// [`Clash`]: a mistake in the types, which a test finds.
pub fn document(version: &str) -> Result<Value, Clash> {
    let mut schemas = Schemas::new();
    let problem = schemas.answered(Kind::of::<Problem<'static>>());
    let mut refusals = BTreeMap::new();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for part in PARTS {
        for o in part.operations {
            let described = operation(&mut schemas, &mut refusals, part, o);
            paths.entry(o.path).or_default().insert(o.verb.name().to_lowercase(), described);
        }
    }
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mostek",
            "version": version,
            "summary": "An integration hub: marketplaces and customer service in one place.",
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "This hub." }],
        "tags": PARTS.iter().map(|p| json!({ "name": p.name, "description": p.about })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas.all()?,
            "responses": refusals.iter().map(|(name, all)| (name, refused(all, &problem))).collect::<BTreeMap<_, _>>(),
            "parameters": {
                "CompanyId": {
                    "name": "X-Company-Id",
                    "in": "header",
                    "description": "The company to work in, by its id; without it the first of your own.",
                    "schema": { "type": "string" },
                },
                "IdempotencyKey": {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "description": "A key of your choice, 1 to 200 visible ASCII characters, here or in the body's `key`: \
                        with the same key the request counts once.",
                    "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
                },
            },
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A personal token from your account's page." },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "mostek_session",
                    "description": "A browser's session.",
                },
                "csrf": {
                    "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
                    "description": "The token in the forms of the session's pages.",
                },
            },
        },
    }))
}

/// Refusals of one status, by the name under which operations share them.
type Refusals = BTreeMap<String, Vec<Refusal>>;

fn operation(schemas: &mut Schemas, refusals: &mut Refusals, part: &Part, o: &Operation) -> Value {
    let pieces = o.pieces.iter().map(|p| parameter(schemas, p, "path"));
    let mut parameters: Vec<Value> = pieces.collect();
    parameters.extend(o.query.iter().map(|p| parameter(schemas, p, "query")).collect::<Vec<_>>());
    if o.who != Who::Anybody {
        parameters.push(json!({ "$ref": "#/components/parameters/CompanyId" }));
    }
    if o.key {
        parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
    }
    let who = who(o.who);
    let about = [o.about, &who].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n\n");
    let mut out = json!({
        "operationId": o.id,
        "tags": [part.name],
        "summary": o.summary,
        "description": about,
        "parameters": parameters,
        "responses": responses(schemas, refusals, o),
        "security": security(o),
    });
    if let (Some(kind), Some(members)) = (o.body, out.as_object_mut()) {
        let schema = schemas.sent(kind);
        let mut content = Map::new();
        if o.files {
            let files = json!({
                "type": "object",
                "properties": {
                    "files": { "type": "array", "items": { "type": "string", "contentMediaType": "application/octet-stream" } },
                },
            });
            content.insert(
                "multipart/form-data".into(),
                json!({ "schema": { "allOf": [schema.clone(), files] } }),
            );
        }
        content.insert("application/json".into(), json!({ "schema": schema }));
        members.insert("requestBody".into(), json!({ "required": true, "content": content }));
    }
    out
}

fn parameter(schemas: &mut Schemas, p: &Parameter, place: &str) -> Value {
    let mut schema = schemas.sent(p.kind);
    if p.repeated {
        schema = json!({ "type": "array", "items": schema });
    }
    json!({ "name": p.name, "in": place, "required": place == "path", "description": p.about, "schema": schema })
}

fn who(who: Who) -> String {
    match who {
        Who::Anybody => "For whoever can reach the hub.".to_owned(),
        Who::SignedIn => "For every employee.".to_owned(),
        Who::InBrowser => "For every employee, in a browser's session only.".to_owned(),
        Who::With(c) => format!("For employees with the right `{}`.", c.slug()),
        Who::Administrator => "For administrators.".to_owned(),
        Who::AdministratorWith(c) => format!("For administrators with the right `{}`.", c.slug()),
        Who::AdministratorOr(c) => {
            format!("For administrators, and for employees with the right `{}`.", c.slug())
        }
    }
}

/// Any of these will do. Each way of showing who one is comes with the role or right that is asked for, as OpenAPI 3.1 allows.
fn security(o: &Operation) -> Value {
    let administrator = Role::Administrator.slug();
    let roles: Vec<Vec<&str>> = match o.who {
        Who::Anybody => return json!([]),
        Who::SignedIn | Who::InBrowser => vec![vec![]],
        Who::With(c) => vec![vec![c.slug()]],
        Who::Administrator => vec![vec![administrator]],
        Who::AdministratorWith(c) => vec![vec![administrator, c.slug()]],
        Who::AdministratorOr(c) => vec![vec![administrator], vec![c.slug()]],
    };
    let mut ways = Vec::new();
    for role in roles {
        if o.who != Who::InBrowser {
            ways.push(json!({ "token": role }));
        }
        ways.push(match o.verb {
            Verb::Get => json!({ "session": role }),
            _ => json!({ "session": role, "csrf": [] }),
        });
    }
    Value::Array(ways)
}

fn responses(schemas: &mut Schemas, refusals: &mut Refusals, o: &Operation) -> Value {
    let mut out = Map::new();
    out.insert(o.answer.status.to_string(), success(schemas, &o.answer));
    let mut by_status: BTreeMap<u16, Vec<Refusal>> = BTreeMap::new();
    for refusal in o.all_refusals() {
        by_status.entry(refusal.status).or_default().push(refusal);
    }
    for (status, together) in by_status {
        let names: Vec<String> = together.iter().map(|r| camel(r.kind)).collect();
        let name = names.join("Or");
        out.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{name}") }));
        refusals.insert(name, together);
    }
    Value::Object(out)
}

fn success(schemas: &mut Schemas, answer: &Answer) -> Value {
    let mut headers = Map::new();
    headers.insert("X-Request-Id".into(), header("To be named when asking about this request."));
    if answer.location {
        headers.insert("Location".into(), header("Where it is read, relative to the hub's address."));
    }
    let mut out = json!({ "description": answer.about, "headers": headers });
    let content = match answer.json {
        Some(kind) => json!({ "application/json": { "schema": schemas.answered(kind) } }),
        // Its type depends on its name, and is a harmless one.
        None if answer.file => {
            json!({ "*/*": { "schema": { "type": "string", "contentMediaType": "application/octet-stream" } } })
        }
        None => return out,
    };
    if let Some(members) = out.as_object_mut() {
        members.insert("content".into(), content);
    }
    out
}

/// `not-found` as `NotFound`.
fn camel(kind: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    kind.split('-').map(upper).collect()
}

fn refused(refusals: &[Refusal], problem: &Value) -> Value {
    let status = refusals.first().map_or(500, |r| r.status);
    let lines: Vec<String> = refusals.iter().map(|r| format!("- `{}`: {}", r.kind, r.about)).collect();
    let types: Vec<String> = refusals.iter().map(|r| format!("/problems/{}", r.kind)).collect();
    let mut headers = Map::new();
    match status {
        401 => {
            headers.insert("WWW-Authenticate".into(), header("`Bearer`."));
        }
        429 | 503 => {
            headers.insert("Retry-After".into(), header("Seconds until it is worth to try again."));
        }
        _ => {}
    }
    let narrowed = json!({
        "allOf": [problem, { "properties": { "type": { "enum": types }, "status": { "const": status } } }],
    });
    json!({
        "description": lines.join("\n"),
        "headers": headers,
        "content": { PROBLEM_TYPE: { "schema": narrowed } },
    })
}

fn header(about: &str) -> Value {
    json!({ "description": about, "schema": { "type": "string" } })
}
