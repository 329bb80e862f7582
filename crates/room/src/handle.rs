//! Decisions: what a command or a notice adds to the log, or why it adds nothing.

use kernel::{MessageId, PollId, Random, RequestId, Timestamp};

use crate::inquiry::is_question;
use crate::limits::{LARGEST_NUMBER, PROGRAMME_FUTURE, PROGRAMME_PAST, TRAY_NUMBERS};
use crate::poll::{closing, drawn_up};
use crate::request::{may_step, short};
use crate::{
    Actor, Answering, Cast, Command, DropPhase, Event, Given, How, Kind, MessageText, Notice, Outcome, PollPhase,
    PollShown, Refusal, Reply, Room, ShowState, TriviaPhase, Wish, Wording,
};

impl Room {
    /// Decides a person's command against the log so far. Changes nothing: the caller appends the event durably, then
    /// calls [`Room::apply`].
    ///
    /// # Errors
    /// A named [`Refusal`].
    pub fn handle(
        &self,
        now: Timestamp,
        random: &mut Random,
        actor: &Actor,
        command: &Command,
    ) -> Result<Outcome, Refusal> {
        let now_ms = now.unix_millis();
        match command {
            Command::Say { text, ref_hash } => return self.say(now, random, actor, text, ref_hash.as_deref()),
            Command::Answer { text, ref_hash, answering } => {
                return self.answer(now, random, actor, (text, ref_hash.as_deref()), *answering);
            }
            Command::Hold { text, ref_hash, why } => {
                return self.hold(now, random, actor, (text, ref_hash.as_deref()), *why);
            }
            Command::Ask(wish) => return self.ask(now, random, actor, wish),
            Command::Vote { poll_id, choice } => return self.vote(now_ms, actor, *poll_id, *choice),
            _ if !actor.is_staff() => return Err(Refusal::StaffOnly),
            _ => {}
        }
        let (programme_ms, kind) = match command {
            Command::Say { .. }
            | Command::Answer { .. }
            | Command::Hold { .. }
            | Command::Ask(_)
            | Command::Vote { .. } => {
                unreachable!("decided above")
            }
            Command::Mute { .. }
            | Command::Unmute { .. }
            | Command::Block { .. }
            | Command::SetRules(_)
            | Command::Review { .. } => {
                let moderated = self.moderated(now, random, command);
                (now_ms, moderated.unwrap_or_else(|| unreachable!("all of these are a moderator's"))?)
            }
            Command::Pin { number, programme_ms } => {
                self.known(*number)?;
                (clamp(*programme_ms, now_ms), Kind::Pinned { number: *number })
            }
            Command::Unpin => {
                self.pinned.ok_or(Refusal::NothingPinned)?;
                (now_ms, Kind::Unpinned {})
            }
            Command::Remove { message_id, older } => {
                match self.message(*message_id) {
                    Some(Event { offset, kind: Kind::Message { removed: true, .. }, .. }) => {
                        return Ok(Outcome::Already { offset: *offset });
                    }
                    None if !older && !self.board.worded(*message_id) => return Err(Refusal::UnknownMessage),
                    _ => {}
                }
                (now_ms, Kind::Removed { message_id: *message_id })
            }
            Command::RequestStep { request_id, step, programme_ms, word } => {
                let request = self.board.find(*request_id).ok_or(Refusal::UnknownRequest)?;
                if !may_step(request.step, *step) {
                    return Err(Refusal::StepNotPossible);
                }
                let word = if word.trim().is_empty() { None } else { Some(short(word)?) };
                let (number, what, with) = (Some(request.number), request.what, request.with);
                let stepped = Kind::RequestStepped { id: *request_id, step: *step, word, number, what, with };
                (clamp(*programme_ms, now_ms), stepped)
            }
            Command::Announce { text } => {
                // Nothing but white space takes an announcement down.
                let text = if text.trim().is_empty() { String::new() } else { MessageText::parse(text)?.into_string() };
                (now_ms, Kind::Announcement { text })
            }
            Command::MarkQuestion { message_id } => {
                self.standing(*message_id)?;
                (now_ms, Kind::QuestionMarked { message_id: *message_id })
            }
            Command::Reply { programme_ms, .. } => {
                (clamp(*programme_ms, now_ms), Kind::Reply(Box::new(self.reply(now, random, command)?)))
            }
            Command::PinComment { message_id } => {
                self.standing(*message_id)?;
                (now_ms, Kind::CommentPinned { message_id: *message_id, said: None })
            }
            Command::UnpinComment => {
                self.comment.as_ref().ok_or(Refusal::NothingPinned)?;
                (now_ms, Kind::CommentUnpinned {})
            }
            Command::OpenPoll { question, choices, minutes } => {
                if self.polls() {
                    return Err(Refusal::PollOpen);
                }
                let (question, choices) = drawn_up(question, choices)?;
                let (counts, closes_at_ms) = (vec![0; choices.len()], closing(now, *minutes)?);
                let (id, phase) = (PollId::mint(now, random), PollPhase::Open);
                (now_ms, Kind::Poll(Box::new(PollShown { id, question, choices, phase, counts, closes_at_ms })))
            }
            Command::ClosePoll => {
                let poll = self.poll.as_ref().filter(|poll| poll.is_open()).ok_or(Refusal::NoPoll)?;
                (now_ms, Kind::Poll(Box::new(poll.closed())))
            }
            Command::ClearPoll => {
                self.poll.as_ref().ok_or(Refusal::NoPoll)?;
                (now_ms, Kind::PollCleared {})
            }
        };
        Ok(Outcome::Happened(self.next(programme_ms, kind)))
    }

    /// What a notice adds to the log; nothing when the room says so already. Notices come from the house itself and are
    /// never refused: what is out of bounds is cut.
    #[must_use]
    pub fn notice(&self, now: Timestamp, notice: &Notice) -> Option<Event> {
        let now_ms = now.unix_millis();
        let kind = match notice {
            Notice::ShowState { state, programme_id } => {
                if (self.state, self.programme_id) == (*state, *programme_id) {
                    return None;
                }
                Kind::ShowState { state: *state, programme_id: *programme_id }
            }
            Notice::Listed { number } => Kind::Listed { number: *number },
            Notice::TrayChanged { numbers } => {
                let mut numbers = numbers.clone();
                numbers.truncate(TRAY_NUMBERS);
                Kind::TrayChanged { numbers }
            }
            Notice::SaleStopped { number } if self.stopped.contains(number) => return None,
            Notice::SaleStopped { number } => Kind::SaleStopped { number: *number },
            Notice::SaleResumed { number } if !self.stopped.contains(number) => return None,
            Notice::SaleResumed { number } => Kind::SaleResumed { number: *number },
            Notice::PriceChanged { number } => Kind::PriceChanged { number: *number },
            Notice::Stock { number, free, low_count } => {
                if self.stock.get(number) == Some(&(*free, *low_count)) {
                    return None;
                }
                Kind::Stock { number: *number, free: *free, low_count: *low_count }
            }
            Notice::Drop(shown) => {
                let known = self.drops.iter().find(|drop| drop.id == shown.id);
                let over = shown.phase == DropPhase::Ended;
                if known == Some(shown) || (known.is_none() && over) {
                    return None;
                }
                Kind::Drop(shown.clone())
            }
            Notice::Trivia(shown) => {
                let known = self.questions.find(shown.id);
                let over = shown.phase == TriviaPhase::Ended;
                let mut shown = shown.clone();
                if shown.phase == TriviaPhase::Open {
                    shown.answers = self.questions.answers(shown.id);
                }
                if known.map_or(over, |known| known.says_as(&shown)) {
                    return None;
                }
                Kind::Trivia(shown)
            }
            Notice::Sold { number, quantity } => {
                let this_minute = self.sold_since(*number, now_ms - 60_000).saturating_add(*quantity);
                Kind::Sold { number: *number, quantity: *quantity, this_minute }
            }
        };
        Some(self.next(now_ms, kind))
    }

    /// The event that would come next, for sums that [`crate::Pulse`] hands over.
    #[must_use]
    pub const fn next(&self, programme_ms: i64, kind: Kind) -> Event {
        Event { offset: self.offset + 1, programme_ms, kind }
    }

    /// Whether the room's tray holds exactly these numbers.
    #[must_use]
    pub fn tray_is(&self, numbers: &[u32]) -> bool {
        numbers.len() == self.tray.len() && numbers.iter().all(|number| self.tray.contains(number))
    }

    fn say(
        &self,
        now: Timestamp,
        random: &mut Random,
        actor: &Actor,
        text: &str,
        ref_hash: Option<&str>,
    ) -> Result<Outcome, Refusal> {
        let (viewer_id, now_ms) = (actor.viewer_id(), now.unix_millis());
        let text = MessageText::parse(text)?;
        if let Some(offset) = self.find_said(actor, &text, ref_hash) {
            return Ok(Outcome::Already { offset });
        }
        let staff_role = match actor {
            Actor::Staff { role, .. } => Some(*role),
            Actor::Viewer { .. } => {
                self.may_write(actor, now_ms)?;
                None
            }
        };
        let name = actor.name().ok_or(Refusal::NameNeeded)?.as_str().to_owned();
        let question = staff_role.is_none() && is_question(text.as_str());
        let kind = Kind::Message {
            id: MessageId::mint(now, random),
            viewer_id,
            name,
            text: text.into_string(),
            staff_role,
            ref_hash: ref_hash.map(str::to_owned),
            question,
            held: None,
            removed: false,
        };
        Ok(Outcome::Happened(self.next(now_ms, kind)))
    }

    pub(crate) fn may_write(&self, actor: &Actor, now_ms: i64) -> Result<(), Refusal> {
        self.open()?;
        if self.is_blocked(actor.viewer_id()) {
            return Err(Refusal::Blocked);
        }
        let muted = self.muted_until(actor.viewer_id(), now_ms);
        muted.map_or(Ok(()), |until_ms| Err(Refusal::Muted { until_ms }))
    }

    /// What is said while a question is asked: one answer each, which nobody sees.
    fn answer(
        &self,
        now: Timestamp,
        random: &mut Random,
        actor: &Actor,
        (text, ref_hash): (&str, Option<&str>),
        answering: Answering,
    ) -> Result<Outcome, Refusal> {
        let now_ms = now.unix_millis();
        if let Some(offset) = self.questions.answered_with(answering.by, ref_hash) {
            return Ok(Outcome::Already { offset });
        }
        let Some(question) = self.questions.open().filter(|_| !actor.is_staff()) else {
            return self.say(now, random, actor, text, ref_hash);
        };
        self.may_write(actor, now_ms)?;
        self.questions.admits(answering)?;
        let text = MessageText::parse(text)?.into_string();
        let name = actor.name().ok_or(Refusal::NameNeeded)?.as_str().to_owned();
        let Answering { by, country, currency, .. } = answering;
        let (id, ref_hash) = (MessageId::mint(now, random), ref_hash.map(str::to_owned));
        let given = Some(Box::new(Given { id, by, name, text, country, currency, ref_hash }));
        Ok(Outcome::Happened(self.next(now_ms, Kind::Answer { trivia_id: question.id, given })))
    }

    /// What somebody says, as an answer to a question: none where no question stands, and of the shop's people.
    #[must_use]
    pub fn as_answer(&self, actor: &Actor, command: &Command, answering: Answering) -> Option<Command> {
        match command {
            Command::Say { text, ref_hash } if !actor.is_staff() && !self.questions.is_empty() => {
                Some(Command::Answer { text: text.clone(), ref_hash: ref_hash.clone(), answering })
            }
            _ => None,
        }
    }

    /// Whether what viewers say now is an answer.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.questions.open().is_some()
    }

    /// Where the very message stands that this command says again: a client that lost its connection before the answer
    /// sends it once more with the same `ref`. To be asked before the gate, which would take it for a duplicate.
    #[must_use]
    pub fn said_already(&self, actor: &Actor, command: &Command) -> Option<u64> {
        let (text, hash) = match command {
            Command::Say { text, ref_hash } => (text, ref_hash.as_deref()?),
            Command::Answer { text, ref_hash, answering } => {
                let hash = ref_hash.as_deref()?;
                if let Some(offset) = self.questions.answered_with(answering.by, Some(hash)) {
                    return Some(offset);
                }
                (text, hash)
            }
            _ => return None,
        };
        self.find_said(actor, &MessageText::parse(text).ok()?, Some(hash))
    }

    fn find_said(&self, actor: &Actor, said: &MessageText, sent_hash: Option<&str>) -> Option<u64> {
        let sent_hash = sent_hash?;
        let same = |event: &&Event| {
            matches!(&event.kind, Kind::Message { viewer_id, text, ref_hash: Some(hash), removed, .. }
                if *viewer_id == actor.viewer_id() && hash == sent_hash && (*removed || text == said.as_str()))
        };
        let said = self.messages.iter().rev().find(same).map(|event| event.offset);
        said.or_else(|| self.held.sent_with(actor.viewer_id(), sent_hash))
    }

    fn ask(&self, now: Timestamp, random: &mut Random, actor: &Actor, wish: &Wish) -> Result<Outcome, Refusal> {
        let (viewer_id, now_ms) = (actor.viewer_id(), now.unix_millis());
        self.may_write(actor, now_ms)?;
        let Wish { what, number, with, text } = wish.cleaned()?;
        self.known(number)?;
        with.map_or(Ok(()), |with| self.known(with))?;
        let wish = Wish { what, number, with, text };
        let (id, voices, wording) = match self.board.place_for(&wish, viewer_id)? {
            Some(request) => (request.id, request.voices.saturating_add(1), None),
            None => {
                let wording = wish.text.map(|text| Box::new(Wording { id: MessageId::mint(now, random), text }));
                (RequestId::mint(now, random), 1, wording)
            }
        };
        Ok(Outcome::Happened(self.next(now_ms, Kind::Request { id, what, number, with, voices, viewer_id, wording })))
    }

    fn vote(&self, now_ms: i64, actor: &Actor, poll_id: PollId, choice: u8) -> Result<Outcome, Refusal> {
        self.open()?;
        if self.is_blocked(actor.viewer_id()) {
            return Err(Refusal::Blocked);
        }
        let poll = self.poll.as_ref().filter(|poll| poll.shown.id == poll_id).ok_or(Refusal::NoPoll)?;
        poll.admits(actor.viewer_id(), choice, now_ms)?;
        let cast = Some(Cast { by: actor.viewer_id(), choice });
        Ok(Outcome::Happened(self.next(now_ms, Kind::Vote { poll_id, cast, counts: Vec::new() })))
    }

    /// What is replied to a line of the chat, whether it was taken for a question or not.
    fn reply(&self, now: Timestamp, random: &mut Random, command: &Command) -> Result<Reply, Refusal> {
        let Command::Reply { message_id, how, text, private, number, .. } = command else {
            unreachable!("called for replies alone")
        };
        let asked = self.inbox.find(*message_id).map_or_else(|| self.standing(*message_id), Ok)?;
        let Kind::Message { viewer_id, text: question, .. } = &asked.kind else { return Err(Refusal::UnknownMessage) };
        number.map_or(Ok(()), |number| self.known(number))?;
        let (question, text) = match how {
            How::Text => (question.clone(), MessageText::parse(text)?.into_string()),
            How::OnAir => (question.clone(), String::new()),
            How::Dismissed => (String::new(), String::new()),
        };
        let (id, private) = (MessageId::mint(now, random), *private && *how == How::Text);
        Ok(Reply {
            id,
            message_id: *message_id,
            viewer_id: *viewer_id,
            number: *number,
            how: *how,
            private,
            question,
            text,
        })
    }

    /// A remembered line of the chat that was not removed.
    fn standing(&self, message: MessageId) -> Result<&Event, Refusal> {
        let said = self.message(message).filter(|event| matches!(event.kind, Kind::Message { removed: false, .. }));
        said.ok_or(Refusal::UnknownMessage)
    }

    fn open(&self) -> Result<(), Refusal> {
        if self.state == ShowState::Ended { Err(Refusal::ShowEnded) } else { Ok(()) }
    }

    fn known(&self, number: u32) -> Result<(), Refusal> {
        if number <= LARGEST_NUMBER && self.tray.contains(&number) { Ok(()) } else { Err(Refusal::UnknownNumber) }
    }
}

/// The programme time that a sender names, as far as it can be true.
fn clamp(programme_ms: Option<i64>, now_ms: i64) -> i64 {
    programme_ms.map_or(now_ms, |named| named.clamp(now_ms - PROGRAMME_PAST.0, now_ms + PROGRAMME_FUTURE.0))
}
