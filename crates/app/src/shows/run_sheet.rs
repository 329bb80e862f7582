//! The run sheet, and the one key that stops a sale.

use hub::{Lifecycle, Placement, RunSheetRefusal, Sale};
use kernel::{ProductId, ShowId};
use room::Notice;

use super::room_source::{tell_all, tell_tray};
use super::{acted_by, change, find_for};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::drops::run;
use crate::ports::ShowRow;
use crate::{Actor, App, Code, Problem};

impl From<RunSheetRefusal> for Problem {
    fn from(refusal: RunSheetRefusal) -> Self {
        match refusal {
            RunSheetRefusal::TooMany => Self::field("items", "too_many"),
            RunSheetRefusal::NotItsNumber(number) => Self::field("items", "not_its_number").with("number", number),
            RunSheetRefusal::Twice(product) => {
                Self::field("items", "product_twice").with("product_id", product.to_string())
            }
            RunSheetRefusal::TooLong => Self::field("talking_points", "too_long"),
        }
    }
}

pub(crate) fn not_ended(show: &ShowRow) -> Result<(), Problem> {
    if matches!(show.lifecycle, Lifecycle::Ended { .. }) { Err(Code::ShowHasEnded.into()) } else { Ok(()) }
}

/// Puts the sheet into the order wanted.
pub async fn arrange(app: &App, actor: &Actor, id: ShowId, wanted: Vec<Placement>) -> Result<ShowRow, Problem> {
    find_for(app, actor, Act::RunShow, id).await?;
    let show = change(app, id, |show| {
        not_ended(show)?;
        show.run_sheet = show.run_sheet.arrange(wanted.clone())?;
        Ok(())
    })
    .await?;
    tell_tray(app, &show).await;
    Ok(show)
}

/// Adds a product at the end of the sheet and says which number it got.
pub async fn add(app: &App, actor: &Actor, id: ShowId, product: ProductId) -> Result<(ShowRow, u32), Problem> {
    find_for(app, actor, Act::RunShow, id).await?;
    let show = change(app, id, |show| {
        not_ended(show)?;
        show.run_sheet = show.run_sheet.add(product)?.0;
        Ok(())
    })
    .await?;
    tell_tray(app, &show).await;
    let number = show.run_sheet.items.last().map_or(0, |item| item.number);
    Ok((show, number))
}

/// Stops or resumes the sale of a number, for everybody at once: baskets and checkouts ask the same row.
pub async fn set_sale(app: &App, actor: &Actor, id: ShowId, number: u32, sale: Sale) -> Result<ShowRow, Problem> {
    find_for(app, actor, Act::RunShow, id).await?;
    let by = acted_by(app, actor).await?;
    let show = change(app, id, |show| {
        show.run_sheet = show.run_sheet.with_sale(number, sale).ok_or(Code::NotFound)?;
        Ok(())
    })
    .await?;
    if sale == Sale::Stopped {
        run::stop_all(app, id, Some(number)).await?;
    }
    let notice = match sale {
        Sale::Open => Notice::SaleResumed { number },
        Sale::Stopped => Notice::SaleStopped { number },
    };
    let deed = match sale {
        Sale::Open => Deed::SaleResumed,
        Sale::Stopped => Deed::SaleStopped,
    };
    note(app, actor, Entry::new(deed, format!("#{number}")).of_show(id)).await;
    tell_all(app, id, notice, by).await;
    Ok(show)
}
