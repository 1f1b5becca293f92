//! Running a macro on a ticket: its steps one after the other, each as a person would do it, with its own audit entry.

use crate::acts;
use crate::input::reply::Written;
use crate::visit::Visit;
use mostek_domain::marketplace::ReplyTo;
use mostek_domain::template::{self, Values};
use mostek_domain::ticket::{Status, StatusKind};
use mostek_domain::{MacroId, TemplateId, TicketId};
use mostek_helpdesk::reply::Seen;
use mostek_helpdesk::routine::{self, Step};
use mostek_helpdesk::{desk, view};
use mostek_people::audit::Act;
use mostek_ports::World;
use mostek_web::ApiError;

use crate::refusal::refused;

/// Runs it; gives the template that is to be put into the person's form, if it has one. `key` makes a repeated request the
/// same one where a step would do something twice; `seen` is what the person saw of the ticket.
///
/// # Errors
/// 404 for a macro there is not; that of the first step which refuses: what was done before it stays.
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
            Step::Reply { template } => {
                if let Some(text) = text(visit, ticket, *template).await? {
                    let to = Some(ReplyTo::Customer);
                    let written = Written { text, to, files: Vec::new(), conversation: None, key };
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

/// A template with this ticket's values; `None` if there is no such template any more.
async fn text<W: World>(
    visit: &Visit<'_, W>,
    ticket: TicketId,
    id: TemplateId,
) -> Result<Option<String>, ApiError> {
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let Some(found) = desk.templates.iter().find(|t| t.id == id) else { return Ok(None) };
    let view = view::open(visit.world, visit.company(), ticket, None).await.map_err(refused)?;
    let agent = visit.session.name.to_string();
    let opened = view.ticket.opened.as_ref();
    let record = view.customer.as_ref().and_then(|(_, c)| c.details.as_ref()).map(|d| d.name.to_string());
    let order = view.order.as_ref().and_then(|k| k.order.commercial_id.as_deref());
    let values = Values {
        customer: record.as_deref().or(opened.map(|o| o.customer.name.as_str())),
        order: order.or(opened.and_then(|o| o.order.as_deref())),
        agent: Some(&agent),
        shop: view.connection.as_ref().and_then(|c| c.shop_name.as_deref()),
    };
    Ok(Some(template::render(&found.text, &values).text))
}
