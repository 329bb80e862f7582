//! A description in HTML, as the plain text that a buyer would read in it.

/// Tags go, blocks become lines, scripts and styles vanish whole, the few common entities become characters.
pub(super) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len().min(16_384));
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if rest.starts_with('<') { tag(rest, &mut out) } else { entity(rest, &mut out) };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let kept: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    kept.join("\n")
}

/// No tag is longer; a bound, so that a cell full of `<` costs no square of its length.
const MAX_TAG: usize = 2_000;

/// The bytes that a tag takes. A `<` that never closes is text.
fn tag(rest: &str, out: &mut String) -> usize {
    let Some(end) = rest.bytes().take(MAX_TAG).position(|byte| byte == b'>') else {
        out.push('<');
        return 1;
    };
    let inside = &rest[1..end];
    let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    if name.is_empty() && !inside.starts_with('!') {
        out.push('<');
        return 1;
    }
    if matches!(name.as_str(), "script" | "style") && !inside.starts_with('/') {
        let closing = format!("</{name}");
        let lower = rest.to_ascii_lowercase();
        return lower.find(&closing).map_or(rest.len(), |at| at);
    }
    if matches!(name.as_str(), "br" | "p" | "div" | "li" | "ul" | "ol" | "tr" | "table" | "h1" | "h2" | "h3" | "h4") {
        out.push('\n');
    }
    end + 1
}

fn entity(rest: &str, out: &mut String) -> usize {
    const KNOWN: [(&str, char); 7] = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&#39;", '\''),
        ("&apos;", '\''),
        ("&nbsp;", ' '),
    ];
    for (name, meant) in KNOWN {
        if rest.starts_with(name) {
            out.push(meant);
            return name.len();
        }
    }
    out.push('&');
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, text: &str) {
        assert_eq!(plain(html), text, "{html}");
    }

    #[test]
    fn only_the_text_stays() {
        check("<p>Full grain.</p><ul><li>Brass &amp; leather</li></ul>", "Full grain.\nBrass & leather");
        check("a<script>alert('<p>')</script>b<style>p{}</style>", "ab");
        check("3 < 5 and 5 > 3", "3 < 5 and 5 > 3");
        check("<!-- note -->x<br/>y", "x\ny");
        check("<script>never closed", "");
        check("&bogus; &amp", "&bogus; &amp");
        check("<p", "<p");
        check("中文<b>粗</b>", "中文粗");
    }
}
