//! Times by the million in a few kilobytes: 32 steps to each doubling, so a figure is off by 3 % at most.

use std::time::Duration;

use serde::Serialize;

const STEPS: u64 = 32;

/// Counts of times, from a microsecond to hours.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
    most: Duration,
}

/// What people ask of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Times {
    /// How many there were.
    pub count: u64,
    /// Half of them took at most this.
    pub p50_ms: f64,
    /// Nine of ten.
    pub p90_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Histogram {
    /// Counts one time.
    pub fn add(&mut self, time: Duration) {
        let place = place(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += 1;
        self.total += 1;
        self.most = self.most.max(time);
    }

    /// Takes another's counts in.
    pub fn merge(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        self.total += other.total;
        self.most = self.most.max(other.most);
    }

    /// The time within which `percent` of all lie (nearest rank), never told shorter than it was; 0 when there are none.
    #[must_use]
    pub fn percentile_ms(&self, percent: f64) -> f64 {
        let rank = ((self.total as f64 * percent / 100.0).ceil() as u64).max(1);
        let mut below = 0;
        for (place, count) in self.counts.iter().enumerate() {
            below += count;
            if below >= rank {
                return (upper(place) as f64 / 1e3).min(self.most.as_secs_f64() * 1e3);
            }
        }
        0.0
    }

    /// The usual figures.
    #[must_use]
    pub fn times(&self) -> Times {
        Times {
            count: self.total,
            p50_ms: self.percentile_ms(50.0),
            p90_ms: self.percentile_ms(90.0),
            p99_ms: self.percentile_ms(99.0),
            max_ms: self.most.as_secs_f64() * 1e3,
        }
    }
}

/// Steps are a microsecond wide up to 64 µs, then a 32nd of their doubling.
fn place(micros: u64) -> usize {
    let shift = (63 - (micros | STEPS).leading_zeros() as u64) - 5;
    (shift * STEPS + (micros >> shift)) as usize
}

/// The largest time of a place.
fn upper(place: usize) -> u64 {
    let place = place as u64;
    if place < 2 * STEPS {
        return place;
    }
    let shift = place / STEPS - 1;
    ((place - shift * STEPS + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_at_most_3_percent_longer_than_it_was() {
        for micros in (0..2_000).chain((0..40).map(|power| 1 << power)).chain([999_999, 1_234_567, 86_400_000_000]) {
            let told = upper(place(micros));
            assert!(told >= micros && told <= micros + micros / 31, "{micros} is told as {told}");
            assert!(place(micros + 1) >= place(micros), "{micros}");
        }
    }

    #[test]
    fn nearest_rank() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.percentile_ms(99.0), 0.0);
        (1..=100).for_each(|ms| histogram.add(Duration::from_millis(ms)));
        let mut other = Histogram::default();
        other.add(Duration::from_secs(5));
        histogram.merge(&other);
        let times = histogram.times();
        assert_eq!((times.count, times.max_ms), (101, 5_000.0));
        assert!((51.0..52.6).contains(&times.p50_ms), "{times:?}");
        assert!((100.0..103.0).contains(&times.p99_ms), "{times:?}");
    }
}
