//! Text as the words that are looked for: Latin words in lower case, without accents and a plural `s`, Chinese, Japanese and Korean
//! as single characters and as pairs (no dictionary knows a boutique's names).

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;

/// Words longer than this are cut; nobody types them.
const MAX_WORD: usize = 40;

fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x2FA1F)
}

/// One run of characters of the same kind.
enum Run {
    Word(String),
    Cjk(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    // Whoever looks for Héloïse may type heloise; what makes other letters of kana and Hangul stays.
    let bare = text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).nfc();
    for c in bare {
        if is_cjk(c) {
            match (open, runs.last_mut()) {
                (true, Some(Run::Cjk(run))) => run.push(c),
                _ => runs.push(Run::Cjk(vec![c])),
            }
            open = true;
        } else if c.is_alphanumeric() {
            match (open, runs.last_mut()) {
                (true, Some(Run::Word(word))) if word.len() < MAX_WORD => word.extend(c.to_lowercase()),
                (true, Some(Run::Word(_))) => {}
                _ => runs.push(Run::Word(c.to_lowercase().collect())),
            }
            open = true;
        } else {
            open = false;
        }
    }
    runs
}

/// `belts` → `belt`; `dress`, `gas` and `us` stay.
fn stemmed(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() >= 3 && stem.is_ascii() && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

fn pairs(run: &[char]) -> impl Iterator<Item = String> {
    run.windows(2).map(|pair| pair.iter().collect())
}

/// Everything that a text can be found by.
pub(super) fn to_index(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => words.push(stemmed(&word)),
            Run::Cjk(run) => {
                words.extend(run.iter().map(char::to_string));
                words.extend(pairs(&run));
            }
        }
    }
    words
}

/// What a query asks for: whole words, and whether the last may be the beginning of one.
pub(super) fn to_find(query: &str) -> (Vec<String>, bool) {
    let mut words = Vec::new();
    let mut open_end = false;
    for run in runs(query) {
        open_end = false;
        match run {
            Run::Word(word) => {
                words.push(stemmed(&word));
                open_end = true;
            }
            Run::Cjk(run) if run.len() == 1 => words.push(run[0].to_string()),
            Run::Cjk(run) => words.extend(pairs(&run)),
        }
    }
    (words, open_end)
}

/// [`to_index`] as the index's tokenizer.
#[derive(Clone, Default)]
pub(super) struct Words;

pub(super) struct Stream {
    words: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        let token = Token { position: usize::MAX, ..Token::default() };
        Stream { words: to_index(text).into_iter(), token }
    }
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        self.token.text = word;
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_falls_into_words_and_pairs() {
        let check = |text: &str, expected: &[&str]| assert_eq!(to_index(text), expected, "{text}");
        check("Silk Scarves, DRESS!", &["silk", "scarve", "dress"]);
        check("真丝围巾", &["真", "丝", "围", "巾", "真丝", "丝围", "围巾"]);
        check("Gucci腰带80", &["gucci", "腰", "带", "腰带", "80"]);
        check("HÉLOÏSE He\u{301}loi\u{308}se Ｇｕｃｃｉ", &["heloise", "heloise", "gucci"]);
        check("", &[]);
        assert_eq!(to_find("围巾 bel"), (vec!["围巾".to_owned(), "bel".to_owned()], true));
        assert_eq!(to_find("belt 带"), (vec!["belt".to_owned(), "带".to_owned()], false));
    }
}
