//! The languages of the hub's pages.

use serde::{Deserialize, Serialize};

/// A language the pages exist in. Polish is the first one: it is what an unknown visitor gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Polish.
    #[default]
    Pl,
    /// English.
    En,
    /// Russian.
    Ru,
}

impl Language {
    /// All of them, in the order of the language switch.
    pub const ALL: [Self; 3] = [Self::Pl, Self::En, Self::Ru];

    /// The ISO 639-1 code, as in the `lang` attribute and in catalogue file names.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pl => "pl",
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Pl => "Polski",
            Self::En => "English",
            Self::Ru => "Русский",
        }
    }

    /// The language of a tag such as `pl`, `pl-PL`, `en_US`; `None` if the pages do not exist in it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|l| l.code() == primary)
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4): the highest weight wins, the first among
    /// equals. Unreadable parts are skipped; at most 20 are looked at.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for part in header.split(',').take(20) {
            let mut pieces = part.split(';');
            let Some(language) = pieces.next().and_then(Self::from_tag) else { continue };
            let weight = pieces
                .find_map(|p| p.trim().strip_prefix("q="))
                .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())
                .filter(|q| (0.0..=1.0).contains(q));
            let Some(weight) = weight else { continue };
            if weight > 0.0 && best.is_none_or(|(_, b)| weight > b) {
                best = Some((language, weight));
            }
        }
        best.map(|(l, _)| l)
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_browsers_and_of_marketplaces() {
        assert_eq!(Language::from_tag("pl-PL"), Some(Language::Pl));
        assert_eq!(Language::from_tag("en_US"), Some(Language::En));
        assert_eq!(Language::from_tag("RU"), Some(Language::Ru));
        assert_eq!(Language::from_tag("de"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn weights_decide_and_zero_means_not_at_all() {
        assert_eq!(Language::from_accept_language("de, en;q=0.5, ru;q=0.8"), Some(Language::Ru));
        assert_eq!(Language::from_accept_language("en, pl"), Some(Language::En));
        assert_eq!(Language::from_accept_language("pl;q=0, en;q=0.1"), Some(Language::En));
        assert_eq!(Language::from_accept_language("pl;q=abc"), None);
        assert_eq!(Language::from_accept_language(""), None);
    }
}
