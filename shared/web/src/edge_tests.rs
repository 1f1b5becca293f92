use super::*;
use crate::cookie::Cookie;
use crate::flash::Flash;
use crate::testing::{get, post_form, request};
use crate::text::Text;
use mostek_domain::{Language, Theme};
use mostek_ports::StoreError;
use mostek_ports::testing::RecordingLog;

fn english() -> Frame {
    Frame { viewer: None, language: Language::En, theme: Theme::Auto }
}

fn body(r: &Response) -> String {
    match &r.body {
        Body::Bytes(b) => String::from_utf8(b.to_vec()).unwrap(),
        Body::Stream(_) => panic!("a stream"),
    }
}

fn fail(request: &Request, e: ApiError) -> (Response, RecordingLog) {
    let log = RecordingLog::default();
    let r = finish(request, &english(), &log, Err(e));
    (r, log)
}

#[test]
fn a_program_gets_a_problem_with_field_and_correlation_id() {
    let request = request(Method::POST, "/api/v1/companies", &[("x-request-id", "abcd-1234-efgh")], "");
    let (r, _) = fail(&request, ApiError::bad_field("nip", Text::new("errors-bad-limit")));
    assert_eq!(r.status, 422);
    assert_eq!(r.headers["content-type"], "application/problem+json");
    assert_eq!(r.headers["x-request-id"], "abcd-1234-efgh");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&body(&r)).unwrap(),
        serde_json::json!({
            "type": "/problems/bad-field",
            "title": "We do not understand this request",
            "status": 422,
            "detail": "Give a number greater than zero.",
            "instance": "/api/v1/companies",
            "field": "nip",
            "correlation_id": "abcd-1234-efgh",
        })
    );
}

#[test]
fn a_person_gets_a_page_with_the_correlation_id_and_no_cause() {
    let request = get("/tickets/1");
    let (r, log) = fail(&request, StoreError::Failed("disk <b>on fire</b>".into()).into());
    let page = body(&r);
    assert_eq!((r.status.as_u16(), r.headers["retry-after"].to_str().unwrap()), (503, "5"));
    assert!(page.contains(&request.id) && page.contains("Unavailable for the moment"), "{page}");
    assert!(!page.contains("on fire"), "the cause is shown");
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "logged once");
    assert_eq!(lines[0].0, Level::Error);
    assert!(lines[0].1.contains(&request.id) && lines[0].1.contains("disk <b>on fire</b>"), "{lines:?}");
}

#[test]
fn a_secret_in_a_path_is_neither_logged_nor_given_back() {
    let id = "01arz3ndektsv4rrffq69g5fav";
    for (path, shown) in [
        (format!("/invitation/{id}.s3cret"), format!("/invitation/{id}.***")),
        (format!("/invitation/{id}%2Es3cret/"), format!("/invitation/{id}.***")),
        (format!("/hub/Invitation//{id}.s3cret"), format!("/invitation/{id}.***")),
        (format!("/%69nvitation/{id}.s3cret/x.s3cret"), format!("/invitation/{id}.***")),
        ("/invitation/s3cret".to_owned(), "/invitation/***".to_owned()),
    ] {
        for e in [ApiError::not_found(), ApiError::internal(StoreError::Failed("gone".into()))] {
            let request = request(Method::POST, &path, &[("accept", "application/json")], "");
            let (r, log) = fail(&request, e);
            let problem: serde_json::Value = serde_json::from_str(&body(&r)).unwrap();
            assert_eq!(problem["instance"], shown, "{path}");
            let line = &log.lines()[0].1;
            assert!(line.contains(&shown) && !line.contains("s3cret"), "{line}");
        }
    }
}

#[test]
fn the_whole_chain_of_causes_is_logged() {
    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] StoreError);
    let (_, log) = fail(&get("/"), ApiError::internal(Outer(StoreError::Failed("inner".into()))));
    assert!(log.lines()[0].1.ends_with("outer: the store did not answer: inner"), "{:?}", log.lines());
}

#[test]
fn a_clients_mistake_is_information_without_what_it_sent() {
    let request = post_form("/sign-in?email=jan%40x.pl", &[("cookie", "session=secret")], "password=hunter2");
    let (_, log) = fail(&request, ApiError::bad_request("errors-bad-form").caused_by("hunter2 jan@x.pl"));
    let lines = log.lines();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0], (Level::Info, format!("{} POST /sign-in -> 400 bad-request", request.id)));
}

#[test]
fn who_must_sign_in_is_sent_there_and_back_but_a_program_gets_401() {
    let (r, _) = fail(&get("/tickets?status=new&q=a"), ApiError::sign_in_needed());
    assert_eq!(r.status, 303);
    assert_eq!(r.headers["location"], "/sign-in?back=%2Ftickets%3Fstatus%3Dnew%26q%3Da");
    let (r, _) = fail(&get("/api/v1/tickets"), ApiError::sign_in_needed());
    assert_eq!((r.status.as_u16(), r.headers["www-authenticate"].to_str().unwrap()), (401, "Bearer"));
}

#[test]
fn who_sent_a_form_after_the_session_ended_is_told_that_it_was_lost() {
    let (r, _) = fail(&post_form("/companies/new", &[], "name=x"), ApiError::sign_in_needed());
    assert_eq!((r.status.as_u16(), r.headers["location"].to_str().unwrap()), (303, "/sign-in?back=%2F"));
    let flash = r.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let next = request(Method::GET, "/sign-in", &[("cookie", &flash)], "");
    let page = Page::plain(Language::En, Theme::Auto, "T").show_html(&next, SafeHtml::default()).unwrap();
    assert!(
        body(&page).contains("toast warning") && body(&page).contains("was not saved"),
        "{}",
        body(&page)
    );
    let (r, _) = fail(&get("/companies/new"), ApiError::sign_in_needed());
    assert!(!r.headers.contains_key("set-cookie"), "nothing was lost");
}

#[test]
fn the_switches_of_an_answer_to_a_form_lead_to_a_page_that_can_be_fetched() {
    let back = |page: Page<'_>, request: &Request| {
        let shown = page.show_html(request, SafeHtml::default()).unwrap();
        let shown = body(&shown);
        let (_, rest) = shown.split_once("name=\"back\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let page = || Page::plain(Language::En, Theme::Auto, "T");
    let post = post_form("/account/password", &[], "");
    assert_eq!(back(page(), &post), "/");
    assert_eq!(back(page().crumb("Company", "/companies"), &post), "/companies");
    assert_eq!(back(page().crumb("Company", "/companies").at("/account"), &post), "/account");
    assert_eq!(back(page().at("/elsewhere"), &get("/tickets?status=new")), "/tickets?status=new");
}

#[test]
fn what_a_person_typed_is_escaped_in_the_error_page() {
    let text = Text::new("errors-file-too-large")
        .with("name", "<script>x</script>")
        .with("size", 1)
        .with("limit", 1);
    let (r, _) = fail(&get("/x"), ApiError::bad_request(text));
    assert!(!body(&r).contains("<script>x"), "{}", body(&r));
}

#[test]
fn security_headers_are_on_every_response() {
    let ok = finish(&get("/"), &english(), &RecordingLog::default(), Ok(Response::text("x")));
    let (err, _) = fail(&get("/api/x"), ApiError::not_found());
    for r in [ok, err] {
        let policy = r.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{policy}");
        assert_eq!(r.headers["x-content-type-options"], "nosniff");
        assert_eq!(r.headers["cache-control"], "no-store");
        assert!(r.headers.contains_key("referrer-policy") && r.headers.contains_key("permissions-policy"));
    }
}

#[test]
fn an_asset_keeps_its_own_caching() {
    let request = get(&crate::assets::url("app.css"));
    let answer = crate::assets::serve(&request).ok_or_else(ApiError::not_found);
    let r = finish(&request, &english(), &RecordingLog::default(), answer);
    assert_eq!(r.headers["cache-control"], "public, max-age=31536000, immutable");
}

#[test]
fn cookies_are_secure_over_https_only() {
    let answer = || Ok(Response::redirect("/").cookie(Cookie::new("session", "abc")));
    let plain = finish(&get("/"), &english(), &RecordingLog::default(), answer());
    assert_eq!(plain.headers["set-cookie"], "session=abc; Path=/; HttpOnly; SameSite=Lax");
    assert!(!plain.headers.contains_key("strict-transport-security"));
    let https = request(Method::GET, "/", &[("spin-full-url", "https://mostek.example/")], "");
    let r = finish(&https, &english(), &RecordingLog::default(), answer());
    assert_eq!(r.headers["set-cookie"], "session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    assert!(r.headers.contains_key("strict-transport-security"));
}

#[test]
fn head_gets_the_headers_of_get_without_the_body() {
    let head = request(Method::HEAD, "/", &[], "");
    assert_eq!(head.method, Method::GET);
    let r = finish(&head, &english(), &RecordingLog::default(), Ok(Response::text("12345")));
    assert_eq!((r.headers["content-length"].to_str().unwrap(), body(&r).as_str()), ("5", ""));
}

#[test]
fn a_method_nobody_has_is_405_and_an_unknown_path_404() {
    let trace = request(Method::TRACE, "/tickets", &[], "");
    let (r, _) = fail(&trace, ApiError::no_route(&trace));
    assert_eq!(r.status, 405);
    assert!(r.headers["allow"].to_str().unwrap().contains("GET"));
    assert_eq!(ApiError::no_route(&get("/nothing")).status, 404);
}

#[test]
fn a_missing_text_shows_its_key_and_is_logged() {
    let _ = i18n::take_missing();
    let key = ["console", "nobody-wrote-this"].join("-");
    assert_eq!(Language::Pl.t(&key), key);
    let log = RecordingLog::default();
    let _ = finish(&get("/"), &english(), &log, Ok(Response::text("x")));
    assert!(log.lines().iter().any(|(l, t)| *l == Level::Warning && t.contains(&key)), "{:?}", log.lines());
}

#[test]
fn a_toast_lives_for_one_page() {
    let redirect =
        Flash::success(Text::new("errors-too-many").with("seconds", 7)).on(Response::redirect("/x"));
    let sent = finish(&get("/"), &english(), &RecordingLog::default(), Ok(redirect));
    let cookie = sent.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let next = request(Method::GET, "/x", &[("cookie", &cookie)], "");
    let page = Page::plain(Language::En, Theme::Auto, "T").show_html(&next, SafeHtml::default()).unwrap();
    assert!(body(&page).contains("Try again in 7 s."), "{}", body(&page));
    let shown = finish(&next, &english(), &RecordingLog::default(), Ok(page));
    assert!(shown.headers["set-cookie"].to_str().unwrap().starts_with("flash=; "), "{:?}", shown.headers);
}

#[test]
fn a_forged_toast_is_only_text() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let forged = URL_SAFE_NO_PAD.encode(r#"{"t":"success","k":"<script>alert(1)</script>"}"#);
    let r = request(Method::GET, "/", &[("cookie", &format!("flash={forged}"))], "");
    let page = Page::plain(Language::En, Theme::Auto, "T").show_html(&r, SafeHtml::default()).unwrap();
    assert!(!body(&page).contains("<script>alert"), "{}", body(&page));
    let broken = request(Method::GET, "/", &[("cookie", "flash=%%%")], "");
    assert!(Page::plain(Language::En, Theme::Auto, "T").show_html(&broken, SafeHtml::default()).is_ok());
    let _ = i18n::take_missing();
}

#[test]
fn pictures_may_come_from_one_more_origin_and_from_nothing_else() {
    let policy = |origin: &str| {
        let request = crate::testing::get("/tickets/1");
        let response = Response::no_content().pictures_from(origin);
        let log = mostek_ports::testing::RecordingLog::default();
        let done = finish(&request, &Frame::anonymous(&request), &log, Ok(response));
        done.headers["content-security-policy"].to_str().unwrap().to_owned()
    };
    assert!(policy("http://127.0.0.1:3900").ends_with("img-src 'self' data: https: http://127.0.0.1:3900"));
    for bad in ["http://x; script-src *", "javascript:alert(1)", "http://", "http://a b"] {
        assert!(policy(bad).ends_with("img-src 'self' data: https:"), "{bad}");
    }
}
