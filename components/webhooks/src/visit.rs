//! An administrator's request: for whom, in which language.

use mostek_domain::{CompanyId, Language, Timestamp};
use mostek_people::Session;
use mostek_people::audit::{self, Act, Scope};
use mostek_ports::{Clock, Level, Log, World};
use mostek_store::Actor;

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

    /// Writes an act that has just been done to the company's audit journal. The act stands whether or not this works, so a
    /// failure is logged and not told to the person.
    pub(crate) async fn audit(&self, act: Act) {
        let scope = Scope::Company(self.company());
        let what = act.act.clone();
        if let Err(e) = audit::write(self.world, self.actor(), scope, act.from(self.session.from)).await {
            self.world.log().write(Level::Error, &format!("the audit entry {what} was not written: {e}"));
        }
    }
}
