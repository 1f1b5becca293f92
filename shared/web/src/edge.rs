//! The last step of every answer: errors become responses and log lines, security headers go on.

use crate::error::ApiError;
use crate::flash::{Flash, Tone};
use crate::html::SafeHtml;
use crate::i18n::{self, Speak};
use crate::layout::{Frame, Page, SIGN_IN_PATH};
use crate::request::Request;
use crate::response::{Body, Response};
use askama::Template;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use mostek_api::{PROBLEM_TYPE, Problem};
use mostek_domain::Language;
use mostek_ports::{Level, Log};

/// Turns what a handler gave into the response to send.
///
/// - An error becomes problem+json (RFC 9457) for programs and a page for people, both with the correlation id; who must
///   sign in is sent to the sign-in page and back. A 5xx is logged once with its chain of causes, a 4xx as
///   information without anything the client sent but the path.
/// - Cookies are written (`Secure` over HTTPS), `x-request-id` and the security headers are set.
#[must_use]
pub fn finish(
    request: &Request,
    frame: &Frame,
    log: &dyn Log,
    answer: Result<Response, ApiError>,
) -> Response {
    let mut response = match answer {
        Ok(r) => r,
        Err(e) => {
            log_error(request, log, &e);
            error_response(request, frame, &e)
        }
    };
    for missing in i18n::take_missing() {
        log.write(Level::Warning, &format!("text: {missing}"));
    }
    for cookie in &response.cookies {
        if let Ok(v) = HeaderValue::from_str(&cookie.header(request.is_https())) {
            response.headers.append(header::SET_COOKIE, v);
        }
    }
    response.cookies.clear();
    if let Ok(id) = HeaderValue::from_str(&request.id) {
        response.headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    secure(&mut response, request.is_https());
    if request.head_only {
        response.body = Body::Bytes(Bytes::new());
    }
    response
}

fn log_error(request: &Request, log: &dyn Log, e: &ApiError) {
    let status = e.status.as_u16();
    let path = request.shown_path();
    if e.status.is_server_error() {
        log.write(
            Level::Error,
            &format!("{} {} {path} -> {status}: {}", request.id, request.method, e.chain()),
        );
    } else {
        log.write(Level::Info, &format!("{} {} {path} -> {status} {}", request.id, request.method, e.kind));
    }
}

fn error_response(request: &Request, frame: &Frame, e: &ApiError) -> Response {
    let language = frame.language;
    let title = language.t(title_key(e.status));
    let detail = language.say(&e.message);
    let path = request.shown_path();
    let mut response = if request.accepts_json() {
        let problem = Problem {
            r#type: format!("/problems/{}", e.kind),
            title,
            status: e.status.as_u16(),
            detail,
            instance: &path,
            field: e.field.as_deref(),
            correlation_id: &request.id,
        };
        Response::json(&problem).header(header::CONTENT_TYPE, PROBLEM_TYPE)
    } else if e.status == StatusCode::UNAUTHORIZED {
        let shown = request.method == Method::GET;
        let back = if shown { request.path_and_query() } else { "/" };
        let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
        let response = Response::redirect(&format!("{SIGN_IN_PATH}?back={back}"));
        // Whoever sent a form must hear that it was not taken.
        let lost = Flash::new(Tone::Warning, "errors-session-ended");
        return if shown { response } else { lost.on(response) };
    } else {
        let body = SafeHtml::of(&ErrorPage {
            language,
            status: e.status.as_u16(),
            title: &title,
            detail: &detail,
            id: &request.id,
        });
        let page = Page::in_frame(frame, title.clone()).render("/", body).unwrap_or_default();
        Response::html(page)
    };
    response.status = e.status;
    if let Some(seconds) = e.retry_after {
        response = response.header(header::RETRY_AFTER, &seconds.to_string());
    }
    if let Some(methods) = &e.allow {
        response = response.header(header::ALLOW, methods);
    }
    if e.status == StatusCode::UNAUTHORIZED {
        response = response.header(header::WWW_AUTHENTICATE, "Bearer");
    }
    response
}

/// What an error's page says, without the frame: for a page that shows it in another one.
#[must_use]
pub fn error_body(language: Language, e: &ApiError, id: &str) -> SafeHtml {
    let (title, detail) = (language.t(title_key(e.status)), language.say(&e.message));
    SafeHtml::of(&ErrorPage { language, status: e.status.as_u16(), title: &title, detail: &detail, id })
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    language: Language,
    status: u16,
    title: &'a str,
    detail: &'a str,
    id: &'a str,
}

fn title_key(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "errors-title-sign-in",
        403 => "errors-title-forbidden",
        404 => "errors-title-not-found",
        409 => "errors-title-conflict",
        413 => "errors-title-too-large",
        429 => "errors-title-too-many",
        503 => "errors-title-unavailable",
        400..500 => "errors-title-bad-request",
        _ => "errors-title-internal",
    }
}

/// Product pictures come from the marketplace's own servers, whose names we do not know beforehand: pictures alone may
/// come from any HTTPS address.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; \
     img-src 'self' data: https:";

/// Puts the security headers on. `cache-control` stays if the response has one (assets), else nothing is stored.
fn secure(response: &mut Response, https: bool) {
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];
    for (name, value) in fixed {
        response.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let policy = std::iter::once(CONTENT_POLICY).chain(response.picture_origins.iter().map(String::as_str));
    // The origins were checked to be header text when they were added.
    let policy = HeaderValue::from_str(&policy.collect::<Vec<_>>().join(" "))
        .unwrap_or(HeaderValue::from_static(CONTENT_POLICY));
    response.headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if https {
        let a_year = HeaderValue::from_static("max-age=31536000");
        response.headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
    }
    response.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
#[path = "edge_tests.rs"]
mod tests;
