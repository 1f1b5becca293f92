//! What may go wrong with an outside system, and what is known afterwards.

use mostek_domain::reason::{Code, Reason};
use mostek_ports::HttpError;
use std::time::Duration;
use thiserror::Error;

/// A request that cannot be built from these values.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum RequestError {
    /// A remote id that cannot stand in an address or a list.
    #[error("not an id that can be asked for: {0:?}")]
    Id(String),
    /// None, or more than can be asked for at once.
    #[error("{count} ids were given; 1 to {limit} can be asked for at once")]
    Count {
        /// Ids given.
        count: usize,
        /// Most ids.
        limit: usize,
    },
    /// Values that were checked before do not fit together; a mistake in this program.
    #[error("the request could not be put together: {0}")]
    Build(String),
}

/// What to do after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Stop and ask a person to authenticate again (H4).
    Authenticate,
    /// Try again, not before this time has passed if one is given.
    TryLater(Option<Duration>),
    /// The same request would fail again.
    GiveUp,
}

/// Why an outside system did not do what was asked, as far as it said so. Texts of the remote system are shortened,
/// on one line, and without the key.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum RemoteError {
    /// 401: the key is missing, wrong or withdrawn.
    #[error("the key is not accepted{}", said(.message))]
    WrongKey {
        /// What the remote system said.
        message: Option<String>,
    },
    /// 403: the key is known and has no right to this.
    #[error("the key has no right to this{}", said(.message))]
    NoRight {
        /// What the remote system said.
        message: Option<String>,
    },
    /// 404 or 410: what was asked for is not there.
    #[error("not found{}", said(.message))]
    NotFound {
        /// What the remote system said.
        message: Option<String>,
    },
    /// 429: too many requests.
    #[error("too many requests{}", said(.message))]
    Throttled {
        /// How long to wait, if it was said.
        retry_after: Option<Duration>,
        /// What the remote system said.
        message: Option<String>,
    },
    /// Another 4xx: the request was refused as it is.
    #[error("refused with status {status}{}", said(.message))]
    Rejected {
        /// The status.
        status: u16,
        /// What the remote system said.
        message: Option<String>,
    },
    /// 5xx or 408: the remote system has a problem of its own.
    #[error("out of order with status {status}{}", said(.message))]
    Unavailable {
        /// The status.
        status: u16,
        /// How long to wait, if it was said.
        retry_after: Option<Duration>,
        /// What the remote system said.
        message: Option<String>,
    },
    /// 3xx or 1xx: redirects are not followed, since they would carry the key elsewhere.
    #[error("the address answered with status {status} and not with the expected answer")]
    Elsewhere {
        /// The status.
        status: u16,
    },
    /// A success whose body is not what it should be.
    #[error("the answer cannot be read: {reason}")]
    Unreadable {
        /// What is wrong, without the body's text.
        reason: String,
    },
    /// A success whose body is too long.
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The request never left.
    #[error("not reachable: {0}")]
    NotSent(String),
    /// The request left, or may have, and no whole answer came.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

fn said(message: &Option<String>) -> String {
    message.as_ref().map(|m| format!(": {m}")).unwrap_or_default()
}

impl RemoteError {
    /// Whether a request that writes may have had its effect. If so, nothing may be sent again before the remote
    /// system's state has been read.
    ///
    /// Only what refuses a request before it is carried out is a sure no. A status of 5xx is none: gateways answer so
    /// when the system behind them was slow.
    #[must_use]
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::WrongKey { .. }
            | Self::NoRight { .. }
            | Self::NotFound { .. }
            | Self::Throttled { .. }
            | Self::Rejected { .. }
            | Self::NotSent(_) => false,
            Self::Unavailable { .. }
            | Self::Elsewhere { .. }
            | Self::Unreadable { .. }
            | Self::TooLarge { .. }
            | Self::NoAnswer(_) => true,
        }
    }

    /// What to do now. For a request that writes, ask [`RemoteError::may_have_acted`] first.
    #[must_use]
    pub fn next_step(&self) -> NextStep {
        match self {
            Self::WrongKey { .. } | Self::NoRight { .. } => NextStep::Authenticate,
            Self::Throttled { retry_after, .. } | Self::Unavailable { retry_after, .. } => {
                NextStep::TryLater(*retry_after)
            }
            Self::Elsewhere { .. } | Self::Unreadable { .. } | Self::NotSent(_) | Self::NoAnswer(_) => {
                NextStep::TryLater(None)
            }
            Self::NotFound { .. } | Self::Rejected { .. } | Self::TooLarge { .. } => NextStep::GiveUp,
        }
    }

    /// What the remote system said, if it said something a person can read.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::WrongKey { message }
            | Self::NoRight { message }
            | Self::NotFound { message }
            | Self::Throttled { message, .. }
            | Self::Rejected { message, .. }
            | Self::Unavailable { message, .. } => message.as_deref(),
            _ => None,
        }
    }
}

impl From<&RemoteError> for Reason {
    fn from(e: &RemoteError) -> Self {
        let (code, status) = match e {
            RemoteError::WrongKey { .. } => (Code::WrongKey, None),
            RemoteError::NoRight { .. } => (Code::NoRight, None),
            RemoteError::NotFound { .. } => (Code::NotFound, None),
            RemoteError::Throttled { .. } => (Code::Throttled, None),
            RemoteError::Rejected { status, .. } => (Code::Rejected, Some(*status)),
            RemoteError::Unavailable { status, .. } => (Code::Unavailable, Some(*status)),
            RemoteError::Elsewhere { status } => (Code::Elsewhere, Some(*status)),
            RemoteError::Unreadable { .. } => (Code::Unreadable, None),
            RemoteError::TooLarge { .. } => (Code::TooLarge, None),
            RemoteError::NotSent(_) => (Code::NotSent, None),
            RemoteError::NoAnswer(_) => (Code::NoAnswer, None),
        };
        let said = match e {
            RemoteError::Unreadable { reason: said }
            | RemoteError::NotSent(said)
            | RemoteError::NoAnswer(said) => Some(said.as_str()),
            _ => e.message(),
        };
        Self { why: e.to_string(), code: Some(code), status, said: said.map(str::to_owned) }
    }
}

impl From<HttpError> for RemoteError {
    fn from(e: HttpError) -> Self {
        match e {
            HttpError::NotSent(why) => Self::NotSent(why),
            HttpError::Unknown(why) => Self::NoAnswer(why),
            HttpError::TooLarge { limit } => Self::TooLarge { limit },
        }
    }
}
