use app::catalogue::products::Picture;
use app::till::goods::ForSale;
use kernel::{Language, Timestamp};
use serde::Serialize;
use shop::claim::Claim;
use utoipa::ToSchema;

use super::{MoneyBody, PictureBody, TextBody, text};

/// Pieces set aside for one buyer until a deadline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ClaimBody {
    id: String,
    /// The drop that it came of; null where staff set it aside.
    drop_id: Option<String>,
    show_id: Option<String>,
    /// The show number.
    number: Option<u32>,
    variant_id: String,
    product_id: String,
    title: TextBody,
    picture: Option<PictureBody>,
    /// Its option values, in words.
    values: Vec<String>,
    quantity: u32,
    /// The price that was promised for one piece.
    unit: MoneyBody,
    total: MoneyBody,
    /// The list price, where that is higher: it may stand struck out.
    was: Option<MoneyBody>,
    until: String,
    /// `open`, `in_order` (it is being paid), `paid`, `released` or `expired`.
    state: String,
    server_now: String,
}

impl ClaimBody {
    /// `None` for what was never promised a price: a line of a checkout.
    pub(crate) fn new(
        claim: &Claim,
        sale: &ForSale,
        picture: Option<Picture>,
        now: Timestamp,
        reader: &Language,
    ) -> Option<Self> {
        let quote = claim.quote?;
        let title = text(&sale.title, reader);
        let waits_for_money = claim.state == shop::claim::ClaimState::Open && claim.order.is_some();
        Some(Self {
            id: claim.id.to_string(),
            drop_id: claim.of.drop().map(|drop| drop.to_string()),
            show_id: claim.show.map(|at| at.show.to_string()),
            number: claim.show.map(|at| at.number),
            variant_id: claim.variant.to_string(),
            product_id: claim.product.to_string(),
            picture: picture.map(|picture| PictureBody::new(picture, title.as_str())),
            title,
            values: sale.values.iter().map(|value| text(value, reader).into_text()).collect(),
            quantity: claim.quantity,
            unit: quote.unit.into(),
            total: quote.unit.times(i64::from(claim.quantity)).ok()?.into(),
            was: Some(quote.listed).filter(|listed| listed.minor > quote.unit.minor).map(Into::into),
            until: claim.until.to_string(),
            state: if waits_for_money { "in_order" } else { claim.state.as_str() }.into(),
            server_now: now.to_string(),
        })
    }
}
