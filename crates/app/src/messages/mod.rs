//! Mail and SMS: written here in the reader's language, queued durably, and carried out by a job.

mod changes;
pub(crate) mod claims;
mod letter;
pub mod orders;
pub mod people;
pub mod send;
pub mod sent;

use std::sync::Arc;

use kernel::{EntryId, Millis, Timestamp};

use crate::ports::{About, Channel, Message, MessageQueue, SentMessages, Transport, WaitingMessage};
use crate::{App, Problem, seal};

pub use letter::Letter;

const PURPOSE: &str = "message";

/// What sending messages takes.
#[derive(Clone, Debug)]
pub struct MessagePorts {
    pub queue: Arc<dyn MessageQueue>,
    pub transport: Arc<dyn Transport>,
    /// The folder of sent messages, where mail goes into one.
    pub sent: Option<Arc<dyn SentMessages>>,
    /// How a reader's browser reaches the house, without a slash at the end: links begin with it.
    pub public_url: String,
}

/// Where somebody can be written to. An e-mail goes before a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub channel: Channel,
    pub to: String,
}

impl Reach {
    #[must_use]
    pub fn of(email: Option<&str>, phone: Option<&str>) -> Option<Self> {
        let mail = email.map(|to| Self { channel: Channel::Mail, to: to.to_owned() });
        mail.or_else(|| phone.map(|to| Self { channel: Channel::Sms, to: to.to_owned() }))
    }
}

/// A letter as the message that goes out under this id.
#[must_use]
pub fn message(id: EntryId, about: About, reach: Reach, letter: &Letter) -> Message {
    let Reach { channel, to } = reach;
    match channel {
        Channel::Mail => {
            let (subject, html) = (Some(letter.subject.clone()), Some(letter.html()));
            Message { id, about, channel, to, subject, text: letter.text(), html }
        }
        Channel::Sms => Message { id, about, channel, to, subject: None, text: letter.short(), html: None },
    }
}

/// A message as it waits: due at once, of use for so long.
pub fn waiting(app: &App, message: &Message, useful: Millis) -> Result<WaitingMessage, Problem> {
    let text = serde_json::to_string(message).map_err(Problem::internal)?;
    let (now, id): (Timestamp, EntryId) = (app.now(), message.id);
    Ok(WaitingMessage { id, sealed: seal::seal(app, PURPOSE, &text)?, attempts: 0, next_at: now, until: now + useful })
}

/// Queues a letter to one person.
pub(crate) async fn queue(
    app: &App,
    about: About,
    reach: Reach,
    letter: &Letter,
    useful: Millis,
) -> Result<(), Problem> {
    let now = app.now();
    let id = app.entropy.draw(|random| EntryId::mint(now, random));
    let waiting = waiting(app, &message(id, about, reach, letter), useful)?;
    Ok(app.messages.queue.queue(waiting).await?)
}

fn open_sealed(app: &App, sealed: &str) -> Result<Message, Problem> {
    serde_json::from_str(&seal::open(app, PURPOSE, sealed)?).map_err(Problem::internal)
}
