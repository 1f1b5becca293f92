//! Business hours, a queue's ways and automatic replies as they were typed or sent.

use super::id;
use crate::fields::Fields;
use mostek_domain::text::{REPLY_MAX_CHARS, REPLY_MIN_CHARS};
use mostek_domain::{Calendar, CalendarError, ConnectionId, EmployeeId, QueueId, template};
use mostek_helpdesk::policy::{
    Assignment, LONGEST_DELAY, LONGEST_SLA, MOST_OPEN, Occasion, QueuePolicy, Rule, Sla,
};
use mostek_web::{ApiError, Text};

/// Names of the fields of a week, Monday first.
pub(crate) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Hours as typed or sent.
pub(crate) use mostek_api::service::HoursIn as Hours;

/// What is wrong with hours, in words.
fn calendar(e: &CalendarError) -> Text {
    let text = Text::new(format!("service-{}", e.slug()));
    match e {
        CalendarError::TooMany { limit } => text.with("limit", *limit),
        _ => text.with("text", e.text()),
    }
}

/// Between what was typed or sent and what the use case takes.
pub(crate) trait ReadHours: Sized {
    /// Those of a form.
    fn of(form: &Fields) -> Self;
    /// Reads them.
    ///
    /// # Errors
    /// 422 with the day.
    fn read(&self) -> Result<Calendar, ApiError>;
}

impl ReadHours for Hours {
    fn of(form: &Fields) -> Self {
        Self {
            week: DAYS.iter().map(|d| form.get(d).to_owned()).collect(),
            polish_holidays: form.get("polish_holidays") == "yes",
            exceptions: form.get("exceptions").lines().map(str::to_owned).collect(),
        }
    }

    fn read(&self) -> Result<Calendar, ApiError> {
        if self.week.len() != DAYS.len() {
            return Err(ApiError::bad_field("week", "service-calendar-week"));
        }
        let mut hours = Calendar { polish_holidays: self.polish_holidays, ..Calendar::default() };
        for ((typed, day), name) in self.week.iter().zip(&mut hours.week).zip(DAYS) {
            *day = mostek_domain::calendar::Spans::parse(typed)
                .map_err(|e| ApiError::bad_field(name, calendar(&e)))?;
        }
        hours.exceptions = Calendar::parse_exceptions(&self.exceptions.join("\n"))
            .map_err(|e| ApiError::bad_field("exceptions", calendar(&e)))?;
        Ok(hours)
    }
}

/// The fields of hours, for a form.
pub(crate) fn hours_fields(hours: &Calendar) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = DAYS
        .iter()
        .zip(&hours.week)
        .map(|(d, s)| ((*d).to_owned(), s.to_string().replace(',', ", ")))
        .collect();
    if hours.polish_holidays {
        fields.push(("polish_holidays".into(), "yes".into()));
    }
    fields.push(("exceptions".into(), hours.exceptions_text()));
    fields
}

/// A queue's ways as typed or sent.
pub(crate) use mostek_api::service::{QueueWaysIn as Queue, RoundRobin};

/// Hours and minutes of a form as minutes; `None` if neither is given.
fn minutes(form: &Fields, hours: &'static str, minutes: &'static str) -> Result<Option<u32>, ApiError> {
    let number = |name: &'static str| match form.given(name) {
        None => Ok(None),
        Some(text) => {
            let wrong = || ApiError::bad_field(name, "service-sla-number");
            text.parse::<u32>().map(Some).map_err(|_| wrong())
        }
    };
    let (h, m) = (number(hours)?, number(minutes)?);
    if h.is_none() && m.is_none() {
        return Ok(None);
    }
    Ok(Some(h.unwrap_or(0).saturating_mul(60).saturating_add(m.unwrap_or(0))))
}

/// Between what was typed or sent and what the use case takes.
pub(crate) trait ReadQueue: Sized {
    /// That of a form.
    ///
    /// # Errors
    /// 422 with the field.
    fn of(form: &Fields) -> Result<Self, ApiError>;
    /// Reads it; `colleagues` are those who may have tickets.
    ///
    /// # Errors
    /// 422 with the field.
    fn read(&self, colleagues: &[EmployeeId]) -> Result<QueuePolicy, ApiError>;
}

impl ReadQueue for Queue {
    fn of(form: &Fields) -> Result<Self, ApiError> {
        let round_robin = match form.get("assignment") {
            "round-robin" => Some(RoundRobin {
                members: form
                    .all("member")
                    .into_iter()
                    .map(|m| id("member", m, EmployeeId::parse))
                    .collect::<Result<_, _>>()?,
                limit: form.given("limit").and_then(|l| l.parse().ok()).ok_or_else(|| bad_limit("limit"))?,
            }),
            _ => None,
        };
        Ok(Self {
            hours: (form.get("hours") == "own").then(|| Hours::of(form)),
            first_answer_minutes: minutes(form, "first_hours", "first_minutes")?,
            next_answer_minutes: minutes(form, "next_hours", "next_minutes")?,
            round_robin,
        })
    }

    fn read(&self, colleagues: &[EmployeeId]) -> Result<QueuePolicy, ApiError> {
        let sla = |minutes: Option<u32>, field: &'static str| match minutes {
            Some(m) if !(1..=LONGEST_SLA).contains(&m) => {
                let text = Text::new("service-sla-range").with("days", LONGEST_SLA / (24 * 60));
                Err(ApiError::bad_field(field, text))
            }
            other => Ok(other),
        };
        let assignment = match &self.round_robin {
            None => Assignment::Nobody,
            Some(r) => {
                if r.members.is_empty() {
                    return Err(ApiError::bad_field("member", "service-members-none"));
                }
                if r.members.iter().any(|m| !colleagues.contains(m)) {
                    return Err(ApiError::bad_field("member", "helpdesk-no-colleague"));
                }
                if !(1..=MOST_OPEN).contains(&r.limit) {
                    return Err(bad_limit("limit"));
                }
                let mut members: Vec<EmployeeId> = Vec::new();
                for m in &r.members {
                    if !members.contains(m) {
                        members.push(*m);
                    }
                }
                Assignment::RoundRobin { members, limit: r.limit }
            }
        };
        Ok(QueuePolicy {
            hours: self.hours.as_ref().map(Hours::read).transpose()?,
            sla: Sla {
                first: sla(self.first_answer_minutes, "first_hours")?,
                next: sla(self.next_answer_minutes, "next_hours")?,
            },
            assignment,
        })
    }
}

fn bad_limit(field: &'static str) -> ApiError {
    ApiError::bad_field(field, Text::new("service-limit-range").with("limit", MOST_OPEN))
}

/// The fields of a queue's ways, for a form.
pub(crate) fn queue_fields(policy: &QueuePolicy, company: &Calendar) -> Vec<(String, String)> {
    let mut fields = hours_fields(policy.hours.as_ref().unwrap_or(company));
    let mut put = |name: &str, value: String| fields.push((name.to_owned(), value));
    put("hours", if policy.hours.is_some() { "own" } else { "company" }.into());
    for (name, minutes) in [("first", policy.sla.first), ("next", policy.sla.next)] {
        if let Some(m) = minutes {
            put(&format!("{name}_hours"), (m / 60).to_string());
            put(&format!("{name}_minutes"), (m % 60).to_string());
        }
    }
    if let Assignment::RoundRobin { members, limit } = &policy.assignment {
        put("assignment", "round-robin".into());
        put("limit", limit.to_string());
        for m in members {
            put("member", m.to_string());
        }
    } else {
        put("limit", "20".into());
    }
    fields
}

/// An automatic reply as typed or sent.
pub(crate) use mostek_api::service::AutomaticReplyIn as Automatic;

/// Between what was typed or sent and what the use case takes.
pub(crate) trait ReadAutomatic: Sized {
    /// That of a form, whose delay is in minutes.
    ///
    /// # Errors
    /// 422 with the field.
    fn of(form: &Fields) -> Result<Self, ApiError>;
    /// Reads it: the rule, and whether it is on.
    ///
    /// # Errors
    /// 422 with the field.
    fn read(&self) -> Result<(Rule, bool), ApiError>;
}

impl ReadAutomatic for Automatic {
    fn of(form: &Fields) -> Result<Self, ApiError> {
        let delay = form.given("delay").unwrap_or("0");
        let delay: u32 = delay.parse().map_err(|_| bad_delay())?;
        Ok(Self {
            connection: id("connection", form.get("connection"), ConnectionId::parse)?,
            queue: id("queue", form.get("queue"), QueueId::parse)?,
            occasion: form.get("occasion").to_owned(),
            text: form.get("text").to_owned(),
            delay_seconds: delay.saturating_mul(60),
            on: form.get("on") == "yes",
        })
    }

    fn read(&self) -> Result<(Rule, bool), ApiError> {
        let text = self.text.replace("\r\n", "\n").trim().to_owned();
        // Without anything put in it must be long enough to be sent.
        let rendered = template::render(&text, &template::Values::default());
        let unknown: Vec<&str> = rendered
            .unknown
            .iter()
            .map(String::as_str)
            .chain(rendered.missing.iter().map(String::as_str).filter(|n| *n == "agent"))
            .collect();
        if !unknown.is_empty() {
            let wrong = Text::new("service-automatic-unknown").with("names", unknown.join(", "));
            return Err(ApiError::bad_field("text", wrong));
        }
        let chars = rendered.text.trim().chars().count();
        if !(REPLY_MIN_CHARS..=REPLY_MAX_CHARS).contains(&chars) {
            let wrong = Text::new("service-automatic-short").with("limit", REPLY_MIN_CHARS);
            return Err(ApiError::bad_field("text", wrong));
        }
        if self.delay_seconds > LONGEST_DELAY {
            return Err(bad_delay());
        }
        let occasion = Occasion::from_slug(&self.occasion)
            .ok_or_else(|| ApiError::bad_field("occasion", "helpdesk-unknown-choice"))?;
        let rule = Rule {
            connection: self.connection,
            queue: self.queue,
            occasion,
            text,
            delay: self.delay_seconds,
            since: None,
        };
        Ok((rule, self.on))
    }
}

fn bad_delay() -> ApiError {
    ApiError::bad_field(
        "delay",
        Text::new("service-automatic-delay-range").with("minutes", LONGEST_DELAY / 60),
    )
}

/// The fields of an automatic reply, for a form.
pub(crate) fn rule_fields(rule: &Rule) -> Vec<(String, String)> {
    let mut fields = vec![
        ("connection".to_owned(), rule.connection.to_string()),
        ("queue".to_owned(), rule.queue.to_string()),
        ("occasion".to_owned(), rule.occasion.slug().to_owned()),
        ("delay".to_owned(), (rule.delay / 60).to_string()),
        ("text".to_owned(), rule.text.clone()),
    ];
    if rule.since.is_some() {
        fields.push(("on".to_owned(), "yes".to_owned()));
    }
    fields
}
