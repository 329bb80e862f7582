//! What of a live programme goes to the recorder: each segment once and in order, and before it its parts as they come.
//! The live path never waits for it: a segment that comes faster than it is kept is a gap with a name.

use std::sync::{Arc, Mutex, PoisonError};

use app::ports::{Jot, Recorder, Take, TakeSetup};
use kernel::{Millis, ShowId, Timestamp};
use media::hls::{Complete, Edge, Packager, Piece, Setup};
use tokio::sync::mpsc;

use crate::limits::{PARTS_QUEUED, SEGMENTS_QUEUED};

/// A stretch that found no room in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lost {
    at: Timestamp,
    duration: Millis,
}

#[derive(Debug)]
struct Queued {
    /// What is missing right before it.
    lost: Option<Lost>,
    take: Take,
}

/// The programme's end: dropping it ends the reel.
#[derive(Debug)]
pub(crate) struct Tape {
    /// The first segment that was not handed over yet.
    next: u64,
    /// The first part that was not.
    next_part: Edge,
    queue: mpsc::Sender<Queued>,
    parts: mpsc::Sender<Jot>,
    lost: Arc<Mutex<Option<Lost>>>,
}

/// The recorder's end, until the programme ends.
#[derive(Debug)]
pub(crate) struct Reel {
    show: ShowId,
    queue: mpsc::Receiver<Queued>,
    parts: mpsc::Receiver<Jot>,
    lost: Arc<Mutex<Option<Lost>>>,
}

pub(crate) fn tape(show: ShowId, first: u64) -> (Tape, Reel) {
    let (sender, queue) = mpsc::channel(SEGMENTS_QUEUED);
    let (parts_sender, parts) = mpsc::channel(PARTS_QUEUED);
    let lost = Arc::default();
    let next_part = Edge { segment: first, parts: 0 };
    let tape = Tape { next: first, next_part, queue: sender, parts: parts_sender, lost: Arc::clone(&lost) };
    (tape, Reel { show, queue, parts, lost })
}

impl Tape {
    /// Hands over what the packager has completed since the last time. Memory work only.
    pub(crate) fn follow(&mut self, packager: &Packager) {
        if packager.edge().segment > self.next {
            packager.complete_from(self.next).for_each(|segment| self.put(segment));
        }
        if packager.edge() > self.next_part {
            packager.pieces_from(self.next_part).for_each(|piece| self.put_part(piece));
        }
    }

    /// A segment is written down from its first part on, or not at all.
    fn put_part(&mut self, piece: Piece) {
        let goes_on = piece.part == 0 || Edge { segment: piece.segment, parts: piece.part } == self.next_part;
        let (segment, part) = (piece.segment, piece.part);
        let written = goes_on && self.parts.try_send(jot(piece)).is_ok();
        self.next_part =
            if written { Edge { segment, parts: part + 1 } } else { Edge { segment: segment + 1, parts: 0 } };
    }

    fn put(&mut self, segment: Complete) {
        self.next = segment.number + 1;
        let (at, duration) = (segment.at, segment.duration);
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        match self.queue.try_reserve() {
            Ok(place) => place.send(Queued { lost: lost.take(), take: take(segment) }),
            Err(_) => {
                let sum = lost.get_or_insert(Lost { at, duration: Millis(0) });
                sum.duration = at + duration - sum.at;
            }
        }
    }
}

impl Reel {
    /// Gives everything to the recorder, to the programme's end.
    pub(crate) async fn run(mut self, recorder: Arc<dyn Recorder>) {
        // Parts of a segment that is kept already need not be written down any more.
        let mut kept = None;
        loop {
            let queued = tokio::select! {
                biased;
                queued = self.queue.recv() => queued,
                Some(part) = self.parts.recv() => {
                    if kept < Some(part.at) {
                        recorder.jot(self.show, part).await;
                    }
                    continue;
                }
            };
            let Some(Queued { lost, take }) = queued else { break };
            if let Some(Lost { at, duration }) = lost {
                recorder.lost(self.show, at, duration).await;
            }
            kept = Some(take.at);
            recorder.keep(self.show, take).await;
        }
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Lost { at, duration }) = lost {
            recorder.lost(self.show, at, duration).await;
        }
        recorder.rest(self.show).await;
    }
}

fn setup(Setup { init, codecs, width, height }: Setup) -> TakeSetup {
    TakeSetup { init, codecs, width, height }
}

fn jot(piece: Piece) -> Jot {
    Jot {
        first: piece.part == 0,
        at: piece.at,
        discontinuity: piece.discontinuity,
        independent: piece.independent,
        setup: setup(piece.setup),
        duration: piece.duration,
        bytes: piece.bytes,
    }
}

fn take(segment: Complete) -> Take {
    Take {
        at: segment.at,
        duration: segment.duration,
        discontinuity: segment.discontinuity,
        independent: segment.independent,
        bytes: segment.bytes,
        setup: setup(segment.setup),
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use bytes::Bytes;
    use kernel::Random;
    use media::hls::Setup;

    use super::*;

    #[derive(Debug, Default)]
    struct Kept(Mutex<Vec<String>>);

    #[async_trait]
    impl Recorder for Kept {
        async fn jot(&self, _: ShowId, part: Jot) {
            self.0.lock().expect("lock").push(format!("jotted {} of {}", part.duration.0, part.at.unix_millis()));
        }
        async fn keep(&self, _: ShowId, take: Take) {
            self.0.lock().expect("lock").push(format!("kept {}", take.at.unix_millis()));
        }
        async fn lost(&self, _: ShowId, at: Timestamp, duration: Millis) {
            self.0.lock().expect("lock").push(format!("lost {} for {}", at.unix_millis(), duration.0));
        }
        async fn rest(&self, _: ShowId) {
            self.0.lock().expect("lock").push("rest".into());
        }
    }

    fn segment(number: u64) -> Complete {
        Complete {
            number,
            at: Timestamp::from_unix_millis(i64::try_from(number).expect("fits") * 2_000),
            duration: Millis(2_000),
            discontinuity: false,
            independent: true,
            bytes: Bytes::new(),
            setup: Setup { init: Bytes::new(), codecs: String::new(), width: 16, height: 9 },
        }
    }

    fn piece(segment: u64, part: u32) -> Piece {
        let Complete { number, at, discontinuity, independent, setup, bytes, .. } = self::segment(segment);
        Piece { segment: number, part, at, discontinuity, independent, setup, duration: Millis(500), bytes }
    }

    #[tokio::test]
    async fn a_segment_is_written_down_from_its_first_part_on_or_not_at_all() {
        let (mut tape, reel) = tape(ShowId::mint(Timestamp::EPOCH, &mut Random::seeded(1)), 0);
        tape.put_part(piece(1, 1));
        (0..=u32::try_from(PARTS_QUEUED).expect("fits")).for_each(|part| tape.put_part(piece(2, part)));
        assert_eq!(tape.next_part, Edge { segment: 3, parts: 0 }, "there was no room for the last");
        // Its segment overtakes its parts.
        tape.put(segment(2));
        let kept = Arc::new(Kept::default());
        let running = tokio::spawn(reel.run(kept.clone()));
        while kept.0.lock().expect("lock").is_empty() || tape.parts.capacity() < PARTS_QUEUED {
            tokio::task::yield_now().await;
        }
        tape.put_part(piece(3, 0));
        while tape.parts.capacity() < PARTS_QUEUED {
            tokio::task::yield_now().await;
        }
        drop(tape);
        running.await.expect("ends");
        assert_eq!(*kept.0.lock().expect("lock"), ["kept 4000", "jotted 500 of 6000", "rest"]);
    }

    #[tokio::test]
    async fn what_finds_no_room_is_a_gap_with_a_name() {
        let (mut tape, reel) = tape(ShowId::mint(Timestamp::EPOCH, &mut Random::seeded(1)), 0);
        let queued = u64::try_from(SEGMENTS_QUEUED).expect("fits");
        (0..queued + 3).for_each(|number| tape.put(segment(number)));
        let kept = Arc::new(Kept::default());
        let running = tokio::spawn(reel.run(kept.clone()));
        while kept.0.lock().expect("lock").len() < SEGMENTS_QUEUED {
            tokio::task::yield_now().await;
        }
        tape.put(segment(queued + 3));
        drop(tape);
        running.await.expect("ends");
        let kept = kept.0.lock().expect("lock");
        let at = queued * 2_000;
        let end = [format!("lost {at} for 6000"), format!("kept {}", at + 6_000), "rest".to_owned()];
        assert_eq!(kept[SEGMENTS_QUEUED..], end);
    }
}
