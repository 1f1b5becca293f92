//! The pieces pages are put together from. Each gives [`crate::SafeHtml`], which templates print as it is:
//! `{{ ui::badge("info", label) }}`. Askama hands a template's own fields to functions by reference, so that values
//! that are copied need a star: `{{ ui::time_tag(*language, *now, ticket.last) }}`.

mod bits;
mod chart;
mod conversation;
mod field;
mod table;

pub use bits::{Confirm, EmptyState, badge, csrf_field, icon, notice, time_tag};
pub use chart::{Bar, BarChart};
pub use conversation::{Attachment, Author, Delivery, Message};
pub use field::{Choice, Field};
pub use table::{ListState, Pager, sort_heading};
