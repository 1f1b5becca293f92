//! The style guide's small pieces in a form that templates can call with whatever they hold: a value, a text, or a
//! reference to either (askama hands a template's own fields over by reference, at several depths).

use mostek_domain::Language;
use mostek_ports::Timestamp;
use mostek_web::{SafeHtml, Tone, ui};

/// A moment or a reference to one.
pub(super) trait At {
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
pub(super) fn icon(id: &str) -> SafeHtml {
    ui::icon(id)
}

/// See [`ui::badge`].
pub(super) fn badge(tone: &str, label: impl AsRef<str>) -> SafeHtml {
    ui::badge(tone, label.as_ref())
}

/// See [`ui::notice`].
pub(super) fn notice(tone: Tone, message: impl AsRef<str>) -> SafeHtml {
    ui::notice(tone, message.as_ref())
}

/// See [`ui::csrf_field`].
pub(super) fn csrf_field(token: &str) -> SafeHtml {
    ui::csrf_field(token)
}

/// See [`ui::time_tag`].
pub(super) fn time_tag(language: Language, now: impl At, moment: impl At) -> SafeHtml {
    ui::time_tag(language, now.at(), moment.at())
}
