use kernel::{Country, Timestamp};
use room::{DropPhase, DropShown};
use serde::{Deserialize, Serialize};
use shop::catalogue::{Fault, Faults};
use shop::drop::{Drop, Hold, Stage};
use utoipa::ToSchema;

use super::{MoneyBody, MoneyDraft, Reading};

/// How long a claim is held: one of the two.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldBody {
    /// 1 to 1,440.
    #[serde(default)]
    minutes: Option<u16>,
    /// 1 to 72 hours after the end of the show.
    #[serde(default)]
    after_show_hours: Option<u16>,
}

impl From<Hold> for HoldBody {
    fn from(hold: Hold) -> Self {
        match hold {
            Hold::Minutes(minutes) => Self { minutes: Some(minutes), after_show_hours: None },
            Hold::AfterShow { hours } => Self { minutes: None, after_show_hours: Some(hours) },
        }
    }
}

impl HoldBody {
    pub(crate) fn read(self, field: &str, faults: &mut Faults) -> Option<Hold> {
        match (self.minutes, self.after_show_hours) {
            (Some(minutes), None) => Some(Hold::Minutes(minutes)),
            (None, Some(hours)) => Some(Hold::AfterShow { hours }),
            _ => {
                faults.add(field, Fault::NotAChoice { choices: "minutes, after_show_hours" });
                None
            }
        }
    }
}

/// A drop as everybody sees it: the room's `drop` event says the same.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DropShownBody {
    id: String,
    number: u32,
    variant_id: String,
    /// `armed`, `open`, `gone`, `closed` or `ended`.
    phase: String,
    quantity: i64,
    left: i64,
    waiting: i64,
    limit: u32,
    /// Its price in each currency; the list price where that is lower, or where there is none.
    unit: Vec<MoneyBody>,
    /// Only for delivery to these; null is everywhere.
    countries: Option<Vec<String>>,
    /// On the server's clock, Unix milliseconds.
    opens_at_ms: Option<i64>,
    closes_at_ms: Option<i64>,
}

impl From<DropShown> for DropShownBody {
    fn from(shown: DropShown) -> Self {
        let phase = match shown.phase {
            DropPhase::Armed => "armed",
            DropPhase::Open => "open",
            DropPhase::Gone => "gone",
            DropPhase::Closed => "closed",
            DropPhase::Ended => "ended",
        };
        Self {
            id: shown.id.to_string(),
            number: shown.number,
            variant_id: shown.variant_id.to_string(),
            phase: phase.into(),
            quantity: shown.quantity,
            left: shown.left,
            waiting: shown.waiting,
            limit: shown.limit,
            unit: shown.unit.into_iter().map(Into::into).collect(),
            countries: shown.countries.map(|countries| countries.iter().map(Country::to_string).collect()),
            opens_at_ms: shown.opens_at_ms,
            closes_at_ms: shown.closes_at_ms,
        }
    }
}

/// A drop as the staff of its show see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DropBody {
    id: String,
    number: u32,
    product_id: String,
    variant_id: String,
    unit: Vec<MoneyBody>,
    quantity: i64,
    /// Pieces that nobody has claimed; 0 before it is armed.
    left: i64,
    waiting: i64,
    limit: u32,
    hold: HoldBody,
    countries: Option<Vec<String>>,
    /// Null: open until it is gone.
    window_s: Option<i64>,
    /// `planned`, `armed`, `open`, `closed` or `ended`.
    phase: String,
    opens_at: Option<String>,
    closes_at: Option<String>,
    /// `gone`, `closed` or `stopped`.
    ended_because: Option<String>,
    /// Made in a rehearsal: it touches no stock.
    rehearsal: bool,
    server_now: String,
}

impl DropBody {
    pub(crate) fn new(drop: Drop, now: Timestamp) -> Self {
        let (phase, left) = (drop.phase(now), drop.left());
        let armed = drop.armed();
        let ended = match &drop.stage {
            Stage::Ended { why, .. } => Some(why.as_str().to_owned()),
            Stage::Planned | Stage::Armed(_) => None,
        };
        Self {
            id: drop.id.to_string(),
            number: drop.at.number,
            product_id: drop.product.to_string(),
            variant_id: drop.variant.to_string(),
            left,
            waiting: armed.map_or(0, |armed| armed.waiting),
            opens_at: armed.and_then(|armed| armed.opens_at).map(|at| at.to_string()),
            closes_at: armed.and_then(|armed| armed.closes_at).map(|at| at.to_string()),
            unit: drop.unit.into_iter().map(Into::into).collect(),
            quantity: drop.quantity,
            limit: drop.limit,
            hold: drop.hold.into(),
            countries: drop.countries.map(|countries| countries.iter().map(Country::to_string).collect()),
            window_s: drop.window.map(|window| window.0 / 1_000),
            phase: phase.as_str().into(),
            ended_because: ended,
            rehearsal: drop.rehearsal,
            server_now: now.to_string(),
        }
    }
}

/// A drop as staff write it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DropDraftBody {
    /// Of the run sheet.
    number: u32,
    /// Not needed where the number's product has one variant.
    #[serde(default)]
    variant_id: Option<String>,
    /// Its price in each currency; the list price without any.
    #[serde(default)]
    unit: Vec<MoneyDraft>,
    /// 1 to 1,000,000 pieces.
    quantity: i64,
    /// 1 to 10 pieces for one buyer.
    limit: u32,
    hold: HoldBody,
    /// Two capital letters of ISO 3166 each; everywhere without.
    #[serde(default)]
    countries: Option<Vec<String>>,
    /// 1 second to 7 days; open until it is gone without.
    #[serde(default)]
    window_s: Option<i64>,
}

impl DropDraftBody {
    pub(crate) fn read(self) -> Result<app::drops::plan::DropDraft, Faults> {
        let mut faults = Faults::default();
        let variant = faults.id_or_none("variant_id", self.variant_id.as_deref());
        let unit = faults.monies("unit", &self.unit);
        let hold = self.hold.read("hold", &mut faults);
        let countries = self.countries.map(|countries| {
            let numbered = countries.iter().enumerate();
            numbered.filter_map(|(at, text)| faults.country(&format!("countries.{at}"), text)).collect()
        });
        let window = self.window_s.map(|seconds| kernel::Millis(seconds.clamp(0, i64::from(u32::MAX)) * 1_000));
        let (Some(hold), true) = (hold, faults.is_empty()) else { return Err(faults) };
        let (number, quantity, limit) = (self.number, self.quantity, self.limit);
        Ok(app::drops::plan::DropDraft { number, variant, unit, quantity, limit, hold, countries, window })
    }
}
