//! What of a live programme goes to the recorder: each segment once and in order. The live path never waits for it: what
//! comes faster than it is kept is a gap with a name.

use std::sync::{Arc, Mutex, PoisonError};

use app::ports::{Recorder, Take, TakeSetup};
use kernel::{Millis, ShowId, Timestamp};
use media::hls::{Complete, Packager};
use tokio::sync::mpsc;

use crate::limits::SEGMENTS_QUEUED;

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
    queue: mpsc::Sender<Queued>,
    lost: Arc<Mutex<Option<Lost>>>,
}

/// The recorder's end, until the programme ends.
#[derive(Debug)]
pub(crate) struct Reel {
    show: ShowId,
    queue: mpsc::Receiver<Queued>,
    lost: Arc<Mutex<Option<Lost>>>,
}

pub(crate) fn tape(show: ShowId, first: u64) -> (Tape, Reel) {
    let (sender, receiver) = mpsc::channel(SEGMENTS_QUEUED);
    let lost = Arc::default();
    (Tape { next: first, queue: sender, lost: Arc::clone(&lost) }, Reel { show, queue: receiver, lost })
}

impl Tape {
    /// Hands over what the packager has completed since the last time. Memory work only.
    pub(crate) fn follow(&mut self, packager: &Packager) {
        if packager.edge().segment > self.next {
            packager.complete_from(self.next).for_each(|segment| self.put(segment));
        }
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
        while let Some(Queued { lost, take }) = self.queue.recv().await {
            if let Some(Lost { at, duration }) = lost {
                recorder.lost(self.show, at, duration).await;
            }
            recorder.keep(self.show, take).await;
        }
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Lost { at, duration }) = lost {
            recorder.lost(self.show, at, duration).await;
        }
        recorder.rest(self.show).await;
    }
}

fn take(segment: Complete) -> Take {
    let setup = segment.setup;
    Take {
        at: segment.at,
        duration: segment.duration,
        discontinuity: segment.discontinuity,
        independent: segment.independent,
        bytes: segment.bytes,
        setup: TakeSetup { init: setup.init, codecs: setup.codecs, width: setup.width, height: setup.height },
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
