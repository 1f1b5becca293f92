//! The helpdesk on the dashboard (F18): what waits, what failed, whether it runs; as a piece of the page and as JSON.

use askama::Template;
use mostek_api::reports as wire;
use mostek_domain::report::Day;
use mostek_domain::{Language, Timestamp};
use mostek_helpdesk::connection::Run;
use mostek_helpdesk::overview::{self, GIVEN_UP_SHOWN, Line, Overview, Trouble, Unread, Untold};
use mostek_people::Session;
use mostek_ports::{Clock, World};
use mostek_web::ui::{Bar, BarChart};
use mostek_web::{ApiError, SafeHtml, Speak, Text, Tone, days, i18n, printable, time, ui};
use std::time::Duration;

/// Days of the small chart.
const DAYS: usize = 14;
/// A timer that has not run for this long is late: it runs every minute.
const LATE: Duration = Duration::from_secs(300);

/// What the dashboard knows of the helpdesk.
pub(crate) struct Glance {
    overview: Overview,
    now: Timestamp,
}

impl Glance {
    /// Reads it for whoever is signed in.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn read<W: World>(world: &W, session: &Session) -> Result<Self, ApiError> {
        let now = world.clock().now();
        let overview =
            overview::read(world, session.company, session.employee, &days::last(now, DAYS)).await?;
        Ok(Self { overview, now })
    }

    fn is_late(&self) -> bool {
        self.overview.last_tick.is_none_or(|at| self.now.since(at) > LATE)
    }

    /// The piece of the page; `is_administrator` decides whether connections lead to their settings.
    pub(crate) fn html(&self, language: Language, is_administrator: bool) -> SafeHtml {
        let o = &self.overview;
        let number = |n: u64| i18n::number(language, i64::try_from(n).unwrap_or(i64::MAX));
        let tile = |key, href: &str, count: u64, tone| Tile {
            label: language.t(key),
            href: href.to_owned(),
            count: number(count),
            class: if count > 0 { tone } else { "" },
        };
        SafeHtml::of(&Piece {
            language,
            tiles: vec![
                tile("reports-new", "/tickets?status=new", o.counts.new, ""),
                tile("reports-mine", "/tickets?status=open&assignee=me", o.counts.mine, ""),
                tile("reports-nobodys", "/tickets?status=open&assignee=nobody", o.counts.nobodys, ""),
                tile("reports-snoozed", "/tickets?status=snoozed", o.counts.snoozed, ""),
                tile("reports-failed", "/tickets?needs_decision=failed", o.counts.failed, "danger"),
                tile("reports-uncertain", "/tickets?needs_decision=uncertain", o.counts.uncertain, "danger"),
            ],
            outgoing: number(o.outgoing),
            connections: o.connections.iter().map(|c| row(language, self.now, c, is_administrator)).collect(),
            webhooks: o
                .unread
                .iter()
                .map(|u| unread(language, u, is_administrator))
                .chain(o.untold.iter().map(|u| untold(language, u, is_administrator)))
                .collect(),
            last_tick: moment(language, self.now, o.last_tick),
            late: if self.is_late() {
                ui::notice(Tone::Warning, &language.t("reports-last-tick-late"))
            } else {
                SafeHtml::default()
            },
            tickets: number(o.counts.all),
            customers: number(o.customers),
            changes: number(o.changes),
            chart: chart(language, o),
            days: o.days.days.iter().map(|d| (time::date(language, d.from), number(d.total()))).collect(),
        })
    }

    /// The same for programs. A source's id is its address, which only administrators are given.
    pub(crate) fn json(&self, is_administrator: bool) -> wire::HelpdeskGlance {
        let o = &self.overview;
        let moment = |at: Option<Timestamp>| at.map(time::moment);
        wire::HelpdeskGlance {
            new: o.counts.new,
            mine: o.counts.mine,
            unassigned: o.counts.nobodys,
            snoozed: o.counts.snoozed,
            needs_decision: o.counts.failed.saturating_add(o.counts.uncertain),
            failed: o.counts.failed,
            uncertain: o.counts.uncertain,
            replies_on_their_way: o.outgoing,
            last_tick_at: moment(o.last_tick),
            late: self.is_late(),
            connections: o
                .connections
                .iter()
                .map(|c| wire::GlanceConnection {
                    id: c.connection.id.to_string(),
                    name: name(c),
                    running: c.connection.run == Run::Running,
                    last_success_at: moment(c.last_success),
                    trouble: match &c.trouble {
                        Some(Trouble::Refused(why) | Trouble::Failing(_, why)) => Some(why.why.clone()),
                        None => None,
                    },
                })
                .collect(),
            sources: o
                .unread
                .iter()
                .map(|u| wire::GlanceSource {
                    id: is_administrator.then_some(u.source),
                    name: u.name.clone(),
                    events_not_understood: u.letters as u64,
                })
                .collect(),
            endpoints: o
                .untold
                .iter()
                .map(|u| wire::GlanceEndpoint {
                    id: u.endpoint,
                    host: u.host.clone(),
                    gone_at: moment(u.gone),
                    waiting: u.waiting as u64,
                    failing: u.failing as u64,
                    given_up: u.given_up as u64,
                })
                .collect(),
            store: wire::StoreSize {
                tickets: o.counts.all,
                customers: o.customers,
                ticket_changes: o.changes,
            },
            behind: o.behind,
            days: o
                .days
                .days
                .iter()
                .map(|d| wire::ReportDay {
                    date: time::input_date(d.from),
                    tickets: d.total(),
                    by_source: d.tickets.clone(),
                    median_first_response_seconds: d.first_response.median.map(|m| m.as_secs()),
                    median_resolution_seconds: d.resolution.median.map(|m| m.as_secs()),
                })
                .collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "helpdesk.html")]
struct Piece {
    language: Language,
    tiles: Vec<Tile>,
    outgoing: String,
    connections: Vec<Row>,
    webhooks: Vec<Hook>,
    last_tick: SafeHtml,
    late: SafeHtml,
    tickets: String,
    customers: String,
    changes: String,
    chart: SafeHtml,
    days: Vec<(String, String)>,
}

struct Tile {
    label: String,
    href: String,
    count: String,
    class: &'static str,
}

struct Row {
    name: String,
    href: Option<String>,
    state: SafeHtml,
    why: String,
    last_success: SafeHtml,
}

/// A shop or an endpoint that needs somebody's attention.
struct Hook {
    name: String,
    href: Option<String>,
    /// Only waits.
    waits: String,
    troubles: Vec<String>,
}

fn unread(language: Language, u: &Unread, is_administrator: bool) -> Hook {
    Hook {
        name: printable(&u.name),
        href: is_administrator.then(|| format!("/settings/webhooks/{}/letters", u.source)),
        waits: String::new(),
        troubles: vec![language.n("reports-events-not-understood", u.letters)],
    }
}

fn untold(language: Language, u: &Untold, is_administrator: bool) -> Hook {
    let failing = (u.failing > 0).then(|| language.n("reports-messages-failing", u.failing));
    let given_up = || {
        let days = GIVEN_UP_SHOWN.as_secs() / 86_400;
        language
            .say(&Text::new("reports-messages-given-up").with("count", u.given_up as u64).with("days", days))
    };
    Hook {
        name: printable(&u.host),
        href: is_administrator.then(|| format!("/settings/webhooks/endpoints/{}", u.endpoint)),
        waits: if u.waiting > 0 { language.n("webhooks-waiting", u.waiting) } else { String::new() },
        troubles: u
            .gone
            .map(|_| language.t("reports-endpoint-gone"))
            .into_iter()
            .chain(failing)
            .chain((u.given_up > 0).then(given_up))
            .collect(),
    }
}

/// A moment, or that there was none yet.
fn moment(language: Language, now: Timestamp, at: Option<Timestamp>) -> SafeHtml {
    match at {
        Some(at) => ui::time_tag(language, now, at),
        None => SafeHtml::escaped(&language.t("reports-never")),
    }
}

fn name(line: &Line) -> String {
    let c = &line.connection;
    c.setup.as_ref().map_or_else(|| c.kind.clone(), |s| s.name.to_string())
}

fn row(language: Language, now: Timestamp, line: &Line, is_administrator: bool) -> Row {
    let (tone, key) = match (&line.trouble, line.connection.run) {
        (Some(_), _) => ("danger", ""),
        (None, Run::Running) => ("success", "reports-connection-works"),
        (None, _) => ("neutral", "reports-connection-stopped"),
    };
    let why = match &line.trouble {
        Some(Trouble::Refused(why)) => language.with("reports-connection-refused", "why", why),
        Some(Trouble::Failing(_, why)) => language.with("reports-connection-failing", "why", why),
        None => String::new(),
    };
    Row {
        name: name(line),
        href: is_administrator.then(|| format!("/settings/marketplaces/{}", line.connection.id)),
        state: if key.is_empty() { SafeHtml::default() } else { ui::badge(tone, &language.t(key)) },
        why,
        last_success: moment(language, now, line.last_success),
    }
}

fn chart(language: Language, o: &Overview) -> SafeHtml {
    let sources: Vec<String> = o.days.sources.iter().cloned().collect();
    let most = o.days.days.iter().map(Day::total).max().unwrap_or(0);
    BarChart {
        id: "days",
        title: language.t("reports-per-day"),
        description: language
            .say(&Text::new("reports-per-day-chart").with("most", most).with("total", o.days.tickets)),
        series: sources.iter().map(|s| printable(s)).collect(),
        bars: o
            .days
            .days
            .iter()
            .map(|d| {
                let values = sources.iter().map(|s| d.tickets.get(s).copied().unwrap_or(0)).collect();
                Bar::of(time::date(language, d.from), values)
            })
            .collect(),
        unit: 1,
    }
    .html(language)
}
