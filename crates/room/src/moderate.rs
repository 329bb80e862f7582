//! What moderators decide: who may write, under which rules, and what becomes of the lines that wait.

use kernel::{MessageId, Millis, Random, Timestamp, ViewerId};

use crate::inquiry::is_question;
use crate::limits::MUTE_MINUTES;
use crate::{
    Actor, ChatRules, Command, Event, HeldLine, Kind, MessageText, Outcome, Refusal, Review, Room, StaffRole, WhyHeld,
};

impl Room {
    /// The rules of the chat.
    #[must_use]
    pub const fn rules(&self) -> ChatRules {
        self.rules
    }

    /// Whether this viewer was blocked from this room.
    #[must_use]
    pub fn is_blocked(&self, viewer: ViewerId) -> bool {
        self.sanctions.is_blocked(viewer)
    }

    /// What waits to be read of this viewer's lines.
    #[must_use]
    pub fn held_of(&self, viewer: ViewerId) -> Vec<Event> {
        self.held.of(viewer).cloned().collect()
    }

    /// The line that waits at this offset.
    #[must_use]
    pub fn held_at(&self, offset: u64) -> Option<MessageId> {
        self.held.at(offset)
    }

    /// Whom a moderator's command is about, as far as the room remembers.
    #[must_use]
    pub fn concerns(&self, command: &Command) -> Option<ViewerId> {
        match command {
            Command::Mute { viewer_id, .. } | Command::Unmute { viewer_id } | Command::Block { viewer_id, .. } => {
                Some(*viewer_id)
            }
            Command::Review { message_id, .. } => self.held.find(*message_id).map(|line| line.viewer_id),
            Command::Remove { message_id, .. } => match self.message(*message_id)?.kind {
                Kind::Message { viewer_id, .. } => Some(viewer_id),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether this is the first line of somebody, where that matters.
    pub(crate) fn is_first(&self, viewer: ViewerId) -> bool {
        let said = |event: &Event| matches!(event.kind, Kind::Message { viewer_id, .. } if viewer_id == viewer);
        !self.held.spoke(viewer) && !self.messages.iter().any(said)
    }

    /// A line was heard by all.
    pub(crate) fn heard(&mut self, viewer: ViewerId, role: Option<StaffRole>, held: Option<MessageId>) {
        if let Some(id) = held {
            self.held.settle(id);
        }
        if role.is_none() && self.rules.review == Review::First {
            self.held.has_spoken(viewer);
        }
    }

    pub(crate) fn hold(
        &self,
        now: Timestamp,
        random: &mut Random,
        actor: &Actor,
        (text, ref_hash): (&str, Option<&str>),
        why: WhyHeld,
    ) -> Result<Outcome, Refusal> {
        let (viewer_id, now_ms) = (actor.viewer_id(), now.unix_millis());
        self.may_write(actor, now_ms)?;
        let text = MessageText::parse(text)?.into_string();
        if let Some(offset) = ref_hash.and_then(|hash| self.held.sent_with(viewer_id, hash)) {
            return Ok(Outcome::Already { offset });
        }
        self.held.admits(viewer_id)?;
        let name = actor.name().ok_or(Refusal::NameNeeded)?.as_str().to_owned();
        let (id, ref_hash) = (MessageId::mint(now, random), ref_hash.map(str::to_owned));
        let line = Some(Box::new(HeldLine { id, viewer_id, name, text, why, ref_hash }));
        Ok(Outcome::Happened(self.next(now_ms, Kind::Held { line })))
    }

    /// What a moderator's command comes to; none for other commands.
    pub(crate) fn moderated(
        &self,
        now: Timestamp,
        random: &mut Random,
        command: &Command,
    ) -> Option<Result<Kind, Refusal>> {
        let now_ms = now.unix_millis();
        Some(match *command {
            Command::Mute { viewer_id, minutes } if (1..=MUTE_MINUTES).contains(&minutes) => {
                let until_ms = (now + Millis::from_mins(i64::from(minutes))).unix_millis();
                Ok(Kind::Muted { viewer_id, until_ms })
            }
            Command::Mute { .. } => Err(Refusal::MuteTooLong),
            Command::Unmute { viewer_id } => Ok(Kind::Muted { viewer_id, until_ms: now_ms }),
            Command::Block { blocked: true, .. } if self.sanctions.is_full() => Err(Refusal::BlockFull),
            Command::Block { viewer_id, blocked, house } => Ok(Kind::Blocked { viewer_id, blocked, house }),
            Command::SetRules(rules) => rules.checked().map(Kind::Rules),
            Command::Review { message_id, allow } => match self.held.find(message_id) {
                None => Err(Refusal::UnknownMessage),
                Some(_) if !allow => Ok(Kind::HeldRefused { message_id }),
                Some(line) => Ok(Kind::Message {
                    id: MessageId::mint(now, random),
                    viewer_id: line.viewer_id,
                    name: line.name.clone(),
                    question: is_question(&line.text),
                    text: line.text.clone(),
                    staff_role: None,
                    ref_hash: line.ref_hash.clone(),
                    held: Some(message_id),
                    removed: false,
                }),
            },
            _ => return None,
        })
    }
}
