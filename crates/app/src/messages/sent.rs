//! The office's list of messages: what a demo's folder holds, and in every house what was given up.

use kernel::{EntryId, OrderId, Timestamp};
use shop::books::TillEvent;

use crate::access::{self, Act, Place};
use crate::messages::{open_sealed, orders};
use crate::ports::{About, GivenUp, Lost, Message, SentMessage, WhyGivenUp};
use crate::{Actor, App, Problem};

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMessage {
    pub id: EntryId,
    /// None where none could be written.
    pub message: Option<Message>,
    /// What it would have told of, where none could be written.
    pub order: Option<OrderId>,
    /// When it went, or was given up.
    pub at: Timestamp,
    /// None for one that went.
    pub failure: Option<Failure>,
}

/// Why a reader has to be told by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub why: WhyGivenUp,
    /// In the words of whoever refused; empty where there is nothing to add.
    pub detail: String,
    pub attempts: u32,
}

/// What went into the folder, where mail goes into one, and what was given up; newest first. An invitation makes
/// whoever opens it staff, so only those see it who could have given that role.
pub async fn list(app: &App, actor: &Actor, after: Option<EntryId>, limit: u32) -> Result<Vec<ListedMessage>, Problem> {
    access::require(actor, Act::ManageHouse, Place::HOUSE)?;
    let given_up = app.messages.queue.given_up(after, limit).await?;
    let mut found: Vec<ListedMessage> = given_up.into_iter().map(|given_up| lost(app, given_up)).collect();
    if let Some(folder) = &app.messages.sent {
        found.extend(folder.sent(after, limit).await?.into_iter().map(ListedMessage::from));
    }
    found.sort_by_key(|listed| std::cmp::Reverse(listed.id));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    if !access::may(actor, Act::ManagePeople, Place::HOUSE) {
        let messages = found.iter_mut().filter_map(|listed| listed.message.as_mut());
        for message in messages.filter(|message| message.about == About::Invitation) {
            message.text = String::new();
            message.html = None;
        }
    }
    Ok(found)
}

impl From<SentMessage> for ListedMessage {
    fn from(SentMessage { message, sent_at }: SentMessage) -> Self {
        Self { id: message.id, message: Some(message), order: None, at: sent_at, failure: None }
    }
}

fn lost(app: &App, GivenUp { id, lost, why, detail, attempts, at }: GivenUp) -> ListedMessage {
    let (message, order) = match lost {
        Lost::Message { sealed } => (open_sealed(app, &sealed).ok(), None),
        Lost::Event { text } => {
            (None, serde_json::from_str::<TillEvent>(&text).ok().and_then(|event| orders::told_of(&event)))
        }
    };
    ListedMessage { id, message, order, at, failure: Some(Failure { why, detail, attempts }) }
}
