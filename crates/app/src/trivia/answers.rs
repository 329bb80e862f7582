//! The answers to a question in the order in which they were received: what the shop shows who asks why they did not win.

use std::collections::BTreeSet;

use kernel::{Country, DropId, Timestamp, ViewerId};
use room::Kind;
use shop::claim::ClaimState;

use super::find;
use crate::access::Act;
use crate::drops::shown::room;
use crate::ports::TriviaStanding;
use crate::{Actor, App, Problem};

/// Answers on one page of the list.
pub const PAGE: u32 = 200;

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// Its place in the room's log, which is the order of receipt.
    pub offset: u64,
    pub at: Timestamp,
    pub viewer: ViewerId,
    /// Both empty once they were erased.
    pub name: String,
    pub text: String,
    pub country: Option<Country>,
    pub right: bool,
    pub fate: Fate,
}

/// What a right answer came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Nothing,
    /// It stands in line for the prize.
    Waits,
    /// It has, or had, the prize.
    Claim(ClaimState),
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswersPage {
    pub items: Vec<AnswerRow>,
    /// Where the next page begins; none at the end.
    pub next: Option<u64>,
}

/// The answers behind an offset; none before the question was asked.
pub async fn list(app: &App, actor: &Actor, id: DropId, after: u64) -> Result<AnswersPage, Problem> {
    let (trivia, _) = find(app, actor, Act::SeeStudio, id).await?;
    let from = match &trivia.row.standing {
        TriviaStanding::Waiting => return Ok(AnswersPage { items: Vec::new(), next: None }),
        TriviaStanding::Asked { from } => *from,
        TriviaStanding::Decided(decided) => decided.from,
    };
    let page = app.rooms.log().answers(room(&trivia.prize), after.max(from), PAGE).await?;
    let next = page.last().map(|(last, _)| last.offset).filter(|_| page.len() == PAGE as usize);
    let claims = app.till.drops.claims_of_drop(id).await?;
    let line: BTreeSet<ViewerId> =
        app.till.drops.waiters(id, PAGE).await?.into_iter().map(|waiter| waiter.viewer).collect();
    let items = page.into_iter().filter_map(|(event, at)| match event.kind {
        Kind::Answer { trivia_id, given: Some(given) } if trivia_id == id => {
            let held = claims.iter().find(|claim| claim.viewer == given.by).map(|claim| Fate::Claim(claim.state));
            let waits = || if line.contains(&given.by) { Fate::Waits } else { Fate::Nothing };
            Some(AnswerRow {
                offset: event.offset,
                at,
                viewer: given.by,
                right: trivia.row.question.accepts(&given.text),
                fate: held.unwrap_or_else(waits),
                country: given.country,
                name: given.name,
                text: given.text,
            })
        }
        _ => None,
    });
    Ok(AnswersPage { items: items.collect(), next })
}
