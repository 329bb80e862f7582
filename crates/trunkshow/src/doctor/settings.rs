//! The settings in effect, where they differ from the defaults.

use toml::{Table, Value};

use super::Finding;
use crate::config::{Config, DEFAULT, Overrides};

pub(super) fn look(config: &Config, overrides: &Overrides) -> Vec<Finding> {
    let defaults: Table = DEFAULT.parse().unwrap_or_default();
    let effective = Table::try_from(config).unwrap_or_default();
    let changed: Vec<String> = effective
        .iter()
        .filter(|(key, value)| defaults.get(*key) != Some(value))
        .map(|(key, value)| format!("{key} = {}", shown(value)))
        .collect();
    let from = overrides.config.as_ref().map_or_else(String::new, |file| format!(" (file {})", file.display()));
    let mut findings = vec![Finding::ok(
        "settings",
        if changed.is_empty() { format!("the defaults{from}") } else { format!("{}{from}", changed.join(", ")) },
    )];
    let local = config.http.ip().is_loopback();
    if !local && config.public_url.is_empty() && config.tls_names.is_empty() {
        findings.push(Finding::warn(
            "public_url",
            "empty, so links in mails and share cards name the listening address",
            "set it to how browsers reach the house: --public-url https://shop.example",
        ));
    }
    if config.public_url.starts_with("http://") && !local {
        findings.push(Finding::warn(
            "public_url",
            "without TLS, so passwords and orders cross the network in the clear",
            "put a proxy with a certificate before the house, and say https:// here",
        ));
    }
    findings
}

/// Passwords in addresses stay unsaid.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((before, host))) if before.contains(scheme) => format!("{scheme}://…@{host}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        let check = |text: &str, expected: &str| assert_eq!(shown(&Value::String(text.into())), expected);
        check("postgres://house:secret@db/house", "\"postgres://…@db/house\"");
        check("https://shop.example", "\"https://shop.example\"");
        check("Maison <shop@example.com>", "\"Maison <shop@example.com>\"");
    }
}
