//! Letters to people who come in: a sign-in link, a code for a phone, an invitation.

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
        if self.language.is_chinese() { chinese.into() } else { english.into() }
    }

    fn letter(&self) -> Letter {
        Letter { from: self.house.to_owned(), ..Letter::default() }
    }

    /// A link that signs a buyer in once.
    pub(crate) fn link(&self, url: String) -> Letter {
        let house = self.house;
        Letter {
            subject: self.say(format!("Sign in to {house}"), format!("登录 {house}")),
            paragraphs: vec![self.say(
                "Use this link within 15 minutes, once. If you did not ask for it, nothing happens.",
                "请在 15 分钟内使用此链接登录，仅限一次。如非本人操作，请忽略。",
            )],
            links: vec![(self.say("Sign in", "登录"), url)],
            ..self.letter()
        }
    }

    /// Staff have a password: a link by mail opens nothing of theirs.
    pub(crate) fn password_instead(&self, url: String) -> Letter {
        let house = self.house;
        Letter {
            subject: self.say(format!("Sign in to {house}"), format!("登录 {house}")),
            paragraphs: vec![self.say(
                "You belong to this house's staff: sign in with your password. If you did not ask, nothing happens.",
                "您是本店员工，请使用密码登录。如非本人操作，请忽略。",
            )],
            links: vec![(self.say("Sign in", "登录"), url)],
            ..self.letter()
        }
    }

    /// Six digits for a phone.
    pub(crate) fn code(&self, code: &str) -> Letter {
        Letter {
            subject: self.say("Your code", "验证码"),
            brief: self.say(
                format!("your code is {code}. It holds for 15 minutes; tell it to nobody."),
                format!("您的验证码是 {code}，15 分钟内有效，请勿告诉他人。"),
            ),
            ..self.letter()
        }
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
