//! Why a use case of the helpdesk did not do what was asked.

use mostek_domain::Reason;
use mostek_domain::attachment::AttachmentError;
use mostek_domain::text::ReplyError;
use mostek_domain::ticket::StatusError;
use mostek_ports::StoreError;
use thiserror::Error;

/// What the person is told. Everything but [`Refusal::Store`] and [`Refusal::Settings`] is theirs to mend; nothing was
/// changed, except after [`Refusal::Store`], when it is not known.
#[derive(Debug, Error)]
pub enum Refusal {
    /// There is no such thing in this company.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The reply's text.
    #[error(transparent)]
    Reply(#[from] ReplyError),
    /// The reply's files.
    #[error(transparent)]
    Attachment(#[from] AttachmentError),
    /// The status.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// A list is full.
    #[error("there are {limit} already, which is the most there can be")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// A text is too long.
    #[error("the text has more than {limit} characters")]
    TooLong {
        /// The limit in characters.
        limit: usize,
    },
    /// A field of a form; `key` names the sentence in the catalogue.
    #[error("{field}: {key}")]
    Field {
        /// The field.
        field: &'static str,
        /// The catalogue's key.
        key: &'static str,
    },
    /// A file with records.
    #[error(transparent)]
    Sheet(#[from] crate::customer::import::sheet::SheetError),
    /// It was too late, or somebody else was faster; the page is to be read again.
    #[error("the reply has changed meanwhile")]
    Changed,
    /// The connection has no working key.
    #[error("the connection needs to be authenticated")]
    NeedsAuthentication,
    /// The marketplace did not do what was asked.
    #[error("the marketplace: {0}")]
    Remote(Reason),
    /// The installation's settings.
    #[error("{0}")]
    Settings(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
