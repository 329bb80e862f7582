use std::time::Duration;

/// The value below which `percent` of all lie (nearest rank), in milliseconds; 0 when there are none. Sorts `times`.
pub(crate) fn percentile_ms(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let rank = (times.len() * percent).div_ceil(100).max(1);
    times.get(rank - 1).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(times: &[u64], percent: usize, expected: f64) {
        let mut times: Vec<Duration> = times.iter().map(|ms| Duration::from_millis(*ms)).collect();
        assert_eq!(percentile_ms(&mut times, percent), expected);
    }

    #[test]
    fn nearest_rank() {
        check(&[], 50, 0.0);
        check(&[7], 99, 7.0);
        check(&[4, 1, 3, 2], 50, 2.0);
        check(&[4, 1, 3, 2], 95, 4.0);
        check(&[1, 2], 1, 1.0);
    }
}
