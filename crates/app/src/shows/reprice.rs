//! A wrong price said on air is corrected for everybody.

use kernel::{Money, ShowId};
use room::Notice;

use super::room_source::tell_all;
use super::run_sheet::not_ended;
use super::{acted_by, find_for};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::catalogue::products::{listed, reprice_product};
use crate::ports::ShowRow;
use crate::{Actor, App, Code, Problem};

/// A new version of the number's prices, in the currencies given; the others stay. Claims keep the price that they were
/// made at; a basket has to accept the new one.
pub async fn reprice(app: &App, actor: &Actor, id: ShowId, number: u32, prices: &[Money]) -> Result<ShowRow, Problem> {
    let show = find_for(app, actor, Act::RunShow, id).await?;
    not_ended(&show)?;
    let by = acted_by(app, actor).await?;
    let product = show.run_sheet.item(number).ok_or(Code::NotFound)?.product;
    reprice_product(app, product, prices).await?;
    app.till.known_drops.forget();
    note(app, actor, Entry::new(Deed::PricesChanged, format!("#{number}")).detail(listed(prices)).of_show(id)).await;
    tell_all(app, id, Notice::PriceChanged { number }, by).await;
    Ok(show)
}
