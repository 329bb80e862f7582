//! The tabs of a show as its staff see them: by buyer, with a nudge, more time, or letting go.

use std::collections::BTreeMap;

use kernel::{ClaimId, Millis, PersonId, ShowId, Timestamp, ViewerId};
use shop::books::{Extended, LetGo, What};
use shop::claim::Claim;

use super::contact::contact;
use super::find_claim;
use super::tab::{TabClaim, with_goods};
use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::messages::claims::{self, News};
use crate::ports::{RoomKey, Stage, till};
use crate::room::{ClaimChange, ClaimNews};
use crate::shows::find_for;
use crate::{Actor, App, Code, Problem, house, messages};

/// Claims of a show that its staff see; the newest.
const CLAIMS: u32 = 500;
/// The furthest that a claim is held.
const LONGEST: Millis = Millis::from_days(14);
/// Reminders of one claim within the throttle's window.
const NUDGES: usize = 2;

/// What one buyer has claimed in a show.
#[derive(Clone, Debug)]
pub struct BuyerTab {
    pub viewer: ViewerId,
    /// As they are called in the chat, or signed an order.
    pub name: Option<String>,
    /// Whether they can be written to.
    pub reachable: bool,
    /// They sit in the room.
    pub here: bool,
    pub barred_until: Option<Timestamp>,
    /// Newest first, whatever became of them.
    pub claims: Vec<TabClaim>,
}

/// The tabs, that of the newest claim first.
pub async fn list(app: &App, actor: &Actor, show: ShowId) -> Result<Vec<BuyerTab>, Problem> {
    find_for(app, actor, Act::SeeStudio, show).await?;
    let claims = app.till.drops.claims_of_show(show, CLAIMS).await?;
    let mut order: Vec<(ViewerId, Option<PersonId>)> = Vec::new();
    let mut by_buyer: BTreeMap<ViewerId, Vec<TabClaim>> = BTreeMap::new();
    for own in with_goods(app, claims).await? {
        let viewer = own.claim.viewer;
        if !by_buyer.contains_key(&viewer) {
            order.push((viewer, own.claim.person));
        }
        by_buyer.entry(viewer).or_default().push(own);
    }
    let mut tabs = Vec::with_capacity(order.len());
    for (viewer, person) in order {
        let known = contact(app, viewer, person).await?;
        let chat = app.ports.chat_names.chat_name(viewer).await?;
        tabs.push(BuyerTab {
            viewer,
            name: chat.or_else(|| known.as_ref().and_then(|known| known.name.clone())),
            reachable: known.is_some(),
            here: app.rooms.is_here(RoomKey { show, stage: Stage::Live }, viewer),
            barred_until: app.till.drops.barred_until(viewer, app.now()).await?,
            claims: by_buyer.remove(&viewer).unwrap_or_default(),
        });
    }
    Ok(tabs)
}

/// Gives a claim more time, or less.
///
/// # Errors
/// `claim_over`, `invalid` for a time that is over or more than 14 days away.
pub async fn extend(app: &App, actor: &Actor, id: ClaimId, until: Timestamp) -> Result<Claim, Problem> {
    let claim = find_claim(app, actor, id).await?;
    if until - app.now() > LONGEST {
        return Err(Problem::field("until", "out_of_range"));
    }
    let desk = &app.till.desk;
    match till::extend(&*desk.till, desk.command(What::Extend { claim: id, until })).await? {
        Extended::Done(claim) => {
            noted(app, actor, Deed::ClaimExtended, &claim).await;
            Ok(*claim)
        }
        Extended::NotOpen => Err(Code::ClaimOver.into()),
        Extended::Past => Err(Problem::field("until", "out_of_range")),
        Extended::Unknown => Err(Problem::internal(format!("claim {} is gone", claim.id))),
    }
}

/// Staff let a claim go: its pieces can be had by others at once, and its buyer is told.
pub async fn let_go(app: &App, actor: &Actor, id: ClaimId) -> Result<(), Problem> {
    find_claim(app, actor, id).await?;
    let desk = &app.till.desk;
    match till::let_go(&*desk.till, desk.command(What::LetGo { claim: id, buyer: None })).await? {
        LetGo::Done(claim) => {
            noted(app, actor, Deed::ClaimReleased, &claim).await;
            Ok(())
        }
        LetGo::Already(_) => Ok(()),
        LetGo::InOrder => Err(Code::ClaimOver.into()),
        LetGo::Unknown => Err(Code::NotFound.into()),
    }
}

/// Reminds a buyer to pay: in the room, and by a letter where they can be written to. Returns whether one was written.
///
/// # Errors
/// `claim_over`; `slow_down` after two reminders within a while.
pub async fn nudge(app: &App, actor: &Actor, id: ClaimId) -> Result<bool, Problem> {
    let claim = find_claim(app, actor, id).await?;
    if !claim.on_tab() || claim.until <= app.now() {
        return Err(Code::ClaimOver.into());
    }
    app.throttle.count(&format!("nudged {id}"), NUDGES, app.now())?;
    let (number, until) = (claim.show.map(|at| at.number), Some(claim.until));
    let news = ClaimNews { change: ClaimChange::Nudged, claim: id, drop: claim.of.drop(), number, until };
    app.rooms.tell(claim.viewer, &news);
    let house = house::get(app).await?.name;
    let written = claims::letter(app, &house, &claim, News::Reminder).await?;
    if let Some((reach, letter)) = &written {
        let useful = (claim.until - app.now()).min(messages::orders::USEFUL);
        messages::queue(app, crate::ports::About::Order, reach.clone(), letter, useful).await?;
    }
    noted(app, actor, Deed::BuyerNudged, &claim).await;
    Ok(written.is_some())
}

/// Lets a buyer claim again who did not pay.
pub async fn unbar(app: &App, actor: &Actor, viewer: ViewerId) -> Result<(), Problem> {
    require(actor, Act::RunShow, Place::HOUSE)?;
    let desk = &app.till.desk;
    till::unbar(&*desk.till, desk.command(What::Unbar { viewer })).await?;
    note(app, actor, Entry::new(Deed::BuyerUnbarred, viewer)).await;
    Ok(())
}

async fn noted(app: &App, actor: &Actor, deed: Deed, claim: &Claim) {
    let entry = Entry::new(deed, claim.id);
    let entry = claim.show.map_or(entry.clone(), |at| entry.of_show(at.show));
    note(app, actor, entry).await;
    if let Some(drop) = claim.of.drop() {
        app.till.known_drops.moved(drop);
    }
}
