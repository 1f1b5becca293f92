//! The state behind the API and what may happen to it. Nothing here knows HTTP.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::catalogue;
use super::model::{
    ALL_RIGHTS, ApiKey, Attachment, Customer, Message, NewFile, Order, Right, Role, Shop, Thread, Topic, Via,
    sha256_hex,
};
use crate::random::Random;

/// M12 and OR43: the shortest and the longest text, in characters (Mirakl's schema of `message_input.body`).
pub const BODY_CHARS: std::ops::RangeInclusive<usize> = 3..=50_000;
/// Bytes of all files of one message (Mirakl's text of OR43: 30 MB whatever the number of files).
pub const MESSAGE_BYTES: usize = 30 * 1024 * 1024;
/// Files over all conversations of one order (Mirakl's text of M12).
pub const ORDER_FILES: usize = 50;
/// Messages of one conversation that may be answered (Mirakl's text of M12).
pub const THREAD_MESSAGES: usize = 1_000;

/// The name under which the marketplace itself writes.
pub const OPERATOR: &str = "Empik";

/// Why something was refused. `status` is the HTTP status the API answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// 400, 401, 403, 404, 413 or 415.
    pub status: u16,
    /// One English sentence, as Mirakl writes them.
    pub message: String,
}

impl Refusal {
    /// A refusal with its HTTP status and sentence.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

/// Where a message goes.
#[derive(Debug, Clone)]
pub enum Target {
    /// An existing conversation.
    Thread(String),
    /// A new one about an existing order.
    Order {
        /// The order.
        order_id: String,
        /// Its subject.
        topic: Topic,
    },
    /// A new one about a new order of a new customer.
    NewOrder {
        /// The seller.
        shop_id: i64,
        /// Its subject.
        topic: Topic,
    },
}

/// A message to be written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Where it goes.
    pub target: Target,
    /// Whose it is.
    pub author: Role,
    /// A name for the person; the usual one when absent.
    pub author_name: Option<String>,
    /// Whom it is for; empty means the usual ones (a customer and the operator write to the shop, the shop to the
    /// customer).
    pub to: Vec<Role>,
    /// The text.
    pub body: String,
    /// Its files.
    pub files: Vec<NewFile>,
    /// When it was written; now when absent.
    pub at: Option<i64>,
    /// How long after acceptance it stays invisible, in milliseconds.
    pub hidden_for: i64,
    /// Which way it came in.
    pub via: Via,
}

impl Draft {
    /// A message of the given author, all else as usual.
    pub fn new(target: Target, author: Role, body: impl Into<String>, via: Via) -> Self {
        Self {
            target,
            author,
            author_name: None,
            to: Vec::new(),
            body: body.into(),
            files: Vec::new(),
            at: None,
            hidden_for: 0,
            via,
        }
    }
}

/// What a written message became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The conversation.
    pub thread_id: String,
    /// The message.
    pub message_id: String,
    /// The order of the conversation.
    pub order_id: String,
}

/// What a page of conversations is asked for with; it is also what a page token carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Whose conversations.
    pub shop_id: i64,
    /// Only those that changed at or after this moment.
    pub updated_since: Option<i64>,
    /// Only those about an entity of this type.
    pub entity_type: Option<String>,
    /// Only those about these entities; empty means all.
    pub entity_ids: Vec<String>,
    /// Whether messages come along.
    pub with_messages: bool,
    /// Conversations per page.
    pub limit: usize,
    /// Oldest change first, in place of newest first.
    pub ascending: bool,
    /// The last conversation of the page before: its date of change and id.
    pub after: Option<(i64, String)>,
}

/// A page of conversations.
#[derive(Debug)]
pub struct ListPage<'a> {
    /// The conversations, in order.
    pub threads: Vec<&'a Thread>,
    /// What asks for the following page; `None` on the last one.
    pub next: Option<Listing>,
    /// The conversation the following page would begin with.
    pub following: Option<&'a str>,
}

#[derive(Debug, Clone)]
struct Hidden {
    visible_from: i64,
    thread_id: String,
    message: Message,
}

/// All state of the marketplace.
#[derive(Debug)]
pub struct World {
    shops: Vec<Shop>,
    keys: Vec<ApiKey>,
    customers: BTreeMap<String, Customer>,
    orders: BTreeMap<String, Order>,
    threads: BTreeMap<String, Thread>,
    attachments: BTreeMap<String, Attachment>,
    hidden: Vec<Hidden>,
    random: Random,
    last_stamp: i64,
    next_order: u64,
}

impl World {
    /// An empty marketplace with its shops and keys.
    pub fn new(seed: u64) -> Self {
        let shop = |id, name: &str, city: &str, zip: &str, street: &str, email: &str, user: &str| Shop {
            id,
            name: name.to_owned(),
            city: city.to_owned(),
            zip: zip.to_owned(),
            street: street.to_owned(),
            email: email.to_owned(),
            panel_user: user.to_owned(),
        };
        let key = |key: &str, label: &str, shops: &[i64], rights: &[Right]| ApiKey {
            key: key.to_owned(),
            label: label.to_owned(),
            shops: shops.to_vec(),
            rights: rights.to_vec(),
        };
        Self {
            shops: vec![
                shop(
                    2000,
                    "Księgarnia Pod Lipą",
                    "Kraków",
                    "31-010",
                    "ul. Szewska 14",
                    "sklep@podlipa.example",
                    "Joanna",
                ),
                shop(
                    2001,
                    "Dom i Światło",
                    "Łódź",
                    "90-001",
                    "ul. Piotrkowska 88",
                    "biuro@domiswiatlo.example",
                    "Marek",
                ),
            ],
            keys: vec![
                key("sandbox-key-2000", "Księgarnia Pod Lipą, wszystkie prawa", &[2000], ALL_RIGHTS),
                key("sandbox-key-2001", "Dom i Światło, wszystkie prawa", &[2001], ALL_RIGHTS),
                key("sandbox-key-both", "Oba sklepy, wszystkie prawa", &[2000, 2001], ALL_RIGHTS),
                key(
                    "sandbox-key-no-orders",
                    "Księgarnia Pod Lipą, bez prawa do zamówień",
                    &[2000],
                    &[Right::Account, Right::MessagesRead, Right::MessagesWrite],
                ),
                key("sandbox-key-no-rights", "Księgarnia Pod Lipą, bez żadnego prawa", &[2000], &[]),
            ],
            customers: BTreeMap::new(),
            orders: BTreeMap::new(),
            threads: BTreeMap::new(),
            attachments: BTreeMap::new(),
            hidden: Vec::new(),
            random: Random::new(seed),
            last_stamp: 0,
            next_order: 10_000_001,
        }
    }

    /// The sellers.
    pub fn shops(&self) -> &[Shop] {
        &self.shops
    }

    /// One seller.
    pub fn shop(&self, id: i64) -> Option<&Shop> {
        self.shops.iter().find(|shop| shop.id == id)
    }

    /// The keys that are good.
    pub fn keys(&self) -> &[ApiKey] {
        &self.keys
    }

    /// One customer.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customers.get(id)
    }

    /// One order.
    pub fn order(&self, id: &str) -> Option<&Order> {
        self.orders.get(id)
    }

    /// All orders, by id.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// One conversation.
    pub fn thread(&self, id: &str) -> Option<&Thread> {
        self.threads.get(id)
    }

    /// All conversations, by id.
    pub fn threads(&self) -> impl Iterator<Item = &Thread> {
        self.threads.values()
    }

    /// One file.
    pub fn attachment(&self, id: &str) -> Option<&Attachment> {
        self.attachments.get(id)
    }

    /// Accepted messages of a conversation that nobody can see yet, with the moment each becomes visible.
    pub fn hidden_messages<'a>(&'a self, thread_id: &'a str) -> impl Iterator<Item = (&'a Message, i64)> {
        self.hidden.iter().filter(move |h| h.thread_id == thread_id).map(|h| (&h.message, h.visible_from))
    }

    /// Whose request this is: the shop the key may act for.
    ///
    /// # Errors
    /// 401 for an absent or unknown key, 403 for one without the right or for a shop that is not the key's.
    pub fn authorise(&self, key: Option<&str>, shop_id: Option<i64>, right: Right) -> Result<i64, Refusal> {
        let Some(key) = key.and_then(|given| self.keys.iter().find(|known| known.key == given)) else {
            return Err(Refusal::new(401, "Unauthorized"));
        };
        if !key.rights.contains(&right) {
            return Err(Refusal::new(403, "Forbidden: the API key does not have the required role"));
        }
        match shop_id {
            Some(shop) if key.shops.contains(&shop) => Ok(shop),
            Some(shop) => {
                Err(Refusal::new(403, format!("Forbidden: shop {shop} is not accessible with this API key")))
            }
            None => key
                .shops
                .first()
                .copied()
                .ok_or_else(|| Refusal::new(403, "Forbidden: the API key has no shop")),
        }
    }

    /// Lets accepted messages appear whose time has come. Called before every look at the state.
    pub fn settle(&mut self, now: i64) {
        if self.hidden.is_empty() {
            return;
        }
        let (due, rest): (Vec<_>, Vec<_>) = self.hidden.drain(..).partition(|h| h.visible_from <= now);
        self.hidden = rest;
        for hidden in due {
            self.show(&hidden.thread_id, hidden.message);
        }
    }

    /// A message appears at its place by date; the conversation's date of change is the message's own, as if it had
    /// been there all along. That is the hard case for a reader: the change lies before what it has read already.
    fn show(&mut self, thread_id: &str, message: Message) {
        let Some(thread) = self.threads.get_mut(thread_id) else { return };
        thread.updated = thread.updated.max(message.at);
        let place = thread.messages.partition_point(|m| m.at <= message.at);
        thread.messages.insert(place, message);
    }

    /// A date that is later than every one given before, so that messages have one order.
    fn stamp(&mut self, now: i64) -> i64 {
        self.last_stamp = now.max(self.last_stamp + 1);
        self.last_stamp
    }

    /// Writes a message, and first the conversation, order and customer it needs.
    ///
    /// # Errors
    /// 404 for an unknown conversation, order or shop; 400 beyond the limits on text and files.
    pub fn write(&mut self, now: i64, draft: Draft) -> Result<Written, Refusal> {
        if !BODY_CHARS.contains(&draft.body.chars().count()) {
            return Err(Refusal::new(400, "body: size must be between 3 and 50000"));
        }
        if draft.files.iter().map(|file| file.bytes.len()).sum::<usize>() > MESSAGE_BYTES {
            return Err(Refusal::new(400, "files: the total size of the attachments must not exceed 30 MB"));
        }
        let order_id = match &draft.target {
            Target::Thread(id) => {
                let thread = self.threads.get(id).ok_or_else(|| no_thread(id))?;
                if draft.via == Via::Api && thread.messages.len() >= THREAD_MESSAGES {
                    return Err(Refusal::new(400, "The maximum number of messages per thread is 1000"));
                }
                thread.order_id.clone()
            }
            Target::Order { order_id, .. } => {
                self.orders
                    .get(order_id)
                    .ok_or_else(|| Refusal::new(404, format!("Order with id {order_id} not found")))?;
                order_id.clone()
            }
            Target::NewOrder { shop_id, .. } => {
                self.shop(*shop_id)
                    .ok_or_else(|| Refusal::new(404, format!("Shop with id {shop_id} not found")))?;
                String::new()
            }
        };
        if !draft.files.is_empty() && self.files_of_order(&order_id) + draft.files.len() > ORDER_FILES {
            return Err(Refusal::new(
                400,
                "files: no more than 50 attachments across all threads of the order",
            ));
        }

        let at = match draft.at {
            Some(at) => at,
            None => self.stamp(now),
        };
        let thread_id = match draft.target {
            Target::Thread(id) => id,
            Target::Order { order_id, topic } => self.open_thread(&order_id, topic, at)?,
            Target::NewOrder { shop_id, topic } => {
                let customer = catalogue::customer(&mut self.random);
                let day = 24 * 3_600_000;
                let order = catalogue::order(&mut self.random, shop_id, at - 3 * day);
                let order_id = self.add_order(order, customer);
                self.open_thread(&order_id, topic, at)?
            }
        };
        let order_id = self.threads.get(&thread_id).map(|t| t.order_id.clone()).unwrap_or_default();
        let attachments =
            draft.files.into_iter().map(|file| self.add_file(&thread_id, file)).collect::<Vec<_>>();
        let message = Message {
            id: self.random.uuid(),
            author: draft.author,
            author_name: draft.author_name.unwrap_or_else(|| self.usual_name(&thread_id, draft.author)),
            to: match (draft.to.is_empty(), draft.author) {
                (false, _) => draft.to,
                (true, Role::Shop) => vec![Role::Customer],
                (true, Role::Customer | Role::Operator) => vec![Role::Shop],
            },
            body: draft.body,
            at,
            attachments,
            via: draft.via,
        };
        let written = Written { thread_id: thread_id.clone(), message_id: message.id.clone(), order_id };
        if draft.hidden_for > 0 {
            self.hidden.push(Hidden { visible_from: now + draft.hidden_for, thread_id, message });
        } else {
            self.show(&thread_id, message);
        }
        Ok(written)
    }

    fn files_of_order(&self, order_id: &str) -> usize {
        self.attachments
            .values()
            .filter(|file| self.threads.get(&file.thread_id).is_some_and(|t| t.order_id == order_id))
            .count()
    }

    fn usual_name(&self, thread_id: &str, author: Role) -> String {
        let thread = self.threads.get(thread_id);
        match author {
            Role::Operator => OPERATOR.to_owned(),
            Role::Shop => thread
                .and_then(|t| self.shop(t.shop_id))
                .map(|shop| shop.panel_user.clone())
                .unwrap_or_default(),
            Role::Customer => thread
                .and_then(|t| self.customers.get(&t.customer_id))
                .map(Customer::display_name)
                .unwrap_or_default(),
        }
    }

    /// Takes an order and its customer in and gives the order its ids.
    pub fn add_order(&mut self, mut order: Order, mut customer: Customer) -> String {
        if customer.id.is_empty() {
            customer.id = format!("C{}", self.random.digits(8));
        }
        order.commercial_id = format!("EMP-{}", self.next_order);
        order.id = format!("{}-A", order.commercial_id);
        order.customer_id = customer.id.clone();
        self.next_order += 1;
        self.customers.insert(customer.id.clone(), customer);
        let id = order.id.clone();
        self.orders.insert(id.clone(), order);
        id
    }

    fn open_thread(&mut self, order_id: &str, topic: Topic, at: i64) -> Result<String, Refusal> {
        let order = self
            .orders
            .get(order_id)
            .ok_or_else(|| Refusal::new(404, format!("Order with id {order_id} not found")))?;
        let id = self.random.uuid();
        let thread = Thread {
            id: id.clone(),
            shop_id: order.shop_id,
            customer_id: order.customer_id.clone(),
            order_id: order_id.to_owned(),
            topic,
            created: at,
            updated: at,
            messages: Vec::new(),
            no_reply_needed: Vec::new(),
        };
        self.threads.insert(id.clone(), thread);
        Ok(id)
    }

    fn add_file(&mut self, thread_id: &str, file: NewFile) -> String {
        let id = self.random.uuid();
        let sha256 = sha256_hex(&file.bytes);
        let attachment = Attachment {
            id: id.clone(),
            thread_id: thread_id.to_owned(),
            name: file.name,
            bytes: Bytes::clone(&file.bytes),
            sha256,
        };
        self.attachments.insert(id.clone(), attachment);
        id
    }

    /// Renames a conversation, which M12 may do along with a message.
    pub fn rename(&mut self, thread_id: &str, topic: Topic) {
        if let Some(thread) = self.threads.get_mut(thread_id) {
            thread.topic = topic;
        }
    }

    /// Somebody clicks "no reply needed".
    ///
    /// # Errors
    /// 404 for an unknown conversation.
    pub fn no_reply_needed(&mut self, now: i64, thread_id: &str, by: Role) -> Result<(), Refusal> {
        let at = self.stamp(now);
        let thread = self.threads.get_mut(thread_id).ok_or_else(|| no_thread(thread_id))?;
        thread.no_reply_needed.push((at, by));
        thread.updated = thread.updated.max(at);
        Ok(())
    }

    /// A page of conversations, by date of change. A conversation that nobody has written in visibly is not listed.
    pub fn list(&self, listing: &Listing) -> ListPage<'_> {
        let mut threads: Vec<&Thread> = self
            .threads
            .values()
            .filter(|t| t.shop_id == listing.shop_id && !t.messages.is_empty())
            .filter(|t| listing.updated_since.is_none_or(|since| t.updated >= since))
            // Every conversation here is about an order of the marketplace.
            .filter(|_| listing.entity_type.as_deref().is_none_or(|kind| kind == "MMP_ORDER"))
            .filter(|t| listing.entity_ids.is_empty() || listing.entity_ids.contains(&t.order_id))
            .filter(|t| match &listing.after {
                None => true,
                Some((updated, id)) => {
                    let (here, there) = ((t.updated, &t.id), (*updated, id));
                    if listing.ascending { here > there } else { here < there }
                }
            })
            .collect();
        threads.sort_by(|a, b| (b.updated, &b.id).cmp(&(a.updated, &a.id)));
        if listing.ascending {
            threads.reverse();
        }
        let following = threads.get(listing.limit).map(|t| t.id.as_str());
        threads.truncate(listing.limit);
        let next = match (following, threads.last()) {
            (Some(_), Some(last)) => {
                Some(Listing { after: Some((last.updated, last.id.clone())), ..listing.clone() })
            }
            _ => None,
        };
        ListPage { threads, next, following }
    }

    /// So many customers write so many messages each, every customer about an order of their own. With
    /// `same_instant` all of them carry one date, the hard case for paging by date.
    ///
    /// # Errors
    /// 404 for an unknown shop, 400 for an empty or too large request.
    pub fn generate(
        &mut self,
        now: i64,
        shop_id: i64,
        customers: usize,
        messages: usize,
        same_instant: bool,
    ) -> Result<Vec<Written>, Refusal> {
        if messages == 0 || customers.saturating_mul(messages) > 200_000 {
            return Err(Refusal::new(400, "between 1 and 200000 messages can be generated at once"));
        }
        let at = same_instant.then(|| self.stamp(now));
        let mut written = Vec::with_capacity(customers * messages);
        for customer in 1..=customers {
            let mut target =
                Target::NewOrder { shop_id, topic: Topic::free(format!("Pytanie klienta nr {customer}")) };
            for message in 1..=messages {
                let body = format!(
                    "Dzień dobry, piszę po raz {message} z {messages} w sprawie mojego zamówienia. Klient nr \
                     {customer} z {customers}."
                );
                let mut draft = Draft::new(target, Role::Customer, body, Via::Generated);
                draft.at = at;
                let one = self.write(now, draft)?;
                target = Target::Thread(one.thread_id.clone());
                written.push(one);
            }
        }
        Ok(written)
    }

    /// One conversation with that many messages of all three authors; every tenth is the shop's, every fiftieth the
    /// operator's. One second lies between two messages, and the last is now.
    ///
    /// # Errors
    /// 404 for an unknown shop, 400 for an empty or too large request.
    pub fn generate_long_thread(
        &mut self,
        now: i64,
        shop_id: i64,
        messages: usize,
    ) -> Result<Vec<Written>, Refusal> {
        if !(1..=20_000).contains(&messages) {
            return Err(Refusal::new(400, "between 1 and 20000 messages can be generated in one thread"));
        }
        let mut target =
            Target::NewOrder { shop_id, topic: Topic::free("Bardzo długa rozmowa o jednej przesyłce") };
        let mut written = Vec::with_capacity(messages);
        for number in 1..=messages {
            let (author, body) = match number {
                n if n % 50 == 0 => {
                    (Role::Operator, format!("Wiadomość nr {n}: prosimy o odpowiedź na pytanie klienta."))
                }
                n if n % 10 == 0 => {
                    (Role::Shop, format!("Wiadomość nr {n}: sprawdzamy to i zaraz odpowiemy."))
                }
                n => (Role::Customer, format!("Wiadomość nr {n}: czy wiadomo już coś więcej?")),
            };
            let mut draft = Draft::new(target, author, body, Via::Generated);
            if author == Role::Operator {
                draft.to = vec![Role::Shop, Role::Customer];
            }
            let ago = i64::try_from(messages - number).unwrap_or(0) * 1_000;
            draft.at = Some(if ago == 0 { self.stamp(now) } else { now - ago });
            let one = self.write(now, draft)?;
            target = Target::Thread(one.thread_id.clone());
            written.push(one);
        }
        Ok(written)
    }
}

fn no_thread(id: &str) -> Refusal {
    Refusal::new(404, format!("Thread with id {id} not found"))
}
