//! A trivia question: what counts as right, and who was right first. The log's order decides, and nothing else.

mod round;
mod same;
mod shown;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

pub use round::{Right, Round};
pub use same::plain;
pub use shown::{Spread, TriviaPhase, TriviaShown, Winner};

use crate::limits::{ACCEPTED_ANSWERS, ANSWER_GRAPHEMES, QUESTION_GRAPHEMES};

/// A question as staff wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub text: String,
    /// What counts as right; the first is told when it is decided.
    pub answers: Vec<String>,
    /// Whether one wrong, missing, added or swapped letter is forgiven.
    pub typo: bool,
}

/// What of a question cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionFault {
    #[error("a question has 1 to {QUESTION_GRAPHEMES} characters")]
    Text,
    #[error("a question has 1 to {ACCEPTED_ANSWERS} right answers")]
    Answers,
    #[error("an answer has a letter or a digit, and at most {ANSWER_GRAPHEMES} characters")]
    Answer { place: usize },
}

impl Question {
    /// Everything that cannot be taken.
    #[must_use]
    pub fn faults(&self) -> Vec<QuestionFault> {
        let mut faults = Vec::new();
        if self.text.trim().is_empty() || self.text.graphemes(true).count() > QUESTION_GRAPHEMES {
            faults.push(QuestionFault::Text);
        }
        if !(1..=ACCEPTED_ANSWERS).contains(&self.answers.len()) {
            faults.push(QuestionFault::Answers);
        }
        let broken = |answer: &String| plain(answer).is_empty() || answer.graphemes(true).count() > ANSWER_GRAPHEMES;
        let places = self.answers.iter().enumerate().filter(|(_, answer)| broken(answer));
        faults.extend(places.map(|(place, _)| QuestionFault::Answer { place }));
        faults
    }

    /// Whether an answer counts as right.
    #[must_use]
    pub fn accepts(&self, answer: &str) -> bool {
        self.accepts_plain(&plain(answer))
    }

    /// As [`Self::accepts`], of what [`plain`] made of an answer.
    fn accepts_plain(&self, given: &str) -> bool {
        let accepted = |right: &String| {
            let right = plain(right);
            right == given || (self.typo && same::one_letter_off(&right, given))
        };
        !given.is_empty() && self.answers.iter().any(accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(answers: &[&str], typo: bool) -> Question {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        Question { text: "Whose belt is this?".into(), answers, typo }
    }

    #[test]
    fn an_answer_counts_however_it_is_written() {
        let gucci = question(&["Gucci", "1970s Gucci"], true);
        let check = |of: &Question, answer: &str, right: bool| assert_eq!(of.accepts(answer), right, "{answer:?}");
        for right in [
            "gucci",
            "Gucci!",
            " GUCCI ",
            "g.u.c.c.i",
            "1970s Gucci",
            "1970s-gucci",
            "Ｇｕｃｃｉ",
            "guci",
            "gucchi",
            "gcuci",
        ] {
            check(&gucci, right, true);
        }
        for wrong in ["", "?!", "guc", "hugo", "gukki", "1980s gucci", "197s gucci", "the gucci"] {
            check(&gucci, wrong, false);
        }
        let strict = question(&["Gucci"], false);
        check(&strict, "ＧＵＣＣＩ。", true);
        check(&strict, "guci", false);
        let short = question(&["red", "42", "丝绸"], true);
        for wrong in ["rad", "43", "24", "4", "丝", "丝绵"] {
            check(&short, wrong, false);
        }
        check(&short, "４２", true);
        check(&short, "「丝绸」", true);
        check(&question(&["Hermès"], false), "hermes", true);
        check(&question(&["カバン"], false), "ｶﾊﾞﾝ", true);
        check(&question(&["かばん"], false), "かはん", false);
    }

    #[test]
    fn a_question_names_each_fault() {
        use QuestionFault::{Answer, Answers, Text};
        let check =
            |question: Question, faults: &[QuestionFault]| assert_eq!(question.faults(), faults, "{question:?}");
        check(question(&["Gucci"], true), &[]);
        check(Question { text: " ".into(), ..question(&[], true) }, &[Text, Answers]);
        check(
            Question { text: "字".repeat(201), ..question(&["ok", "?", &"a".repeat(101)], true) },
            &[Text, Answer { place: 1 }, Answer { place: 2 }],
        );
        check(question(&["a"; 21], false), &[Answers]);
    }
}
