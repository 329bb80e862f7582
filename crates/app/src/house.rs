//! The house: its name, its languages and currencies, where it sends to, how it looks.

use kernel::{Country, Currency, Language, MediaId};
use serde::{Deserialize, Serialize};

use crate::access::{self, Act, Place};
use crate::audit::{Deed, Entry, note};
use crate::{Actor, App, Problem};

const LONGEST_NAME_CHARS: usize = 80;

/// What staff decide for all of it. Stored as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct House {
    /// Counts the saves; 0 before the first.
    pub version: i64,
    pub name: String,
    pub logo: Option<MediaId>,
    /// The first is the house's own; buyers are offered all of them.
    pub languages: Vec<Language>,
    /// The first is the house's own.
    pub currencies: Vec<Currency>,
    pub countries: Vec<Country>,
    /// `#RRGGBB`, for live and buy; none for the design's own.
    pub accent: Option<String>,
    /// Words that the chat does not show, in any language; staff alone see them.
    #[serde(default)]
    pub blocked_words: Vec<String>,
    /// The lists of single languages.
    #[serde(default)]
    pub word_lists: Vec<ListedWords>,
}

/// Words of one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedWords {
    pub language: Language,
    /// The chat does not show them.
    pub refused: Vec<String>,
    /// Somebody of the shop reads a line with one of them before others do.
    pub held: Vec<String>,
}

impl Default for House {
    fn default() -> Self {
        let countries = ["US", "GB", "FR", "DE", "CN", "JP"].into_iter().filter_map(|code| code.parse().ok());
        Self {
            version: 0,
            name: "Trunkshow".into(),
            logo: None,
            languages: vec![Language::english(), Language::chinese()],
            currencies: vec![Currency::USD, Currency::EUR, Currency::GBP, Currency::CNY, Currency::JPY],
            countries: countries.collect(),
            accent: None,
            blocked_words: Vec::new(),
            word_lists: Vec::new(),
        }
    }
}

/// The settings as they stand.
pub async fn get(app: &App) -> Result<House, Problem> {
    Ok(app.ports.houses.house().await?.unwrap_or_default())
}

/// Saves the settings that the caller saw as `house.version`; the lists of words have a use case of their own.
pub async fn save(app: &App, actor: &Actor, house: House) -> Result<House, Problem> {
    access::require(actor, Act::ManageHouse, Place::HOUSE)?;
    let name = house.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME_CHARS {
        return Err(Problem::field("name", if name.is_empty() { "missing" } else { "too_long" }));
    }
    for (field, empty) in [
        ("languages", house.languages.is_empty()),
        ("currencies", house.currencies.is_empty()),
        ("countries", house.countries.is_empty()),
    ] {
        if empty {
            return Err(Problem::field(field, "missing"));
        }
    }
    let hex = |accent: &String| {
        accent.strip_prefix('#').is_some_and(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    if house.accent.as_ref().is_some_and(|accent| !hex(accent)) {
        return Err(Problem::field("theme.accent", "not_a_colour"));
    }
    let House { blocked_words, word_lists, .. } = get(app).await?;
    let house = House { name, blocked_words, word_lists, ..house };
    app.ports.houses.save_house(house.clone()).await?;
    note(app, actor, Entry::new(Deed::HouseChanged, &house.name)).await;
    Ok(House { version: house.version + 1, ..house })
}
