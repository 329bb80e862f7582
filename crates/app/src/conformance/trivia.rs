//! The promises of [`Questions`]: a question goes one way, and of two who move it on, one does.

use kernel::{DropId, Millis, Random, ShowId, Timestamp};
use room::{Question, Spread};

use crate::ports::{Decided, Questions, StoreError, TriviaRow, TriviaStanding};

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

/// Runs every check.
///
/// # Panics
/// When a store breaks a promise.
pub async fn check(store: &impl Questions) {
    use TriviaStanding::{Asked, Waiting};
    let mut random = Random::seeded(71);
    let show = ShowId::mint(NOW, &mut random);
    let mut planned = |at: i64, text: &str| TriviaRow {
        id: DropId::mint(NOW + Millis(at), &mut random),
        show,
        question: Question { text: text.into(), answers: vec!["Gucci 'x'".into(), "古驰".into()], typo: true },
        standing: Waiting,
    };
    let (first, second) = (planned(0, "Whose belt?"), planned(1, "Which year?"));
    assert_eq!(store.trivia(first.id).await, Ok(None));
    for row in [&first, &second] {
        assert_eq!(store.plan_trivia(row.clone()).await, Ok(()));
    }
    let better = TriviaRow { question: Question { typo: false, ..first.question.clone() }, ..first.clone() };
    assert_eq!(store.plan_trivia(better.clone()).await, Ok(()));
    assert_eq!(store.trivia_of_show(show).await, Ok(vec![better.clone(), second.clone()]));

    let asked = Asked { from: 12 };
    assert_eq!(store.move_trivia(first.id, Waiting, asked.clone()).await, Ok(true));
    assert_eq!(store.move_trivia(first.id, Waiting, Asked { from: 15 }).await, Ok(false), "somebody was faster");
    assert_eq!(store.plan_trivia(first.clone()).await, Err(StoreError::Changed));
    assert_eq!(store.unplan_trivia(first.id).await, Ok(false));
    let spread = vec![Spread { answer: "Gucci".into(), count: 3, right: true }];
    let decided = TriviaStanding::Decided(Decided { from: 12, at: NOW, answers: 9, spread });
    assert_eq!(store.move_trivia(first.id, asked.clone(), decided.clone()).await, Ok(true));
    assert_eq!(store.move_trivia(first.id, asked, decided.clone()).await, Ok(false));
    assert_eq!(store.trivia(first.id).await, Ok(Some(TriviaRow { standing: decided, ..better })));
    assert_eq!(store.unplan_trivia(second.id).await, Ok(true));
    assert_eq!(store.trivia(second.id).await, Ok(None));
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn memory_conforms() {
        super::check(&crate::memory::MemoryTill::default()).await;
    }
}
