//! The load program's oracle against the real server: whatever happens to connections, every viewer's fold is the log.

use std::time::Duration;

use load::viewers::{Chat, Evening, Habits, run};

use super::OnAir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_viewer_folds_the_log_through_cuts_naps_and_reloads() {
    let on_air = OnAir::start().await;
    let evening = Evening {
        house: load::House {
            host: on_air.house.house.http.to_string(),
            email: "owner@example.com".into(),
            password: "a long password".into(),
        },
        shows: vec![on_air.show.to_string()],
        viewers: 30,
        chatters: 3,
        chat: Chat::ByStaff(15.0),
        line_bytes: 200,
        announce_every: Some(Duration::from_millis(100)),
        remove_every: Some(Duration::from_millis(300)),
        idle: Duration::ZERO,
        lasts: Duration::from_secs(4),
        habits: Habits {
            lives: Some(Duration::from_millis(800)),
            reloads_percent: 25,
            naps_every: Some(Duration::from_secs(1)),
            nap: Duration::from_millis(400),
            receive_buffer: 4_096,
        },
        deflate: true,
        addresses: 3,
        pid: None,
        seed: 7,
    };
    let seen = run(&evening).await.expect("an evening");
    assert!(seen.is_true(), "{seen:#?}");
    assert_eq!((seen.viewers, seen.left_out, seen.refused.len()), (30, 0, 0), "{seen:#?}");
    assert!(seen.cuts > 30 && seen.resumed > 0 && seen.snapshots > 30, "{seen:#?}");
    assert!(
        seen.removal.is_some_and(|removal| removal.count > 100),
        "what was removed is gone for everybody: {seen:#?}"
    );
    assert!(seen.deliveries > 60 * 20, "lines reached people: {seen:#?}");
}
