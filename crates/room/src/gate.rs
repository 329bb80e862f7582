//! The way in, cheapest check first: buckets, the room's rules, size, word lists, links, duplicates, review. Forgetting it harms
//! nobody, so it is no part of the log.

use std::collections::BTreeMap;

use kernel::{Millis, Timestamp, ViewerId};

use crate::limits::{DUPLICATE, METERED_VIEWERS};
use crate::links::has_link;
use crate::text::fold;
use crate::{
    Actor, ChatRules, Command, Links, MessageText, Refusal, Review, Room, WhoWrites, WhyHeld, Wish, WordLists,
};

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
    words: WordLists,
}

impl Gate {
    #[must_use]
    pub const fn new(now: Timestamp, words: WordLists) -> Self {
        Self {
            viewers: BTreeMap::new(),
            room_says: Bucket::full(now, 400, 200),
            room_acts: Bucket::full(now, 1_000, 500),
            words,
        }
    }

    /// The house's lists, as they are from now on.
    pub fn set_words(&mut self, words: WordLists) {
        self.words = words;
    }

    /// Whether this command may be looked at now, and whether somebody of the shop reads it first. Staff pass the buckets, the
    /// rules and the lists. `buyer`: has paid for something in this house.
    ///
    /// # Errors
    /// `SlowDown`, a size refusal, the rule that it breaks, or the list that caught it.
    pub fn admit(
        &mut self,
        now: Timestamp,
        room: &Room,
        actor: &Actor,
        buyer: bool,
        command: &Command,
    ) -> Result<Option<WhyHeld>, Refusal> {
        if actor.is_staff() {
            return Ok(None);
        }
        if let Command::Answer { text, .. } = command {
            return self.admit_answer(now, actor, text).map(|()| None);
        }
        let Command::Say { text, .. } = command else {
            // A whole room votes at once, each once: the room's bucket is not for that.
            let alone = matches!(command, Command::Vote { .. });
            if !(self.metered(now, actor.viewer_id()).acts.take(now) && (alone || self.room_acts.take(now))) {
                return Err(Refusal::SlowDown);
            }
            return match command {
                Command::Ask(Wish { text: Some(text), .. }) => self.screen(&MessageText::parse(text)?).map(|()| None),
                _ => Ok(None),
            };
        };
        if !self.metered(now, actor.viewer_id()).says.take(now) {
            return Err(Refusal::SlowDown);
        }
        let rules = room.rules();
        self.in_turn(now, actor.viewer_id(), rules, buyer)?;
        if !self.room_says.take(now) {
            return Err(Refusal::SlowDown);
        }
        let text = MessageText::parse(text)?;
        let held = self.read_first(room, rules, actor.viewer_id(), &text)?;
        let folded = crate::ref_hash(&fold(text.as_str()));
        let print = u64::from_str_radix(&folded, 16).unwrap_or_default();
        let metered = self.metered(now, actor.viewer_id());
        if metered.last_text == print && (now - metered.last_said) < DUPLICATE && metered.last_said != Timestamp::EPOCH
        {
            return Err(Refusal::MessageRepeated);
        }
        (metered.last_text, metered.last_said) = (print, now);
        Ok(held)
    }

    /// The room's rules that need no look at the text.
    fn in_turn(&mut self, now: Timestamp, viewer: ViewerId, rules: ChatRules, buyer: bool) -> Result<(), Refusal> {
        if rules.who == WhoWrites::Buyers && !buyer {
            return Err(Refusal::BuyersOnly);
        }
        let said = self.metered(now, viewer).last_said;
        let slow = Millis::from_secs(i64::from(rules.slow_s));
        if said != Timestamp::EPOCH && now - said < slow { Err(Refusal::SlowMode) } else { Ok(()) }
    }

    /// Why somebody of the shop reads a line first, if one does.
    fn read_first(
        &self,
        room: &Room,
        rules: ChatRules,
        viewer: ViewerId,
        text: &MessageText,
    ) -> Result<Option<WhyHeld>, Refusal> {
        let text = text.as_str();
        if self.words.refused.finds(text) {
            return Err(Refusal::WordNotAllowed);
        }
        let link = has_link(text);
        if link && rules.links == Links::Refuse {
            return Err(Refusal::LinkNotAllowed);
        }
        Ok(match rules.review {
            _ if link => Some(WhyHeld::Link),
            _ if self.words.held.finds(text) => Some(WhyHeld::Word),
            Review::All => Some(WhyHeld::Review),
            Review::First if room.is_first(viewer) => Some(WhyHeld::First),
            Review::First | Review::Listed => None,
        })
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
        // Nobody reads it first, so what is on either list does not pass.
        if self.words.refused.finds(text.as_str()) || self.words.held.finds(text.as_str()) {
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
    use kernel::Random;

    use super::*;
    use crate::WordList;

    const START: Timestamp = Timestamp::from_unix_millis(1_000_000);

    fn viewer(seed: u64) -> Actor {
        Actor::Viewer { id: ViewerId::mint(START, &mut Random::seeded(seed)), name: None }
    }

    fn say(gate: &mut Gate, room: &Room, after_ms: i64, actor: &Actor, text: &str) -> Result<Option<WhyHeld>, Refusal> {
        let command = Command::Say { text: text.into(), ref_hash: None };
        gate.admit(START + Millis(after_ms), room, actor, false, &command)
    }

    #[test]
    fn a_burst_then_a_rate() {
        let (mut gate, room, actor) = (Gate::new(START, WordLists::default()), Room::default(), viewer(1));
        let admitted = (0..1_000).filter(|i| say(&mut gate, &room, 0, &actor, &format!("line {i}")).is_ok()).count();
        assert_eq!(admitted, 5);
        assert_eq!(say(&mut gate, &room, 999, &actor, "again"), Err(Refusal::SlowDown));
        assert_eq!(say(&mut gate, &room, 2_000, &actor, "again"), Ok(None));
        assert_eq!(say(&mut gate, &room, 0, &viewer(2), "others are not disturbed"), Ok(None));
    }

    #[test]
    fn ten_thousand_hearts_a_second_count_as_seventy() {
        let mut gate = Gate::new(START, WordLists::default());
        let id = viewer(1).viewer_id();
        let counted: u32 = (0..10_000).map(|i| gate.hearts(START + Millis(i / 10), id, 1)).sum();
        assert_eq!(counted, 50 + 19);
        assert_eq!(gate.hearts(START + Millis(100_000), id, u32::MAX), 50);
    }

    #[test]
    fn the_lists_catch_and_a_duplicate_is_named() {
        let list = |word| WordList::new([word]).expect("small");
        let mut gate = Gate::new(START, WordLists { refused: list("scammer"), held: list("refund") });
        let (room, actor) = (Room::default(), viewer(1));
        let mut check = |after_ms, text: &str, expected| {
            assert_eq!(say(&mut gate, &room, after_ms, &actor, text), expected, "{text}");
        };
        check(0, "you s c a m m e r", Err(Refusal::WordNotAllowed));
        check(0, "see www.example", Err(Refusal::LinkNotAllowed));
        check(0, "beautiful!", Ok(None));
        check(0, "Beautiful !!", Err(Refusal::MessageRepeated));
        check(31_000, "beautiful", Ok(None));
        check(31_000, "where is my REFUND", Ok(Some(WhyHeld::Word)));
    }

    #[test]
    fn memory_stays_bounded() {
        let mut gate = Gate::new(START, WordLists::default());
        let mut random = Random::seeded(3);
        for i in 0..i64::try_from(METERED_VIEWERS).expect("small") + 10 {
            let now = START + Millis(i);
            gate.hearts(now, ViewerId::mint(now, &mut random), 1);
        }
        assert!(gate.viewers.len() <= METERED_VIEWERS / 2 + 11);
    }
}
