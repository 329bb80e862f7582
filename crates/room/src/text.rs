//! Texts that people type: normalised, freed of what cannot be seen, and bounded.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::Refusal;
use crate::limits::{MARKS_PER_LETTER, MESSAGE_BYTES, MESSAGE_GRAPHEMES, NAME_BYTES, NAME_GRAPHEMES, RAW_TEXT_BYTES};

/// A cleaned chat text: NFC, one line, 1 to 500 graphemes and at most 2,000 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText(String);

impl MessageText {
    /// # Errors
    /// `MessageEmpty` when nothing visible remains, `MessageTooLong` past either bound.
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        if raw.len() > RAW_TEXT_BYTES {
            return Err(Refusal::MessageTooLong);
        }
        let text = clean(raw);
        if text.is_empty() {
            return Err(Refusal::MessageEmpty);
        }
        if text.len() > MESSAGE_BYTES || text.graphemes(true).count() > MESSAGE_GRAPHEMES {
            return Err(Refusal::MessageTooLong);
        }
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The name under which a viewer chats: 1 to 24 graphemes, at most 96 bytes, with at least one letter or digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatName(String);

/// Why a chat name cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameRefused {
    #[error("a name needs a letter or a digit")]
    Empty,
    #[error("a name has at most 24 characters")]
    TooLong,
    #[error("this name would pass for the shop's own people")]
    Reserved,
}

/// Names that viewers would take for staff, folded.
const RESERVED: [&str; 10] =
    ["host", "staff", "admin", "administrator", "moderator", "support", "system", "主播", "管理员", "客服"];

impl ChatName {
    /// # Errors
    /// One per rule, see [`NameRefused`].
    pub fn parse(raw: &str) -> Result<Self, NameRefused> {
        if raw.len() > RAW_TEXT_BYTES {
            return Err(NameRefused::TooLong);
        }
        let name = clean(raw);
        if !name.chars().any(char::is_alphanumeric) {
            return Err(NameRefused::Empty);
        }
        if name.len() > NAME_BYTES || name.graphemes(true).count() > NAME_GRAPHEMES {
            return Err(NameRefused::TooLong);
        }
        let folded = fold(&name);
        if RESERVED.contains(&folded.as_str()) {
            return Err(NameRefused::Reserved);
        }
        Ok(Self(name))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Marks that reorder or hide text. The joiners U+200C and U+200D stay: Persian words and emoji families need them.
const fn is_trick(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{00AD}' | '\u{E0001}')
}

/// NFC, control characters and direction marks gone, every run of white space one blank, stacked marks thinned.
fn clean(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let (mut blank, mut marks) = (false, 0);
    for c in raw.nfc() {
        if c.is_whitespace() {
            blank = true;
            marks = 0;
            continue;
        }
        if c.is_control() || is_trick(c) {
            continue;
        }
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MARKS_PER_LETTER {
            continue;
        }
        if blank && !out.is_empty() {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    // Dropping a mark may leave neighbours that compose: what is stored is NFC whatever was sent.
    let mut text: String = out.nfc().collect();
    if !text.chars().any(|c| !matches!(c, '\u{200C}' | '\u{200D}') && !is_combining_mark(c)) {
        text.clear();
    }
    text
}

/// For comparing, never for showing: compatibility forms unified, marks and everything but letters and digits dropped,
/// lower case. "Ｆ-r.é e" and "free" are alike.
pub(crate) fn fold(text: &str) -> String {
    text.nfkd().filter(|c| c.is_alphanumeric() && !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_is_cleaned() {
        let check = |raw: &str, expected: Result<&str, Refusal>| {
            assert_eq!(
                MessageText::parse(raw).as_ref().map(MessageText::as_str),
                expected.as_ref().copied(),
                "{raw:?}"
            );
        };
        check("  hello \n\t there ", Ok("hello there"));
        check("e\u{301}", Ok("é"));
        check("a\u{202E}b\u{0007}c", Ok("abc"));
        check("👩‍👧 好看!", Ok("👩‍👧 好看!"));
        check(&format!("z{}", "\u{0336}".repeat(50)), Ok("z\u{336}\u{336}\u{336}\u{336}"));
        for nothing in ["", "   ", "\u{200B}\u{FEFF}", "\u{0}", "\u{200D}", "\u{301}"] {
            check(nothing, Err(Refusal::MessageEmpty));
        }
        check(&"字".repeat(500), Ok(&"字".repeat(500)));
        check(&"字".repeat(501), Err(Refusal::MessageTooLong));
        check(&"a".repeat(1_000_000), Err(Refusal::MessageTooLong));
        check(&"👩‍👩‍👧‍👦".repeat(81), Err(Refusal::MessageTooLong));
    }

    #[test]
    fn a_name_follows_the_rules() {
        let check = |raw: &str, expected: Result<&str, NameRefused>| {
            assert_eq!(ChatName::parse(raw).as_ref().map(ChatName::as_str), expected.as_ref().copied(), "{raw:?}");
        };
        check(" Mei  Lin ", Ok("Mei Lin"));
        check("小美", Ok("小美"));
        check("☆", Err(NameRefused::Empty));
        check("", Err(NameRefused::Empty));
        check(&"n".repeat(25), Err(NameRefused::TooLong));
        check("Ｈ.o.s.t", Err(NameRefused::Reserved));
        check("主播", Err(NameRefused::Reserved));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(raw in "\\PC{0,200}|[\\u{300}-\\u{36F}a-eé \\u{200D}\\u{202E}]{0,60}") {
            if let Ok(text) = MessageText::parse(&raw) {
                prop_assert!(text.as_str().len() <= MESSAGE_BYTES);
                prop_assert_eq!(MessageText::parse(text.as_str()), Ok(text.clone()));
            }
        }
    }
}
