//! The navigation every component shows, so that it is the same wherever one is.

use crate::layout::NavEntry;
use mostek_domain::{Access, Capability};

/// The entries this access opens, in order. No right, no entry: the routes themselves answer 403.
///
/// Ids for [`crate::Page::active`]: `dashboard`, `tickets`, `customers`, `reports`, `companies`, `employees`, `settings`, `audit`.
#[must_use]
pub fn entries(access: &Access) -> Vec<NavEntry> {
    let mut out = vec![entry("dashboard", "common-nav-dashboard", "/", "home")];
    if access.may(Capability::Helpdesk) {
        out.push(entry("tickets", "common-nav-tickets", "/tickets", "inbox"));
        out.push(entry("customers", "common-nav-customers", "/customers", "people"));
        out.push(entry("reports", "reports-title", "/reports", "chart"));
    }
    if access.is_administrator() {
        out.push(entry("companies", "common-nav-companies", "/companies", "building"));
        out.push(entry("employees", "common-nav-employees", "/employees", "badge"));
        out.push(entry("settings", "common-nav-settings", "/settings", "settings"));
        out.push(entry("audit", "common-nav-audit", "/audit", "list"));
    }
    out
}

fn entry(id: &'static str, label: &'static str, href: &'static str, icon: &'static str) -> NavEntry {
    NavEntry { id, label, href, icon, waiting: 0 }
}

/// Sets the number beside an entry, if the entry is there.
#[must_use]
pub fn waiting(mut entries: Vec<NavEntry>, id: &str, count: u64) -> Vec<NavEntry> {
    for e in entries.iter_mut().filter(|e| e.id == id) {
        e.waiting = count;
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use mostek_domain::{Rights, Role};

    fn ids(access: &Access) -> Vec<&'static str> {
        entries(access).into_iter().map(|e| e.id).collect()
    }

    #[test]
    fn an_entry_is_shown_only_to_who_may_use_it() {
        assert_eq!(ids(&Access::default()), ["dashboard"]);
        let agent = Access::new(Role::Operator, Rights::none().with(Capability::Helpdesk, true));
        assert_eq!(ids(&agent), ["dashboard", "tickets", "customers", "reports"]);
        let admin = Access::new(Role::Administrator, Rights::none());
        assert_eq!(ids(&admin), ["dashboard", "companies", "employees", "settings", "audit"]);
    }
}
