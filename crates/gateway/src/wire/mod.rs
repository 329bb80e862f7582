//! Shapes that many bodies share.

mod change;
mod claim;
mod drop;
mod idempotency;
mod money;
mod offer;
mod page;
mod product;
mod product_edit;
mod reading;
mod seller;
mod text;
mod trivia;
pub(crate) mod upload;

pub(crate) use change::{LinePiecesBody, PaidBackBody, ReturnBody, SumBody, happened};
pub(crate) use claim::ClaimBody;
pub(crate) use drop::{DropBody, DropDraftBody, DropShownBody, HoldBody};
pub(crate) use idempotency::IdempotencyKey;
pub(crate) use money::{BuyingQuery, MoneyBody, codes};
pub(crate) use offer::{OfferBody, OfferDraft};
pub(crate) use page::PageQuery;
pub(crate) use product::{
    AxisBody, BrandRef, PictureBody, ProductBody, ProductCardBody, ProductPage, VariantBody, axes,
};
pub(crate) use product_edit::{ProductDraftBody, ProductEditBody, StockBody};
pub(crate) use reading::{MoneyDraft, Reading};
pub(crate) use seller::SellerBody;
pub(crate) use text::{TextBody, TextsBody, text};
pub(crate) use trivia::{AnswersBody, TriviaBody, TriviaDraftBody};
