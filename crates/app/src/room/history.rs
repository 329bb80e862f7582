//! The last events of a room, encoded once: what a frame and a resume are made of.

use std::cmp::Ordering;
use std::collections::VecDeque;

use kernel::MessageId;
use room::{Event, Kind, Room};

use super::frames;
use super::sample::{Rank, Topic};
use crate::ports::ActedBy;

/// Events kept; a client that is further behind starts from a snapshot. Never more than the room remembers messages, so
/// that a removal always finds the line that it has to blank.
pub(super) const KEPT: usize = room::limits::REMEMBERED_MESSAGES;

/// An event as JSON, and as staff get it where it names one of them.
#[derive(Debug)]
struct Encoded {
    public: String,
    staff: Option<String>,
    rank: Rank,
    /// Words that are not of a message, by which a removal finds them.
    worded: Option<Box<(MessageId, Event)>>,
}

impl Encoded {
    fn text(&self, staff: bool) -> &str {
        self.staff.as_deref().filter(|_| staff).unwrap_or(&self.public)
    }
}

#[derive(Debug, Default)]
pub(super) struct History {
    /// Offset of the first kept event; events follow without gaps.
    first: u64,
    encoded: VecDeque<Encoded>,
}

impl History {
    /// Takes in an event that `room` has applied already. A removal also blanks the removed line.
    pub(super) fn push(&mut self, event: &Event, room: &Room, by: Option<&ActedBy>, buyer: bool) {
        if self.encoded.is_empty() {
            self.first = event.offset;
        }
        if self.encoded.len() == KEPT {
            self.encoded.pop_front();
            self.first += 1;
        }
        // As it stands after its batch, in which a message may have been removed.
        let told = room.told(event);
        let public = frames::event(&told.public());
        let whole = match &event.kind {
            Kind::Reply(reply) if reply.private => Some(frames::event(&told)),
            Kind::Held { .. } => Some(frames::event(&told)),
            _ => None,
        };
        let staff = by.map(|by| frames::named(whole.as_ref().unwrap_or(&public), by)).or(whole);
        let rank = match &event.kind {
            Kind::Message { staff_role: None, .. } if buyer => Rank::Buyer,
            Kind::Message { staff_role: None, .. } | Kind::Answer { .. } => Rank::Guest,
            // The first voice says what is asked for; later ones only how many there are.
            Kind::Request { id, wording: None, .. } => Rank::Sum(Topic::Request(*id)),
            Kind::Vote { poll_id, .. } => Rank::Sum(Topic::Poll(*poll_id)),
            // Others are told nothing of it.
            Kind::Held { .. } => Rank::Sum(Topic::Held),
            _ => Rank::Always,
        };
        let worded = match &event.kind {
            Kind::Request { wording: Some(wording), .. } => Some(Box::new((wording.id, event.clone()))),
            Kind::Reply(reply) => Some(Box::new((reply.id, event.clone()))),
            Kind::CommentPinned { message_id, .. } => Some(Box::new((*message_id, event.clone()))),
            Kind::Held { line: Some(line) } => Some(Box::new((line.id, event.clone()))),
            _ => None,
        };
        self.encoded.push_back(Encoded { public, staff, rank, worded });
        match event.kind {
            Kind::Removed { message_id }
            | Kind::HeldRefused { message_id }
            | Kind::Message { held: Some(message_id), .. } => self.blank(message_id, room),
            _ => {}
        }
    }

    fn blank(&mut self, message: MessageId, room: &Room) {
        if let Some(tombstone) = room.message(message)
            && let Some(place) = self.place(tombstone.offset)
        {
            self.encoded[place].public = frames::event(tombstone);
        }
        for encoded in &mut self.encoded {
            if let Some(mut worded) = encoded.worded.take_if(|worded| worded.0 == message) {
                worded.1.kind.rejoin(None);
                encoded.public = frames::event(&worded.1.public());
                encoded.staff = None;
            }
        }
    }

    fn place(&self, offset: u64) -> Option<usize> {
        let place = usize::try_from(offset.checked_sub(self.first)?).ok()?;
        (place < self.encoded.len()).then_some(place)
    }

    /// The events after this offset up to the newest, if none of them has been forgotten; as staff get them, or as all do.
    pub(super) fn after(
        &self,
        offset: u64,
        newest: u64,
        staff: bool,
    ) -> Option<impl ExactSizeIterator<Item = &str> + Clone> {
        let skip = self.behind(offset, newest)?;
        Some(self.encoded.iter().skip(skip).map(move |event| event.text(staff)))
    }

    /// Whether one of these events names somebody of the shop.
    pub(super) fn names(&self, offset: u64, newest: u64) -> bool {
        let skip = self.behind(offset, newest).unwrap_or(self.encoded.len());
        self.encoded.iter().skip(skip).any(|event| event.staff.is_some())
    }

    /// How these events fare when not all can be shown.
    pub(super) fn ranks(&self, offset: u64, newest: u64) -> Vec<Rank> {
        let skip = self.behind(offset, newest).unwrap_or(self.encoded.len());
        self.encoded.iter().skip(skip).map(|event| event.rank).collect()
    }

    fn behind(&self, offset: u64, newest: u64) -> Option<usize> {
        match offset.cmp(&newest) {
            Ordering::Greater => None,
            Ordering::Equal => Some(self.encoded.len()),
            Ordering::Less => self.place(offset + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_is_whole_or_none() {
        let (mut history, mut room) = (History::default(), Room::default());
        for number in 1..=KEPT as u64 + 10 {
            let event = room.next(0, Kind::Hearts { count: number });
            room.apply(&event);
            history.push(&event, &room, None, false);
        }
        let newest = room.offset();
        let check = |after: u64, expected: Option<usize>| {
            assert_eq!(history.after(after, newest, true).map(|tail| tail.len()), expected, "after {after}");
        };
        check(newest, Some(0));
        check(newest - 1, Some(1));
        check(10, Some(KEPT));
        check(9, None);
        check(0, None);
        check(newest + 1, None);
    }
}
