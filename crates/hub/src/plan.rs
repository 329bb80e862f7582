//! What a show is planned as.

use kernel::{BrandId, MediaId, PersonId, Texts, Timestamp};

const LONGEST_TITLE_CHARS: usize = 120;
const LONGEST_DESCRIPTION_CHARS: usize = 4_000;

/// Title, host and start of a show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowPlan {
    pub title: Texts,
    pub description: Texts,
    pub brand: BrandId,
    pub host: PersonId,
    pub starts_at: Timestamp,
    /// An IANA name, such as `Europe/Paris`: where the start was meant; viewers see their own.
    pub time_zone: String,
    pub cover: Option<MediaId>,
}

/// One thing that is wrong with a plan, by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShowFault {
    pub field: &'static str,
    pub code: &'static str,
}

impl ShowPlan {
    /// Everything that is wrong with it; empty when it can be taken.
    #[must_use]
    pub fn faults(&self) -> Vec<ShowFault> {
        let mut faults = Vec::new();
        let mut fault = |when: bool, field, code| {
            if when {
                faults.push(ShowFault { field, code });
            }
        };
        let longest = |texts: &Texts| texts.0.values().map(|text| text.chars().count()).max().unwrap_or(0);
        fault(longest(&self.title) == 0, "title", "missing");
        fault(longest(&self.title) > LONGEST_TITLE_CHARS, "title", "too_long");
        fault(longest(&self.description) > LONGEST_DESCRIPTION_CHARS, "description", "too_long");
        fault(jiff::tz::db().get(&self.time_zone).is_err(), "time_zone", "unknown_time_zone");
        faults
    }
}
