//! The house, as everybody sees it and as its merchants set it.

use app::Problem;
use app::house::{self, House, ListedWords};
use app::room::words;
use axum::extract::State;
use kernel::{Country, Currency, Language, MediaId};
use serde::{Deserialize, Serialize};
use shop::payment::Method;
use utoipa::ToSchema;

use crate::body::Json;
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThemeBody {
    /// `#RRGGBB`, or null for the design's own.
    accent: Option<String>,
}

/// The house in public.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HouseBody {
    version: i64,
    name: String,
    logo_media_id: Option<String>,
    languages: Vec<String>,
    currencies: Vec<String>,
    /// Where it sends to.
    countries: Vec<String>,
    theme: ThemeBody,
    /// Payments are made by the sandbox provider: no money moves.
    sandbox: bool,
    demo: bool,
    public_url: String,
}

impl HouseBody {
    pub(crate) fn new(house: House, gateway: &Gateway) -> Self {
        let settings = &gateway.settings;
        let sandbox = gateway.app.till.payments().name() == Method::Sandbox.as_str();
        Self {
            version: house.version,
            name: house.name,
            logo_media_id: house.logo.map(|id| id.to_string()),
            languages: house.languages.iter().map(ToString::to_string).collect(),
            currencies: house.currencies.iter().map(ToString::to_string).collect(),
            countries: house.countries.iter().map(ToString::to_string).collect(),
            theme: ThemeBody { accent: house.accent },
            sandbox,
            demo: settings.demo,
            public_url: settings.public_url.clone(),
        }
    }
}

/// Name, languages, currencies, countries and theme.
#[utoipa::path(get, path = "/house", tag = "house",
    responses((status = 200, body = HouseBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn get(State(gateway): State<Gateway>) -> Result<axum::Json<HouseBody>, Refused> {
    Ok(axum::Json(HouseBody::new(house::get(&gateway.app).await?, &gateway)))
}

/// What merchants set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HouseDraftBody {
    /// As it was read.
    version: i64,
    name: String,
    logo_media_id: Option<String>,
    languages: Vec<String>,
    currencies: Vec<String>,
    countries: Vec<String>,
    theme: ThemeBody,
}

fn each<T: std::str::FromStr>(field: &str, texts: &[String]) -> Result<Vec<T>, Problem> {
    let read = |(place, text): (usize, &String)| {
        text.parse().map_err(|_| Problem::field(format!("{field}.{place}"), "unknown"))
    };
    texts.iter().enumerate().map(read).collect()
}

/// Change the house.
#[utoipa::path(put, path = "/house", tag = "house", request_body = HouseDraftBody,
    responses((status = 200, body = HouseBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn save(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(draft): Json<HouseDraftBody>,
) -> Result<axum::Json<HouseBody>, Refused> {
    let logo = draft.logo_media_id.map(|id| id.parse::<MediaId>()).transpose();
    let house = House {
        version: draft.version,
        name: draft.name,
        logo: logo.map_err(|_| Problem::field("logo_media_id", "not_an_id"))?,
        languages: each::<Language>("languages", &draft.languages)?,
        currencies: each::<Currency>("currencies", &draft.currencies)?,
        countries: each::<Country>("countries", &draft.countries)?,
        accent: draft.theme.accent,
        ..House::default()
    };
    let saved = house::save(&gateway.app, &actor, house).await?;
    Ok(axum::Json(HouseBody::new(saved, &gateway)))
}

/// Words that no chat shows.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BlockedWordsBody {
    /// Of the house, as it was read.
    version: i64,
    /// At most 1,000 of at most 60 characters, in any language.
    words: Vec<String>,
    /// The lists of single languages, at most 20; absent when sent: as they are.
    lists: Option<Vec<ListedWordsBody>>,
}

/// Words of one language, at most 1,000 of at most 60 characters each way.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListedWordsBody {
    /// `en`, `zh`, …
    language: String,
    /// The chat does not show them.
    refused: Vec<String>,
    /// Somebody of the shop reads a line with one of them before others do.
    held: Vec<String>,
}

impl ListedWordsBody {
    fn read(self, place: usize) -> Result<ListedWords, Problem> {
        let language =
            self.language.parse().map_err(|_| Problem::field(format!("lists.{place}.language"), "not_a_choice"))?;
        Ok(ListedWords { language, refused: self.refused, held: self.held })
    }
}

impl From<House> for BlockedWordsBody {
    fn from(house: House) -> Self {
        let lists = house.word_lists.into_iter().map(|list| ListedWordsBody {
            language: list.language.to_string(),
            refused: list.refused,
            held: list.held,
        });
        Self { version: house.version, words: house.blocked_words, lists: Some(lists.collect()) }
    }
}

/// The words that no chat shows.
#[utoipa::path(get, path = "/house/blocked-words", tag = "house",
    responses((status = 200, body = BlockedWordsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn blocked_words(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<BlockedWordsBody>, Refused> {
    Ok(axum::Json(words::list(&gateway.app, &actor).await?.into()))
}

/// Replace the words that no chat shows. It holds at once, in open rooms too.
#[utoipa::path(put, path = "/house/blocked-words", tag = "house", request_body = BlockedWordsBody,
    responses((status = 200, body = BlockedWordsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn block_words(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(list): Json<BlockedWordsBody>,
) -> Result<axum::Json<BlockedWordsBody>, Refused> {
    let BlockedWordsBody { version, words, lists } = list;
    let lists = lists.map(|lists| lists.into_iter().enumerate().map(|(place, list)| list.read(place)).collect());
    let lists = lists.transpose()?;
    Ok(axum::Json(words::replace(&gateway.app, &actor, version, words, lists).await?.into()))
}
