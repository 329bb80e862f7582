//! Checkout: claim → order → authorise → capture. The pieces are taken, and the order written, in one commit shared with
//! whoever else is buying; the payment is opened outside it.

use kernel::{
    ClaimId, Country, Currency, DropId, EntryId, Language, Money, OrderId, OrderLineId, PaymentId, Timestamp, ViewerId,
};
use shop::address::{self, Address, Part, Why};
use shop::basket::BasketLine;
use shop::books::{ClaimInDrop, PlaceOrder, Placed, What};
use shop::buyer::{self, Buyer, Contact, ContactFault};
use shop::claim::CHECKOUT_HOLD;
use shop::order::{CancelReason, Order, OrderLine, OrderState, Totals, number};
use shop::payment::{EventKind, Method};
use shop::wallet::Kept;

use super::basket::{owner, selves};
use super::orders::payment_page;
use super::price::{Buying, LineProblem, Priced, PricedLine, Wanted, price_all};
use super::{marks, methods, order_key, wallet};
use crate::drops::{claim, tab};
use crate::ports::{Next, PaymentRequest, SandboxOutcome, Status, StoreError, till};
use crate::problem::FieldProblem;
use crate::{Actor, App, Code, Problem};

/// An order number that is taken already is drawn again this often.
const NUMBERS: usize = 3;

/// Everything that the buyer agreed to by pressing the button.
#[derive(Clone, Debug)]
pub struct Checkout {
    pub idempotency_key: String,
    /// SHA-256 of the request's body, in hex.
    pub request_hash: String,
    /// The basket that the buyer saw; without it no basket is bought.
    pub basket_version: Option<i64>,
    /// Claims of the buyer's that are paid with it, in one order.
    pub claims: Vec<ClaimId>,
    pub currency: Currency,
    pub country: Country,
    pub contact: Contact,
    pub address: Address,
    pub shipping: EntryId,
    /// What was typed, as [`shop::offer::read_code`] writes it.
    pub codes: Vec<String>,
    pub expected_total: Money,
    pub language: Language,
    pub method: Method,
    /// One thing more, which lies in no basket and on no tab.
    pub piece: Option<Piece>,
    /// The buyer is signed in and wants contact, address and method to be kept for the next time.
    pub remember: bool,
    /// Paid with what the provider keeps.
    pub using: Option<Kept>,
    /// Sandbox only: what the provider's page would be told, without it.
    pub sandbox: Option<SandboxOutcome>,
    /// The house's address, where the provider sends the browser back to.
    pub public_url: String,
    pub merchant: String,
}

impl Checkout {
    fn buying(&self) -> Buying {
        let (currency, country, shipping) = (self.currency, self.country, Some(self.shipping));
        Buying { currency, country, shipping, codes: self.codes.clone() }
    }
}

/// What is bought at one tap.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A variant, as a basket's line would have it.
    Variant(BasketLine),
    /// Of a drop, which is claimed with the order.
    InDrop { drop: DropId, quantity: u32 },
}

/// An order that waits for its money, or has it.
#[derive(Clone, Debug)]
pub struct CheckedOut {
    pub order: Order,
    pub order_key: String,
    pub next: Next,
}

pub async fn check_out(app: &App, actor: &Actor, checkout: Checkout) -> Result<CheckedOut, Problem> {
    let viewer = owner(actor)?;
    let buyer = checked(&checkout)?;
    methods::check(app, checkout.method, checkout.expected_total)?;
    if checkout.remember {
        wallet::owner(actor)?;
    }
    let order = match place(app, actor, viewer, &checkout, buyer.clone()).await {
        // Whatever has changed since: what was bought before was bought.
        Err(refused) if checkout.using.is_some() => {
            replayed(app, actor, (&checkout.idempotency_key, &checkout.request_hash), refused).await?
        }
        placed => placed?,
    };
    if checkout.remember {
        wallet::keep_address(app, actor, buyer).await?;
    }
    pay(app, order, &checkout).await
}

/// Contact and address as they are kept, or every field that cannot be taken.
fn checked(checkout: &Checkout) -> Result<Buyer, Problem> {
    let mut fields: Vec<FieldProblem> = Vec::new();
    let mut fault =
        |field: &str, code: &'static str| fields.push(FieldProblem { field: field.to_owned(), code, fault: None });
    let contact = buyer::check(&checkout.contact).map_err(|faults| {
        for found in faults {
            match found {
                ContactFault::NameMissing => fault("contact.name", "missing"),
                ContactFault::NameTooLong => fault("contact.name", "too_long"),
                ContactFault::NoWayToReach => fault("contact.email", "email_or_phone"),
                ContactFault::Email => fault("contact.email", "not_an_email"),
                ContactFault::Phone => fault("contact.phone", "not_a_phone"),
            }
        }
    });
    let address = address::check(&checkout.address).map_err(|faults| {
        for found in faults {
            let field = match found.part {
                Part::Name => "contact.name",
                Part::Lines => "address.lines",
                Part::City => "address.city",
                Part::Region => "address.region",
                Part::PostalCode => "address.postal_code",
            };
            let code = match found.why {
                Why::Missing => "missing",
                Why::TooLong => "too_long",
                Why::NotLikeThat => "not_like_that",
            };
            fault(field, code);
        }
    });
    if checkout.address.country != checkout.country {
        fault("address.country", "other_country");
    }
    match (contact, address) {
        (Ok(contact), Ok(address)) if fields.is_empty() => {
            Ok(Buyer { contact, address, language: checkout.language.clone() })
        }
        _ => Err(Problem::fields(fields)),
    }
}

async fn place(
    app: &App,
    actor: &Actor,
    viewer: ViewerId,
    checkout: &Checkout,
    buyer: Buyer,
) -> Result<Order, Problem> {
    let (wanted, basket_version) = match wanted(app, actor, viewer, checkout).await? {
        Ok(wanted) => wanted,
        Err(changed) => {
            return replayed(app, actor, (&checkout.idempotency_key, &checkout.request_hash), changed).await;
        }
    };
    let now = app.now();
    let priced = price_all(app, actor, now, &wanted, &checkout.buying()).await?;
    if priced.lines.iter().filter(|line| !line.gift).count() != wanted.len() {
        return Err(Code::BasketChanged.into());
    }
    refuse_unsellable(&priced)?;
    if priced.quote.total != checkout.expected_total || priced.lines.iter().any(|line| line.needs_acceptance) {
        let total = serde_json::to_value(priced.quote.total).unwrap_or_default();
        return Err(Problem::from(Code::PriceChanged).with("total", total));
    }
    let viewer = buying_viewer(viewer, &priced, basket_version);
    let claims: Vec<Option<ClaimId>> = priced.lines.iter().map(|line| line.held.and_then(|held| held.claim)).collect();
    let order = draft(app, actor, viewer, checkout, priced, now)?;
    let adopted = order.lines.iter().zip(claims).filter_map(|(line, claim)| Some((line.id, claim?))).collect();
    let marks = marks::of_contact(&app.master_key, &buyer.contact);
    let claiming = match &checkout.piece {
        Some(Piece::InDrop { drop, quantity }) => {
            Some(Box::new(claiming(app, actor, &order, (*drop, *quantity), checkout).await?))
        }
        _ => None,
    };
    placed(app, PlaceOrder { order, buyer, adopted, claiming, marks, basket_version }).await
}

/// What is bought: the lines of the basket that the buyer saw, and the claims that they named. The problem instead where
/// either is another one by now.
async fn wanted(
    app: &App,
    actor: &Actor,
    viewer: ViewerId,
    checkout: &Checkout,
) -> Result<Result<(Vec<Wanted>, Option<i64>), Problem>, Problem> {
    let mut wanted: Vec<Wanted> = Vec::new();
    if let Some(seen) = checkout.basket_version {
        let basket = app.till.baskets.basket(viewer).await?;
        if basket.version != seen || (basket.lines.is_empty() && checkout.claims.is_empty()) {
            return Ok(Err(Code::BasketChanged.into()));
        }
        wanted.extend(basket.lines.into_iter().map(Wanted::bought));
    }
    match tab::lines(app, actor, &checkout.claims, checkout.currency).await {
        Ok(claims) => wanted.extend(claims),
        Err(over) if over.code == Code::ClaimOver => return Ok(Err(over)),
        Err(other) => return Err(other),
    }
    match &checkout.piece {
        Some(Piece::Variant(line)) => wanted.push(Wanted::bought(line.clone())),
        Some(Piece::InDrop { drop, quantity }) => {
            wanted.push(claim::line(app, actor, (*drop, *quantity), &checkout.buying()).await?);
        }
        None => {}
    }
    if wanted.is_empty() {
        return Err(Problem::field("claims", "missing"));
    }
    Ok(Ok((wanted, checkout.basket_version)))
}

/// The claim that is made with the order, by the order's own key.
async fn claiming(
    app: &App,
    actor: &Actor,
    order: &Order,
    (drop, quantity): (DropId, u32),
    checkout: &Checkout,
) -> Result<ClaimInDrop, Problem> {
    let (currency, country) = (checkout.currency, checkout.country);
    let wish = claim::Wish { drop, quantity, currency, country, wait: false, key: checkout.idempotency_key.clone() };
    Ok(claim::wanted(app, actor, order.viewer, wish).await?.0)
}

/// As whom the order is placed. Claims that a device made before its owner signed in are paid as that device's: the order
/// is the account's all the same.
fn buying_viewer(owner: ViewerId, priced: &Priced, basket_version: Option<i64>) -> ViewerId {
    let mut held = priced.lines.iter().filter_map(|line| line.held.map(|held| held.viewer));
    held.find(|viewer| *viewer != owner && basket_version.is_none()).unwrap_or(owner)
}

async fn placed(app: &App, mut command: PlaceOrder) -> Result<Order, Problem> {
    let desk = &app.till.desk;
    for _ in 0..NUMBERS {
        let place = desk.command(What::Place(Box::new(command.clone())));
        match till::place(&*desk.till, place).await {
            Ok(Placed::New(order)) => {
                if let Some(wish) = &command.claiming {
                    app.till.known_drops.moved(wish.drop);
                }
                return Ok(*order);
            }
            Ok(Placed::Replayed(order)) => return Ok(*order),
            Ok(Placed::KeyReused) => return Err(Code::IdempotencyKeyReused.into()),
            Ok(Placed::BasketChanged) => return Err(Code::BasketChanged.into()),
            Ok(Placed::Stopped(variants)) => {
                return Err(Problem::from(Code::SaleStopped).with("lines", named(&variants)));
            }
            Ok(Placed::SoldOut(variants)) => return Err(Problem::from(Code::SoldOut).with("lines", named(&variants))),
            Ok(Placed::NotClaimed(refused)) => return Err(claim::refusal(*refused)),
            Ok(Placed::ClaimsGone(claims)) => {
                return Err(Problem::from(Code::ClaimOver).with("claims", named(&claims)));
            }
            Ok(Placed::OverLimit { limit, claims }) => {
                return Err(Problem::from(Code::ClaimLimit).with("limit", limit).with("claims", named(&claims)));
            }
            Ok(Placed::OffersGone(offers)) => {
                return Err(Problem::from(Code::OfferUsedUp).with("offers", named(&offers)));
            }
            // The order's number was taken, one time in a million.
            Err(StoreError::Duplicate(_)) => {
                command.order.number = app.entropy.draw(|random| number(command.order.placed_at, random));
            }
            Err(other) => return Err(other.into()),
        }
    }
    Err(Problem::internal("no free order number was drawn"))
}

fn named<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// What is bought is not what was seen: either this checkout came before, or something else changed it. `said` is its key
/// and the hash of its body.
async fn replayed(app: &App, actor: &Actor, said: (&str, &str), changed: Problem) -> Result<Order, Problem> {
    for viewer in selves(actor)? {
        match app.till.orders().placed_with(viewer, said.0).await? {
            Some(order) if order.request_hash == said.1 => return Ok(order),
            Some(_) => return Err(Code::IdempotencyKeyReused.into()),
            None => {}
        }
    }
    Err(changed)
}

/// What became of a request that came before, where it cannot be done again; else the refusal.
pub(super) async fn came_before(
    app: &App,
    actor: &Actor,
    said: (&str, &str),
    refused: Problem,
) -> Result<CheckedOut, Problem> {
    let order = replayed(app, actor, said, refused).await?;
    refuse_declined(&order)?;
    let next = payment_page(app, &order).await.map_or(Next::Done, Next::Redirect);
    Ok(CheckedOut { order_key: order_key::derive(&app.master_key, order.id), order, next })
}

fn refuse_unsellable(priced: &Priced) -> Result<(), Problem> {
    let Some(problem) = priced.problem() else { return Ok(()) };
    let code = match problem {
        LineProblem::SoldOut => Code::SoldOut,
        LineProblem::Stopped => Code::SaleStopped,
        LineProblem::NotSoldInCurrency => Code::NotSoldInCurrency,
        LineProblem::NotShipped => Code::NotShipped,
    };
    let lines: Vec<String> = priced
        .lines
        .iter()
        .filter(|line| line.problem == Some(problem))
        .map(|line| line.wanted.variant.to_string())
        .collect();
    Err(Problem::from(code).with("lines", lines))
}

fn draft(
    app: &App,
    actor: &Actor,
    viewer: ViewerId,
    checkout: &Checkout,
    priced: Priced,
    now: Timestamp,
) -> Result<Order, Problem> {
    let until = now + CHECKOUT_HOLD;
    let (rehearsal, quote) = (priced.rehearsal, priced.quote);
    let shipping = quote.shipping.ok_or(Code::NotShipped)?;
    let mut random = app.entropy.draw(kernel::Random::fork);
    let mut line = |priced: PricedLine| -> Result<OrderLine, Problem> {
        let (unit, total, price) = priced
            .unit
            .zip(priced.total)
            .zip(priced.price)
            .map(|((unit, total), seen)| (unit, total, seen.price))
            .ok_or(Code::NotSoldInCurrency)?;
        Ok(OrderLine {
            id: OrderLineId::mint(now, &mut random),
            variant: priced.wanted.variant,
            product: priced.goods.product,
            brand: priced.goods.brand,
            quantity: priced.wanted.quantity,
            unit,
            total,
            price,
            reductions: priced.reductions,
            title: priced.goods.title.clone(),
            values: priced.goods.values.clone(),
            sku: priced.goods.sku.clone(),
            picture: priced.goods.picture,
            seller: priced.goods.seller.clone().ok_or(Code::SaleStopped)?,
            no_withdrawal: priced.goods.no_withdrawal,
            show: priced.wanted.show,
            claim: None,
            parcel: None,
            replaces: None,
        })
    };
    let lines = priced.lines.into_iter().map(&mut line).collect::<Result<Vec<_>, _>>()?;
    let id = OrderId::mint(now, &mut random);
    Ok(Order {
        id,
        number: number(now, &mut random),
        viewer,
        person: actor.person_id(),
        state: OrderState::AwaitingPayment,
        rehearsal,
        placed_at: now,
        held_until: until,
        payment: PaymentId::mint(now, &mut random),
        provider: app.till.payments().name().to_owned(),
        key_hash: order_key::hash(order_key::derive(&app.master_key, id)),
        idempotency_key: checkout.idempotency_key.clone(),
        request_hash: checkout.request_hash.clone(),
        totals: Totals {
            subtotal: quote.subtotal,
            shipping,
            tax_included: quote.tax_included,
            tax: quote.tax,
            total: quote.total,
            offers: quote.offers,
        },
        lines,
        ledger: Vec::new(),
        parcels: Vec::new(),
        changes: Vec::new(),
        cancelled_because: None,
    })
}

/// Opens the payment, or finds it open. A provider that does not answer leaves the order waiting: its page can be
/// asked for again until the claims end.
async fn pay(app: &App, order: Order, checkout: &Checkout) -> Result<CheckedOut, Problem> {
    let desk = &app.till.desk;
    let order_key = order_key::derive(&app.master_key, order.id);
    refuse_declined(&order)?;
    if order.state != OrderState::AwaitingPayment {
        return Ok(CheckedOut { order, order_key, next: Next::Done });
    }
    let request = PaymentRequest {
        payment: order.payment,
        amount: order.totals.total,
        method: checkout.method,
        merchant: checkout.merchant.clone(),
        order_number: order.number.clone(),
        return_url: format!("{}/orders/{}?key={order_key}", checkout.public_url, order.id),
        language: checkout.language.clone(),
        until: order.held_until,
        keep: checkout.remember,
        using: checkout.using.clone(),
        sandbox: checkout.sandbox,
    };
    let opened = match desk.providers.of(&order) {
        Ok(provider) => desk.ask(provider.start(request)).await,
        Err(missing) => Err(missing),
    };
    let status = match opened {
        Ok(status) => status,
        Err(silent) => {
            tracing::warn!(order = %order.id, %silent, "the payment is not open yet");
            return Err(Problem::from(Code::PaymentUnavailable).retry_after(2));
        }
    };
    let next = status.next.clone();
    let declined = checkout.using.is_some() && declined(&status);
    let mut order = if !status.events.is_empty() { desk.follow(order, status).await? } else { order };
    if declined && order.state == OrderState::AwaitingPayment {
        // There is no page on which another card could be tried: what was held goes back to the tab, for the checkout.
        desk.cancel(order.id, CancelReason::Declined).await?;
        order = desk.complete(order.id).await?;
    }
    refuse_declined(&order)?;
    Ok(CheckedOut { order, order_key, next })
}

/// Whether the provider said no, and nothing else since.
fn declined(status: &Status) -> bool {
    status.events.last().is_some_and(|event| event.kind == EventKind::Declined)
}

fn refuse_declined(order: &Order) -> Result<(), Problem> {
    match order.cancelled_because {
        Some(CancelReason::Declined) => Err(Code::PaymentDeclined.into()),
        _ => Ok(()),
    }
}
