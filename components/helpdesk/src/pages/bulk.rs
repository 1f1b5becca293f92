//! `POST /tickets`: the same done to every ticket that was picked in the list (H12).
//!
//! Each ticket on its own, one after the other: they share the list's index, and one that refuses stops none of the others.

use super::{done, form, is_theirs, list};
use crate::acts;
use crate::fields::Fields;
use crate::input;
use crate::visit::Visit;
use http::StatusCode;
use mostek_domain::ticket::Status;
use mostek_domain::{EmployeeId, TagId, TicketId};
use mostek_helpdesk::list::{PAGE, Summary};
use mostek_helpdesk::reply::Seen;
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::{ApiError, Flash, Request, Response, Speak, Text, Tone};

/// What is done to each.
enum Action {
    Status(Status),
    Assign(Option<EmployeeId>),
    Tag(Vec<TagId>),
}

/// A ticket as it was picked: with what its row showed.
struct Picked {
    ticket: TicketId,
    seen: Seen,
}

/// What came of it.
#[derive(Default)]
struct Tally {
    changed: u64,
    refused: u64,
    /// Why, of the first that refused.
    why: Option<ApiError>,
}

/// Does it and goes back to the page of the list that it was asked on.
///
/// # Errors
/// 403 without the form's token; the store's: what was done before stays.
pub(super) async fn post<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let form = form(visitor, request).await?;
    let back = list::here(request);
    let (tickets, what) = match (picked(&form), action(visit, &form)) {
        (Ok(tickets), Ok(action)) => (tickets, action),
        (Err(e), _) | (_, Err(e)) => return done(Err(e), "helpdesk-bulk-done", &back),
    };
    let mut tally = Tally::default();
    for Picked { ticket, seen } in tickets {
        let result = match &what {
            Action::Status(status) => acts::set_status(visit, ticket, *status, Some(seen)).await,
            Action::Assign(employee) => acts::assign(visit, ticket, *employee).await,
            Action::Tag(tags) => acts::tag(visit, ticket, tags, &[]).await,
        };
        match result {
            Ok(()) => tally.changed += 1,
            Err(e) if is_theirs(&e) || e.status == StatusCode::NOT_FOUND => {
                tally.refused += 1;
                tally.why.get_or_insert(e);
            }
            Err(e) => return Err(e),
        }
    }
    Ok(tally.news(visit).on(Response::redirect(&back)))
}

impl Tally {
    fn news<W: World>(self, visit: &Visit<'_, W>) -> Flash {
        let Some(why) = self.why else {
            return Flash::success(Text::new("helpdesk-bulk-done").with("count", self.changed));
        };
        let text = Text::new("helpdesk-bulk-some")
            .with("changed", self.changed)
            .with("count", self.refused)
            .with("why", visit.language().say(&why.message));
        Flash::new(Tone::Warning, text)
    }
}

/// The value of a row's box: the ticket and the digest of the row that the person sees.
pub(super) fn value(row: &Summary) -> String {
    format!("{}:{}", row.id, row.digest())
}

/// Reads [`value`].
fn read(text: &str) -> Option<Picked> {
    let (ticket, digest) = text.split_once(':')?;
    Some(Picked { ticket: TicketId::parse(ticket).ok()?, seen: Seen::Row(digest.to_owned()) })
}

/// The tickets that were picked, each once.
fn picked(form: &Fields) -> Result<Vec<Picked>, ApiError> {
    let mut tickets: Vec<Picked> = Vec::new();
    for text in form.all("ticket") {
        let one = read(text).ok_or_else(|| ApiError::bad_field("ticket", "helpdesk-unknown-choice"))?;
        if tickets.iter().all(|t| t.ticket != one.ticket) {
            tickets.push(one);
        }
        if tickets.len() > PAGE {
            return Err(ApiError::bad_field("ticket", Text::new("helpdesk-bulk-most").with("limit", PAGE)));
        }
    }
    if tickets.is_empty() {
        return Err(ApiError::bad_field("ticket", "helpdesk-bulk-none"));
    }
    Ok(tickets)
}

fn action<W: World>(visit: &Visit<'_, W>, form: &Fields) -> Result<Action, ApiError> {
    match form.get("do") {
        "take" => Ok(Action::Assign(Some(visit.session.employee))),
        "assign" => input::reply::employee(form.get("employee")).map(Action::Assign),
        "tag" => input::reply::tags([form.get("tag")]).map(Action::Tag),
        status => input::reply::status(status, "", visit.now()).map(Action::Status),
    }
}
