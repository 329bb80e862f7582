//! What a message must not hold: listed words, also spelled out or disguised, and links.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, BuildError, MatchKind};

use crate::text::fold;

/// Words that a house does not show. Matching is on folded text, so spaces, dots, case, marks and full-width forms
/// between the letters do not hide a word; short Latin words count only as whole words, or "class" would be caught.
#[derive(Clone, Debug, Default)]
pub struct WordList {
    anywhere: Option<AhoCorasick>,
    whole: Vec<String>,
}

/// Folded Latin words of at most this many letters count only as whole words.
const SHORT: usize = 4;

impl WordList {
    /// # Errors
    /// When the list is too large for the automaton (beyond some hundred thousand words).
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, BuildError> {
        let folded = words.into_iter().map(fold).filter(|word| !word.is_empty());
        let (whole, anywhere): (Vec<_>, Vec<_>) = folded.partition(|word| word.is_ascii() && word.len() <= SHORT);
        let anywhere = if anywhere.is_empty() {
            None
        } else {
            Some(AhoCorasickBuilder::new().match_kind(MatchKind::LeftmostFirst).build(anywhere)?)
        };
        Ok(Self { anywhere, whole })
    }

    #[must_use]
    pub fn finds(&self, text: &str) -> bool {
        if self.anywhere.as_ref().is_some_and(|words| words.is_match(&fold(text))) {
            return true;
        }
        !self.whole.is_empty() && text.split_whitespace().any(|word| self.whole.contains(&fold(word)))
    }
}

/// A web address, as written by people who want others to leave: a scheme, `www.`, a name with a common ending, or any
/// name with a path behind it.
#[must_use]
pub(crate) fn has_link(text: &str) -> bool {
    const ENDINGS: [&str; 14] =
        ["com", "net", "org", "info", "biz", "shop", "top", "xyz", "io", "me", "cn", "co", "ru", "link"];
    let lower = text.to_lowercase();
    if lower.contains("://") || lower.contains("www.") {
        return true;
    }
    let has_path = |word: &str| {
        let Some((host, path)) = word.split_once('/') else { return false };
        let Some((name, ending)) = host.rsplit_once('.') else { return false };
        let named = name.chars().next_back().is_some_and(char::is_alphanumeric);
        named && ending.len() > 1 && ending.chars().all(|c| c.is_ascii_alphabetic()) && !path.is_empty()
    };
    if lower.split_whitespace().any(has_path) {
        return true;
    }
    lower.split(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | ',' | '!' | '(' | ')' | ':')).any(|word| {
        let word = word.trim_matches('.');
        word.rsplit_once('.').is_some_and(|(name, ending)| {
            ENDINGS.contains(&ending) && name.chars().next_back().is_some_and(char::is_alphanumeric)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_disguise() {
        let list = WordList::new(["scammer", "假货", "ass"]).expect("small");
        let check = |text: &str, found: bool| assert_eq!(list.finds(text), found, "{text}");
        check("what a SCAMMER", true);
        check("s.c a-m m e r", true);
        check("ｓcámmer", true);
        check("这是假 货吧", true);
        check("an ass!", true);
        check("classic glass", false);
        check("lovely", false);
        assert!(!WordList::default().finds("anything"));
    }

    #[test]
    fn links_are_found() {
        for text in ["see https://x.example", "www.foo", "buy at cheap-bags.com!", "foo.shop/abc", "(evil.example/abc)"]
        {
            assert!(has_link(text), "{text}");
        }
        for text in [
            "it costs 3.50",
            "wow...me too",
            "size M. com",
            "好看。cn",
            "e.g. this",
            "S/M/L",
            "4.5/5",
            "e.g./i.e.",
            "red.blue",
        ] {
            assert!(!has_link(text), "{text}");
        }
    }
}
