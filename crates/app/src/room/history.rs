//! The last events of a room, encoded once: what a frame and a resume are made of.

use std::collections::VecDeque;

use room::{Event, Kind, Room};

use super::frames;

/// Events kept; a client that is further behind starts from a snapshot. Never more than the room remembers messages, so
/// that a removal always finds the line that it has to blank.
pub(super) const KEPT: usize = room::limits::REMEMBERED_MESSAGES;

#[derive(Debug, Default)]
pub(super) struct History {
    /// Offset of the first kept event; events follow without gaps.
    first: u64,
    encoded: VecDeque<String>,
}

impl History {
    /// Takes in an event that `room` has applied already. A removal also blanks the removed line.
    pub(super) fn push(&mut self, event: &Event, room: &Room) {
        if self.encoded.is_empty() {
            self.first = event.offset;
        }
        if self.encoded.len() == KEPT {
            self.encoded.pop_front();
            self.first += 1;
        }
        // A message that was removed later in the same batch is encoded as it stands now.
        let as_it_stands = match &event.kind {
            Kind::Message { id, .. } => room.message(*id).unwrap_or(event),
            _ => event,
        };
        self.encoded.push_back(frames::event(as_it_stands));
        if let Kind::Removed { message_id } = event.kind
            && let Some(tombstone) = room.message(message_id)
            && let Some(place) = self.place(tombstone.offset)
        {
            self.encoded[place] = frames::event(tombstone);
        }
    }

    fn place(&self, offset: u64) -> Option<usize> {
        let place = usize::try_from(offset.checked_sub(self.first)?).ok()?;
        (place < self.encoded.len()).then_some(place)
    }

    /// The events after this offset up to the newest, if none of them has been forgotten.
    pub(super) fn after(&self, offset: u64, newest: u64) -> Option<impl ExactSizeIterator<Item = &str> + Clone> {
        if offset > newest {
            return None;
        }
        let skip = if offset == newest { self.encoded.len() } else { self.place(offset + 1)? };
        Some(self.encoded.iter().skip(skip).map(String::as_str))
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
            history.push(&event, &room);
        }
        let newest = room.offset();
        let check = |after: u64, expected: Option<usize>| {
            assert_eq!(history.after(after, newest).map(|tail| tail.len()), expected, "after {after}");
        };
        check(newest, Some(0));
        check(newest - 1, Some(1));
        check(10, Some(KEPT));
        check(9, None);
        check(0, None);
        check(newest + 1, None);
    }
}
