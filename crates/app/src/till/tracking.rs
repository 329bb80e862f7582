//! Tracking numbers of many orders from one sheet: looked at first, then sent all at once or not at all.

use std::collections::BTreeMap;

use kernel::{OrderId, ParcelId};
use shop::books::What;
use shop::catalogue::Fault;
use shop::catalogue::import::Plan;
use shop::order::Order;
use shop::parcel::sheet::{self, SheetParcel};
use shop::parcel::{Parcel, tracking_url};

use super::orders::staff_may;
use crate::access::{Act, require_somewhere};
use crate::audit::{Deed, Entry, note};
use crate::ports::till;
use crate::{Actor, App, Code, Problem};

/// A sheet of [`sheet::MAX_PARCELS`] lines is far smaller.
pub const MAX_BYTES: usize = 1024 * 1024;

/// What a sheet would do.
#[derive(Clone, Debug)]
pub struct Report {
    /// Rows, and faults by line and column: with any of them nothing is sent.
    pub plan: Plan,
    pub parcels: Vec<(OrderId, Parcel)>,
    /// Lines whose parcel was sent before: the sheet came again.
    pub already: usize,
}

/// Whether the actor may send parcels somewhere: asked before a sheet is taken in.
pub fn may(actor: &Actor) -> Result<(), Problem> {
    require_somewhere(actor, Act::Fulfil)
}

/// Reads a sheet and looks at its orders. Nothing changes.
///
/// # Errors
/// `too_large` for a sheet of more than [`MAX_BYTES`].
pub async fn check(app: &App, actor: &Actor, bytes: &[u8]) -> Result<Report, Problem> {
    may(actor)?;
    if bytes.len() > MAX_BYTES {
        return Err(Code::TooLarge.into());
    }
    let (rows, mut plan) = sheet::read(bytes);
    let numbers: Vec<String> = rows.iter().map(|row| row.order_number.clone()).collect();
    let ids = app.till.orders().numbered(&numbers).await?;
    let orders = app.till.orders().with_buyers(ids).await?;
    let by_number: BTreeMap<&str, &Order> = orders
        .iter()
        .map(|(order, _)| (order.number.as_str(), order))
        .filter(|(_, order)| staff_may(actor, Act::Fulfil, order))
        .collect();
    let (mut parcels, mut already) = (Vec::new(), 0);
    for row in rows {
        let Some(order) = by_number.get(row.order_number.as_str()) else {
            plan.refuse(row.line, "order_number", Fault::NotFound);
            continue;
        };
        let waits =
            order.state.stands() && order.lines.iter().any(|line| line.parcel.is_none() && order.left(line) > 0);
        if order.parcels.iter().any(|parcel| parcel.tracking_number == row.tracking_number) {
            already += 1;
        } else if waits {
            parcels.push((order.id, parcel(app, row)));
        } else {
            plan.refuse(row.line, "order_number", Fault::NothingToSend);
        }
    }
    plan.errors.sort_by_key(|fault| fault.line);
    Ok(Report { plan, parcels, already })
}

fn parcel(app: &App, row: SheetParcel) -> Parcel {
    let sent_at = app.now();
    let id = app.entropy.draw(|random| ParcelId::mint(sent_at, random));
    let SheetParcel { carrier, tracking_number, tracking_url: given, .. } = row;
    let tracking_url = given.or_else(|| tracking_url(&carrier, &tracking_number));
    Parcel { id, carrier, tracking_number, tracking_url, sent_at, delivered_at: None }
}

/// Marks every order of a sheet as sent, or none. Returns how many were.
///
/// # Errors
/// `import_has_errors` when a line cannot be taken; `changed_meanwhile` when an order was sent or cancelled at the same moment.
pub async fn send(app: &App, actor: &Actor, bytes: &[u8]) -> Result<usize, Problem> {
    let report = check(app, actor, bytes).await?;
    if !report.plan.errors.is_empty() {
        return Err(Code::ImportHasErrors.into());
    }
    let count = report.parcels.len();
    if count == 0 {
        return Ok(0);
    }
    let desk = &app.till.desk;
    if !till::send_all(&*desk.till, desk.command(What::SendAll { parcels: report.parcels })).await? {
        return Err(Code::ChangedMeanwhile.into());
    }
    note(app, actor, Entry::new(Deed::OrdersSent, count)).await;
    Ok(count)
}
