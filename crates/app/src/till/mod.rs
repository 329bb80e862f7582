//! The till: baskets, quotes, checkout, payment, orders, parcels, refunds and returns.

pub mod after;
pub mod basket;
pub mod checkout;
pub mod confirm;
pub mod corrections;
pub mod desk;
pub mod disputes;
pub mod goods;
pub mod jobs;
pub mod marks;
pub mod methods;
pub mod offers;
pub mod office;
pub mod one_tap;
pub mod order_key;
pub mod orders;
pub mod price;
mod providers;
pub mod rates;
pub(crate) mod recent;
pub mod reconcile;
pub mod refunds;
pub mod sandbox;
pub mod tracking;
pub mod wallet;
pub mod webhooks;

use std::sync::Arc;

use shop::shipping::ShippingRate;

use crate::drops::KnownDrops;
use crate::ports::{
    Baskets, Disputes, Drops, Goods, OfferRow, Offers, Orders, Outbox, Payments, Questions, Rates, SandboxDesk, Takings,
};
use crate::trivia::KnownTrivia;

pub use desk::Desk;
pub use goods::KnownGoods;
pub use providers::Providers;
pub use recent::Recent;

/// What the till's use cases reach.
#[derive(Clone, Debug)]
pub struct TillPorts {
    pub desk: Arc<Desk>,
    pub baskets: Arc<dyn Baskets>,
    pub rates: Arc<dyn Rates>,
    /// What was read of them before.
    pub known_rates: Arc<Recent<ShippingRate>>,
    pub goods: Arc<dyn Goods>,
    /// What was read of variants before.
    pub known: Arc<KnownGoods>,
    pub offers: Arc<dyn Offers>,
    /// The offers as they were read last.
    pub known_offers: Arc<Recent<OfferRow>>,
    pub takings: Arc<dyn Takings>,
    pub outbox: Arc<dyn Outbox>,
    pub disputes: Arc<dyn Disputes>,
    /// What providers told us lately.
    pub heard: Arc<webhooks::HeardBefore>,
    pub drops: Arc<dyn Drops>,
    /// What was read of drops before, and which have moved.
    pub known_drops: Arc<KnownDrops>,
    pub trivia: Arc<dyn Questions>,
    /// The questions that are asked now.
    pub known_trivia: Arc<KnownTrivia>,
    /// The sandbox provider's own page.
    pub sandbox: Option<Arc<dyn SandboxDesk>>,
}

impl TillPorts {
    #[must_use]
    pub fn orders(&self) -> &dyn Orders {
        &*self.desk.orders
    }

    /// What new orders are paid with.
    #[must_use]
    pub fn payments(&self) -> &dyn Payments {
        self.desk.providers.current()
    }
}
