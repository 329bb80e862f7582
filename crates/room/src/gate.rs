//! The way in, cheapest check first: buckets, size, word list, links, duplicates. Forgetting it harms nobody, so it is no
//! part of the log.

use std::collections::BTreeMap;

use kernel::{Timestamp, ViewerId};

use crate::limits::{DUPLICATE, METERED_VIEWERS};
use crate::screen::has_link;
use crate::text::fold;
use crate::{Actor, Command, MessageText, Refusal, Wish, WordList};

/// A token bucket: `burst` at once, then `per_second`. Time that runs backwards refills nothing.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    burst_milli: u64,
    per_second: u32,
    milli: u64,
    filled_at: Timestamp,
}

impl Bucket {
    #[must_use]
    pub const fn full(now: Timestamp, burst: u32, per_second: u32) -> Self {
        let burst_milli = burst as u64 * 1_000;
        Self { burst_milli, per_second, milli: burst_milli, filled_at: now }
    }

    /// Takes up to `wanted`, and says how many it had.
    pub fn take_some(&mut self, now: Timestamp, wanted: u32) -> u32 {
        let passed_ms = (now - self.filled_at).0.max(0).cast_unsigned();
        if passed_ms > 0 {
            self.milli =
                self.burst_milli.min(self.milli.saturating_add(passed_ms.saturating_mul(self.per_second.into())));
            self.filled_at = now;
        }
        let had = u32::try_from(self.milli / 1_000).unwrap_or(u32::MAX).min(wanted);
        self.milli -= u64::from(had) * 1_000;
        had
    }

    /// Whether nothing was taken that has not come back.
    #[must_use]
    pub fn is_full(&self, now: Timestamp) -> bool {
        let passed_ms = (now - self.filled_at).0.max(0).cast_unsigned();
        self.milli.saturating_add(passed_ms.saturating_mul(self.per_second.into())) >= self.burst_milli
    }

    /// Takes one, or says that there is none.
    pub fn take(&mut self, now: Timestamp) -> bool {
        self.take_some(now, 1) == 1
    }
}

#[derive(Debug)]
struct Metered {
    says: Bucket,
    acts: Bucket,
    hearts: Bucket,
    last_text: u64,
    last_said: Timestamp,
    seen: Timestamp,
}

impl Metered {
    const fn new(now: Timestamp) -> Self {
        Self {
            says: Bucket::full(now, 5, 1),
            acts: Bucket::full(now, 10, 2),
            hearts: Bucket::full(now, 50, 20),
            last_text: 0,
            last_said: Timestamp::EPOCH,
            seen: now,
        }
    }
}

/// The way into one room.
#[derive(Debug)]
pub struct Gate {
    viewers: BTreeMap<ViewerId, Metered>,
    room_says: Bucket,
    room_acts: Bucket,
    words: WordList,
}

impl Gate {
    #[must_use]
    pub const fn new(now: Timestamp, words: WordList) -> Self {
        Self {
            viewers: BTreeMap::new(),
            room_says: Bucket::full(now, 400, 200),
            room_acts: Bucket::full(now, 1_000, 500),
            words,
        }
    }

    /// The house's list, as it is from now on.
    pub fn set_words(&mut self, words: WordList) {
        self.words = words;
    }

    /// Whether this command may be looked at now. Staff pass the buckets and the lists.
    ///
    /// # Errors
    /// `SlowDown`, a size refusal, or the list that caught it.
    pub fn admit(&mut self, now: Timestamp, actor: &Actor, command: &Command) -> Result<(), Refusal> {
        if actor.is_staff() {
            return Ok(());
        }
        if let Command::Answer { text, .. } = command {
            return self.admit_answer(now, actor, text);
        }
        let Command::Say { text, .. } = command else {
            // A whole room votes at once, each once: the room's bucket is not for that.
            let alone = matches!(command, Command::Vote { .. });
            if !(self.metered(now, actor.viewer_id()).acts.take(now) && (alone || self.room_acts.take(now))) {
                return Err(Refusal::SlowDown);
            }
            return match command {
                Command::Ask(Wish { text: Some(text), .. }) => self.screen(&MessageText::parse(text)?),
                _ => Ok(()),
            };
        };
        if !(self.metered(now, actor.viewer_id()).says.take(now) && self.room_says.take(now)) {
            return Err(Refusal::SlowDown);
        }
        let text = MessageText::parse(text)?;
        self.screen(&text)?;
        let folded = crate::ref_hash(&fold(text.as_str()));
        let print = u64::from_str_radix(&folded, 16).unwrap_or_default();
        let metered = self.metered(now, actor.viewer_id());
        if metered.last_text == print && (now - metered.last_said) < DUPLICATE && metered.last_said != Timestamp::EPOCH
        {
            return Err(Refusal::MessageRepeated);
        }
        (metered.last_text, metered.last_said) = (print, now);
        Ok(())
    }

    /// An answer is said once, so the room's bucket and duplicates are not looked at: a full room answers at once, and in the
    /// order in which it did.
    fn admit_answer(&mut self, now: Timestamp, actor: &Actor, text: &str) -> Result<(), Refusal> {
        if !self.metered(now, actor.viewer_id()).says.take(now) {
            return Err(Refusal::SlowDown);
        }
        self.screen(&MessageText::parse(text)?)
    }

    fn screen(&self, text: &MessageText) -> Result<(), Refusal> {
        if self.words.finds(text.as_str()) {
            Err(Refusal::WordNotAllowed)
        } else if has_link(text.as_str()) {
            Err(Refusal::LinkNotAllowed)
        } else {
            Ok(())
        }
    }

    /// What was admitted last may not have happened after all: nobody who says it again repeats themselves.
    pub fn forget_texts(&mut self) {
        for metered in self.viewers.values_mut() {
            metered.last_said = Timestamp::EPOCH;
        }
    }

    /// How many of these hearts count; the rest is dropped without a word.
    pub fn hearts(&mut self, now: Timestamp, viewer: ViewerId, count: u32) -> u32 {
        let wanted = count.min(crate::limits::HEARTS_PER_COMMAND);
        self.metered(now, viewer).hearts.take_some(now, wanted)
    }

    fn metered(&mut self, now: Timestamp, viewer: ViewerId) -> &mut Metered {
        if self.viewers.len() >= METERED_VIEWERS && !self.viewers.contains_key(&viewer) {
            self.forget_idle();
        }
        let metered = self.viewers.entry(viewer).or_insert_with(|| Metered::new(now));
        metered.seen = now;
        metered
    }

    /// Half of them at once, so that a full house does not sort for every newcomer.
    fn forget_idle(&mut self) {
        let mut seen: Vec<_> = self.viewers.values().map(|metered| metered.seen).collect();
        let middle = seen.len() / 2;
        let (_, median, _) = seen.select_nth_unstable(middle);
        let median = *median;
        self.viewers.retain(|_, metered| metered.seen > median);
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Millis, Random};

    use super::*;

    const START: Timestamp = Timestamp::from_unix_millis(1_000_000);

    fn viewer(seed: u64) -> Actor {
        Actor::Viewer { id: ViewerId::mint(START, &mut Random::seeded(seed)), name: None }
    }

    fn say(text: &str) -> Command {
        Command::Say { text: text.into(), ref_hash: None }
    }

    #[test]
    fn a_burst_then_a_rate() {
        let mut gate = Gate::new(START, WordList::default());
        let actor = viewer(1);
        let admitted = (0..1_000).filter(|i| gate.admit(START, &actor, &say(&format!("line {i}"))).is_ok()).count();
        assert_eq!(admitted, 5);
        assert_eq!(gate.admit(START + Millis(999), &actor, &say("again")), Err(Refusal::SlowDown));
        assert_eq!(gate.admit(START + Millis(2_000), &actor, &say("again")), Ok(()));
        assert_eq!(gate.admit(START, &viewer(2), &say("others are not disturbed")), Ok(()));
    }

    #[test]
    fn ten_thousand_hearts_a_second_count_as_seventy() {
        let mut gate = Gate::new(START, WordList::default());
        let id = viewer(1).viewer_id();
        let counted: u32 = (0..10_000).map(|i| gate.hearts(START + Millis(i / 10), id, 1)).sum();
        assert_eq!(counted, 50 + 19);
        assert_eq!(gate.hearts(START + Millis(100_000), id, u32::MAX), 50);
    }

    #[test]
    fn the_lists_catch_and_a_duplicate_is_named() {
        let mut gate = Gate::new(START, WordList::new(["scammer"]).expect("small"));
        let actor = viewer(1);
        let mut check = |after_ms, text: &str, expected| {
            assert_eq!(gate.admit(START + Millis(after_ms), &actor, &say(text)), expected, "{text}");
        };
        check(0, "you s c a m m e r", Err(Refusal::WordNotAllowed));
        check(0, "see www.example", Err(Refusal::LinkNotAllowed));
        check(0, "beautiful!", Ok(()));
        check(0, "Beautiful !!", Err(Refusal::MessageRepeated));
        check(31_000, "beautiful", Ok(()));
    }

    #[test]
    fn memory_stays_bounded() {
        let mut gate = Gate::new(START, WordList::default());
        let mut random = Random::seeded(3);
        for i in 0..i64::try_from(METERED_VIEWERS).expect("small") + 10 {
            let now = START + Millis(i);
            gate.hearts(now, ViewerId::mint(now, &mut random), 1);
        }
        assert!(gate.viewers.len() <= METERED_VIEWERS / 2 + 11);
    }
}
