//! What a page says of itself in its `<head>`, for crawlers and share cards: they run no script.

mod product;
mod show;

use std::fmt::Write as _;

use app::{Actor, App, Code, Problem, house};
use kernel::{Language, Money};
use serde_json::{Value, json};

use crate::state::{Gateway, Settings};
use crate::wire::PictureBody;

/// Longest description, in characters; cards cut it shorter themselves.
const DESCRIPTION_CHARS: usize = 200;
/// The width that a card's picture is served in.
const PICTURE_WIDTH: u32 = 1280;

/// A picture of a card, by its absolute address.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    url: String,
    alt: String,
    width: u32,
    height: u32,
}

impl Picture {
    fn of(picture: &PictureBody, settings: &Settings) -> Self {
        let width = picture.width.clamp(1, PICTURE_WIDTH);
        let height = u64::from(picture.height) * u64::from(width) / u64::from(picture.width.max(1));
        Self {
            url: format!("{}{}", settings.public_url, picture.url.replace("{w}", &PICTURE_WIDTH.to_string())),
            alt: picture.alt.clone(),
            width,
            height: u32::try_from(height).unwrap_or(u32::MAX),
        }
    }
}

/// What is injected where the page's file says `<!--head-->`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    language: Language,
    site: String,
    title: String,
    description: String,
    /// Absolute, without a query: one address for each thing.
    url: String,
    /// Of the Open Graph: `website`, `product`.
    kind: &'static str,
    picture: Option<Picture>,
    /// The lowest price and whether any is left.
    price: Option<(Money, bool)>,
    /// schema.org, as JSON-LD.
    data: Value,
}

/// Whether this page's file is served with a head of its own.
pub(crate) fn tells_of(page: &str) -> bool {
    matches!(page, "home.html" | "product.html" | "show.html")
}

/// The head of the page at this address, whose file [`tells_of`] something.
///
/// # Errors
/// [`Code::NotFound`] where the address names a thing that is not here, or not the caller's to see.
pub(crate) async fn head(gateway: &Gateway, actor: &Actor, language: &Language, path: &str) -> Result<Head, Problem> {
    let mut parts = path.trim_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(""), None, None) => home(&gateway.app, &gateway.settings, language).await,
        (Some("products"), Some(id), None) => {
            product::head(gateway, actor, language, id.parse().map_err(|_| Code::NotFound)?).await
        }
        (Some("shows"), Some(id), None) => show::head(gateway, language, id.parse().map_err(|_| Code::NotFound)?).await,
        _ => Err(Code::NotFound.into()),
    }
}

async fn home(app: &App, settings: &Settings, language: &Language) -> Result<Head, Problem> {
    let name = house::get(app).await?.name;
    let description = match language.as_str() {
        "zh" => format!("在 {name} 观看直播，边看边买。"),
        _ => format!("Watch {name} live, and buy what you see."),
    };
    let url = format!("{}/", settings.public_url);
    Ok(Head {
        language: language.clone(),
        site: name.clone(),
        data: json!({"@context": "https://schema.org", "@type": "Store", "name": name, "url": url}),
        title: name,
        description,
        url,
        kind: "website",
        picture: None,
        price: None,
    })
}

/// One line of at most [`DESCRIPTION_CHARS`] characters.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= DESCRIPTION_CHARS {
        return line;
    }
    let mut cut: String = line.chars().take(DESCRIPTION_CHARS - 1).collect();
    cut.push('…');
    cut
}

/// For text and for attributes in double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// JSON that can stand in a script element: nothing in it ends the element or opens a comment.
fn in_script(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

impl Head {
    fn html(&self) -> String {
        let mut out = String::with_capacity(2_048);
        let mut line = |text: std::fmt::Arguments<'_>| {
            // Writing to a String cannot fail.
            let _written = writeln!(out, "    {text}");
        };
        let (title, description, url) = (escaped(&self.title), escaped(&self.description), escaped(&self.url));
        let site = escaped(&self.site);
        let full = if self.title == self.site { site.clone() } else { format!("{title} · {site}") };
        line(format_args!("<title>{full}</title>"));
        line(format_args!("<meta name=\"description\" content=\"{description}\" />"));
        line(format_args!("<link rel=\"canonical\" href=\"{url}\" />"));
        let mut property = |name: &str, content: &str| {
            line(format_args!("<meta property=\"{name}\" content=\"{content}\" />"));
        };
        property("og:site_name", &site);
        property("og:type", self.kind);
        property("og:title", &title);
        property("og:description", &description);
        property("og:url", &url);
        property("og:locale", if self.language.as_str() == "zh" { "zh_CN" } else { "en_US" });
        if let Some(picture) = &self.picture {
            property("og:image", &escaped(&picture.url));
            property("og:image:alt", &escaped(&picture.alt));
            property("og:image:width", &picture.width.to_string());
            property("og:image:height", &picture.height.to_string());
        }
        if let Some((price, left)) = self.price {
            property("product:price:amount", &price.decimal());
            property("product:price:currency", price.currency.as_str());
            property("product:availability", if left { "in stock" } else { "out of stock" });
        }
        let mut named = |name: &str, content: &str| {
            line(format_args!("<meta name=\"{name}\" content=\"{content}\" />"));
        };
        named("twitter:card", if self.picture.is_some() { "summary_large_image" } else { "summary" });
        named("twitter:title", &title);
        named("twitter:description", &description);
        if let Some(picture) = &self.picture {
            named("twitter:image", &escaped(&picture.url));
        }
        line(format_args!("<script type=\"application/ld+json\">{}</script>", in_script(&self.data)));
        out
    }

    /// The page's file with this head in it, in place of its own title.
    pub(crate) fn written_into(&self, page: &str) -> String {
        put(page, &self.language, &self.html())
    }
}

/// The page's file for an address at which nothing is: the page itself says so, crawlers are told here.
pub(crate) fn nothing_here(page: &str, language: &Language) -> String {
    let (title, _) = app::problem::texts::text(Code::NotFound, language);
    put(page, language, &format!("    <title>{title}</title>\n    <meta name=\"robots\" content=\"noindex\" />\n"))
}

fn put(page: &str, language: &Language, head: &str) -> String {
    let own_title = page.find("<title>").zip(page.find("</title>").map(|end| end + "</title>".len()));
    let without = match own_title {
        Some((start, end)) if start < end => format!("{}{}", &page[..start], &page[end..]),
        _ => page.to_owned(),
    };
    let speaking = without.replacen("<html lang=\"en\"", &format!("<html lang=\"{language}\""), 1);
    speaking.replacen("<!--head-->", head.trim_start(), 1)
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::*;

    fn hostile() -> Head {
        let text = "</title><script>alert(\"1\")</script> & 'belt'";
        Head {
            language: Language::chinese(),
            site: "Maison".into(),
            title: text.into(),
            description: text.into(),
            url: "https://shop.example/products/1".into(),
            kind: "product",
            picture: None,
            price: Some((Money::new(19_800, Currency::JPY), false)),
            data: json!({"name": text}),
        }
    }

    #[test]
    fn nothing_that_people_wrote_becomes_markup() {
        let page = "<html lang=\"en\"><head><!--head--><title>Product</title></head></html>";
        let page = hostile().written_into(page);
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert_eq!(page.matches("</script").count(), 1, "{page}");
        assert_eq!(page.matches("</title").count(), 1, "{page}");
        assert!(page.starts_with("<html lang=\"zh\"><head><title>&lt;/title&gt;"), "{page}");
        assert!(page.contains(
            "content=\"&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;belt&#39;\""
        ));
        assert!(page.contains("\"product:price:amount\" content=\"19800\""), "{page}");
        assert!(!page.contains(">Product<"), "the file's own title goes");
    }

    #[test]
    fn a_description_is_one_short_line() {
        let check = |text: &str, expected: &str| assert_eq!(one_line(text), expected);
        check(" Full-grain\n\n leather. ", "Full-grain leather.");
        assert_eq!(one_line(&"皮".repeat(300)).chars().count(), DESCRIPTION_CHARS);
    }
}
