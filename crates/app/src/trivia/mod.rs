//! Trivia: a question for everybody in the room, whose first right answer wins a piece at a discount.
//!
//! The prize lies in a drop of its own that bears the question's id: arming it claims the piece, and what expires falls back into
//! its pot. The room's log orders the answers. The till hands the claim over, right answers in their order, and the winner is
//! named after both are durable.

pub mod answers;
pub mod judge;
mod known;
pub mod plan;
pub mod run;
pub mod shown;

use kernel::DropId;
use shop::drop::Drop;

use crate::access::Act;
use crate::ports::{ShowRow, TriviaRow};
use crate::shows::find_for;
use crate::{Actor, App, Code, Problem};

pub use known::KnownTrivia;

/// A question with its prize.
#[derive(Clone, Debug)]
pub struct Trivia {
    pub row: TriviaRow,
    pub prize: Drop,
}

/// The question and its show, for who may do this in it.
async fn find(app: &App, actor: &Actor, act: Act, id: DropId) -> Result<(Trivia, ShowRow), Problem> {
    let prize = app.till.drops.drop_of(id).await?.filter(|drop| drop.prize.is_some()).ok_or(Code::NotFound)?;
    let show = find_for(app, actor, act, prize.at.show).await?;
    let row = app.till.trivia.trivia(id).await?.ok_or(Code::NotFound)?;
    Ok((Trivia { row, prize }, show))
}
