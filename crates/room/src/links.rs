//! Web addresses in what people write.

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
