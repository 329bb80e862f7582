//! A parcel came: from then on the time runs in which a buyer may withdraw.

use kernel::{OrderId, ParcelId};
use shop::books::{Delivered, What};
use shop::order::Order;

use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::ports::till;
use crate::till::office::find;
use crate::{Actor, App, Code, Problem};

/// Notes that a parcel came. What was noted first stands.
pub async fn note_delivered(app: &App, actor: &Actor, order: OrderId, parcel: ParcelId) -> Result<Order, Problem> {
    let order = find(app, actor, order, Act::Fulfil).await?;
    let desk = &app.till.desk;
    let what = What::Deliver { order: order.id, parcel };
    match till::deliver(&*desk.till, desk.command(what)).await? {
        Delivered::Order(delivered) => {
            note(app, actor, Entry::new(Deed::OrderChanged, &order.number).detail("delivered")).await;
            Ok(*delivered)
        }
        Delivered::Unknown => Err(Code::NotFound.into()),
    }
}
