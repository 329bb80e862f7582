//! A letter: one content, written as plain text, as simple HTML, and as a line for a phone.

/// What a letter says, in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Who writes: the house's name.
    pub from: String,
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// What was bought, and sums: a label and its value.
    pub rows: Vec<(String, String)>,
    /// Where to go next: what to press, and an address of ours or of a carrier.
    pub links: Vec<(String, String)>,
    /// For an SMS: the whole of it in a sentence, without address.
    pub brief: String,
}

impl Letter {
    #[must_use]
    pub fn text(&self) -> String {
        let mut parts = self.paragraphs.clone();
        if !self.rows.is_empty() {
            let rows = self.rows.iter().map(|(label, value)| format!("{label}: {value}"));
            parts.push(rows.collect::<Vec<_>>().join("\n"));
        }
        parts.extend(self.links.iter().map(|(label, url)| format!("{label}:\n{url}")));
        parts.push(self.from.clone());
        parts.join("\n\n")
    }

    /// Inline styles only and nothing to load: mail programs take no more, and nobody is tracked.
    #[must_use]
    pub fn html(&self) -> String {
        let body = "margin:0;padding:24px;background:#faf8f5;color:#0e0e10;font:16px/1.5 system-ui,sans-serif";
        let mut html = format!(
            "<!doctype html><html><head><meta charset=\"utf-8\"><title>{}</title></head><body style=\"{body}\">\
             <div style=\"max-width:560px;margin:0 auto\"><h1 style=\"font:24px/1.3 Georgia,serif\">{}</h1>",
            escaped(&self.subject),
            escaped(&self.subject)
        );
        for paragraph in &self.paragraphs {
            html.push_str(&format!("<p>{}</p>", escaped(paragraph)));
        }
        if !self.rows.is_empty() {
            html.push_str("<table style=\"width:100%;border-collapse:collapse\">");
            for (label, value) in &self.rows {
                html.push_str(&format!(
                    "<tr><td style=\"padding:6px 0\">{}</td><td style=\"padding:6px 0;text-align:right\">{}</td></tr>",
                    escaped(label),
                    escaped(value)
                ));
            }
            html.push_str("</table>");
        }
        for (label, url) in &self.links {
            let look = "display:inline-block;padding:12px 20px;background:#0e0e10;color:#faf8f5;text-decoration:none";
            html.push_str(&format!("<p><a style=\"{look}\" href=\"{}\">{}</a></p>", escaped(url), escaped(label)));
        }
        html.push_str(&format!("<p style=\"color:#6b6763\">{}</p></div></body></html>", escaped(&self.from)));
        html
    }

    #[must_use]
    pub fn short(&self) -> String {
        let mut text = format!("{}: {}", self.from, self.brief);
        if let Some((_, url)) = self.links.first() {
            text.push(' ');
            text.push_str(url);
        }
        text
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_buyer_typed_stays_text() {
        let letter = Letter {
            from: "Vellaire".into(),
            subject: "Order 1 is paid".into(),
            paragraphs: vec!["Thank you, <script>alert(1)</script>.".into()],
            rows: vec![("1 × Belt & bag".into(), "198.00 USD".into())],
            links: vec![("See it".into(), "https://shop.example/orders/1?key=a&b=\"".into())],
            brief: "order 1 is paid.".into(),
        };
        let html = letter.html();
        assert!(html.contains("<p>Thank you, &lt;script&gt;alert(1)&lt;/script&gt;.</p>"), "{html}");
        assert!(html.contains("href=\"https://shop.example/orders/1?key=a&amp;b=&quot;\""), "{html}");
        assert!(
            letter.text().contains("1 × Belt & bag: 198.00 USD\n\nSee it:\nhttps://shop.example/orders/1?key=a&b=")
        );
        assert_eq!(letter.short(), "Vellaire: order 1 is paid. https://shop.example/orders/1?key=a&b=\"");
    }
}
