use app::ports::TriviaStanding;
use app::trivia::Trivia;
use app::trivia::answers::{AnswersPage, Fate};
use app::trivia::plan::TriviaDraft;
use kernel::{Country, Millis, Timestamp};
use room::{Question, Spread};
use serde::{Deserialize, Serialize};
use shop::catalogue::Faults;
use shop::drop::Phase;
use shop::prize::Prize;
use utoipa::ToSchema;

use super::{HoldBody, Reading};

/// How many gave an answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpreadBody {
    /// As it was written first.
    answer: String,
    count: u32,
    right: bool,
}

impl From<Spread> for SpreadBody {
    fn from(Spread { answer, count, right }: Spread) -> Self {
        Self { answer, count, right }
    }
}

/// A question as the staff of its show see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriviaBody {
    id: String,
    number: u32,
    product_id: String,
    variant_id: String,
    question: String,
    /// What counts as right; the first is told when it is decided.
    answers: Vec<String>,
    /// One wrong, missing, added or swapped letter is forgiven.
    typo: bool,
    /// What the winner saves, in hundredths of a percent: 500 is 5 %.
    basis_points: u32,
    hold: HoldBody,
    countries: Option<Vec<String>>,
    /// How long answers are taken.
    window_s: i64,
    /// `planned`, `armed`, `open`, `decided` or `ended`.
    phase: String,
    opens_at: Option<String>,
    closes_at: Option<String>,
    /// People who answered; 0 until it is decided.
    answered: u32,
    /// Once it is decided.
    spread: Vec<SpreadBody>,
    /// Made in a rehearsal: it touches no stock.
    rehearsal: bool,
    server_now: String,
}

impl TriviaBody {
    pub(crate) fn new(Trivia { row, prize }: Trivia, now: Timestamp) -> Self {
        let armed = prize.armed();
        let phase = match (prize.phase(now), &row.standing) {
            (Phase::Planned, _) => "planned",
            (Phase::Ended, _) => "ended",
            (_, TriviaStanding::Waiting) => "armed",
            (_, TriviaStanding::Asked { .. }) => "open",
            (_, TriviaStanding::Decided(_)) => "decided",
        };
        let (answered, spread) = match row.standing {
            TriviaStanding::Decided(decided) => (decided.answers, decided.spread),
            TriviaStanding::Waiting | TriviaStanding::Asked { .. } => (0, Vec::new()),
        };
        Self {
            id: prize.id.to_string(),
            number: prize.at.number,
            product_id: prize.product.to_string(),
            variant_id: prize.variant.to_string(),
            question: row.question.text,
            answers: row.question.answers,
            typo: row.question.typo,
            basis_points: prize.prize.map_or(0, |prize| prize.basis_points),
            hold: prize.hold.into(),
            opens_at: armed.and_then(|armed| armed.opens_at).map(|at| at.to_string()),
            closes_at: armed.and_then(|armed| armed.closes_at).map(|at| at.to_string()),
            countries: prize.countries.map(|countries| countries.iter().map(Country::to_string).collect()),
            window_s: prize.window.map_or(0, |window| window.0 / 1_000),
            phase: phase.into(),
            answered,
            spread: spread.into_iter().map(Into::into).collect(),
            rehearsal: prize.rehearsal,
            server_now: now.to_string(),
        }
    }
}

/// A question as staff write it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TriviaDraftBody {
    /// Of the run sheet: its product is won.
    number: u32,
    /// Not needed where the number's product has one variant.
    #[serde(default)]
    variant_id: Option<String>,
    /// 1 to 200 characters.
    question: String,
    /// 1 to 20, of 1 to 100 characters. Case, punctuation, accents and width make no difference.
    answers: Vec<String>,
    /// Forgives one letter of four and more; digits never.
    #[serde(default)]
    typo: bool,
    /// 1 to 10,000: 500 is 5 % off.
    basis_points: u32,
    hold: HoldBody,
    /// Two capital letters of ISO 3166 each; wherever something is sent without.
    #[serde(default)]
    countries: Option<Vec<String>>,
    /// 5 to 600 seconds for answers.
    window_s: i64,
}

impl TriviaDraftBody {
    pub(crate) fn read(self) -> Result<TriviaDraft, Faults> {
        let mut faults = Faults::default();
        let variant = faults.id_or_none("variant_id", self.variant_id.as_deref());
        let hold = self.hold.read("hold", &mut faults);
        let countries = self.countries.map(|countries| {
            let numbered = countries.iter().enumerate();
            numbered.filter_map(|(at, text)| faults.country(&format!("countries.{at}"), text)).collect()
        });
        let (Some(hold), true) = (hold, faults.is_empty()) else { return Err(faults) };
        let answers = self.answers.iter().map(|answer| answer.trim().to_owned()).collect();
        Ok(TriviaDraft {
            number: self.number,
            variant,
            question: Question { text: self.question.trim().to_owned(), answers, typo: self.typo },
            prize: Prize { basis_points: self.basis_points },
            hold,
            countries,
            window: Millis(self.window_s.clamp(0, i64::from(u32::MAX)) * 1_000),
        })
    }
}

/// An answer in the order of receipt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswerBody {
    /// Its place in the room's log: the lower was received first.
    offset: u64,
    at: String,
    viewer_id: String,
    /// Empty once it was erased, as is `text`.
    name: String,
    text: String,
    country: Option<String>,
    right: bool,
    /// What a right one came to: `waits` in line for the prize, or its claim is `open`, `paid`, `released` or `expired`.
    fate: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswersBody {
    items: Vec<AnswerBody>,
    /// `after` of the next page.
    next: Option<u64>,
}

impl From<AnswersPage> for AnswersBody {
    fn from(page: AnswersPage) -> Self {
        let items = page.items.into_iter().map(|row| AnswerBody {
            offset: row.offset,
            at: row.at.to_string(),
            viewer_id: row.viewer.to_string(),
            name: row.name,
            text: row.text,
            country: row.country.map(|country| country.to_string()),
            right: row.right,
            fate: match row.fate {
                Fate::Nothing => None,
                Fate::Waits => Some("waits".into()),
                Fate::Claim(state) => Some(state.as_str().into()),
            },
        });
        Self { items: items.collect(), next: page.next }
    }
}
