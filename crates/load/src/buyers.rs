//! Buyers: each fills a basket beforehand, then all check out, a fixed number at a time, each request sent as soon as the
//! one before it is answered (a closed loop). The sandbox approves at once, so an answer means a paid order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::client::{Client, Request};
use crate::house::{House, Spoiled, ask, text};
use crate::percentile::percentile_ms;

/// Baskets are filled over this many connections.
const FILLERS: usize = 32;

/// What is run.
#[derive(Debug, Clone)]
pub struct Rush {
    /// Where; its staff may set stock, so that every buyer finds a piece.
    pub house: House,
    /// Orders in all, ≤ 100,000.
    pub orders: usize,
    /// Checkouts under way at any moment, ≤ 1,024.
    pub at_once: usize,
}

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// Checkouts that were answered with a paid order.
    pub orders: usize,
    /// Other answers, by status and problem code.
    pub refused: BTreeMap<String, usize>,
    /// From the first request to the last answer.
    pub seconds: f64,
    /// Paid orders per second.
    pub orders_per_second: f64,
    /// Half of all checkouts were answered within this.
    pub p50_ms: f64,
    /// 95 of 100 were.
    pub p95_ms: f64,
    /// 99 of 100 were.
    pub p99_ms: f64,
}

/// A basket that only has to be checked out.
pub(crate) struct Filled {
    pub(crate) cookie: String,
    pub(crate) key: String,
    pub(crate) checkout: Value,
}

/// Fills the baskets, then checks them out and measures that.
pub async fn run(rush: &Rush) -> Result<Seen, Spoiled> {
    let variants = Arc::new(stock(&rush.house, rush.orders).await?);
    let filled = Arc::new(fill(rush, variants).await?);
    let next = Arc::new(AtomicUsize::new(0));
    let mut buyers = JoinSet::new();
    let began = Instant::now();
    for _ in 0..rush.at_once {
        let (filled, next, mut client) = (Arc::clone(&filled), Arc::clone(&next), rush.house.visit());
        buyers.spawn(async move {
            let mut answers = Vec::new();
            while let Some(basket) = filled.get(next.fetch_add(1, Ordering::Relaxed)) {
                let asked = Instant::now();
                let answer = check_out(&mut client, basket).await;
                answers.push((answer, asked.elapsed()));
            }
            answers
        });
    }
    let answers = buyers.join_all().await.concat();
    Ok(sum_up(answers, began.elapsed()))
}

async fn check_out(client: &mut Client, basket: &Filled) -> String {
    let request = Request {
        method: "POST",
        path: "/api/v1/checkouts",
        cookie: &basket.cookie,
        idempotency_key: &basket.key,
        body: Some(&basket.checkout),
    };
    match client.send(request).await {
        Ok(answer) if answer.status == 201 => text(&answer.json(), "state"),
        Ok(answer) => format!("{} {}", answer.status, text(&answer.json(), "code")),
        Err(lost) => lost.to_string(),
    }
}

/// What the answers come to.
pub(crate) fn sum_up(answers: Vec<(String, Duration)>, took: Duration) -> Seen {
    let mut refused = BTreeMap::new();
    let mut times = Vec::new();
    for (outcome, time) in answers {
        if outcome == "paid" {
            times.push(time);
        } else {
            *refused.entry(outcome).or_default() += 1;
        }
    }
    let seconds = took.as_secs_f64();
    Seen {
        orders: times.len(),
        refused,
        seconds,
        orders_per_second: times.len() as f64 / seconds,
        p50_ms: percentile_ms(&mut times, 50),
        p95_ms: percentile_ms(&mut times, 95),
        p99_ms: percentile_ms(&mut times, 99),
    }
}

/// Gives every variant of the first page of products enough stock; returns those that can be bought.
pub(crate) async fn stock(house: &House, on_hand: usize) -> Result<Vec<String>, Spoiled> {
    let (mut client, cookie) = house.desk().await?;
    let page = ask(&mut client, "GET", "/api/v1/office/products?status=active&limit=8", &cookie, None).await?;
    let mut variants = Vec::new();
    for product in page.json()["items"].as_array().into_iter().flatten() {
        let path = format!("/api/v1/office/products/{}", text(product, "id"));
        let product = ask(&mut client, "GET", &path, &cookie, None).await?.json();
        // There is never a second one of these.
        if product["one_of_a_kind"] == true {
            continue;
        }
        for variant in product["variants"].as_array().into_iter().flatten() {
            let location = &variant["stock"][0]["location_id"];
            let stock = json!({ "location_id": location, "on_hand": on_hand, "buffer": 0 });
            let path = format!("/api/v1/variants/{}/stock", text(variant, "id"));
            ask(&mut client, "PUT", &path, &cookie, Some(&stock)).await?;
            variants.push(text(variant, "id"));
        }
    }
    if variants.is_empty() {
        Err(Spoiled::Nothing("no active product: run it on a furnished house"))
    } else {
        Ok(variants)
    }
}

async fn fill(rush: &Rush, variants: Arc<Vec<String>>) -> Result<Vec<Filled>, Spoiled> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut fillers = JoinSet::new();
    for _ in 0..FILLERS.min(rush.orders) {
        let (next, variants, orders) = (Arc::clone(&next), Arc::clone(&variants), rush.orders);
        let mut client = rush.house.visit();
        fillers.spawn(async move {
            let mut filled = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= orders {
                    return Ok::<_, Spoiled>(filled);
                }
                filled.push(fill_one(&mut client, number, &variants[number % variants.len()]).await?);
            }
        });
    }
    let mut baskets = Vec::with_capacity(rush.orders);
    while let Some(filler) = fillers.join_next().await {
        baskets.extend(filler.map_err(|_| Spoiled::Nothing("a filler panicked"))??);
    }
    Ok(baskets)
}

pub(crate) async fn fill_one(client: &mut Client, number: usize, variant: &str) -> Result<Filled, Spoiled> {
    let cookie = ask(client, "POST", "/api/v1/viewer", "", None).await?.cookies.join("; ");
    let line = format!("/api/v1/basket/lines/{variant}?currency=EUR&country=FR");
    let basket = ask(client, "PUT", &line, &cookie, Some(&json!({ "quantity": 1 }))).await?.json();
    let checkout = json!({
        "basket_version": basket["version"],
        "currency": "EUR",
        "country": "FR",
        "contact": { "name": format!("Buyer {number}"), "email": null, "phone": format!("+336{number:08}") },
        "address": {
            "lines": [format!("{} rue de Sèvres", number % 200 + 1)],
            "city": "Paris", "region": null, "postal_code": "75007", "country": "FR",
        },
        "shipping_id": basket["shipping_id"],
        "expected_total": basket["total"],
        "payment_method": "sandbox",
        "sandbox_outcome": "approve",
        "language": "en",
    });
    Ok(Filled { cookie, key: format!("load-{number}-{variant}"), checkout })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paid_orders_count() {
        let ms = Duration::from_millis;
        let answers = [("paid", 10), ("409 sold_out", 1), ("paid", 30), ("409 sold_out", 2), ("awaiting_payment", 3)];
        let answers = answers.map(|(outcome, time)| (outcome.to_owned(), ms(time))).to_vec();
        let seen = sum_up(answers, ms(500));
        assert_eq!((seen.orders, seen.orders_per_second, seen.p50_ms, seen.p95_ms), (2, 4.0, 10.0, 30.0));
        assert_eq!(seen.refused, BTreeMap::from([("409 sold_out".to_owned(), 2), ("awaiting_payment".to_owned(), 1)]));
    }
}
