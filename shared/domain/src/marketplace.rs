//! What every marketplace has, in our words. Connectors translate their marketplace's answers to these types.
//!
//! Only ids are certain to be there. What a marketplace may leave out is an `Option`; what it may invent has a variant
//! that keeps its own word.

use crate::{MessageBody, Money, Timestamp};
use serde::{Deserialize, Serialize};

/// A side of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The buyer.
    Customer,
    /// Us: a person of the selling company, here or in the marketplace's own panel.
    Shop,
    /// The marketplace.
    Operator,
    /// Somebody of a kind this program does not know, by the marketplace's word. Shown, never answered automatically.
    Unknown(String),
}

impl Side {
    /// A stable name: message catalogues, style classes.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Shop => "shop",
            Self::Operator => "operator",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Who may write in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Which side.
    pub side: Side,
    /// The marketplace's id of the customer or shop; operators have none.
    pub id: Option<String>,
    /// The name shown.
    pub name: Option<String>,
}

/// What a conversation is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Text, or a code from the marketplace's list of reasons.
    pub value: String,
    /// Whether `value` is such a code.
    pub is_reason_code: bool,
}

/// An order a conversation belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRef {
    /// The marketplace's order id, which its API takes.
    pub id: String,
    /// What people call it, if that is something else.
    pub label: Option<String>,
}

/// A conversation on a marketplace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The marketplace's id.
    pub id: String,
    /// What it is about.
    pub topic: Option<Topic>,
    /// Orders it belongs to: most often one, never many.
    pub orders: Vec<OrderRef>,
    /// Everybody who may take part, those who did among them. At most one entry per side and id.
    pub participants: Vec<Participant>,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// When something last changed: what the polling cursor follows.
    pub updated_at: Option<Timestamp>,
    /// Messages in the whole conversation, which may be more than `messages` holds.
    pub total_messages: Option<u32>,
    /// Since when the marketplace waits for the shop's answer.
    pub reply_needed_since: Option<Timestamp>,
    /// The messages that came along, oldest first.
    pub messages: Vec<Message>,
}

impl Thread {
    /// The buyer, if the marketplace named one.
    #[must_use]
    pub fn customer(&self) -> Option<&Participant> {
        self.participants
            .iter()
            .filter(|p| p.side == Side::Customer)
            .max_by_key(|p| (p.id.is_some(), p.name.is_some()))
    }

    /// Whether messages are missing here, so that the whole conversation has to be asked for.
    ///
    /// Without a count, `page_limit` messages (what a list gives per conversation at most) count as "there may be more".
    #[must_use]
    pub fn is_partial(&self, page_limit: usize) -> bool {
        match self.total_messages {
            Some(total) => usize::try_from(total).unwrap_or(usize::MAX) > self.messages.len(),
            None => self.messages.len() >= page_limit,
        }
    }

    /// Whether a message is from after a moment; one without a date counts as new (H3). Where a list gave none of the
    /// conversation's messages, the date of its last change decides.
    #[must_use]
    pub fn has_message_after(&self, moment: Timestamp) -> bool {
        if self.messages.is_empty() {
            return self.updated_at.is_none_or(|at| at > moment);
        }
        self.messages.iter().any(|m| m.sent_at.is_none_or(|at| at > moment))
    }

    /// Whom an answer goes to unless somebody chooses: the operator if it wrote last, else the customer (H15).
    #[must_use]
    pub fn default_reply_to(&self) -> ReplyTo {
        ReplyTo::default_after(self.messages.iter().rev().map(|m| &m.author))
    }
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The marketplace's id: the same message has the same id whenever it is read.
    pub id: String,
    /// Who wrote it.
    pub author: Side,
    /// The name shown.
    pub author_name: Option<String>,
    /// Whom it went to.
    pub to: Vec<Participant>,
    /// The text.
    pub body: MessageBody,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

/// A file of a message, kept by the marketplace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The marketplace's id, for the download.
    pub id: String,
    /// Its name as the sender gave it: see [`crate::attachment::safe_file_name`] before it is used as one.
    pub name: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
}

/// Whom a reply goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplyTo {
    /// The buyer.
    #[default]
    Customer,
    /// The marketplace.
    Operator,
    /// Both.
    Both,
}

impl ReplyTo {
    /// All, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Customer, Self::Operator, Self::Both];

    /// A stable name: form values, message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Operator => "operator",
            Self::Both => "both",
        }
    }

    /// The value of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.slug() == slug)
    }

    /// Whether the reply goes to this side.
    #[must_use]
    pub fn reaches(self, side: &Side) -> bool {
        matches!(
            (self, side),
            (Self::Customer | Self::Both, Side::Customer) | (Self::Operator | Self::Both, Side::Operator)
        )
    }

    /// The recipient to propose, from the authors of the messages, newest first: the operator if it wrote after the
    /// customer did, else the customer.
    pub fn default_after<'a>(newest_first: impl IntoIterator<Item = &'a Side>) -> Self {
        newest_first
            .into_iter()
            .find_map(|side| match side {
                Side::Customer => Some(Self::Customer),
                Side::Operator => Some(Self::Operator),
                Side::Shop | Side::Unknown(_) => None,
            })
            .unwrap_or_default()
    }
}

/// Where an order is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Being put together by the marketplace.
    Staging,
    /// The shop has to accept it.
    WaitingAcceptance,
    /// Accepted; the payment has to be taken.
    WaitingDebit,
    /// The payment is being taken.
    WaitingDebitPayment,
    /// The shop has to send it.
    Shipping,
    /// Sent.
    Shipped,
    /// Ready to be collected.
    ToCollect,
    /// With the customer.
    Received,
    /// Done.
    Closed,
    /// The shop refused it.
    Refused,
    /// Cancelled.
    Canceled,
    /// The customer reported a problem.
    IncidentOpen,
    /// A state this program does not know, by the marketplace's word.
    Other(String),
}

impl OrderState {
    /// Those with a name of their own.
    pub const KNOWN: [Self; 12] = [
        Self::Staging,
        Self::WaitingAcceptance,
        Self::WaitingDebit,
        Self::WaitingDebitPayment,
        Self::Shipping,
        Self::Shipped,
        Self::ToCollect,
        Self::Received,
        Self::Closed,
        Self::Refused,
        Self::Canceled,
        Self::IncidentOpen,
    ];

    /// A stable name for message catalogues; `other` is shown together with the marketplace's word.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::WaitingAcceptance => "waiting-acceptance",
            Self::WaitingDebit => "waiting-debit",
            Self::WaitingDebitPayment => "waiting-debit-payment",
            Self::Shipping => "shipping",
            Self::Shipped => "shipped",
            Self::ToCollect => "to-collect",
            Self::Received => "received",
            Self::Closed => "closed",
            Self::Refused => "refused",
            Self::Canceled => "canceled",
            Self::IncidentOpen => "incident-open",
            Self::Other(_) => "other",
        }
    }
}

/// A buyer as an order names them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrderCustomer {
    /// The marketplace's customer id, the same as in conversations.
    pub id: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Locale such as `pl_PL`.
    pub locale: Option<String>,
    /// The company bought for.
    pub organization: Option<String>,
}

impl OrderCustomer {
    /// First and last name, or the company; `None` if there is neither.
    #[must_use]
    pub fn display_name(&self) -> Option<String> {
        let parts = [&self.first_name, &self.last_name];
        let name = parts.iter().filter_map(|p| p.as_deref()).map(str::trim).filter(|p| !p.is_empty());
        let name = name.collect::<Vec<_>>().join(" ");
        if name.is_empty() { self.organization.clone().filter(|o| !o.trim().is_empty()) } else { Some(name) }
    }
}

/// How a parcel travels.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tracking {
    /// Carrier.
    pub company: Option<String>,
    /// The carrier's number.
    pub number: Option<String>,
    /// Page to follow the parcel at: http or https, else it is left out.
    pub url: Option<String>,
    /// The way of delivery the customer chose.
    pub method: Option<String>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The marketplace's id of the line.
    pub id: Option<String>,
    /// What was bought.
    pub title: Option<String>,
    /// The shop's own article number, else the marketplace's.
    pub sku: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
    /// Price of one.
    pub unit_price: Option<Money>,
    /// Price of the line, without shipping.
    pub total: Option<Money>,
    /// Where the line is on its way, if that is told per line.
    pub state: Option<OrderState>,
    /// A picture: absolute address, http or https.
    pub picture_url: Option<String>,
}

/// An order on a marketplace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The marketplace's id.
    pub id: String,
    /// What the customer knows it by.
    pub commercial_id: Option<String>,
    /// Where it is on its way.
    pub state: Option<OrderState>,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Price of the goods.
    pub price: Option<Money>,
    /// Price of the delivery.
    pub shipping_price: Option<Money>,
    /// What the customer pays.
    pub total: Option<Money>,
    /// Who bought.
    pub customer: OrderCustomer,
    /// How it travels.
    pub tracking: Tracking,
    /// When it was placed.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// Until when the shop has to send it.
    pub ship_by: Option<Timestamp>,
    /// Whether the customer reported a problem.
    pub has_incident: bool,
}

/// Whether a shop may sell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopState {
    /// Selling.
    Open,
    /// Closed by its owner.
    Closed,
    /// Suspended by the marketplace.
    Suspended,
    /// Ended.
    Terminated,
    /// A state this program does not know, by the marketplace's word.
    Other(String),
}

impl ShopState {
    /// A stable name for message catalogues.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Suspended => "suspended",
            Self::Terminated => "terminated",
            Self::Other(_) => "other",
        }
    }
}

/// The shop a key belongs to (H1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopAccount {
    /// The marketplace's shop id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Whether it may sell.
    pub state: Option<ShopState>,
    /// Its currency, if it named one.
    pub currency: Option<crate::Currency>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(author: Side, sent_at: Option<i64>) -> Message {
        Message {
            id: "m".into(),
            author,
            author_name: None,
            to: vec![],
            body: MessageBody::default(),
            sent_at: sent_at.map(Timestamp),
            attachments: vec![],
        }
    }

    fn thread(messages: Vec<Message>, total: Option<u32>) -> Thread {
        Thread {
            id: "t".into(),
            topic: None,
            orders: vec![],
            participants: vec![],
            created_at: None,
            updated_at: None,
            total_messages: total,
            reply_needed_since: None,
            messages,
        }
    }

    #[test]
    fn the_one_who_wrote_last_is_answered_and_our_own_messages_do_not_count() {
        let m = |s: &Side| message(s.clone(), None);
        let (c, s, o, u) = (Side::Customer, Side::Shop, Side::Operator, Side::Unknown("ROBOT".into()));
        assert_eq!(thread(vec![], None).default_reply_to(), ReplyTo::Customer);
        assert_eq!(thread(vec![m(&c), m(&o), m(&s)], None).default_reply_to(), ReplyTo::Operator);
        assert_eq!(thread(vec![m(&o), m(&c), m(&u)], None).default_reply_to(), ReplyTo::Customer);
        assert_eq!(thread(vec![m(&s)], None).default_reply_to(), ReplyTo::Customer);
    }

    #[test]
    fn partial_conversations_are_noticed_with_and_without_a_count() {
        let three = || vec![message(Side::Customer, None); 3];
        assert!(thread(three(), Some(4)).is_partial(100));
        assert!(!thread(three(), Some(3)).is_partial(100));
        assert!(!thread(three(), None).is_partial(100));
        assert!(thread(three(), None).is_partial(3));
    }

    #[test]
    fn a_message_exactly_at_the_moment_of_switching_on_is_old() {
        assert!(!thread(vec![message(Side::Customer, Some(5))], None).has_message_after(Timestamp(5)));
        let listed_without_messages =
            |at| Thread { updated_at: Some(Timestamp(at)), ..thread(Vec::new(), None) };
        assert!(listed_without_messages(6).has_message_after(Timestamp(5)));
        assert!(!listed_without_messages(5).has_message_after(Timestamp(5)));
        assert!(thread(vec![message(Side::Shop, Some(6))], None).has_message_after(Timestamp(5)));
        assert!(thread(vec![message(Side::Customer, None)], None).has_message_after(Timestamp(5)));
    }

    #[test]
    fn the_customer_with_an_id_is_preferred() {
        let p = |id: Option<&str>| Participant {
            side: Side::Customer,
            id: id.map(Into::into),
            name: Some("P".into()),
        };
        let mut t = thread(vec![], None);
        t.participants = vec![
            p(None),
            p(Some("c-9")),
            Participant { side: Side::Shop, id: Some("77".into()), name: None },
        ];
        assert_eq!(t.customer().unwrap().id.as_deref(), Some("c-9"));
    }

    #[test]
    fn recipients() {
        assert!(ReplyTo::Both.reaches(&Side::Customer) && ReplyTo::Both.reaches(&Side::Operator));
        assert!(!ReplyTo::Customer.reaches(&Side::Operator) && !ReplyTo::Operator.reaches(&Side::Customer));
        assert!(!ReplyTo::Both.reaches(&Side::Shop));
        for r in ReplyTo::ALL {
            assert_eq!(ReplyTo::from_slug(r.slug()), Some(r));
        }
    }

    #[test]
    fn names_of_buyers() {
        let c = |f: &str, l: &str, o: &str| OrderCustomer {
            first_name: Some(f.into()),
            last_name: Some(l.into()),
            organization: Some(o.into()),
            ..OrderCustomer::default()
        };
        assert_eq!(c("Piotr", "Nowak", "X").display_name().unwrap(), "Piotr Nowak");
        assert_eq!(c(" ", "Nowak", "").display_name().unwrap(), "Nowak");
        assert_eq!(c("", "", "Firma").display_name().unwrap(), "Firma");
        assert_eq!(OrderCustomer::default().display_name(), None);
    }

    #[test]
    fn stored_states_keep_unknown_words() {
        for s in [OrderState::Shipped, OrderState::Other("LOST".into())] {
            let json = serde_json::to_string(&s).unwrap();
            assert_eq!(serde_json::from_str::<OrderState>(&json).unwrap(), s);
        }
    }
}
