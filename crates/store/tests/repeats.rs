//! Keys of repeated requests on both databases.

use app::ports::{Begun, RepeatKey, RepeatTimes, Repeats};
use kernel::{Millis, Timestamp};
use store::Store;
use store::testing::on_both;

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

fn key(actor: &str, key: &str) -> RepeatKey {
    RepeatKey { actor: actor.into(), key: key.into() }
}

async fn begin(store: &Store, of: RepeatKey, hash: &str, after: Millis) -> Begun {
    let now = START + after;
    let times =
        RepeatTimes { now, forgotten: now - Millis::from_days(1), abandoned: now - Millis::from_mins(1), most: 3 };
    store.begin(of, hash.into(), times).await.expect("the store answers")
}

fn before(hash: &str, answer: Option<&str>) -> Begun {
    Begun::Before { request_hash: hash.into(), answer: answer.map(str::to_owned) }
}

#[tokio::test]
async fn a_key_is_taken_once_answered_and_forgotten() {
    on_both(|store| async move {
        let at = Millis::from_secs;
        assert_eq!(begin(&store, key("ann", "k"), "one", at(0)).await, Begun::First);
        assert_eq!(begin(&store, key("ann", "k"), "one", at(1)).await, before("one", None));
        assert_eq!(begin(&store, key("bob", "k"), "two", at(1)).await, Begun::First, "everybody has their own");
        store.answered(key("ann", "k"), "done".into()).await.expect("kept");
        assert_eq!(begin(&store, key("ann", "k"), "other", at(2)).await, before("one", Some("done")));
        store.forget(key("ann", "k")).await.expect("asked");
        assert_eq!(begin(&store, key("ann", "k"), "one", at(3)).await, before("one", Some("done")), "an answer stays");

        store.forget(key("bob", "k")).await.expect("forgotten");
        assert_eq!(
            begin(&store, key("bob", "k"), "three", at(4)).await,
            Begun::First,
            "a refused one may be corrected"
        );
        assert_eq!(
            begin(&store, key("bob", "k"), "four", at(70)).await,
            Begun::First,
            "one that was cut off is taken over"
        );
        assert_eq!(begin(&store, key("ann", "k"), "five", Millis::from_days(2)).await, Begun::First, "a day is over");
    })
    .await;
}

#[tokio::test]
async fn an_actor_has_so_many_keys() {
    on_both(|store| async move {
        for number in 0..5 {
            assert_eq!(begin(&store, key("ann", &format!("k{number}")), "one", Millis(number)).await, Begun::First);
            store.answered(key("ann", &format!("k{number}")), "done".into()).await.expect("kept");
        }
        assert_eq!(begin(&store, key("bob", "k"), "one", Millis(9)).await, Begun::First);
        assert_eq!(begin(&store, key("ann", "k4"), "one", Millis(9)).await, before("one", Some("done")));
        assert_eq!(begin(&store, key("ann", "k0"), "one", Millis(9)).await, Begun::First, "the oldest went");
        store.sweep(START + Millis::from_days(1)).await.expect("swept");
        assert_eq!(begin(&store, key("ann", "k4"), "two", Millis(10)).await, Begun::First);
    })
    .await;
}
