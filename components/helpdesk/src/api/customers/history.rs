//! What happened to a record, as JSON.

use super::{consent, standing};
use crate::api::tickets::actor;
use crate::visit::Visit;
use mostek_api::customers::{self as wire, ChangedPart, Happened, RecordChange, TimelineLine};
use mostek_api::page::Listed;
use mostek_domain::{CustomerId, SmsConsent};
use mostek_helpdesk::customer::ConsentPoint;
use mostek_helpdesk::customer::history::{self, Line, What};
use mostek_helpdesk::customer::record::{Change, Fact};
use mostek_ports::World;
use mostek_web::paging::{PageRequest, cursor};
use mostek_web::{ApiError, Request, Response, time};

/// A page of the time line, newest first.
pub(super) async fn timeline<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: CustomerId,
) -> Result<Response, ApiError> {
    let (id, _) = standing(visit, id).await?;
    let asked = PageRequest::of(request, history::PAGE, history::PAGE)?;
    let page = history::open(visit.world, id, asked.after.as_deref()).await?;
    let data: Vec<TimelineLine> = page.lines.iter().map(line).collect();
    Ok(Response::json(&Listed { data, next: page.next.as_deref().map(cursor) }))
}

/// One line of it.
pub(crate) fn line(line: &Line) -> TimelineLine {
    let what = match &line.what {
        What::Change { record, actor: who, fact } => {
            Happened::Change { customer: *record, actor: actor(who), change: change(fact) }
        }
        What::Ticket { link, summary } => Happened::Ticket {
            ticket: link.ticket,
            number: summary.as_ref().map(|s| s.number),
            subject: summary.as_ref().map(|s| s.subject.clone()),
            status: summary.as_ref().map(|s| s.status.into()),
        },
        What::Order { link, known } => Happened::Order {
            order: link.id.clone(),
            connection: link.connection,
            number: known.as_ref().and_then(|k| k.order.commercial_id.clone()),
            state: known.as_ref().and_then(|k| k.order.state.as_ref()).map(|s| s.slug().to_owned()),
        },
        What::Told { event } => Happened::Event {
            event: event.kind.slug().to_owned(),
            title: event.title.clone(),
            detail: event.detail.clone(),
            source: event.source.clone(),
            link: event.link.as_ref().map(ToString::to_string),
        },
    };
    TimelineLine { at: time::moment(line.at), what }
}

fn change(fact: &Fact) -> RecordChange {
    match fact {
        Fact::Added { .. } => RecordChange::Added,
        Fact::Changed { .. } => RecordChange::Edited { parts: Vec::new() },
        Fact::Edited { changes, .. } => RecordChange::Edited { parts: changes.iter().map(part).collect() },
        Fact::MergedInto { merge, survivor, .. } => {
            RecordChange::MergedInto { merge: *merge, customer: *survivor }
        }
        Fact::Absorbed(a) => RecordChange::Merged { merge: a.merge, customer: a.loser },
        Fact::Unmerged { merge, .. } => RecordChange::Unmerged { merge: *merge },
        Fact::Erased { .. } | Fact::Ticket { .. } | Fact::Touched { .. } => RecordChange::Other,
    }
}

fn part(change: &Change) -> ChangedPart {
    let of = |what: &str, which: Option<String>, to: Option<String>, said: Option<&SmsConsent>| ChangedPart {
        what: what.to_owned(),
        which,
        to,
        consent: said.map(consent),
    };
    match change {
        Change::Name { to } => of("name", None, Some(to.to_string()), None),
        Change::Nip { to } => of("nip", None, to.as_ref().map(|n| n.digits().to_owned()), None),
        Change::Locale { to } => of("locale", None, to.clone(), None),
        Change::Notes { .. } => of("notes", None, None, None),
        Change::Field { field, to } => of("field", Some(field.to_string()), to.clone(), None),
        Change::Phone { number, to } => {
            let there = to.as_ref().map(|_| number.to_string());
            of("phone", Some(number.to_string()), there, to.as_ref().map(|(c, _)| c))
        }
        Change::Email { address, to } => {
            of("email", Some(address.to_string()), to.map(|_| address.to_string()), None)
        }
        Change::Address { address, to } => {
            of("address", Some(address.on_one_line()), to.map(|_| address.on_one_line()), None)
        }
    }
}

/// The history of consents, oldest first.
pub(super) async fn consents<W: World>(visit: &Visit<'_, W>, id: CustomerId) -> Result<Response, ApiError> {
    let (_, state) = standing(visit, id).await?;
    let data: Vec<wire::ConsentPoint> = state.consents().iter().map(point).collect();
    Ok(Response::json(&Listed { data, next: None }))
}

/// One moment of it.
pub(crate) fn point(p: &ConsentPoint) -> wire::ConsentPoint {
    wire::ConsentPoint {
        number: p.number.to_string(),
        at: time::moment(p.at),
        actor: actor(&p.actor),
        consent: p.consent.as_ref().map(consent),
    }
}
