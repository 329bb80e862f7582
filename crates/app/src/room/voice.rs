//! A person's voice in a room: their frames become commands, and commands get answers.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use kernel::{Language, PersonId, Timestamp, ViewerId};
use room::{Actor, Answering, Command, Refusal};
use tokio::sync::oneshot;

use super::ask::{Ask, Done};
use super::client_frame::{Asked, ClientFrame};
use super::frames;
use super::leader::lock;
use super::pace::Pace;
use super::refused::Refused;
use super::rights::Rights;
use super::rooms::{Handle, Rooms};

/// What the actor's role lets them do here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Powers {
    /// Pins, requests, replies, polls, announcements.
    pub(super) run: bool,
    /// Remove, mute, block, rules, review.
    pub(super) moderate: bool,
    /// Block from every room of the house.
    pub(super) moderate_house: bool,
}

/// Who is in the room.
#[derive(Clone, Debug)]
pub struct Guest {
    pub(super) actor: Arc<Actor>,
    pub(super) person: Option<PersonId>,
    /// As whom the till knows them.
    pub(super) buyer: ViewerId,
    /// As they were when the seat was taken.
    pub(super) powers: Powers,
    /// Of who works for the house: what they may do now.
    pub(super) rights: Option<Arc<Rights>>,
    pub(super) language: Language,
}

impl Guest {
    /// Somebody who watches; refusals are told in their language.
    #[must_use]
    pub fn viewer(actor: Actor, language: Language) -> Self {
        let buyer = actor.viewer_id();
        Self { actor: Arc::new(actor), person: None, buyer, powers: Powers::default(), rights: None, language }
    }

    /// Somebody of the shop who may do everything in this room.
    #[must_use]
    pub fn staff(actor: Actor, person: PersonId, language: Language) -> Self {
        let powers = Powers { run: true, moderate: true, moderate_house: true };
        let buyer = actor.viewer_id();
        Self { actor: Arc::new(actor), person: Some(person), buyer, powers, rights: None, language }
    }

    #[must_use]
    pub fn viewer_id(&self) -> ViewerId {
        self.actor.viewer_id()
    }
}

/// What became of a client's frame.
#[derive(Debug)]
pub enum Submitted {
    /// Nothing is answered.
    Nothing,
    /// An encoded answer.
    Answer(Bytes),
    /// The answer comes when the command is durable.
    Later(Answer),
    /// It was no frame; this is the encoded answer.
    Nonsense(Bytes),
    /// Too many frames, or too many that are none: the connection is not worth keeping.
    Flood,
}

/// An answer on its way.
#[derive(Debug)]
pub struct Answer {
    reference: String,
    language: Language,
    reply: oneshot::Receiver<Result<Done, Refused>>,
}

impl Answer {
    /// The encoded `ack` or `refused`.
    pub async fn wait(self) -> Bytes {
        match self.reply.await {
            Ok(Ok(done)) => frames::ack(&self.reference, done),
            Ok(Err(refused)) => frames::refused(&self.reference, &refused, &self.language),
            Err(_leader_ended) => frames::refused(&self.reference, &Refused::Busy, &self.language),
        }
    }
}

/// What a guest can say in a room.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) handle: Handle,
    pub(super) guest: Guest,
    pub(super) rooms: Arc<Rooms>,
}

impl Voice {
    /// Takes one text frame and counts it, whichever way it came.
    pub(super) async fn hear(&self, text: &str) -> Submitted {
        let pace = lock(&self.handle.paces).count(self.guest.viewer_id(), self.now());
        if pace == Pace::Flood {
            return Submitted::Flood;
        }
        let within = pace == Pace::Within;
        let frame = match ClientFrame::read(text) {
            Ok(frame) => frame,
            Err(bad) => return Submitted::Nonsense(self.refuse(&bad.reference, Refused::BadFrame)),
        };
        match frame {
            ClientFrame::Heart { count } => {
                if within && count > 0 && !self.is_blocked() {
                    self.handle.hearts(self.guest.actor.viewer_id(), count);
                }
                Submitted::Nothing
            }
            ClientFrame::Ping { client_ms } => Submitted::Answer(frames::pong(client_ms, self.now())),
            // A seat is taken once.
            ClientFrame::Join { .. } => Submitted::Nonsense(self.refuse("", Refused::BadFrame)),
            other => match other.into_asked() {
                Some(asked) if !within => Submitted::Answer(self.refuse(&asked.reference, Refusal::SlowDown.into())),
                Some(asked) => self.act(asked).await,
                None => Submitted::Nothing,
            },
        }
    }

    async fn act(&self, asked: Asked) -> Submitted {
        let reference = asked.reference.clone();
        match self.send(asked).await {
            Ok(reply) => Submitted::Later(Answer { reference, language: self.guest.language.clone(), reply }),
            Err(refused) => Submitted::Answer(self.refuse(&reference, refused)),
        }
    }

    /// Does it, and waits until it is durable.
    pub(super) async fn does(&self, asked: Asked) -> Result<(), Refused> {
        self.send(asked).await?.await.unwrap_or(Err(Refused::Busy)).map(|_| ())
    }

    async fn send(&self, asked: Asked) -> Result<oneshot::Receiver<Result<Done, Refused>>, Refused> {
        self.powers().await?.allow(&self.guest.actor, &asked.command)?;
        if self.is_blocked() {
            return Err(Refusal::Blocked.into());
        }
        let buyer = self.is_buyer(&asked.command).await?;
        let (reply, answer) = oneshot::channel();
        let (actor, by) = (self.speaker(&asked.command), self.guest.person);
        let ((country, currency), of_house) = (asked.market, self.guest.rights.is_some());
        let answering = Answering { by: self.guest.buyer, of_house, country, currency };
        let ask = Ask::Act { actor, by, buyer, answering, asked: Box::new(asked), reply };
        self.handle.mailbox.try_send(ask).map_err(|_| Refused::Busy)?;
        Ok(answer)
    }

    /// Who has lost every power speaks for the shop no more, not even in the chat.
    async fn powers(&self) -> Result<Powers, Refused> {
        let staff = self.guest.actor.is_staff();
        let Some(rights) = self.guest.rights.as_ref().filter(|_| staff) else { return Ok(self.guest.powers) };
        match rights.now(self.now()).await {
            Ok(powers) if powers == Powers::default() => Err(Refused::NotAllowed),
            Ok(powers) => Ok(powers),
            Err(error) => {
                tracing::warn!(%error, "rights could not be read");
                Err(Refused::Busy)
            }
        }
    }

    /// Whether they may write in no room of the house.
    pub(super) fn is_blocked(&self) -> bool {
        !self.guest.actor.is_staff() && self.rooms.is_blocked(self.guest.viewer_id())
    }

    /// Whether they have paid for something: here, or where only buyers write, ever.
    async fn is_buyer(&self, command: &Command) -> Result<bool, Refused> {
        let buyer = self.guest.buyer;
        if lock(&self.handle.ears).has_bought(buyer) {
            return Ok(true);
        }
        let asks = self.handle.buyers_only.load(Ordering::Relaxed) && matches!(command, Command::Say { .. });
        if !asks || self.guest.actor.is_staff() || lock(&self.handle.ears).is_known_not_to_buy(buyer, self.now()) {
            return Ok(false);
        }
        let paid = self.rooms.has_paid(buyer).await.map_err(|error| {
            tracing::warn!(%error, "orders could not be read");
            Refused::Busy
        })?;
        let mut ears = lock(&self.handle.ears);
        if paid {
            ears.has_paid(buyer)
        } else {
            ears.has_not_paid(buyer, self.now())
        }
        Ok(paid)
    }

    /// Who speaks: a viewer under the name that they chose last.
    fn speaker(&self, command: &Command) -> Arc<Actor> {
        match (&*self.guest.actor, command) {
            (Actor::Viewer { id, .. }, Command::Say { .. }) => match self.rooms.renamed(*id) {
                Some(name) => Arc::new(Actor::Viewer { id: *id, name: Some(name) }),
                None => Arc::clone(&self.guest.actor),
            },
            _ => Arc::clone(&self.guest.actor),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.rooms.clock().now()
    }

    fn refuse(&self, reference: &str, refused: Refused) -> Bytes {
        frames::refused(reference, &refused, &self.guest.language)
    }
}

impl Powers {
    fn allow(self, actor: &Actor, command: &Command) -> Result<(), Refused> {
        let held = match command {
            Command::Say { .. }
            | Command::Answer { .. }
            | Command::Hold { .. }
            | Command::Ask(_)
            | Command::Vote { .. } => true,
            Command::Pin { .. }
            | Command::Unpin
            | Command::RequestStep { .. }
            | Command::Announce { .. }
            | Command::MarkQuestion { .. }
            | Command::Reply { .. }
            | Command::PinComment { .. }
            | Command::UnpinComment
            | Command::OpenPoll { .. }
            | Command::ClosePoll
            | Command::ClearPoll => self.run,
            Command::Block { house: true, .. } => self.moderate_house,
            Command::Remove { .. }
            | Command::Mute { .. }
            | Command::Unmute { .. }
            | Command::Block { .. }
            | Command::SetRules(_)
            | Command::Review { .. } => self.moderate,
        };
        match (held, actor.is_staff()) {
            (true, _) => Ok(()),
            (false, true) => Err(Refused::NotAllowed),
            (false, false) => Err(Refusal::StaffOnly.into()),
        }
    }
}
