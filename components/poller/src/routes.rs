//! What this component answers, and who may call it: `/timers/tick` and `/timers/repair`.

use crate::{repair, tick};
use http::{HeaderValue, Method, header};
use mostek_ports::{Settings, World};
use mostek_web::{ApiError, Frame, Request, Response, edge};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// How long one call works at most. Schedulers and hosts give a request 30 s.
const BUDGET: Duration = Duration::from_secs(25);

/// Answers a request.
pub(crate) async fn answer<W: World>(world: &W, request: &mut Request) -> Response {
    // A scheduler is a program, whatever it says it accepts: it gets JSON, never a page or the way to the sign-in.
    request.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let answer = route(world, request).await;
    edge::finish(request, &Frame::default(), world.log(), answer)
}

async fn route<W: World>(world: &W, request: &Request) -> Result<Response, ApiError> {
    if !matches!(request.path.as_str(), "/timers/tick" | "/timers/repair") {
        return Err(ApiError::not_found());
    }
    // GET does something here because some schedulers can do nothing else (Akamai's `spin aka crons`). HEAD cannot.
    if request.head_only || !matches!(request.method, Method::GET | Method::POST) {
        return Err(ApiError::method_not_allowed("GET, POST"));
    }
    authorise(world, request).await?;
    if request.path == "/timers/repair" && request.param("derived") == Some("anew") {
        return Ok(Response::json(&repair::derived(world).await?));
    }
    if request.path == "/timers/repair" {
        return Ok(Response::json(&repair::repair(world, request.param("from"), BUDGET).await?));
    }
    Ok(Response::json(&tick::tick(world, BUDGET).await))
}

/// Whoever knows the setting `tick_secret` may call: in `authorization: Bearer`, or, by GET, in `?secret=`.
async fn authorise<W: World>(world: &W, request: &Request) -> Result<(), ApiError> {
    let secret = world.settings().get("tick_secret").await.map_err(ApiError::unavailable)?;
    let secret = secret.ok_or_else(|| ApiError::internal("the setting tick_secret is empty"))?;
    let given = request
        .bearer()
        .or_else(|| request.param("secret").filter(|_| request.method == Method::GET))
        .unwrap_or_default();
    // In constant time: how far a guess is right must not show in how long the refusal takes.
    if bool::from(given.as_bytes().ct_eq(secret.as_bytes())) {
        Ok(())
    } else {
        Err(ApiError::sign_in_needed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mostek_ports::testing::TestWorld;
    use mostek_ports::{BytesStream, Level};
    use mostek_web::Body;

    fn world() -> TestWorld {
        let mut world = TestWorld::new(1);
        world.settings.0.insert("tick_secret".into(), "s3cret".into());
        world
    }

    fn call(
        world: &TestWorld,
        method: &str,
        uri: &str,
        authorization: Option<&str>,
    ) -> (u16, serde_json::Value) {
        let mut builder = http::Request::builder().method(method).uri(uri).header("accept", "text/html");
        if let Some(a) = authorization {
            builder = builder.header("authorization", a);
        }
        let (parts, ()) = builder.body(()).unwrap().into_parts();
        let body = Box::new(BytesStream::new(bytes::Bytes::new()));
        let mut request = Request::new(parts, body, &world.random);
        let response = futures::executor::block_on(answer(world, &mut request));
        let Body::Bytes(body) = response.body else { panic!("a stream") };
        (response.status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
    }

    #[test]
    fn who_knows_the_secret_may_tick() {
        let w = world();
        for (method, uri, authorization) in [
            ("POST", "/timers/tick", Some("Bearer s3cret")),
            ("GET", "/timers/tick", Some("bearer s3cret")),
            ("GET", "/timers/tick?secret=s3cret", None),
        ] {
            let (status, report) = call(&w, method, uri, authorization);
            assert_eq!(status, 200, "{method} {uri}");
            assert!(report["helpdesk"]["polls"].is_array(), "{report}");
        }
    }

    #[test]
    fn the_repair_job_reports_and_says_where_to_go_on() {
        let w = world();
        let (status, report) = call(&w, "POST", "/timers/repair", Some("Bearer s3cret"));
        assert_eq!(status, 200);
        assert_eq!(report["tickets_checked"], 0);
        assert!(report["next"].is_null(), "{report}");
        assert_eq!(call(&w, "POST", "/timers/repair?from=nonsense", Some("Bearer s3cret")).0, 400);
        assert_eq!(call(&w, "POST", "/timers/repair", None).0, 401);
    }

    #[test]
    fn search_and_reports_begin_anew_when_they_are_told_to() {
        let w = world();
        let (status, report) = call(&w, "POST", "/timers/repair?derived=anew", Some("Bearer s3cret"));
        assert_eq!((status, &report["begun_anew"]), (200, &serde_json::json!(0)));
        assert_eq!(call(&w, "POST", "/timers/repair?derived=anew", None).0, 401);
    }

    #[test]
    fn nobody_else_may() {
        let w = world();
        for (method, uri, authorization) in [
            ("POST", "/timers/tick", None),
            ("POST", "/timers/tick", Some("Bearer s3cre")),
            ("POST", "/timers/tick", Some("Bearer s3cret2")),
            ("POST", "/timers/tick", Some("Basic s3cret")),
            // In the address only where a header is impossible: addresses end up in logs.
            ("POST", "/timers/tick?secret=s3cret", None),
            ("GET", "/timers/tick?secret=", None),
            ("GET", "/timers/tick", None),
        ] {
            let (status, problem) = call(&w, method, uri, authorization);
            assert_eq!(status, 401, "{method} {uri}");
            assert_eq!(problem["type"], "/problems/sign-in-needed");
        }
    }

    #[test]
    fn without_a_secret_in_the_settings_nobody_may_and_the_log_says_why() {
        let w = TestWorld::new(1);
        assert_eq!(call(&w, "GET", "/timers/tick?secret=", None).0, 500);
        assert!(w.log.lines().iter().any(|(l, t)| *l == Level::Error && t.contains("tick_secret is empty")));
    }

    #[test]
    fn the_secret_is_not_in_the_log() {
        let w = world();
        call(&w, "GET", "/timers/tick?secret=s3cret2", None);
        assert!(!w.log.lines().is_empty());
        assert!(w.log.lines().iter().all(|(_, t)| !t.contains("s3cret")), "{:?}", w.log.lines());
    }

    #[test]
    fn other_methods_and_paths_are_refused_whoever_asks() {
        let w = world();
        for method in ["HEAD", "PUT", "DELETE"] {
            assert_eq!(call(&w, method, "/timers/tick", Some("Bearer s3cret")).0, 405, "{method}");
        }
        assert_eq!(call(&w, "GET", "/timers/other?secret=s3cret", None).0, 404);
    }
}
