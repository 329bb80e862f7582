//! A piece that nobody planned goes on sale from a phone, while the show runs.

use hub::Lifecycle;
use kernel::ShowId;
use room::Notice;
use shop::catalogue::Status;

use super::run_sheet::not_ended;
use super::{acted_by, change, find_for};
use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
pub use crate::catalogue::products::Piece;
use crate::catalogue::products::quick_list;
use crate::ports::{RoomFeed, RoomKey, ShowRow, Stage};
use crate::{Actor, App, Problem};

/// Lists the piece under the next number and says which. It can be bought at once; a piece that is listed while one
/// rehearses is a draft, which staff alone see until somebody puts it on sale.
pub async fn list_on_air(app: &App, actor: &Actor, id: ShowId, piece: Piece) -> Result<(ShowRow, u32), Problem> {
    let show = find_for(app, actor, Act::RunShow, id).await?;
    not_ended(&show)?;
    let brand_id = piece.brand.unwrap_or(show.plan.brand);
    if brand_id != show.plan.brand {
        require(actor, Act::RunShow, Place::brand(brand_id))?;
    }
    // Refused before there is a product of it.
    show.run_sheet.has_room()?;
    let by = acted_by(app, actor).await?;
    let rehearsing = matches!(show.lifecycle, Lifecycle::Rehearsing { .. });
    let status = if rehearsing { Status::Draft } else { Status::Active };
    let product = quick_list(app, brand_id, status, piece).await?.id;
    let show = change(app, id, |show| {
        not_ended(show)?;
        show.run_sheet = show.run_sheet.add(product)?.0;
        Ok(())
    })
    .await?;
    let number = show.run_sheet.items.last().map_or(0, |item| item.number);
    note(app, actor, Entry::new(Deed::ListedOnAir, format!("#{number}")).of_show(id)).await;
    let stage = if rehearsing { Stage::Rehearsal } else { Stage::Live };
    app.rooms.post_by(RoomKey { show: id, stage }, Notice::Listed { number }, by).await;
    Ok((show, number))
}
