use std::collections::BTreeMap;

use app::Problem;
use kernel::{Language, Text, Texts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in one language; `lang` differs from the one asked for when it is a fallback.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TextBody {
    text: String,
    lang: String,
}

impl From<Text> for TextBody {
    fn from(text: Text) -> Self {
        Self { text: text.text, lang: text.lang.to_string() }
    }
}

impl TextBody {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// The text for this reader; an empty one where nobody wrote any.
pub(crate) fn text(texts: &Texts, reader: &Language) -> TextBody {
    let wanted = [reader.clone(), Language::english()];
    texts.pick(&wanted).map_or_else(|| TextBody { text: String::new(), lang: reader.to_string() }, Into::into)
}

/// The same text per language, for staff: `{"en":"Belt","zh":"腰带"}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct TextsBody(BTreeMap<String, String>);

impl From<&Texts> for TextsBody {
    fn from(texts: &Texts) -> Self {
        Self(texts.0.iter().map(|(language, text)| (language.to_string(), text.clone())).collect())
    }
}

impl TextsBody {
    /// Each language's tag and text, as they came.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))
    }

    pub(crate) fn texts(&self, field: &str) -> Result<Texts, Problem> {
        let read = |(tag, text): (&String, &String)| {
            let language = tag.parse().map_err(|_| Problem::field(format!("{field}.{tag}"), "unknown_language"))?;
            Ok((language, text.trim().to_owned()))
        };
        Ok(Texts::new(self.0.iter().map(read).collect::<Result<Vec<_>, Problem>>()?))
    }
}
