//! The opening handshake (RFC 6455, section 4.2) and what is agreed on in it.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What every server appends to the key before it is hashed.
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Both sides begin every message anew, so that one compression serves everybody and nothing is kept for a connection.
const DEFLATE: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// A handshake that can be answered.
#[derive(Debug)]
pub(crate) struct Agreed {
    accept: HeaderValue,
    /// Messages may be compressed, either way.
    pub(crate) deflate: bool,
}

/// None where the request asks for no WebSocket, or for one of another version.
pub(crate) fn agree(headers: &HeaderMap) -> Option<Agreed> {
    let is = |name: HeaderName, expected: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|token| token.trim().eq_ignore_ascii_case(expected))
    };
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
    let whole = STANDARD.decode(key).is_ok_and(|key| key.len() == 16);
    let asked = is(header::CONNECTION, "upgrade") && is(header::UPGRADE, "websocket");
    if !asked || !whole || headers.get(header::SEC_WEBSOCKET_VERSION)?.as_bytes() != b"13" {
        return None;
    }
    let hashed = digest(&SHA1_FOR_LEGACY_USE_ONLY, &[key.as_bytes(), MAGIC.as_bytes()].concat());
    let accept = HeaderValue::try_from(STANDARD.encode(hashed)).ok()?;
    let offers = headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS).iter().filter_map(|value| value.to_str().ok());
    let deflate = offers.flat_map(|value| value.split(',')).any(can_deflate);
    Some(Agreed { accept, deflate })
}

/// Whether an offer is one that [`DEFLATE`] answers. A window smaller than ours cannot be promised.
fn can_deflate(offer: &str) -> bool {
    let mut parts = offer.split(';').map(str::trim);
    if parts.next() != Some("permessage-deflate") {
        return false;
    }
    let mut named = Vec::new();
    parts.all(|part| {
        let (name, value) = part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value)));
        let once = !named.contains(&name);
        named.push(name);
        let window = |value: &str| value.trim_matches('"').parse().is_ok_and(|bits: u8| (8..=15).contains(&bits));
        once && match name {
            "server_no_context_takeover" | "client_no_context_takeover" => value.is_none(),
            "client_max_window_bits" => value.is_none_or(window),
            "server_max_window_bits" => value.is_some_and(|value| value.trim_matches('"') == "15"),
            _ => false,
        }
    })
}

impl Agreed {
    /// 101; what follows is the socket.
    pub(crate) fn response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, self.accept);
        if self.deflate {
            headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_static(DEFLATE));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(change: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let usual = [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "WebSocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        for (name, value) in usual.iter().chain(change) {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_handshake_is_answered_as_the_rfc_says() {
        let agreed = agree(&request(&[])).expect("a WebSocket");
        assert_eq!((agreed.accept.as_bytes(), agreed.deflate), (&b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="[..], false));
        for change in [
            ("connection", "close"),
            ("upgrade", "h2c"),
            ("sec-websocket-version", "8"),
            ("sec-websocket-key", "c2hvcnQ="),
            ("sec-websocket-key", "not base64 at all!!!!!!!"),
        ] {
            assert!(agree(&request(&[change])).is_none(), "{change:?}");
        }
    }

    #[test]
    fn compression_is_agreed_on_where_the_offer_allows_it() {
        let check = |offer: &'static str, expected: bool| {
            let agreed = agree(&request(&[("sec-websocket-extensions", offer)])).expect("a WebSocket");
            assert_eq!(agreed.deflate, expected, "{offer}");
        };
        check("permessage-deflate", true);
        check("permessage-deflate; client_max_window_bits", true);
        check("permessage-deflate; client_max_window_bits=10; server_no_context_takeover", true);
        check("permessage-deflate; server_max_window_bits=10, permessage-deflate", true);
        check("permessage-deflate; server_max_window_bits=15", true);
        check("permessage-deflate; server_max_window_bits=10", false);
        check("permessage-deflate; client_max_window_bits=16", false);
        check("permessage-deflate; server_no_context_takeover; server_no_context_takeover", false);
        check("permessage-deflate; something_new", false);
        check("x-webkit-deflate-frame", false);
    }
}
