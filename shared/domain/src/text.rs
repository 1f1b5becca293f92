//! Rules for texts that people and marketplaces write.

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// Whether a character shows nothing and may mislead: control characters, line separators, zero-width spaces, and the
/// marks that reverse the direction of what follows (a file `exe.gpj` can be made to look like `jpg.exe`'s reverse).
/// The joiner U+200D stays: emoji are built with it.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Line ends become `\n`; control characters other than `\n` and `\t` go.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// The length of the line-break tag that `text` begins with: `<br>`, `<br/>`, `<br />`, `</br>` in any case, with
/// spaces or tabs inside. No attributes: what has any is kept as text.
fn line_break_tag(text: &str) -> Option<usize> {
    let blank = |c: char| c == ' ' || c == '\t';
    let inner = text.strip_prefix('<')?.trim_start_matches(blank);
    let inner = inner.strip_prefix('/').unwrap_or(inner).trim_start_matches(blank);
    if !inner.get(..2)?.eq_ignore_ascii_case("br") {
        return None;
    }
    let inner = inner.get(2..)?.trim_start_matches(blank);
    let inner = inner.strip_prefix('/').unwrap_or(inner).trim_start_matches(blank);
    Some(text.len() - inner.strip_prefix('>')?.len())
}

/// Every line-break tag, with the one line end that may follow it, becomes one `\n`.
///
/// The line end is taken along because the usual way to make the tags (`nl2br`) keeps it.
fn line_breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(length) = line_break_tag(from) {
            out.push('\n');
            let after = from.get(length..).unwrap_or("");
            rest = after.strip_prefix('\n').unwrap_or(after);
        } else {
            out.push('<');
            rest = from.get(1..).unwrap_or("");
        }
    }
    out.push_str(rest);
    out
}

/// Most characters that are kept of one message from outside: as many as a marketplace takes of a reply. A sender may
/// send megabytes, and whoever opens the ticket would load them every time.
pub const MESSAGE_MAX_CHARS: usize = REPLY_MAX_CHARS;

/// The text of a message as it is stored and shown: plain text, never markup.
///
/// From a marketplace: `<br>` in all its ways of writing becomes a line break and **everything else stays as it came**,
/// entities and tags included, to be escaped by whoever shows it (H6). Entities are not decoded: the marketplace's
/// customers type `&lt;` and `<b>` as text too, and nothing in a message tells the two cases apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageBody(String);

impl MessageBody {
    /// Takes a text as a marketplace sent it.
    #[must_use]
    pub fn from_remote(text: &str) -> Self {
        Self(line_breaks(&plain(text)))
    }

    /// Takes a text as an employee typed it: line ends and control characters are cleaned, nothing else.
    #[must_use]
    pub fn from_employee(text: &str) -> Self {
        Self(plain(text))
    }

    /// The text, lines separated by `\n`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it, and how many characters are left out behind: none of a text of at most
    /// [`MESSAGE_MAX_CHARS`].
    #[must_use]
    pub fn kept(&self) -> (&str, u64) {
        let Some((end, _)) = self.0.char_indices().nth(MESSAGE_MAX_CHARS) else { return (&self.0, 0) };
        let (kept, rest) = self.0.split_at(end);
        (kept, rest.chars().count() as u64)
    }
}

impl fmt::Display for MessageBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for MessageBody {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Fewest characters of a reply (Mirakl M12, `message_input.body`).
pub const REPLY_MIN_CHARS: usize = 3;
/// Most characters of a reply (Mirakl M12, `message_input.body`).
pub const REPLY_MAX_CHARS: usize = 50_000;

/// How long the marketplace may take a text to be: (at least, at most).
///
/// Its description says "characters" and does not say which: a platform in Java counts UTF-16 units, a JSON schema
/// counts code points. They differ outside the basic plane (emoji: 2 against 1), so the lower limit is held against
/// the smaller number and the upper limit against the greater.
#[must_use]
pub fn marketplace_length(text: &str) -> (usize, usize) {
    (text.chars().count(), text.encode_utf16().count())
}

/// A reply that the marketplace accepts: plain text, 3 to 50,000 characters, no spaces around it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReplyBody(String);

/// Why a text cannot be sent as a reply.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum ReplyError {
    /// Shorter than allowed.
    #[error("the reply has {chars} characters; at least {limit} are needed")]
    TooShort {
        /// Characters given, as the marketplace counts at least.
        chars: usize,
        /// Characters needed.
        limit: usize,
    },
    /// Longer than allowed.
    #[error("the reply has {chars} characters; at most {limit} are allowed")]
    TooLong {
        /// Characters given, as the marketplace counts at most.
        chars: usize,
        /// Characters allowed.
        limit: usize,
    },
}

impl ReplyError {
    /// A stable name, for message catalogues.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "reply-too-short",
            Self::TooLong { .. } => "reply-too-long",
        }
    }
}

impl ReplyBody {
    /// Cleans line ends and control characters, trims, and checks the length.
    ///
    /// # Errors
    /// [`ReplyError`] carries the length and the limit.
    pub fn parse(text: &str) -> Result<Self, ReplyError> {
        let text = plain(text);
        let text = text.trim();
        let (least, most) = marketplace_length(text);
        if least < REPLY_MIN_CHARS {
            return Err(ReplyError::TooShort { chars: least, limit: REPLY_MIN_CHARS });
        }
        if most > REPLY_MAX_CHARS {
            return Err(ReplyError::TooLong { chars: most, limit: REPLY_MAX_CHARS });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, lines separated by `\n`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text as a message of the conversation.
    #[must_use]
    pub fn to_message(&self) -> MessageBody {
        MessageBody(self.0.clone())
    }
}

impl TryFrom<String> for ReplyBody {
    type Error = ReplyError;
    fn try_from(s: String) -> Result<Self, ReplyError> {
        Self::parse(&s)
    }
}

impl From<ReplyBody> for String {
    fn from(v: ReplyBody) -> Self {
        v.0
    }
}

impl fmt::Display for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether two texts are the same message, one of them after a marketplace has kept it (H16: an uncertain reply is
/// looked for among the thread's messages before anything is sent again).
///
/// Ignored is what such a trip changes: white space of every kind, line-break tags, invisible characters, and how often
/// characters were written as entities. Everything else, case and accents too, must be equal.
#[must_use]
pub fn same_text(a: &str, b: &str) -> bool {
    essence(a) == essence(b)
}

/// What [`same_text`] compares; equal for texts that are the same. Fit for a digest that is stored.
#[must_use]
pub fn essence(text: &str) -> String {
    // An entity name is at most this long with its `&` and `;` (the longest in HTML 5 has 33 characters).
    const LONGEST: usize = 40;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(c);
        // Decoding may complete another entity (`&amp;lt;`): go on until the end is no entity. Each round shortens.
        while out.ends_with(';') {
            // Only the end is searched: a text of nothing but `;` would otherwise be gone through once for each.
            let floor = out.len().saturating_sub(LONGEST);
            let end = out.as_bytes().get(floor..).unwrap_or_default();
            let Some(start) = end.iter().rposition(|b| *b == b'&').map(|at| floor + at) else {
                break;
            };
            let entity = out.get(start..).unwrap_or("");
            let decoded = html_escape::decode_html_entities(entity).into_owned();
            if decoded.len() >= entity.len() || decoded.ends_with(entity) {
                break;
            }
            out.truncate(start);
            out.push_str(&decoded);
        }
    }
    let mut text: String = line_breaks(&plain(&out));
    text.retain(|c| !c.is_whitespace() && !is_invisible(c));
    text
}

/// The beginning of a text in at most `limit` characters on one line, with `…` if something was left out.
#[must_use]
pub fn snippet(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut used = 0usize;
    for word in text.split_whitespace() {
        let mut visible = word.chars().filter(|c| !is_invisible(*c)).peekable();
        if used > 0 && visible.peek().is_some() {
            out.push(' ');
            used += 1;
        }
        for c in visible {
            out.push(c);
            used += 1;
        }
        // The rest of a long text is not looked at.
        if used > limit {
            let kept: String = out.chars().take(limit.saturating_sub(1)).collect();
            let kept = kept.trim_end();
            return if limit == 0 { String::new() } else { format!("{kept}…") };
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn remote(text: &str) -> String {
        MessageBody::from_remote(text).as_str().to_owned()
    }

    #[test]
    fn line_break_tags_become_line_breaks() {
        assert_eq!(remote("a<br>b<br/>c<BR />d</br>e< br\t/ >f"), "a\nb\nc\nd\ne\nf");
        assert_eq!(remote("a<br />\r\nb<br>\nc"), "a\nb\nc");
        assert_eq!(remote("a<br><br>b"), "a\n\nb");
    }

    #[test]
    fn everything_else_stays_text() {
        for text in [
            "<b>x</b>",
            "a &lt;br&gt; &amp; b",
            "<br class=\"x\">",
            "<brr>",
            "<b",
            "<",
            "1 < 2",
            "<script>",
            "<br",
            "<bró>",
        ] {
            assert_eq!(remote(text), text);
        }
    }

    #[test]
    fn control_characters_go_lines_and_tabs_stay() {
        assert_eq!(remote("a\u{0}\u{1b}[31m\tb\u{7f}\u{85}\rc\r\nd"), "a[31m\tb\nc\nd");
        assert_eq!(remote("<b\u{0}r>"), "\n");
    }

    #[test]
    fn of_a_long_message_the_beginning_is_kept_and_the_rest_counted() {
        let exactly = MessageBody::from_remote(&"ż".repeat(MESSAGE_MAX_CHARS));
        assert_eq!(exactly.kept(), (exactly.as_str(), 0));
        let longer = MessageBody::from_remote(&"ż".repeat(MESSAGE_MAX_CHARS + 7));
        assert_eq!(longer.kept(), (exactly.as_str(), 7));
        assert_eq!(MessageBody::default().kept(), ("", 0));
    }

    #[test]
    fn reply_limits_are_held_as_strictly_as_any_way_of_counting() {
        assert_eq!(ReplyBody::parse("  ok \n"), Err(ReplyError::TooShort { chars: 2, limit: 3 }));
        assert_eq!(ReplyBody::parse("😀a"), Err(ReplyError::TooShort { chars: 2, limit: 3 }));
        assert_eq!(ReplyBody::parse(" tak\r\n").unwrap().as_str(), "tak");
        assert!(ReplyBody::parse(&"ż".repeat(50_000)).is_ok());
        assert_eq!(
            ReplyBody::parse(&"ż".repeat(50_001)),
            Err(ReplyError::TooLong { chars: 50_001, limit: 50_000 })
        );
        assert_eq!(
            ReplyBody::parse(&"😀".repeat(25_001)),
            Err(ReplyError::TooLong { chars: 50_002, limit: 50_000 })
        );
        assert!(serde_json::from_str::<ReplyBody>("\"\"").is_err());
    }

    #[test]
    fn a_reply_is_recognised_after_its_trip() {
        let sent = "Dzień dobry,\n\n\"Tom & Jerry\" <3 kosztuje 10 zł – wysyłka jutro.";
        assert!(same_text(sent, &sent.replace('\n', "<br />\n")));
        assert!(same_text(sent, &sent.replace('\n', "\r\n")));
        assert!(same_text(sent, &sent.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")));
        assert!(same_text(sent, &sent.replace('&', "&amp;amp;").replace('\n', "&lt;br/&gt;")));
        assert!(same_text(
            sent,
            &sent
                .replace('ó', "&oacute;")
                .replace(' ', "&nbsp;")
                .replace('"', "&#34;")
                .replace('ł', "&#x142;")
        ));
        assert!(same_text(&format!("{sent} "), sent));
    }

    #[test]
    fn another_text_is_another_text() {
        assert!(!same_text("Wysyłka jutro", "Wysyłka pojutrze"));
        assert!(!same_text("nie", "Nie"));
        assert!(!same_text("10 zl", "10 zł"));
        assert!(!same_text("Dziękuję", "Dziękuję!"));
        assert!(!same_text("abc", ""));
    }

    #[test]
    fn many_nested_entities_take_linear_time() {
        let deep = format!("&{}lt;", "amp;".repeat(12_000));
        assert!(same_text(&deep, "<"));
        let wide = "&nonsense;".repeat(5_000);
        assert!(same_text(&wide, &wide));
        let broken = format!("{};", "&".repeat(50_000));
        assert!(same_text(&broken, &broken));
    }

    /// No clock is asked: with a search through the whole text for each `;` this would not end for many minutes.
    #[test]
    fn a_megabyte_of_ends_of_entities_takes_linear_time() {
        for piece in [";", "x;", "&;", "&amp;;", "< ", "<br"] {
            let hostile = piece.repeat(1_000_000 / piece.len());
            assert_eq!(essence(&hostile), essence(&format!("{hostile} ")));
        }
    }

    #[test]
    fn snippets() {
        assert_eq!(snippet("Gdzie jest\n moja   paczka?", 60), "Gdzie jest moja paczka?");
        assert_eq!(snippet("Gdzie jest moja paczka?", 11), "Gdzie jest…");
        assert_eq!(snippet("żółć", 4), "żółć");
        assert_eq!(snippet("żółć", 3), "żó…");
        assert_eq!(snippet("abc", 0), "");
        assert_eq!(snippet("a\u{202e}b", 9), "ab");
        assert_eq!(snippet("a \u{0} b", 9), "a b");
    }

    proptest! {
        #[test]
        fn taking_a_text_twice_is_taking_it_once(text in "([\\s\\S]|<br ?/?>|&amp;|\r\n|<b|r>){0,40}") {
            let once = remote(&text);
            prop_assert_eq!(&remote(&once), &once);
            prop_assert!(once.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
            let employee = MessageBody::from_employee(&text);
            prop_assert_eq!(&MessageBody::from_employee(employee.as_str()), &employee);
            if let Ok(reply) = ReplyBody::parse(&text) {
                prop_assert_eq!(&ReplyBody::parse(reply.as_str()).unwrap(), &reply);
            }
        }

        #[test]
        fn a_text_is_itself_after_any_trip(text in "([ -~ąćłż\n]|&amp;|<br>){0,60}") {
            prop_assert!(same_text(&text, &text));
            prop_assert!(same_text(&text, &remote(&text)));
            prop_assert!(same_text(&text, &text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")));
        }

        #[test]
        fn snippets_keep_their_limit(text in "[\\s\\S]{0,80}", limit in 0usize..40) {
            let s = snippet(&text, limit);
            prop_assert!(s.chars().count() <= limit);
            prop_assert!(!s.contains('\n'));
            prop_assert_eq!(snippet(&s, limit), s);
        }
    }
}
