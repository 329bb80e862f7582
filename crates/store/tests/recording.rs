//! The index of recordings on both databases.

use app::ports::{Missing, RecordingSums, Recordings, SegmentRow, SetupRow, StoreError};
use kernel::{Millis, Random, ShowId, Timestamp};
use store::testing::on_both;

fn segment(sequence: i64, at_ms: i64, missing: Option<Missing>) -> SegmentRow {
    SegmentRow {
        sequence,
        at: Timestamp::from_unix_millis(at_ms),
        duration: Millis(2_000),
        size_bytes: if missing.is_some() { 0 } else { 700 },
        setup: if missing.is_some() { String::new() } else { "one".into() },
        discontinuity: sequence == 2,
        independent: missing.is_none(),
        missing,
    }
}

#[tokio::test]
async fn a_recording_is_found_by_its_rows() {
    on_both(|store| async move {
        let mut random = Random::seeded(5);
        let [show, other] = [(); 2].map(|()| ShowId::mint(Timestamp::EPOCH, &mut random));
        let setup = SetupRow { id: "one".into(), codecs: "avc1.64001f,mp4a.40.2".into(), width: 360, height: 640 };
        for _ in 0..2 {
            store.add_setup(show, setup.clone()).await.expect("the same one again is no error");
        }
        assert_eq!(store.setups(show).await, Ok(vec![setup]));
        let rows = [segment(0, 5_000, None), segment(1, 7_000, Some(Missing::Disk)), segment(2, 60_000, None)];
        for row in &rows {
            store.add_segment(show, row.clone()).await.expect("added");
        }
        let again = store.add_segment(show, rows[1].clone()).await;
        assert!(matches!(again, Err(StoreError::Duplicate(_))), "{again:?}");
        store.add_segment(other, segment(0, 90_000, None)).await.expect("added");

        assert_eq!(store.segments(show, 0, 100).await, Ok(rows.to_vec()));
        assert_eq!(store.segments(show, 1, 1).await, Ok(vec![rows[1].clone()]));
        let sums = RecordingSums { segments: 3, duration: Millis(4_000), missing: Millis(2_000), size_bytes: 1_400 };
        assert_eq!(store.sums(show).await, Ok(sums));

        let over = async |ms| store.over(Timestamp::from_unix_millis(ms), 10).await.expect("a list");
        assert_eq!(over(60_000).await, []);
        assert_eq!(over(60_001).await, [show]);
        assert_eq!(over(100_000).await.len(), 2);
        store.hold(show, true).await.expect("held");
        assert_eq!((store.held(show).await, over(100_000).await), (Ok(true), vec![other]));
        store.hold(show, false).await.expect("let go");
        assert_eq!(over(60_001).await, [show]);

        store.forget(show).await.expect("forgotten");
        assert_eq!(store.sums(show).await, Ok(RecordingSums::default()));
        assert_eq!(
            (store.setups(show).await, store.segments(other, 0, 9).await.map(|rows| rows.len())),
            (Ok(vec![]), Ok(1))
        );
    })
    .await;
}
