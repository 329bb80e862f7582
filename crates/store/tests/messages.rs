//! Messages wait on both databases until they went.

use app::conformance::till::Sample;
use app::ports::{Lost, MessageQueue, Outbox, Till, WaitingMessage, WhyGivenUp};
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
async fn a_sign_in_link_does_not_wait_for_a_rush_of_letters() {
    on_both(|store| async move {
        let mut random = Random::seeded(4);
        for _ in 0..20 {
            store.queue(message(&mut random, NOW)).await.expect("queued");
        }
        let link = WaitingMessage { until: NOW + Millis::from_mins(15), ..message(&mut random, NOW) };
        store.queue(link.clone()).await.expect("queued");
        let taken = due(&store, NOW).await;
        assert!(taken.len() == 10 && taken.contains(&(link.id, 1)), "{taken:?}");
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
        let waiting = till.waiting(NOW, 10).await.expect("an outbox");
        let id = waiting.first().expect("stock moved").id;
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

#[tokio::test]
async fn what_is_given_up_is_kept_for_staff_and_tried_no_more() {
    on_both(|store| async move {
        let till = TillStore::new(store.clone());
        let mut sample = Sample::new(3);
        sample.stock(&till, 1, 0).await;
        let what = What::Place(Box::new(sample.checkout(1)));
        let random = sample.random.fork();
        till.run(Command { what, at: NOW, random }).await.expect("the till answers");
        let event = till.waiting(NOW, 10).await.expect("an outbox").remove(0);
        till.put_off(event.id, NOW).await.expect("put off");
        till.set_aside(event.id, "no such product".into(), NOW).await.expect("set aside");
        assert!(till.waiting(NOW, 10).await.expect("an outbox").iter().all(|waiting| waiting.id != event.id));

        let letter = message(&mut sample.random, NOW + Millis::from_secs(1));
        store.queue(letter.clone()).await.expect("queued");
        assert_eq!(due(&store, letter.next_at).await, [(letter.id, 1)]);
        store
            .give_up(letter.id, WhyGivenUp::Refused, "no such mailbox".into(), letter.next_at)
            .await
            .expect("given up");
        assert_eq!(due(&store, NOW + Millis::from_days(1)).await, []);

        let kept = store.given_up(None, 10).await.expect("asked");
        let seen: Vec<_> = kept.iter().map(|kept| (kept.id, kept.why, kept.detail.as_str(), kept.attempts)).collect();
        let of_event = (event.id, WhyGivenUp::Unreadable, "no such product", 2);
        assert_eq!(seen, [(letter.id, WhyGivenUp::Refused, "no such mailbox", 1), of_event]);
        assert_eq!(kept[0].lost, Lost::Message { sealed: letter.sealed });
        assert!(matches!(&kept[1].lost, Lost::Event { text } if text.contains("stock_moved")), "{kept:?}");
        assert_eq!(store.given_up(Some(letter.id), 10).await.expect("asked").len(), 1);
    })
    .await;
}
