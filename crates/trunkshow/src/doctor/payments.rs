//! Whether payments can be taken.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::Finding;
use crate::config::{Config, PaymentProvider};
use crate::payments::{key, webhook_secrets};

const WHAT: &str = "payments";

pub(super) fn look(config: &Config) -> Vec<Finding> {
    if config.payments == PaymentProvider::Sandbox {
        return vec![Finding::ok(WHAT, "sandbox: no money moves")];
    }
    let mut findings = Vec::new();
    for (error, file) in [
        (key(config).err(), &config.stripe_key_file),
        (webhook_secrets(config).err(), &config.stripe_webhook_secret_file),
    ] {
        if let Some(error) = error {
            let advice = "copy it from Stripe's dashboard into a file of its own, chmod 600, and name the file";
            findings.push(Finding::fail(WHAT, error.to_string(), advice));
        }
        findings.extend(open_to_others(file));
    }
    if !config.public_url.starts_with("https://") {
        findings.push(Finding::warn(
            WHAT,
            "Stripe sends buyers back, and its messages, to public_url, which is not https://",
            "set it to how browsers reach the house: --public-url https://shop.example",
        ));
    }
    if config.stripe_methods.is_empty() {
        findings.push(Finding::fail(WHAT, "no way to pay", "name some: --stripe-methods card"));
    }
    if findings.is_empty() {
        let methods: Vec<&str> = config.stripe_methods.iter().map(|method| method.as_str()).collect();
        findings.push(Finding::ok(WHAT, format!("Stripe: {}", methods.join(", "))));
    }
    findings
}

fn open_to_others(file: &Path) -> Option<Finding> {
    let mode = fs::metadata(file).ok()?.permissions().mode() & 0o777;
    let advice = format!("chmod 600 {}", file.display());
    (mode & 0o077 != 0)
        .then(|| Finding::warn(WHAT, format!("others can read {} (mode {mode:o})", file.display()), advice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use crate::doctor::Verdict;

    #[test]
    fn each_thing_that_is_missing_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str, mode: u32| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
            Some(path)
        };
        let check = |over: Overrides, worst: Verdict, says: &str| {
            let over = Overrides { public_url: Some("https://shop.example".into()), ..over };
            let findings = look(&Config::load(&over).expect("loads"));
            let found = findings.iter().map(|finding| finding.verdict).max();
            assert_eq!(found, Some(worst), "{findings:?}");
            let text: Vec<String> = findings.iter().map(ToString::to_string).collect();
            assert!(text.iter().any(|line| line.contains(says)), "{says} in {text:?}");
            assert!(!text.iter().any(|line| line.contains("_live_")), "no secret is shown: {text:?}");
        };
        let stripe = || Overrides { payments: Some("stripe".into()), ..Overrides::default() };
        let key = file("key", "sk_live_abc\n", 0o600);
        let hook = file("hook", "whsec_live_one\nwhsec_live_two\n", 0o600);
        check(Overrides::default(), Verdict::Ok, "sandbox");
        check(stripe(), Verdict::Fail, "stripe_key_file is empty");
        check(
            Overrides { stripe_key_file: key.clone(), ..stripe() },
            Verdict::Fail,
            "stripe_webhook_secret_file is empty",
        );
        let both = || Overrides { stripe_key_file: key.clone(), stripe_webhook_secret_file: hook.clone(), ..stripe() };
        check(both(), Verdict::Ok, "Stripe: card");
        check(
            Overrides { stripe_key_file: hook.clone(), ..both() },
            Verdict::Fail,
            "holds no line that begins with sk_",
        );
        check(Overrides { stripe_key_file: Some("/nowhere".into()), ..both() }, Verdict::Fail, "/nowhere");
        let shown = file("shown", "sk_live_abc", 0o644);
        check(Overrides { stripe_key_file: shown, ..both() }, Verdict::Warn, "others can read");
    }
}
