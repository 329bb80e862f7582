//! The steps of a chore: each announced, timed, and listed again at the end.

use std::time::{Duration, Instant};

use crate::shell::Outcome;

pub(crate) struct Steps {
    began: Instant,
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    pub(crate) fn new() -> Self {
        Steps { began: Instant::now(), done: Vec::new() }
    }

    /// Runs one step. The first that fails ends the chore; what had passed until then is listed first.
    pub(crate) fn step<T>(&mut self, name: &'static str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n── {name}");
        let began = Instant::now();
        let outcome = work();
        if outcome.is_ok() {
            println!("── {name}: {}", seconds(began.elapsed()));
            self.done.push((name, began.elapsed()));
        } else {
            self.list();
            println!("  ✗ {name}  ({})", seconds(began.elapsed()));
        }
        outcome
    }

    /// Every step with its time; called once all have passed.
    pub(crate) fn finish(self) {
        self.list();
        println!("  all {} steps passed in {}", self.done.len(), seconds(self.began.elapsed()));
    }

    fn list(&self) {
        println!();
        for (name, took) in &self.done {
            println!("  ✓ {:>8}  {name}", seconds(*took));
        }
    }
}

fn seconds(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}
