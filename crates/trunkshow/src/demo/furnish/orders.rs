//! Orders of a few buyers, each brought as far as its state says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Caller, DemoError, Ids, text};
use crate::demo::furniture::{Boutique, Order, OrderState};

/// The show on air, and its numbers by SKU.
#[derive(Debug)]
pub(super) struct OnAir {
    show: String,
    numbers: BTreeMap<String, u32>,
}

impl OnAir {
    /// `numbers` are by product key.
    pub(super) fn new(show: String, boutique: &Boutique, numbers: &BTreeMap<String, u32>) -> Self {
        let mut of_skus = BTreeMap::new();
        for product in &boutique.products {
            if let Some(number) = numbers.get(&product.key) {
                of_skus.extend(product.variants.iter().map(|variant| (variant.sku.clone(), *number)));
            }
        }
        Self { show, numbers: of_skus }
    }

    /// A basket line, with the show and number that it was bought from.
    fn line(&self, sku: &str, quantity: u32, in_show: bool) -> Value {
        match self.numbers.get(sku).filter(|_| in_show) {
            Some(number) => json!({ "quantity": quantity, "show_id": self.show, "show_number": number }),
            None => json!({ "quantity": quantity }),
        }
    }
}

/// Places them all; answers with id and key of the first that is paid.
pub(super) async fn place(
    owner: &Caller,
    url: &str,
    boutique: &Boutique,
    ids: &Ids,
    on_air: &OnAir,
) -> Result<(String, String), DemoError> {
    let mut shown = (String::new(), String::new());
    for order in &boutique.orders {
        let (id, key) = buy(url, order, ids, on_air).await?;
        match order.state {
            OrderState::Sent => {
                let parcel = json!({ "carrier": order.carrier, "tracking_number": order.tracking_number });
                owner.post(&format!("/orders/{id}/parcels"), &parcel).await?;
            }
            OrderState::Cancelled => {
                let path = format!("/orders/{id}/cancel");
                let key = format!("demo-cancel-{}", order.key);
                owner.post_once(&path, &key, &json!({ "reason": order.reason })).await?;
            }
            OrderState::Paid if shown.0.is_empty() => shown = (id, key),
            OrderState::Paid | OrderState::AwaitingPayment => {}
        }
    }
    Ok(shown)
}

async fn buy(url: &str, order: &Order, ids: &Ids, on_air: &OnAir) -> Result<(String, String), DemoError> {
    let buyer = Caller::new(url)?;
    buyer.post("/viewer", &json!({})).await?;
    let query = format!("?currency={}&country={}", order.currency, order.address.country);
    for line in &order.lines {
        let variant = Ids::of(&ids.variants, &line.sku)?;
        let wanted = on_air.line(&line.sku, line.quantity, order.in_show);
        buyer.put(&format!("/basket/lines/{variant}{query}"), &wanted).await?;
    }
    let basket = buyer.get(&format!("/basket{query}")).await?;
    let shipping =
        if basket["shipping_id"].is_null() { &basket["shipping_options"][0]["id"] } else { &basket["shipping_id"] };
    let approve = (order.state != OrderState::AwaitingPayment).then_some("approve");
    let body = json!({
        "basket_version": basket["version"],
        "currency": order.currency,
        "country": order.address.country,
        "contact": { "name": order.name, "email": order.email, "phone": order.phone },
        "address": {
            "lines": order.address.lines,
            "city": order.address.city,
            "region": order.address.region,
            "postal_code": order.address.postal_code,
            "country": order.address.country,
        },
        "shipping_id": shipping,
        "expected_total": basket["total"],
        "payment_method": "sandbox",
        "sandbox_outcome": approve,
        "language": order.language,
    });
    let made = buyer.post_once("/checkouts", &format!("demo-order-{}", order.key), &body).await?;
    Ok((text(&made, "/checkouts", "order_id")?, text(&made, "/checkouts", "order_key")?))
}
