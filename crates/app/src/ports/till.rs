//! The till: scarce things are taken here, by commands that a store decides in batches.

use std::fmt;

use async_trait::async_trait;
use kernel::{Millis, OrderId, PersonId, ReturnId, Timestamp, ViewerId};
use shop::basket::Basket;
use shop::books::{
    Cancelled, Claimed, Command, Delivered, DropMoved, Extended, LetGo, OrderChanged, Outcome, PaidBy, Placed,
    Refunded, Sent, Settled, ShopSold, TillEvent,
};
use shop::buyer::Buyer;
use shop::claim::Claim;
use shop::order::{Order, OrderState};
use shop::shipping::ShippingRate;

use super::{StoreError, WaitingMessage};

/// Decides commands durably. Past its queue's bound the answer is [`StoreError::Busy`], at once.
#[async_trait]
pub trait Till: Send + Sync + fmt::Debug {
    /// Answers after the commit. Commands are decided by [`shop::books::Books`], whichever store it is.
    async fn run(&self, command: Command) -> Result<Outcome, StoreError>;
}

/// The outcome that belongs to the command: anything else is a store that answers the wrong caller.
macro_rules! outcome {
    ($name:ident, $variant:ident, $kind:ty) => {
        #[doc = concat!("[`Outcome::", stringify!($variant), "`], of the command that has it.")]
        pub async fn $name(till: &dyn Till, command: Command) -> Result<$kind, StoreError> {
            match till.run(command).await? {
                Outcome::$variant(outcome) => Ok(outcome),
                other => Err(StoreError::Failed(format!("the till answered another command: {other:?}"))),
            }
        }
    };
}
outcome!(place, Placed, Placed);
outcome!(settle, Settled, Settled);
outcome!(paid_by, PaidBy, PaidBy);
outcome!(expire, Expired, bool);
outcome!(cancel, Cancelled, Cancelled);
outcome!(send, Sent, Sent);
outcome!(send_all, SentAll, bool);
outcome!(deliver, Delivered, Delivered);
outcome!(refund, Refunded, Refunded);
outcome!(change, Changed, OrderChanged);
outcome!(sell_in_shop, ShopSold, ShopSold);
outcome!(move_drop, DropMoved, DropMoved);
outcome!(claim, Claimed, Claimed);
outcome!(leave_line, LeftLine, bool);
outcome!(offer_waiting, Offered, Vec<Claim>);
outcome!(set_aside, SetAside, Option<Box<Claim>>);
outcome!(let_go, LetGo, LetGo);
outcome!(expire_claims, ClaimsExpired, u32);
outcome!(extend, Extended, Extended);
outcome!(unbar, Unbarred, bool);
outcome!(take_along, TakenAlong, u32);

/// Whose orders: what a device, an account, or a proven address bought, each of them counting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    pub viewer: Option<ViewerId>,
    pub person: Option<PersonId>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// Which orders a list holds, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    pub state: Option<OrderState>,
    /// The number, the e-mail address, the phone number, or the beginning of the name.
    pub query: Option<String>,
    /// Only these buyers'.
    pub own: Option<Own>,
    /// Only orders before this one.
    pub after: Option<OrderId>,
    /// At most so many.
    pub limit: u32,
}

/// A refund that the provider did not do when it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// At least 1.
    pub tries: u32,
    /// `None` when it is not asked for any more by itself.
    pub next_at: Option<Timestamp>,
    /// What the provider said last.
    pub detail: String,
    /// When it went wrong first.
    pub since: Timestamp,
}

/// What was sold, as pages and jobs read it.
#[async_trait]
pub trait Orders: Send + Sync + fmt::Debug {
    async fn order(&self, id: OrderId) -> Result<Option<Order>, StoreError>;
    /// Those of the orders that exist, each with its buyer's side row: all are read at once.
    async fn with_buyers(&self, ids: Vec<OrderId>) -> Result<Vec<(Order, Option<Buyer>)>, StoreError>;
    /// The buyer's side row; `None` once it was erased.
    async fn buyer(&self, id: OrderId) -> Result<Option<Buyer>, StoreError>;
    /// The order that this checkout became, if it came before.
    async fn placed_with(&self, viewer: ViewerId, idempotency_key: &str) -> Result<Option<Order>, StoreError>;
    /// Those of the orders with these numbers that exist, in any order.
    async fn numbered(&self, numbers: &[String]) -> Result<Vec<OrderId>, StoreError>;
    /// The order that this payment is for.
    async fn by_payment(&self, payment: kernel::PaymentId) -> Result<Option<OrderId>, StoreError>;
    /// Orders with their buyers' names.
    async fn list(&self, filter: OrderFilter) -> Result<Vec<(Order, String)>, StoreError>;
    /// Orders whose claims' deadline has passed.
    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<OrderId>, StoreError>;
    /// Orders older than `patience` about which the provider has to be asked now, by id, those behind `after`. One whose
    /// refund is stuck comes when it is due again.
    async fn unfinished(
        &self,
        now: Timestamp,
        patience: Millis,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreError>;
    /// How asking for an order's refund went so far; `None` where nothing went wrong.
    async fn stuck(&self, order: OrderId) -> Result<Option<Stuck>, StoreError>;
    /// Keeps that, or forgets it.
    async fn keep_stuck(&self, order: OrderId, stuck: Option<Stuck>) -> Result<(), StoreError>;
    /// Orders whose refund is not asked for any more, the oldest trouble first.
    async fn given_up(&self, limit: u32) -> Result<Vec<(OrderId, Stuck)>, StoreError>;
    /// Orders, unpaid ones too, that have a line of the variant at one of these versions of its price; newest first. With
    /// [`shop::price::held_between`]: who bought at a price that was wrong for a while.
    async fn at_prices(
        &self,
        variant: kernel::VariantId,
        versions: &[kernel::EntryId],
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreError>;
    /// Returns, newest first: those at this step ([`shop::returns::Step::as_str`]) or all, behind `after`.
    async fn returns(
        &self,
        step: Option<&str>,
        after: Option<ReturnId>,
        limit: u32,
    ) -> Result<Vec<(ReturnId, OrderId)>, StoreError>;
    /// What each currency took, orders that stand and no rehearsals: (currency, orders, minor units).
    async fn taken(&self, since: Timestamp) -> Result<Vec<(kernel::Currency, i64, i64)>, StoreError>;
}

/// Baskets, one a viewer.
#[async_trait]
pub trait Baskets: Send + Sync + fmt::Debug {
    /// The empty one at version 0 for who never put anything in.
    async fn basket(&self, viewer: ViewerId) -> Result<Basket, StoreError>;
    /// Keeps the basket if the stored one is still at `seen`; [`StoreError::Changed`] otherwise.
    async fn keep(&self, viewer: ViewerId, basket: Basket, seen: i64) -> Result<(), StoreError>;
}

/// What sending costs.
#[async_trait]
pub trait Rates: Send + Sync + fmt::Debug {
    async fn rates(&self) -> Result<Vec<ShippingRate>, StoreError>;
    /// Replaces every rate.
    async fn keep_rates(&self, rates: Vec<ShippingRate>) -> Result<(), StoreError>;
}

/// An event that waits to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingEvent {
    pub id: kernel::EntryId,
    /// None where its row cannot be read.
    pub event: Option<TillEvent>,
    /// Deliveries that failed.
    pub tries: u32,
}

/// Events that were written with what they tell of, for a job to deliver, in order.
#[async_trait]
pub trait Outbox: Send + Sync + fmt::Debug {
    /// The oldest that are due.
    async fn waiting(&self, now: Timestamp, limit: u32) -> Result<Vec<WaitingEvent>, StoreError>;
    /// Counts a delivery that failed; the event is due again at `next_at`.
    async fn put_off(&self, event: kernel::EntryId, next_at: Timestamp) -> Result<(), StoreError>;
    /// Counts the last delivery that failed, and moves the event to what was given up.
    async fn set_aside(&self, event: kernel::EntryId, detail: String, at: Timestamp) -> Result<(), StoreError>;
    /// Takes events off, and queues the messages that they call for in the same commit: an event becomes its message
    /// exactly once, whatever happens in between. A message bears the id of its event. Returns the events that were
    /// still waiting: of two processes that deliver at once, each gets its own.
    async fn hand_over(
        &self,
        events: Vec<kernel::EntryId>,
        messages: Vec<WaitingMessage>,
    ) -> Result<Vec<kernel::EntryId>, StoreError>;
}
