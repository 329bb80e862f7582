//! Words that a house does not show, however they are spelled: apart, stretched, with digits or lookalikes for letters.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, BuildError, MatchKind};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::fold;

/// Latin and Cyrillic words of at most this many letters count only as whole words, or "class" would be caught.
const SHORT: usize = 4;
/// Of at most this many, only where a word begins with them, or "closer" would be.
const MIDDLING: usize = 6;
/// Neighbouring words that are read together, so that "scam mer" is found, and listed words of several words.
const JOINED: usize = 3;
/// The longest listed phrase that is looked for, in words.
const PHRASE: usize = 8;

/// What a house does not show, and what somebody of the shop reads first.
#[derive(Clone, Debug, Default)]
pub struct WordLists {
    pub refused: WordList,
    pub held: WordList,
}

/// One list, of all languages together. Case, marks, full-width forms and what stands between the letters hide nothing; nor do
/// letters said three times and more, digits and signs for letters, or lookalikes of another script among Latin ones.
#[derive(Clone, Debug, Default)]
pub struct WordList {
    automaton: Option<AhoCorasick>,
    words: Vec<Listed>,
    joined: usize,
}

#[derive(Clone, Debug)]
struct Listed {
    /// How often each letter stands in a row.
    times: Vec<usize>,
    kind: ListedKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListedKind {
    /// Counts as a whole word alone.
    Short,
    /// Counts where a word begins with it.
    Middling,
    /// Counts within longer words too.
    Long,
    /// Of a script that writes no spaces: counts wherever it stands.
    Unspaced,
}

/// How a stretch of text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stretch {
    Word,
    /// Letters that stood one by one.
    Spelled,
    /// Neighbouring words put together: only what fills them wholly.
    Joined,
    /// All of it without its spaces.
    All,
}

impl WordList {
    /// # Errors
    /// When the list is too large for the automaton (beyond some hundred thousand words).
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, BuildError> {
        let (mut keys, mut listed, mut joined) = (Vec::new(), Vec::new(), JOINED);
        for word in words {
            let folded = fold(word);
            if folded.is_empty() {
                continue;
            }
            joined = joined.max(tokens(word, None).len().min(PHRASE));
            let letters = folded.chars().count();
            let kind = if folded.chars().any(is_unspaced) {
                ListedKind::Unspaced
            } else if letters <= SHORT {
                ListedKind::Short
            } else if letters <= MIDDLING {
                ListedKind::Middling
            } else {
                ListedKind::Long
            };
            let (key, times) = collapsed(&folded);
            keys.push(key);
            listed.push(Listed { times, kind });
        }
        let automaton = if keys.is_empty() {
            None
        } else {
            Some(AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(keys)?)
        };
        Ok(Self { automaton, words: listed, joined })
    }

    #[must_use]
    pub fn finds(&self, text: &str) -> bool {
        let Some(automaton) = &self.automaton else { return false };
        let plain = tokens(text, None);
        // A one stands for an i or an l.
        let disguised = ['i', 'l'].map(|one| tokens(text, Some(one)));
        let [first, second] = &disguised;
        self.finds_in(automaton, &plain)
            || (*first != plain && self.finds_in(automaton, first))
            || (second != first && self.finds_in(automaton, second))
    }

    fn finds_in(&self, automaton: &AhoCorasick, tokens: &[String]) -> bool {
        let words = spelled_together(tokens);
        let hit = |text: &str, stretch| self.hits(automaton, text, stretch);
        words.iter().any(|(word, stretch)| hit(word, *stretch))
            || hit(&tokens.concat(), Stretch::All)
            || (2..=self.joined.min(words.len())).any(|count| {
                words.windows(count).any(|run| {
                    let together: String = run.iter().map(|(word, _)| word.as_str()).collect();
                    hit(&together, Stretch::Joined)
                })
            })
    }

    fn hits(&self, automaton: &AhoCorasick, text: &str, stretch: Stretch) -> bool {
        let (key, times) = collapsed(text);
        automaton.find_overlapping_iter(&key).any(|found| {
            let listed = &self.words[found.pattern().as_usize()];
            let whole = found.start() == 0 && found.end() == key.len();
            let counts = match (listed.kind, stretch) {
                (ListedKind::Unspaced, _) | (ListedKind::Long, Stretch::Word) => true,
                (_, Stretch::All) => false,
                (_, Stretch::Spelled) => true,
                (ListedKind::Middling, Stretch::Word) => found.start() == 0,
                (ListedKind::Short, Stretch::Word) | (ListedKind::Middling | ListedKind::Long, Stretch::Joined) => {
                    whole
                }
                (ListedKind::Short, Stretch::Joined) => false,
            };
            let from = key[..found.start()].chars().count();
            // As often as listed, or stretched past what any word has.
            let same = |(listed, said): (&usize, &usize)| said == listed || (*said >= 3 && said >= listed);
            counts && listed.times.iter().zip(&times[from..]).all(same)
        })
    }
}

/// Each letter once, and how often it stood in a row.
fn collapsed(text: &str) -> (String, Vec<usize>) {
    let (mut key, mut times) = (String::with_capacity(text.len()), Vec::<usize>::new());
    for c in text.chars() {
        if key.ends_with(c) {
            times.last_mut().into_iter().for_each(|times| *times += 1);
        } else {
            key.push(c);
            times.push(1);
        }
    }
    (key, times)
}

/// Words, with letters that stood one by one put together.
fn spelled_together(tokens: &[String]) -> Vec<(String, Stretch)> {
    let mut words: Vec<(String, Stretch)> = Vec::with_capacity(tokens.len());
    let mut letters = 0;
    for token in tokens {
        let single = token.chars().nth(1).is_none();
        letters = if single { letters + 1 } else { 0 };
        match words.last_mut().filter(|_| letters > 1) {
            Some((word, stretch)) => {
                word.push_str(token);
                *stretch = Stretch::Spelled;
            }
            None => words.push((token.clone(), Stretch::Word)),
        }
    }
    words
}

/// Folded words. `one`: digits, signs and lookalikes are read as the Latin letters that they stand for, in words that have
/// some; a one is this letter.
fn tokens(text: &str, one: Option<char>) -> Vec<String> {
    let kept = |c: &char| !is_combining_mark(*c) && !matches!(c, '\u{200C}' | '\u{200D}');
    let chars: Vec<char> = text.nfkd().filter(kept).flat_map(char::to_lowercase).collect();
    let is_letter = |place: Option<usize>| place.and_then(|place| chars.get(place)).is_some_and(|c| c.is_alphabetic());
    let stands_for_letter = |place: usize, c: char| match c {
        '@' | '$' => is_letter(place.checked_sub(1)) || is_letter(Some(place + 1)),
        '!' | '|' | '+' => is_letter(place.checked_sub(1)) && is_letter(Some(place + 1)),
        _ => false,
    };
    let (mut all, mut token) = (Vec::new(), String::new());
    for (place, c) in chars.iter().copied().enumerate() {
        if c.is_alphanumeric() || (one.is_some() && stands_for_letter(place, c)) {
            token.push(c);
        } else if !token.is_empty() {
            all.push(std::mem::take(&mut token));
        }
    }
    all.extend((!token.is_empty()).then_some(token));
    match one {
        Some(one) => all.into_iter().map(|token| unmasked(token, one)).collect(),
        None => all,
    }
}

fn unmasked(token: String, one: char) -> String {
    if !token.chars().any(|c| c.is_ascii_alphabetic()) {
        return token;
    }
    let meant = |c| match c {
        '0' | 'о' | 'ο' => 'o',
        '1' | '!' | '|' => one,
        '3' | 'е' | 'ε' => 'e',
        '4' | '@' | 'а' | 'α' => 'a',
        '5' | '$' | 'ѕ' => 's',
        '7' | '+' | 'т' | 'τ' => 't',
        '8' | 'в' => 'b',
        '9' => 'g',
        'р' | 'ρ' => 'p',
        'с' => 'c',
        'у' => 'y',
        'х' | 'χ' => 'x',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'н' => 'h',
        other => other,
    };
    token.chars().map(meant).collect()
}

/// Of a script that is written without spaces.
const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_disguise_and_nothing_else_is() {
        let list =
            WordList::new(["scammer", "假货", "ass", "buy at my place", "дурак", "loser", "puta"]).expect("small");
        let check = |text: &str, found: bool| assert_eq!(list.finds(text), found, "{text}");
        for disguised in [
            "what a SCAMMER",
            "scammers!",
            "s.c a-m m e r",
            "you s c a m m e r",
            "scam mer",
            "s🔥c🔥a🔥m🔥m🔥e🔥r",
            "ｓcámmer",
            "sc\u{200D}ammer",
            "scaaaaammmmer",
            "5c4mm3r",
            "$cammer",
            "sc@mmer",
            "ѕсаmmer",
            "1oser",
            "losers",
            "这是假 货吧",
            "假。货",
            "an ass!",
            "a s s",
            "a.s.s",
            "assss",
            "BUY  at my—place",
            "ты ДУРАК",
            "¡PUTA!",
        ] {
            check(disguised, true);
        }
        for harmless in [
            "classic glass",
            "as soon",
            "this cam merges",
            "lovely",
            "size 55",
            "closer",
            "it costs 455 $",
            "reputation",
            "no. 5, a small one",
            "真货 假的",
            "",
        ] {
            check(harmless, false);
        }
        assert!(!WordList::default().finds("anything"));
        assert!(!WordList::new(["!!", ""]).expect("small").finds("anything!!"));
    }
}
