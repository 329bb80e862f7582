//! The language to answer in: `?lang=`, else `Accept-Language`, else English.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use kernel::Language;

use crate::problem::told;

/// The language that the reader asked for.
#[derive(Clone, Debug)]
pub(crate) struct Reader(pub(crate) Language);

fn asked(query: Option<&str>, accept: Option<&str>) -> Language {
    let from_query = query
        .into_iter()
        .flat_map(|query| query.split('&'))
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(|tag| tag.parse().ok());
    // Browsers list the preferred language first; weights beyond the order are rare enough to leave out.
    let from_header =
        || accept?.split(',').find_map(|tag| tag.split(';').next()?.trim().split('-').next()?.parse().ok());
    from_query.or_else(from_header).unwrap_or_else(Language::english)
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accept = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self(asked(parts.uri.query(), accept)))
    }
}

/// The layer that turns a refusal into a sentence.
pub(crate) async fn tell(Reader(language): Reader, request: Request, next: Next) -> Response {
    told(next.run(request).await, &language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_goes_before_the_header() {
        let check = |query, accept, expected: &str| assert_eq!(asked(query, accept).as_str(), expected);
        check(None, None, "en");
        check(None, Some("zh-CN,zh;q=0.9,en;q=0.8"), "zh");
        check(Some("a=1&lang=en"), Some("zh"), "en");
        check(Some("lang=%%"), Some("*"), "en");
    }
}
