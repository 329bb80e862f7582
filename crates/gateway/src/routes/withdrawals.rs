//! Withdrawing from the contract, without signing in.

use app::till::after::withdraw::{self, Named, Receipt, Withdrawable};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::Language;
use serde::{Deserialize, Serialize};
use shop::catalogue::Faults;
use shop::change::{Changed, Piece};
use shop::order::{Order, OrderLine};
use utoipa::ToSchema;

use crate::body::Json;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{LinePiecesBody, SumBody, text};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedOrderBody {
    order_number: String,
    /// The e-mail address or the phone number that the order was bought with.
    contact: String,
}

/// Pieces of a line, in words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WithdrawnLineBody {
    line_id: String,
    title: String,
    values: Vec<String>,
    quantity: u32,
}

fn line(order: &Order, piece: &Piece, reader: &Language) -> Option<WithdrawnLineBody> {
    let line = order.line(piece.line)?;
    Some(WithdrawnLineBody {
        line_id: line.id.to_string(),
        title: text(&line.title, reader).into_text(),
        values: line.values.iter().map(|value| text(value, reader).into_text()).collect(),
        quantity: piece.quantity,
    })
}

/// A line that was sold without the right to withdraw.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExceptedLineBody {
    title: String,
    /// `made_to_measure`, `hygiene` or `perishable`.
    why: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WithdrawableBody {
    order_number: String,
    /// What may be withdrawn from.
    lines: Vec<WithdrawnLineBody>,
    excepted: Vec<ExceptedLineBody>,
    /// When the time is over; null while something is still to be sent.
    ends_at: Option<String>,
}

/// What of an order may be withdrawn from. A POST, so that no contact stands in an address.
#[utoipa::path(post, path = "/withdrawals/look", tag = "till", request_body = NamedOrderBody,
    responses((status = 200, body = WithdrawableBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn look(
    State(gateway): State<Gateway>,
    Reader(reader): Reader,
    Json(body): Json<NamedOrderBody>,
) -> Result<axum::Json<WithdrawableBody>, Refused> {
    let named = Named { number: body.order_number, contact: body.contact };
    let Withdrawable { order, pieces, ends_at } = withdraw::look(&gateway.app, &named).await?;
    let excepted = |line: &OrderLine| {
        let title = text(&line.title, &reader).into_text();
        line.no_withdrawal.map(|why| ExceptedLineBody { title, why: why.as_str().into() })
    };
    Ok(axum::Json(WithdrawableBody {
        order_number: order.number.clone(),
        lines: pieces.iter().filter_map(|piece| line(&order, piece, &reader)).collect(),
        excepted: order.lines.iter().filter_map(excepted).collect(),
        ends_at: ends_at.map(|at| at.to_string()),
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawBody {
    order_number: String,
    /// The e-mail address or the phone number that the order was bought with.
    contact: String,
    /// All that can be withdrawn from, without.
    #[serde(default)]
    pieces: Option<Vec<LinePiecesBody>>,
}

/// The buyer's proof; it goes to the order's own address too.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WithdrawalReceiptBody {
    order_number: String,
    /// When the withdrawal came in.
    received_at: String,
    /// Was not sent yet, and will not be.
    taken_off: Vec<WithdrawnLineBody>,
    /// Has to be sent back.
    coming: Vec<WithdrawnLineBody>,
    /// What goes back at once, for what was not sent.
    sum: Option<SumBody>,
    /// Where to send pieces to.
    send_to: Option<String>,
}

impl WithdrawalReceiptBody {
    fn new(receipt: &Receipt, reader: &Language) -> Option<Self> {
        let Receipt { order, change } = receipt;
        let Changed::Withdrawn { taken_off, coming, sum, .. } = &change.what else { return None };
        let lines = |pieces: &[Piece]| pieces.iter().filter_map(|piece| line(order, piece, reader)).collect();
        let seller = coming.first().and_then(|piece| order.line(piece.line)).map(|line| &line.seller);
        Some(Self {
            order_number: order.number.clone(),
            received_at: change.at.to_string(),
            taken_off: lines(taken_off),
            coming: lines(coming),
            sum: sum.as_ref().map(Into::into),
            send_to: seller.map(|seller| format!("{}, {}", seller.legal_name, seller.address.join(", "))),
        })
    }
}

/// Withdraw from the contract. Asked again, it answers with the receipt that there was.
#[utoipa::path(post, path = "/withdrawals", tag = "till", request_body = WithdrawBody,
    responses((status = 201, body = WithdrawalReceiptBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn withdraw(
    State(gateway): State<Gateway>,
    Reader(reader): Reader,
    Json(body): Json<WithdrawBody>,
) -> Result<(StatusCode, axum::Json<WithdrawalReceiptBody>), Refused> {
    let mut faults = Faults::default();
    let pieces = body.pieces.map(|pieces| LinePiecesBody::read(&pieces, &mut faults));
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let named = Named { number: body.order_number, contact: body.contact };
    let receipt = withdraw::withdraw(&gateway.app, &named, pieces).await?;
    let body = WithdrawalReceiptBody::new(&receipt, &reader).ok_or(app::Code::Internal)?;
    Ok((StatusCode::CREATED, axum::Json(body)))
}
