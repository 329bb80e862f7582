use std::collections::BTreeMap;

use kernel::{
    BrandId, Country, Currency, EntryId, Language, LocationId, Money, OrderId, OrderLineId, PaymentId, ProductId,
    Random, SellerId, Texts, Timestamp, VariantId, ViewerId,
};
use shop::address::Address;
use shop::books::PlaceOrder;
use shop::buyer::{Buyer, Contact};
use shop::catalogue::Seller;
use shop::claim::{CHECKOUT_HOLD, Claim};
use shop::order::{Order, OrderLine, OrderState, Totals, number};
use shop::quote::QuotedShipping;

use crate::ports::StockCounts;

/// When everything in a suite happens.
pub const NOW: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

/// Checkouts for one variant, as many as wanted, each by another viewer.
#[derive(Debug)]
pub struct Sample {
    pub random: Random,
    pub variant: VariantId,
    pub location: LocationId,
    pub product: ProductId,
}

impl Sample {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut random = Random::seeded(seed);
        let variant = VariantId::mint(NOW, &mut random);
        let location = LocationId::mint(NOW, &mut random);
        let product = ProductId::mint(NOW, &mut random);
        Self { random, variant, location, product }
    }

    /// From now on, checkouts are for a variant that nobody bought yet.
    pub fn fresh_variant(&mut self) {
        self.variant = VariantId::mint(NOW, &mut self.random);
    }

    /// Sets what lies there of the variant.
    ///
    /// # Panics
    /// When the store refuses.
    pub async fn stock(&self, store: &(impl StockCounts + ?Sized), on_hand: i64, buffer: i64) {
        store.set_on_hand(self.variant, self.location, on_hand, buffer).await.expect("counted");
    }

    pub fn viewer(&mut self) -> ViewerId {
        ViewerId::mint(NOW, &mut self.random)
    }

    /// A checkout of now, at US$198.00 a piece.
    ///
    /// # Panics
    /// Never: its constants are good.
    pub fn checkout(&mut self, quantity: u32) -> PlaceOrder {
        self.checkout_at(quantity, NOW)
    }

    /// A checkout of everything that these claims hold, at the sample's price.
    ///
    /// # Panics
    /// Never: its constants are good.
    pub fn checkout_of(&mut self, viewer: ViewerId, claims: &[Claim], now: Timestamp) -> PlaceOrder {
        let mut place = self.checkout_at(1, now);
        let line = place.order.lines.pop().expect("one line");
        let mut sum = Money::zero(line.unit.currency);
        for claim in claims {
            let id = OrderLineId::mint(now, &mut self.random);
            let (variant, quantity) = (claim.variant, claim.quantity);
            let total = line.unit.times(i64::from(quantity)).expect("small");
            sum = sum.plus(total).expect("small");
            place.adopted.insert(id, claim.id);
            place.order.lines.push(OrderLine { id, variant, quantity, total, ..line.clone() });
        }
        place.order.viewer = viewer;
        (place.order.totals.subtotal, place.order.totals.total) = (sum, sum);
        place
    }

    /// As [`Sample::checkout`], at another time.
    ///
    /// # Panics
    /// Never: its constants are good.
    pub fn checkout_at(&mut self, quantity: u32, now: Timestamp) -> PlaceOrder {
        let viewer = self.viewer();
        let random = &mut self.random;
        let unit = Money::new(19_800, Currency::USD);
        let total = unit.times(i64::from(quantity)).expect("small");
        let us: Country = "US".parse().expect("a country");
        let english = |text: &str| Texts::new([(Language::english(), text.to_owned())]);
        let line = OrderLine {
            id: OrderLineId::mint(now, random),
            variant: self.variant,
            product: self.product,
            brand: BrandId::mint(now, random),
            quantity,
            unit,
            total,
            price: EntryId::mint(now, random),
            reductions: vec![],
            title: english("Belt"),
            values: vec![english("Red")],
            sku: "BELT-RED".into(),
            picture: None,
            seller: Seller {
                id: SellerId::mint(now, random),
                legal_name: "Maison SARL".into(),
                address: vec!["1 rue de la Paix".into()],
                country: us,
                email: Some("shop@example.com".into()),
                phone: None,
                tax_numbers: vec![],
            },
            no_withdrawal: None,
            show: None,
            claim: None,
            parcel: None,
            replaces: None,
        };
        let shipping = QuotedShipping {
            rate: EntryId::mint(now, random),
            name: english("Parcel"),
            price: Money::zero(Currency::USD),
            days: (2, 5),
        };
        let payment = PaymentId::mint(now, random);
        let order = Order {
            id: OrderId::mint(now, random),
            number: number(now, random),
            viewer,
            person: None,
            state: OrderState::AwaitingPayment,
            rehearsal: false,
            placed_at: now,
            held_until: now + CHECKOUT_HOLD,
            payment,
            provider: "sandbox".into(),
            key_hash: "hash".into(),
            idempotency_key: format!("key of {payment}"),
            request_hash: "body".into(),
            totals: Totals { subtotal: total, shipping, tax_included: false, tax: None, total, offers: vec![] },
            lines: vec![line],
            ledger: vec![],
            parcels: vec![],
            changes: vec![],
            cancelled_because: None,
        };
        let contact = Contact {
            name: format!("Ann {viewer}"),
            email: Some(format!("{viewer}@example.com").to_lowercase()),
            phone: None,
        };
        let address = Address {
            lines: vec!["1 Long Street".into()],
            city: "New York".into(),
            region: Some("NY".into()),
            postal_code: Some("10013".into()),
            country: us,
        };
        let buyer = Buyer { contact, address, language: Language::english() };
        PlaceOrder { order, buyer, adopted: BTreeMap::new(), claiming: None, marks: Vec::new(), basket_version: None }
    }
}
