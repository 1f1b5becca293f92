//! What the helpdesk asks of a marketplace, whichever it is.
//!
//! A connector turns each question into a [`Call`]: a request to be sent by whoever does I/O, and a reader that makes
//! domain values of the answer. It keeps no state: cursors, retries and read-backs are the use cases' business.

use crate::access::{Access, BaseAddress, ShopId};
use crate::call::Call;
use crate::error::{NextStep, RemoteError, RequestError};
use bytes::Bytes;
use mostek_domain::marketplace::{Order, ReplyTo, ShopAccount, Thread};
use mostek_domain::{ReplyBody, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

/// Where a list goes on. Opaque; kept by the poller between slices.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(pub(crate) String);

/// Which conversations to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ThreadsQuery {
    /// Only those that changed at or after this moment.
    pub updated_since: Option<Timestamp>,
    /// Where the list goes on; give the same `updated_since` and `limit` as for the first page.
    pub page: Option<PageToken>,
    /// Conversations per page, cut to what the marketplace allows; 0 is its greatest.
    pub limit: u32,
}

/// A page of conversations, each with its last messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ThreadsPage {
    /// The conversations, in the marketplace's order.
    pub threads: Vec<Thread>,
    /// Where the list goes on; `None` on the last page.
    pub next: Option<PageToken>,
    /// Conversations and messages that could not be read (no id, not an object): to be logged, not to stop at.
    pub unreadable: usize,
}

/// Orders that were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrdersPage {
    /// Those that exist, in the marketplace's order.
    pub orders: Vec<Order>,
    /// Orders that could not be read.
    pub unreadable: usize,
}

/// A file to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingFile {
    /// Its name; it is made safe before it is sent.
    pub name: String,
    /// Its content.
    pub content: Bytes,
}

/// A reply to send.
#[derive(Debug, Clone)]
pub struct Reply<'a> {
    /// The conversation.
    pub thread_id: &'a str,
    /// The text.
    pub body: &'a ReplyBody,
    /// Whom it goes to.
    pub to: ReplyTo,
    /// The marketplace's id of the customer, if it is known.
    pub customer_id: Option<&'a str>,
    /// Files that go along.
    pub files: &'a [OutgoingFile],
}

/// A reply that the marketplace took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentReply {
    /// The marketplace's id of the new message: the next poll brings it again under this id.
    pub message_id: String,
}

/// A marketplace's protocol. Every method only builds; nothing is sent.
///
/// Errors of all methods that take remote ids: [`RequestError::Id`] if such an id cannot stand in an address.
pub trait Marketplace: Send + Sync {
    /// The shop that the key opens: the test of a connection (H1). Not a heartbeat: marketplaces limit it.
    ///
    /// # Errors
    /// [`RequestError`], see the trait.
    fn account(&self, access: &Access) -> Result<Call<ShopAccount>, RequestError>;

    /// Conversations that changed, each with its last messages (at most [`Marketplace::messages_per_listed_thread`]).
    ///
    /// # Errors
    /// [`RequestError`], see the trait.
    fn threads(&self, access: &Access, query: &ThreadsQuery) -> Result<Call<ThreadsPage>, RequestError>;

    /// How many messages a listed conversation brings along at most; see [`Thread::is_partial`].
    fn messages_per_listed_thread(&self) -> usize;

    /// One conversation with all its messages.
    ///
    /// # Errors
    /// [`RequestError`], see the trait.
    fn thread(&self, access: &Access, thread_id: &str) -> Result<Call<Thread>, RequestError>;

    /// Sends a reply. It must not be sent again while [`RemoteError::may_have_acted`], unless the marketplace is known
    /// to recognise repetitions; read the conversation back instead.
    ///
    /// # Errors
    /// [`RequestError`], see the trait.
    fn reply(&self, access: &Access, reply: &Reply<'_>) -> Result<Call<SentReply>, RequestError>;

    /// Downloads a file. Send it with [`mostek_ports::HttpClient::open`], look at the head with
    /// [`crate::Reader::check_head`] and pass the body on; do not trust its type or name headers.
    ///
    /// # Errors
    /// [`RequestError`], see the trait.
    fn attachment(&self, access: &Access, attachment_id: &str) -> Result<Call<Bytes>, RequestError>;

    /// Orders by their ids, 1 to [`Marketplace::orders_at_once`] of them. Those that do not exist are left out.
    ///
    /// # Errors
    /// [`RequestError::Count`] if there are none or too many; else see the trait.
    fn orders(&self, access: &Access, order_ids: &[&str]) -> Result<Call<OrdersPage>, RequestError>;

    /// Most ids that [`Marketplace::orders`] takes.
    fn orders_at_once(&self) -> usize;

    /// The page of an order in the marketplace's own panel, as a [`crate::LinkTemplate`].
    fn default_link(&self) -> &'static str;

    /// The page of an order in the marketplace's own panel.
    fn order_page(&self, base: &BaseAddress, order_id: &str) -> Option<Url> {
        crate::LinkTemplate::parse(self.default_link()).ok()?.link(base, Some(order_id), None)
    }
}

/// What the test of a connection found, for a sentence on the screen (H1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionTest {
    /// The key opens this shop.
    Works(ShopAccount),
    /// The key works, but for another shop than the one typed.
    OtherShop {
        /// The shop the key opens.
        found: Option<ShopAccount>,
    },
    /// 401.
    WrongKey,
    /// 403.
    NoRight,
    /// The address did not answer, or not like a marketplace.
    Unreachable(RemoteError),
    /// Busy or out of order: try again later.
    Later(RemoteError),
    /// Refused for another reason.
    Refused(RemoteError),
}

impl ConnectionTest {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Works(_) => "connection-works",
            Self::OtherShop { .. } => "connection-other-shop",
            Self::WrongKey => "connection-wrong-key",
            Self::NoRight => "connection-no-right",
            Self::Unreachable(_) => "connection-unreachable",
            Self::Later(_) => "connection-later",
            Self::Refused(_) => "connection-refused",
        }
    }
}

/// Whether the account has to be asked for once more *without* a shop id before [`judge`] can tell: marketplaces refuse
/// a foreign shop id with the same status as a missing right.
#[must_use]
pub fn needs_second_look(shop: Option<ShopId>, outcome: &Result<ShopAccount, RemoteError>) -> bool {
    shop.is_some()
        && matches!(
            outcome,
            Err(RemoteError::NoRight { .. } | RemoteError::NotFound { .. } | RemoteError::Rejected { .. })
        )
}

/// Says what the outcome of [`Marketplace::account`] means. `second` is the outcome without a shop id, if
/// [`needs_second_look`].
#[must_use]
pub fn judge(
    shop: Option<ShopId>,
    outcome: Result<ShopAccount, RemoteError>,
    second: Option<Result<ShopAccount, RemoteError>>,
) -> ConnectionTest {
    let error = match outcome {
        Ok(account) if shop.is_none_or(|s| s.to_string() == account.id) => {
            return ConnectionTest::Works(account);
        }
        Ok(account) => return ConnectionTest::OtherShop { found: Some(account) },
        Err(e) => e,
    };
    if shop.is_some()
        && let Some(Ok(account)) = second
    {
        return ConnectionTest::OtherShop { found: Some(account) };
    }
    match (&error, error.next_step()) {
        (RemoteError::WrongKey { .. }, _) => ConnectionTest::WrongKey,
        (RemoteError::NoRight { .. }, _) => ConnectionTest::NoRight,
        (RemoteError::Throttled { .. } | RemoteError::Unavailable { .. }, _) => ConnectionTest::Later(error),
        (RemoteError::NotFound { .. } | RemoteError::TooLarge { .. }, _) | (_, NextStep::TryLater(_)) => {
            ConnectionTest::Unreachable(error)
        }
        (_, _) => ConnectionTest::Refused(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str) -> ShopAccount {
        ShopAccount { id: id.into(), name: Some("Księgarnia".into()), state: None, currency: None }
    }

    #[test]
    fn a_shop_of_another_key_is_told_from_a_missing_right() {
        let shop = Some(ShopId(77));
        let no_right = || Err(RemoteError::NoRight { message: None });
        assert!(needs_second_look(shop, &no_right()));
        assert!(!needs_second_look(None, &no_right()));
        assert!(!needs_second_look(shop, &Err(RemoteError::WrongKey { message: None })));
        let other = account("78");
        assert_eq!(
            judge(shop, no_right(), Some(Ok(other.clone()))),
            ConnectionTest::OtherShop { found: Some(other.clone()) }
        );
        assert_eq!(judge(shop, no_right(), Some(no_right())), ConnectionTest::NoRight);
        assert_eq!(
            judge(shop, Ok(other.clone()), None),
            ConnectionTest::OtherShop { found: Some(other.clone()) }
        );
        assert_eq!(judge(Some(ShopId(78)), Ok(other.clone()), None), ConnectionTest::Works(other.clone()));
        assert_eq!(judge(None, Ok(other.clone()), None), ConnectionTest::Works(other));
    }

    #[test]
    fn other_faults_have_their_sentence() {
        let slug = |e| judge(None, Err(e), None).slug();
        assert_eq!(slug(RemoteError::WrongKey { message: None }), "connection-wrong-key");
        assert_eq!(slug(RemoteError::NotSent("refused".into())), "connection-unreachable");
        assert_eq!(slug(RemoteError::NoAnswer("timed out".into())), "connection-unreachable");
        assert_eq!(slug(RemoteError::NotFound { message: None }), "connection-unreachable");
        assert_eq!(slug(RemoteError::Unreadable { reason: "x".into() }), "connection-unreachable");
        assert_eq!(slug(RemoteError::Elsewhere { status: 302 }), "connection-unreachable");
        assert_eq!(slug(RemoteError::Throttled { retry_after: None, message: None }), "connection-later");
        assert_eq!(slug(RemoteError::Rejected { status: 400, message: None }), "connection-refused");
    }
}
