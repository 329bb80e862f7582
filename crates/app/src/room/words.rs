//! The house's lists of words, per language: what no chat shows, and what somebody of the shop reads first.

use room::limits::{LISTED_WORD_CHARS, LISTED_WORDS};
use room::{WordList, WordLists};

use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::house::{self, House, ListedWords};
use crate::{Actor, App, Problem};

/// Lists beside the one of all languages.
const LISTS: usize = 20;

/// The lists, for who manages the house.
pub async fn list(app: &App, actor: &Actor) -> Result<House, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    house::get(app).await
}

/// Replaces the lists that the caller saw as `version`; every open room keeps to them at once. `lists` is none where only the
/// one of all languages changes. Matching sees through case, marks, full-width forms and what stands between the letters.
pub async fn replace(
    app: &App,
    actor: &Actor,
    version: i64,
    words: Vec<String>,
    lists: Option<Vec<ListedWords>>,
) -> Result<House, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    let before = house::get(app).await?;
    let blocked_words = cleaned("words", &words)?;
    let mut word_lists = before.word_lists.clone();
    if let Some(lists) = lists {
        if lists.len() > LISTS {
            return Err(Problem::field("lists", "too_many"));
        }
        word_lists.clear();
        for (place, list) in lists.into_iter().enumerate() {
            if word_lists.iter().any(|known| known.language == list.language) {
                return Err(Problem::field(format!("lists.{place}.language"), "duplicate"));
            }
            let refused = cleaned(&format!("lists.{place}.refused"), &list.refused)?;
            let held = cleaned(&format!("lists.{place}.held"), &list.held)?;
            word_lists.push(ListedWords { refused, held, ..list });
        }
    }
    let house = House { version, blocked_words, word_lists, ..before };
    app.ports.houses.save_house(house.clone()).await?;
    note(app, actor, Entry::new(Deed::WordsListed, &house.name)).await;
    hold(app, &house).await?;
    Ok(House { version: house.version + 1, ..house })
}

fn cleaned(field: &str, words: &[String]) -> Result<Vec<String>, Problem> {
    if words.len() > LISTED_WORDS {
        return Err(Problem::field(field, "too_many"));
    }
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for (place, word) in words.iter().enumerate() {
        let word = word.trim();
        if word.chars().count() > LISTED_WORD_CHARS {
            return Err(Problem::field(format!("{field}.{place}"), "too_long"));
        }
        if !word.chars().any(char::is_alphanumeric) {
            return Err(Problem::field(format!("{field}.{place}"), "missing"));
        }
        if !kept.iter().any(|known| known == word) {
            kept.push(word.to_owned());
        }
    }
    Ok(kept)
}

/// The stored lists take effect: asked for once at the start.
pub async fn load(app: &App) -> Result<(), Problem> {
    hold(app, &house::get(app).await?).await
}

async fn hold(app: &App, house: &House) -> Result<(), Problem> {
    let refused = house.word_lists.iter().flat_map(|list| &list.refused).chain(&house.blocked_words);
    let held = house.word_lists.iter().flat_map(|list| &list.held);
    let refused = WordList::new(refused.map(String::as_str)).map_err(Problem::internal)?;
    let held = WordList::new(held.map(String::as_str)).map_err(Problem::internal)?;
    app.rooms.set_words(WordLists { refused, held }).await;
    Ok(())
}
