//! Drops: a few pieces of a variant for a while, claimed by many at once; the tabs that claims form; who waits.

pub mod claim;
pub mod contact;
pub mod facts;
pub mod jobs;
pub mod news;
pub mod plan;
pub mod run;
pub mod set_aside;
pub mod shown;
pub mod tab;
pub mod tabs;

use kernel::{ClaimId, DropId};
use shop::claim::Claim;
use shop::drop::Drop;

use crate::access::Act;
use crate::ports::ShowRow;
use crate::shows::find_for;
use crate::{Actor, App, Code, Problem};

pub use facts::KnownDrops;

/// The drop and its show, for who may run that.
async fn find(app: &App, actor: &Actor, id: DropId) -> Result<(Drop, ShowRow), Problem> {
    let drop = app.till.drops.drop_of(id).await?.filter(|drop| drop.prize.is_none()).ok_or(Code::NotFound)?;
    let show = find_for(app, actor, Act::RunShow, drop.at.show).await?;
    Ok((drop, show))
}

/// A claim of a show, for who may run that. What a basket holds at its checkout is no claim of a show.
async fn find_claim(app: &App, actor: &Actor, id: ClaimId) -> Result<Claim, Problem> {
    let claim = app.till.drops.claim_of(id).await?.ok_or(Code::NotFound)?;
    let at = claim.show.ok_or(Code::NotFound)?;
    find_for(app, actor, Act::RunShow, at.show).await?;
    Ok(claim)
}
