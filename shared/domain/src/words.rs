//! Words of texts, as the search compares them.
//!
//! A word is a run of letters and digits, in lower case, without diacritics: *Żółć* and *zolc* are one word. What is written
//! and what is asked for go through the same function, so they meet.

/// Characters of a word that count; a longer one is cut, in a text and in a question alike.
pub const WORD_CHARS: usize = 40;
/// The shortest word.
pub const SHORTEST: usize = 2;
/// Words of one text at most. The longest message a marketplace takes has some 17,000.
pub const WORDS_PER_TEXT: usize = 20_000;
/// Words of a question at most; further ones are ignored, so more is found rather than less.
pub const WORDS_PER_QUESTION: usize = 8;
/// The last word of a question may be the beginning of one from this length on.
pub const SHORTEST_BEGINNING: usize = 3;
/// Characters of an identifier that count.
pub const IDENTIFIER_CHARS: usize = 59;

/// A letter without its diacritics, if it is one of the Latin or Cyrillic ones that people leave them off.
fn fold(c: char, out: &mut String) {
    let plain = match c {
        'ą' | 'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' => 'a',
        'ć' | 'č' | 'ç' | 'ĉ' | 'ċ' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'ę' | 'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ē' | 'ė' => 'e',
        'ğ' | 'ģ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => 'i',
        'ķ' => 'k',
        'ł' | 'ĺ' | 'ľ' | 'ļ' => 'l',
        'ń' | 'ň' | 'ñ' | 'ņ' => 'n',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' => 'o',
        'ř' | 'ŕ' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        'ß' => {
            out.push_str("ss");
            return;
        }
        'æ' => {
            out.push_str("ae");
            return;
        }
        'œ' => {
            out.push_str("oe");
            return;
        }
        // Marks that stand after their letter when a text comes decomposed.
        '\u{300}'..='\u{36f}' => return,
        other => other,
    };
    out.push(plain);
}

/// A text in lower case without diacritics.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        fold(c, &mut out);
    }
    out
}

/// The words of a text in their order, each as often as it is there, at most [`WORDS_PER_TEXT`].
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    folded(text)
        .split(|c: char| !c.is_alphanumeric())
        .map(|word| word.chars().take(WORD_CHARS).collect::<String>())
        .filter(|word| word.chars().count() >= SHORTEST)
        .take(WORDS_PER_TEXT)
        .collect()
}

/// What somebody looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// All of these.
    pub words: Vec<String>,
    /// The last one may be the beginning of a word.
    pub open_ended: bool,
}

impl Question {
    /// Reads what was typed. The last word is open-ended unless something follows it (a space, a full stop).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut words = words(text);
        words.truncate(WORDS_PER_QUESTION);
        let open_ended = text.chars().next_back().is_some_and(char::is_alphanumeric)
            && words.last().is_some_and(|w| w.chars().count() >= SHORTEST_BEGINNING);
        Self { words, open_ended }
    }
}

/// A number or id of somebody else's (an order, a customer, an address) as one piece: `=` and the text in lower case without
/// spaces. No word begins with `=`, so the two never meet. `None` for an empty one.
#[must_use]
pub fn identifier(text: &str) -> Option<String> {
    let id: String = folded(text).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let id: String = id.chars().take(IDENTIFIER_CHARS).collect();
    (!id.is_empty()).then(|| format!("={id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_in_lower_case_without_diacritics() {
        assert_eq!(words("Zażółć GĘŚLĄ jaźń!"), ["zazolc", "gesla", "jazn"]);
        assert_eq!(words("Zamówienie nr 12-A/345, straße"), ["zamowienie", "nr", "12", "345", "strasse"]);
        assert_eq!(words("Ёлка и ёж"), ["елка", "еж"]);
        // The same word, its accent as a mark of its own.
        assert_eq!(words("o\u{301}wczesny"), words("ówczesny"));
        assert!(words(" a ! ż 1").is_empty());
    }

    #[test]
    fn a_question_is_open_ended_while_its_last_word_is_being_typed() {
        assert_eq!(
            Question::parse("zwrot książ"),
            Question { words: vec!["zwrot".into(), "ksiaz".into()], open_ended: true }
        );
        assert!(!Question::parse("zwrot ").open_ended);
        assert!(!Question::parse("zw").open_ended);
        assert_eq!(Question::parse("aa bb cc dd ee ff gg hh ii jj").words.len(), WORDS_PER_QUESTION);
    }

    #[test]
    fn identifiers_are_one_piece() {
        assert_eq!(identifier(" 12345-A ").as_deref(), Some("=12345-a"));
        assert_eq!(identifier("Anna.Nowak@Example.PL").as_deref(), Some("=anna.nowak@example.pl"));
        assert_eq!(identifier("  "), None);
    }

    proptest! {
        #[test]
        fn words_are_bounded_and_found_again(text in ".{0,300}") {
            for word in words(&text) {
                let length = word.chars().count();
                prop_assert!((SHORTEST..=WORD_CHARS).contains(&length), "{word}");
                prop_assert!(word.len() < 256);
                prop_assert_eq!(words(&word), vec![word.clone()]);
            }
        }
    }
}
