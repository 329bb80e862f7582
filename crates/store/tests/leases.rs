//! Leases of rooms on both databases.

use std::time::Duration;

use app::ports::{Held, Holder, Leases, RoomKey, Stage};
use kernel::{Millis, Random, ShowId, Timestamp};
use store::testing::on_both;

fn holder(name: &str) -> Holder {
    Holder { id: name.into(), address: format!("http://{name}") }
}

#[tokio::test]
async fn a_room_is_led_by_one_until_it_lets_go_or_is_late() {
    on_both(|store| async move {
        let show = ShowId::mint(Timestamp::EPOCH, &mut Random::seeded(3));
        let key = RoomKey { show, stage: Stage::Live };
        let (one, two) = (holder("one"), holder("two"));
        let hold =
            async |key, holder: &Holder, length| store.hold(key, holder, length).await.expect("the store answers");
        let theirs = |holder: &Holder| Held::Theirs { address: holder.address.clone() };
        let long = Millis::from_mins(10);

        assert_eq!(hold(key, &one, long).await, Held::Ours);
        assert_eq!(hold(key, &two, long).await, theirs(&one));
        assert_eq!(hold(key, &one, long).await, Held::Ours, "renewed");
        let rehearsal = RoomKey { show, stage: Stage::Rehearsal };
        assert_eq!(hold(rehearsal, &two, long).await, Held::Ours, "the other room of the show is another room");

        store.let_go(key, &two).await.expect("asked");
        assert_eq!(hold(key, &two, long).await, theirs(&one), "nobody gives up what is not theirs");
        store.let_go(key, &one).await.expect("given up");
        assert_eq!(hold(key, &two, Millis(30)).await, Held::Ours);
        while hold(key, &one, long).await != Held::Ours {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(hold(key, &two, long).await, theirs(&one), "who was late has lost it");
    })
    .await;
}
