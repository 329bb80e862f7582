//! Letters about a claim: what somebody waited for is theirs to pay, a piece was set aside, a reminder.

use kernel::{EntryId, Language, Timestamp};
use shop::books::TillEvent;
use shop::claim::Claim;

use super::orders::picked;
use super::{Letter, Reach, message};
use crate::drops::contact::contact;
use crate::ports::{About, Message, RoomKey, Stage};
use crate::{App, Problem};

/// What there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Offered,
    SetAside,
    Reminder,
}

/// The event's letter, where it calls for one: to who is away. Who sits in the room reads it there.
pub(crate) async fn write(app: &App, house: &str, id: EntryId, event: &TillEvent) -> Result<Option<Message>, Problem> {
    let (claim, news) = match event {
        TillEvent::Offered { claim, .. } => (*claim, News::Offered),
        TillEvent::ClaimMade { claim, .. } => (*claim, News::SetAside),
        _ => return Ok(None),
    };
    let Some(claim) = app.till.drops.claim_of(claim).await? else { return Ok(None) };
    let room = claim.show.map(|at| RoomKey { show: at.show, stage: Stage::Live });
    let here = room.is_some_and(|room| app.rooms.is_here(room, claim.viewer));
    if here || !claim.on_tab() || claim.is_rehearsal() {
        return Ok(None);
    }
    let written = letter(app, house, &claim, news).await?;
    Ok(written.map(|(reach, letter)| message(id, About::Order, reach, &letter)))
}

/// A letter to the claim's buyer; nothing for who cannot be written to.
pub(crate) async fn letter(
    app: &App,
    house: &str,
    claim: &Claim,
    news: News,
) -> Result<Option<(Reach, Letter)>, Problem> {
    let Some(to) = contact(app, claim.viewer, claim.person).await? else { return Ok(None) };
    let product = app.ports.catalogue.products(&[claim.product]).await?.pop();
    let title = product.map(|row| picked(&row.product.texts.title, &to.language)).unwrap_or_default();
    let page = match claim.show {
        Some(at) => format!("{}/shows/{}?tab=open", app.messages.public_url, at.show),
        None => app.messages.public_url.clone(),
    };
    let left = minutes(app.now(), claim.until);
    Ok(Some((to.reach, compose(house, &to.language, &title, claim.quantity, &left, news, page))))
}

/// How long it is held: whole minutes up to two hours, whole hours from there.
struct Left {
    minutes: i64,
}

fn minutes(now: Timestamp, until: Timestamp) -> Left {
    Left { minutes: ((until - now).0 / 60_000).max(1) }
}

impl Left {
    fn told(&self, chinese: bool) -> String {
        let (hours, minutes) = (self.minutes / 60, self.minutes);
        match (minutes >= 120, chinese) {
            (true, false) => format!("{hours} hours"),
            (true, true) => format!("{hours} 小时"),
            (false, false) if minutes == 1 => "a minute".into(),
            (false, false) => format!("{minutes} minutes"),
            (false, true) => format!("{minutes} 分钟"),
        }
    }
}

fn compose(
    house: &str,
    language: &Language,
    title: &str,
    quantity: u32,
    left: &Left,
    news: News,
    page: String,
) -> Letter {
    let chinese = language.is_chinese();
    let say = |english: String, in_chinese: String| if chinese { in_chinese } else { english };
    let time = left.told(chinese);
    let (subject, first) = match news {
        News::Offered => (
            say(format!("It is yours: {title}"), format!("轮到您了：{title}")),
            say(
                "You waited, and a piece came back. It is set aside for you.".into(),
                "您候补的商品有货了，已为您保留。".into(),
            ),
        ),
        News::SetAside => (
            say(format!("Set aside for you: {title}"), format!("已为您保留：{title}")),
            say("We have set this aside for you, as you asked.".into(), "我们已按您的要求保留此商品。".into()),
        ),
        News::Reminder => (
            say(format!("Still held for you: {title}"), format!("仍为您保留：{title}")),
            say(
                "You have not paid for this yet. It is still held for you.".into(),
                "此商品尚未付款，仍为您保留。".into(),
            ),
        ),
    };
    let then = say(
        format!("Pay within {time}; after that somebody else gets it."),
        format!("请在 {time}内付款，逾期将让给下一位。"),
    );
    Letter {
        from: house.to_owned(),
        brief: say(
            format!("{title} is held for you for {time}. Pay here:"),
            format!("已为您保留 {title} {time}，请付款："),
        ),
        subject,
        paragraphs: vec![first, then],
        rows: vec![(format!("{quantity} × {title}"), time)],
        links: vec![(say("Pay now".into(), "立即付款".into()), page)],
    }
}

#[cfg(test)]
mod tests {
    use kernel::Millis;

    use super::*;

    #[test]
    fn the_time_that_is_left_is_said_in_words() {
        let check = |after: Millis, english: &str, chinese: &str| {
            let left = minutes(Timestamp::EPOCH, Timestamp::EPOCH + after);
            assert_eq!((left.told(false).as_str(), left.told(true).as_str()), (english, chinese));
        };
        check(Millis::from_secs(30), "a minute", "1 分钟");
        check(Millis::from_mins(30), "30 minutes", "30 分钟");
        check(Millis::from_mins(119), "119 minutes", "119 分钟");
        check(Millis::from_mins(150), "2 hours", "2 小时");
    }
}
