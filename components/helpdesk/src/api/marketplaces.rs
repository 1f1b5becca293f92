//! `/api/v1/marketplaces`: connections, for administrators.

use super::moment;
use crate::input::connection::{Read, TypedAccess, TypedSetup};
use crate::refusal::refused;
use crate::visit::Visit;
use http::{Method, StatusCode};
use mostek_api::marketplaces::{
    ConnectionSetup, ConnectionState, KeyShown, PollError, PollReport, SaveConnection, Shop, Tried,
    TriedResult,
};
use mostek_connectors::ConnectionTest;
use mostek_domain::{ConnectionId, Reason, Timestamp};
use mostek_helpdesk::connection::{self, Command, Connection, Progress, Run};
use mostek_helpdesk::{authenticate, poll};
use mostek_people::audit::Act;
use mostek_ports::{Clock, World};
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::paging::listed;
use mostek_web::{ApiError, Request, Response, Speak, Text, time};
use std::time::Duration;

/// How long "poll now" works at most; the rest is the timer's.
const POLL_BUDGET: Duration = Duration::from_secs(20);

pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let all = all(visit).await?;
            let now = visit.now();
            Ok(Response::json(&listed(all.iter().map(|(c, p)| row(c, p, now)).collect(), None)))
        }
        (&Method::POST, ["authenticate"]) => {
            let typed: TypedAccess = body::json(request, JSON_LIMIT).await?;
            let existing = typed.connection.as_deref().filter(|c| !c.is_empty()).map(parse).transpose()?;
            let (test, id) = try_key(visit, existing, &typed).await?;
            Ok(Response::json(&Tried {
                result: result(&test),
                sentence: visit.language().say(&sentence(&test)),
                shop: shop(&test),
                id,
            }))
        }
        (&Method::GET, [id]) => {
            let (connection, progress) = one(visit, parse(id)?).await?;
            Ok(Response::json(&row(&connection, &progress, visit.now())))
        }
        (&Method::PUT, [id]) => {
            let sent: SaveConnection = body::json(request, JSON_LIMIT).await?;
            let since = match sent.since.as_deref() {
                Some(text) => Some(
                    time::parse_iso(text)
                        .ok_or_else(|| ApiError::bad_field("since", "helpdesk-date-form"))?,
                ),
                None => None,
            };
            save(visit, parse(id)?, &sent.setup, sent.start.then(|| since.unwrap_or_else(|| visit.now())))
                .await?;
            Ok(Response::no_content())
        }
        (&Method::DELETE, [id]) => {
            command(visit, parse(id)?, Command::Delete).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, [id, "start"]) => {
            command(visit, parse(id)?, Command::Start).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, [id, "stop"]) => {
            command(visit, parse(id)?, Command::Stop).await?;
            Ok(Response::no_content())
        }
        (&Method::POST, [id, "poll"]) => {
            let id = parse(id)?;
            let report = poll_now(visit, id).await?;
            Ok(Response::json(&polled(id, report)).status(StatusCode::CREATED))
        }
        _ => Err(ApiError::unrouted()),
    }
}

fn polled(connection: ConnectionId, report: poll::Report) -> PollReport {
    PollReport {
        connection,
        pages: u64::try_from(report.pages).unwrap_or(u64::MAX),
        messages: report.messages,
        tickets: report.tickets,
        unfinished: report.unfinished,
        error: report.error.map(|r| r.why),
    }
}

pub(crate) fn parse(text: &str) -> Result<ConnectionId, ApiError> {
    ConnectionId::parse(text).map_err(|_| ApiError::not_found())
}

/// What a connection is doing, as administrators are told (H4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Stopped,
    Running,
    NeedsAuthentication,
    Throttled(Timestamp),
}

impl State {
    pub(crate) fn of(connection: &Connection, progress: &Progress, now: Timestamp) -> Self {
        match (connection.run, progress.throttled_until.filter(|until| *until > now)) {
            (Run::Stopped, _) => Self::Stopped,
            (Run::NeedsAuthentication, _) => Self::NeedsAuthentication,
            (Run::Running, Some(until)) => Self::Throttled(until),
            (Run::Running, None) => Self::Running,
        }
    }

    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Running => "running",
            Self::NeedsAuthentication => "needs-authentication",
            Self::Throttled(_) => "throttled",
        }
    }
}

fn state(state: State) -> ConnectionState {
    match state {
        State::Stopped => ConnectionState::Stopped,
        State::Running => ConnectionState::Running,
        State::NeedsAuthentication => ConnectionState::NeedsAuthentication,
        State::Throttled(_) => ConnectionState::Throttled,
    }
}

fn row(c: &Connection, p: &Progress, now: Timestamp) -> mostek_api::marketplaces::Connection {
    let setup = c.setup.as_ref().map(|s| ConnectionSetup {
        name: s.name.to_string(),
        queue: s.queue,
        category: s.category,
        field: s.field,
        interval: s.interval,
        add_customers: s.add_customers,
        link: s.link.to_string(),
        source: s.source.as_ref().map(ToString::to_string),
    });
    let is = State::of(c, p, now);
    let throttled_until = match is {
        State::Throttled(until) => Some(until),
        _ => None,
    };
    mostek_api::marketplaces::Connection {
        id: c.id,
        kind: c.kind.clone(),
        base: c.base.to_string(),
        shop_id: c.shop_id.map(|s| s.0),
        shop_name: c.shop_name.clone(),
        setup,
        state: state(is),
        throttled_until: moment(throttled_until),
        refused: c.refused.as_ref().map(|r| r.why.clone()),
        since: moment(c.since),
        key: KeyShown { set_at: time::moment(c.key.at()), ends_in: c.key.tail().map(str::to_owned) },
        authenticated_at: time::moment(c.authenticated_at),
        last_success: moment(p.last_success),
        last_error: p.last_error().map(|(at, r)| PollError { at: time::moment(at), why: r.why }),
        taken: p.taken,
        due: time::moment(p.due),
    }
}

/// The company's connections with what polling remembers of each, by name.
///
/// # Errors
/// The store's.
pub(crate) async fn all<W: World>(visit: &Visit<'_, W>) -> Result<Vec<(Connection, Progress)>, ApiError> {
    let all = connection::read(visit.world).await?.state.all;
    let ours: Vec<Connection> = all.into_values().filter(|c| c.company == visit.company()).collect();
    let read = futures::future::try_join_all(ours.iter().map(|c| progress(visit, c.id))).await?;
    let mut both: Vec<_> = ours.into_iter().zip(read).collect();
    both.sort_by_key(|(c, _)| c.setup.as_ref().map(|s| s.name.to_string().to_lowercase()));
    Ok(both)
}

async fn progress<W: World>(visit: &Visit<'_, W>, id: ConnectionId) -> Result<Progress, ApiError> {
    Ok(connection::progress(id)?.get(visit.world.kv()).await?.unwrap_or_default())
}

/// One connection with what polling remembers of it.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn one<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
) -> Result<(Connection, Progress), ApiError> {
    let connection = connection::of_company(visit.world, visit.company(), id).await.map_err(refused)?;
    Ok((connection, progress(visit, id).await?))
}

/// The "Authenticate" button.
///
/// # Errors
/// 422 for what cannot be tried; as the use case.
pub(crate) async fn try_key<W: World>(
    visit: &Visit<'_, W>,
    existing: Option<ConnectionId>,
    typed: &TypedAccess,
) -> Result<(ConnectionTest, Option<ConnectionId>), ApiError> {
    let typed = typed.read()?;
    let base = typed.base.to_string();
    let (test, id) = authenticate::authenticate(visit.world, visit.company(), visit.actor(), existing, typed)
        .await
        .map_err(refused)?;
    if let Some(id) = id {
        visit.audit(Act::new("connection-authenticated", "connection", id).detail("base", base)).await;
    }
    Ok((test, id))
}

fn result(test: &ConnectionTest) -> TriedResult {
    match test {
        ConnectionTest::Works(_) => TriedResult::ConnectionWorks,
        ConnectionTest::OtherShop { .. } => TriedResult::ConnectionOtherShop,
        ConnectionTest::WrongKey => TriedResult::ConnectionWrongKey,
        ConnectionTest::NoRight => TriedResult::ConnectionNoRight,
        ConnectionTest::Unreachable(_) => TriedResult::ConnectionUnreachable,
        ConnectionTest::Later(_) => TriedResult::ConnectionLater,
        ConnectionTest::Refused(_) => TriedResult::ConnectionRefused,
    }
}

fn shop(test: &ConnectionTest) -> Option<Shop> {
    let account = match test {
        ConnectionTest::Works(account) | ConnectionTest::OtherShop { found: Some(account) } => account,
        _ => return None,
    };
    Some(Shop {
        id: account.id.clone(),
        name: account.name.clone(),
        state: account.state.as_ref().map(|s| s.slug().to_owned()),
    })
}

/// What the test of a connection found, in words (H1).
pub(crate) fn sentence(test: &ConnectionTest) -> Text {
    let text = Text::new(format!("helpdesk-{}", test.slug()));
    match test {
        ConnectionTest::Works(a) => {
            let state = a.state.as_ref().map_or("unknown", |s| s.slug());
            text.with("shop", a.name.as_deref().unwrap_or(&a.id)).with("id", &a.id).with("state", state)
        }
        ConnectionTest::OtherShop { found } => {
            let shop = found.as_ref().map(|a| match &a.name {
                Some(name) => format!("{name} ({})", a.id),
                None => a.id.clone(),
            });
            text.with("shop", shop.unwrap_or_else(|| "?".into()))
        }
        ConnectionTest::WrongKey | ConnectionTest::NoRight => text,
        ConnectionTest::Unreachable(e) | ConnectionTest::Later(e) | ConnectionTest::Refused(e) => {
            text.with("why", &Reason::from(e))
        }
    }
}

/// Saves what an administrator set; starts it if a moment is given.
///
/// # Errors
/// 422; as the use case.
pub(crate) async fn save<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
    typed: &TypedSetup,
    start_since: Option<Timestamp>,
) -> Result<(), ApiError> {
    let setup = typed.read()?;
    let act = Act::new("connection-saved", "connection", id)
        .detail("name", &setup.name)
        .detail("started", start_since.is_some());
    connection::save(visit.world, visit.company(), visit.actor(), id, setup, start_since)
        .await
        .map_err(refused)?;
    visit.audit(act).await;
    Ok(())
}

/// Starts, stops or deletes a connection.
///
/// # Errors
/// As the use case.
pub(crate) async fn command<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
    command: Command,
) -> Result<(), ApiError> {
    connection::command(visit.world, visit.company(), visit.actor(), id, command).await.map_err(refused)?;
    let act = match command {
        Command::Start => "connection-started",
        Command::Stop => "connection-stopped",
        Command::Delete => "connection-deleted",
    };
    visit.audit(Act::new(act, "connection", id)).await;
    Ok(())
}

/// Polls a connection at once, whatever its interval.
///
/// # Errors
/// 409 unless it runs; the store's. What the marketplace did wrong is in the report.
pub(crate) async fn poll_now<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
) -> Result<poll::Report, ApiError> {
    let (connection, _) = one(visit, id).await?;
    if connection.run != Run::Running {
        return Err(ApiError::conflict("helpdesk-poll-not-running"));
    }
    let until = visit.world.clock().monotonic().saturating_add(POLL_BUDGET);
    poll::poll(visit.world, &connection, until).await.map_err(refused)
}
