//! The golden simulation of the room: whatever breaks, nobody misses anything without being told.

use proptest::prelude::*;
use sim::room::{Report, evening, full_room};

fn run(seed: u64, viewers: u64, steps: u32) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(evening(seed, viewers, steps))
}

#[test]
fn one_seed_replays_a_run() {
    let first = run(7, 6, 300);
    assert!(first == run(7, 6, 300), "the same seed took another course");
    // The evening was one: people were cut off, resumed, started anew; messages were said and removed.
    let Report { events, cuts, resumed, snapshots, removals, acknowledged, .. } = first;
    assert!(events > 50 && cuts > 10 && resumed > 3 && snapshots > 3, "{events} {cuts} {resumed} {snapshots}");
    assert!(removals > 0 && acknowledged > 20, "{removals} {acknowledged}");
}

#[test]
fn a_full_room_says_how_many_lines_it_left_out() {
    let check = |viewers, expected| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let seen = runtime.expect("a runtime").block_on(full_room(viewers, 300));
        assert_eq!((seen.shown_to_staff, seen.shown + seen.left_out as usize), (300, 300), "{viewers}: {seen:?}");
        assert_eq!(seen.left_out > 200, expected, "{viewers}: {seen:?}");
    };
    check(400, false);
    check(1_000, true);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn nobody_misses_anything(seed: u64, viewers in 2u64..9, steps in 20u32..120) {
        run(seed, viewers, steps);
    }
}
