//! What the API is, for people and for their tools: the page `/api`, the OpenAPI document, and the kinds of refusals.

use crate::employees::{capability_key, outside_address};
use askama::Template;
use http::header;
use mostek_api::{DOCUMENT, Operation, PARTS, Refusal, Who, kinds, operations};
use mostek_domain::{Capability, Language};
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak};

/// Written by the build script from `mostek_api`.
static OPENAPI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json"));

const HOME: &str = "/api";

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    language: Language,
    document: &'static str,
    curl: String,
    parts: Vec<Part>,
    refusals: Vec<Refusal>,
}

struct Part {
    name: &'static str,
    about: &'static str,
    rows: Vec<Row>,
}

struct Row {
    operation: &'static Operation,
    /// The path, which may be broken after each slash.
    path: SafeHtml,
    who: String,
}

/// The document: the same for everybody, and nothing in it is secret.
pub(crate) fn document() -> Response {
    Response::new(http::StatusCode::OK, "application/json", OPENAPI)
        .header(header::CACHE_CONTROL, "public, max-age=300")
}

/// The page that lists the operations.
pub(crate) async fn show<W: World>(
    world: &W,
    request: &Request,
    visitor: &Visitor,
) -> Result<Response, ApiError> {
    let frame = visitor.frame(request);
    let l = frame.language;
    let row = |o: &'static Operation| Row { operation: o, path: breakable(o.path), who: who(l, o.who) };
    let part = |p: &'static mostek_api::Part| Part {
        name: p.name,
        about: p.about,
        rows: p.operations.iter().map(row).collect(),
    };
    let body = ApiPage {
        language: l,
        document: DOCUMENT,
        curl: curl(world, request).await?,
        parts: PARTS.iter().map(part).collect(),
        refusals: refusals(),
    };
    Page::in_frame(&frame, l.t("programs-title")).show(request, &body)
}

fn breakable(path: &str) -> SafeHtml {
    let pieces: Vec<String> = path.split('/').map(|p| SafeHtml::escaped(p).to_string()).collect();
    SafeHtml::trusted(pieces.join("/<wbr>"))
}

/// A call to try a token with.
///
/// # Errors
/// The settings'.
pub(crate) async fn curl<W: World>(world: &W, request: &Request) -> Result<String, ApiError> {
    let outside = outside_address(world, request).await?;
    Ok(format!("curl -H \"Authorization: Bearer $TOKEN\" {outside}/api/v1/session"))
}

/// The address in a refusal's `type` leads to what is said of its kind.
///
/// # Errors
/// 404 for a kind that there is not.
pub(crate) fn problem(kind: &str) -> Result<Response, ApiError> {
    let known = refusals().into_iter().find(|r| r.kind == kind).ok_or_else(ApiError::not_found)?;
    Ok(Response::redirect(&format!("{HOME}#{}", known.kind)))
}

/// Every kind once, by status.
fn refusals() -> Vec<Refusal> {
    let mut all: Vec<Refusal> = operations().flat_map(Operation::all_refusals).collect();
    all.push(kinds::METHOD_NOT_ALLOWED);
    all.sort_by_key(|r| (r.status, r.kind));
    all.dedup_by_key(|r| r.kind);
    all
}

fn who(l: Language, who: Who) -> String {
    let right = |c: Capability| l.t(capability_key(c));
    match who {
        Who::Anybody => l.t("programs-who-anybody"),
        Who::SignedIn => l.t("programs-who-signed-in"),
        Who::InBrowser => l.t("programs-who-in-browser"),
        Who::With(c) => l.with("programs-who-right", "right", right(c)),
        Who::Administrator => l.t("programs-who-administrator"),
        Who::AdministratorWith(c) => l.with("programs-who-administrator-with-right", "right", right(c)),
        Who::AdministratorOr(c) => l.with("programs-who-administrator-or-right", "right", right(c)),
    }
}
