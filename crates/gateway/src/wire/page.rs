use std::str::FromStr;

use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Refused;

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct PageQuery {
    /// `next` of the page before: only what comes behind it.
    after: Option<String>,
    /// 1 to 100; 24 without.
    limit: Option<u32>,
}

impl PageQuery {
    pub(crate) fn after<T: FromStr>(&self) -> Result<Option<T>, Refused> {
        let read = |text: &String| text.parse().map_err(|_| app::Problem::field("after", "not_an_id").into());
        self.after.as_ref().map(read).transpose()
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit.unwrap_or(24).clamp(1, 100)
    }

    /// Whether a page of so many may have another behind it.
    pub(crate) fn is_full(&self, found: usize) -> bool {
        found == self.limit() as usize
    }
}
