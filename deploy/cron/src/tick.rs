//! One call of the timer, by WASI 0.2's HTTP.

use mostek_platform::SpinSettings;
use mostek_ports::Settings as _;
use url::{Position, Url};
use wasip2::http::outgoing_handler;
use wasip2::http::types::{Fields, Method, OutgoingBody, OutgoingRequest, RequestOptions, Scheme};

/// A tick works up to 25 s.
const LIMIT_NS: u64 = 30_000_000_000;

/// Calls the timer of the hub at the setting `hub_url`. The error is a sentence without the secret.
pub(crate) async fn tick() -> Result<(), String> {
    let settings = SpinSettings::default();
    let setting = async |name: &str| {
        let value = settings.get(name).await.map_err(|e| e.to_string())?;
        value.ok_or_else(|| format!("the variable {name} is empty"))
    };
    let request = request(&setting("hub_url").await?, &setting("tick_secret").await?)?;
    match send(request)? {
        200..=299 => Ok(()),
        401 => Err("the hub answered 401: its tick_secret is another one".to_owned()),
        status => Err(format!("the hub answered {status}")),
    }
}

fn request(hub: &str, secret: &str) -> Result<OutgoingRequest, String> {
    let url = Url::parse(hub).ok().filter(Url::has_host).ok_or("hub_url is no address")?;
    let scheme = match url.scheme() {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => return Err(format!("hub_url has the scheme {other}, not http or https")),
    };
    let authorization = format!("Bearer {secret}").into_bytes();
    let headers = Fields::from_list(&[("authorization".to_owned(), authorization)])
        .map_err(|_| "tick_secret cannot be sent in a header")?;
    let request = OutgoingRequest::new(headers);
    let parts = request
        .set_method(&Method::Post)
        .and_then(|()| request.set_scheme(Some(&scheme)))
        .and_then(|()| request.set_authority(Some(&url[Position::BeforeHost..Position::AfterPort])))
        .and_then(|()| request.set_path_with_query(Some("/timers/tick")));
    parts.map_err(|()| "hub_url cannot be called".to_owned())?;
    Ok(request)
}

/// Sends the request and gives the status; the body is for people who look at the timer themselves.
fn send(request: OutgoingRequest) -> Result<u16, String> {
    let options = RequestOptions::new();
    for set in [options.set_connect_timeout(Some(LIMIT_NS)), options.set_first_byte_timeout(Some(LIMIT_NS))] {
        set.map_err(|()| "this Spin sets no time limits")?;
    }
    let body = request.body().map_err(|()| "the request has no body to end")?;
    let answer = outgoing_handler::handle(request, Some(options)).map_err(|e| e.to_string())?;
    OutgoingBody::finish(body, None).map_err(|e| e.to_string())?;
    answer.subscribe().block();
    let answer = answer.get().ok_or("no answer")?.map_err(|()| "the answer was taken already")?;
    Ok(answer.map_err(|e| e.to_string())?.status())
}
