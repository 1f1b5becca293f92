//! Running a macro on a ticket: its steps one after the other, each as a person would do it, with its own audit entry.

use crate::acts;
use crate::input::reply::Written;
use crate::refusal::{self, refused};
use crate::visit::Visit;
use mostek_domain::marketplace::ReplyTo;
use mostek_domain::ticket::{Status, StatusKind};
use mostek_domain::{MacroId, TemplateId, TicketId};
use mostek_helpdesk::reply::Seen;
use mostek_helpdesk::routine::{self, Step};
use mostek_helpdesk::{desk, filled};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::{ApiError, Speak, Text};

/// Runs it; gives the template that is to be put into the person's form, if it has one. `key` makes a repeated request the
/// same one where a step would do something twice; `seen` is what the person saw of the ticket.
///
/// # Errors
/// 404 for a macro there is not; 409 if one of its answers has names or gaps that the customer would see, before anything is
/// done; that of the first step which refuses: what was done before it stays.
pub(crate) async fn run<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    id: MacroId,
    key: &str,
    seen: Option<Seen>,
) -> Result<Option<TemplateId>, ApiError> {
    let routines = routine::read(visit.world, visit.company()).await?.state;
    let found = routines.usable(id).ok_or_else(ApiError::not_found)?;
    let before = acts::ticket(visit, ticket).await?;
    let mut draft = None;
    // What closes the ticket is checked against what the person has read, before anything else is done.
    let closes = found.steps.iter().any(|s| matches!(s, Step::Status { status: StatusKind::Closed }));
    if closes && seen.is_some_and(|s| s.may_miss_words(ticket, &before)) {
        return Err(ApiError::conflict("helpdesk-changed"));
    }
    // What the customer is told is made whole before anything else is done, as the other steps may rely on it.
    let mut answers = Vec::new();
    for (n, step) in found.steps.iter().enumerate() {
        if let Step::Reply { template } = step {
            answers.push(answer(visit, ticket, *template, format!("{key}-{n}")).await?);
        }
    }
    let mut answers = answers.into_iter();
    for (n, step) in found.steps.iter().enumerate() {
        let key = format!("{key}-{n}");
        match step {
            Step::Status { status } => {
                let wanted = match status {
                    StatusKind::InProgress => Status::InProgress,
                    StatusKind::WaitingForCustomer => Status::WaitingForCustomer,
                    StatusKind::Closed => Status::Closed { at: visit.now() },
                    _ => Status::New,
                };
                acts::set_status(visit, ticket, wanted, None).await?;
            }
            Step::Move { queue, category } => {
                let now = acts::ticket(visit, ticket).await?;
                let to = queue.or(now.queue()).ok_or_else(ApiError::not_found)?;
                acts::move_to(visit, ticket, to, category.or(now.category())).await?;
            }
            Step::Assign { employee } => acts::assign(visit, ticket, *employee).await?,
            Step::Take => acts::assign(visit, ticket, Some(visit.session.employee)).await?,
            Step::Priority { priority } => acts::set_priority(visit, ticket, *priority).await?,
            Step::Tags { add, remove } => acts::tag(visit, ticket, add, remove).await?,
            Step::Reply { .. } => {
                if let Some(written) = answers.next() {
                    acts::answer(visit, ticket, written).await?;
                }
            }
            Step::Draft { template } => draft = Some(*template),
            Step::Comment { text } => drop(acts::comment(visit, ticket, text, &key).await?),
        }
    }
    visit.audit(Act::new("macro-run", "ticket", ticket).detail("name", &found.name)).await;
    Ok(draft)
}

/// A template with the values of the conversation that it goes to.
async fn answer<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    template: TemplateId,
    key: String,
) -> Result<Written, ApiError> {
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let template = desk.templates.iter().find(|t| t.id == template).ok_or_else(ApiError::not_found)?;
    let (conversation, reading) = acts::conversation_of(visit, ticket, None, &key).await?;
    let opened = reading.opened.as_ref().ok_or_else(ApiError::not_found)?;
    let values = filled::values(visit.world, opened, reading.record()).await.map_err(refused)?;
    let text = values.fill_whole(&template.text, Some(visit.session.name.as_str())).map_err(|unsaid| {
        let why = visit.language().say(&refusal::unsaid(&unsaid));
        ApiError::conflict(Text::new("helpdesk-macro-unsaid").with("why", why))
    })?;
    let to = Some(ReplyTo::Customer);
    Ok(Written { text, to, files: Vec::new(), conversation: Some(conversation), key })
}
