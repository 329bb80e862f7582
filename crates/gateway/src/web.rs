//! The pages and their assets, embedded from the web build.
//!
//! An asset's name holds a hash of its content, so it never changes and is cached for a year; a page is asked for anew
//! each time. Where the build left a `.gz` beside a file, browsers that take it get that. Pages that are shared get what
//! they show into their head first, see [`crate::share`].

use std::hash::{DefaultHasher, Hash, Hasher};

use app::Code;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::Refused;
use crate::share;
use crate::state::Gateway;

/// Stands in for every page where the web build was left out.
const UNBUILT: &str = include_str!("unbuilt.html");

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Build;

/// The page file that answers at an address; pages of one kind share a file and read the rest of the address themselves.
fn entry(path: &str) -> Option<&'static str> {
    let mut parts = path.trim_matches('/').split('/');
    Some(match (parts.next().unwrap_or(""), parts.next()) {
        ("", None) => "home.html",
        ("shows", Some(_)) => "show.html",
        ("products", Some(_)) => "product.html",
        ("search", None) => "search.html",
        ("basket", None) => "basket.html",
        ("checkout", None) => "checkout.html",
        ("orders", Some(_)) => "order.html",
        ("account", _) => "account.html",
        ("sandbox", Some("pay")) => "sandbox.html",
        ("camera", Some(_)) => "camera.html",
        ("studio", _) => "studio.html",
        ("office", _) => "office.html",
        ("sign-in", None) => "sign-in.html",
        ("setup", None) => "setup.html",
        ("invitation", None) => "invitation.html",
        ("withdraw", None) => "withdraw.html",
        _ => return None,
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "webp" => "image/webp",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"))
}

fn tag(file: &EmbeddedFile) -> String {
    let digits: String = file.metadata.sha256_hash()[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// What the browser has already, by its tag.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(tag))
}

fn serve(name: &str, headers: &HeaderMap) -> Option<Response> {
    let packed = takes_gzip(headers).then(|| Build::get(&format!("{name}.gz"))).flatten();
    let gzip = packed.is_some();
    let file = packed.or_else(|| Build::get(name))?;
    let tag = tag(&file);
    let caching = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut answer: Vec<(HeaderName, HeaderValue)> = vec![
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type(name))),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    answer.extend(HeaderValue::from_str(&tag).map(|value| (header::ETAG, value)));
    if gzip {
        answer.push((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")));
    }
    let known = is_known(headers, &tag);
    let answer = HeaderMap::from_iter(answer);
    Some(if known { (StatusCode::NOT_MODIFIED, answer).into_response() } else { (answer, file.data).into_response() })
}

/// The text of a page's file.
fn text_of(name: &str) -> Option<String> {
    let file = Build::get(name)?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// A page made for this reader. It is a few kilobytes, so it goes out as it is; its tag is that of what it says.
fn written(status: StatusCode, page: String, headers: &HeaderMap) -> Response {
    let mut hasher = DefaultHasher::new();
    page.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let mut answer = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type("page.html"))),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("accept-language, cookie")),
    ]);
    answer.extend(HeaderValue::from_str(&tag).map(|value| (header::ETAG, value)));
    if status == StatusCode::OK && is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, answer).into_response();
    }
    (status, answer, page).into_response()
}

/// Whether a browser asks for a page, rather than a program or a page for its data.
fn is_read_by_a_person(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let wants_a_page =
        headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"));
    *method == Method::GET
        && wants_a_page
        && !["/api/", "/air/", "/replays/", "/media/"].iter().any(|start| path.starts_with(start))
}

/// A page or asset by its address; everything else is not here. A page about a thing that is not here says so itself, under
/// the status that crawlers and caches read.
pub(crate) async fn page(
    State(gateway): State<Gateway>,
    Reader(language): Reader,
    request: Request,
) -> Result<Response, Refused> {
    let (mut parts, _body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let Some(name) = entry(&path) else {
        if let Some(file) = serve(path.trim_start_matches('/'), &parts.headers) {
            return Ok(file);
        }
        if !is_read_by_a_person(&parts.method, &path, &parts.headers) {
            return Err(Code::NotFound.into());
        }
        let file = text_of("missing.html").unwrap_or_else(|| UNBUILT.to_owned());
        return Ok(written(StatusCode::NOT_FOUND, share::nothing_here(&file, &language), &parts.headers));
    };
    if !share::tells_of(name) {
        let plain = || written(StatusCode::OK, UNBUILT.to_owned(), &parts.headers);
        return Ok(serve(name, &parts.headers).unwrap_or_else(plain));
    }
    let Caller(actor) = Caller::from_request_parts(&mut parts, &gateway).await?;
    let file = text_of(name).unwrap_or_else(|| UNBUILT.to_owned());
    let (status, page) = match share::head(&gateway, &actor, &language, &path).await {
        Ok(head) => (StatusCode::OK, head.written_into(&file)),
        Err(problem) if problem.code == Code::NotFound => {
            (StatusCode::NOT_FOUND, share::nothing_here(&file, &language))
        }
        Err(problem) => return Err(problem.into()),
    };
    Ok(written(status, page, &parts.headers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_file() {
        let check = |path, expected| assert_eq!(entry(path), expected, "{path}");
        check("/", Some("home.html"));
        check("/shows/01ARZ3NDEKTSV4RRFFQ69G5FAV", Some("show.html"));
        check("/office/orders/1", Some("office.html"));
        check("/camera/01ARZ3NDEKTSV4RRFFQ69G5FAV", Some("camera.html"));
        check("/sandbox/pay/x", Some("sandbox.html"));
        check("/orders", None);
        check("/assets/a.js", None);
        check("/api/v1/nothing", None);
    }
}
