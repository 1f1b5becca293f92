//! `/reports`: what tickets add up to (H19), and the same as tables for spreadsheets.

use super::{bits, sources, words};
use crate::input::report::{Asked, PERIODS, asked};
use crate::visit::Visit;
use askama::Template;
use futures::future::try_join3;
use http::Method;
use mostek_domain::report::{Agent, Day, Durations, LIMITS, Report};
use mostek_domain::{EmployeeId, Language, Timestamp};
use mostek_helpdesk::{desk, reports};
use mostek_ports::World;
use mostek_web::csv::Csv;
use mostek_web::ui::{Bar, BarChart, Choice, EmptyState};
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak, Text, Tone, i18n, time, ui};
use std::time::Duration;

/// `/reports`.
pub(crate) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    if request.method != Method::GET {
        return Err(ApiError::method_not_allowed("GET"));
    }
    match rest {
        [] => show(visit, request).await,
        ["days.csv"] => Ok(days_csv(visit, &of(visit, request).await?)),
        ["times.csv"] => Ok(times_csv(visit, &of(visit, request).await?)),
        ["agents.csv"] => Ok(agents_csv(visit, &of(visit, request).await?)),
        _ => Err(ApiError::not_found()),
    }
}

async fn of<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Report, ApiError> {
    let asked = asked(request, visit.now())?;
    Ok(reports::report(visit.world, visit.company(), &asked.midnights, &asked.wanted).await?.report)
}

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportPage {
    language: Language,
    intro: String,
    periods: Vec<Choice>,
    period: String,
    from: String,
    to: String,
    sources: Vec<Choice>,
    source: String,
    queues: Vec<Choice>,
    queue: String,
    query: String,
    notice: SafeHtml,
    empty: Option<SafeHtml>,
    tickets: String,
    first: Told,
    resolution: Told,
    chart: SafeHtml,
    /// How soon tickets were answered, and closed, day by day.
    times: [(String, SafeHtml); 2],
    columns: Vec<String>,
    days: Vec<DayRow>,
    agents: Vec<AgentRow>,
}

/// Durations in words.
struct Told {
    count: String,
    median: String,
    ninetieth: String,
    /// For each limit: its name, how many tickets, which share.
    within: Vec<(String, String, String)>,
}

struct DayRow {
    date: String,
    total: String,
    counts: Vec<String>,
    /// How many were answered, and how soon.
    answered: String,
    first: String,
    /// And closed.
    closed: String,
    resolution: String,
}

struct AgentRow {
    name: String,
    answered_first: String,
    replies: String,
    closed: String,
    median: String,
    resolution: String,
}

async fn show<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    let l = visit.language();
    let (asked, wrong) = match asked(request, visit.now()) {
        Ok(asked) => (asked, None),
        // Days that make no period are told on the page; the usual period is shown beside.
        Err(e) if e.field.as_deref() == Some("from") => (usual(visit)?, Some(e)),
        Err(e) => return Err(e),
    };
    let (fresh, desk, mut sources) = try_join3(
        reports::report(visit.world, visit.company(), &asked.midnights, &asked.wanted),
        desk::read(visit.world, visit.company()),
        sources(visit),
    )
    .await?;
    let report = fresh.report;
    sources.extend(report.sources.iter().cloned());
    // What is asked for stays chosen, whether or not a ticket came from there.
    sources.extend(asked.wanted.source.clone());
    let notice = match &wrong {
        Some(e) => ui::notice(Tone::Danger, &l.say(&e.message)),
        None if fresh.behind > 0 => ui::notice(Tone::Info, &l.n("reports-behind", fresh.behind)),
        None => SafeHtml::default(),
    };
    let (from, to) = ends(&asked);
    let any = || Choice::new("", l.t("common-filter-any"));
    let columns: Vec<String> = report.sources.iter().cloned().collect();
    let period = asked.period.map_or_else(|| "custom".to_owned(), |p| p.to_string());
    let body = ReportPage {
        language: l,
        intro: l
            .say(&Text::new("reports-intro").with("from", time::date(l, from)).with("to", time::date(l, to))),
        periods: PERIODS
            .iter()
            .map(|p| Choice::new(p.to_string(), l.n("reports-period-days", *p as u64)))
            .chain([Choice::new("custom", l.t("reports-period-custom"))])
            .collect(),
        query: query(&period, &asked),
        period,
        from: time::input_date(from),
        to: time::input_date(to),
        sources: std::iter::once(any())
            .chain(sources.iter().map(|s| Choice::new(s, words::line(s))))
            .collect(),
        source: asked.wanted.source.clone().unwrap_or_default(),
        queues: std::iter::once(any())
            .chain(desk.state.queues.iter().map(|q| Choice::new(q.id.to_string(), q.name.to_string())))
            .collect(),
        queue: asked.wanted.queue.map(|q| q.to_string()).unwrap_or_default(),
        notice,
        empty: (report.tickets == 0).then(|| {
            EmptyState::new("chart", l.t("reports-none"), l.t("reports-none-text"))
                .action(l.t("common-filter-clear"), "/reports")
                .html()
        }),
        tickets: number(l, report.tickets),
        first: told(l, &report.first_response),
        resolution: told(l, &report.resolution),
        chart: chart(l, &report, &columns),
        times: [
            times_chart(l, "first-response", &report, |d| &d.first_response),
            times_chart(l, "resolution", &report, |d| &d.resolution),
        ],
        days: report.days.iter().map(|d| day(l, d, &columns)).collect(),
        columns: columns.iter().map(|s| words::line(s)).collect(),
        agents: report.agents.iter().map(|a| agent(visit, a)).collect(),
    };
    let viewer = visit.session.viewer();
    let page = Page::new(&viewer, l.t("reports-title")).active("reports").wide().show(request, &body)?;
    Ok(match wrong {
        Some(e) => page.status(e.status),
        None => page,
    })
}

fn usual<W: World>(visit: &Visit<'_, W>) -> Result<Asked, ApiError> {
    let days = PERIODS.get(1).copied().unwrap_or(30);
    Ok(Asked {
        period: None,
        midnights: mostek_web::days::last(visit.now(), days),
        wanted: mostek_domain::report::Wanted::default(),
    })
}

/// The first and the last day.
fn ends(asked: &Asked) -> (Timestamp, Timestamp) {
    let first = asked.midnights.first().copied().unwrap_or_default();
    let last = asked.midnights.iter().rev().nth(1).copied().unwrap_or(first);
    (first, last)
}

/// What the downloads are asked for with.
fn query(period: &str, asked: &Asked) -> String {
    let (from, to) = ends(asked);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("period", period);
    if asked.period.is_none() {
        query.append_pair("from", &time::input_date(from)).append_pair("to", &time::input_date(to));
    }
    if let Some(source) = &asked.wanted.source {
        query.append_pair("source", source);
    }
    if let Some(queue) = asked.wanted.queue {
        query.append_pair("queue", &queue.to_string());
    }
    query.finish()
}

fn number(language: Language, n: u64) -> String {
    i18n::number(language, i64::try_from(n).unwrap_or(i64::MAX))
}

/// `45 min`, `2 godz. 15 min`, `3 d 4 godz.`; a dash for none.
fn duration(language: Language, d: Option<Duration>) -> String {
    let Some(d) = d else { return "–".to_owned() };
    let minutes = d.as_secs() / 60;
    let (key, pairs) = match minutes {
        0 => return language.t("reports-under-minute"),
        1..60 => ("reports-minutes", vec![("minutes", minutes)]),
        60..2880 => ("reports-hours", vec![("hours", minutes / 60), ("minutes", minutes % 60)]),
        _ => ("reports-days", vec![("days", minutes / 1440), ("hours", minutes % 1440 / 60)]),
    };
    language.say(&pairs.into_iter().fold(Text::new(key), |text, (name, value)| text.with(name, value)))
}

fn told(language: Language, d: &Durations) -> Told {
    let share = |n: u64| {
        n.saturating_mul(100).checked_div(d.count).map_or_else(|| "–".to_owned(), |p| format!("{p}%"))
    };
    Told {
        count: number(language, d.count),
        median: duration(language, d.median),
        ninetieth: duration(language, d.ninetieth),
        within: LIMITS
            .into_iter()
            .zip(d.within)
            .map(|(limit, n)| {
                let name = language.with("reports-within", "hours", limit.as_secs() / 3600);
                (name, number(language, n), share(n))
            })
            .collect(),
    }
}

fn chart(language: Language, report: &Report, columns: &[String]) -> SafeHtml {
    let most = report.days.iter().map(Day::total).max().unwrap_or(0);
    BarChart {
        id: "tickets",
        title: language.t("reports-per-day"),
        description: language
            .say(&Text::new("reports-per-day-chart").with("most", most).with("total", report.tickets)),
        series: columns.iter().map(|s| words::line(s)).collect(),
        bars: report
            .days
            .iter()
            .map(|d| {
                let values = columns.iter().map(|s| d.tickets.get(s).copied().unwrap_or(0)).collect();
                Bar::of(time::date(language, d.from), values)
            })
            .collect(),
        unit: 1,
    }
    .html(language)
}

/// What it is called, and the medians of the days as a drawing: in the greatest of minutes, hours and days of which the
/// longest is at least two.
fn times_chart(
    language: Language,
    name: &'static str,
    report: &Report,
    of: impl Fn(&Day) -> &Durations,
) -> (String, SafeHtml) {
    // What was quicker than a minute is to be seen, too.
    let minutes = |d: &Day| of(d).median.map(|m| m.as_secs().div_ceil(60).max(1));
    let longest = report.days.iter().max_by_key(|d| of(d).median);
    let most = longest.and_then(minutes).unwrap_or(0);
    let (unit, units) = [(1440, "days"), (60, "hours")]
        .into_iter()
        .find(|(unit, _)| most >= 2 * unit)
        .unwrap_or((1, "minutes"));
    let most = duration(language, longest.and_then(|d| of(d).median));
    let title = language.t(&format!("reports-{name}-{units}"));
    let chart = BarChart {
        id: name,
        title: title.clone(),
        description: language.with("reports-times-chart", "most", most),
        series: vec![String::new()],
        bars: report
            .days
            .iter()
            .map(|d| Bar {
                told: Some(duration(language, of(d).median)),
                ..Bar::of(time::date(language, d.from), vec![minutes(d).unwrap_or(0)])
            })
            .collect(),
        unit,
    };
    (title, chart.html(language))
}

fn day(language: Language, d: &Day, columns: &[String]) -> DayRow {
    DayRow {
        date: time::date(language, d.from),
        total: number(language, d.total()),
        counts: columns.iter().map(|s| number(language, d.tickets.get(s).copied().unwrap_or(0))).collect(),
        answered: number(language, d.first_response.count),
        first: duration(language, d.first_response.median),
        closed: number(language, d.resolution.count),
        resolution: duration(language, d.resolution.median),
    }
}

fn name<W: World>(visit: &Visit<'_, W>, employee: EmployeeId) -> String {
    let name = visit.employee_name(employee);
    if name.is_empty() { visit.language().t("reports-unknown-person") } else { name }
}

fn agent<W: World>(visit: &Visit<'_, W>, a: &Agent) -> AgentRow {
    let l = visit.language();
    AgentRow {
        name: name(visit, a.employee),
        answered_first: number(l, a.answered_first),
        replies: number(l, a.replies),
        closed: number(l, a.closed),
        median: duration(l, a.first_response.median),
        resolution: duration(l, a.resolution.median),
    }
}

/// Seconds for a spreadsheet; empty for none.
fn seconds(d: Option<Duration>) -> String {
    d.map(|d| d.as_secs().to_string()).unwrap_or_default()
}

fn days_csv<W: World>(visit: &Visit<'_, W>, report: &Report) -> Response {
    let l = visit.language();
    let mut heading = vec![l.t("reports-day"), l.t("reports-total")];
    heading.extend(report.sources.iter().cloned());
    let times = ["reports-answered", "reports-column-seconds", "reports-closed", "reports-column-resolution"];
    heading.extend(times.map(|key| l.t(key)));
    let mut csv = Csv::new(l).row(heading);
    for d in &report.days {
        let counts = report.sources.iter().map(|s| d.tickets.get(s).copied().unwrap_or(0).to_string());
        let times = [&d.first_response, &d.resolution].map(|t| [t.count.to_string(), seconds(t.median)]);
        let row = [time::input_date(d.from), d.total().to_string()].into_iter().chain(counts);
        csv = csv.row(row.chain(times.into_iter().flatten()));
    }
    csv.download("reports-days.csv")
}

/// The whole period: how soon tickets were answered and closed.
fn times_csv<W: World>(visit: &Visit<'_, W>, report: &Report) -> Response {
    let l = visit.language();
    let keys = ["reports-measure", "reports-tickets", "reports-column-median", "reports-column-ninetieth"];
    let mut heading = keys.map(|key| l.t(key)).to_vec();
    heading.extend(LIMITS.map(|limit| l.with("reports-within", "hours", limit.as_secs() / 3600)));
    let mut csv = Csv::new(l).row(heading);
    for (key, d) in
        [("reports-first-response", &report.first_response), ("reports-resolution", &report.resolution)]
    {
        let row = [l.t(key), d.count.to_string(), seconds(d.median), seconds(d.ninetieth)];
        csv = csv.row(row.into_iter().chain(d.within.map(|n| n.to_string())));
    }
    csv.download("reports-times.csv")
}

fn agents_csv<W: World>(visit: &Visit<'_, W>, report: &Report) -> Response {
    let l = visit.language();
    let heading = [
        "reports-agent",
        "reports-answered-first",
        "reports-replies",
        "reports-closed",
        "reports-column-seconds",
        "reports-column-resolution",
    ];
    let mut csv = Csv::new(l).row(heading.map(|key| l.t(key)));
    for a in &report.agents {
        csv = csv.row([
            name(visit, a.employee),
            a.answered_first.to_string(),
            a.replies.to_string(),
            a.closed.to_string(),
            seconds(a.first_response.median),
            seconds(a.resolution.median),
        ]);
    }
    csv.download("reports-agents.csv")
}
