//! Who buys: a name, and one way to be reached. Personal: it lies in a side row that can be erased.

use kernel::Language;
use serde::{Deserialize, Serialize};

use crate::address::{Address, tidy};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    pub name: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
}

/// What an order's side row holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    pub contact: Contact,
    pub address: Address,
    /// The language in which the buyer is written to.
    pub language: Language,
}

/// A field of the contact that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactFault {
    NameMissing,
    NameTooLong,
    /// Neither e-mail nor phone.
    NoWayToReach,
    Email,
    Phone,
}

pub const MAX_NAME: usize = 100;

/// The contact as it is kept: tidied, the e-mail in lower case, the phone as digits with its `+`. A phone alone will
/// do, and so will an e-mail.
pub fn check(contact: &Contact) -> Result<Contact, Vec<ContactFault>> {
    let mut faults = Vec::new();
    let name = tidy(&contact.name);
    if name.is_empty() {
        faults.push(ContactFault::NameMissing);
    } else if name.chars().count() > MAX_NAME {
        faults.push(ContactFault::NameTooLong);
    }
    let given =
        |field: &Option<String>| field.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let (email, phone) = (given(&contact.email), given(&contact.phone));
    if email.is_none() && phone.is_none() {
        faults.push(ContactFault::NoWayToReach);
    }
    let read = |text: Option<String>, reader: fn(&str) -> Option<String>| match text {
        None => Ok(None),
        Some(text) => reader(&text).map(Some).ok_or(()),
    };
    let email = read(email, read_email).unwrap_or_else(|()| {
        faults.push(ContactFault::Email);
        None
    });
    let phone = read(phone, read_phone).unwrap_or_else(|()| {
        faults.push(ContactFault::Phone);
        None
    });
    if faults.is_empty() { Ok(Contact { name, email, phone }) } else { Err(faults) }
}

/// An address that mail can be sent to, in lower case; whether it exists, only a letter shows.
#[must_use]
pub fn read_email(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;:\"()".contains(c))
    };
    let labels_ok =
        domain.split('.').count() >= 2 && domain.split('.').all(|label| !label.is_empty() && label.len() <= 63);
    let fits = local.len() <= 64 && text.len() <= 254;
    (plain(local) && !local.contains('@') && plain(domain) && labels_ok && fits).then(|| text.to_lowercase())
}

/// A phone number, 6 to 15 digits with or without its `+` (ITU-T E.164 allows 15), written in any usual way; `00` in
/// front is a `+`.
#[must_use]
pub fn read_phone(text: &str) -> Option<String> {
    let abroad = text.strip_prefix('+').or_else(|| text.strip_prefix("00"));
    let (plus, rest) = abroad.map_or(("", text), |rest| ("+", rest));
    let usual = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.' | '/');
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (rest.chars().all(usual) && (6..=15).contains(&digits.len())).then(|| format!("{plus}{digits}"))
}

/// What stays the same however a contact is written: for limits that count people. Mail to `ann+2@example.com` reaches
/// `ann@example.com`, and Gmail reads no dots; `0033…` is `+33…`.
#[must_use]
pub fn known_by(contact: &Contact) -> Vec<String> {
    let mail = contact.email.as_deref().and_then(|text| text.rsplit_once('@')).map(|(local, domain)| {
        let (local, domain) = (local.to_lowercase(), domain.to_lowercase());
        let local = local.split('+').next().unwrap_or_default();
        match domain.as_str() {
            "gmail.com" | "googlemail.com" => format!("mail:{}@gmail.com", local.replace('.', "")),
            domain => format!("mail:{local}@{domain}"),
        }
    });
    let phone = contact.phone.as_deref().map(|text| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        format!("phone:{}", digits.trim_start_matches('0'))
    });
    mail.into_iter().chain(phone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buyer_is_known_again_however_the_contact_is_written() {
        let check = |email: Option<&str>, phone: Option<&str>, expected: &[&str]| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let contact = Contact { name: "Ann".into(), email: own(email), phone: own(phone) };
            assert_eq!(known_by(&contact), expected, "{email:?} {phone:?}");
        };
        check(None, None, &[]);
        check(Some("ann+drops@example.com"), None, &["mail:ann@example.com"]);
        check(Some("A.nn.+2@googlemail.com"), None, &["mail:ann@gmail.com"]);
        check(Some("a.nn@example.com"), Some("+33612345678"), &["mail:a.nn@example.com", "phone:33612345678"]);
        check(None, Some("0033612345678"), &["phone:33612345678"]);
    }

    #[test]
    fn a_phone_alone_will_do() {
        let check = |name: &str,
                     email: Option<&str>,
                     phone: Option<&str>,
                     expected: Result<(Option<&str>, Option<&str>), &[ContactFault]>| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let found = check(&Contact { name: name.into(), email: own(email), phone: own(phone) });
            let expected = expected.map(|(email, phone)| (own(email), own(phone))).map_err(<[_]>::to_vec);
            assert_eq!(found.map(|c| (c.email, c.phone)), expected, "{name:?} {email:?} {phone:?}");
        };
        check("王芳", None, Some("+86 138-0013-8000"), Ok((None, Some("+8613800138000"))));
        check("Ann", Some(" Ann@Example.COM "), None, Ok((Some("ann@example.com"), None)));
        check("Zoé", None, Some("0033 6 12 34 56 78"), Ok((None, Some("+33612345678"))));
        check("Ann", Some(""), Some("(020) 7946 0000"), Ok((None, Some("02079460000"))));
        check(" ", None, None, Err(&[ContactFault::NameMissing, ContactFault::NoWayToReach]));
        check("Ann", Some("ann@localhost"), None, Err(&[ContactFault::Email]));
        check("Ann", Some("a b@example.com"), Some("12345"), Err(&[ContactFault::Email, ContactFault::Phone]));
        check("Ann", Some("ann@example..com"), None, Err(&[ContactFault::Email]));
        check("Ann", None, Some("call me"), Err(&[ContactFault::Phone]));
        check(&"x".repeat(MAX_NAME + 1), None, Some("123456"), Err(&[ContactFault::NameTooLong]));
    }
}
