//! Withdrawing from the contract without signing in: by the order's number and the contact that it was bought with.

use kernel::Timestamp;
use shop::books::Asked;
use shop::buyer::{Contact, read_email, read_phone};
use shop::change::{Change, Changed, Piece};
use shop::order::Order;
use shop::withdrawal::{ends_at, pieces};

use super::{By, change};
use crate::ports::OrderFilter;
use crate::{Actor, App, Code, Problem};

/// Tries of a withdrawal whose order is changed at the same moment by somebody else.
const TRIES: usize = 3;

/// How a buyer names their order.
#[derive(Clone, Debug)]
pub struct Named {
    pub number: String,
    /// The e-mail address or the phone number of the order.
    pub contact: String,
}

/// An order, and what of it may be withdrawn from.
#[derive(Clone, Debug)]
pub struct Withdrawable {
    pub order: Order,
    /// Empty where nothing is left to withdraw from.
    pub pieces: Vec<Piece>,
    /// When the time is over; none while something is still to be sent.
    pub ends_at: Option<Timestamp>,
}

/// What was withdrawn from, and when: the buyer's proof.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub order: Order,
    pub change: Change,
}

/// The order that is named, and what may be withdrawn from. A number and a contact that do not belong together are an order
/// that is not there.
pub async fn look(app: &App, named: &Named) -> Result<Withdrawable, Problem> {
    let order = find(app, named).await?;
    let pieces = if order.state.stands() { pieces(&order) } else { Vec::new() };
    let ends_at = ends_at(&order);
    Ok(Withdrawable { order, pieces, ends_at })
}

/// Withdraws from the contract about these pieces, or all that can be: what was not sent is paid back at once, what was sent
/// comes back. The buyer gets a receipt by mail or SMS. Asked again with nothing left, it is the receipt that there was.
///
/// # Errors
/// `withdrawal_over` with `ended_at` when the time is over, `nothing_to_withdraw` when no piece can be withdrawn from.
pub async fn withdraw(app: &App, named: &Named, wanted: Option<Vec<Piece>>) -> Result<Receipt, Problem> {
    let mut tries = 0;
    loop {
        let Withdrawable { order, pieces, ends_at } = look(app, named).await?;
        if pieces.is_empty() {
            return earlier(order).ok_or_else(|| Code::NothingToWithdraw.into());
        }
        if let Some(ended_at) = ends_at.filter(|ends_at| *ends_at <= app.now()) {
            return Err(Problem::from(Code::WithdrawalOver).with("ended_at", ended_at.to_string()));
        }
        let what = Asked::Withdraw { pieces: wanted.clone().unwrap_or(pieces) };
        match change(app, &Actor::default(), By::Buyer, order.id, order.version(), what).await {
            Ok(order) => return earlier(order).ok_or_else(|| Code::Internal.into()),
            Err(problem) if problem.code == Code::ChangedMeanwhile && tries < TRIES => tries += 1,
            Err(problem) => return Err(problem),
        }
    }
}

/// The newest withdrawal of an order.
fn earlier(order: Order) -> Option<Receipt> {
    let change = order.changes.iter().rev().find(|change| matches!(change.what, Changed::Withdrawn { .. }))?.clone();
    Some(Receipt { order, change })
}

async fn find(app: &App, named: &Named) -> Result<Order, Problem> {
    let number = named.number.trim().to_uppercase();
    let filter = OrderFilter { query: Some(number.clone()), limit: 1, ..OrderFilter::default() };
    let found = app.till.orders().list(filter).await?.into_iter().map(|(order, _)| order);
    let order = found.into_iter().find(|order| order.number == number && !order.rehearsal).ok_or(Code::NotFound)?;
    let buyer = app.till.orders().buyer(order.id).await?.ok_or(Code::NotFound)?;
    if belongs(&buyer.contact, named.contact.trim()) { Ok(order) } else { Err(Code::NotFound.into()) }
}

fn belongs(known: &Contact, contact: &str) -> bool {
    let same = |known: &Option<String>, given: Option<String>| given.is_some() && *known == given;
    same(&known.email, read_email(contact)) || same(&known.phone, read_phone(contact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_known_however_it_is_written() {
        let known =
            Contact { name: "Ann".into(), email: Some("ann@example.com".into()), phone: Some("+12125550123".into()) };
        let check = |contact: &str, expected: bool| assert_eq!(belongs(&known, contact), expected, "{contact}");
        check("Ann@Example.com", true);
        check("+1 (212) 555-0123", true);
        check("001 212 555 0123", true);
        check("bea@example.com", false);
        check("", false);
        check("Ann", false);
    }
}
