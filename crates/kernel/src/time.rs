//! Points in time and spans of it, as whole numbers.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A span in milliseconds; may be negative where a difference is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs * 1_000)
    }
    #[must_use]
    pub const fn from_mins(mins: i64) -> Self {
        Self::from_secs(mins * 60)
    }
    #[must_use]
    pub const fn from_days(days: i64) -> Self {
        Self::from_secs(days * 86_400)
    }
    /// The same span for a timer; a negative one is no wait at all.
    #[must_use]
    pub const fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(if self.0 < 0 { 0 } else { self.0.cast_unsigned() })
    }
}

/// Microseconds since 1970-01-01T00:00:00Z, in UTC. On the wire: RFC 3339 with milliseconds and `Z`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Not an RFC 3339 time in UTC (`2026-11-22T18:00:00Z`, up to six digits of a second).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time looks like 2026-11-22T18:00:00Z")]
pub struct ParseTimestampError;

impl Timestamp {
    pub const EPOCH: Self = Self(0);
    #[must_use]
    pub const fn from_unix_micros(micros: i64) -> Self {
        Self(micros)
    }
    /// What lies past the range of microseconds becomes its end: 292,000 years from 1970.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }
    #[must_use]
    pub const fn unix_micros(self) -> i64 {
        self.0
    }
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }
    #[must_use]
    pub const fn unix_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
}

impl Add<Millis> for Timestamp {
    type Output = Self;
    fn add(self, span: Millis) -> Self {
        Self(self.0 + span.0 * 1_000)
    }
}

impl Sub<Millis> for Timestamp {
    type Output = Self;
    fn sub(self, span: Millis) -> Self {
        Self(self.0 - span.0 * 1_000)
    }
}

impl Sub for Timestamp {
    type Output = Millis;
    fn sub(self, earlier: Self) -> Millis {
        Millis((self.0 - earlier.0).div_euclid(1_000))
    }
}

/// Days since 1970-01-01 to (year, month, day), Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
const fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

const fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let mp = if month > 2 { month - 3 } else { month + 9 };
    let doy = (153 * mp + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0.div_euclid(86_400_000_000));
        let micros = self.0.rem_euclid(86_400_000_000);
        let (secs, millis) = (micros / 1_000_000, micros / 1_000 % 1_000);
        let (h, m, s) = (secs / 3_600, secs / 60 % 60, secs % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{millis:03}Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        let bytes = text.as_bytes();
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if bytes.len() < 20 || !text.is_ascii() || marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
            return Err(ParseTimestampError);
        }
        let number = |from: usize, to: usize| {
            let digits = &text[from..to];
            if !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(ParseTimestampError);
            }
            digits.parse::<i64>().map_err(|_| ParseTimestampError)
        };
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (h, m, s) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let fraction = match &text[19..] {
            "Z" => 0,
            rest => {
                let digits = rest.strip_prefix('.').and_then(|r| r.strip_suffix('Z')).ok_or(ParseTimestampError)?;
                if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(ParseTimestampError);
                }
                format!("{digits:0<6}").parse().map_err(|_| ParseTimestampError)?
            }
        };
        let whole = days(year, month, day);
        if civil(whole) != (year, month, day) || h > 23 || m > 59 || s > 59 {
            return Err(ParseTimestampError);
        }
        Ok(Self(((whole * 24 + h) * 3_600 + m * 60 + s) * 1_000_000 + fraction))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
            (1_795_374_000_123_000, "2026-11-22T19:00:00.123Z"),
            (-1_000, "1969-12-31T23:59:59.999Z"),
        ] {
            let time = Timestamp::from_unix_micros(micros);
            assert_eq!(time.to_string(), text);
            assert_eq!(text.parse(), Ok(time));
        }
        assert_eq!("2026-11-22T19:00:00Z".parse::<Timestamp>().map(Timestamp::unix_micros), Ok(1_795_374_000_000_000));
    }

    #[test]
    fn milliseconds_past_the_range_become_its_end() {
        assert_eq!(Timestamp::from_unix_millis(i64::MAX), Timestamp::from_unix_micros(i64::MAX));
        assert_eq!(Timestamp::from_unix_millis(i64::MIN), Timestamp::from_unix_micros(i64::MIN));
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for text in [
            "",
            "2026-02-30T00:00:00Z",
            "2026-11-22 19:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T19:00:00+01:00",
            "2026-11-22T19:00:00.Z",
            "+026-11-22T19:00:00Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(ParseTimestampError), "{text}");
        }
    }
}
