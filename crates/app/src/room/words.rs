//! The house's list of words that no chat shows.

use room::WordList;
use room::limits::{LISTED_WORD_CHARS, LISTED_WORDS};

use crate::access::{Act, Place, require};
use crate::house::{self, House};
use crate::{Actor, App, Problem};

/// The list, for who moderates.
pub async fn list(app: &App, actor: &Actor) -> Result<House, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    house::get(app).await
}

/// Replaces the list that the caller saw as `version`; every open room keeps to it at once. Matching sees through case,
/// marks, full-width forms and what stands between the letters.
pub async fn replace(app: &App, actor: &Actor, version: i64, words: Vec<String>) -> Result<House, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    if words.len() > LISTED_WORDS {
        return Err(Problem::field("words", "too_many"));
    }
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for (place, word) in words.iter().enumerate() {
        let word = word.trim();
        if word.chars().count() > LISTED_WORD_CHARS {
            return Err(Problem::field(format!("words.{place}"), "too_long"));
        }
        if !word.chars().any(char::is_alphanumeric) {
            return Err(Problem::field(format!("words.{place}"), "missing"));
        }
        if !kept.iter().any(|known| known == word) {
            kept.push(word.to_owned());
        }
    }
    let house = House { version, blocked_words: kept, ..house::get(app).await? };
    app.ports.houses.save_house(house.clone()).await?;
    hold(app, &house).await?;
    Ok(House { version: house.version + 1, ..house })
}

/// The stored list takes effect: asked for once at the start.
pub async fn load(app: &App) -> Result<(), Problem> {
    hold(app, &house::get(app).await?).await
}

async fn hold(app: &App, house: &House) -> Result<(), Problem> {
    let words = WordList::new(house.blocked_words.iter().map(String::as_str)).map_err(Problem::internal)?;
    app.rooms.set_words(words).await;
    Ok(())
}
