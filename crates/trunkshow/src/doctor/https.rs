//! Whether browsers can speak HTTPS to the house, and for how long.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use kernel::{Millis, Timestamp};
use links::certificates::{Acme, Certificate, HouseAuthority};

use super::{Finding, address};
use crate::config::{Config, Tls};
use crate::https;

/// A certificate of the operator's own is to be renewed when less is left.
const SOON: Millis = Millis::from_days(14);

pub(super) fn look(config: &Config, now: Timestamp, holder: Option<u32>) -> Vec<Finding> {
    let folder = https::folder(&config.data);
    let found = match config.tls {
        Tls::Off => return vec![off(config)],
        Tls::Files => match https::source(config, config.https) {
            Err(error) => Finding::fail("tls", error.to_string(), "name both files, or choose another way with --tls"),
            Ok(_) => files(config, now),
        },
        Tls::Local => local(config, &folder, now),
        Tls::Acme => match https::source(config, config.https) {
            Err(error) => Finding::fail("tls", error.to_string(), "set tls_names to the public name of this machine"),
            Ok(_) => acme(config, &folder, now),
        },
    };
    vec![address::look("https", config.https, holder), found]
}

fn off(config: &Config) -> Finding {
    if config.public_url.starts_with("https://") {
        return Finding::ok("tls", "off: a proxy speaks HTTPS, as public_url says");
    }
    let found = "off: browsers on other machines give no page their camera";
    if config.http.ip().is_loopback() && config.public_url.is_empty() {
        return Finding::ok("tls", "off; this machine's own browsers need none");
    }
    Finding::warn(
        "tls",
        found,
        "in a network of your own --tls local; with a public name --tls acme --tls-names shop.example; or a proxy with a \
         certificate, and its address in public_url",
    )
}

fn files(config: &Config, now: Timestamp) -> Finding {
    let (file, key) = (&config.tls_certificate_file, &config.tls_key_file);
    let own = match Certificate::read(file, key) {
        Err(error) => {
            return Finding::fail("tls", error.to_string(), "correct it; a house that runs looks again by itself");
        }
        Ok(own) => own,
    };
    let what = format!("{}, for {}", file.display(), own.names.join(", "));
    if let Some(ended) = over(&own, now, &what) {
        return ended;
    }
    if let Some(name) = https::said_names(config).iter().find(|name| !own.covers(name)) {
        let advice = "get a certificate that names it, or correct public_url and tls_names";
        return Finding::fail("tls", format!("{what}: browsers that ask for {name} refuse it"), advice);
    }
    if own.ends - now < SOON {
        let found = format!("{what}, ends {}", own.ends);
        return Finding::warn("tls", found, "renew it; the house reads the files again when they change");
    }
    match fs::metadata(key) {
        Ok(about) if about.permissions().mode() & 0o077 != 0 => Finding::warn(
            "tls",
            format!("others on this machine may read {}", key.display()),
            format!("chmod 600 {}", key.display()),
        ),
        _ => Finding::ok("tls", format!("{what}, until {}", own.ends)),
    }
}

/// Where it cannot be shown any more, or not yet.
fn over(own: &Certificate, now: Timestamp, what: &str) -> Option<Finding> {
    if own.ends <= now {
        return Some(Finding::fail("tls", format!("{what}: it ended {}", own.ends), "put a renewed one in its place"));
    }
    (own.begins > now).then(|| {
        Finding::fail("tls", format!("{what}: it begins {}", own.begins), "wait, or look at this machine's clock")
    })
}

fn local(config: &Config, folder: &Path, now: Timestamp) -> Finding {
    let (file, key) = HouseAuthority::leaf(folder);
    let names = https::local_names(config, config.https).join(", ");
    let Ok(own) = Certificate::read(&file, &key) else {
        return Finding::ok(
            "tls",
            format!("local: the house makes an authority of its own at its first start, for {names}"),
        );
    };
    if own.ends <= now {
        return Finding::warn(
            "tls",
            format!("local: it ended {}", own.ends),
            "start the house, which makes another one",
        );
    }
    let how = "phones trust it by the page /trust, to which the desk's code leads";
    Finding::ok("tls", format!("local: for {}, until {}; {how}", own.names.join(", "), own.ends))
}

fn acme(config: &Config, folder: &Path, now: Timestamp) -> Finding {
    let (file, key) = Acme::pair(folder);
    let names = https::said_names(config).join(", ");
    let advice = format!(
        "see that port 443 of {names} leads to {}, and that its name leads to this machine; it is asked again by itself",
        config.https
    );
    let kept = Certificate::read(&file, &key).ok();
    let good = kept.filter(|own| own.ends > now && https::said_names(config).iter().all(|name| own.covers(name)));
    match (good, Acme::last_failure(folder)) {
        (Some(own), None) => Finding::ok("tls", format!("acme: for {names}, until {}", own.ends)),
        (Some(own), Some(last)) => {
            let found = format!("acme: for {names}, until {}; not renewed on {}: {}", own.ends, last.at, last.said);
            Finding::warn("tls", found, advice)
        }
        (None, Some(last)) => {
            let found = format!("acme: {} gave none on {}: {}", config.acme_url, last.at, last.said);
            Finding::fail("tls", found, advice)
        }
        (None, None) => {
            Finding::ok("tls", format!("acme: {} is asked for {names} at the first start", config.acme_url))
        }
    }
}
