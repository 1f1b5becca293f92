//! The style guide's small pieces in a form that templates can call with whatever they hold: a value, a text, or a
//! reference to either (askama hands a template's own fields over by reference, at several depths).

use crate::html::SafeHtml;
use crate::{Tone, ui};
use mostek_domain::Language;
use mostek_ports::Timestamp;

/// A moment or a reference to one.
pub trait At {
    /// The moment.
    fn at(&self) -> Timestamp;
}

impl At for Timestamp {
    fn at(&self) -> Timestamp {
        *self
    }
}

impl<T: At> At for &T {
    fn at(&self) -> Timestamp {
        (**self).at()
    }
}

/// See [`ui::icon`].
pub fn icon(id: &str) -> SafeHtml {
    ui::icon(id)
}

/// See [`ui::badge`].
pub fn badge(tone: &str, label: impl AsRef<str>) -> SafeHtml {
    ui::badge(tone, label.as_ref())
}

/// See [`ui::notice`].
pub fn notice(tone: Tone, message: impl AsRef<str>) -> SafeHtml {
    ui::notice(tone, message.as_ref())
}

/// See [`ui::csrf_field`].
pub fn csrf_field(token: &str) -> SafeHtml {
    ui::csrf_field(token)
}

/// See [`ui::time_tag`].
pub fn time_tag(language: Language, now: impl At, moment: impl At) -> SafeHtml {
    ui::time_tag(language, now.at(), moment.at())
}
