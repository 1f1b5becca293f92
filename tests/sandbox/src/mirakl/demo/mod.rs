//! Forty conversations of a bookshop's week.

use serde::Deserialize;

use super::catalogue;
use super::model::{Customer, NewFile, Role, Topic, Via};
use super::world::{Draft, Refusal, Target, World};
use crate::documents;
use crate::random::Random;

/// The bookshop they all belong to.
const SHOP: i64 = 2000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A conversation as the data file tells it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    topic: String,
    customer: Person,
    order: OrderStory,
    messages: Vec<Line>,
    /// Whether the shop has marked that no (further) reply is needed.
    #[serde(default)]
    settled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    civility: String,
    first: String,
    last: String,
    street: String,
    zip: String,
    city: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderStory {
    state: String,
    /// 0 InPost, 1 DPD, 2 Poczta Polska.
    carrier: usize,
    /// Days between the order and the first message.
    days_before: i64,
    /// Product key and pieces.
    lines: Vec<(String, u32)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    by: Role,
    /// Minutes after the message before.
    #[serde(default)]
    after: i64,
    text: String,
    /// Name of an attached file; `.pdf` makes a PDF, anything else a picture.
    #[serde(default)]
    file: Option<String>,
    /// Whom it is for, when not the usual ones.
    #[serde(default)]
    to: Vec<Role>,
}

/// Writes all conversations, evenly over the last `since_days` days (at least one), and returns how many. The newest
/// is a few minutes old.
///
/// # Errors
/// 500 when the data file cannot be read or names an unknown product; those of [`World::write`].
pub fn load(world: &mut World, now: i64, since_days: u32) -> Result<usize, Refusal> {
    let stories: Vec<Story> = serde_json::from_str(include_str!("conversations.json"))
        .map_err(|error| Refusal::new(500, format!("demo: {error}")))?;
    let span = i64::from(since_days.clamp(1, 365)) * DAY;
    let count = i64::try_from(stories.len()).unwrap_or(1).max(1);
    // A generator of its own: tracking numbers do not depend on what happened before.
    let mut random = Random::new(40);
    for (index, story) in stories.iter().enumerate() {
        let length: i64 = story.messages.iter().map(|line| line.after).sum::<i64>() * MINUTE;
        let share = i64::try_from(index + 1).unwrap_or(1);
        // Never so late that the last message would lie in the future.
        let latest = now - length - 2 * MINUTE;
        let even = (now - span + span * share / count).min(latest).max(now - span);
        // Few people write at night (UTC is an hour or two behind Poland).
        let hour = even.div_euclid(HOUR).rem_euclid(24);
        let start = if hour < 6 && even + 7 * HOUR <= latest { even + 7 * HOUR } else { even };
        // Whole seconds, but not the same ones everywhere.
        let start = start / MINUTE * MINUTE + (share * 17 % 60) * 1_000;
        tell(world, now, start, story, &mut random)?;
    }
    Ok(stories.len())
}

fn tell(world: &mut World, now: i64, start: i64, story: &Story, random: &mut Random) -> Result<(), Refusal> {
    let state = story.order.state.as_str();
    let mut lines = Vec::new();
    for (key, quantity) in &story.order.lines {
        let product = catalogue::by_key(key)
            .ok_or_else(|| Refusal::new(500, format!("demo: there is no product {key}")))?;
        lines.push(catalogue::line(product, *quantity, state));
    }
    let person = &story.customer;
    let customer = Customer {
        id: String::new(),
        civility: person.civility.clone(),
        firstname: person.first.clone(),
        lastname: person.last.clone(),
        street: person.street.clone(),
        zip: person.zip.clone(),
        city: person.city.clone(),
        locale: "pl_PL".to_owned(),
    };
    let ordered = start - story.order.days_before * DAY - 95 * MINUTE;
    let parcel = catalogue::shipping(random, story.order.carrier, state);
    let mut order = catalogue::assembled(SHOP, state, ordered, lines, parcel);
    order.updated = order.updated.min(start);
    let order_id = world.add_order(order, customer);
    let mut target = Target::Order { order_id, topic: Topic::free(story.topic.clone()) };
    let mut at = start;
    for line in &story.messages {
        at += line.after * MINUTE;
        let mut draft = Draft::new(target, line.by, line.text.clone(), Via::Demo);
        draft.at = Some(at.min(now));
        draft.to = line.to.clone();
        draft.files = line.file.iter().map(|name| file(name)).collect();
        let written = world.write(now, draft)?;
        target = Target::Thread(written.thread_id);
    }
    if let (true, Target::Thread(id)) = (story.settled, &target) {
        world.no_reply_needed((at + 20 * MINUTE).min(now), id, Role::Shop)?;
    }
    Ok(())
}

fn file(name: &str) -> NewFile {
    let bytes = if name.ends_with(".pdf") {
        documents::pdf(&["Dokument przykladowy", name])
    } else {
        documents::png(name.bytes().map(u64::from).sum(), 200)
    };
    NewFile { name: name.to_owned(), bytes: bytes.into() }
}
