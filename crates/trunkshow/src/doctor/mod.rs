//! `trunkshow doctor`: whether a house can run well here, line by line, in plain words.

mod address;
mod data;
mod https;
mod machine;
mod payments;
mod recording;
mod rows;
mod settings;

use std::fmt;

use app::ports::Clock;

use crate::clock::SystemClock;
use crate::config::{Config, Overrides};
use crate::folder;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Ok,
    /// It runs, but not as well as it could.
    Warn,
    /// It would not start, or lose something.
    Fail,
}

/// One line of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    verdict: Verdict,
    what: &'static str,
    found: String,
    /// What to do next; nothing where it is well.
    advice: Option<String>,
}

impl Finding {
    fn ok(what: &'static str, found: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, what, found: found.into(), advice: None }
    }

    fn warn(what: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warn, what, found: found.into(), advice: Some(advice.into()) }
    }

    fn fail(what: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, what, found: found.into(), advice: Some(advice.into()) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "FAIL",
        };
        write!(f, "{verdict:<5} {:<12} {}", self.what, self.found)?;
        self.advice.as_ref().map_or(Ok(()), |advice| write!(f, "\n{:<18} → {advice}", ""))
    }
}

/// Looks at everything and prints what was found; says whether nothing fails.
pub(crate) async fn run(overrides: &Overrides) -> bool {
    let config = match Config::load(overrides) {
        Ok(config) => config,
        Err(error) => {
            println!(
                "{}",
                Finding::fail("settings", error.to_string(), "correct it; `trunkshow config` prints them all")
            );
            return false;
        }
    };
    let mut worst = Verdict::Ok;
    for finding in look(&config, overrides).await {
        worst = worst.max(finding.verdict);
        println!("{finding}");
    }
    match worst {
        Verdict::Ok => println!("\nAll is well."),
        Verdict::Warn => println!("\nThe house runs here; the lines marked `warn` say what would be better."),
        Verdict::Fail => println!("\nThe house does not run well here until the lines marked `FAIL` are dealt with."),
    }
    worst < Verdict::Fail
}

async fn look(config: &Config, overrides: &Overrides) -> Vec<Finding> {
    let holder = folder::holder(&config.data);
    let mut findings = settings::look(config, overrides);
    findings.push(address::look("http", config.http, holder));
    findings.extend(https::look(config, SystemClock.now(), holder));
    findings.push(address::look("rtmp", config.rtmp, holder));
    let others = !config.http.ip().is_loopback() || !config.public_url.is_empty();
    findings.push(address::webrtc(config.webrtc, !config.public_webrtc.is_empty(), others, holder));
    findings.extend(data::look(&config.data));
    findings.push(rows::look(config).await);
    findings.extend(payments::look(config));
    findings.push(recording::look(config).await);
    findings.push(machine::clock(&config.data));
    findings.push(machine::files());
    findings.push(machine::ffmpeg().await);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_new_house_on_free_ports_does_not_fail() {
        let folder = tempfile::tempdir().expect("a folder");
        let over = Overrides {
            data: Some(folder.path().join("new")),
            http: Some(([127, 0, 0, 1], 0).into()),
            rtmp: Some(([127, 0, 0, 1], 0).into()),
            webrtc: Some(([127, 0, 0, 1], 0).into()),
            ..Overrides::default()
        };
        let config = Config::load(&over).expect("loads");
        let findings = look(&config, &over).await;
        let failing: Vec<_> = findings.iter().filter(|finding| finding.verdict == Verdict::Fail).collect();
        assert!(failing.is_empty(), "{failing:?}");
        for what in [
            "http",
            "tls",
            "rtmp",
            "webrtc",
            "data",
            "disk",
            "sync",
            "database",
            "payments",
            "recording",
            "clock",
            "open files",
            "ffmpeg",
            "settings",
        ] {
            assert!(findings.iter().any(|finding| finding.what == what), "{what} was not looked at");
        }
        assert!(!folder.path().join("new").exists(), "looking leaves nothing behind");
    }

    #[tokio::test]
    async fn a_port_in_use_and_a_newer_database_fail_with_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder::database(folder.path()), "not a database").expect("written");
        let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let over = Overrides {
            data: Some(folder.path().to_owned()),
            http: Some(taken.local_addr().expect("its address")),
            rtmp: Some(([127, 0, 0, 1], 0).into()),
            webrtc: Some(([127, 0, 0, 1], 0).into()),
            ..Overrides::default()
        };
        let config = Config::load(&over).expect("loads");
        let findings = look(&config, &over).await;
        let failing: Vec<&str> =
            findings.iter().filter(|finding| finding.verdict == Verdict::Fail).map(|finding| finding.what).collect();
        assert_eq!(failing, ["http", "database"], "{findings:?}");
        assert!(findings.iter().filter(|finding| finding.verdict != Verdict::Ok).all(|f| f.advice.is_some()));
    }
}
