//! Letters to people who come in.

use kernel::Language;

use super::Letter;
use crate::Role;

/// What is said in the reader's language, English where there is no other.
#[derive(Clone, Debug)]
pub(crate) struct Writer<'a> {
    /// The house's name.
    pub(crate) house: &'a str,
    pub(crate) language: &'a Language,
}

impl Writer<'_> {
    fn say(&self, english: impl Into<String>, chinese: impl Into<String>) -> String {
        if self.language.as_str().starts_with("zh") { chinese.into() } else { english.into() }
    }

    fn letter(&self) -> Letter {
        Letter { from: self.house.to_owned(), ..Letter::default() }
    }

    pub(crate) fn invitation(&self, inviter: &str, role: Role, url: String) -> Letter {
        let (house, role) = (self.house, self.role(role));
        Letter {
            subject: self.say(format!("{house} invites you"), format!("{house} 邀请您加入")),
            paragraphs: vec![self.say(
                format!("{inviter} invites you to {house} as {role}. The link holds for 7 days, and works once."),
                format!("{inviter} 邀请您以{role}身份加入 {house}。链接 7 天内有效，仅限一次。"),
            )],
            links: vec![(self.say("Choose a password", "设置密码"), url)],
            ..self.letter()
        }
    }

    fn role(&self, role: Role) -> String {
        match role {
            Role::Owner => self.say("owner", "所有者"),
            Role::Merchant => self.say("merchant", "商家"),
            Role::Host => self.say("host", "主播"),
            Role::Assistant => self.say("assistant", "助理"),
            Role::Fulfilment => self.say("fulfilment", "发货员"),
        }
    }
}
