//! The golden simulation of the till: no piece is sold twice, no money is kept or lost, whatever breaks.

use proptest::prelude::*;
use sim::till::{Tally, evening};

fn run(seed: u64, steps: u32) -> Tally {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    println!("seed {seed}");
    runtime.expect("a runtime").block_on(evening(seed, steps))
}

#[test]
fn one_seed_replays_a_run() {
    assert_eq!(run(7, 300), run(7, 300), "the same seed took another course");
}

#[test]
fn the_runs_are_wild_enough() {
    let mut all = Tally::default();
    for seed in 1..60 {
        all += run(seed, 300);
    }
    let happened = [all.placed, all.sold_out, all.replayed, all.crashes, all.paid, all.refunded, all.expired];
    assert!(happened.iter().all(|count| *count >= 20), "{all:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn no_piece_and_no_money_goes_astray(seed: u64, steps in 50u32..400) {
        run(seed, steps);
    }
}
