//! A text that a buyer reads, once per language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Language;

/// The same text in each language that somebody wrote it in. On the wire `{"en":"Belt","zh":"腰带"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<Language, String>);

/// One language's form of a text. On the wire `{"text":"Belt","lang":"en"}`; `lang` tells a fallback apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub text: String,
    pub lang: Language,
}

impl Texts {
    #[must_use]
    pub fn new(texts: impl IntoIterator<Item = (Language, String)>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// Whether nobody wrote anything in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|text| text.trim().is_empty())
    }

    /// The text in the first of `wanted` that has one; else in whichever language it exists; `None` when it is empty.
    #[must_use]
    pub fn pick(&self, wanted: &[Language]) -> Option<Text> {
        let written = |lang: &Language| self.0.get(lang).filter(|text| !text.trim().is_empty());
        let form = |lang: &Language, text: &String| Text { text: text.clone(), lang: lang.clone() };
        let preferred = wanted.iter().find_map(|lang| Some(form(lang, written(lang)?)));
        preferred.or_else(|| self.0.keys().find_map(|lang| Some(form(lang, written(lang)?))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wanted_language_that_was_written_wins() {
        let (en, zh) = (Language::english(), Language::chinese());
        let check = |texts: &[(&Language, &str)], wanted: &[&Language], expected: Option<(&str, &Language)>| {
            let texts = Texts::new(texts.iter().map(|(lang, text)| ((*lang).clone(), (*text).to_owned())));
            let wanted: Vec<Language> = wanted.iter().map(|lang| (*lang).clone()).collect();
            let found = texts.pick(&wanted);
            assert_eq!(found.as_ref().map(|t| (t.text.as_str(), &t.lang)), expected, "{texts:?} for {wanted:?}");
            assert_eq!(texts.is_empty(), expected.is_none());
        };
        check(&[(&en, "Belt"), (&zh, "腰带")], &[&zh, &en], Some(("腰带", &zh)));
        check(&[(&en, "Belt")], &[&zh, &en], Some(("Belt", &en)));
        check(&[(&zh, "腰带")], &[&en], Some(("腰带", &zh)));
        check(&[(&zh, " "), (&en, "Belt")], &[&zh], Some(("Belt", &en)));
        check(&[(&zh, "")], &[&en], None);
        check(&[], &[&en], None);
    }
}
