//! What tickets add up to: how many there were, how soon they were answered and closed, and by whom.
//!
//! A report is about the tickets that *began* in its period; what happened to them later counts, whenever it happened.

use crate::{EmployeeId, QueueId, TicketId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Shares are told for answers within these.
pub const LIMITS: [Duration; 3] =
    [Duration::from_secs(3600), Duration::from_secs(4 * 3600), Duration::from_secs(24 * 3600)];

/// One ticket, as far as reports know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketFacts {
    /// The ticket.
    pub ticket: TicketId,
    /// How far its journal was read for this: of two lines of one ticket the one that saw more counts. (Two pollers that
    /// open a ticket at the same moment take two numbers for it, and each may have been written down.)
    pub seen: u64,
    /// Its number.
    pub number: u64,
    /// When the customer's first message came.
    pub began: Timestamp,
    /// Through which source.
    pub source: String,
    /// Its queue.
    pub queue: QueueId,
    /// When we first answered, and who did; nobody we know of in the marketplace's own panel.
    pub answered: Option<(Timestamp, Option<EmployeeId>)>,
    /// When it was closed, if it is, and by whom; nobody for a rule of the hub.
    pub closed: Option<(Timestamp, Option<EmployeeId>)>,
    /// How many replies each employee sent.
    pub replies: Vec<(EmployeeId, u32)>,
}

/// Which tickets; absent means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A source.
    pub source: Option<String>,
    /// A queue.
    pub queue: Option<QueueId>,
}

impl Wanted {
    fn fits(&self, t: &TicketFacts) -> bool {
        self.source.as_ref().is_none_or(|s| *s == t.source) && self.queue.is_none_or(|q| q == t.queue)
    }
}

/// Some durations, told in short.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Durations {
    /// How many.
    pub count: u64,
    /// Half of them are not longer.
    pub median: Option<Duration>,
    /// Nine of ten are not longer.
    pub ninetieth: Option<Duration>,
    /// How many are not longer than each of [`LIMITS`].
    pub within: [u64; 3],
}

impl Durations {
    /// In short; the nearest rank is taken, so each figure is one of the durations.
    #[must_use]
    pub fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let count = all.len();
        let rank = |tenths: usize| {
            let rank = count.saturating_mul(tenths).div_ceil(10).max(1);
            all.get(rank.saturating_sub(1)).copied()
        };
        Self {
            count: count as u64,
            median: rank(5),
            ninetieth: rank(9),
            within: LIMITS.map(|limit| all.partition_point(|d| *d <= limit) as u64),
        }
    }
}

/// One day of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// Its beginning.
    pub from: Timestamp,
    /// Tickets that began on it, by source.
    pub tickets: BTreeMap<String, u64>,
    /// From the customer's first message to our first answer, of those.
    pub first_response: Durations,
    /// From the customer's first message to closing, of those that are closed.
    pub resolution: Durations,
}

impl Day {
    /// All tickets that began on it.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.tickets.values().sum()
    }
}

/// What one employee did for the tickets of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Who.
    pub employee: EmployeeId,
    /// Tickets that they were the first to answer.
    pub answered_first: u64,
    /// How soon, of those.
    pub first_response: Durations,
    /// Replies.
    pub replies: u64,
    /// Tickets they closed.
    pub closed: u64,
    /// How soon after the customer's first message, of those.
    pub resolution: Durations,
}

/// A report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Its days.
    pub days: Vec<Day>,
    /// The sources that tickets came through.
    pub sources: BTreeSet<String>,
    /// Tickets that began.
    pub tickets: u64,
    /// From the customer's first message to our first answer.
    pub first_response: Durations,
    /// From the customer's first message to closing, of those that are closed.
    pub resolution: Durations,
    /// Who did what, most replies first.
    pub agents: Vec<Agent>,
}

#[derive(Default)]
struct Work {
    first: Vec<Duration>,
    replies: u64,
    closed: Vec<Duration>,
}

impl Report {
    /// Adds tickets up. `midnights` are the beginnings of the days in order, with the end of the last one behind them;
    /// tickets that began outside are left out; one that comes twice counts once.
    #[must_use]
    pub fn of<'a>(
        tickets: impl IntoIterator<Item = &'a TicketFacts>,
        midnights: &[Timestamp],
        wanted: &Wanted,
    ) -> Self {
        let starts = midnights.split_last().map_or(&[][..], |(_, starts)| starts);
        let mut report = Self {
            days: starts.iter().map(|from| Day { from: *from, ..Day::default() }).collect(),
            ..Self::default()
        };
        let mut times = vec![(Vec::new(), Vec::new()); report.days.len()];
        let mut agents: BTreeMap<EmployeeId, Work> = BTreeMap::new();
        let mut once: BTreeMap<TicketId, &TicketFacts> = BTreeMap::new();
        for t in tickets {
            let known = once.entry(t.ticket).or_insert(t);
            if known.seen < t.seen {
                *known = t;
            }
        }
        for t in once.into_values().filter(|t| wanted.fits(t)) {
            let day = midnights.partition_point(|m| *m <= t.began).checked_sub(1);
            let Some((day, (first, resolved))) =
                day.and_then(|d| Some((report.days.get_mut(d)?, times.get_mut(d)?)))
            else {
                continue;
            };
            *day.tickets.entry(t.source.clone()).or_default() += 1;
            report.sources.insert(t.source.clone());
            report.tickets += 1;
            if let Some((at, by)) = t.answered {
                first.push(at.since(t.began));
                if let Some(by) = by {
                    agents.entry(by).or_default().first.push(at.since(t.began));
                }
            }
            if let Some((at, by)) = t.closed {
                resolved.push(at.since(t.began));
                if let Some(by) = by {
                    agents.entry(by).or_default().closed.push(at.since(t.began));
                }
            }
            for (by, count) in &t.replies {
                agents.entry(*by).or_default().replies += u64::from(*count);
            }
        }
        for (day, (first, resolved)) in report.days.iter_mut().zip(&times) {
            day.first_response = Durations::of(first.clone());
            day.resolution = Durations::of(resolved.clone());
        }
        let (first, resolved): (Vec<_>, Vec<_>) = times.into_iter().unzip();
        report.first_response = Durations::of(first.concat());
        report.resolution = Durations::of(resolved.concat());
        report.agents = agents
            .into_iter()
            .map(|(employee, work)| Agent {
                employee,
                answered_first: work.first.len() as u64,
                first_response: Durations::of(work.first),
                replies: work.replies,
                closed: work.closed.len() as u64,
                resolution: Durations::of(work.closed),
            })
            .collect();
        report.agents.sort_by_key(|a| (std::cmp::Reverse((a.replies, a.answered_first)), a.employee));
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn employee(n: u8) -> EmployeeId {
        EmployeeId::from_random([n; 16])
    }

    fn ticket(number: u64, began: i64, source: &str) -> TicketFacts {
        TicketFacts {
            ticket: TicketId::deterministic(&[&number.to_le_bytes()]),
            seen: 1,
            number,
            began: Timestamp(began),
            source: source.into(),
            queue: QueueId::from_random([1; 16]),
            answered: None,
            closed: None,
            replies: Vec::new(),
        }
    }

    #[test]
    fn durations_are_told_by_the_nearest_rank() {
        let hours = |all: &[u64]| Durations::of(all.iter().map(|h| Duration::from_secs(h * 3600)).collect());
        assert_eq!(Durations::of(Vec::new()), Durations::default());
        let one = hours(&[2]);
        assert_eq!((one.median, one.ninetieth), (one.median, one.median));
        assert_eq!(one.within, [0, 1, 1]);
        let ten = hours(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(ten.median, Some(Duration::from_secs(5 * 3600)));
        assert_eq!(ten.ninetieth, Some(Duration::from_secs(9 * 3600)));
        assert_eq!((ten.count, ten.within), (10, [1, 4, 10]));
    }

    #[test]
    fn tickets_are_counted_on_their_day_and_for_who_did_the_work() {
        let midnights: Vec<Timestamp> = (0..4).map(|d| Timestamp(d * 24 * HOUR)).collect();
        let mut first = ticket(1, HOUR, "A");
        first.answered = Some((Timestamp(2 * HOUR), Some(employee(1))));
        first.closed = Some((Timestamp(100 * HOUR), Some(employee(2))));
        first.replies = vec![(employee(1), 2), (employee(2), 1)];
        let mut second = ticket(2, 24 * HOUR, "B");
        second.answered = Some((Timestamp(29 * HOUR), None));
        let outside = [ticket(3, -1, "A"), ticket(4, 72 * HOUR, "A")];
        let before = TicketFacts { seen: 0, number: 7, answered: None, ..first.clone() };
        let all = [before.clone(), first, before, second, outside[0].clone(), outside[1].clone()];
        let report = Report::of(&all, &midnights, &Wanted::default());
        assert_eq!((report.tickets, report.days.len()), (2, 3));
        assert_eq!(report.days.iter().map(Day::total).collect::<Vec<_>>(), [1, 1, 0]);
        assert_eq!(report.first_response.within, [1, 1, 2]);
        assert_eq!(report.resolution.median, Some(Duration::from_secs(99 * 3600)));
        let agents: Vec<_> =
            report.agents.iter().map(|a| (a.employee, a.answered_first, a.replies, a.closed)).collect();
        assert_eq!(agents, [(employee(1), 1, 2, 0), (employee(2), 0, 1, 1)]);
        // What happened later counts on the day on which the ticket began, and for who did it.
        let hours = |d: Durations| (d.count, d.median.map(|m| m.as_secs() / 3600));
        let days: Vec<_> =
            report.days.iter().map(|d| (hours(d.first_response), hours(d.resolution))).collect();
        assert_eq!(days, [((1, Some(1)), (1, Some(99))), ((1, Some(5)), (0, None)), ((0, None), (0, None))]);
        let closed: Vec<_> = report.agents.iter().map(|a| hours(a.resolution)).collect();
        assert_eq!(closed, [(0, None), (1, Some(99))]);
        let only = Wanted { source: Some("B".into()), queue: None };
        assert_eq!(Report::of(&all, &midnights, &only).tickets, 1);
        assert_eq!(Report::of(&all, &[], &Wanted::default()), Report::default());
    }
}
