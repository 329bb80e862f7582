//! Which answers are the same: case, punctuation, blanks, accents and width forms make no difference.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Below so many characters nothing is forgiven: "red" and "rad" are two answers.
const FORGIVEN_FROM: usize = 4;

/// An answer as it is compared, never as it is shown: letters, digits and the marks that make other letters of them, in lower
/// case and in one width. Accents of Latin, Greek and Cyrillic letters go; the sound marks of kana and the vowel signs of
/// Indic scripts stay. What is plain already stays as it is.
#[must_use]
pub fn plain(text: &str) -> String {
    // A sigma is written in another way at the end of a word.
    let lower = text.nfkd().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).nfkd();
    lower.filter(|c| (c.is_alphanumeric() || is_combining_mark(*c)) && !is_accent(*c)).nfc().collect()
}

const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Whether one letter is wrong, missing, too many, or swapped with its neighbour. Digits are never a typo: 1970 is not 1971.
pub(super) fn one_letter_off(right: &str, given: &str) -> bool {
    let (right, given): (Vec<char>, Vec<char>) = (right.chars().collect(), given.chars().collect());
    if right.len() < FORGIVEN_FROM || right.len().abs_diff(given.len()) > 1 {
        return false;
    }
    let common = right.iter().zip(&given).take_while(|(one, other)| one == other).count();
    let (right, given) = (&right[common..], &given[common..]);
    let letters = |chars: &[char]| chars.iter().all(|c| !c.is_numeric());
    match (right, given) {
        ([], []) => false,
        ([missing, rest @ ..], given) if rest == given => letters(&[*missing]),
        (right, [more, rest @ ..]) if rest == right => letters(&[*more]),
        ([one, right @ ..], [other, given @ ..]) if right == given => letters(&[*one, *other]),
        ([one, two, right @ ..], [first, second, given @ ..]) if right == given => {
            (one, two) == (second, first) && letters(&[*one, *two])
        }
        _ => false,
    }
}
