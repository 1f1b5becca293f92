//! A signed-in person's request: for whom, in which language, under which rules.

use mostek_domain::{
    AttachmentLimits, Capability, CompanyId, EmployeeId, Language, TicketId, TicketNumber, Timestamp,
};
use mostek_helpdesk::{reply, view};
use mostek_people::Session;
use mostek_people::audit::{self, Act, Scope};
use mostek_ports::{Clock, Level, Log, World};
use mostek_store::Actor;
use mostek_web::ApiError;
use std::time::Duration;

use crate::refusal::refused;

/// Who asks, and of which world.
pub(crate) struct Visit<'a, W> {
    pub world: &'a W,
    pub session: &'a Session,
}

impl<W: World> Visit<'_, W> {
    pub(crate) fn company(&self) -> CompanyId {
        self.session.company
    }

    pub(crate) fn language(&self) -> Language {
        self.session.language
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world.clock().now()
    }

    pub(crate) fn actor(&self) -> Actor {
        self.session.actor()
    }

    pub(crate) fn author(&self) -> reply::Author {
        reply::Author { id: self.session.employee, name: self.session.name.to_string() }
    }

    /// The company's rules for replies.
    pub(crate) fn rules(&self) -> reply::Rules {
        let settings = &self.session.settings;
        reply::Rules {
            undo: Duration::from_secs(u64::from(settings.undo_seconds)),
            limits: AttachmentLimits {
                conversation_bytes: settings.attachment_limit,
                ..AttachmentLimits::default()
            },
            footer: Some(settings.footer.clone()).filter(|f| !f.trim().is_empty()),
        }
    }

    /// Who may be given a ticket: employees of the company who work in the helpdesk, by name.
    pub(crate) fn colleagues(&self) -> Vec<(EmployeeId, String)> {
        let all = self.session.directory().employees().into_iter();
        all.filter(|(_, e)| {
            *e.active.get()
                && e.companies.get().contains(&self.company())
                && e.access.get().may(Capability::Helpdesk)
        })
        .map(|(id, e)| (id, e.name.get().to_string()))
        .collect()
    }

    /// The name of whoever has a ticket, whether they still may or not.
    pub(crate) fn employee_name(&self, id: EmployeeId) -> String {
        self.session.directory().employee(id).map(|e| e.name.get().to_string()).unwrap_or_default()
    }

    /// Writes an act that has just been done to the company's audit journal, in a commit of its own. The act stands
    /// whether or not this works, so a failure is logged and not told to the person.
    pub(crate) async fn audit(&self, act: Act) {
        let scope = Scope::Company(self.company());
        let what = act.act.clone();
        if let Err(e) = audit::write(self.world, self.actor(), scope, act.from(self.session.from)).await {
            self.world.log().write(Level::Error, &format!("the audit entry {what} was not written: {e}"));
        }
    }

    /// The ticket that a path names, by id or by number (`17`, `#17`).
    ///
    /// # Errors
    /// 404 if it names neither; the store's.
    pub(crate) async fn ticket_id(&self, text: &str) -> Result<TicketId, ApiError> {
        if let Ok(id) = TicketId::parse(text) {
            return Ok(id);
        }
        let number = TicketNumber::parse(text).map_err(|_| ApiError::not_found())?;
        view::by_number(self.world, self.company(), number).await.map_err(refused)
    }
}
