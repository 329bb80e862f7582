//! Why a command was refused, as a permanent code and a plain sentence.

use kernel::Language;
use room::Refusal;

/// The room's own refusals, and those of the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Room(Refusal),
    /// Not a frame that this server knows.
    BadFrame,
    /// The actor's role does not include this act.
    NotAllowed,
    /// Nothing of it happened; sending it again with the same `ref` is safe.
    Busy,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Room(refusal)
    }
}

impl Refused {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Room(refusal) => refusal.code(),
            Self::BadFrame => "bad_frame",
            Self::NotAllowed => "not_allowed",
            Self::Busy => "busy",
        }
    }

    /// What to do next, in the language, English where there is no other.
    #[must_use]
    pub const fn text(self, chinese: bool) -> &'static str {
        let (english, zh) = match self {
            Self::BadFrame => ("That could not be read. Reload the page.", "无法识别该请求，请刷新页面。"),
            Self::NotAllowed => {
                ("Your role does not include this. Ask the owner.", "您的角色没有此权限，请联系店铺所有者。")
            }
            Self::Busy => ("Very busy right now. Send it again.", "当前较繁忙，请再发送一次。"),
            Self::Room(refusal) => room_text(refusal),
        };
        if chinese { zh } else { english }
    }

    #[must_use]
    pub fn detail(self, language: &Language) -> &'static str {
        self.text(language.is_chinese())
    }
}

const fn room_text(refusal: Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::NameNeeded => ("Choose a name first, then write.", "请先设置昵称再发言。"),
        Refusal::MessageEmpty => ("Write something first.", "请先输入内容。"),
        Refusal::MessageTooLong => {
            ("A message has at most 500 characters. Make it shorter.", "消息最多 500 字，请缩短。")
        }
        Refusal::MessageRepeated => ("You just said that.", "您刚刚发送过同样的内容。"),
        Refusal::WordNotAllowed => {
            ("This shop does not show one of these words. Put it differently.", "消息含有不予显示的词语，请换个说法。")
        }
        Refusal::LinkNotAllowed => {
            ("Links cannot be shared in this chat. Leave the link out.", "聊天中不能发送链接，请去掉链接。")
        }
        Refusal::Muted { .. } => {
            ("You may not write for a while. Wait until the mute is over.", "您暂时不能发言，请等待禁言结束。")
        }
        Refusal::SlowDown => ("A little fast. Wait a moment, then send it again.", "发送太快了，请稍等再试。"),
        Refusal::StaffOnly => ("Only the shop's own people can do this.", "只有店铺工作人员可以这样操作。"),
        Refusal::ShowEnded => ("The show is over. Thank you for watching.", "直播已结束，感谢观看。"),
        Refusal::UnknownNumber => {
            ("The tray has no such number. Look at the tray again.", "商品列表中没有该编号，请重新查看。")
        }
        Refusal::UnknownMessage => ("This message is not in the room.", "该消息不在此直播间。"),
        Refusal::UnknownRequest => ("This request is not on the board any more.", "该请求已不在列表中。"),
        Refusal::AlreadyAsked => ("You have asked for this. The host sees it.", "您已提出该请求，主播会看到。"),
        Refusal::AskedEnough => (
            "You have asked for five things. The host comes to them one after the other.",
            "您已提出五个请求，主播会依次处理，请稍候。",
        ),
        Refusal::BoardFull => {
            ("The board is full. Add your voice to what others ask for.", "请求已满，可为他人的请求附议。")
        }
        Refusal::CompareNeedsTwo => ("Choose two different pieces to compare.", "请选择两件不同的商品进行对比。"),
        Refusal::RequestTooLong => ("Say it in at most 80 characters.", "最多 80 字，请缩短。"),
        Refusal::PollUnclear => (
            "A poll needs a question and two to six different answers, and closes within an hour.",
            "投票需要一个问题和 2 至 6 个不同的选项，最长一小时。",
        ),
        Refusal::PollOpen => ("A poll is open. Close it first.", "已有投票进行中，请先结束。"),
        Refusal::NoPoll => ("The poll is over.", "投票已结束。"),
        Refusal::UnknownChoice => ("The poll has no such answer.", "没有该选项。"),
        Refusal::VotedAlready => ("You have voted.", "您已投票。"),
        Refusal::StepNotPossible => {
            ("The request has moved on. Look at the board again.", "该请求状态已变化，请重新查看。")
        }
        Refusal::NothingPinned => ("Nothing is pinned.", "当前没有置顶商品。"),
        Refusal::AnsweredAlready => {
            ("You have answered. The chat goes on once it is decided.", "您已作答，结果揭晓后可继续发言。")
        }
        Refusal::StaffExcluded => {
            ("The shop's own people cannot win. Let the viewers answer.", "店铺人员不能参与答题。")
        }
        Refusal::NotDelivered => (
            "The prize is not sent to your country. Look out for the next one.",
            "奖品不配送至您的地区，请关注下一题。",
        ),
        Refusal::AnswersFull => ("More answers have come than can be counted.", "答题人数已满。"),
        Refusal::Blocked => (
            "The shop has taken your voice in its chat. You can appeal in the show's menu.",
            "店铺已关闭您的发言，您可在直播菜单中申诉。",
        ),
        Refusal::SlowMode => {
            ("The chat is in slow mode. Wait a little before your next line.", "聊天已开启慢速模式，请稍后再发言。")
        }
        Refusal::BuyersOnly => (
            "Only who has bought here can write at the moment. You can still ask to be shown a piece.",
            "当前仅购买过的顾客可以发言，您仍可请求展示商品。",
        ),
        Refusal::ReviewFull => (
            "Your other lines are still being read. Wait until they are, then write on.",
            "您之前的消息还在审核，请稍后再发。",
        ),
        Refusal::RulesUnclear => ("Slow mode is at most ten minutes.", "慢速模式最长 10 分钟。"),
        Refusal::BlockFull => (
            "As many viewers are blocked here as can be. Let somebody in again first.",
            "屏蔽名单已满，请先解除部分屏蔽。",
        ),
        Refusal::MuteTooLong => ("A mute lasts from 1 minute to 7 days.", "禁言时长为 1 分钟至 7 天。"),
    }
}
