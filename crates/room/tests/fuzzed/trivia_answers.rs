//! A question and answers to it: lines of any bytes. The first line is the question's right answer, its first byte whether a typo
//! is forgiven; of every other line the first byte is who says it.

use kernel::{MessageId, Random, Timestamp, ViewerId};
use room::{Question, Right, Round, limits, plain};

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

pub fn run(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n').filter_map(<[u8]>::split_first);
    let Some((typo, answer)) = lines.next() else { return };
    let answers = vec![String::from_utf8_lossy(answer).into_owned()];
    let question = Question { text: "?".into(), answers, typo: typo & 1 == 1 };
    if !question.faults().is_empty() {
        return;
    }
    assert!(question.accepts(&question.answers[0]), "its own answer is right");
    let mut round = Round::new(question.clone(), 0);
    let mut count = 0;
    for (offset, (who, words)) in (1..).zip(lines) {
        let words = String::from_utf8_lossy(words);
        let once = plain(&words);
        assert_eq!(plain(&once), once, "what is plain stays as it is");
        assert_eq!(question.accepts(&once), question.accepts(&words));
        let by = ViewerId::mint(NOW, &mut Random::seeded(u64::from(*who)));
        round.hear(Right { offset, message: MessageId::mint(NOW, &mut Random::seeded(offset)), by }, &words);
        count += 1;
    }
    assert!(round.answers() <= count);
    assert!(round.right().len() <= limits::RIGHT_ANSWERS);
    assert!(round.right().windows(2).all(|pair| pair[0].offset < pair[1].offset && pair[0].by != pair[1].by));
    let spread = round.spread();
    assert!(spread.len() <= limits::SPREAD && spread[0].right);
    assert!(spread[1..].iter().all(|one| !one.right && one.count >= 2));
}
