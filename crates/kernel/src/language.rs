//! Languages of texts, as lower-case primary subtags with an optional script or region (`en`, `zh`, `zh-hant`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A language tag of at most 12 characters: a two- or three-letter primary subtag, then up to one further subtag
/// (BCP 47 in lower case). Which languages a house offers is its configuration; this only says what a tag looks like.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(Box<str>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language looks like en, zh or zh-hant")]
pub struct UnknownLanguage;

impl Language {
    #[must_use]
    pub fn english() -> Self {
        Self("en".into())
    }
    #[must_use]
    pub fn chinese() -> Self {
        Self("zh".into())
    }
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Any kind of Chinese: the other language that the house's own texts are written in.
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        self.0.split('-').next() == Some("zh")
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let text = text.to_ascii_lowercase();
        let (primary, further) = text.split_once('-').map_or((text.as_str(), None), |(p, f)| (p, Some(f)));
        let primary_ok = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
        let further_ok =
            further.is_none_or(|f| (2..=8).contains(&f.len()) && f.bytes().all(|b| b.is_ascii_alphanumeric()));
        if primary_ok && further_ok { Ok(Self(text.into())) } else { Err(UnknownLanguage) }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
