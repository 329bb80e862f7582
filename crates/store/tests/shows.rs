//! Shows on both databases.

use app::ports::{ShowList, ShowRow, Shows, StoreError};
use hub::{Lifecycle, LifecycleStep, Placement, RunSheet, ShowPlan};
use kernel::{BrandId, Language, Millis, PersonId, ProductId, ProgrammeId, Random, ShowId, Texts, Timestamp};
use store::testing::on_both;

fn row(random: &mut Random, starts_at: Timestamp) -> ShowRow {
    let product = |random: &mut Random| ProductId::mint(starts_at, random);
    let placed = |product| Placement { number: None, product, talking_points: "Say 丝绸".into() };
    let run_sheet = RunSheet::default().arrange(vec![placed(product(random)), placed(product(random))]).expect("two");
    ShowRow {
        id: ShowId::mint(starts_at, random),
        version: 1,
        plan: ShowPlan {
            title: Texts::new([(Language::english(), "Silk evening".into())]),
            description: Texts::default(),
            brand: BrandId::mint(starts_at, random),
            host: PersonId::mint(starts_at, random),
            starts_at,
            time_zone: "Europe/Paris".into(),
            cover: None,
        },
        lifecycle: Lifecycle::Planned,
        run_sheet,
        stream_key_hash: random.next_u64().to_string(),
        stream_key_sealed: "sealed".into(),
        created_at: starts_at,
        changed_at: starts_at,
    }
}

#[tokio::test]
async fn a_show_is_saved_whole_and_only_over_what_was_read() {
    on_both(|store| async move {
        let mut random = Random::seeded(1);
        let now = Timestamp::from_unix_millis(1_000_000);
        let first = row(&mut random, now);
        store.add_show(first.clone()).await.expect("added");
        assert_eq!(store.show(first.id).await, Ok(Some(first.clone())));
        assert_eq!(store.by_stream_key(&first.stream_key_hash).await, Ok(Some(first.clone())));
        let programme = ProgrammeId::mint(now, &mut random);
        let mut live = first.clone();
        live.lifecycle = live.lifecycle.step(now, LifecycleStep::GoLive { programme }).expect("goes live");
        live.run_sheet = live.run_sheet.arrange(vec![(&live.run_sheet.items[1]).into()]).expect("one left");
        store.save_show(live.clone()).await.expect("saved");
        assert_eq!(store.show(first.id).await, Ok(Some(ShowRow { version: 2, ..live.clone() })));
        assert_eq!(store.save_show(live).await, Err(StoreError::Changed));
        store.remove_show(first.id).await.expect("removed");
        assert_eq!(store.show(first.id).await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn lists_are_paged_in_their_order() {
    on_both(|store| async move {
        let mut random = Random::seeded(2);
        let start = Timestamp::from_unix_millis(1_000_000);
        let mut ids = Vec::new();
        for place in [0, 0, 1, 2] {
            let show = row(&mut random, start + Millis::from_mins(place));
            ids.push(show.id);
            store.add_show(show).await.expect("added");
        }
        ids[..2].sort();
        let page = |list, after, limit| {
            let store = store.clone();
            async move {
                let shows = store.shows(list, after, limit).await.expect("listed");
                shows.into_iter().map(|show| show.id).collect::<Vec<_>>()
            }
        };
        assert_eq!(page(ShowList::Coming, None, 3).await, ids[..3]);
        assert_eq!(page(ShowList::Coming, Some(ids[0]), 9).await, ids[1..]);
        assert_eq!(page(ShowList::All, Some(ids[3]), 9).await, [ids[2], ids[1], ids[0]]);
        assert!(page(ShowList::Live, None, 9).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_host_is_live_in_one_show_at_a_time() {
    on_both(|store| async move {
        let mut random = Random::seeded(3);
        let now = Timestamp::from_unix_millis(1_000_000);
        let (first, mut second) = (row(&mut random, now), row(&mut random, now));
        second.plan.host = first.plan.host;
        let step = |show: &ShowRow, version: i64, step: LifecycleStep| {
            let lifecycle = show.lifecycle.step(now, step).expect("a step");
            ShowRow { version, lifecycle, ..show.clone() }
        };
        let live = |show: &ShowRow, random: &mut Random| {
            step(show, 1, LifecycleStep::GoLive { programme: ProgrammeId::mint(now, random) })
        };
        let both = [live(&first, &mut random), live(&second, &mut random)];
        for show in [&first, &second] {
            store.add_show(show.clone()).await.expect("added");
        }
        let (one, other) = tokio::join!(store.save_show(both[0].clone()), store.save_show(both[1].clone()));
        let refused = [&one, &other].iter().filter(|saved| matches!(saved, Err(StoreError::Duplicate(_)))).count();
        let (won, lost) = if one.is_ok() { (&both[0], &both[1]) } else { (&both[1], &both[0]) };
        assert_eq!((refused, one.is_ok() || other.is_ok()), (1, true), "{one:?} {other:?}");
        let stored = store.show(lost.id).await.expect("asked").expect("there");
        assert_eq!((stored.version, stored.lifecycle), (1, Lifecycle::Planned), "nothing of it is saved");
        // The show that is live is saved again and again; once it has ended, the other one goes live.
        store.save_show(ShowRow { version: 2, ..won.clone() }).await.expect("saved again");
        store.save_show(step(won, 3, LifecycleStep::End)).await.expect("ended");
        store.save_show(lost.clone()).await.expect("live");
    })
    .await;
}
