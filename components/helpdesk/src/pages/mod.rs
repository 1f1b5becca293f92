//! The pages: what use cases give, as HTML, and what forms carry, to use cases.

mod aside;
mod automatic;
mod bulk;
mod composer;
mod conversation;
pub(crate) mod customers;
pub(crate) mod desk;
mod list;
pub(crate) mod marketplaces;
pub(crate) mod reports;
mod routines;
mod search;
mod service;
mod setup;
mod ticket;
mod views;
mod words;

use crate::acts;
use crate::fields::Fields;
use crate::files;
use crate::input;
use crate::macros;
use crate::visit::Visit;
use futures::future::try_join;
use http::{Method, StatusCode};
use mostek_domain::{CategoryId, MacroId, QueueId, ReplyId, SubStatusId};
use mostek_helpdesk::connection;
use mostek_helpdesk::reply::Seen;
use mostek_helpdesk::webhooks::source;
use mostek_people::gate::Visitor;
use mostek_ports::{StoreError, World};
use mostek_web::bits;
use mostek_web::{ApiError, Flash, Request, Response, Text, Tone};
use std::collections::BTreeSet;

/// `/tickets`.
pub(crate) async fn tickets<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    let [named, what @ ..] = rest else {
        return match request.method {
            Method::GET => match search::question(request).map(str::to_owned) {
                Some(text) => search::show(visit, request, &text).await,
                None => list::show(visit, request).await,
            },
            Method::POST => bulk::post(visit, visitor, request).await,
            _ => Err(ApiError::method_not_allowed("GET, POST")),
        };
    };
    if *named == "views" && request.method == Method::POST {
        return views::post(visit, visitor, request, what).await;
    }
    let id = visit.ticket_id(named).await?;
    if request.method == Method::GET {
        return match what {
            [] => ticket::show(visit, request, id, None).await,
            ["files", slot, file] => files::remote(visit, id, slot, file).await,
            ["own-files", slot, index] => files::own(visit, id, slot, index).await,
            _ => Err(ApiError::not_found()),
        };
    }
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed("GET, POST"));
    }
    if let ["reply"] = what {
        return composer::post(visit, visitor, request, id).await;
    }
    let form = form(visitor, request).await?;
    let back = format!("/tickets/{id}");
    match what {
        ["status"] => {
            let wanted = input::reply::status(form.get("status"), form.get("until"), visit.now());
            let wanted = match wanted {
                Ok(wanted) => wanted,
                Err(e) => return done(Err(e), "helpdesk-status-set", &back),
            };
            let seen = form.get("seen").parse().ok().map(Seen::Version);
            done(acts::set_status(visit, id, wanted, seen).await, "helpdesk-status-set", &back)
        }
        ["assignee"] => {
            let employee = input::reply::employee(form.get("employee"))?;
            done(acts::assign(visit, id, employee).await, "helpdesk-assigned", &back)
        }
        ["move"] => {
            let queue = input::id("queue", form.get("queue"), QueueId::parse)?;
            let category =
                form.given("category").map(|c| input::id("category", c, CategoryId::parse)).transpose()?;
            done(acts::move_to(visit, id, queue, category).await, "helpdesk-moved", &back)
        }
        ["priority"] => {
            let priority = input::reply::priority(form.get("priority"))?;
            done(acts::set_priority(visit, id, priority).await, "tickets-priority-saved", &back)
        }
        ["tags"] => {
            let add = input::reply::tags(form.all("add"))?;
            let remove = input::reply::tags(form.all("remove"))?;
            done(acts::tag(visit, id, &add, &remove).await, "tickets-tags-saved", &back)
        }
        ["sub-status"] => {
            let part = form.given("sub_status").map(|s| input::id("sub_status", s, SubStatusId::parse));
            done(acts::set_sub_status(visit, id, part.transpose()?).await, "tickets-sub-status-saved", &back)
        }
        ["merge"] => match acts::merge(visit, id, form.get("into")).await {
            Ok(other) => done(Ok(()), "tickets-merged", &format!("/tickets/{other}")),
            Err(e) => done(Err(e), "tickets-merged", &back),
        },
        ["part"] => done(acts::part(visit, id).await, "tickets-parted", &back),
        ["macro"] => {
            let macro_id = input::id("macro", form.get("macro"), MacroId::parse)?;
            let seen = form.get("seen").parse().ok().map(Seen::Version);
            let key = input::key(form.get("key"))?;
            match macros::run(visit, id, macro_id, &key, seen).await {
                Ok(Some(template)) => {
                    let back = format!("{back}?template={template}#composer");
                    done(Ok(()), "service-macro-drafted", &back)
                }
                other => done(other.map(|_| ()), "service-macro-run", &back),
            }
        }
        ["customer"] => {
            done(acts::link_customer(visit, id).await.map(|_| ()), "helpdesk-customer-linked", &back)
        }
        ["order"] => done(acts::read_order(visit, id).await.map(|_| ()), "helpdesk-order-read", &back),
        ["replies", reply, "undo"] => {
            done(acts::undo(visit, id, reply_id(reply)?).await, "helpdesk-reply-undone", &back)
        }
        ["replies", reply, "decision"] => {
            let decision = input::reply::decision(form.get("decision"))?;
            done(acts::decide(visit, id, reply_id(reply)?, decision).await, "helpdesk-decided", &back)
        }
        _ => Err(ApiError::not_found()),
    }
}

fn reply_id(text: &str) -> Result<ReplyId, ApiError> {
    ReplyId::parse(text).map_err(|_| ApiError::not_found())
}

/// Reads a form that one of our pages sent.
///
/// # Errors
/// 403 without the right token; as [`Fields::read`].
async fn form(visitor: &Visitor, request: &mut Request) -> Result<Fields, ApiError> {
    let form = Fields::read(request).await?;
    visitor.check_form(request, form.csrf())?;
    Ok(form)
}

/// What a company's tickets can have as their source: the kinds of its marketplaces, and its shops.
///
/// # Errors
/// The store's.
async fn sources<W: World>(visit: &Visit<'_, W>) -> Result<BTreeSet<String>, StoreError> {
    let (connections, shops) =
        try_join(connection::read(visit.world), source::of_company(visit.world, visit.company())).await?;
    let ours = connections.state.all.values().filter(|c| c.company == visit.company());
    // Tickets of the time before a connection had a source of its own have its kind.
    let connected = ours.flat_map(|c| [c.source(), c.kind.clone()]);
    Ok(connected.chain(shops.iter().map(|s| s.setup.name.to_string())).collect())
}

/// Goes back to a page with news of how it went: good, or what stands in the way. Faults of ours stay errors.
fn done(result: Result<(), ApiError>, success: impl Into<Text>, back: &str) -> Result<Response, ApiError> {
    match result {
        Ok(()) => Ok(Flash::success(success).on(Response::redirect(back))),
        Err(e) if is_theirs(&e) => Ok(Flash::new(Tone::Danger, e.message).on(Response::redirect(back))),
        Err(e) => Err(e),
    }
}

/// Whether an error is shown in the form it came from, and not on a page of its own.
fn is_theirs(e: &ApiError) -> bool {
    matches!(
        e.status,
        StatusCode::CONFLICT
            | StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::BAD_GATEWAY
    )
}

/// What is wrong with a form, and with which field.
#[derive(Default)]
struct Wrong(Option<ApiError>);

impl Wrong {
    /// The sentence for a field, if that is the one.
    fn with(&self, field: &str) -> Option<&Text> {
        self.0.as_ref().filter(|e| e.field.as_deref() == Some(field)).map(|e| &e.message)
    }

    /// The sentence, whichever field it is about.
    fn sentence(&self) -> Option<&Text> {
        self.0.as_ref().map(|e| &e.message)
    }

    /// The status of a page that shows it.
    fn status(&self) -> StatusCode {
        self.0.as_ref().map_or(StatusCode::OK, |e| e.status)
    }
}
