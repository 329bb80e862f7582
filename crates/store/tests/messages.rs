//! Messages wait on both databases until they went.

use app::conformance::till::Sample;
use app::ports::{MessageQueue, Outbox, Till, WaitingMessage};
use kernel::{EntryId, Millis, Random, Timestamp};
use shop::books::{Command, What};
use store::testing::on_both;
use store::{Store, TillStore};

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_370_400_000);

fn message(random: &mut Random, next_at: Timestamp) -> WaitingMessage {
    let id = EntryId::mint(next_at, random);
    WaitingMessage { id, sealed: format!("sealed {id}"), attempts: 0, next_at, until: NOW + Millis::from_days(1) }
}

async fn due(store: &Store, now: Timestamp) -> Vec<(EntryId, u32)> {
    let taken = store.take_due(now, now + Millis::from_mins(3), 10).await.expect("asked");
    taken.into_iter().map(|message| (message.id, message.attempts)).collect()
}

#[tokio::test]
async fn a_message_is_one_sender_s_until_its_lease_ends() {
    on_both(|store| async move {
        let mut random = Random::seeded(9);
        let first = message(&mut random, NOW);
        let later = message(&mut random, NOW + Millis::from_mins(10));
        for waiting in [&later, &first, &first] {
            store.queue(waiting.clone()).await.expect("queued, or known");
        }
        assert_eq!(due(&store, NOW).await, [(first.id, 1)]);
        assert_eq!(due(&store, NOW + Millis::from_secs(1)).await, [], "somebody has it");
        // Whoever had it has died.
        assert_eq!(due(&store, NOW + Millis::from_mins(3)).await, [(first.id, 2)]);
        store.put_off(first.id, NOW + Millis::from_mins(10)).await.expect("put off");
        assert_eq!(due(&store, NOW + Millis::from_mins(9)).await, []);
        assert_eq!(due(&store, NOW + Millis::from_mins(10)).await, [(first.id, 3), (later.id, 1)]);
        store.forget(first.id).await.expect("forgotten");
        assert_eq!(due(&store, NOW + Millis::from_days(1)).await, [(later.id, 2)]);
    })
    .await;
}

#[tokio::test]
async fn an_event_becomes_its_message_once() {
    on_both(|store| async move {
        let till = TillStore::new(store.clone());
        let mut sample = Sample::new(3);
        sample.stock(&till, 1, 0).await;
        let what = What::Place(Box::new(sample.checkout(1)));
        let random = sample.random.fork();
        till.run(Command { what, at: NOW, random }).await.expect("the till answers");
        let waiting = till.waiting(10).await.expect("an outbox");
        let (id, ..) = waiting.first().expect("stock moved").clone();
        let letter = WaitingMessage { id, ..message(&mut sample.random, NOW) };
        let stranger = message(&mut sample.random, NOW);
        let hand_over = async || till.hand_over(vec![id], vec![letter.clone(), stranger.clone()]).await;
        assert_eq!(hand_over().await, Ok(vec![id]));
        assert_eq!(due(&store, NOW).await, [(id, 1)], "a letter without its event is none");
        store.forget(id).await.expect("it went");
        assert_eq!(hand_over().await, Ok(vec![]), "another process was faster");
        assert_eq!(due(&store, NOW).await, []);
    })
    .await;
}
