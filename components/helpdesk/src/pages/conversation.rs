//! The lines of a ticket: who wrote what, and what became of ours.

use super::words;
use crate::api::tickets::{own_href, remote_href};
use crate::refusal;
use crate::visit::Visit;
use mostek_domain::marketplace::{ReplyTo, Side};
use mostek_domain::ticket::Status;
use mostek_domain::{EmployeeId, Language, Reason, TagId, Timestamp};
use mostek_helpdesk::desk::Desk;
use mostek_helpdesk::ticket::{Fact, OutgoingFile, Reply, ReplyState, StoredMessage};
use mostek_helpdesk::view::{Content, History, Line, View};
use mostek_ports::World;
use mostek_store::Actor;
use mostek_web::ui::{self, Attachment, Author, Delivery, Message};
use mostek_web::{SafeHtml, Speak, Text, time};

/// Everything the lines of one page have in common.
pub(super) struct Conversation<'a, W> {
    pub visit: &'a Visit<'a, W>,
    pub view: &'a View,
    pub desk: &'a Desk,
    pub now: Timestamp,
}

impl<W: World> Conversation<'_, W> {
    /// The lines as HTML, oldest first.
    pub(super) fn html(&self) -> Vec<SafeHtml> {
        self.view.lines.iter().map(|l| self.line(l).html()).collect()
    }

    fn language(&self) -> Language {
        self.visit.language()
    }

    fn message_of(&self, line: &Line, author: Author, name: &str, text: &str) -> Message {
        let own = line.of == self.view.id;
        let of = if own { String::new() } else { format!("{}-", line.of) };
        let id = format!("{of}{}-{}", line.item.slot, line.item.index);
        Message::new(self.language(), author, &id, name, Timestamp(line.item.at), self.now, text)
    }

    fn line(&self, line: &Line) -> Message {
        let message = match &line.content {
            Content::Message { message, text } => self.message(line, message, text),
            Content::Reply { reply, author, text, files } => self.reply(line, reply, author, text, files),
            Content::Comment { author, text } => self.message_of(line, Author::Internal, author, text),
            Content::Event { fact, actor } => {
                self.message_of(line, Author::System, &self.actor(actor), &self.event(fact))
            }
            Content::Missing => {
                self.message_of(line, Author::System, "Mostek", &self.language().t("helpdesk-line-missing"))
            }
        };
        let message = match line.history {
            Some(History::BeforeConnection) => message.tag("helpdesk-tag-history"),
            Some(History::EarlierTicket) => message.tag("tickets-tag-earlier"),
            None => message,
        };
        match self.other_number(line) {
            Some(number) => message.tag(Text::new("tickets-tag-of").with("number", number)),
            None => message,
        }
    }

    /// The number of the ticket that a line of a conversation merged into this one came from.
    fn other_number(&self, line: &Line) -> Option<String> {
        if line.of == self.view.id || !self.view.ticket.has_conversation() {
            return None;
        }
        let (_, other) = self.view.others.iter().find(|(id, _)| *id == line.of)?;
        other.opened.as_ref().map(|o| o.number.to_string())
    }

    fn message(&self, line: &Line, m: &StoredMessage, text: &str) -> Message {
        let author = match m.author {
            Side::Customer => Author::Customer,
            Side::Shop => Author::Shop,
            Side::Operator | Side::Unknown(_) => Author::Operator,
        };
        let mut message = self.message_of(line, author, &m.name, text);
        if let Side::Unknown(word) = &m.author {
            message = message.tag(Text::new("helpdesk-tag-unknown").with("word", words::line(word)));
        }
        if m.author == Side::Customer && self.view.ticket.record().is_none() {
            message = message.tag("helpdesk-tag-outside-long");
        }
        if m.left_out > 0 {
            message = message.tag(Text::new("helpdesk-tag-left-out").with("count", m.left_out));
        }
        let reaches = |side: Side| m.to.contains(&side);
        let to = match (reaches(Side::Customer), reaches(Side::Operator)) {
            (true, true) => Some(ReplyTo::Both),
            (true, false) if m.author != Side::Customer => Some(ReplyTo::Customer),
            (false, true) if m.author != Side::Operator => Some(ReplyTo::Operator),
            _ => None,
        };
        if let Some(to) = to {
            message = message.to(words::recipient(self.language(), to));
        }
        m.files.iter().fold(message, |message, f| {
            message.attachment(Attachment {
                name: f.name.clone(),
                size: Some(f.size).filter(|s| *s > 0),
                href: remote_href("/tickets", line.of, line.item.slot, &f.id),
            })
        })
    }

    fn reply(&self, line: &Line, reply: &Reply, author: &str, text: &str, files: &[OutgoingFile]) -> Message {
        let by_itself = reply.automatic.as_ref();
        let name =
            by_itself.map_or_else(|| author.to_owned(), |_| self.language().t("service-automatic-author"));
        let mut message = self
            .message_of(line, Author::Us, &name, text)
            .to(words::recipient(self.language(), reply.to))
            .delivery(self.delivery(reply));
        if let Some(automatic) = by_itself {
            message = message.tag(Text::new(format!("service-occasion-{}", automatic.occasion.slug())));
        }
        files.iter().enumerate().fold(message, |message, (i, f)| {
            message.attachment(Attachment {
                name: f.name.clone(),
                size: Some(f.blob.len),
                href: own_href("/tickets", line.of, line.item.slot, i),
            })
        })
    }

    /// Where a reply is, why, and what can be done about it.
    fn delivery(&self, reply: &Reply) -> Delivery {
        let l = self.language();
        let said = |tone, label: String, actions: Vec<SafeHtml>| Delivery {
            tone,
            label,
            actions: SafeHtml::trusted(actions.iter().map(SafeHtml::as_str).collect::<Vec<_>>().join(" ")),
        };
        let when = time::relative(l, self.now, reply.due);
        match &reply.state {
            ReplyState::Waiting if reply.due > self.now => {
                let undo = self.button(reply, "undo", None, "helpdesk-undo");
                said("info", l.t("helpdesk-reply-waiting"), vec![self.countdown(reply.due), undo])
            }
            ReplyState::Waiting => said("info", l.t("helpdesk-reply-sending"), vec![]),
            ReplyState::Retrying { why } => {
                said("warning", l.with("helpdesk-reply-retrying", "when", when), vec![self.reason(why)])
            }
            ReplyState::Checking { why } => {
                said("warning", l.with("helpdesk-reply-checking", "when", when), vec![self.reason(why)])
            }
            ReplyState::Sent { message: None, .. } => {
                said("success", l.t("helpdesk-reply-marked-sent"), vec![])
            }
            ReplyState::Sent { at, .. } => {
                said("success", l.with("helpdesk-reply-sent", "when", *at), vec![])
            }
            ReplyState::Failed { why } => said(
                "danger",
                l.t("helpdesk-reply-failed"),
                vec![
                    self.reason(why),
                    self.button(reply, "decision", Some("send"), "helpdesk-try-again"),
                    self.button(reply, "decision", Some("drop"), "helpdesk-drop"),
                ],
            ),
            ReplyState::Uncertain { why } => said(
                "danger",
                l.t("helpdesk-reply-uncertain"),
                vec![
                    self.reason(why),
                    self.button(reply, "decision", Some("was_sent"), "helpdesk-was-sent"),
                    self.button(reply, "decision", Some("send"), "helpdesk-send-again"),
                    self.button(reply, "decision", Some("drop"), "helpdesk-drop"),
                ],
            ),
            ReplyState::Dropped => said("neutral", l.t("helpdesk-reply-dropped"), vec![]),
        }
    }

    /// Why a reply is where it is.
    fn reason(&self, why: &Reason) -> SafeHtml {
        let text = self.language().with("helpdesk-reason", "why", why);
        SafeHtml::trusted(format!("<small class=\"reason\">{}</small>", SafeHtml::escaped(&text)))
    }

    fn countdown(&self, due: Timestamp) -> SafeHtml {
        let l = self.language();
        let seconds = due.since(self.now).as_secs();
        SafeHtml::trusted(format!(
            "<span class=\"muted\" data-countdown=\"{}\" data-text=\"{}\" data-over=\"{}\">{}</span>",
            due.0,
            SafeHtml::escaped(&l.with("helpdesk-undo-left", "seconds", "{s}")),
            SafeHtml::escaped(&l.t("helpdesk-reply-sending")),
            SafeHtml::escaped(&l.with("helpdesk-undo-left", "seconds", seconds)),
        ))
    }

    fn button(&self, reply: &Reply, path: &str, decision: Option<&str>, label: &str) -> SafeHtml {
        let hidden = decision.map_or_else(String::new, |d| {
            format!("<input type=\"hidden\" name=\"decision\" value=\"{}\">", SafeHtml::escaped(d))
        });
        SafeHtml::trusted(format!(
            "<form method=\"post\" action=\"/tickets/{}/replies/{}/{path}\" data-once>{}{hidden}<button class=\"button small\">{}</button></form>",
            self.view.id,
            reply.id,
            ui::csrf_field(&self.visit.session.csrf),
            SafeHtml::escaped(&self.language().t(label)),
        ))
    }

    fn actor(&self, actor: &Actor) -> String {
        let Actor::Employee(id) = actor else { return "Mostek".to_owned() };
        let directory = self.visit.session.directory();
        EmployeeId::parse(id)
            .ok()
            .and_then(|id| directory.employee(id))
            .map_or_else(|| self.language().t("helpdesk-somebody"), |e| e.name.to_string())
    }

    fn event(&self, fact: &Fact) -> String {
        let l = self.language();
        match fact {
            Fact::Status { status: Status::Snoozed { until } } => {
                l.with("helpdesk-event-snoozed", "until", time::absolute(l, *until))
            }
            Fact::Assigned { employee: Some(e) } => {
                l.with("helpdesk-event-assigned", "name", self.visit.employee_name(*e))
            }
            Fact::Assigned { employee: None } => l.t("helpdesk-event-unassigned"),
            Fact::Status { status } => {
                l.with("helpdesk-event-status", "status", words::status(l, status.kind()))
            }
            Fact::Automated { name, unsaid: Some(why), .. } => {
                let text = Text::new("service-event-automated-unsaid").with("name", words::line(name));
                l.say(&text.with("why", l.say(&refusal::unsaid(why))))
            }
            Fact::Automated { name, .. } => l.with("service-event-automated", "name", words::line(name)),
            Fact::Linked { .. } => l.t("helpdesk-event-linked"),
            Fact::Priority { priority } => {
                l.with("tickets-event-priority", "priority", words::priority(l, *priority))
            }
            Fact::Tagged { add, remove } => {
                let names = |ids: Vec<TagId>| {
                    ids.into_iter().map(|t| self.desk.tag_name(t)).collect::<Vec<_>>().join(", ")
                };
                let added = names(add.iter().map(|t| t.id).collect());
                let removed = names(remove.clone());
                let told = [("tickets-event-tagged", added), ("tickets-event-untagged", removed)];
                let told = told.into_iter().filter(|(_, tags)| !tags.is_empty());
                told.map(|(key, tags)| l.with(key, "tags", tags)).collect::<Vec<_>>().join(". ")
            }
            Fact::SubStatus { sub_status: Some(s) } => {
                l.with("tickets-event-part", "part", self.desk.sub_status_name(*s))
            }
            Fact::SubStatus { sub_status: None } => l.t("tickets-event-no-part"),
            Fact::Continues { ticket: Some(_), .. } => match self.view.continued_in {
                Some(number) => l.with("tickets-event-continues", "number", number.to_string()),
                None => l.t("helpdesk-event-other"),
            },
            Fact::Continues { ticket: None, .. } => l.t("tickets-event-parted"),
            Fact::Released { .. } => l.t("tickets-event-released"),
            Fact::Moved { queue, category } => {
                let category = category.map_or_else(|| l.t("common-none"), |c| self.desk.category_name(c));
                let text = Text::new("helpdesk-event-moved").with("queue", self.desk.queue_name(*queue));
                l.say(&text.with("category", category))
            }
            _ => l.t("helpdesk-event-other"),
        }
    }
}
