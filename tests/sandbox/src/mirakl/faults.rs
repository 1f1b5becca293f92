//! Faults on demand: which call goes wrong, when, and how.

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// An operation of the seller API, by Mirakl's name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Operation {
    /// `GET /api/account`.
    A01,
    /// `GET /api/version`.
    V01,
    /// `GET /api/inbox/threads/{id}`.
    M10,
    /// `GET /api/inbox/threads`.
    M11,
    /// `POST /api/inbox/threads/{id}/message`.
    M12,
    /// `GET /api/inbox/threads/{attachment id}/download`.
    M13,
    /// `GET /api/orders`.
    OR11,
    /// `POST /api/orders/{id}/threads`.
    OR43,
    /// `GET /api/reasons`.
    RE01,
    /// Any of them; only in a fault.
    #[serde(rename = "*")]
    Any,
}

impl Operation {
    /// The operations a fault can be set for, in the panel's order.
    pub const ALL: [Self; 10] = [
        Self::Any,
        Self::A01,
        Self::V01,
        Self::M10,
        Self::M11,
        Self::M12,
        Self::M13,
        Self::OR11,
        Self::OR43,
        Self::RE01,
    ];

    /// Its name, as in the JSON notation.
    pub fn name(self) -> &'static str {
        match self {
            Self::A01 => "A01",
            Self::V01 => "V01",
            Self::M10 => "M10",
            Self::M11 => "M11",
            Self::M12 => "M12",
            Self::M13 => "M13",
            Self::OR11 => "OR11",
            Self::OR43 => "OR43",
            Self::RE01 => "RE01",
            Self::Any => "*",
        }
    }

    /// The operation that a request asks for; `None` outside the API.
    pub fn of(method: &http::Method, path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/mirakl/api/")?;
        let segments: Vec<&str> = rest.split('/').collect();
        match (method.as_str(), segments.as_slice()) {
            ("GET" | "HEAD", ["account"]) => Some(Self::A01),
            ("GET" | "HEAD", ["version"]) => Some(Self::V01),
            ("GET" | "HEAD", ["inbox", "threads"]) => Some(Self::M11),
            ("GET" | "HEAD", ["inbox", "threads", _]) => Some(Self::M10),
            ("POST", ["inbox", "threads", _, "message"]) => Some(Self::M12),
            ("GET" | "HEAD", ["inbox", "threads", _, "download"]) => Some(Self::M13),
            ("GET" | "HEAD", ["orders"]) => Some(Self::OR11),
            ("POST", ["orders", _, "threads"]) => Some(Self::OR43),
            ("GET" | "HEAD", ["reasons"]) => Some(Self::RE01),
            _ => None,
        }
    }
}

/// The form of an error's body. Mirakl publishes no schema; these are the ones seen in its connectors and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorShape {
    /// `{"message":…,"status":…}`
    #[default]
    Message,
    /// `{"errors":[{"message":…}]}`
    Errors,
    /// `{"code":…,"message":…}`
    Code,
    /// A page of HTML, as a proxy in front would send.
    Html,
    /// Nothing.
    Empty,
}

fn two_minutes() -> u64 {
    120_000
}

fn yes() -> bool {
    true
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// The call is refused with this status and has no effect.
    Status {
        /// Such as 401, 403, 429, 500, 503.
        status: u16,
        /// Seconds in the `Retry-After` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
        /// The form of the body.
        #[serde(default)]
        shape: ErrorShape,
    },
    /// The call takes effect, and yet is answered with this status.
    StatusAfter {
        /// Such as 500 or 502.
        status: u16,
    },
    /// Nothing happens and no answer comes; the connection is closed after `hold_ms`.
    TimeoutBefore {
        /// Milliseconds, 120,000 unless given.
        #[serde(default = "two_minutes")]
        hold_ms: u64,
    },
    /// The call takes effect, but its answer is held for `hold_ms`, and then lost.
    TimeoutAfter {
        /// Milliseconds, 120,000 unless given; 0 closes the connection at once.
        #[serde(default = "two_minutes")]
        hold_ms: u64,
        /// Whether the connection is closed in place of answering at last; true unless given.
        #[serde(default = "yes")]
        then_drop: bool,
    },
    /// The call takes longer.
    Slow {
        /// Milliseconds before anything happens.
        delay_ms: u64,
    },
    /// The connection is closed at once, without effect.
    Drop,
    /// The call takes effect and is answered with HTML under its usual status.
    NotJson,
    /// M11: the page's token leads to the same page once more.
    RepeatPages,
    /// M11: after the page, a customer writes in the conversation that would have come first on the next one, so that
    /// it moves to the front and this pass misses it.
    ListChanges,
    /// Every object has additional fields; every enumeration has values of tomorrow, and there are participants and
    /// entities of unknown kinds.
    Unknown {
        /// Whether senders of messages (`from.type`) are unknown as well; true unless given.
        #[serde(default = "yes")]
        senders: bool,
    },
    /// Every field that is not marked as required is null.
    NullOptionals,
    /// M10, M11: messages come newest first.
    Reversed,
    /// M12, OR43: the accepted message becomes visible only after `delay_ms`, with the date of its acceptance.
    Late {
        /// Milliseconds.
        delay_ms: u64,
    },
}

/// A fault as it is ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The operation it concerns.
    pub operation: Operation,
    /// What goes wrong.
    pub effect: Effect,
    /// For how many calls. Absent: one, or without end when there is a probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How likely each call is hit, 0.0 to 1.0. Absent: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The seed of the dice; 1 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

impl Fault {
    /// The next `times` calls of the operation go wrong.
    pub fn next(operation: Operation, times: u32, effect: Effect) -> Self {
        Self { operation, effect, times: Some(times), probability: None, seed: None }
    }

    /// Each call of the operation goes wrong with the probability, until the faults are cleared.
    pub fn sometimes(operation: Operation, probability: f64, seed: u64, effect: Effect) -> Self {
        Self { operation, effect, times: None, probability: Some(probability), seed: Some(seed) }
    }
}

/// A fault that waits for its calls.
#[derive(Debug, Clone, Serialize)]
pub struct Armed {
    /// Its number, for the panel.
    pub id: u64,
    /// As ordered.
    #[serde(flatten)]
    pub fault: Fault,
    /// Calls it will still hit; `None` without end.
    pub left: Option<u32>,
    /// Calls it has hit.
    pub hits: u64,
    #[serde(skip)]
    dice: Random,
}

/// What is decided about one call before anything happens.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Every effect that hits it; at most one of those that decide the answer.
    pub effects: Vec<Effect>,
}

impl Plan {
    /// Whether an effect is part of the plan.
    pub fn has(&self, effect: &Effect) -> bool {
        self.effects.contains(effect)
    }

    /// How long a message accepted by this call stays invisible, in milliseconds.
    pub fn hidden_for(&self) -> i64 {
        self.effects
            .iter()
            .find_map(|effect| match effect {
                Effect::Late { delay_ms } => i64::try_from(*delay_ms).ok(),
                _ => None,
            })
            .unwrap_or(0)
    }
}

/// The faults that are set.
#[derive(Debug, Default)]
pub struct Faults {
    armed: Vec<Armed>,
    given: u64,
}

impl Faults {
    /// Sets one more; returns its number.
    pub fn add(&mut self, fault: Fault) -> u64 {
        self.given += 1;
        let left = match (fault.times, fault.probability) {
            (Some(times), _) => Some(times),
            (None, Some(_)) => None,
            (None, None) => Some(1),
        };
        if left == Some(0) {
            return self.given;
        }
        let dice = Random::new(fault.seed.unwrap_or(1));
        self.armed.push(Armed { id: self.given, fault, left, hits: 0, dice });
        self.given
    }

    /// Those that can still hit, in the order they were set.
    pub fn armed(&self) -> &[Armed] {
        &self.armed
    }

    /// Takes one back; false when there is none of that number.
    pub fn remove(&mut self, id: u64) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.id != id);
        self.armed.len() != before
    }

    /// Takes all back.
    pub fn clear(&mut self) {
        self.armed.clear();
    }

    /// Decides what happens to a call. Of the effects that decide its answer only the first is used up.
    pub fn plan(&mut self, operation: Operation) -> Plan {
        let mut plan = Plan::default();
        let mut decided = false;
        for armed in &mut self.armed {
            if !matches!(armed.fault.operation, Operation::Any) && armed.fault.operation != operation {
                continue;
            }
            if !applies(&armed.fault.effect, operation) {
                continue;
            }
            let decides = matches!(
                armed.fault.effect,
                Effect::Status { .. }
                    | Effect::StatusAfter { .. }
                    | Effect::TimeoutBefore { .. }
                    | Effect::TimeoutAfter { .. }
                    | Effect::Drop
                    | Effect::NotJson
            );
            if decides && decided || plan.has(&armed.fault.effect) {
                continue;
            }
            if !armed.dice.chance(armed.fault.probability.unwrap_or(1.0)) {
                continue;
            }
            decided |= decides;
            armed.hits += 1;
            armed.left = armed.left.map(|left| left.saturating_sub(1));
            plan.effects.push(armed.fault.effect.clone());
        }
        self.armed.retain(|armed| armed.left != Some(0));
        plan
    }
}

/// Whether an effect means anything for an operation, so that a fault for all of them is not used up by the wrong one.
fn applies(effect: &Effect, operation: Operation) -> bool {
    match effect {
        Effect::RepeatPages | Effect::ListChanges => operation == Operation::M11,
        Effect::Reversed => matches!(operation, Operation::M10 | Operation::M11),
        Effect::Late { .. } => matches!(operation, Operation::M12 | Operation::OR43),
        Effect::Unknown { .. } | Effect::NullOptionals => operation != Operation::M13,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BROKEN: Effect = Effect::Status { status: 500, retry_after: None, shape: ErrorShape::Message };

    #[test]
    fn a_fault_hits_its_operation_as_often_as_ordered() {
        let mut faults = Faults::default();
        faults.add(Fault::next(Operation::M12, 2, BROKEN));
        assert!(faults.plan(Operation::M11).effects.is_empty());
        assert!(faults.plan(Operation::M12).has(&BROKEN));
        assert!(faults.plan(Operation::M12).has(&BROKEN));
        assert!(faults.plan(Operation::M12).effects.is_empty());
        assert!(faults.armed().is_empty());
    }

    #[test]
    fn one_answer_is_decided_per_call_and_others_wait() {
        let mut faults = Faults::default();
        faults.add(Fault::next(Operation::Any, 1, BROKEN));
        faults.add(Fault::next(Operation::Any, 1, Effect::Drop));
        faults.add(Fault::next(Operation::Any, 1, Effect::Slow { delay_ms: 5 }));
        assert_eq!(faults.plan(Operation::A01).effects, vec![BROKEN, Effect::Slow { delay_ms: 5 }]);
        assert_eq!(faults.plan(Operation::A01).effects, vec![Effect::Drop]);
    }

    #[test]
    fn probability_repeats_with_its_seed_and_keeps_its_share() {
        let hits = |seed| {
            let mut faults = Faults::default();
            faults.add(Fault::sometimes(Operation::Any, 0.3, seed, Effect::Drop));
            (0..1_000).map(|_| faults.plan(Operation::M11).has(&Effect::Drop)).collect::<Vec<_>>()
        };
        assert_eq!(hits(4), hits(4));
        assert_ne!(hits(4), hits(5));
        let share = hits(4).iter().filter(|hit| **hit).count();
        assert!((230..370).contains(&share), "{share}");
    }

    #[test]
    fn the_notation_has_defaults() {
        let fault: Fault =
            serde_json::from_str(r#"{"operation":"*","effect":{"kind":"timeout_after"}}"#).unwrap();
        assert_eq!(fault.effect, Effect::TimeoutAfter { hold_ms: 120_000, then_drop: true });
        assert_eq!(fault.operation, Operation::Any);
    }
}
