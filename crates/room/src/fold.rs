//! The room as its log says: the fold over all events, nothing else.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use kernel::{MessageId, ProgrammeId, RequestId, ViewerId};
use serde::{Deserialize, Serialize};

use crate::held::Held;
use crate::inquiry::Inbox;
use crate::limits::{CLOSED_REQUESTS, DROPS, RECENT_SALES, REMEMBERED_MESSAGES};
use crate::poll::Poll;
use crate::questions::Questions;
use crate::request::{Board, Request};
use crate::sanctions::Sanctions;
use crate::{ChatRules, DropPhase, DropShown, Event, Facts, Free, Kind, Said, ShowState, Step, Words};

/// Written beside every stored fold; another version is not read but folded anew.
pub const ROOM_VERSION: u32 = 7;

/// The product on screen, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    pub number: u32,
    pub programme_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sale {
    at_ms: i64,
    number: u32,
    quantity: u32,
}

/// One room after some offset of its log. Two folds of the same events are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub(crate) offset: u64,
    pub(crate) state: ShowState,
    pub(crate) programme_id: Option<ProgrammeId>,
    pub(crate) pinned: Option<Pinned>,
    pub(crate) tray: BTreeSet<u32>,
    pub(crate) tray_version: u64,
    pub(crate) stopped: BTreeSet<u32>,
    pub(crate) stock: BTreeMap<u32, (Free, Option<u32>)>,
    pub(crate) messages: VecDeque<Event>,
    pub(crate) sanctions: Sanctions,
    pub(crate) rules: ChatRules,
    pub(crate) held: Held,
    pub(crate) board: Board,
    pub(crate) inbox: Inbox,
    pub(crate) poll: Option<Poll>,
    /// The line of the chat that stays in sight: always [`Kind::Message`].
    pub(crate) comment: Option<Event>,
    /// Those that are not over, in the order in which they were first told.
    pub(crate) drops: Vec<DropShown>,
    pub(crate) questions: Questions,
    sales: VecDeque<Sale>,
    pub(crate) viewers: (u32, u32),
    pub(crate) announcement: Option<String>,
    pub(crate) facts: Facts,
}

impl Room {
    /// Offset of the last event; 0 for an empty log.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    #[must_use]
    pub const fn state(&self) -> ShowState {
        self.state
    }

    #[must_use]
    pub const fn programme_id(&self) -> Option<ProgrammeId> {
        self.programme_id
    }

    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Viewers now and at the peak, as last logged.
    #[must_use]
    pub const fn viewers(&self) -> (u32, u32) {
        self.viewers
    }

    /// Until when this viewer may not write, Unix milliseconds, if that is after `now_ms`.
    #[must_use]
    pub fn muted_until(&self, viewer: ViewerId, now_ms: i64) -> Option<i64> {
        self.sanctions.muted_until(viewer, now_ms)
    }

    /// The requests that this viewer asked for: open ones, and those that were closed last.
    #[must_use]
    pub fn asked_by(&self, viewer: ViewerId) -> Vec<RequestId> {
        self.board.asked_by(viewer)
    }

    /// What was replied to this viewer alone, of the last replies of that kind.
    #[must_use]
    pub fn replied_to(&self, viewer: ViewerId) -> Vec<Event> {
        self.inbox.told(viewer)
    }

    /// This viewer's vote in the poll that is open.
    #[must_use]
    pub fn vote_of(&self, viewer: ViewerId) -> Option<u8> {
        self.poll.as_ref().and_then(|poll| poll.vote_of(viewer))
    }

    /// Whether viewers vote now.
    #[must_use]
    pub fn polls(&self) -> bool {
        self.poll.as_ref().is_some_and(Poll::is_open)
    }

    /// What time alone brings about: a poll that closes.
    #[must_use]
    pub fn due(&self, now_ms: i64) -> Option<Kind> {
        let poll = self.poll.as_ref().filter(|poll| poll.is_due(now_ms))?;
        Some(Kind::Poll(Box::new(poll.closed())))
    }

    /// An event as it stands now: a message that was removed since, votes with what they come to, a pinned line with its words.
    #[must_use]
    pub fn told<'a>(&'a self, event: &'a Event) -> Cow<'a, Event> {
        let kind = match &event.kind {
            Kind::Message { id, .. } => return Cow::Borrowed(self.message(*id).unwrap_or(event)),
            Kind::Vote { poll_id, cast, .. } => {
                let poll = self.poll.as_ref().filter(|poll| poll.shown.id == *poll_id);
                let counts = poll.map(|poll| poll.shown.counts.clone()).unwrap_or_default();
                Kind::Vote { poll_id: *poll_id, cast: *cast, counts }
            }
            Kind::CommentPinned { message_id, .. } => {
                let said = match self.comment.as_ref().map(|event| &event.kind) {
                    Some(Kind::Message { id, name, text, staff_role, removed: false, .. }) if id == message_id => {
                        Some(Box::new(Said { name: name.clone(), text: text.clone(), staff_role: *staff_role }))
                    }
                    _ => None,
                };
                Kind::CommentPinned { message_id: *message_id, said }
            }
            _ => return Cow::Borrowed(event),
        };
        Cow::Owned(Event { kind, ..*event })
    }

    /// The remembered message with this id, its words or its tombstone.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Event> {
        self.messages.iter().rev().find(|event| matches!(event.kind, Kind::Message { id: other, .. } if other == id))
    }

    /// Units sold of this number in the minute before `now_ms`.
    pub(crate) fn sold_since(&self, number: u32, since_ms: i64) -> u32 {
        let recent = self.sales.iter().filter(|sale| sale.number == number && sale.at_ms > since_ms);
        recent.fold(0, |sum, sale| sum.saturating_add(sale.quantity))
    }

    /// Takes one event in.
    ///
    /// # Panics
    /// When the event is not the next one: whoever wrote it broke the log.
    pub fn apply(&mut self, event: &Event) {
        assert_eq!(event.offset, self.offset + 1, "a log has no gaps and no doubles");
        self.offset = event.offset;
        self.facts.apply(event);
        match &event.kind {
            Kind::Message { question, viewer_id, staff_role, held, .. } => {
                if *question {
                    self.inbox.ask(event);
                }
                self.heard(*viewer_id, *staff_role, *held);
                push_bounded(&mut self.messages, event.clone(), REMEMBERED_MESSAGES);
            }
            Kind::Removed { message_id } => self.forget_words(*message_id),
            Kind::Muted { viewer_id, until_ms } => self.sanctions.mute(*viewer_id, *until_ms, event.programme_ms),
            Kind::Blocked { viewer_id, blocked, .. } => self.sanctions.block(*viewer_id, *blocked),
            Kind::Rules(rules) => self.rules = *rules,
            Kind::Held { .. } => self.held.add(event),
            Kind::HeldRefused { message_id } => self.held.settle(*message_id),
            Kind::Pinned { number } => {
                self.pinned = Some(Pinned { number: *number, programme_ms: event.programme_ms });
            }
            Kind::Unpinned {} => self.pinned = None,
            Kind::Listed { number } => {
                self.tray.insert(*number);
                self.tray_version += 1;
            }
            Kind::TrayChanged { numbers } => {
                self.tray = numbers.iter().copied().collect();
                self.tray_version += 1;
            }
            Kind::SaleStopped { number } => {
                self.stopped.insert(*number);
                self.tray_version += 1;
            }
            Kind::SaleResumed { number } => {
                self.stopped.remove(number);
                self.tray_version += 1;
            }
            Kind::PriceChanged { .. } => self.tray_version += 1,
            Kind::Stock { number, free, low_count } => {
                self.stock.insert(*number, (*free, *low_count));
            }
            Kind::Sold { number, quantity, .. } => {
                let sale = Sale { at_ms: event.programme_ms, number: *number, quantity: *quantity };
                push_bounded(&mut self.sales, sale, RECENT_SALES);
                while self.sales.front().is_some_and(|sale| sale.at_ms < event.programme_ms - 60_000) {
                    self.sales.pop_front();
                }
            }
            Kind::Drop(shown) => self.show_drop(shown),
            Kind::Trivia(shown) => self.questions.show(event, shown),
            Kind::Answer { trivia_id, given } => self.questions.answered(*trivia_id, event.offset, given.as_deref()),
            Kind::Request { id, what, number, with, voices, viewer_id, wording } => {
                if !self.board.add_voice(*id, *voices, *viewer_id) {
                    self.board.add(Request {
                        id: *id,
                        what: *what,
                        number: *number,
                        with: *with,
                        wording: wording.as_deref().cloned(),
                        at: event.offset,
                        voices: *voices,
                        step: Step::Asked,
                        shown_ms: None,
                        word: None,
                        by: BTreeSet::from([*viewer_id]),
                    });
                }
            }
            Kind::RequestStepped { id, step, word, .. } => {
                self.board.step(*id, *step, word.as_deref(), event.programme_ms, CLOSED_REQUESTS);
            }
            Kind::QuestionMarked { message_id } => {
                if let Some(message) = self.message(*message_id).cloned() {
                    self.inbox.ask(&message);
                }
            }
            Kind::Reply(reply) => self.inbox.replied(event, reply),
            Kind::CommentPinned { message_id, .. } => self.comment = self.message(*message_id).cloned(),
            Kind::CommentUnpinned {} => self.comment = None,
            Kind::Poll(shown) => self.poll = Some(Poll::new(shown.as_ref().clone())),
            Kind::PollCleared {} => self.poll = None,
            Kind::Vote { poll_id, cast, .. } => {
                if let (Some(poll), Some(cast)) = (self.poll.as_mut().filter(|poll| poll.shown.id == *poll_id), cast) {
                    poll.vote(*cast);
                }
            }
            Kind::ShowState { state, programme_id } => {
                self.state = *state;
                self.programme_id = *programme_id;
            }
            Kind::Announcement { text } => self.announcement = (!text.is_empty()).then(|| text.clone()),
            // Summed in the facts.
            Kind::Hearts { .. } => {}
            Kind::Viewers { now, peak } => self.viewers = (*now, *peak),
        }
    }

    fn show_drop(&mut self, shown: &DropShown) {
        let known = self.drops.iter().position(|drop| drop.id == shown.id);
        match (known, shown.phase) {
            (Some(place), DropPhase::Ended) => _ = self.drops.remove(place),
            (None, DropPhase::Ended) => {}
            (Some(place), _) => self.drops[place] = shown.clone(),
            (None, _) => {
                if self.drops.len() == DROPS {
                    self.drops.remove(0);
                }
                self.drops.push(shown.clone());
            }
        }
    }

    fn forget_words(&mut self, id: MessageId) {
        let event =
            self.messages.iter_mut().rev().find(|e| matches!(e.kind, Kind::Message { id: other, .. } if other == id));
        if let Some(event) = event {
            event.kind.rejoin(None);
        }
        self.board.forget_words(id);
        self.inbox.forget_words(id);
        self.comment.take_if(|event| matches!(event.kind, Kind::Message { id: other, .. } if other == id));
    }

    /// Events that are kept whole beside the messages, with words of their own.
    fn kept_mut(&mut self) -> impl Iterator<Item = &mut Event> {
        let waiting = self.inbox.events_mut().chain(self.held.events_mut());
        self.questions.events_mut().chain(waiting).chain(&mut self.comment)
    }

    /// The fold as it may be stored: without anybody's words.
    #[must_use]
    pub fn without_words(mut self) -> Self {
        for event in &mut self.messages {
            event.kind.part();
        }
        self.kept_mut().for_each(|event| _ = event.kind.part());
        self.board.wordings_mut().for_each(|(_, text)| text.clear());
        self
    }

    /// Offset of the oldest event whose words are remembered: those from there on are wanted by [`Room::with_words`].
    #[must_use]
    pub fn first_words_offset(&self) -> Option<u64> {
        let message = self.messages.front().map(|event| event.offset);
        self.questions
            .shown()
            .map(|(offset, _)| offset)
            .chain(message)
            .chain(self.board.first_words_offset())
            .chain(self.inbox.first_words_offset())
            .chain(self.held.events().map(|event| event.offset))
            .chain(self.comment.as_ref().map(|event| event.offset))
            .min()
    }

    /// Puts words back by offset; messages whose words are gone stay tombstones.
    #[must_use]
    pub fn with_words(mut self, words: &BTreeMap<u64, Words>) -> Self {
        for event in &mut self.messages {
            event.kind.rejoin(words.get(&event.offset).cloned());
        }
        self.kept_mut().for_each(|event| event.kind.rejoin(words.get(&event.offset).cloned()));
        for (offset, text) in self.board.wordings_mut() {
            *text = words.get(&offset).map(|words| words.text.clone()).unwrap_or_default();
        }
        self
    }
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, bound: usize) {
    if queue.len() == bound {
        queue.pop_front();
    }
    queue.push_back(item);
}
