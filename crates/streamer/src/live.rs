//! What viewers by WebRTC are sent of one programme: each frame as it comes, and the pictures since the last keyframe for who
//! joins, so that nobody waits for the next one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use app::ports::NotWatched;
use media::audio::AudioSetup;
use media::programme::{AudioUnit, Unit};
use media::rtc::{Frame, FrameKind};
use tokio::sync::{Notify, broadcast};

use crate::limits::{FRAMES_BEHIND, GROUP_BYTES};
use crate::opus::{OpusHelper, Rest};

/// What goes to every viewer.
#[derive(Clone, Debug)]
pub(crate) enum Sent {
    Frame(Frame),
    /// The picture cannot be shown this way any more.
    NotInOrder,
}

#[derive(Debug, Default)]
struct Inside {
    /// Pictures since the last keyframe, which is the first; empty before one, and past the bound.
    group: Vec<Frame>,
    bytes: usize,
    /// This publisher sends B-frames.
    not_in_order: bool,
    /// Makes Opus of AAC while somebody watches.
    helper: Option<OpusHelper>,
    rest: Rest,
}

#[derive(Debug)]
pub(crate) struct Live {
    inside: Mutex<Inside>,
    sent: broadcast::Sender<Sent>,
    /// Somebody who watches cannot go on without a keyframe.
    keyframe: Notify,
}

impl Live {
    pub(crate) fn new() -> Self {
        Self { inside: Mutex::default(), sent: broadcast::Sender::new(FRAMES_BEHIND), keyframe: Notify::new() }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, unit: &Unit) {
        let mut inside = self.inside();
        match (unit, Frame::of(unit)) {
            (_, Some(frame)) => {
                if !inside.not_in_order {
                    inside.keep(&frame);
                    // Nobody may be watching.
                    let _ = self.sent.send(Sent::Frame(frame));
                }
            }
            (Unit::Video(_), None) => {
                if !std::mem::replace(&mut inside.not_in_order, true) {
                    (inside.group, inside.helper) = (Vec::new(), None);
                    let _ = self.sent.send(Sent::NotInOrder);
                }
            }
            (Unit::Audio(sound), None) => self.transcode(&mut inside, sound),
        }
    }

    /// Only while somebody watches.
    fn transcode(&self, inside: &mut Inside, sound: &AudioUnit) {
        let AudioSetup::Aac(setup) = sound.setup else { return };
        if self.sent.receiver_count() == 0 || inside.not_in_order {
            (inside.helper, inside.rest) = (None, Rest::default());
            return;
        }
        let fits = inside.helper.as_ref().is_some_and(|helper| helper.continues(setup, sound.at));
        if !fits && !inside.rest.is_over(sound.at) {
            inside.helper = None;
        } else if !fits {
            let sent = self.sent.clone();
            // Sound that comes back later goes straight to the viewers.
            inside.helper = OpusHelper::begin(setup, sound.at, move |frame| drop(sent.send(Sent::Frame(frame))));
        }
        if let Some(helper) = &mut inside.helper {
            helper.push(sound);
        }
    }

    /// Asks whoever publishes for a keyframe, if they can be asked.
    pub(crate) fn want_keyframe(&self) {
        self.keyframe.notify_one();
    }

    /// Ends when somebody wants one.
    pub(crate) async fn keyframe_wanted(&self) {
        self.keyframe.notified().await;
    }

    /// Another publisher may send another kind of picture.
    pub(crate) fn publisher_left(&self) {
        *self.inside() = Inside::default();
    }

    /// Whether it can be watched this way.
    pub(crate) fn can_be_watched(&self) -> Result<(), NotWatched> {
        if self.inside().not_in_order { Err(NotWatched::NotInOrder) } else { Ok(()) }
    }

    /// The pictures since the last keyframe, and everything behind them.
    pub(crate) fn join(&self) -> (Vec<Frame>, broadcast::Receiver<Sent>) {
        let inside = self.inside();
        (inside.group.clone(), self.sent.subscribe())
    }
}

impl Inside {
    fn keep(&mut self, frame: &Frame) {
        match frame.kind {
            FrameKind::Key => (self.group, self.bytes) = (vec![frame.clone()], frame.data.len()),
            FrameKind::Picture if !self.group.is_empty() => {
                self.bytes += frame.data.len();
                self.group.push(frame.clone());
                if self.bytes > GROUP_BYTES {
                    self.group = Vec::new();
                }
            }
            FrameKind::Picture | FrameKind::Sound => {}
        }
    }
}
