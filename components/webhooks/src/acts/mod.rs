//! What an administrator does to sources, each with its entry in the audit journal; the same from a page and from the API.

pub(crate) mod endpoints;

use crate::input::{ReadSource, TypedSource};
use crate::refusal::refused;
use crate::visit::Visit;
use futures::future::{join, try_join_all};
use mostek_domain::{CategoryId, ConnectionId, FieldId, FieldKind, Label, QueueId};
use mostek_helpdesk::desk::{self, random_bits};
use mostek_helpdesk::webhooks::effect::{self, Outcome, Preview};
use mostek_helpdesk::webhooks::letters::{self, Again};
use mostek_helpdesk::webhooks::source::{self, Command, LastTaken, Setup, Source};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::{ApiError, Speak, Text};
use mostek_webhooks::{Mapped, Mapping, Scheme, Secret, Unreadable};

/// The choice that makes a queue or a field on the way.
pub(crate) const NEW: &str = "new";

/// Reads a source's id.
///
/// # Errors
/// 404.
pub(crate) fn parse(text: &str) -> Result<ConnectionId, ApiError> {
    ConnectionId::parse(text).map_err(|_| ApiError::not_found())
}

/// A source with what its page says of it.
pub(crate) struct Shown {
    pub source: Source,
    pub last: Option<LastTaken>,
    /// Events that wait for a person.
    pub letters: usize,
}

async fn shown<W: World>(visit: &Visit<'_, W>, source: Source) -> Result<Shown, ApiError> {
    let last = source::last_taken(source.id)?;
    let (last, waiting) = join(last.get(visit.world.kv()), letters::waiting(visit.world, source.id)).await;
    Ok(Shown { last: last?, letters: waiting?.len(), source })
}

/// The company's sources, by name.
///
/// # Errors
/// The store's.
pub(crate) async fn all<W: World>(visit: &Visit<'_, W>) -> Result<Vec<Shown>, ApiError> {
    let ours = source::of_company(visit.world, visit.company()).await?;
    try_join_all(ours.into_iter().map(|s| shown(visit, s))).await
}

/// A page of them, and the position behind it if more follow. `after` is such a position: a source that was deleted or
/// renamed meanwhile loses nobody's place.
///
/// # Errors
/// 422 for a position that is none; the store's.
pub(crate) async fn page<W: World>(
    visit: &Visit<'_, W>,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<Shown>, Option<String>), ApiError> {
    let mut ours = source::of_company(visit.world, visit.company()).await?;
    if let Some(after) = after {
        let bad = || ApiError::bad_field("after", "errors-bad-cursor");
        let (id, name) = after.split_once(' ').ok_or_else(bad)?;
        let place = (name.to_owned(), ConnectionId::parse(id).map_err(|_| bad())?);
        ours.retain(|s| s.place() > place);
    }
    let more = ours.len() > limit;
    ours.truncate(limit);
    let next = ours.last().filter(|_| more).map(|s| {
        let (name, id) = s.place();
        format!("{id} {name}")
    });
    Ok((try_join_all(ours.into_iter().map(|s| shown(visit, s))).await?, next))
}

/// One of them.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn one<W: World>(visit: &Visit<'_, W>, id: ConnectionId) -> Result<Shown, ApiError> {
    let source = source::one(visit.world, visit.company(), id).await.map_err(refused)?;
    shown(visit, source).await
}

/// Adds a source.
///
/// # Errors
/// 422 with the field; 409 if there are too many; the store's.
pub(crate) async fn add<W: World>(
    visit: &Visit<'_, W>,
    typed: &TypedSource,
) -> Result<ConnectionId, ApiError> {
    let scheme = typed.scheme()?;
    Secret::parse(scheme, &typed.secret)
        .map_err(|e| ApiError::bad_field("secret", Text::new(format!("webhooks-{}", e.slug()))))?;
    let setup = setup(visit, typed, scheme, None).await?;
    let act = Act::new("connection-saved", "webhook", "").detail("name", &setup.name);
    let id = source::add(visit.world, visit.company(), visit.actor(), setup, &typed.secret)
        .await
        .map_err(refused)?;
    visit.audit(Act { id: id.to_string(), ..act }).await;
    Ok(id)
}

/// Changes a source; without a mapping its own stays.
///
/// # Errors
/// 404; 422 with the field; the store's.
pub(crate) async fn save<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
    typed: &TypedSource,
    mapping: Option<Mapping>,
) -> Result<(), ApiError> {
    let before = source::one(visit.world, visit.company(), id).await.map_err(refused)?;
    let mapping = mapping.unwrap_or(before.setup.mapping);
    let setup = setup(visit, typed, before.setup.scheme, Some(mapping)).await?;
    let act = Act::new("connection-saved", "webhook", id).detail("name", &setup.name);
    source::save(visit.world, visit.company(), visit.actor(), id, setup).await.map_err(refused)?;
    visit.audit(act).await;
    Ok(())
}

/// What was typed, with a queue and a field made where they were asked for. Nothing is made for what is refused.
async fn setup<W: World>(
    visit: &Visit<'_, W>,
    typed: &TypedSource,
    scheme: Scheme,
    mapping: Option<Mapping>,
) -> Result<Setup, ApiError> {
    let mut typed = typed.clone();
    let placeholder = QueueId::from_random([0; 16]).to_string();
    let (new_queue, new_field) = (typed.queue == NEW, typed.field.as_deref() == Some(NEW));
    if new_queue {
        typed.queue.clone_from(&placeholder);
    }
    if new_field {
        typed.field = Some(placeholder);
    }
    let mut setup = typed.read(scheme, mapping)?;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let category_is_there = |c: CategoryId| desk.categories.iter().any(|k| k.id == c);
    if setup.category.is_some_and(|c| !category_is_there(c)) {
        return Err(ApiError::bad_field("category", "webhooks-unknown-choice"));
    }
    let l = visit.language();
    if new_queue {
        setup.queue = QueueId::from_random(random_bits(visit.world.random()));
        let name = label(&l.t("helpdesk-new-queue-name"))?;
        let act = Act::new("queue-saved", "queue", setup.queue).detail("name", &name);
        put(visit, desk::Fact::Queue { id: setup.queue, name, archived: false }, act).await?;
    }
    if new_field {
        let id = FieldId::from_random(random_bits(visit.world.random()));
        let name = label(&field_name(visit, &setup.name))?;
        let act = Act::new("field-saved", "field", id).detail("name", &name);
        let kind = FieldKind::Text;
        put(visit, desk::Fact::Field { id, name, kind, archived: false }, act).await?;
        setup.field = Some(id);
    }
    Ok(setup)
}

/// The name of a field for the ids of a shop's customers.
pub(crate) fn field_name<W: World>(visit: &Visit<'_, W>, shop: &Label) -> String {
    let short: String = shop.to_string().chars().take(60).collect();
    visit.language().with("helpdesk-new-field-name", "kind", short.trim())
}

fn label(text: &str) -> Result<Label, ApiError> {
    Label::parse(text).map_err(|e| ApiError::bad_field("name", crate::refusal::name(e)))
}

async fn put<W: World>(visit: &Visit<'_, W>, fact: desk::Fact, act: Act) -> Result<(), ApiError> {
    desk::put_fact(visit.world, visit.company(), visit.actor(), fact).await.map_err(refused)?;
    visit.audit(act).await;
    Ok(())
}

/// Switches a source on or off, or deletes it.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn command<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
    command: Command,
) -> Result<(), ApiError> {
    source::command(visit.world, visit.company(), visit.actor(), id, command).await.map_err(refused)?;
    let act = match command {
        Command::SwitchOn => "connection-started",
        Command::SwitchOff => "connection-stopped",
        Command::Delete => "connection-deleted",
    };
    visit.audit(Act::new(act, "webhook", id)).await;
    Ok(())
}

/// Adds a secret. Gives its id.
///
/// # Errors
/// 404; 422; 409 if there are too many; the store's.
pub(crate) async fn add_secret<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
    secret: &str,
) -> Result<String, ApiError> {
    let added =
        source::add_secret(visit.world, visit.company(), visit.actor(), id, secret).await.map_err(refused)?;
    visit.audit(Act::new("webhook-secret-added", "webhook", id)).await;
    Ok(added)
}

/// Gives a secret up.
///
/// # Errors
/// 404; 422 for the last one; the store's.
pub(crate) async fn remove_secret<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
    secret: &str,
) -> Result<(), ApiError> {
    source::remove_secret(visit.world, visit.company(), visit.actor(), id, secret).await.map_err(refused)?;
    visit.audit(Act::new("webhook-secret-removed", "webhook", id)).await;
    Ok(())
}

/// What would come of an event.
pub(crate) enum Tried {
    /// It is understood.
    Understood(Box<Mapped>, Preview),
    /// It is not.
    Not(Unreadable),
}

/// Tries a mapping on a body, without any effect.
///
/// # Errors
/// The store's.
pub(crate) async fn try_out<W: World>(
    visit: &Visit<'_, W>,
    source: &Source,
    event_type: Option<&str>,
    body: &str,
) -> Result<Tried, ApiError> {
    let by_header = source.setup.scheme.type_header().is_some();
    Ok(match source.setup.mapping.read(by_header, event_type, body.as_bytes()) {
        Err(why) => Tried::Not(why),
        Ok(mapped) => {
            let preview = effect::preview(visit.world, source, &mapped).await?;
            Tried::Understood(Box::new(mapped), preview)
        }
    })
}

/// Why an event is not understood, in words.
pub(crate) fn unreadable(why: Unreadable) -> Text {
    let text = Text::new(format!("webhooks-unreadable-{}", why.slug()));
    match why {
        Unreadable::NotJson { line, column } => text.with("line", line).with("column", column),
        Unreadable::NoType | Unreadable::NoText | Unreadable::NoCustomer => text,
    }
}

/// Processes a letter again.
///
/// # Errors
/// 404; 409 with the reason if it still is not understood; the store's.
pub(crate) async fn process<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
    letter: &str,
) -> Result<Outcome, ApiError> {
    let again =
        letters::process(visit.world, visit.company(), visit.actor(), id, letter).await.map_err(refused)?;
    match again {
        Again::Still(why) => Err(ApiError::conflict(unreadable(why))),
        Again::Done(outcome) => {
            let act = Act::new("webhook-letter-processed", "webhook", id);
            visit.audit(act.detail("letter", letter).detail("result", outcome.slug())).await;
            Ok(outcome)
        }
    }
}

/// Gives a letter up.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn drop_letter<W: World>(
    visit: &Visit<'_, W>,
    id: ConnectionId,
    letter: &str,
) -> Result<(), ApiError> {
    letters::give_up(visit.world, visit.company(), visit.actor(), id, letter).await.map_err(refused)?;
    visit.audit(Act::new("webhook-letter-dropped", "webhook", id).detail("letter", letter)).await;
    Ok(())
}
