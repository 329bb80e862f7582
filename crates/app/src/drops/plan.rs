//! Planning a drop: what, how many, at which price, for whom and for how long.

use hub::{Lifecycle, RunItem};
use kernel::{Country, DropId, Millis, Money, ShowId, VariantId};
use shop::drop::{Drop, DropFault, Hold, Stage};
use shop::order::ShowNumber;
use shop::prize::Prize;

use super::find;
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::ports::{ShowRow, StoreError};
use crate::problem::FieldProblem;
use crate::shows::find_for;
use crate::shows::run_sheet::not_ended;
use crate::{Actor, App, Code, Problem};

/// Drops that one show may have; past it an old one has to go.
const OF_SHOW: usize = 200;

/// A drop as staff write it.
#[derive(Clone, Debug)]
pub struct DropDraft {
    pub number: u32,
    /// Not needed where the number's product has one variant.
    pub variant: Option<VariantId>,
    pub unit: Vec<Money>,
    pub quantity: i64,
    pub limit: u32,
    pub hold: Hold,
    pub countries: Option<Vec<Country>>,
    pub window: Option<Millis>,
}

/// A show's drops, in order of their making.
pub async fn list(app: &App, actor: &Actor, show: ShowId) -> Result<Vec<Drop>, Problem> {
    find_for(app, actor, Act::SeeStudio, show).await?;
    let mut drops = app.till.drops.drops_of_show(show).await?;
    drops.retain(|drop| drop.prize.is_none());
    Ok(drops)
}

/// Plans a drop. One planned while the show rehearses is a rehearsal too.
pub async fn create(app: &App, actor: &Actor, show: ShowId, draft: DropDraft) -> Result<Drop, Problem> {
    let show = find_for(app, actor, Act::RunShow, show).await?;
    if app.till.drops.drops_of_show(show.id).await?.len() >= OF_SHOW {
        return Err(Problem::field("number", "too_many"));
    }
    let now = app.now();
    let id = app.entropy.draw(|random| DropId::mint(now, random));
    let rehearsal = matches!(show.lifecycle, Lifecycle::Rehearsing { .. });
    let drop = read(app, &show, id, rehearsal, draft, None).await?;
    keep(app, actor, drop).await
}

/// Changes a drop that was not armed yet.
pub async fn update(app: &App, actor: &Actor, id: DropId, draft: DropDraft) -> Result<Drop, Problem> {
    let (drop, show) = find(app, actor, id).await?;
    let drop = read(app, &show, id, drop.rehearsal, draft, None).await?;
    keep(app, actor, drop).await
}

/// Takes a drop away that was not armed yet.
pub async fn remove(app: &App, actor: &Actor, id: DropId) -> Result<(), Problem> {
    let (drop, show) = find(app, actor, id).await?;
    if !app.till.drops.unplan_drop(id).await? {
        return Err(Code::DropNotPlanned.into());
    }
    note(app, actor, Entry::new(Deed::DropRemoved, format!("#{}", drop.at.number)).of_show(show.id)).await;
    Ok(())
}

/// The drop that a draft describes, with every fault of it named.
pub(crate) async fn read(
    app: &App,
    show: &ShowRow,
    id: DropId,
    rehearsal: bool,
    draft: DropDraft,
    prize: Option<Prize>,
) -> Result<Drop, Problem> {
    not_ended(show)?;
    let item = show.run_sheet.item(draft.number).ok_or_else(|| Problem::field("number", "not_found"))?;
    let variant = variant(app, item, draft.variant).await?;
    let DropDraft { number, unit, quantity, limit, hold, countries, window, .. } = draft;
    let (at, product, stage) = (ShowNumber { show: show.id, number }, item.product, Stage::Planned);
    let drop =
        Drop { id, at, product, variant, unit, quantity, limit, hold, countries, window, rehearsal, prize, stage };
    let faults = drop.faults();
    if faults.is_empty() { Ok(drop) } else { Err(Problem::fields(faults.into_iter().map(named).collect())) }
}

async fn keep(app: &App, actor: &Actor, drop: Drop) -> Result<Drop, Problem> {
    put(app, &drop).await?;
    let entry = Entry::new(Deed::DropPlanned, format!("#{}", drop.at.number));
    note(app, actor, entry.detail(format!("{} pieces", drop.quantity)).of_show(drop.at.show)).await;
    Ok(drop)
}

/// Keeps a plan.
pub(crate) async fn put(app: &App, drop: &Drop) -> Result<(), Problem> {
    match app.till.drops.plan_drop(drop.clone()).await {
        Ok(()) => Ok(()),
        Err(StoreError::Changed) => Err(Code::DropNotPlanned.into()),
        Err(other) => Err(other.into()),
    }
}

async fn variant(app: &App, item: &RunItem, wanted: Option<VariantId>) -> Result<VariantId, Problem> {
    let row = app.ports.catalogue.products(&[item.product]).await?.pop();
    let row = row.ok_or_else(|| Problem::field("number", "not_found"))?;
    match (wanted, row.product.variants.as_slice()) {
        (Some(wanted), variants) if variants.iter().any(|variant| variant.id == wanted) => Ok(wanted),
        (Some(_), _) => Err(Problem::field("variant_id", "not_found")),
        (None, [only]) => Ok(only.id),
        (None, _) => Err(Problem::field("variant_id", "missing")),
    }
}

fn named(fault: DropFault) -> FieldProblem {
    let (field, code) = match fault {
        DropFault::Quantity => ("quantity", "out_of_range"),
        DropFault::Limit => ("limit", "out_of_range"),
        DropFault::Hold => ("hold", "out_of_range"),
        DropFault::Window => ("window_s", "out_of_range"),
        DropFault::Countries => ("countries", "missing"),
        DropFault::Unit => ("unit", "duplicate"),
        DropFault::Prize => ("basis_points", "out_of_range"),
    };
    FieldProblem { field: field.into(), code, fault: None }
}
