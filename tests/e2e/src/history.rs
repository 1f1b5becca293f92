//! A long history: conversations of many messages over many days, taken in by the hub's own intake. The same number always
//! gives the same conversation.

use mostek_domain::marketplace::{Message, OrderRef, Participant, Side, Thread, Topic};
use mostek_domain::ticket::TicketRules;
use mostek_domain::{CompanyId, MessageBody, Timestamp};
use mostek_helpdesk::connection::{self, Connection};
use mostek_helpdesk::{intake, list, reports, search};
use mostek_ports::World;
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

/// Messages of a conversation: every third is ours.
pub const MESSAGES: u64 = 10;
/// Over how many days the conversations begin.
pub const DAYS: u64 = 90;
/// Different words, besides those every message has.
const WORDS: u64 = 20_000;
/// Conversations taken in together.
const BATCH: u64 = 500;

/// Repeatable disorder (SplitMix64's mixing).
fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A word: a few are frequent, most are rare, as in any language.
fn word(n: u64) -> String {
    let (a, b) = (mix(n) % 141, mix(n ^ 0xabcd) % 142);
    let number = a.wrapping_mul(b) % WORDS;
    const SYLLABLES: [&str; 10] = ["ka", "ło", "prze", "sył", "zwro", "tu", "mie", "ną", "ży", "cie"];
    let mut word = String::new();
    let mut rest = number + 10;
    while rest > 0 {
        word.push_str(SYLLABLES.get(usize::try_from(rest % 10).unwrap_or(0)).copied().unwrap_or(""));
        rest /= 10;
    }
    word
}

/// The `n`-th conversation of a history that ends at `now`.
pub fn thread(n: u64, of: u64, now: Timestamp) -> Thread {
    let span = DAYS * 24 * 3600;
    let began = now.minus(Duration::from_secs((span - span * n / of.max(1)).max(3 * 3600)));
    let customer = Participant {
        side: Side::Customer,
        id: Some(format!("klient-{}", n / 3)),
        name: Some(format!("Anna {}", n / 3)),
    };
    let message = |m: u64| {
        let author = if m % 3 == 2 { Side::Shop } else { Side::Customer };
        let words: Vec<String> = (0..15).map(|w| word(mix(n) ^ (m << 32) ^ w)).collect();
        Message {
            id: format!("h{n}-{m}"),
            author,
            author_name: Some("Anna".into()),
            to: Vec::new(),
            body: MessageBody::from_remote(&format!("Dzień dobry, {}. Pozdrawiam, nr {n}", words.join(" "))),
            sent_at: Some(began.plus(Duration::from_secs(m * 600 + mix(n) % 3000))),
            attachments: Vec::new(),
        }
    };
    let messages: Vec<Message> = (0..MESSAGES).map(message).collect();
    Thread {
        id: format!("history-{n}"),
        topic: Some(Topic { value: format!("Zamówienie {n}"), is_reason_code: false }),
        orders: vec![OrderRef { id: order(n), label: None }],
        participants: vec![customer],
        created_at: Some(began),
        updated_at: messages.last().and_then(|m| m.sent_at),
        total_messages: u32::try_from(MESSAGES).ok(),
        reply_needed_since: None,
        messages,
    }
}

/// The order of the `n`-th conversation.
pub fn order(n: u64) -> String {
    format!("Z-{n:07}-A")
}

/// Takes conversations in as if they had come with a poll; `of` is how many there are in all.
///
/// # Panics
/// If the connection is not saved, or the store fails.
pub async fn take_in<W: World>(
    world: &W,
    connection: &Connection,
    numbers: Range<u64>,
    of: u64,
    now: Timestamp,
) {
    let setup = connection.setup.clone().unwrap();
    // All of it is new, however old.
    let mut connection = connection.clone();
    connection.since = Some(Timestamp(1));
    let mut from = numbers.start;
    while from < numbers.end {
        let to = numbers.end.min(from + BATCH);
        let threads: Vec<Thread> = (from..to).map(|n| thread(n, of, now)).collect();
        let known = intake::look_up(world, &(&connection).into(), threads).await.unwrap();
        let orders = BTreeMap::new();
        intake::take(world, &(&connection).into(), &setup, TicketRules::default(), known, &orders)
            .await
            .unwrap();
        tidy(world, connection.company).await;
        from = to;
    }
}

/// What ticks would do to lists, search and reports, until nothing is left.
///
/// # Panics
/// If the store fails.
pub async fn tidy<W: World>(world: &W, company: CompanyId) {
    while list::index(company).unwrap().tidy(world).await.unwrap() > 0 {}
    while search::follow(world, company, Duration::MAX).await.unwrap().changes > 0 {}
    while reports::follow(world, company, Duration::MAX).await.unwrap() > 0 {}
}

/// The company's connection.
///
/// # Panics
/// If it has none.
pub async fn connection_of<W: World>(world: &W, company: CompanyId) -> Connection {
    let all = connection::read(world).await.unwrap().state.all;
    all.into_values().find(|c| c.company == company && c.setup.is_some()).unwrap()
}
