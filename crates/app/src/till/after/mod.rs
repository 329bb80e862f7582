//! After the sale: pieces paid back, taken from elsewhere, returned, exchanged and withdrawn from. Each is a change appended to the order.

pub mod ask_return;
pub mod decide;
pub mod delivered;
pub mod list;
pub mod pay_back;
pub mod receive;
pub mod withdraw;

use kernel::OrderId;
use shop::books::{Asked, ChangeOrder, OrderChanged, What};
use shop::order::Order;

use crate::audit::{Deed, Entry, note};
use crate::ports::till;
use crate::{Actor, App, Code, Problem};

/// Changes an order for staff, who are named in the trail, or for its buyer, and brings its payment as far as it goes.
async fn change(app: &App, actor: &Actor, by: By, order: OrderId, version: u32, what: Asked) -> Result<Order, Problem> {
    let desk = &app.till.desk;
    let detail = said(&what);
    let by = actor.person_id().filter(|_| by == By::Staff);
    let command = What::Change(Box::new(ChangeOrder { order, version, by, what }));
    let changed = match till::change(&*desk.till, desk.command(command)).await? {
        OrderChanged::Order(order) => order,
        OrderChanged::Stale => return Err(Code::ChangedMeanwhile.into()),
        OrderChanged::NotPaid => return Err(Code::NotPaid.into()),
        OrderChanged::NoSuchPieces => return Err(Code::PiecesNotThere.into()),
        OrderChanged::NoSuchReturn | OrderChanged::Unknown => return Err(Code::NotFound.into()),
        OrderChanged::WrongStep => return Err(Code::ReturnNotAtThatStep.into()),
        OrderChanged::LessTooMuch => return Err(Problem::field("less_minor", "out_of_range")),
        OrderChanged::SoldOut(variant) => {
            return Err(Problem::from(Code::SoldOut).with("lines", vec![variant.to_string()]));
        }
    };
    if by.is_some() {
        note(app, actor, Entry::new(Deed::OrderChanged, &changed.number).detail(detail)).await;
    }
    desk.complete(order).await
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Staff,
    Buyer,
}

/// A change in a word, for the trail.
const fn said(what: &Asked) -> &'static str {
    match what {
        Asked::Refund { why, .. } => why.as_str(),
        Asked::TakeElsewhere { .. } => "taken_elsewhere",
        Asked::Return { .. } => "return_asked",
        Asked::Withdraw { .. } => "withdrawn",
        Asked::Receive { .. } => "return_received",
        Asked::Refuse { .. } => "return_refused",
        Asked::PayBack { .. } => "return_refunded",
        Asked::Replace { .. } => "return_replaced",
    }
}
