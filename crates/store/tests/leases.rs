//! Leases of rooms: on PostgreSQL between processes, on a file of one process alone.

use std::time::Duration;

use app::ports::{Held, Holder, Leases, RoomKey, Stage};
use kernel::{Millis, Random, ShowId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::testing::{postgres, sqlite};

fn holder(name: &str) -> Holder {
    Holder { id: name.into(), address: format!("http://{name}") }
}

#[tokio::test]
async fn a_room_is_led_by_one_until_it_lets_go_or_is_late() {
    let Some(store) = postgres().await else { return };
    let show = ShowId::mint(Timestamp::EPOCH, &mut Random::seeded(3));
    let key = RoomKey { show, stage: Stage::Live };
    let (one, two) = (holder("one"), holder("two"));
    let hold = async |key, holder: &Holder, length| store.hold(key, holder, length).await.expect("the store answers");
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
}

#[tokio::test]
async fn a_house_on_a_file_leads_every_room_and_writes_no_row_for_it() {
    let (store, _folder) = sqlite().await;
    let show = ShowId::mint(Timestamp::EPOCH, &mut Random::seeded(3));
    let key = RoomKey { show, stage: Stage::Live };
    for _ in 0..3 {
        let held = store.hold(key, &holder("one"), Millis(1)).await.expect("the store answers");
        assert_eq!(held, Held::Ours, "also after its time");
    }
    store.let_go(key, &holder("one")).await.expect("given up");
    let rows = store.read().query_all_raw(Statement::from_string(DbBackend::Sqlite, "SELECT 1 FROM room_lease")).await;
    assert_eq!(rows.expect("read").len(), 0);
}
