//! The two cookies: a session and a viewer's token. Both HttpOnly, SameSite=Lax, Secure where the house is on HTTPS.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::state::Settings;

pub(crate) const SESSION: &str = "ts_session";
pub(crate) const VIEWER: &str = "ts_viewer";

/// The value of a cookie of the request.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A `Set-Cookie` value; `max_age_secs` 0 removes the cookie.
pub(crate) fn set(settings: &Settings, name: &str, value: &str, max_age_secs: i64) -> Option<HeaderValue> {
    let secure = if settings.https() { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_secs}{secure}"))
        .ok()
}
