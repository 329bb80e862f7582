//! One round of a question: answers are heard in the order of the log, and each person is heard once.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{MessageId, ViewerId};

use super::{Question, Spread, plain};
use crate::limits::{RIGHT_ANSWERS, SPREAD};

/// A wrong answer is told when so many gave it: one person's words stay theirs.
const TOGETHER: u32 = 2;

/// A right answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// Its place in the log.
    pub offset: u64,
    pub message: MessageId,
    /// As whom the till knows who gave it.
    pub by: ViewerId,
}

/// What was heard so far. Hearing the log again from its start changes nothing.
#[derive(Clone, Debug)]
pub struct Round {
    question: Question,
    heard: u64,
    by: BTreeSet<ViewerId>,
    right: Vec<Right>,
    right_count: u32,
    /// Wrong ones by what they come to: as it was written first, and how many gave it.
    wrong: BTreeMap<String, (String, u32)>,
}

impl Round {
    /// Nothing is heard that stands at or before this offset.
    #[must_use]
    pub fn new(question: Question, from: u64) -> Self {
        Self { question, heard: from, by: BTreeSet::new(), right: Vec::new(), right_count: 0, wrong: BTreeMap::new() }
    }

    /// The last offset that was heard.
    #[must_use]
    pub const fn heard(&self) -> u64 {
        self.heard
    }

    /// How many have answered.
    #[must_use]
    pub fn answers(&self) -> u32 {
        u32::try_from(self.by.len()).unwrap_or(u32::MAX)
    }

    /// The first right answers in the order of the log, at most [`RIGHT_ANSWERS`]: who stands first wins, the others follow.
    #[must_use]
    pub fn right(&self) -> &[Right] {
        &self.right
    }

    /// Hears one answer; an erased one has no words, and is wrong.
    pub fn hear(&mut self, answer: Right, words: &str) {
        if answer.offset <= self.heard {
            return;
        }
        self.heard = answer.offset;
        if !self.by.insert(answer.by) {
            return;
        }
        let given = plain(words);
        if self.question.accepts_plain(&given) {
            self.right_count += 1;
            if self.right.len() < RIGHT_ANSWERS {
                self.right.push(answer);
            }
        } else if !given.is_empty() {
            self.wrong.entry(given).or_insert_with(|| (words.trim().to_owned(), 0)).1 += 1;
        }
    }

    /// What was answered how often: right ones first, then wrong ones that several gave, the most frequent first.
    #[must_use]
    pub fn spread(&self) -> Vec<Spread> {
        let told = self.question.answers.first().cloned().unwrap_or_default();
        let right = Spread { answer: told, count: self.right_count, right: true };
        let several = self.wrong.values().filter(|(_, count)| *count >= TOGETHER);
        let mut wrong: Vec<Spread> =
            several.map(|(answer, count)| Spread { answer: answer.clone(), count: *count, right: false }).collect();
        wrong.sort_by(|one, other| (other.count, &one.answer).cmp(&(one.count, &other.answer)));
        std::iter::once(right).chain(wrong).take(SPREAD).collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Random, Timestamp};

    use super::*;

    #[test]
    fn the_order_of_the_log_decides() {
        let mut random = Random::seeded(3);
        let now = Timestamp::from_unix_millis(1);
        let people: Vec<ViewerId> = (0..6).map(|_| ViewerId::mint(now, &mut random)).collect();
        let answers = vec!["Gucci".to_owned()];
        let mut round = Round::new(Question { text: "Whose?".into(), answers, typo: true }, 10);
        let given = [
            (9, 0, "gucci"),
            (11, 1, "Prada"),
            (12, 2, "prada!"),
            (13, 1, "Gucci"),
            (14, 3, "guci"),
            (15, 4, "GUCCI"),
            (16, 5, "my phone is 555"),
        ];
        for _ in 0..2 {
            for (offset, who, words) in given {
                let right = Right { offset, message: MessageId::mint(now, &mut random), by: people[who] };
                round.hear(right, words);
            }
        }
        let right: Vec<_> = round.right().iter().map(|right| (right.offset, right.by)).collect();
        assert_eq!(right, [(14, people[3]), (15, people[4])], "a second answer of the same person is none");
        assert_eq!((round.answers(), round.heard()), (5, 16));
        let spread: Vec<_> = round.spread().into_iter().map(|one| (one.answer, one.count, one.right)).collect();
        assert_eq!(spread, [("Gucci".to_owned(), 2, true), ("Prada".to_owned(), 2, false)]);
    }
}
