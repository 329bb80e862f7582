//! Rules for the texts that a buyer reads.

use kernel::{Language, Texts};

use super::{Fault, Faults};

/// No text has more languages than this.
const MAX_LANGUAGES: usize = 20;

/// Writes a text in one language; an empty one takes it away.
pub(super) fn set(texts: &mut Texts, language: Language, text: &str) {
    if text.trim().is_empty() {
        texts.0.remove(&language);
    } else {
        texts.0.insert(language, text.trim().to_owned());
    }
}

/// A text in one language.
pub(super) fn one(language: &Language, text: &str) -> Texts {
    let mut texts = Texts::default();
    set(&mut texts, language.clone(), text);
    texts
}

/// The same texts without blanks around them and without empty ones.
pub(super) fn tidied(texts: &Texts) -> Texts {
    let mut tidy = Texts::default();
    for (language, text) in &texts.0 {
        set(&mut tidy, language.clone(), text);
    }
    tidy
}

/// Checks each language's length in characters.
pub(super) fn check(texts: &Texts, field: &str, most: usize, faults: &mut Faults) {
    faults.when(texts.0.len() > MAX_LANGUAGES, field, Fault::TooMany { most: MAX_LANGUAGES });
    for (language, text) in &texts.0 {
        faults.when(text.chars().count() > most, format!("{field}.{language}"), Fault::TooLong { most });
    }
}

/// As [`check`], and at least one language must have a text.
pub(super) fn check_required(texts: &Texts, field: &str, most: usize, faults: &mut Faults) {
    faults.when(texts.is_empty(), field, Fault::Required);
    check(texts, field, most, faults);
}

/// Whether some language says exactly this.
pub(super) fn says(texts: &Texts, text: &str) -> bool {
    texts.0.values().any(|own| own.trim() == text.trim())
}

/// Whether some language says the same in both.
pub(super) fn agree(one: &Texts, other: &Texts) -> bool {
    one.0.values().any(|said| says(other, said))
}
